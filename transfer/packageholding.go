package transfer

import (
	"math"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// PackageHolding is what an investor has in a package (份额). His interest by a day is figured once, on the
// sum of the principal of all days so far (积数), and rounded down: whoever looks, and how often, changes
// nothing.
type PackageHolding struct {
	Investor  lending.PartyID
	Principal int64
	Locks     []Lock     // parts of it that he may not ask for yet, by day
	DaySum    int64      // principal times days, by At
	At        civil.Date // the principal is what it is since
	Credited  int64      // of the interest so far, what was paid out, added to the principal or forgone
}

// Lock is a part of the principal within its lock-up.
type Lock struct {
	Until civil.Date // the first day on which it may be asked for
	Minor int64
}

// locked is how much may not be asked for on a day.
func (h *PackageHolding) locked(on civil.Date) (sum int64) {
	for _, l := range h.Locks {
		if on.Before(l.Until) {
			sum += l.Minor
		}
	}
	return sum
}

// lock locks a part of the principal and forgets what has ended.
func (h *PackageHolding) lock(until civil.Date, minor int64, on civil.Date) {
	h.Locks = slices.DeleteFunc(h.Locks, func(l Lock) bool { return !on.Before(l.Until) })
	if !on.Before(until) {
		return
	}
	if n := len(h.Locks); n > 0 && h.Locks[n-1].Until == until {
		h.Locks[n-1].Minor += minor
		return
	}
	h.Locks = append(h.Locks, Lock{until, minor})
}

// change adds to the principal as of a day.
func (h *PackageHolding) change(minor int64, on civil.Date) {
	h.DaySum += h.Principal * int64(max(0, on.Sub(h.At)))
	if h.At.Before(on) {
		h.At = on
	}
	h.Principal += minor
}

// interest is what is promised by a day and not credited, in minor units.
func (h *PackageHolding) interest(ratePPM int64, on civil.Date) int64 {
	days := max(0, on.Sub(h.At))
	return promised(h.DaySum+h.Principal*int64(days), ratePPM) - h.Credited
}

// promised is the interest on a sum of principal times days, rounded down.
func promised(daySum, ratePPM int64) int64 {
	return int64(min(product(daySum, ratePPM).over(365*lending.Million), math.MaxInt64))
}
