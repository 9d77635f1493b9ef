package main

import (
	"errors"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
)

const (
	notRich  = 16
	retained = 100_000 // the originator's part of each loan, in millionths
	held     = 50_000  // its deposit, of what others lend
)

// engage takes a guarantor on that has a part of what is lent. Its accounts say that it has all.
func engage(l guarantee.Liability, part int64) func(*desk.Desk, int64) {
	return func(d *desk.Desk, lent int64) {
		d.Register(guarantor, lending.Company)
		desk.Do(d, desk.Officer, guarantee.DefineGuarantor{Guarantor: guarantor, Terms: guarantee.GuarantorTerms{
			Currency: cny, Liability: l, Control: guarantee.ByPlatform, Interest: true, SharePPM: lending.Million,
			PeriodDays: 730, PayDays: 14, Leverage: 10, SinglePPM: lending.Million}})
		desk.Do(d, desk.Officer, guarantee.AssessNetAssets{Guarantor: guarantor, Amount: d.Amount(lent), Evidence: event.Hash{1}})
		d.Deposit(guarantor, lent/part)
	}
}

// pay has the guarantor pay as far as its money goes, an ordinary one after enforcement. If it cannot pay in
// time it is declared in default, and its demands lapse.
func pay(s *state) {
	d := s.Desk
	g := desk.See(d, guarantee.GuarantorRef(guarantor))
	if g.State != guarantee.Active {
		return
	}
	for q := range g.Queue.All() {
		if g.Terms.Liability == guarantee.Ordinary && s.enforcing(q.Loan) {
			continue
		}
		minor := min(q.Minor, d.Free(guarantor))
		if minor == 0 {
			continue
		}
		desk.Do(d, desk.By(guarantor), guarantee.PayDemand{Guarantor: guarantor, Demand: q.Key, Amount: d.Amount(minor)})
	}
	if g = desk.See(d, guarantee.GuarantorRef(guarantor)); len(g.Overdue(d.Day)) > 0 {
		desk.Do(d, desk.Officer, guarantee.DeclareDefault{Guarantor: guarantor, Reason: guarantee.Insolvent})
	}
}

// enforcing reports whether a court still tries to get the money from the borrower. It gives up half a year
// after his first missed instalment.
func (s *state) enforcing(id lending.LoanID) bool {
	l := s.Loan(id)
	switch {
	case s.enforced[id]:
		return false
	case l.DaysPastDue(s.Day) < 150 && l.State == lending.StateActive:
		return true
	}
	s.enforced[id] = true
	desk.Do(s.Desk, desk.Officer, guarantee.RecordEnforcement{Guarantor: guarantor, Loan: id, Evidence: event.Hash{1}})
	return false
}

// engageOwn takes on a guarantor that is the platform itself under another name.
func engageOwn(d *desk.Desk, lent int64) {
	engage(guarantee.JointSeveral, lent)(d, lent)
	desk.Do(d, desk.Officer, lending.MarkRelated{Party: guarantor})
}

// payOwn moves what demands need out of the platform's own book, as long as that has something.
func payOwn(s *state) {
	d := s.Desk
	g := desk.See(d, guarantee.GuarantorRef(guarantor))
	need := min(g.Queue.Total()-d.Free(guarantor), s.budget())
	if g.State == guarantee.Active && need > 0 {
		desk.Do(d, desk.Cashier, guarantee.PayOwn{Guarantor: guarantor, Amount: d.Amount(need)})
		desk.Do(d, desk.Custodian, guarantee.CreditOwn{Guarantor: guarantor, Amount: d.Amount(need)})
		s.granted += need
	}
	pay(s)
}

// openFund opens a provision fund that has nothing but contributions. Demands wait for so many days, or for
// ever.
func openFund(days int) func(*desk.Desk, int64) {
	return func(d *desk.Desk, _ int64) {
		d.Register(fund, lending.Vehicle)
		desk.Do(d, desk.Officer, guarantee.DefineFund{Fund: fund, Terms: guarantee.FundTerms{Currency: cny,
			PrincipalPPM: lending.Million, InterestPPM: lending.Million, Policy: guarantee.FIFOThenProRata,
			Settle: schedule.Months(1), TargetPPM: 1_100_000, CeilingPPM: 100_000, WaitDays: days}})
	}
}

// layers has a guarantor stand in for what a fund leaves unpaid for a month.
func layers(d *desk.Desk, lent int64) {
	openFund(30)(d, lent)
	engage(guarantee.JointSeveral, 1)(d, lent)
}

// refer takes an originator on that keeps a tenth of each loan, and has a deposit.
func refer(d *desk.Desk, lent int64) {
	d.Register(originator, lending.Company)
	desk.Do(d, desk.Officer, guarantee.DefineOriginator{Originator: originator, Terms: guarantee.OriginatorTerms{Currency: cny,
		Line: lent, BuybackDays: 60, RetainedPPM: retained, DepositPPM: held}})
	d.Deposit(originator, lent*(retained+held)/lending.Million+lent/notRich)
	desk.Do(d, desk.By(originator), guarantee.PutDeposit{Originator: originator, Amount: d.Amount(lent * held / lending.Million)})
}

// buyBack has the originator buy what it is asked to while it has money. An desk.Officer has overdue ones paid out of
// the deposit; when that is used up too the originator is declared in default.
func buyBack(s *state) {
	d := s.Desk
	o := desk.See(d, guarantee.OriginatorRef(originator))
	if o.State == guarantee.Defaulted {
		return
	}
	seen := map[lending.LoanID]bool{}
	for q := range o.Pending.All() {
		if !seen[q.Loan] {
			buy(d, desk.By(originator), q.Loan)
		}
		seen[q.Loan] = true
	}
	o = desk.See(d, guarantee.OriginatorRef(originator))
	for late := o.Overdue(d.Day); len(late) > 0; late = o.Overdue(d.Day) {
		if !buy(d, desk.Officer, late[0].Loan) {
			desk.Do(d, desk.Officer, guarantee.DeclareOriginatorDefault{Originator: originator, Reason: guarantee.Insolvent})
			return
		}
		o = desk.See(d, guarantee.OriginatorRef(originator))
	}
}

// buy buys a loan back, and reports whether there was money for any of it.
func buy(d *desk.Desk, who lending.Actor, id lending.LoanID) bool {
	_, err := desk.Try(d, who, guarantee.BuyBack{Originator: originator, Loan: id})
	if errors.Is(err, lending.ErrFunds) {
		return false
	}
	if d.Err == nil {
		d.Err = err
	}
	d.Deliver()
	return err == nil
}
