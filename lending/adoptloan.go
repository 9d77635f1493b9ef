package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Bounds of a loan that moves in.
const (
	maxPast      = 10_000 // payments
	maxHolders   = 3_000  // different ones, so that one commit can see that all are known
	maxTolerance = 10_000 // minor units
)

// AdoptLoan begins a loan in the middle of its life (存量贷款迁入): its plan, what is owed and was paid,
// its lenders with what each received. The register gets its claims and its debt, wallets the stakes
// and the liability; no money moves. From then on it lives as any loan does. Payments before the
// cut-over can no longer be reversed nor called back.
//
// Every lot has to be at the floor or the ceiling of its share of what the lenders received. One that
// is off by more than Tolerance minor units is refused by name, with its figures; one within it is taken
// and what all lots are off together is recorded ([Loan].Drift). Such lots heal: who is ahead waits.
//
// [Desk.Import] sends it. It needs an approver besides the actor. Given by an officer.
type AdoptLoan struct {
	Cutover   Code
	Product   Product
	Loan      LiveLoan
	Tolerance int64
}

// LoanAdopted is the outcome of [AdoptLoan].
type LoanAdopted struct {
	On           civil.Date
	By, Approver ActorID
	Cutover      Code
	Kind         PartyKind // of the borrower
	Product      Product
	Loan         LiveLoan
	Drift        Components
	Payout       PayoutID // stream that books the lenders' stakes in chunks; empty if done at once
}

// Type implements event.Of.
func (LoanAdopted) Type() string { return "adopted" }

// Apply implements event.Of.
func (e LoanAdopted) Apply(l *Loan) {
	x := &e.Loan
	*l = Loan{ID: x.ID, Borrower: x.Borrower, Product: e.Product.clone(), State: x.State, Amount: x.Amount,
		Periods: x.Periods, Rate: x.Rate, Grade: x.Grade, Dossier: Dossier{Kind: e.Kind},
		Course: Course{Wanted: x.Amount, Reserve: x.Rate, Offered: x.Amount.Minor()},
		Raised: x.Amount.Minor(), Lots: slices.Clone(x.Lots), Payout: e.Payout, Net: x.PaidOut,
		PaidOut: x.PaidOut, FirstDue: x.FirstDue, Charged: true, Upfront: slices.Clone(x.Upfront),
		Dues: slices.Clone(x.Dues), Charges: slices.Clone(x.Charges), Caps: slices.Clone(x.Caps), Cost: x.Cost,
		Acceleration: x.Acceleration.clone(), Advances: slices.Clone(x.Advances), Covers: slices.Clone(x.Covers),
		Payments: x.Payments, Served: x.Served, Looked: x.Looked, Stale: x.Stale, Closed: x.Closed,
		Sealed: e.On, Adopted: e.On, Drift: e.Drift}
	for i := range l.Lots {
		for c, n := range l.Lots[i].Paid {
			l.Received[c] += n
		}
	}
	// the rows were checked when they were recorded
	l.Started, l.Base, l.Noticed, l.Acceleration = x.Start, x.Base, x.Noticed, x.Acceleration
	l.Plan, _ = schedule.NewPlan(x.terms(l), x.Rows)
}

// terms are those of the loan's plan: as it was lent, or as the plan was made anew.
func (x *LiveLoan) terms(l *Loan) schedule.Terms {
	if x.Terms.Principal.IsZero() {
		return l.terms(x.Start, x.FirstDue)
	}
	return x.Terms.of(&l.Product)
}

// Code implements event.Coder.
func (e *LoanAdopted) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Cutover)
	event.Enum(c, &e.Kind)
	e.Product.Code(c)
	e.Loan.code(c)
	codeComponents(c, &e.Drift)
	event.Text(c, &e.Payout)
}

func (x *LiveLoan) code(c *event.Codec) {
	event.Text(c, &x.ID)
	event.Text(c, &x.Borrower)
	c.Count(&x.Product)
	event.Enum(c, &x.State)
	c.Amount(&x.Amount)
	c.Count(&x.Periods)
	codeRate(c, &x.Rate)
	event.Text(c, &x.Grade)
	c.Date(&x.Start)
	c.Date(&x.FirstDue)
	c.Count(&x.Base)
	x.Terms.code(c)
	codeRows(c, &x.Rows)
	event.List(c, &x.Dues, func(c *event.Codec, d *Due) { d.code(c) })
	codeCharges(c, &x.Charges)
	codeCaps(c, &x.Caps)
	x.Cost.code(c)
	x.Acceleration.code(c)
	event.List(c, &x.Lots, func(c *event.Codec, v *Lot) { v.code(c) })
	event.List(c, &x.Advances, func(c *event.Codec, a *Advance) { a.code(c) })
	event.List(c, &x.Covers, func(c *event.Codec, v *CoverUse) { c.Int(&v.Paid) })
	codeLevied(c, &x.Upfront)
	c.Date(&x.Served)
	c.Int(&x.PaidOut)
	c.Count(&x.Payments)
	c.Date(&x.Looked)
	c.Bool(&x.Stale)
	c.Date(&x.Closed)
	x.Acceleration.code(c)
	c.Date(&x.Noticed)
	c.Int(&x.Outstanding)
	event.List(c, &x.Past, func(c *event.Codec, p *PastPayment) { p.code(c) })
}

// Home implements Command.
func (c AdoptLoan) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan.ID) }

// Allowed implements Command.
func (AdoptLoan) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a loan that is known already, one that breaks an invariant of
// [Loan.Check], figures out of bounds, and parties that are not known.
func (c AdoptLoan) Decide(t *Tx, was *Loan) (LoanAdopted, error) {
	none, x := LoanAdopted{}, &c.Loan
	if err := t.cutover(c.Cutover); err != nil {
		return none, err
	}
	if was.ID != "" {
		return none, &Error{ErrExists, "loan " + string(was.ID), ""}
	}
	if err := errors.Join(c.Product.Validate(), t.knowsProfile(c.Product.Profile)); err != nil {
		return none, err
	}
	l, err := x.loan(&c.Product, t.On, c.Tolerance)
	if err != nil {
		return none, err
	}
	kind, err := t.wantHolders(l)
	if err != nil {
		return none, err
	}
	ev := LoanAdopted{t.On, t.Actor.ID, t.Approver.ID, c.Cutover, kind, c.Product, *x, l.Drift, ""}
	ev.Payout, err = t.adopt(l)
	return ev, err
}

// wantHolders asks in one go for every party of a loan and every stream that its adoption writes,
// refuses a party that is not known, and returns the kind of the borrower.
func (t *Tx) wantHolders(l *Loan) (PartyKind, error) {
	ps := l.parties()
	if len(ps) > maxHolders {
		return 0, &Error{ErrLimit, "loan " + string(l.ID), fmt.Sprintf("has %d parties, at most %d", len(ps), maxHolders)}
	}
	others := []event.Stream{WalletRef(l.Borrower, l.Currency()).Stream()}
	for _, p := range ps {
		others = append(others, PartyRef(p).Stream())
	}
	if err := t.wantPay(l, PayoutOrder{Kind: PayNothing, Rows: l.stakeRows()}, others...); err != nil {
		return 0, err
	}
	for _, p := range ps {
		if _, err := t.party(p); err != nil {
			return 0, err
		}
	}
	b, err := t.party(l.Borrower)
	if err != nil {
		return 0, err
	}
	return b.Kind, nil
}

// parties lists the borrower, the holders, who paid as a cover and who is paid charges, each once.
func (l *Loan) parties() []PartyID {
	ps := []PartyID{l.Borrower}
	for i := range l.Lots {
		ps = append(ps, l.Lots[i].Holder)
	}
	for _, a := range l.Advances {
		ps = append(ps, a.Payer)
	}
	for _, x := range l.Charges {
		if x.Payee == ToParty {
			ps = append(ps, x.Party)
		}
	}
	slices.Sort(ps)
	return slices.Compact(ps)
}

// stakeRows are the lenders' stakes that begin: those that a write-off would end, the other way round.
func (l *Loan) stakeRows() []PayoutRow {
	if l.State != StateActive {
		return nil
	}
	rows := l.leftRows()
	for i := range rows {
		rows[i].Stake *= -1
	}
	return rows
}

// adopt books a loan that moves in: claims and debt, the liability, the stakes, its covers.
func (t *Tx) adopt(l *Loan) (PayoutID, error) {
	if l.State == StateClosed {
		return "", nil
	}
	if err := t.borrows(l, l.Outstanding().Minor(), true); err != nil {
		return "", err
	}
	want := map[accountKey]int64{}
	l.register(want)
	e := ledger.Entry{Book: ledger.Register, Why: whyMovedIn, Currency: l.Currency()}
	for k, n := range want {
		if !k.account.Kind.Debit() {
			n = -n
		}
		e.Debit(k.account, n)
	}
	slices.SortFunc(e.Legs, compareLegs)
	if err := t.post(e); err != nil {
		return "", err
	}
	for _, v := range l.Product.Covers {
		if err := t.cover(v.Name).Attach(t, l); err != nil {
			return "", fmt.Errorf("attach cover %s to loan %s: %w", v.Name, l.ID, err)
		}
	}
	rows := l.stakeRows()
	if len(rows) == 0 {
		return "", nil
	}
	return t.pay(l, PayoutOrder{Kind: PayNothing, Rows: rows})
}
