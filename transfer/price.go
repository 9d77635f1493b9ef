package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Price is what a claim is sold for, in minor units.
type Price struct {
	Clean   int64 // without accrued interest (净价)
	Accrued int64 // interest earned by the day of sale
}

// Dirty is the price that is paid: clean and accrued (全价).
func (p Price) Dirty() int64 { return p.Clean + p.Accrued }

// PriceAt is the price at a share of the principal in parts per million, rounded once: [lending.Million]
// is par (平价), less is a discount (折价), more a premium (溢价). A share below 0 or above 10 times par
// or a sum that is no amount is an [ErrPrice], an unknown mode a [money.ErrMode].
func (c Claim) PriceAt(ppm int64, m money.Mode) (Price, error) {
	if ppm < 0 || ppm > 10*lending.Million {
		return Price{}, refuse(ErrPrice, "%d ppm is not 0 to 10 times par", ppm)
	}
	clean, err := money.MulDiv(c.Principal(), ppm, lending.Million, m)
	if err != nil {
		return Price{}, err
	}
	if clean > money.MaxMinor-c.Accrued {
		return Price{}, refuse(ErrPrice, "the price is beyond the largest amount")
	}
	return Price{clean, c.Accrued}, nil
}

// Band limits a price to a share of the fair value, in parts per million. The zero Max is no limit
// above. {950_000, 1_000_000} is par or a discount of 5% at most.
type Band struct{ Min, Max int64 }

// Check refuses a price outside the band with an [ErrPrice]. It compares exactly.
func (b Band) Check(price, fair int64) error {
	if b.Min < 0 || b.Max < 0 || b.Max > 0 && b.Max < b.Min {
		return refuse(ErrPrice, "band %d to %d ppm is none", b.Min, b.Max)
	}
	if price < 0 || fair < 0 {
		return refuse(ErrPrice, "price %d or fair value %d is below zero", price, fair)
	}
	if product(price, lending.Million).less(product(fair, b.Min)) {
		return refuse(ErrPrice, "%d is less than %d ppm of %d", price, b.Min, fair)
	}
	if b.Max > 0 && product(fair, b.Max).less(product(price, lending.Million)) {
		return refuse(ErrPrice, "%d is more than %d ppm of %d", price, b.Max, fair)
	}
	return nil
}

// Charges are the fees of a sale, [lending.ByHost] on [lending.OnAmount]; one without an id costs nothing. Each is
// figured on the dirty price,
// and its days and steps count the days for which the seller held the claim.
type Charges struct {
	Buyer    lending.Fee
	Seller   lending.Fee
	HeldDays int
}

// Settlement is what a sale moves: Debit = Credit + BuyerFee + SellerFee.
type Settlement struct {
	Debit     int64 // from the buyer
	Credit    int64 // to the seller, 0 or more
	BuyerFee  int64
	SellerFee int64
}

// Settle figures what a sale at a price moves. A price below zero, a seller's fee above the price or a
// debit beyond the largest amount is an [ErrPrice]; a fee that makes no sense is refused as
// [lending.Fee.Check] does.
func Settle(p Price, c Charges) (Settlement, error) {
	dirty := p.Dirty()
	if dirty < 0 {
		return Settlement{}, refuse(ErrPrice, "a price of %d is below zero", dirty)
	}
	buyer, err := charge(c.Buyer, dirty, c.HeldDays)
	if err != nil {
		return Settlement{}, err
	}
	seller, err := charge(c.Seller, dirty, c.HeldDays)
	if err != nil {
		return Settlement{}, err
	}
	switch {
	case seller > dirty:
		return Settlement{}, refuse(ErrPrice, "the seller's fee of %d is more than the price of %d", seller, dirty)
	case dirty > money.MaxMinor-buyer:
		return Settlement{}, refuse(ErrPrice, "the buyer's debit is beyond the largest amount")
	}
	return Settlement{dirty + buyer, dirty - seller, buyer, seller}, nil
}

func charge(f lending.Fee, base int64, days int) (int64, error) {
	if f.ID == "" {
		return 0, nil
	}
	if err := f.Check(); err != nil {
		return 0, err
	}
	return f.Of(lending.FeeRow{Base: base, Days: days, Count: days})
}
