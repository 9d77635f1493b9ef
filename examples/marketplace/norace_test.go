//go:build !race

package main

// vectorRows is how many rows of a published file the tests replay: all there are.
const vectorRows = 100_000
