// Package calendar is business days: which days are free, and where a date that is free moves to.
//
// A Calendar is made from Rules that the host fills, since holidays are published, not computed:
// the weekend, the holidays, and the days of a weekend that are worked.
//
//	cal, err := calendar.New(calendar.Rules{
//		Weekend:  []time.Weekday{time.Saturday, time.Sunday},
//		Holidays: []civil.Date{civil.MustParse("2024-10-01")},
//		Workdays: []civil.Date{civil.MustParse("2024-09-29")}, // a Sunday that is worked
//	})
//	cal.IsBusiness(civil.MustParse("2024-09-29")) // true
//	due := calendar.ModifiedFollowing.Adjust(civil.MustParse("2024-10-01"), cal) // 2024-10-02
//
// SaturdaySunday is the calendar of plain weekends, and the zero Calendar has no free day at all.
// Union and Intersection join calendars of several places. As a field a Calendar has a JSON form:
//
//	{"weekend":["sat","sun"],"holidays":["2024-10-01"],"workdays":["2024-09-29"]}
//
// # Invariants
//
//   - Outside of the special days the weekday decides, for every date of the years 1 to 9999.
//   - Every week of the rule has a business day, so that each search ends; no rules, however
//     hostile, cost more than MaxSpecialDays and MaxSpanDays allow.
//   - BusinessDays(a, b) + BusinessDays(b, c) = BusinessDays(a, c), and counting backwards gives
//     the negative.
//   - A business day is never moved. A date that is moved becomes a business day, within its month
//     under a modified rule if the month has one.
//   - Calendars are Equal exactly when they agree on every day, and then have the same text. Every
//     text that String writes, Parse reads back to an Equal calendar.
//
// # Cost
//
// The special days are a bit set with running counts. Asking of a day, counting between two and
// adjusting take a few nanoseconds and allocate nothing; a calendar is built once and shared.
//
// # Errors
//
// Rules that make no calendar give *RulesError values (ErrRules), all faults of New at once. Texts
// give a *SyntaxError (ErrSyntax), and an impossible date in one a *civil.DateError. Nothing else
// fails, and nothing panics but MustParse. The zero date is no business day and moves nowhere; an
// unset Adjustment moves nothing: call IsValid at the gateway.
//
// # What the host must do
//
// Publish next year's holidays in time. A new Calendar changes no date that was adjusted by the
// old one, so that a plan keeps its dates until the host makes it anew.
package calendar
