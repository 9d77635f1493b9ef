package guarantee

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Sentinels. Each error of this package unwraps to one of them or to one of package lending, and
// through it to a class (see [lending.ClassOf]).
var (
	ErrTerms          = fmt.Errorf("guarantee: bad terms: %w", lending.ErrTerms)
	ErrFundClosed     = fmt.Errorf("guarantee: fund takes on no loans: %w", lending.ErrState)
	ErrNothing        = fmt.Errorf("guarantee: nothing to do: %w", lending.ErrState)
	ErrExcess         = fmt.Errorf("guarantee: more than may be released: %w", lending.ErrLimit)
	ErrUndefined      = fmt.Errorf("guarantee: ratio undefined, no losses are expected: %w", lending.ErrAmount)
	ErrAudit          = fmt.Errorf("guarantee: figures do not agree: %w", lending.ErrInvariant)
	ErrStabilisation  = fmt.Errorf("guarantee: coverage says otherwise: %w", lending.ErrState)
	ErrGuarantorState = fmt.Errorf("guarantee: guarantor does not stand: %w", lending.ErrState)
	ErrNotApproved    = fmt.Errorf("guarantee: risk not approved by the guarantor: %w", lending.ErrState)
	ErrGuarantorLimit = fmt.Errorf("guarantee: limit of guarantor passed: %w", lending.ErrLimit)

	ErrCollateralState = fmt.Errorf("guarantee: loan is in no state for it: %w", lending.ErrState)
	ErrItemState       = fmt.Errorf("guarantee: thing is in no state for it: %w", lending.ErrState)
	ErrLTV             = fmt.Errorf("guarantee: collateral does not suffice: %w", lending.ErrLimit)
	ErrStale           = fmt.Errorf("guarantee: valuation too old: %w", lending.ErrState)
	ErrProceeds        = fmt.Errorf("guarantee: more than the proceeds: %w", lending.ErrAmount)

	ErrOriginatorState   = fmt.Errorf("guarantee: originator does not stand: %w", lending.ErrState)
	ErrOriginatorLine    = fmt.Errorf("guarantee: credit line of originator passed: %w", lending.ErrLimit)
	ErrOriginatorDeposit = fmt.Errorf("guarantee: deposit of originator does not suffice: %w", lending.ErrLimit)
	ErrRetained          = fmt.Errorf("guarantee: originator retains too little: %w", lending.ErrLimit)
	ErrUnremitted        = fmt.Errorf("guarantee: originator has not passed on what it collected: %w", lending.ErrState)
	ErrBuybackOverdue    = fmt.Errorf("guarantee: buyback of originator is overdue: %w", lending.ErrState)
)

// refuse is an error of a sentinel with what to do about it.
func refuse(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
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
