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
	interest int64 // sum over rows of what is paid
	fees     int64 // sum over rows
	added    int64 // interest that was added to the balance: sum over rows
}

// Instalment is one row of a Plan with its period and in full amounts.
type Instalment struct {
	Number      int          // counted from 1
	From        civil.Date   // interest is for the days from this one
	End         civil.Date   // to this one, which is not counted
	Due         civil.Date   // it is to be paid on this day
	Principal   money.Amount // zero or more
	Interest    money.Amount // zero or more
	Fee         money.Amount // zero or more
	Capitalised money.Amount // interest added to the balance instead of paid, zero or more
	Total       money.Amount // Principal + Interest + Fee
	Balance     money.Amount // principal still out after it
}

// planOf wraps rows that keep the invariants of their terms; it keeps the slice.
func planOf(t Terms, rows []Row) Plan {
	plan := Plan{terms: t, rows: rows}
	for i := range rows {
		plan.interest += rows[i].Interest
		plan.fees += rows[i].Fee
		plan.added += rows[i].Capitalised
	}
	return plan
}

// NewPlan rebuilds a plan from recorded rows, which it copies and takes as they are: it computes
// no interest, so a plan outlives a change of rules, and rows may be fewer or more than the terms'
// Periods, up to MaxRows. A row without an End has its Due for it. It fails with what Validate
// reports, with a *PlanError for the first row that breaks an invariant of Check, or with an
// *OverflowError.
func NewPlan(t Terms, rows []Row) (Plan, error) {
	if err := t.Validate(); err != nil {
		return Plan{}, err
	}
	plan := planOf(t.clone(), slices.Clone(rows))
	for i := range plan.rows {
		if row := &plan.rows[i]; row.End.IsZero() {
			row.End = row.Due
		}
	}
	if err := plan.Check(); err != nil {
		return Plan{}, err
	}
	return plan, nil
}

// MaxRows is the most rows of a plan: instalments, and the other days on which something is paid.
const MaxRows = 4 * MaxPeriods

// Check verifies the invariants: 1 to MaxRows rows, due dates from Start that do not fall, no
// negative figure, each balance the one before with the tranches since then and what the row
// capitalises, less its principal, the last balance zero (so that principal sums to the terms' and
// what was capitalised), and a total payment of at most money.MaxMinor. It gives a *PlanError or
// an *OverflowError.
func (p Plan) Check() error {
	if len(p.rows) < 1 || len(p.rows) > MaxRows {
		return &PlanError{Problem: "must have 1 to 2400 rows"}
	}
	paid := p.payouts()
	total, from := p.terms.Principal.Minor(), p.terms.Start
	balance := paid.before(from)
	for i, row := range p.rows {
		balance += paid.reach(&row, balance)
		if problem := row.fault(from, balance); problem != "" {
			return &PlanError{Number: i + 1, Problem: problem}
		}
		if row.Interest > money.MaxMinor-total || row.Fee > money.MaxMinor-total-row.Interest ||
			row.Capitalised > money.MaxMinor-total-row.Interest-row.Fee {
			return &OverflowError{Figure: "principal and interest"}
		}
		total += row.Interest + row.Fee + row.Capitalised
		balance, from = row.Balance, row.Due
	}
	if balance+paid.until(from) != 0 || len(paid.rest) > 0 {
		return &PlanError{Number: len(p.rows), Problem: "last balance must be zero"}
	}
	return nil
}

// maxApart is the most days between the due date of a row and the day to which its interest counts.
const maxApart = 366

// fault is the invariant that a row breaks after a due date and with so much principal out.
func (row *Row) fault(from civil.Date, balance int64) string {
	switch {
	case row.Due.Before(from) || row.Due.IsZero():
		return "due dates must not fall"
	case abs(int64(row.Due.Sub(row.End))) > maxApart || row.End.IsZero():
		return "the day to which interest counts must be near the due date"
	case row.Interest < 0 || row.Fee < 0 || row.Capitalised < 0:
		return "interest and fee must be 0 or more"
	case row.Principal < 0 || row.Principal > balance+row.Capitalised:
		return "principal must be 0 to what is out"
	case row.Balance != balance+row.Capitalised-row.Principal:
		return "balance must fall by the principal"
	}
	return ""
}

// Terms are the terms of the plan.
func (p Plan) Terms() Terms { return p.terms.clone() }

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
		Number:      i + 1,
		From:        p.from(i),
		End:         row.End,
		Due:         row.Due,
		Principal:   p.amount(row.Principal),
		Interest:    p.amount(row.Interest),
		Fee:         p.amount(row.Fee),
		Capitalised: p.amount(row.Capitalised),
		Total:       p.amount(row.Principal + row.Interest + row.Fee),
		Balance:     p.amount(row.Balance),
	}
}

// from is the first day of row i: the one up to which the row before counted, or Start.
func (p Plan) from(i int) civil.Date {
	if i == 0 {
		return p.terms.Start
	}
	return p.rows[i-1].End
}

// amount gives minor units the currency of the loan. The total payment fits an Amount, so every
// part of it does.
func (p Plan) amount(minor int64) money.Amount {
	amt, _ := money.New(minor, p.terms.Principal.Currency())
	return amt
}

// TotalInterest is the sum of all interest, what was capitalised included.
func (p Plan) TotalInterest() money.Amount { return p.amount(p.interest + p.added) }

// TotalFees is the sum of all fees of the plan.
func (p Plan) TotalFees() money.Amount { return p.amount(p.fees) }

// TotalPayment is everything that is paid: the principal, all interest and all fees.
func (p Plan) TotalPayment() money.Amount {
	return p.amount(p.terms.Principal.Minor() + p.interest + p.added + p.fees)
}

// Maturity is the last due date; the zero date when there are no instalments.
func (p Plan) Maturity() civil.Date {
	if len(p.rows) == 0 {
		return civil.Date{}
	}
	return p.rows[len(p.rows)-1].Due
}
