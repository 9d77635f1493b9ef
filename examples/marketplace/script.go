package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Outcome is how a loan went.
type Outcome uint8

// Outcomes.
const (
	PaidEarly Outcome = iota + 1
	PaidOnTime
	PaidLate // in full, and late fees on the way
	Running
	Behind
	WrittenOff
	outcomes
)

var outcomeNames = [outcomes]string{"", "paid early", "paid on time", "paid, with late fees",
	"still running", "running, overdue", "charged off"}

// String returns the outcome's name.
func (o Outcome) String() string {
	if o == 0 || o >= outcomes {
		return fmt.Sprintf("outcome %d", uint8(o))
	}
	return outcomeNames[o]
}

// MarshalText returns the outcome's name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// deed is what happens on one day of a loan's life.
type deed uint8

const (
	payDue   deed = iota + 1 // what is due by then, late fees included
	payCents                 // an amount
	payOff
	giveUp // the platform writes the loan off
	recoup // an amount comes in after that
)

type step struct {
	on    civil.Date
	do    deed
	cents int64 // of payCents and recoup
}

// script is a loan's life after it was paid out.
type script struct {
	outcome Outcome
	steps   []step // in the order of dates
}

// daysToChargeOff is the age of the oldest unpaid instalment after which a loan is given up.
const daysToChargeOff = 121

// replay derives from what was published when what was paid. Chance decides only what no tape
// tells: which instalments were late, and on which day after it had to be a loan was given up.
func replay(p *Published, plan schedule.Plan, chance *rand.Rand) script {
	switch p.Status {
	case FullyPaid:
		return replayPaid(p, plan, chance)
	case ChargedOff:
		return replayLost(p, plan, chance)
	}
	s := script{outcome: Running}
	paid := closestCount(p, plan)
	if p.Status == Overdue {
		s.outcome = Behind
		paid, _ = wholeCount(p, plan)
	}
	s.steps = installments(p, plan, paid, monthsBetween(p.Issued, p.LastPayment), chance)
	return s
}

// replayPaid pays instalments as they fall due and the rest on the day of the last payment.
func replayPaid(p *Published, plan schedule.Plan, chance *rand.Rand) script {
	end := payoffDay(p, plan)
	paid := 0
	for paid < plan.Len() && plan.At(paid).Due.Before(end) {
		paid++
	}
	early := end.Before(plan.Maturity())
	if !early {
		paid = plan.Len()
	}
	s := script{outcome: PaidOnTime, steps: installments(p, plan, paid, plan.Len(), chance)}
	for i := range s.steps {
		at := &s.steps[i]
		if early && at.on.After(end) {
			at.on = end // the pay-off comes first
		}
		if at.on.Sub(plan.At(i).Due) > graceDays {
			s.outcome = PaidLate
		}
	}
	if early {
		s.steps = append(s.steps, step{on: end, do: payOff})
		if s.outcome != PaidLate {
			s.outcome = PaidEarly
		}
	}
	return s
}

// payoffDay is the day in the month of the last payment on which the interest due up to then comes
// closest to the interest published; any day of the loan's life where no month is published.
func payoffDay(p *Published, plan schedule.Plan) civil.Date {
	from, to := plan.Terms().Start.AddDays(1), plan.Maturity()
	if !p.LastPayment.IsZero() {
		if monthsBetween(p.Issued, p.LastPayment) >= p.Months {
			return to
		}
		if p.LastPayment.After(from) {
			from = p.LastPayment
		}
		to = p.LastPayment.AddMonths(1).AddDays(-1)
	}
	best, least := from, int64(-1)
	var earned int64 // by the periods that are over
	for i := range plan.Len() {
		row := plan.At(i)
		if row.From.After(to) {
			break
		}
		for on := row.From; on.Before(row.Due); on = on.AddDays(1) {
			off := max(earned+plan.AccruedIn(i, on).Minor()-p.Interest,
				p.Interest-earned-plan.AccruedIn(i, on).Minor())
			if !on.Before(from) && !on.After(to) && (least < 0 || off < least) {
				best, least = on, off
			}
		}
		earned += row.Interest.Minor()
	}
	return best
}

// closestCount is the number of instalments whose principal comes closest to what was published.
func closestCount(p *Published, plan schedule.Plan) int {
	best, least := 0, p.Principal
	for i := range plan.Len() - 1 {
		paid := p.Amount - plan.At(i).Balance.Minor()
		if off := max(paid-p.Principal, p.Principal-paid); off < least {
			best, least = i+1, off
		}
	}
	return best
}

// wholeCount is how many whole instalments the money received makes up, and what is left of it.
func wholeCount(p *Published, plan schedule.Plan) (count int, rest int64) {
	rest = p.Principal + p.Interest
	for count < plan.Len()-1 && rest >= plan.At(count).Total.Minor() {
		rest -= plan.At(count).Total.Minor()
		count++
	}
	return count, min(rest, plan.At(count).Total.Minor()-1)
}

// replayLost pays instalments while the money lasts, then a last part, and never again.
func replayLost(p *Published, plan schedule.Plan, chance *rand.Rand) script {
	s := script{outcome: WrittenOff}
	paid, rest := wholeCount(p, plan)
	s.steps = installments(p, plan, paid, plan.Len(), chance)
	due := plan.At(paid).Due
	if rest > 0 {
		s.steps = append(s.steps, step{due, payCents, rest})
	}
	end := due.AddDays(daysToChargeOff + chance.IntN(30))
	s.steps = append(s.steps, step{on: end, do: giveUp})
	if p.Recoveries > 0 {
		s.steps = append(s.steps, step{end.AddDays(20 + chance.IntN(70)), recoup, p.Recoveries})
	}
	return s
}

// installments pays a number of instalments on their due dates, those beyond the months that have
// passed ahead, together with the last. As many are late as the late fees received make up.
func installments(p *Published, plan schedule.Plan, count, passed int, chance *rand.Rand) []step {
	fee := lateFee(p.Installment)
	passed = max(passed, 1)
	late := map[int]bool{}
	for _, i := range chance.Perm(min(count, passed)) {
		if int64(len(late)) < (p.LateFees+fee/2)/fee {
			late[i] = true
		}
	}
	steps := make([]step, 0, count+2)
	for i := range count {
		s := step{on: plan.At(min(i, passed-1)).Due, do: payDue}
		if i >= passed {
			s.do, s.cents = payCents, plan.At(i).Total.Minor()
		}
		if late[i] {
			s.on = s.on.AddDays(graceDays + 1 + chance.IntN(10))
		}
		if n := len(steps); n > 0 && s.on.Before(steps[n-1].on) {
			s.on = steps[n-1].on
		}
		steps = append(steps, s)
	}
	return steps
}

// monthsBetween counts the months from one first of a month to another.
func monthsBetween(from, to civil.Date) int {
	return (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
}
