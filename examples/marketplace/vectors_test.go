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
			for _, rule := range r.Agree.Fees {
				fmt.Printf("vectors: %s %s: reproduced %d of %d, unsupported 0\n", tc.name, rule.Rule, rule.Equal, rule.Of)
				if rule.Percent() < 90 {
					t.Errorf("%s: %d of %d", rule.Rule, rule.Equal, rule.Of)
				}
			}
			if f := r.Funnel; f.Disbursed != want || f.Closed+f.ChargedOff+f.Running != want {
				t.Errorf("funnel %+v", f)
			}
		})
	}
}

// TestVectorsProsper reads the whole of Prosper's file and holds its fees against the rules; the first
// loans, older and newer ones mixed, are replayed. One loan of the file was never paid out.
func TestVectorsProsper(t *testing.T) {
	const name, replayed = "prosper_before_2013", 200
	path := vector(t, name+".csv.gz")
	cfg := smallConfig(path)
	cfg.limits.Rows = vectorRows
	tape, err := OpenTape(path, cfg.limits)
	if err != nil {
		t.Fatal(err)
	}
	whole := vectorRows > 1574
	if whole && (len(tape.Loans) != 1573 || tape.Bad != 1) {
		t.Errorf("read %d loans and %d bad rows: %v", len(tape.Loans), tape.Bad, tape.First)
	}
	var loans []*Published
	for i := range tape.Loans {
		loans = append(loans, &tape.Loans[i])
	}
	cfg.lenders, cfg.limits.Rows = 100, min(replayed, vectorRows)
	r, err := replayAll(context.Background(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	got := r.Agree.Installments
	fmt.Printf("vectors: %s instalments: reproduced %d of %d, unsupported %d\n", name, got.Equal, got.Of, r.Tapes[0].Loans-got.Of)
	if got.Percent() < 97 {
		t.Errorf("instalments equal: %d of %d", got.Equal, got.Of)
	}
	least := map[string]float64{ // a rule that is broken falls well below
		"service fee 1% a year of the principal, within a cent a payment":     80,
		"service fee at another rate a year, of older loans, likewise":        40,
		"service fee at most that":                                            98,
		"else late fees, in whole, make the difference, where it can be told": 20,
		"collection fees a whole number of 17% of the instalment":             25,
		"collection fees at most 35% of all that was paid":                    99,
	}
	rules := publishedRules(loans)
	for _, rule := range rules {
		fmt.Printf("vectors: %s %s: reproduced %d of %d, unsupported %d\n", name, rule.Rule, rule.Equal, rule.Of, tape.Bad)
		if _, known := least[rule.Rule]; !known || whole && rule.Percent() < least[rule.Rule] { // of a few rows shares say little
			t.Errorf("%s: %d of %d", rule.Rule, rule.Equal, rule.Of)
		}
	}
	if len(rules) != len(least) {
		t.Errorf("%d rules, want %d", len(rules), len(least))
	}
	if f := r.Funnel; f.Disbursed != r.Tapes[0].Loans || f.Closed+f.ChargedOff+f.Running != f.Disbursed {
		t.Errorf("funnel %+v", f)
	}
}
