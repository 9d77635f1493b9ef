package lending

import (
	"math/bits"

	"github.com/loanweave/loanweave/schedule/money"
)

// FeeRow is what a fee is figured on.
type FeeRow struct {
	Base  int64 // minor units
	Days  int   // of a fee by the day or the year
	Count int   // what the fee's steps count; of the last of the days, each of which has its own
}

// Of returns the fee on a row in minor units, rounded at its rounding point: zero on a base of zero or
// less, and nothing above [money.MaxMinor]. The error is that of [money.MulDiv] for a rounding mode
// that does not exist.
func (f Fee) Of(r FeeRow) (int64, error) {
	sum, err := f.exact(r)
	if err != nil {
		return 0, err
	}
	v, err := sum.rounded(f.Round)
	if err != nil || sum == (parts{den: sum.den}) {
		return 0, err
	}
	return f.within(v), nil
}

// within is a figure within the fee's minimum and maximum.
func (f *Fee) within(v int64) int64 {
	if v = max(v, f.Min); f.Max > 0 {
		v = min(v, f.Max)
	}
	return v
}

// daysInYear is the year of fees and of penalty interest.
const daysInYear = 365

// exact figures the fee on a row without rounding, save that of single days.
func (f *Fee) exact(r FeeRow) (sum parts, err error) {
	sum.den = Million
	if f.Per == PerYear {
		sum.den *= daysInYear
	}
	if r.Base <= 0 {
		return sum, nil
	}
	if f.Per == Once {
		ppm, fixed := f.price(r.Count)
		sum.add(r.Base, ppm)
		sum.addWhole(fixed)
		return sum, nil
	}
	last := max(0, min(r.Count, maxFeeCount))
	for day := last - max(0, min(r.Days, maxOverdue)) + 1; day <= last; {
		to := min(last, f.sameTo(day))
		ppm, fixed := f.price(day)
		n := to - day + 1
		sum.addWhole(addDays(0, fixed, n))
		if f.Point == EachDay {
			v, err := money.MulDiv(r.Base, ppm, sum.den, f.Round)
			if err != nil {
				return sum, err
			}
			sum.addWhole(addDays(0, v, n))
		} else {
			sum.add(addDays(0, r.Base, n), ppm)
		}
		day = to + 1
	}
	return sum, nil
}

// sameTo is the last count that has the price of a count.
func (f *Fee) sameTo(count int) int {
	for _, s := range f.Steps {
		if s.From > count {
			return s.From - 1
		}
	}
	return maxFeeCount
}

// parts is an exact sum: whole minor units and a rest over a denominator.
type parts struct{ whole, rest, den int64 }

// add adds a share of a base, neither below zero.
func (p *parts) add(base, share int64) {
	hi, lo := bits.Mul64(uint64(base), uint64(share))
	if hi >= uint64(p.den) {
		p.whole = money.MaxMinor
		return
	}
	q, r := bits.Div64(hi, lo, uint64(p.den))
	if p.rest += int64(r); p.rest >= p.den {
		p.rest -= p.den
		p.addWhole(1)
	}
	p.addWhole(int64(min(q, money.MaxMinor)))
}

// addWhole adds whole units and stops at the largest amount.
func (p *parts) addWhole(n int64) { p.whole = min(p.whole+min(n, money.MaxMinor), money.MaxMinor) }

// units is the sum in parts of its denominator, or the largest figure there is.
func (p *parts) units() int64 { return addDays(p.rest, p.whole, int(p.den)) }

// rounded rounds the sum once.
func (p parts) rounded(m money.Mode) (int64, error) {
	odd := p.whole & 1 // what rounds half to even looks at it
	v, err := money.MulDiv(p.rest+odd*p.den, 1, p.den, m)
	return min(p.whole-odd+v, money.MaxMinor), err
}
