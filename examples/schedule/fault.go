package main

import (
	"cmp"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/examples/jsonlines"
	"github.com/loanweave/loanweave/schedule"
)

// codeTerms is the code of rules that make no plan.
const codeTerms = "terms"

// fault is one thing that is wrong with a loan.
type fault = jsonlines.Fault

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
		f := fault{Code: codeTerms, Problem: jsonlines.ProblemOf(err)}
		if wrong := (*schedule.TermsError)(nil); errors.As(err, &wrong) {
			f.Field, f.Problem = namesIn(wrong.Field), namesIn(wrong.Problem)
		} else if errors.Is(err, schedule.ErrOverflow) {
			f.Code = jsonlines.CodeOverflow
		}
		if len(faults) < jsonlines.MaxFaults && !slices.Contains(faults, f) {
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
