package transfer

import (
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxLimits bounds the currencies of one facility.
const MaxLimits = 16

// FacilityTerms bound what a fronting lender has out.
type FacilityTerms struct {
	Relation Relation
	// Limits are the most that he has in bids and unsold claims (垫资额度), one for each currency, 0 to
	// MaxLimits. In a currency without one he fronts nothing.
	Limits []money.Amount
}

// Check reports everything that is wrong with the terms, as [ErrFacility]s.
func (f *FacilityTerms) Check() error {
	var errs []error
	if !f.Relation.valid() {
		errs = append(errs, refuse(ErrFacility, "it does not say what its lender is to the platform"))
	}
	if len(f.Limits) > MaxLimits {
		return errors.Join(append(errs, refuse(ErrFacility, "it has more than %d limits", MaxLimits))...)
	}
	for i, a := range f.Limits {
		same := func(b money.Amount) bool { return b.Currency() == a.Currency() }
		if a.Sign() <= 0 {
			errs = append(errs, refuse(ErrFacility, "limit %d is %s, want more than zero", i, a))
		}
		if slices.ContainsFunc(f.Limits[:i], same) {
			errs = append(errs, refuse(ErrFacility, "it has two limits in %s", a.Currency().Code()))
		}
	}
	return errors.Join(errs...)
}

// Limit is the most that is out in a currency, in minor units.
func (f *FacilityTerms) Limit(c money.Currency) int64 {
	for _, a := range f.Limits {
		if a.Currency() == c {
			return a.Minor()
		}
	}
	return 0
}

func (f *FacilityTerms) code(c *event.Codec) {
	event.Enum(c, &f.Relation)
	event.List(c, &f.Limits, func(c *event.Codec, a *money.Amount) { c.Amount(a) })
}

// Facility is the line of a fronting lender (专业放贷人): who funds loans first, holds the claims and sells
// them on. Its stream has the party's id. What is out is in his wallet, see [lending.Wallet.LentTotal], and
// is not kept again.
//
// Invariant: nothing is fronted with which more would be out than the limit. A lower limit, or none, takes nothing back.
type Facility struct {
	Lender lending.PartyID // empty until it is defined
	Terms  FacilityTerms
}

// FacilityDefined is the outcome of [DefineFacility].
type FacilityDefined struct {
	Lender       lending.PartyID
	Terms        FacilityTerms
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (FacilityDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e FacilityDefined) Apply(f *Facility) { f.Lender, f.Terms = e.Lender, e.Terms }

// Code implements event.Coder.
func (e *FacilityDefined) Code(c *event.Codec) {
	event.Text(c, &e.Lender)
	e.Terms.code(c)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

var facilityKind = event.NewKind[Facility]("facility", nil, event.On[FacilityDefined]())

// FacilityRef refers to the stream of a fronting lender's facility.
func FacilityRef(lender lending.PartyID) event.Ref[Facility] { return facilityKind.Ref(string(lender)) }

// DefineFacility makes a registered party a fronting lender, or changes his terms, whatever he has out: a limit
// below that holds for what is new, until enough is sold or repaid. Terms without limits end what he may front.
// A product of which he is the only lender is made with [lending.DebtTransfer]. It needs an approver besides the
// actor. Given by an officer.
type DefineFacility struct {
	Lender lending.PartyID
	Terms  FacilityTerms
}

// Features implements lending.Featured. Terms without limits have none.
func (c DefineFacility) Features() []lending.Feature {
	switch {
	case len(c.Terms.Limits) == 0:
		return nil
	case c.Terms.Relation == OwnBook:
		return []lending.Feature{lending.FeaturePlatformLender}
	}
	return []lending.Feature{lending.FeatureFrontingLender}
}

// Home implements Command.
func (c DefineFacility) Home(lending.Meta) event.Ref[Facility] { return FacilityRef(c.Lender) }

// Allowed implements Command.
func (DefineFacility) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements Command. It refuses a command without a second officer ([lending.ErrSecond]), an actor
// or approver who is the lender ([lending.ErrActor]), terms that [FacilityTerms.Check] finds fault with, and a
// party that does not exist ([ErrGone]).
func (c DefineFacility) Decide(t *lending.Tx, _ *Facility) (FacilityDefined, error) {
	none := FacilityDefined{}
	if err := errors.Join(second(t, c.Lender), c.Terms.Check()); err != nil {
		return none, err
	}
	p, err := event.Read(t.Tx, lending.PartyRef(c.Lender))
	if err != nil {
		return none, err
	}
	if p.ID == "" {
		return none, refuse(ErrGone, "party %s", c.Lender)
	}
	return FacilityDefined{c.Lender, c.Terms, t.Actor.ID, t.Approver.ID}, nil
}

// second refuses a command on a party without another officer who approves it, and one that the party
// gives or approves itself.
func second(t *lending.Tx, p lending.PartyID) error {
	a := t.Approver
	if !lending.ValidID(a.ID) || a.Role != lending.RoleOfficer || a.ID == t.Actor.ID {
		return &lending.Error{Err: lending.ErrSecond, Thing: "command " + t.Key, Why: "another officer has to approve"}
	}
	if lending.PartyID(t.Actor.ID) == p || lending.PartyID(a.ID) == p {
		return &lending.Error{Err: lending.ErrActor, Thing: "party " + string(p), Why: "cannot decide about itself"}
	}
	return nil
}

// bears refuses so many minor units more than the limit leaves.
func (f *Facility) bears(t *lending.Tx, minor int64, c money.Currency) error {
	w, err := event.Read(t.Tx, lending.WalletRef(f.Lender, c))
	if err != nil {
		return err
	}
	out, limit := w.LentTotal(), f.Terms.Limit(c)
	if minor <= limit-out {
		return nil
	}
	return &lending.Error{Err: ErrFacilityExceeded, Thing: "facility of " + string(f.Lender),
		Why: "its limit is " + show(limit, c) + ", it has " + show(out, c) + " out and would have " +
			show(minor, c) + " more: sell claims first"}
}

// show is a figure for people.
func show(minor int64, c money.Currency) string {
	a, err := money.New(minor, c)
	if err != nil {
		return "too much"
	}
	return a.String()
}

// fronting holds every lender to his facility, if he has one.
type fronting struct{}

var _ lending.Line = fronting{}

// Bears implements lending.Line.
func (fronting) Bears(t *lending.Tx, lender lending.PartyID, l *lending.Loan, minor int64) error {
	f, err := event.Read(t.Tx, FacilityRef(lender))
	if err != nil || f.Lender == "" {
		return err
	}
	return f.bears(t, minor, l.Currency())
}
