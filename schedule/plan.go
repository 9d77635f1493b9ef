package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Plan is what is due when: the facts that follow from Terms, or that were recorded. It is
// immutable, cheap to copy and safe to share. The zero value has no instalments; its Check fails.
type Plan struct {
	terms    Terms
	rows     []Row
	interest int64 // sum over rows
}

// Instalment is one row of a Plan with its period and in full amounts.
type Instalment struct {
	Number    int          // counted from 1
	From      civil.Date   // interest is for the days from this one
	Due       civil.Date   // to this one, which is not counted, and on which it is to be paid
	Principal money.Amount // zero or more
	Interest  money.Amount // zero or more
	Total     money.Amount // Principal + Interest
	Balance   money.Amount // principal still out after it
}

// planOf wraps rows that keep the invariants of their terms; it keeps the slice.
func planOf(t Terms, rows []Row) Plan {
	plan := Plan{terms: t, rows: rows}
	for i := range rows {
		plan.interest += rows[i].Interest
	}
	return plan
}

// NewPlan rebuilds a plan from recorded rows, which it copies and takes as they are: it computes
// no interest, so a plan outlives a change of rules, and rows may be fewer or more than the terms'
// Periods, up to MaxPeriods. It fails with what Validate reports, with a *PlanError for the first
// row that breaks an invariant of Check, or with an *OverflowError.
func NewPlan(t Terms, rows []Row) (Plan, error) {
	if err := t.Validate(); err != nil {
		return Plan{}, err
	}
	plan := planOf(t, slices.Clone(rows))
	if err := plan.Check(); err != nil {
		return Plan{}, err
	}
	return plan, nil
}

// Check verifies the invariants: 1 to MaxPeriods rows, due dates that increase from after Start,
// no negative principal, interest or balance, each balance the one before less the row's
// principal, the last balance zero (so that principal sums to the terms'), and a total payment of
// at most money.MaxMinor. It gives a *PlanError or an *OverflowError.
func (p Plan) Check() error {
	if len(p.rows) < 1 || len(p.rows) > MaxPeriods {
		return &PlanError{Problem: "must have 1 to 600 instalments"}
	}
	balance, total, from := p.terms.Principal.Minor(), p.terms.Principal.Minor(), p.terms.Start
	for i, row := range p.rows {
		switch {
		case !row.Due.After(from):
			return &PlanError{Number: i + 1, Problem: "due dates must increase"}
		case row.Principal < 0 || row.Principal > balance:
			return &PlanError{Number: i + 1, Problem: "principal must be 0 to what is out"}
		case row.Interest < 0:
			return &PlanError{Number: i + 1, Problem: "interest must be 0 or more"}
		case row.Balance != balance-row.Principal:
			return &PlanError{Number: i + 1, Problem: "balance must fall by the principal"}
		case row.Interest > money.MaxMinor-total:
			return &OverflowError{Figure: "principal and interest"}
		}
		balance, total, from = row.Balance, total+row.Interest, row.Due
	}
	if balance != 0 {
		return &PlanError{Number: len(p.rows), Problem: "last balance must be zero"}
	}
	return nil
}

// Terms are the terms of the plan.
func (p Plan) Terms() Terms { return p.terms }

// Len is the number of instalments.
func (p Plan) Len() int { return len(p.rows) }

// Rows is a copy of the rows, as NewPlan takes them.
func (p Plan) Rows() []Row { return slices.Clone(p.rows) }

// Instalments are all instalments in order, freshly allocated.
func (p Plan) Instalments() []Instalment {
	all := make([]Instalment, len(p.rows))
	for i := range all {
		all[i] = p.At(i)
	}
	return all
}

// At is instalment i, counted from 0; the zero Instalment when there is none.
func (p Plan) At(i int) Instalment {
	if i < 0 || i >= len(p.rows) {
		return Instalment{}
	}
	row := p.rows[i]
	return Instalment{
		Number:    i + 1,
		From:      p.from(i),
		Due:       row.Due,
		Principal: p.amount(row.Principal),
		Interest:  p.amount(row.Interest),
		Total:     p.amount(row.Principal + row.Interest),
		Balance:   p.amount(row.Balance),
	}
}

// from is the first day of row i: the due date before it, or Start.
func (p Plan) from(i int) civil.Date {
	if i == 0 {
		return p.terms.Start
	}
	return p.rows[i-1].Due
}

// amount gives minor units the currency of the loan. The total payment fits an Amount, so every
// part of it does.
func (p Plan) amount(minor int64) money.Amount {
	amt, _ := money.New(minor, p.terms.Principal.Currency())
	return amt
}

// TotalInterest is the sum of all interest.
func (p Plan) TotalInterest() money.Amount { return p.amount(p.interest) }

// TotalPayment is the principal and all interest.
func (p Plan) TotalPayment() money.Amount {
	return p.amount(p.terms.Principal.Minor() + p.interest)
}

// Maturity is the last due date; the zero date when there are no instalments.
func (p Plan) Maturity() civil.Date {
	if len(p.rows) == 0 {
		return civil.Date{}
	}
	return p.rows[len(p.rows)-1].Due
}
