package transfer_test

import (
	"context"
	"errors"
	"flag"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// look looks at the board before the day-end does, and checks what becomes of short holdings.
func (m *machine) look() {
	before := m.board()
	e, err := act(m, timer, transfer.LookAtBoard{Loan: m.id})
	if err != nil {
		return
	}
	at := map[int]transfer.Listing{}
	for _, x := range before.Listings {
		at[x.Number] = x
	}
	for _, s := range e.Back {
		m.sales++
		x := at[s.Listing]
		require.Equal(m.t, m.sales, s.Number)
		require.Equal(m.t, [2]lending.PartyID{x.Seller, x.Backstop}, [2]lending.PartyID{s.Seller, s.Buyer})
		require.Equal(m.t, [3]int64{x.Units, s.Principal, s.Clean + s.Accrued}, [3]int64{s.Units, s.Clean, s.Dirty()})
		require.Equal(m.t, transfer.Roll{}, s.Roll)
		require.Equal(m.t, x.Backstop, m.loan().Lots[x.Lot].Holder)
	}
	for _, f := range e.Failed {
		x := at[f.Listing]
		require.True(m.t, e.On.After(x.Opens) && !x.Opens.IsZero())
		require.Equal(m.t, x.Backstop != "" && f.Outcome == transfer.Extended, f.Refused != "", "%+v", f)
		m.took[f.Outcome.String()+" "+string(f.Refused)]++
	}
}

// waits checks a short holding that day-end left.
func (m *machine) waits(x transfer.Listing) {
	day, l := m.first().day, m.loan()
	if !day.After(x.Opens) {
		m.took["not open"]++
		return
	}
	require.False(m.t, x.Failed.IsZero(), "it shows that nobody bought")
	require.Equal(m.t, x.Seller, l.Lots[x.Lot].Holder)
	require.Equal(m.t, x.Backstop != "", x.Refused != "", "who is to take it back has, or why not")
	list, err := transfer.ShortHoldings(context.Background(), m.first().desk, m.id, day)
	require.NoError(m.t, err)
	at := slices.IndexFunc(list, func(h transfer.ShortHolding) bool { return h.Listing == x.Number })
	require.GreaterOrEqual(m.t, at, 0)
	require.Equal(m.t, day.Sub(x.Opens), list[at].WaitDays)
	_, err = transfer.QuoteSale(context.Background(), m.first().desk, m.id, x.Number, x.Units, day)
	require.Equal(m.t, list[at].Rests, errors.Is(err, transfer.ErrLapsed))
	if list[at].Rests {
		m.took["rests"]++
	}
}

// halfway begins with claims of bob and eve that others hold for some days.
func (m *machine) halfway(t *rapid.T) {
	for lot, who := range []lending.PartyID{"bob", "eve"} {
		n := transfer.Tenor{Days: rapid.IntRange(5, 30).Draw(t, "tenor"), Failed: transfer.Extended}
		if who == "bob" {
			n.Failed = transfer.TakenBack
		}
		w := m.first()
		if len(w.loan(m.id).Lots) > 2 || w.loan(m.id).Lots[lot].Holder != who {
			continue
		}
		for _, w := range m.desks {
			w.day = w.day.AddDays(5 * (1 - lot))
		}
		units := rapid.Int64Range(50, w.loan(m.id).Lots[lot].Units).Draw(t, "units")
		e, err := act(m, party(who), transfer.ListClaim{Market: "m", Loan: m.id, Lot: lot, Units: units, Tenor: n,
			Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day.AddDays(9)})
		if err != nil {
			continue
		}
		s, err := transfer.QuoteSale(context.Background(), w.desk, m.id, e.Listing.Number, units, w.day)
		require.NoError(t, err)
		c := buying(m.id, s)
		c.Days = rapid.IntRange(1, n.Days).Draw(t, "for days")
		if b, err := act(m, party("zoe"), c); err == nil {
			m.sold(b.Sale)
		}
	}
}

// drain leaves bob, who is to take claims back, without money or without a facility for more.
func (m *machine) drain(t *rapid.T) {
	if rapid.Bool().Draw(t, "money") {
		if all := m.first().free("bob"); all > 0 {
			_, _ = act(m, party("bob"), lending.Withdraw{Amount: amt(all)})
		}
		return
	}
	out := m.first().wallet("bob").LentTotal()
	_, _ = act(m, officer, transfer.DefineFacility{Lender: "bob", Terms: transfer.FacilityTerms{Relation: transfer.Connected,
		Limits: []money.Amount{amt(max(1, out))}}})
}

func (m *machine) fund(t *rapid.T) {
	_, _ = act(m, bank, lending.Deposit{Party: "bob", Amount: amt(rapid.Int64Range(1, 9_000_00).Draw(t, "bob's money"))})
}

// third makes a third of the random runs: long ones.
func third(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	require.NoError(t, checks.Value.Set(strconv.Itoa(max(1, runs()/3))))
	t.Cleanup(func() { require.NoError(t, checks.Value.Set(was)) })
}

// Claims that are held for some days, rolled on, extended and taken back, among payments, prepayments,
// arrears, reversals and sales of other kinds.
func TestRollMachine(t *testing.T) {
	third(t)
	took := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		m.desks = m.desks[:1] // TestMachine has both
		m.halfway(t)
		t.Repeat(map[string]func(*rapid.T){
			"list": m.list, "buy": m.buy, "buy again": m.buy, "order": m.order, "match": m.match,
			"withdraw": m.withdraw, "pay": m.pay, "pay again": m.pay, "give": m.give, "days": m.days, "more days": m.days,
			"again": m.again, "drain": m.drain, "fund": m.fund, "": m.check,
		})
		for k, n := range m.took {
			took[k] += n
		}
	})
	for _, want := range []string{"held short", "not open", "rests", "BuyClaim ", "Repay "} {
		if took[want] == 0 && runs() >= 30 {
			t.Errorf("%q never happened: %v", want, took)
		}
	}
	t.Log(took)
}
