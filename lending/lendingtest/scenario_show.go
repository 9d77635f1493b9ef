package lendingtest

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// doShow prints a read model: wallet WHO, loan LOAN, quote LOAN, books, portfolio WHO, statement
// WHO, income, listings, payment PAYMENT, party WHO, suspense.
func doShow(w *World, args []string) ([]string, error) {
	what, name := args[0], ""
	if len(args) > 1 {
		name = args[1]
	}
	whole := map[string]func() []string{
		"books": w.showBooks, "income": w.showIncome, "listings": w.showListings,
		"suspense": w.showSuspense,
	}
	one := map[string]func(string) ([]string, error){
		"wallet": w.showWallet, "loan": w.showLoan, "quote": w.showQuote,
		"portfolio": w.showPortfolio, "statement": w.showStatement, "payment": w.showPayment,
		"party": w.showParty,
	}
	if show, ok := whole[what]; ok && len(args) == 1 {
		return show(), nil
	}
	if show, ok := one[what]; ok && len(args) == 2 {
		return show(name)
	}
	return nil, badLine("cannot show %q", args)
}

func (w *World) showWallet(name string) ([]string, error) {
	v, err := w.desk.Wallet(context.Background(), lending.PartyID(name), w.cur)
	if err != nil {
		return nil, err
	}
	a := func(n int64) string { return minor(n, w.cur).Text() }
	return []string{fmt.Sprintf("%s free %s, held %s, owed %s",
		w.cur, a(v.Available), a(v.HeldTotal()), a(v.Owed))}, nil
}

func (w *World) showLoan(name string) ([]string, error) {
	l, err := w.desk.Loan(context.Background(), w.loan(name))
	if err != nil {
		return nil, err
	}
	c := l.Currency()
	printed := []string{fmt.Sprintf("%s, %s, raised %s by %d bids",
		l.State, l.Amount, minor(l.Raised, c).Text(), len(l.Bids))}
	if l.State == lending.StateOpen {
		printed = append(printed, "takes bids until "+l.Deadline.String())
	}
	if len(l.Dues) > 0 {
		printed = append(printed, fmt.Sprintf("outstanding %s, %d days past due",
			l.Outstanding().Text(), l.DaysPastDue(w.day)))
	}
	for i := range l.Dues {
		d := &l.Dues[i]
		printed = append(printed, fmt.Sprintf("%d %s owes %s; paid %s",
			i+1, d.Date, components(d.Owed, c), components(d.Paid, c)))
	}
	return printed, nil
}

func (w *World) showQuote(name string) ([]string, error) {
	q, err := w.desk.Quote(context.Background(), w.loan(name), w.day)
	if err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("due %s, payoff %s", q.Due, q.Payoff)}, nil
}

func (w *World) showBooks() (printed []string) {
	for b := ledger.Client; b <= ledger.Register; b++ {
		for _, line := range w.reports.TrialBalance(b) {
			side, n := "debit", line.Debit
			if n < 0 {
				side, n = "credit", -n
			}
			said := fmt.Sprint(n, " minor units of ", line.Currency) // a sum may be beyond an amount
			if a, err := money.New(n, line.Currency); err == nil {
				said = a.String()
			}
			printed = append(printed, fmt.Sprintf("%s: %s %s %s", b, line.Account, side, said))
		}
	}
	return printed
}

func (w *World) showIncome() (printed []string) {
	for _, line := range w.reports.Income(w.cur) {
		printed = append(printed, fmt.Sprintf("%s %s", line.Fee, line.Amount))
	}
	return printed
}

func (w *World) showListings() (printed []string) {
	for _, l := range w.reports.Listings(0) {
		printed = append(printed, fmt.Sprintf("%s %s %s at %s, %d periods, raised %s, until %s",
			l.Loan, l.State, l.Amount, l.Rate, l.Periods, l.Raised.Text(), l.Deadline))
	}
	return printed
}

func (w *World) showPortfolio(name string) ([]string, error) {
	p := w.reports.Portfolio(lending.PartyID(name), w.cur)
	return []string{
		fmt.Sprintf("cash free %s, held %s, owed %s", p.Available, p.Held.Text(), p.Owed.Text()),
		fmt.Sprintf("lent %s in %d loans, outstanding %s, written off %s",
			p.Lent.Text(), p.Loans, p.Outstanding.Text(), p.WrittenOff.Text()),
		fmt.Sprintf("received principal %s, interest %s, penalty %s, charges %s, less fees %s",
			p.Principal.Text(), p.Interest.Text(), p.Penalty.Text(), p.Charges.Text(), p.Fees.Text()),
	}, nil
}

func (w *World) showStatement(name string) (printed []string, err error) {
	for _, s := range w.reports.Statements(lending.PartyID(name)) {
		printed = append(printed,
			fmt.Sprintf("%s %s: borrowed %s, withheld %s, paid out %s",
				s.Loan, s.State, s.Borrowed, s.Withheld.Text(), s.PaidOut.Text()),
			fmt.Sprintf("paid principal %s, interest %s, penalty %s, fees %s; outstanding %s",
				s.Principal.Text(), s.Interest.Text(), s.Penalty.Text(), s.Fees.Text(),
				s.Outstanding.Text()))
	}
	return printed, nil
}

func (w *World) showPayment(name string) ([]string, error) {
	p, _, err := lending.View(context.Background(), w.desk, lending.PaymentRef(w.payment(name)))
	if err != nil {
		return nil, err
	}
	if p.Purpose == 0 {
		return nil, &lending.Error{Err: lending.ErrUnknown, Thing: "payment " + name}
	}
	posted := minor(p.Posted, p.Instruction.Amount.Currency())
	return []string{fmt.Sprintf("%s of %s, %s, posted %s",
		p.Purpose, p.Instruction.Amount, status(p), posted.Text())}, nil
}

func status(p *lending.Payment) string {
	switch {
	case p.Parked:
		return "parked"
	case p.Reversed:
		return "reversed"
	case p.State.Status == 0:
		return "not heard of"
	}
	return p.State.Status.String()
}
