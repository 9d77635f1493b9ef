package main

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// The lenders each have a tenth of every loan, of what the originator leaves.
const lenders = 10

// The run ends when the last loan has been written off and what came after that is in.
const (
	weeks    = 100
	recovery = 270 // days after the first missed instalment
)

// state is what goes on under one model.
type state struct {
	loans    []lending.LoanID // by borrower
	dues     [][]civil.Date   // as agreed
	enforced map[lending.LoanID]bool
	lent     int64
	granted  int64 // out of the platform's own book
	missed   int64 // by lenders, at the worst
}

// budget is what the platform still has to stand in with.
func (s *state) budget() int64 { return s.lent/notRich - s.granted }

func lender(i int) lending.PartyID   { return lending.PartyID(fmt.Sprintf("lender-%02d", i+1)) }
func borrower(i int) lending.PartyID { return lending.PartyID(fmt.Sprintf("borrower-%03d", i+1)) }

// run takes all loans through the year under a model.
func run(m model, fates []fate) (result, error) {
	d := open(parts())
	s := &state{enforced: map[lending.LoanID]bool{}, lent: int64(len(fates)) * principal}
	if m.define != nil {
		m.define(d, s.lent)
	}
	do(d, officer, lending.DefineProduct{Product: m.product(d)})
	for i := range lenders {
		d.register(lender(i), lending.Person)
		d.deposit(lender(i), s.lent/lenders)
	}
	for i := range fates {
		d.lend(s, i)
	}
	for start, day := d.today, 1; day <= 7*weeks && d.err == nil; day++ {
		d.today = start.AddDays(day)
		for i := range fates {
			d.repay(s, i, fates[i])
		}
		if day%7 != 0 {
			continue
		}
		if d.end(d.today); m.act != nil {
			m.act(d, s)
		}
		d.deliver()
		d.miss(s, fates)
	}
	return d.result(m, s)
}

// lend brings a borrower's loan to the day on which the money is paid out.
func (d *desk) lend(s *state, i int) {
	d.register(borrower(i), lending.Person)
	id := do(d, by(borrower(i)), lending.Apply{Product: "loan", Amount: d.amount(principal), Periods: periods}).Loan
	do(d, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate(rate)})
	do(d, officer, lending.Publish{Loan: id})
	left := int64(principal)
	if d.put[originator] > 0 {
		left -= principal * retained / lending.Million
		do(d, by(originator), lending.PlaceBid{Loan: id, Amount: d.amount(principal - left)})
	}
	for k := range lenders {
		do(d, by(lender(k)), lending.PlaceBid{Loan: id, Amount: d.amount(left / lenders)})
	}
	do(d, officer, lending.ReviewFunding{Loan: id})
	do(d, cashier, lending.Disburse{Loan: id})
	d.deliver()
	var dues []civil.Date
	for _, due := range d.loan(id).Dues {
		dues = append(dues, due.Date)
	}
	s.loans, s.dues = append(s.loans, id), append(s.dues, dues)
}

// repay has a borrower pay what he pays on the day: an instalment, or what is recovered of a loan given up.
func (d *desk) repay(s *state, i int, f fate) {
	for k, due := range s.dues[i] {
		switch {
		case k < f.pays && due == d.today:
			owed := d.loan(s.loans[i]).Dues[k].Unpaid()
			d.pay(s.loans[i], borrower(i), owed.Total())
		case k == f.pays && due.AddDays(recovery) == d.today && f.recovered > 0:
			d.pay(s.loans[i], borrower(i), f.recovered)
		}
	}
}

func (d *desk) pay(id lending.LoanID, p lending.PartyID, minor int64) {
	d.deposit(p, minor)
	do(d, by(p), lending.Repay{Loan: id, Amount: d.amount(minor)})
	d.deliver()
}
