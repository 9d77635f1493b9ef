package regulator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Effect is what a broken rule does to a command.
type Effect uint8

// Effects.
const (
	// Refuse: the command changes nothing and returns a [lending.RuleError].
	Refuse Effect = iota + 1
	// Warn: the command is refused until its actor accepts the rule in [lending.Meta].Accept, and the
	// acceptance is recorded.
	Warn
)

// Rule is one rule of one place, in force from a day on.
type Rule struct {
	ID     lending.Code // "CN-1a"; what Meta.Accept and errors name
	From   civil.Date   // first day on which it is in force
	To     civil.Date   // first day on which it is not any more; zero for no end
	Effect Effect
	Text   string // what it says, in one sentence
	Source string // where it stands; the keys in brackets are explained in the package comment

	// Check returns why a command breaks the rule, or nothing when it does not or has nothing to do
	// with it. It is pure over the case, which may be put to it several times; an error of the case's
	// methods it passes on.
	Check func(*Case) (why string, err error)

	// Caps gives the path of the cap on the cost of a loan whose payout is ordered, if the rule sets
	// one, whenever the rule itself is in force: a path can end the caps of an older law.
	Caps func(*lending.Tx, *lending.Loan) ([]lending.CostCap, error)
}

// InForce reports whether the rule holds on a day: From <= day < To.
func (r Rule) InForce(on civil.Date) bool {
	return !on.Before(r.From) && (r.To.IsZero() || on.Before(r.To))
}

func (r Rule) validate() error {
	bad := func(why string) error {
		return &lending.Error{Err: lending.ErrConfig, Thing: "rule " + string(r.ID), Why: why}
	}
	switch {
	case r.ID == "":
		return bad("has no id")
	case r.From.IsZero() || !r.To.IsZero() && !r.From.Before(r.To):
		return bad("is never in force")
	case r.Effect != Refuse && r.Effect != Warn:
		return bad("has no effect")
	case r.Text == "" || r.Source == "":
		return bad("does not say what it demands, or where that stands")
	case r.Check == nil:
		return bad("checks nothing")
	}
	return nil
}

// Profile is a set of rules under a name. It implements [lending.Rules].
type Profile struct {
	ID    lending.Code
	Rules []Rule
}

var (
	_ lending.Rules    = Profile{}
	_ lending.Profiles = Profile{}
	_ lending.Capper   = Profile{}
)

// Knows implements [lending.Profiles]: a product may name the profile of its desk.
func (p Profile) Knows(profile lending.Code) bool { return profile == p.ID }

// Validate reports at once every rule that is incomplete or stands twice, each as a
// [lending.ErrConfig].
func (p Profile) Validate() error {
	var errs []error
	seen := make(map[lending.Code]bool, len(p.Rules))
	for _, r := range p.Rules {
		errs = append(errs, r.validate())
		if seen[r.ID] {
			why := "stands twice in profile " + string(p.ID)
			errs = append(errs, &lending.Error{Err: lending.ErrConfig, Thing: "rule " + string(r.ID), Why: why})
		}
		seen[r.ID] = true
	}
	return errors.Join(errs...)
}

// On lists the rules that are in force on a day, in the order of the profile.
func (p Profile) On(day civil.Date) (rules []Rule) {
	for _, r := range p.Rules {
		if r.InForce(day) {
			rules = append(rules, r)
		}
	}
	return rules
}

// Rule returns a rule by its id, whenever it is in force.
func (p Profile) Rule(id lending.Code) (Rule, bool) {
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return p.Rules[i], true
}

// Check implements [lending.Rules] on the command's business date. All refusals come at once,
// joined, each a [*lending.RuleError]. A rule that is incomplete refuses every command.
func (p Profile) Check(t *lending.Tx, command any) ([]lending.Warning, error) {
	return p.check(newCase(t, command))
}

func (p Profile) check(c *Case) ([]lending.Warning, error) {
	var warnings []lending.Warning
	var refusals []error
	for _, r := range p.On(c.Tx.On) {
		if err := r.validate(); err != nil {
			return nil, err
		}
		why, err := r.Check(c)
		switch {
		case err != nil:
			return nil, fmt.Errorf("check rule %s: %w", r.ID, err)
		case why == "":
		case r.Effect == Warn:
			warnings = append(warnings, lending.Warning{Rule: r.ID, Why: why + " (" + r.Source + ")"})
		default:
			refusals = append(refusals, &lending.RuleError{Rule: r.ID, Why: why, Source: r.Source})
		}
	}
	return warnings, errors.Join(refusals...)
}

// CostCaps implements [lending.Capper] by the first rule that sets caps.
func (p Profile) CostCaps(t *lending.Tx, l *lending.Loan) ([]lending.CostCap, error) {
	for _, r := range p.Rules {
		if r.Caps != nil {
			return r.Caps(t, l)
		}
	}
	return nil, nil
}

// Combine returns one profile with the rules of several, in their order; a rule that several have
// stands in it once. Its id is theirs with an underscore between.
func Combine(profiles ...Profile) Profile {
	var sum Profile
	var names []string
	for _, p := range profiles {
		names = append(names, string(p.ID))
		for _, r := range p.Rules {
			if _, twice := sum.Rule(r.ID); !twice {
				sum.Rules = append(sum.Rules, r)
			}
		}
	}
	sum.ID = lending.Code(strings.Join(names, "_"))
	return sum
}

// Profiles lists the profiles that ship, the same host facts given to each.
func Profiles(o Options) []Profile {
	return []Profile{ChinaIntermediary(o), ChinaRates(o), India(o), Britain(o), Europe()}
}

// Lookup returns a profile that ships by its id.
func Lookup(id lending.Code, o Options) (Profile, bool) {
	all := Profiles(o)
	i := slices.IndexFunc(all, func(p Profile) bool { return p.ID == id })
	if i < 0 {
		return Profile{}, false
	}
	return all[i], true
}
