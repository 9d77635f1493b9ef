package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// reschedule puts other instalments in place of those after point i.
func (w *walk) reschedule(i int, c *Change) error {
	number, planned := w.left(i)
	count := c.Count
	if count == 0 {
		count = len(planned)
	}
	if w.balance == 0 || count == 0 {
		return refuse("must reschedule while something is left to pay")
	}
	if w.terms.Capitalise.After(w.line.points[i].on) || !w.terms.Interest.IsZero() && !w.terms.paysBoth() {
		return refuse("must reschedule when interest has no dates of its own, and none is capitalised")
	}
	g := w.line.grid
	g.ahead += number - w.line.base
	if !c.First.IsZero() || !c.Every.IsZero() {
		first, every := c.First, c.Every
		if first.IsZero() && len(planned) > 0 {
			first = planned[0]
		}
		if first.IsZero() {
			return refuse("must name the first day where no instalment is left")
		}
		if every.IsZero() {
			every = g.every
		}
		g, planned = newGrid(first, 0, every, w.terms.MonthEnd), nil
	}
	dates := g.first(count)
	if count <= len(planned) {
		dates = planned[:count]
	}
	if err := w.replace(i, number, g, dates); err != nil || c.Keep {
		return err
	}
	return w.resize(i)
}

// left gives the number of the next instalment after point i, and the dates of all that are left.
func (w *walk) left(i int) (number int, dates []civil.Date) {
	number = w.line.last + 1
	for _, pt := range w.line.points[i+1:] {
		if pt.has(payPrincipal) {
			number = min(number, pt.number)
			dates = append(dates, pt.date)
		}
	}
	return number, dates
}

// replace lets the timeline go on after point i with instalments on other dates. Whatever else it
// foresees stays.
func (w *walk) replace(i, number int, g grid, dates []civil.Date) error {
	t, last := w.terms, w.line.points[i].on
	line := timeline{last: number + len(dates) - 1, grid: g, base: number}
	for _, s := range w.line.spans {
		if !s.to.After(last) {
			line.spans = append(line.spans, s)
		}
	}
	line.addSpans(t, g, dates)
	for k, date := range dates {
		line.add(t, date, point{marks: payInterest | payPrincipal, number: number + k})
		if on := line.points[k].on; date.IsZero() || !on.After(last) {
			return refuse("must reschedule to days after the last one and before the year 10000")
		}
	}
	end := dates[len(dates)-1]
	for _, pt := range w.line.points[i+1:] {
		pt.fees = nil
		if pt.marks &^= payInterest | payPrincipal | capitalise | payFee; pt.marks != 0 {
			line.points = append(line.points, pt)
		}
	}
	line.addFees(t, last, end)
	line.merge()
	line.points = slices.Concat(w.line.points[:i+1], line.points)
	w.line = line
	return nil
}
