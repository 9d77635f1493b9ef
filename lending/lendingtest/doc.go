// Package lendingtest proves the ports of lending: a suite for stores, a suite for gateways, and
// doubles that fail on command. Who writes an adapter runs the suite over it:
//
//	func TestStore(t *testing.T) {
//		lendingtest.StoreSuite(t, lendingtest.Stores{
//			Open: func(t *testing.T) event.Store { return mystore.Open(t.TempDir()) },
//		})
//	}
//
// The suites have names for everything they ask, S01 to S19 for a store, O, A, F and N for
// its other powers, G01 to G11 for a gateway, and are themselves tested: each of some ninety adapters broken on purpose must be
// killed by the case that is meant for it. They use nothing but the port, so a store may keep
// anything anywhere, as long as each call of Open returns an empty one.
//
// # Faults
//
// [Faults] wraps a store and a gateway and counts every call to either in one order. Armed at a
// number, that call fails before it does anything, does its work and loses the answer, or panics.
// A crash harness first counts the calls of a fault-free run, then repeats the run once for every
// number and kind:
//
//	disk, bank := memory.NewStore(), memory.NewBank() // survive the crash
//	var f lendingtest.Faults
//	f.Arm(n, lendingtest.Panic)
//	desk := open(f.Store(disk), f.Gateway(bank))
//	// run; on a panic whose value is a lendingtest.Death recover, open a new desk on the same
//	// disk and bank, send the same commands again, and compare with the fault-free run
//
// A panic stands for the death of the process: whatever held locks or caches over the store is
// not to be used again, only what is underneath.
//
// [EnumerateCrashes] is that harness: it kills a life at every call, singly and in pairs, and
// compares how each ends with the life that nothing happened to.
//
// # Stories and generators
//
// [RunStories] plays text files, one story a file, one command a line, and compares what they print
// with what stands in them; a flag -update of the test binary writes it anew. The books are checked
// after every line. [Amount], [Terms], [Product], [Bids] and the others are generators for rapid:
// valid by construction and biased to edges.
//
// # Settlement arithmetic
//
// [CheckDistribution], [CheckWaterfall] and [CheckConservation] hold plain slices of minor units
// against what must be true of them, and need none of the library's types; each finding is a
// [*Violation] that names its [Invariant]. [RunDistribution] and [RunWaterfall] draw the cases. A team
// that wants to see its own checks kill something takes [BrokenAllocators] and [BrokenWaterfalls]: each
// has a [Case] with its figures written out.
//
// # Invariants
//
//   - a suite leaves nothing behind and takes no real time on purpose; races are provoked by
//     starting goroutines together, never by sleeping
//   - an injected error is plain: it unwraps to no error of a port, so that it means unknown
package lendingtest
