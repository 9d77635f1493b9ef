package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/lending"
)

func whole(t *testing.T, cfg config) *year {
	y := newYear(cfg)
	for m := range cfg.months {
		y.month(m)
	}
	y.finish()
	require.NoError(t, y.Err)
	return y
}

// The desk keeps within its facility, title is conserved, and the ladder warns before savers ask.
func TestYear(t *testing.T) {
	y := whole(t, config{wave: 80, bad: 4, seed: 1, months: months})
	var owed, held int64
	for _, x := range y.loans {
		if l := y.Loan(x.id); l.State == lending.StateActive {
			owed += l.Outstanding().Minor()
		}
	}
	for _, p := range y.purses() {
		held += p.claims
	}
	require.Equal(t, owed, held+y.Wallet(steady).LentTotal(), "claims are what borrowers owe")
	warned := false
	for m, l := range y.lines {
		require.Equal(t, int64(facility), l.inventory+l.free)
		require.GreaterOrEqual(t, l.free, int64(0))
		require.Positive(t, l.sold)
		if warned = warned || l.warned; m < waveMonth {
			require.Zero(t, l.queued)
			continue
		}
		require.True(t, warned, "before the run")
	}
	if months < 12 {
		return
	}
	last := y.lines[months-1]
	require.Positive(t, y.lines[waveMonth].queued)
	require.Greater(t, last.left, int64(savers*savings/2), "most have their money back")
	var sum bytes.Buffer
	require.NoError(t, y.report(&sum))
	for _, want := range []string{"The desk:", "The package:", "ladder of maturities on 2026-07-31", "It warned that by"} {
		require.Contains(t, sum.String(), want)
	}
	require.ErrorContains(t, y.report(full{}), "no room")
	dec := xml.NewDecoder(bytes.NewReader(y.chart()))
	var err error
	for err == nil {
		_, err = dec.Token()
	}
	require.ErrorIs(t, err, io.EOF, "the picture is XML")
}

// Without a wave nobody waits; the same seed gives the same year.
func TestCalmYear(t *testing.T) {
	cfg := config{bad: 0, seed: 2, months: min(months, 3)}
	y, again := whole(t, cfg), whole(t, cfg)
	require.Equal(t, y.lines, again.lines)
	for _, l := range y.lines {
		require.Zero(t, l.queued)
		require.Zero(t, l.value.Deficit())
	}
}

func TestBadCommandLine(t *testing.T) {
	for _, args := range [][]string{{"-wave", "101"}, {"-bad", "-1"}, {"more"}, {"-no"}} {
		var errs bytes.Buffer
		require.Equal(t, desk.ExitUsage, command(args, io.Discard, &errs), args)
		require.Contains(t, errs.String(), "Run with -h")
	}
	var help bytes.Buffer
	require.Equal(t, desk.ExitOK, command([]string{"-h"}, io.Discard, &help))
	require.Contains(t, help.String(), "-wave")
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }
