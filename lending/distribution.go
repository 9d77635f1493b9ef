package lending

import (
	"github.com/loanweave/loanweave/lending/ledger"
)

// distribute books a payment in all three books: the borrower's wallet to the loan, the loan to
// its holders, covers, other parties and the platform, and the claims that are paid off.
func (t *Tx) distribute(l, now *Loan, ev *Repaid, from ledger.Account) error {
	o := PayoutOrder{Kind: PayDistribute, Rows: now.paidBy(ev), Levies: cutLevies(ev.Cuts)}
	cur := l.Currency()
	if err := t.wantPay(l, o, WalletRef(l.Borrower, cur).Stream(), WalletRef(ev.By, cur).Stream()); err != nil {
		return err
	}
	if err := t.receive(l, ev, from, "repaid"); err != nil {
		return err
	}
	if err := t.borrows(l, -ev.Of(Principal), false); err != nil {
		return err
	}
	var err error
	if ev.Payout, err = t.pay(l, o); err != nil {
		return err
	}
	if err := t.Post(now.titles(ev, "repaid", 1)); err != nil || !ev.Closes {
		return err
	}
	return t.release(l)
}

// paidBy lists who is paid by a payment: lenders, covers, other parties.
func (l *Loan) paidBy(ev *Repaid) []PayoutRow {
	rows := append(l.rows(ev.Vectors, ev.Cuts, !ev.Recovery()), l.back(ev)...)
	for _, o := range ev.Others {
		rows = append(rows, PayoutRow{Party: o.Party, Gross: o.Minor})
	}
	return rows
}

// receive moves the payment out of its payer's wallet to the loan's clearing account and the platform's
// part on from there.
func (t *Tx) receive(l *Loan, ev *Repaid, from ledger.Account, why ledger.Why) error {
	cur := l.Currency()
	e := ledger.Entry{Book: ledger.Client, Why: why, Currency: cur}
	e.Debit(from, ev.Total.Minor())
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
		if err := t.earn(why, f, cur); err != nil {
			return err
		}
	}
	return nil
}

// pass passes a payment's parts on: what is whose, and each lot's share of what is the lenders'.
func (l *Loan) pass(ev *Repaid) error {
	in := l.inflowOn(ev.On)
	err := l.toPayees(ev, &in)
	if err == nil {
		ev.Vectors, ev.Cuts, err = l.toLots(&in)
	}
	return err
}

// toPayees takes out of a payment what goes to the platform, to other parties and to covers, and
// adds what is left to what flows to the lenders.
func (l *Loan) toPayees(ev *Repaid, in *inflow) error {
	recovered := map[int]int64{}
	for _, p := range ev.Parts {
		rest := max(0, p.Minor-l.misses(p.Instalment, p.Component, p.Charge))
		p.Minor -= rest
		l.toPayee(ev, in, p)
		if err := l.toAdvances(ev, p, rest, recovered); err != nil {
			return err
		}
	}
	return nil
}

// misses is what of a debt is owed to lenders or the payee of a charge, and not to covers.
func (l *Loan) misses(instalment int, c Component, charge int) int64 {
	if charge > 0 {
		return max(0, l.chargeAt(charge).Missing())
	}
	return max(0, l.Dues[instalment].Missing()[c])
}

// toPayee gives a part of a payment to who is owed it.
func (l *Loan) toPayee(ev *Repaid, in *inflow, p Allocation) {
	switch x := l.chargeAt(p.Charge); {
	case p.Minor == 0:
	case p.Charge == 0 || x.Payee == ToLenders:
		l.inflow(in, p.Instalment, p.Component, p.Minor)
	case x.Payee == ToPlatform:
		ev.levy(Levied{Levy: l.Product.levy(x.Fee, p.Minor)})
	default:
		ev.levy(Levied{Party: x.Party, Levy: Levy{Fee: x.Fee, Minor: p.Minor}})
	}
}

// levy books a part of a payment that is not the lenders'.
func (e *Repaid) levy(v Levied) {
	if v.Party == "" {
		e.Platform = addLevy(e.Platform, v.Levy)
		return
	}
	e.Others = append(e.Others, v)
}

// toAdvances gives a part of a payment to the covers that had paid in the borrower's place, those with
// the instalment before those behind the lenders, the oldest advance first.
func (l *Loan) toAdvances(ev *Repaid, p Allocation, rest int64, recovered map[int]int64) error {
	for _, r := range [...]Recourse{RecourseWithInstalment, RecourseBehind} {
		for i := 0; rest > 0 && i < len(l.Advances); i++ {
			a := &l.Advances[i]
			if !a.of(p) || l.recourse(a) != r {
				continue
			}
			if n := min(rest, a.Amount-a.Recovered-recovered[i]); n > 0 {
				recovered[i] += n
				rest -= n
				ev.Advances = append(ev.Advances, Advanced{i, n})
			}
		}
	}
	if rest > 0 {
		return &Error{ErrState, "loan " + string(l.ID), "owes a payment to nobody"}
	}
	return nil
}

// rows turns what lots receive into what their holders are paid, in the order of lots. The principal
// of a claim that was written off is no stake any more.
func (l *Loan) rows(vs []Vector, cuts []Cut, alive bool) []PayoutRow {
	rows := make([]PayoutRow, 0, len(l.Lots)+1)
	for i := range l.Lots {
		r := PayoutRow{Party: l.Lots[i].Holder}
		for _, v := range vs {
			n := *at(v.Shares, i)
			if r.Gross += n; alive && v.Component == Principal {
				r.Stake = n
			}
		}
		r.Fee = cutsOf(cuts, i)
		if r.Gross != 0 || r.Fee != 0 {
			rows = append(rows, r)
		}
	}
	for k := range cuts {
		if v := cuts[k].levy(); v.Party != "" && v.Minor > 0 {
			rows = append(rows, PayoutRow{Party: v.Party, Gross: v.Minor})
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
