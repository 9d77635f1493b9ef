package transfer

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
)

// Sentinels. Each error of this package unwraps to one of them, which has its code ([lending.CodeOf]), and through
// it to the sentinel of package lending that gives it a class.
var (
	ErrClaim  = lending.NewSentinel("transfer-claim", "transfer: bad claim", lending.ErrTerms)
	ErrPrice  = lending.NewSentinel("transfer-price", "transfer: price not acceptable", lending.ErrLimit)
	ErrYield  = lending.NewSentinel("transfer-yield", "transfer: no such yield", lending.ErrLimit)
	ErrMatch  = lending.NewSentinel("transfer-match", "transfer: not to be matched", lending.ErrTerms)
	ErrMarket = lending.NewSentinel("transfer-market", "transfer: bad market", lending.ErrTerms)

	ErrLadder           = lending.NewSentinel("transfer-ladder", "transfer: bad ladder", lending.ErrTerms)
	ErrExit             = lending.NewSentinel("transfer-exit", "transfer: bad exit queue", lending.ErrTerms)
	ErrFacility         = lending.NewSentinel("transfer-facility", "transfer: bad facility", lending.ErrTerms)
	ErrFacilityExceeded = lending.NewSentinel("transfer-facility-exceeded", "transfer: facility exceeded", lending.ErrLimit)

	// ErrUnderCollateralised: a basket would cover less of what is owed out of it than its terms want.
	ErrUnderCollateralised = lending.NewSentinel("transfer-under-collateralised", "transfer: under-collateralised", lending.ErrState)

	ErrListing       = lending.NewSentinel("transfer-listing", "transfer: bad listing or order", lending.ErrTerms)
	ErrGone          = lending.NewSentinel("transfer-gone", "transfer: no such thing", lending.ErrUnknown)
	ErrNotHolder     = lending.NewSentinel("transfer-not-holder", "transfer: not the holder", lending.ErrActor)
	ErrBuyer         = lending.NewSentinel("transfer-buyer", "transfer: not a buyer of this claim", lending.ErrActor)
	ErrOversold      = lending.NewSentinel("transfer-oversold", "transfer: more than is held", lending.ErrLimit)
	ErrRank          = lending.NewSentinel("transfer-rank", "transfer: of another rank", lending.ErrTerms)
	ErrTenor         = lending.NewSentinel("transfer-tenor", "transfer: not for such days", lending.ErrLimit)
	ErrSlice         = lending.NewSentinel("transfer-slice", "transfer: not such a slice", lending.ErrLimit)
	ErrHeld          = lending.NewSentinel("transfer-held", "transfer: holding period has not ended", lending.ErrLimit)
	ErrLapsed        = lending.NewSentinel("transfer-lapsed", "transfer: stands no longer", lending.ErrState)
	ErrSuspended     = lending.NewSentinel("transfer-suspended", "transfer: sales are suspended", lending.ErrState)
	ErrSponsor       = lending.NewSentinel("transfer-sponsor", "transfer: not the sponsor", lending.ErrActor)
	ErrStale         = lending.NewSentinel("transfer-stale", "transfer: the quote is stale", lending.ErrState)
	ErrPackage       = lending.NewSentinel("transfer-package", "transfer: bad package", lending.ErrTerms)
	ErrFull          = lending.NewSentinel("transfer-full", "transfer: as much as there can be", lending.ErrLimit)
	ErrPackageClosed = lending.NewSentinel("transfer-package-closed", "transfer: closed to new money", lending.ErrState)
	ErrQueued        = lending.NewSentinel("transfer-queued", "transfer: an exit is asked for", lending.ErrState)
	ErrCustody       = lending.NewSentinel("transfer-custody", "transfer: not with sub-accounts", lending.ErrConfig)
)

// refuse is an error of a sentinel with what to do about it.
func refuse(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}
