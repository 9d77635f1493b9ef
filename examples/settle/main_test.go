package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/examples/jsonlines"
)

var update = flag.Bool("update", false, "write the golden files anew")

// call runs the program.
func call(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, trouble bytes.Buffer
	code = command(args, strings.NewReader(stdin), &out, &trouble)
	return code, out.String(), trouble.String()
}

func Example() {
	command(nil, strings.NewReader(
		`{"id":7,"fee":{"ppm":10000,"round":"down","bases":["USD 123.03"]}}`+"\n"+
			`{"id":"7","fee":{"ppm":10000,"round":"down","bases":["USD 123.03"]}}`), os.Stdout, os.Stderr)
	// Output:
	// {"line":1,"errors":[{"code":"text","field":"id","problem":"must be a text, not a JSON number"}]}
	// {"line":2,"id":"7","fee":{"fees":["USD 1.23"],"total":"USD 1.23"}}
}

// Each question of the samples and each kind of fault has the answer in testdata.
func TestGolden(t *testing.T) {
	for _, tc := range []struct {
		name string
		code int
	}{{"samples", exitOK}, {"faults", exitLine}} {
		t.Run(tc.name, func(t *testing.T) {
			asked := filepath.Join("testdata", tc.name+".jsonl")
			if *update && tc.name == "samples" {
				write(t, asked, sampleLines())
			}
			code, got, trouble := call(read(t, asked))
			if code != tc.code || trouble != "" {
				t.Fatalf("exit %d: %s", code, trouble)
			}
			golden := filepath.Join("testdata", tc.name+".answers.jsonl")
			if *update {
				write(t, golden, got)
			}
			if diff := cmp.Diff(read(t, golden), got); diff != "" {
				t.Errorf("run with -update if this is meant:\n%s", diff)
			}
		})
	}
	if sampleLines() != read(t, filepath.Join("testdata", "samples.jsonl")) {
		t.Error("testdata/samples.jsonl is not what -sample writes")
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The help has every sample with its answer, and names every field of a question.
func TestHelpExplainsEverything(t *testing.T) {
	code, stdout, help := call("", "-h")
	if code != exitOK || stdout != "" {
		t.Fatalf("exit %d: %s", code, stdout)
	}
	for _, line := range strings.Split(strings.TrimSpace(read(t, "testdata/samples.answers.jsonl")), "\n") {
		if !strings.Contains(help, line) {
			t.Errorf("the help lacks %s", line)
		}
	}
	if strings.Contains(help, `"code":"question"`) {
		t.Error("a sample has no answer")
	}
	for _, kind := range []string{"waterfall", "distribution", "fee", "penalty", "check"} {
		if !strings.Contains(help, "\n  "+kind+" ") || !strings.Contains(sampleLines(), `","`+kind+`":`) {
			t.Errorf("the help does not explain %s, or has no sample of it", kind)
		}
	}
	var tree struct {
		Defs struct{ Question any } `json:"$defs"`
	}
	_, schema, _ := call("", "-schema")
	if err := json.Unmarshal([]byte(schema), &tree); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(propertiesOf(tree.Defs.Question), wordsOf(tree.Defs.Question)...) {
		if !strings.Contains(help, name) {
			t.Errorf("the help does not name %s", name)
		}
	}
}

// propertiesOf are the names of all fields in a schema.
func propertiesOf(schema any) (all []string) {
	object, _ := schema.(map[string]any)
	fields, _ := object["properties"].(map[string]any)
	for name, field := range fields {
		all = append(append(all, name), propertiesOf(field)...)
	}
	if items, there := object["items"]; there {
		all = append(all, propertiesOf(items)...)
	}
	return all
}

// wordsOf are the words that the fields of a schema take.
func wordsOf(schema any) (all []string) {
	switch node := schema.(type) {
	case map[string]any:
		list, _ := node["enum"].([]any)
		for _, word := range list {
			all = append(all, word.(string))
		}
		for _, child := range node {
			all = append(all, wordsOf(child)...)
		}
	case []any:
		for _, child := range node {
			all = append(all, wordsOf(child)...)
		}
	}
	return all
}

func TestCommandLine(t *testing.T) {
	code, sample, _ := call("", "-sample")
	if code != exitOK || sample != sampleLines() {
		t.Errorf("-sample ends with %d: %s", code, sample)
	}
	for _, args := range [][]string{{"-nonsense"}, {"questions.jsonl"}} {
		if code, _, trouble := call("", args...); code != exitUsage || !strings.Contains(trouble, "-h") {
			t.Errorf("%v ends with %d: %s", args, code, trouble)
		}
	}
	if code, stdout, _ := call(""); code != exitOK || stdout != "" {
		t.Errorf("nothing to answer ends with %d: %s", code, stdout)
	}
}

func TestFilesThatFail(t *testing.T) {
	if code := command(nil, iotest.ErrReader(io.ErrClosedPipe), io.Discard, io.Discard); code != exitLine {
		t.Errorf("a broken reader ends with %d", code)
	}
	for err, want := range map[error]int{io.ErrClosedPipe: exitLine, syscall.EPIPE: exitOK} {
		stdout := brokenWriter{err}
		if code := command(nil, strings.NewReader(sampleLines()), stdout, io.Discard); code != want {
			t.Errorf("%v ends with %d, want %d", err, code, want)
		}
	}
}

type brokenWriter struct{ err error }

// Write fails.
func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// A line above the bound is a fault, and those after it are answered.
func TestLongLine(t *testing.T) {
	good := samples()[0].line
	code, stdout, _ := call(strings.Repeat("x", jsonlines.MaxLine+1) + "\n" + good)
	first, second, _ := strings.Cut(stdout, "\n")
	if code != exitLine || !strings.Contains(first, `"code":"line"`) || !strings.Contains(second, `"waterfall"`) {
		t.Errorf("exit %d: %s", code, stdout)
	}
}

// Questions that would make too much of one line are refused.
func TestBounds(t *testing.T) {
	ones := func(n int) string { return "[1" + strings.Repeat(",1", n-1) + "]" }
	posting := `{"entry":1,"book":"b","account":"a","debit":0}`
	for name, tc := range map[string]struct{ most, more string }{
		"shares": {`{"distribution":{"units":` + ones(100) + `,"payments":` + ones(100) + `}}`,
			`{"distribution":{"units":` + ones(101) + `,"payments":` + ones(100) + `}}`},
		"postings": {`{"check":{"conservation":{"postings":[` + strings.Repeat(posting+",", 999) + posting + `]}}}`,
			`{"check":{"conservation":{"postings":[` + strings.Repeat(posting+",", 1000) + posting + `]}}}`},
		"id": {`{"id":"` + strings.Repeat("x", 64) + `","penalty":{"rate":"1% per year","round":"down","minor_days":1}}`,
			`{"id":"` + strings.Repeat("x", 65) + `","penalty":{"rate":"1% per year","round":"down","minor_days":1}}`},
	} {
		if r := answered(t, []byte(tc.most)); len(r.Errors) > 0 {
			t.Errorf("%s, as many as may be: %v", name, r.Errors)
		}
		if r := answered(t, []byte(tc.more)); len(r.Errors) != 1 || r.Errors[0].Code != codeQuestion {
			t.Errorf("%s, one too many: %v", name, r.Errors)
		}
	}
}

// A job without input, as a timer starts it, asks nothing and is answered nothing.
func TestNullDevice(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close() //nolint:errcheck // read only
	if jsonlines.IsConsole(null) {
		t.Error("the null device is no terminal")
	}
	var out, trouble bytes.Buffer
	if code := command(nil, null, &out, &trouble); code != 0 || out.Len()+trouble.Len() > 0 {
		t.Errorf("exits %d with %q and %q", code, out.String(), trouble.String())
	}
}
