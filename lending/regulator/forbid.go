package regulator

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
)

// forbid returns the check of a rule that knows no case in which one of the features is allowed.
func forbid(features ...lending.Feature) check {
	return func(c *Case) (string, error) {
		found, err := c.Features()
		for _, f := range found {
			if slices.Contains(features, f) {
				return "it has the feature " + string(f), nil
			}
		}
		return "", err
	}
}

// either returns the check of a rule that is broken when one of two checks says so.
func either(first, second check) check {
	return func(c *Case) (string, error) {
		if why, err := first(c); why != "" || err != nil {
			return why, err
		}
		return second(c)
	}
}
