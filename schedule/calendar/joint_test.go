package calendar_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Joint calendars, day by day against their parts.
func TestJointAgreesWithItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := anyCentre().Draw(t, "centre")
		var parts []calendar.Calendar
		for _, r := range rapid.SliceOfN(anyRules(centre), 1, 3).Draw(t, "parts") {
			parts = append(parts, mustNew(t, r))
		}
		all, err := calendar.Intersection(parts...)
		if err != nil {
			t.Fatal(err)
		}
		any, err := calendar.Union(parts...)
		if refused := err != nil; refused != weekIsFree(parts) {
			t.Fatalf("Union of %v: %v", parts, err)
		}
		if err != nil {
			any = calendar.Calendar{}
		}
		for n := max(1, centre-320); n <= min(last, centre+320); n++ {
			d, open := date(n), 0
			for _, part := range parts {
				if part.IsBusiness(d) {
					open++
				}
			}
			if all.IsBusiness(d) != (open > 0) {
				t.Fatalf("%v: Intersection says %v with %d open", d, all.IsBusiness(d), open)
			}
			if err == nil && any.IsBusiness(d) != (open == len(parts)) {
				t.Fatalf("%v: Union says %v with %d open", d, any.IsBusiness(d), open)
			}
		}
		for _, c := range []calendar.Calendar{all, any} {
			if back, err := calendar.Parse(c.String()); err != nil || !back.Equal(c) {
				t.Fatalf("%v came back as %v, %v", c, back, err)
			}
		}
	})
}

// weekIsFree reports whether every weekday is free in one of the calendars.
func weekIsFree(parts []calendar.Calendar) bool {
	free := map[time.Weekday]bool{}
	for _, part := range parts {
		for _, day := range part.Rules().Weekend {
			free[day] = true
		}
	}
	return len(free) == 7
}

func TestJointLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := mustNew(t, anyRules(739_000).Draw(t, "a"))
		b := mustNew(t, anyRules(739_000).Draw(t, "b"))
		for _, join := range []func(...calendar.Calendar) (calendar.Calendar, error){
			calendar.Union, calendar.Intersection,
		} {
			ab, errAB := join(a, b)
			ba, errBA := join(b, a)
			if (errAB == nil) != (errBA == nil) || !ab.Equal(ba) {
				t.Fatalf("%v, %v against %v, %v", ab, errAB, ba, errBA)
			}
			if same, err := join(a, a); err != nil || !same.Equal(a) {
				t.Fatalf("%v with itself is %v, %v", a, same, err)
			}
			if alone, err := join(a); err != nil || !alone.Equal(a) {
				t.Fatalf("%v alone is %v, %v", a, alone, err)
			}
		}
		if open, err := calendar.Intersection(a, calendar.Calendar{}); err != nil || !open.IsZero() {
			t.Fatalf("with no free day it is %v, %v", open, err)
		}
		if closed, err := calendar.Union(calendar.Calendar{}, a); err != nil || !closed.Equal(a) {
			t.Fatalf("with no free day it is %v, %v", closed, err)
		}
	})
}

func TestJointOfNothing(t *testing.T) {
	union, err := calendar.Union()
	section, err2 := calendar.Intersection()
	if err != nil || err2 != nil || !union.IsZero() || !section.IsZero() {
		t.Errorf("got %v, %v and %v, %v", union, err, section, err2)
	}
}

func TestUnionRefuses(t *testing.T) {
	early := mustNew(t, calendar.Rules{Weekend: []time.Weekday{1, 2, 3, 4}})
	late := mustNew(t, calendar.Rules{Weekend: []time.Weekday{5, 6, 0}})
	old := mustNew(t, calendar.Rules{Holidays: []civil.Date{date(1)}})
	new := mustNew(t, calendar.Rules{Holidays: []civil.Date{date(last)}})
	for field, parts := range map[string][]calendar.Calendar{
		"Weekend": {early, late}, "Days": {old, new},
	} {
		c, err := calendar.Union(parts...)
		var fault *calendar.RulesError
		if !errors.As(err, &fault) || fault.Field != field || !c.IsZero() {
			t.Errorf("%s: got %v, %v", field, c, err)
		}
	}
}
