package transfer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// packageTerms promise 7.3% a year, a 5,000th a day, with a week of lock-up and T+1.
func packageTerms() transfer.PackageTerms {
	return transfer.PackageTerms{Currency: cny, RatePPM: 73_000, LockUpDays: 7, SettleDays: 1, MinAmount: 100_00,
		Cap: 100_000_00, Exit: transfer.ExitRules{Policy: transfer.FirstCome}, InDeficit: transfer.StopExits,
		PeriodMonths: 1, CoveragePPM: lending.Million, Sponsor: "sam",
		WriteDowns: []transfer.WriteDown{{Days: 30, PPM: 400_000}, {Days: 60, PPM: lending.Million}}}
}

// packed is a world with a market, the package of the vehicle van, and its sponsor sam with 1,000.
func packed(t require.TestingT, terms transfer.PackageTerms) *world {
	return packedOn(t, lending.Config{}, terms)
}

func packedOn(t require.TestingT, cfg lending.Config, terms transfer.PackageTerms) *world {
	cfg.Parts = []lending.Part{transfer.Part()}
	w := newWorld(t, cfg, append(traders, "sam")...)
	do(w, officer, lending.Register{Party: "van", Kind: lending.Vehicle})
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: freeMarket()})
	do(w, officer, transfer.DefinePackage{Package: "van", Terms: terms})
	w.deposit("sam", 1_000_00)
	return w
}

// freeMarket are the terms of a market without fees.
func freeMarket() transfer.MarketTerms {
	m := terms()
	m.Buyer, m.Seller, m.MinSlice, m.Band = lending.Fee{}, lending.Fee{}, 1, transfer.Band{}
	return m
}

func (w *world) pack() *transfer.Package {
	p, err := transfer.PackageOf(context.Background(), w.desk, "van")
	require.NoError(w.t, err)
	require.NoError(w.t, p.Check())
	return p
}

func (w *world) value() transfer.Valuation {
	v, err := transfer.ValueOf(context.Background(), w.desk, "van", w.day)
	require.NoError(w.t, err)
	return v
}

func (w *world) subscribe(p lending.PartyID, minor int64) {
	w.deposit(p, minor)
	do(w, party(p), transfer.Subscribe{Package: "van", Amount: amt(minor)})
}

// buys has the vehicle buy units of a lot from its holder at par.
func (w *world) buys(id lending.LoanID, lot int, units int64) {
	holder := w.loan(id).Lots[lot].Holder
	x := do(w, party(holder), transfer.ListClaim{Market: "m", Loan: id, Lot: lot, Units: units,
		Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day})
	do(w, party("van"), buying(id, w.quote(id, x.Listing.Number, units)))
}

// until runs every day's end through a date.
func (w *world) until(day string) {
	for w.day.Before(date(day)) {
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
}

// packageEvents are what a package's stream has of one type, the latest last.
func packageEvents[E any](w *world) (list []E) {
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(w.t, err)
		if len(changes) == 0 {
			return list
		}
		for _, c := range changes {
			if c.Stream.Kind != "package" {
				continue
			}
			v, err := transfer.PackageRef("").Kind.Decode(c.Record)
			require.NoError(w.t, err)
			if e, ok := v.(E); ok {
				list = append(list, e)
			}
		}
		pos = next
	}
}

// An investor subscribes, the vehicle buys a claim, the borrower pays, the period promises more than the basket
// earned, the sponsor tops up, and the investor leaves with principal and interest to the cent.
func TestPackageLife(t *testing.T) {
	w := packed(t, packageTerms())
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	w.subscribe("zoe", 6_000_00)
	w.buys(id, 0, 5_000_00)
	v := w.value()
	require.Equal(t, transfer.Valuation{On: w.day, Cash: 1_000_00, Free: 1_000_00, Claims: 5_000_00, Principal: 6_000_00,
		Coverage: transfer.Coverage{Value: 6_000_00, Owed: 6_000_00}}, v)

	w.until("2026-02-27")
	require.Equal(t, int64(27*120), w.value().Interest, "a 5,000th a day")
	w.day = date("2026-02-28")
	due, err := w.loan(id).DueOn(w.day)
	require.NoError(t, err)
	w.repay(id, due.Minor())
	w.dayEnd()
	closed := packageEvents[transfer.PeriodClosed](w)
	require.Len(t, closed, 1)
	require.Equal(t, int64(28*120), closed[0].Promised)
	require.Equal(t, int64(50_00), closed[0].Earned, "a month of 1%")
	require.Equal(t, int64(28*120-50_00), closed[0].Gap())
	require.True(t, closed[0].PaidOut)
	require.Equal(t, int64(28*120), w.free("zoe"))

	w.until("2026-03-10")
	do(w, party("zoe"), transfer.RequestExit{Package: "van", All: true})
	do(w, cashier, transfer.LookAtPackage{Package: "van"})
	require.Zero(t, w.pack().Paid-28*120, "not on the day of the request")
	w.until("2026-03-11")
	paid := w.free("zoe") - 28*120
	require.Positive(t, paid, "as much as there is in cash")
	require.Equal(t, int64(0), w.value().Cash)
	left := w.pack().Queue[0].Units
	require.Equal(t, w.pack().Principal, left)
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(1_000_00)})
	w.until("2026-03-12")
	require.Less(t, w.pack().Queue[0].Units, left)
	w.reports()
}

// While the basket does not cover what is owed nobody is sold to and nobody is paid; written down claims are
// what makes it so.
func TestPackageInDeficit(t *testing.T) {
	for rule, paid := range map[transfer.DeficitRule]int64{transfer.StopExits: 0, transfer.ExitAtCoverage: 1} {
		terms := packageTerms()
		terms.InDeficit = rule
		w := packed(t, terms)
		p := standard()
		p.Transfers.Overdue = true
		id := w.lent(p, 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
		w.subscribe("zoe", 3_000_00)
		w.subscribe("kim", 3_000_00)
		w.buys(id, 0, 5_000_00)
		w.until("2026-03-29")
		require.Zero(t, w.value().WrittenDown, "29 days past due")
		w.until("2026-03-30")
		v := w.value()
		require.InDelta(t, (v.Claims+v.WrittenDown)*4/10, v.WrittenDown, 13)
		require.Equal(t, v.Owed-v.Value, v.Deficit())
		w.deposit("dan", 100_00)
		err := try(w, party("dan"), transfer.Subscribe{Package: "van", Amount: amt(100_00)})
		require.ErrorIs(t, err, transfer.ErrUnderCollateralised)
		require.Equal(t, int64(100_00), w.free("dan"))
		require.ErrorIs(t, try(w, party("sam"), transfer.TakeSurplus{Package: "van", Amount: amt(1)}), transfer.ErrUnderCollateralised)
		had := w.free("zoe")
		do(w, party("zoe"), transfer.RequestExit{Package: "van", All: true, ForgoPPM: 400_000})
		do(w, party("kim"), transfer.RequestExit{Package: "van", All: true})
		w.day = w.day.AddDays(1)
		before := w.value()
		w.dayEnd()
		looks := packageEvents[transfer.ExitsPaid](w)
		last := looks[len(looks)-1]
		require.Equal(t, before.Coverage, last.Coverage)
		require.True(t, last.Stopped, "kim forgoes nothing")
		if paid == 0 {
			require.Empty(t, last.Paid)
			require.Equal(t, had, w.free("zoe"))
			continue
		}
		require.Len(t, last.Paid, 1)
		after := w.value()
		require.LessOrEqual(t, w.free("zoe")-had, before.Free)
		require.Equal(t, w.pack().Forgone, last.Paid[0].Principal+last.Paid[0].Interest-last.Paid[0].Cash)
		require.Positive(t, w.pack().Forgone)
		require.GreaterOrEqual(t, after.Value*before.Owed, before.Value*after.Owed, "those who stay are covered as before")
		require.InDelta(t, float64(before.Value)/float64(before.Owed), float64(after.Value)/float64(after.Owed), 0.0001)
	}
}

// The ladder of a package has all its claims and promises, and warns before a run.
func TestPackageLadder(t *testing.T) {
	terms := packageTerms()
	terms.RunPPM = 500_000
	w := packed(t, terms)
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	w.subscribe("zoe", 6_000_00)
	w.buys(id, 0, 5_000_00)
	draw := func() transfer.Ladder {
		l, err := transfer.PackageLadder(context.Background(), w.desk, "van", w.day, schedule.Months(1), 12)
		require.NoError(t, err)
		require.Equal(t, w.value().Coverage, l.Coverage)
		return l
	}
	l := draw()
	require.Equal(t, int64(3_000_00+3_000_00*8/5_000), l.Rungs[0].Liabilities, "half of it on the ninth day")
	require.Equal(t, int64(3_000_00+3_000_00*365/5_000), l.Rungs[12].Liabilities)
	warned, ok := l.Warning()
	require.True(t, ok)
	require.Equal(t, 0, warned.Rung)
	require.Equal(t, l.Rungs[0].Liabilities-1_000_00-l.Rungs[0].Assets, warned.Short)
	w.until("2026-02-28")
	require.True(t, packageEvents[transfer.PeriodClosed](w)[0].Warned)
	do(w, party("zoe"), transfer.RequestExit{Package: "van", Amount: amt(1_000_00)})
	draw()
}

// Interest is paid out to all or to nobody: not while the basket does not cover what is owed. It stays owed.
func TestPackageDefersInterest(t *testing.T) {
	w := packed(t, packageTerms())
	w.subscribe("zoe", 1_000_00)
	w.subscribe("kim", 2_000_00)
	w.until("2026-02-28")
	closed := packageEvents[transfer.PeriodClosed](w)[0]
	require.Equal(t, int64(3*28*20), closed.Deferred)
	require.Equal(t, closed.Deferred, closed.Deficit())
	require.Empty(t, closed.Credits)
	require.Zero(t, w.free("zoe")+w.free("kim"))
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(100_00)})
	w.until("2026-03-31")
	require.Equal(t, int64(59*20), w.free("zoe"))
	require.Equal(t, int64(2*59*20), w.free("kim"))
	last := packageEvents[transfer.PeriodClosed](w)[1]
	require.Equal(t, int64(3*31*20), last.Promised, "what was deferred was promised before")
	require.Zero(t, last.Earned)
	require.Equal(t, int64(3*59*20), w.pack().Promised-w.pack().Earned, "visible, though it is made good")
	require.Zero(t, w.value().Deficit())
}

// Interest that is reinvested bears interest, from the end of its period, however late the day-end comes; who
// asked for all leaves with it.
func TestPackageReinvests(t *testing.T) {
	terms := packageTerms()
	terms.Reinvest = true
	for _, days := range []int{1, 40} {
		w := packed(t, terms)
		w.subscribe("zoe", 1_000_00)
		do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(100_00)})
		w.until("2026-02-27")
		do(w, party("zoe"), transfer.RequestExit{Package: "van", Amount: amt(200_00)})
		do(w, party("zoe"), transfer.CancelExit{Package: "van", Investor: "zoe"})
		w.day = w.day.AddDays(days)
		w.dayEnd()
		w.until("2026-04-30")
		first := int64(28 * 20)
		second := (100_000 + first) * 31 / 5_000
		third := (100_000 + first + second) * 30 / 5_000
		require.Equal(t, 1_000_00+first+second+third, w.pack().Principal)
		do(w, party("zoe"), transfer.RequestExit{Package: "van", All: true})
		w.until("2026-05-01")
		require.Equal(t, 1_000_00+first+second+third+(100_000+first+second+third)/5_000, w.free("zoe"))
		require.Empty(t, w.pack().Holdings)
		do(w, party("sam"), transfer.TakeSurplus{Package: "van", Amount: amt(w.value().Value)})
		require.Equal(t, transfer.Coverage{}, w.value().Coverage)
	}
}

// While a loan pays its lenders in chunks, what a package has is not known.
func TestPackageWaitsForPayouts(t *testing.T) {
	w := packedOn(t, lending.Config{Chunk: 2}, packageTerms())
	id := w.lent(standard(), 6, "12% per year", map[lending.PartyID]int64{"bob": 900_00, "eve": 900_00, "dan": 900_00})
	w.subscribe("zoe", 500_00)
	w.buys(id, 0, 400_00)
	w.deposit("ann", 300_00)
	do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(300_00)})
	w.deposit("kim", 100_00)
	sub := transfer.Subscribe{Package: "van", Amount: amt(100_00)}
	require.ErrorIs(t, try(w, party("kim"), sub), lending.ErrPending)
	w.deliver()
	do(w, party("kim"), sub)
}

// What the vehicle bids counts as cash until the loan is paid out, and as a claim from then on.
func TestPackageBidsAreCash(t *testing.T) {
	w := packed(t, packageTerms())
	w.subscribe("zoe", 500_00)
	do(w, officer, lending.DefineProduct{Product: standard()})
	id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(100_00), Periods: 3}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	do(w, officer, lending.Publish{Loan: id})
	do(w, party("van"), lending.PlaceBid{Loan: id, Amount: amt(100_00)})
	require.Equal(t, int64(500_00), w.value().Cash)
	do(w, officer, lending.ReviewFunding{Loan: id})
	require.Equal(t, int64(500_00), w.value().Cash)
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	require.Equal(t, int64(500_00), w.value().Cash)
	w.deliver()
	require.Equal(t, int64(400_00), w.value().Cash)
	require.Equal(t, int64(100_00), w.value().Claims)
}

// What lenders pay in fees at payout is not in the basket, and not for the sponsor: accrued interest counts net.
func TestPackageCountsNetOfLendersFees(t *testing.T) {
	terms := packageTerms()
	terms.RatePPM = 0
	w := packed(t, terms)
	p := standard()
	p.Fees = []lending.Fee{{ID: "service", Timing: lending.AtPayout, Payee: lending.ToPlatform, Base: lending.OnInterest,
		PPM: 500_000, Round: money.HalfUp}}
	w.subscribe("zoe", 10_000_00)
	id := w.lent(p, 3, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	w.buys(id, 0, 10_000_00)
	require.Equal(t, int64(10_000_00), w.value().Claims)
	due := w.loan(id).Dues[0]
	w.day = due.Date
	require.Equal(t, int64(10_000_00+50_00), w.value().Claims, "half of the interest of a month")
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(1_00)})
	err := try(w, party("sam"), transfer.TakeSurplus{Package: "van", Amount: amt(51_01)})
	require.ErrorIs(t, err, transfer.ErrUnderCollateralised)
	before := w.value().Value
	w.repay(id, due.Unpaid().Total())
	require.Equal(t, before, w.value().Value, "a payment on its day changes nothing")
	rungs, err := transfer.PackageLadder(context.Background(), w.desk, "van", w.day, schedule.Months(1), 12)
	require.NoError(t, err)
	var in int64
	for _, r := range rungs.Rungs {
		in += r.Assets
	}
	cash := w.value().Cash
	for _, d := range w.loan(id).Dues[1:] {
		w.day = d.Date
		w.repay(id, d.Unpaid().Total())
	}
	require.Equal(t, cash+in, w.value().Cash, "the ladder has what came")
}
