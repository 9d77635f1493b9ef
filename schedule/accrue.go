package schedule

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// accrue lets interest and fees run up to a day.
func (w *walk) accrue(to civil.Date) {
	for w.from.Before(to) {
		var end civil.Date
		w.span, end = w.ahead(w.span, w.from, to)
		w.accrueIn(end)
		w.from = end
	}
}

// accrueIn lets interest and fees run up to a day of the present span.
func (w *walk) accrueIn(to civil.Date) {
	if w.span >= w.terms.Grace.Free && !w.terms.InAdvance {
		w.accrued.Add(w.accrued, w.interest(w.from, to))
	}
	for i := range w.terms.Fees {
		if r := w.terms.Fees[i].Rate; r.isInterest() {
			part := w.part(w.span, w.from, to)
			part.Mul(part, w.terms.annual(r))
			w.fees[i].Add(w.fees[i], part.Mul(part, new(big.Rat).SetInt64(w.balance)))
		}
	}
}

// interest is what the balance bears over days of the present span, as the grain has it.
func (w *walk) interest(from, to civil.Date) *big.Rat {
	base := new(big.Rat).SetInt64(w.balance)
	switch w.terms.Rounding.Grain {
	case GrainNone:
		if base.Add(base, w.rest); base.Sign() < 0 {
			base.SetInt64(0)
		}
	case GrainDay:
		sum := new(big.Rat)
		for day := from; day.Before(to); day = day.AddDays(1) {
			one := w.part(w.span, day, day.AddDays(1))
			rounded := w.round(one.Mul(one, w.rate).Mul(one, base), w.terms.Rounding.Interest, 1)
			sum.Add(sum, new(big.Rat).SetInt64(rounded))
		}
		return sum
	}
	part := w.part(w.span, from, to)
	part.Mul(part, w.rate).Mul(part, base)
	if w.terms.Rounding.Grain == GrainPerDiem {
		days := big.NewRat(int64(to.Sub(from)), 1)
		part = significant(part.Quo(part, days), perDiemDigits)
		part.Mul(part, days)
	}
	return part
}

// part is the part of a year that days of a span count for: what has gone by of the span at their
// end, less what had at their beginning, so that parts always add up to the span.
func (w *walk) part(i int, from, to civil.Date) *big.Rat {
	begin := w.line.spans[i].from
	part := w.partTo(i, to)
	if from.After(begin) {
		part.Sub(part, w.partTo(i, from))
	}
	return part
}

// partTo is the part of a year from the beginning of a span to a day.
func (w *walk) partTo(i int, to civil.Date) *big.Rat {
	t, s := w.terms, &w.line.spans[i]
	from := s.from
	if t.Accrual.whole() && s.regular {
		year := s.freq.year(t.DayCount)
		part := big.NewRat(year.num, year.den)
		if to == s.to {
			return part
		}
		days, of := int64(to.Sub(from)), int64(s.to.Sub(s.from))
		if t.Accrual == AccrueByPeriod {
			days, of = int64(t.DayCount.Days(from, to)), int64(t.DayCount.Days(s.from, s.to))
		}
		if of <= 0 {
			return new(big.Rat)
		}
		return part.Mul(part, big.NewRat(days, of))
	}
	return big.NewRat(t.DayCount.FractionIn(w.context(s), from, to))
}

// context is what some day counts ask of a span besides its days.
func (w *walk) context(s *span) daycount.Context {
	ctx := daycount.Context{Start: s.from, End: s.to, Maturity: w.line.spans[len(w.line.spans)-1].to,
		Calendar: w.terms.Shift.Calendar}
	if year := s.freq.year(w.terms.DayCount); s.freq.unit != UnitTerm && year.den%year.num == 0 {
		ctx.PerYear = int(year.den / year.num)
	}
	return ctx
}

// charge is the interest that has accrued, rounded, and takes it off what accrued.
func (w *walk) charge() int64 {
	charge := max(w.round(w.accrued, w.terms.Rounding.Interest, 1), 0)
	if w.terms.Rounding.Grain == GrainNone {
		w.accrued.Sub(w.accrued, new(big.Rat).SetInt64(charge))
		w.accrued = truncate(w.accrued)
		w.rest.Set(w.accrued)
	} else {
		w.accrued.SetInt64(0)
	}
	w.total += charge
	return charge
}
