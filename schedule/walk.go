package schedule

import (
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// walk makes the rows of any terms by going along their timeline, day by day in exact fractions.
// The loops in rows.go do the same for plain terms in whole numbers, many times faster.
type walk struct {
	terms *Terms
	line  timeline
	rows  []Row

	from    civil.Date // interest has accrued up to this day
	span    int        // the period that holds it
	rate    *big.Rat   // for a year, now
	balance int64      // principal that is out
	accrued *big.Rat   // interest since it was last rounded; under GrainNone the rest of that too
	paidOut int64      // principal, so far
	rest    *big.Rat   // GrainNone: what rounding interest left over
	owed    int64      // interest that fell due and was not paid
	total   int64      // principal and all interest so far
	over    bool       // a figure was above money.MaxMinor
	fees    []*big.Rat // accrued, by fee

	payment int64      // what repeats: the level payment, or a share of the principal
	given   bool       // the payment was given by the terms
	digits  []int64    // MethodFlat and MethodSumOfDigits: the interest of every instalment
	stop    civil.Date // where it ends early
	preview bool       // it looks ahead: nothing changes but by instalments
	shorter bool       // the term ends once the balance is repaid
	shorts  int        // instalments that were paid short
	arrears int64      // what the last instalment did not pay
	prepaid int64      // principal that counts towards the next instalments
}

func newWalk(t *Terms) *walk {
	w := &walk{terms: t, line: newTimeline(t), from: t.Start, accrued: new(big.Rat),
		rest: new(big.Rat)}
	w.balance, w.total = t.Principal.Minor(), t.Principal.Minor()
	for _, tranche := range t.Tranches {
		w.balance -= tranche.Amount.Minor()
	}
	w.paidOut = w.balance
	for range t.Fees {
		w.fees = append(w.fees, new(big.Rat))
	}
	w.rate = w.terms.annual(t.Rate)
	return w
}

// run makes all rows; it fails with an *OverflowError or a *TermsError.
func (w *walk) run() error {
	if err := w.begin(); err != nil {
		return err
	}
	for i := 0; i < len(w.line.points); i++ { // a change may put other points behind this one
		if on := w.line.points[i].on; !w.stop.IsZero() && on.After(w.stop) {
			break
		}
		if err := w.pass(i); err != nil {
			return err
		}
	}
	if len(w.rows) > MaxRows {
		return &TermsError{Field: "Fees", Problem: "must not make more than 2400 rows"}
	}
	if w.stop.IsZero() && w.shorts != countShort(w.terms.Changes) {
		return refuse("must be short on the due date of an instalment")
	}
	if w.stop.IsZero() && w.balance+w.owed != 0 {
		return refuse("must leave an instalment for what is unpaid: reschedule it")
	}
	return nil
}

// begin does what falls on Start, before the timeline.
func (w *walk) begin() error {
	t := w.terms
	w.repayDown(t.Start, w.balance)
	if t.InAdvance {
		w.row(&point{on: t.Start, pay: t.Start}, Row{Interest: w.inAdvance(0)})
	}
	switch t.Method {
	case MethodFixedPayment:
		w.payment = t.Payment.Minor()
	case MethodFlat, MethodSumOfDigits:
		return w.flat()
	default:
		w.payment, w.given = t.Payment.Minor(), t.Payment.Sign() > 0
		return w.size(-1)
	}
	return nil
}

// pass does what falls on a point.
func (w *walk) pass(i int) error {
	pt := &w.line.points[i]
	w.accrue(pt.on)
	if err := w.settle(pt); err != nil {
		return err
	}
	if w.preview {
		return nil
	}
	if pt.has(payOut) {
		w.payOut(i)
	}
	if pt.has(changeRate) {
		w.rate = w.terms.annual(pt.rate.Rate)
		w.given = w.given && pt.rate.Keep
	}
	if pt.has(payOut) || w.levels() && (pt.has(capitalise) || pt.has(changeRate) && !pt.rate.Keep) {
		if err := w.size(i); err != nil {
			return err
		}
	}
	for _, c := range pt.changes {
		if err := w.amend(i, &w.terms.Changes[c]); err != nil {
			return err
		}
	}
	return w.checkTotals()
}

// payOut adds a tranche to the balance.
func (w *walk) payOut(i int) {
	pt := &w.line.points[i]
	w.balance, w.paidOut = w.balance+pt.amount, w.paidOut+pt.amount
	w.repayDown(pt.on, pt.amount)
}

// instalmentsAfter counts the instalments after point i that pay principal.
func (w *walk) instalmentsAfter(i int) (n int64) {
	for _, pt := range w.line.points[i+1:] {
		if pt.has(payPrincipal) && pt.number >= w.terms.Grace.Principal {
			n++
		}
	}
	return n
}

// settle pays what is due on a point and adds its row.
func (w *walk) settle(pt *point) error {
	var row Row
	if pt.has(payInterest|capitalise|deferral) && w.digits == nil {
		if charge := w.charge(); pt.has(capitalise) {
			row.Capitalised = charge
		} else {
			w.owed += charge
		}
	}
	if pt.has(payPrincipal) {
		if err := w.instal(pt, &row); err != nil {
			return err
		}
		if c := w.shortOn(pt); c != nil {
			w.shorts++
			if err := w.short(&row, c.Amount.Minor()); err != nil {
				return err
			}
		}
	} else if pt.has(payInterest) && !w.terms.InAdvance {
		row.Interest, w.owed = w.owed, 0
	}
	w.balance += row.Capitalised - row.Principal
	if w.terms.InAdvance && pt.has(payInterest) {
		row.Interest = w.inAdvance(pt.number + 1)
	}
	for _, i := range pt.fees {
		if fee := w.fee(i); !w.paidOff() || row != (Row{}) {
			row.Fee += fee
		}
	}
	w.total += row.Fee
	if pt.marks&^(payOut|changeRate|change|deferral) != 0 &&
		(row != Row{} || pt.has(payPrincipal) && !(w.shorter && w.balance == 0)) {
		w.row(pt, row)
	}
	return w.checkTotals()
}

// shortOn is the change by which the instalment of a point is paid short, if any.
func (w *walk) shortOn(pt *point) *Change {
	for i := range w.terms.Changes {
		if c := &w.terms.Changes[i]; c.Kind == ChangeShort && c.On == pt.pay && !w.preview {
			return c
		}
	}
	return nil
}

// countShort counts the changes by which an instalment is paid short.
func countShort(changes []Change) (n int) {
	for i := range changes {
		if changes[i].Kind == ChangeShort {
			n++
		}
	}
	return n
}

// instal pays an instalment: interest first, then principal.
func (w *walk) instal(pt *point, row *Row) error {
	t, k := w.terms, pt.number
	due := w.owed
	if w.digits != nil {
		due += w.digits[k]
		w.total += w.digits[k]
	}
	switch {
	case k == w.line.last:
		row.Interest, row.Principal, w.owed = due, w.balance, 0
		return nil
	case t.InAdvance:
		due = 0
	case k < t.Grace.Interest:
		due = 0
	}
	if k < t.Grace.Principal {
		row.Interest, w.owed = due, w.owed-due
		return nil
	}
	switch {
	case t.paysBoth() || t.Method == MethodSumOfDigits || t.Method == MethodFlat && t.Sizing == SizeByAccrual:
		return w.payBoth(k, due, row)
	case t.Method == MethodEqualPrincipal || t.Method == MethodFlat:
		row.Principal = min(w.payment, w.balance-t.Balloon.Minor())
		if t.Rounding.Remainder == RemainderFirst && k == t.Grace.Principal {
			row.Principal = w.balance - t.Balloon.Minor() - int64(w.line.last-k)*w.payment
		}
		row.Principal = min(max(row.Principal, 0)+max(w.arrears-due, 0), w.balance)
		less := min(w.prepaid, row.Principal)
		row.Principal, w.prepaid, w.arrears = row.Principal-less, w.prepaid-less, 0
	case t.Method == MethodCustom:
		if row.Principal = t.Principals[k].Minor(); row.Principal > w.balance {
			return &TermsError{Field: "Principals", Problem: "must not repay more than is out"}
		}
	}
	row.Interest = due
	if w.digits == nil && !t.InAdvance {
		w.owed -= due
	}
	return nil
}

// payBoth pays interest and principal out of one payment. Interest above it is carried, bearing
// none itself, or under MethodFixedPayment added to the balance.
func (w *walk) payBoth(k int, due int64, row *Row) error {
	payment := w.payment + w.arrears
	w.arrears = 0
	if w.terms.Method == MethodStepped {
		share := big.NewRat(shareOf(w.terms.Steps, k), picoPerOne)
		payment = w.round(share.Mul(share, new(big.Rat).SetInt64(payment)),
			w.terms.Rounding.Instalment, w.terms.Rounding.unit())
	}
	less := min(w.prepaid, max(payment-due, 0))
	payment, w.prepaid = payment-less, w.prepaid-less
	row.Interest = min(due, payment)
	row.Principal = min(payment-row.Interest, w.balance)
	if w.digits != nil {
		w.owed = due - row.Interest
		return nil
	}
	w.owed -= row.Interest
	if w.terms.Method == MethodFixedPayment && w.owed > 0 && k >= w.terms.Grace.Interest {
		if !w.terms.Negative {
			return &TermsError{Field: "Payment", Problem: "is below the interest; set Negative to allow that"}
		}
		row.Capitalised, w.owed = w.owed, 0
	}
	return nil
}

// row adds a row; its balance is the one after it. It is not due before the row ahead of it, which
// may have been moved.
func (w *walk) row(pt *point, row Row) {
	row.Due, row.End, row.Balance = pt.pay, pt.on, w.balance
	if n := len(w.rows); n > 0 && row.Due.Before(w.rows[n-1].Due) {
		row.Due = w.rows[n-1].Due
	}
	w.rows = append(w.rows, row)
}

// repayDown pays back a part of a payout on the same day.
func (w *walk) repayDown(on civil.Date, payout int64) {
	if !w.terms.DownPayment.IsZero() {
		part := w.terms.downPayment(payout)
		w.balance -= part
		w.row(&point{on: on, pay: on}, Row{Principal: part})
	}
}

// inAdvance is the interest of the period that begins after instalment k-1, on the balance; under
// MethodBullet that of the whole term.
func (w *walk) inAdvance(k int) int64 {
	if k > w.line.last || k >= len(w.line.spans) {
		return 0
	}
	part := w.part(k, w.line.spans[k].from, w.line.spans[k].to)
	if w.terms.Method == MethodBullet {
		part = w.term()
	}
	part.Mul(part, w.rate).Mul(part, new(big.Rat).SetInt64(w.balance))
	interest := w.round(part, w.terms.Rounding.Interest, 1)
	w.total += interest
	return interest
}

// fee is what a fee comes to on one of its dates.
func (w *walk) fee(i int) int64 {
	fee := &w.terms.Fees[i]
	switch {
	case fee.Rate.IsZero():
		return fee.Amount.Minor()
	case fee.Rate.basis == OfPrincipal:
		part, _ := newRatio(fee.Rate.pico, picoPerOne).of(w.paidOut, w.terms.Rounding.Interest)
		return part
	}
	charge := w.round(w.fees[i], w.terms.Rounding.Interest, 1)
	w.fees[i].SetInt64(0)
	return charge
}

// round is roundRat, and notes what is too large.
func (w *walk) round(x *big.Rat, m money.Mode, unit int64) int64 {
	v, ok := roundRat(x, m, unit)
	w.over = w.over || !ok
	return v
}

// share is an n-th of an amount, rounded as instalments are.
func (w *walk) share(amount, n int64) int64 {
	share := w.round(big.NewRat(amount, n), w.terms.Rounding.Instalment, w.terms.Rounding.unit())
	return share
}

// paidOff reports that nothing is left to pay.
func (w *walk) paidOff() bool { return w.shorter && w.balance == 0 && w.owed == 0 }

// copy is a walk that can go on from here without leaving a trace.
func (w *walk) copy() *walk {
	c := *w
	c.accrued, c.rest = new(big.Rat).Set(w.accrued), new(big.Rat).Set(w.rest)
	c.preview, c.rows = true, nil
	c.fees = slices.Clone(w.fees)
	for i := range c.fees {
		c.fees[i] = new(big.Rat).Set(w.fees[i])
	}
	return &c
}
