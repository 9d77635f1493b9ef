package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Validity is the time during which something that was established about a party holds: from one
// day to the day before another. The zero value never holds.
type Validity struct {
	From    civil.Date
	Expires civil.Date // first day on which it holds no longer
}

// Holds reports whether a date lies in the time.
func (v Validity) Holds(on civil.Date) bool { return !on.Before(v.From) && on.Before(v.Expires) }

// renewed returns the time after it was established again. Without a gap it goes on from where it
// began, so that a command of an earlier day finds what held then.
func (v Validity) renewed(on, expires civil.Date) Validity {
	if v.Holds(on) {
		return Validity{v.From, expires}
	}
	return Validity{on, expires}
}

// evident refuses what was established without evidence, or has expired when it is recorded.
func (t *Tx) evident(what string, evidence event.Hash, expires civil.Date) error {
	if evidence == (event.Hash{}) {
		return &Error{ErrTerms, what, "comes without the hash of its evidence"}
	}
	if !t.On.Before(expires) {
		if expires.IsZero() {
			return &Error{ErrDate, what, "has no day on which it expires"}
		}
		return &Error{ErrDate, what, "expires on " + expires.String() + ", want a later day than " + t.On.String()}
	}
	return nil
}
