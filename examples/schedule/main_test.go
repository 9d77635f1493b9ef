package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/schedule"
)

var update = flag.Bool("update", false, "write the golden files anew")

// call runs the program.
func call(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, trouble bytes.Buffer
	code = command(args, strings.NewReader(stdin), &out, &trouble)
	return code, out.String(), trouble.String()
}

func Example() {
	command([]string{"-principal", "CNY 10000.00", "-periods", "3"}, nil, os.Stdout, os.Stderr)
	// Output:
	// CNY 10000.00 at 12% per year, level-payment, from 2026-01-31 to 2026-04-30
	//
	// No.  Due         Principal  Interest     Total  Balance
	//   1  2026-02-28    3300.22    100.00   3400.22  6699.78
	//   2  2026-03-31    3333.22     67.00   3400.22  3366.56
	//   3  2026-04-30    3366.56     33.67   3400.23     0.00
	//      Total CNY    10000.00    200.67  10200.67
}

func Example_position() {
	command([]string{"-periods", "12", "-on", "2026-06-15"}, nil, os.Stdout, io.Discard)
	// Output:
	// on           2026-06-15
	// outstanding  CNY 6798.42
	// accrued      CNY 33.99
	// payoff       CNY 6832.41
}

func TestGolden(t *testing.T) {
	rich := []string{"-terms", `{"fees":[{"cycle":{"first":"2026-02-28","every":"3 months"},` +
		`"amount":"CNY 30.00"}],"first_due":"2026-05-31","capitalise":"2026-04-30"}`}
	good := with(t, func(t *schedule.Terms) { t.Periods = 2 })
	lines := strings.Join([]string{good, "null", `{"Periods":2,"method":"annuity"} and more`,
		with(t, func(t *schedule.Terms) { t.Periods = 0 }), good}, "\n")
	for _, tc := range []struct {
		name, stdin string
		args        []string
		code        int
	}{
		{"sample.txt", "", nil, exitOK},
		{"rich.txt", "", rich, exitOK},
		{"rich.csv", "", append(rich, "-format", "csv"), exitOK},
		{"rich.md", "", append(rich, "-format", "markdown"), exitOK},
		{"rich.svg", "", append(rich, "-format", "svg"), exitOK},
		{"rich.json", "", append(rich, "-format", "json"), exitOK},
		{"lines.jsonl", lines, nil, exitLine},
		{"positions.jsonl", lines, []string{"-on", "2026-02-15"}, exitLine},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, got, trouble := call(tc.stdin, tc.args...)
			if code != tc.code {
				t.Fatalf("exit %d: %s", code, trouble)
			}
			golden := filepath.Join("testdata", tc.name)
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
				t.Errorf("changed; -update writes it anew:\n%s", diff)
			}
		})
	}
}

// What the help says of -terms works as it stands.
func TestHelpExamples(t *testing.T) {
	_, _, help := call("", "-h")
	examples := regexp.MustCompile(`-terms '(.*)'`).FindAllStringSubmatch(help, -1)
	if len(examples) < 4 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, example := range examples {
		if code, _, stderr := call("", "-terms", example[1], "-format", "json"); code != exitOK {
			t.Errorf("%s: exit %d, %s", example[1], code, stderr)
		}
	}
}

func TestCommandLine(t *testing.T) {
	const line = `{"principal":"CNY 1.00"}` + "\n"
	for _, tc := range []struct {
		name, stdin    string
		args           []string
		code           int
		stdout, stderr string // a part of each
	}{
		{"help", "", []string{"-h"}, exitOK, "", "sum-of-digits"},
		{"nothing", "", nil, exitOK, "Total CNY    10000.00", "a sample loan"},
		{"no lines", "", []string{"-format", "json"}, exitOK, "", ""},
		{"lines", line, nil, exitLine, `{"line":1,"errors":[`, ""},
		{"a face takes no lines", line, []string{"-format", "csv"}, exitOK, ",CNY,788.49,", "sample"},
		{"flags take no lines", line, []string{"-periods", "2"}, exitOK, "Total CNY    10000.00", ""},
		{"sample on a day", "", []string{"-on", "2026-02-28"}, exitOK, "outstanding  CNY 9211.51", ""},
		{"on a day as JSON", "", []string{"-on", "2026-03-01", "-format", "json", "-grace", "1"},
			exitOK, `{"position":{"on":"2026-03-01","outstanding":"CNY 10000.00",`, ""},
		{"maturity", "", []string{"-maturity", "2026-04-15", "-accrual", "by-days"}, exitOK,
			"2026-04-15    3", ""},
		{"maturity and periods", "", []string{"-maturity", "2026-04-15", "-periods", "1"}, exitOK,
			"  1  2026-04-15", ""},
		{"rounding", "", []string{"-rounding", "up", "-format", "json"}, exitOK,
			`"rounding":{"instalment":"up","interest":"up"}`, ""},
		{"schema", "", []string{"-schema"}, exitOK, "draft/2020-12", ""},
		{"no plan", "", []string{"-periods", "0"}, exitLine, "", "schedule: periods must be 1 to 600"},
		{"no plan, JSON", "", []string{"-periods", "0", "-format", "json"}, exitLine,
			`{"errors":[{"code":"terms","field":"periods","problem":"must be 1 to 600"}]}`, ""},
		{"no such flag", "", []string{"-x"}, exitUsage, "", "-h for help"},
		{"no such method", "", []string{"-method", "annuity"}, exitUsage, "", `"annuity" is no Method`},
		{"no such mode", "", []string{"-rounding", "odd"}, exitUsage, "", "odd"},
		{"no such format", "", []string{"-format", "pdf"}, exitUsage, "", "want one of json csv"},
		{"no such field", "", []string{"-terms", `{"x":1}`}, exitUsage, "", "x is no field"},
		{"a field in another case", "", []string{"-terms", `{"Periods":3}`}, exitUsage, "",
			"Periods is no field, want periods"},
		{"a field twice", "", []string{"-terms", `{"periods":3,"periods":4}`}, exitUsage, "",
			"periods is there twice"},
		{"null for terms", "", []string{"-terms", "null"}, exitUsage, "", "must not be a JSON null"},
		{"a picture of a day", "", []string{"-on", "2026-02-28", "-format", "svg"}, exitUsage, "", "-on"},
		{"a bare file", "", []string{"terms.jsonl"}, exitUsage, "", "on stdin"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, stdout, stderr := call(tc.stdin, tc.args...)
			said := strings.Contains(stdout, tc.stdout) && strings.Contains(stderr, tc.stderr)
			if code != tc.code || !said || tc.stdout == "" && stdout != "" {
				t.Errorf("exit %d\n%s\n%s", code, stdout, stderr)
			}
		})
	}
}

// All faces of one loan show the same figures.
func TestFacesAgree(t *testing.T) {
	_, text, _ := call("", "-format", "json", "-periods", "7")
	var answer struct{ Plan schedule.Plan }
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	_, text, _ = call("", "-format", "csv", "-periods", "7")
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(records) != 8 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	_, table, _ := call("", "-periods", "7")
	_, markdown, _ := call("", "-format", "markdown", "-periods", "7")
	for i, in := range answer.Plan.Instalments() {
		want := []string{in.Due.String(), in.Principal.Text(), in.Interest.Text(), in.Total.Text(),
			in.Balance.Text()}
		r := records[i+1]
		if diff := cmp.Diff(want, []string{r[3], r[5], r[6], r[9], r[10]}); diff != "" {
			t.Error(diff)
		}
		if got := strings.Fields(strings.Split(table, "\n")[i+3]); !cmp.Equal(got[1:], want) {
			t.Errorf("table: %v", got)
		}
		if row := strings.Join(want, " | "); !strings.Contains(markdown, row) {
			t.Errorf("%s is not in\n%s", row, markdown)
		}
	}
}

// full is a file that takes nothing.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

func TestOutputNotWritten(t *testing.T) {
	errFull := errors.New("disk full")
	for _, args := range [][]string{nil, {"-schema"}, {"-format", "svg", "-periods", "600"}} {
		var trouble bytes.Buffer
		code := command(args, strings.NewReader("{}\n"), full{errFull}, &trouble)
		if code != exitLine || !strings.Contains(trouble.String(), errFull.Error()) {
			t.Errorf("%v: exit %d, %s", args, code, trouble.String())
		}
		trouble.Reset()
		code = command(args, strings.NewReader("{}\n"), full{syscall.EPIPE}, &trouble)
		if code != exitOK || strings.Contains(trouble.String(), "pipe") {
			t.Errorf("%v, closed pipe: exit %d, %s", args, code, trouble.String())
		}
	}
}

func TestInputNotRead(t *testing.T) {
	errBroken := errors.New("cable cut")
	var out, trouble bytes.Buffer
	in := io.MultiReader(strings.NewReader("{}\n"), iotest.ErrReader(errBroken))
	code := command(nil, in, &out, &trouble)
	if code != exitLine || !strings.Contains(trouble.String(), errBroken.Error()) ||
		strings.Count(out.String(), "\n") != 1 {
		t.Errorf("exit %d, %s, %s", code, out.String(), trouble.String())
	}
}
