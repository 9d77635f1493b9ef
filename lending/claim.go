package lending

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Assignment is a change of title: so many units of a lot to another holder (债权转让). A span within the
// lot's own divides the loan's claims by term first ([Tx.Divide]); the whole lot has to be named then.
type Assignment struct {
	Lot   int
	Units int64
	Span  Span // instalments of the lot that go; zero for all of its own
	Rank  int  // from the lot's own on, which a sale has to name; zero for it. A later one is [Subordinate]
	To    PartyID
	// Compelled says that title passes by law or contract (subrogation, buyback), not by a sale: the
	// product's transfer rules do not bind it.
	Compelled bool
}

// ClaimAssigned stands on a loan when title has moved. A part of a lot becomes a new lot, the last.
type ClaimAssigned struct {
	Assignment
	On    civil.Date
	Bears int64      // of the lot's, the moved part's
	Paid  Components // of what the lot was paid
	Fees  [maxLenderFees]Tally
}

// Type implements event.Of.
func (ClaimAssigned) Type() string { return "assigned" }

// Apply implements event.Of.
func (e ClaimAssigned) Apply(l *Loan) {
	l.seal(e.On)
	x := l.lot(e.Lot)
	if e.Units == x.Units {
		x.Holder, x.Since = e.To, e.On
		return
	}
	part := Lot{e.To, e.Units, x.Weight, x.Span, e.Bears, x.Rank, e.Paid, e.Fees, e.On}
	x.Units, x.Bears = x.Units-e.Units, x.Bears-e.Bears
	for k := range x.Fees {
		x.Fees[k].Base -= e.Fees[k].Base
		x.Fees[k].Charged -= e.Fees[k].Charged
	}
	for c := range x.Paid {
		x.Paid[c] -= e.Paid[c]
	}
	l.Lots = append(l.Lots, part)
}

// Code implements event.Coder.
func (e *ClaimAssigned) Code(c *event.Codec) {
	c.Count(&e.Lot)
	c.Int(&e.Units)
	e.Span.code(c)
	c.Count(&e.Rank)
	event.Text(c, &e.To)
	c.Bool(&e.Compelled)
	c.Date(&e.On)
	c.Int(&e.Bears)
	codeComponents(c, &e.Paid)
	codeTallies(c, &e.Fees)
}

func codeComponents(c *event.Codec, p *Components) {
	for i := range p {
		c.Int(&p[i])
	}
}

// Assign moves title to a part of a loan. It is the one door: sale, split, package, payout of a
// guarantee and buyback all end here. Price and payment are the caller's, in the same commit; the
// register follows. A lot split by amount divides what it was paid so that both parts keep the rule
// of the [money.Apportioner]. What goes at a later rank than the lot's stands behind it from then on, as by
// [Subordinate]; one before it is refused.
//
// Where it divides nothing by term, a refusal has changed nothing of the loan, its lenders and the books.
func (t *Tx) Assign(id LoanID, a Assignment) error {
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return err
	}
	if err := l.in(id, StateActive); err != nil {
		return err
	}
	if err := t.May(a.To, ActHold); err != nil {
		return err
	}
	if err := l.assignable(a); err != nil {
		return err
	}
	if err := t.Finished(l); err != nil {
		return err
	}
	if !a.Compelled {
		if err := l.sellable(a, t.On); err != nil {
			return err
		}
	}
	divide := func(e ClaimsDivided) error { return event.Write(t.Tx, LoanRef(id), e) }
	if err := l.divide(&a, t.On, divide); err != nil {
		return err
	}
	ev, err := l.assigned(a, t.On)
	if err != nil {
		return err
	}
	from, rank, before := l.Lots[a.Lot].Holder, l.Lots[a.Lot].Rank, len(l.Lots)
	after, err := l.titledAs(&ev)
	if err != nil {
		return err
	}
	if err := t.unlocked(); err != nil {
		return err
	}
	if !a.Compelled {
		if err := t.maySell(after, from, a); err != nil {
			return err
		}
	}
	if err := t.titled(after, from, a); err != nil {
		return err
	}
	left, ref := a.Units-ev.Paid[Principal], ledger.Ref(id)
	e := ledger.Entry{Book: ledger.Register, Why: "assigned", Currency: l.Currency()}
	e.Debit(ledger.Claim(ledger.Owner(a.To), ref), left)
	e.Credit(ledger.Claim(ledger.Owner(from), ref), left)
	if err := t.post(e, l.stake(from, -left), l.stake(a.To, left)); err != nil {
		return err
	}
	if err := event.Write(t.Tx, LoanRef(id), ev); err != nil {
		return err
	}
	if a.Rank > rank {
		return t.Subordinate(id, after.assignee(&a, before), a.Rank)
	}
	return nil
}

// titledAs is the loan as it is once a part has gone to another holder, at its rank.
func (l *Loan) titledAs(ev *ClaimAssigned) (*Loan, error) {
	after, rank := *l, l.Lots[ev.Lot].Rank
	after.Lots = slices.Clone(l.Lots)
	ev.Apply(&after)
	if ev.Rank > rank {
		behind, err := after.subordination(after.assignee(&ev.Assignment, len(l.Lots)), ev.Rank, ev.On)
		if err != nil {
			return nil, err
		}
		behind.Apply(&after)
	}
	return &after, nil
}

// assignee is the lot that an assignment made, or moved as a whole.
func (l *Loan) assignee(a *Assignment, before int) int {
	if len(l.Lots) > before {
		return before
	}
	return a.Lot
}

// assigned is the assignment of a part that the register has by term.
func (l *Loan) assigned(a Assignment, on civil.Date) (ClaimAssigned, error) {
	x := &l.Lots[a.Lot]
	ev := ClaimAssigned{Assignment: a, On: on, Bears: x.Bears, Paid: x.Paid, Fees: x.Fees}
	if a.Units < x.Units {
		if err := l.part(&ev); err != nil {
			return ev, fmt.Errorf("split lot %d of loan %s: %w", a.Lot, l.ID, err)
		}
	}
	return ev, nil
}

func (l *Loan) assignable(a Assignment) error {
	if err := l.partial(a); err != nil {
		return err
	}
	switch {
	case len(l.Lots) >= MaxLots && a.Units < l.Lots[a.Lot].Units:
		return &Error{ErrLimit, "loan " + string(l.ID), "has as many lots as a loan can have"}
	case a.To == l.Borrower:
		return &Error{ErrActor, "party " + string(a.To), "owes the loan"}
	case a.To == l.Lots[a.Lot].Holder:
		return &Error{ErrState, "party " + string(a.To), "holds the lot already"}
	}
	return nil
}

// partial refuses what is no part of a lot by amount or by term.
func (l *Loan) partial(a Assignment) error {
	switch {
	case a.Lot < 0 || a.Lot >= len(l.Lots) || a.Units < 0 || a.Units > l.Lots[a.Lot].Units ||
		a.Units == 0 && l.Lots[a.Lot].Units > 0:
		return &Error{ErrLimit, "loan " + string(l.ID), "has no such part of a lot"}
	case a.Rank != 0 && a.Rank < l.Lots[a.Lot].Rank:
		return &Error{ErrTerms, "loan " + string(l.ID), "a claim does not rise in rank"}
	case a.Rank > l.Lots[a.Lot].Rank && a.Span != (Span{}):
		return &Error{ErrTerms, "loan " + string(l.ID), "its claims are divided by term or by rank, not both"}
	case a.Span != (Span{}) && a.Units < l.Lots[a.Lot].Units:
		return &Error{ErrTerms, "loan " + string(l.ID), "a lot is divided by term as a whole: divide it by amount before or after"}
	}
	return nil
}

// part divides what a lot was paid between the units that stay and those that go, and notes what goes with
// the latter. Both stay at the floor or the ceiling of their exact share of what the loan paid: each
// starts at its floor, and what is left goes to the one whose next unit falls due sooner.
func (l *Loan) part(ev *ClaimAssigned) (err error) {
	stay, gone := l.Lots[ev.Lot], l.Lots[ev.Lot]
	if gone.Bears, err = money.MulDiv(stay.Bears, ev.Units, stay.Units, money.Down); err != nil {
		return err
	}
	gone.Units, stay.Units, stay.Bears = ev.Units, stay.Units-ev.Units, stay.Bears-gone.Bears
	p := l.poolOf(ev.Lot)
	for c := Interest; c <= Costs; c++ {
		x := &l.Lots[ev.Lot]
		a, b := stay.weight(c), gone.weight(c)
		if l.Drift[c] > 0 { // its lots keep no rule that the parts could keep
			ev.Paid[c], _ = share(x.Paid[c], b, a+b)
			continue
		}
		_, received := l.paid(&p, c)
		_, denominator := l.weights(&p, c)
		keeps, keepsExact := share(received, a, denominator)
		gets, getsExact := share(received, b, denominator)
		switch rest := x.Paid[c] - keeps - gets; {
		case rest == 2, rest == 1 && keepsExact, rest == 1 && !getsExact && sooner(gets, b, keeps, a):
			gets++
		}
		ev.Paid[c] = gets
	}
	ev.Bears = gone.Bears
	return l.partFees(ev)
}

// partFees divides the running figures of lenders' fees.
func (l *Loan) partFees(ev *ClaimAssigned) (err error) {
	x := &l.Lots[ev.Lot]
	ev.Fees = [maxLenderFees]Tally{}
	for k, t := range x.Fees {
		if ev.Fees[k].Base, err = money.MulDiv(t.Base, ev.Units, x.Units, money.Down); err != nil {
			return err
		}
		if ev.Fees[k].Charged, err = money.MulDiv(t.Charged, ev.Units, x.Units, money.Down); err != nil {
			return err
		}
	}
	return nil
}

// sooner reports whether the next unit of a lot that was paid a, with so many units, falls due
// before that of one that was paid b.
func sooner(a, units, b, others int64) bool {
	hiA, loA := bits.Mul64(uint64(a+1), uint64(others))
	hiB, loB := bits.Mul64(uint64(b+1), uint64(units))
	return hiA < hiB || hiA == hiB && loA < loB
}
