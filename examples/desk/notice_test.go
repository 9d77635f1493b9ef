package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// guaranteed is a loan of 12,000 that the originator ola has lent in part and the guarantor gil stands for, and on
// which an order for 2,000 waits.
func guaranteed(t *testing.T) (*desk.Desk, lending.LoanID) {
	who := guarantee.Parties{Guarantors: []lending.PartyID{"gil"}, Originators: []lending.PartyID{"ola"}}
	d := desk.Open(lending.Config{Parts: []lending.Part{who.Part(), transfer.Part()}}, cny, civil.MustParse("2026-01-31"))
	for p, kind := range map[lending.PartyID]lending.PartyKind{"ann": lending.Person, "bob": lending.Person,
		"zoe": lending.Person, "gil": lending.Company, "ola": lending.Company} {
		d.Register(p, kind)
	}
	desk.Do(d, desk.Officer, guarantee.DefineGuarantor{Guarantor: "gil", Terms: guarantee.GuarantorTerms{Currency: cny,
		Liability: guarantee.JointSeveral, Control: guarantee.ByPlatform, SharePPM: lending.Million, PeriodDays: 365,
		PayDays: 10, Leverage: 10, SinglePPM: lending.Million}})
	desk.Do(d, desk.Officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: d.Amount(900_000_00), Evidence: event.Hash{1}})
	desk.Do(d, desk.Officer, guarantee.DefineOriginator{Originator: "ola", Terms: guarantee.OriginatorTerms{Currency: cny,
		Line: 100_000_00, BuybackDays: 20, RetainedPPM: 200_000}})
	desk.Do(d, desk.Officer, transfer.DefineMarket{Market: "m", Terms: transfer.MarketTerms{Currency: cny, MaxDays: 60,
		MinSlice: 1, Round: money.HalfEven}})
	p := lending.StandardProduct("both", cny)
	p.Covers = []lending.CoverTerms{{Name: "gil", Kind: lending.CoverGuarantor, TriggerDays: 5},
		{Name: "ola", Kind: lending.CoverOriginator, TriggerDays: 5}}
	desk.Do(d, desk.Officer, lending.DefineProduct{Product: p})
	id := d.Tender("both", "ann", 12_000_00, 6, "12% per year")
	for x, minor := range map[lending.PartyID]int64{"bob": 9_000_00, "ola": 3_000_00} {
		d.Deposit(x, minor)
		d.Bid(x, id, minor)
	}
	d.PayOut(id)
	d.Deposit("zoe", 2_000_00)
	desk.Do(d, desk.By("zoe"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: d.Amount(2_000_00),
		Expires: d.Day.AddDays(20)})
	require.NoError(t, d.Err)
	return d, id
}

// offer lists so much of a holder's lot at par.
func offer(d *desk.Desk, id lending.LoanID, holder lending.PartyID, units int64) {
	for i, x := range d.Loan(id).Lots {
		if x.Holder == holder {
			desk.Do(d, desk.By(holder), transfer.ListClaim{Market: "m", Loan: id, Lot: i, Units: units,
				Ask: transfer.Ask{PPM: lending.Million}, Expires: d.Day.AddDays(20)})
		}
	}
}

// notices counts the notices of sales that guarantors were given.
func notices(t *testing.T, d *desk.Desk) int {
	all, _, err := d.Follow(t.Context(), 0, 1_000)
	require.NoError(t, err)
	n := 0
	for i := range all {
		if _, ok := all[i].Event.(guarantee.GuarantorNotified); ok {
			n++
		}
	}
	return n
}

// A guarantor has notice of the sales that were made, and of no others: not of one that the cover behind it refuses.
func TestNoticeOfNoSale(t *testing.T) {
	d, id := guaranteed(t)
	offer(d, id, "ola", 1_000_00) // it retains a fifth, and so sells 600
	require.Empty(t, desk.Do(d, desk.Timer, transfer.MatchOrders{Loan: id}).Sales)
	require.Zero(t, notices(t, d))
	offer(d, id, "bob", 1_000_00)
	require.Len(t, desk.Do(d, desk.Timer, transfer.MatchOrders{Loan: id}).Sales, 1)
	require.Equal(t, 1, notices(t, d))
	require.NoError(t, d.Err)
}
