// Package civil is dates without a clock: days of the calendar, and half-open ranges of them.
//
//	start, err := civil.Parse("2024-01-31")
//	due := start.AddMonths(1)              // 2024-02-29, the last day of a shorter month
//	next := due.AddMonthsOn(1, start.Day()) // 2024-03-31, back on the anchor day
//	days := next.Sub(start)                // 60
//	year := civil.Range{From: start, To: start.AddMonths(12)}
//	year.Contains(due)                     // true; From is in, To is out
//
// A rule of lending takes the date it is asked for; nothing here reads the time or knows a zone.
// time.Time appears in Scan alone, since database drivers hand it out for a date column.
//
// # Invariants
//
//   - A Date is a day of the Gregorian calendar of the years 1 to 9999, or the zero Date, no date.
//   - Arithmetic that leaves those years gives the zero Date, and arithmetic on the zero Date gives
//     it again: check the result with IsZero once, at the end. Sub with it is 0.
//   - d.AddDays(e.Sub(d)) == e, and e.Sub(d) is the length of the Range from d to e.
//   - Every text that String writes, Parse reads back to the same date; the zero Date has the empty
//     text, which UnmarshalText and Scan take and Parse refuses.
//
// All of it is integer arithmetic and agrees with package time on every day of the range.
//
// # Errors
//
// ErrDate is the one sentinel; *DateError names the text or number and unwraps to it. No function
// panics but MustParse, which is for constants and tests.
//
// # What the host must do
//
// Decide which day it is, in its own zone, and pass that day. A JSON null leaves a Date as it
// was, as encoding/json does for every text type.
package civil
