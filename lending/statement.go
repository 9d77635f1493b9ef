package lending

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Statement is what a borrower has had and paid on one loan.
type Statement struct {
	Loan        LoanID
	Borrower    PartyID
	State       State
	Borrowed    money.Amount
	Withheld    money.Amount // fees kept back at disbursement
	PaidOut     money.Amount
	Principal   money.Amount // paid so far, as are the next four
	Interest    money.Amount
	Penalty     money.Amount
	Fees        money.Amount
	Costs       money.Amount
	Outstanding money.Amount // principal still owed
	Plan        []StatementLine
}

// StatementLine is one instalment of a statement, in minor units by component. Late charges are
// those that were booked, up to a date; what is to be paid on another date is [Desk.Quote].
type StatementLine struct {
	Due        civil.Date
	Owed, Paid Components
	Charged    civil.Date // up to which late charges are booked; the due date when there are none
}

// Statements reports on a borrower's loans in the order in which they were applied for.
func (r *Reports) Statements(p PartyID) (out []Statement) {
	for _, id := range r.order {
		l := r.loans[id]
		if l.Borrower != p {
			continue
		}
		a := func(minor int64) money.Amount { return amount(minor, l.Currency()) }
		s := Statement{Loan: id, Borrower: p, State: l.State, Outstanding: l.Outstanding(),
			PaidOut: a(l.PaidOut)}
		var paid Components
		for i := range l.Dues {
			d := &l.Dues[i]
			for c, n := range d.Paid {
				paid[c] += n
			}
			s.Plan = append(s.Plan, StatementLine{d.Date, d.Owed, d.Paid, d.Through})
		}
		if len(l.Dues) > 0 {
			s.Borrowed = l.Amount
		}
		var withheld int64
		for _, f := range l.Upfront {
			withheld += f.Minor
		}
		s.Withheld = a(withheld)
		s.Principal, s.Interest = a(paid[Principal]), a(paid[Interest])
		s.Penalty, s.Fees, s.Costs = a(paid[Penalty]), a(paid[Fees]), a(paid[Costs])
		out = append(out, s)
	}
	return out
}
