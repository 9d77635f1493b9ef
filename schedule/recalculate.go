package schedule

import (
	"errors"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Recalculated is the plan as it goes on when interest follows what was really paid up to the end
// of a day, in place of what was planned: principal that is late bears interest on, and principal
// that comes early bears none any more.
//
//   - A payment on a due date pays the instalment, interest first; what is missing falls due with the
//     next one (ChangeShort), and what is more counts towards the next ones (EffectNext).
//   - A payment on another day pays arrears first. When it is just what the next instalment comes to
//     on that day it pays that early (ChangeEarly); else it counts towards the next ones.
//   - A payment of all that is owed, or more, pays off the loan.
//   - What is missing of the last instalment falls due one period after it (ChangeReschedule).
//
// Where interest is not recalculated the plan stays as it is. How late the loan is tells Standing of
// the plan that was agreed, in both cases: in the one given back what was missed is due later.
// Payments may come in any order; those after the day, or of another currency, do not count. It
// fails as After does; for a payment before Start or below zero, which a plan cannot carry; and where
// a payment falls short of the fees of its day, a down payment, or interest on a date of its own.
func (p Plan) Recalculated(payments []Payment, on civil.Date) (Plan, error) {
	if !p.follows() {
		return Plan{}, &PlanError{Problem: "rows do not follow from the terms"}
	}
	for _, payment := range payments {
		if p.mine(payment) && (payment.Amount.Sign() < 0 || payment.On.Before(p.terms.Start)) {
			return Plan{}, &PlanError{Problem: "payments must be above zero and from Start on to recalculate"}
		}
	}
	plan, last := p, p.terms.Start.AddDays(-1)
	for {
		day := earliest(plan.dueAfter(last), p.paidAfter(payments, last))
		if day.IsZero() || day.After(on) {
			return plan, nil
		}
		next, err := plan.receive(day, p.paidOn(payments, day))
		if err != nil {
			return Plan{}, err
		}
		plan, last = next, day
	}
}

// dueAfter is the first due date after a day, or the zero date.
func (p Plan) dueAfter(day civil.Date) civil.Date {
	for _, row := range p.rows {
		if row.Due.After(day) {
			return row.Due
		}
	}
	return civil.Date{}
}

// paidAfter is the first day of a payment after a day, or the zero date.
func (p Plan) paidAfter(payments []Payment, day civil.Date) (first civil.Date) {
	for _, payment := range payments {
		if payment.On.After(day) && p.mine(payment) {
			first = earliest(first, payment.On)
		}
	}
	return first
}

// paidOn sums the payments of a day.
func (p Plan) paidOn(payments []Payment, day civil.Date) (sum int64) {
	for _, payment := range payments {
		if payment.On == day && p.mine(payment) {
			sum = min(sum+payment.Amount.Minor(), money.MaxMinor)
		}
	}
	return sum
}

// mine reports whether a payment is of the plan's currency.
func (p Plan) mine(payment Payment) bool {
	return payment.Amount.Currency() == p.terms.Principal.Currency()
}

// earliest is the earlier of two dates, of which the zero date is none.
func earliest(a, b civil.Date) civil.Date {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// receive is the plan after a day on which so much was paid.
func (p Plan) receive(day civil.Date, paid int64) (Plan, error) {
	due, fees, last := p.totalOn(day), int64(0), -1
	for i, row := range p.rows {
		if row.Due == day {
			fees, last = fees+row.Fee, i
		}
	}
	short := Change{On: day, Kind: ChangeShort, Amount: p.amount(max(paid-fees, 0))}
	switch more := paid - due; {
	case more < 0 && last == len(p.rows)-1:
		return p.shortBy(paid, short, Change{On: day, Kind: ChangeReschedule, Count: 1})
	case more < 0:
		return p.shortBy(paid, short)
	case more == 0:
		return p, nil
	case more >= p.stateOn(day).owed():
		return p.with(Change{On: day, Kind: ChangePayOff})
	case last < 0 && p.earlyTotal(day) == more:
		return p.with(Change{On: day, Kind: ChangeEarly})
	default:
		c := Change{On: day, Kind: ChangePrepay, Amount: p.amount(more), Effect: EffectNext}
		next, err := p.with(c)
		if errors.Is(err, ErrTerms) { // more than the principal: with interest it is less than is owed
			c.Effect = EffectShorter
			return p.with(c)
		}
		return next, err
	}
}

// shortBy is the plan with changes by which its rows of a day pay so much, and no more.
func (p Plan) shortBy(paid int64, changes ...Event) (Plan, error) {
	day := changes[0].day()
	plan, err := p.with(changes...)
	if err == nil && plan.totalOn(day) != paid {
		err = refuse("must be short of principal and interest alone: what else is due on the day must be paid")
	}
	return plan, err
}

// totalOn is what is due on a day.
func (p Plan) totalOn(day civil.Date) (sum int64) {
	for _, row := range p.rows {
		if row.Due == day {
			sum += row.Principal + row.Interest + row.Fee
		}
	}
	return sum
}

// earlyTotal is what the next instalment comes to when it is paid on a day; 0 when there is none.
func (p Plan) earlyTotal(day civil.Date) int64 {
	plan, err := p.with(Change{On: day, Kind: ChangeEarly})
	if err != nil {
		return 0
	}
	return plan.totalOn(day)
}
