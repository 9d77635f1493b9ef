package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// A buyer of instalments two and three of one lot gets what they pay of it and nothing else; what the
// other lender gets is what it was.
func TestSoldByTerm(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve", "zoe")
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 100_001, 6, "12% per year", "bob", "eve")
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
		want := spanShares(t, w.loan(id), i)
		w.repay(id, l.Dues[i].Owed.Total())
		paid[i] = map[lending.PartyID]int64{}
		for p := range had {
			paid[i][p] = w.wallet(p, cny).Available - had[p]
			had[p] += paid[i][p]
		}
		owner, seller, buyer := lending.PartyID("bob"), paid[i]["bob"], paid[i]["zoe"]
		if i == 1 || i == 2 {
			owner, seller, buyer = "zoe", buyer, seller
		}
		require.Zero(t, buyer)
		require.Equal(t, want, map[lending.PartyID]int64{"eve": paid[i]["eve"], owner: seller})
	}
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	w.reports()
}

// spanShares are what an instalment brings the holders of the lots that own it: principal by what they have of it,
// interest by what they lent.
func spanShares(t *testing.T, l *lending.Loan, instalment int) map[lending.PartyID]int64 {
	shares := map[lending.PartyID]int64{}
	for _, c := range []lending.Component{lending.Interest, lending.Principal} {
		var holders []lending.PartyID
		var paid, weights []int64
		total := l.Dues[instalment].Owed[c]
		for _, x := range l.Lots {
			if !x.Span.Has(instalment) {
				continue
			}
			weight := x.Units
			if c == lending.Interest {
				weight = x.Bears
			}
			holders, paid, weights = append(holders, x.Holder), append(paid, x.Paid[c]), append(weights, weight)
			total += x.Paid[c]
		}
		got, err := money.Apportion(nil, paid, weights, total)
		require.NoError(t, err)
		for k, n := range got {
			shares[holders[k]] += n
		}
	}
	return shares
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
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0:
				w.day = w.day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
			case 1:
				w.repay(id, rapid.Int64Range(1, minor).Draw(t, "pays"))
			case 2:
				w.dayEnd()
			case 3:
				_ = try(w, officer, lending.Chargeback{Loan: id, Reason: "bank"})
			case 4:
				_ = try(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
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

// divide divides a loan's claims with no sale.
type divide struct {
	Loan lending.LoanID
	At   int
}

func (c divide) Home(lending.Meta) event.Ref[market] { return markets.Ref("divide") }
func (divide) Allowed() []lending.Role               { return []lending.Role{lending.RoleOfficer} }
func (c divide) Decide(t *lending.Tx, _ *market) (sold, error) {
	return sold{}, t.Divide(c.Loan, c.At)
}

// What is divided by term stays with its holder, ends plans made anew, and is refused where it makes no
// sense.
func TestDivideRefuses(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve", "zoe")
	p := standard()
	whole := w.lent(p, 10_000, 3, "12% per year", "bob")
	require.ErrorIs(t, try(w, officer, divide{whole, 1}), lending.ErrTerms, "its product does not allow it")
	p.ID, p.Transfers.ByTerm = "apart", true
	id := w.lent(p, 10_000, 4, "12% per year", "bob", "eve")
	for _, at := range []int{-1, 0, 4, 9} {
		require.Error(t, try(w, officer, divide{id, at}), "%d", at)
	}
	require.ErrorIs(t, try(w, officer, divide{"L9", 1}), lending.ErrUnknown)
	lot := w.loan(id).Lots[0]
	sale := func(units int64, from, to int) error {
		return try(w, officer, sell{id, lending.Assignment{Units: units, Span: lending.Span{From: from, To: to}, To: "zoe"}})
	}
	require.ErrorIs(t, sale(lot.Units-1, 1, 2), lending.ErrTerms, "not the lot as a whole")
	require.ErrorIs(t, sale(lot.Units, 2, 1), lending.ErrTerms)
	require.ErrorIs(t, sale(lot.Units, 3, 5), lending.ErrTerms)
	w.deposit("ann", amt(9_000, cny))
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, w.loan(id).Dues[0].Owed.Total()+100) // and a part of the next
	require.ErrorIs(t, try(w, officer, divide{id, 1}), lending.ErrTerms, "paid ahead")
	do(w, officer, divide{id, 2})
	require.ErrorIs(t, try(w, officer, divide{id, 2}), lending.ErrState, "divided there already")
	l := w.loan(id)
	require.Equal(t, []lending.Span{{To: 2}, {To: 2}, {From: 2}, {From: 2}},
		[]lending.Span{l.Lots[0].Span, l.Lots[1].Span, l.Lots[2].Span, l.Lots[3].Span})
	require.ErrorIs(t, try(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(3_000, cny)}), lending.ErrState)
	require.ErrorIs(t, try(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 9}), lending.ErrState)
	require.Error(t, sale(l.Lots[0].Units, 1, 3), "beyond its span")
	b, err := w.desk.LiveBook(t.Context(), w.day)
	require.NoError(t, err)
	require.EqualValues(t, "claims-by-term", b.LeftLoans[0].Why)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.reports()
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
