//go:build race

package transfer_test

// raced tells that the race detector is on, which allocates where the code does not.
const raced = true
