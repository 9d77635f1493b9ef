package memory_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

var cny = money.MustCurrency("CNY")

func instruction(id payment.ID, kind payment.Kind, amount string) payment.Instruction {
	return payment.Instruction{ID: id, Kind: kind, Party: "bob", Amount: money.MustParse(amount)}
}

func scripted(s memory.Script) *memory.Bank {
	b := memory.NewBank()
	b.Script(func(payment.Instruction) memory.Script { return s })
	return b
}

func TestBank(t *testing.T) {
	scripts := map[lendingtest.Mood]memory.Script{
		lendingtest.Healthy:     {Delay: 3},
		lendingtest.LosesAck:    {LoseAck: true, Delay: 1},
		lendingtest.Down:        {Unknown: 1, Parts: []int64{1}},
		lendingtest.Rejecting:   {Reject: true},
		lendingtest.PayingParts: {Parts: []int64{1, 1233}},
		lendingtest.Failing:     {Delay: 1, Fail: true},
	}
	for _, dedup := range []bool{true, false} {
		t.Run(fmt.Sprintf("dedup %t", dedup), func(t *testing.T) {
			lendingtest.GatewaySuite(t, lendingtest.Gateways{
				Open: func(_ *testing.T, mood lendingtest.Mood) payment.Gateway {
					b := scripted(scripts[mood])
					b.Dedup(dedup)
					return b
				},
				Paid: func(g payment.Gateway, id payment.ID) int64 { return g.(*memory.Bank).Paid(id) },
			})
		})
	}
}

// TestBankReports: whatever the script, the reports never go back, are possible for the
// instruction, end as the script says, and the money is where they say.
func TestBankReports(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := rapid.Int64Range(1, 1000).Draw(t, "full")
		amount, err := money.New(full, cny)
		if err != nil {
			t.Fatal(err)
		}
		script := memory.Script{
			Delay: rapid.IntRange(-1, 3).Draw(t, "delay"),
			Parts: rapid.SliceOfN(rapid.Int64Range(-5, 1005), 0, 5).Draw(t, "parts"),
			Fail:  rapid.Bool().Draw(t, "fail"),
		}
		in := payment.Instruction{ID: "p", Kind: payment.Payout, Party: "bob", Amount: amount}
		b := scripted(script)
		if err := b.Submit(ctx, in); err != nil {
			t.Fatal(err)
		}
		var heard payment.State
		for range max(0, script.Delay) + len(script.Parts) + 2 {
			r, err := b.Query(ctx, "p")
			if err != nil {
				t.Fatal(err)
			}
			if r.Paid.Minor() < heard.Paid || b.Paid("p") < r.Paid.Minor() {
				t.Fatalf("%v after %v, %d paid", r, heard, b.Paid("p"))
			}
			if heard, err = heard.Observe(in, r); err != nil {
				t.Fatal(err)
			}
		}
		want := end(script, full)
		if heard != want || b.Paid("p") != want.Paid || b.Balance(cny) != -want.Paid {
			t.Fatalf("ends %v, want %v; %d paid, balance %d", heard, want, b.Paid("p"), b.Balance(cny))
		}
		if (b.Payments("p") == 1) != (want.Paid > 0) {
			t.Fatalf("%d payments of %d", b.Payments("p"), want.Paid)
		}
	})
}

// end is how an instruction ends under a script.
func end(script memory.Script, full int64) payment.State {
	if !script.Fail {
		return payment.State{Paid: full, Status: payment.Settled}
	}
	s := payment.State{Status: payment.Failed}
	for _, part := range script.Parts {
		s.Paid = max(s.Paid, min(part, full-1))
	}
	return s
}

func TestBankBalance(t *testing.T) {
	b := memory.NewBank()
	b.Deposit(money.MustParse("CNY 100.00"))
	b.Deposit(money.MustParse("USD 7.00"))
	for i, kind := range []payment.Kind{
		payment.Payout, payment.Collect, payment.Hold, payment.Release, payment.Transfer} {
		in := instruction(payment.ID(kind.String()), kind, fmt.Sprintf("CNY %d.00", 10*i+10))
		free := payment.Account{Kind: payment.Free, Party: in.Party}
		frozen := payment.Account{Kind: payment.Frozen, Party: in.Party, Ref: "L1"}
		switch kind {
		case payment.Hold:
			in.From, in.To = free, frozen
		case payment.Release:
			in.From, in.To = frozen, free
		case payment.Transfer:
			in.From, in.To = frozen, payment.Account{Kind: payment.Escrow, Ref: "L1"}
		}
		if err := b.Submit(ctx, in); err != nil {
			t.Fatal(err)
		}
		if b.Paid(in.ID) != in.Amount.Minor() || b.Payments(in.ID) != 1 {
			t.Errorf("%s: %d paid in %d", kind, b.Paid(in.ID), b.Payments(in.ID))
		}
	}
	if got := b.Balance(cny); got != 11000 {
		t.Errorf("balance %d, want 11000", got)
	}
	if got := b.Balance(money.MustCurrency("USD")); got != 700 {
		t.Errorf("balance of the other currency %d, want 700", got)
	}
	if b.Paid("none") != 0 || b.Payments("none") != 0 {
		t.Error("an id never seen was paid")
	}
}

// Without dedup the same id pays twice, and everybody can see it.
func TestBankPaysTwice(t *testing.T) {
	b := scripted(memory.Script{LoseAck: true})
	b.Dedup(false)
	in := instruction("p", payment.Payout, "CNY 5.00")
	if err := b.Submit(ctx, in); !errors.Is(err, memory.ErrLost) {
		t.Errorf("first submit: %v", err)
	}
	if err := b.Submit(ctx, in); err != nil {
		t.Errorf("second submit: %v", err)
	}
	if b.Capabilities().Idempotent {
		t.Error("says that it pays once")
	}
	if b.Payments("p") != 2 || b.Paid("p") != 1000 || b.Balance(cny) != -1000 {
		t.Errorf("%d paid in %d, balance %d", b.Paid("p"), b.Payments("p"), b.Balance(cny))
	}
}

func TestBankFaults(t *testing.T) {
	b := scripted(memory.Script{Unknown: 2, LoseAck: true, Reject: true})
	in := instruction("p", payment.Payout, "CNY 5.00")
	for i, want := range []error{
		memory.ErrDown, memory.ErrDown, memory.ErrLost, payment.ErrRejected, payment.ErrRejected} {
		if err := b.Submit(ctx, in); !errors.Is(err, want) {
			t.Errorf("submit %d: error %v, want %v", i, err, want)
		}
		if _, err := b.Query(ctx, "p"); errors.Is(err, payment.ErrNotFound) != (i < 2) {
			t.Errorf("query %d: %v", i, err)
		}
	}
	other := in
	other.Party = "eve"
	if err := b.Submit(ctx, other); !errors.Is(err, memory.ErrReused) {
		t.Errorf("other content: error %v, want ErrReused", err)
	}
	if err := b.Submit(ctx, payment.Instruction{ID: "q"}); !errors.Is(err, payment.ErrRejected) ||
		!errors.Is(err, payment.ErrInstruction) {
		t.Errorf("malformed: error %v, want ErrRejected", err)
	}
	if d := cmp.Diff([]payment.ID{"p"}, b.Seen()); d != "" || b.Paid("p") != 0 {
		t.Errorf("seen: %s", d)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := b.Query(done, "p"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled query: %v", err)
	}
	if err := b.Submit(done, in); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled submit: %v", err)
	}
}

func ExampleBank() {
	b := memory.NewBank()
	b.Deposit(money.MustParse("CNY 100.00"))
	b.Script(func(payment.Instruction) memory.Script {
		return memory.Script{Parts: []int64{1000}, LoseAck: true}
	})
	in := payment.Instruction{
		ID: "p-1", Kind: payment.Payout, Party: "bob", Amount: money.MustParse("CNY 40.00")}
	fmt.Println(b.Submit(context.Background(), in))
	for range 2 {
		r, err := b.Query(context.Background(), in.ID)
		fmt.Println(r.Status, r.Paid, err)
	}
	fmt.Println(b.Paid(in.ID), b.Payments(in.ID), b.Balance(in.Amount.Currency()))
	// Output:
	// submit "p-1": memory: answer lost
	// pending CNY 10.00 <nil>
	// settled CNY 40.00 <nil>
	// 4000 1 6000
}
