//go:build race

package main

// vectorRows is how many rows of a published file the tests replay under the race detector, which
// makes a run ten times slower. The tests say so.
const vectorRows = 50
