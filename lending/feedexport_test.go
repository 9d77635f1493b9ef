package lending_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Everything that happened is written, once, in order, as JSON that names its fields; in parts it is the
// same bytes as in one go.
func TestExportWritesEverything(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	ctx := context.Background()
	var buf bytes.Buffer
	end, n, err := w.desk.Export(ctx, &buf, 0)
	require.NoError(t, err)
	all, _ := w.followAll(0, 1000)
	require.Len(t, all, n)
	in := bufio.NewScanner(bytes.NewReader(buf.Bytes()))
	in.Buffer(nil, 1<<22)
	seen := map[string]bool{}
	for i := 0; in.Scan(); i++ {
		var l struct {
			Stream  event.Stream
			Version event.Version
			Type    string
			Event   json.RawMessage
			Data    []byte
			Key     string
			Hash    any
			Order   any
		}
		dec := json.NewDecoder(strings.NewReader(in.Text()))
		dec.DisallowUnknownFields()
		require.NoError(t, dec.Decode(&l), in.Text())
		h := all[i]
		require.Equal(t, h.Stream, l.Stream)
		require.Equal(t, h.Version, l.Version)
		require.Equal(t, h.Record.Type, l.Type)
		require.Equal(t, h.Key, l.Key)
		if h.Event == nil {
			require.Equal(t, h.Record.Data, l.Data)
			continue
		}
		want, err := json.Marshal(h.Event)
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(l.Event))
		seen[l.Stream.Kind+" "+l.Type] = true
	}
	for _, e := range lending.AllEvents() {
		name := lending.KindOf(e) + " " + e.(interface{ Type() string }).Type()
		require.True(t, seen[name] || reflect.TypeOf(e).Name() == "BidHeld" || perUserOnly(name), name)
	}
	require.True(t, seen["loan ~entry"])

	cut := bytes.Count(buf.Bytes(), []byte("\n")) / 2
	_, err = w.desk.LiveBook(ctx, w.day)
	require.NoError(t, err)
	next, more, err := w.desk.Export(ctx, &buf, end)
	require.NoError(t, err)
	require.Equal(t, end, next)
	require.Zero(t, more)
	_, _, err = w.desk.Export(ctx, &brokenWriter{cut}, 0)
	require.ErrorIs(t, err, errBroken)
}

// perUserOnly are events that a custodian with sub-accounts alone brings about.
func perUserOnly(name string) bool {
	switch name {
	case "loan bid-held", "payment move-repeated", "payment parked", "payment released", "loan disbursement-disputed",
		"payment repeated", "loan held":
		return true
	}
	return false
}

var errBroken = errors.New("disk is full")

type brokenWriter struct{ left int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errBroken
	}
	return len(p), nil
}
