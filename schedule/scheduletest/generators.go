package scheduletest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// Currency draws a currency of ISO 4217 with 0, 2, 3 or 4 digits, or a custom one of up to 12.
func Currency() *rapid.Generator[money.Currency] {
	return rapid.Custom(func(t *rapid.T) money.Currency {
		code := rapid.SampledFrom([]string{"CNY", "EUR", "JPY", "KWD", "CLF", "XTS"}).Draw(t, "code")
		if code == "XTS" {
			code = fmt.Sprintf("XTS/%d", rapid.IntRange(0, 12).Draw(t, "digits"))
		}
		return money.MustCurrency(code)
	})
}

// Minor draws a number of minor units from low to high, often one of the ends and often small. It
// panics when high is below low.
func Minor(low, high int64) *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.SampledFrom([]int64{low, low + (high-low)/2, high}),
		rapid.Int64Range(low, low+min(high-low, 200)),
		rapid.Int64Range(low, low+min(high-low, 100_000_00)),
		rapid.Int64Range(low, high),
	)
}

// Amount draws an amount from low to high minor units of a currency, as [Minor] does. Both are
// within money.MaxMinor either way.
func Amount(c money.Currency, low, high int64) *rapid.Generator[money.Amount] {
	return rapid.Map(Minor(low, high), func(n int64) money.Amount { return must(money.New(n, c)) })
}

// Date draws a day of the years 1970 to 2099, half of them among the last days of a month and many
// of those a 29 February.
func Date() *rapid.Generator[civil.Date] {
	return rapid.Custom(func(t *rapid.T) civil.Date {
		year := rapid.IntRange(1970, 2099).Draw(t, "year")
		month := time.Month(rapid.IntRange(1, 12).Draw(t, "month"))
		switch rapid.SampledFrom([]string{"any", "any", "end", "leap"}).Draw(t, "day of month") {
		case "end":
			days := civil.DaysIn(year, month)
			return must(civil.New(year, month, days-rapid.IntRange(0, 2).Draw(t, "before the end")))
		case "leap":
			return must(civil.New(year/4*4, time.February, 29)) // 2000 was a leap year
		}
		return must(civil.New(year, month, rapid.IntRange(1, civil.DaysIn(year, month)).Draw(t, "day")))
	})
}

// onePercent is a rate of 1 % in units of 1e-12.
const onePercent = schedule.MaxPico / 10_000

// Rate draws a rate on a basis: zero, the least there is, halves of a percent, and any up to 36 %.
func Rate(b schedule.Basis) *rapid.Generator[schedule.Rate] {
	return rateUpTo(36*onePercent, b)
}

// HighRate draws a rate on a basis up to the highest, 10,000 %, and that often.
func HighRate(b schedule.Basis) *rapid.Generator[schedule.Rate] {
	return rateUpTo(schedule.MaxPico, b)
}

func rateUpTo(most int64, b schedule.Basis) *rapid.Generator[schedule.Rate] {
	pico := rapid.OneOf(
		rapid.SampledFrom([]int64{0, 1, most}),
		rapid.Map(rapid.Int64Range(1, 72), func(n int64) int64 { return n * onePercent / 2 }),
		rapid.Int64Range(0, most),
	)
	return rapid.Map(pico, func(n int64) schedule.Rate { return must(schedule.RateFromPico(n, b)) })
}

// interestBasis draws what a rate of interest is for.
func interestBasis() *rapid.Generator[schedule.Basis] {
	return rapid.SampledFrom([]schedule.Basis{schedule.PerYear, schedule.PerYear, schedule.PerPeriod})
}

// Frequency draws the length of a period, a month more often than anything else; never
// schedule.AtMaturity, which makes sense with a Maturity only.
func Frequency() *rapid.Generator[schedule.Frequency] {
	return rapid.SampledFrom([]schedule.Frequency{
		schedule.Months(1), schedule.Months(1), schedule.Months(1), schedule.Months(2),
		schedule.Months(3), schedule.Months(5), schedule.Months(6), schedule.Years(1),
		schedule.SemiMonthly(), schedule.SemiMonthly(), schedule.Weeks(1), schedule.Weeks(2),
		schedule.Weeks(4), schedule.Days(1), schedule.Days(10), schedule.Days(30), schedule.Days(100),
	})
}

// Calendar draws a calendar in which nothing is free, weekends are, or weekends and holidays, of
// which a run may be longer than a week.
func Calendar() *rapid.Generator[calendar.Calendar] {
	return rapid.Custom(func(t *rapid.T) calendar.Calendar {
		rules := calendar.Rules{Weekend: rapid.SampledFrom([][]time.Weekday{
			nil, {time.Saturday, time.Sunday}, {time.Friday, time.Saturday}, {time.Sunday},
		}).Draw(t, "weekend")}
		for range rapid.IntRange(0, 4).Draw(t, "feasts") {
			day := Date().Draw(t, "holiday")
			for range rapid.SampledFrom([]int{1, 1, 3, 10}).Draw(t, "days of it") {
				rules.Holidays = append(rules.Holidays, day)
				day = day.AddDays(1)
			}
		}
		return must(calendar.New(rules))
	})
}

// DayCount draws any of the day count conventions.
func DayCount() *rapid.Generator[daycount.Convention] {
	return rapid.Map(
		rapid.Uint8Range(uint8(daycount.Thirty360US), uint8(daycount.Business252)),
		func(n uint8) daycount.Convention { return daycount.Convention(n) })
}

// Mode draws a rounding mode.
func Mode() *rapid.Generator[money.Mode] {
	return rapid.Map(rapid.Uint8Range(uint8(money.HalfEven), uint8(money.Floor)),
		func(n uint8) money.Mode { return money.Mode(n) })
}

// must is for values that are valid by construction.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
