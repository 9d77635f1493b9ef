package lendingtest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

func bankOf(g payment.Gateway) *memory.Bank {
	if b, ok := g.(*brokenCustodian); ok {
		return b.Bank
	}
	return g.(*memory.Bank)
}

var custodians = lendingtest.Custodians{
	Open: func(*testing.T) payment.Gateway { return memory.NewCustodian() },
	Put: func(g payment.Gateway, to payment.Account, a money.Amount) {
		bankOf(g).Put(to, a)
	},
	Holds: func(g payment.Gateway, a payment.Account) int64 {
		return bankOf(g).Sub(a, money.MustCurrency("CNY"))
	},
}

func TestCustodianSuitePasses(t *testing.T) { lendingtest.CustodianSuite(t, custodians) }

// A custodian keeps the contract of every gateway too.
func TestCustodianIsAGateway(t *testing.T) {
	lendingtest.GatewaySuite(t, lendingtest.Gateways{
		Open: func(_ *testing.T, mood lendingtest.Mood) payment.Gateway {
			b := memory.NewCustodian()
			b.Script(func(payment.Instruction) memory.Script { return moods[mood] })
			return b
		},
		Paid: func(g payment.Gateway, id payment.ID) int64 { return g.(*memory.Bank).Paid(id) },
	})
}

// brokenCustodian is a custodian with a bug of that name.
type brokenCustodian struct {
	*memory.Bank
	bug  string
	seen map[payment.ID]bool
}

func (g *brokenCustodian) Submit(ctx context.Context, in payment.Instruction) error {
	again := g.seen[in.ID]
	g.seen[in.ID] = true
	real := in
	switch {
	case g.bug == "moves again" && again:
		g.Put(in.From, in.Amount.Neg())
		g.Put(in.To, in.Amount)
	case g.bug == "pays out of the wrong account" && in.Kind == payment.Payout:
		real.From = payment.Account{Kind: payment.Free, Party: in.Party}
	case g.bug == "freezes nothing" && in.Kind == payment.Hold:
		real.To = in.From
		real.Kind = payment.Transfer
		real.From = payment.Account{Kind: payment.Free, Party: "nobody"}
		if !again {
			g.Put(real.From, in.Amount)
			g.Put(in.From, in.Amount.Neg())
		}
	case g.bug == "releases to the platform" && in.Kind == payment.Release,
		g.bug == "keeps transfers" && in.Kind == payment.Transfer && in.To.Kind == payment.Free:
		real.Kind, real.To = payment.Transfer, payment.Account{Kind: payment.Fees}
		if in.From == real.To {
			real.To = in.To
		}
	case g.bug == "lends" && !again:
		if short := in.Amount.Minor() - g.Sub(in.From, in.Amount.Currency()); short > 0 {
			a, _ := money.New(short, in.Amount.Currency())
			g.Put(in.From, a)
		}
	}
	return g.Bank.Submit(ctx, real)
}

func TestCustodianSuiteKills(t *testing.T) {
	killed := map[string]bool{}
	for _, b := range []struct{ bug, killer string }{
		{"moves again", "K01"},
		{"freezes nothing", "K01"},
		{"moves again", "K02"},
		{"releases to the platform", "K02"},
		{"moves again", "K03"},
		{"keeps transfers", "K03"},
		{"pays out of the wrong account", "K04"},
		{"lends", "K05"},
	} {
		for _, name := range lendingtest.CustodianCases() {
			if !strings.HasPrefix(name, b.killer+" ") {
				continue
			}
			killed[name] = true
			g := &brokenCustodian{memory.NewCustodian(), b.bug, map[payment.ID]bool{}}
			if !lendingtest.CustodianFails(name, g, custodians) {
				t.Errorf("a custodian that %q survives %s", b.bug, name)
			}
		}
	}
	for _, name := range lendingtest.CustodianCases() {
		if !killed[name] {
			t.Errorf("no broken custodian is meant for %s", name)
		}
		if lendingtest.CustodianFails(name, memory.NewCustodian(), custodians) {
			t.Errorf("a sound custodian fails %s", name)
		}
	}
}
