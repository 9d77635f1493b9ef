package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/examples/jsonlines"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// reply is an answer as a client reads it.
type reply struct {
	Line     int            `json:"line"`
	Plan     *schedule.Plan `json:"plan"`
	Position *position      `json:"position"`
	Errors   []fault        `json:"errors"`
}

// read decodes a line of output, which must be one JSON object with a number and one field.
func read(t rapid.TB, line []byte) (r reply) {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil || len(fields) != 2 {
		t.Fatalf("%d fields, %v: %s", len(fields), err, line)
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return r
}

// anyTerms draws terms, most of which make a plan.
func anyTerms() *rapid.Generator[schedule.Terms] {
	return rapid.Custom(func(t *rapid.T) schedule.Terms {
		terms := sample()
		terms.Principal, _ = money.New(rapid.Int64Range(0, 1e9).Draw(t, "minor"),
			money.MustCurrency(rapid.SampledFrom([]string{"CNY", "JPY", "KWD"}).Draw(t, "currency")))
		terms.Rate, _ = schedule.RateFromPico(rapid.Int64Range(0, 1e12).Draw(t, "rate"), schedule.PerYear)
		terms.Method = schedule.Method(rapid.IntRange(1, 5).Draw(t, "method"))
		terms.Periods = rapid.IntRange(0, 60).Draw(t, "periods")
		terms.Start = terms.Start.AddDays(rapid.IntRange(0, 400).Draw(t, "start"))
		terms.DayCount = daycount.Convention(rapid.IntRange(1, 3).Draw(t, "day count"))
		terms.Accrual = schedule.Accrual(rapid.IntRange(1, 2).Draw(t, "accrual"))
		terms.Rounding.Interest = money.Mode(rapid.IntRange(1, 7).Draw(t, "mode"))
		return terms
	})
}

// Each line is answered in its order with the plan that the library makes, or with its faults.
func TestStreamAnswersEachLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(anyTerms(), 1, 5).Draw(t, "terms")
		var lines [][]byte
		for _, terms := range all {
			line, err := json.Marshal(terms)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line)
		}
		code, stdout, _ := call(string(bytes.Join(lines, []byte{'\n'})))
		answers, good := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n"), true
		if len(answers) != len(all) {
			t.Fatalf("%d answers to %d lines", len(answers), len(all))
		}
		for i, terms := range all {
			got := read(t, []byte(answers[i]))
			want, err := terms.Plan()
			good = good && err == nil
			switch {
			case got.Line != i+1:
				t.Fatalf("line %d for %d", got.Line, i+1)
			case (err == nil) != (got.Plan != nil):
				t.Fatalf("%s for %v", answers[i], err)
			case err == nil && !reflect.DeepEqual(got.Plan.Rows(), want.Rows()):
				t.Fatal("another plan")
			}
		}
		if good != (code == exitOK) {
			t.Fatalf("exit %d", code)
		}
	})
}

func TestStreamTellsWhatIsWrong(t *testing.T) {
	for _, tc := range []struct {
		name, line string
		want       []fault
	}{
		{"empty", "", []fault{is(jsonlines.CodeJSON, "", "must not be empty")}},
		{"garbage", "?", []fault{is(jsonlines.CodeJSON, "", "invalid character '?' looking for beginning of value")}},
		{"a list", "[]", []fault{is(jsonlines.CodeJSON, "", "must be an object, not a JSON array")}},
		{"null", "null", []fault{is(jsonlines.CodeJSON, "", "must not be a JSON null")}},
		{"two values", "{} {}", []fault{is(jsonlines.CodeJSON, "", `must end before "{}"`)}},
		{"a cut line", `{"method":"x",`, []fault{is(jsonlines.CodeJSON, "", "unexpected EOF")}},
		{"fields", `{"method":12,"note":1,"principal":12,"periods":1.5}`, []fault{
			is(jsonlines.CodeText, "method", "must be a text, not a JSON number"),
			is(jsonlines.CodeText, "note", "is no field"),
			is(jsonlines.CodeText, "principal", "must be a text, not a JSON number"),
			is(jsonlines.CodeText, "periods", "must be a whole number"),
		}},
		{"fields and text behind", `{"note":1,"Periods":3,"grace":{"free":1},"grace":{}} # my loan`,
			[]fault{
				is(jsonlines.CodeText, "note", "is no field"),
				is(jsonlines.CodeText, "Periods", "is no field, want periods"),
				is(jsonlines.CodeText, "grace", "is there twice"),
				is(jsonlines.CodeJSON, "", `must end before "# my loan"`),
			}},
		{"a field of a field", `{"rounding":{"note":1}}`, []fault{
			is(jsonlines.CodeText, "rounding.note", "is no field")}},
		{"a field of a field twice", `{"fees":[{},{"rate":"1% per year","rate":"2% per year"}]}`, []fault{
			is(jsonlines.CodeText, "fees[1].rate", "is there twice")}},
		{"a value of a field of a field", `{"fees":[{},{"rate":7}],"rounding":{"interest":1}}`, []fault{
			is(jsonlines.CodeText, "fees[1].rate", "must be a text, not a JSON number"),
			is(jsonlines.CodeText, "rounding.interest", "must be a text, not a JSON number")}},
		{"names of JSON in a rule", with(t, func(t *schedule.Terms) {
			t.Method, t.Payment = schedule.MethodFixedPayment, money.MustParse("CNY 1.00")
		}), []fault{is(codeTerms, "payment", "is below the interest; set negative to allow that")}},
		{"too long", strings.Repeat("x", jsonlines.MaxLine+1), []fault{is(jsonlines.CodeLine, "", "is above 64 KiB")}},
		{"much too long", strings.Repeat("x", 5*jsonlines.MaxLine), []fault{is(jsonlines.CodeLine, "", "is above 64 KiB")}},
		{"rules", with(t, func(t *schedule.Terms) {
			t.Periods, t.FirstDue, t.Rounding.Unit = 601, t.Start.AddDays(-1), -1
		}), []fault{
			is(codeTerms, "periods", "must be 1 to 600"),
			is(codeTerms, "first_due", "must be after start, or for an instalment of principal on it"),
			is(codeTerms, "rounding.unit", "must be 0 to 100000000"),
		}},
		{"too large", with(t, func(t *schedule.Terms) {
			t.Principal, t.Rate = money.MustParse("CNY 90000000000000.00"), schedule.MustRate("50% per year")
		}), []fault{is(jsonlines.CodeOverflow, "", "schedule: principal and interest exceeds the largest amount")}},
		{"the same fault often", strings.Replace(with(t, func(*schedule.Terms) {}), `"periods":12`,
			`"periods":12,"fees":[{},{},{}]`, 1), []fault{
			is(codeTerms, "fees", "must each have a first date from start on, and a time to the next or none for once"),
			is(codeTerms, "fees", "must each have either an amount above zero or a rate"),
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, stdout, _ := call(tc.line + "\n" + with(t, func(*schedule.Terms) {}))
			bad, rest, _ := strings.Cut(stdout, "\n")
			got := read(t, []byte(bad)).Errors
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if read(t, []byte(rest)).Plan == nil || code != exitLine {
				t.Errorf("exit %d; the line after it: %s", code, rest)
			}
		})
	}
}

// is is a fault.
func is(code, field, problem string) fault {
	return fault{Code: code, Field: field, Problem: problem}
}

// with is the line of the sample's terms, changed.
func with(t *testing.T, change func(*schedule.Terms)) string {
	t.Helper()
	terms := sample()
	change(&terms)
	line, err := json.Marshal(terms)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

func TestFaultsAreFew(t *testing.T) {
	names := make(map[string]int)
	for i := range 5000 {
		names[fmt.Sprintf("x%04d", i)] = i
	}
	line, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	long := `{"` + strings.Repeat("é", 20000) + `":1}`
	for _, line := range []string{string(line), long} {
		_, stdout, _ := call(line)
		if r := read(t, []byte(stdout)); len(r.Errors) == 0 || len(r.Errors) > jsonlines.MaxFaults ||
			len(stdout) > 50_000 {
			t.Errorf("%d faults in %d bytes", len(r.Errors), len(stdout))
		}
	}
}

func TestPositions(t *testing.T) {
	line := with(t, func(*schedule.Terms) {})
	_, stdout, _ := call(line+"\n"+line, "-on", "2026-02-15")
	want := position{civil.MustParse("2026-02-15"), money.MustParse("CNY 10000.00"),
		money.MustParse("CNY 53.57"), money.MustParse("CNY 10053.57")}
	for answer := range strings.Lines(stdout) {
		if got := read(t, []byte(answer)).Position; got == nil || *got != want {
			t.Errorf("got %s", answer)
		}
	}
	if strings.Count(stdout, "\n") != 2 {
		t.Errorf("got %s", stdout)
	}
}

// A program may wait for each answer before it asks on.
func TestStreamAnswersAtOnce(t *testing.T) {
	stdin, ask := io.Pipe()
	answers, stdout := io.Pipe()
	done := make(chan int)
	go func() { done <- command(nil, stdin, stdout, io.Discard) }()
	in := bufio.NewReader(answers)
	for range 3 {
		if _, err := io.WriteString(ask, with(t, func(*schedule.Terms) {})+"\n"); err != nil {
			t.Fatal(err)
		}
		line, err := in.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		if read(t, line).Plan == nil {
			t.Errorf("got %s", line)
		}
	}
	if err := ask.Close(); err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != exitOK {
		t.Errorf("exit %d", code)
	}
}

func FuzzLine(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte(`{"method":"x","note":1,"principal":12}`))
	for m := schedule.Method(1); m.IsValid(); m++ {
		terms := sample()
		terms.Method = m
		line, err := json.Marshal(terms)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if len(line) > 1<<10 {
			return // longer terms can take long to plan
		}
		text, ok := new(request).answerLine(1, line, false)
		if bytes.ContainsRune(text, '\n') {
			t.Fatalf("two lines: %s", text)
		}
		r := read(t, text)
		if ok != (r.Plan != nil) || ok == (len(r.Errors) > 0) {
			t.Fatalf("ok is %t: %s", ok, text)
		}
		var terms schedule.Terms
		if err := schedule.ReadTerms(line, &terms); ok && (err != nil || !terms.Equal(r.Plan.Terms())) {
			t.Fatalf("another loan, %v: %s", err, text)
		}
	})
}

var errStop = errors.New("stop")

func BenchmarkStream(b *testing.B) {
	line, err := json.Marshal(sample())
	if err != nil {
		b.Fatal(err)
	}
	line = append(line, '\n')
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	n := 0
	in := readerFunc(func(p []byte) (int, error) {
		if n++; n > b.N {
			return 0, errStop
		}
		return copy(p, line), nil
	})
	_, err = jsonlines.Serve(jsonlines.NewReader(in), bufio.NewWriter(io.Discard), new(request).answerLine)
	if !errors.Is(err, errStop) {
		b.Fatal(err)
	}
}

// readerFunc is a reader of one function.
type readerFunc func(p []byte) (int, error)

// Read calls f.
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
