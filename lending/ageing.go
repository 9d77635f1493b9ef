package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// maxEdges bounds an ageing.
const maxEdges = 60

// Ageing is the book by days past due (账龄): active and written-off loans by the age of their oldest
// instalment that is due and unpaid, as [Loan.DaysPastDue] has it. A loan that was written off is past
// due for a day at least, whatever its plan says.
//
// Invariant: the lines partition these loans; their amounts add up to the ledger's Debt and DebtWO.
type Ageing struct {
	Currency money.Currency
	On       civil.Date
	Lines    []AgeingLine // from 0 days on
}

// AgeingLine has the loans that are past due for From to To days.
type AgeingLine struct {
	From, To int          // inclusive; To is -1 in the last line, which has no end
	Owed     Volume       // the amount is the principal that they owe in all
	Arrears  money.Amount // principal and interest that is due and unpaid; of loans written off, all of it
}

// Ageing draws the table up for a day. Each edge is the last day of a line: without edges the lines are
// 0, 1-30, 31-60, 61-90, 91-180 and more days. Edges that do not rise from 0 days or more, and more than
// 60, are an [ErrTerms], a zero date is an [ErrDate], a figure beyond [money.MaxMinor] a
// [money.ErrOverflow].
func (r *Reports) Ageing(c money.Currency, on civil.Date, edges ...int) (Ageing, error) {
	out := Ageing{Currency: c, On: on}
	if len(edges) == 0 {
		edges = []int{0, 30, 60, 90, 180}
	}
	if err := checkEdges(edges); err != nil {
		return out, err
	}
	if on.IsZero() {
		return out, &Error{ErrDate, "ageing", "wants the day for which it is drawn up"}
	}
	owed, arrears := make([]volume, len(edges)+1), make([]ledger.Sum, len(edges)+1)
	for l := range r.lent(c) {
		if !l.outstanding() {
			continue
		}
		i, _ := slices.BinarySearch(edges, l.overdue(on))
		owed[i].add(l.Outstanding().Minor())
		arrears[i] = arrears[i].Add(l.arrears(on))
	}
	f := &figures{cur: c}
	for i, v := range owed {
		line := AgeingLine{To: -1, Owed: f.volume(v), Arrears: f.amount(arrears[i])}
		if i > 0 {
			line.From = edges[i-1] + 1
		}
		if i < len(edges) {
			line.To = edges[i]
		}
		out.Lines = append(out.Lines, line)
	}
	return out, f.err()
}

func checkEdges(edges []int) error {
	last := -1
	for _, n := range edges {
		if n <= last || len(edges) > maxEdges {
			return &Error{ErrTerms, "ageing", "wants at most 60 edges, days past due that rise from 0 or more"}
		}
		last = n
	}
	return nil
}

// overdue is the loan's days past due; a loan that was written off is past due whatever its plan says.
func (l *Loan) overdue(on civil.Date) int {
	switch days := l.DaysPastDue(on); l.State {
	case StateActive:
		return days
	case StateWrittenOff:
		return max(1, days)
	}
	return 0
}

// arrears is the principal and interest that was due before a day and is unpaid. All that a loan owes
// is due once it is written off.
func (l *Loan) arrears(on civil.Date) (sum int64) {
	for i := range l.Dues {
		if d := &l.Dues[i]; d.Date.Before(on) || l.State == StateWrittenOff {
			unpaid := d.Unpaid()
			sum += unpaid[Principal] + unpaid[Interest]
		}
	}
	return sum
}

// AppendCSV appends the table as CSV by RFC 4180: a header and one record a line, each ended by CR LF.
// The last line's end is empty. Amounts are plain digits with all decimals of the currency.
func (a Ageing) AppendCSV(dst []byte) []byte {
	dst = append(dst, "from,to,currency,loans,owed,arrears\r\n"...)
	for _, l := range a.Lines {
		var to any = l.To
		if l.To < 0 {
			to = ""
		}
		dst = appendRecord(dst, l.From, to, a.Currency.Code(), l.Owed.Loans, l.Owed.Amount, l.Arrears)
	}
	return dst
}
