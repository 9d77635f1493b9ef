package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

var update = flag.Bool("update", false, "write the golden files anew")

// call runs the program.
func call(args ...string) (code int, stdout, stderr string) {
	var out, trouble bytes.Buffer
	code = command(args, &out, &trouble)
	return code, out.String(), trouble.String()
}

// What the story and its statement print stands in testdata.
func TestGolden(t *testing.T) {
	for name, args := range map[string][]string{"story.golden": nil, "statement.csv": {"-csv"}} {
		code, got, trouble := call(args...)
		if code != exitOK || trouble != "" {
			t.Fatalf("exit %d: %s", code, trouble)
		}
		golden := filepath.Join("testdata", name)
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
			t.Errorf("%s: run with -update if this is meant:\n%s", name, diff)
		}
		for line := range strings.Lines(got) {
			if name == "story.golden" && len(line) > 101 {
				t.Errorf("too wide for a screen: %s", line)
			}
		}
	}
}

// The figures of the story, worked by hand.
func TestFiguresByHand(t *testing.T) {
	_, story, _ := call()
	for what, line := range map[string]string{
		"5% of 2070.58":                                 "late-fee                 103.53     103.53",
		"0.05% a day of 2070.58 for 8 days":             "penalty                    8.28       8.28",
		"1000.00 - 103.53 - 8.28 - 100.49":              "principal               1970.09     787.70    1182.39",
		"5% of 2070.58 - 800.00":                        "fees             103.53       103.53        63.53        63.53",
		"one day of 2070.58 and seven of 1270.58":       "penalty            8.28         8.28         5.48         5.48",
		"the lenders have all their principal again":    "bob lent CNY 7000.00, got CNY 7000.00 back",
		"what a restructuring lets off is all it costs": "- let off                                         CNY 21.66",
	} {
		if !strings.Contains(story, line) {
			t.Errorf("%s: not in the story: %s", what, line)
		}
	}
}

// The CSV reads, and what is owed of the whole is paid or waived.
func TestStatementReads(t *testing.T) {
	_, text, _ := call("-csv")
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(records) < 3 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	whole := map[string]int64{}
	for i, name := range records[0] {
		if a, err := money.Parse("CNY " + records[1][i]); err == nil {
			whole[name] = a.Minor()
		}
	}
	for _, of := range []string{"principal", "interest", "charges"} {
		if owed := whole[of+"-owed"]; owed == 0 || owed != whole[of+"-paid"]+whole[of+"-waived"] {
			t.Errorf("%s: owed %d, paid %d, waived %d", of, owed, whole[of+"-paid"], whole[of+"-waived"])
		}
	}
}

// Each line of a waterfall is the plain function's, on the debts of the day.
func TestWaterfallIsThePlainFunction(t *testing.T) {
	o := newOffice(io.Discard)
	o.day("2026-01-31", "")
	o.lend(money.MustParse("CNY 12000.00"), 6, "12% per year")
	o.day("2026-04-08", "")
	debts := o.loan().Debts(o.today)
	parts, rest := o.loan().Product.Waterfall.Allocate(nil, debts, 100_000)
	if got := o.pay(money.MustParse("CNY 1000.00")); o.err != nil || rest != 0 || !cmp.Equal(parts, got.Parts) {
		t.Errorf("%v, paid %v, want %v", o.err, got.Parts, parts)
	}
}

// After an error nothing is done, nothing panics, and the program says what was refused.
func TestErrorsEndTheStory(t *testing.T) {
	o := newOffice(io.Discard)
	o.day("2026-01-31", "")
	do(o, officer, lending.Publish{Loan: "nothing"})
	first := o.err
	tell(o)
	if !errors.Is(first, lending.ErrUnknown) || !errors.Is(o.err, first) || !strings.Contains(first.Error(), "lending.Publish") {
		t.Errorf("%v, then %v", first, o.err)
	}
	if code := command(nil, brokenWriter{}, io.Discard); code != exitRun {
		t.Errorf("a broken writer ends with %d", code)
	}
}

type brokenWriter struct{}

// Write fails.
func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestCommandLine(t *testing.T) {
	if code, stdout, help := call("-h"); code != exitOK || stdout != "" || !strings.Contains(help, "-csv") {
		t.Errorf("-h ends with %d: %s", code, help)
	}
	for _, args := range [][]string{{"-nonsense"}, {"loan.csv"}} {
		if code, _, trouble := call(args...); code != exitUsage || !strings.Contains(trouble, "-h") {
			t.Errorf("%v ends with %d: %s", args, code, trouble)
		}
	}
}
