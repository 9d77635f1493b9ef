package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// What a product refuses of its rules for what is overdue.
func TestLateIsChecked(t *testing.T) {
	for want, spoil := range map[string]func(*lending.Product){
		"-1 days of grace":              func(p *lending.Product) { p.Late.GraceDays = -1 },
		"acts after 3651 days past due": func(p *lending.Product) { p.Late.AccelerateDays = 3651 },
		"acts after -1 days past due":   func(p *lending.Product) { p.Late.WriteOffDays = -1 },
		"acts after -2 days past due":   func(p *lending.Product) { p.Late.NonAccrualDays = -2 },
		"penalty of -1 ppm":             func(p *lending.Product) { p.Late.ContractPPM = -1 },
		"has penalty base 2":            func(p *lending.Product) { p.Late.Base = 2 },
		"tolerates":                     func(p *lending.Product) { p.Late.Tolerance.PPM = lending.Million + 1 },
		"penalty has no rounding mode":  func(p *lending.Product) { p.Late.ContractPPM, p.Late.Round = 1, 0 },
		"no penalty rate follows": func(p *lending.Product) {
			p.Late.ContractPPM = lending.Million
			p.MinRate, p.MaxRate = schedule.MustRate("0% per period"), schedule.MustRate("1% per period")
		},
	} {
		p := standard()
		spoil(&p)
		err := p.Validate()
		require.ErrorIs(t, err, lending.ErrTerms, want)
		require.ErrorContains(t, err, want)
	}
}

// The contract rate and half of it, on principal alone; a rate that hangs on a contract is none of its own.
func TestPenaltyOnContractRate(t *testing.T) {
	late := lending.Late{ContractPPM: 1_500_000, Round: money.HalfUp}
	at, err := late.At(schedule.MustRate("12% per year"))
	require.NoError(t, err)
	require.Equal(t, schedule.MustRate("18% per year"), at.Penalty)
	n, err := lending.PenaltyOn(1_000_000*365, at)
	require.NoError(t, err)
	require.Equal(t, int64(180_000), n)
	_, err = lending.PenaltyOn(1, late)
	require.ErrorIs(t, err, lending.ErrTerms)
	_, err = late.At(schedule.MustRate("1% per period"))
	require.ErrorIs(t, err, lending.ErrTerms)

	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := standard()
	p.Late.ContractPPM, p.Late.Base = 1_500_000, lending.PenaltyOnPrincipal
	id := w.lent(p, 1_000_000, 1, "12% per year", "bob")
	w.day = w.loan(id).Dues[0].Date.AddDays(73)
	do(w, timer, lending.EndDay{Loan: id})
	require.Equal(t, int64(36_000), w.loan(id).Dues[0].Owed[lending.Penalty], "18% of the principal for a fifth of a year")
}

// A share of the contract's rate follows it from the day on which it is changed: days before count at the
// rate they had, also those within grace.
func TestContractPenaltyFollowsTheRate(t *testing.T) {
	for _, tc := range []struct {
		rate  string
		grace int
		want  int64
	}{{"6% per year", 0, 36_000 + 18_000}, {"24% per year", 0, 36_000 + 72_000}, {"0% per year", 0, 36_000},
		{"6% per year", 80, 36_000 + 18_000}} {
		p := standard()
		p.Late.ContractPPM, p.Late.Base, p.Late.GraceDays = 1_500_000, lending.PenaltyOnPrincipal, tc.grace
		p.Method, p.Every = schedule.MethodEqualPrincipal, schedule.Months(6)
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob")
		id := w.lent(p, 2_000_000, 2, "12% per year", "bob")
		w.day = w.loan(id).Dues[0].Date.AddDays(73)
		do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Rate: schedule.MustRate(tc.rate)})
		w.day = w.day.AddDays(73)
		do(w, timer, lending.EndDay{Loan: id})
		require.Equal(t, tc.want, w.loan(id).Dues[0].Owed[lending.Penalty], "%+v", tc)
	}
}

// Arrears within the tolerance are none: no days past due, no late fee, no cover, no acceleration. Once
// they pass it they are as old as the oldest instalment.
func TestTolerance(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "pot-a", "pot-b")
	p := hastened()
	p.Covers, p.Late.Tolerance = covered().Covers, lending.Tolerance{Minor: 50, PPM: 100}
	id := w.lent(p, 1_000_000, 3, "12% per year", "bob")
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, w.loan(id).Dues[0].Owed.Total()-100) // 100 ppm of the loan
	second := w.loan(id).Dues[1].Date
	for w.day = w.day.AddDays(1); !w.day.After(second); w.day = w.day.AddDays(1) {
		w.dayEnd()
	}
	l := w.loan(id)
	require.Zero(t, l.DaysPastDue(second))
	require.Zero(t, l.Dues[0].Owed[lending.Fees]+l.Dues[0].Promised[0]+l.Dues[0].Promised[1])
	require.True(t, l.Acceleration.On.IsZero())
	require.NotZero(t, l.Dues[0].MinorDays, "penalty interest runs")

	first := l.Dues[0].Date
	require.Equal(t, w.day.Sub(first), l.DaysPastDue(w.day), "the day after the second instalment")
	w.dayEnd()
	l = w.loan(id)
	require.Equal(t, w.day, l.Acceleration.On)
	require.Equal(t, int64(1500), l.Dues[0].Owed[lending.Fees])
	require.NotZero(t, l.Dues[0].Promised[0])
}

// With a tolerance, an instalment that owes late charges alone is no arrears: days past due count from
// one with principal or interest unpaid.
func TestToleranceOfCharges(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := rich()
	p.Waterfall.Order = nil
	for _, c := range []lending.Component{lending.Interest, lending.Principal, lending.Penalty, lending.Fees, lending.Costs} {
		p.Waterfall.Order = append(p.Waterfall.Order, lending.Bucket{Component: c})
	}
	p.Late.Tolerance.Minor = 50
	id := w.lent(p, 1_000_000, 3, "12% per year", "bob")
	l := w.loan(id)
	w.day = l.Dues[0].Date.AddDays(9)
	w.dayEnd()
	owed := w.loan(id).Dues[0].Unpaid()
	require.NotZero(t, owed[lending.Penalty])
	w.repay(id, owed.Total()-owed[lending.Penalty]-owed[lending.Fees])
	owed = w.loan(id).Dues[0].Unpaid()
	require.NotZero(t, owed.Total())
	require.Zero(t, owed[lending.Principal]+owed[lending.Interest])
	day := l.Dues[1].Date.AddDays(1)
	require.Equal(t, 1, w.loan(id).DaysPastDue(day), "since the second instalment")
}

// Past due for too long, what falls due is recognised no longer; the borrower owes it all the same,
// and what he pays brings it back.
func TestNonAccrual(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := standard()
	p.Late.NonAccrualDays, p.DayCount, p.Accrual = 40, daycount.Act365F, schedule.AccrueByDays
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob")
	l := w.loan(id)
	owed := func(i int) int64 { return l.Dues[i].Owed[lending.Interest] }
	on := l.Dues[0].Date.AddDays(40) // the second instalment was due meanwhile
	earned := l.Plan.AccruedIn(2, on).Minor()
	yes, no := l.InterestReceivable(on)
	require.True(t, l.NonAccrual(on).IsZero())
	require.Equal(t, owed(0)+owed(1)+earned, yes.Minor())
	require.Zero(t, no.Minor())

	on = on.AddDays(1)
	require.Equal(t, on, l.NonAccrual(on))
	require.Equal(t, on, l.NonAccrual(on.AddDays(9)))
	yes, no = l.InterestReceivable(on)
	require.Equal(t, owed(0)+owed(1), yes.Minor())
	require.Equal(t, l.Plan.AccruedIn(2, on).Minor(), no.Minor())
	w.day = on
	due, err := l.DueOn(on)
	require.NoError(t, err)
	w.repay(id, due.Minor())
	l = w.loan(id)
	require.True(t, l.NonAccrual(on.AddDays(9)).IsZero(), "cured")
	yes, no = l.InterestReceivable(on)
	require.Equal(t, l.Plan.AccruedIn(2, on).Minor(), yes.Minor())
	require.Zero(t, no.Minor())
	w.day = on.AddDays(30)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "hopeless"})
	yes, no = w.loan(id).InterestReceivable(w.day)
	require.Zero(t, yes.Minor())
	require.NotZero(t, no.Minor())
}

// What a former plan left to be paid is earned in full, what the running one asks for by the day: with what
// is outstanding it pays the loan off.
func TestInterestReceivableOfANewPlan(t *testing.T) {
	for _, c := range []lending.Restructure{{Periods: 9}, {Periods: 2}, {Periods: 9, Capitalise: true},
		{First: civil.MustParse("2026-08-15"), Capitalise: true}} {
		w, id := restructured(t, standard(), 3)
		c.Loan, c.Reason = id, "agreed"
		do(w, officer, c)
		l := w.loan(id)
		on := w.day.AddDays(12)
		off, err := l.Payoff(on)
		require.NoError(t, err)
		yes, no := l.InterestReceivable(on)
		require.Equal(t, off.Minor()-l.Outstanding().Minor(), yes.Minor())
		require.Zero(t, no.Minor())
	}
}

// The product's rule writes a loan off in its day-end, and says that it did; costs that an agency bore
// come first out of what is recovered.
func TestWriteOffByRule(t *testing.T) {
	w := newWorld(t, lending.Config{Chunk: 1})
	w.register("ann", "bob", "eve", "agency")
	p := hastened()
	p.Late.WriteOffDays = 60
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
	first := w.loan(id).Dues[0].Date
	w.day = first.AddDays(60)
	w.dayEnd()
	require.Equal(t, lending.StateActive, w.loan(id).State)
	cut := w.loan(id).Dues[3].Owed
	w.day = first.AddDays(61)
	w.dayEnd()
	l := w.loan(id)
	require.Equal(t, lending.StateWrittenOff, l.State)
	require.Equal(t, cut[lending.Interest], l.Dues[3].Owed[lending.Interest], "interest stays as the acceleration cut it")
	require.Zero(t, w.wallet("bob", cny).LentTotal())
	do(w, officer, lending.LevyCharge{Loan: id, Fee: "court", Component: lending.Costs, Amount: amt(700, cny),
		Payee: lending.ToParty, Party: "agency", Reason: "sued"})
	w.repay(id, 1000) // 18% of it is the fee for collection
	require.Equal(t, int64(700), w.wallet("agency", cny).Available)
	w.reports()
}
