package main

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
)

// apply takes a loan from its application to its publication.
func (m *market) apply(d *deal) error {
	c := lending.Apply{Product: d.kind().product(), Amount: usd(d.Amount), Periods: d.Months}
	applied, err := do(m, d.borrower, d.name+"-apply", c)
	if err != nil {
		return err
	}
	d.id = applied.Loan
	approve := lending.Approve{Loan: d.id, Rate: d.Rate, Grade: d.Grade}
	if _, err := do(m, analyst, d.name+"-approve", approve); err != nil {
		return err
	}
	_, err = do(m, officer, d.name+"-publish", lending.Publish{Loan: d.id})
	return err
}

// fund lets the day's lenders bid. A full loan is reviewed and its payout ordered.
func (m *market) fund(d *deal) error {
	for range bidsToday(percent(d.Rate), m.chance) {
		full, err := m.bid(d)
		if err != nil {
			return err
		}
		if full {
			return m.close(d)
		}
	}
	m.book(d, m.day.AddDays(1))
	return nil
}

func (m *market) bid(d *deal) (full bool, err error) {
	x := pick(m.lenders, d.Grade, m.chance)
	cents := bidFor(d.Amount, m.chance)
	x.deals++
	key := fmt.Sprintf("%s-bid-%d", x.id, x.deals)
	if err := m.supply(x.id, cents, 5*cents, key+"-in"); err != nil {
		return false, err
	}
	placed, err := do(m, party(x.id), key, lending.PlaceBid{Loan: d.id, Amount: usd(cents)})
	d.bids++
	return placed.Full, err
}

// supply lets a party pay in when its wallet has less than it needs.
func (m *market) supply(p lending.PartyID, need, deposit int64, key string) error {
	have := m.store.reports.Ledger().Balance(lending.Avail(p), dollar)
	if have >= need {
		return nil
	}
	a := usd(max(deposit, need-have))
	m.bank.Deposit(a)
	m.topUps++
	_, err := do(m, keeper, key, lending.Deposit{Party: p, Amount: a})
	return err
}

func (m *market) close(d *deal) error {
	if err := m.review(d); err != nil {
		return err
	}
	m.paying = append(m.paying, d)
	return m.disburse(d)
}

func (m *market) review(d *deal) error {
	d.funded = m.day
	_, err := do(m, officer, d.name+"-review", lending.ReviewFunding{Loan: d.id})
	return err
}

func (m *market) disburse(d *deal) error {
	_, err := do(m, cashier, d.name+"-disburse", lending.Disburse{Loan: d.id})
	return err
}

// deliver carries out payouts and lets the bank pay.
func (m *market) deliver() error {
	if _, err := m.desk.Deliver(m.ctx, m.day); err != nil {
		return fmt.Errorf("deliver on %s: %w", m.day, err)
	}
	return nil
}

// payOut lets the bank pay the loans of the day, and writes the script of each from its plan.
func (m *market) payOut() error {
	if len(m.paying) == 0 {
		return nil
	}
	if err := m.deliver(); err != nil {
		return err
	}
	for _, d := range m.paying {
		loan := m.store.reports.Loan(d.id)
		if loan.State != lending.StateActive {
			return fmt.Errorf("loan %s is %s after its payout", d.id, loan.State)
		}
		m.done++
		d.since = m.day
		d.script = replay(d.Published, loan.Plan, m.chance)
		if len(d.script.steps) > 0 {
			m.book(d, d.script.steps[0].on)
		}
	}
	m.paying = m.paying[:0]
	return nil
}
