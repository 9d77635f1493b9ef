package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// A buyer of instalments two and three of one lot gets what they pay of it and nothing else; what the
// other lender gets is what it was.
func TestSoldByTerm(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve", "zoe")
	id := w.lent(standard(), 100_001, 6, "12% per year", "bob", "eve")
	do(w, officer, sell{id, lending.Assignment{Lot: 0, Units: w.loan(id).Lots[0].Units, Span: lending.Span{From: 1, To: 3}, To: "zoe"}})
	l := w.loan(id)
	require.NoError(t, l.Check())
	require.Len(t, l.Lots, 6)
	had := map[lending.PartyID]int64{}
	for _, p := range []lending.PartyID{"bob", "eve", "zoe"} {
		had[p] = w.wallet(p, cny).Available
	}
	paid := make([]map[lending.PartyID]int64, 6)
	for i := range 6 {
		w.day = l.Dues[i].Date
		w.repay(id, l.Dues[i].Owed.Total())
		paid[i] = map[lending.PartyID]int64{}
		for p := range had {
			paid[i][p] = w.wallet(p, cny).Available - had[p]
			had[p] += paid[i][p]
		}
		require.InDelta(t, float64(l.Dues[i].Owed.Total())/2, paid[i]["eve"], 2)
		seller, buyer := paid[i]["bob"], paid[i]["zoe"]
		if i == 1 || i == 2 {
			seller, buyer = buyer, seller
		}
		require.Zero(t, buyer)
		require.InDelta(t, float64(l.Dues[i].Owed.Total())/2, seller, 2)
	}
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	w.reports()
}

// Whatever parts of claims are sold by amount and by term, and however the loan is paid, late, ahead or
// off, every part has its principal back to the minor unit, and no unit is ever owned twice or by nobody.
func TestClaimsByAmountAndTerm(t *testing.T) {
	sold := 0
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		p.Method = rapid.SampledFrom([]schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal,
			schedule.MethodInterestOnly, schedule.MethodBullet, schedule.MethodFlat}).Draw(t, "method")
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob", "eve", "zoe", "dan")
		minor := rapid.Int64Range(200, 100_000).Draw(t, "amount")
		id := w.lent(p, minor, rapid.IntRange(2, 8).Draw(t, "periods"), "12% per year", "bob", "eve")
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			l := w.loan(id)
			if l.State != lending.StateActive {
				break
			}
			require.NoError(t, l.Check())
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				w.day = w.day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
			case 1:
				w.repay(id, rapid.Int64Range(1, minor).Draw(t, "pays"))
			case 2:
				w.dayEnd()
			default:
				to := rapid.SampledFrom([]lending.PartyID{"bob", "eve", "zoe", "dan"}).Draw(t, "to")
				if try(w, officer, sell{id, drawPart(t, l, rapid.Bool().Draw(t, "by term"), to)}) == nil {
					sold++
				}
			}
		}
		w.reports()
		w.closes(t, id)
		require.NoError(t, w.loan(id).Check())
	})
	if runs() >= 100 {
		require.Greater(t, sold, 50)
	}
}

// drawPart draws a sale of a part of a claim, by amount or by term.
func drawPart(t *rapid.T, l *lending.Loan, byTerm bool, to lending.PartyID) lending.Assignment {
	a := lending.Assignment{Lot: rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot"), To: to}
	a.Units = l.Lots[a.Lot].Units
	if !byTerm {
		a.Units = rapid.Int64Range(min(1, a.Units), a.Units).Draw(t, "units")
		return a
	}
	a.Span.From = rapid.IntRange(0, len(l.Dues)-1).Draw(t, "from")
	if rapid.Bool().Draw(t, "to an instalment") {
		a.Span.To = rapid.IntRange(a.Span.From, len(l.Dues)).Draw(t, "to instalment")
	}
	return a
}
