package guarantee_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

func originatorTerms() guarantee.OriginatorTerms {
	return guarantee.OriginatorTerms{Currency: cny, Line: 2_000_000, BuybackDays: 60}
}

var referring = guarantee.Parties{Funds: []lending.PartyID{"fund"}, Originators: []lending.PartyID{"ola"}}

// originatorWorld has an originator "ola", and a fund.
func originatorWorld(t require.TestingT, terms guarantee.OriginatorTerms) *world {
	w := newWorld(t, referring)
	w.vehicle("fund")
	do(w, officer, guarantee.DefineFund{Fund: "fund", Terms: fundTerms(guarantee.FIFO)})
	do(w, officer, lending.Register{Party: "ola", Kind: lending.Company})
	do(w, officer, guarantee.DefineOriginator{Originator: "ola", Terms: terms})
	return w
}

func byOriginator() lending.CoverTerms {
	return lending.CoverTerms{Name: "ola", Kind: lending.CoverOriginator, TriggerDays: 30}
}

func (w *world) originator() *guarantee.Originator {
	o, _, err := lending.View(context.Background(), w.desk, guarantee.OriginatorRef("ola"))
	require.NoError(w.t, err)
	require.NoError(w.t, o.Check())
	return o
}

// overdue has a loan of 1,200,000 over twelve months miss its instalments until one is 30 days past due.
func (w *world) overdue(covers ...lending.CoverTerms) lending.LoanID {
	w.day = civil.MustParse("2026-01-15")
	id := w.lent("ann", product("referred", covers...), 1_200_000, 12)
	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(30)
	return id
}

func buyBack(id lending.LoanID) guarantee.BuyBack {
	return guarantee.BuyBack{Originator: "ola", Loan: id}
}

// A loan 30 days past due is bought back at nominal and accrued interest, every holder by his lot; the
// borrower then pays the originator.
func TestOriginatorBuysBack(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	id := w.overdue(byOriginator())
	o := w.originator()
	first := w.loan(id).Plan.At(0)
	require.Equal(t, first.Total.Minor(), o.Pending.Total())
	d, _ := o.Pending.Get(guarantee.Key{Loan: id})
	require.Equal(t, first.Due.AddDays(60), d.Due)
	require.Equal(t, int64(1_200_000), o.Referred)

	bob, eve := w.cash("bob"), w.cash("eve")
	require.ErrorIs(t, try(w, party("ola"), buyBack(id)), lending.ErrFunds)
	w.deposit("ola", 1_300_000)
	ev := do(w, party("ola"), buyBack(id))
	// Half of 12,000 and of 11,054, and of the third month's 10,098 two days of thirty: 5,049 x 673/10,098.
	require.Zero(t, ev.Left)
	require.Equal(t, []guarantee.Repurchase{
		{Lot: 0, Holder: "bob", Principal: 600_000, Interest: 6_000 + 5_527 + 336},
		{Lot: 1, Holder: "eve", Principal: 600_000, Interest: 6_000 + 5_527 + 336}}, ev.Lots)
	require.Equal(t, int64(611_863), w.cash("bob")-bob)
	require.Equal(t, int64(611_863), w.cash("eve")-eve)
	require.Equal(t, int64(1_300_000-2*611_863), w.cash("ola"))
	for _, x := range w.loan(id).Lots {
		require.Equal(t, lending.PartyID("ola"), x.Holder)
	}
	o = w.originator()
	require.Zero(t, o.Pending.Len())
	require.Zero(t, o.Referred)
	require.Equal(t, int64(2*611_863), o.Bought)
	require.ErrorIs(t, try(w, party("ola"), buyBack(id)), lending.ErrUnknown)
	w.reports()

	before := w.cash("ola")
	w.repay(id, first.Total.Minor())
	require.Equal(t, before+first.Total.Minor(), w.cash("ola"), "it is the lender now")
	require.Equal(t, bob+611_863, w.cash("bob"))
	w.reports()
}
