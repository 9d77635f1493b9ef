package event_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/loanweave/loanweave/lending/event"
)

// TestTxByHand drives an attempt without an engine and checks the commit field by field.
func TestTxByHand(t *testing.T) {
	a, b := accounts.Ref("a"), accounts.Ref("b")
	x := transfer{Key: "k", From: "a", To: "b", Amount: 5}
	tx := event.NewTx()
	data := event.Encode(nil, 1, &moved{Amount: 10})
	hash := event.Chain(event.Root(a.Stream()), "moved", data)
	late := time.Unix(100, 0)
	tx.Supply(a.Stream(), event.Slice{Head: 1, Hash: hash, At: late, Records: []event.Record{
		{Type: "moved", Data: data, Hash: hash},
	}})
	from, err := event.Read(tx, a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.decide(tx, from); !errors.Is(err, event.ErrWanted) {
		t.Fatal(err)
	}
	if want := tx.Wanted(); !slices.Equal(want, []event.Stream{b.Stream()}) || len(tx.Wanted()) != 0 {
		t.Fatalf("wanted %v", want)
	}
	tx.Supply(b.Stream(), event.Slice{})
	e, err := x.decide(tx, from)
	if err != nil {
		t.Fatal(err)
	}
	if err := event.Write(tx, a, event.Of[account](e)); err != nil || from.Balance != 5 {
		t.Fatalf("%v, balance %d", err, from.Balance)
	}
	c := tx.Commit("k", event.Hash{1}, a.Stream(), time.Unix(50, 0))
	if c.Key != "k" || c.Fingerprint != (event.Hash{1}) || !c.At.Equal(late) || len(c.Outbox) != 1 {
		t.Errorf("commit %+v", c)
	}
	if len(c.Appends) != 2 || c.Appends[0].Stream != a.Stream() || c.Appends[1].Stream != b.Stream() {
		t.Fatalf("appends %+v", c.Appends)
	}
	if tx.Version(a.Stream()) != 1 || tx.Version(accounts.Ref("c").Stream()) != 0 {
		t.Error("versions are those before the attempt")
	}
	for i, sl := range []event.Slice{{Head: 1, Hash: hash}, {}} {
		got := c.Appends[i]
		n := len(got.Records)
		if n == 0 || got.Expect != sl.Head {
			t.Fatalf("append %+v", got)
		}
		after := event.Slice{Head: sl.Head + event.Version(n), Hash: got.Records[n-1].Hash,
			Records: got.Records}
		if err := event.Verify(got.Stream, sl.Head, sl.Hash, after); err != nil {
			t.Error(err)
		}
	}
}
