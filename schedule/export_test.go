package schedule

import "github.com/loanweave/loanweave/schedule/money"

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

// TakeOf gives amount x num/den by the fast way of a factor, and by the exact one.
func TakeOf(amount, num, den int64, m money.Mode) (fast, exact int64, same bool) {
	f := newFactor(ratio{num, den}, m)
	fast, ok1 := f.of(amount)
	exact, ok2 := f.ratio.of(amount, m)
	return fast, exact, ok1 == ok2
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
