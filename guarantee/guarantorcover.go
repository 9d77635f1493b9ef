package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// GuarantorEngaged stands on a guarantor when it takes on a loan.
type GuarantorEngaged struct {
	Loan     lending.LoanID
	Borrower lending.PartyID
	Minor    int64
}

// Type implements event.Of.
func (GuarantorEngaged) Type() string { return "engaged" }

// Apply implements event.Of.
func (e GuarantorEngaged) Apply(g *Guarantor) {
	if g.loans[e.Loan] == nil {
		if g.loans == nil {
			g.loans, g.borrowers = map[lending.LoanID]*engagement{}, map[lending.PartyID]int64{}
		}
		g.loans[e.Loan] = &engagement{borrower: e.Borrower}
		if was := g.former[e.Loan]; was != nil {
			g.loans[e.Loan] = was
			delete(g.former, e.Loan)
		}
	}
	g.expose(e.Loan, e.Minor)
}

// Code implements event.Coder.
func (e *GuarantorEngaged) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	event.Text(c, &e.Borrower)
	c.Int(&e.Minor)
}

// expose sets what the guarantor stands for of a loan.
func (g *Guarantor) expose(id lending.LoanID, minor int64) {
	x := g.loans[id]
	if x == nil {
		return
	}
	g.Exposure += minor - x.minor
	if g.borrowers[x.borrower] += minor - x.minor; g.borrowers[x.borrower] == 0 {
		delete(g.borrowers, x.borrower)
	}
	x.minor = minor
}

// GuarantorReleased stands on a guarantor when its cover of a loan has ended: nothing of it is demanded any
// more. What was asked is remembered, as a closed loan is open again when its last payment bounces.
type GuarantorReleased struct{ Loan lending.LoanID }

// Type implements event.Of.
func (GuarantorReleased) Type() string { return "released" }

// Apply implements event.Of.
func (e GuarantorReleased) Apply(g *Guarantor) {
	g.expose(e.Loan, 0)
	if x := g.loans[e.Loan]; x != nil && len(x.asked) > 0 {
		if g.former == nil {
			g.former = map[lending.LoanID]*engagement{}
		}
		g.former[e.Loan] = x
	}
	g.Queue.dropLoan(e.Loan)
	delete(g.loans, e.Loan)
	delete(g.approvals, e.Loan)
}

// Code implements event.Coder.
func (e *GuarantorReleased) Code(c *event.Codec) { event.Text(c, &e.Loan) }

// GuarantorDemanded stands on a guarantor when a loan's day-end has asked it. A demand that is made again
// replaces the earlier one, which the loan has forgotten.
type GuarantorDemanded struct {
	Key
	Minor    int64
	On, Due  civil.Date // Due is the last day to pay; zero while the guarantor may wait for enforcement
	First    civil.Date // when it was first asked for the instalment as it stands
	Disputed bool       // the earlier demand was, and is
	Deducted int64      // that the lenders bear of the instalment
	Exposure int64      // to the loan, measured at the same time
}

// Type implements event.Of.
func (GuarantorDemanded) Type() string { return "demanded" }

// Apply implements event.Of.
func (e GuarantorDemanded) Apply(g *Guarantor) {
	g.Queue.put(Demand{Key: e.Key, Minor: e.Minor, On: e.On, Due: e.Due, Disputed: e.Disputed})
	g.expose(e.Loan, e.Exposure)
	if x := g.loans[e.Loan]; x != nil {
		if x.asked == nil {
			x.asked = map[int]asking{}
		}
		x.asked[e.Instalment] = asking{e.First, e.Deducted}
	}
}

// Code implements event.Coder.
func (e *GuarantorDemanded) Code(c *event.Codec) {
	e.Key.code(c)
	c.Int(&e.Minor)
	c.Date(&e.On)
	c.Date(&e.Due)
	c.Date(&e.First)
	c.Bool(&e.Disputed)
	c.Int(&e.Deducted)
	c.Int(&e.Exposure)
}

// guarantorCover fills lending's slots.
type guarantorCover lending.PartyID

var (
	_ lending.Cover = guarantorCover("")
	_ lending.Gate  = guarantorCover("")
)

func (v guarantorCover) ref() event.Ref[Guarantor] { return GuarantorRef(lending.PartyID(v)) }

// Admit implements lending.Gate: a loan that names the guarantor needs it active, and its approval where it
// controls the risk itself.
func (v guarantorCover) Admit(t *lending.Tx, l *lending.Loan) error {
	if !names(l, lending.PartyID(v)) {
		return nil
	}
	g, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	if err := g.in(lending.PartyID(v), Active); err != nil {
		return err
	}
	if g.Terms.Control == ByGuarantor && !g.approves(l) {
		return refuse(ErrNotApproved, "guarantor %s has not approved loan %s as it is: it sends ApproveRisk", g.ID, l.ID)
	}
	return g.fits(t, l)
}

// Attach implements lending.Cover. It refuses a guarantor that is not active, its own loan, what is beyond its
// limits (ErrGuarantorLimit), and a related party of the platform that the product does not show as the
// platform's own guarantee. A loan that had closed and is open again is taken back whatever the state.
func (v guarantorCover) Attach(t *lending.Tx, l *lending.Loan) error {
	g, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	minor, err := g.stands(l, v)
	if err != nil {
		return err
	}
	if l.State != lending.StateClosed {
		if err := g.in(lending.PartyID(v), Active); err != nil {
			return err
		}
		if err := g.fits(t, l); err != nil {
			return err
		}
		more := minor
		if x := g.loans[l.ID]; x != nil {
			more -= x.minor
		}
		if err := g.limits(l.Borrower, more); err != nil {
			return err
		}
	}
	return event.Write(t.Tx, v.ref(), GuarantorEngaged{l.ID, l.Borrower, minor})
}

// fits refuses a loan that is not for this guarantor, and one of which the product shows it as something
// else: a related party of the platform, and no other, is the platform's own guarantee.
func (g *Guarantor) fits(t *lending.Tx, l *lending.Loan) error {
	if l.Currency() != g.Terms.Currency || l.Borrower == g.ID {
		return refuse(ErrTerms, "guarantor %s cannot stand for loan %s: of another currency, or its own", g.ID, l.ID)
	}
	p, err := event.Read(t.Tx, lending.PartyRef(g.ID))
	if err != nil {
		return err
	}
	if p.Related {
		return isKind(l, g.ID, lending.CoverOwnGuarantee)
	}
	return isKind(l, g.ID, lending.CoverGuarantor)
}

// Release implements lending.Cover.
func (v guarantorCover) Release(t *lending.Tx, l *lending.Loan) error {
	return event.Write(t.Tx, v.ref(), GuarantorReleased{l.ID})
}

// Demand implements lending.Cover: the guarantor takes on its share of what the borrower leaves unpaid, less
// the deductible and what it has paid of that already; nothing when it has defaulted, the guarantee
// period is over and it was not asked in it, or its dispute was upheld. A demand that is made again keeps its dispute, and if it is for no
// more its last day.
func (v guarantorCover) Demand(t *lending.Tx, l *lending.Loan, d lending.Demand) (money.Amount, error) {
	none := money.Amount{}
	g, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return none, err
	}
	ev := GuarantorDemanded{Key: Key{l.ID, d.Layer, d.Instalment}, On: t.On, First: t.On, Due: g.payBy(l.ID, t.On)}
	due := l.Dues[d.Instalment].Date
	if x := g.loans[l.ID]; x != nil && x.asked[d.Instalment].first.After(due) {
		ev.First = x.asked[d.Instalment].first
	}
	if g.State == Defaulted || ev.First.Sub(due) > g.Terms.PeriodDays || g.upheld.on(l, ev.Key) {
		return none, nil
	}
	was, ok := g.Queue.Get(ev.Key)
	again := ok && was.On.After(due)
	ev.Disputed = again && was.Disputed
	if ev.Minor, ev.Deducted, err = g.liable(l, d); err != nil || ev.Minor == 0 && ev.Deducted == 0 {
		return none, err
	}
	if again && ev.Minor <= was.Minor {
		ev.Due = was.Due
	}
	if ev.Exposure, err = g.stands(l, v); err != nil {
		return none, err
	}
	took, err := money.New(ev.Minor, l.Currency())
	if err != nil {
		return none, err
	}
	return took, event.Write(t.Tx, v.ref(), ev)
}

// liable is what the guarantor takes on of a demand, and what of the instalment the lenders bear: of the
// deductible what is left after what they still miss of what they bore of other instalments.
func (g *Guarantor) liable(l *lending.Loan, d lending.Demand) (minor, deducted int64, err error) {
	var interest int64
	if g.Terms.Interest {
		interest = g.Terms.SharePPM
	}
	gross, paid, err := parts(l, d, g.Terms.SharePPM, interest)
	if err != nil {
		return 0, 0, err
	}
	left := g.Terms.Deductible
	if x := g.loans[l.ID]; x != nil {
		for i, a := range x.asked {
			if i != d.Instalment && i < len(l.Dues) {
				left -= min(a.deducted, l.Covered(d.Layer, i))
			}
		}
	}
	deducted = min(max(0, left), gross)
	return min(max(0, gross-deducted-paid), d.Amount.Minor()), deducted, nil
}

// owes is what the guarantor takes on of a demand.
func (g *Guarantor) owes(l *lending.Loan, d lending.Demand) (int64, error) {
	minor, _, err := g.liable(l, d)
	return minor, err
}

// payBy is the last day to pay a demand that is made, or may be enforced, from a day on; zero for none yet.
func (g *Guarantor) payBy(id lending.LoanID, on civil.Date) civil.Date {
	if x := g.loans[id]; g.Terms.Liability == Ordinary && (x == nil || !x.enforced) {
		return civil.Date{}
	}
	return on.AddDays(g.Terms.PayDays)
}

// stands is the exposure to a loan: the guarantor's share of the principal that its lenders are still owed,
// rounded up, within what is left of the product's cap.
func (g *Guarantor) stands(l *lending.Loan, v guarantorCover) (int64, error) {
	n, err := money.MulDiv(principal(l), g.Terms.SharePPM, lending.Million, money.Up)
	for i, c := range l.Product.Covers {
		if c.Name == lending.Code(v) && !c.Cap.IsZero() {
			n = min(n, max(0, c.Cap.Minor()-l.Covers[i].Paid))
		}
	}
	return n, err
}

// GuarantorMeasured is the outcome of [MeasureGuarantor].
type GuarantorMeasured struct {
	On    civil.Date
	Loans []Measured
}

// Type implements event.Of.
func (GuarantorMeasured) Type() string { return "measured" }

// Apply implements event.Of.
func (e GuarantorMeasured) Apply(g *Guarantor) {
	for _, m := range e.Loans {
		g.expose(m.Loan, m.Minor)
	}
}

// Code implements event.Coder.
func (e *GuarantorMeasured) Code(c *event.Codec) {
	c.Date(&e.On)
	codeMeasured(c, &e.Loans)
}

// MeasureGuarantor brings up to date what a guarantor stands for of 1 to 100 loans; see [MeasureFund] why that
// is a command of its own. Given by an officer or the system.
type MeasureGuarantor struct {
	Guarantor lending.PartyID
	Loans     []lending.LoanID
}

// Home implements lending.Command.
func (c MeasureGuarantor) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (MeasureGuarantor) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses a loan that the guarantor does not cover.
func (c MeasureGuarantor) Decide(t *lending.Tx, g *Guarantor) (GuarantorMeasured, error) {
	if err := g.in(c.Guarantor, Active, Suspended, Defaulted); err != nil {
		return GuarantorMeasured{}, err
	}
	loans, err := measure(t, c.Loans, func(id lending.LoanID) bool { return g.loans[id] != nil },
		func(l *lending.Loan) (int64, error) { return g.stands(l, guarantorCover(g.ID)) })
	return GuarantorMeasured{t.On, loans}, err
}
