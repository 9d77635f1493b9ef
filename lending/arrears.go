package lending

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Assessment books the late charges of one instalment up to a date: figures, no rules.
type Assessment struct {
	Instalment int
	Through    civil.Date
	MinorDays  int64 // unpaid principal and interest x days overdue, up to Through
	Penalty    int64 // owed in all
	LateFees   int64 // owed in all
	Late       bool  // late fees have been charged
}

func codeAssessments(c *event.Codec, p *[]Assessment) {
	event.List(c, p, func(c *event.Codec, a *Assessment) {
		c.Count(&a.Instalment)
		c.Date(&a.Through)
		c.Int(&a.MinorDays)
		c.Int(&a.Penalty)
		c.Int(&a.LateFees)
		c.Bool(&a.Late)
	})
}

func (l *Loan) assess(as []Assessment) {
	for _, a := range as {
		d := l.due(a.Instalment)
		d.Through, d.MinorDays, d.Late = a.Through, a.MinorDays, a.Late
		d.Owed[Penalty], d.Owed[LateFees] = a.Penalty, a.LateFees
	}
}

// charges lists the late charges of the instalments that were overdue on a date.
func (l *Loan) charges(on civil.Date) (as []Assessment) {
	for i := range l.Dues {
		d := &l.Dues[i]
		if !d.Date.Before(on) {
			break
		}
		as = append(as, Assessment{i, d.Through, d.MinorDays, d.Owed[Penalty], d.Owed[LateFees], d.Late})
	}
	return as
}

// chargesAt lists late charges as they stood when the latest payment came: what has been assessed
// since was figured as if that payment stood.
func (l *Loan) chargesAt() (as []Assessment) {
	as = append(as, l.lastCharges...)
	for i := len(as); i < len(l.Dues); i++ {
		if d := &l.Dues[i]; d.Through != d.Date {
			as = append(as, Assessment{Instalment: i, Through: d.Date})
		}
	}
	return as
}

// maxOverdue bounds the days for which an instalment bears penalty interest, so that its figures
// stay within 64 bits.
const maxOverdue = 1<<16 - 1

// PenaltyOn returns simple penalty interest on minor-days (the sum of what was unpaid each day, in
// minor units) at a rate per year of 365 days, rounded once. A rate that is not set is no penalty;
// one that is not per year is refused with [ErrTerms].
func PenaltyOn(minorDays int64, l Late) (int64, error) {
	if l.Penalty.Pico() == 0 {
		return 0, nil
	}
	if l.Penalty.Basis() != schedule.PerYear {
		return 0, &Error{ErrTerms, "penalty rate " + l.Penalty.String(), "is not per year"}
	}
	const year = 365 * 1_000_000_000_000
	v, err := money.MulDiv(minorDays, l.Penalty.Pico(), year, l.Round)
	if err != nil {
		return 0, fmt.Errorf("penalty interest: %w", err)
	}
	return v, nil
}

// assessment figures the late charges of every overdue instalment up to a date. Charges of a loan
// that was written off stand still.
func (l *Loan) assessment(on civil.Date) (as []Assessment, err error) {
	if l.State != StateActive {
		return nil, nil
	}
	for i := range l.Dues {
		d := &l.Dues[i]
		if !d.Date.Before(on) {
			break
		}
		if d.Unpaid().Total() == 0 || !d.Through.Before(on) {
			continue
		}
		a, err := l.late(i, on)
		if err != nil {
			return nil, err
		}
		as = append(as, a)
	}
	return as, nil
}

// addDays adds base x days and stops at the largest figure there is.
func addDays(sum, base int64, days int) int64 {
	hi, lo := bits.Mul64(uint64(base), uint64(days))
	if hi > 0 || lo > math.MaxInt64 || int64(lo) > math.MaxInt64-sum {
		return math.MaxInt64
	}
	return sum + int64(lo)
}

func (l *Loan) late(i int, on civil.Date) (Assessment, error) {
	d, rules := &l.Dues[i], l.Product.Late
	unpaid := d.Unpaid()
	base := unpaid[Principal] + unpaid[Interest]
	days := min(on.Sub(d.Date), maxOverdue) - min(d.Through.Sub(d.Date), maxOverdue)
	a := Assessment{
		Instalment: i, Through: on, MinorDays: addDays(d.MinorDays, base, days), Late: d.Late,
		Penalty: d.Owed[Penalty], LateFees: d.Owed[LateFees],
	}
	if on.Sub(d.Date) <= rules.GraceDays {
		return a, nil
	}
	penalty, err := PenaltyOn(a.MinorDays, rules)
	if err != nil {
		return a, err
	}
	a.Penalty = max(a.Penalty, min(penalty, MaxLoan))
	if d.Late || base == 0 {
		return a, nil
	}
	for _, f := range l.Product.feesAt(WhenLate) {
		v, err := f.Of(base)
		if err != nil {
			return a, err
		}
		a.LateFees += v
	}
	a.Late = true
	return a, nil
}
