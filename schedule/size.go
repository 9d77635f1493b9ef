package schedule

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// size figures what repeats from point i on, for the balance that is out then; -1 is Start.
func (w *walk) size(i int) error {
	if w.given || !w.levels() && w.terms.Method != MethodEqualPrincipal {
		return nil
	}
	if w.terms.Method == MethodEqualPrincipal {
		if n := w.instalmentsAfter(i); n > 0 {
			w.payment = w.share(w.balance-w.terms.Balloon.Minor(), n)
		}
		return nil
	}
	f := w.future(i)
	if f.level.Sign() == 0 {
		return nil // no instalment is left
	}
	var ok bool
	if w.payment, ok = f.payment(w.terms.Rounding); !ok {
		return &OverflowError{Figure: "the level payment"}
	}
	if w.terms.Rounding.Smooth {
		w.smooth(i)
	}
	return nil
}

// levels reports whether the method repeats a payment that is figured.
func (w *walk) levels() bool {
	return w.terms.Method == MethodLevelPayment || w.terms.Method == MethodStepped
}

// future is what the balance and its interest come to, as sums of a fixed part and a multiple of
// the payment x: balance - less x level, all over one denominator. It is kept in whole numbers
// that are never reduced, since that would cost far more than their length.
type future struct {
	balance, level *big.Int // of the balance: balance - level times the payment
	accrued, bears *big.Int // of its interest since the last due date: accrued - bears times x
	denominator    *big.Int
	balloon        int64
}

// future goes along the points after i as if nothing but the payment were unknown.
func (w *walk) future(i int) *future {
	f := &future{big.NewInt(w.balance), new(big.Int), new(big.Int), new(big.Int), big.NewInt(1),
		w.terms.Balloon.Minor()}
	f.add(new(big.Rat).Add(w.accrued, new(big.Rat).SetInt64(w.owed)))
	if w.terms.Sizing != SizeByAccrual {
		w.regularFuture(f, i)
		return f
	}
	at, span := w.from, w.span
	for _, pt := range w.line.points[i+1:] {
		for at.Before(pt.on) {
			var end civil.Date
			span, end = w.ahead(span, at, pt.on)
			if span >= w.terms.Grace.Free {
				part := w.part(span, at, end)
				f.grow(part.Mul(part, w.rate))
			}
			at = end
		}
		f.settle(w.terms, &pt)
	}
	return f
}

// regularFuture takes every instalment as one whole period from the one before.
func (w *walk) regularFuture(f *future, i int) {
	year := w.terms.Every.year(w.terms.DayCount)
	rate := big.NewRat(year.num, year.den)
	rate.Mul(rate, w.rate)
	begun, least := new(big.Rat), new(big.Rat) // of the period under way: accrued, and still to come
	if s := w.line.spans[min(w.span, len(w.line.spans)-1)]; w.from.After(s.from) && w.from.Before(s.to) {
		begun.Mul(w.part(w.span, s.from, w.from), w.rate)
		if !s.regular {
			least.Mul(w.part(w.span, w.from, s.to), w.rate)
		}
	}
	for _, pt := range w.line.points[i+1:] {
		if pt.has(payPrincipal) {
			if pt.number >= w.terms.Grace.Free {
				left := new(big.Rat).Sub(rate, begun)
				if left.Cmp(least) < 0 { // an odd period, longer than a regular one
					if left = least; left.Cmp(rate) > 0 {
						left = rate
					}
				}
				f.grow(left)
				begun, least = new(big.Rat), new(big.Rat)
			}
			pt.marks |= payInterest
			f.settle(w.terms, &pt)
		}
	}
}

// ahead is the span that holds a day, looking on from a span before, and its end or an earlier day.
// The last span has no end.
func (w *walk) ahead(span int, day, until civil.Date) (int, civil.Date) {
	last := len(w.line.spans) - 1
	for span < last && !day.Before(w.line.spans[span].to) {
		span++
	}
	if end := w.line.spans[span].to; span < last && end.Before(until) {
		return span, end
	}
	return span, until
}

// add adds to the interest.
func (f *future) add(interest *big.Rat) {
	f.scale(interest.Denom())
	part := new(big.Int).Quo(f.denominator, interest.Denom())
	f.accrued.Add(f.accrued, part.Mul(part, interest.Num()))
}

// grow lets the balance bear interest at a rate for some days.
func (f *future) grow(rate *big.Rat) {
	balance, level := new(big.Int).Mul(f.balance, rate.Num()), new(big.Int).Mul(f.level, rate.Num())
	f.scale(rate.Denom())
	f.accrued.Add(f.accrued, balance)
	f.bears.Add(f.bears, level)
}

func (f *future) scale(by *big.Int) {
	if by.IsInt64() && by.Int64() == 1 {
		return
	}
	for _, x := range []*big.Int{f.balance, f.level, f.accrued, f.bears, f.denominator} {
		x.Mul(x, by)
	}
}

// settle pays what is due on a point.
func (f *future) settle(t *Terms, pt *point) {
	switch {
	case pt.has(capitalise), pt.has(payPrincipal) && pt.number >= t.Grace.Principal:
		f.balance.Add(f.balance, f.accrued)
		f.level.Add(f.level, f.bears)
	case !pt.has(payInterest):
		return
	}
	f.accrued.SetInt64(0)
	f.bears.SetInt64(0)
	if pt.has(payPrincipal) && pt.number >= t.Grace.Principal {
		share := newRatio(shareOf(t.Steps, pt.number), picoPerOne)
		f.scale(big.NewInt(share.den))
		part := new(big.Int).Quo(f.denominator, big.NewInt(share.den))
		f.level.Add(f.level, part.Mul(part, big.NewInt(share.num)))
	}
}

// payment is the x that leaves nothing at the end, or the balloon, rounded once from its exact
// value; false when it is above money.MaxMinor.
func (f *future) payment(r Rounding) (int64, bool) {
	owed := new(big.Int).Mul(big.NewInt(f.balloon), f.denominator)
	owed.Sub(f.balance, owed)
	if owed.Sign() <= 0 {
		return 0, true
	}
	return roundFraction(owed, f.level, r.Instalment, r.unit())
}

// smooth changes the payment by what the last instalments differ by, as Rounding.Smooth says.
func (w *walk) smooth(i int) {
	n := w.instalmentsAfter(i)
	gap, known := w.gap(i)
	for range 3 {
		if !known || 2*abs(gap) <= n-n%2 {
			return
		}
		before := w.payment
		w.payment += roundSigned(gap, n*w.terms.Rounding.unit(), w.terms.Rounding.Instalment) *
			w.terms.Rounding.unit()
		next, _ := w.gap(i)
		if abs(next) >= abs(gap) {
			w.payment = before
			return
		}
		gap = next
	}
}

// gap is how much the last instalment is above the one before it, at the present payment and rate.
func (w *walk) gap(i int) (int64, bool) {
	c := w.copy()
	var before, last int64
	n := 0
	for j := i + 1; j < len(c.line.points); j++ {
		made := len(c.rows)
		if err := c.pass(j); err != nil {
			return 0, false
		}
		if c.line.points[j].has(payPrincipal) && len(c.rows) > made {
			row := c.rows[made]
			before, last, n = last, row.Principal+row.Interest, n+1
		}
	}
	return last - before, n >= 2
}

func abs(n int64) int64 { return max(n, -n) }

// roundSigned is a/b, which may be negative, rounded by the mode.
func roundSigned(a, b int64, m money.Mode) int64 {
	v, _ := money.MulDiv(a, 1, b, m)
	return v
}

// roundRat rounds x, which is not negative, to a multiple of unit; where that would make nothing
// of it, to a whole number. It is false above money.MaxMinor.
func roundRat(x *big.Rat, m money.Mode, unit int64) (int64, bool) {
	return roundFraction(x.Num(), x.Denom(), m, unit)
}

// roundFraction is roundRat of num/den, which need not be in lowest terms.
func roundFraction(num, den *big.Int, m money.Mode, unit int64) (int64, bool) {
	of := den
	if unit > 1 {
		of = new(big.Int).Mul(den, big.NewInt(unit))
	}
	quo, rem := new(big.Int).QuoRem(num, of, new(big.Int))
	if quo.BitLen() > 53 {
		return 0, false
	}
	v := quo.Int64()
	if roundsUp(v, rem.Sign(), rem.Lsh(rem, 1).Cmp(of), m) {
		v++
	}
	if v == 0 && unit > 1 && num.Sign() > 0 {
		return roundFraction(num, den, m, 1)
	}
	return v * unit, v <= money.MaxMinor/unit
}

// perDiemDigits are the significant digits of a day's interest under GrainPerDiem.
const perDiemDigits = 19

// significant rounds x, which is not negative, half-even to so many significant digits.
func significant(x *big.Rat, digits int) *big.Rat {
	if x.Sign() <= 0 {
		return x
	}
	ten, scale := big.NewInt(10), new(big.Int)
	for e := digits - len(new(big.Int).Quo(x.Num(), x.Denom()).String()); ; e++ {
		scale.Exp(ten, big.NewInt(int64(max(e, 0))), nil)
		num := new(big.Int).Mul(x.Num(), scale)
		quo, rem := new(big.Int).QuoRem(num, x.Denom(), new(big.Int))
		if len(quo.String()) < digits {
			continue // zeros stand before the first digit
		}
		twice := rem.Lsh(rem, 1).Cmp(x.Denom())
		if twice > 0 || twice == 0 && quo.Bit(0) == 1 {
			quo.Add(quo, big.NewInt(1))
		}
		return new(big.Rat).SetFrac(quo, scale)
	}
}

// truncate keeps a fraction to 2^-64.
func truncate(x *big.Rat) *big.Rat {
	if x.Denom().BitLen() <= 65 {
		return x
	}
	num := new(big.Int).Lsh(x.Num(), 64)
	return new(big.Rat).SetFrac(num.Quo(num, x.Denom()), new(big.Int).Lsh(big.NewInt(1), 64))
}
