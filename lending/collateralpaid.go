package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// CollateralPaid stands on a loan when a thing that answers for it was turned into money (抵押物变现). It
// pays the loan for good: this payment and those before it can no longer be taken back.
type CollateralPaid struct {
	On     civil.Date
	For    PartyID // whose advances alone it paid back; empty for the lenders and then all who advanced
	Repaid Repaid  // its number is zero if the loan took nothing up
}

// Type implements event.Of.
func (CollateralPaid) Type() string { return "collateral-paid" }

// Apply implements event.Of.
func (e CollateralPaid) Apply(l *Loan) {
	l.recordIf(&e.Repaid)
	l.seal(e.On)
}

// Code implements event.Coder.
func (e *CollateralPaid) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.For)
	e.Repaid.Code(c)
}

// Proceeds are money that collateral has brought.
type Proceeds struct {
	From   ledger.Account // where it is held: [ledger.KindHeld] of a party
	Amount money.Amount   // at most
	// For is whose advances alone it pays back, of security that he took for himself (反担保); empty for
	// the loan.
	For PartyID
}

// PayProceeds pays a loan out of what collateral has brought, and returns what it took of it; the rest
// stays where it was. The lenders come first, by the product's waterfall for [CollateralPayment], or for
// recoveries of a loan that was written off; covers that have paid in the borrower's place come behind
// all that the lenders still miss, whatever instalment that is of. A second payment on a loan in one
// command is refused. The event that it returns has been written to the loan.
func (t *Tx) PayProceeds(id LoanID, p Proceeds) (CollateralPaid, error) {
	none := CollateralPaid{}
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return none, err
	}
	if err := l.in(id, StateActive, StateWrittenOff); err != nil {
		return none, err
	}
	if err := positive("proceeds", p.Amount, l.Currency()); err != nil {
		return none, err
	}
	if p.From.Kind != ledger.KindHeld {
		return none, &Error{ErrTerms, "proceeds of loan " + string(id), "are not held by a party"}
	}
	if t.advanced[id] {
		return none, &Error{ErrPending, "loan " + string(id), "one payment by collateral or covers a command"}
	}
	if err := l.notBefore(t.On); err != nil {
		return none, err
	}
	if err := t.Finished(l); err != nil {
		return none, err
	}
	ev, now, err := l.takeProceeds(p, t.On)
	if err != nil {
		return none, err
	}
	if ev.Repaid.N > 0 {
		if err := t.distribute(l, now, &ev.Repaid, p.From); err != nil {
			return none, err
		}
	}
	if t.advanced == nil {
		t.advanced = map[LoanID]bool{}
	}
	t.advanced[id] = true
	return ev, event.Write(t.Tx, LoanRef(id), ev)
}

// takeProceeds figures what proceeds pay.
func (l *Loan) takeProceeds(p Proceeds, on civil.Date) (CollateralPaid, *Loan, error) {
	ev := CollateralPaid{On: on, For: p.For}
	f := l.fact(on, p.Amount.Minor())
	if f.by, f.ranked = PartyID(p.From.Owner), true; f.kind == OrdinaryPayment {
		f.kind = CollateralPayment
	}
	var now *Loan
	var err error
	if p.For == "" {
		ev.Repaid, now, err = l.take(f)
	} else {
		ev.Repaid, now, err = l.takeFor(f, p.For)
	}
	if err == nil && ev.Repaid.Total.IsZero() {
		ev.Repaid = Repaid{}
	}
	return ev, now, err
}

// takeFor figures what a payment pays back of one party's advances, the oldest first.
func (l *Loan) takeFor(f fact, payer PartyID) (ev Repaid, now *Loan, err error) {
	ev = Repaid{N: f.n, On: f.on, By: f.by, Kind: f.kind}
	if ev.Booking, err = l.booking(f.on); err != nil {
		return ev, nil, err
	}
	now = l.preview(ev.Booking)
	rest := f.minor
	for i := range now.Advances {
		a := &now.Advances[i]
		n := min(rest, a.Amount-a.Recovered)
		if a.Payer != payer || n == 0 {
			continue
		}
		rest -= n
		ev.Advances = append(ev.Advances, Advanced{i, n})
		ev.Parts = addPart(ev.Parts, Allocation{a.Instalment, a.Component, a.Charge, n})
	}
	ev.Total = amount(f.minor-rest, l.Currency())
	ev.Closes = total(now.Debts(f.on)) == f.minor-rest && !now.charges(f.on)
	return ev, now, nil
}

// addPart adds a part of a payment to another one of the same debt, if there is one.
func addPart(parts []Allocation, p Allocation) []Allocation {
	for i := range parts {
		q := &parts[i]
		if q.Instalment == p.Instalment && q.Component == p.Component && q.Charge == p.Charge {
			q.Minor += p.Minor
			return parts
		}
	}
	return append(parts, p)
}
