package memory

import (
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// sub is one sub-account in one currency.
type sub struct {
	account payment.Account
	cur     money.Currency
}

// NewCustodian returns a bank that keeps a sub-account for each party and loan (分户存管). It refuses
// an instruction whose sub-account holds too little when it arrives, and sets the money aside
// otherwise until the instruction has ended. What an instruction did not move is back in its
// sub-account at the end.
func NewCustodian() *Bank {
	b := NewBank()
	b.subs = map[sub]int64{}
	return b
}

// Put adds money that comes from outside to a sub-account and to the omnibus account: a party's
// deposit, or the platform's own money. Below zero it takes money back; the bank lets an account be
// overdrawn by it.
func (b *Bank) Put(to payment.Account, a money.Amount) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.accounts[a.Currency()] += a.Minor()
	b.add(to, a.Currency(), a.Minor())
}

// Sub returns what a sub-account holds in minor units. What was set aside for an instruction that
// has not ended stands nowhere.
func (b *Bank) Sub(a payment.Account, c money.Currency) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.subs[sub{a, c}]
}

// Subs lists the sub-accounts in a currency that do not stand at zero.
func (b *Bank) Subs(c money.Currency) map[payment.Account]int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := map[payment.Account]int64{}
	for s, minor := range b.subs {
		if s.cur == c {
			all[s.account] = minor
		}
	}
	return all
}

// reserve sets aside what an instruction that has arrived is to move, or refuses it.
func (b *Bank) reserve(o *instruction) {
	full := o.in.Amount.Minor()
	if b.subs == nil || o.in.From == (payment.Account{}) || o.script.Reject {
		return
	}
	if b.subs[sub{o.in.From, o.in.Amount.Currency()}] < full {
		o.script.Reject = true
		o.stages = o.script.reports(o.in)
		return
	}
	b.draw(o, full)
}

// draw takes from the sub-account what is set aside, or gives it back below zero.
func (b *Bank) draw(o *instruction, minor int64) {
	if b.subs == nil || o.in.From == (payment.Account{}) {
		return
	}
	o.reserved += minor
	b.add(o.in.From, o.in.Amount.Currency(), -minor)
}

// arrive moves what was set aside to the other sub-account, or out.
func (b *Bank) arrive(o *instruction, minor int64) {
	if b.subs == nil {
		return
	}
	if o.in.From != (payment.Account{}) {
		o.reserved -= minor
	}
	b.add(o.in.To, o.in.Amount.Currency(), minor)
}

// add changes a sub-account; one at zero is forgotten.
func (b *Bank) add(a payment.Account, c money.Currency, minor int64) {
	if a == (payment.Account{}) || b.subs == nil {
		return
	}
	k := sub{a, c}
	if b.subs[k] += minor; b.subs[k] == 0 {
		delete(b.subs, k)
	}
}
