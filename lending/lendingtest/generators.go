package lendingtest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// Currency draws a currency of 0, 2, 3 or 4 digits of ISO 4217, or a custom one of up to 12.
func Currency() *rapid.Generator[money.Currency] {
	return rapid.Custom(func(t *rapid.T) money.Currency {
		code := rapid.SampledFrom([]string{"CNY", "USD", "JPY", "BHD", "CLF", "XTS"}).Draw(t, "code")
		if code == "XTS" {
			code += fmt.Sprintf("/%d", rapid.IntRange(0, 12).Draw(t, "digits"))
		}
		return must(money.ParseCurrency(code))
	})
}

// Amount draws an amount from low to high minor units of a currency, often one of the ends and
// often small. It panics unless 0 <= low <= high <= money.MaxMinor.
func Amount(c money.Currency, low, high int64) *rapid.Generator[money.Amount] {
	return rapid.Map(Minor(low, high), func(n int64) money.Amount { return must(money.New(n, c)) })
}

// Minor draws a number of minor units from low to high, often one of the ends and often small.
func Minor(low, high int64) *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.SampledFrom([]int64{low, high, low + (high-low)/2}),
		rapid.Int64Range(low, min(high, low+100)),
		rapid.Int64Range(low, high),
	)
}

// Date draws a day of the years 1970 to 2100, every other one near the end of a month.
func Date() *rapid.Generator[civil.Date] {
	return rapid.Custom(func(t *rapid.T) civil.Date {
		year := rapid.IntRange(1970, 2100).Draw(t, "year")
		month := time.Month(rapid.IntRange(1, 12).Draw(t, "month"))
		days := civil.DaysIn(year, month)
		day := rapid.IntRange(1, days).Draw(t, "day")
		if rapid.Bool().Draw(t, "month end") {
			day = days - rapid.IntRange(0, 3).Draw(t, "before the end")
		}
		return must(civil.New(year, month, day))
	})
}

// Rate draws a rate on a basis: zero, the least there is, a round one, or any up to 36%.
func Rate(b schedule.Basis) *rapid.Generator[schedule.Rate] {
	const percent = 10_000_000_000
	return rapid.Map(rapid.OneOf(
		rapid.SampledFrom([]int64{0, 0, 1, 36 * percent}),
		rapid.Map(rapid.Int64Range(1, 72), func(n int64) int64 { return n * percent / 2 }),
		rapid.Int64Range(0, 36*percent),
	), func(pico int64) schedule.Rate { return must(schedule.RateFromPico(pico, b)) })
}

// Terms draws terms of a loan in a currency that give a plan: 1 to 60 periods, often one, and a
// principal of one minor unit to lending.MaxLoan, often the least.
func Terms(c money.Currency) *rapid.Generator[schedule.Terms] {
	return rapid.Custom(func(t *rapid.T) schedule.Terms {
		basis := rapid.SampledFrom([]schedule.Basis{schedule.PerYear, schedule.PerYear, schedule.PerPeriod})
		return schedule.Terms{
			Principal: Amount(c, 1, lending.MaxLoan).Draw(t, "principal"),
			Rate:      Rate(basis.Draw(t, "basis")).Draw(t, "rate"),
			Method:    method().Draw(t, "method"),
			Periods:   periods(60).Draw(t, "periods"),
			Every:     frequency().Draw(t, "every"),
			Start:     Date().Draw(t, "start"),
			DayCount:  dayCount().Draw(t, "day count"),
			Accrual:   accrual().Draw(t, "accrual"),
			Rounding:  rounding(t),
		}
	})
}

// Mode draws a rounding mode.
func Mode() *rapid.Generator[money.Mode] {
	return rapid.Map(rapid.Uint8Range(uint8(money.HalfEven), uint8(money.Floor)),
		func(n uint8) money.Mode { return money.Mode(n) })
}

func rounding(t *rapid.T) schedule.Rounding {
	return schedule.Rounding{
		Instalment: Mode().Draw(t, "instalment"), Interest: Mode().Draw(t, "interest"),
	}
}

func method() *rapid.Generator[schedule.Method] {
	return rapid.Map(
		rapid.Uint8Range(uint8(schedule.MethodLevelPayment), uint8(schedule.MethodFlat)),
		func(n uint8) schedule.Method { return schedule.Method(n) })
}

func dayCount() *rapid.Generator[daycount.Convention] {
	return rapid.SampledFrom([]daycount.Convention{
		daycount.Thirty360US, daycount.Act365F, daycount.Act360})
}

func accrual() *rapid.Generator[schedule.Accrual] {
	return rapid.SampledFrom([]schedule.Accrual{schedule.AccrueByPeriod, schedule.AccrueByDays})
}

func frequency() *rapid.Generator[schedule.Frequency] {
	return rapid.SampledFrom([]schedule.Frequency{schedule.Months(1), schedule.Months(1),
		schedule.Months(3), schedule.Weeks(1), schedule.Weeks(2), schedule.Days(1), schedule.Days(10)})
}

func periods(most int) *rapid.Generator[int] {
	return rapid.OneOf(rapid.SampledFrom([]int{1, 1, 2, most}), rapid.IntRange(1, most))
}

// Product draws a product that [lending.Product.Validate] finds no fault with, in a currency: any
// method, order of payment, set of fees and late charges. It lends from one minor unit up.
func Product(id lending.ProductID, c money.Currency) *rapid.Generator[lending.Product] {
	return rapid.Custom(func(t *rapid.T) lending.Product {
		p := lending.StandardProduct(id, c)
		high := Minor(1, 1_000_000_00).Draw(t, "high")
		p.MaxAmount = must(money.New(high, c))
		p.MinAmount = Amount(c, 1, high).Draw(t, "low")
		p.MinPeriods, p.MaxPeriods = 1, periods(60).Draw(t, "periods")
		p.Method, p.Every = method().Draw(t, "method"), frequency().Draw(t, "every")
		p.DayCount, p.Accrual = dayCount().Draw(t, "day count"), accrual().Draw(t, "accrual")
		p.Rounding = rounding(t)
		p.Tender.MinBid = Amount(c, 1, p.MinAmount.Minor()).Draw(t, "least bid")
		p.Tender.OpenDays = rapid.IntRange(0, 30).Draw(t, "open")
		p.Late = lending.Late{
			GraceDays: rapid.IntRange(0, 10).Draw(t, "grace"),
			Penalty:   Rate(schedule.PerYear).Draw(t, "penalty"),
			Round:     Mode().Draw(t, "round"),
		}
		p.Waterfall = Waterfall().Draw(t, "waterfall")
		p.Fees = fees(t)
		return p
	})
}

// fees draws at most one fee of each timing that needs no party. Fees at disbursement leave something to
// pay out of every amount but the smallest.
func fees(t *rapid.T) (list []lending.Fee) {
	bases := map[lending.Timing][]lending.Base{
		lending.AtDisbursement: {lending.OnAmount},
		lending.WhenLate:       {lending.OnUnpaid, lending.OnInterest, lending.OnAmount, lending.OnOutstanding},
		lending.AtPayout:       {lending.OnPayment, lending.OnTimely, lending.OnInterest, lending.OnOutstanding},
		lending.OnRecovery:     {lending.OnPayment},
		lending.WithInstalment: {lending.OnAmount, lending.OnOutstanding, lending.OnInterest},
		lending.OnPrepayment:   {lending.OnPrepaid, lending.OnInterest},
		lending.OnDefault:      {lending.OnOutstanding, lending.OnUnpaid},
	}
	for timing := lending.AtDisbursement; timing <= lending.OnDefault; timing++ {
		if !rapid.Bool().Draw(t, timing.String()) {
			continue
		}
		f := lending.Fee{
			ID: lending.Code(timing.String()), Timing: timing, Payee: lending.ToPlatform,
			Base:  rapid.SampledFrom(bases[timing]).Draw(t, "base"),
			PPM:   rapid.SampledFrom([]int64{1, 1000, 10_000, 30_000, 180_000}).Draw(t, "ppm"),
			Round: Mode().Draw(t, "mode"),
		}
		switch timing {
		case lending.AtDisbursement, lending.OnRecovery:
			f.Round = money.Down
		case lending.WhenLate:
			payees := []lending.Payee{lending.ToPlatform, lending.ToLenders}
			f.Payee = rapid.SampledFrom(payees).Draw(t, "payee")
			f.Min = Minor(0, 1500).Draw(t, "min")
			f.Per = rapid.SampledFrom([]lending.Per{lending.Once, lending.PerDay}).Draw(t, "per")
		case lending.AtPayout:
			f.Point = rapid.SampledFrom([]lending.RoundingPoint{lending.EachCharge, lending.RunningTotal}).Draw(t, "point")
			if f.Base == lending.OnOutstanding {
				f.Per = lending.PerYear
			}
		}
		if f.Payee == lending.ToPlatform {
			f.TaxPPM = rapid.SampledFrom([]int64{0, 60_000}).Draw(t, "tax")
		}
		list = append(list, f)
	}
	return list
}

// Register draws the units of 1 to most lots that sum to the total, which must be at least most:
// even, at random, or skewed so that one lot has nearly everything and the others one unit.
func Register(total int64, most int) *rapid.Generator[[]int64] {
	return rapid.Custom(func(t *rapid.T) []int64 {
		lots := make([]int64, rapid.IntRange(1, most).Draw(t, "lots"))
		for i := range lots {
			lots[i] = 1
		}
		rest := total - int64(len(lots))
		switch rapid.SampledFrom([]string{"even", "random", "skewed"}).Draw(t, "shape") {
		case "even":
			each := rest / int64(len(lots))
			for i := range lots {
				lots[i] += each
			}
			rest -= each * int64(len(lots))
		case "random":
			for i := range lots {
				part := rapid.Int64Range(0, rest).Draw(t, "part")
				lots[i] += part
				rest -= part
			}
		}
		lots[rapid.IntRange(0, len(lots)-1).Draw(t, "largest")] += rest
		return lots
	})
}

// Bids draws bids that fund an amount exactly, by at most that many lenders out of "lender-0",
// "lender-1", ..., some of whom may bid more than once. The amount must be at least most minor
// units.
func Bids(a money.Amount, most int) *rapid.Generator[[]Offer] {
	return rapid.Custom(func(t *rapid.T) []Offer {
		units := Register(a.Minor(), most).Draw(t, "units")
		offers := make([]Offer, len(units))
		for i, n := range units {
			who := rapid.IntRange(0, most-1).Draw(t, "lender")
			id := lending.PartyID(fmt.Sprintf("lender-%d", who))
			offers[i] = Offer{id, must(money.New(n, a.Currency()))}
		}
		return offers
	})
}

// Offer is a bid that a lender could place.
type Offer struct {
	Lender lending.PartyID
	Amount money.Amount
}

// must is for values that are valid by construction.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Waterfall draws a valid waterfall: a component has one bucket, or one at each age, and fees may have
// buckets of their own.
func Waterfall() *rapid.Generator[lending.Waterfall] {
	return rapid.Custom(func(t *rapid.T) lending.Waterfall {
		var order []lending.Bucket
		for c := lending.Interest; c <= lending.Costs; c++ {
			if rapid.Bool().Draw(t, "whatever age") {
				order = append(order, lending.Bucket{Component: c})
				continue
			}
			for a := lending.AgePastDue; a <= lending.AgeInAdvance; a++ {
				order = append(order, lending.Bucket{Age: a, Component: c})
			}
		}
		if rapid.Bool().Draw(t, "late apart") {
			order = append(order, lending.Bucket{Component: lending.Fees, Fee: "late",
				Age: rapid.SampledFrom([]lending.Age{0, lending.AgePastDue}).Draw(t, "late when")})
		}
		rule := rapid.SampledFrom([]lending.AdvanceRule{lending.NextInstalment, lending.LastInstalment,
			lending.NextThenLast, lending.EvenlySpread})
		return lending.Waterfall{Order: rapid.Permutation(order).Draw(t, "order"),
			ByBucket: rapid.Bool().Draw(t, "by bucket"), Advance: rule.Draw(t, "in advance")}
	})
}
