package lending_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// capping are rules that refuse nothing and cap what loans cost.
type capping []lending.CostCap

func (capping) Check(*lending.Tx, any) ([]lending.Warning, error) { return nil, nil }
func (c capping) CostCaps(*lending.Tx, *lending.Loan) ([]lending.CostCap, error) {
	return c, nil
}

func capFrom(day, rate string) lending.CostCap {
	return lending.CostCap{From: civil.MustParse(day), Rate: schedule.MustRate(rate + "% per year")}
}

// drawCaps draws a path of caps, or none.
func drawCaps(t *rapid.T) (list []lending.CostCap) {
	days := []string{"2025-01-01", "2026-03-05", "2026-04-01", "2026-05-17"}
	rates := []string{"0", "12", "15.4", "24", "36", "200"}
	for _, day := range days[:rapid.IntRange(0, len(days)).Draw(t, "caps")] {
		list = append(list, capFrom(day, draw(t, "cap", rates)))
	}
	return list
}

// DOMAIN.md CN-7: 24% a year to 19 August 2020, 15.4% from the next day on. A loan of 100,000.00 for
// one month from 10 July 2020 at 12%, due on 10 August with 1,000.00 of interest, penalty interest
// of 36% a year on what is unpaid. By 19 August (40 days out) 100,000.00 x 24% x 40/365 = 2,630.13 may
// be charged; from the 20th 42.19 a day.
func TestCostCapChangesOn20August2020(t *testing.T) {
	w := newWorld(t, lending.Config{Rules: capping{capFrom("2015-09-01", "24"), capFrom("2020-08-20", "15.4")}})
	w.day = civil.MustParse("2020-07-10")
	w.register("ann", "bob")
	p := standard()
	p.Late.Penalty = schedule.MustRate("36% per year")
	id := w.lent(p, 10_000_000, 1, "12% per year", "bob")
	require.Equal(t, int64(100_000), w.loan(id).Dues[0].Owed[lending.Interest])
	for _, c := range []struct {
		day          string
		days24, days int64
		full         int64 // penalty interest without the cap
		penalty      int64
	}{
		{"2020-08-14", 35, 0, 39_847, 39_847},    // 4 days: 101,000.00 x 36% x 4/365; 2,301.36 - 1,000.00 would be left
		{"2020-08-20", 41, 0, 99_616, 99_616},    // 10 days; 2,695.89 - 1,000.00 would be left
		{"2020-09-10", 41, 21, 308_811, 258_191}, // 2,695.89 + 886.03 = 3,581.91 (.917 cut off) - 1,000.00
		{"2020-10-10", 41, 51, 607_660, 384_767}, // 2,695.89 + 2,151.78 = 4,847.67 - 1,000.00
	} {
		w.day = civil.MustParse(c.day)
		w.dayEnd()
		do(w, timer, lending.EndDay{Loan: id})
		l := w.loan(id)
		require.Equal(t, c.days24*10_000_000, l.Cost.Days[0], c.day)
		require.Equal(t, c.days*10_000_000, l.Cost.Days[1], c.day)
		full, err := lending.PenaltyOn(l.Dues[0].MinorDays, p.Late)
		require.NoError(t, err)
		require.Equal(t, c.full, full, c.day)
		require.Equal(t, c.penalty, l.Dues[0].Owed[lending.Penalty], c.day)
		cost, allowed, ok := l.CostOn(w.day)
		require.True(t, ok)
		require.LessOrEqual(t, cost, allowed)
	}
}

// Late fees are charged before penalty interest, each once: what is cut off one is gone.
func TestFeesAreCutLast(t *testing.T) {
	w := newWorld(t, lending.Config{Rules: capping{capFrom("2015-09-01", "15")}})
	w.register("ann", "bob")
	p := rich()
	p.Fees = p.Fees[1:2] // 5%, at least 15.00
	id := w.lent(p, 1_000_000, 1, "12% per year", "bob")
	due := w.loan(id).Dues[0]
	w.day = due.Date.AddDays(4)
	w.dayEnd()
	l := w.loan(id)
	out := int64(w.day.Sub(l.Plan.Terms().Start))
	room := 1_000_000*15*out/36500 - 10_000
	require.Equal(t, room, l.Dues[0].Owed[lending.Fees], "of 505.00")
	require.Zero(t, l.Dues[0].Owed[lending.Penalty])
	w.day = w.day.AddDays(10)
	do(w, timer, lending.EndDay{Loan: id})
	l = w.loan(id)
	require.Equal(t, room, l.Dues[0].Owed[lending.Fees])
	require.Equal(t, 1_000_000*15*(out+10)/36500-10_000-room, l.Dues[0].Owed[lending.Penalty])
}

// Of a plan made anew the interest that has accrued counts, as in what pays the loan off: late charges have
// what room that leaves.
func TestCapOfANewPlan(t *testing.T) {
	for _, c := range []lending.Restructure{{Periods: 9}, {Periods: 9, Capitalise: true}} {
		p := standard()
		p.Late.Penalty = schedule.MustRate("365% per year")
		w := newWorld(t, lending.Config{Rules: capping{capFrom("2025-01-01", "15")}})
		w.register("ann", "bob", "eve")
		id := w.lent(p, 1_000_000, 12, "12% per year", "bob", "eve")
		for i := range 3 {
			w.day = w.loan(id).Dues[i].Date
			w.repay(id, w.loan(id).Dues[i].Owed.Total())
		}
		c.Loan, c.Reason = id, "agreed"
		do(w, officer, c)
		w.day = w.loan(id).Dues[3].Date.AddDays(25)
		do(w, timer, lending.EndDay{Loan: id})
		l := w.loan(id)
		cost, allowed, _ := l.CostOn(w.day)
		require.Equal(t, paidOff(t, l, w.day), cost)
		require.Equal(t, allowed, cost)
	}
}

// What is charged once is cut by the room there is on its day, though it be booked much later and together
// with what came after: damages of the 40th day leave the late fees before them theirs.
func TestFeesAreCutByTheirDay(t *testing.T) {
	p := standard()
	late := platformFee(lending.WhenLate, lending.OnUnpaid, 20_000)
	late.ID = "late"
	damages := stepped(platformFee(lending.OnDefault, lending.OnOutstanding, 0), lending.FeeStep{From: 40, PPM: 20_000})
	damages.ID = "damages"
	p.Fees = []lending.Fee{late, damages}
	often, once := newTwin(t, p, 1_000_000, 2, capFrom("2025-01-01", "18")), newTwin(t, p, 1_000_000, 2, capFrom("2025-01-01", "18"))
	for range 120 {
		often.day, once.day = often.day.AddDays(1), once.day.AddDays(1)
		do(often.world, timer, lending.EndDay{Loan: often.id})
	}
	do(once.world, timer, lending.EndDay{Loan: once.id})
	l := once.loan(once.id)
	require.Equal(t, often.loan(often.id).Charges, l.Charges)
	require.Len(t, l.Charges, 4)
	require.EqualValues(t, "damages", l.Charges[2].Fee)
	require.Positive(t, l.Charges[2].Owed)
	require.Less(t, l.Charges[2].Owed, int64(20_000))
}

// What is figured back when a payment is reversed is within the cap at once.
func TestReversedWithinTheCap(t *testing.T) {
	w := newWorld(t, lending.Config{Rules: capping{capFrom("2015-09-01", "13")}})
	w.register("ann", "bob")
	p := standard()
	p.Late.Penalty = schedule.MustRate("36% per year")
	id := w.lent(p, 1_000_000, 1, "12% per year", "bob")
	w.day = w.loan(id).Dues[0].Date.AddDays(20)
	w.repay(id, 10_000)
	w.day = w.day.AddDays(20)
	do(w, timer, lending.EndDay{Loan: id})
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	l := w.loan(id)
	require.Equal(t, l.Dues[0].Date.AddDays(20), l.Cost.Through)
	room := 1_000_000*13*int64(l.Cost.Through.Sub(l.Plan.Terms().Start))/36500 - 10_000
	require.Equal(t, room, l.Dues[0].Owed[lending.Penalty])
}

// costOracle counts day by day, in rational numbers, what a loan may cost.
type costOracle struct {
	caps    []lending.CostCap
	allowed *big.Rat
}

// pass counts a day on which so much principal was out.
func (o *costOracle) pass(day civil.Date, out int64) {
	rate := o.caps[0].Rate
	for _, c := range o.caps {
		if !c.From.After(day) {
			rate = c.Rate
		}
	}
	r := new(big.Rat).SetFrac64(rate.Pico(), 1_000_000_000_000)
	o.allowed.Add(o.allowed, r.Mul(r, big.NewRat(out, 365)))
}

// least is what is allowed in whole minor units.
func (o *costOracle) least() int64 {
	return new(big.Int).Quo(o.allowed.Num(), o.allowed.Denom()).Int64()
}

// At no date, for no life with late payments and plans made anew, is penalty interest owed that takes the total above the
// cap; with the cap above what the plan costs, and nothing paid in advance, the total is never above it.
func TestCostNeverAboveTheCap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := overdueProduct(t)
		caps := drawCaps(t)
		roomy := rapid.Bool().Draw(t, "cap above the plan's cost")
		if roomy {
			caps = []lending.CostCap{capFrom("2025-01-01", "24"), capFrom("2026-04-11", "15.4")}
			p.Fees = slices.DeleteFunc(p.Fees, func(f lending.Fee) bool {
				return f.Timing == lending.AtDisbursement || f.Timing == lending.WithInstalment
			})
			p.DayCount, p.Accrual = daycount.Act365F, schedule.AccrueByDays
		}
		if len(caps) == 0 {
			return
		}
		w := newWorld(t, lending.Config{Rules: capping(caps)})
		w.register("ann", "bob", "eve")
		minor := rapid.Int64Range(50_000, 1_000_000).Draw(t, "amount")
		id := w.lent(p, minor, rapid.IntRange(1, 5).Draw(t, "periods"), "12% per year", "bob")
		o := costOracle{caps, new(big.Rat)}
		plans := int64(0) // made anew, each with a rounding of its own
		for range rapid.IntRange(1, 150).Draw(t, "days") {
			l := w.loan(id)
			o.pass(w.day, l.Outstanding().Minor())
			w.day = w.day.AddDays(1)
			if rapid.IntRange(0, 3).Draw(t, "looks") == 0 {
				do(w, timer, lending.EndDay{Loan: id})
			}
			due, err := w.loan(id).DueOn(w.day)
			require.NoError(t, err)
			if rapid.IntRange(0, 15).Draw(t, "pays") == 0 && due.Minor() > 0 {
				w.repay(id, rapid.Int64Range(1, due.Minor()).Draw(t, "payment"))
			}
			switch rapid.IntRange(0, 30).Draw(t, "plan anew") {
			case 0:
				w.deposit("ann", amt(minor, cny))
				if try(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(rapid.Int64Range(1, minor).Draw(t, "prepaid"), cny)}) == nil {
					plans++
				}
				w.deliver()
			case 1:
				c := drawRestructure(t, w.loan(id), w.day)
				c.Rate, c.Capitalise, c.ReAge = schedule.Rate{}, false, false
				if try(w, officer, c) == nil {
					plans++
				}
			}
			if l = w.loan(id); l.State != lending.StateActive {
				return
			}
			if roomy {
				require.LessOrEqual(t, paidOff(t, l, w.day), o.least()+plans)
			}
			cost, allowed, _ := l.CostOn(w.day)
			require.Equal(t, o.least(), allowed)
			if roomy || l.Looked == w.day && owesPenalty(l) {
				require.LessOrEqual(t, cost, allowed+plans)
			}
		}
	})
}

// paidOff is what a loan without fees at disbursement has cost when it is paid off on a day.
func paidOff(t require.TestingT, l *lending.Loan, on civil.Date) int64 {
	off, err := l.Payoff(on)
	require.NoError(t, err)
	cost := off.Minor() - l.Outstanding().Minor()
	for i := range l.Dues {
		cost += l.Dues[i].Paid.Total() - l.Dues[i].Paid[lending.Principal]
	}
	return cost
}

// owesPenalty reports whether penalty interest is unpaid.
func owesPenalty(l *lending.Loan) bool {
	for i := range l.Dues {
		if l.Dues[i].Unpaid()[lending.Penalty] > 0 {
			return true
		}
	}
	return false
}
