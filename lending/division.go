package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ClaimsDivided stands on a loan when its claims were divided by term (期限拆分): each lot that owned an
// instalment and those before it owns those before it, and a new lot of the same holder, at the end of
// the register, the others.
type ClaimsDivided struct {
	On    civil.Date
	At    int        // the first instalment of the new lots
	Units []int64    // of each new lot, in the order of the lots that are divided: its share of the principal
	Drift Components // see [Loan].Drift
}

// Type implements event.Of.
func (ClaimsDivided) Type() string { return "divided" }

// Apply implements event.Of.
func (e ClaimsDivided) Apply(l *Loan) {
	l.seal(e.On)
	for k, i := range l.astride(e.At) {
		x, later := &l.Lots[i], *at(e.Units, k)
		if x.Bears == 0 {
			x.Bears = x.Units
		}
		l.Lots = append(l.Lots, Lot{Holder: x.Holder, Units: later, Weight: x.Weight, Bears: x.Bears,
			Span: Span{e.At, x.Span.To}, Rank: x.Rank, Since: x.Since})
		x = &l.Lots[i]
		x.Units, x.Span.To = x.Units-later, e.At
	}
	for c, n := range e.Drift {
		l.Drift[c] += n
	}
}

// Code implements event.Coder.
func (e *ClaimsDivided) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Count(&e.At)
	c.Ints(&e.Units)
	codeComponents(c, &e.Drift)
}

// astride lists the lots that own an instalment and the one before it.
func (l *Loan) astride(instalment int) (lots []int) {
	for i := range l.Lots {
		if s := l.Lots[i].Span; s.Has(instalment) && s.Has(instalment-1) {
			lots = append(lots, i)
		}
	}
	return lots
}

// Divide divides the claims on a loan by term, before an instalment, counted from 0. Who holds a lot holds
// both its parts. From then on what an instalment pays is shared among the lots that own it alone:
// principal by what they have of it, the rest as before. Nobody's principal changes by it.
//
// What a span owns is what falls due with its instalments. A payoff or an acceleration leaves to each span the
// principal of its instalments; interest that falls away is not owed to anybody, whatever was paid
// for it. Instalments that are added later belong to the last span. While claims are divided, the plan
// is not made anew ([Prepay], [Restructure]): its holders would have to agree.
//
// Refused are a product that does not allow it ([TransferRules]), an instalment that is not ahead, and one from which on something has been paid.
func (t *Tx) Divide(id LoanID, instalment int) error {
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return err
	}
	if err := l.in(id, StateActive); err != nil {
		return err
	}
	if err := t.Finished(l); err != nil {
		return err
	}
	ev, err := l.division(instalment, t.On)
	if err != nil {
		return err
	}
	return event.Write(t.Tx, LoanRef(l.ID), ev)
}

// divide divides a loan's claims by term where an assignment wants it, and lets it speak of the lot that
// goes then. Each division is to be applied as it comes.
func (l *Loan) divide(a *Assignment, on civil.Date, apply func(ClaimsDivided) error) error {
	s := l.Lots[a.Lot].Span
	if a.Span == (Span{}) || a.Span == s {
		return nil
	}
	if !s.Has(a.Span.From) || a.Span.To != 0 && (a.Span.To <= a.Span.From || !s.Has(a.Span.To-1)) ||
		a.Span.To == 0 && s.To != 0 {
		return &Error{ErrTerms, "loan " + string(l.ID), "its lot does not own these instalments"}
	}
	for _, at := range []int{a.Span.From, a.Span.To} {
		if n := slices.Index(l.astride(at), a.Lot); at > 0 && n >= 0 {
			lots := len(l.Lots)
			ev, err := l.division(at, on)
			if err != nil {
				return err
			}
			if err := apply(ev); err != nil {
				return err
			}
			if at == a.Span.From {
				a.Lot = lots + n
			}
		}
	}
	a.Units = l.Lots[a.Lot].Units
	return nil
}

// division figures what each lot has of the instalments from one on: its share of their principal.
func (l *Loan) division(instalment int, on civil.Date) (ev ClaimsDivided, err error) {
	refuse := func(why string) error { return &Error{ErrTerms, "loan " + string(l.ID), why} }
	lots := l.astride(instalment)
	if !l.Product.Transfers.ByTerm {
		return ev, refuse("its product does not let claims be divided by term: see TransferRules.ByTerm")
	}
	if l.Ranked() {
		return ev, &Error{ErrState, "loan " + string(l.ID), "its claims are ranked, and not divided by term as well"}
	}
	if lots == nil {
		return ev, &Error{ErrState, "loan " + string(l.ID), "its claims are divided there, or no instalments"}
	}
	b, err := l.booking(on)
	if err != nil {
		return ev, err
	}
	now := l.preview(b)
	if instalment < now.ahead(on) || instalment >= len(l.Dues) || now.Dues[instalment].Date == now.Dues[instalment-1].Date {
		return ev, refuse("its claims are divided before an instalment that is ahead, between two due dates")
	}
	if len(l.Lots)+len(lots) > MaxLots {
		return ev, &Error{ErrLimit, "loan " + string(l.ID), "has as many lots as a loan can have"}
	}
	ev = ClaimsDivided{On: on, At: instalment}
	p := l.poolOf(lots[0])
	var before int64 // principal that is unpaid of the instalments before
	for i := p.From; i < len(l.Dues) && p.Has(i); i++ {
		d := &l.Dues[i]
		switch missing := d.Missing(); {
		case d.Again.Total() != 0:
			return ev, refuse("what was called back is owed again on " + d.Date.String() + ": divide its claims when it is paid")
		case i < instalment:
			before += missing[Principal]
		case d.Paid.Total() != 0 || d.Advanced.Total() != 0 || d.Waived[Principal] != 0:
			return ev, refuse("something has been paid from " + d.Date.String() + " on, where its claims would be divided")
		}
	}
	first := make([]int64, len(l.Lots))
	if err := l.share(new(money.Apportioner), &p, Principal, before, first); err != nil {
		return ev, err
	}
	for _, i := range lots {
		x := &l.Lots[i]
		ev.Units = append(ev.Units, x.Units-x.Paid[Principal]-first[i])
	}
	after := *l
	after.Lots = slices.Clone(l.Lots)
	was, _, _ := after.drift()
	ev.Apply(&after)
	ev.Drift, _, _ = after.drift()
	for c := range ev.Drift {
		ev.Drift[c] = max(0, ev.Drift[c]-was[c])
	}
	return ev, nil
}
