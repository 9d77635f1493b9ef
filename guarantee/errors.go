package guarantee

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Sentinels. Each error of this package unwraps to one of them, which has its code ([lending.CodeOf]), or to one of
// package lending, and through it to a class ([lending.ClassOf]).
var (
	ErrTerms          = lending.NewSentinel("guarantee-terms", "guarantee: bad terms", lending.ErrTerms)
	ErrFundClosed     = lending.NewSentinel("guarantee-fund-closed", "guarantee: fund takes on no loans", lending.ErrState)
	ErrNothing        = lending.NewSentinel("guarantee-nothing", "guarantee: nothing to do", lending.ErrState)
	ErrExcess         = lending.NewSentinel("guarantee-excess", "guarantee: more than may be released", lending.ErrLimit)
	ErrUndefined      = lending.NewSentinel("guarantee-undefined", "guarantee: ratio undefined, no losses are expected", lending.ErrAmount)
	ErrAudit          = lending.NewSentinel("guarantee-audit", "guarantee: figures do not agree", lending.ErrInvariant)
	ErrStabilisation  = lending.NewSentinel("guarantee-stabilisation", "guarantee: coverage says otherwise", lending.ErrState)
	ErrGuarantorState = lending.NewSentinel("guarantee-guarantor-state", "guarantee: guarantor does not stand", lending.ErrState)
	ErrNotApproved    = lending.NewSentinel("guarantee-not-approved", "guarantee: risk not approved by the guarantor", lending.ErrState)
	ErrGuarantorLimit = lending.NewSentinel("guarantee-guarantor-limit", "guarantee: limit of guarantor passed", lending.ErrLimit)

	ErrCollateralState = lending.NewSentinel("guarantee-collateral-state", "guarantee: loan is in no state for it", lending.ErrState)
	ErrItemState       = lending.NewSentinel("guarantee-item-state", "guarantee: thing is in no state for it", lending.ErrState)
	ErrLTV             = lending.NewSentinel("guarantee-ltv", "guarantee: collateral does not suffice", lending.ErrLimit)
	ErrStale           = lending.NewSentinel("guarantee-stale", "guarantee: valuation too old", lending.ErrState)
	ErrProceeds        = lending.NewSentinel("guarantee-proceeds", "guarantee: more than the proceeds", lending.ErrAmount)

	ErrOriginatorState   = lending.NewSentinel("guarantee-originator-state", "guarantee: originator does not stand", lending.ErrState)
	ErrOriginatorLine    = lending.NewSentinel("guarantee-originator-line", "guarantee: credit line of originator passed", lending.ErrLimit)
	ErrOriginatorDeposit = lending.NewSentinel("guarantee-originator-deposit", "guarantee: deposit of originator does not suffice", lending.ErrLimit)
	ErrRetained          = lending.NewSentinel("guarantee-retained", "guarantee: originator retains too little", lending.ErrLimit)
	ErrUnremitted        = lending.NewSentinel("guarantee-unremitted", "guarantee: originator has not passed on what it collected", lending.ErrState)
	ErrBuybackOverdue    = lending.NewSentinel("guarantee-buyback-overdue", "guarantee: buyback of originator is overdue", lending.ErrState)
)

// refuse is an error of a sentinel with what to do about it.
func refuse(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}

// text writes an amount of minor units with its currency.
func text(minor int64, c money.Currency) string {
	a, err := money.New(minor, c)
	if err != nil {
		return fmt.Sprintf("%d minor units of %s", minor, c)
	}
	return a.String()
}

// bad is a refusal of package lending.
func bad(sentinel error, thing, why string) error {
	return &lending.Error{Err: sentinel, Thing: thing, Why: why}
}

// second refuses a command without an officer who approves it beside the actor.
func second(t *lending.Tx) error {
	a := t.Approver
	if !lending.ValidID(a.ID) || a.Role != lending.RoleOfficer || a.ID == t.Actor.ID {
		return bad(lending.ErrSecond, "command "+t.Key, "another officer has to approve")
	}
	return nil
}

// disinterested refuses an actor or approver who is the party that it is about.
func disinterested(t *lending.Tx, p lending.PartyID) error {
	if lending.PartyID(t.Actor.ID) == p || lending.PartyID(t.Approver.ID) == p {
		return bad(lending.ErrActor, "party "+string(p), "cannot decide about itself")
	}
	return nil
}

// approved refuses a command without a second officer, or one of them who is the party that it is about.
func approved(t *lending.Tx, p lending.PartyID) error {
	if err := second(t); err != nil {
		return err
	}
	return disinterested(t, p)
}

// self refuses a party that acts on another party's behalf.
func self(t *lending.Tx, p lending.PartyID) error {
	if t.Actor.Role == lending.RoleParty && lending.PartyID(t.Actor.ID) != p {
		return bad(lending.ErrActor, "actor "+string(t.Actor.ID), "is not "+string(p))
	}
	return nil
}

// positive refuses an amount that is not above zero in a currency.
func positive(a money.Amount, c money.Currency) error {
	if a.Sign() <= 0 || a.Currency() != c {
		return bad(lending.ErrAmount, "amount of "+a.String(), "want more than zero "+c.String())
	}
	return nil
}
