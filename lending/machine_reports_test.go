package lending_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
)

// checkReports holds the reports on the book against the events, in one currency and dimension and on a
// day around today.
func (m *machine) checkReports() {
	by := draw(m.t, "by", slices.Clone(dimensions))
	days := rapid.SampledFrom([]int{0, 2, 30, 90}).Draw(m.t, "default after")
	on := m.day.AddDays(rapid.SampledFrom([]int{0, 0, 0, -20, 40, 120}).Draw(m.t, "report on"))
	w := m.desks[0]
	w.book.agree(m.t, w.follow, draw(m.t, "report in", m.curs), by, days, on)
	for _, c := range m.curs { // what must not matter to a loan does not matter to a report either
		for _, x := range m.desks[1:] {
			a, errA := w.follow.OutcomeStatement(c, lending.ByProduct, days, on)
			b, errB := x.follow.OutcomeStatement(c, lending.ByProduct, days, on)
			if errA != nil || errB != nil || a.Total != b.Total || !slices.Equal(a.Lines, b.Lines) {
				m.t.Fatalf("outcomes differ: %+v (%v), %+v (%v)", a, errA, b, errB)
			}
		}
	}
}
