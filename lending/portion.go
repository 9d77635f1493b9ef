package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// Disbursement rules how a product's loans are paid out. The zero value pays the loan out less its
// fees (net). Lenders' law may forbid that: where the principal is what was handed over, pay gross.
type Disbursement struct {
	// Gross pays the whole amount out. The fees charged at disbursement are taken from the free
	// balance of the borrower's wallet, and a loan whose borrower has too little there is refused.
	Gross bool
}

func (d *Disbursement) code(c *event.Codec) { c.Bool(&d.Gross) }

// MaxPortions bounds the parts in which one loan may be ordered to be paid out.
const MaxPortions = 64

// PayTo is a third person to whom a part of a loan is paid in the borrower's place. He must be a
// registered party; the custodian knows his bank account.
type PayTo struct {
	Party  PartyID
	Amount money.Amount
}

// Portion is what one payee is to have of a loan, in minor units.
type Portion struct {
	Payee   PartyID
	Minor   int64
	Paid    int64
	Payment payment.ID // on its way; empty when none is
}

func (p *Portion) code(c *event.Codec) {
	event.Text(c, &p.Payee)
	c.Int(&p.Minor)
	c.Int(&p.Paid)
	event.Text(c, &p.Payment)
}

// PortionOrder is one instruction of a disbursement.
type PortionOrder struct {
	Portion int // index; of a new part if it is the loan's number of parts
	Payee   PartyID
	Payment payment.ID
	Minor   int64
}

func (p *PortionOrder) code(c *event.Codec) {
	c.Count(&p.Portion)
	event.Text(c, &p.Payee)
	event.Text(c, &p.Payment)
	c.Int(&p.Minor)
}

// order notes the parts that are on their way now.
func (l *Loan) order(parts []PortionOrder) {
	for _, o := range parts {
		l.Tried = append(l.Tried, o.Portion)
		if o.Portion == len(l.Portions) {
			l.Portions = append(l.Portions, Portion{Payee: o.Payee, Minor: o.Minor})
		}
		at(l.Portions, o.Portion).Payment = o.Payment
	}
}

// paidPortions notes that nothing is unpaid.
func (l *Loan) paidPortions() {
	for i := range l.Portions {
		l.Portions[i].Paid, l.Portions[i].Payment = l.Portions[i].Minor, ""
	}
}

// checkPayees refuses payees who are not parties that may receive money, and the borrower.
func (t *Tx) checkPayees(l *Loan, payees []PayTo) error {
	what := "loan " + string(l.ID)
	if len(payees) > MaxPortions {
		return l.tooManyPortions()
	}
	seen := map[PartyID]bool{l.Borrower: true}
	for _, p := range payees {
		if err := positive("part", p.Amount, l.Currency()); err != nil {
			return err
		}
		if seen[p.Party] {
			return &Error{ErrTerms, what, "names payee " + string(p.Party) + " twice, or its borrower"}
		}
		seen[p.Party] = true
		if err := t.May(p.Party, ActWithdraw); err != nil {
			return err
		}
	}
	return nil
}

// nextPayments are the streams of the payments that an order may open: of all unpaid parts, or of
// so many new ones.
func (l *Loan) nextPayments(parts int) []event.Stream {
	ss := make([]event.Stream, max(parts, len(l.Portions)))
	for i := range ss {
		ss[i] = PaymentRef(l.nextPayment(i)).Stream()
	}
	return ss
}

func (l *Loan) nextPayment(i int) payment.ID {
	return payment.ID(fmt.Sprintf("%s.d%d", l.ID, len(l.Tried)+1+i))
}

// portionOf is the part that a payout was ordered for, -1 for a payout of another loan.
func (l *Loan) portionOf(id payment.ID) int {
	for n, i := range l.Tried {
		if l.nextPayment(n-len(l.Tried)) == id {
			return i
		}
	}
	return -1
}

// portions says what an order asks for: the unpaid rest of parts ordered before, if there is any, or
// new ones out of what was not ordered yet.
func (l *Loan) portions(c Disburse, net int64) ([]PortionOrder, error) {
	what := "loan " + string(l.ID)
	if again := l.unpaid(); len(again) > 0 {
		if len(c.Payees) > 0 || !c.Amount.IsZero() {
			return nil, &Error{ErrPending, what, "has unpaid parts: order them again first"}
		}
		return again, nil
	}
	ask := net - l.ordered()
	if !c.Amount.IsZero() {
		if err := positive("tranche", c.Amount, l.Currency()); err != nil {
			return nil, err
		}
		if c.Amount.Minor() > ask {
			return nil, &Error{ErrAmount, what, "has " + amount(ask, l.Currency()).String() + " left to order"}
		}
		ask = c.Amount.Minor()
	}
	var out []PortionOrder
	add := func(p PartyID, minor int64) {
		out = append(out, PortionOrder{len(l.Portions) + len(out), p, l.nextPayment(len(out)), minor})
		ask -= minor
	}
	for _, p := range c.Payees {
		if p.Amount.Minor() > ask {
			return nil, &Error{ErrAmount, what, "cannot pay its payees " + p.Amount.String() + " out of what is left"}
		}
		add(p.Party, p.Amount.Minor())
	}
	if ask > 0 {
		add(l.Borrower, ask)
	}
	if len(l.Portions)+len(out) > MaxPortions {
		return nil, l.tooManyPortions()
	}
	return out, nil
}

func (l *Loan) tooManyPortions() error {
	return &Error{ErrLimit, "loan " + string(l.ID), fmt.Sprintf("is paid out in at most %d parts", MaxPortions)}
}

// unpaid are orders for what was ordered and not paid.
func (l *Loan) unpaid() (out []PortionOrder) {
	for i, p := range l.Portions {
		if rest := p.Minor - p.Paid; rest > 0 {
			out = append(out, PortionOrder{i, p.Payee, l.nextPayment(len(out)), rest})
		}
	}
	return out
}

// ordered is how much was ordered to be paid out, in minor units.
func (l *Loan) ordered() (sum int64) {
	for i := range l.Portions {
		sum += l.Portions[i].Minor
	}
	return sum
}

// instructPortions asks the custodian for each part.
func (t *Tx) instructPortions(l *Loan, parts []PortionOrder) error {
	for _, o := range parts {
		if err := t.May(o.Payee, ActWithdraw); err != nil {
			return err
		}
		in := payment.Instruction{
			ID: o.Payment, Kind: payment.Payout, Party: payment.PartyID(o.Payee),
			Amount: amount(o.Minor, l.Currency()),
		}
		if _, err := t.instruct(in, Clear(l.ID), PurposeDisburse, l.ID); err != nil {
			return err
		}
	}
	return nil
}

// DisbursementEnded stands on a loan when a payout ended, or its end was corrected, and the loan does
// not begin yet: other parts are on their way, unpaid or not ordered. What was not paid lies with the loan again.
type DisbursementEnded struct {
	Payment payment.ID
	Paid    int64 // by this payment
	PaidOut int64 // in all
}

// Type implements event.Of.
func (DisbursementEnded) Type() string { return "disbursement-ended" }

// Apply implements event.Of.
func (e DisbursementEnded) Apply(l *Loan) {
	l.PaidOut = e.PaidOut
	state := StateReviewed
	at(l.Portions, l.portionOf(e.Payment)).Paid += e.Paid
	for i := range l.Portions {
		p := &l.Portions[i]
		if p.Payment == e.Payment {
			p.Payment = ""
		}
		if p.Payment != "" {
			state = StateDisbursing
		}
	}
	l.State = state
}

// Code implements event.Coder.
func (e *DisbursementEnded) Code(c *event.Codec) {
	event.Text(c, &e.Payment)
	c.Int(&e.Paid)
	c.Int(&e.PaidOut)
}

// disbursed moves a loan on when one of its payouts has come to an end. Paid is what it paid.
func (t *Tx) disbursed(p *Payment, paid int64) error {
	l, err := event.Read(t.Tx, LoanRef(p.Loan))
	if err != nil {
		return err
	}
	out := l.PaidOut + paid
	if out < l.Net {
		return event.Write(t.Tx, LoanRef(p.Loan), DisbursementEnded{p.Instruction.ID, paid, out})
	}
	ev, err := t.activate(l, out)
	if err != nil {
		return err
	}
	return event.Write(t.Tx, LoanRef(p.Loan), ev)
}

// creditPortions pays what the custodian did not into wallets.
func (t *Tx) creditPortions(l *Loan) error {
	owed := append(l.unpaid(), PortionOrder{Payee: l.Borrower, Minor: l.Net - l.ordered()})
	e := ledger.Entry{Book: ledger.Client, Why: "rest-credited", Currency: l.Currency()}
	e.Debit(Clear(l.ID), l.Net-l.PaidOut)
	for _, o := range owed {
		e.Credit(Avail(o.Payee), o.Minor)
	}
	return t.Post(e)
}
