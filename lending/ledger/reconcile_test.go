package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var cutoff = civil.MustParse("2026-03-31")

func item(id ledger.Ref, minor int64, days int) ledger.Item {
	return ledger.Item{ID: id, Amount: yuan(minor), On: cutoff.AddDays(days)}
}

func yuan(minor int64) money.Amount {
	a, err := money.New(minor, money.MustCurrency("CNY"))
	if err != nil {
		panic(err)
	}
	return a
}

func TestReconcile(t *testing.T) {
	booked := []ledger.Item{item("ok", 5, 0), item("ours", -7, -3), item("late", 9, 0), item("differs", 4, 0),
		item("twice", 2, 0), item("next", 1, 1), item("both-next", 1, 1), item("ours-twice", 6, 0), item("ours-twice", 6, 0),
		item("early", 8, 2)}
	stated := []ledger.Item{item("ok", 5, -1), item("theirs", 3, 0), item("late", 9, 2), item("differs", -4, 0),
		item("twice", 2, 0), item("twice", 2, 1), item("both-next", 1, 2), item("theirs-next", 1, 1),
		item("ours-twice", 6, 0), item("early", 8, 0)}
	want := []string{"differs amount-differs", "early timing", "late timing", "ok matched", "ours missing-at-bank",
		"ours-twice duplicated-in-books", "theirs missing-in-ledger", "twice duplicated-at-bank"}
	var got []string
	ms := ledger.Reconcile(booked, stated, cutoff)
	for _, m := range ms {
		got = append(got, fmt.Sprint(max(m.Booked.ID, m.Stated.ID), " ", m.Finding))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// booked 9 that the bank has not yet; the bank has 8 that are booked later
	if diff := ledger.External(100+9, 100+8, ms, cutoff, money.MustCurrency("CNY")); diff != 0 {
		t.Errorf("timing does not explain %d", diff)
	}
	if diff := ledger.External(100+9, 100+7, ms, cutoff, money.MustCurrency("CNY")); diff != 1 {
		t.Errorf("a cent short is %d", diff)
	}
}

// Whatever was paid and whatever goes wrong with one line, that line is found and no other, in any
// order of both lists.
func TestReconcileFindsWhatWasSpoilt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var booked, stated []ledger.Item
		n := rapid.IntRange(1, 20).Draw(t, "lines")
		for i := range n {
			it := item(ledger.Ref(fmt.Sprintf("i%02d", i)), rapid.Int64Range(-9, 9).Draw(t, "minor"),
				-rapid.IntRange(0, 3).Draw(t, "days"))
			booked, stated = append(booked, it), append(stated, it)
		}
		i := rapid.IntRange(0, n-1).Draw(t, "spoilt")
		spoilt := booked[i].ID
		want := rapid.SampledFrom([]ledger.Finding{ledger.Matched, ledger.MissingAtBank, ledger.MissingInLedger,
			ledger.AmountDiffers, ledger.Timing, ledger.DuplicatedAtBank, ledger.DuplicatedInBooks}).Draw(t, "how")
		switch want {
		case ledger.MissingAtBank:
			stated = slices.Delete(stated, i, i+1)
		case ledger.MissingInLedger:
			booked = slices.Delete(booked, i, i+1)
		case ledger.AmountDiffers:
			stated[i].Amount = yuan(stated[i].Amount.Minor() + 1)
		case ledger.Timing:
			stated[i].On = cutoff.AddDays(1)
		case ledger.DuplicatedAtBank:
			stated = append(stated, stated[i])
		case ledger.DuplicatedInBooks:
			booked = append(booked, booked[i])
		}
		ms := ledger.Reconcile(rapid.Permutation(booked).Draw(t, "ours"), rapid.Permutation(stated).Draw(t, "theirs"), cutoff)
		if len(ms) != n {
			t.Fatalf("%d findings of %d ids", len(ms), n)
		}
		for _, m := range ms {
			exp := ledger.Matched
			if max(m.Booked.ID, m.Stated.ID) == spoilt {
				exp = want
			}
			if m.Finding != exp {
				t.Fatalf("%+v, want %s", m, exp)
			}
		}
	})
}
