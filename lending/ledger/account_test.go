package ledger_test

import (
	"testing"

	"github.com/loanweave/loanweave/lending/ledger"
)

func TestChart(t *testing.T) {
	names := map[string]ledger.Kind{}
	for n := range 256 {
		k := ledger.Kind(n)
		if want := chart[k]; k.Book() != want.book || k.Debit() != want.debit {
			t.Errorf("%s: book %s, debit %t", k, k.Book(), k.Debit())
		}
		text, err := k.MarshalText()
		if err != nil || string(text) != k.String() {
			t.Errorf("%s: text %s, %v", k, text, err)
		}
		if other, twice := names[k.String()]; twice {
			t.Errorf("%d and %d are both %s", k, other, k)
		}
		names[k.String()] = k
	}
	for b, want := range map[ledger.Book]string{0: "book 0", 1: "client", 2: "platform",
		3: "register", 4: "book 4"} {
		if text, err := b.MarshalText(); err != nil || string(text) != want || b.String() != want {
			t.Errorf("book %d: %s, %v", uint8(b), text, err)
		}
	}
}

func TestAccountString(t *testing.T) {
	for want, a := range map[string]ledger.Account{
		"bank":                 ledger.Bank(),
		"available[bob]":       ledger.Available("bob"),
		"held[bob,L1]":         ledger.Held("bob", "L1"),
		"clearing[L1]":         ledger.Clearing("L1"),
		"account 0":            {},
		"claim[bob,L1]":        ledger.Claim("bob", "L1"),
		"debt-written-off[L1]": ledger.DebtWO("L1"),
	} {
		if got := a.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
