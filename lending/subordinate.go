package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Subordinate puts a lot behind those of lower ranks, by its holder's consent (劣后): from then on it bears a
// shortage before they do. A lot never rises again. Payments before can no longer be reversed, but called
// back ([Chargeback]). While claims are ranked they are not divided by term ([Tx.Divide]). Given by a party.
type Subordinate struct {
	Loan LoanID
	Lot  int // its place in Loan.Lots
	Rank int // more than its own, MaxRank at most
}

// ClaimSubordinated is the outcome of [Subordinate], and stands on a loan when [Tx.Subordinate] was called.
type ClaimSubordinated struct {
	On    civil.Date
	Lot   int
	Rank  int
	Drift Components // see [Loan].Drift
}

// Type implements event.Of.
func (ClaimSubordinated) Type() string { return "subordinated" }

// Apply implements event.Of.
func (e ClaimSubordinated) Apply(l *Loan) {
	l.fence(e.On)
	l.lot(e.Lot).Rank = e.Rank
	for c, n := range e.Drift {
		l.Drift[c] += n
	}
}

// Code implements event.Coder.
func (e *ClaimSubordinated) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Count(&e.Lot)
	c.Count(&e.Rank)
	codeComponents(c, &e.Drift)
}

// Home implements Command.
func (c Subordinate) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Subordinate) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a lot of another holder, a holder who may take no money out, since
// this gives away what he has, and what [Tx.Subordinate] does.
func (c Subordinate) Decide(t *Tx, l *Loan) (ClaimSubordinated, error) {
	none := ClaimSubordinated{}
	if err := l.in(c.Loan, StateActive); err != nil {
		return none, err
	}
	if c.Lot < 0 || c.Lot >= len(l.Lots) {
		return none, l.noLot()
	}
	holder := l.Lots[c.Lot].Holder
	if err := t.self(holder); err != nil {
		return none, err
	}
	if err := t.May(holder, ActWithdraw); err != nil { // it gives away as much
		return none, err
	}
	return t.subordinate(l, c.Lot, c.Rank)
}

// Subordinate puts a lot behind others, for a satellite that has its holder's consent; see the command. It
// works from the day on which a loan is paid out, before its plan begins. It refuses a product that does
// not allow it ([TransferRules]), a rank that is not later than the lot's or beyond MaxRank, claims that are
// divided by term, a loan of which something is due or was called back and is unpaid, and one whose ranks
// are not on a par, because an instalment was paid in part ahead or something was waived.
func (t *Tx) Subordinate(id LoanID, lot, rank int) error {
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return err
	}
	if err := l.in(id, StateReviewed, StateActive); err != nil {
		return err
	}
	ev, err := t.subordinate(l, lot, rank)
	if err != nil {
		return err
	}
	return event.Write(t.Tx, LoanRef(id), ev)
}

func (t *Tx) subordinate(l *Loan, lot, rank int) (ClaimSubordinated, error) {
	if err := t.Finished(l); err != nil {
		return ClaimSubordinated{}, err
	}
	return l.subordination(lot, rank, t.On)
}

// subordination figures what becomes of a lot that is put behind others.
func (l *Loan) subordination(lot, rank int, on civil.Date) (ev ClaimSubordinated, err error) {
	if lot < 0 || lot >= len(l.Lots) {
		return ev, l.noLot()
	}
	if rank <= l.Lots[lot].Rank {
		return ev, &Error{ErrTerms, "loan " + string(l.ID), "a claim does not rise in rank, and is of its own already"}
	}
	if err := l.subordinable(rank, on); err != nil {
		return ev, err
	}
	ev = ClaimSubordinated{On: on, Lot: lot, Rank: rank}
	after := *l
	after.Lots = slices.Clone(l.Lots)
	was, _, _ := after.drift()
	ev.Apply(&after)
	ev.Drift, _, _ = after.drift()
	for c := range ev.Drift {
		ev.Drift[c] = max(0, ev.Drift[c]-was[c])
		if ev.Drift[c] > int64(2*len(l.Lots)) {
			return ev, &Error{ErrState, "loan " + string(l.ID),
				"has paid its lots other parts of what they lent, by their ranks: once they are on a par, rank them"}
		}
	}
	return ev, nil
}

// subordinable refuses to put any claim of the loan at a rank on a date.
func (l *Loan) subordinable(rank int, on civil.Date) error {
	refuse := func(kind error, why string) error { return &Error{kind, "loan " + string(l.ID), why} }
	switch {
	case !l.Product.Transfers.ByRank:
		return refuse(ErrTerms, "its product does not let claims be ranked: see TransferRules.ByRank")
	case rank > MaxRank:
		return refuse(ErrLimit, "its claims have ranks 0 to 3")
	case l.Divided():
		return refuse(ErrState, "its claims are divided by term, and not ranked as well")
	}
	for i := range l.Dues {
		d := &l.Dues[i]
		switch {
		case !d.Date.After(on) && d.Unpaid().Total() != 0:
			return refuse(ErrState, "owes what is due: its claims are ranked when that is paid")
		case d.Again.Total() != 0 && d.Unpaid().Total() != 0:
			return refuse(ErrState, "owes what was called back on "+d.Date.String()+": its claims are ranked when that is paid")
		}
	}
	return l.notBefore(on)
}

func (l *Loan) noLot() error {
	return &Error{ErrUnknown, "loan " + string(l.ID), "has no such lot"}
}
