package main

import (
	"encoding/json"
	"fmt"

	"github.com/loanweave/loanweave/examples/jsonlines"
	"github.com/loanweave/loanweave/schedule"
)

// answerLine answers the n-th line of input.
func (req *request) answerLine(n int, line []byte, long bool) (text []byte, ok bool) {
	if long {
		return req.answer(n, schedule.Plan{}, []fault{jsonlines.TooLong()})
	}
	var terms schedule.Terms
	if err := schedule.ReadTerms(line, &terms); err != nil {
		return req.answer(n, schedule.Plan{},
			jsonlines.Faults(line, err, func() any { return new(schedule.Terms) }))
	}
	plan, err := terms.Plan()
	return req.answer(n, plan, faultsOf(err))
}

// answer is the JSON line for a plan, or for what is wrong; ok means that it has the plan. It bears
// the number of the line that asked, which is 0 when none did.
func (req *request) answer(n int, plan schedule.Plan, faults []fault) (text []byte, ok bool) {
	name, value := "errors", any(faults)
	switch {
	case len(faults) > 0:
	case req.on.IsZero():
		name, value = "plan", plan
	default:
		name, value = "position", positionOn(plan, req.on)
	}
	text, err := marshal(value)
	if err != nil { // of a plan
		return req.answer(n, schedule.Plan{}, faultsOf(err))
	}
	head := `{"` + name + `":`
	if n > 0 {
		head = fmt.Sprintf(`{"line":%d,"%s":`, n, name)
	}
	return append(append([]byte(head), text...), '}'), len(faults) == 0
}

// marshal is json.Marshal, which would read over what a plan has written once more.
func marshal(value any) ([]byte, error) {
	if plan, ok := value.(schedule.Plan); ok {
		return plan.MarshalJSON()
	}
	return json.Marshal(value)
}
