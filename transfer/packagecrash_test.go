package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/transfer"
)

// packaging is the life of a package that is sold, buys claims, is paid, closes a period and pays exits.
func packaging() []lendingtest.Step {
	d := &diary{day: date("2026-01-31")}
	m, terms, p := freeMarket(), packageTerms(), standard()
	terms.InDeficit = transfer.ExitAtCoverage
	note(d, officer, "market", transfer.DefineMarket{Market: "m", Terms: m})
	note(d, officer, "product", lending.DefineProduct{Product: p})
	for _, x := range append(traders, "sam") {
		note(d, officer, "reg-"+string(x), lending.Register{Party: x, Kind: lending.Person})
		note(d, bank, "dep-"+string(x), lending.Deposit{Party: x, Amount: amt(9_000_00)})
	}
	note(d, officer, "reg-van", lending.Register{Party: "van", Kind: lending.Vehicle})
	note(d, officer, "package", transfer.DefinePackage{Package: "van", Terms: terms})
	id := lending.LoanID(note(d, party("ann"), "apply", lending.Apply{Product: p.ID, Amount: amt(7_000_00), Periods: 6}))
	note(d, analyst, "approve", lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	note(d, officer, "publish", lending.Publish{Loan: id})
	note(d, party("bob"), "bid-bob", lending.PlaceBid{Loan: id, Amount: amt(7_000_00)})
	note(d, officer, "review", lending.ReviewFunding{Loan: id})
	d.deliver()
	note(d, cashier, "disburse", lending.Disburse{Loan: id})
	d.deliver()
	note(d, party("zoe"), "sub-zoe", transfer.Subscribe{Package: "van", Amount: amt(3_000_00)})
	note(d, party("kim"), "sub-kim", transfer.Subscribe{Package: "van", Amount: amt(2_000_00)})
	note(d, party("bob"), "list", transfer.ListClaim{Market: "m", Loan: id, Units: 4_000_00,
		Ask: transfer.Ask{PPM: lending.Million}, Expires: d.day})
	d.buy("van", "buy", id, 1, 4_000_00)
	note(d, party("sam"), "top-up", transfer.TopUpPackage{Package: "van", Amount: amt(5_00)})
	d.day = date("2026-02-28")
	note(d, party("ann"), "repay", lending.Repay{Loan: id, Amount: amt(1_207_84)})
	d.deliver()
	note(d, party("kim"), "exit-kim", transfer.RequestExit{Package: "van", All: true})
	d.steps = append(d.steps, lendingtest.EndDay(d.day))
	note(d, party("zoe"), "exit-zoe", transfer.RequestExit{Package: "van", Amount: amt(900_00)})
	for range 2 {
		d.day = d.day.AddDays(1)
		d.steps = append(d.steps, lendingtest.EndDay(d.day))
	}
	note(d, party("zoe"), "cancel", transfer.CancelExit{Package: "van", Investor: "zoe"})
	return d.steps
}

// A fault at any call, or at two of them, changes nothing in the end: nobody is paid twice, or not at all.
func TestPackageCrashes(t *testing.T) {
	c := lendingtest.Crashes{Life: packaging(), Rest: date("2026-03-20"), Pairs: 40, Every: 7,
		Config: lending.Config{Parts: []lending.Part{transfer.Part()}, Chunk: 2}}
	if raced {
		c.Pairs, c.Every = 5, 60
	}
	count := lendingtest.EnumerateCrashes(t, c)
	require.NotZero(t, count.Single)
	require.Contains(t, count.End, "stream package/van")
}
