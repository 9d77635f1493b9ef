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
		}
		var got payment.Instruction
		if err := event.Decode(event.Encode(nil, 1, &want), 1, &got); err != nil || got != want {
			t.Fatalf("got %+v, want %+v, %v", got, want, err)
		}
	})
}

// FuzzDecodeInstruction: anything decodes or is refused, and what decodes is what was encoded.
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
	for k := payment.Payout; k <= payment.Return; k++ {
		in := instruct(1)
		in.Kind = k
		if err := in.Check(); err != nil {
			t.Errorf("%s: %v", k, err)
		}
	}
	for name, spoil := range map[string]func(*payment.Instruction){
		"no id":        func(in *payment.Instruction) { in.ID = "" },
		"no party":     func(in *payment.Instruction) { in.Party = "" },
		"no kind":      func(in *payment.Instruction) { in.Kind = 0 },
		"unknown kind": func(in *payment.Instruction) { in.Kind = payment.Return + 1 },
		"no amount":    func(in *payment.Instruction) { in.Amount = money.Amount{} },
		"zero":         func(in *payment.Instruction) { in.Amount = minor(0) },
		"below zero":   func(in *payment.Instruction) { in.Amount = minor(-1) },
	} {
		in := instruct(1)
		spoil(&in)
		if err := in.Check(); !errors.Is(err, payment.ErrInstruction) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKindString(t *testing.T) {
	for k, want := range map[payment.Kind]string{
		0: "instruction 0", payment.Payout: "payout", payment.Collect: "collect", payment.Hold: "hold",
		payment.Release: "release", payment.Transfer: "transfer", payment.Return: "return", 7: "instruction 7",
	} {
		if k.String() != want {
			t.Errorf("%d: %s, want %s", uint8(k), k, want)
		}
	}
}
