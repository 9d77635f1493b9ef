package scheduletest

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// Run draws terms, has rows made of them, and applies [Check] to the rows: first to plain terms,
// then to terms with options. An implementation that lacks an option returns an error that is
// [errors.ErrUnsupported]. A plan that would be too large, or whose fixed payment does not reach
// the interest, is refused with one that is schedule.ErrOverflow or schedule.ErrTerms. Who refuses
// all plain terms fails; who refuses all others has them skipped.
func Run(t *testing.T, plan func(schedule.Terms) ([]schedule.Row, error)) {
	t.Run("plain", func(t *testing.T) {
		if made := check(t, PlainTerms(), plan); made == 0 {
			t.Error("no terms were given a plan")
		}
	})
	t.Run("options", func(t *testing.T) {
		if made := check(t, Terms(), plan); made == 0 {
			t.Skip("no terms with options were given a plan")
		}
	})
}

// check returns the number of plans that were made.
func check(t rapid.TB, terms *rapid.Generator[schedule.Terms],
	plan func(schedule.Terms) ([]schedule.Row, error)) (made int) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		terms := terms.Draw(t, "terms")
		rows, err := plan(terms)
		switch {
		case err == nil:
			made++
			err = Check(terms, rows)
		case errors.Is(err, errors.ErrUnsupported), errors.Is(err, schedule.ErrOverflow),
			errors.Is(err, schedule.ErrTerms):
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return made
}
