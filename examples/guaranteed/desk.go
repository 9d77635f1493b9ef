package main

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Who acts. What needs two people gets the second officer's approval.
var (
	officer   = lending.Actor{ID: "olga", Role: lending.RoleOfficer}
	second    = lending.Actor{ID: "otto", Role: lending.RoleOfficer}
	analyst   = lending.Actor{ID: "amir", Role: lending.RoleAnalyst}
	cashier   = lending.Actor{ID: "carl", Role: lending.RoleCashier}
	custodian = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
)

var cny = money.MustCurrency("CNY")

// desk is a platform in memory. After the first error it does nothing.
type desk struct {
	*lending.Desk
	today civil.Date
	keys  int
	put   map[lending.PartyID]int64 // deposited so far, minor units
	err   error
}

func open(parts ...lending.Part) *desk {
	d, err := lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank(), Parts: parts})
	return &desk{Desk: d, today: civil.MustParse("2026-01-31"), put: map[lending.PartyID]int64{}, err: err}
}

// do gives one command, under a key of its own.
func do[S any, E event.Of[S]](d *desk, who lending.Actor, c lending.Command[S, E]) E {
	e, err := try(d, who, c)
	if d.err == nil && err != nil {
		d.err = fmt.Errorf("%s, %T: %w", d.today, c, err)
	}
	return e
}

// try gives a command that may be refused.
func try[S any, E event.Of[S]](d *desk, who lending.Actor, c lending.Command[S, E]) (e E, err error) {
	if d.err != nil {
		return e, nil
	}
	d.keys++
	m := lending.Meta{Key: fmt.Sprintf("guaranteed/%d", d.keys), Actor: who, Approver: second, On: d.today}
	return lending.Do(context.Background(), d.Desk, m, c)
}

func by(p lending.PartyID) lending.Actor {
	return lending.Actor{ID: lending.ActorID(p), Role: lending.RoleParty}
}

func (d *desk) amount(minor int64) money.Amount {
	a, err := money.New(minor, cny)
	if d.err == nil {
		d.err = err
	}
	return a
}

// deposit brings money of a party's in.
func (d *desk) deposit(p lending.PartyID, minor int64) {
	do(d, custodian, lending.Deposit{Party: p, Amount: d.amount(minor)})
	d.put[p] += minor
}

// wallet is a party's wallet; an empty one after an error.
func (d *desk) wallet(p lending.PartyID) *lending.Wallet {
	if d.err != nil {
		return &lending.Wallet{}
	}
	w, err := d.Wallet(context.Background(), p, cny)
	if d.err = err; err != nil {
		return &lending.Wallet{}
	}
	return w
}

// free is what a party can spend.
func (d *desk) free(p lending.PartyID) int64 { return d.wallet(p).Available }

// cash is what it has, on hold too.
func (d *desk) cash(p lending.PartyID) int64 { return d.free(p) + d.wallet(p).HeldTotal() }

// loan is a loan as it stands; an empty one after an error.
func (d *desk) loan(id lending.LoanID) *lending.Loan {
	if d.err != nil {
		return &lending.Loan{}
	}
	l, err := d.Loan(context.Background(), id)
	if err != nil {
		d.err = err
		return &lending.Loan{}
	}
	return l
}

// see reads a satellite's stream.
func see[S any](d *desk, ref event.Ref[S]) *S {
	if d.err != nil {
		return new(S)
	}
	s, _, err := lending.View(context.Background(), d.Desk, ref)
	if err != nil {
		d.err = err
		return new(S)
	}
	return s
}

// end ends the days up to one, and begins it.
func (d *desk) end(day civil.Date) {
	if d.today = day; d.err == nil {
		_, d.err = d.DayEnd(context.Background(), day)
	}
	d.deliver()
}

// deliver lets the bank pay what is to be paid.
func (d *desk) deliver() {
	if d.err == nil {
		_, d.err = d.Deliver(context.Background(), d.today)
	}
}
