package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// distribute books a payment in all three books: the borrower's wallet to the loan, the loan to
// its holders, covers, other parties and the platform, and the claims that are paid off.
func (t *Tx) distribute(l, now *Loan, ev *Repaid) error {
	rows := now.paidBy(ev)
	if err := t.wantPay(l, rows, WalletRef(l.Borrower, l.Currency()).Stream()); err != nil {
		return err
	}
	if err := t.receive(l, ev); err != nil {
		return err
	}
	if err := t.borrows(l, -ev.Of(Principal), false); err != nil {
		return err
	}
	var err error
	if ev.Payout, err = t.pay(l, PayoutOrder{Kind: PayDistribute, Fee: l.lenderFee(), Rows: rows}); err != nil {
		return err
	}
	if err := t.Post(now.titles(ev, "repaid", 1)); err != nil || !ev.Closes {
		return err
	}
	return t.release(l)
}

// paidBy lists who is paid by a payment: lenders, covers, other parties.
func (l *Loan) paidBy(ev *Repaid) []PayoutRow {
	rows := append(l.rows(ev.Vectors, ev.Fees, !ev.Recovery()), l.back(ev)...)
	for _, o := range ev.Others {
		rows = append(rows, PayoutRow{Party: o.Party, Gross: o.Minor})
	}
	return rows
}

// receive moves the payment from the borrower's wallet to the loan's clearing account and the
// platform's part on from there.
func (t *Tx) receive(l *Loan, ev *Repaid) error {
	cur := l.Currency()
	e := ledger.Entry{Book: ledger.Client, Why: "repaid", Currency: cur}
	e.Debit(Avail(l.Borrower), ev.Total.Minor())
	var fees int64
	for _, f := range ev.Platform {
		fees += f.Minor
	}
	e.Credit(ledger.FeesDue(), fees)
	e.Credit(Clear(l.ID), ev.Total.Minor()-fees)
	if err := t.Post(e); err != nil {
		return err
	}
	for _, f := range ev.Platform {
		if err := t.earn("repaid", f.Fee, f.Minor, cur); err != nil {
			return err
		}
	}
	return nil
}

// pass passes a payment's parts on: what is whose, and each lot's share of what is the lenders'.
func (l *Loan) pass(ev *Repaid) error {
	lenders, err := l.toPayees(ev)
	if err == nil {
		ev.Vectors, ev.Fees, err = l.toLots(lenders)
	}
	return err
}

// toPayees takes out of a payment what goes to the platform, to other parties and to covers, and
// returns what is left for the lenders by component.
func (l *Loan) toPayees(ev *Repaid) (lenders Components, err error) {
	recovered := map[int]int64{}
	for _, p := range ev.Parts {
		if x := l.chargeAt(p.Charge); p.Charge > 0 && x.Payee != ToLenders {
			ev.levy(x, p.Minor)
			continue
		}
		if p.Charge > 0 {
			lenders[p.Component] += p.Minor
			continue
		}
		missing := max(0, l.Dues[p.Instalment].Missing()[p.Component])
		direct := min(p.Minor, missing)
		lenders[p.Component] += direct
		if err := l.toAdvances(ev, p, p.Minor-direct, recovered); err != nil {
			return lenders, err
		}
	}
	return lenders, nil
}

// levy books a part of a payment that is not the lenders'.
func (e *Repaid) levy(x *Charge, minor int64) {
	if x.Payee == ToPlatform {
		for i := range e.Platform {
			if e.Platform[i].Fee == x.Fee {
				e.Platform[i].Minor += minor
				return
			}
		}
		e.Platform = append(e.Platform, Levy{x.Fee, minor})
		return
	}
	e.Others = append(e.Others, Levied{x.Party, Levy{x.Fee, minor}})
}

// toAdvances gives a part of a payment to the covers that had paid in the borrower's place.
func (l *Loan) toAdvances(ev *Repaid, p Allocation, rest int64, recovered map[int]int64) error {
	for i := 0; rest > 0; i++ {
		if i == len(l.Advances) {
			return &Error{ErrState, "loan " + string(l.ID), "owes a payment to nobody"}
		}
		a := &l.Advances[i]
		if a.Instalment != p.Instalment || a.Component != p.Component {
			continue
		}
		if n := min(rest, a.Amount-a.Recovered-recovered[i]); n > 0 {
			recovered[i] += n
			rest -= n
			ev.Advances = append(ev.Advances, Advanced{i, n})
		}
	}
	return nil
}

// toLots shares amounts by component among the lots, each on its running totals, and figures the
// lender's fee out of what each lot receives.
func (l *Loan) toLots(lenders Components) (vs []Vector, fees []int64, err error) {
	var a money.Apportioner
	for c := Interest; c <= Costs; c++ {
		if lenders[c] == 0 {
			continue
		}
		shares, err := l.share(&a, c, l.Received[c]+lenders[c])
		if err != nil {
			return nil, nil, fmt.Errorf("share %s of loan %s: %w", c, l.ID, err)
		}
		vs = append(vs, Vector{Component: c, Shares: shares})
	}
	fs := l.Product.feesAt(AtPayout)
	if len(fs) == 0 || len(vs) == 0 {
		return vs, nil, nil
	}
	fees = make([]int64, len(l.Lots))
	for i := range l.Lots {
		received, gross := l.Lots[i].Paid, int64(0)
		for _, v := range vs {
			received[v.Component] += v.Shares[i]
			gross += v.Shares[i]
		}
		base := received.Total()
		if fs[0].Base == OnInterest {
			base = received[Interest]
		}
		total, err := fs[0].Of(base)
		if err != nil {
			return nil, nil, err
		}
		fees[i] = max(0, min(total-l.Lots[i].Fees, gross)) // never more than he receives
	}
	return vs, fees, nil
}

// rows turns what lots receive into what their holders are paid, in the order of lots. The principal
// of a claim that was written off is no stake any more.
func (l *Loan) rows(vs []Vector, fees []int64, alive bool) []PayoutRow {
	rows := make([]PayoutRow, 0, len(l.Lots)+1)
	for i := range l.Lots {
		r := PayoutRow{Party: l.Lots[i].Holder}
		for _, v := range vs {
			n := *at(v.Shares, i)
			if r.Gross += n; alive && v.Component == Principal {
				r.Stake = n
			}
		}
		r.Fee = *at(fees, i)
		if r.Gross > 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// back is what covers are paid back.
func (l *Loan) back(ev *Repaid) (rows []PayoutRow) {
	for _, a := range ev.Advances {
		rows = append(rows, PayoutRow{Party: l.advance(a.Index).Payer, Gross: a.Minor})
	}
	return rows
}

// titles is the register's entry for principal that was paid: the debt falls with the claims of
// lenders and of covers. Sign -1 puts them back.
func (l *Loan) titles(ev *Repaid, why ledger.Why, sign int64) ledger.Entry {
	e := ledger.Entry{Book: ledger.Register, Why: why, Currency: l.Currency()}
	e.Legs = make([]ledger.Leg, 0, len(l.Lots)+len(ev.Advances)+1)
	debt, claim := ledger.Debt, ledger.Claim
	if ev.Recovery() {
		debt, claim = ledger.DebtWO, ledger.ClaimWO
	}
	ref := ledger.Ref(l.ID)
	e.Debit(debt(ref), sign*ev.Of(Principal))
	for _, v := range ev.Vectors {
		for i, n := range v.Shares {
			if v.Component == Principal {
				e.Credit(claim(ledger.Owner(l.Lots[i].Holder), ref), sign*n)
			}
		}
	}
	for _, a := range ev.Advances {
		if v := &l.Advances[a.Index]; v.Component == Principal {
			e.Credit(claim(ledger.Owner(v.Payer), ref), sign*a.Minor)
		}
	}
	return e
}

func (l *Loan) lenderFee() Code {
	if fs := l.Product.feesAt(AtPayout); len(fs) > 0 {
		return fs[0].ID
	}
	return ""
}
