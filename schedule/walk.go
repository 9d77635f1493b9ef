package schedule

import (
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
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
	owed    int64      // interest that fell due and was not paid
	total   int64      // principal and all interest so far
	over    bool       // a figure was above money.MaxMinor
	fees    []*big.Rat // accrued, by fee

	payment int64   // what repeats: the level payment, or a share of the principal
	given   bool    // the payment was given by the terms
	digits  []int64 // MethodFlat and MethodSumOfDigits: the interest of every instalment
	preview bool    // it looks ahead: nothing changes but by instalments
}

func newWalk(t *Terms) *walk {
	w := &walk{terms: t, line: newTimeline(t), from: t.Start, accrued: new(big.Rat)}
	w.balance, w.total = t.Principal.Minor(), t.Principal.Minor()
	for _, tranche := range t.Tranches {
		w.balance -= tranche.Amount.Minor()
	}
	for range t.Fees {
		w.fees = append(w.fees, new(big.Rat))
	}
	w.rate = w.annual(t.Rate)
	return w
}

// annual is a rate of interest for a year.
func (w *walk) annual(r Rate) *big.Rat {
	annual := big.NewRat(r.pico, picoPerOne)
	if r.basis == PerPeriod {
		year := w.terms.Every.year(w.terms.DayCount)
		annual.Mul(annual, big.NewRat(year.den, year.num))
	}
	return annual
}

// run makes all rows; it fails with an *OverflowError or a *TermsError.
func (w *walk) run() error {
	if err := w.begin(); err != nil {
		return err
	}
	for i := range w.line.points {
		if err := w.pass(i); err != nil {
			return err
		}
	}
	return nil
}

// begin does what falls on Start, before the timeline.
func (w *walk) begin() error {
	t := w.terms
	w.repayDown(t.Start, w.balance)
	if t.InAdvance {
		w.row(&point{on: t.Start, pay: t.Start}, Row{Interest: w.ahead(0)})
	}
	switch t.Method {
	case MethodEqualPrincipal:
		w.payment, w.given = t.Payment.Minor(), t.Payment.Sign() > 0
		if !w.given {
			n := int64(w.line.last + 1 - t.Grace.Principal)
			w.payment = w.share(w.balance-t.Balloon.Minor(), n)
		}
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
		w.rate, w.given = w.annual(pt.rate), false
	}
	if pt.has(payOut | changeRate) {
		return w.size(i)
	}
	return nil
}

// payOut adds a tranche to the balance.
func (w *walk) payOut(i int) {
	pt := &w.line.points[i]
	w.balance += pt.amount
	w.repayDown(pt.on, pt.amount)
	if n := w.instalmentsAfter(i); w.terms.Method == MethodEqualPrincipal && !w.given && n > 0 {
		w.payment = w.share(w.balance-w.terms.Balloon.Minor(), n)
	}
}

// instalmentsAfter counts the instalments after point i.
func (w *walk) instalmentsAfter(i int) (n int64) {
	for _, pt := range w.line.points[i+1:] {
		if pt.has(payPrincipal) {
			n++
		}
	}
	return n
}

// settle pays what is due on a point and adds its row.
func (w *walk) settle(pt *point) error {
	var row Row
	if pt.has(payInterest|capitalise) && w.digits == nil {
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
	} else if pt.has(payInterest) && !w.terms.InAdvance {
		row.Interest, w.owed = w.owed, 0
	}
	w.balance += row.Capitalised - row.Principal
	if w.terms.InAdvance && pt.has(payInterest) {
		row.Interest = w.ahead(pt.number + 1)
	}
	for _, i := range pt.fees {
		row.Fee += w.fee(i)
	}
	if w.over || w.total > money.MaxMinor || w.balance > money.MaxMinor {
		return &OverflowError{Figure: "principal and interest"}
	}
	if pt.marks&^(payOut|changeRate) != 0 && (pt.has(payPrincipal) || row != Row{}) {
		w.row(pt, row)
	}
	return nil
}

// instal pays an instalment: interest first, then principal.
func (w *walk) instal(pt *point, row *Row) error {
	t, k := w.terms, pt.number
	due := w.owed
	if w.digits != nil {
		due = w.digits[k]
		w.total += due
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
		row.Principal = max(row.Principal, 0)
	case t.Method == MethodCustom:
		row.Principal = t.Principals[k].Minor()
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
	payment := w.payment
	if w.terms.Method == MethodStepped {
		share := big.NewRat(shareOf(w.terms.Steps, k), picoPerOne)
		payment = w.round(share.Mul(share, new(big.Rat).SetInt64(payment)),
			w.terms.Rounding.Instalment, w.terms.Rounding.unit())
	}
	row.Interest = min(due, payment)
	row.Principal = min(payment-row.Interest, w.balance)
	if w.digits != nil {
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

// row adds a row; its balance is the one after it.
func (w *walk) row(pt *point, row Row) {
	row.Due, row.End, row.Balance = pt.pay, pt.on, w.balance
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

// accrue lets interest and fees run up to a day.
func (w *walk) accrue(to civil.Date) {
	for w.from.Before(to) {
		for w.span < len(w.line.spans)-1 && !w.from.Before(w.line.spans[w.span].to) {
			w.span++
		}
		end := to
		if s := &w.line.spans[w.span]; s.to.Before(end) && w.from.Before(s.to) {
			end = s.to
		}
		w.accrueIn(end)
		w.from = end
	}
}

// accrueIn lets interest and fees run up to a day of the present span.
func (w *walk) accrueIn(to civil.Date) {
	if w.span >= w.terms.Grace.Free && !w.terms.InAdvance {
		w.accrued.Add(w.accrued, w.interest(w.from, to))
	}
	for i := range w.terms.Fees {
		if r := w.terms.Fees[i].Rate; r.isInterest() {
			part := w.part(w.span, w.from, to)
			part.Mul(part, w.annual(r))
			w.fees[i].Add(w.fees[i], part.Mul(part, new(big.Rat).SetInt64(w.balance)))
		}
	}
}

// interest is what the balance bears over days of the present span, as the grain has it.
func (w *walk) interest(from, to civil.Date) *big.Rat {
	base := new(big.Rat).SetInt64(w.balance)
	switch w.terms.Rounding.Grain {
	case GrainNone:
		base.Add(base, w.accrued)
	case GrainDay:
		sum := new(big.Rat)
		for day := from; day.Before(to); day = day.AddDays(1) {
			one := w.part(w.span, day, day.AddDays(1))
			rounded := w.round(one.Mul(one, w.rate).Mul(one, base), w.terms.Rounding.Interest, 1)
			sum.Add(sum, new(big.Rat).SetInt64(rounded))
		}
		return sum
	}
	part := w.part(w.span, from, to)
	part.Mul(part, w.rate).Mul(part, base)
	if w.terms.Rounding.Grain == GrainPerDiem {
		days := big.NewRat(int64(to.Sub(from)), 1)
		part = significant(part.Quo(part, days), perDiemDigits)
		part.Mul(part, days)
	}
	return part
}

// part is the part of a year that days of a span count for.
func (w *walk) part(i int, from, to civil.Date) *big.Rat {
	t, s := w.terms, &w.line.spans[i]
	if t.Accrual.whole() && s.regular {
		year := s.freq.year(t.DayCount)
		part := big.NewRat(year.num, year.den)
		if from == s.from && to == s.to {
			return part
		}
		days, of := int64(to.Sub(from)), int64(s.to.Sub(s.from))
		if t.Accrual == AccrueByPeriod {
			days, of = int64(t.DayCount.Days(from, to)), int64(t.DayCount.Days(s.from, s.to))
		}
		if of <= 0 {
			return new(big.Rat)
		}
		return part.Mul(part, big.NewRat(days, of))
	}
	return big.NewRat(t.DayCount.FractionIn(w.context(s), from, to))
}

// context is what some day counts ask of a span besides its days.
func (w *walk) context(s *span) daycount.Context {
	ctx := daycount.Context{Start: s.from, End: s.to, Maturity: w.line.spans[len(w.line.spans)-1].to,
		Calendar: w.terms.Shift.Calendar}
	if year := s.freq.year(w.terms.DayCount); year.num > 0 {
		ctx.PerYear = int(year.den / year.num)
	}
	return ctx
}

// charge is the interest that has accrued, rounded, and takes it off what accrued.
func (w *walk) charge() int64 {
	charge := w.round(w.accrued, w.terms.Rounding.Interest, 1)
	if w.terms.Rounding.Grain == GrainNone {
		w.accrued.Sub(w.accrued, new(big.Rat).SetInt64(charge))
		w.accrued = truncate(w.accrued)
	} else {
		w.accrued.SetInt64(0)
	}
	w.total += charge
	return charge
}

// ahead is the interest of the period that begins after instalment k-1, on the balance.
func (w *walk) ahead(k int) int64 {
	if k > w.line.last || k >= len(w.line.spans) {
		return 0
	}
	part := w.part(k, w.line.spans[k].from, w.line.spans[k].to)
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
		part, _ := newRatio(fee.Rate.pico, picoPerOne).of(w.terms.Principal.Minor(), w.terms.Rounding.Interest)
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

// flat figures the interest of the whole term at once, and what repeats.
func (w *walk) flat() error {
	t, n := w.terms, int64(w.line.last+1)
	year := w.term()
	year.Mul(year, w.rate).Mul(year, new(big.Rat).SetInt64(w.balance))
	interest, ok := roundRat(year, t.Rounding.Interest, 1)
	if !ok || interest > money.MaxMinor-w.total {
		return &OverflowError{Figure: "principal and interest"}
	}
	w.digits = make([]int64, n)
	if t.Method == MethodFlat && t.Sizing == SizeByAccrual {
		interest = w.flatByPeriod()
	} else if t.Method == MethodFlat {
		w.payment = w.share(w.balance, n)
		w.spread(interest, w.share(interest, n))
		return nil
	}
	w.payment = w.share(w.balance+interest, n)
	if t.Method == MethodFlat {
		return nil
	}
	rest, digits := interest, n*(n+1)/2
	for k := range n - 1 {
		part := big.NewRat(n-k, digits)
		w.digits[k] = w.round(part.Mul(part, new(big.Rat).SetInt64(interest)), t.Rounding.Interest, 1)
		w.digits[k] = min(w.digits[k], rest)
		rest -= w.digits[k]
	}
	w.digits[n-1] = rest
	return nil
}

// flatByPeriod gives every instalment the interest of its own period, and returns the sum.
func (w *walk) flatByPeriod() (sum int64) {
	for k := range w.digits {
		part := w.part(k, w.line.spans[k].from, w.line.spans[k].to)
		part.Mul(part, w.rate).Mul(part, new(big.Rat).SetInt64(w.balance))
		w.digits[k] = w.round(part, w.terms.Rounding.Interest, 1)
		sum += w.digits[k]
	}
	return sum
}

// term is the part of a year that the whole term counts for.
func (w *walk) term() *big.Rat {
	spans, year := w.line.spans, new(big.Rat)
	if !w.terms.Accrual.whole() {
		return w.part(0, w.terms.Start, spans[len(spans)-1].to)
	}
	for i, s := range spans {
		year.Add(year, w.part(i, s.from, s.to))
	}
	return year
}

// spread gives every instalment an equal share of the interest, and one what remains.
func (w *walk) spread(interest, share int64) {
	n := len(w.digits)
	if w.terms.Rounding.Remainder == RemainderFirst {
		for k := n - 1; k > 0; k-- {
			w.digits[k] = min(share, interest)
			interest -= w.digits[k]
		}
		w.digits[0] = interest
		return
	}
	for k := range n - 1 {
		w.digits[k] = min(share, interest)
		interest -= w.digits[k]
	}
	w.digits[n-1] = interest
}

// copy is a walk that can go on from here without leaving a trace.
func (w *walk) copy() *walk {
	c := *w
	c.accrued, c.preview, c.rows = new(big.Rat).Set(w.accrued), true, nil
	c.fees = slices.Clone(w.fees)
	for i := range c.fees {
		c.fees[i] = new(big.Rat).Set(w.fees[i])
	}
	return &c
}
