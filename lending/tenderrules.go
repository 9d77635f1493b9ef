package lending

import (
	"errors"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// TenderRules say how the offers for one loan are cleared. Amounts are minor units of the loan's
// currency, rates are in 1e-12 and all for the same span of time.
//
// MinBid, MaxBid, Increment and RateStep bind what is offered; an offer that breaks them is an
// error, for it should not have been let in. What is cut, because the loan is full or its lender has
// his share, is cut to the unit and may be smaller. ProRata alone keeps to them in what it allots:
//
//   - an allotment is the larger of MinBid and the offer's proportional part, rounded down to the
//     minimum and whole steps above it; what is then left goes out one step each to the largest rests,
//     ties by time then id. If the amount itself is off the steps, the last of these is a short one.
//   - if there are too many offers for each to have the minimum, the latest get nothing.
//   - an offer that is cut to its lender's share is cut to a step, and to nothing below the minimum.
//
// No allotment is then below the minimum; the total may be short of the amount where no other
// allotment is above it, by less than one minimum.
type TenderRules struct {
	Mechanism Mechanism
	Amount    int64 // wanted, 1 to MaxLoan
	Reserve   int64 // the most that the borrower pays; the rate of a fixed-rate tender
	RateStep  int64 // rates are multiples of it (100,000,000 is a basis point); 0 for any rate

	MinBid    int64 // 0 for one unit
	Increment int64 // bids are MinBid plus multiples of it; 0 for one unit
	MaxBid    int64 // 0 for no maximum

	// A lender's offers count, the best first, up to the smaller of MaxPerLender and MaxShare of the
	// amount; the rest of them does not. The share is rounded down, but to MinBid at least. One that
	// comes to the whole amount is none.
	MaxPerLender int64 // 0 for no maximum
	MaxShare     int64 // parts per million; 0 for no maximum

	// Threshold is the share of the amount that must be raised, in parts per million rounded up, or
	// the tender fails. 1,000,000 is all or nothing; 0 lets any amount do.
	Threshold int64
	// Decrement is by how much an offer must be below another's rate to displace it in an
	// OpenAuction, which has no other use of it; 0 for 1e-12.
	Decrement int64
	Borrower  uint32     // his number among the lenders; 0 if he has none
	Round     money.Mode // of the borrower's rate where lenders have rates of their own
}

func (t *TenderRules) minBid() int64    { return max(t.MinBid, 1) }
func (t *TenderRules) increment() int64 { return max(t.Increment, 1) }

func (t *TenderRules) maxBid() int64 {
	if t.MaxBid == 0 {
		return MaxLoan
	}
	return t.MaxBid
}

// maxPerLender is what one lender can have of the loan.
func (t *TenderRules) maxPerLender() int64 {
	most := t.Amount
	if t.MaxPerLender > 0 {
		most = min(most, t.MaxPerLender)
	}
	if t.MaxShare > 0 {
		share, _ := money.MulDiv(t.Amount, t.MaxShare, Million, money.Down) // fits: it is no more than the amount
		most = min(most, max(share, t.minBid()))
	}
	return most
}

// enough is the least total at which the tender does not fail.
func (t *TenderRules) enough() int64 {
	least, _ := money.MulDiv(t.Amount, t.Threshold, Million, money.Up) // fits: it is no more than the amount
	return max(least, 1)
}

// Validate reports every contradiction in the rules at once, each an [*Error] of [ErrTerms].
func (t *TenderRules) Validate() error {
	var errs []error
	bad := func(ok bool, why string) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "tender", why})
		}
	}
	bad(t.Mechanism.IsValid(), "names no mechanism")
	bad(t.Amount >= 1 && t.Amount <= MaxLoan, "has an amount out of bounds")
	bad(t.Reserve >= 0 && t.Reserve <= schedule.MaxPico, "has a reserve rate out of bounds")
	bad(t.RateStep >= 0 && t.RateStep <= schedule.MaxPico, "has a step of rates out of bounds")
	bad(t.Decrement >= 0 && t.Decrement <= schedule.MaxPico, "has a decrement out of bounds")
	bad(t.MinBid >= 0 && t.MinBid <= t.Amount, "has a minimum bid out of bounds")
	bad(t.Increment >= 0 && t.Increment <= MaxLoan, "has an increment out of bounds")
	bad(t.MaxBid == 0 || t.MaxBid >= t.minBid() && t.MaxBid <= MaxLoan, "has a maximum bid out of bounds")
	bad(t.MaxPerLender == 0 || t.MaxPerLender >= t.minBid() && t.MaxPerLender <= MaxLoan,
		"has a maximum per lender out of bounds")
	bad(t.MaxShare >= 0 && t.MaxShare <= Million, "has a largest share out of bounds")
	bad(t.Threshold >= 0 && t.Threshold <= Million, "has a threshold out of bounds")
	bad(!t.Mechanism.OwnRates() || t.Round.IsValid(), "has no rounding mode for the borrower's rate")
	return errors.Join(errs...)
}
