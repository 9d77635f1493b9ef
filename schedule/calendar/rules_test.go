package calendar_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

// The rules that come back make the same calendar, and each of them is needed.
func TestRulesComeBackNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := mustNew(t, anyRules(anyCentre().Draw(t, "centre")).Draw(t, "rules"))
		r := c.Rules()
		if back := mustNew(t, r); !back.Equal(c) || back.String() != c.String() {
			t.Fatalf("%v came back as %v", c, back)
		}
		if !slices.IsSortedFunc(r.Holidays, civil.Date.Compare) ||
			!slices.IsSortedFunc(r.Workdays, civil.Date.Compare) {
			t.Fatalf("%v is not in order", c)
		}
		for i := range r.Holidays {
			less := r
			less.Holidays = slices.Delete(slices.Clone(r.Holidays), i, i+1)
			if mustNew(t, less).Equal(c) {
				t.Fatalf("holiday %v changes nothing", r.Holidays[i])
			}
		}
		for i := range r.Workdays {
			less := r
			less.Workdays = slices.Delete(slices.Clone(r.Workdays), i, i+1)
			if mustNew(t, less).Equal(c) {
				t.Fatalf("workday %v changes nothing", r.Workdays[i])
			}
		}
	})
}

// What changes nothing is dropped, and neither order nor repetition matters.
func TestRulesInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules(739_000).Draw(t, "rules")
		c := mustNew(t, r)
		mixed := calendar.Rules{
			Weekend:  slices.Concat(r.Weekend, r.Weekend),
			Holidays: slices.Concat(r.Holidays, r.Holidays),
			Workdays: slices.Concat(r.Workdays, r.Workdays),
		}
		slices.Reverse(mixed.Holidays)
		before := slices.Clone(mixed.Holidays)
		if got := mustNew(t, mixed); !got.Equal(c) {
			t.Fatalf("got %v, want %v", got, c)
		}
		if !slices.Equal(before, mixed.Holidays) {
			t.Fatal("New changed its rules")
		}
	})
}

// A calendar keeps what it was made of, whatever becomes of the slices.
func TestCalendarIsImmutable(t *testing.T) {
	day := civil.MustParse("2024-10-01")
	r := calendar.Rules{Weekend: []time.Weekday{time.Sunday}, Holidays: []civil.Date{day}}
	c := mustNew(t, r)
	text := c.String()
	r.Holidays[0], r.Weekend[0] = day.AddDays(1), time.Monday
	out := c.Rules()
	out.Holidays[0], out.Weekend[0] = day.AddDays(2), time.Friday
	if c.String() != text || c.IsBusiness(day) {
		t.Errorf("%s became %s", text, c)
	}
}

func TestNewRefuses(t *testing.T) {
	day := civil.MustParse("2024-10-01")
	week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	var many []civil.Date
	for range calendar.MaxSpecialDays + 1 {
		many = append(many, day)
	}
	edge := []civil.Date{day, day.AddDays(calendar.MaxSpanDays - 1)}
	tests := []struct {
		name   string
		rules  calendar.Rules
		fields []string
	}{
		{"seven free weekdays", calendar.Rules{Weekend: week}, []string{"Weekend"}},
		{"a hostile week and a workday", calendar.Rules{Weekend: week, Workdays: edge[:1]},
			[]string{"Weekend"}},
		{"no weekday", calendar.Rules{Weekend: []time.Weekday{7}}, []string{"Weekend"}},
		{"a negative weekday", calendar.Rules{Weekend: []time.Weekday{-1}}, []string{"Weekend"}},
		{"no date", calendar.Rules{Holidays: []civil.Date{{}}}, []string{"Holidays"}},
		{"both lists", calendar.Rules{Holidays: edge, Workdays: edge}, []string{"Workdays"}},
		{"too many", calendar.Rules{Holidays: many[1:], Workdays: many[:1]},
			[]string{"Days", "Workdays"}},
		{"too far apart", calendar.Rules{Holidays: []civil.Date{day.AddDays(-1), edge[1]}},
			[]string{"Days"}},
		{"everything", calendar.Rules{Weekend: week, Holidays: []civil.Date{{}},
			Workdays: []civil.Date{{}}}, []string{"Weekend", "Holidays", "Workdays", "Workdays"}},
		{"as far apart as may be", calendar.Rules{Holidays: edge}, nil},
		{"as many as may be", calendar.Rules{Holidays: many[1:]}, nil},
		{"far apart, but free anyway", calendar.Rules{Weekend: []time.Weekday{time.Tuesday},
			Holidays: []civil.Date{day, day.AddDays(7 * 50_000)}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := calendar.New(test.rules)
			if got := fieldsOf(err); !slices.Equal(got, test.fields) {
				t.Errorf("faults in %v, want %v: %v", got, test.fields, err)
			}
			if err != nil && (!errors.Is(err, calendar.ErrRules) || !c.IsZero()) {
				t.Errorf("got %v, %v", c, err)
			}
		})
	}
}

// fieldsOf returns the fields of all rules errors in a tree of joined errors.
func fieldsOf(err error) []string {
	var fault *calendar.RulesError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var fields []string
		for _, part := range joined.Unwrap() {
			fields = append(fields, fieldsOf(part)...)
		}
		return fields
	}
	if errors.As(err, &fault) {
		return []string{fault.Field}
	}
	return nil
}

func BenchmarkNew(b *testing.B) {
	r := china(b).Rules()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := calendar.New(r); err != nil {
			b.Fatal(err)
		}
	}
}
