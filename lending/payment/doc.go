// Package payment is the port to the custodian: instructions that the platform gives, reports
// that the custodian makes, and the [Gateway] that carries both.
//
// An instruction has an id under which it may be repeated for ever: the custodian carries it out
// once. After an unknown outcome the library asks or repeats; it never makes a new id for the
// same intent. A report says how much of an instruction has been paid so far and whether more
// will come. Reports may be late, repeated and out of order: [State.Observe] joins them, and the
// same reports in any order give the same state. Two final reports that contradict each other
// leave it disputed, for people to resolve.
package payment
