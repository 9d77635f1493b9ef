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
	Principal   money.Amount // paid so far and not called back, as are the next four
	Interest    money.Amount
	Penalty     money.Amount
	Fees        money.Amount
	Costs       money.Amount
	Outstanding money.Amount // principal still owed
	Plan        []StatementLine
}

// StatementLine is one instalment of a statement, in minor units by component. Late charges are
// those that were booked, up to a date; what is to be paid on another date is [Desk.Quote].
//
//	unpaid      = owed - paid - waived
//	outstanding = borrowed - sum of principal (paid - called back)
type StatementLine struct {
	Due        civil.Date
	Owed, Paid Components
	Waived     Components // let off
	CalledBack Components // of Owed, what was called back; it is owed here, or since in the plan made anew
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
			for c := range paid {
				paid[c] += d.kept(Component(c))
			}
			s.Plan = append(s.Plan, StatementLine{d.Date, d.Owed, d.Paid, d.Waived, d.Again, d.Through})
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
		"principal-owed,principal-paid,principal-waived,principal-called-back,"+
		"interest-owed,interest-paid,interest-waived,interest-called-back,"+
		"charges-owed,charges-paid,charges-waived,charges-called-back\r\n"...)
	for i := range statements {
		s := &statements[i]
		cur := s.Outstanding.Currency()
		record := func(l *StatementLine, whole ...any) {
			fields := append([]any{string(s.Loan), string(s.Borrower), s.State, cur.Code(), l.Due}, whole...)
			for _, of := range [...]func(Components) int64{
				func(c Components) int64 { return c[Principal] },
				func(c Components) int64 { return c[Interest] },
				func(c Components) int64 { return c.Total() - c[Principal] - c[Interest] },
			} {
				for _, c := range [...]Components{l.Owed, l.Paid, l.Waived, l.CalledBack} {
					fields = append(fields, amount(of(c), cur))
				}
			}
			dst = appendRecord(dst, fields...)
		}
		var all StatementLine
		for _, l := range s.Plan {
			for c := range l.Owed {
				all.Owed[c], all.Paid[c] = all.Owed[c]+l.Owed[c], all.Paid[c]+l.Paid[c]
				all.Waived[c], all.CalledBack[c] = all.Waived[c]+l.Waived[c], all.CalledBack[c]+l.CalledBack[c]
			}
		}
		record(&all, s.Borrowed, s.Withheld, s.PaidOut, s.Outstanding)
		for i := range s.Plan {
			record(&s.Plan[i], "", "", "", "")
		}
	}
	return dst
}
