package daycount_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// The spans of ISDA's worksheet 30-360-2006ISDADefs, in days; the QuantLib test suite has them too.
// The column of 30U/360 is QuantLib's Thirty360(USA). A maturity is that of 30E/360 (ISDA).
func TestThirtyGolden(t *testing.T) {
	tests := []struct {
		from, to, maturity               string
		bond, eurobond, german, february int
	}{
		// End dates away from the end of February.
		{"2006-08-20", "2007-02-20", "", 180, 180, 180, 180},
		{"2008-02-20", "2008-08-20", "", 180, 180, 180, 180},
		// Semi-annual periods that end with February.
		{"2006-08-31", "2007-02-28", "", 178, 178, 180, 178},
		{"2007-02-28", "2007-08-31", "", 183, 182, 180, 180},
		{"2007-08-31", "2008-02-29", "", 179, 179, 180, 179},
		{"2008-02-29", "2008-08-31", "", 182, 181, 180, 180},
		{"2008-08-31", "2009-02-28", "", 178, 178, 180, 178},
		{"2009-02-28", "2009-08-31", "", 183, 182, 180, 180},
		// Single cases.
		{"2006-01-31", "2006-02-28", "", 28, 28, 30, 28},
		{"2006-01-30", "2006-02-28", "", 28, 28, 30, 28},
		{"2006-02-28", "2006-03-03", "", 5, 5, 3, 3},
		{"2006-02-14", "2006-02-28", "", 14, 14, 16, 14},
		{"2006-09-30", "2006-10-31", "", 30, 30, 30, 30},
		{"2006-10-31", "2006-11-28", "", 28, 28, 28, 28},
		{"2007-08-31", "2008-02-28", "", 178, 178, 178, 178},
		{"2008-02-28", "2008-08-28", "", 180, 180, 180, 180},
		{"2008-02-28", "2008-08-30", "", 182, 182, 182, 182},
		{"2008-02-28", "2008-08-31", "", 183, 182, 182, 183},
		{"2007-02-26", "2008-02-28", "2008-02-29", 362, 362, 362, 362},
		{"2007-02-26", "2008-02-29", "2008-02-29", 363, 363, 363, 363},
		{"2007-02-28", "2008-02-28", "2008-02-29", 360, 360, 358, 358},
		{"2007-02-28", "2008-02-29", "2008-02-29", 361, 361, 359, 360},
		{"2007-12-31", "2008-03-31", "2008-03-31", 90, 90, 90, 90},
		{"2008-02-29", "2009-02-28", "", 359, 359, 360, 360},
		{"2008-02-28", "2008-03-30", "", 32, 32, 32, 32},
		{"2008-02-28", "2008-03-31", "", 33, 32, 32, 33},
		{"2008-02-29", "2008-03-31", "", 32, 31, 30, 30},
	}
	for _, test := range tests {
		var ctx daycount.Context
		if test.maturity != "" {
			ctx.Maturity = civil.MustParse(test.maturity)
		}
		for c, want := range map[daycount.Convention]int{
			daycount.Thirty360US: test.bond, daycount.ThirtyE360: test.eurobond,
			daycount.ThirtyE360ISDA: test.german, daycount.ThirtyU360: test.february,
		} {
			num, den := c.FractionIn(ctx, civil.MustParse(test.from), civil.MustParse(test.to))
			if num != int64(want) || den != 360 {
				t.Errorf("%v, %s to %s: got %d/%d, want %d", c, test.from, test.to, num, den, want)
			}
		}
	}
}

func TestThirtyE360ISDAOfTheMaturityItself(t *testing.T) {
	end := civil.MustParse("2007-02-28")
	ctx := daycount.Context{Maturity: end}
	if num, den := daycount.ThirtyE360ISDA.FractionIn(ctx, end, end); num != 0 || den != 360 {
		t.Errorf("a day counts %d/%d", num, den)
	}
}

// thirty is the second opinion: the rules of a convention as steps on the days, in their order.
func thirty(c daycount.Convention, maturity, from, to civil.Date) int {
	d1, d2 := from.Day(), to.Day()
	februaryEnds := func(d civil.Date) bool { return d.Month() == 2 && d.IsMonthEnd() }
	switch c {
	case daycount.Thirty360US:
		if d2 == 31 && d1 >= 30 {
			d2 = 30
		}
	case daycount.ThirtyE360:
		if d2 == 31 {
			d2 = 30
		}
	case daycount.ThirtyE360ISDA:
		if februaryEnds(from) {
			d1 = 30
		}
		if februaryEnds(to) && to != maturity || d2 == 31 {
			d2 = 30
		}
	case daycount.ThirtyU360:
		if februaryEnds(from) && februaryEnds(to) {
			d2 = 30
		}
		if februaryEnds(from) {
			d1 = 30
		}
		if d2 == 31 && d1 >= 30 {
			d2 = 30
		}
	}
	if d1 == 31 {
		d1 = 30
	}
	return 360*(to.Year()-from.Year()) + 30*int(to.Month()-from.Month()) + d2 - d1
}

func TestThirtyAgreesWithItsSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := anyDate(t, "from")
		to := from.AddDays(rapid.IntRange(1, 1200).Draw(t, "days"))
		if to.IsZero() {
			return
		}
		ctx := daycount.Context{Maturity: rapid.SampledFrom([]civil.Date{{}, from, to}).Draw(t, "end")}
		for _, c := range all {
			if !countsMonths(c) {
				continue
			}
			num, den := c.FractionIn(ctx, from, to)
			if want := thirty(c, ctx.Maturity, from, to); num != int64(want) || den != 360 {
				t.Fatalf("%v: got %d/%d, want %d", c, num, den, want)
			}
		}
	})
}
