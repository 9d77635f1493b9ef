package lendingtest

import (
	"errors"
	"testing"

	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// Custodians opens the gateways on which [CustodianSuite] runs.
type Custodians struct {
	// Open returns a gateway to a custodian without faults, whose sub-accounts are empty.
	Open func(t *testing.T) payment.Gateway
	// Put brings money into a sub-account from outside.
	Put func(g payment.Gateway, to payment.Account, a money.Amount)
	// Holds returns the minor units of CNY in a sub-account.
	Holds func(g payment.Gateway, a payment.Account) int64
}

// CustodianSuite checks the contract of a [payment.Gateway] to a custodian that keeps a sub-account
// for each party, besides [GatewaySuite]: what each kind of instruction moves, once, and that
// nothing is moved which is not there.
func CustodianSuite(t *testing.T, custodians Custodians) {
	for _, c := range custodianCases {
		t.Run(c.name, func(t *testing.T) {
			g := custodians.Open(t)
			c.run(newVault(t, g, custodians))
		})
	}
}

var custodianCases = []struct {
	name string
	run  func(*vault)
}{
	{"K01 hold freezes once", holds},
	{"K02 release gives back", releases},
	{"K03 transfer moves once", transfers},
	{"K04 payout leaves its sub-account", paysOut},
	{"K05 what is not there is refused", refusesOverdraft},
}

// vault is a till that knows its sub-accounts.
type vault struct {
	*till
	Custodians
}

func newVault(t tester, g payment.Gateway, c Custodians) *vault {
	return &vault{newTill(t, g, nil), c}
}

var (
	bobFree   = payment.Account{Kind: payment.Free, Party: "bob"}
	eveFree   = payment.Account{Kind: payment.Free, Party: "eve"}
	bobFrozen = payment.Account{Kind: payment.Frozen, Party: "bob", Ref: "L1"}
	escrow    = payment.Account{Kind: payment.Escrow, Ref: "L1"}
	platform  = payment.Account{Kind: payment.Fees}
)

func moving(id payment.ID, k payment.Kind, amount string, from, to payment.Account) payment.Instruction {
	in := payout(id, amount)
	in.Kind, in.From, in.To = k, from, to
	if k == payment.Transfer || k == payment.Sweep {
		in.Party = to.Party
	}
	return in
}

// settled submits an instruction, again where that must change nothing, to its end.
func (v *vault) settled(in payment.Instruction) {
	v.Helper()
	v.must(in)
	v.ends(in, payment.Settled)
	if v.gateway.Capabilities().Idempotent {
		v.must(in)
		v.ends(in, payment.Settled)
	}
}

// stand checks what all sub-accounts hold: bob's free and frozen, the escrow, eve's, the platform's.
func (v *vault) stand(want ...int64) {
	v.Helper()
	for i, a := range []payment.Account{bobFree, bobFrozen, escrow, eveFree, platform} {
		if got := v.Holds(v.gateway, a); got != want[i] {
			v.Errorf("%s holds %d, want %d", a, got, want[i])
		}
	}
}

func holds(v *vault) {
	v.Put(v.gateway, bobFree, cny(2000))
	v.settled(moving("h-1", payment.Hold, "12.34", bobFree, bobFrozen))
	v.stand(766, 1234, 0, 0, 0)
	v.settled(moving("h-2", payment.Hold, "7.66", bobFree, bobFrozen))
	v.stand(0, 2000, 0, 0, 0)
}

func releases(v *vault) {
	v.Put(v.gateway, bobFrozen, cny(2000))
	v.settled(moving("r-1", payment.Release, "12.34", bobFrozen, bobFree))
	v.stand(1234, 766, 0, 0, 0)
}

func transfers(v *vault) {
	v.Put(v.gateway, bobFrozen, cny(2000))
	v.settled(moving("t-1", payment.Transfer, "20.00", bobFrozen, escrow))
	v.stand(0, 0, 2000, 0, 0)
	v.settled(moving("t-2", payment.Transfer, "15.00", escrow, eveFree))
	v.settled(moving("t-3", payment.Transfer, "5.00", escrow, platform))
	v.stand(0, 0, 0, 1500, 500)
	v.settled(moving("t-4", payment.Transfer, "1.00", platform, bobFree))
	v.settled(moving("t-5", payment.Transfer, "2.00", eveFree, bobFree))
	v.stand(300, 0, 0, 1300, 400)
}

func paysOut(v *vault) {
	v.Put(v.gateway, escrow, cny(1000))
	v.Put(v.gateway, bobFree, cny(1000))
	v.Put(v.gateway, platform, cny(300))
	v.settled(moving("p-1", payment.Payout, "9.00", escrow, payment.Account{}))
	v.settled(moving("p-2", payment.Sweep, "2.00", platform, payment.Account{}))
	v.stand(1000, 0, 100, 0, 100)
}

func refusesOverdraft(v *vault) {
	v.Put(v.gateway, bobFree, cny(500))
	v.Put(v.gateway, eveFree, cny(5000))
	for _, in := range []payment.Instruction{
		moving("o-1", payment.Hold, "5.01", bobFree, bobFrozen),
		moving("o-2", payment.Transfer, "5.01", bobFree, escrow),
		moving("o-3", payment.Payout, "5.01", bobFree, payment.Account{}),
		moving("o-4", payment.Release, "0.01", bobFrozen, bobFree),
	} {
		if err := v.submit(in); !errors.Is(err, payment.ErrRejected) {
			if err != nil {
				v.Errorf("submit %s: %v", in.ID, err)
				continue
			}
			v.ends(in, payment.Failed)
		}
		v.stand(500, 0, 0, 5000, 0)
	}
	v.settled(moving("o-5", payment.Hold, "5.00", bobFree, bobFrozen))
}
