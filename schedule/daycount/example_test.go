package daycount_test

import (
	"fmt"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

func ExampleConvention_Fraction() {
	from, to := civil.MustParse("2026-01-31"), civil.MustParse("2026-03-31")
	for _, c := range []daycount.Convention{
		daycount.Thirty360US, daycount.Act365F, daycount.Act360,
	} {
		num, den := c.Fraction(from, to)
		fmt.Printf("%v: %d/%d\n", c, num, den)
	}
	// Output:
	// 30/360: 60/360
	// act/365f: 59/365
	// act/360: 59/360
}

// A first period of a bond that pays every 15 January and July, bought in between.
func ExampleConvention_FractionIn() {
	ctx := daycount.Context{
		Start:    civil.MustParse("2003-01-15"),
		End:      civil.MustParse("2003-07-15"),
		PerYear:  2,
		Calendar: calendar.SaturdaySunday(),
	}
	from, to := civil.MustParse("2003-05-15"), civil.MustParse("2003-07-15")
	fmt.Println(daycount.ActActICMA.FractionIn(ctx, from, to))
	fmt.Println(daycount.Business252.FractionIn(ctx, from, to))
	// Output:
	// 61 362
	// 43 252
}

func ExampleParse() {
	c, err := daycount.Parse("act/act-icma")
	fmt.Println(c == daycount.ActActICMA, err)
	_, err = daycount.Parse("act/act")
	fmt.Println(err)
	// Output:
	// true <nil>
	// daycount: unknown convention "act/act", want one of 30/360, act/365f, act/360, 30e/360, 30e/360-isda, 30u/360, act/365l, act/act-isda, act/act-icma, act/act-afb, nl/365, bus/252, act/act-last
}
