package lending_test

import (
	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// fineractPenalties are the charges that Fineract calls penalties.
var fineractPenalties = map[string]bool{"LOAN_NSF_FEE": true}

// charge charges a fee that is due on a day.
func (l *fineractLife) charge(name string, due civil.Date, a money.Amount) error {
	loan := l.now()
	if loan.State != lending.StateActive {
		return uncarried("a charge on a loan that is paid")
	}
	if due.Before(l.day) {
		return uncarried("a charge that falls due in the past")
	}
	fee := lending.Code("fee")
	if fineractPenalties[name] {
		fee = penalty
	}
	if l.terms.DownPayment != nil && !due.After(loan.Dues[0].Date) {
		due = loan.Dues[0].Date.AddDays(1) // there it is owed with the first instalment, none with a down payment
	}
	l.dues[len(loan.Charges)+1] = due
	if n := len(loan.Dues); n > loan.Plan.Len() && due.After(loan.Dues[n-1].Date) {
		return uncarried(laterOwn)
	}
	err := try(l.world, officer, lending.LevyCharge{Loan: l.id, Fee: fee, Component: lending.Fees, Amount: a,
		Payee: lending.ToPlatform, Due: due, Reason: "step"})
	return err
}

// laterOwn is how Fineract has one instalment after the last, and we one for each day.
const laterOwn = "an instalment after the last whose day moves with what is owed later"

// chargeEach charges a fee with every instalment.
func (l *fineractLife) chargeEach(s *fineractStep) error {
	loan := l.now()
	for i := range loan.Dues {
		d := &loan.Dues[i]
		if d.Date.Before(l.day) {
			return uncarried("a charge that falls due in the past")
		}
		if l.terms.DownPayment != nil && i == 0 {
			continue
		}
		a := l.eur(s.Amount)
		base := map[string]int64{
			"LOAN_INSTALLMENT_FEE_PERCENTAGE_AMOUNT":               d.Owed[lending.Principal],
			"LOAN_INSTALLMENT_FEE_PERCENTAGE_INTEREST":             d.Owed[lending.Interest],
			"LOAN_INSTALLMENT_FEE_PERCENTAGE_AMOUNT_PLUS_INTEREST": d.Owed[lending.Principal] + d.Owed[lending.Interest],
		}
		if minor, ok := base[s.Charge]; ok {
			part := a.Decimal().Mul(decimal.NewFromInt(minor)).Shift(-4)
			var err error
			if a, err = money.Round(part, eur, money.HalfEven); err != nil {
				return err
			}
		}
		if a.IsZero() {
			continue
		}
		if err := l.charge(s.Charge, d.Date, a); err != nil {
			return err
		}
	}
	return nil
}

// waive lets the borrower off the latest charge.
func (l *fineractLife) waive() error {
	loan := l.now()
	n := len(loan.Charges)
	if n == 0 {
		return uncarried("a waiver of something other than a charge")
	}
	x := loan.Charges[n-1]
	on := l.dues[n] // there it counts from the day on which the charge is due, unless that is to come
	if on.After(l.day) {
		on = l.day
	}
	l.waived[x.Instalment] = on
	l.others = append(l.others, transaction{on: on, kind: "Waive loan charges", amount: x.Unpaid()})
	return try(l.world, officer, lending.Waive{Loan: l.id, Charge: n, Reason: "kind"})
}

// chargeback has a payment called back, and the money leave.
func (l *fineractLife) chargeback(s *fineractStep) error {
	loan := l.now()
	if len(loan.History) == 0 {
		return uncarried("a chargeback of something other than a payment")
	}
	m := loan.History[len(loan.History)-1]
	if nth, _ := s.Payment.Int64(); nth > 0 {
		found := false
		for i := range loan.History {
			if l.names[loan.History[i].N] != "Repayment" {
				continue
			}
			if nth--; nth == 0 {
				m, found = loan.History[i], true
			}
		}
		if !found {
			return uncarried("a chargeback of something other than a payment")
		}
	}
	if l.terms.bears() && l.terms.Recalculation != nil {
		return uncarried("a chargeback, interest recalculated")
	}
	a := l.eur(s.Amount)
	// the bank is paid out of what was too much first; there all is owed anew, and paid by it in part
	free := min(a.Minor(), l.wallet("ann", eur).Available)
	x := transaction{on: l.day, kind: "Chargeback", amount: a.Minor()}
	rest := a.Minor() - free
	if l.netted = l.netted || free > 0 && rest > 0; rest > 0 {
		if err := l.ownOrder(loan, &m, rest); err != nil {
			return err
		}
		ev, err := lending.Do(l.ctx(), l.desk, l.meta(officer),
			lending.Chargeback{Loan: l.id, Payment: m.N, Amount: amt(rest, eur), Reason: "bank"})
		if err != nil {
			return err
		}
		for _, p := range ev.Parts {
			x.by[columnOf(loan, p)] += p.Minor
		}
	}
	l.others = append(l.others, x)
	l.deliver()
	return l.leaves(a.Minor())
}

// ownOrder says that a part of a payment is called back in an order that is not ours, or after the last
// instalment for the second time.
func (l *fineractLife) ownOrder(loan *lending.Loan, m *lending.Movement, minor int64) error {
	columns := map[int]bool{}
	for _, p := range m.Parts {
		columns[columnOf(loan, p)] = true
	}
	if len(columns) > 1 && minor < m.Total.Minor() && l.terms.Credit != nil {
		return uncarried("a part of a payment called back in an order of the product's")
	}
	if n := len(loan.Dues); n > loan.Plan.Len() && l.day.After(loan.Dues[n-1].Date) {
		return uncarried(laterOwn)
	}
	return nil
}

// columnOf is the column in which Fineract lists a part of a payment.
func columnOf(loan *lending.Loan, p lending.Allocation) int {
	switch {
	case p.Component == lending.Principal:
		return 0
	case p.Component == lending.Interest:
		return 1
	case p.Charge > 0 && loan.Charges[p.Charge-1].Fee == penalty:
		return 3
	}
	return 2
}
