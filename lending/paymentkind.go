package lending

import (
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// PaymentKind is on what ground a payment comes in. A product may take each kind up by a waterfall of
// its own.
type PaymentKind uint8

// Kinds of payment.
const (
	OrdinaryPayment   PaymentKind = iota + 1 // the borrower pays (还款)
	RecoveryPayment                          // something comes in on a loan that was written off (回收)
	GoodwillPayment                          // the platform pays in the borrower's place and asks nothing back
	RefundPayment                            // who was paid by the loan gives money back for it
	EarlyPayment                             // the borrower pays what is not due yet, and the plan is made anew (提前还款)
	CollateralPayment                        // a thing that answers for the loan was sold (抵押物变现)
)

var paymentKindNames = [...]string{"", "ordinary", "recovery", "goodwill", "refund", "prepayment",
	"collateral"}

// String returns the kind's name.
func (k PaymentKind) String() string { return nameOf(paymentKindNames[:], k, "payment") }

// PaymentWaterfall takes payments of one kind up by a waterfall of their own.
type PaymentWaterfall struct {
	Kind      PaymentKind
	Waterfall Waterfall
}

func (w *PaymentWaterfall) code(c *event.Codec) {
	event.Enum(c, &w.Kind)
	w.Waterfall.code(c)
}

// waterfall returns the order in which payments of a kind are taken up.
func (p *Product) waterfall(k PaymentKind) Waterfall {
	for _, w := range p.Waterfalls {
		if w.Kind == k {
			return w.Waterfall
		}
	}
	if k == RecoveryPayment || k == CollateralPayment {
		return CostsThenPrincipal()
	}
	return p.Waterfall
}

// checkWaterfalls reports waterfalls that leave something out and kinds that have two.
func (p *Product) checkWaterfalls() error {
	var errs []error
	var seen []PaymentKind
	for _, w := range p.Waterfalls {
		if w.Kind < OrdinaryPayment || w.Kind > CollateralPayment || slices.Contains(seen, w.Kind) {
			errs = append(errs, &Error{ErrTerms, "product " + string(p.ID), "has a waterfall for " + w.Kind.String() + " wrongly or twice"})
		}
		seen = append(seen, w.Kind)
		errs = append(errs, w.Waterfall.Check())
	}
	return errors.Join(errs...)
}
