package schedule

import (
	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Floating is a rate that follows an index. Steps turns it and what is known of the index into
// changes of rate for Terms.Rates.
type Floating struct {
	Reset      Cycle           // the days from which a new rate holds
	LagDays    int             // the index is read so many days before
	Multiplier decimal.Decimal // of the index; zero means 1
	Spread     decimal.Decimal // added to it, as a fraction: 0.025 is 2.5 % a year, and may be negative
	Floor, Cap Rate            // of the rate, per year; unset: none, but never below 0 %
	MaxChange  Rate            // the most that a reset may move the rate, per year; unset: any
	First      Rate            // of the first reset, in place of the index; unset: by the index
	Rounding   money.Mode      // of the rate to 1e-12; unset: half-even
}

// Fixing is the value of an index from a day on, as a fraction a year: 0.0345 for 3.45 %.
type Fixing struct {
	On    civil.Date
	Value decimal.Decimal
}

// Steps are the resets from the first of the cycle to before the end. Each is
//
//	clamp(index x Multiplier + Spread)
//
// with the last fixing on or before the day of the reset less LagDays; first the change is held to
// MaxChange from the rate before, then the rate to Floor and Cap. Fixings go by rising days. A
// reset without a fixing, and any rate out of 0 to 10,000 %, is a *RateError; so is a Floor, Cap,
// MaxChange, First or rate before that is not per year.
func (f Floating) Steps(before Rate, fixings []Fixing, end civil.Date) ([]RateStep, error) {
	for _, r := range []Rate{before, f.Floor, f.Cap, f.MaxChange, f.First} {
		if r.basis != PerYear && !r.IsZero() {
			return nil, &RateError{Problem: "of a floating loan must be per year"}
		}
	}
	if f.Rounding == 0 {
		f.Rounding = money.HalfEven
	}
	for _, d := range f.figures(fixings) {
		if e := d.Exponent(); e > 8 || e < -100 || d.NumDigits() > 100 {
			return nil, &RateError{Problem: "of a floating loan has an exponent out of range"}
		}
	}
	var steps []RateStep
	g := newGrid(f.Reset.First, 0, f.Reset.Every, false)
	for k := 0; k < MaxRows && !g.at(k).IsZero() && g.at(k).Before(end); k++ {
		rate, err := f.at(before, fixings, g.at(k))
		if k == 0 && !f.First.IsZero() {
			rate, err = f.First, nil
		}
		if err != nil {
			return nil, err
		}
		steps = append(steps, RateStep{From: g.at(k), Rate: rate})
		before = rate
	}
	return steps, nil
}

// figures are all decimals that a rate is made of.
func (f *Floating) figures(fixings []Fixing) []decimal.Decimal {
	all := []decimal.Decimal{f.Multiplier, f.Spread}
	for _, fixing := range fixings {
		all = append(all, fixing.Value)
	}
	return all
}

// at is the rate of a reset.
func (f *Floating) at(before Rate, fixings []Fixing, day civil.Date) (Rate, error) {
	read, known := day.AddDays(-f.LagDays), false
	var value decimal.Decimal
	for _, fixing := range fixings {
		if !fixing.On.After(read) {
			value, known = fixing.Value, true
		}
	}
	if !known {
		return Rate{}, &RateError{Problem: "has no fixing on or before " + read.String()}
	}
	if !f.Multiplier.IsZero() {
		value = value.Mul(f.Multiplier)
	}
	value = value.Add(f.Spread)
	if !f.MaxChange.IsZero() {
		most := f.MaxChange.Decimal()
		value = clamp(value, before.Decimal().Sub(most), before.Decimal().Add(most))
	}
	least, most := decimal.Decimal{}, decimal.New(MaxPico, -12)
	if !f.Floor.IsZero() {
		least = f.Floor.Decimal()
	}
	if !f.Cap.IsZero() {
		most = f.Cap.Decimal()
	}
	return RoundRate(clamp(value, least, most), PerYear, f.Rounding)
}

func clamp(d, least, most decimal.Decimal) decimal.Decimal {
	switch {
	case d.LessThan(least):
		return least
	case d.GreaterThan(most):
		return most
	}
	return d
}
