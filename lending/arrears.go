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

// Booking is what a date brings on a loan by its product's rules: acceleration, and late charges of
// overdue instalments.
type Booking struct {
	Accelerated Acceleration // none if its day is zero
	Assessed    []Assessment
	Charged     []Charge
	Cost        CostDays // of a loan whose cost is capped
	Payers      []PayerPenalty
}

// Assessment books the penalty interest of one instalment up to a date: figures, no rules.
type Assessment struct {
	Instalment int
	Through    civil.Date
	MinorDays  int64 // what is unpaid of the penalty's base x days overdue, up to Through
	Penalty    int64 // owed in all
	// Late fees by the day, by index among the product's: their exact sum in millionths of a minor
	// unit, and what is owed of each.
	Units [maxDailyFees]int64
	Fees  [maxDailyFees]int64
}

func (b *Booking) code(c *event.Codec) {
	b.Accelerated.code(c)
	codeAssessments(c, &b.Assessed)
	codeCharges(c, &b.Charged)
	b.Cost.code(c)
	codePayerPenalties(c, &b.Payers)
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
	l.accelerate(b.Accelerated)
	l.assess(b.Assessed)
	l.chargeAll(b.Charged)
	l.count(b.Cost)
	l.owePayers(b.Payers)
}

func (l *Loan) assess(as []Assessment) {
	for _, a := range as {
		d := l.due(a.Instalment)
		d.Through, d.MinorDays, d.Owed[Penalty] = a.Through, a.MinorDays, a.Penalty
		l.accrue(&a)
		l.relieve(a.Instalment)
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
// one that is not per year, or hangs on a contract's ([Late.At]), is refused with [ErrTerms].
func PenaltyOn(minorDays int64, l Late) (int64, error) {
	if l.ContractPPM != 0 {
		return 0, &Error{ErrTerms, "penalty rate", "hangs on the contract's rate: take Late.At first"}
	}
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

// booking figures what the rules bring up to a date: acceleration if its day has come, and the late
// charges of every overdue instalment. Those of a loan that was written off stand still.
func (l *Loan) booking(on civil.Date) (b Booking, err error) {
	if l.State != StateActive {
		return b, nil
	}
	now := l
	if b.Accelerated = l.acceleratedBy(on); !b.Accelerated.On.IsZero() {
		now = l.preview(b)
	}
	b.Cost = now.countTo(on)
	for i := range now.Dues {
		d := &now.Dues[i]
		if !d.Date.Before(on) {
			break
		}
		if !now.owesWith(i) || d.Through.After(on) || d.Through == on && len(l.Caps) == 0 {
			continue
		}
		if err := now.late(&b, i, on); err != nil {
			return b, err
		}
	}
	if err := now.damages(&b, on); err != nil {
		return b, err
	}
	now.keepCap(&b, on)
	return b, now.passPenalty(&b)
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
	if l.hastened(i) {
		return nil
	}
	return l.lateFees(b, i, on)
}

// grace is how many days after its due date an instalment bears no charge: none for what fell due by
// acceleration.
func (l *Loan) grace(i int) int {
	if l.hastened(i) {
		return 0
	}
	return l.Product.Late.GraceDays
}

// lateOn figures the penalty interest of an instalment up to a day, later or earlier than it is booked
// to, if what is unpaid of it was the same in between. The cap on the loan's cost is not in it.
func (l *Loan) lateOn(i int, on civil.Date) (Assessment, error) {
	d := &l.Dues[i]
	days := min(on.Sub(d.Date), maxOverdue) - min(d.Through.Sub(d.Date), maxOverdue)
	a := Assessment{Instalment: i, Through: on,
		MinorDays: addDays(d.MinorDays, l.Product.Late.Base.of(d.Unpaid()), days)}
	if err := l.accrued(&a, on); err != nil {
		return a, err
	}
	settled := d.settledPenalty()
	if on.Sub(d.Date) <= l.grace(i) {
		a.Penalty = settled
		return a, nil
	}
	rules, err := l.Product.Late.At(l.Plan.Terms().Rate)
	if err != nil {
		return a, err
	}
	penalty, err := PenaltyOn(a.MinorDays, rules)
	a.Penalty = max(settled, min(penalty, MaxLoan-d.Former)+d.Former+d.Again[Penalty])
	return a, err
}

// settledPenalty is the penalty interest below which what is owed never falls: what was paid or let off,
// or called back.
func (d *Due) settledPenalty() int64 {
	return max(d.Paid[Penalty]+d.Waived[Penalty], d.Again[Penalty])
}
