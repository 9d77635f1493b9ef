package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Repay pays a loan out of its borrower's wallet (还款): what is due first, oldest first, in the
// order of the product's waterfall; anything beyond goes to the next instalments at their planned
// figures. On a written-off loan it is a recovery: the recovery fee comes off the top and the rest
// goes to principal first. More than is owed in all is refused, for [PayOff] costs less.
type Repay struct {
	Loan   LoanID
	Amount money.Amount
}

// PayOff pays everything that is still owed, with interest to the day and not beyond, and closes
// the loan (提前还清). What it costs on a day is [Loan.Payoff].
type PayOff struct{ Loan LoanID }

// Repaid is the outcome of [Repay] and [PayOff]: who got what, once and for all.
type Repaid struct {
	On       civil.Date
	By       PartyID
	Total    money.Amount
	Assessed []Assessment // late charges that were booked with it
	Recut    Recut        // interest that will not be owed any more
	Parts    []Allocation // of the total less the recovery fee, by instalment and component
	Vectors  []Vector     // what lots received
	Fees     []int64      // by index in Loan.Lots, the lender's fee out of it
	Advances []Advanced   // what covers got back
	Platform []Levy       // what the platform received
	Recovery bool         // of a written-off loan
	Closes   bool         // nothing is owed any more
	Payout   PayoutID     // stream that pays the holders in chunks; empty if it was done at once
}

// Vector is what the lots received of one component, by index in Loan.Lots. The zero span means all instalments.
type Vector struct {
	Component Component
	Span      Span
	Shares    []int64
}

// Advanced is a part of a payment that goes to a cover which had paid before.
type Advanced struct {
	Index int // in Loan.Advances
	Minor int64
}

// Recut replaces the interest owed from an instalment on.
type Recut struct {
	From     int
	Interest []int64 // new figures for instalment From and the following; empty for no change
}

// Type implements event.Of.
func (Repaid) Type() string { return "repaid" }

// Apply implements event.Of.
func (e Repaid) Apply(l *Loan) {
	l.assess(e.Assessed)
	l.recut(e.Recut)
	l.move(&e, 1)
	l.Payments++
	l.Payout, l.Last = e.Payout, &e
	l.lastRows = append(l.rows(e.Vectors, e.Fees, !e.Recovery), l.back(&e)...)
	l.lastCharges = l.charges(e.On)
	if e.Closes {
		l.State, l.Closed = StateClosed, e.On
	}
}

// move books a payment's allocations on the loan, or takes them back with sign -1.
func (l *Loan) move(e *Repaid, sign int64) {
	for _, p := range e.Parts {
		d := l.due(p.Instalment)
		d.Paid.add(p.Component, sign*p.Minor)
		d.relieve()
	}
	l.credit(e.Vectors, e.Fees, sign)
	for _, a := range e.Advances {
		v := l.advance(a.Index)
		v.Recovered += sign * a.Minor
		l.due(v.Instalment).Recovered.add(v.Component, sign*a.Minor)
	}
}

// credit books on the lots what they received.
func (l *Loan) credit(vs []Vector, fees []int64, sign int64) {
	for _, v := range vs {
		for i, n := range v.Shares {
			l.lot(i).Paid.add(v.Component, sign*n)
			l.Received.add(v.Component, sign*n)
		}
	}
	for i, n := range fees {
		l.lot(i).Fees += sign * n
	}
}

func (l *Loan) recut(r Recut) {
	for i, n := range r.Interest {
		l.due(r.From + i).Owed[Interest] = n
	}
}

// Code implements event.Coder.
func (e *Repaid) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	c.Amount(&e.Total)
	codeAssessments(c, &e.Assessed)
	e.Recut.code(c)
	codeAllocations(c, &e.Parts)
	codeVectors(c, &e.Vectors)
	c.Ints(&e.Fees)
	event.List(c, &e.Advances, func(c *event.Codec, a *Advanced) {
		c.Count(&a.Index)
		c.Int(&a.Minor)
	})
	codeLevies(c, &e.Platform)
	c.Bool(&e.Recovery)
	c.Bool(&e.Closes)
	event.Text(c, &e.Payout)
}

func (r *Recut) code(c *event.Codec) {
	c.Count(&r.From)
	c.Ints(&r.Interest)
}

func codeAllocations(c *event.Codec, p *[]Allocation) {
	event.List(c, p, func(c *event.Codec, a *Allocation) {
		c.Count(&a.Instalment)
		event.Enum(c, &a.Component)
		c.Int(&a.Minor)
	})
}

func codeVectors(c *event.Codec, p *[]Vector) {
	event.List(c, p, func(c *event.Codec, v *Vector) {
		event.Enum(c, &v.Component)
		v.Span.code(c)
		c.Ints(&v.Shares)
	})
}

// Of returns what the payment paid of a component.
func (e *Repaid) Of(c Component) (sum int64) {
	for _, p := range e.Parts {
		if p.Component == c {
			sum += p.Minor
		}
	}
	return sum
}

// Home implements Command.
func (c Repay) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Repay) Allowed() []Role { return []Role{RoleParty, RoleSystem} }

// Decide implements Command.
func (c Repay) Decide(t *Tx, l *Loan) (Repaid, error) {
	if err := l.in(c.Loan, StateActive, StateWrittenOff); err != nil {
		return Repaid{}, err
	}
	if err := positive("repayment", c.Amount, l.Currency()); err != nil {
		return Repaid{}, err
	}
	return t.repay(l, Recut{}, func(owed []Owing) (money.Amount, error) { return c.Amount, nil })
}

// Home implements Command.
func (c PayOff) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (PayOff) Allowed() []Role { return []Role{RoleParty, RoleSystem} }

// Decide implements Command.
func (c PayOff) Decide(t *Tx, l *Loan) (Repaid, error) {
	if err := l.in(c.Loan, StateActive); err != nil {
		return Repaid{}, err
	}
	return t.repay(l, l.interestTo(t.On), func(owed []Owing) (money.Amount, error) {
		var sum int64
		for _, o := range owed {
			sum += o.Total()
		}
		return money.New(sum, l.Currency())
	})
}

// repay takes a payment up. It works on a copy of the dues brought up to the date, so that a
// refusal leaves nothing behind.
func (t *Tx) repay(l *Loan, cut Recut, total func([]Owing) (money.Amount, error)) (Repaid, error) {
	none := Repaid{}
	if err := t.self(l.Borrower); err != nil {
		return none, err
	}
	if err := l.notBefore(t.On); err != nil {
		return none, err
	}
	if err := t.finished(l); err != nil {
		return none, err
	}
	ev := Repaid{On: t.On, By: l.Borrower, Recut: cut, Recovery: l.State == StateWrittenOff}
	var err error
	if ev.Assessed, err = l.assessment(t.On); err != nil {
		return none, err
	}
	now := l.preview(ev.Assessed, cut)
	owed := now.owing()
	if ev.Total, err = total(owed); err != nil {
		return none, err
	}
	if err := now.allocate(&ev, owed); err != nil {
		return none, err
	}
	return ev, t.distribute(l, now, &ev)
}

// preview is the loan with late charges booked and interest recut, sharing nothing that changes.
func (l *Loan) preview(as []Assessment, cut Recut) *Loan {
	now := *l
	now.Dues = slices.Clone(l.Dues)
	now.assess(as)
	now.recut(cut)
	return &now
}

// owing lists what is unpaid, in the order of instalments.
func (l *Loan) owing() []Owing {
	list := make([]Owing, 0, len(l.Dues))
	for i := range l.Dues {
		if u := l.Dues[i].Unpaid(); u.Total() > 0 {
			list = append(list, Owing{i, u})
		}
	}
	return list
}

// recoveryOrder takes recoveries: principal of every instalment before anything else.
func recoveryOrder() Waterfall {
	return Waterfall{Order: []Component{Principal, Interest, Penalty, LateFees}, Across: true}
}

// allocate splits the payment by instalment and component, and off it the recovery fee.
func (l *Loan) allocate(ev *Repaid, owed []Owing) error {
	minor, order := ev.Total.Minor(), l.Product.Waterfall
	if ev.Recovery {
		order = recoveryOrder()
		for _, f := range l.Product.feesAt(OnRecovery) {
			v, err := f.Of(minor)
			if err != nil {
				return err
			}
			if v > 0 {
				ev.Platform = append(ev.Platform, Levy{f.ID, v})
				minor -= v
			}
		}
	}
	var rest int64
	if ev.Parts, rest = order.Allocate(owed, minor); rest > 0 {
		return &Error{ErrLimit, "loan " + string(l.ID), fmt.Sprintf("%s is more than it owes, by %s",
			ev.Total, amount(rest, l.Currency()))}
	}
	var left int64
	for _, o := range owed {
		left += o.Total()
	}
	for _, p := range ev.Parts {
		left -= p.Minor
	}
	ev.Closes = left == 0
	return nil
}

// seen is the latest date on which something happened to the running loan.
func (l *Loan) seen() civil.Date {
	if l.Last != nil && l.Last.On.After(l.Looked) {
		return l.Last.On
	}
	return l.Looked
}

// notBefore refuses a date before what the loan has seen.
func (l *Loan) notBefore(on civil.Date) error {
	if seen := l.seen(); on.Before(seen) {
		return &Error{ErrDate, "loan " + string(l.ID), "has moved on to " + seen.String()}
	}
	return nil
}

// interestTo recuts the interest of a loan that ends on a date: the running instalment owes what
// has accrued, later ones nothing, none less than was paid.
func (l *Loan) interestTo(on civil.Date) Recut {
	from := 0
	for from < len(l.Dues) && !l.Dues[from].Date.After(on) {
		from++
	}
	cut := Recut{From: from}
	for i := from; i < len(l.Dues); i++ {
		d := &l.Dues[i]
		owed := min(l.Plan.AccruedIn(i, on).Minor(), d.Owed[Interest])
		cut.Interest = append(cut.Interest, max(owed, d.Paid[Interest]))
	}
	return cut
}

// Payoff returns what [PayOff] would take on a date.
func (l *Loan) Payoff(on civil.Date) (money.Amount, error) {
	if err := l.in(l.ID, StateActive); err != nil {
		return money.Amount{}, err
	}
	as, err := l.assessment(on)
	if err != nil {
		return money.Amount{}, err
	}
	var sum int64
	for _, o := range l.preview(as, l.interestTo(on)).owing() {
		sum += o.Total()
	}
	return money.New(sum, l.Currency())
}

// DueOn returns what has to be paid up to and on a date, late charges included.
func (l *Loan) DueOn(on civil.Date) (money.Amount, error) {
	as, err := l.assessment(on)
	if err != nil {
		return money.Amount{}, err
	}
	var sum int64
	now := l.preview(as, Recut{})
	for i := range now.Dues {
		if !now.Dues[i].Date.After(on) || l.State == StateWrittenOff {
			sum += now.Dues[i].Unpaid().Total()
		}
	}
	return money.New(sum, l.Currency())
}
