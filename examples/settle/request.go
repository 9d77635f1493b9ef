package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/loanweave/loanweave/examples/jsonlines"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// codeQuestion is the code of a question whose figures do not fit together.
const codeQuestion = "question"

// maxID is the longest id of a question, in bytes.
const maxID = 64

// request is a line of input: one question.
type request struct {
	ID           string        `json:"id,omitempty"` // comes back with the answer
	Waterfall    *waterfall    `json:"waterfall,omitempty"`
	Distribution *distribution `json:"distribution,omitempty"`
	Fee          *fee          `json:"fee,omitempty"`
	Penalty      *penalty      `json:"penalty,omitempty"`
	Check        *check        `json:"check,omitempty"`
}

// reply is a line of output: the answer, under the name of the question, or what is wrong.
type reply struct {
	Line         int               `json:"line"`
	ID           string            `json:"id,omitempty"`
	Waterfall    *taken            `json:"waterfall,omitempty"`
	Distribution *shared           `json:"distribution,omitempty"`
	Fee          *charged          `json:"fee,omitempty"`
	Penalty      *accrued          `json:"penalty,omitempty"`
	Check        *verdict          `json:"check,omitempty"`
	Errors       []jsonlines.Fault `json:"errors,omitempty"`
}

// answerLine answers the n-th line of input; ok means that it was a question.
func answerLine(n int, line []byte, long bool) (text []byte, ok bool) {
	r := reply{Line: n}
	var q request
	if long {
		r.Errors = []jsonlines.Fault{jsonlines.TooLong()}
	} else if err := schedule.ReadJSON(line, &q); err != nil {
		r.Errors = jsonlines.Faults(line, err, func() any { return new(request) })
	}
	if len(q.ID) <= maxID {
		r.ID = q.ID
	}
	if len(r.Errors) == 0 {
		r.Errors = faultsOf(missing(line, reflect.TypeFor[request](), ""))
	}
	if len(r.Errors) == 0 {
		r.answer(&q)
	}
	text, err := json.Marshal(r)
	if err != nil { // of figures: all that an answer has are in bounds
		r = reply{Line: n, ID: r.ID, Errors: faultsOf(err)}
		text, _ = json.Marshal(r)
	}
	return text, len(r.Errors) == 0
}

// answer answers the one question of a request.
func (r *reply) answer(q *request) {
	asked, err := 0, error(nil)
	try := func(there bool, answer func() error) {
		if there {
			if asked++; asked == 1 {
				err = answer()
			}
		}
	}
	try(q.Waterfall != nil, func() (err error) { r.Waterfall, err = q.Waterfall.answer(); return err })
	try(q.Distribution != nil, func() (err error) { r.Distribution, err = q.Distribution.answer(); return err })
	try(q.Fee != nil, func() (err error) { r.Fee, err = q.Fee.answer(); return err })
	try(q.Penalty != nil, func() (err error) { r.Penalty, err = q.Penalty.answer(); return err })
	try(q.Check != nil, func() (err error) { r.Check, err = q.Check.answer(); return err })
	switch {
	case len(q.ID) > maxID:
		err = wrong("id", "must have at most %d bytes", maxID)
	case asked != 1:
		err = wrong("", "must ask one of waterfall, distribution, fee, penalty, check; asks %d", asked)
	}
	if err != nil {
		*r = reply{Line: r.Line, ID: r.ID, Errors: faultsOf(err)}
	}
}

// wrongError is a question that has no answer.
type wrongError struct{ fault jsonlines.Fault }

// Error says what is wrong.
func (e *wrongError) Error() string { return e.fault.String() }

// wrong says what is wrong with a field of a question.
func wrong(field, format string, args ...any) error {
	return &wrongError{jsonlines.Fault{Code: codeQuestion, Field: field, Problem: fmt.Sprintf(format, args...)}}
}

// tooMuch is a figure beyond the largest amount.
func tooMuch(field string) error { return beyond(field, money.MaxMinor, "minor units") }

// beyond is a figure above the most of what it counts.
func beyond(field string, most int64, what string) error {
	return &wrongError{jsonlines.Fault{Code: jsonlines.CodeOverflow, Field: field,
		Problem: fmt.Sprintf("is beyond %d %s", most, what)}}
}

// faultsOf is the fault of an error; none for nil.
func faultsOf(err error) []jsonlines.Fault {
	if err == nil {
		return nil
	}
	f := jsonlines.Fault{Code: codeQuestion, Problem: jsonlines.ProblemOf(err)}
	if known := (*wrongError)(nil); errors.As(err, &known) {
		f = known.fault
	} else if errors.Is(err, money.ErrOverflow) {
		f.Code = jsonlines.CodeOverflow
	}
	return []jsonlines.Fault{f}
}
