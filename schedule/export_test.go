package schedule

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// LevelPayments gives the level payment as computed, and by whole numbers alone.
func LevelPayments(p, num, den int64, n int, m money.Mode) (got, exact int64, ok bool) {
	got, ok1 := levelPayment(p, newRatio(num, den), n, m)
	if num == 0 {
		return got, got, ok1
	}
	exact, ok2 := exactLevel(p, newRatio(num, den), n, m)
	return got, exact, ok1 && ok2
}

// Proposed reports whether floating point alone was sure of a level payment.
func Proposed(p, num, den int64, n int, m money.Mode) bool {
	_, sure := proposeLevel(p, newRatio(num, den), n, m)
	return sure
}

// TakeOf gives amount x num/den as a factor proposes it, if that is sure, and the exact value.
func TakeOf(amount, num, den int64, m money.Mode) (proposed, exact int64, same bool) {
	r := ratio{num, den}
	exact, ok := r.of(amount, m)
	if v, sure := newFactor(r, m).propose(uint64(amount)); sure {
		return v, exact, ok
	}
	return exact, exact, true
}

// LevelPayment is the level payment alone, rounded half to even.
func LevelPayment(p, num, den int64, n int) (int64, bool) {
	return levelPayment(p, ratio{num, den}, n, money.HalfEven)
}

// WalkRows makes the rows of any terms the general way.
func WalkRows(t Terms) ([]Row, error) {
	w := newWalk(&t)
	err := w.run()
	return w.rows, err
}

// Positions are what is owed on a day by the short way, where it is open, and by the walk.
func Positions(p Plan, on civil.Date) (short, walked [2]int64) {
	if !on.Before(p.Maturity()) || p.terms.Method == MethodFlat {
		return short, walked
	}
	s := p.stateOn(on)
	walked = [2]int64{s.balance, s.interest}
	principal, interest, ok := p.plainPosition(on)
	if !ok {
		return walked, walked
	}
	return [2]int64{principal, interest}, walked
}
