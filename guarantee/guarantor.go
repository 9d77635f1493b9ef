package guarantee

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Liability is the kind of a guarantee in law (保证方式).
type Liability uint8

// Kinds of liability (Civil Code 686 to 688). One that a contract does not state is ordinary.
const (
	Ordinary     Liability = iota + 1 // need not pay until enforcement against the borrower has failed (一般保证)
	JointSeveral                      // has to pay when it is asked (连带责任保证)
)

// Control says who decides on the risk of a loan.
type Control uint8

// Controls.
const (
	ByPlatform  Control = iota + 1
	ByGuarantor         // its own approval gates the listing, see [ApproveRisk]
)

// GuarantorTerms are the rules of a guarantor. Its fee is a fee of the product [lending.ToParty] it, one-off
// [lending.AtDisbursement] on [lending.OnCovered] or [lending.WithInstalment]; the most that it pays for one
// loan is the product's [lending.CoverTerms].Cap.
type GuarantorTerms struct {
	Currency  money.Currency
	Liability Liability
	Control   Control
	// Interest is covered besides principal (本息担保), and fees and costs as well for a product with
	// [lending.CoverTerms].Fees; a payment in part pays principal first.
	Interest bool
	// SharePPM is the part of what a borrower leaves unpaid, in millionths: of fees too where they are covered, but
	// what is paid goes to principal, then interest, then fees.
	SharePPM int64
	// Deductible is what the lenders of a loan, and the payees of fees that are covered, bear themselves of what
	// would be covered, first of all, in minor units.
	Deductible int64
	// PeriodDays is the guarantee period (保证期间): so many days after its due date an instalment is still
	// asked for.
	PeriodDays int
	PayDays    int // after a demand, or after enforcement has failed
	// Leverage is how many times its net assets a guarantor may stand for (LG art. 15: 10 or 15);
	// SinglePPM the part of them for one borrower (art. 16: 10%).
	Leverage  int64
	SinglePPM int64
	MarginPPM int64 // of its exposure, to be held as a deposit (保证金)
}

// Bounds of terms.
const (
	maxDays     = 3650
	maxLeverage = 100
)

// Validate reports everything that is wrong with the terms at once, each an ErrTerms.
func (g GuarantorTerms) Validate() error {
	var errs []error
	wrong := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, refuse(ErrTerms, format, args...))
		}
	}
	wrong(!g.Currency.IsZero(), "a guarantor has a currency")
	wrong(g.Liability == Ordinary || g.Liability == JointSeveral, "liability is ordinary or joint and several")
	wrong(g.Control == ByPlatform || g.Control == ByGuarantor, "risk is controlled by the platform or the guarantor")
	wrong(g.SharePPM > 0 && part(g.SharePPM), "share is %d ppm, want 1 to 1000000", g.SharePPM)
	wrong(g.Deductible >= 0 && g.Deductible <= money.MaxMinor, "deductible is %s", text(g.Deductible, g.Currency))
	wrong(g.PeriodDays >= 1 && g.PeriodDays <= maxDays, "guarantee period is %d days, want 1 to %d", g.PeriodDays, maxDays)
	wrong(g.PayDays >= 0 && g.PayDays <= maxDays, "payment is due after %d days, want 0 to %d", g.PayDays, maxDays)
	wrong(g.Leverage >= 1 && g.Leverage <= maxLeverage, "leverage is %d, want 1 to %d", g.Leverage, maxLeverage)
	wrong(g.SinglePPM > 0 && g.SinglePPM <= maxLeverage*lending.Million, "one borrower's part is %d ppm", g.SinglePPM)
	wrong(part(g.MarginPPM), "margin is %d ppm, want 0 to 1000000", g.MarginPPM)
	return errors.Join(errs...)
}

func (g *GuarantorTerms) code(c *event.Codec) {
	c.Currency(&g.Currency)
	event.Enum(c, &g.Liability)
	event.Enum(c, &g.Control)
	c.Bool(&g.Interest)
	c.Int(&g.SharePPM)
	c.Int(&g.Deductible)
	c.Count(&g.PeriodDays)
	c.Count(&g.PayDays)
	c.Int(&g.Leverage)
	c.Int(&g.SinglePPM)
	c.Int(&g.MarginPPM)
}

// State is what a guarantor or an originator may do.
type State uint8

// States of a guarantor or an originator.
const (
	Active    State = iota + 1
	Suspended       // takes on no loans, stands for those that it has
	Defaulted       // pays no more: its demands have lapsed (担保公司违约)
)

var stateNames = [...]string{"unknown", "active", "suspended", "defaulted"}

// String returns the state's name.
func (s State) String() string {
	if int(s) >= len(stateNames) {
		return fmt.Sprintf("state %d", uint8(s))
	}
	return stateNames[s]
}

// Guarantor is the state of a guarantor. Its money is the wallet of the party with its id.
type Guarantor struct {
	ID        lending.PartyID
	Terms     GuarantorTerms
	State     State
	NetAssets int64      // as last assessed, minor units
	Assessed  civil.Date // when
	Margin    int64      // deposit, held in its wallet
	Queue     Queue      // demands as they were asked for, each due on its last day to pay; on none while it may wait
	Exposure  int64      // covered principal of its loans as last measured (在保责任余额); the sum over loans
	Paid      int64      // to lenders so far, minor units
	Lapsed    int64      // demanded and never paid
	Coming    int64      // from the platform's own account, see [PayOwn]
	Granted   int64      // of it, what came and was not paid to lenders: it leaves the wallet in no other way
	Liability int64      // of the own guarantee, recognised as an expense and not paid
	Ended     civil.Date // when it defaulted
	loans     map[lending.LoanID]*engagement
	borrowers map[lending.PartyID]int64 // of Exposure
	approvals map[lending.LoanID]risk
	former    map[lending.LoanID]*engagement // of loans that have closed, and asked before
	upheld    marks                          // disputes
	rejected  marks                          // disputes, see [DisputeDemand]
}

// risk is what a guarantor has approved of a loan, at most.
type risk struct {
	minor   int64
	periods int
	pico    int64 // of the rate
}

// engagement is what a guarantor has taken on for a loan.
type engagement struct {
	borrower lending.PartyID
	minor    int64
	asked    map[int]asking // by instalment
	enforced bool           // enforcement has failed
}

// asking is when the guarantor was first asked for an instalment as it stands, and what of it the lenders
// bear.
type asking struct {
	first    civil.Date
	deducted int64
}

// Engaged is the exposure to a loan as last measured, and whether the guarantor covers it.
func (g *Guarantor) Engaged(id lending.LoanID) (int64, bool) {
	x := g.loans[id]
	if x == nil {
		return 0, false
	}
	return x.minor, true
}

// Loans counts the loans that the guarantor covers.
func (g *Guarantor) Loans() int { return len(g.loans) }

// ExposureTo is the exposure to a borrower.
func (g *Guarantor) ExposureTo(p lending.PartyID) int64 { return g.borrowers[p] }

// Approved reports whether the guarantor has approved the risk of a loan.
func (g *Guarantor) Approved(id lending.LoanID) bool {
	_, ok := g.approvals[id]
	return ok
}

// approves reports whether the guarantor has approved a loan as it is: of no more, for no longer, at no higher rate.
func (g *Guarantor) approves(l *lending.Loan) bool {
	r, ok := g.approvals[l.ID]
	return ok && l.Amount.Minor() <= r.minor && l.Periods <= r.periods && l.Rate.Pico() <= r.pico
}

// Overdue lists the demands of which the last day has passed. The borrower may have paid some meanwhile, of which
// nothing is owed any more: [lending.Loan.Covered] says what is missing.
func (g *Guarantor) Overdue(on civil.Date) []Demand { return g.Queue.overdue(on) }

func (d *Demand) overdue(on civil.Date) bool {
	return !d.Disputed && !d.Due.IsZero() && d.Due.Before(on)
}

// Check verifies the invariants of the state, each failure an ErrAudit.
func (g *Guarantor) Check() error {
	var queue, exposure, borrowers int64
	for d := range g.Queue.All() {
		queue += d.Minor
	}
	for _, x := range g.loans {
		exposure += x.minor
	}
	for _, n := range g.borrowers {
		borrowers += n
	}
	if queue != g.Queue.Total() || exposure != g.Exposure || borrowers != g.Exposure || g.Margin < 0 {
		return refuse(ErrAudit, "guarantor %s: queue %d of %d, exposure %d and %d of %d", g.ID, queue,
			g.Queue.Total(), exposure, borrowers, g.Exposure)
	}
	return nil
}

// limits refuses another exposure to a borrower beyond leverage, concentration or margin. Of the loan
// itself nothing is counted yet.
func (g *Guarantor) limits(borrower lending.PartyID, minor int64) error {
	all, one := g.Exposure+minor, g.borrowers[borrower]+minor
	if !within(all, 1, g.NetAssets, g.Terms.Leverage) {
		return refuse(ErrGuarantorLimit, "guarantor %s would stand for %s, more than %d times its net assets of %s",
			g.ID, g.text(all), g.Terms.Leverage, g.text(g.NetAssets))
	}
	if !within(one, lending.Million, g.NetAssets, g.Terms.SinglePPM) {
		return refuse(ErrGuarantorLimit, "guarantor %s would stand for %s of one borrower, more than %d ppm of its net assets of %s",
			g.ID, g.text(one), g.Terms.SinglePPM, g.text(g.NetAssets))
	}
	return g.margin(all, g.Margin)
}

// margin refuses an exposure that a deposit does not suffice for.
func (g *Guarantor) margin(exposure, deposit int64) error {
	if !within(exposure, g.Terms.MarginPPM, deposit, lending.Million) {
		return refuse(ErrGuarantorLimit, "guarantor %s needs %d ppm of %s as a margin deposit, and has %s",
			g.ID, g.Terms.MarginPPM, g.text(exposure), g.text(deposit))
	}
	return nil
}

func (g *Guarantor) text(minor int64) string { return text(minor, g.Terms.Currency) }

// within reports a x b <= c x d, of figures that are not below zero.
func within(a, b, c, d int64) bool {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	toHi, toLo := bits.Mul64(uint64(c), uint64(d))
	return hi < toHi || hi == toHi && lo <= toLo
}

// wake has a guarantor that has defaulted see to its demands once its deposit is used up.
func (g *Guarantor) wake() civil.Date {
	if g.State == Defaulted && g.Queue.Len() > 0 && g.Margin == 0 {
		return g.Ended
	}
	return civil.Date{}
}

var guarantorKind = event.NewKind[Guarantor]("guarantor", (*Guarantor).wake, event.On[GuarantorDefined](),
	event.On[NetAssetsAssessed](), event.On[GuarantorSuspended](), event.On[GuarantorEngaged](),
	event.On[GuarantorReleased](), event.On[GuarantorMeasured](), event.On[GuarantorDemanded](),
	event.On[RiskDecided](), event.On[MarginMoved](), event.On[DemandPaid](), event.On[DemandDisputed](),
	event.On[DisputeResolved](), event.On[EnforcementRecorded](), event.On[GuarantorDefaulted](),
	event.On[DemandsLapsed](), event.On[OwnGranted](), event.On[LiabilityRecognised](), event.On[OwnCredited](), event.On[OwnFailed](),
	event.On[GuarantorNotified]())

// GuarantorRef refers to a guarantor's stream: read with [lending.View] it has the demands that stand
// ([Queue.All]), those that are overdue ([Guarantor.Overdue]), and what it stands for.
func GuarantorRef(id lending.PartyID) event.Ref[Guarantor] { return guarantorKind.Ref(string(id)) }

// in refuses a guarantor that was not defined, or is in none of the states.
func (g *Guarantor) in(id lending.PartyID, states ...State) error {
	if g.ID == "" {
		return bad(lending.ErrUnknown, "guarantor "+string(id), "define it first")
	}
	for _, s := range states {
		if s == g.State {
			return nil
		}
	}
	return refuse(ErrGuarantorState, "guarantor %s is %s", g.ID, g.State)
}
