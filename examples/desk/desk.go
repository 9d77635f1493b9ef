// Package desk is a platform in memory for the examples that simulate one: it gives commands under keys of
// its own, keeps the day, and stops at the first error. A [Show] is the command line of such a program, a [Picture]
// what it draws.
package desk

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Who acts. What needs two people gets the second officer's approval.
var (
	Officer   = lending.Actor{ID: "olga", Role: lending.RoleOfficer}
	Analyst   = lending.Actor{ID: "amir", Role: lending.RoleAnalyst}
	Cashier   = lending.Actor{ID: "carl", Role: lending.RoleCashier}
	Custodian = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
	Timer     = lending.Actor{ID: "timer", Role: lending.RoleSystem}

	second = lending.Actor{ID: "otto", Role: lending.RoleOfficer}
)

// By is a party that acts for itself.
func By(p lending.PartyID) lending.Actor {
	return lending.Actor{ID: lending.ActorID(p), Role: lending.RoleParty}
}

// Desk is a platform with one currency. After the first error, Err, it does nothing.
type Desk struct {
	*lending.Desk
	Day civil.Date
	Err error

	currency money.Currency
	keys     int
	put      map[lending.PartyID]int64
}

// Open opens a platform in memory on a day. It brings the store and the bank.
func Open(cfg lending.Config, c money.Currency, day civil.Date) *Desk {
	cfg.Store, cfg.Gateway = memory.NewStore(), memory.NewBank()
	d, err := lending.Open(cfg)
	return &Desk{Desk: d, Day: day, Err: err, currency: c, put: map[lending.PartyID]int64{}}
}

// Do gives a command. One that is refused is an error.
func Do[S any, E event.Of[S]](d *Desk, who lending.Actor, c lending.Command[S, E]) E {
	e, err := Try(d, who, c)
	d.fail(err)
	return e
}

// Try gives a command that may be refused.
func Try[S any, E event.Of[S]](d *Desk, who lending.Actor, c lending.Command[S, E]) (e E, err error) {
	if d.Err != nil {
		return e, d.Err
	}
	d.keys++
	m := lending.Meta{Key: fmt.Sprintf("desk/%d", d.keys), Actor: who, Approver: second, On: d.Day}
	if e, err = lending.Do(context.Background(), d.Desk, m, c); err != nil {
		err = fmt.Errorf("%s, %T: %w", d.Day, c, err)
	}
	return e, err
}

// See reads a stream; its zero state after an error.
func See[S any](d *Desk, ref event.Ref[S]) *S {
	if d.Err != nil {
		return new(S)
	}
	s, _, err := lending.View(context.Background(), d.Desk, ref)
	if d.fail(err); err != nil {
		return new(S)
	}
	return s
}

func (d *Desk) fail(err error) {
	if d.Err == nil {
		d.Err = err
	}
}

// Amount is of minor units of the platform's currency.
func (d *Desk) Amount(minor int64) money.Amount {
	a, err := money.New(minor, d.currency)
	d.fail(err)
	return a
}

// Register makes a party known.
func (d *Desk) Register(p lending.PartyID, k lending.PartyKind) {
	Do(d, Officer, lending.Register{Party: p, Kind: k})
}

// Deposit brings minor units of a party's money in.
func (d *Desk) Deposit(p lending.PartyID, minor int64) {
	Do(d, Custodian, lending.Deposit{Party: p, Amount: d.Amount(minor)})
	d.put[p] += minor
}

// Put is what a party has deposited so far.
func (d *Desk) Put(p lending.PartyID) int64 { return d.put[p] }

// Wallet is a party's wallet.
func (d *Desk) Wallet(p lending.PartyID) *lending.Wallet {
	return See(d, lending.WalletRef(p, d.currency))
}

// Free is what a party can spend.
func (d *Desk) Free(p lending.PartyID) int64 { return d.Wallet(p).Available }

// Gain is what a party has in its wallet, on hold too, more than it has deposited.
func (d *Desk) Gain(p lending.PartyID) int64 {
	w := d.Wallet(p)
	return w.Available + w.HeldTotal() - d.put[p]
}

// Loan is a loan as it stands.
func (d *Desk) Loan(id lending.LoanID) *lending.Loan { return See(d, lending.LoanRef(id)) }

// Tender takes a loan from its application to its tender, at a rate such as "12% per year".
func (d *Desk) Tender(p lending.ProductID, borrower lending.PartyID, minor int64, periods int, rate string) lending.LoanID {
	id := Do(d, By(borrower), lending.Apply{Product: p, Amount: d.Amount(minor), Periods: periods}).Loan
	Do(d, Analyst, lending.Approve{Loan: id, Rate: schedule.MustRate(rate)})
	Do(d, Officer, lending.Publish{Loan: id})
	return id
}

// Bid offers minor units of a lender's.
func (d *Desk) Bid(lender lending.PartyID, id lending.LoanID, minor int64) {
	Do(d, By(lender), lending.PlaceBid{Loan: id, Amount: d.Amount(minor)})
}

// PayOut has a loan that is fully funded paid out.
func (d *Desk) PayOut(id lending.LoanID) {
	Do(d, Officer, lending.ReviewFunding{Loan: id})
	Do(d, Cashier, lending.Disburse{Loan: id})
	d.Deliver()
}

// Repay has a borrower bring minor units in, and pay his loan with them.
func (d *Desk) Repay(id lending.LoanID, borrower lending.PartyID, minor int64) {
	d.Deposit(borrower, minor)
	Do(d, By(borrower), lending.Repay{Loan: id, Amount: d.Amount(minor)})
	d.Deliver()
}

// End runs the day-end, and lets the bank pay what is to be paid.
func (d *Desk) End() {
	if d.Err == nil {
		_, err := d.DayEnd(context.Background(), d.Day)
		d.fail(err)
	}
	d.Deliver()
}

// Deliver lets the bank pay what is to be paid.
func (d *Desk) Deliver() {
	if d.Err == nil {
		_, err := d.Desk.Deliver(context.Background(), d.Day)
		d.fail(err)
	}
}

// Books reads all that was recorded, and holds the three books against each other.
func (d *Desk) Books() (*lending.Reports, error) {
	if d.Err != nil {
		return nil, d.Err
	}
	r, err := d.Reports(context.Background())
	if err != nil {
		return nil, err
	}
	return r, r.Check()
}
