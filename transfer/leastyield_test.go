package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/transfer"
)

// Where lenders have rates of their own an order at par takes the claim that earns what it asks for, and not the
// one that was listed first.
func TestOrderAsksForAYield(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: freeMarket()})
	p := standard()
	p.ID, p.Tender.Mechanism, p.Tender.RateStep = "own-rates", lending.PayAsBid, schedule.MustRate("0.01% per year")
	p.MinRate = schedule.MustRate("1% per year")
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(10_000_00), Periods: 12}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("24% per year")})
	do(w, officer, lending.Publish{Loan: id})
	for x, rate := range map[lending.PartyID]string{"bob": "6% per year", "eve": "18% per year"} {
		w.deposit(x, 5_000_00)
		do(w, party(x), lending.PlaceBid{Loan: id, Amount: amt(5_000_00), Rate: schedule.MustRate(rate)})
	}
	for w.loan(id).State == lending.StateOpen { // to its deadline
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
	require.NoError(t, w.pays(id))
	for i, x := range w.loan(id).Lots {
		do(w, party(x.Holder), transfer.ListClaim{Market: "m", Loan: id, Lot: i, Units: x.Units,
			Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day})
	}
	w.deposit("zoe", 4_000_00)
	order := transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(2_000_00), Expires: w.day,
		Least: transfer.MaxYield + 1}
	require.ErrorIs(t, try(w, party("zoe"), order), transfer.ErrYield)
	order.Least = 500_000
	do(w, party("zoe"), order)
	require.Empty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales)
	order.Least = 150_000
	do(w, party("zoe"), order)
	sales := do(w, timer, transfer.MatchOrders{Loan: id}).Sales
	require.Len(t, sales, 1)
	require.Equal(t, lending.PartyID("eve"), sales[0].Seller)
	w.reports()
}
