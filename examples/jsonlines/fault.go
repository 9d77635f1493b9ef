package jsonlines

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/loanweave/loanweave/schedule"
)

// The codes of faults that any line can have.
const (
	CodeLine     = "line"     // the line is too long
	CodeJSON     = "json"     // the line is no JSON object, or more than one
	CodeText     = "text"     // a field does not read, or is none
	CodeOverflow = "overflow" // beyond the largest amount
)

// Bounds of what is said about one line.
const (
	MaxFaults  = 100
	maxProblem = 200 // bytes
)

// Fault is one thing that is wrong with a line.
type Fault struct {
	Code    string `json:"code"`
	Field   string `json:"field,omitempty"` // its path, as JSON names it: "rounding.interest", "fees[1].rate"
	Problem string `json:"problem"`
}

// String gives field and problem.
func (f Fault) String() string { return strings.TrimSpace(f.Field + " " + f.Problem) }

// TooLong is the fault of a line above MaxLine.
func TooLong() Fault { return Fault{Code: CodeLine, Problem: "is above 64 KiB"} }

// Faults looks for the fields of a line that did not decode, by reading each alone into a new value
// that make gives, in the order of the line; what is behind the object comes last. A line that is no
// object has this one fault.
func Faults(line []byte, err error, make func() any) (faults []Fault) {
	whole := Fault{Code: CodeJSON, Problem: ProblemOf(err)}
	dec := json.NewDecoder(bytes.NewReader(line))
	if open, _ := dec.Token(); open != json.Delim('{') {
		return []Fault{whole}
	}
	seen := map[string]bool{}
	for dec.More() {
		var value json.RawMessage
		name, _ := dec.Token()
		field, ok := name.(string)
		if !ok || dec.Decode(&value) != nil {
			return []Fault{whole}
		}
		f := Fault{Code: CodeText, Field: clip(field), Problem: "is there twice"}
		if !seen[field] {
			f, ok = faultOf(field, value, make())
		}
		if seen[field] = true; ok && len(faults) < MaxFaults-1 {
			faults = append(faults, f)
		}
	}
	if _, err := dec.Token(); err != nil {
		return []Fault{whole}
	}
	rest := line[dec.InputOffset():]
	if err := schedule.ReadJSON(append([]byte("{}"), rest...), make()); err != nil {
		faults = append(faults, Fault{Code: CodeJSON, Problem: ProblemOf(err)})
	}
	if len(faults) == 0 {
		return []Fault{whole}
	}
	return faults
}

// faultOf is what is wrong with a field alone, if anything is.
func faultOf(field string, value json.RawMessage, into any) (f Fault, wrong bool) {
	alone, err := json.Marshal(map[string]json.RawMessage{field: value})
	if err == nil {
		err = schedule.ReadJSON(alone, into)
	}
	if err == nil {
		return Fault{}, false
	}
	if named := (*schedule.JSONError)(nil); errors.As(err, &named) {
		field = named.Field
	}
	if place, found := placeOf(alone, reflect.TypeOf(into).Elem(), ""); found != nil {
		field, err = place, found
	}
	return Fault{CodeText, clip(field), ProblemOf(err)}, true
}

// ProblemOf says what an error says, without the names that Go has for things.
func ProblemOf(err error) string {
	if wrong := (*schedule.JSONError)(nil); errors.As(err, &wrong) {
		return wrong.Problem
	}
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		kind, _, _ := strings.Cut(wrong.Value, " ") // a number comes with its digits
		if want := wanted(wrong.Type); want != "a whole number" || kind != "number" {
			return "must be " + want + ", not a JSON " + kind
		}
		return "must be a whole number"
	}
	return clip(strings.TrimPrefix(err.Error(), "json: "))
}

// clip is a text cut to maxProblem bytes, at the end of a rune.
func clip(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxProblem)], "")
}
