package main

import (
	"errors"

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

// register makes a company known to the platform.
func (d *desk) register(p lending.PartyID, k lending.PartyKind) {
	do(d, officer, lending.Register{Party: p, Kind: k})
}

// engage takes a guarantor on that has a part of what is lent. Its accounts say that it has all.
func engage(l guarantee.Liability, part int64) func(*desk, int64) {
	return func(d *desk, lent int64) {
		d.register(guarantor, lending.Company)
		do(d, officer, guarantee.DefineGuarantor{Guarantor: guarantor, Terms: guarantee.GuarantorTerms{
			Currency: cny, Liability: l, Control: guarantee.ByPlatform, Interest: true, SharePPM: lending.Million,
			PeriodDays: 730, PayDays: 14, Leverage: 10, SinglePPM: lending.Million}})
		do(d, officer, guarantee.AssessNetAssets{Guarantor: guarantor, Amount: d.amount(lent)})
		d.deposit(guarantor, lent/part)
	}
}

// pay has the guarantor pay as far as its money goes, an ordinary one after enforcement. If it cannot pay in
// time it is declared in default, and its demands lapse.
func pay(d *desk, s *state) {
	g := see(d, guarantee.GuarantorRef(guarantor))
	if g.State != guarantee.Active {
		return
	}
	for q := range g.Queue.All() {
		if g.Terms.Liability == guarantee.Ordinary && d.enforcing(s, q.Loan) {
			continue
		}
		minor := min(q.Minor, d.free(guarantor))
		if minor == 0 {
			continue
		}
		do(d, by(guarantor), guarantee.PayDemand{Guarantor: guarantor, Demand: q.Key, Amount: d.amount(minor)})
	}
	if g = see(d, guarantee.GuarantorRef(guarantor)); len(g.Overdue(d.today)) > 0 {
		do(d, officer, guarantee.DeclareDefault{Guarantor: guarantor, Reason: guarantee.Insolvent})
	}
}

// enforcing reports whether a court still tries to get the money from the borrower. It gives up half a year
// after his first missed instalment.
func (d *desk) enforcing(s *state, id lending.LoanID) bool {
	l := d.loan(id)
	switch {
	case s.enforced[id]:
		return false
	case l.DaysPastDue(d.today) < 150 && l.State == lending.StateActive:
		return true
	}
	s.enforced[id] = true
	do(d, officer, guarantee.RecordEnforcement{Guarantor: guarantor, Loan: id, Evidence: event.Hash{1}})
	return false
}

// engageOwn takes on a guarantor that is the platform itself under another name.
func engageOwn(d *desk, lent int64) {
	engage(guarantee.JointSeveral, lent)(d, lent)
	do(d, officer, lending.MarkRelated{Party: guarantor})
}

// payOwn moves what demands need out of the platform's own book, as long as that has something.
func payOwn(d *desk, s *state) {
	g := see(d, guarantee.GuarantorRef(guarantor))
	need := min(g.Queue.Total()-d.free(guarantor), s.budget())
	if g.State == guarantee.Active && need > 0 {
		do(d, cashier, guarantee.PayOwn{Guarantor: guarantor, Amount: d.amount(need)})
		do(d, custodian, guarantee.CreditOwn{Guarantor: guarantor, Amount: d.amount(need)})
		s.granted += need
	}
	pay(d, s)
}

// openFund opens a provision fund that has nothing but contributions. Demands wait for so many days, or for
// ever.
func openFund(days int) func(*desk, int64) {
	return func(d *desk, _ int64) {
		d.register(fund, lending.Vehicle)
		do(d, officer, lending.Freeze{Party: fund})
		do(d, officer, guarantee.DefineFund{Fund: fund, Terms: guarantee.FundTerms{Currency: cny,
			PrincipalPPM: lending.Million, InterestPPM: lending.Million, Policy: guarantee.FIFOThenProRata,
			Settle: schedule.Months(1), TargetPPM: 1_100_000, CeilingPPM: 100_000, WaitDays: days}})
	}
}

// layers has a guarantor stand in for what a fund leaves unpaid for a month.
func layers(d *desk, lent int64) {
	openFund(30)(d, lent)
	engage(guarantee.JointSeveral, 1)(d, lent)
}

// refer takes an originator on that keeps a tenth of each loan, and has a deposit.
func refer(d *desk, lent int64) {
	d.register(originator, lending.Company)
	do(d, officer, guarantee.DefineOriginator{Originator: originator, Terms: guarantee.OriginatorTerms{Currency: cny,
		Line: lent, BuybackDays: 60, RetainedPPM: retained, DepositPPM: held}})
	d.deposit(originator, lent*(retained+held)/lending.Million+lent/notRich)
	do(d, by(originator), guarantee.PutDeposit{Originator: originator, Amount: d.amount(lent * held / lending.Million)})
}

// buyBack has the originator buy what it is asked to while it has money. An officer has overdue ones paid out of
// the deposit; when that is used up too the originator is declared in default.
func buyBack(d *desk, _ *state) {
	o := see(d, guarantee.OriginatorRef(originator))
	if o.State == guarantee.Defaulted {
		return
	}
	seen := map[lending.LoanID]bool{}
	for q := range o.Pending.All() {
		if !seen[q.Loan] {
			d.buy(by(originator), q.Loan)
		}
		seen[q.Loan] = true
	}
	o = see(d, guarantee.OriginatorRef(originator))
	for late := o.Overdue(d.today); len(late) > 0; late = o.Overdue(d.today) {
		if !d.buy(officer, late[0].Loan) {
			do(d, officer, guarantee.DeclareOriginatorDefault{Originator: originator, Reason: guarantee.Insolvent})
			return
		}
		o = see(d, guarantee.OriginatorRef(originator))
	}
}

// buy buys a loan back, and reports whether there was money for any of it.
func (d *desk) buy(who lending.Actor, id lending.LoanID) bool {
	_, err := try(d, who, guarantee.BuyBack{Originator: originator, Loan: id})
	if errors.Is(err, lending.ErrFunds) {
		return false
	}
	if d.err == nil {
		d.err = err
	}
	d.deliver()
	return err == nil
}
