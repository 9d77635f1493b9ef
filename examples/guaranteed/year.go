package main

import (
	"fmt"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/lending"
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
	*desk.Desk
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
	d := desk.Open(lending.Config{Parts: []lending.Part{parts()}}, cny, civil.MustParse("2026-01-31"))
	s := &state{Desk: d, enforced: map[lending.LoanID]bool{}, lent: int64(len(fates)) * principal}
	if m.define != nil {
		m.define(d, s.lent)
	}
	desk.Do(d, desk.Officer, lending.DefineProduct{Product: m.product()})
	for i := range lenders {
		d.Register(lender(i), lending.Person)
		d.Deposit(lender(i), s.lent/lenders)
	}
	for i := range fates {
		s.lend(i)
	}
	for start, day := d.Day, 1; day <= 7*weeks && d.Err == nil; day++ {
		d.Day = start.AddDays(day)
		for i := range fates {
			s.repay(i, fates[i])
		}
		if day%7 != 0 {
			continue
		}
		if d.End(); m.act != nil {
			m.act(s)
		}
		d.Deliver()
		s.miss(fates)
	}
	return s.result(m)
}

// lend brings a borrower's loan to the day on which the money is paid out.
func (s *state) lend(i int) {
	s.Register(borrower(i), lending.Person)
	id, left := s.Tender("loan", borrower(i), principal, periods, rate), int64(principal)
	if s.Put(originator) > 0 {
		left -= principal * retained / lending.Million
		s.Bid(originator, id, principal-left)
	}
	for k := range lenders {
		s.Bid(lender(k), id, left/lenders)
	}
	s.PayOut(id)
	var dues []civil.Date
	for _, due := range s.Loan(id).Dues {
		dues = append(dues, due.Date)
	}
	s.loans, s.dues = append(s.loans, id), append(s.dues, dues)
}

// repay has a borrower pay what he pays on the day: an instalment, or what is recovered of a loan given up.
func (s *state) repay(i int, f fate) {
	for k, due := range s.dues[i] {
		switch {
		case k < f.pays && due == s.Day:
			owed := s.Loan(s.loans[i]).Dues[k].Unpaid()
			s.Repay(s.loans[i], borrower(i), owed.Total())
		case k == f.pays && due.AddDays(recovery) == s.Day && f.recovered > 0:
			s.Repay(s.loans[i], borrower(i), f.recovered)
		}
	}
}
