package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/loanweave/loanweave/schedule/money"
)

// figure is an amount as a question has it: an exact decimal text with its currency, "CNY 100.00",
// or a whole number of minor units. The answer comes in the same form.
type figure struct {
	Minor    int64
	Currency money.Currency // none for a number of minor units
}

// UnmarshalJSON reads either form.
func (f *figure) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return errors.New("must not be a JSON null")
	}
	if text[0] != '"' {
		var minor int64
		if json.Unmarshal(text, &minor) != nil {
			return errors.New(`must be an amount, "CNY 100.00", or a whole number of minor units`)
		}
		if minor > money.MaxMinor || minor < -money.MaxMinor {
			return tooMuch("")
		}
		*f = figure{Minor: minor}
		return nil
	}
	var amount money.Amount
	if err := json.Unmarshal(text, &amount); err != nil {
		return err
	}
	*f = figure{amount.Minor(), amount.Currency()}
	return nil
}

// MarshalJSON writes the form in which it was read.
func (f figure) MarshalJSON() ([]byte, error) {
	if f.Currency.IsZero() {
		return strconv.AppendInt(nil, f.Minor, 10), nil
	}
	amount, err := money.New(f.Minor, f.Currency)
	if err != nil {
		return nil, err
	}
	return json.Marshal(amount)
}

// unit is what the figures of a question are in, and the first trouble with them.
type unit struct {
	currency money.Currency
	some     bool // a figure was seen
	err      error
}

// figures takes the minor units of a list of figures, which must be zero or more, all in one currency
// or all without, and at most the largest amount in all.
func (u *unit) figures(field string, list ...figure) (minor []int64) {
	var sum int64
	for i, f := range list {
		minor = append(minor, u.add(&sum, fmt.Sprintf("%s[%d]", field, i), f))
	}
	return minor
}

// one takes one figure.
func (u *unit) one(field string, f figure) int64 {
	var sum int64
	return u.add(&sum, field, f)
}

// add takes a figure into a sum.
func (u *unit) add(sum *int64, field string, f figure) int64 {
	if u.err != nil {
		return f.Minor
	}
	if !u.some {
		u.some, u.currency = true, f.Currency
	}
	switch {
	case f.Currency != u.currency:
		u.err = wrong(field, "must be in the form and currency of the other figures: %s", u.form())
	case f.Minor < 0:
		u.err = wrong(field, "must not be below zero")
	case f.Minor > money.MaxMinor-*sum:
		u.err = tooMuch(field)
	default:
		*sum += f.Minor
	}
	return f.Minor
}

// form says how figures are written.
func (u *unit) form() string {
	if u.currency.IsZero() {
		return "minor units, without a currency"
	}
	return u.currency.String()
}

// figure writes minor units as the question had them.
func (u *unit) figure(minor int64) figure { return figure{minor, u.currency} }

// list writes many.
func (u *unit) list(minor []int64) (list []figure) {
	list = make([]figure, len(minor))
	for i, n := range minor {
		list[i] = u.figure(n)
	}
	return list
}

// sum adds up figures that the unit has taken.
func sum(minor []int64) (all int64) {
	for _, n := range minor {
		all += n
	}
	return all
}
