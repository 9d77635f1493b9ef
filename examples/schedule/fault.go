package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/schedule"
)

// The codes of faults.
const (
	codeLine     = "line"     // the line is too long
	codeJSON     = "json"     // the line is no JSON object, or more than one
	codeText     = "text"     // a field does not read, or is none
	codeTerms    = "terms"    // the rules make no plan
	codeOverflow = "overflow" // beyond the largest amount
)

// Bounds of what is said about one line.
const (
	maxFaults  = 100
	maxProblem = 200 // bytes
)

// fault is one thing that is wrong with a loan.
type fault struct {
	Code    string `json:"code"`
	Field   string `json:"field,omitempty"` // as JSON names it: "periods", "rounding.interest"
	Problem string `json:"problem"`
}

// String gives field and problem.
func (f fault) String() string { return strings.TrimSpace(f.Field + " " + f.Problem) }

// faultsOf are the faults that an error of Terms.Plan joins, each told once; none for nil.
func faultsOf(err error) (faults []fault) {
	if err == nil {
		return nil
	}
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	for _, err := range all {
		f := fault{Code: codeTerms, Problem: problemOf(err)}
		if wrong := (*schedule.TermsError)(nil); errors.As(err, &wrong) {
			f.Field, f.Problem = namesIn(wrong.Field), namesIn(wrong.Problem)
		} else if errors.Is(err, schedule.ErrOverflow) {
			f.Code = codeOverflow
		}
		if len(faults) < maxFaults && !slices.Contains(faults, f) {
			faults = append(faults, f)
		}
	}
	return faults
}

// goName is how Go begins a name. What a problem says begins in lower case.
var goName = regexp.MustCompile(`\b[A-Z][A-Za-z]+\b`)

// namesIn is a text with the fields of Terms, and of what is in them, as JSON names them.
func namesIn(text string) string {
	names := map[string]string{}
	addNames(names, reflect.TypeFor[schedule.Terms]())
	return goName.ReplaceAllStringFunc(text, func(word string) string {
		return cmp.Or(names[word], word)
	})
}

// addNames adds the JSON names of a struct's fields, by their names in Go.
func addNames(names map[string]string, t reflect.Type) {
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" {
			names[t.Field(i).Name] = name
			addNames(names, t.Field(i).Type)
		}
	}
}

// faultsIn looks for the fields of a line that did not decode, by decoding each alone, in the order
// of the line; what is behind the object comes last. A line that is no object has this one fault.
func faultsIn(line []byte, err error) (faults []fault) {
	whole := fault{Code: codeJSON, Problem: problemOf(err)}
	dec := json.NewDecoder(bytes.NewReader(line))
	if open, _ := dec.Token(); open != json.Delim('{') {
		return []fault{whole}
	}
	seen := map[string]bool{}
	for dec.More() {
		var value json.RawMessage
		name, _ := dec.Token()
		field, ok := name.(string)
		if !ok || dec.Decode(&value) != nil {
			return []fault{whole}
		}
		f := fault{Code: codeText, Field: clip(field), Problem: "is there twice"}
		if !seen[field] {
			f, ok = faultOf(field, value)
		}
		if seen[field] = true; ok && len(faults) < maxFaults-1 {
			faults = append(faults, f)
		}
	}
	if _, err := dec.Token(); err != nil {
		return []fault{whole}
	}
	rest := line[dec.InputOffset():]
	if err := schedule.ReadTerms(append([]byte("{}"), rest...), new(schedule.Terms)); err != nil {
		faults = append(faults, fault{Code: codeJSON, Problem: problemOf(err)})
	}
	if len(faults) == 0 {
		return []fault{whole}
	}
	return faults
}

// faultOf is what is wrong with a field alone, if anything is.
func faultOf(field string, value json.RawMessage) (f fault, wrong bool) {
	alone, err := json.Marshal(map[string]json.RawMessage{field: value})
	if err == nil {
		err = schedule.ReadTerms(alone, new(schedule.Terms))
	}
	if err == nil {
		return fault{}, false
	}
	if named := (*schedule.JSONError)(nil); errors.As(err, &named) {
		field = named.Field
	}
	return fault{codeText, clip(field), problemOf(err)}, true
}

// problemOf says what an error says, without the names that Go has for things.
func problemOf(err error) string {
	if wrong := (*schedule.JSONError)(nil); errors.As(err, &wrong) {
		return wrong.Problem
	}
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		if wrong.Type.Kind() == reflect.Int || wrong.Type.Kind() == reflect.Int64 {
			return "must be a whole number"
		}
		kind, _, _ := strings.Cut(wrong.Value, " ") // a number comes with its digits
		return "must not be a JSON " + kind
	}
	return clip(strings.TrimPrefix(err.Error(), "json: "))
}

// clip is a text cut to maxProblem bytes, at the end of a rune.
func clip(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxProblem)], "")
}
