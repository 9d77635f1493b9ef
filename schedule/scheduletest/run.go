package scheduletest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// Run is [RunOn] for everything that is drawn here, from what every implementation has to what few
// have: [Level], [PlainTerms] and [Terms]. It fails when a plan is wrong, or when none was made at
// all; a stage that is refused whole is skipped. An implementation that does little proves more by
// RunOn with a generator of what it does.
func Run(t *testing.T, plan func(schedule.Terms) ([]schedule.Row, error)) {
	made := 0
	for _, stage := range []struct {
		name  string
		terms *rapid.Generator[schedule.Terms]
	}{{"level", Level()}, {"plain", PlainTerms()}, {"options", Terms()}} {
		t.Run(stage.name, func(t *testing.T) {
			n := check(t, stage.terms, plan)
			if made += n; n == 0 {
				t.Skip("all terms were refused")
			}
		})
	}
	if made == 0 && !t.Failed() {
		t.Error("no terms were given a plan")
	}
}

// RunOn draws terms, has rows made of them, and applies [Check] to the rows. An implementation that
// lacks an option returns an error that is [errors.ErrUnsupported]. A plan that would be too large,
// or whose fixed payment does not reach the interest, is refused with one that is
// schedule.ErrOverflow or schedule.ErrTerms. Any other error fails, and so does refusing all terms;
// when less than half were given a plan, the log (go test -v) says how many.
func RunOn(t *testing.T, terms *rapid.Generator[schedule.Terms],
	plan func(schedule.Terms) ([]schedule.Row, error)) {
	t.Helper()
	if check(t, terms, plan) == 0 {
		t.Error("no terms were given a plan")
	}
}

// check returns the number of plans that were made.
func check(t *testing.T, terms *rapid.Generator[schedule.Terms],
	plan func(schedule.Terms) ([]schedule.Row, error)) (made int) {
	t.Helper()
	drawn, shown := 0, rapid.Map(terms, func(t schedule.Terms) shownTerms { return shownTerms{t} })
	rapid.Check(t, func(t *rapid.T) {
		terms := shown.Draw(t, "terms").Terms
		drawn++
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
			t.Log(table(terms, rows))
			t.Fatal(err)
		}
	})
	if made < drawn-made {
		t.Logf("%d of %d terms were given a plan: a generator of what is done proves more", made, drawn)
	}
	return made
}

// shownTerms are terms that rapid shows as a line of JSON.
type shownTerms struct{ schedule.Terms }

// GoString gives the JSON of the terms.
func (s shownTerms) GoString() string {
	text, err := json.Marshal(s.Terms)
	if err != nil {
		return fmt.Sprintf("%+v", s.Terms)
	}
	return string(text)
}

// mostShown bounds the rows that a table shows.
const mostShown = 40

// table shows the rows that an implementation made of terms.
func table(t schedule.Terms, rows []schedule.Row) string {
	if len(rows) == 0 {
		return "no rows"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "the rows, in minor units of %s:\n", t.Principal.Currency())
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) } // into memory
	line("row\tend\tdue\tprincipal\tinterest\tfee\tcapitalised\tbalance\t\n")
	for i, row := range withEnds(rows[:min(len(rows), mostShown)]) {
		line("%d\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t\n", i+1, row.End, row.Due, row.Principal,
			row.Interest, row.Fee, row.Capitalised, row.Balance)
	}
	_ = w.Flush() // into memory
	if len(rows) > mostShown {
		fmt.Fprintf(&text, "and %d more\n", len(rows)-mostShown)
	}
	return text.String()
}
