package lendingtest

// Case is one example with its figures written out, small enough to follow by hand: what a broken way
// makes of it, and the invariant that breaks.
type Case[F Distribution | Taking] struct {
	Name    string
	Figures F
	Breaks  Invariant // which the check reports
}

// lifeCase is a case of a distribution.
func lifeCase(name string, breaks Invariant, claims, payments []int64, shares ...[]int64) Case[Distribution] {
	return Case[Distribution]{name, Distribution{claims, payments, shares}, breaks}
}

// takingCase is a case of a waterfall.
func takingCase(name string, breaks Invariant, owed []int64, payment int64, paid []int64, rest int64) Case[Taking] {
	return Case[Taking]{name, Taking{owed, payment, paid, rest}, breaks}
}

// of is a row of figures.
func of(figures ...int64) []int64 { return figures }
