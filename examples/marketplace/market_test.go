package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
)

func figuresLoans(t testing.TB) []Published {
	t.Helper()
	tape, err := figures(testLimits)
	if err != nil || tape.Bad > 0 {
		t.Fatal(err, tape.First)
	}
	return tape.Loans
}

// forge writes a ledger entry past the engine, on a stream of no kind that the reports read.
func forge(e ledger.Entry) event.Commit {
	return event.Commit{Key: "forged", Appends: []event.Append{{
		Stream:  event.Stream{Kind: "forgery", ID: "forged"},
		Records: []event.Record{{Type: "~entry", Data: event.Encode(nil, 1, &e)}, {Type: "received"}},
	}}}
}

// TestAuditorCatches: an entry that breaks a book is found at the commit that brings it.
func TestAuditorCatches(t *testing.T) {
	x, y, cent := ledger.Available("x"), ledger.Available("y"), usd(1)
	fee := ledger.Move(ledger.Client, "forged", ledger.Bank(), ledger.FeesDue(), cent)
	minus := ledger.Move(ledger.Client, "forged", x, y, cent)
	claim := ledger.Move(ledger.Register, "forged", ledger.Claim("x", "L1"), ledger.Debt("L2"), cent)
	uneven := ledger.Entry{Book: ledger.Client, Why: "forged", Currency: dollar}
	uneven.Debit(ledger.Bank(), 100)
	uneven.Credit(x, 99)
	good := ledger.Move(ledger.Client, "deposit", ledger.Bank(), x, cent)
	for _, tc := range []struct {
		name  string
		entry ledger.Entry
		want  error
	}{
		{"claim without debt", claim, ledger.ErrBooks},
		{"fee in one book", fee, ledger.ErrBooks},
		{"below zero", minus, ledger.ErrBooks},
		{"unbalanced", uneven, ledger.ErrEntry},
		{"sound", good, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := &auditor{Store: memory.NewStore()}
			_, err := a.Commit(context.Background(), forge(tc.entry))
			var v *ViolationError
			if !errors.Is(err, tc.want) || errors.As(err, &v) != (tc.want != nil) || a.commands != 1 {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// TestRunStopsAtViolation: the commit after which the books disagree is the last of the run.
func TestRunStopsAtViolation(t *testing.T) {
	m, err := newMarket(context.Background(), figuresLoans(t), config{lenders: 5}, &progress{})
	if err != nil {
		t.Fatal(err)
	}
	before := m.store.commands
	e := ledger.Move(ledger.Client, "forged", ledger.Bank(), ledger.FeesDue(), usd(100))
	if _, err := m.store.Store.Commit(context.Background(), forge(e)); err != nil {
		t.Fatal(err)
	}
	var v *ViolationError
	if err := m.run(); !errors.As(err, &v) || m.store.commands != before+1 {
		t.Errorf("%v after %d commands", err, m.store.commands-before)
	}
}

// TestBankIsReconciled: a cent at the bank that the books do not know ends the run the same day.
func TestBankIsReconciled(t *testing.T) {
	m, err := newMarket(context.Background(), figuresLoans(t), config{lenders: 5}, &progress{})
	if err != nil {
		t.Fatal(err)
	}
	m.bank.Deposit(usd(1))
	var v *ViolationError
	if err := m.run(); !errors.As(err, &v) || m.days != 1 {
		t.Errorf("%v after %d days", err, m.days)
	}
}

func TestRunStopsWhenAsked(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	m, err := newMarket(ctx, figuresLoans(t), config{lenders: 5}, &progress{})
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if err := m.run(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestBidsFillOneCommit: whatever chance says, a loan is full after at most 40 bids of whole notes.
func TestBidsFillOneCommit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(minLoan, maxLoan).Draw(t, "amount")
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		raised, bids := int64(0), 0
		for ; raised < amount; bids++ {
			b := bidFor(amount, chance)
			if b < note || b%note != 0 {
				t.Fatalf("bid of %d", b)
			}
			raised += b
		}
		if bids > maxBids {
			t.Fatalf("%d bids for %d", bids, amount)
		}
	})
}

// TestReportAddsUp holds the report's own sums against each other.
func TestReportAddsUp(t *testing.T) {
	m := runMarket(t, figuresLoans(t), 9)
	r := m.report(config{seed: 9, lenders: 5}, nil)
	f := r.Funnel
	all := f.Closed > 0 && f.ChargedOff > 0 && f.Running > 0
	if f.Applied != len(m.deals) || f.Disbursed != f.Closed+f.ChargedOff+f.Running || !all {
		t.Errorf("funnel %+v", f)
	}
	loans := 0
	for _, o := range r.Agree.Outcomes {
		loans += o.Loans
		if o.Principal > o.Near || o.Cent > o.Dollar || o.Near > o.Loans || o.Dollar > o.Loans {
			t.Errorf("outcome %+v", o)
		}
	}
	if loans != f.Applied || len(r.Agree.Outcomes) != int(outcomes)-1 {
		t.Errorf("%d loans in %d outcomes", loans, len(r.Agree.Outcomes))
	}
	for _, b := range r.Books {
		if b.Debit != b.Credit || len(b.Lines) == 0 {
			t.Errorf("book %+v", b)
		}
	}
	for _, g := range r.Returns {
		if g.P10 > g.Median || g.Median > g.P90 || g.Lenders == 0 {
			t.Errorf("returns %+v", g)
		}
	}
	if r.Agree.Installments != (Count{f.Applied, f.Applied}) {
		t.Errorf("instalments %+v", r.Agree.Installments)
	}
}

func TestStatistics(t *testing.T) {
	xs := []float64{1, 2, 3, 4, 5}
	for q, want := range map[float64]float64{0: 1, 0.1: 1.4, 0.5: 3, 0.9: 4.6, 1: 5} {
		if got := quantile(xs, q); round(got, 9) != want {
			t.Errorf("quantile %g is %g, want %g", q, got, want)
		}
	}
	if quantile(nil, 0.5) != 0 || mean(nil) != 0 || mean(xs) != 3 {
		t.Error("mean or empty quantile")
	}
	// $10 net on $1,000 that were out for a twelfth of 365 days: 1% a month
	s := stake{net: 10_00, base: 1000_00 * 365.0 / 12}
	if got := round(s.annualised(), 4); got != 12.6825 {
		t.Errorf("annualised %g", got)
	}
	if got := (stake{net: -1000_00, base: 1000_00}).annualised(); got != -100 {
		t.Errorf("all lost: %g", got)
	}
	for cents, want := range map[int64]string{0: "0.00", 5: "0.05", -123: "-1.23",
		123456789: "1,234,567.89", 100000: "1,000.00"} {
		if got := dollars(cents); got != want {
			t.Errorf("%d is %s, want %s", cents, got, want)
		}
	}
}

func BenchmarkMarket(b *testing.B) {
	loans := figuresLoans(b)
	b.ReportAllocs()
	commands := 0
	for b.Loop() {
		commands += runMarket(b, loans, 1).store.commands
	}
	b.ReportMetric(float64(commands)/b.Elapsed().Seconds(), "commands/s")
}
