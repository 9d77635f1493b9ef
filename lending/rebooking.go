package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Rebooked is the outcome of [ReversePayment] and [RepayAsOf]: the latest payments of a loan are taken
// back, and what came in is allocated anew, as if it had been known at the time. Who got more by the
// old outcomes than by the new gives the difference back, who got less is paid it.
type Rebooked struct {
	On           civil.Date // of the command
	By, Approver ActorID
	Reason       Code
	Undone       int            // payments taken back, the latest ones
	From         civil.Date     // late charges booked after it are void, and so is an acceleration by rule
	Late         []Assessment   // as they stood on it; those that do not change are left out
	Cost         CostDays       // as they stood on it
	Payers       []PayerPenalty // as they stood on it; those that do not change are left out
	Again        []Repaid       // payments as they count now, from the oldest on
	Payout       PayoutID       // stream that moves the money in chunks; empty if it was done at once
}

// Type implements event.Of.
func (Rebooked) Type() string { return "rebooked" }

// Apply implements event.Of.
func (e Rebooked) Apply(l *Loan) {
	for range e.Undone {
		if m := l.latest(); m != nil {
			l.decelerate(m.On)
		}
		l.unrecord()
	}
	l.decelerate(e.From)
	l.uncharge(e.From)
	l.book(Booking{Assessed: e.Late, Cost: e.Cost, Payers: e.Payers})
	for i := range e.Again {
		l.record(&e.Again[i])
	}
	l.Stale, l.Payout = true, e.Payout
}

// Code implements event.Coder.
func (e *Rebooked) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	c.Count(&e.Undone)
	c.Date(&e.From)
	codeAssessments(c, &e.Late)
	e.Cost.code(c)
	codePayerPenalties(c, &e.Payers)
	event.List(c, &e.Again, func(c *event.Codec, r *Repaid) { r.Code(c) })
	event.Text(c, &e.Payout)
}

// rebook takes the payments from place at on back, books facts in their stead and posts what that
// changes.
func (t *Tx) rebook(l *Loan, at int, from civil.Date, came []fact, ev *Rebooked) error {
	work := l.working()
	undone := l.History[at:]
	for i := range undone {
		if err := work.rewind(undone[len(undone)-1-i].On); err != nil {
			return err
		}
		work.unrecord()
	}
	if err := work.rewind(from); err != nil {
		return err
	}
	ev.Undone, ev.From, ev.Cost = len(undone), from, work.Cost
	ev.Late, ev.Payers = changed(l.assessed(), work.assessed()), changed(l.payers(), work.payers())
	for _, f := range came {
		if work.State == StateWrittenOff {
			f.kind = RecoveryPayment
		}
		again, _, err := work.take(f)
		if err != nil {
			return err
		}
		if again.Total.IsZero() {
			continue // nothing is owed any more: the money is the borrower's
		}
		work.record(&again)
		ev.Again = append(ev.Again, again)
	}
	return t.difference(l, work, undone, ev)
}

// changed returns what differs from what was.
func changed[T comparable](was, is []T) (list []T) {
	for i := range is {
		if is[i] != was[i] {
			list = append(list, is[i])
		}
	}
	return list
}

// working is a copy of the loan that shares nothing that a payment changes.
func (l *Loan) working() *Loan {
	w := l.preview(Booking{})
	w.Lots = append([]Lot(nil), l.Lots...)
	w.Covers = append([]CoverUse(nil), l.Covers...)
	w.History = append([]Movement(nil), l.History...)
	return w
}

// difference posts what differs between old and new outcomes of payments.
func (t *Tx) difference(l, work *Loan, undone []Movement, ev *Rebooked) error {
	again := work.History[len(work.History)-len(ev.Again):]
	o := PayoutOrder{Kind: PayAdjust}
	var paid, principal int64
	net := netting{order: &o}
	for i := range undone {
		net.add(&undone[i], -1)
		paid -= undone[i].Total.Minor()
		principal += undone[i].Of(Principal)
	}
	for i := range again {
		net.add(&again[i], 1)
		paid += again[i].Total.Minor()
		principal -= again[i].Of(Principal)
	}
	back := net.finish()
	if paid < 0 {
		o.Final = PayoutRow{Party: l.Borrower, Gross: -paid}
	}
	if err := t.wantPay(l, o, WalletRef(l.Borrower, l.Currency()).Stream()); err != nil {
		return err
	}
	for _, v := range back {
		taken := Levied{Levy: Levy{v.Fee, -v.Minor, -v.Tax}}
		if err := t.unearn(Clear(l.ID), taken, l.Currency()); err != nil {
			return err
		}
	}
	if paid > 0 {
		in := ledger.Move(ledger.Client, "repaid", Avail(l.Borrower), Clear(l.ID), amount(paid, l.Currency()))
		if err := t.Post(in); err != nil {
			return err
		}
	}
	if err := t.rebookTitles(l, undone, again, principal); err != nil {
		return err
	}
	if err := t.recover(l, work); err != nil {
		return err
	}
	var err error
	ev.Payout, err = t.pay(l, o)
	return err
}

// rebookTitles puts claims and debts back that the old outcomes paid off and takes those off that the
// new ones pay.
func (t *Tx) rebookTitles(l *Loan, undone, again []Movement, principal int64) error {
	if err := t.borrows(l, principal, true); err != nil {
		return err
	}
	for i := range undone {
		if err := t.Post(l.titles(&undone[i].Repaid, "payment-reversed", -1)); err != nil {
			return err
		}
	}
	for i := range again {
		if err := t.Post(l.titles(&again[i].Repaid, "repaid", 1)); err != nil {
			return err
		}
	}
	return nil
}

// recover attaches the covers of a loan that is open again, releases those of one that has closed, and
// tells those of one that is open.
func (t *Tx) recover(l, work *Loan) error {
	was, is := l.State == StateClosed, work.State == StateClosed
	switch {
	case was && !is:
		for _, v := range l.Product.Covers {
			if err := t.cover(v.Name).Attach(t, l); err != nil {
				return err
			}
		}
		return t.raised(work)
	case is && !was:
		return t.release(l)
	case !is:
		return t.raised(work)
	}
	return nil
}
