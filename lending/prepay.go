package lending

import (
	"fmt"
	"sort"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Prepay pays a loan out of its borrower's wallet before it is due, in part (部分提前还款): first what is
// due or past due, in the order of the waterfall, then interest to the day, then what prepaying costs
// and, with the rest, principal. The remaining plan is made anew: lower instalments on the same days, or
// the same instalments for a shorter time. Principal that had been paid ahead counts as prepaid too,
// and interest that had been paid ahead is taken off what the new plan asks for.
//
// Never more interest is owed afterwards than before. Payments before a prepayment can no longer be taken
// back, and it can only be called back ([Chargeback]). Fees of instalments that there are no more fall
// away. By the borrower or the system. Given by a party or the system.
type Prepay struct {
	Loan   LoanID
	Amount money.Amount
	Effect schedule.Effect // lower or shorter; zero for lower
}

// Home implements Command.
func (c Prepay) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Prepay) Allowed() []Role { return []Role{RoleParty, RoleSystem} }

// Decide implements Command. It refuses an amount that does not go beyond what is due ([Repay] it) or
// that pays the loan off ([PayOff]), what the product's [Prepayment] rules do not allow
// ([ErrPrepayment]), and a loan whose method charges interest on what was lent, however much is left.
func (c Prepay) Decide(t *Tx, l *Loan) (Repaid, error) {
	none := Repaid{}
	if err := l.in(c.Loan, StateActive); err != nil {
		return none, err
	}
	if err := positive("prepayment", c.Amount, l.Currency()); err != nil {
		return none, err
	}
	if c.Effect == schedule.EffectNext || !c.Effect.IsValid() {
		return none, &Error{ErrTerms, "prepayment", "has effect " + c.Effect.String() + ", want lower or shorter"}
	}
	if err := t.payable(l); err != nil {
		return none, err
	}
	if err := l.whole(); err != nil {
		return none, err
	}
	if err := l.prepayable(t.On, true); err != nil {
		return none, err
	}
	f := l.fact(t.On, c.Amount.Minor())
	f.kind = EarlyPayment
	ev, now, err := l.prepay(f, c.Effect)
	if err != nil {
		return none, err
	}
	return ev, t.distribute(l, now, &ev, Avail(ev.By))
}

// prepay figures what a prepayment pays, who gets it, and the plan that follows.
func (l *Loan) prepay(f fact, e schedule.Effect) (ev Repaid, now *Loan, err error) {
	ev = Repaid{N: f.n, On: f.on, By: f.by, Kind: f.kind}
	if ev.Booking, err = l.booking(f.on); err != nil {
		return ev, nil, err
	}
	now = l.preview(ev.Booking)
	off, err := now.payOff(f.on)
	if err != nil {
		return ev, nil, err
	}
	if f.minor >= off.owed {
		return ev, nil, &Error{ErrAmount, "prepayment", "pays the loan off: send PayOff instead"}
	}
	debts := now.first(f.on)
	p, err := now.partly(f.on, f.minor-total(debts))
	if err != nil {
		return ev, nil, err
	}
	ev.Parts, _ = l.Product.waterfall(f.kind).Allocate(nil, debts, total(debts))
	if ev.Recast, ev.Recut.Dropped, err = now.prepaid(p, e); err != nil {
		return ev, nil, err
	}
	now.recast(ev.Recast)
	ev.Exit = p.charges
	first := now.chargeAll(ev.Exit)
	ev.Parts = append(ev.Parts, p.parts(first)...)
	var sum int64
	for _, x := range ev.Parts {
		sum += x.Minor
	}
	ev.Total = amount(sum, l.Currency())
	return ev, now, now.pass(&ev)
}

// first lists what has to be paid before anything is prepaid: what has fallen due, and what a former
// plan left that does not belong to the one that runs.
func (l *Loan) first(on civil.Date) (debts []Debt) {
	for _, d := range l.Debts(on) {
		if d.Age != AgeInAdvance || d.Instalment < l.Base {
			debts = append(debts, d)
		}
	}
	return debts
}

// partial is a prepayment's part beyond what is due.
type partial struct {
	on        civil.Date
	due       int   // the instalment that it makes up
	interest  int64 // to the day, and unpaid
	added     int64 // of all interest to the day, what had been added to the balance
	principal int64
	ahead     ahead
	charges   []Charge
}

// partly divides an amount beyond what is due into interest to the day, principal, and what it costs to
// prepay that.
func (l *Loan) partly(on civil.Date, minor int64) (p partial, err error) {
	p.on, p.due = on, max(l.ahead(on), l.Base)
	for _, d := range l.Dues[min(p.due, len(l.Dues)):] {
		if d.Again.Total() > 0 {
			return p, &Error{ErrPrepayment, "loan " + string(l.ID),
				"is prepaid after " + d.Date.String() + ", when a payment that was called back is due again"}
		}
	}
	p.ahead, p.interest = l.paidAhead(p.due, on)
	rest, left := minor-p.interest, int64(0)
	for i := p.due; i < len(l.Dues); i++ {
		left += l.Dues[i].Unpaid()[Principal]
	}
	row := l.Plan.At(p.due - l.Base)
	p.added = row.Balance.Minor() + row.Principal.Minor() - row.Capitalised.Minor()
	p.added = max(0, p.added-left-p.ahead.principal-p.ahead.forgone)
	cost := func(repaid int64) (sum int64) {
		p.charges, err = l.exitCharges(on, repaid, p.due)
		for _, x := range p.charges {
			sum += x.Owed
		}
		return sum
	}
	if rest > 0 && cost(rest) > 0 { // the largest that can be repaid together with what that costs
		rest = int64(sort.Search(int(rest), func(n int) bool { return int64(n+1)+cost(int64(n+1)) > rest }))
		cost(rest)
	}
	if err != nil {
		return p, err
	}
	p.principal = rest
	least := l.Product.Prepayment.Minimum
	switch {
	case rest <= 0:
		return p, &Error{ErrAmount, "prepayment", "does not go beyond what is due and interest to the day"}
	case rest >= left:
		return p, &Error{ErrAmount, "prepayment", "reaches all principal: send PayOff instead"}
	case p.principal < least.Minor():
		return p, &Error{ErrPrepayment, "loan " + string(l.ID), "is prepaid by " + least.String() + " of principal at least"}
	}
	return p, nil
}

// prepaid makes the plan anew that follows a prepayment. Its own instalment is the first.
func (l *Loan) prepaid(p partial, e schedule.Effect) (r Recast, drop []Dropped, err error) {
	repaid := p.principal + p.added + p.ahead.principal + p.ahead.forgone
	plan, proof, err := l.Plan.After(schedule.Change{On: p.on, Kind: schedule.ChangePrepay,
		Amount: amount(l.Plan.Accrued(p.on).Minor()+repaid, l.Currency()), Effect: e})
	if err == nil {
		err = proof.Check()
	}
	if err != nil {
		return r, nil, fmt.Errorf("plan of loan %s: %w", l.ID, err)
	}
	r = Recast{From: l.ahead(p.on), Base: l.Base, Terms: termsOf(plan.Terms()), Rows: plan.Rows()}
	for i := r.From; i < p.due; i++ { // of a former plan: paid on the day
		d := l.Dues[i].uncharged()
		d.Date, d.Through = p.on, p.on
		r.Dues = append(r.Dues, d)
	}
	place, rows := len(r.Dues), r.Rows[p.due-l.Base:]
	unearned := p.ahead.unearned(p.interest)
	today := p.ahead.due(p.on, p.interest)
	today.Owed[Interest] += p.interest
	today.Owed[Principal] += p.principal
	r.Dues = append(r.Dues, today)
	r.Dues = append(r.Dues, instalments(rows[1:], l.owedFrom(p.due)-today.Owed[Principal])...)
	let := p.ahead.waived - today.Waived[Interest]
	r.credit(place, place+1, unearned-let, let)
	r.cap(place, l.interestFrom(p.due))
	drop = l.overtaken(p.due, plan.Maturity())
	l.recut(Recut{Dropped: drop})
	l.moveCharges(&r, min(place+1, len(r.Dues)-1), func(x *Charge) bool { return x.Instalment >= p.due })
	return r, drop, l.bounded(len(r.Dues) + r.From)
}

// parts are its own, on the instalment that it makes up; its charges are counted from a place.
func (p *partial) parts(first int) (parts []Allocation) {
	add := func(c Component, charge int, minor int64) {
		if minor > 0 {
			parts = append(parts, Allocation{p.due, c, charge, minor})
		}
	}
	add(Interest, 0, p.interest)
	for k, x := range p.charges {
		add(x.Component, first+k, x.Owed)
	}
	add(Principal, 0, p.principal)
	return parts
}
