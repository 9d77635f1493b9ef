package transfer

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
)

// Sentinels. Each error of this package unwraps to one of them, and through it to the sentinel of
// package lending that gives it a class.
var (
	ErrClaim  = fmt.Errorf("transfer: bad claim: %w", lending.ErrTerms)
	ErrPrice  = fmt.Errorf("transfer: price not acceptable: %w", lending.ErrLimit)
	ErrYield  = fmt.Errorf("transfer: no such yield: %w", lending.ErrLimit)
	ErrMatch  = fmt.Errorf("transfer: not to be matched: %w", lending.ErrTerms)
	ErrMarket = fmt.Errorf("transfer: bad market: %w", lending.ErrTerms)

	ErrLadder           = fmt.Errorf("transfer: bad ladder: %w", lending.ErrTerms)
	ErrExit             = fmt.Errorf("transfer: bad exit queue: %w", lending.ErrTerms)
	ErrFacility         = fmt.Errorf("transfer: bad facility: %w", lending.ErrTerms)
	ErrFacilityExceeded = fmt.Errorf("transfer: facility exceeded: %w", lending.ErrLimit)

	// ErrUnderCollateralised: a basket would cover less of what is owed out of it than its terms want.
	ErrUnderCollateralised = fmt.Errorf("transfer: under-collateralised: %w", lending.ErrState)

	ErrListing       = fmt.Errorf("transfer: bad listing or order: %w", lending.ErrTerms)
	ErrGone          = fmt.Errorf("transfer: no such thing: %w", lending.ErrUnknown)
	ErrNotHolder     = fmt.Errorf("transfer: not the holder: %w", lending.ErrActor)
	ErrBuyer         = fmt.Errorf("transfer: not a buyer of this claim: %w", lending.ErrActor)
	ErrOversold      = fmt.Errorf("transfer: more than is held: %w", lending.ErrLimit)
	ErrRank          = fmt.Errorf("transfer: of another rank: %w", lending.ErrTerms)
	ErrTenor         = fmt.Errorf("transfer: not for such days: %w", lending.ErrLimit)
	ErrSlice         = fmt.Errorf("transfer: not such a slice: %w", lending.ErrLimit)
	ErrHeld          = fmt.Errorf("transfer: holding period has not ended: %w", lending.ErrLimit)
	ErrLapsed        = fmt.Errorf("transfer: stands no longer: %w", lending.ErrState)
	ErrSuspended     = fmt.Errorf("transfer: sales are suspended: %w", lending.ErrState)
	ErrSponsor       = fmt.Errorf("transfer: not the sponsor: %w", lending.ErrActor)
	ErrStale         = fmt.Errorf("transfer: the quote is stale: %w", lending.ErrState)
	ErrPackage       = fmt.Errorf("transfer: bad package: %w", lending.ErrTerms)
	ErrFull          = fmt.Errorf("transfer: as much as there can be: %w", lending.ErrLimit)
	ErrPackageClosed = fmt.Errorf("transfer: closed to new money: %w", lending.ErrState)
	ErrQueued        = fmt.Errorf("transfer: an exit is asked for: %w", lending.ErrState)
	ErrCustody       = fmt.Errorf("transfer: not with sub-accounts: %w", lending.ErrConfig)
)

// refuse is an error of a sentinel with what to do about it.
func refuse(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}
