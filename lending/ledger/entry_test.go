package ledger_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var (
	cny = money.MustCurrency("CNY")
	jpy = money.MustCurrency("JPY")
)

// chart is the chart of accounts written out once more: book, normal side, what an account carries.
var chart = map[ledger.Kind]struct {
	book              ledger.Book
	debit, owner, ref bool
}{
	ledger.KindBank:        {ledger.Client, true, false, false},
	ledger.KindTopupDue:    {ledger.Client, true, false, false},
	ledger.KindAvailable:   {ledger.Client, false, true, false},
	ledger.KindHeld:        {ledger.Client, false, true, true},
	ledger.KindClearing:    {ledger.Client, false, false, true},
	ledger.KindOutTransit:  {ledger.Client, false, false, true},
	ledger.KindSuspense:    {ledger.Client, false, false, true},
	ledger.KindFeesTransit: {ledger.Client, false, false, true},
	ledger.KindFeesDue:     {ledger.Client, false, false, false},
	ledger.KindOwnBank:     {ledger.Platform, true, false, false},
	ledger.KindFeesRcv:     {ledger.Platform, true, false, false},
	ledger.KindClientRcv:   {ledger.Platform, true, true, false},
	ledger.KindIncome:      {ledger.Platform, false, false, true},
	ledger.KindExpense:     {ledger.Platform, true, false, true},
	ledger.KindClaim:       {ledger.Register, true, true, true},
	ledger.KindDebt:        {ledger.Register, false, false, true},
	ledger.KindClaimWO:     {ledger.Register, true, true, true},
	ledger.KindDebtWO:      {ledger.Register, false, false, true},
	ledger.KindTaxDue:      {ledger.Platform, false, false, true},
	ledger.KindProvision:   {ledger.Platform, false, false, true},
}

func TestEntryCheck(t *testing.T) {
	bank, bob, hold := ledger.Bank(), ledger.Available("bob"), ledger.Held("bob", "L1")
	legs := func(ls ...ledger.Leg) ledger.Entry {
		return ledger.Entry{Book: ledger.Client, Why: "w", Currency: cny, Legs: ls}
	}
	good := map[string]ledger.Entry{
		"two legs":    legs(ledger.Leg{bank, 5}, ledger.Leg{bob, -5}),
		"three legs":  legs(ledger.Leg{bank, 5}, ledger.Leg{bob, -2}, ledger.Leg{hold, -3}),
		"the most":    legs(ledger.Leg{bank, money.MaxMinor}, ledger.Leg{bob, -money.MaxMinor}),
		"one account": legs(ledger.Leg{bob, 5}, ledger.Leg{bob, -5}),
		"platform": {Book: ledger.Platform, Currency: jpy, Legs: []ledger.Leg{{ledger.FeesRcv(), 1},
			{ledger.Income("late"), -1}}},
		"register": {Book: ledger.Register, Currency: cny, Legs: []ledger.Leg{{ledger.Claim("x",
			"L"), 1}, {ledger.Debt("L"), -1}}},
		"written off": {Book: ledger.Register, Currency: cny, Legs: []ledger.Leg{{ledger.ClaimWO("x",
			"L"), 1}, {ledger.DebtWO("L"), -1}}},
		"by hand": ledger.Move(ledger.Client, "w", bank, bob, money.MustParse("CNY 0.01")),
		"client accounts": legs(ledger.Leg{ledger.TopupDue(), 4}, ledger.Leg{ledger.Clearing("L"), -1},
			ledger.Leg{ledger.OutTransit("I"), -1}, ledger.Leg{ledger.FeesDue(), -2}),
		"platform accounts": {Book: ledger.Platform, Currency: cny,
			Legs: []ledger.Leg{{ledger.ClientRcv("x"), 1}, {ledger.OwnBank(), -1}}},
	}
	for name, e := range good {
		if err := e.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	big := make([]ledger.Leg, 1025)
	for i := range big {
		big[i] = ledger.Leg{bank, money.MaxMinor}
	}
	bad := map[string]ledger.Entry{
		"empty":   {},
		"no legs": legs(),
		"no book": {Currency: cny, Legs: legs(ledger.Leg{bank, 5}, ledger.Leg{bob, -5}).Legs},
		"unknown book": {Book: 4, Currency: cny, Legs: legs(ledger.Leg{bank, 5}, ledger.Leg{bob,
			-5}).Legs},
		"no currency": {Book: ledger.Client, Legs: legs(ledger.Leg{bank, 5}, ledger.Leg{bob,
			-5}).Legs},
		"out of balance": legs(ledger.Leg{bank, 5}, ledger.Leg{bob, -4}),
		"zero legs":      legs(ledger.Leg{bank, 0}, ledger.Leg{bob, 0}),
		"too much": legs(ledger.Leg{bank, money.MaxMinor + 1}, ledger.Leg{bob,
			-money.MaxMinor - 1}),
		"least": legs(ledger.Leg{bank, math.MinInt64}, ledger.Leg{bob, math.MinInt64}),
		"too much credit": legs(ledger.Leg{bank, 1}, ledger.Leg{bank, money.MaxMinor},
			ledger.Leg{bob, -money.MaxMinor - 1}),
		"overflow":        legs(big...),
		"nothing moved":   ledger.Move(ledger.Client, "w", bank, bob, money.MustParse("CNY 0.00")),
		"other book":      legs(ledger.Leg{bank, 5}, ledger.Leg{ledger.OwnBank(), -5}),
		"two books":       legs(ledger.Leg{ledger.OwnBank(), 5}, ledger.Leg{ledger.FeesRcv(), -5}),
		"no account":      legs(ledger.Leg{bank, 5}, ledger.Leg{ledger.Account{}, -5}),
		"unknown account": legs(ledger.Leg{bank, 5}, ledger.Leg{ledger.Account{Kind: 99}, -5}),
		"owner missing":   legs(ledger.Leg{bank, 5}, ledger.Leg{ledger.Available(""), -5}),
		"owner too many": legs(ledger.Leg{ledger.Account{Kind: ledger.KindBank, Owner: "x"}, 5},
			ledger.Leg{bob, -5}),
		"ref missing": legs(ledger.Leg{bank, 5}, ledger.Leg{ledger.Held("bob", ""), -5}),
		"ref too many": legs(ledger.Leg{bank, 5},
			ledger.Leg{ledger.Account{Kind: ledger.KindAvailable, Owner: "x", Ref: "r"}, -5}),
	}
	for name, e := range bad {
		var typed *ledger.EntryError
		err := e.Check()
		if !errors.As(err, &typed) || !errors.Is(err, ledger.ErrEntry) || typed.Why != e.Why {
			t.Errorf("%s: %v", name, err)
		}
		var b ledger.Balances
		if err := b.Post(&e); !errors.Is(err, ledger.ErrEntry) || len(b.Currencies()) != 0 {
			t.Errorf("%s: post: %v", name, err)
		}
	}
}

func drawAccount(t *rapid.T, book ledger.Book) ledger.Account {
	var kinds []ledger.Kind
	for k := ledger.KindBank; k <= ledger.KindProvision; k++ {
		if chart[k].book == book {
			kinds = append(kinds, k)
		}
	}
	a := ledger.Account{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	if chart[a.Kind].owner {
		a.Owner = rapid.SampledFrom([]ledger.Owner{"ann", "bob", "eve"}).Draw(t, "owner")
	}
	if chart[a.Kind].ref {
		a.Ref = rapid.SampledFrom([]ledger.Ref{"L1", "L2", "L3"}).Draw(t, "ref")
	}
	return a
}

// drawEntry draws a good entry.
func drawEntry(t *rapid.T) ledger.Entry {
	e := ledger.Entry{
		On:       rapid.SampledFrom([]civil.Date{{}, civil.MustParse("2026-01-31")}).Draw(t, "on"),
		Book:     ledger.Book(rapid.Uint8Range(1, 3).Draw(t, "book")),
		Why:      ledger.Why(rapid.SampledFrom([]string{"", "bid", "repaid"}).Draw(t, "why")),
		Currency: rapid.SampledFrom([]money.Currency{cny, jpy}).Draw(t, "currency"),
	}
	var sum int64
	for range rapid.IntRange(1, 5).Draw(t, "legs") {
		v := rapid.Int64Range(1, 1e12).Draw(t, "amount")
		if rapid.Bool().Draw(t, "credit") {
			v = -v
		}
		sum += v
		e.Debit(drawAccount(t, e.Book), v)
	}
	e.Credit(drawAccount(t, e.Book), sum)
	if sum == 0 && len(e.Legs) < 2 {
		t.Skip("one leg of nothing")
	}
	return e
}

// acceptable is Check once more, with big numbers and the chart above.
func acceptable(e ledger.Entry) bool {
	sum, limit := new(big.Int), big.NewInt(1<<53-1)
	ok := len(e.Legs) >= 2 && e.Book >= 1 && e.Book <= 3 && e.Currency != money.Currency{}
	for _, l := range e.Legs {
		want, known := chart[l.Account.Kind]
		v := big.NewInt(l.Debit)
		sum.Add(sum, v)
		ok = ok && known && want.book == e.Book && v.Sign() != 0 && v.CmpAbs(limit) <= 0 &&
			want.owner == (l.Account.Owner != "") && want.ref == (l.Account.Ref != "")
	}
	return ok && sum.Sign() == 0
}

// TestEntryCheckAgainstDefinition changes good entries in one place at random.
func TestEntryCheckAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t)
		if err := e.Check(); err != nil || !acceptable(e) {
			t.Fatalf("good entry: %v", err)
		}
		l := &e.Legs[rapid.IntRange(0, len(e.Legs)-1).Draw(t, "leg")]
		switch rapid.IntRange(0, 6).Draw(t, "change") {
		case 0:
			l.Debit = rapid.Int64().Draw(t, "debit")
		case 1:
			l.Account.Kind = ledger.Kind(rapid.Byte().Draw(t, "kind"))
		case 2:
			l.Account.Owner = ledger.Owner(rapid.SampledFrom([]string{"", "x"}).Draw(t, "owner"))
		case 3:
			l.Account.Ref = ledger.Ref(rapid.SampledFrom([]string{"", "x"}).Draw(t, "ref"))
		case 4:
			e.Book = ledger.Book(rapid.Byte().Draw(t, "book"))
		case 5:
			e.Currency = money.Currency{}
		case 6:
			e.Legs = e.Legs[:rapid.IntRange(0, len(e.Legs)).Draw(t, "length")]
		}
		if err := e.Check(); (err == nil) != acceptable(e) {
			t.Fatalf("%+v: %v", e, err)
		}
	})
}

func TestEntryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawEntry(t)
		var got ledger.Entry
		if err := event.Decode(event.Encode(nil, 1, &want), 1, &got); err != nil {
			t.Fatal(err)
		}
		if d := diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateComparable(money.Currency{}, civil.Date{}))
}

// FuzzDecodeEntry: anything decodes or is refused, may be posted or is refused, and never panics.
func FuzzDecodeEntry(f *testing.F) {
	e := ledger.Move(ledger.Client, "bid", ledger.Available("bob"), ledger.Held("bob", "L1"),
		money.MustParse("CNY 5"))
	f.Add(event.Encode(nil, 1, &e))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e, again ledger.Entry
		if err := event.Decode(data, 1, &e); err != nil {
			if !errors.Is(err, event.ErrDecode) {
				t.Fatal(err)
			}
			return
		}
		if err := event.Decode(event.Encode(nil, 1, &e), 1, &again); err != nil || diff(e, again) != "" {
			t.Fatal(err, diff(e, again))
		}
		var b ledger.Balances
		if err := b.Post(&e); (err == nil) != acceptable(e) {
			t.Fatal(err)
		}
		_ = fmt.Sprint(e, b.Trial(e.Book), b.Check())
	})
}
