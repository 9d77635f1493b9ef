package schedule_test

import (
	"math/big"
	"time"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// oracle makes plans slowly and plainly, in big.Rat throughout.
type oracle struct {
	schedule.Terms
	due     []civil.Date
	largest *big.Rat // the highest rate of one period or flat term that was used
}

func rat(num, den int64) *big.Rat { return big.NewRat(num, den) }

func mul(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// round takes a non-negative fraction to a whole number.
func round(x *big.Rat, m money.Mode) *big.Int {
	floor := new(big.Int).Quo(x.Num(), x.Denom())
	part := new(big.Rat).Sub(x, new(big.Rat).SetInt(floor))
	half := part.Cmp(rat(1, 2))
	up := false
	switch m {
	case money.Up, money.Ceiling:
		up = part.Sign() > 0
	case money.HalfUp:
		up = half >= 0
	case money.HalfDown:
		up = half > 0
	case money.HalfEven:
		up = half > 0 || half == 0 && floor.Bit(0) == 1
	}
	if up {
		floor.Add(floor, big.NewInt(1))
	}
	return floor
}

// monthsLater adds months with package time: the first of the month, then the day, clamped.
func monthsLater(d civil.Date, n int) civil.Date {
	first := time.Date(d.Year(), d.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return date(first.Year(), first.Month(), min(d.Day(), last))
}

func date(y int, m time.Month, d int) civil.Date {
	made, err := civil.New(y, m, d)
	if err != nil {
		panic(err)
	}
	return made
}

func newOracle(t schedule.Terms) *oracle {
	o := &oracle{Terms: t, largest: new(big.Rat)}
	later := func(from civil.Date, n int) civil.Date {
		switch t.Every.Unit() {
		case schedule.UnitMonth:
			return monthsLater(from, n*t.Every.N())
		case schedule.UnitWeek:
			return from.AddDays(7 * n * t.Every.N())
		default:
			return from.AddDays(n * t.Every.N())
		}
	}
	for i := range t.Periods {
		if o.odd(later) {
			o.due = append(o.due, later(t.FirstDue, i))
			continue
		}
		o.due = append(o.due, later(t.Start, i+1))
	}
	return o
}

func (o *oracle) odd(later func(civil.Date, int) civil.Date) bool {
	return !o.FirstDue.IsZero() && o.FirstDue != later(o.Start, 1)
}

// wholePeriod is the part of a year that a whole period is.
func (o *oracle) wholePeriod() *big.Rat {
	n := int64(o.Every.N())
	switch o.Every.Unit() {
	case schedule.UnitMonth:
		return rat(n, 12)
	case schedule.UnitWeek:
		return rat(n, 52)
	default:
		return rat(n, int64(o.DayCount.YearDays()))
	}
}

func (o *oracle) regular() *big.Rat {
	r := rat(o.Rate.Pico(), 1e12)
	if o.Rate.Basis() == schedule.PerYear {
		r.Mul(r, o.wholePeriod())
	}
	return r
}

func (o *oracle) byDays(from, due civil.Date) *big.Rat {
	r := rat(o.Rate.Pico(), 1e12)
	if o.Rate.Basis() == schedule.PerPeriod {
		r.Quo(r, o.wholePeriod())
	}
	return r.Mul(r, rat(o.DayCount.Fraction(from, due)))
}

func (o *oracle) from(i int) civil.Date {
	if i == 0 {
		return o.Start
	}
	return o.due[i-1]
}

// periodRate is the rate of period i.
func (o *oracle) periodRate(i int) *big.Rat {
	first := newOracle(schedule.Terms{Start: o.Start, Every: o.Every, Periods: 1}).due[0]
	odd := i == 0 && o.due[0] != first
	r := o.regular()
	if o.Accrual == schedule.AccrueByDays || odd {
		r = o.byDays(o.from(i), o.due[i])
	}
	o.note(r)
	return r
}

func (o *oracle) note(r *big.Rat) {
	if r.Cmp(o.largest) > 0 {
		o.largest.Set(r)
	}
}

// level is the exact level payment before rounding.
func (o *oracle) level() *big.Rat {
	p, r, n := rat(o.Principal.Minor(), 1), o.regular(), int64(o.Periods)
	if r.Sign() == 0 {
		return mul(p, rat(1, n))
	}
	grown := new(big.Rat).Add(r, rat(1, 1))
	exp := big.NewInt(n)
	grown.SetFrac(
		new(big.Int).Exp(grown.Num(), exp, nil),
		new(big.Int).Exp(grown.Denom(), exp, nil))
	return mul(mul(p, r), new(big.Rat).Quo(grown, new(big.Rat).Sub(grown, rat(1, 1))))
}

// term is the sum of all periods' rates, or the day count over the whole term.
func (o *oracle) term() *big.Rat {
	sum := new(big.Rat)
	if o.Accrual == schedule.AccrueByDays {
		sum = o.byDays(o.Start, o.due[o.Periods-1])
	} else {
		for i := range o.due {
			sum.Add(sum, o.periodRate(i))
		}
	}
	o.note(sum)
	return sum
}

type bigRow struct{ principal, interest, balance *big.Int }

func smaller(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return new(big.Int).Set(a)
	}
	return new(big.Int).Set(b)
}

// rows makes the plan; ok is false when principal and interest pass money.MaxMinor.
func (o *oracle) rows() (rows []schedule.Row, ok bool) {
	var made []bigRow
	dues := o.due
	switch o.Method {
	case schedule.MethodBullet:
		p := big.NewInt(o.Principal.Minor())
		interest := round(mul(rat(o.Principal.Minor(), 1), o.term()), o.Rounding.Interest)
		made = []bigRow{{p, interest, new(big.Int)}}
		dues = dues[len(dues)-1:]
	case schedule.MethodFlat:
		made = o.flat()
	default:
		made = o.declining()
	}
	total := big.NewInt(o.Principal.Minor())
	for i, row := range made {
		total.Add(total, row.interest)
		rows = append(rows, schedule.Row{
			Due:       dues[i],
			End:       dues[i],
			Principal: row.principal.Int64(),
			Interest:  row.interest.Int64(),
			Balance:   row.balance.Int64(),
		})
	}
	level := round(o.level(), o.Rounding.Instalment)
	ok = o.Method != schedule.MethodLevelPayment || level.Cmp(big.NewInt(money.MaxMinor)) <= 0
	return rows, ok && total.Cmp(big.NewInt(money.MaxMinor)) <= 0
}

func (o *oracle) flat() (rows []bigRow) {
	balance := big.NewInt(o.Principal.Minor())
	unpaid := round(mul(rat(o.Principal.Minor(), 1), o.term()), o.Rounding.Interest)
	part := func(whole *big.Int) *big.Int {
		each := new(big.Rat).SetFrac(whole, big.NewInt(int64(o.Periods)))
		return round(each, o.Rounding.Instalment)
	}
	share, charge := part(balance), part(unpaid)
	for i := range o.Periods {
		row := bigRow{smaller(share, balance), smaller(charge, unpaid), nil}
		if i == o.Periods-1 {
			row.principal, row.interest = balance, unpaid
		}
		balance = new(big.Int).Sub(balance, row.principal)
		unpaid = new(big.Int).Sub(unpaid, row.interest)
		row.balance = balance
		rows = append(rows, row)
	}
	return rows
}

func (o *oracle) declining() (rows []bigRow) {
	balance, owed := big.NewInt(o.Principal.Minor()), new(big.Int)
	payment := round(o.level(), o.Rounding.Instalment)
	share := round(rat(o.Principal.Minor(), int64(o.Periods)), o.Rounding.Instalment)
	for i := range o.Periods {
		accrued := mul(new(big.Rat).SetInt(balance), o.periodRate(i))
		owed = new(big.Int).Add(owed, round(accrued, o.Rounding.Interest))
		var row bigRow
		switch o.Method {
		case schedule.MethodLevelPayment:
			row.interest = smaller(owed, payment)
			row.principal = smaller(new(big.Int).Sub(payment, row.interest), balance)
		case schedule.MethodEqualPrincipal:
			row.interest, row.principal = owed, smaller(share, balance)
		case schedule.MethodInterestOnly:
			row.interest, row.principal = owed, new(big.Int)
		}
		if i == o.Periods-1 {
			row.interest, row.principal = owed, balance
		}
		owed = new(big.Int).Sub(owed, row.interest)
		balance = new(big.Int).Sub(balance, row.principal)
		row.balance = balance
		rows = append(rows, row)
	}
	return rows
}
