package regulator

import (
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// Within reports whether a loan costs no more than a simple rate per year: whether the payments of
// its plan, taken first for interest at that rate on what is still out and then for principal, leave
// nothing over. Interest bears no interest, and fees are part of the cost: handed is what the
// borrower got, in minor units, with fees taken off. So a flat rate (等本等息) is judged by what it
// costs, not by its name. The actuarial rate of [lending.Product.MaxAPR] compounds where no payment
// falls for more than a year, which the law's rate does not.
//
// A year is twelve months where the plan counts by whole months or by months of 30 days, else 365
// days; a year of 360 days or of 52 weeks makes a rate more than its name. Every payment may be up
// to one minor unit too high, as rounding makes it: a plan of monthly periods without fees whose
// interest is at most the rate on the balance is within it, however it rounds.
//
// It is exact but for what is cut off at 1e-12 of a minor unit, in the plan's favour. A rate that is
// not per year has nothing within.
func Within(handed int64, plan schedule.Plan, rate schedule.Rate) bool {
	if rate.Basis() != schedule.PerYear {
		return false
	}
	terms, elapsed := plan.Terms(), fraction{den: 1}
	year := clockOf(&terms)
	debt, accrued := scaled(handed), new(big.Int)
	for _, row := range plan.Rows() {
		now := year(terms.Start, row.Due)
		growth := new(big.Int).Mul(debt, big.NewInt(rate.Pico()))
		growth.Mul(growth, big.NewInt(now.num-elapsed.num))
		accrued.Add(accrued, ceiling(growth, now.den))
		elapsed = now

		paid := scaled(max(0, row.Principal+row.Interest+row.Fee-1))
		interest := paid
		if accrued.Cmp(paid) < 0 {
			interest = new(big.Int).Set(accrued)
		}
		accrued.Sub(accrued, interest)
		debt.Sub(debt, paid.Sub(paid, interest))
		if debt.Sign() < 0 {
			return false // and more payments only take it further down
		}
	}
	return true
}

// pico is how many 1e-12 there are in 1.
const pico = 1_000_000_000_000

// fraction is a part of a year or more.
type fraction struct{ num, den int64 }

// clock counts the time between two dates in years, always over the same denominator.
type clock func(from, to civil.Date) fraction

// clockOf returns how the year of a plan is counted.
func clockOf(t *schedule.Terms) clock {
	unit := t.Every.Unit()
	monthly := unit == schedule.UnitMonth || unit == schedule.UnitHalfMonth
	switch t.DayCount {
	case daycount.Thirty360US, daycount.ThirtyE360, daycount.ThirtyE360ISDA, daycount.ThirtyU360:
		return months
	}
	if monthly && t.Accrual != schedule.AccrueByDays {
		return months
	}
	return days
}

func months(from, to civil.Date) fraction {
	u, err := schedule.CountUnitPeriods(from, to, schedule.Months(1))
	if err != nil {
		return fraction{0, 360} // due before the start, which no plan has
	}
	return fraction{int64(u.Whole)*30 + int64(u.Num), 360} // of a month of 30 days
}

func days(from, to civil.Date) fraction { return fraction{int64(to.Sub(from)), 365} }

func scaled(minor int64) *big.Int { return new(big.Int).Mul(big.NewInt(minor), big.NewInt(pico)) }

// ceiling is n / (pico den), rounded up; n is not negative.
func ceiling(n *big.Int, den int64) *big.Int {
	by := new(big.Int).Mul(big.NewInt(pico), big.NewInt(den))
	q, r := new(big.Int).QuoRem(n, by, new(big.Int))
	if r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// within reports whether a loan of a product costs no more than a rate, with all fees that its borrower
// pays at disbursement and with instalments.
func within(p *lending.Product, plan schedule.Plan, rate schedule.Rate) bool {
	terms, rows := plan.Terms(), plan.Rows()
	upfront, err := p.Upfront(terms.Principal.Minor(), terms.Periods)
	if err != nil {
		return false // a rounding mode that does not exist: no valid product has one
	}
	fees, err := p.InstalmentFees(plan)
	if err != nil {
		return false
	}
	for i, fee := range fees {
		rows[i].Fee += fee
	}
	if plan, err = schedule.NewPlan(terms, rows); err != nil {
		return false // beyond what amounts can be
	}
	return Within(max(0, terms.Principal.Minor()-upfront), plan, rate)
}

// costsMore reports whether a loan of a product may cost more than a rate per year: at its highest
// rate, by any of its methods, over any number of periods, of the largest or the smallest amount (on
// which a fee's minimum weighs most).
func costsMore(p *lending.Product, start civil.Date, most schedule.Rate) bool {
	q := *p
	for _, q.Method = range append([]schedule.Method{p.Method}, p.Methods...) {
		for n := p.MinPeriods; n <= p.MaxPeriods; n++ {
			for _, a := range []money.Amount{p.MaxAmount, p.MinAmount} {
				plan, err := q.Terms(a, n, p.MaxRate, start).Plan()
				if err == nil && !within(p, plan, most) {
					return true
				}
			}
		}
	}
	return false
}

// lateCostsMore reports whether penalty, late fees and damages together may come to more than a rate
// per year on what is overdue. They are judged on the first day on which they are charged, on each day
// from which one has another price, and in the long run. What is fixed, has a minimum or is figured on
// more than what is overdue passes every rate where little of an instalment is unpaid.
func lateCostsMore(p *lending.Product, most schedule.Rate) bool {
	rules, err := p.Late.At(p.MaxRate)
	if err != nil {
		return true
	}
	days := []int{p.Late.GraceDays + 1}
	for _, f := range p.Fees {
		if f.Timing != lending.WhenLate && f.Timing != lending.OnDefault {
			continue
		}
		if f.Min > 0 || f.Fixed > 0 || f.Base != lending.OnUnpaid {
			return true
		}
		for _, s := range f.Steps {
			if days = append(days, max(s.From, days[0])); s.Fixed > 0 {
				return true
			}
		}
	}
	slices.Sort(days)
	for _, n := range append(days, max(days[len(days)-1], longRun)) {
		allowed := new(big.Int).Mul(big.NewInt(most.Pico()), big.NewInt(int64(n)))
		if lateCost(p, rules, n).Cmp(allowed) > 0 {
			return true
		}
	}
	return false
}

// longRun is a day past due on which only what is charged by the day counts.
const longRun = 3650

// lateCost is what an amount costs that is so many days overdue, in 1e-12 of it, times 365: once by the
// highest price so far, and by the day.
func lateCost(p *lending.Product, rules lending.Late, days int) *big.Int {
	cost := new(big.Int).Mul(big.NewInt(rules.Penalty.Pico()), big.NewInt(int64(days)))
	for _, f := range p.Fees {
		if f.Timing != lending.WhenLate && f.Timing != lending.OnDefault {
			continue
		}
		f.Max = 0
		row := lending.FeeRow{Base: pico, Days: days, Count: days}
		most, _ := f.Of(row) // a valid product has rounding modes
		for _, s := range f.Steps {
			if row.Count = s.From - 1; f.Per == lending.Once && row.Count > p.Late.GraceDays && s.From <= days {
				before, _ := f.Of(row)
				most = max(most, before)
			}
		}
		cost.Add(cost, new(big.Int).Mul(big.NewInt(most), big.NewInt(365)))
	}
	return cost
}
