//go:build race

package main

// months are run in tests: the race detector makes a year long.
const months = 2
