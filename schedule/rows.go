package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/money"
)

// Append adds the rows of the plan to dst. Plain terms (the first five methods at one rate, with
// none of the optional fields but Sizing, MonthEnd and Shift, by an actual or 30/360 day count)
// cost no allocation when dst has room for Len more. When principal and interest together would
// pass money.MaxMinor it gives back dst as it was and an *OverflowError, and when a fixed payment
// does not reach the interest a *TermsError.
func (p *Prepared) Append(dst []Row) ([]Row, error) {
	if p == nil {
		return dst, nil // as the zero Prepared
	}
	if !p.plain {
		return p.appendWalk(dst)
	}
	n := p.Len()
	longer := slices.Grow(dst, n)[:len(dst)+n]
	if !p.put(longer[len(dst):]) {
		return dst, &OverflowError{Figure: "principal and interest"}
	}
	return longer, nil
}

// appendWalk adds the rows of terms that are not plain.
func (p *Prepared) appendWalk(dst []Row) ([]Row, error) {
	if p.terms.Method == 0 {
		return dst, nil // the zero Prepared
	}
	t := p.terms // a walk keeps what it is given; plain terms need not be kept
	w := newWalk(&t)
	if err := w.run(); err != nil {
		return dst, err
	}
	return append(dst, w.rows...), nil
}

// put writes the rows of plain terms, first all dates and then all amounts: each of these loops is
// so short that what it counts with stays in registers. It is false when principal and interest
// pass money.MaxMinor.
func (p *Prepared) put(rows []Row) bool {
	if p.terms.Method == MethodBullet {
		return p.putBullet(&rows[0])
	}
	p.dues.put(rows)
	p.terms.Shift.move(rows)
	if p.terms.Method == MethodFlat {
		return p.putFlat(rows)
	}
	return p.putDeclining(rows)
}

// putDeclining charges interest on the balance. MethodLevelPayment pays it first, and principal
// with the rest of the level payment; interest above the payment is carried, bearing no interest
// itself, and comes before the next row's. The other methods pay all interest and an equal share of
// the principal, which is 0 under MethodInterestOnly. The last row takes what remains.
func (p *Prepared) putDeclining(rows []Row) bool {
	rate, principal := p.factor, p.terms.Principal.Minor()
	if !p.terms.Accrual.whole() && p.putDays(rows) > maxFactorDays {
		rate = unsure()
	}
	d := decline{balance: principal, total: principal, interest: p.interest}
	for i := p.decline(&d, rate, rows); i < len(rows); i += p.decline(&d, rate, rows[i:]) {
		if i += p.repay(&d, rate, rows[i:]); i == len(rows) {
			break
		}
		var ok bool
		if d.interest, ok = p.accrued(d.balance, rows[i].Interest); !ok {
			return false
		}
	}
	last := &rows[len(rows)-1]
	last.Principal, last.Interest, last.Balance = last.Principal+d.balance, last.Interest+d.owed, 0
	return d.total <= money.MaxMinor
}

// maxFactorDays times any balance, which is below 2^53, fits 64 bits.
const maxFactorDays = 1<<11 - 1

// putDays sets the Interest of rows to the days that it is for, and gives the most of them. A day
// that was moved to before the one up to which interest has been counted adds none.
func (p *Prepared) putDays(rows []Row) (most int64) {
	from, count := p.terms.Start, p.terms.DayCount
	for i := range rows {
		row := &rows[i]
		row.Interest = 0
		if row.End.After(from) {
			row.Interest = days(count, from, row.End)
			from = row.End
		}
		most = max(most, row.Interest)
	}
	return most
}

// decline is how far putDeclining has come.
type decline struct {
	balance  int64 // principal that is out
	owed     int64 // interest that fell due and was not paid
	total    int64 // principal and all interest so far
	interest int64 // of the next row
}

// repay writes rows of MethodLevelPayment as long as it is sure that their payment covers their
// interest and no more than the balance, and gives their number. These are nearly all rows, and what
// one hands to the next is no more than a multiplication and three additions.
func (p *Prepared) repay(d *decline, rate factor, rows []Row) int {
	if p.terms.Method != MethodLevelPayment || d.owed != 0 {
		return 0
	}
	balance, payment, byDays := d.balance, p.level, !p.terms.Accrual.whole()
	i := 0
	for ; i < len(rows); i++ {
		row, amount := &rows[i], uint64(balance)
		if byDays {
			amount *= uint64(row.Interest)
		}
		interest, sure := rate.round(amount)
		principal := payment - interest
		balance += interest - payment
		if !sure || principal|balance < 0 {
			break
		}
		row.Principal, row.Interest, row.Balance = principal, interest, balance
		row.Fee, row.Capitalised = 0, 0
	}
	if i > 0 {
		before := d.balance
		d.balance = rows[i-1].Balance
		d.total += int64(i)*payment - (before - d.balance)
	}
	return i
}

// decline writes the next row, and those after it as far as the factor is sure of their interest;
// it gives their number. With AccrueByDays their Interest has their days. No call is made on the
// way, since it would cost as much as a row.
func (p *Prepared) decline(d *decline, rate factor, rows []Row) int {
	level, byDays := p.terms.Method == MethodLevelPayment, !p.terms.Accrual.whole()
	balance, owed, total, interest := d.balance, d.owed, d.total, d.interest
	i, payment, share := 0, p.level, p.share
	for ; i < len(rows); i++ {
		row := &rows[i]
		if i > 0 {
			amount := uint64(balance)
			if byDays {
				amount *= uint64(row.Interest)
			}
			var sure bool
			if interest, sure = rate.propose(amount); !sure {
				break
			}
		}
		total += interest
		owed += interest
		paid, principal := owed, share
		if level {
			principal = payment - owed
		}
		switch {
		case principal < 0:
			paid, principal = payment, 0
		case principal > balance:
			principal = balance
		}
		owed -= paid
		balance -= principal
		row.Principal, row.Interest, row.Balance = principal, paid, balance
		row.Fee, row.Capitalised = 0, 0
		if level && owed == 0 {
			i++
			break
		}
	}
	*d = decline{balance: balance, owed: owed, total: total}
	return i
}

// putFlat splits both the principal and the interest of the whole term into equal shares; the last
// row takes what remains of each.
func (p *Prepared) putFlat(rows []Row) bool {
	share, _ := ratio{1, int64(len(rows))}.of(p.interest, p.terms.Rounding.Instalment)
	balance, unpaid := p.terms.Principal.Minor(), p.interest
	if balance+unpaid > money.MaxMinor {
		return false
	}
	for i := range rows {
		row := &rows[i]
		principal, interest := min(p.share, balance), min(share, unpaid)
		balance -= principal
		unpaid -= interest
		row.Principal, row.Interest, row.Balance = principal, interest, balance
		row.Fee, row.Capitalised = 0, 0
	}
	last := &rows[len(rows)-1]
	last.Principal, last.Interest, last.Balance = last.Principal+balance, last.Interest+unpaid, 0
	return true
}

// putBullet pays everything at the end of the term.
func (p *Prepared) putBullet(row *Row) bool {
	principal := p.terms.Principal.Minor()
	on, due := p.terms.Shift.days(p.terms.lastDue())
	*row = Row{Due: due, End: on, Principal: principal, Interest: p.interest}
	return principal+p.interest <= money.MaxMinor
}
