package lending_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// A live book of 10,000 mid-life loans, written by another system, moves in and out: identical to the cent,
// and to the byte.
func TestBigBookMovesInAndOut(t *testing.T) {
	t.Parallel()
	loans := 10_000
	if testing.Short() || raced {
		loans = 300
	}
	text := bookText(t, newOldSystem(loans).book)
	start := time.Now()
	lap := func() time.Duration {
		d := time.Since(start)
		start = time.Now()
		return d.Round(time.Millisecond)
	}
	b, err := lending.ReadLiveBook(bytes.NewReader(text))
	require.NoError(t, err)
	read := lap()
	w := newWorld(t, lending.Config{})
	w.day = b.On
	_, err = w.desk.Import(context.Background(), w.meta(officer), "old-system", b)
	require.NoError(t, err)
	in := lap()
	diffs, err := w.desk.CompareCutover(context.Background(), "old-system", b)
	require.NoError(t, err)
	require.Empty(t, diffs)
	compared := lap()
	out := w.liveBook()
	again := bookText(t, out)
	back := lap()
	require.True(t, bytes.Equal(text, again), "the same bytes")
	t.Logf("moving: %d mid-life loans of %d parties, %d bytes: read and checked in %s, imported and reconciled in %s "+
		"(%.0f loans a second), compared again in %s, exported and checked in %s: identical to the cent",
		loans, len(b.Parties), len(text), read, in, float64(loans)/in.Seconds(), compared, back)
	w.reports()
}

// BenchmarkImport takes live books of a thousand loans in: checked, one commit for each party, wallet and
// loan, reconciled.
func BenchmarkImport(b *testing.B) {
	const loans = 1000
	book := newOldSystem(loans).book
	b.ReportAllocs()
	for b.Loop() {
		w := newWorld(b, lending.Config{})
		w.day = book.On
		if _, err := w.desk.Import(context.Background(), w.meta(officer), "old-system", book); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(loans)*float64(b.N)/b.Elapsed().Seconds(), "loans/s")
}

// BenchmarkReadLiveBook reads and checks the text of a thousand loans.
func BenchmarkReadLiveBook(b *testing.B) {
	text := bookText(b, newOldSystem(1000).book)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lending.ReadLiveBook(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
