package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// vector returns the path of a published file below VECTORS, or below the folder beside the module.
func vector(t *testing.T, name string) string {
	t.Helper()
	root, set := os.LookupEnv("VECTORS")
	if !set {
		root = filepath.Join("..", "..", "..", "shared", "vectors")
	}
	path := filepath.Join(root, "real", name)
	if _, err := os.Stat(path); err != nil {
		if !set {
			t.Skipf("no vectors at %s; set VECTORS", root)
		}
		t.Fatal(err)
	}
	return path
}

// TestVectors replays the published files whole: no row is bad, at least 99.9% of the instalments
// are equal to the cent, and the run finds no violation.
func TestVectors(t *testing.T) {
	for _, tc := range []struct {
		name  string
		file  string
		loans int
	}{
		{"lendingclub_loans_dec2015", "lendingclub_loans_dec2015.csv.gz", 999},
		{"lendingclub_2018_jan", "lendingclub_2018_jan.csv.gz", 3395},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cfg := smallConfig(vector(t, tc.file))
			cfg.lenders, cfg.limits.Rows = 300, vectorRows
			want := min(tc.loans, vectorRows)
			if want < tc.loans {
				t.Logf("under the race detector only %d of %d rows", want, tc.loans)
			}
			r, err := replayAll(context.Background(), cfg, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			got := r.Agree.Installments
			fmt.Printf("vectors: %s instalments: reproduced %d of %d, unsupported %d\n",
				tc.name, got.Equal, got.Of, r.Tapes[0].Bad)
			if r.Tapes[0].Loans != want || r.Tapes[0].Bad != 0 {
				t.Errorf("read %d loans and %d bad rows, want %d and 0", r.Tapes[0].Loans, r.Tapes[0].Bad, want)
			}
			if got.Of != want || got.Percent() < 99.9 && got.Of-got.Equal > 1 {
				t.Errorf("instalments equal: %d of %d", got.Equal, got.Of)
			}
			if f := r.Funnel; f.Disbursed != want || f.Closed+f.ChargedOff+f.Running != want {
				t.Errorf("funnel %+v", f)
			}
		})
	}
}
