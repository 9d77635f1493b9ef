package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// diary writes a life for the crash harness.
type diary struct {
	day   civil.Date
	steps []lendingtest.Step
}

func note[S any, E event.Of[S]](d *diary, a lending.Actor, key string, c lending.Command[S, E]) string {
	m := lending.Meta{Key: key, Actor: a, On: d.day, Approver: chief}
	d.steps = append(d.steps, lendingtest.Send(m, c))
	return c.Home(m).ID
}

func (d *diary) deliver() {
	for range 2 {
		d.steps = append(d.steps, lendingtest.Deliver(d.day))
	}
}

func (d *diary) days(n int) {
	for range n {
		d.day = d.day.AddDays(1)
		d.steps = append(d.steps, lendingtest.EndDay(d.day))
	}
}

// lend brings a loan of bob's to its plan.
func (d *diary) lend(key string, p lending.Product, periods int) lending.LoanID {
	id := lending.LoanID(note(d, party("ann"), "apply-"+key, lending.Apply{Product: p.ID, Amount: amt(6_000_00), Periods: periods}))
	note(d, analyst, "approve-"+key, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	note(d, officer, "publish-"+key, lending.Publish{Loan: id})
	note(d, party("bob"), "bid-"+key, lending.PlaceBid{Loan: id, Amount: amt(6_000_00)})
	note(d, officer, "review-"+key, lending.ReviewFunding{Loan: id})
	d.deliver()
	note(d, cashier, "disburse-"+key, lending.Disburse{Loan: id})
	d.deliver()
	return id
}

// backed is the life of two loans: one whose missed instalment a fund pays in part and a guarantor, asked for
// the rest, pays out of its margin; and one that its originator buys back.
func backed() []lendingtest.Step {
	d := &diary{day: civil.MustParse("2026-01-31")}
	for _, p := range []lending.PartyID{"ann", "bob"} {
		note(d, officer, "reg-"+string(p), lending.Register{Party: p, Kind: lending.Person})
	}
	note(d, officer, "reg-fund", lending.Register{Party: "fund", Kind: lending.Vehicle})
	for _, p := range []lending.PartyID{"gil", "ola"} {
		note(d, officer, "reg-"+string(p), lending.Register{Party: p, Kind: lending.Company})
	}
	for _, p := range []lending.PartyID{"bob", "gil", "ola"} {
		note(d, bank, "dep-"+string(p), lending.Deposit{Party: p, Amount: amt(20_000_00)})
	}
	fund := fundTerms(guarantee.FIFO)
	fund.WaitDays = 2
	note(d, officer, "fund", guarantee.DefineFund{Fund: "fund", Terms: fund})
	note(d, officer, "gil", guarantee.DefineGuarantor{Guarantor: "gil", Terms: guarantorTerms()})
	note(d, officer, "assess", guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(1_000_000_00), Evidence: event.Hash{1}})
	note(d, party("gil"), "margin", guarantee.DepositMargin{Guarantor: "gil", Amount: amt(500_00)})
	terms := originatorTerms()
	terms.RemitDays = 5
	note(d, officer, "ola", guarantee.DefineOriginator{Originator: "ola", Terms: terms})
	layers, referred := product("layers", byFund("fund"), byGuarantor()), product("referred", byOriginator())
	layers.Fees = []lending.Fee{{ID: "reserve", Timing: lending.AtDisbursement, Base: lending.OnAmount,
		Payee: lending.ToParty, Party: "fund", PPM: 20_000, Round: money.HalfUp}}
	note(d, officer, "layers", lending.DefineProduct{Product: layers})
	note(d, officer, "referred", lending.DefineProduct{Product: referred})
	first, second := d.lend("a", layers, 3), d.lend("b", referred, 3)
	d.day = civil.MustParse("2026-02-28")
	d.days(4)
	note(d, party("gil"), "pay", guarantee.PayDemand{Guarantor: "gil", Demand: guarantee.Key{Loan: first, Layer: 1}})
	note(d, party("ola"), "collect", guarantee.RecordCollection{Originator: "ola", Loan: second, Amount: amt(9_00), On: d.day})
	note(d, party("ola"), "remit", guarantee.RemitCollection{Originator: "ola", Collection: 1})
	note(d, bank, "dep-ann", lending.Deposit{Party: "ann", Amount: amt(2_100_00)})
	note(d, party("ann"), "repay", lending.Repay{Loan: first, Amount: amt(2_040_13)})
	d.deliver()
	d.day = civil.MustParse("2026-03-30")
	d.days(1)
	note(d, party("ola"), "buy-back", guarantee.BuyBack{Originator: "ola", Loan: second})
	d.deliver()
	d.days(1)
	return d.steps
}

// A fault at any call, or at two of them, changes nothing in the end: nobody is paid twice, or not at all (P7).
func TestBackingCrashes(t *testing.T) {
	who := guarantee.Parties{Funds: []lending.PartyID{"fund"}, Guarantors: []lending.PartyID{"gil"},
		Originators: []lending.PartyID{"ola"}}
	c := lendingtest.Crashes{Life: backed(), Rest: civil.MustParse("2026-04-02"), Pairs: 40, Every: 7,
		Config: lending.Config{Parts: []lending.Part{who.Part()}, Chunk: 2}}
	if raced {
		c.Pairs, c.Every = 5, 60
	}
	count := lendingtest.EnumerateCrashes(t, c)
	require.NotZero(t, count.Single)
	for _, s := range []string{"fund/fund", "guarantor/gil", "originator/ola"} {
		require.Contains(t, count.End, "stream "+s)
	}
	t.Log(count)
}
