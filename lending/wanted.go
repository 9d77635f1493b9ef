package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Wanted is an open listing as one plain row: what automatic bidding has to know of a loan. Figures
// are minor units of its currency.
type Wanted struct {
	Loan     LoanID
	Borrower PartyID
	Product  ProductID
	Grade    Code   // empty for none: only mandates that name no grade take it
	Covers   []Code // what stands behind it, in any order; empty for nothing
	Currency money.Currency
	Amount   int64         // 1 to MaxLoan
	Raised   int64         // bids so far, manual and automatic ones
	Lenders  int           // who bid so far; there is room for MaxLots
	Rate     schedule.Rate `json:",omitzero"`
	Months   int           // term, a part of a month counted as a month; 1 to 1,200

	// Bids are MinBid plus multiples of Increment; 0 for any amount. A bid that takes all that is
	// still wanted may be of any amount, unless Stepped binds it too.
	MinBid       int64
	Increment    int64
	MaxBid       int64 // largest bid, to MaxLoan; 0 for the whole loan
	MaxPerLender int64 // that one lender can have, to MaxLoan; 0 for the whole loan
	Stepped      bool  // as in every tender but a first-come one
	NoTail       bool  // a bid leaves nothing or MinBid at least (RefuseTail)

	Opened   civil.Date // day of publication
	Deadline civil.Date // last day on which bids are taken
}

// Validate reports everything that is wrong with the row at once, each an [*Error]: ErrID,
// ErrAmount, ErrDate or ErrTerms.
func (w *Wanted) Validate() error {
	if w.valid() {
		return nil // without building any message
	}
	var errs []error
	bad := func(ok bool, sentinel error, format string, args ...any) {
		if !ok {
			errs = append(errs, w.wrong(sentinel, format, args...))
		}
	}
	errs = append(errs, checkID("loan", w.Loan), checkID("borrower", w.Borrower),
		checkID("product", w.Product), checkNames("cover", w.Covers))
	if w.Grade != "" {
		errs = append(errs, checkID("grade", w.Grade))
	}
	bad(!w.Currency.IsZero(), ErrTerms, "names no currency")
	bad(w.amountsOK(), ErrAmount, "wants %d, has %d, takes bids of %d to %d in steps of %d, %d of a lender",
		w.Amount, w.Raised, w.MinBid, w.MaxBid, w.Increment, w.MaxPerLender)
	bad(w.Lenders >= 0, ErrTerms, "has %d lenders", w.Lenders)
	bad(w.Rate.Basis() != 0, ErrTerms, "has no rate")
	bad(w.Months >= 1 && w.Months <= maxMonths, ErrTerms, "runs for %d months", w.Months)
	bad(w.datesOK(), ErrDate, "is open from %s until %s", w.Opened, w.Deadline)
	return errors.Join(errs...)
}

func (w *Wanted) valid() bool {
	return checkID("loan", w.Loan) == nil && checkID("borrower", w.Borrower) == nil &&
		checkID("product", w.Product) == nil && checkNames("cover", w.Covers) == nil &&
		(w.Grade == "" || checkID("grade", w.Grade) == nil) && !w.Currency.IsZero() &&
		w.amountsOK() && w.Lenders >= 0 && w.Rate.Basis() != 0 &&
		w.Months >= 1 && w.Months <= maxMonths && w.datesOK()
}

func (w *Wanted) amountsOK() bool {
	return w.Amount >= 1 && w.Amount <= MaxLoan && w.Raised >= 0 && w.Raised <= w.Amount &&
		w.MinBid >= 0 && w.MinBid <= MaxLoan && w.Increment >= 0 && w.Increment <= MaxLoan &&
		w.MaxBid >= 0 && w.MaxBid <= MaxLoan && w.MaxPerLender >= 0 && w.MaxPerLender <= MaxLoan
}

func (w *Wanted) datesOK() bool { return !w.Opened.IsZero() && !w.Deadline.Before(w.Opened) }

// wrong is an error about the listing, whose id may be of any length and content.
func (w *Wanted) wrong(sentinel error, format string, args ...any) error {
	thing := fmt.Sprintf("loan %.*s", MaxID, w.Loan)
	return &Error{sentinel, thing, fmt.Sprintf(format, args...)}
}
