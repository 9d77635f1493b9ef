package main

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// fee asks what a fee comes to on bases alone, or on rows.
type fee struct {
	PPM     *int     `json:"ppm,omitempty"`      // share of the base in parts per million
	Fixed   *figure  `json:"fixed,omitempty"`    // beside the share
	Steps   []step   `json:"steps,omitempty"`    // other prices from a count on
	Per     per      `json:"per,omitempty"`      // the time that prices are for
	Min     *figure  `json:"min,omitempty"`      // the least, on a base above zero
	Max     *figure  `json:"max,omitempty"`      // the most; left out: no bound
	Round   rounding `json:"round"`              // of what is charged
	EachDay bool     `json:"each_day,omitempty"` // of what a day costs instead
	Running bool     `json:"running,omitempty"`  // of the sum of what is charged instead
	TaxPPM  int      `json:"tax_ppm,omitempty"`  // tax in the fee, by what the fee is without it
	Bases   []figure `json:"bases,omitempty"`
	Rows    []row    `json:"rows,omitempty"` // bases with days or counts
}

// step is another price from a count on.
type step struct {
	From  int     `json:"from"`
	PPM   int     `json:"ppm,omitempty"`
	Fixed *figure `json:"fixed,omitempty"`
}

// row is what a fee is figured on.
type row struct {
	Base  figure `json:"base"`
	Days  *int   `json:"days,omitempty"`  // of a fee by the day or the year
	Count *int   `json:"count,omitempty"` // what steps count; of days that of the last
}

// charged is the answer.
type charged struct {
	Fees  []figure `json:"fees"` // by base or row
	Total figure   `json:"total"`
	Taxes []figure `json:"taxes,omitempty"` // by base or row, of a fee with tax
}

// Bounds of a fee: those of lending.Fee.
const (
	maxFeePPM   = 100 * lending.Million
	maxFeeSteps = 16
	maxFeeCount = 1 << 16
	maxFeeMinor = lending.MaxLoan / 1024
)

// answer figures the fee on each row alone, or, when running, on the sum of the bases so far, of which
// each fee is the growth: so roundings never add up.
func (f *fee) answer() (*charged, error) {
	var u unit
	rows, err := f.rows(&u)
	if err != nil {
		return nil, err
	}
	terms, err := f.terms(&u)
	if err != nil {
		return nil, err
	}
	var fees, taxes []int64
	var base, total int64
	for _, r := range rows {
		if f.Running {
			base += r.Base
			r.Base = base
		}
		v, err := terms.Of(r)
		if err != nil {
			return nil, err
		}
		if f.Running {
			v -= total
		}
		if v > money.MaxMinor-total {
			return nil, tooMuch("fee")
		}
		total += v
		fees = append(fees, v)
		if f.TaxPPM > 0 {
			tax, err := money.MulDiv(v, terms.TaxPPM, lending.Million+terms.TaxPPM, money.HalfUp)
			if err != nil {
				return nil, err
			}
			taxes = append(taxes, tax)
		}
	}
	answer := &charged{Fees: u.list(fees), Total: u.figure(total)}
	if f.TaxPPM > 0 {
		answer.Taxes = u.list(taxes)
	}
	return answer, nil
}

// rows are what the fee is figured on.
func (f *fee) rows(u *unit) (rows []lending.FeeRow, err error) {
	if (len(f.Bases) > 0) == (len(f.Rows) > 0) {
		return nil, wrong("fee", "must have either bases or rows, one at least")
	}
	timed, counted := lending.Per(f.Per) != lending.Once, len(f.Steps) > 0
	if len(f.Bases) > 0 && (timed || counted) {
		return nil, wrong("fee.bases", "must be rows: days with a fee per-day or per-year, a count with steps")
	}
	for _, n := range u.figures("fee.bases", f.Bases...) {
		rows = append(rows, lending.FeeRow{Base: n})
	}
	var sum int64
	for i, r := range f.Rows {
		at := fmt.Sprintf("fee.rows[%d].", i)
		switch {
		case (r.Days != nil) != timed:
			return nil, wrong(at+"days", "must be there exactly if the fee is per-day or per-year")
		case (r.Count != nil) != counted:
			return nil, wrong(at+"count", "must be there exactly if the fee has steps")
		case or(r.Days, 0) < 0 || or(r.Days, 0) > maxDays:
			return nil, wrong(at+"days", "must be 0 to %d", maxDays)
		case or(r.Count, 0) < 0 || or(r.Count, 0) > maxFeeCount:
			return nil, wrong(at+"count", "must be 0 to %d", maxFeeCount)
		}
		rows = append(rows, lending.FeeRow{Base: u.add(&sum, at+"base", r.Base), Days: or(r.Days, 0), Count: or(r.Count, 0)})
	}
	return rows, u.err
}

// terms is the fee as lending has it.
func (f *fee) terms(u *unit) (lending.Fee, error) {
	t := lending.Fee{ID: "fee", Timing: lending.ByHost, Base: lending.OnAmount, Payee: lending.ToPlatform,
		Per: lending.Per(f.Per), PPM: int64(or(f.PPM, 0)), Round: money.Mode(f.Round), TaxPPM: int64(f.TaxPPM)}
	t.Fixed = u.price("fee.", or(f.PPM, 0), f.Fixed)
	for i, s := range f.Steps {
		at := fmt.Sprintf("fee.steps[%d].", i)
		if least := from(t.Steps); s.From < least || s.From > maxFeeCount {
			return t, wrong(at+"from", "must be %d to %d: above 0 and above that of the step before", least, maxFeeCount)
		}
		t.Steps = append(t.Steps, lending.FeeStep{From: s.From, PPM: int64(s.PPM), Fixed: u.price(at, s.PPM, s.Fixed)})
	}
	t.Min, t.Max = u.bound("fee.min", f.Min), u.bound("fee.max", f.Max)
	if f.EachDay {
		t.Point = lending.EachDay
	}
	if u.err != nil {
		return t, u.err
	}
	if err := f.together(&t); err != nil {
		return t, err
	}
	if err := t.Check(); err != nil { // nothing is left for it to find
		return t, wrong("fee", "%s", err)
	}
	return t, nil
}

// from is the least count of the next step.
func from(steps []lending.FeeStep) int {
	if len(steps) == 0 {
		return 1
	}
	return steps[len(steps)-1].From + 1
}

// price takes a fixed sum and holds a share within bounds.
func (u *unit) price(at string, ppm int, fixed *figure) int64 {
	if u.err == nil && (ppm < 0 || ppm > maxFeePPM) {
		u.err = wrong(at+"ppm", "must be 0 to %d", maxFeePPM)
	}
	return u.bound(at+"fixed", fixed)
}

// bound takes a figure of a fee that may be left out.
func (u *unit) bound(field string, f *figure) int64 {
	if f == nil {
		return 0
	}
	minor := u.one(field, *f)
	if u.err == nil && minor > maxFeeMinor {
		u.err = beyond(field, maxFeeMinor, "minor units")
	}
	return minor
}

// together reports what does not go together.
func (f *fee) together(t *lending.Fee) error {
	share, fixed := t.PPM > 0, t.Fixed > 0
	for _, s := range t.Steps {
		share, fixed = share || s.PPM > 0, fixed || s.Fixed > 0
	}
	timed := t.Per != lending.Once
	switch {
	case f.PPM == nil && f.Fixed == nil && len(f.Steps) == 0:
		return wrong("fee", "must have a price: ppm, fixed, or steps")
	case len(f.Steps) > maxFeeSteps:
		return wrong("fee.steps", "must be at most %d", maxFeeSteps)
	case f.TaxPPM < 0 || f.TaxPPM > lending.Million:
		return wrong("fee.tax_ppm", "must be 0 to %d", lending.Million)
	case f.Max != nil && (t.Max == 0 || t.Max < t.Min):
		return wrong("fee.max", "must be above zero, and not below min")
	case t.Min > 0 && !share && !fixed:
		return wrong("fee.min", "must come with a price: what is always the same is fixed")
	case t.Per == lending.PerYear && fixed:
		return wrong("fee.per", "must be once or per-day with a fixed sum")
	case f.EachDay && !timed:
		return wrong("fee.each_day", "must come with per-day or per-year")
	case f.Running && (t.Min > 0 || fixed || len(f.Steps) > 0 || timed):
		return wrong("fee.running", "must come with a share alone: no min, fixed, steps, or per")
	}
	return nil
}
