package transfer

import (
	"errors"
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Bounds of a ladder.
const (
	MaxRungs  = 3_660
	MaxLadder = 1_000_000 // claims, and promises
)

// Promise is money that is promised to investors for a day, in minor units.
type Promise struct {
	Due  civil.Date
	Pays int64 // on that day
	Owed int64 // of it, earned by today: principal, and the promised yield so far; 0 to Pays
}

// LadderTerms say from when a ladder is drawn up and how it is cut.
type LadderTerms struct {
	On       civil.Date
	Currency money.Currency
	Width    schedule.Frequency // of a rung: days, weeks or months
	Count    int                // of rungs, 1 to MaxRungs; one more has what comes after them
	Cash     int64              // at hand, 0 or more
	Cushion  int64              // the least that should be at hand at the end of each rung, 0 or more
}

// Rung is what comes in and what is promised in one stretch of days.
type Rung struct {
	From, To    civil.Date // without To; the last has no end, To is zero
	Assets      int64
	Liabilities int64
	Gap         int64 // Assets - Liabilities (期限缺口)
	Cumulative  int64 // cash and the gaps so far (累计缺口): at hand in the end
}

// Ladder is the maturity ladder of claims against promises (期限错配表), in minor units.
//
// Invariants: the rungs' assets and Overdue are all money of the claims, the rungs' liabilities all that
// is promised, each once; the last Cumulative is cash and all assets less all liabilities.
type Ladder struct {
	Terms   LadderTerms
	Rungs   []Rung
	Overdue int64 // of the claims, due before On: nobody knows when it comes, so it is in no rung
	Coverage
}

// Warning is the first rung at whose end less is at hand than the cushion.
type Warning struct {
	Rung  int
	Days  int   // from On to the rung's first day
	Short int64 // of the cushion; more than the cushion means that promises are broken
}

// DrawLadder draws up the ladder of claims, by what they pay and when, against promises. What is promised
// for On or before is in the first rung. The value of the basket is the cash and the claims at their fair
// value, overdue ones too. A rung counts as a whole: that money comes too late within it, a ladder of
// days shows. The order of claims and promises does not matter. Faults of the input, also sums beyond the
// largest amount, are [ErrLadder]s and what [Claim.Check] finds, twenty together at most.
func DrawLadder(t LadderTerms, claims []Claim, promises []Promise) (Ladder, error) {
	l := Ladder{Terms: t}
	if err := errors.Join(t.check(), l.cut()); err != nil {
		return Ladder{}, err
	}
	if err := t.checkRows(claims, promises); err != nil {
		return Ladder{}, err
	}
	var sum totals
	for i := range claims {
		l.asset(&claims[i], &sum)
	}
	for i := range promises {
		p := &promises[i]
		l.Rungs[l.rung(p.Due)].Liabilities += p.Pays
		sum.promised, l.Owed = summed(sum.promised, p.Pays), summed(l.Owed, p.Owed)
	}
	l.Value = summed(sum.value, t.Cash)
	if max(summed(sum.assets, t.Cash), sum.promised, l.Value) > money.MaxMinor {
		return Ladder{}, refuse(ErrLadder, "it is about more than the largest amount")
	}
	l.climb()
	return l, nil
}

// totals are sums that a ladder must bear.
type totals struct{ assets, promised, value int64 }

// summed adds amounts; a sum beyond the largest amount stays beyond it.
func summed(a, b int64) int64 { return min(a+b, money.MaxMinor+1) }

func (l *Ladder) asset(c *Claim, sum *totals) {
	for _, r := range c.Rows {
		pays := r.Principal + r.Interest
		sum.assets = summed(sum.assets, pays)
		if r.Due.Before(l.Terms.On) {
			l.Overdue += pays
			continue
		}
		l.Rungs[l.rung(r.Due)].Assets += pays
	}
	sum.value = summed(sum.value, c.Fair())
}

// climb figures gaps from the first rung up.
func (l *Ladder) climb() {
	at := l.Terms.Cash
	for i := range l.Rungs {
		r := &l.Rungs[i]
		r.Gap = r.Assets - r.Liabilities
		at += r.Gap
		r.Cumulative = at
	}
}

// Warning returns the first rung at whose end less is at hand than the cushion, and whether there is one.
func (l *Ladder) Warning() (Warning, bool) {
	for i := range l.Rungs {
		if r := &l.Rungs[i]; r.Cumulative < l.Terms.Cushion {
			return Warning{i, r.From.Sub(l.Terms.On), l.Terms.Cushion - r.Cumulative}, true
		}
	}
	return Warning{}, false
}

// cut makes the rungs.
func (l *Ladder) cut() error {
	t, from := &l.Terms, l.Terms.On
	for i := range min(max(t.Count, 0), MaxRungs) {
		to := t.Width.After(t.On, i+1)
		if !to.After(from) {
			return refuse(ErrLadder, "rung %d has no end: want days, weeks or months within the calendar", i)
		}
		l.Rungs = append(l.Rungs, Rung{From: from, To: to})
		from = to
	}
	l.Rungs = append(l.Rungs, Rung{From: from})
	return nil
}

// rung is where a day falls; one before the ladder falls in the first.
func (l *Ladder) rung(on civil.Date) int {
	ends := l.Rungs[:len(l.Rungs)-1]
	i, there := slices.BinarySearchFunc(ends, on, func(r Rung, on civil.Date) int { return r.To.Compare(on) })
	if there {
		i++ // its end is the next one's first day
	}
	return i
}

func (t *LadderTerms) check() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, refuse(ErrLadder, format, args...))
		}
	}
	bad(t.On.IsZero() || t.Currency.IsZero(), "it has no day or no currency")
	bad(t.Count < 1 || t.Count > MaxRungs, "it has %d rungs, want 1 to %d", t.Count, MaxRungs)
	bad(t.Cash < 0 || t.Cash > money.MaxMinor, "its cash is no amount")
	bad(t.Cushion < 0 || t.Cushion > money.MaxMinor, "its cushion is no amount")
	return errors.Join(errs...)
}

// checkRows reports what is wrong with claims and promises.
func (t *LadderTerms) checkRows(claims []Claim, promises []Promise) error {
	if len(claims) > MaxLadder || len(promises) > MaxLadder {
		return refuse(ErrLadder, "%d claims and %d promises, at most %d", len(claims), len(promises), MaxLadder)
	}
	var errs []error
	for i := range claims {
		c := &claims[i]
		if err := c.Check(); err != nil {
			errs = append(errs, refuse(err, "claim %d", i))
		}
		if c.On != t.On || c.Currency != t.Currency {
			errs = append(errs, refuse(ErrLadder, "claim %d is of another day or currency", i))
		}
		if len(errs) >= maxFaults {
			return errors.Join(errs...)
		}
	}
	for i := range promises {
		if p := &promises[i]; p.Due.IsZero() || p.Owed < 0 || p.Owed > p.Pays || p.Pays > money.MaxMinor {
			errs = append(errs, refuse(ErrLadder, "promise %d: want a day, and 0 <= owed <= pays, an amount", i))
		}
		if len(errs) >= maxFaults {
			break
		}
	}
	return errors.Join(errs...)
}
