package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// Million is 100% in the unit of [Fee].PPM: 1% is 10,000.
const Million = 1_000_000

// maxFee bounds a fee's fixed sum, minimum and maximum, so that a loan's late fees stay an amount.
const maxFee = MaxLoan / 1024

// Bounds of a fee.
const (
	maxFeeSteps = 16
	maxFeePPM   = 100 * Million
	maxTaxPPM   = Million
	maxFeeCount = 1 << 16
)

// Fee is a charge as data (费用): who pays and when is its timing, who is paid its payee, and what it
// costs a price: a share of a base, or a fixed sum, or both, within a minimum and a maximum. "1%"
// differs by platform, so the base is part of the fee. A price of zero costs nothing, whatever the
// minimum.
type Fee struct {
	ID     Code
	Timing Timing
	Payee  Payee
	Party  PartyID // who is paid, of ToParty alone: a guarantor, an agency, a fund
	Base   Base    // what PPM is a share of
	Per    Per
	PPM    int64     // share of the base in parts per million; at most 100 times the base
	Fixed  int64     // minor units of the loan's currency, to 2^37, as are Min and Max
	Steps  []FeeStep // other prices from a count on
	Min    int64     // of what is charged at a time
	Max    int64     // zero for none
	Round  money.Mode
	Point  RoundingPoint
	// TaxPPM is the tax on the fee (增值税), which is part of it: of 106.00 at 60,000, 6.00 is tax. It is
	// booked apart from income. Of fees to the platform alone.
	TaxPPM int64
	// CapPeriods, of OnTimely alone: in so many periods from the first on, what comes in with a part
	// paid in advance counts for one regular instalment at most.
	CapPeriods int
	// FreePeriods, of OnPrepayment alone: in so many periods before the end it is not charged.
	FreePeriods int
	// Standby, of AtPayout alone and not by time, holds the fee in readiness: it is charged while it is called
	// ([Tx.CallFee]).
	Standby bool
}

// FeeStep is another price from a count on: from so many days past due, from a running period, or of
// what the host counts. See [Timing].
type FeeStep struct {
	From  int
	PPM   int64
	Fixed int64
}

// Code codes the fee.
func (f *Fee) Code(c *event.Codec) {
	event.Text(c, &f.ID)
	event.Enum(c, &f.Timing)
	event.Enum(c, &f.Payee)
	event.Text(c, &f.Party)
	event.Enum(c, &f.Base)
	event.Enum(c, &f.Per)
	c.Int(&f.PPM)
	c.Int(&f.Fixed)
	event.List(c, &f.Steps, func(c *event.Codec, s *FeeStep) {
		c.Count(&s.From)
		c.Int(&s.PPM)
		c.Int(&s.Fixed)
	})
	c.Int(&f.Min)
	c.Int(&f.Max)
	event.Enum(c, &f.Round)
	event.Enum(c, &f.Point)
	c.Int(&f.TaxPPM)
	c.Count(&f.CapPeriods)
	c.Count(&f.FreePeriods)
	c.Bool(&f.Standby)
}

// price is what the fee costs at a count: of the last step that it has reached.
func (f *Fee) price(count int) (ppm, fixed int64) {
	ppm, fixed = f.PPM, f.Fixed
	for _, s := range f.Steps {
		if count < s.From {
			break
		}
		ppm, fixed = s.PPM, s.Fixed
	}
	return ppm, fixed
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

// cloneFees copies fees with all that they hold.
func cloneFees(fs []Fee) []Fee {
	fs = slices.Clone(fs)
	for i := range fs {
		fs[i].Steps = slices.Clone(fs[i].Steps)
	}
	return fs
}
