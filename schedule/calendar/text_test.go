package calendar_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

func TestCalendarTexts(t *testing.T) {
	for _, text := range []string{
		`{}`,
		`{"weekend":["sat","sun"]}`,
		`{"weekend":["mon","tue","wed","thu","fri","sat"]}`,
		`{"holidays":["0001-01-01"]}`,
		`{"weekend":["sun"],"holidays":["2026-01-01","2026-05-01"],"workdays":["2026-02-15"]}`,
	} {
		var c calendar.Calendar
		if err := json.Unmarshal([]byte(text), &c); err != nil || c.String() != text {
			t.Errorf("%s came back as %v, %v", text, c, err)
		}
		if data, err := json.Marshal(c); err != nil || string(data) != text {
			t.Errorf("%s is written %s, %v", text, data, err)
		}
		if !calendar.MustParse(text).Equal(c) {
			t.Errorf("%s is read two ways", text)
		}
	}
}

func TestCalendarTextsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := mustNew(t, anyRules(anyCentre().Draw(t, "centre")).Draw(t, "rules"))
		back, err := calendar.Parse(c.String())
		if err != nil || !back.Equal(c) || c != back && c.IsZero() {
			t.Fatalf("%v came back as %v, %v", c, back, err)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]error{
		``:                            calendar.ErrSyntax,
		`null`:                        calendar.ErrSyntax,
		`[]`:                          calendar.ErrSyntax,
		`{} {}`:                       calendar.ErrSyntax,
		`{}x`:                         calendar.ErrSyntax,
		`{"weekends":["sat"]}`:        calendar.ErrSyntax,
		`{"weekend":["Saturday"]}`:    calendar.ErrSyntax,
		`{"weekend":[null]}`:          calendar.ErrSyntax,
		`{"weekend":[6]}`:             calendar.ErrSyntax,
		`{"holidays":["2026-02-29"]}`: civil.ErrDate,
		`{"holidays":[""]}`:           calendar.ErrRules,
		`{"workdays":[null]}`:         calendar.ErrRules,
		strings.Repeat("[", 1e6):      calendar.ErrSyntax,
		strings.Repeat("x", 1e6):      calendar.ErrSyntax,
		`{"weekend":["` + strings.Repeat("x", 1e6) + `"]}`:        calendar.ErrSyntax,
		`{"weekend":["mon","tue","wed","thu","fri","sat","sun"]}`: calendar.ErrRules,
		`{"holidays":["2026-01-01"],"workdays":["2026-01-01"]}`:   calendar.ErrRules,
		`{"holidays":["1000-01-01","2026-01-01"],"workdays":[]}`:  calendar.ErrRules,
	} {
		c, err := calendar.Parse(text)
		if !errors.Is(err, want) || !c.IsZero() {
			t.Errorf("%.60s gives %v, %v", text, c, err)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%.60s is repeated in %.400v", text, err)
		}
		kept := calendar.SaturdaySunday()
		if text == `null` {
			want = nil
		}
		if err := kept.UnmarshalJSON([]byte(text)); !errors.Is(err, want) ||
			!kept.Equal(calendar.SaturdaySunday()) {
			t.Errorf("%.60s left %v, %v", text, kept, err)
		}
	}
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	calendar.MustParse("weekdays")
}

// FuzzParse holds every calendar that is read to its own text and to the order of its days.
func FuzzParse(f *testing.F) {
	f.Add(`{}`)
	f.Add(`{"weekend":["sat","sun"],"holidays":["2026-01-01"],"workdays":["2026-02-14"]}`)
	f.Add(`{"weekend":["fri","fri"],"holidays":["9999-12-31","9999-12-30","9999-12-31"]}`)
	f.Add(`{"holidays":["0001-01-01"],"workdays":["0001-01-02"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := calendar.Parse(text)
		if err != nil {
			if !errors.Is(err, calendar.ErrSyntax) && !errors.Is(err, calendar.ErrRules) &&
				!errors.Is(err, civil.ErrDate) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if back, err := calendar.Parse(c.String()); err != nil || !back.Equal(c) {
			t.Fatalf("%q came back as %v, %v", text, back, err)
		}
		r := c.Rules()
		for _, d := range append(r.Holidays, r.Workdays...) {
			next, prev := c.Next(d), c.Prev(d)
			if c.IsBusiness(d) != isBusiness(r, d) || !next.IsZero() && !next.After(d) ||
				!prev.Before(d) {
				t.Fatalf("%q: %v lies between %v and %v", text, d, prev, next)
			}
		}
	})
}
