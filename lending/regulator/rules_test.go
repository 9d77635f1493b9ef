package regulator_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule/civil"
)

// trial is a story that ends with a command to the ruled desk: one that just keeps the limit of a
// rule, or one that is just beyond it.
type trial struct {
	name    string
	options regulator.Options
	run     func(w *world, beyond bool) error
}

// trials has every story by the rule that it is about.
func trials() map[lending.Code][]trial {
	all := map[lending.Code][]trial{}
	for _, some := range []map[lending.Code][]trial{
		chinaTrials(), chinaUseTrials(), lenderTrials(), rateTrials(), indiaTrials(), britainTrials(),
		europeTrials(),
	} {
		for id, list := range some {
			all[id] = append(all[id], list...)
		}
	}
	return all
}

// Every rule of every shipped profile has stories, and each story ends as it must on both sides of
// every date of the rule and of its limit. A rule without a story fails.
func TestEveryRuleOnBothSides(t *testing.T) {
	stories := trials()
	for _, p := range regulator.Profiles(regulator.Options{}) {
		for _, r := range p.Rules {
			t.Run(string(p.ID)+"/"+string(r.ID), func(t *testing.T) {
				if len(stories[r.ID]) == 0 {
					t.Fatalf("rule %s has no story", r.ID)
				}
				for _, s := range stories[r.ID] {
					t.Run(s.name, func(t *testing.T) { bothSides(t, p.ID, r, s) })
				}
			})
			delete(stories, r.ID)
		}
	}
	require.Empty(t, stories, "stories of rules that do not exist")
}

// bothSides tells a story on the days around each date of a rule, with this rule alone.
func bothSides(t *testing.T, profile lending.Code, r regulator.Rule, s trial) {
	p, ok := regulator.Lookup(profile, s.options)
	require.True(t, ok)
	r, ok = p.Rule(r.ID)
	require.True(t, ok)
	alone := regulator.Profile{ID: "alone", Rules: []regulator.Rule{r}}
	days := map[civil.Date]bool{r.From.AddDays(-1): false, r.From: true}
	if !r.To.IsZero() {
		days[r.To.AddDays(-1)], days[r.To] = true, false
	}
	for day, inForce := range days {
		require.NoError(t, s.run(newWorld(t, alone, day), false), "%s: within the limit", day)
		err := s.run(newWorld(t, alone, day), true)
		if !inForce {
			require.NoError(t, err, "%s: not in force", day)
			continue
		}
		cites(t, r, err)
		w := newWorld(t, alone, day)
		w.accept = []lending.Code{r.ID}
		require.Equal(t, r.Effect == regulator.Warn, s.run(w, true) == nil, "accepting %s", r.ID)
	}
}

// cites holds an error to the rule: its kind, its id and its source.
func cites(t *testing.T, r regulator.Rule, err error) {
	require.Error(t, err)
	require.Equal(t, lending.ClassRefused, lending.ClassOf(err), "%v", err)
	require.Contains(t, err.Error(), string(r.ID))
	require.Contains(t, err.Error(), r.Source)
	if r.Effect == regulator.Warn {
		require.ErrorIs(t, err, lending.ErrWarned)
		return
	}
	var refusal *lending.RuleError
	require.ErrorAs(t, err, &refusal)
	require.ErrorIs(t, err, lending.ErrRule)
	require.Equal(t, r.ID, refusal.Rule)
	require.Equal(t, "rule-"+string(r.ID), lending.CodeOf(err))
	require.NotEmpty(t, refusal.Why)
}

// Every source has a key, and the package comment explains each key that it uses.
func TestSourcesAreExplained(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	key := regexp.MustCompile(`\[[A-Z]+[0-9]*\]`)
	for _, p := range regulator.Profiles(regulator.Options{}) {
		require.NoError(t, p.Validate())
		for _, r := range p.Rules {
			keys := key.FindAllString(r.Source, -1)
			require.NotEmpty(t, keys, "rule %s: %s", r.ID, r.Source)
			for _, k := range keys {
				require.Contains(t, string(text), "//   - "+k+" ", "rule %s", r.ID)
			}
			require.False(t, strings.HasSuffix(r.Text, "."), "rule %s", r.ID)
		}
	}
}

// A profile is looked up by its id; one that does not exist is not found.
func TestLookup(t *testing.T) {
	seen := map[lending.Code]bool{}
	for _, p := range regulator.Profiles(regulator.Options{}) {
		found, ok := regulator.Lookup(p.ID, regulator.Options{})
		require.True(t, ok)
		require.Equal(t, p.ID, found.ID)
		for _, r := range p.Rules {
			require.False(t, seen[r.ID], "rule %s stands in two profiles", r.ID)
			seen[r.ID] = true
		}
	}
	_, ok := regulator.Lookup("CN-1999", regulator.Options{})
	require.False(t, ok)
}

// On lists what is in force, half open.
func TestOn(t *testing.T) {
	p := regulator.ChinaRates(regulator.Options{})
	ids := func(day string) (ids []lending.Code) {
		for _, r := range p.On(civil.MustParse(day)) {
			ids = append(ids, r.ID)
		}
		return ids
	}
	require.Empty(t, ids("2015-08-31"))
	require.Equal(t, []lending.Code{"CN-7a", "CN-7b", "CN-7c"}, ids("2020-08-19"))
	require.Equal(t, []lending.Code{"CN-7d", "CN-7e"}, ids("2020-08-20"))
}

// Combine keeps the rules of all, each once.
func TestCombine(t *testing.T) {
	o := regulator.Options{}
	cn, rates := regulator.ChinaIntermediary(o), regulator.ChinaRates(o)
	sum := regulator.Combine(cn, rates, cn)
	require.Equal(t, lending.Code("CN-2016_CN-RATES_CN-2016"), sum.ID)
	require.Len(t, sum.Rules, len(cn.Rules)+len(rates.Rules))
	require.NoError(t, sum.Validate())
	require.Empty(t, regulator.Combine().Rules)
}

// A rule that is incomplete is reported, and refuses what it should have looked at.
func TestIncompleteRules(t *testing.T) {
	day := civil.MustParse("2026-01-31")
	whole := regulator.Rule{
		ID: "X-1", From: day, Effect: regulator.Warn, Text: "text", Source: "source",
		Check: func(*regulator.Case) (string, error) { return "", nil },
	}
	require.NoError(t, regulator.Profile{Rules: []regulator.Rule{whole}}.Validate())
	require.ErrorIs(t, regulator.Profile{Rules: []regulator.Rule{whole, whole}}.Validate(), lending.ErrConfig)
	for name, spoil := range map[string]func(r *regulator.Rule){
		"id":     func(r *regulator.Rule) { r.ID = "" },
		"from":   func(r *regulator.Rule) { r.From = civil.Date{} },
		"to":     func(r *regulator.Rule) { r.To = r.From },
		"effect": func(r *regulator.Rule) { r.Effect = 0 },
		"text":   func(r *regulator.Rule) { r.Text = "" },
		"source": func(r *regulator.Rule) { r.Source = "" },
		"check":  func(r *regulator.Rule) { r.Check = nil },
	} {
		r := whole
		spoil(&r)
		p := regulator.Profile{Rules: []regulator.Rule{r}}
		require.ErrorIs(t, p.Validate(), lending.ErrConfig, name)
		err := try(newWorld(t, p, day), officer, lending.Register{Party: "ann", Kind: lending.Person})
		if name == "to" { // never in force
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, lending.ErrConfig, name)
	}
}

// All rules that a command breaks are told at once; an error of a rule stops the command.
func TestRefusalsComeTogether(t *testing.T) {
	day := civil.MustParse("2026-01-31")
	broken := errors.New("broken")
	rule := func(id lending.Code, e regulator.Effect, why string, err error) regulator.Rule {
		return regulator.Rule{
			ID: id, From: day, Effect: e, Text: "text", Source: "source",
			Check: func(*regulator.Case) (string, error) { return why, err },
		}
	}
	p := regulator.Profile{Rules: []regulator.Rule{
		rule("X-1", regulator.Refuse, "one", nil), rule("X-2", regulator.Warn, "two", nil),
		rule("X-3", regulator.Refuse, "three", nil),
	}}
	c := lending.Register{Party: "ann", Kind: lending.Person}
	err := try(newWorld(t, p, day), officer, c)
	require.ErrorContains(t, err, "X-1")
	require.ErrorContains(t, err, "X-3")
	require.Equal(t, "rule-X-1", lending.CodeOf(err))
	p.Rules = append(p.Rules, rule("X-4", regulator.Warn, "", broken))
	require.ErrorIs(t, try(newWorld(t, p, day), officer, c), broken)
}
