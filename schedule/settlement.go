package schedule

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PrepaymentCharge is what settling a loan early costs. The zero value costs nothing.
type PrepaymentCharge struct {
	Rate    Rate         // of the principal that is repaid early: "1% of principal"; unset: none
	Months  int          // interest of so many months on it, besides
	Minimum money.Amount // the least; unset: none
	Until   civil.Date   // there is no charge from this day on; unset: up to Maturity
}

// Settlement is what settles a loan on a day.
type Settlement struct {
	Principal money.Amount // what is out
	Interest  money.Amount // accrued up to the day
	Charge    money.Amount // for settling early
	Total     money.Amount
}

// Settle is what settles the loan on a day after what is due on it has been paid as planned: Payoff
// and the charge, rounded once by Rounding.Interest. There is no charge before Start, and from
// Maturity on. A Rate that is not of principal, Months below 0 or above 600, and a Minimum of
// another currency or below zero are a *TermsError.
func (p Plan) Settle(on civil.Date, c PrepaymentCharge) (Settlement, error) {
	switch {
	case !c.Rate.IsZero() && c.Rate.basis != OfPrincipal:
		return Settlement{}, &TermsError{Field: "PrepaymentCharge.Rate", Problem: "must be of principal"}
	case c.Months < 0 || c.Months > MaxPeriods:
		return Settlement{}, &TermsError{Field: "PrepaymentCharge.Months", Problem: "must be 0 to 600"}
	case !optional(&p.terms, c.Minimum):
		return Settlement{}, &TermsError{Field: "PrepaymentCharge.Minimum",
			Problem: "must be above zero in the currency of the principal"}
	}
	principal, interest := p.position(on)
	charge, ok := p.charge(on, principal, c)
	if !ok || charge > money.MaxMinor-principal-interest {
		return Settlement{}, &OverflowError{Figure: "the settlement"}
	}
	return Settlement{Principal: p.amount(principal), Interest: p.amount(interest),
		Charge: p.amount(charge), Total: p.amount(principal + interest + charge)}, nil
}

// charge is what settling so much principal on a day costs.
func (p Plan) charge(on civil.Date, principal int64, c PrepaymentCharge) (int64, bool) {
	if principal == 0 || !c.Until.IsZero() && !on.Before(c.Until) {
		return 0, true
	}
	share := big.NewRat(c.Rate.pico, picoPerOne)
	months := p.terms.annual(p.terms.rateOn(on))
	share.Add(share, months.Mul(months, big.NewRat(int64(c.Months), 12)))
	charge, ok := roundRat(share.Mul(share, new(big.Rat).SetInt64(principal)), p.terms.Rounding.Interest, 1)
	return max(charge, c.Minimum.Minor()), ok
}

// Rebate is the interest that the Rule of 78 lets off when a plan of MethodFlat or
// MethodSumOfDigits is settled on a day: of the interest of n instalments of which r fall due after
// the day
//
//	interest x r(r+1) / (n(n+1))
//
// rounded by Rounding.Interest. It is zero under the other methods, whose interest is only for
// time that has passed.
func (p Plan) Rebate(on civil.Date) money.Amount {
	if p.terms.Method != MethodFlat && p.terms.Method != MethodSumOfDigits {
		return p.amount(0)
	}
	var n, left int64
	for _, row := range p.rows {
		if row.Interest == 0 && row.Due == p.terms.Start {
			continue // a down payment
		}
		if n++; row.Due.After(on) {
			left++
		}
	}
	if n == 0 {
		return p.amount(0)
	}
	rebate, _ := newRatio(left*(left+1), n*(n+1)).of(p.interest, p.terms.Rounding.Interest)
	return p.amount(rebate)
}
