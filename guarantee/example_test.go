package guarantee_test

import (
	"fmt"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/schedule/civil"
)

// A fund has 1,000 for demands of 1,600 from February and 600 from March.
func ExampleQueuePolicy_Shares() {
	february, march := civil.MustParse("2026-02-28"), civil.MustParse("2026-03-31")
	demands := []guarantee.Demand{{Minor: 1200, Due: february}, {Minor: 400, Due: february}, {Minor: 600, Due: march}}
	for p := guarantee.FIFO; p <= guarantee.FIFOThenProRata; p++ {
		shares, err := p.Shares(1000, demands)
		fmt.Println(p, shares, err)
	}
	// Output:
	// fifo [1000 0 0] <nil>
	// pro-rata-per-period [545 182 273] <nil>
	// fifo-then-pro-rata [750 250 0] <nil>
}

// Cash of 600.00 for expected losses of 800.00: investors' interest of 500.00 makes up for the rest.
func ExampleCoverage_State() {
	v := guarantee.Coverage{Cash: 600_00, Losses: 800_00, Income: 500_00}
	fmt.Println(v.State())
	// Output: interest reduced, capital covered <nil>
}
