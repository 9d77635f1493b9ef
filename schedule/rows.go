package schedule

import "github.com/loanweave/loanweave/schedule/money"

// Append adds the rows of the plan to dst. Plain terms (the first five methods at one rate, with
// none of the optional fields but Sizing, MonthEnd and Shift, by an actual or 30/360 day count)
// cost no allocation when dst has room for Len more. When principal and interest together would
// pass money.MaxMinor it gives back dst as it was and an *OverflowError, and when a fixed payment
// does not reach the interest a *TermsError.
func (p *Prepared) Append(dst []Row) ([]Row, error) {
	if !p.plain {
		return p.appendWalk(dst)
	}
	var rows []Row
	var ok bool
	switch p.terms.Method {
	case MethodLevelPayment:
		rows, ok = p.appendLevel(dst)
	case MethodEqualPrincipal, MethodInterestOnly:
		rows, ok = p.appendDeclining(dst)
	case MethodFlat:
		rows, ok = p.appendFlat(dst)
	case MethodBullet:
		rows, ok = p.appendBullet(dst)
	default:
		return dst, nil // the zero Prepared
	}
	if !ok {
		return dst, &OverflowError{Figure: "principal and interest"}
	}
	return rows, nil
}

// appendWalk adds the rows of terms that are not plain.
func (p *Prepared) appendWalk(dst []Row) ([]Row, error) {
	if p.terms.Method == 0 {
		return dst, nil // the zero Prepared
	}
	w := newWalk(&p.terms)
	if err := w.run(); err != nil {
		return dst, err
	}
	return append(dst, w.rows...), nil
}

// appendLevel pays interest first and principal with the rest of the level payment. Interest above
// the payment is carried, bearing no interest itself, and comes before the next row's.
func (p *Prepared) appendLevel(dst []Row) ([]Row, bool) {
	balance, total, carried := p.terms.Principal.Minor(), p.terms.Principal.Minor(), int64(0)
	from, n := p.terms.Start, p.terms.Periods
	dates := newDues(&p.terms)
	for i := range n {
		on, due := dates.days()
		interest, ok := p.accrued(i, balance, from, on)
		if !ok {
			return nil, false
		}
		total += interest
		owed := carried + interest
		paid := min(owed, p.level)
		principal := min(p.level-paid, balance)
		if i == n-1 {
			paid, principal = owed, balance
		}
		carried = owed - paid
		balance -= principal
		dst = append(dst, Row{Due: due, End: on, Principal: principal, Interest: paid,
			Balance: balance})
		from = on
		dates.next()
	}
	return dst, total <= money.MaxMinor
}

// appendDeclining pays interest on the balance and an equal share of the principal, which is 0
// under MethodInterestOnly; the last row takes what remains.
func (p *Prepared) appendDeclining(dst []Row) ([]Row, bool) {
	balance, total := p.terms.Principal.Minor(), p.terms.Principal.Minor()
	from, n := p.terms.Start, p.terms.Periods
	dates := newDues(&p.terms)
	for i := range n {
		on, due := dates.days()
		interest, ok := p.accrued(i, balance, from, on)
		if !ok {
			return nil, false
		}
		total += interest
		principal := min(p.share, balance)
		if i == n-1 {
			principal = balance
		}
		balance -= principal
		dst = append(dst, Row{Due: due, End: on, Principal: principal, Interest: interest,
			Balance: balance})
		from = on
		dates.next()
	}
	return dst, total <= money.MaxMinor
}

// appendFlat splits both the principal and the interest of the whole term into equal shares; the
// last row takes what remains of each.
func (p *Prepared) appendFlat(dst []Row) ([]Row, bool) {
	n := p.terms.Periods
	share, _ := ratio{1, int64(n)}.of(p.interest, p.terms.Rounding.Instalment)
	balance, unpaid := p.terms.Principal.Minor(), p.interest
	if balance+unpaid > money.MaxMinor {
		return nil, false
	}
	dates := newDues(&p.terms)
	for i := range n {
		principal, interest := min(p.share, balance), min(share, unpaid)
		if i == n-1 {
			principal, interest = balance, unpaid
		}
		balance -= principal
		unpaid -= interest
		on, due := dates.days()
		dst = append(dst, Row{Due: due, End: on, Principal: principal, Interest: interest,
			Balance: balance})
		dates.next()
	}
	return dst, true
}

// appendBullet pays everything at the end of the term.
func (p *Prepared) appendBullet(dst []Row) ([]Row, bool) {
	principal := p.terms.Principal.Minor()
	on, due := p.terms.Shift.days(p.terms.lastDue())
	row := Row{Due: due, End: on, Principal: principal, Interest: p.interest}
	return append(dst, row), principal+p.interest <= money.MaxMinor
}
