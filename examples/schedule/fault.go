package main

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/schedule"
)

// The codes of faults.
const (
	codeLine     = "line"     // the line is too long
	codeJSON     = "json"     // the line is no JSON object
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
			f.Field, f.Problem = nameOf(wrong.Field), wrong.Problem
		} else if errors.Is(err, schedule.ErrOverflow) {
			f.Code = codeOverflow
		}
		if len(faults) < maxFaults && !slices.Contains(faults, f) {
			faults = append(faults, f)
		}
	}
	return faults
}

// nameOf is the JSON name of a field of Terms that Go names "Rounding.Interest".
func nameOf(path string) string {
	at, names := reflect.TypeFor[schedule.Terms](), []string(nil)
	for part := range strings.SplitSeq(path, ".") {
		field, ok := at.FieldByName(part)
		if !ok {
			return path
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		at, names = field.Type, append(names, name)
	}
	return strings.Join(names, ".")
}

// faultsIn looks for the fields of a line that did not decode, by decoding each alone.
func faultsIn(line []byte, err error) (faults []fault) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return []fault{{Code: codeJSON, Problem: problemOf(err)}}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		alone, err := json.Marshal(map[string]json.RawMessage{name: fields[name]})
		if err == nil {
			err = decode(alone, new(schedule.Terms))
		}
		if err != nil && len(faults) < maxFaults {
			faults = append(faults, fault{codeText, clip(name), problemOf(err)})
		}
	}
	if len(faults) == 0 {
		return []fault{{Code: codeJSON, Problem: problemOf(err)}}
	}
	return faults
}

// problemOf says what an error says, without the names that Go has for things.
func problemOf(err error) string {
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
