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

// Booking is what a date brings on a loan by its product's rules: late charges of overdue instalments.
type Booking struct {
	Assessed []Assessment
	Charged  []Charge
}

// Assessment books the penalty interest of one instalment up to a date: figures, no rules.
type Assessment struct {
	Instalment int
	Through    civil.Date
	MinorDays  int64 // unpaid principal and interest x days overdue, up to Through
	Penalty    int64 // owed in all
	// Late fees by the day, by index among the product's: their exact sum in millionths of a minor
	// unit, and what is owed of each.
	Units [maxDailyFees]int64
	Fees  [maxDailyFees]int64
}

func (b *Booking) code(c *event.Codec) {
	codeAssessments(c, &b.Assessed)
	codeCharges(c, &b.Charged)
}

func codeAssessments(c *event.Codec, p *[]Assessment) {
	event.List(c, p, func(c *event.Codec, a *Assessment) {
		c.Count(&a.Instalment)
		c.Date(&a.Through)
		c.Int(&a.MinorDays)
		c.Int(&a.Penalty)
		for k := range a.Units {
			c.Int(&a.Units[k])
			c.Int(&a.Fees[k])
		}
	})
}

func (l *Loan) book(b Booking) {
	l.assess(b.Assessed)
	for _, c := range b.Charged {
		l.charge(c)
	}
}

func (l *Loan) assess(as []Assessment) {
	for _, a := range as {
		d := l.due(a.Instalment)
		d.Through, d.MinorDays, d.Owed[Penalty] = a.Through, a.MinorDays, a.Penalty
		l.accrue(&a)
	}
}

// assessed lists the penalty interest of every instalment, as it is booked.
func (l *Loan) assessed() (as []Assessment) {
	for i := range l.Dues {
		d := &l.Dues[i]
		as = append(as, Assessment{i, d.Through, d.MinorDays, d.Owed[Penalty], d.Units, l.owedDaily(i)})
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

// booking figures the late charges of every overdue instalment up to a date. Charges of a loan that
// was written off stand still.
func (l *Loan) booking(on civil.Date) (b Booking, err error) {
	if l.State != StateActive {
		return b, nil
	}
	for i := range l.Dues {
		d := &l.Dues[i]
		if !d.Date.Before(on) {
			break
		}
		if d.Unpaid().Total() == 0 || !d.Through.Before(on) {
			continue
		}
		if err := l.late(&b, i, on); err != nil {
			return b, err
		}
	}
	return b, l.damages(&b, on)
}

// addDays adds base x days and stops at the largest figure there is, or at zero.
func addDays(sum, base int64, days int) int64 {
	if days < 0 {
		return max(0, sum-addDays(0, base, -days))
	}
	hi, lo := bits.Mul64(uint64(base), uint64(days))
	if hi > 0 || lo > math.MaxInt64 || int64(lo) > math.MaxInt64-sum {
		return math.MaxInt64
	}
	return sum + int64(lo)
}

func (l *Loan) late(b *Booking, i int, on civil.Date) error {
	a, err := l.lateOn(i, on)
	if err != nil {
		return err
	}
	d := &l.Dues[i]
	a.Penalty = max(a.Penalty, d.Owed[Penalty])
	b.Assessed = append(b.Assessed, a)
	if on.Sub(d.Date) <= l.Product.Late.GraceDays {
		return nil
	}
	return l.lateFees(b, i, on)
}

// lateOn figures the penalty interest of an instalment up to a day, later or earlier than it is booked
// to, if what is unpaid of it was the same in between.
func (l *Loan) lateOn(i int, on civil.Date) (Assessment, error) {
	d, rules := &l.Dues[i], l.Product.Late
	unpaid := d.Unpaid()
	days := min(on.Sub(d.Date), maxOverdue) - min(d.Through.Sub(d.Date), maxOverdue)
	a := Assessment{Instalment: i, Through: on,
		MinorDays: addDays(d.MinorDays, unpaid[Principal]+unpaid[Interest], days)}
	if err := l.accrued(&a, on); err != nil {
		return a, err
	}
	settled := max(d.Paid[Penalty]+d.Waived[Penalty], d.Again[Penalty])
	if on.Sub(d.Date) <= rules.GraceDays {
		a.Penalty = settled
		return a, nil
	}
	penalty, err := PenaltyOn(a.MinorDays, rules)
	a.Penalty = max(settled, min(penalty, MaxLoan)+d.Again[Penalty])
	return a, err
}
