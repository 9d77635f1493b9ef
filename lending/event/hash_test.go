package event_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
)

func TestHashText(t *testing.T) {
	for _, want := range []event.Hash{{}, {1}, {31: 255}} {
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		got := event.Hash{9}
		if err := got.UnmarshalText(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, bad := range []string{"0", strings.Repeat("0", 63), strings.Repeat("x", 64), strings.Repeat("0", 66)} {
		h := event.Hash{7}
		if err := h.UnmarshalText([]byte(bad)); !errors.Is(err, event.ErrDecode) || h != (event.Hash{7}) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
