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
			Borrowed: a(0), PaidOut: a(l.PaidOut)}
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

// AppendStatementsCSV appends statements as CSV by RFC 4180: a header, then for each loan a record without
// a date for the whole of it and one an instalment, each ended by CR LF. Charges are all that is neither
// principal nor interest. Amounts are plain digits with all decimals of the currency.
func AppendStatementsCSV(dst []byte, statements []Statement) []byte {
	dst = append(dst, "loan,borrower,state,currency,due,borrowed,withheld,paid-out,outstanding,"+
		"principal-owed,principal-paid,interest-owed,interest-paid,charges-owed,charges-paid\r\n"...)
	for i := range statements {
		s := &statements[i]
		cur := s.Outstanding.Currency()
		a := func(minor int64) money.Amount { return amount(minor, cur) }
		record := func(due civil.Date, borrowed, withheld, out, left any, owed, paid Components) {
			rest := func(c Components) money.Amount { return a(c.Total() - c[Principal] - c[Interest]) }
			dst = appendRecord(dst, string(s.Loan), string(s.Borrower), s.State, cur.Code(), due, borrowed, withheld,
				out, left, a(owed[Principal]), a(paid[Principal]), a(owed[Interest]), a(paid[Interest]), rest(owed), rest(paid))
		}
		var owed, paid Components
		for _, l := range s.Plan {
			for c := range l.Owed {
				owed[c], paid[c] = owed[c]+l.Owed[c], paid[c]+l.Paid[c]
			}
		}
		record(civil.Date{}, s.Borrowed, s.Withheld, s.PaidOut, s.Outstanding, owed, paid)
		for _, l := range s.Plan {
			record(l.Due, "", "", "", "", l.Owed, l.Paid)
		}
	}
	return dst
}
