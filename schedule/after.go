package schedule

import (
	"reflect"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Proof shows what an event was worth: everything that is owed before it, and what comes to it, is
// there again after it, to the minor unit:
//
//	Before + PaidOut + Repriced = After + Paid + Waived
type Proof struct {
	On       civil.Date   // the day of the last event; of a Pause, its end
	Before   money.Amount // what would have settled the loan at the end of that day without it
	PaidOut  money.Amount // by a tranche
	Repriced money.Amount // interest up to the day that a backdated event adds; below zero: takes off
	Paid     money.Amount // on the day or before by the events, beyond what was planned
	Waived   money.Amount // given up
	After    money.Amount // what settles the loan at the end of the day
}

// Check verifies the identity. It gives a *PlanError.
func (p Proof) Check() error {
	if p.Before.Minor()+p.PaidOut.Minor()+p.Repriced.Minor() !=
		p.After.Minor()+p.Paid.Minor()+p.Waived.Minor() {
		return &PlanError{Problem: "value is not kept by the event"}
	}
	return nil
}

// After is the plan as it goes on when something happens, and the proof of what that was worth.
// Events may lie in the past: all that came after them is figured anew. What is paid by an event has
// a row of its own, so that there are more rows than instalments. The plan must be the one
// that its terms make, with all events so far; a plan of other recorded rows is a *PlanError. Events
// that the terms do not allow are refused as Terms.Plan does.
func (p Plan) After(events ...Event) (Plan, Proof, error) {
	if !p.follows() {
		return Plan{}, Proof{}, &PlanError{Problem: "rows do not follow from the terms"}
	}
	after, err := p.with(events...)
	if err != nil {
		return Plan{}, Proof{}, err
	}
	on := p.terms.Start
	for _, event := range events {
		if event.day().After(on) {
			on = event.day()
		}
	}
	return after, p.prove(after, on), nil
}

// with is the plan that the terms make with some events more.
func (p Plan) with(events ...Event) (Plan, error) {
	terms := p.terms
	for _, event := range events {
		if isNil(event) {
			return Plan{}, refuse("must not be nil")
		}
		if pause, ok := event.(Pause); ok && civil.Range(pause).IsEmpty() {
			return Plan{}, refuse("must pause for a day at least")
		}
		event.amend(&terms)
	}
	return terms.Plan()
}

// isNil reports an event that is none: nil, or a pointer that is.
func isNil(event Event) bool {
	v := reflect.ValueOf(event)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// String shows the identity: "CNY 100.00 = CNY 60.00 + CNY 40.00 paid", the parts that are zero left out.
func (p Proof) String() string {
	text := p.Before.String()
	for _, part := range []struct {
		amount money.Amount
		sign   string
		name   string
	}{
		{p.PaidOut, " + ", " paid out"}, {p.Repriced, " + ", " repriced"}, {p.After, " = ", ""},
		{p.Paid, " + ", " paid"}, {p.Waived, " + ", " waived"},
	} {
		if part.amount.Sign() != 0 || part.sign == " = " {
			text += part.sign + part.amount.String() + part.name
		}
	}
	return text
}

// prove compares two plans at the end of a day. What was paid and paid out is read off the rows
// and the terms, what is owed off the plans' state, and interest off the sum of what was charged.
func (p Plan) prove(after Plan, on civil.Date) Proof {
	old, now := p.stateOn(on), after.stateOn(on)
	return Proof{
		On:       on,
		Before:   p.amount(old.owed()),
		PaidOut:  after.amount(now.paidOut - old.paidOut),
		Repriced: after.amount(now.charged - old.charged),
		Paid:     after.amount(now.paid - old.paid),
		Waived:   after.amount(now.waived - old.waived),
		After:    after.amount(now.owed()),
	}
}
