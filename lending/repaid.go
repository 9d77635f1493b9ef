package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Repaid is the outcome of [Repay], [PayOff] and [Prepay]: who got what, once and for all.
type Repaid struct {
	N        int        // number of the payment on the loan, counted from 1
	On       civil.Date // from which it counts
	By       PartyID
	Kind     PaymentKind
	Total    money.Amount
	Booking               // late charges that were booked with it
	Recut    Recut        // interest that will not be owed any more
	Recast   Recast       // of a prepayment, the plan made anew
	Exit     []Charge     // for paying early
	Parts    []Allocation // of the total less the recovery fee, by instalment and component
	Vectors  []Vector     // what lots received
	Cuts     []Cut        // what the lenders pay out of it
	Advances []Advanced   // what covers got back
	Platform []Levy       // what the platform received
	Others   []Levied     // what other parties received
	Closes   bool         // nothing is owed any more
	Payout   PayoutID     // stream that pays the holders in chunks; empty if it was done at once
}

// Vector is what the lots received of one component, by index in Loan.Lots.
type Vector struct {
	Component Component
	Shares    []int64
}

// Advanced is a part of a payment that goes to a cover which had paid before.
type Advanced struct {
	Index int // in Loan.Advances
	Minor int64
}

// Recut replaces the interest owed from an instalment on, and lets charges of later ones fall away.
type Recut struct {
	From     int
	Interest []int64 // new figures for instalment From and the following; empty for no change
	Dropped  []Dropped
}

// Type implements event.Of.
func (Repaid) Type() string { return "repaid" }

// Apply implements event.Of.
func (e Repaid) Apply(l *Loan) {
	l.record(&e)
	l.Payout = e.Payout
}

// Code implements event.Coder.
func (e *Repaid) Code(c *event.Codec) {
	c.Count(&e.N)
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Enum(c, &e.Kind)
	c.Amount(&e.Total)
	e.Booking.code(c)
	e.Recut.code(c)
	e.Recast.code(c)
	codeCharges(c, &e.Exit)
	codeAllocations(c, &e.Parts)
	codeVectors(c, &e.Vectors)
	codeCuts(c, &e.Cuts)
	event.List(c, &e.Advances, func(c *event.Codec, a *Advanced) {
		c.Count(&a.Index)
		c.Int(&a.Minor)
	})
	codeLevies(c, &e.Platform)
	codeLevied(c, &e.Others)
	c.Bool(&e.Closes)
	event.Text(c, &e.Payout)
}

func (r *Recut) code(c *event.Codec) {
	c.Count(&r.From)
	c.Ints(&r.Interest)
	codeDropped(c, &r.Dropped)
}

func codeDropped(c *event.Codec, list *[]Dropped) {
	event.List(c, list, func(c *event.Codec, d *Dropped) {
		c.Count(&d.Charge)
		c.Int(&d.Minor)
	})
}

func codeAllocations(c *event.Codec, p *[]Allocation) {
	event.List(c, p, func(c *event.Codec, a *Allocation) { a.code(c) })
}

func (a *Allocation) code(c *event.Codec) {
	c.Count(&a.Instalment)
	event.Enum(c, &a.Component)
	c.Count(&a.Charge)
	c.Int(&a.Minor)
}

func codeVectors(c *event.Codec, p *[]Vector) {
	event.List(c, p, func(c *event.Codec, v *Vector) {
		event.Enum(c, &v.Component)
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

// Recovery reports whether it came in on a loan that was written off.
func (e *Repaid) Recovery() bool { return e.Kind == RecoveryPayment }

// recut replaces interest and returns what stood there.
func (l *Loan) recut(r Recut) (was Recut) {
	was.From = r.From
	for i, n := range r.Interest {
		d := l.due(r.From + i)
		was.Interest = append(was.Interest, d.Owed[Interest])
		d.Owed[Interest] = n
	}
	for _, d := range r.Dropped {
		l.drop(d)
		was.Dropped = append(was.Dropped, Dropped{d.Charge, -d.Minor})
	}
	return was
}

// move books a payment's allocations on the loan, or takes them back with sign -1.
func (l *Loan) move(e *Repaid, sign int64) {
	for _, p := range e.Parts {
		d := l.due(p.Instalment)
		d.Paid.add(p.Component, sign*p.Minor)
		if p.Charge > 0 {
			l.chargeAt(p.Charge).Paid += sign * p.Minor
		}
	}
	l.credit(e.Vectors, e.Cuts, sign)
	for _, a := range e.Advances {
		v := l.advance(a.Index)
		v.Recovered += sign * a.Minor
		l.due(v.Instalment).Recovered.add(v.Component, sign*a.Minor)
		if v.Charge > 0 {
			l.chargeAt(v.Charge).Advanced -= sign * a.Minor
		}
	}
	for _, p := range e.Parts {
		l.relieve(p.Instalment)
	}
}

// credit books on the lots what they received.
func (l *Loan) credit(vs []Vector, cuts []Cut, sign int64) {
	for _, v := range vs {
		for i, n := range v.Shares {
			l.lot(i).Paid.add(v.Component, sign*n)
			l.Received.add(v.Component, sign*n)
		}
	}
	l.cut(cuts, sign)
}
