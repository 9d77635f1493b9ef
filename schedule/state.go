package schedule

import "github.com/loanweave/loanweave/schedule/civil"

// state is where a plan stands at the end of a day on which everything was paid as planned.
type state struct {
	balance, interest int64 // principal that is out, and interest accrued or unpaid
	paidOut, waived   int64 // up to then
	paid              int64 // likewise, of principal and interest
	charged           int64 // likewise, of interest: paid, unpaid, or added to the balance
}

// owed is what would settle the loan.
func (s state) owed() int64 { return s.balance + s.interest }

// stateOn walks the terms of a plan up to the end of a day.
func (p Plan) stateOn(on civil.Date) state {
	w := newWalk(&p.terms)
	w.stop = on
	if err := w.run(); err != nil {
		return state{} // never: the terms have made this plan
	}
	if on.Before(w.line.points[len(w.line.points)-1].on) {
		w.accrue(on)
	}
	s := state{balance: w.balance, charged: w.total - p.terms.Principal.Minor()}
	accrued := w.round(w.accrued, p.terms.Rounding.Interest, 1)
	s.interest, s.charged = w.owed+accrued, s.charged+accrued
	for _, row := range w.rows {
		s.paid += row.Principal + row.Interest
		s.charged -= row.Fee
	}
	for _, c := range p.terms.Changes {
		if c.Kind == ChangeWaive && !c.On.After(on) {
			s.waived += c.Amount.Minor()
		}
	}
	paid := p.payouts()
	s.paidOut = paid.until(on) + s.waived
	return s
}
