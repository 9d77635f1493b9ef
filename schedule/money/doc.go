// Package money is amounts of whole minor units, the roundings that lead to them, and the splits
// that lose none.
//
//	cny := money.MustCurrency("CNY")
//	principal, err := money.Parse("CNY 10000.00")        // strict, at most 40 bytes
//	fee, err := money.Round(rate.Mul(base), cny, money.HalfUp) // the only way from a decimal
//	owed, err := principal.Add(fee)                      // refuses mixed currencies and overflow
//	interest, err := money.MulDiv(balance, pico, 12e12, money.HalfEven) // exact, rounded once
//	parts, err := money.Split(nil, owed.Minor(), weights, money.RemainderLast)
//
//	var a money.Apportioner // one payment after another, over the life of a loan
//	now, err := a.Share(nil, paid, units, runningTotal)
//
// Amount carries its currency and is checked at each step. Loops over many lots or rows check the
// currency once and then run on bare minor units (int64): MulDiv, Split and Share work on those.
//
// # Invariants
//
//   - |Amount.Minor| <= MaxMinor = 2^53-1; units of no currency do not exist. The zero Amount is
//     nothing, neutral in Add, and under == not the same as a zero of a currency.
//   - An ISO 4217 code always has its ISO digits.
//   - Every text that String writes, Parse reads back to the same value.
//   - The parts of Split sum to the total; so do the running totals after Share.
//   - A number is rounded once, by a mode that the caller names, from its exact value. No float64
//     decides a unit, and no setting of the decimal package is read.
//
// # Why Share keeps a lot at the floor or the ceiling of its share
//
// Let the loan's running total be the time, one minor unit a tick, and let a lot with u of D
// units ask for its j-th unit between the times (j-1)*D/u and j*D/u. Serving each lot at the even
// rate u/D meets every deadline, so some whole schedule does too, as a fractional matching of
// units to ticks implies a whole one. Taking the open request with the earliest deadline finds
// such a schedule whenever there is one, an exchange argument. Share is that rule: a payment
// opens the requests of all its ticks at once, which only helps; a lot below the ceiling of its
// share has an open request; one below the floor has missed a deadline, and these come first. As
// many requests are open as there are ticks, for the ceilings sum to the total at least. So after
// each payment every lot is at the floor or the ceiling of its share, and nothing was taken back.
//
// # Errors
//
// Sentinels are ErrSyntax, ErrAmount, ErrCurrency, ErrMismatch, ErrOverflow, ErrMode,
// ErrRemainder, ErrDivisor, ErrSplit and ErrApportion; an XError names the thing and unwraps to
// one of them. No error repeats more than 40 bytes of its input. No function panics but MustParse
// and MustCurrency, which are for constants and tests.
//
// # What the host must do
//
// Store amounts as text, or as minor units beside the text of the currency, never as a floating
// number. NULL is refused by Scan: wrap a column that may be NULL in sql.Null. A JSON null leaves
// the field as it was, as encoding/json does for every text type: check that a field which must be
// there was there.
package money
