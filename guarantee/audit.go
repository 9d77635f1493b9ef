package guarantee

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
)

// FundFigures are a fund's figures as they follow from what happened, in minor units.
type FundFigures struct {
	Cash        int64 // in: contributions, deposits, recoveries; out: payments, excess
	Queued      int64 // asked for and neither paid nor settled by others
	Promised    int64 // by the loans' own records, of Queued
	Paid        int64 // to lenders, and who else is owed what it covers
	Recovered   int64 // of Paid, from borrowers
	Penalty     int64 // had from borrowers on what was out of Paid
	Released    int64
	Covered     int64 // as last measured
	Outstanding int64 // covered principal as the loans stand
}

// AuditFund recomputes a fund from the whole feed: its cash and payments from the entries of the books, its
// queue and cover from its own events, promises and recoveries from the loans. It figures the shares of every round
// anew by the policy, among the demands that were ready that day, and holds what was paid against them. It compares
// all that with each other and with the fund's state and joins what does not agree, each an ErrAudit. Run it while
// nothing is written.
func AuditFund(ctx context.Context, d *lending.Desk, id lending.PartyID) (FundFigures, error) {
	a := fundAudit{id: id, queue: map[Key]int64{}, covered: map[lending.LoanID]int64{}}
	for at := event.Position(0); ; {
		list, next, err := d.Follow(ctx, at, 1000)
		if err != nil {
			return a.FundFigures, err
		}
		if len(list) == 0 {
			break
		}
		for _, h := range list {
			a.see(h)
		}
		at = next
	}
	f, _, err := lending.View(ctx, d, FundRef(id))
	if err != nil {
		return a.FundFigures, err
	}
	if err := f.known(id); err != nil {
		return a.FundFigures, err
	}
	w, err := d.Wallet(ctx, id, f.Terms.Currency)
	if err != nil {
		return a.FundFigures, err
	}
	r, err := d.Reports(ctx)
	if err != nil {
		return a.FundFigures, err
	}
	a.loans(r, f)
	return a.FundFigures, errors.Join(f.Check(), a.compare(f, w))
}

// fundAudit folds what happened the obvious way.
type fundAudit struct {
	FundFigures
	id       lending.PartyID
	queue    map[Key]int64
	covered  map[lending.LoanID]int64
	settled  int64 // by the fund's events
	released int64 // by the fund's events
	advanced int64 // by the loans
	errs     []error
	then     Fund // as it was when the event was decided
}

func (a *fundAudit) see(h lending.Happening) {
	if e, ok := h.Event.(ledger.Entry); ok {
		a.entry(&e)
	}
	if h.Stream != FundRef(a.id).Stream() {
		return
	}
	switch e := h.Event.(type) {
	case RoundFixed:
		a.round(&e)
	case FundCovered:
		a.covered[e.Loan] = e.Minor
	case FundDropped:
		delete(a.covered, e.Loan)
		maps.DeleteFunc(a.queue, func(k Key, _ int64) bool { return k.Loan == e.Loan })
	case FundMeasured:
		for _, m := range e.Loans {
			a.covered[m.Loan] = m.Minor
		}
	case FundDemanded:
		a.queue[e.Key], a.covered[e.Loan] = e.Minor, e.Covered
	case FundSettled:
		for _, s := range e.Paid {
			a.settled += s.Minor
			if s.Minor > a.share(s.Key) {
				a.wrong("paid %d on loan %s, which is more than its share", s.Minor, s.Loan)
			}
			if s.Minor+s.Left > a.queue[s.Key] {
				a.wrong("paid %d and left %d of %d on loan %s", s.Minor, s.Left, a.queue[s.Key], s.Loan)
			}
			a.queue[s.Key] = s.Left
		}
	case FundLapsed:
		for _, d := range e.Demands {
			delete(a.queue, d.Key)
		}
	case ExcessReleased:
		a.released += e.Minor
	}
	if e, ok := h.Event.(event.Of[Fund]); ok {
		e.Apply(&a.then)
	}
}

// round holds the shares of a round against the policy.
func (a *fundAudit) round(e *RoundFixed) {
	want, err := a.then.Terms.Policy.Shares(e.Cash, a.then.ready(e.On))
	if err != nil || !slices.Equal(want, e.Shares) {
		a.wrong("the round of %s shares %d out as %v, want %v", e.On, e.Cash, e.Shares, want)
	}
}

// share is what a demand has in the round that runs.
func (a *fundAudit) share(k Key) int64 {
	for _, s := range a.then.Due {
		if s.Key == k {
			return s.Minor
		}
	}
	return 0
}

func (a *fundAudit) entry(e *ledger.Entry) {
	for _, l := range e.Legs {
		if l.Account != lending.Avail(a.id) {
			continue
		}
		switch a.Cash -= l.Debit; e.Why {
		case "cover-paid":
			a.Paid += l.Debit
		case whyExcess:
			a.Released += l.Debit
		}
		if a.Cash < 0 {
			a.wrong("cash fell to %d", a.Cash)
		}
	}
}

// recoveries adds an advance of the fund, or what it has had of penalty interest on some.
func (a *fundAudit) recoveries(v lending.Advance) {
	if v.Component == lending.Penalty {
		a.Penalty += v.Recovered
		return
	}
	a.advanced += v.Amount
	a.Recovered += v.Recovered
}

// loans sums what the loans say of the fund.
func (a *fundAudit) loans(r *lending.Reports, f *Fund) {
	for _, id := range r.Loans() {
		l := r.Loan(id)
		for _, v := range l.Advances {
			if v.Payer == a.id {
				a.recoveries(v)
			}
		}
		for layer, v := range l.Product.Covers {
			if v.Name != lending.Code(a.id) {
				continue
			}
			a.promises(l, layer)
		}
		if _, ok := a.covered[id]; ok {
			n, err := f.covers(l)
			a.Outstanding += n
			a.errs = append(a.errs, err)
		}
	}
}

// promises holds what a loan was promised against the demands.
func (a *fundAudit) promises(l *lending.Loan, layer int) {
	for i := range l.Dues {
		n := l.Dues[i].Promised[layer]
		a.Promised += n
		if q := a.queue[Key{l.ID, layer, i}]; n > q {
			a.wrong("loan %s was promised %d and asks for %d", l.ID, n, q)
		}
	}
}

func (a *fundAudit) compare(f *Fund, w *lending.Wallet) error {
	for k, n := range a.queue {
		a.Queued += n
		if d, _ := f.Queue.Get(k); d.Minor != n {
			a.wrong("demand of loan %s is %d, want %d", k.Loan, d.Minor, n)
		}
	}
	for id, n := range a.covered {
		a.Covered += n
		if m, ok := f.Covering(id); !ok || m != n {
			a.wrong("loan %s is covered for %d, want %d", id, m, n)
		}
	}
	same := func(what string, got, want int64) {
		if got != want {
			a.wrong("%s is %d, want %d", what, got, want)
		}
	}
	same("cash", w.Available, a.Cash)
	same("queue", f.Queue.Total(), a.Queued)
	same("payments", f.Paid, a.Paid)
	same("payments by settlements", a.settled, a.Paid)
	same("payments by loans", a.advanced, a.Paid)
	same("excess", f.Released, a.Released)
	same("excess by events", a.released, a.Released)
	same("cover", f.Covered, a.Covered)
	same("loans", int64(f.Loans()), int64(len(a.covered)))
	return errors.Join(a.errs...)
}

func (a *fundAudit) wrong(format string, args ...any) {
	a.errs = append(a.errs, refuse(ErrAudit, "fund "+string(a.id)+": "+format, args...))
}
