package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// offers refuses an amount or a number of periods outside the product's ranges.
func (p *Product) offers(a money.Amount, periods int) error {
	if err := positive("amount", a, p.Currency); err != nil {
		return err
	}
	if n := a.Minor(); n < p.MinAmount.Minor() || n > p.MaxAmount.Minor() {
		return &Error{ErrLimit, "amount " + a.String(),
			fmt.Sprintf("product %s lends %s to %s", p.ID, p.MinAmount, p.MaxAmount)}
	}
	if periods < p.MinPeriods || periods > p.MaxPeriods {
		return &Error{ErrLimit, fmt.Sprintf("%d periods", periods),
			fmt.Sprintf("product %s runs %d to %d", p.ID, p.MinPeriods, p.MaxPeriods)}
	}
	return nil
}

// prices refuses a rate outside the bounds of the product and the grade, a grade that is not in its
// table, a loan that costs more than its cap, and terms that give no plan.
func (p *Product) prices(
	a money.Amount, periods int, r schedule.Rate, grade Code, on civil.Date,
) error {
	if r.Basis() != p.MinRate.Basis() || r.Pico() < p.MinRate.Pico() || r.Pico() > p.MaxRate.Pico() {
		return &Error{ErrLimit, "rate " + text(r),
			fmt.Sprintf("product %s bears %s to %s", p.ID, p.MinRate, p.MaxRate)}
	}
	if err := errors.Join(p.graded(grade, r, a), p.dear(p.anyTerms(a, periods, r))); err != nil {
		return err
	}
	return p.repays(p.Terms(a, periods, r, on))
}

// repays refuses terms that give no plan, or one that repays more than a loan can.
func (p *Product) repays(t schedule.Terms) error {
	plan, err := t.Plan()
	if err != nil {
		return fmt.Errorf("plan of a loan of product %s: %w", p.ID, err)
	}
	if plan.TotalPayment().Minor() > MaxLoan {
		return &Error{ErrLimit, "loan of product " + string(p.ID), "would repay more than a loan can"}
	}
	return nil
}

// exposed refuses a loan of so much with which its borrower would have asked for or owe more than
// the product allows, in number or in amount (敞口检查). The loan itself may be among what the
// borrower has asked for.
func (t *Tx) exposed(p *Product, borrower PartyID, id LoanID, a money.Amount) error {
	if p.MaxOpen == 0 && p.MaxExposure.IsZero() {
		return nil
	}
	w, err := event.Read(t.Tx, WalletRef(borrower, p.Currency))
	if err != nil {
		return err
	}
	debt := w.Debt() - w.Liability(id).Minor + a.Minor()
	if most := p.MaxExposure; !most.IsZero() && debt > most.Minor() {
		return &Error{ErrLimit, "borrower " + string(borrower), fmt.Sprintf(
			"would owe or have asked for %s, at most %s", amount(debt, p.Currency), most)}
	}
	return t.crowded(p, borrower, id, w.Liabilities())
}

// crowded refuses one more loan of a product than its borrower may have open. Fewer loans than that
// need not be looked at one by one.
func (t *Tx) crowded(p *Product, borrower PartyID, id LoanID, open []LoanID) error {
	if p.MaxOpen == 0 || len(open) < p.MaxOpen {
		return nil
	}
	if len(open) > maxCounted {
		return &Error{ErrLimit, "borrower " + string(borrower), "has more loans than are counted"}
	}
	streams := make([]event.Stream, len(open))
	for i, x := range open {
		streams[i] = LoanRef(x).Stream()
	}
	if err := t.Want(streams...); err != nil {
		return err
	}
	n := 1
	for _, x := range open {
		l, err := event.Read(t.Tx, LoanRef(x))
		if err != nil {
			return err
		}
		if x != id && l.Product.ID == p.ID {
			n++
		}
	}
	if n > p.MaxOpen {
		return &Error{ErrLimit, "borrower " + string(borrower), fmt.Sprintf(
			"may have %d loans of product %s open or asked for", p.MaxOpen, p.ID)}
	}
	return nil
}

// maxCounted is how many loans of a borrower are looked at to count those of one product.
const maxCounted = 1000
