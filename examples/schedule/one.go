package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// one answers for the loan of the flags, and reports whether it has a plan. Faults go to stderr,
// unless JSON was asked for.
func (req *request) one(out *bufio.Writer, stderr io.Writer) (bool, error) {
	plan, err := req.terms.Plan()
	if req.format == formatJSON {
		text, ok := req.answer(0, plan, faultsOf(err))
		_, err = out.Write(append(text, '\n'))
		return ok, err
	}
	faults := faultsOf(err)
	for _, f := range faults {
		fmt.Fprintf(stderr, "schedule: %s\n", f)
	}
	if len(faults) > 0 {
		return false, nil
	}
	_, err = out.Write(req.face(plan))
	return true, err
}

// face is the plan in a format other than JSON.
func (req *request) face(plan schedule.Plan) []byte {
	switch {
	case !req.on.IsZero():
		return positionOn(plan, req.on).appendText(nil)
	case req.format == "csv":
		return plan.AppendCSV(nil)
	case req.format == "markdown":
		return plan.AppendMarkdown(nil)
	case req.format == "svg":
		return plan.AppendSVG(nil)
	}
	t := plan.Terms()
	head := fmt.Appendf(nil, "%s at %s, %s, from %s to %s\n\n", t.Principal, t.Rate, t.Method, t.Start,
		plan.Maturity())
	return plan.AppendTable(head)
}

// position is what a borrower who has paid as planned owes at the end of a day.
type position struct {
	On          civil.Date   `json:"on"`
	Outstanding money.Amount `json:"outstanding"` // principal
	Accrued     money.Amount `json:"accrued"`     // interest since the last due date
	Payoff      money.Amount `json:"payoff"`      // both
}

func positionOn(plan schedule.Plan, on civil.Date) position {
	return position{on, plan.Outstanding(on), plan.Accrued(on), plan.Payoff(on)}
}

func (p position) appendText(dst []byte) []byte {
	return fmt.Appendf(dst, "%-12s %s\n%-12s %s\n%-12s %s\n%-12s %s\n", "on", p.On, "outstanding",
		p.Outstanding, "accrued", p.Accrued, "payoff", p.Payoff)
}
