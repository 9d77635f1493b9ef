package payment_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

func TestInstructionRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := payment.Instruction{
			ID:     payment.ID(rapid.String().Draw(t, "id")),
			Kind:   payment.Kind(rapid.Byte().Draw(t, "kind")),
			Party:  payment.PartyID(rapid.String().Draw(t, "party")),
			Amount: minor(rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor")),
			From:   drawAccount(t), To: drawAccount(t),
		}
		var got payment.Instruction
		if err := event.Decode(event.Encode(nil, 1, &want), 1, &got); err != nil || got != want {
			t.Fatalf("got %+v, want %+v, %v", got, want, err)
		}
	})
}

// FuzzDecodeInstruction: anything decodes or is refused, and what decodes is what was encoded.
func drawAccount(t *rapid.T) payment.Account {
	return payment.Account{
		Kind:  payment.AccountKind(rapid.Byte().Draw(t, "account")),
		Party: payment.PartyID(rapid.String().Draw(t, "of")),
		Ref:   payment.Ref(rapid.String().Draw(t, "ref")),
	}
}

var (
	outside = payment.Account{}
	free    = payment.Account{Kind: payment.Free, Party: "bob"}
	frozen  = payment.Account{Kind: payment.Frozen, Party: "bob", Ref: "L1"}
	escrow  = payment.Account{Kind: payment.Escrow, Ref: "L1"}
	fees    = payment.Account{Kind: payment.Fees}
)

func FuzzDecodeInstruction(f *testing.F) {
	in := instruct(5)
	f.Add(event.Encode(nil, 1, &in))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in, again payment.Instruction
		if err := event.Decode(data, 1, &in); err != nil {
			if !errors.Is(err, event.ErrDecode) {
				t.Fatal(err)
			}
			return
		}
		if err := event.Decode(event.Encode(nil, 1, &in), 1, &again); err != nil || in != again {
			t.Fatalf("%+v, again %+v, %v", in, again, err)
		}
		_, _ = in.Check(), in.Kind.String()
	})
}

func TestInstructionCheck(t *testing.T) {
	accounts := []payment.Account{outside, free, frozen, escrow, fees,
		{Kind: payment.Free, Party: "eve"}, {Kind: payment.Frozen, Party: "eve", Ref: "L1"},
		{Kind: payment.Free}, {Kind: payment.Frozen, Party: "bob"}, {Kind: payment.Escrow, Party: "bob", Ref: "L1"},
		{Kind: payment.Fees, Ref: "L1"}, {Ref: "L1"}, {Kind: payment.Fees + 1}}
	good := 7 // the first are well formed
	may := map[payment.Kind]func(from, to int) bool{
		payment.Payout:   func(_, to int) bool { return to == 0 },
		payment.Return:   func(_, to int) bool { return to == 0 },
		payment.Collect:  func(from, _ int) bool { return from == 0 },
		payment.Hold:     func(from, to int) bool { return from == 1 && to == 2 },
		payment.Release:  func(from, to int) bool { return from == 2 && to == 1 },
		payment.Sweep:    func(from, to int) bool { return to == 0 && (from == 0 || from == 4) },
		payment.Transfer: func(from, to int) bool { return from > 0 && to > 0 && from != to },
	}
	for k, ok := range may {
		for from := range accounts {
			for to := range accounts {
				in := instruct(1)
				in.Kind, in.From, in.To = k, accounts[from], accounts[to]
				if k == payment.Sweep {
					in.Party = ""
				}
				if want := from < good && to < good && ok(from, to); (in.Check() == nil) != want {
					t.Errorf("%s from %s to %s: %v", k, in.From, in.To, in.Check())
				}
			}
		}
	}
	if in := (payment.Instruction{ID: "x", Kind: payment.Transfer, Amount: minor(1), From: escrow, To: fees}); in.Check() != nil {
		t.Errorf("a transfer that concerns no party: %v", in.Check())
	}
	for name, spoil := range map[string]func(*payment.Instruction){
		"no id":            func(in *payment.Instruction) { in.ID = "" },
		"no party":         func(in *payment.Instruction) { in.Party = "" },
		"no kind":          func(in *payment.Instruction) { in.Kind = 0 },
		"unknown kind":     func(in *payment.Instruction) { in.Kind = payment.Sweep + 1 },
		"sweep of a party": func(in *payment.Instruction) { in.Kind = payment.Sweep },
		"no amount":        func(in *payment.Instruction) { in.Amount = money.Amount{} },
		"zero":             func(in *payment.Instruction) { in.Amount = minor(0) },
		"below zero":       func(in *payment.Instruction) { in.Amount = minor(-1) },
	} {
		in := instruct(1)
		spoil(&in)
		if err := in.Check(); !errors.Is(err, payment.ErrInstruction) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAccountString(t *testing.T) {
	for a, want := range map[payment.Account]string{
		outside: "outside", free: "free[bob]", frozen: "frozen[bob,L1]", escrow: "escrow[L1]", fees: "fees",
		{Kind: 9}: "account 9",
	} {
		if a.String() != want {
			t.Errorf("%s, want %s", a, want)
		}
	}
}

func TestKindString(t *testing.T) {
	for k, want := range map[payment.Kind]string{
		0: "instruction 0", payment.Payout: "payout", payment.Collect: "collect", payment.Hold: "hold",
		payment.Release: "release", payment.Transfer: "transfer", payment.Return: "return", payment.Sweep: "sweep", 8: "instruction 8",
	} {
		if k.String() != want {
			t.Errorf("%d: %s, want %s", uint8(k), k, want)
		}
	}
}
