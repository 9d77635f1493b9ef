package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// CoverPaid stands on a loan when a cover has paid its lenders, and who is owed fees, in the borrower's place (代偿). The
// borrower still owes the instalment; what he pays later goes to the payer once the lenders have theirs (追偿):
// see [Recourse].
type CoverPaid struct {
	On       civil.Date
	Layer    int
	Payer    PartyID
	Parts    []Allocation
	Vectors  []Vector
	Cuts     []Cut
	Platform []Levy   // what the platform received of fees
	Others   []Levied // what other parties did
	Payout   PayoutID
}

// Type implements event.Of.
func (CoverPaid) Type() string { return "cover-paid" }

// Apply implements event.Of.
func (e CoverPaid) Apply(l *Loan) {
	for _, p := range e.Parts {
		d := l.due(p.Instalment)
		d.Advanced.add(p.Component, p.Minor)
		if e.Layer >= 0 && e.Layer < len(d.Promised) {
			d.Promised[e.Layer] = max(0, d.Promised[e.Layer]-p.Minor)
		}
		l.use(e.Layer).Paid += p.Minor
		l.recordAdvance(&e, p)
	}
	for _, p := range e.Parts {
		l.relieve(p.Instalment)
	}
	l.credit(e.Vectors, e.Cuts, 1)
	l.serve(e.On, e.Vectors)
	l.seal(e.On)
	l.Payout = e.Payout
}

// recordAdvance notes what a cover has paid, and lets it bear penalty interest.
func (l *Loan) recordAdvance(e *CoverPaid, p Allocation) {
	a := Advance{Layer: e.Layer, Payer: e.Payer, Instalment: p.Instalment, Component: p.Component, Charge: p.Charge,
		Amount: p.Minor, On: e.On}
	l.Advances = append(l.Advances, a)
	if p.Charge > 0 {
		l.chargeAt(p.Charge).Advanced += p.Minor
		return
	}
	if late := &l.Product.Late; late.Penalty.Pico() == 0 && late.ContractPPM == 0 {
		return
	}
	for i := range l.Advances {
		if l.Advances[i].bears(&a) {
			return
		}
	}
	a.Component, a.Amount, a.On = Penalty, 0, civil.Date{}
	l.Advances = append(l.Advances, a)
}

// Code implements event.Coder.
func (e *CoverPaid) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Count(&e.Layer)
	event.Text(c, &e.Payer)
	codeAllocations(c, &e.Parts)
	codeVectors(c, &e.Vectors)
	codeCuts(c, &e.Cuts)
	codeLevies(c, &e.Platform)
	codeLevied(c, &e.Others)
	event.Text(c, &e.Payout)
}

// Total returns what the cover paid, in minor units.
func (e *CoverPaid) Total() (sum int64) {
	for _, p := range e.Parts {
		sum += p.Minor
	}
	return sum
}

// Advance pays the lenders of a loan, in the borrower's place, what they miss of one instalment's
// principal and interest, as far as the amount goes, principal first; then, of a layer with
// [CoverTerms.Fees], fees and costs to who is owed them, as they were booked. What other layers that do not stand
// for fees have promised of principal and interest it leaves to them, as long as fees are missing. It is how covers
// pay: the money comes from the payer's wallet and never exceeds what is missing. An instalment that is not due yet
// is refused, and so is a second advance on a loan in one command. The event that it returns has been written to the
// loan.
func (t *Tx) Advance(id LoanID, d Demand, payer PartyID) (CoverPaid, error) {
	none := CoverPaid{}
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return none, err
	}
	if err := l.in(id, StateActive, StateWrittenOff); err != nil {
		return none, err
	}
	if err := positive("advance", d.Amount, l.Currency()); err != nil {
		return none, err
	}
	if d.Instalment < 0 || d.Instalment >= len(l.Dues) || d.Layer < 0 || d.Layer >= len(l.Covers) {
		return none, &Error{ErrUnknown, "loan " + string(id), "has no such instalment or layer"}
	}
	if d := l.Dues[d.Instalment].Date; l.State == StateActive && d.After(t.On) {
		return none, &Error{ErrState, "loan " + string(id), "its instalment is not due before " + d.String()}
	}
	if t.advanced[id] {
		return none, &Error{ErrPending, "loan " + string(id), "one advance a command"}
	}
	if err := t.Finished(l); err != nil {
		return none, err
	}
	ev := CoverPaid{On: t.On, Layer: d.Layer, Payer: payer, Parts: l.covers(d)}
	if len(ev.Parts) == 0 {
		return none, &Error{ErrState, "loan " + string(id), "nothing is missing of the instalment that the layer stands for"}
	}
	if err := t.advance(l, &ev); err != nil {
		return none, fmt.Errorf("advance on loan %s: %w", id, err)
	}
	if t.advanced == nil {
		t.advanced = map[LoanID]bool{}
	}
	t.advanced[id] = true
	return ev, event.Write(t.Tx, LoanRef(id), ev)
}

func (t *Tx) advance(l *Loan, ev *CoverPaid) error {
	paid := Repaid{On: ev.On, Parts: ev.Parts, Total: amount(ev.Total(), l.Currency())}
	if l.State == StateWrittenOff {
		paid.Kind = RecoveryPayment
	}
	if err := l.pass(&paid); err != nil {
		return err
	}
	ev.Vectors, ev.Cuts, ev.Platform, ev.Others = paid.Vectors, paid.Cuts, paid.Platform, paid.Others
	o := PayoutOrder{Kind: PayDistribute, Levies: cutLevies(ev.Cuts), Rows: l.paidBy(&paid)}
	if err := t.wantPay(l, o, WalletRef(ev.Payer, l.Currency()).Stream()); err != nil {
		return err
	}
	if err := t.receive(l, &paid, Avail(ev.Payer), "cover-paid"); err != nil {
		return err
	}
	var err error
	if ev.Payout, err = t.pay(l, o); err != nil {
		return err
	}
	claim, ref := ledger.Claim, ledger.Ref(l.ID)
	if l.State == StateWrittenOff {
		claim = ledger.ClaimWO
	}
	e := ledger.Entry{Book: ledger.Register, Why: "subrogated", Currency: l.Currency()}
	e.Debit(claim(ledger.Owner(ev.Payer), ref), principalOf(ev.Vectors))
	for _, v := range ev.Vectors {
		for i, n := range v.Shares {
			if v.Component == Principal {
				e.Credit(claim(ledger.Owner(l.Lots[i].Holder), ref), n)
			}
		}
	}
	return t.Post(e)
}
