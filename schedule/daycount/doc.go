// Package daycount says how many days, and what exact fraction of a year, lie between two dates.
//
// A Convention is a named rule of the market. Each lives in a file of its own, with its source in
// the comment, and gives an exact fraction: nothing is rounded here, no decimal or float is made.
//
//	from, to := civil.MustParse("2026-01-31"), civil.MustParse("2026-03-31")
//	num, den := daycount.Thirty360US.Fraction(from, to) // 60, 360
//	num, den = daycount.Act365F.Fraction(from, to)      // 59, 365
//
// # Invariants
//
//   - den is positive, and a span from a date to itself counts 0.
//   - Counting backwards gives the negative: Days(a, b) = -Days(b, a).
//   - With from fixed, Days never falls as to moves on.
//   - The first day counts, the last does not.
//
// # Errors
//
// The functions return no errors and never panic. An unset or unknown Convention, and a zero date,
// count nothing: Days is 0 and Fraction is 0/1. Call IsValid at the gateway. Parsing an unknown
// text gives a *SyntaxError that unwraps to ErrSyntax.
//
// # Adding a convention
//
// A new convention is a constant, a word in the list of texts, a file with a function
// (from, to civil.Date) (num, den int64) for spans that run forward, and a case in the switches.
package daycount
