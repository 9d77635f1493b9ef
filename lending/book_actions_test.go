package lending_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// defineBooks opens a book in each currency, where no custodian keeps sub-accounts.
func (m *machine) defineBooks(cfgs []lending.Config) {
	if slices.ContainsFunc(cfgs, func(c lending.Config) bool { return c.Custody == lending.PerUser }) {
		return
	}
	for _, c := range m.curs {
		run(m, officer, lending.DefineBook{Market: lending.Code(c.Code()), Rules: rolling(c)})
	}
}

// offers reads a desk's offers of a currency, nil where there is no book.
func (m *machine) offers(w *twin, c money.Currency) []lending.StandingOffer {
	b, err := w.desk.Book(context.Background(), lending.Code(c.Code()))
	if err != nil {
		return nil
	}
	return b.Offers
}

// offer places an offer of a party, or withdraws one that stands.
func (m *machine) offer(t *rapid.T) {
	c := draw(t, "currency", m.curs)
	if stand := m.offers(m.desks[0], c); len(stand) > 0 && rapid.IntRange(0, 3).Draw(t, "withdraw") == 0 {
		o := draw(t, "offer", stand)
		who := draw(t, "who", []lending.Actor{officer, party(o.Lender), party(m.party(t))})
		run(m, who, lending.WithdrawOffer{Market: lending.Code(c.Code()), Offer: o.Offer})
		return
	}
	m.offerFor(t, amt(minor(t, 50_000), c), rapid.IntRange(0, 7).Draw(t, "term"))
}

// offerFor places an offer and matches no loan with it.
func (m *machine) offerFor(t *rapid.T, a money.Amount, term int) {
	who := m.party(t)
	if rapid.IntRange(0, 3).Draw(t, "fund") > 0 {
		m.fund(who, a)
	}
	run(m, party(who), lending.PlaceOffer{Market: lending.Code(a.Currency().Code()), Term: term, Amount: a,
		Rate: schedule.MustRate(fmt.Sprintf("%d%% per year", rapid.IntRange(0, 13).Draw(t, "rate")))})
}

// match fills an open loan from its book on every desk, whatever their chunks, and once more with the
// same key.
func (m *machine) match(t *rapid.T) {
	if l := m.loan(t, lending.StateOpen); l != nil && l.Product.Tender.Mechanism == lending.MarketRate {
		m.matchLoan(t, l)
	}
}

func (m *machine) matchLoan(t *rapid.T, l *lending.Loan) {
	m.offerFor(t, amt(minor(t, max(1, l.Amount.Minor()-l.Raised)), l.Currency()), l.Periods)
	m.keys++
	meta := lending.Meta{Key: fmt.Sprintf("m%d", m.keys), Actor: timer, On: m.day}
	var first lending.BookMatched
	var code string
	for i, w := range m.desks {
		e, err := w.desk.Match(context.Background(), meta, l.ID)
		if i == 0 {
			first, code = e, lending.CodeOf(err)
		}
		same(t, "matched", code, lending.CodeOf(err))
		again, err := w.desk.Match(context.Background(), meta, l.ID)
		same(t, "matched again", code, lending.CodeOf(err))
		if d := cmp.Diff([]any{first.Fills, e.Fills}, []any{e.Fills, again.Fills}, exported); d != "" {
			t.Fatalf("desk %d matches otherwise: %s", i, d)
		}
		w.advance(t)
	}
	m.counts[fmt.Sprintf("match %s %t", code, len(first.Fills) > 0)]++
	m.settle()
}
