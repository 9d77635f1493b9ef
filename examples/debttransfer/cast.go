package main

import (
	"fmt"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// Who takes part, and with how much, in minor units.
const (
	fronting lending.PartyID = "zhang"  // the fronting lender (专业放贷人), who sponsors the package too
	steady   lending.PartyID = "steady" // the vehicle of the package
	market   lending.Code    = "market"

	facility  = 260_000_00
	investors = 18
	savers    = 12
	salary    = 2_500_00 // of an investor, a month
	savings   = 15_000_00
)

var cny = money.MustCurrency("CNY")

func investor(i int) lending.PartyID { return lending.PartyID(fmt.Sprintf("investor-%02d", i+1)) }
func saver(i int) lending.PartyID    { return lending.PartyID(fmt.Sprintf("saver-%02d", i+1)) }

// open opens the platform: a market at par or a little below, and a package that promises 6% a year.
func open() *desk.Desk {
	d := desk.Open(lending.Config{Parts: []lending.Part{transfer.Part()}}, cny, civil.MustParse("2026-01-01"))
	d.Register(fronting, lending.Person)
	d.Deposit(fronting, facility)
	desk.Do(d, desk.Officer, transfer.DefineFacility{Lender: fronting, Terms: transfer.FacilityTerms{
		Relation: transfer.Connected, Limits: []money.Amount{d.Amount(facility)}}})
	p := lending.DebtTransfer(lending.StandardProduct("fronted", cny), fronting)
	desk.Do(d, desk.Officer, lending.DefineProduct{Product: p})
	desk.Do(d, desk.Officer, transfer.DefineMarket{Market: market, Terms: transfer.MarketTerms{Currency: cny,
		Seller: lending.Fee{ID: "sale-fee", Timing: lending.ByHost, Payee: lending.ToPlatform, Base: lending.OnAmount,
			PPM: 5_000, Round: money.HalfUp},
		Band: transfer.Band{Min: 900_000, Max: lending.Million}, MaxDays: 60, MinSlice: smallest, Round: money.HalfEven}})
	for i := range investors {
		d.Register(investor(i), lending.Person)
		d.Deposit(investor(i), 2*salary)
	}
	for i := range savers {
		d.Register(saver(i), lending.Person)
	}
	d.Register(steady, lending.Vehicle)
	desk.Do(d, desk.Officer, transfer.DefinePackage{Package: steady, Terms: transfer.PackageTerms{Currency: cny,
		RatePPM: 60_000, LockUpDays: 90, SettleDays: 3, MinAmount: smallest, Cap: savers * savings * 2,
		Exit:      transfer.ExitRules{Policy: transfer.Cycles, Portion: 100_000, Part: smallest},
		InDeficit: transfer.ExitAtCoverage, PeriodMonths: 1, Reinvest: true, CoveragePPM: lending.Million,
		WriteDowns: []transfer.WriteDown{{Days: 30, PPM: 300_000}, {Days: 90, PPM: lending.Million}},
		Cushion:    0, RunPPM: 250_000, Sponsor: fronting}})
	return d
}
