package civil_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/civil"
)

// A range against the list of its days.
func TestRangeCountsItsDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := anyDate().Draw(t, "from")
		r := civil.Range{From: from, To: from.AddDays(rapid.IntRange(-40, 400).Draw(t, "length"))}
		days := 0
		for d := r.From; !r.To.IsZero() && d.Before(r.To); d = d.AddDays(1) {
			if !r.Contains(d) {
				t.Fatalf("%v lacks %v", r, d)
			}
			days++
		}
		if r.Days() != days || r.IsEmpty() != (days == 0) {
			t.Fatalf("%v has %d days, not %d", r, r.Days(), days)
		}
		for _, out := range []civil.Date{r.To, r.From.AddDays(-1), {}} {
			if r.Contains(out) {
				t.Fatalf("%v contains %v", r, out)
			}
		}
	})
}

func TestRangeWithoutABoundIsEmpty(t *testing.T) {
	day := civil.MustParse("2024-02-29")
	for _, r := range []civil.Range{{}, {From: day}, {To: day}, {From: day, To: day}} {
		if !r.IsEmpty() || r.Days() != 0 || r.Contains(day) || r.Contains(civil.Date{}) {
			t.Errorf("%v is not empty", r)
		}
	}
}
