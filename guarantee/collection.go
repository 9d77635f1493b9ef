package guarantee

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// maxCollections bounds what an originator has collected and not passed on.
const maxCollections = 10_000

// Collection is what a borrower has paid to the originator, who has not passed it on yet (待汇款项). The
// lenders have nothing of it: the platform pays out no money that it has not received.
type Collection struct {
	Number int // of the originator's collections, from 1
	Loan   lending.LoanID
	Minor  int64
	On     civil.Date // when the borrower paid
	Due    civil.Date // the last day to pass it on
}

func (x *Collection) code(c *event.Codec) {
	c.Count(&x.Number)
	event.Text(c, &x.Loan)
	c.Int(&x.Minor)
	c.Date(&x.On)
	c.Date(&x.Due)
}

// CollectionRecorded is the outcome of [RecordCollection].
type CollectionRecorded struct {
	Collection
	By lending.ActorID
}

// Type implements event.Of.
func (CollectionRecorded) Type() string { return "collected" }

// Apply implements event.Of.
func (e CollectionRecorded) Apply(o *Originator) {
	o.collections = e.Number
	o.Collected = append(o.Collected, e.Collection)
}

// Code implements event.Coder.
func (e *CollectionRecorded) Code(c *event.Codec) {
	e.Collection.code(c)
	event.Text(c, &e.By)
}

// RecordCollection records that a borrower has paid the originator. By the originator, or an officer. Given by a
// party or an officer.
type RecordCollection struct {
	Originator lending.PartyID
	Loan       lending.LoanID
	Amount     money.Amount
	On         civil.Date // when the borrower paid: not after today
}

// Home implements lending.Command.
func (c RecordCollection) Home(lending.Meta) event.Ref[Originator] {
	return OriginatorRef(c.Originator)
}

// Allowed implements lending.Command.
func (RecordCollection) Allowed() []lending.Role {
	return []lending.Role{lending.RoleParty, lending.RoleOfficer}
}

// Decide implements lending.Command. It refuses another party, a loan that is not the originator's, a day to
// come, and more than is left of what the borrower owes, to the end or by paying it off today, beside what was
// collected of that and not passed on (lending.ErrLimit).
func (c RecordCollection) Decide(t *lending.Tx, o *Originator) (CollectionRecorded, error) {
	none := CollectionRecorded{}
	if err := o.in(c.Originator, Active, Suspended, Defaulted); err != nil {
		return none, err
	}
	if err := self(t, o.ID); err != nil {
		return none, err
	}
	if err := positive(c.Amount, o.Terms.Currency); err != nil {
		return none, err
	}
	switch _, ok := o.loans[c.Loan]; {
	case !ok:
		return none, bad(lending.ErrUnknown, "loan "+string(c.Loan), "was not referred by "+string(o.ID))
	case c.On.IsZero() || c.On.After(t.On):
		return none, bad(lending.ErrDate, "collection of "+c.On.String(), "is not a day up to "+t.On.String())
	case len(o.Collected) >= maxCollections:
		return none, bad(lending.ErrLimit, "originator "+string(o.ID), "has too much that it has not passed on")
	}
	left, err := o.collectable(t, c.Loan)
	switch {
	case err != nil:
		return none, err
	case c.Amount.Minor() > left.Minor():
		return none, bad(lending.ErrLimit, "collection of "+c.Amount.String(),
			"is more than what is left to collect of loan "+string(c.Loan)+", "+left.String())
	}
	x := Collection{o.collections + 1, c.Loan, c.Amount.Minor(), c.On, c.On.AddDays(o.Terms.RemitDays)}
	return CollectionRecorded{x, t.Actor.ID}, nil
}

// collectable is what is left to collect of a loan.
func (o *Originator) collectable(t *lending.Tx, id lending.LoanID) (money.Amount, error) {
	l, err := event.Read(t.Tx, lending.LoanRef(id))
	if err != nil {
		return money.Amount{}, err
	}
	var left int64
	for i := range l.Dues {
		left += l.Dues[i].Unpaid().Total()
	}
	if off, err := l.Payoff(t.On); err == nil { // else it cannot be paid off
		left = max(left, off.Minor())
	}
	for _, x := range o.Collected {
		if x.Loan == id {
			left -= x.Minor
		}
	}
	return money.New(max(0, left), o.Terms.Currency)
}

// CollectionRemitted is the outcome of [RemitCollection].
type CollectionRemitted struct {
	Collection
	Remitted civil.Date
	By       lending.ActorID
}

// Type implements event.Of.
func (CollectionRemitted) Type() string { return "remitted" }

// Apply implements event.Of.
func (e CollectionRemitted) Apply(o *Originator) {
	o.Collected = slices.DeleteFunc(o.Collected, func(x Collection) bool { return x.Number == e.Number })
}

// Code implements event.Coder.
func (e *CollectionRemitted) Code(c *event.Codec) {
	e.Collection.code(c)
	c.Date(&e.Remitted)
	event.Text(c, &e.By)
}

// RemitCollection passes what was collected on, out of the originator's wallet into the borrower's. The host
// then has it pay the loan, by [lending.RepayAsOf] as of the day on which the borrower paid, so that he is not
// late because the originator was. By the originator, or an officer: of a party that may take out no money, as it
// is frozen, by an officer alone. Given by a party or an officer.
type RemitCollection struct {
	Originator lending.PartyID
	Collection int // its number
}

// Home implements lending.Command.
func (c RemitCollection) Home(lending.Meta) event.Ref[Originator] { return OriginatorRef(c.Originator) }

// Allowed implements lending.Command.
func (RemitCollection) Allowed() []lending.Role {
	return []lending.Role{lending.RoleParty, lending.RoleOfficer}
}

// Decide implements lending.Command. It refuses another party, one that may not withdraw, a collection that there
// is not, and, with a lending.FundsError, more than the originator's wallet has.
func (c RemitCollection) Decide(t *lending.Tx, o *Originator) (CollectionRemitted, error) {
	none := CollectionRemitted{}
	if err := o.in(c.Originator, Active, Suspended, Defaulted); err != nil {
		return none, err
	}
	if err := self(t, o.ID); err != nil {
		return none, err
	}
	if t.Actor.Role == lending.RoleParty {
		if err := t.May(o.ID, lending.ActWithdraw); err != nil {
			return none, err
		}
	}
	i := slices.IndexFunc(o.Collected, func(x Collection) bool { return x.Number == c.Collection })
	if i < 0 {
		return none, bad(lending.ErrUnknown, "originator "+string(o.ID), "has no such collection to pass on")
	}
	x := o.Collected[i]
	l, err := event.Read(t.Tx, lending.LoanRef(x.Loan))
	if err != nil {
		return none, err
	}
	a, err := money.New(x.Minor, o.Terms.Currency)
	if err != nil {
		return none, err
	}
	e := ledger.Move(ledger.Client, "collection-remitted", lending.Avail(o.ID), lending.Avail(l.Borrower), a)
	return CollectionRemitted{x, t.On, t.Actor.ID}, t.Post(e)
}

// Unremitted lists what should have been passed on before a day.
func (o *Originator) Unremitted(on civil.Date) (list []Collection) {
	for _, x := range o.Collected {
		if x.Due.Before(on) {
			list = append(list, x)
		}
	}
	return list
}
