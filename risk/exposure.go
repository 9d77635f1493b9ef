package risk

import "math/big"

// Cap is the most that one borrower may owe, in minor units; 0 for no cap.
type Cap struct {
	Here  int64 // on this platform
	Total int64 // on all platforms together, this one included
}

// Exposure is what a borrower owes, in minor units.
type Exposure struct {
	Here  int64
	Total int64 // on all platforms, this one included
}

// Allows reports whether a request keeps within both caps, each to the very cap. Figures below zero
// are refused.
func (c Cap) Allows(has Exposure, request int64) bool {
	fits := func(most, owes int64) bool { return most == 0 || owes <= most && request <= most-owes }
	return request > 0 && has.Here >= 0 && has.Total >= has.Here && fits(c.Here, has.Here) && fits(c.Total, has.Total)
}

// Concentration is the Herfindahl-Hirschman index of parts, the sum of the squares of their shares,
// as an exact fraction from 1/n to 1; its inverse is the number of equal parts that would be as
// concentrated. Parts below zero count as zero; if nothing is left it is zero.
func Concentration(parts []int64) *big.Rat {
	var sum, squares big.Int
	for _, n := range parts {
		x := big.NewInt(max(n, 0))
		sum.Add(&sum, x)
		squares.Add(&squares, x.Mul(x, x))
	}
	if sum.Sign() == 0 {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(&squares, sum.Mul(&sum, &sum))
}
