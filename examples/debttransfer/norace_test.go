//go:build !race

package main

// months are run in tests.
const months = 12
