package main

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
)

// play does one step of a deal's script.
func (m *market) play(d *deal, s step) error {
	m.accrue(d)
	loan := m.store.reports.Loan(d.id)
	switch s.do {
	case payDue:
		due, err := loan.DueOn(m.day)
		if err != nil {
			return err
		}
		return m.repay(d, due.Minor())
	case payCents:
		return m.repay(d, s.cents)
	case payOff:
		return m.payOff(d, loan)
	case giveUp:
		c := lending.WriteOff{Loan: d.id, Reason: "charged-off"}
		_, err := do(m, officer, d.name+"-write-off", c)
		return err
	}
	return m.recoup(d, loan, s.cents)
}

// fill pays into the borrower's wallet what a payment takes.
func (m *market) fill(d *deal, cents int64) error {
	d.deposits++
	key := fmt.Sprintf("%s-in-%d", d.name, d.deposits)
	return m.supply(lending.PartyID(d.borrower.ID), cents, 0, key)
}

func (m *market) repay(d *deal, cents int64) error {
	if err := m.fill(d, cents); err != nil {
		return err
	}
	key := fmt.Sprintf("%s-pay-%d", d.name, d.deposits)
	paid, err := do(m, d.borrower, key, lending.Repay{Loan: d.id, Amount: usd(cents)})
	d.count(&paid)
	return err
}

func (m *market) payOff(d *deal, loan *lending.Loan) error {
	cost, err := loan.Payoff(m.day)
	if err != nil {
		return err
	}
	if err := m.fill(d, cost.Minor()); err != nil {
		return err
	}
	paid, err := do(m, d.borrower, d.name+"-pay-off", lending.PayOff{Loan: d.id})
	d.count(&paid)
	return err
}

// recoup takes in what came after the charge-off, at most what is still owed before the
// collection fee.
func (m *market) recoup(d *deal, loan *lending.Loan, cents int64) error {
	owed, err := loan.DueOn(m.day)
	if err != nil {
		return err
	}
	return m.repay(d, min(cents, owed.Minor()))
}
