//go:build race

package lendingtest_test

// every thins out the lives of the crash tests under the race detector, which slows them tenfold.
const every = 20
