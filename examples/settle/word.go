package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// These are read and written by their names.
type (
	component lending.Component
	age       lending.Age
	advance   lending.AdvanceRule
	per       lending.Per
	rounding  money.Mode
)

var (
	components = []lending.Component{lending.Interest, lending.Principal, lending.Penalty, lending.Fees, lending.Costs}
	ages       = []lending.Age{lending.AgePastDue, lending.AgeDue, lending.AgeInAdvance}
	advances   = []lending.AdvanceRule{lending.NextInstalment, lending.LastInstalment, lending.NextThenLast, lending.EvenlySpread}
	pers       = []lending.Per{lending.Once, lending.PerDay, lending.PerYear}
	roundings  = []money.Mode{money.HalfEven, money.HalfUp, money.HalfDown, money.Up, money.Down, money.Ceiling, money.Floor}
)

// UnmarshalText reads "interest", "principal" and so on.
func (c *component) UnmarshalText(text []byte) (err error) {
	found, err := byName(text, components, func(v lending.Component) string { return v.String() })
	*c = component(found)
	return err
}

// MarshalText writes what UnmarshalText reads.
func (c component) MarshalText() ([]byte, error) { return []byte(lending.Component(c).String()), nil }

// UnmarshalText reads "past-due", "due" or "in-advance".
func (a *age) UnmarshalText(text []byte) error {
	found, err := byName(text, ages, func(v lending.Age) string { return v.String() })
	*a = age(found)
	return err
}

// UnmarshalText reads "next-instalment" and so on.
func (r *advance) UnmarshalText(text []byte) error {
	found, err := byName(text, advances, advanceName)
	*r = advance(found)
	return err
}

// UnmarshalText reads "once", "per-day" or "per-year".
func (p *per) UnmarshalText(text []byte) error {
	found, err := byName(text, pers, lending.Per.String)
	*p = per(found)
	return err
}

// MarshalText writes what UnmarshalText reads.
func (p per) MarshalText() ([]byte, error) { return []byte(lending.Per(p).String()), nil }

// UnmarshalText reads "half-even" and so on.
func (r *rounding) UnmarshalText(text []byte) error {
	found, err := byName(text, roundings, money.Mode.String)
	*r = rounding(found)
	return err
}

// MarshalText writes what UnmarshalText reads.
func (r rounding) MarshalText() ([]byte, error) { return []byte(money.Mode(r).String()), nil }

// advanceName is the name of a rule; that of the first, the zero value, has to be said here.
func advanceName(r lending.AdvanceRule) string {
	if r == lending.NextInstalment {
		return "next-instalment"
	}
	return r.String()
}

// byName is the one of a list that has a name.
func byName[E any](text []byte, list []E, name func(E) string) (found E, err error) {
	for _, v := range list {
		if name(v) == string(text) {
			return v, nil
		}
	}
	return found, fmt.Errorf("%s is none of %s", strconv.Quote(string(text[:min(len(text), 40)])), names(list, name))
}

// names lists the names of all.
func names[E any](list []E, name func(E) string) string {
	var all []string
	for _, v := range list {
		all = append(all, name(v))
	}
	return strings.Join(all, ", ")
}
