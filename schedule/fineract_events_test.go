package schedule_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// fineractStep is an event in the life of a loan, or what is expected of it then.
type fineractStep struct {
	Event   string
	Expect  string
	Date    civil.Date
	Amount  string
	Rule    string
	Columns []string
	Rows    json.RawMessage
	Data    []struct {
		From     civil.Date       `json:"reschedulefromdate"`
		Rate     *decimal.Decimal `json:"newinterestrate"`
		Due      civil.Date       `json:"adjustedduedate"`
		Extra    json.Number      `json:"extraterms"`
		Grace    json.Number      `json:"graceonprincipal"`
		GracePay json.Number      `json:"graceoninterest"`
	}
}

type fineractCase struct {
	ID    string
	Terms fineractTerms
	Steps []fineractStep
}

// fineractLife replays a case as far as a schedule carries it.
type fineractLife struct {
	t      *testing.T
	terms  fineractTerms
	rule   string // where a payment in advance goes
	first  schedule.Terms
	events []schedule.Event
	plan   schedule.Plan
	paid   int64 // in all, in cents
	count  int   // schedules compared
	today  civil.Date
	begun  bool         // it was paid out
	parts  []civil.Date // of payments that are part of the next instalment
}

// unfit says why a schedule cannot carry a case.
type unfit string

func (u unfit) Error() string { return string(u) }

var fineractIgnored = map[string]bool{
	"business_date": true, "cob": true, "add_charge": true, "waive_charge": true,
	"add_disbursement_detail": true, "undo_last_repayment": true, "undo_repayment": true,
	"credit_balance_refund": true, "charge_adjustment": true,
}

// take replays one event.
func (l *fineractLife) take(s *fineractStep) error {
	recalculates := l.terms.Recalculation != nil
	switch s.Event {
	case "approve":
		l.first = l.terms.terms(l.t, l.terms.Expected, s.Amount)
		return l.replan()
	case "disburse":
		return l.disburse(s.Date, s.Amount)
	case "undo_last_disbursal":
		for i := len(l.events) - 1; i >= 0; i-- {
			if _, ok := l.events[i].(schedule.Tranche); ok {
				l.events = slices.Delete(l.events, i, i+1)
				return l.replan()
			}
		}
		return unfit("a first payout undone")
	case "repayment":
		if !recalculates {
			return nil
		}
		return l.repay(s.Date, s.Amount)
	case "payoff":
		if !recalculates {
			return nil
		}
		return l.payOff(s.Date)
	case "reschedule":
		return l.reschedule(s)
	case "product_set_future_allocation":
		l.rule = s.Rule
		return nil
	}
	if s.Event == "add_charge" && !s.Date.IsZero() && s.Date.After(l.plan.Maturity()) {
		return unfit("a charge after the last instalment")
	}
	if fineractIgnored[s.Event] && !(recalculates && s.Event != "business_date" && s.Event != "approve" && s.Event != "cob" && s.Event != "add_disbursement_detail") {
		return nil
	}
	return unfit("event " + s.Event)
}

func (l *fineractLife) disburse(on civil.Date, amount string) error {
	if !l.begun {
		l.begun = true
		l.first = l.terms.terms(l.t, on, amount)
		return l.replan()
	}
	switch {
	case !on.After(l.first.Start) || slices.ContainsFunc(l.events, l.paysOutOn(on)):
		return unfit("a second payout on a day")
	case l.terms.FullTerm:
		return unfit("a payout with a full term of its own")
	case l.terms.Engine == "CUMULATIVE" && !on.Before(l.first.Every.After(l.first.Start, 1)):
		return unfit("a payout after the first due date in the cumulative engine, which figures past instalments anew")
	case l.first.Method == schedule.MethodFlat:
		return unfit("flat interest on terms that change")
	case l.terms.Calculation == "SAME_AS_REPAYMENT_PERIOD" && !l.terms.Partial && !l.terms.Percent.IsZero():
		return unfit("a payout that bears interest for its whole period")
	case !on.Before(l.plan.Maturity()):
		return unfit("a payout at the end of the term or later")
	}
	l.events = append(l.events, schedule.Tranche{On: on, Amount: eur(l.t, amount)})
	return l.replan()
}

// paysOutOn reports whether an event is a payout on a day.
func (l *fineractLife) paysOutOn(on civil.Date) func(schedule.Event) bool {
	return func(e schedule.Event) bool {
		tranche, ok := e.(schedule.Tranche)
		return ok && tranche.On == on
	}
}

// replan makes the plan anew from all events.
func (l *fineractLife) replan() error {
	plan, err := l.first.Plan()
	if err != nil {
		return err
	}
	if len(l.events) > 0 {
		var proof schedule.Proof
		if plan, proof, err = plan.After(l.events...); err == nil {
			err = proof.Check()
		}
	}
	l.plan = plan
	return err
}

// unpaid is the first instalment that payments do not cover, and how many cents of it they do.
func (l *fineractLife) unpaid() (i int, part int64) {
	rest := l.paid
	for i, in := range l.instalments() {
		if rest < in.Total.Minor() || in.Total.Sign() == 0 {
			return i, rest
		}
		rest -= in.Total.Minor()
	}
	return len(l.instalments()), rest
}

func (l *fineractLife) repay(on civil.Date, amount string) error {
	cents := eur(l.t, amount).Minor()
	i, part := l.unpaid()
	switch {
	case part != 0:
		return unfit("payments that leave a part of an instalment, interest recalculated")
	case i == len(l.instalments()) || l.instalments()[i].Due.Before(on):
		return unfit("a late payment, interest recalculated")
	case cents > l.instalments()[i].Total.Minor() || on == l.instalments()[i].Due && cents != l.instalments()[i].Total.Minor():
		return unfit("a payment of another amount than is due, interest recalculated")
	case on.Before(l.instalments()[i].Due) && l.rule != "NEXT_INSTALLMENT":
		return unfit("a payment in advance that goes to " + l.rule)
	case on.Before(l.instalments()[i].Due) && i > 0 && !l.instalments()[i-1].Due.Before(on):
		return unfit("several instalments in advance on one day")
	}
	if next := l.instalments()[i]; cents < next.Total.Minor() && cents > next.Principal.Minor() {
		return unfit("a part of an instalment in advance that is more than its principal")
	}
	l.paid += cents
	if cents < l.instalments()[i].Total.Minor() {
		l.parts = append(l.parts, on)
		l.events = append(l.events, schedule.Change{On: on, Kind: schedule.ChangePrepay,
			Amount: eur(l.t, amount), Effect: schedule.EffectNext})
		return l.replan()
	}
	if on.Before(l.instalments()[i].Due) {
		l.events = append(l.events, schedule.Change{On: on, Kind: schedule.ChangeEarly})
		return l.replan()
	}
	return nil
}

func (l *fineractLife) payOff(on civil.Date) error {
	i, part := l.unpaid()
	left := len(l.instalments()) - i
	switch {
	case part != 0:
		return unfit("payments that leave a part of an instalment, interest recalculated")
	case left == 0:
		return nil
	case l.instalments()[i].Due.Before(on):
		return unfit("a late payment, interest recalculated")
	case l.instalments()[i].Due == on:
		if left--; left == 0 {
			return nil
		}
	}
	l.events = append(l.events, schedule.Change{On: on, Kind: schedule.ChangeEarly, Count: left})
	return l.replan()
}

func (l *fineractLife) reschedule(s *fineractStep) error {
	for _, d := range s.Data {
		if d.Grace != "" || d.GracePay != "" {
			return unfit("grace granted later")
		}
		if l.first.Method == schedule.MethodFlat {
			return unfit("flat interest on terms that change")
		}
		if d.Extra != "" && l.terms.Engine == "CUMULATIVE" && !l.terms.Percent.IsZero() {
			return unfit("extra terms with interest in the cumulative engine, which leave it to the last")
		}
		if !d.Due.IsZero() && l.terms.DaysInMonth == "30" && !l.terms.Percent.IsZero() && d.Due.Day() != d.From.Day() {
			return unfit("a due date moved by a part of a month of 30 days")
		}
		if d.Rate != nil {
			if from := d.From.AddDays(-1); from.Before(l.first.Start) {
				d.From = l.first.Start.AddDays(1)
			}
			step := schedule.RateStep{From: d.From.AddDays(-1), Rate: fraction(l.t, *d.Rate, schedule.PerYear)}
			l.events = append(l.events, step)
		}
		if !d.Due.IsZero() || d.Extra != "" {
			c := schedule.Change{On: d.From.AddDays(-1), Kind: schedule.ChangeReschedule, First: d.Due,
				Keep: d.Extra == ""}
			if extra, _ := d.Extra.Int64(); extra > 0 {
				for _, in := range l.plan.Instalments() {
					if !in.Due.Before(d.From) {
						c.Count++
					}
				}
				c.Count += int(extra)
			}
			l.events = append(l.events, c)
		}
	}
	return l.replan()
}

// compare compares the principal, interest and balance of every instalment with a schedule.
func (l *fineractLife) compare(s *fineractStep) error {
	l.count++
	names := s.Columns
	if names == nil {
		names = fineractColumns
	}
	at := columns(names)
	var want []string
	var rows [][]any
	if err := json.Unmarshal(s.Rows, &rows); err != nil {
		return err
	}
	if l.terms.Recalculation != nil && l.overdue(l.today) {
		return unfit("overdue principal that bears interest")
	}
	for _, row := range rows {
		if row[at["nr"]] != nil {
			want = append(want, fmt.Sprintf("balance %s principal %s interest %s", row[at["balance"]],
				row[at["principal"]], row[at["interest"]]))
		}
	}
	var got []string
	for _, in := range l.instalments() {
		got = append(got, fmt.Sprintf("balance %s principal %s interest %s", figure(in.Balance),
			figure(in.Principal), figure(in.Interest)))
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			return fmt.Errorf("schedule %d: %d rows, want %d", l.count, len(got), len(want))
		}
		if got[i] != want[i] {
			return fmt.Errorf("schedule %d row %d:\n got %s\nwant %s", l.count, i+1, got[i], want[i])
		}
	}
	return nil
}

var fineractColumns = []string{"nr", "days", "date", "paid_on", "balance", "principal", "interest",
	"fees", "penalties", "due", "paid", "in_advance", "late", "outstanding"}

// instalments are those of the plan, what was paid of one in advance included.
func (l *fineractLife) instalments() (all []schedule.Instalment) {
	var part money.Amount
	for _, in := range l.plan.Instalments() {
		if slices.Contains(l.parts, in.Due) {
			part, _ = part.Add(in.Principal)
			continue
		}
		in.Principal, _ = in.Principal.Add(part)
		in.Total, _ = in.Total.Add(part)
		part = money.Amount{}
		all = append(all, in)
	}
	return all
}

// overdue reports an instalment that is unpaid on a day after its due date.
func (l *fineractLife) overdue(on civil.Date) bool {
	i, _ := l.unpaid()
	return l.begun && i < len(l.instalments()) && l.instalments()[i].Due.Before(on) && l.instalments()[i].Total.Sign() > 0
}

// replay goes through a case: an error that is unfit says why a schedule cannot carry it.
func (c *fineractCase) replay(t *testing.T) error {
	if reason := c.Terms.unsupported(); reason != "" {
		return unfit(reason)
	}
	l := &fineractLife{t: t, terms: c.Terms, rule: "NEXT_INSTALLMENT"}
	if len(c.Terms.Tranches) > 0 {
		return unfit("payouts that are foreseen in the terms")
	}
	if c.Terms.Engine == "CUMULATIVE" && c.Terms.Recalculation != nil {
		return unfit("the cumulative engine with interest recalculated")
	}
	l.first = c.Terms.terms(t, c.Terms.Expected, c.Terms.Principal)
	if err := l.replan(); err != nil {
		return err
	}
	for _, a := range c.Terms.Allocation {
		if a.Type == "DEFAULT" {
			l.rule = a.Future
		}
	}
	for i := range c.Steps {
		s := &c.Steps[i]
		var err error
		switch {
		case s.Expect == "schedule":
			err = l.compare(s)
		case s.Event == "business_date":
			l.today = s.Date
		case s.Event == "cob" && c.Terms.Recalculation != nil && l.overdue(l.today):
			err = unfit("overdue principal that bears interest")
		case s.Event != "":
			err = l.take(s)
		}
		if err != nil {
			return err
		}
	}
	if l.count == 0 {
		return unfit("no schedule to compare")
	}
	return nil
}

func TestVectorsFineractEvents(t *testing.T) {
	for _, name := range []string{"repayment", "payoff", "rate_change", "reschedule", "multi_disbursal"} {
		var file struct{ Cases []fineractCase }
		path := filepath.Join("fineract", "events_"+name+".json")
		if err := json.NewDecoder(openVector(t, path)).Decode(&file); err != nil {
			t.Fatal(err)
		}
		reproduced, unsupported := 0, map[string]int{}
		for _, c := range file.Cases {
			err := c.replay(t)
			var reason unfit
			if errors.As(err, &reason) {
				unsupported[string(reason)]++
			} else if err != nil {
				t.Errorf("%s %s: %v", name, c.ID, err)
			} else {
				reproduced++
			}
		}
		total := 0
		for _, reason := range slices.Sorted(maps.Keys(unsupported)) {
			t.Logf("%s: unsupported %d: %s", name, unsupported[reason], reason)
			total += unsupported[reason]
		}
		if reproduced == 0 {
			t.Errorf("%s: no case was reproduced", name)
		}
		fmt.Printf("vectors: fineract events_%s: reproduced %d of %d, unsupported %d\n", name,
			reproduced, len(file.Cases), total)
	}
}
