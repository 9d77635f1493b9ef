package schedule

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule/money"
)

// amend does what a change says, on point i, where everything due has been paid.
func (w *walk) amend(i int, c *Change) error {
	if w.balance == 0 && w.owed == 0 && c.Kind != ChangeReschedule {
		return refuse("must be before everything is paid")
	}
	switch c.Kind {
	case ChangePrepay:
		return w.prepay(i, c)
	case ChangePayOff:
		return w.payOff(i)
	case ChangeHoliday:
		return w.holiday(i, c)
	case ChangeReschedule:
		return w.reschedule(i, c)
	case ChangeResize:
		return w.resize(i)
	case ChangeEarly:
		return w.early(i, max(c.Count, 1))
	case ChangeCapitalise:
		charge := w.charge() + w.owed
		w.balance, w.owed = w.balance+charge, 0
		w.row(&w.line.points[i], Row{Capitalised: charge})
		return w.resize(i)
	case ChangeWaive:
		if c.Amount.Minor() >= w.balance {
			return refuse("must waive less than is out")
		}
		w.balance -= c.Amount.Minor()
		return w.lighten(i, c.Effect)
	}
	return nil // ChangeShort belongs to its instalment
}

func refuse(problem string) error { return &TermsError{Field: "Changes", Problem: problem} }

// prepay pays interest up to the day, then principal.
func (w *walk) prepay(i int, c *Change) error {
	paid := c.Amount.Minor()
	if c.Effect == EffectNext {
		return w.prepayNext(i, paid)
	}
	interest := w.charge() + w.owed
	if paid > interest+w.balance {
		return refuse("must not prepay more than pays off the loan")
	}
	row := Row{Interest: min(paid, interest)}
	row.Principal = paid - row.Interest
	w.owed = interest - row.Interest
	w.balance -= row.Principal
	w.row(&w.line.points[i], row)
	return w.lighten(i, c.Effect)
}

// payOff pays everything that is owed.
func (w *walk) payOff(i int) error {
	row := Row{Interest: w.charge() + w.owed, Principal: w.balance}
	w.balance, w.owed, w.arrears, w.prepaid, w.shorter = 0, 0, 0, 0, true
	w.accrued.SetInt64(0) // GrainNone leaves a part of a unit
	w.rest.SetInt64(0)
	w.row(&w.line.points[i], row)
	return w.resize(i)
}

// prepayNext pays what is in arrears, interest first, and takes the rest off the balance and off
// what falls due next.
func (w *walk) prepayNext(i int, paid int64) error {
	late := min(paid, w.arrears)
	row := Row{Interest: min(late, w.owed)}
	row.Principal = paid - row.Interest
	if row.Principal > w.balance {
		return refuse("must not prepay more principal than is out")
	}
	w.owed, w.arrears, w.prepaid = w.owed-row.Interest, w.arrears-late, w.prepaid+paid-late
	w.balance, w.shorter = w.balance-row.Principal, true
	w.row(&w.line.points[i], row)
	return nil
}

// early pays the next instalments on point i.
func (w *walk) early(i, n int) error {
	count := n
	for j := i + 1; j < len(w.line.points) && count > 0; j++ {
		pt := &w.line.points[j]
		if !pt.has(payPrincipal) {
			continue
		}
		paid := *pt
		paid.on, paid.pay = w.line.points[i].on, w.line.points[i].pay
		paid.marks, paid.fees = payInterest|payPrincipal, nil
		pt.marks = pt.marks&^(payInterest|payPrincipal) | deferral
		accrued := new(big.Rat).Set(w.accrued)
		if err := w.settle(&paid); err != nil {
			return err
		}
		if first := count == n; first && w.terms.Rounding.Grain != GrainNone {
			w.carryRounding(accrued)
		}
		count--
	}
	if count > 0 {
		return refuse("must not pay more instalments early than are left")
	}
	return nil
}

// carryRounding keeps what rounding the interest of a part of a period left over, so that the whole
// period is rounded once in all.
func (w *walk) carryRounding(accrued *big.Rat) {
	charged, _ := roundRat(accrued, w.terms.Rounding.Interest, 1)
	w.accrued.Sub(accrued, new(big.Rat).SetInt64(charged))
}

// lighten lets the instalments follow a balance that fell by more than was planned.
func (w *walk) lighten(i int, e Effect) error {
	w.shorter = w.shorter || e == EffectShorter || w.balance == 0
	if e == EffectShorter || e == EffectNext {
		return nil
	}
	return w.resize(i)
}

// resize figures what repeats anew.
func (w *walk) resize(i int) error {
	w.given = false
	return w.size(i)
}

// holiday lets the instalments of some days off.
func (w *walk) holiday(i int, c *Change) error {
	left := false
	for j := i + 1; j < len(w.line.points); j++ {
		pt := &w.line.points[j]
		if !pt.pay.Before(c.Until) {
			left = left || pt.has(payPrincipal)
			continue
		}
		due := pt.marks & (payInterest | payPrincipal)
		pt.marks &^= due
		if due&payInterest != 0 && c.Capitalise {
			pt.marks |= capitalise
		}
	}
	if !left {
		return refuse("must leave an instalment after a holiday")
	}
	return w.resize(i)
}

// short pays less than an instalment; what is missing is carried to the next.
func (w *walk) short(row *Row, paid int64) error {
	missing := row.Interest + row.Principal - paid
	if missing < 0 {
		return refuse("must not pay short more than is due")
	}
	interest := min(row.Interest, paid)
	w.owed += row.Interest - interest
	w.arrears = missing
	row.Interest, row.Principal = interest, paid-interest
	return nil
}

// checkTotals fails when a figure is beyond what amounts can hold.
func (w *walk) checkTotals() error {
	if w.over || w.total > money.MaxMinor || w.balance > money.MaxMinor {
		return &OverflowError{Figure: "principal and interest"}
	}
	return nil
}
