package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/examples/desk"
)

func against(t require.TestingT, m model, cfg config) result {
	good, err := run(m, config{loans: cfg.loans}.fates())
	require.NoError(t, err, m.name)
	r, err := run(m, cfg.fates())
	require.NoError(t, err, m.name)
	r.loss = r.end.less(good.end)
	return r
}

// What borrowers leave unpaid is the same under every model, and somebody loses it: with nobody behind the
// loans the lenders do; with a rich guarantor it does, but for what it pays without interest.
func TestSomebodyLosesWhatIsNotPaid(t *testing.T) {
	cfg := config{loans: 10, bad: 30, seed: 3}
	list := models()
	none := against(t, list[0], cfg)
	unpaid := -none.loss.Borrowers
	require.Positive(t, unpaid)
	require.Equal(t, unpaid, none.loss.Lenders)
	require.Zero(t, none.loss.Backers)
	for _, m := range list[1:] {
		r := against(t, m, cfg)
		require.Equal(t, unpaid, -r.loss.Borrowers, m.name)
		require.Equal(t, unpaid, r.loss.Lenders+r.loss.Backers+r.loss.Platform, m.name)
		require.Less(t, r.loss.Lenders, unpaid, m.name)
		switch m.name {
		case list[1].name, list[2].name:
			require.Less(t, r.loss.Lenders, unpaid/10, m.name)
			require.Equal(t, "paid all that was asked", r.outcome, m.name)
		case list[3].name, list[4].name:
			require.Greater(t, r.loss.Lenders, unpaid/10, m.name)
			require.Contains(t, r.outcome, "in default since", m.name)
		case list[5].name:
			require.Equal(t, principal*10*protection/1_000_000, int(r.loss.Backers), "all that it had")
			require.Contains(t, r.outcome, "empty", m.name)
		}
	}
	joint, ordinary := against(t, list[1], cfg), against(t, list[2], cfg)
	require.Equal(t, joint.loss, ordinary.loss)
	require.Less(t, joint.missed, ordinary.missed, "an ordinary one may wait for enforcement")
}

// In a year in which all pay nobody loses, and the price of protection is its giver's gain.
func TestNobodyLosesInAGoodYear(t *testing.T) {
	for _, m := range models() {
		r := against(t, m, config{loans: 5})
		require.Zero(t, r.loss, m.name)
		require.Zero(t, r.missed, m.name)
		require.InDelta(t, r.end.Lenders, r.worst*lenders, 5*lenders*periods, "lenders are alike: %s", m.name)
	}
}

func TestAnyYearAddsUp(t *testing.T) {
	for i, m := range models() {
		r := against(t, m, config{loans: 3, bad: 100 - 10*i, seed: uint64(i)})
		require.Equal(t, -r.loss.Borrowers, r.loss.Lenders+r.loss.Backers+r.loss.Platform, m.name)
	}
}

func TestCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.svg")
	var out, again, progress bytes.Buffer
	require.Equal(t, desk.ExitOK, command([]string{"-loans", "5", "-svg", file}, &out, &progress))
	require.Equal(t, desk.ExitOK, command([]string{"-loans", "5", "-svg", file, "-quiet"}, &again, io.Discard))
	require.Equal(t, out.String(), again.String())
	require.Contains(t, progress.String(), "8 of 8")
	require.Contains(t, out.String(), "5 loans of CNY 12000.00 over 12 months at 12% per year; 1 stop being paid.")
	picture, err := os.Open(file)
	require.NoError(t, err)
	defer picture.Close()
	for dec := xml.NewDecoder(picture); err == nil; {
		_, err = dec.Token()
	}
	require.ErrorIs(t, err, io.EOF, "the picture is XML")
}

func TestBadCommandLine(t *testing.T) {
	for _, args := range [][]string{{"-loans", "4"}, {"-loans", "1001"}, {"-bad", "101"}, {"-bad", "-1"}, {"more"}, {"-no"}} {
		var errs bytes.Buffer
		require.Equal(t, desk.ExitUsage, command(args, io.Discard, &errs), args)
		require.Contains(t, errs.String(), "Run with -h")
	}
	var help bytes.Buffer
	require.Equal(t, desk.ExitOK, command([]string{"-h"}, io.Discard, &help))
	require.Contains(t, help.String(), "-bad")
	require.Equal(t, desk.ExitRun, command([]string{"-loans", "5", "-quiet", "-svg", filepath.Join(t.TempDir(), "no", "x")}, io.Discard, io.Discard))
	require.Equal(t, desk.ExitRun, command([]string{"-loans", "5", "-quiet", "-svg", ""}, full{}, io.Discard))
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }
