package transfer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// Every fault of terms is reported, all at once.
func TestPackageTermsReportAll(t *testing.T) {
	require.NoError(t, packageTerms().Validate())
	faults := map[string]func(*transfer.PackageTerms){
		"no currency":     func(p *transfer.PackageTerms) { p.Currency = money.Currency{} },
		"it promises":     func(p *transfer.PackageTerms) { p.RatePPM = lending.Million + 1 },
		"promises -1":     func(p *transfer.PackageTerms) { p.RatePPM = -1 },
		"lock-up":         func(p *transfer.PackageTerms) { p.LockUpDays = 3_661 },
		"settlement":      func(p *transfer.PackageTerms) { p.SettleDays = -1 },
		"smallest amount": func(p *transfer.PackageTerms) { p.MinAmount = 0 },
		"to its cap":      func(p *transfer.PackageTerms) { p.Cap = p.MinAmount - 1 },
		"its cap is":      func(p *transfer.PackageTerms) { p.Cap = transfer.MaxPackage + 1 },
		"deficit rule 3":  func(p *transfer.PackageTerms) { p.InDeficit = 3 },
		"months":          func(p *transfer.PackageTerms) { p.PeriodMonths = 13 },
		"of coverage":     func(p *transfer.PackageTerms) { p.CoveragePPM = lending.Million - 1 },
		"cushion":         func(p *transfer.PackageTerms) { p.Cushion = -1 },
		"a run":           func(p *transfer.PackageTerms) { p.RunPPM = lending.Million + 1 },
		"sponsor":         func(p *transfer.PackageTerms) { p.Sponsor = "" },
		"more than 8":     func(p *transfer.PackageTerms) { p.WriteDowns = make([]transfer.WriteDown, 9) },
		"write-down 1":    func(p *transfer.PackageTerms) { p.WriteDowns[1].Days = 30 },
		"write-down 0":    func(p *transfer.PackageTerms) { p.WriteDowns = []transfer.WriteDown{{Days: 1}} },
		"exit policy 0":   func(p *transfer.PackageTerms) { p.Exit.Policy = 0 },
	}
	for want, spoil := range faults {
		p := packageTerms()
		spoil(&p)
		err := p.Validate()
		require.ErrorIs(t, err, lending.ErrTerms, want)
		require.ErrorContains(t, err, want)
	}
	all := transfer.PackageTerms{RatePPM: -1, LockUpDays: -1, SettleDays: -1, Cushion: -1, RunPPM: -1, Cap: transfer.MaxPackage + 1}.Validate()
	require.ErrorIs(t, all, transfer.ErrPackage)
	require.ErrorIs(t, all, transfer.ErrExit)
	require.Len(t, strings.Split(all.Error(), "\n"), 13)
	require.Equal(t, "stop-exits", transfer.StopExits.String())
}

// What defining a package refuses.
func TestDefinePackageRefuses(t *testing.T) {
	w := packed(t, packageTerms())
	do(w, officer, lending.Register{Party: "two", Kind: lending.Vehicle})
	c := transfer.DefinePackage{Package: "two", Terms: packageTerms()}
	with := func(spoil func(*transfer.DefinePackage)) error {
		bad := c
		spoil(&bad)
		return try(w, officer, bad)
	}
	require.ErrorIs(t, with(func(c *transfer.DefinePackage) { c.Package = "van" }), lending.ErrExists)
	require.ErrorIs(t, with(func(c *transfer.DefinePackage) { c.Package = "bob" }), transfer.ErrPackage)
	require.ErrorIs(t, with(func(c *transfer.DefinePackage) { c.Package = "nil" }), transfer.ErrGone)
	require.ErrorIs(t, with(func(c *transfer.DefinePackage) { c.Terms.Sponsor = "nil" }), transfer.ErrGone)
	require.ErrorIs(t, with(func(c *transfer.DefinePackage) { c.Terms.Sponsor = "van" }), transfer.ErrPackage)
	require.ErrorIs(t, with(func(c *transfer.DefinePackage) { c.Terms.Cap = 0 }), transfer.ErrPackage)
	require.ErrorIs(t, try(w, chief, c), lending.ErrSecond, "the approver is the actor")
	require.ErrorIs(t, try(w, lending.Actor{ID: "two", Role: lending.RoleOfficer}, c), lending.ErrActor)
	require.ErrorIs(t, try(w, party("bob"), c), lending.ErrActor)
	p := standard()
	do(w, officer, lending.DefineProduct{Product: p})
	do(w, party("two"), lending.Apply{Product: p.ID, Amount: amt(1_000_00), Periods: 3})
	require.ErrorIs(t, try(w, officer, c), transfer.ErrPackage, "it asks for a loan")
	require.ErrorIs(t, try(w, party("van"), lending.Apply{Product: p.ID, Amount: amt(1), Periods: 3}), lending.ErrFenced)
	w.deposit("van", 5_00)
	require.ErrorIs(t, try(w, party("van"), lending.Withdraw{Amount: amt(1)}), lending.ErrFenced)
	w.deposit("bob", 5_00)
	require.NoError(t, try(w, party("bob"), lending.Withdraw{Amount: amt(1)}))
	require.Equal(t, int64(5_00), w.value().Value)
}

// What the vehicle has when the package is defined is no yield.
func TestPackageBeginsWithWhatIsThere(t *testing.T) {
	w := packed(t, packageTerms())
	do(w, officer, lending.Register{Party: "two", Kind: lending.Vehicle})
	w.deposit("two", 7_00)
	e := do(w, officer, transfer.DefinePackage{Package: "two", Terms: packageTerms()})
	require.Equal(t, int64(7_00), e.Net)
	w.until("2026-02-28")
	for _, e := range packageEvents[transfer.PeriodClosed](w) {
		require.Zero(t, e.Earned)
	}
}

// What subscribing refuses.
func TestSubscribeRefuses(t *testing.T) {
	terms := packageTerms()
	terms.Cap = 1_000_00
	w := packed(t, terms)
	w.deposit("zoe", 5_000_00)
	sub := func(p lending.PartyID, minor int64) error {
		return try(w, party(p), transfer.Subscribe{Package: "van", Amount: amt(minor)})
	}
	require.ErrorIs(t, try(w, party("zoe"), transfer.Subscribe{Package: "nil", Amount: amt(100_00)}), transfer.ErrGone)
	require.ErrorIs(t, sub("zoe", 99_99), transfer.ErrSlice)
	require.ErrorIs(t, try(w, party("zoe"), transfer.Subscribe{Package: "van", Amount: money.MustParse("USD 500")}), transfer.ErrSlice)
	require.ErrorIs(t, sub("zoe", 1_000_01), transfer.ErrFull)
	require.ErrorIs(t, sub("kim", 100_00), lending.ErrFunds)
	require.ErrorIs(t, sub("van", 100_00), transfer.ErrBuyer)
	require.ErrorIs(t, try(w, officer, transfer.Subscribe{Package: "van", Amount: amt(100_00)}), lending.ErrActor)
	do(w, officer, lending.Freeze{Party: "zoe"})
	require.ErrorIs(t, sub("zoe", 100_00), lending.ErrState)
	do(w, officer, lending.Freeze{Party: "zoe", Lift: true})
	require.NoError(t, sub("zoe", 600_00))
	require.ErrorIs(t, sub("zoe", 500_00), transfer.ErrFull, "beyond the cap")
	w.day = w.day.AddDays(-1)
	require.ErrorIs(t, sub("zoe", 100_00), lending.ErrDate)
	w.day = date("2026-03-01")
	require.ErrorIs(t, sub("zoe", 100_00), lending.ErrPending, "the period is not closed")
	w.dayEnd()
	require.ErrorIs(t, sub("zoe", 100_00), transfer.ErrUnderCollateralised, "a month of promises is not earned")
	do(w, party("zoe"), transfer.RequestExit{Package: "van", All: true})
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(10_00)})
	require.ErrorIs(t, sub("zoe", 100_00), transfer.ErrQueued)
	require.Equal(t, int64(600_00), w.pack().Principal)
}

// More coverage than one to one is put up by the sponsor before anything is sold.
func TestPackageSellsWithCushion(t *testing.T) {
	terms := packageTerms()
	terms.CoveragePPM = 1_100_000
	w := packed(t, terms)
	w.deposit("zoe", 1_000_00)
	sub := transfer.Subscribe{Package: "van", Amount: amt(1_000_00)}
	require.ErrorIs(t, try(w, party("zoe"), sub), transfer.ErrUnderCollateralised)
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(99_99)})
	require.ErrorIs(t, try(w, party("zoe"), sub), transfer.ErrUnderCollateralised)
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(2)})
	do(w, party("zoe"), sub)
	take := func(minor int64) error {
		return try(w, party("sam"), transfer.TakeSurplus{Package: "van", Amount: amt(minor)})
	}
	require.ErrorIs(t, take(2), transfer.ErrUnderCollateralised)
	require.NoError(t, take(1))
	require.ErrorIs(t, take(5_000_00), transfer.ErrUnderCollateralised)
}

// What exits and the sponsor's commands refuse.
func TestPackageExitRefuses(t *testing.T) {
	w := packed(t, packageTerms())
	w.subscribe("zoe", 500_00)
	exit := func(p lending.PartyID, minor int64) error {
		return try(w, party(p), transfer.RequestExit{Package: "van", Amount: amt(minor)})
	}
	require.ErrorIs(t, exit("zoe", 100_00), transfer.ErrHeld)
	w.until("2026-02-05")
	w.subscribe2("zoe", 200_00)
	w.until("2026-02-07")
	require.ErrorIs(t, exit("kim", 100_00), transfer.ErrGone)
	require.ErrorIs(t, exit("zoe", 0), transfer.ErrSlice)
	require.ErrorIs(t, exit("zoe", -5), transfer.ErrSlice)
	require.ErrorIs(t, try(w, party("zoe"), transfer.RequestExit{Package: "van", ForgoPPM: -1}), transfer.ErrExit)
	require.ErrorIs(t, exit("zoe", 700_01), transfer.ErrOversold)
	require.ErrorIs(t, exit("zoe", 650_00), transfer.ErrSlice, "50 would be left")
	require.ErrorIs(t, exit("zoe", 500_01), transfer.ErrHeld, "200 are locked up")
	require.ErrorIs(t, try(w, party("zoe"), transfer.RequestExit{Package: "van", All: true}), transfer.ErrHeld)
	require.ErrorIs(t, try(w, party("zoe"), transfer.RequestExit{Package: "van", All: true, Amount: amt(1)}), transfer.ErrSlice)
	require.ErrorIs(t, try(w, party("zoe"), transfer.RequestExit{Package: "van", Amount: money.MustParse("USD 1")}), transfer.ErrSlice)
	do(w, officer, lending.Freeze{Party: "zoe"})
	require.ErrorIs(t, exit("zoe", 500_00), lending.ErrState)
	do(w, officer, lending.Freeze{Party: "zoe", Lift: true})
	require.NoError(t, exit("zoe", 500_00))
	require.ErrorIs(t, exit("zoe", 1), transfer.ErrQueued)
	cancel := transfer.CancelExit{Package: "van", Investor: "zoe"}
	require.ErrorIs(t, try(w, party("kim"), cancel), transfer.ErrNotHolder)
	do(w, officer, cancel)
	require.ErrorIs(t, try(w, party("zoe"), cancel), transfer.ErrGone)
	for _, a := range []money.Amount{amt(0), amt(-1), money.MustParse("USD 1")} {
		require.ErrorIs(t, try(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: a}), lending.ErrAmount)
		require.ErrorIs(t, try(w, party("sam"), transfer.TakeSurplus{Package: "van", Amount: a}), lending.ErrAmount)
	}
	require.ErrorIs(t, try(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(9_000_00)}), lending.ErrFunds)
	require.ErrorIs(t, try(w, party("zoe"), transfer.TopUpPackage{Package: "van", Amount: amt(1)}), transfer.ErrSponsor)
	require.ErrorIs(t, try(w, party("zoe"), transfer.TakeSurplus{Package: "van", Amount: amt(1)}), transfer.ErrSponsor)
	require.ErrorIs(t, try(w, timer, transfer.LookAtPackage{Package: "nil"}), transfer.ErrGone)
	require.ErrorIs(t, try(w, party("zoe"), transfer.LookAtPackage{Package: "van"}), lending.ErrActor)
	_, err := transfer.ValueOf(t.Context(), w.desk, "nil", w.day)
	require.ErrorIs(t, err, transfer.ErrGone)
}

// subscribe2 tops up first what the promises since are not covered by.
func (w *world) subscribe2(p lending.PartyID, minor int64) {
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(10_00)})
	w.subscribe(p, minor)
}

// A custodian that keeps sub-accounts moves money later than it is owed.
func TestPackageNeedsOneAccount(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Custody: lending.PerUser}, "sam")
	do(w, officer, lending.Register{Party: "van", Kind: lending.Vehicle})
	err := try(w, officer, transfer.DefinePackage{Package: "van", Terms: packageTerms()})
	require.ErrorIs(t, err, transfer.ErrCustody)
	had := packed(t, packageTerms())
	now := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Custody: lending.PerUser, Store: had.store})
	now.keys = 1_000
	require.ErrorIs(t, try(now, party("zoe"), transfer.Subscribe{Package: "van", Amount: amt(100_00)}), transfer.ErrCustody)
}

// An information intermediary has no packages from the day of the Interim Measures on; before, and elsewhere,
// there are some.
func TestPackagesAreForbidden(t *testing.T) {
	for _, day := range []string{"2016-08-23", "2016-08-24"} {
		store := memory.NewStore()
		free := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Store: store}, "zoe", "sam")
		ruled := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Store: store,
			Rules: regulator.ChinaIntermediary(regulator.Options{})})
		free.day, ruled.day, ruled.keys = date(day), date(day), 1_000
		for _, v := range []lending.PartyID{"van", "two"} {
			do(free, officer, lending.Register{Party: v, Kind: lending.Vehicle})
		}
		define := transfer.DefinePackage{Package: "two", Terms: packageTerms()}
		do(free, officer, transfer.DefinePackage{Package: "van", Terms: packageTerms()})
		free.deposit("zoe", 100_00)
		sub := transfer.Subscribe{Package: "van", Amount: amt(100_00)}
		if day == "2016-08-23" {
			do(ruled, officer, define)
			do(ruled, party("zoe"), sub)
			continue
		}
		for _, err := range []error{try(ruled, officer, define), try(ruled, party("zoe"), sub)} {
			require.ErrorIs(t, err, lending.ErrRule)
			var rule *lending.RuleError
			require.ErrorAs(t, err, &rule)
			require.Contains(t, []lending.Code{"CN-2b", "CN-2c", "CN-2i"}, rule.Rule)
		}
		do(free, party("zoe"), sub)
	}
}

// A package has so many investors, and pays them all in one commit.
func TestPackageInvestorsBound(t *testing.T) {
	terms := packageTerms()
	terms.MinAmount, terms.RatePPM, terms.SettleDays, terms.LockUpDays = 1, 0, 0, 0
	w := packed(t, terms)
	name := func(i int) lending.PartyID { return lending.PartyID(fmt.Sprintf("p%04d", i)) }
	for i := range transfer.MaxInvestors + 1 {
		do(w, officer, lending.Register{Party: name(i), Kind: lending.Person})
		do(w, bank, lending.Deposit{Party: name(i), Amount: amt(2)})
		err := try(w, party(name(i)), transfer.Subscribe{Package: "van", Amount: amt(1)})
		if i == transfer.MaxInvestors {
			require.ErrorIs(t, err, transfer.ErrFull)
			break
		}
		require.NoError(t, err)
		do(w, party(name(i)), transfer.RequestExit{Package: "van", All: true})
	}
	do(w, timer, transfer.LookAtPackage{Package: "van"})
	require.Empty(t, w.pack().Holdings)
	require.Equal(t, int64(2), w.free(name(7)))
	w.reports()
}

// A basket has so many loans; with more, a package neither sells nor pays, and says what to do.
func TestPackageBasketBound(t *testing.T) {
	w := packed(t, packageTerms())
	w.subscribe("zoe", 500_00)
	w.deposit("van", 2_000)
	p := standard()
	do(w, officer, lending.DefineProduct{Product: p})
	for range transfer.MaxBasket + 1 {
		id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(100), Periods: 3}).Loan
		do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
		do(w, officer, lending.Publish{Loan: id})
		do(w, party("van"), lending.PlaceBid{Loan: id, Amount: amt(1)})
	}
	require.ErrorIs(t, try(w, timer, transfer.LookAtPackage{Package: "nil"}), transfer.ErrGone)
	require.ErrorIs(t, try(w, party("zoe"), transfer.Subscribe{Package: "van", Amount: amt(100_00)}), transfer.ErrFull)
	_, err := transfer.ValueOf(t.Context(), w.desk, "van", w.day)
	require.ErrorIs(t, err, transfer.ErrFull)
	id := w.wallet("van").Stakes()[0]
	do(w, officer, lending.CancelTender{Loan: id, Reason: "no"})
	require.Equal(t, int64(520_00), w.value().Cash, "bids are cash")
}

// Who a cycle has left out comes first in the next: with little cash a day, all get as much in the end.
func TestPackageCyclesGoOn(t *testing.T) {
	terms := packageTerms()
	terms.RatePPM, terms.LockUpDays, terms.SettleDays = 0, 0, 0
	terms.Exit = transfer.ExitRules{Policy: transfer.Cycles, Part: 10_00}
	w := packed(t, terms)
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	for _, p := range investors {
		w.subscribe(p, 1_000_00)
	}
	w.buys(id, 0, 3_000_00)
	for _, p := range investors {
		do(w, party(p), transfer.RequestExit{Package: "van", All: true})
	}
	for n := range int64(20) {
		do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(15_00)})
		do(w, timer, transfer.LookAtPackage{Package: "van"})
		most, least := int64(0), int64(1_000_00)
		for _, p := range investors {
			most, least = max(most, w.free(p)), min(least, w.free(p))
		}
		require.LessOrEqual(t, most-least, int64(10_00))
		require.InDelta(t, (n+1)*15_00, w.pack().Paid, 10_00)
	}
}
