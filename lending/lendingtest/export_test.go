package lendingtest

import (
	"runtime"
	"sync/atomic"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
)

// recorder takes the place of a test, so that a suite can fail without failing.
type recorder struct{ failed atomic.Bool }

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed.Store(true) }
func (r *recorder) Fatalf(string, ...any) {
	r.failed.Store(true)
	runtime.Goexit()
}

// fails runs a case and reports whether it failed.
func fails(run func(tester)) bool {
	var rec recorder
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if recover() != nil {
				rec.failed.Store(true)
			}
		}()
		run(&rec)
	}()
	<-done
	return rec.failed.Load()
}

// StoreCases lists the names of the cases of [StoreSuite].
func StoreCases() []string {
	var names []string
	for _, c := range storeCases {
		names = append(names, c.name)
	}
	return names
}

// StoreFails reports whether a store fails the case of that name.
func StoreFails(
	name string, open func() event.Store, reopen func(event.Store) event.Store,
) bool {
	return fails(func(t tester) {
		for _, c := range storeCases {
			if c.name == name {
				r := newRig(t, open)
				r.reopen = reopen
				c.run(r)
			}
		}
	})
}

// GatewayCases lists the names of the cases of [GatewaySuite].
func GatewayCases() []string {
	var names []string
	for _, c := range gatewayCases {
		names = append(names, c.name)
	}
	return names
}

// GatewayFails reports whether a gateway fails the case of that name.
func GatewayFails(name string, g payment.Gateway, paid func(payment.ID) int64) bool {
	return fails(func(t tester) {
		for _, c := range gatewayCases {
			if c.name == name {
				c.run(newTill(t, g, paid))
			}
		}
	})
}

// GatewayMood returns the mood in which a case wants its gateway.
func GatewayMood(name string) Mood {
	for _, c := range gatewayCases {
		if c.name == name {
			return c.mood
		}
	}
	return 0
}

// What the runs are made of, for tests that expect them to find something.
var (
	DrawLife        = drawLife
	TryDistribution = tryDistribution
)

// CustodianCases lists the names of the cases of [CustodianSuite].
func CustodianCases() []string {
	var names []string
	for _, c := range custodianCases {
		names = append(names, c.name)
	}
	return names
}

// CustodianFails reports whether a custodian fails the case of that name.
func CustodianFails(name string, g payment.Gateway, custodians Custodians) bool {
	return fails(func(t tester) {
		for _, c := range custodianCases {
			if c.name == name {
				c.run(newVault(t, g, custodians))
			}
		}
	})
}
