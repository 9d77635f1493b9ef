package transfer

import (
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Row is what is unpaid of one instalment, in minor units, to whoever holds the claim.
type Row struct {
	Due       civil.Date
	Principal int64
	Interest  int64
}

// Claim is what a day's sale is of: the unpaid rows of the instalments sold, by due date. A row that
// is due on the day or before is owed at once.
type Claim struct {
	On       civil.Date
	Currency money.Currency
	Rows     []Row // 1 to schedule.MaxRows
	Accrued  int64 // of the rows' interest, what is earned by On (应计利息)
}

// OfPlan is the claim on a plan's instalments of a span, the zero span being all, that are due after
// a day, if all due before it is paid. What is accrued is as [schedule.Plan.AccruedIn] has it. Fees
// are not the holder's. Nothing left to sell, or a span that the plan does not have, is an
// [ErrClaim].
func OfPlan(p schedule.Plan, s lending.Span, on civil.Date) (Claim, error) {
	if s == (lending.Span{}) {
		s.To = p.Len()
	}
	if s.From < 0 || s.From >= s.To || s.To > p.Len() {
		return Claim{}, refuse(ErrClaim, "the plan has instalments 0 to %d", p.Len())
	}
	c := Claim{On: on, Currency: p.Terms().Principal.Currency()}
	for i := s.From; i < s.To; i++ {
		in := p.At(i)
		if !in.Due.After(on) {
			continue
		}
		c.Rows = append(c.Rows, Row{in.Due, in.Principal.Minor(), in.Interest.Minor()})
		c.Accrued += min(p.AccruedIn(i, on).Minor(), in.Interest.Minor())
	}
	return c, c.Check()
}

// Check reports everything that is wrong with the claim, as [ErrClaim]s. The other methods assume
// that it was called.
func (c Claim) Check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, refuse(ErrClaim, format, args...)) }
	if c.On.IsZero() || c.Currency.IsZero() {
		bad("it has no day or no currency")
	}
	if len(c.Rows) < 1 || len(c.Rows) > schedule.MaxRows {
		bad("it has %d rows, want 1 to %d", len(c.Rows), schedule.MaxRows)
		return errors.Join(errs...)
	}
	var total, interest int64
	var last civil.Date
	for i, r := range c.Rows {
		rest := money.MaxMinor - total
		switch {
		case r.Due.IsZero() || r.Due.Before(last):
			bad("row %d: due dates must not fall", i)
		case r.Principal < 0 || r.Interest < 0 || r.Principal > rest || r.Interest > rest-r.Principal:
			bad("row %d: figures must be 0 or more, and an amount together", i)
		default:
			total, interest, last = total+r.Principal+r.Interest, interest+r.Interest, r.Due
		}
	}
	if total == 0 {
		bad("nothing is unpaid")
	}
	if c.Accrued < 0 || c.Accrued > interest {
		bad("accrued interest must be 0 to the interest of all rows")
	}
	return errors.Join(errs...)
}

// Principal is the unpaid principal of all rows.
func (c Claim) Principal() (sum int64) {
	for _, r := range c.Rows {
		sum += r.Principal
	}
	return sum
}

// Fair is what the claim is worth by the loan's own terms (公允价值): principal and accrued interest.
func (c Claim) Fair() int64 { return c.Principal() + c.Accrued }

// due is the day on which a row's money comes, On for one that is past due.
func (c Claim) due(r Row) civil.Date {
	if r.Due.Before(c.On) {
		return c.On
	}
	return r.Due
}
