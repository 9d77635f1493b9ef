package scheduletest_test

import (
	"errors"
	"math/big"
	"time"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// team makes plans as somebody else might: the first five methods, an odd first period and a
// balloon, in fractions. A bug of that name breaks it on purpose.
type team struct {
	schedule.Terms
	bug string
}

func (o team) plan(t schedule.Terms) ([]schedule.Row, error) {
	known := schedule.Terms{
		Principal: t.Principal, Rate: t.Rate, Method: t.Method, Periods: t.Periods, Every: t.Every,
		Start: t.Start, FirstDue: t.FirstDue, DayCount: t.DayCount, Accrual: t.Accrual,
		Rounding: schedule.Rounding{Instalment: t.Rounding.Instalment, Interest: t.Rounding.Interest},
		Balloon:  t.Balloon, Discount: t.Discount,
	}
	if !t.Equal(known) || t.Method > schedule.MethodFlat || t.DayCount > daycount.Act360 ||
		t.Accrual > schedule.AccrueByDays || t.Every.Unit() > schedule.UnitDay ||
		t.FirstDue == t.Start {
		return nil, errors.ErrUnsupported
	}
	o.Terms = t
	return o.spoil(o.rows()), nil
}

// months adds months with package time.
func months(d civil.Date, n int) civil.Date {
	first := time.Date(d.Year(), d.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	day := min(d.Day(), first.AddDate(0, 1, -1).Day())
	made, err := civil.New(first.Year(), first.Month(), day)
	if err != nil {
		panic(err)
	}
	return made
}

func (o *team) later(d civil.Date, n int) civil.Date {
	switch n *= o.Every.N(); o.Every.Unit() {
	case schedule.UnitMonth:
		if o.bug == "month-end drift" {
			for ; n > 1; n-- {
				d = months(d, 1)
			}
		}
		return months(d, n)
	case schedule.UnitWeek:
		return d.AddDays(7 * n)
	}
	return d.AddDays(n)
}

func (o *team) dues() (days []civil.Date) {
	from, first := o.Start, 1
	if !o.FirstDue.IsZero() && o.FirstDue != o.later(o.Start, 1) {
		from, first = o.FirstDue, 0
	}
	if o.bug == "one period late" {
		first++
	}
	for k := range o.Periods {
		days = append(days, o.later(from, first+k))
	}
	return days
}

// year is the part of a year that a whole period is.
func (o *team) year() *big.Rat {
	switch n := int64(o.Every.N()); o.Every.Unit() {
	case schedule.UnitMonth:
		return big.NewRat(n, 12)
	case schedule.UnitWeek:
		return big.NewRat(n, 52)
	default:
		return big.NewRat(n, int64(o.DayCount.YearDays()))
	}
}

// rate is that of one period.
func (o *team) rate(from, to civil.Date) *big.Rat {
	rate := big.NewRat(o.Rate.Pico(), 1e12)
	whole := to == o.later(o.Start, 1) || from != o.Start || o.bug == "odd period as whole"
	perPeriod := o.Rate.Basis() == schedule.PerPeriod && o.bug != "rate per period as per year"
	if o.Accrual == schedule.AccrueByPeriod && whole {
		if !perPeriod {
			rate.Mul(rate, o.year())
		}
		return rate
	}
	if perPeriod {
		rate.Quo(rate, o.year())
	}
	count := o.DayCount
	if o.bug == "30/360 for actual" {
		count = daycount.Thirty360US
	}
	if o.bug == "one day too many" {
		to = to.AddDays(1)
	}
	return rate.Mul(rate, big.NewRat(count.Fraction(from, to)))
}

func (o *team) term(days []civil.Date) *big.Rat {
	if o.Accrual == schedule.AccrueByDays {
		return o.rate(o.Start, days[len(days)-1])
	}
	sum, from := new(big.Rat), o.Start
	for _, day := range days {
		sum.Add(sum, o.rate(from, day))
		from = day
	}
	return sum
}

// of is a share of an amount, rounded.
func (o *team) of(amount int64, share *big.Rat, mode money.Mode) int64 {
	x := new(big.Rat).Mul(share, big.NewRat(amount, 1))
	if o.bug == "rounded twice" {
		x.Mul(x, big.NewRat(10, 1))
		x = big.NewRat(nearest(x, mode), 10)
	}
	return nearest(x, mode)
}

func nearest(x *big.Rat, mode money.Mode) int64 {
	quo, rem := new(big.Int).QuoRem(x.Num(), x.Denom(), new(big.Int))
	half, up := rem.Cmp(new(big.Int).Sub(x.Denom(), rem)), false
	switch mode {
	case money.Up, money.Ceiling:
		up = rem.Sign() > 0
	case money.HalfUp:
		up = half >= 0
	case money.HalfDown:
		up = half > 0
	case money.HalfEven:
		up = half > 0 || half == 0 && quo.Bit(0) == 1
	}
	if up {
		return quo.Int64() + 1
	}
	return quo.Int64()
}

// payment is the level payment, by going back from the balloon.
func (o *team) payment(n int) int64 {
	r := o.rate(o.later(o.Start, 1), o.later(o.Start, 2))
	if o.Accrual == schedule.AccrueByDays {
		r = big.NewRat(o.Rate.Pico(), 1e12)
		if o.Rate.Basis() == schedule.PerYear {
			r.Mul(r, o.year())
		}
	}
	one := big.NewRat(1, 1)
	discount, factor, sum := new(big.Rat).Inv(r.Add(r, one)), big.NewRat(1, 1), new(big.Rat)
	for range n {
		factor.Mul(factor, discount)
		sum.Add(sum, factor)
	}
	worth := new(big.Rat).SetInt64(o.Balloon.Minor())
	if o.bug == "balloon forgotten" {
		worth.SetInt64(0)
	}
	worth.Sub(new(big.Rat).SetInt64(o.Principal.Minor()), worth.Mul(worth, factor))
	return max(0, nearest(worth.Quo(worth, sum), o.Rounding.Instalment))
}

func (o *team) rows() (rows []schedule.Row) {
	days := o.dues()
	first, last := o.Principal.Minor(), o.Periods-1
	switch o.Method {
	case schedule.MethodBullet:
		return []schedule.Row{{Due: days[last], Principal: first,
			Interest: o.of(first, o.term(days), o.Rounding.Interest)}}
	case schedule.MethodFlat:
		return o.flat(days)
	}
	n := o.Periods
	if o.bug == "one payment too many" {
		n++
	}
	payment, owed, from, balance := o.payment(n), int64(0), o.Start, first
	share := o.of(first-o.Balloon.Minor(), big.NewRat(1, int64(n)), o.Rounding.Instalment)
	for k, day := range days {
		base := balance
		if o.bug == "interest on the first principal" {
			base = first
		}
		owed += o.of(base, o.rate(from, day), o.Rounding.Interest)
		row := schedule.Row{Due: day, Interest: owed}
		switch {
		case k == last:
			row.Principal = balance
		case o.Method == schedule.MethodLevelPayment:
			row.Interest = min(owed, payment)
			row.Principal = min(payment-row.Interest, balance)
		case o.Method == schedule.MethodEqualPrincipal:
			row.Principal = max(0, min(share, balance-o.Balloon.Minor()))
		}
		balance -= row.Principal
		row.Balance, owed, from = balance, owed-row.Interest, day
		rows = append(rows, row)
	}
	return rows
}

func (o *team) flat(days []civil.Date) (rows []schedule.Row) {
	n, first := int64(o.Periods), o.Principal.Minor()
	balance, unpaid := first, o.of(first, o.term(days), o.Rounding.Interest)
	share := o.of(first, big.NewRat(1, n), o.Rounding.Instalment)
	charge := o.of(unpaid, big.NewRat(1, n), o.Rounding.Instalment)
	for k, day := range days {
		row := schedule.Row{Due: day, Principal: min(share, balance), Interest: min(charge, unpaid)}
		if k == o.Periods-1 {
			row.Principal, row.Interest = balance, unpaid
		}
		balance, unpaid = balance-row.Principal, unpaid-row.Interest
		row.Balance = balance
		rows = append(rows, row)
	}
	return rows
}

// spoil breaks finished rows.
func (o *team) spoil(rows []schedule.Row) []schedule.Row {
	last := len(rows) - 1
	switch o.bug {
	case "remainder dropped":
		if last > 0 {
			rows[last].Principal = min(rows[last].Principal, rows[0].Principal)
		}
	case "last row negative":
		if last > 0 && rows[last].Principal < rows[last-1].Principal {
			rows[last-1].Principal += rows[last].Principal + 1
			rows[last-1].Balance, rows[last].Principal = -1, -1
		}
	case "balance before the payment":
		for i := range rows {
			rows[i].Balance += rows[i].Principal
		}
	case "last interest forgotten":
		rows[last].Interest = 0
	case "interest a period late":
		for k := last; k > 0; k-- {
			rows[k].Interest = rows[k-1].Interest
		}
		if last > 0 {
			rows[0].Interest = 0
		}
	case "a row lost":
		if last > 0 {
			rows[1].Principal += rows[0].Principal
			rows = rows[1:]
		}
	case "fee taken twice":
		rows[last].Fee++
	case "a cent a row":
		for i := range rows {
			rows[i].Interest++
		}
	case "shares shuffled":
		if last > 1 && rows[0].Principal > 0 {
			rows[0].Principal--
			rows[0].Balance++
			rows[1].Principal++
		}
	}
	return rows
}
