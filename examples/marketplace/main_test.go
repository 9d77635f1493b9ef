package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func smallConfig(tapes ...string) config {
	limits := Limits{Rows: 1000, LineBytes: 64 << 10, Bytes: 1 << 30}
	return config{tapes: tapes, seed: 1, lenders: 20, limits: limits}
}

// call runs the program.
func call(args ...string) (code int, stdout, stderr string) {
	var out, trouble bytes.Buffer
	code = command(context.Background(), args, &out, &trouble)
	return code, out.String(), trouble.String()
}

func TestGoldenReport(t *testing.T) {
	code, got, trouble := call("-quiet")
	if code != exitOK || trouble != "" {
		t.Fatalf("exit %d: %s", code, trouble)
	}
	golden := filepath.Join("testdata", "figures.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("report changed; -update writes it anew:\n%s", diff)
	}
}

// TestSeed: the same seed gives the same bytes, another seed others.
func TestSeed(t *testing.T) {
	_, one, _ := call("-seed", "7")
	_, same, _ := call("-seed", "7", "-progress")
	_, other, _ := call("-seed", "8")
	if one != same {
		t.Error(cmp.Diff(one, same))
	}
	if strings.ReplaceAll(one, "seed 7", "seed 8") == other {
		t.Error("the seed changes nothing")
	}
}

func TestJSON(t *testing.T) {
	code, out, _ := call("-json", "-quiet")
	in := json.NewDecoder(strings.NewReader(out))
	var doc map[string]any
	if err := in.Decode(&doc); err != nil || code != exitOK || in.More() {
		t.Fatalf("exit %d, %v", code, err)
	}
	for _, key := range []string{"source", "seed", "funnel", "fill", "lender_returns",
		"platform_income", "trial_balances", "agreement", "tenders", "checks", "timing"} {
		if doc[key] == nil {
			t.Errorf("no %s", key)
		}
	}
	delete(doc, "timing")
	_, again, _ := call("-json", "-quiet")
	var same map[string]any
	if err := json.Unmarshal([]byte(again), &same); err != nil {
		t.Fatal(err)
	}
	delete(same, "timing")
	if diff := cmp.Diff(doc, same); diff != "" {
		t.Error(diff)
	}
}

func TestCommandLine(t *testing.T) {
	good := write(t, headerNew+rowNew)
	mixed := write(t, headerNew+rowNew+"x"+rowNew)
	bad := write(t, headerNew+"x"+rowNew)
	empty := write(t, headerNew)
	for _, tc := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // a part of each
	}{
		{"help", []string{"-h"}, exitOK, "", "-tape LoanStats.csv.gz"},
		{"two tapes", []string{"-tape", good, good}, exitOK, "applied              2", "loans/s"},
		{"flag again", []string{"-tape", good, "-tape", good}, exitOK, "applied              2", ""},
		{"bad row", []string{"-tape", mixed}, exitOK, "line 3 column loan_amount", ""},
		{"strict", []string{"-strict", "-tape", mixed}, exitRun, "", "line 3 column loan_amount"},
		{"row limit", []string{"-rows", "1", "-tape", mixed}, exitOK, "-rows raises the limit", ""},
		{"all bad", []string{"-tape", bad}, exitRun, "", "every row is bad"},
		{"no rows", []string{"-tape", empty}, exitRun, "", "no loan below its header"},
		{"no file", []string{"-tape", good + ".no"}, exitRun, "", "name the file again"},
		{"bare file", []string{good}, exitUsage, "", "-tape"},
		{"no such flag", []string{"-x"}, exitUsage, "", "-h for help"},
		{"no lenders", []string{"-lenders", "0"}, exitUsage, "", "-lenders must be"},
		{"no rows asked", []string{"-rows", "0"}, exitUsage, "", "-rows must be"},
		{"one lender", []string{"-lenders", "1", "-tape", good}, exitOK, "1 lenders", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, stdout, stderr := call(tc.args...)
			said := strings.Contains(stdout, tc.stdout) && strings.Contains(stderr, tc.stderr)
			if code != tc.code || !said {
				t.Errorf("exit %d\n%s\n%s", code, stdout, stderr)
			}
			if code != exitOK && stdout != "" {
				t.Errorf("a run that failed reports %s", stdout)
			}
		})
	}
}

// full is a console that takes nothing.
type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestReportNotWritten(t *testing.T) {
	for _, args := range [][]string{{"-quiet", "-tenders=false"}, {"-quiet", "-json", "-tenders=false"}} {
		var trouble bytes.Buffer
		code := command(context.Background(), args, full{}, &trouble)
		if code != exitRun || !strings.Contains(trouble.String(), errFull.Error()) {
			t.Errorf("%v: exit %d, %s", args, code, trouble.String())
		}
	}
}

func TestProgressBar(t *testing.T) {
	_, _, drawn := call("-progress", "-tenders=false")
	_, _, quiet := call("-quiet", "-tenders=false")
	if !strings.Contains(drawn, "\r[") || !strings.Contains(drawn, "commands") || quiet != "" {
		t.Errorf("drawn %q, quiet %q", drawn, quiet)
	}
}
