package scheduletest

import (
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// period is a span by which interest accrues.
type period struct {
	from, to civil.Date
	every    schedule.Frequency
	whole    bool // neither cut short nor drawn out
}

// periods are the spans by which the interest of terms accrues, in order and without gaps.
func periods(t *schedule.Terms) (all []period) {
	own, ends := interestDays(t), instalmentDays(t)
	if t.Method == schedule.MethodBullet && len(own) == 0 && t.Accrual != schedule.AccrueByDays {
		ends = periodEnds(t)
	}
	from := t.Start
	cut := func(r run, first int, days []civil.Date) {
		for k, day := range days {
			if day == t.Start {
				continue
			}
			whole := day == r.at(first+k) && from == r.at(first+k-1)
			begin, _ := moved(t, from)
			if from == t.Start {
				begin = from
			}
			end, _ := moved(t, day)
			all = append(all, period{begin, end, r.every, whole})
			from = day
		}
	}
	cut(newRun(t.Interest.First, t.Interest.Every, t.MonthEnd), 0, own)
	if len(own) == 0 || paysBoth(t) {
		r, first := dues(t)
		cut(r, first, ends)
		if first == 0 && len(own) == 0 && len(all) > 0 && ends[0] != t.Start {
			all[0].whole = false // an odd first period, whatever its length
		}
	}
	return all
}

// yearShare is the part of a year that a whole period is.
func yearShare(every schedule.Frequency, c daycount.Convention) *big.Rat {
	n := int64(every.N())
	switch every.Unit() {
	case schedule.UnitMonth:
		return big.NewRat(n, 12)
	case schedule.UnitWeek:
		return big.NewRat(n, 52)
	case schedule.UnitHalfMonth:
		return big.NewRat(1, 24)
	}
	return big.NewRat(n, int64(c.YearDays()))
}

// meter measures what accrues, as exact fractions of minor units.
type meter struct {
	*schedule.Terms
	periods []period
}

func newMeter(t *schedule.Terms) *meter { return &meter{t, periods(t)} }

// annual is a rate for a year.
func (m *meter) annual(r schedule.Rate) *big.Rat {
	annual := big.NewRat(r.Pico(), 100*onePercent)
	if r.Basis() == schedule.PerPeriod {
		annual.Quo(annual, yearShare(m.Every, m.DayCount))
	}
	return annual
}

// rateOn is the contract's rate for the day that begins a span, for a year.
func (m *meter) rateOn(day civil.Date) *big.Rat {
	rate := m.Rate
	for _, step := range m.Rates {
		if !step.From.After(day) {
			rate = step.Rate
		}
	}
	return m.annual(rate)
}

// in is the period that holds a day; the last one after the end.
func (m *meter) in(day civil.Date) int {
	k := slices.IndexFunc(m.periods, func(p period) bool { return day.Before(p.to) })
	if k < 0 {
		return len(m.periods) - 1
	}
	return k
}

// part is the part of a year that some days of period k count for.
func (m *meter) part(k int, from, to civil.Date) *big.Rat {
	p := m.periods[k]
	if m.Accrual == schedule.AccrueByDays || !p.whole {
		ctx := daycount.Context{Start: p.from, End: p.to, Calendar: m.Shift.Calendar,
			Maturity: m.periods[len(m.periods)-1].to}
		if year := yearShare(p.every, m.DayCount); p.every.Unit() != schedule.UnitTerm &&
			year.Num().IsInt64() && year.Num().Int64() == 1 {
			ctx.PerYear = int(year.Denom().Int64())
		}
		return big.NewRat(m.DayCount.FractionIn(ctx, from, to))
	}
	days := func(from, to civil.Date) int64 {
		if m.Accrual == schedule.AccrueByPeriodDays {
			return int64(to.Sub(from))
		}
		return int64(m.DayCount.Days(from, to))
	}
	part := yearShare(p.every, m.DayCount)
	if from == p.from && to == p.to {
		return part
	}
	of := days(p.from, p.to)
	if of <= 0 {
		return new(big.Rat)
	}
	return part.Mul(part, big.NewRat(days(from, to), of))
}

// years cuts the days from one date to another where a period ends or the rate changes, and sums
// what pick makes of each piece: its period, its first day, its part of a year.
func (m *meter) years(from, to civil.Date, pick func(int, civil.Date, *big.Rat) *big.Rat) *big.Rat {
	sum := new(big.Rat)
	for from.Before(to) {
		k, end := m.in(from), to
		if p := m.periods[k]; p.to.Before(end) && from.Before(p.to) {
			end = p.to
		}
		for _, step := range m.Rates {
			if step.From.After(from) && step.From.Before(end) {
				end = step.From
				break
			}
		}
		sum.Add(sum, pick(k, from, m.part(k, from, end)))
		from = end
	}
	return sum
}

// interest is what one minor unit bears from one date to another at the contract's rates.
func (m *meter) interest(from, to civil.Date) *big.Rat {
	return m.years(from, to, func(k int, from civil.Date, part *big.Rat) *big.Rat {
		if k < m.Grace.Free {
			return new(big.Rat)
		}
		return part.Mul(part, m.rateOn(from))
	})
}

// interestOf is what the principal that is out bears from one date to another.
func (m *meter) interestOf(out []standing, from, to civil.Date,
	interest func(from, to civil.Date) *big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i, s := range out {
		begin, end := later(s.from, from), to
		if i+1 < len(out) && out[i+1].from.Before(to) {
			end = out[i+1].from
		}
		if begin.Before(end) {
			part := interest(begin, end)
			sum.Add(sum, part.Mul(part, whole(s.principal)))
		}
	}
	return sum
}

// exact reports whether the terms' day count can be summed over the pieces into which they cut a
// period.
func (m *meter) exact() bool {
	if m.Every.Unit() == schedule.UnitTerm && m.Rate.Basis() == schedule.PerPeriod {
		return false
	}
	switch m.DayCount {
	case daycount.ActActICMA, daycount.Act365L: // they ask how many periods a year has
		for _, every := range []schedule.Frequency{m.Every, m.Interest.Every} {
			if year := yearShare(every, m.DayCount); year.Sign() > 0 && !year.Num().IsInt64() ||
				year.Num().Int64() > 1 {
				return false
			}
		}
	case daycount.Act365F, daycount.Act360, daycount.ThirtyE360, daycount.ActActISDA,
		daycount.NL365, daycount.Business252:
		return true
	}
	return len(m.Rates)+len(m.Tranches)+len(m.Fees) == 0 && m.Capitalise.IsZero() &&
		m.Interest.IsZero()
}

// unitError is the most that rounding one sum of interest changes it by.
func (m *meter) unitError() *big.Rat {
	if m.Rounding.Interest <= money.HalfDown && m.Rounding.Grain != schedule.GrainPerDiem {
		return big.NewRat(1, 2)
	}
	return whole(1)
}

// rounding is the most that rounding changes the interest from one date to another by, when it
// falls due at the end and at the ends of periods before.
func (m *meter) rounding(from, to civil.Date) *big.Rat {
	n := int64(1)
	for _, p := range m.periods {
		if p.to.After(from) && p.to.Before(to) {
			n++
		}
	}
	if day, _ := moved(m.Terms, m.Capitalise); day.After(from) && day.Before(to) {
		n++ // nothing was to be capitalised, which makes no row
	}
	if m.Rounding.Grain == schedule.GrainDay {
		n = max(n, int64(to.Sub(from)))
	}
	most := whole(n)
	if m.Rounding.Grain == schedule.GrainNone { // what is left over bears interest as well
		most.Add(most, m.interest(from, to))
	}
	return most.Mul(most, m.unitError())
}

// standing is the principal that is out from the end of a day on.
type standing struct {
	from      civil.Date
	principal int64
}

// standings are the days on which principal changes, and what is out from each on.
func standings(t *schedule.Terms, rows []schedule.Row) []standing {
	first := t.Principal.Minor()
	for _, tranche := range t.Tranches {
		first -= tranche.Amount.Minor()
	}
	all := []standing{{t.Start, first}}
	set := func(day civil.Date, principal int64) {
		if last := &all[len(all)-1]; last.from == day {
			last.principal = principal
			return
		}
		all = append(all, standing{day, principal})
	}
	next := 0
	paidOut := func(until civil.Date, included bool) {
		for ; next < len(t.Tranches) && !t.Tranches[next].On.After(until); next++ {
			if !included || t.Tranches[next].On.Before(until) {
				set(t.Tranches[next].On, all[len(all)-1].principal+t.Tranches[next].Amount.Minor())
			}
		}
	}
	for i, row := range rows {
		paidOut(row.End.AddDays(-1), false)
		set(row.End, row.Balance)
		if i+1 == len(rows) || rows[i+1].End != row.End {
			paidOut(row.End, !t.DownPayment.IsZero()) // the down payment's row has the tranche in it
		}
	}
	return all
}

func whole(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

func later(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return b
	}
	return a
}
