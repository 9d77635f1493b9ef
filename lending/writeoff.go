package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// WriteOff gives an overdue loan up (核销). The claims move to the written-off part of the
// register, interest stops, and everything owed is due at once; what still comes in is a recovery.
// It needs an approver besides the actor. [Late].WriteOffDays does it by rule. Given by an officer.
type WriteOff struct {
	Loan   LoanID
	Reason Code
}

// ByRule is the reason of a write-off that the product's rule decided.
const ByRule Code = "by-rule"

// LoanWrittenOff is the outcome of [WriteOff], or stands on a loan that the product's rule writes off
// in its day-end: By is then who ran that, Approver nobody, and the reason [ByRule].
type LoanWrittenOff struct {
	On           civil.Date
	By, Approver ActorID
	Reason       Code
	Booking
	Recut     Recut
	Principal int64    // written off, minor units
	Payout    PayoutID // stream that ends the lenders' stakes in chunks; empty if done at once
}

// Type implements event.Of.
func (LoanWrittenOff) Type() string { return "written-off" }

// Apply implements event.Of.
func (e LoanWrittenOff) Apply(l *Loan) {
	l.book(e.Booking)
	l.recut(e.Recut)
	l.State, l.Looked, l.Payout = StateWrittenOff, e.On, e.Payout
	l.Stale = len(l.Covers) > 0 // they are asked for the rest
	l.seal(e.On)
}

// Code implements event.Coder.
func (e *LoanWrittenOff) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	e.Booking.code(c)
	e.Recut.code(c)
	c.Int(&e.Principal)
	event.Text(c, &e.Payout)
}

// Home implements Command.
func (c WriteOff) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (WriteOff) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a loan that is not past due.
func (c WriteOff) Decide(t *Tx, l *Loan) (LoanWrittenOff, error) {
	none := LoanWrittenOff{}
	if err := t.resolved(l, c.Loan, c.Reason, StateActive); err != nil {
		return none, err
	}
	if l.DaysPastDue(t.On) == 0 {
		return none, &Error{ErrState, "loan " + string(l.ID), "is not past due"}
	}
	return t.writeOff(l, LoanWrittenOff{On: t.On, By: t.Actor.ID, Approver: t.Approver.ID, Reason: c.Reason})
}

// writeOff figures and books a write-off that was decided.
func (t *Tx) writeOff(l *Loan, ev LoanWrittenOff) (LoanWrittenOff, error) {
	if err := t.Finished(l); err != nil {
		return LoanWrittenOff{}, err
	}
	var err error
	if ev.Booking, err = l.booking(ev.On); err != nil {
		return LoanWrittenOff{}, err
	}
	ev.Recut, ev.Principal = l.preview(ev.Booking).interestTo(ev.On, ev.On), l.Outstanding().Minor()
	o := PayoutOrder{Kind: PayNothing, Rows: l.leftRows()}
	if err := t.wantPay(l, o); err != nil {
		return LoanWrittenOff{}, err
	}
	if err := t.Post(l.writtenOff()); err != nil {
		return LoanWrittenOff{}, err
	}
	ev.Payout, err = t.pay(l, o)
	return ev, err
}

// writeOffByRule writes a loan off whose day has come by the product's rule.
func (t *Tx) writeOffByRule(l *Loan, on civil.Date) error {
	ev, err := t.writeOff(l, LoanWrittenOff{On: on, By: t.Actor.ID, Reason: ByRule})
	if err != nil {
		return err
	}
	return event.Write(t.Tx, LoanRef(l.ID), ev)
}

// leftRows are the lenders' stakes that end when the loan is written off.
func (l *Loan) leftRows() (rows []PayoutRow) {
	for i := range l.Lots {
		if left := l.Lots[i].Units - l.Lots[i].Paid[Principal]; left > 0 {
			rows = append(rows, PayoutRow{Party: l.Lots[i].Holder, Stake: left})
		}
	}
	return rows
}

// writtenOff moves every claim and the debt to the written-off part of the register.
func (l *Loan) writtenOff() ledger.Entry {
	e := ledger.Entry{Book: ledger.Register, Why: "written-off", Currency: l.Currency()}
	ref := ledger.Ref(l.ID)
	move := func(p PartyID, minor int64) {
		e.Debit(ledger.ClaimWO(ledger.Owner(p), ref), minor)
		e.Credit(ledger.Claim(ledger.Owner(p), ref), minor)
	}
	for i := range l.Lots {
		x := &l.Lots[i]
		move(x.Holder, x.Units-x.Paid[Principal])
	}
	left := map[PartyID]int64{} // one leg a payer, in the order of their first advance
	for _, a := range l.Advances {
		if a.Component == Principal {
			left[a.Payer] += a.Amount - a.Recovered
		}
	}
	for _, a := range l.Advances {
		move(a.Payer, left[a.Payer])
		delete(left, a.Payer)
	}
	e.Debit(ledger.Debt(ref), l.Outstanding().Minor())
	e.Credit(ledger.DebtWO(ref), l.Outstanding().Minor())
	return e
}
