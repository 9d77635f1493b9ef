package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// TurnPolicy says what a turn costs that brought nothing. Both are published rules of platforms.
type TurnPolicy uint8

// Policies. A mandate that bids goes to the tail under either.
const (
	// EveryTurnCounts sends every mandate to the tail whose turn came, whether it bid or not. The
	// queue only ever rotates: nobody has a second turn before everybody had one. Over listings
	// that suit different mandates this is fair in turns, not in bids.
	EveryTurnCounts TurnPolicy = iota + 1
	// KeepsPlace leaves a mandate that did not bid where it stands. Nobody bids a second time
	// before everybody who could have bid instead has bid once.
	KeepsPlace
)

var turnPolicyNames = [...]string{"", "every-turn-counts", "keeps-place"}

// String returns the policy's name.
func (p TurnPolicy) String() string { return nameOf(turnPolicyNames[:], p, "turn policy") }

// MarshalText returns the policy's name.
func (p TurnPolicy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves p as it was.
func (p *TurnPolicy) UnmarshalText(text []byte) error {
	return readName(p, turnPolicyNames[:], text, "turn policy")
}

// QueueRules are the rules of a market's automatic bidding.
type QueueRules struct {
	Currency money.Currency
	Turns    TurnPolicy
	// ManualPPM is the last part of every listing, in parts per million and rounded up, that is
	// kept for manual bidders: automatic bids stop when that much is still wanted.
	ManualPPM int64
	// BidPPM is at most the share of a listing in one automatic bid, rounded down; 0 for the whole.
	BidPPM int64
	// DelayDays is how many days after publication automatic bidding starts. Anything finer than
	// a day is up to when the host asks.
	DelayDays int
}

// Validate reports everything that is wrong with the rules at once, each an [*Error] of ErrTerms.
func (r QueueRules) Validate() error {
	var errs []error
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "queue", fmt.Sprintf(format, args...)})
		}
	}
	bad(!r.Currency.IsZero(), "names no currency")
	bad(r.Turns == EveryTurnCounts || r.Turns == KeepsPlace, "has no policy of turns")
	bad(r.ManualPPM >= 0 && r.ManualPPM <= Million, "keeps %d ppm for manual bidders", r.ManualPPM)
	bad(r.BidPPM >= 0 && r.BidPPM <= Million, "bids at most %d ppm", r.BidPPM)
	bad(r.DelayDays >= 0 && r.DelayDays <= maxDays, "starts after %d days", r.DelayDays)
	return errors.Join(errs...)
}

func (r *QueueRules) code(c *event.Codec) {
	c.Currency(&r.Currency)
	event.Enum(c, &r.Turns)
	c.Int(&r.ManualPPM)
	c.Int(&r.BidPPM)
	c.Count(&r.DelayDays)
}
