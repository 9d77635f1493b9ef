package scheduletest

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// Level draws the usual loan: [PlainTerms] with a level payment every month, interest by period and
// no odd first period. Principal, rate, number of periods, start and rounding modes are any of
// theirs, and so is the day count, which decides nothing in whole months. What an implementation
// fixes besides, rapid.Map sets; the terms stay valid.
func Level() *rapid.Generator[schedule.Terms] {
	return rapid.Map(PlainTerms(), func(t schedule.Terms) schedule.Terms {
		t.Method, t.Every, t.Accrual = schedule.MethodLevelPayment, schedule.Months(1),
			schedule.AccrueByPeriod
		t.FirstDue = civil.Date{}
		return t
	})
}

// PlainTerms draws valid terms of the first five methods that leave every optional field out but
// FirstDue: 1 to 60 periods, often one, and 1 minor unit to a hundred million, often one.
func PlainTerms() *rapid.Generator[schedule.Terms] {
	return rapid.Custom(func(t *rapid.T) schedule.Terms {
		d := draft{T: t, Terms: core(t)}
		d.Principal = Amount(Currency().Draw(t, "currency"), 1, 100_000_000).Draw(t, "principal")
		d.Rate = Rate(interestBasis().Draw(t, "basis")).Draw(t, "rate")
		d.Method = rapid.SampledFrom(plainMethods).Draw(t, "method")
		d.DayCount = rapid.SampledFrom([]daycount.Convention{
			daycount.Thirty360US, daycount.Act365F, daycount.Act360,
		}).Draw(t, "day count")
		d.Accrual = rapid.SampledFrom(accruals[:2]).Draw(t, "accrual")
		if d.seldom("odd first period") {
			d.firstDue(1)
		}
		return d.Terms
	})
}

// Terms draws any terms that schedule.Terms.Validate allows and that a loan could have: every
// method, with every optional field at random where the method knows it. They have up to 60
// periods of up to 5 years, and one in a dozen has a principal or a rate near the highest, so that
// a plan may be refused as an overflow.
func Terms() *rapid.Generator[schedule.Terms] {
	return rapid.Custom(func(t *rapid.T) schedule.Terms {
		d := draft{T: t, Terms: core(t)}
		d.sums()
		d.Method = rapid.SampledFrom(methods).Draw(t, "method")
		d.DayCount = DayCount().Draw(t, "day count")
		d.Accrual = rapid.SampledFrom(accruals).Draw(t, "accrual")
		d.dates()
		d.rounding()
		d.payments()
		d.shares()
		if d.variable() {
			d.changes()
		}
		if d.advance() {
			d.InAdvance = d.Bool("in advance")
		}
		d.fees()
		d.stayAfterStart()
		return d.Terms
	})
}

// The values of enums that are drawn, in the order of their constants.
var (
	accruals = []schedule.Accrual{
		schedule.AccrueByPeriod, schedule.AccrueByDays, schedule.AccrueByPeriodDays,
	}
	plainMethods = []schedule.Method{
		schedule.MethodLevelPayment, schedule.MethodEqualPrincipal, schedule.MethodInterestOnly,
		schedule.MethodBullet, schedule.MethodFlat,
	}
	methods = append(slices.Clone(plainMethods), schedule.MethodFixedPayment,
		schedule.MethodCustom, schedule.MethodStepped, schedule.MethodSumOfDigits)
)

// core draws what all terms have in common.
func core(t *rapid.T) schedule.Terms {
	return schedule.Terms{
		Periods: rapid.OneOf(rapid.SampledFrom([]int{1, 2, 3, 12}), rapid.IntRange(1, 60)).
			Draw(t, "periods"),
		Every: Frequency().Draw(t, "every"),
		Start: Date().Draw(t, "start"),
		Rounding: schedule.Rounding{
			Instalment: Mode().Draw(t, "instalment"), Interest: Mode().Draw(t, "interest"),
		},
	}
}

// draft is terms in the making.
type draft struct {
	*rapid.T
	schedule.Terms
	days []civil.Date // of the instalments
}

// Bool draws a coin.
func (d *draft) Bool(label string) bool { return rapid.Bool().Draw(d.T, label) }

// seldom draws true once in four.
func (d *draft) seldom(label string) bool {
	return rapid.SampledFrom([]bool{false, false, false, true}).Draw(d.T, label)
}

func (d *draft) int(low, high int, label string) int {
	return rapid.IntRange(low, high).Draw(d.T, label)
}

func (d *draft) amount(low, high int64, label string) money.Amount {
	return Amount(d.Principal.Currency(), low, max(low, high)).Draw(d.T, label)
}

// is reports whether the method is one of these.
func (d *draft) is(methods ...schedule.Method) bool { return slices.Contains(methods, d.Method) }

// variable reports whether the terms may change, and have grace and interest of their own.
func (d *draft) variable() bool { return !d.is(schedule.MethodFlat, schedule.MethodSumOfDigits) }

// advance reports whether interest may be paid as a period begins.
func (d *draft) advance() bool {
	return d.is(schedule.MethodEqualPrincipal, schedule.MethodInterestOnly, schedule.MethodBullet,
		schedule.MethodCustom) && len(d.Rates)+len(d.Tranches) == 0 && d.Interest.IsZero() &&
		d.Capitalise.IsZero() && d.Grace == schedule.Grace{} && d.Rounding.Grain <= schedule.GrainRow
}

// sums draws principal and rate, once in a dozen near what is too much.
func (d *draft) sums() {
	most, rate := int64(1e12), Rate
	switch d.int(0, 11, "extreme") {
	case 10:
		most = money.MaxMinor
	case 11:
		rate = HighRate
	}
	d.Principal = Amount(Currency().Draw(d.T, "currency"), 1, most).Draw(d.T, "principal")
	d.Terms.Rate = rate(interestBasis().Draw(d.T, "basis")).Draw(d.T, "rate")
}

// dates draws what due dates depend on.
func (d *draft) dates() {
	d.MonthEnd = d.Bool("month end")
	if d.seldom("odd first period") {
		least := 1
		if d.Periods > 1 && (paysBoth(&d.Terms) || d.is(schedule.MethodEqualPrincipal)) {
			least = 0
		}
		d.firstDue(least)
	}
	if d.seldom("maturity") {
		d.maturity()
	}
	if d.seldom("shift") {
		d.Shift = schedule.Shift{
			Rule:     calendar.Adjustment(d.int(1, int(calendar.NoAdjustment), "adjustment")),
			Calendar: Calendar().Draw(d.T, "calendar"),
			Accrual:  d.Accrual == schedule.AccrueByDays && d.Bool("shift accrual"),
		}
		if d.Shift.Calendar.IsZero() {
			d.Shift.Rule = calendar.NoAdjustment // the others must have a calendar
		}
	}
	d.days = instalmentDays(&d.Terms)
}

// firstDue draws a first due date so many days after Start or later, up to a long period.
func (d *draft) firstDue(least int) {
	d.FirstDue = d.Start.AddDays(d.int(least, 200, "first due"))
	if d.Bool("regular first due") {
		d.FirstDue = d.Every.After(d.Start, 1)
	}
}

// maturity draws an end of the term: with a number of periods or without one, or one period of
// the whole term.
func (d *draft) maturity() {
	r, first := dues(&d.Terms)
	before := max(first+d.Periods-2, 0)
	from := r.at(before)
	if d.Periods == 1 {
		from = d.Start
	}
	d.Maturity = from.AddDays(d.int(1, 3*r.at(before+1).Sub(from)+10, "days to maturity"))
	switch {
	case !d.Maturity.After(d.Start):
		d.Maturity = civil.Date{}
	case d.seldom("whole term"):
		d.Every, d.Periods, d.FirstDue = schedule.AtMaturity(), 1, civil.Date{}
		d.Terms.Rate = must(schedule.RateFromPico(d.Terms.Rate.Pico(), schedule.PerYear))
	case d.Bool("no periods") && d.Maturity.After(r.at(first)):
		d.Periods, d.Stub = 0, schedule.Stub(d.int(0, 2, "stub"))
	}
}

// rounding draws the options of rounding.
func (d *draft) rounding() {
	r := &d.Rounding
	if d.seldom("unit") {
		r.Unit = rapid.SampledFrom([]int64{1, 5, 100, 100_000_000}).Draw(d.T, "unit of instalment")
	}
	if d.seldom("grain") {
		r.Grain = schedule.Grain(d.int(1, int(schedule.GrainPerDiem), "grain of interest"))
	}
	r.Smooth = d.seldom("smooth")
	d.Sizing = schedule.Sizing(d.int(0, 2, "sizing"))
	if d.is(schedule.MethodEqualPrincipal) ||
		d.is(schedule.MethodFlat) && d.Sizing != schedule.SizeByAccrual {
		r.Remainder = schedule.Remainder(d.int(0, 2, "remainder"))
	}
}

// payments draws what is paid, by method.
func (d *draft) payments() {
	p := d.Principal.Minor()
	fixed := d.is(schedule.MethodFixedPayment)
	if fixed || d.seldom("payment") && d.is(schedule.MethodLevelPayment, schedule.MethodStepped,
		schedule.MethodEqualPrincipal) {
		d.Payment = d.amount(max(1, p/int64(len(d.days)+1)), p/2, "payment")
	}
	d.Negative = fixed && !d.seldom("interest within the payment")
	if d.seldom("balloon") && d.is(schedule.MethodLevelPayment, schedule.MethodStepped,
		schedule.MethodEqualPrincipal) {
		d.Balloon = d.amount(1, p, "balloon")
	}
	if d.seldom("discount") {
		d.Discount = d.amount(1, p, "discount")
	}
	if d.seldom("down payment") {
		part := rapid.Int64Range(0, 99*onePercent).Draw(d.T, "share of down payment")
		d.DownPayment = must(schedule.RateFromPico(part, schedule.OfPrincipal))
	}
}

// shares draws the instalments that are listed, by method.
func (d *draft) shares() {
	switch d.Method {
	case schedule.MethodCustom:
		if d.Periods = len(d.days); d.Every.Unit() != schedule.UnitTerm {
			d.days = instalmentDays(&d.Terms)
		}
		rest := d.Principal.Minor() - down(&d.Terms, d.Principal.Minor())
		for k := range d.Periods {
			part := rest
			if k < d.Periods-1 {
				part = Minor(0, rest).Draw(d.T, "principal due")
			}
			rest -= part
			d.Principals = append(d.Principals, must(money.New(part, d.Principal.Currency())))
		}
	case schedule.MethodStepped:
		for from := 1; len(d.Steps) == 0 || from < len(d.days) && d.Bool("another step"); {
			from += d.int(1, 12, "instalments to the step")
			share := rapid.Int64Range(10*onePercent, 300*onePercent).Draw(d.T, "share")
			d.Steps = append(d.Steps, schedule.Step{From: from,
				Share: must(schedule.RateFromPico(share, schedule.OfPrincipal))})
		}
	}
}

// changes draws what may happen under way.
func (d *draft) changes() {
	end := d.days[len(d.days)-1]
	if d.seldom("rates") {
		for from := d.dayFrom(d.Start); from.Before(end) && len(d.Rates) < 4; {
			basis := interestBasis()
			if d.Every.Unit() == schedule.UnitTerm {
				basis = rapid.Just(schedule.PerYear)
			}
			next := Rate(basis.Draw(d.T, "basis")).Draw(d.T, "new rate")
			d.Rates = append(d.Rates, schedule.RateStep{From: from, Rate: next})
			from = d.dayFrom(from.AddDays(1))
		}
	}
	if d.seldom("tranches") && d.Principal.Minor() > 1 && !d.is(schedule.MethodCustom) {
		rest := d.Principal.Minor() - 1
		on := d.dayFrom(d.Start.AddDays(1))
		for on.Before(end) && rest > 0 && len(d.Tranches) < 3 {
			part := d.amount(1, rest, "tranche")
			d.Tranches = append(d.Tranches, schedule.Tranche{On: on, Amount: part})
			rest, on = rest-part.Minor(), d.dayFrom(on.AddDays(1))
		}
	}
	if most := len(d.days) - 1; d.seldom("grace") {
		d.Grace = schedule.Grace{Principal: d.int(0, most, "no principal"),
			Interest: d.int(0, most, "no interest"), Free: d.int(0, most+1, "free of interest")}
	}
	if d.seldom("own interest") {
		d.Interest = d.cycle(d.dayFrom(d.Start.AddDays(1)))
	}
	if on := d.dayFrom(d.Start); d.seldom("capitalise") && len(d.days) > 1 &&
		on.Before(d.days[len(d.days)-2]) {
		d.Capitalise = on
	}
}

// dayFrom draws a day from another on: a due date, or one of the next two years.
func (d *draft) dayFrom(from civil.Date) civil.Date {
	day := rapid.SampledFrom(d.days).Draw(d.T, "due date")
	if day.Before(from) || d.Bool("any day") {
		return from.AddDays(d.int(0, 730, "days on"))
	}
	return day
}

// cycle draws a cycle from a day on that has not more dates than a plan may have instalments.
func (d *draft) cycle(first civil.Date) schedule.Cycle {
	every := Frequency().Draw(d.T, "cycle")
	if end := every.After(first, schedule.MaxPeriods-1); end.Before(d.days[len(d.days)-1]) {
		every = schedule.Years(1)
	}
	return schedule.Cycle{First: first, Every: every}
}

// fees draws charges of the plan.
func (d *draft) fees() {
	for len(d.Fees) < 3 && d.seldom("fee") {
		fee := schedule.Fee{Cycle: d.cycle(d.dayFrom(d.Start))}
		if d.Bool("fixed fee") {
			fee.Amount = d.amount(1, d.Principal.Minor()/100, "fee")
		} else {
			basis := rapid.SampledFrom([]schedule.Basis{schedule.PerYear, schedule.PerPeriod,
				schedule.OfPrincipal}).Draw(d.T, "basis")
			fee.Rate = rateUpTo(3*onePercent, basis).Draw(d.T, "fee rate")
		}
		d.Fees = append(d.Fees, fee)
	}
}

// stayAfterStart drops a shift that would move something before Start.
func (d *draft) stayAfterStart() {
	days := append(interestDays(&d.Terms), d.days[0], d.Start, d.Capitalise)
	for _, fee := range d.Fees {
		days = append(days, fee.Cycle.First)
	}
	for _, day := range days {
		if _, due := moved(&d.Terms, day); due.Before(d.Start) && !day.Before(d.Start) {
			d.Shift = schedule.Shift{}
		}
	}
}
