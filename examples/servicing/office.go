package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Who acts. What an officer does to a running loan takes a second one.
var (
	borrower  = lending.Actor{ID: "ann", Role: lending.RoleParty}
	officer   = lending.Actor{ID: "olga", Role: lending.RoleOfficer}
	second    = lending.Actor{ID: "otto", Role: lending.RoleOfficer}
	analyst   = lending.Actor{ID: "amir", Role: lending.RoleAnalyst}
	cashier   = lending.Actor{ID: "carl", Role: lending.RoleCashier}
	custodian = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
)

// office gives the commands of the story to a desk. After the first error it does nothing.
type office struct {
	out   io.Writer
	desk  *lending.Desk
	id    lending.LoanID
	today civil.Date
	keys  int
	err   error
}

func newOffice(out io.Writer) *office {
	desk, err := lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank()})
	return &office{out: out, desk: desk, err: err}
}

// do gives one command, under a key of its own.
func do[S any, E event.Of[S]](o *office, who lending.Actor, c lending.Command[S, E]) (e E) {
	if o.err != nil {
		return e
	}
	o.keys++
	m := lending.Meta{Key: fmt.Sprintf("servicing/%d", o.keys), Actor: who, On: o.today}
	if who == officer {
		m.Approver = second
	}
	if e, o.err = lending.Do(context.Background(), o.desk, m, c); o.err != nil {
		o.err = fmt.Errorf("%s, %T: %w", o.today, c, o.err)
	}
	return e
}

// day ends the days before and begins one. What falls due by rule is booked by the end of a day.
func (o *office) day(date, what string) {
	if o.err != nil {
		return
	}
	o.today = civil.MustParse(date)
	if _, err := o.desk.DayEnd(context.Background(), o.today); err != nil {
		o.err = err
	}
	if what != "" {
		o.say("\n%s  %s", date, what)
	}
}

// product charges a late fee of 5%, 15.00 at least, and 0.05% a day, both after three days of grace.
func product() lending.Product {
	p := lending.StandardProduct("personal", money.MustCurrency("CNY"))
	p.Late.Penalty = schedule.MustRate("18.25% per year")
	p.Fees = []lending.Fee{{ID: "late-fee", Timing: lending.WhenLate, Payee: lending.ToPlatform,
		Base: lending.OnUnpaid, PPM: 50_000, Min: 1500, Round: money.HalfUp}}
	return p
}

// lend brings a loan to the day on which the money is paid out.
func (o *office) lend(amount money.Amount, periods int, rate string) lending.LoanID {
	bids := []struct {
		lender lending.PartyID
		amount string
	}{{"bob", "CNY 7000.00"}, {"eve", "CNY 5000.00"}}
	do(o, officer, lending.DefineProduct{Product: product()})
	do(o, officer, lending.Register{Party: lending.PartyID(borrower.ID), Kind: lending.Person})
	o.id = do(o, borrower, lending.Apply{Product: "personal", Amount: amount, Periods: periods}).Loan
	do(o, analyst, lending.Approve{Loan: o.id, Rate: schedule.MustRate(rate)})
	do(o, officer, lending.Publish{Loan: o.id})
	for _, b := range bids {
		do(o, officer, lending.Register{Party: b.lender, Kind: lending.Person})
		do(o, custodian, lending.Deposit{Party: b.lender, Amount: money.MustParse(b.amount)})
		do(o, lending.Actor{ID: lending.ActorID(b.lender), Role: lending.RoleParty},
			lending.PlaceBid{Loan: o.id, Amount: money.MustParse(b.amount)})
	}
	do(o, officer, lending.ReviewFunding{Loan: o.id})
	do(o, cashier, lending.Disburse{Loan: o.id})
	if o.err == nil {
		_, o.err = o.desk.Deliver(context.Background(), o.today)
	}
	return o.id
}

// deposit brings money of the borrower's in.
func (o *office) deposit(a money.Amount) lending.MoneyReceived {
	return do(o, custodian, lending.Deposit{Party: lending.PartyID(borrower.ID), Amount: a})
}

// paid is a payment of the borrower and the deposit that it was made of.
type paid struct {
	lending.Repaid
	Deposit payment.ID
}

// pay pays the loan out of money that comes in.
func (o *office) pay(a money.Amount) paid {
	in := o.deposit(a)
	return paid{do(o, borrower, lending.Repay{Loan: o.id, Amount: a}), in.Payment}
}

// loan is the loan as it stands; an empty one after an error.
func (o *office) loan() *lending.Loan {
	if o.err != nil {
		return &lending.Loan{}
	}
	l, err := o.desk.Loan(context.Background(), o.id)
	if o.err = err; err != nil {
		return &lending.Loan{}
	}
	return l
}

// due is what is to be paid today.
func (o *office) due() money.Amount {
	if o.err != nil {
		return money.Amount{}
	}
	q, err := o.desk.Quote(context.Background(), o.id, o.today)
	o.err = err
	return q.Due
}

// ahead are the due dates to come.
func (o *office) ahead() (dates []civil.Date) {
	for _, d := range o.loan().Dues {
		if d.Date.After(o.today) {
			dates = append(dates, d.Date)
		}
	}
	return slices.Compact(dates)
}

// lateFee is the last late fee that is unpaid, by its place among the loan's charges, counted from 1.
func (o *office) lateFee() (place int) {
	for i, c := range o.loan().Charges {
		if c.Fee == "late-fee" && c.Unpaid() > 0 {
			place = i + 1
		}
	}
	return place
}

// penalty is the penalty interest that is owed.
func (o *office) penalty() money.Amount {
	var minor int64
	for _, d := range o.loan().Dues {
		u := d.Unpaid()
		minor += u[lending.Penalty]
	}
	return o.amount(minor)
}

// statement is the borrower's, of all loans.
func (o *office) statement() []lending.Statement {
	r := o.reports()
	if r == nil {
		return nil
	}
	return r.Statements(lending.PartyID(borrower.ID))
}

// reports reads all that was recorded, and holds the books against each other.
func (o *office) reports() *lending.Reports {
	if o.err != nil {
		return nil
	}
	r, err := o.desk.Reports(context.Background())
	if err == nil {
		err = r.Check()
	}
	if o.err = err; err != nil {
		return nil
	}
	return r
}
