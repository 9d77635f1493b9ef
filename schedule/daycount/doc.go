// Package daycount says how many days, and what exact fraction of a year, lie between two dates.
//
// A Convention is a named rule of the market. Each lives in a file of its own, with its source in
// the comment, and gives an exact fraction: nothing is rounded here, no decimal or float is made.
//
//	from, to := civil.MustParse("2026-01-31"), civil.MustParse("2026-03-31")
//	num, den := daycount.Thirty360US.Fraction(from, to) // 60, 360
//	num, den = daycount.Act365F.Fraction(from, to)      // 59, 365
//
// Some conventions must know more than the dates, which a Context tells: the regular period of
// interest, the maturity, the business days. Fraction is FractionIn with the empty Context.
//
//	ctx := daycount.Context{Start: from, End: civil.MustParse("2026-07-31"), PerYear: 2}
//	num, den = daycount.ActActICMA.FractionIn(ctx, from, to) // 59, 362
//
// # Names
//
// The 30/360 family differs in the days that are moved to the 30th, and the names are not used
// alike everywhere:
//
//   - Thirty360US is the 30/360 of ISDA, the bond basis: a 31st, at the end only after a 30th.
//   - ThirtyU360 adds the end of February. Bonds of the United States call it 30/360 US or SIA.
//   - ThirtyE360 moves every 31st: 30E/360, the Eurobond basis.
//   - ThirtyE360ISDA moves every month's last day but a maturity in February: 30E/360 (ISDA), the
//     German rule.
//
// # Invariants
//
//   - den is positive, and a span from a date to itself counts 0.
//   - Counting backwards gives the negative: Days(a, b) = -Days(b, a), and likewise a fraction.
//   - With from fixed, Days never falls as to moves on.
//   - The first day counts, the last does not. (A 29 February counts as the 28th under NL365.)
//   - The parts of a span add up to the whole, in one Context, under Act365F, Act360, ThirtyE360,
//     ActActISDA, NL365 and Business252; under ActActICMA when the Context has the regular period;
//     under ThirtyE360ISDA when no part but the last ends at the maturity. They need not under
//     the others: cut a span only where interest is paid.
//
// # Errors
//
// The functions return no errors and never panic. An unset or unknown Convention, and a zero date,
// count nothing: Days is 0 and Fraction is 0/1. A Context without what a convention reads, or with
// something absurd, has the fallback that its field documents. Call IsValid at the gateway. Parsing
// an unknown text gives a *SyntaxError that unwraps to ErrSyntax.
//
// # Adding a convention
//
// A new convention is a constant, a word in the list of texts, a file with a function
// (from, to civil.Date) (num, den int64) for spans that run forward, and a case in the switches.
// Constants and texts are only appended: recorded terms hold them.
package daycount
