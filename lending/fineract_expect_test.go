package lending_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

var fineractColumns = []string{"nr", "days", "date", "paid_on", "balance", "principal", "interest",
	"fees", "penalties", "due", "paid", "in_advance", "late", "outstanding"}

func figure(minor int64) string { return amt(minor, eur).Decimal().StringFixed(2) }

// instalment is what Fineract shows of one, in cents.
type instalment map[string]int64

// history is every payment that stands.
func (l *fineractLife) history(loan *lending.Loan) []lending.Movement {
	return slices.Concat(l.past, loan.History)
}

// instalments shows the loan as Fineract does, with the day on which each was paid.
func (l *fineractLife) instalments(loan *lending.Loan) (rows []instalment, paidOn []civil.Date) {
	balance := loan.Amount.Minor()
	for i := range loan.Dues {
		d := &loan.Dues[i]
		u := d.Unpaid()
		balance -= d.Owed[lending.Principal] - d.Again[lending.Principal]
		row := instalment{"balance": balance, "principal": d.Owed[lending.Principal],
			"interest": d.Owed[lending.Interest], "due": d.Owed.Total(), "paid": d.Paid.Total(),
			"outstanding": u.Total(), "waived": d.Waived.Total()}
		for _, x := range loan.Charges {
			if x.Instalment == i && x.Fee == penalty {
				row["penalties"] += x.Owed
			} else if x.Instalment == i {
				row["fees"] += x.Owed
			}
		}
		last := l.waived[i]
		for _, m := range l.history(loan) {
			for _, p := range m.Parts {
				if p.Instalment != i {
					continue
				}
				if m.On.After(last) {
					last = m.On
				}
				switch {
				case m.On.Before(d.Date):
					row["in_advance"] += p.Minor
				case m.On.After(d.Date):
					row["late"] += p.Minor
				}
			}
		}
		switch {
		case u.Total() > 0:
			last = civil.Date{}
		case d.Owed.Total() == 0:
			last = loan.Plan.Terms().Start
		}
		rows, paidOn = append(rows, row), append(paidOn, last)
	}
	return rows, paidOn
}

// check compares what is expected with the loan.
func (l *fineractLife) check(s *fineractStep) error {
	if l.id == "" {
		return nil // what a loan would be: schedules are for the schedule package
	}
	loan := l.now()
	if l.terms.bears() && l.terms.Recalculation != nil && loan.DaysPastDue(l.day) > 0 {
		return uncarried("overdue principal that bears interest")
	}
	if l.netted && (s.Expect == "schedule" || s.Expect == "totals" || s.Expect == "transactions") {
		return uncarried("a chargeback owed in full though the borrower's balance met it")
	}
	switch s.Expect {
	case "schedule":
		return l.schedule(loan, s)
	case "totals":
		return l.totals(loan, s)
	case "transactions":
		return l.transactions(loan, s)
	case "charges":
		return l.charges(loan, s)
	case "status":
		return l.status(loan, s.Value)
	case "outstanding", "closed_zero_outstanding", "overdue", "overpaid":
		return l.sums(loan, s)
	}
	return nil // journals of another chart of accounts, delinquency ranges
}

func differ(what string, got, want []string) error {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Errorf("%s: missing %s", what, want[i])
		case i >= len(want):
			return fmt.Errorf("%s: not wanted %s", what, got[i])
		case got[i] != want[i]:
			return fmt.Errorf("%s row %d:\n got %s\nwant %s", what, i+1, got[i], want[i])
		}
	}
	return nil
}

func (l *fineractLife) schedule(loan *lending.Loan, s *fineractStep) error {
	names := s.Columns
	if names == nil {
		names = fineractColumns
	}
	var rows [][]any
	if err := json.Unmarshal(s.Rows, &rows); err != nil {
		return err
	}
	var got, want []string
	for _, row := range rows {
		if row[0] == nil {
			continue
		}
		var cells []string
		for k, name := range names {
			if name == "nr" || name == "days" {
				continue
			}
			if row[k] == nil {
				row[k] = "-"
			}
			cells = append(cells, fmt.Sprintf("%s %v", name, row[k]))
		}
		want = append(want, strings.Join(cells, " "))
	}
	figures, paidOn := l.instalments(loan)
	for i, f := range figures {
		var cells []string
		for _, name := range names {
			switch name {
			case "nr", "days":
				continue
			case "date":
				cells = append(cells, "date "+loan.Dues[i].Date.String())
			case "paid_on":
				on := "-"
				if !paidOn[i].IsZero() {
					on = paidOn[i].String()
				}
				cells = append(cells, "paid_on "+on)
			default:
				cells = append(cells, name+" "+figure(f[name]))
			}
		}
		got = append(got, strings.Join(cells, " "))
	}
	return differ("schedule", got, want)
}

func (l *fineractLife) totals(loan *lending.Loan, s *fineractStep) error {
	sums := instalment{}
	rows, _ := l.instalments(loan)
	for _, row := range rows {
		for name, n := range row {
			sums[name] += n
		}
	}
	var got, want []string
	for _, name := range append(slices.Clone(fineractColumns[5:]), "waived") {
		if v, ok := s.Values[name]; ok {
			got, want = append(got, name+" "+figure(sums[name])), append(want, name+" "+v)
		}
	}
	return differ("totals", got, want)
}

// row is a payment as Fineract lists it.
func (l *fineractLife) row(m *lending.Movement) transaction {
	x := transaction{on: m.On, kind: l.names[m.N], n: m.N, amount: l.sent[m.N]}
	for _, p := range m.Parts {
		x.by[columnOf(l.now(), p)] += p.Minor
	}
	return x
}

func (x *transaction) String() string {
	return fmt.Sprintf("%s %s %s: principal %s interest %s fees %s penalties %s", x.on, x.kind,
		figure(x.amount), figure(x.by[0]), figure(x.by[1]), figure(x.by[2]), figure(x.by[3]))
}

func (l *fineractLife) transactions(loan *lending.Loan, s *fineractStep) error {
	all := slices.Clone(l.others)
	for _, m := range l.history(loan) {
		all = append(all, l.row(&m))
	}
	var rows [][]any
	if err := json.Unmarshal(s.Rows, &rows); err != nil {
		return err
	}
	told := slices.ContainsFunc(rows, func(row []any) bool { return row[8] != nil })
	line := func(text string, reverted bool) string {
		if told && reverted {
			return text + " reverted"
		}
		return text
	}
	var got, want []string
	for i := range all {
		got = append(got, line(all[i].String(), all[i].reverted))
	}
	for _, row := range rows {
		// accruals are accounting; a write-off's row has by kind what the schedule says is left
		if kind := fmt.Sprint(row[1]); strings.HasPrefix(kind, "Accrual") || kind == "Close (as written-off)" {
			continue
		}
		want = append(want, line(fmt.Sprintf("%v %v %v: principal %v interest %v fees %v penalties %v",
			row[:7]...), row[8] == "true"))
	}
	slices.Sort(got)
	slices.Sort(want)
	return differ("transactions", got, want)
}

func (l *fineractLife) charges(loan *lending.Loan, s *fineractStep) error {
	var rows []struct {
		Penalty                        string `json:"ispenalty"`
		At                             string `json:"payment_due_at"`
		Due, Paid, Waived, Outstanding decimal.Decimal
	}
	if err := json.Unmarshal(s.Rows, &rows); err != nil {
		return err
	}
	var got, want []string
	line := func(penal bool, due, paid, waived, left decimal.Decimal) string {
		return fmt.Sprintf("penalty %t due %s paid %s waived %s left %s", penal, due.StringFixed(2),
			paid.StringFixed(2), waived.StringFixed(2), left.StringFixed(2))
	}
	for _, r := range rows {
		if r.At != "Specified due date" {
			return nil // one line there for charges of every instalment, which the schedule shows
		}
		want = append(want, line(r.Penalty == "true", r.Due, r.Paid, r.Waived, r.Outstanding))
	}
	for _, x := range loan.Charges {
		d := func(minor int64) decimal.Decimal { return amt(minor, eur).Decimal() }
		got = append(got, line(x.Fee == penalty, d(x.Owed), d(x.Paid), d(x.Waived), d(x.Unpaid())))
	}
	slices.Sort(got)
	slices.Sort(want)
	return differ("charges", got, want)
}

func (l *fineractLife) status(loan *lending.Loan, want string) error {
	got := map[lending.State]string{lending.StateActive: "ACTIVE", lending.StateWrittenOff: "CLOSED_WRITTEN_OFF",
		lending.StateClosed: "CLOSED_OBLIGATIONS_MET"}[loan.State]
	if loan.State == lending.StateClosed && l.wallet("ann", eur).Available > 0 {
		got = "OVERPAID"
	}
	if got != want {
		return fmt.Errorf("status: got %s, want %s", got, want)
	}
	return nil
}

// sums compares one figure.
func (l *fineractLife) sums(loan *lending.Loan, s *fineractStep) error {
	var got int64
	for i := range loan.Dues {
		if s.Expect != "overdue" || loan.Dues[i].Date.Before(l.day) {
			got += loan.Dues[i].Unpaid().Total()
		}
	}
	if s.Expect == "overpaid" {
		got = l.wallet("ann", eur).Available
	}
	if s.Expect == "closed_zero_outstanding" {
		s.Value = "0"
	}
	want, err := decimal.NewFromString(s.Value)
	if err == nil && want.StringFixed(2) != figure(got) {
		err = fmt.Errorf("%s: got %s, want %s", s.Expect, figure(got), s.Value)
	}
	return err
}
