package transfer

import "math/bits"

// wide is a product of two amounts, neither below zero: 128 bits.
type wide struct{ hi, lo uint64 }

func product(a, b int64) wide {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return wide{hi, lo}
}

func (w wide) less(v wide) bool { return w.hi < v.hi || w.hi == v.hi && w.lo < v.lo }

// over is the floor of the product over a divisor above zero, at most the largest uint64.
func (w wide) over(divisor int64) uint64 {
	if w.hi >= uint64(divisor) {
		return 1<<64 - 1
	}
	quo, _ := bits.Div64(w.hi, w.lo, uint64(divisor))
	return quo
}
