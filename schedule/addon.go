package schedule

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule/money"
)

// flat figures the interest of the whole term at once, and what repeats.
func (w *walk) flat() error {
	t, n := w.terms, int64(w.line.last+1)
	year := w.term()
	year.Mul(year, w.rate).Mul(year, new(big.Rat).SetInt64(w.balance))
	interest, ok := roundRat(year, t.Rounding.Interest, 1)
	if !ok || interest > money.MaxMinor-w.total {
		return &OverflowError{Figure: "principal and interest"}
	}
	w.digits = make([]int64, n)
	if t.Method == MethodFlat && t.Sizing == SizeByAccrual {
		interest = w.flatByPeriod()
	} else if t.Method == MethodFlat {
		w.payment = w.share(w.balance, n)
		w.spread(interest, w.share(interest, n))
		return nil
	}
	w.payment = w.share(w.balance+interest, n)
	if t.Method == MethodFlat {
		return nil
	}
	rest, digits := interest, n*(n+1)/2
	for k := range n - 1 {
		part := big.NewRat(n-k, digits)
		w.digits[k] = w.round(part.Mul(part, new(big.Rat).SetInt64(interest)), t.Rounding.Interest, 1)
		w.digits[k] = min(w.digits[k], rest)
		rest -= w.digits[k]
	}
	w.digits[n-1] = rest
	return nil
}

// flatByPeriod gives every instalment the interest of its own period, and returns the sum.
func (w *walk) flatByPeriod() (sum int64) {
	for k := range w.digits {
		part := w.part(k, w.line.spans[k].from, w.line.spans[k].to)
		part.Mul(part, w.rate).Mul(part, new(big.Rat).SetInt64(w.balance))
		w.digits[k] = w.round(part, w.terms.Rounding.Interest, 1)
		sum += w.digits[k]
	}
	return sum
}

// term is the part of a year that the whole term counts for.
func (w *walk) term() *big.Rat {
	spans, year := w.line.spans, new(big.Rat)
	if !w.terms.Accrual.whole() {
		return w.part(0, w.terms.Start, spans[len(spans)-1].to)
	}
	for i, s := range spans {
		year.Add(year, w.part(i, s.from, s.to))
	}
	return year
}

// spread gives every instalment an equal share of the interest, and one what remains.
func (w *walk) spread(interest, share int64) {
	n := len(w.digits)
	if w.terms.Rounding.Remainder == RemainderFirst {
		for k := n - 1; k > 0; k-- {
			w.digits[k] = min(share, interest)
			interest -= w.digits[k]
		}
		w.digits[0] = interest
		return
	}
	for k := range n - 1 {
		w.digits[k] = min(share, interest)
		interest -= w.digits[k]
	}
	w.digits[n-1] = interest
}
