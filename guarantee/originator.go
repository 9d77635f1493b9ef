package guarantee

import (
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// OriginatorTerms are the rules of an originator. A product refers loans for it by naming it as a
// [lending.CoverOriginator]; its TriggerDays past due are when a repurchase is demanded.
type OriginatorTerms struct {
	Currency money.Currency
	Line     int64 // most principal that others may hold of its loans, minor units (授信额度)
	// BuybackDays are the days past due of an instalment by which its loan is bought back, 1 to 3650; the
	// day after, the buyback is overdue.
	BuybackDays int
	RetainedPPM int64 // of each loan, that it lends itself (自留比例); in millionths
	DepositPPM  int64 // of the principal that others hold, as a deposit (履约保证金); in millionths
	RemitDays   int   // within which it passes on what borrowers pay to it, 0 to 3650 (汇款期限)
	// FirstLoss has all that it lends of a loan together with others stand behind them (劣后), from the payout
	// on: else it is on a par with them. Its products let claims be ranked ([lending.TransferRules]). What it
	// buys back keeps its rank, and its share of what comes in, until it puts it behind itself: see [BuyBack].
	FirstLoss bool
}

// Validate reports everything that is wrong with the terms at once, each an ErrTerms.
func (o OriginatorTerms) Validate() error {
	var errs []error
	wrong := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, refuse(ErrTerms, format, args...))
		}
	}
	wrong(!o.Currency.IsZero(), "an originator has a currency")
	wrong(o.Line >= 1 && o.Line <= money.MaxMinor, "credit line is %s", text(o.Line, o.Currency))
	wrong(o.BuybackDays >= 1 && o.BuybackDays <= maxDays, "buyback after %d days, want 1 to %d", o.BuybackDays, maxDays)
	wrong(part(o.RetainedPPM), "retained share is %d ppm, want 0 to 1000000", o.RetainedPPM)
	wrong(!o.FirstLoss || o.RetainedPPM > 0, "the first loss is on a retained share, which is none")
	wrong(part(o.DepositPPM), "deposit is %d ppm, want 0 to 1000000", o.DepositPPM)
	wrong(o.RemitDays >= 0 && o.RemitDays <= maxDays, "passes on within %d days, want 0 to %d", o.RemitDays, maxDays)
	return errors.Join(errs...)
}

func (o *OriginatorTerms) code(c *event.Codec) {
	c.Currency(&o.Currency)
	c.Int(&o.Line)
	c.Count(&o.BuybackDays)
	c.Int(&o.RetainedPPM)
	c.Bool(&o.FirstLoss)
	c.Int(&o.DepositPPM)
	c.Count(&o.RemitDays)
}

// Originator is the state of an originator. Its money is the wallet of the party with its id.
type Originator struct {
	ID       lending.PartyID
	Terms    OriginatorTerms
	State    State
	Deposit  int64      // held in its wallet
	Pending  Queue      // repurchase demands, by instalment, each due on the last day to buy its loan back
	Referred int64      // principal that others hold of its loans, as last measured; the sum over loans
	Bought   int64      // paid to holders so far, minor units
	Lapsed   int64      // demanded and never paid
	Ended    civil.Date // when it defaulted
	loans    map[lending.LoanID]int64

	Collected   []Collection // from borrowers and not passed on, in the order of their numbers
	collections int
}

// ReferredOf is what others hold of a loan's principal as last measured, and whether it is one of the
// originator's.
func (o *Originator) ReferredOf(id lending.LoanID) (int64, bool) {
	n, ok := o.loans[id]
	return n, ok
}

// Loans counts the originator's loans.
func (o *Originator) Loans() int { return len(o.loans) }

// Overdue lists the repurchase demands whose last day was before a day.
func (o *Originator) Overdue(on civil.Date) []Demand { return o.Pending.overdue(on) }

// Check verifies the invariants of the state, each failure an ErrAudit.
func (o *Originator) Check() error {
	var pending, referred int64
	for d := range o.Pending.All() {
		pending += d.Minor
	}
	for _, n := range o.loans {
		referred += n
	}
	if pending != o.Pending.Total() || referred != o.Referred || o.Deposit < 0 {
		return refuse(ErrAudit, "originator %s: demands of %d, not %d; referred %d, not %d; deposit %d", o.ID,
			pending, o.Pending.Total(), referred, o.Referred, o.Deposit)
	}
	return nil
}

// refer sets what others hold of a loan.
func (o *Originator) refer(id lending.LoanID, minor int64) {
	if o.loans == nil {
		o.loans = map[lending.LoanID]int64{}
	}
	o.Referred += minor - o.loans[id]
	o.loans[id] = minor
}

// wake has an originator that has defaulted see to its demands once its deposit is used up.
func (o *Originator) wake() civil.Date {
	if o.State == Defaulted && o.Pending.Len() > 0 && o.Deposit == 0 {
		return o.Ended
	}
	return civil.Date{}
}

var originatorKind = event.NewKind[Originator]("originator", (*Originator).wake, event.On[OriginatorDefined](),
	event.On[OriginatorSuspended](), event.On[LoanReferred](), event.On[ReferralEnded](),
	event.On[ReferredMeasured](), event.On[RepurchaseDemanded](), event.On[DepositMoved](),
	event.On[LoanBoughtBack](), event.On[OriginatorDefaulted](), event.On[RepurchasesLapsed](),
	event.On[CollectionRecorded](), event.On[CollectionRemitted]())

// OriginatorRef refers to an originator's stream.
func OriginatorRef(id lending.PartyID) event.Ref[Originator] { return originatorKind.Ref(string(id)) }

// in refuses an originator that was not defined, or is in none of the states.
func (o *Originator) in(id lending.PartyID, states ...State) error {
	if o.ID == "" {
		return bad(lending.ErrUnknown, "originator "+string(id), "define it first")
	}
	for _, s := range states {
		if s == o.State {
			return nil
		}
	}
	return refuse(ErrOriginatorState, "originator %s is %s", o.ID, o.State)
}
