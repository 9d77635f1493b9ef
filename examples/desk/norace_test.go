//go:build !race

package desk_test

const checks = "25"
