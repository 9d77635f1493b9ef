package lending

import (
	"strconv"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// Timing says when a fee is charged and to whom.
type Timing uint8

// Timings.
const (
	// AtDisbursement: to the borrower, withheld from the proceeds, on the amount lent.
	AtDisbursement Timing = iota + 1
	// WhenLate: to the borrower, once an instalment, when its grace has passed, on what is unpaid of it.
	WhenLate
	// AtPayout: to the lender, out of each payment that he receives. Figured on the running total
	// of the base and rounded there, so that rounding never adds up.
	AtPayout
	// OnRecovery: out of what is recovered after a write-off, before the lenders.
	OnRecovery
)

var timingNames = [...]string{"", "at-disbursement", "when-late", "at-payout", "on-recovery"}

// String returns the timing's name.
func (t Timing) String() string { return nameOf(timingNames[:], t, "timing") }

// Payee says who gets a fee.
type Payee uint8

// Payees.
const (
	ToPlatform Payee = iota + 1
	ToLenders        // shared among the holders of record
	ToParty          // a party of its own: who bore a cost, a guarantor, an agency
)

var payeeNames = [...]string{"", "platform", "lenders", "party"}

// String returns the payee's name.
func (p Payee) String() string { return nameOf(payeeNames[:], p, "payee") }

// Base says on what part of a payout a lender's fee is figured.
type Base uint8

// Bases. "1%" differs by platform: the base is part of the fee.
const (
	OnPayment  Base = iota + 1 // on everything received
	OnInterest                 // on interest received
)

var baseNames = [...]string{"", "payment", "interest"}

// String returns the base's name.
func (b Base) String() string { return nameOf(baseNames[:], b, "base") }

// Million is 100% in the unit of [Fee].PPM: 1% is 10,000.
const Million = 1_000_000

// maxFee bounds a fee's minimum and maximum, so that a loan's late fees stay an amount.
const maxFee = MaxLoan / 1024

// Fee is a charge as data: the greater of a share of a base and a minimum, not above a maximum.
type Fee struct {
	ID     Code
	Timing Timing
	Payee  Payee
	Base   Base       // of AtPayout fees only; the others' base is fixed by their timing
	PPM    int64      // share of the base in parts per million, 0 to 1,000,000
	Min    int64      // minor units of the loan's currency, to 2^37, as is Max
	Max    int64      // minor units; 0 for none
	Round  money.Mode // of the share
}

// Code codes the fee.
func (f *Fee) Code(c *event.Codec) {
	event.Text(c, &f.ID)
	event.Enum(c, &f.Timing)
	event.Enum(c, &f.Payee)
	event.Enum(c, &f.Base)
	c.Int(&f.PPM)
	c.Int(&f.Min)
	c.Int(&f.Max)
	event.Enum(c, &f.Round)
}

// Of returns the fee on a base, both in minor units: zero on a base of zero or less.
// The error is that of [money.MulDiv] for a rounding mode that does not exist.
func (f Fee) Of(base int64) (int64, error) {
	if base <= 0 {
		return 0, nil
	}
	v, err := money.MulDiv(base, f.PPM, Million, f.Round)
	if err != nil {
		return 0, err
	}
	if v = max(v, f.Min); f.Max > 0 {
		v = min(v, f.Max)
	}
	return v, nil
}

// Check reports whether the fee makes sense.
func (f Fee) Check() error {
	bad := func(why string) error { return &Error{ErrTerms, "fee " + string(f.ID), why} }
	switch {
	case checkID("fee", f.ID) != nil:
		return &Error{ErrTerms, "fee " + strconv.Quote(string(f.ID)), "has no well-formed id"}
	case f.Timing < AtDisbursement || f.Timing > OnRecovery:
		return bad("has no timing")
	case f.Payee < ToPlatform || f.Payee > ToLenders:
		return bad("has no payee")
	case f.Payee == ToLenders && f.Timing != WhenLate:
		return bad("goes to lenders, which only a late fee can")
	case f.PPM < 0 || f.PPM > Million || f.Min < 0 || f.Max < 0 || f.Max > 0 && f.Max < f.Min,
		f.Min > maxFee || f.Max > maxFee:
		return bad("is out of bounds")
	case f.Round < money.HalfEven || f.Round > money.Floor:
		return bad("has no rounding mode")
	case f.Timing != AtPayout && f.Base != 0:
		return bad("names a base, which only a fee at payout has")
	case f.Timing == AtPayout && (f.Base < OnPayment || f.Base > OnInterest):
		return bad("has no base")
	case f.Timing == AtPayout && (f.Round != money.Down || f.Min > 0):
		return bad("is figured on running totals: it rounds down and has no minimum")
	case f.Timing == OnRecovery && f.Min > 0:
		return bad("could be more than what was recovered: it has no minimum")
	}
	return nil
}

// feesAt returns the fees of a timing.
func (p *Product) feesAt(t Timing) (fs []Fee) {
	for _, f := range p.Fees {
		if f.Timing == t {
			fs = append(fs, f)
		}
	}
	return fs
}
