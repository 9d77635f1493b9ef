package ledger_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

type account struct {
	ledger.Account
	cur money.Currency
}

// naive keeps balances in one map of big numbers and sums up whatever is asked.
type naive map[account]*big.Int

func (n naive) post(e ledger.Entry) {
	for _, l := range e.Legs {
		k := account{l.Account, e.Currency}
		if n[k] == nil {
			n[k] = new(big.Int)
		}
		n[k].Add(n[k], big.NewInt(l.Debit))
	}
}

// sum adds up the debits of the accounts that are picked.
func (n naive) sum(pick func(account) bool) int64 {
	sum := new(big.Int)
	for k, v := range n {
		if pick(k) {
			sum.Add(sum, v)
		}
	}
	return sum.Int64()
}

func normal(k ledger.Kind, debit int64) int64 {
	if chart[k].debit {
		return debit
	}
	return -debit
}

// agrees is Check by definition.
func (n naive) agrees() bool {
	ok := true
	for k, v := range n {
		wrong := chart[k.Kind].book == ledger.Client && !chart[k.Kind].debit && v.Sign() > 0
		pair := n.sum(func(o account) bool {
			return o.Ref == k.Ref && o.cur == k.cur && (o.Kind == ledger.KindClaim ||
				o.Kind == ledger.KindDebt)
		})
		pairWO := n.sum(func(o account) bool {
			return o.Ref == k.Ref && o.cur == k.cur && (o.Kind == ledger.KindClaimWO ||
				o.Kind == ledger.KindDebtWO)
		})
		fees := n.sum(func(o account) bool {
			return o.cur == k.cur && (o.Kind == ledger.KindFeesDue ||
				o.Kind == ledger.KindFeesTransit || o.Kind == ledger.KindFeesRcv)
		})
		ok = ok && !wrong && pair == 0 && pairWO == 0 && fees == 0
	}
	return ok
}

// TestBalancesAgainstMap posts random entries to both, and now and then takes everything back.
func TestBalancesAgainstMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b ledger.Balances
		n := naive{}
		var posted []ledger.Entry
		post := func(e ledger.Entry) {
			if err := b.Post(&e); err != nil {
				t.Fatal(err)
			}
			n.post(e)
		}
		t.Repeat(map[string]func(*rapid.T){
			"post": func(t *rapid.T) {
				e := drawEntry(t)
				post(e)
				posted = append(posted, e)
			},
			"reverse": func(t *rapid.T) {
				for _, e := range slices.Backward(posted) {
					e.Legs = slices.Clone(e.Legs)
					for i := range e.Legs {
						e.Legs[i].Debit *= -1
					}
					post(e)
				}
				posted = nil
				if err := b.Check(); err != nil || len(b.Trial(ledger.Client)) != 0 {
					t.Fatalf("all reversed: %v, %v", err, b.Trial(ledger.Client))
				}
			},
			"": func(t *rapid.T) { compare(t, &b, n) },
		})
	})
}

func compare(t *rapid.T, b *ledger.Balances, n naive) {
	if err := b.Check(); (err == nil) != n.agrees() || err != nil && !errors.Is(err, ledger.ErrBooks) {
		t.Fatalf("check: %v", err)
	}
	listed := 0
	for book := ledger.Client; book <= ledger.Register; book++ {
		lines := b.Trial(book)
		sums := map[money.Currency]int64{}
		for i, l := range lines {
			sums[l.Currency] += l.Debit
			if l.Account.Kind.Book() != book || l.Debit == 0 || n[account{l.Account,
				l.Currency}].Int64() != l.Debit {
				t.Fatalf("book %s lists %+v", book, l)
			}
			if i > 0 && !before(lines[i-1], l) {
				t.Fatalf("%v stands before %v", lines[i-1], l)
			}
		}
		for cur, sum := range sums {
			if sum != 0 {
				t.Fatalf("trial balance of %s is out by %d %s", book, sum, cur)
			}
		}
		listed += len(lines)
	}
	for k, v := range n {
		if got := b.Balance(k.Account, k.cur); got != normal(k.Kind, v.Int64()) {
			t.Fatalf("%s has %d, want %s", k.Account, got, v)
		}
		total := n.sum(func(o account) bool { return o.Kind == k.Kind && o.cur == k.cur })
		if got := b.Total(k.Kind, k.cur); got != normal(k.Kind, total) {
			t.Fatalf("total of %s is %d, want %d", k.Kind, got, total)
		}
		if v.Sign() != 0 {
			listed--
		}
	}
	if listed != 0 {
		t.Fatalf("%d lines too many", listed)
	}
}

func before(x, y ledger.Line) bool {
	if x.Account.Kind != y.Account.Kind {
		return x.Account.Kind < y.Account.Kind
	}
	less := func(l ledger.Line) string {
		return strings.Join([]string{string(l.Account.Owner), string(l.Account.Ref),
			l.Currency.Code()}, "\x00")
	}
	return less(x) < less(y)
}

// TestCheckCatches breaks one identity at a time by entries that are good by themselves.
func TestCheckCatches(t *testing.T) {
	one := money.MustParse("CNY 1.00")
	move := func(b ledger.Book, debit, credit ledger.Account) ledger.Entry {
		return ledger.Move(b, "w", debit, credit, one)
	}
	for name, broken := range map[string]struct{ breaks, mends ledger.Entry }{
		"negative balance": {
			move(ledger.Client, ledger.Available("bob"), ledger.Clearing("L")),
			move(ledger.Client, ledger.Clearing("L"), ledger.Available("bob")),
		},
		"negative hold": {
			move(ledger.Client, ledger.Held("bob", "L"), ledger.Available("bob")),
			move(ledger.Client, ledger.Available("bob"), ledger.Held("bob", "L")),
		},
		"negative fees due": {
			move(ledger.Client, ledger.FeesDue(), ledger.Bank()),
			move(ledger.Client, ledger.Bank(), ledger.FeesDue()),
		},
		"claim is not the debt": {
			move(ledger.Register, ledger.Claim("bob", "L"), ledger.Debt("M")),
			move(ledger.Register, ledger.Claim("bob", "M"), ledger.Debt("L")),
		},
		"claim written off alone": {
			move(ledger.Register, ledger.ClaimWO("bob", "L"), ledger.Claim("bob", "L")),
			move(ledger.Register, ledger.Debt("L"), ledger.DebtWO("L")),
		},
		"fees due without receivable": {
			move(ledger.Client, ledger.Bank(), ledger.FeesDue()),
			move(ledger.Platform, ledger.FeesRcv(), ledger.Income("late")),
		},
		"receivable without fees due": {
			move(ledger.Platform, ledger.FeesRcv(), ledger.Income("late")),
			move(ledger.Client, ledger.Bank(), ledger.FeesDue()),
		},
	} {
		var b ledger.Balances
		if err := errors.Join(b.Check(), b.Post(&broken.breaks)); err != nil {
			t.Fatal(err)
		}
		if err := b.Check(); !errors.Is(err, ledger.ErrBooks) {
			t.Errorf("%s: %v", name, err)
		}
		if err := errors.Join(b.Post(&broken.mends), b.Check()); err != nil {
			t.Errorf("%s mended: %v", name, err)
		}
	}
}

// TestAssetsMayBeNegative: the custodian can take back more than it holds.
func TestAssetsMayBeNegative(t *testing.T) {
	var b ledger.Balances
	back := ledger.Move(ledger.Client, "chargeback", ledger.TopupDue(), ledger.Bank(),
		money.MustParse("CNY 1.00"))
	if err := errors.Join(b.Post(&back), b.Check()); err != nil || b.Balance(ledger.Bank(),
		cny) != -100 {
		t.Errorf("%v, bank %d", err, b.Balance(ledger.Bank(), cny))
	}
}

// TestNoSuchAccount asks for balances that cannot be.
func TestNoSuchAccount(t *testing.T) {
	var b ledger.Balances
	e := ledger.Move(ledger.Client, "w", ledger.Bank(), ledger.Available("bob"),
		money.MustParse("CNY 1.00"))
	for range 2 {
		for _, a := range []ledger.Account{
			{}, {Kind: 99}, {Kind: ledger.KindBank, Owner: "bob"}, {Kind: ledger.KindAvailable},
			{Kind: ledger.KindAvailable, Owner: "bob", Ref: "L"}, ledger.Available("eve"),
		} {
			if got := b.Balance(a, cny); got != 0 {
				t.Errorf("%s has %d", a, got)
			}
		}
		if b.Total(99, cny) != 0 || b.Total(ledger.KindBank, jpy) != 0 || b.Balance(ledger.Bank(),
			jpy) != 0 {
			t.Error("a total of nothing")
		}
		if err := b.Post(&e); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCurrenciesDoNotMix: what is missing in one currency is not made up for by another.
func TestCurrenciesDoNotMix(t *testing.T) {
	var b ledger.Balances
	due := ledger.Move(ledger.Client, "fee", ledger.Bank(), ledger.FeesDue(),
		money.MustParse("CNY 1.00"))
	rcv := ledger.Move(ledger.Platform, "fee", ledger.FeesRcv(), ledger.Income("f"),
		money.MustParse("JPY 100"))
	if err := errors.Join(b.Post(&due), b.Post(&rcv)); err != nil {
		t.Fatal(err)
	}
	if err := b.Check(); !errors.Is(err, ledger.ErrBooks) {
		t.Error(err)
	}
	if got := b.Currencies(); !slices.Equal(got, []money.Currency{cny, jpy}) {
		t.Errorf("currencies %v", got)
	}
}

// TestBalancesDoNotOverflow posts the largest entry until no figure of 64 bits can hold the sum, and
// takes everything back: the books agree all the time, figures stop, and nothing is lost.
func TestBalancesDoNotOverflow(t *testing.T) {
	for name, e := range map[string]ledger.Entry{
		"client": {Book: ledger.Client, Currency: cny, Legs: []ledger.Leg{
			{ledger.Bank(), money.MaxMinor}, {ledger.Available("bob"), -money.MaxMinor}}},
		"register": {Book: ledger.Register, Currency: cny, Legs: []ledger.Leg{
			{ledger.Claim("bob", "L"), money.MaxMinor}, {ledger.Debt("L"), -money.MaxMinor}}},
	} {
		var b ledger.Balances
		back := e
		back.Legs = slices.Clone(e.Legs)
		for i := range back.Legs {
			back.Legs[i].Debit *= -1
		}
		const n = 1100
		for i := range int64(2 * n) {
			step := &e
			if i >= n {
				step = &back
			}
			want := int64(math.MaxInt64)
			if k := min(i+1, 2*n-i-1); k <= 1024 {
				want = k * money.MaxMinor
			}
			if err := errors.Join(b.Post(step), b.Check()); err != nil {
				t.Fatalf("%s: entry %d: %v", name, i, err)
			}
			if got := b.Balance(e.Legs[1].Account, cny); got != want || b.Internal(cny) != 0 {
				t.Fatalf("%s: entry %d: balance %d, want %d", name, i, got, want)
			}
		}
		if left := b.Trial(e.Book); len(left) > 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
}

// TestPairsDoNotOverflow: claims of many holders add up on a loan while their total stays zero. That
// they are not its debt is seen even where their sum is a multiple of 2^64.
func TestPairsDoNotOverflow(t *testing.T) {
	var b ledger.Balances
	e := ledger.Entry{Book: ledger.Register, Currency: cny, Legs: []ledger.Leg{
		{ledger.Claim("bob", "L"), 1 << 52}, {ledger.Claim("bob", "M"), -1 << 52},
	}}
	for i := range 1 << 13 {
		if err := b.Post(&e); err != nil || i%4095 == 0 && !errors.Is(b.Check(), ledger.ErrBooks) {
			t.Fatal(i, err, b.Check())
		}
	}
	if err := b.Check(); !errors.Is(err, ledger.ErrBooks) {
		t.Errorf("after 2^65 minor units: %v", err)
	}
}

// BenchmarkPosting is an entry of four legs into balances that have every account already.
func BenchmarkPosting(b *testing.B) {
	e := ledger.Entry{Book: ledger.Client, Why: "repaid", Currency: cny}
	e.Debit(ledger.Clearing("L1"), 895)
	e.Credit(ledger.Available("ann"), 500)
	e.Credit(ledger.Available("bob"), 387)
	e.Credit(ledger.FeesDue(), 8)
	back := e
	back.Legs = slices.Clone(e.Legs)
	for i := range back.Legs {
		back.Legs[i].Debit *= -1
	}
	var books ledger.Balances
	for range 2 { // nothing returns to zero
		if err := books.Post(&e); err != nil {
			b.Fatal(err)
		}
	}
	entries := [2]*ledger.Entry{&e, &back}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := books.Post(entries[i%2]); err != nil {
			b.Fatal(err)
		}
	}
}
