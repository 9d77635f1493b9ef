package risk

import (
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Knockout is one hard rule of credit policy (准入规则). It knocks an application out when the figure is
// unknown or out of bounds, or when the flag is set; a rule has a figure or a flag, not both.
type Knockout struct {
	Reason lending.Code // what the applicant is told
	Figure lending.Code
	Min    int64 // smallest figure that passes
	Max    int64 // largest one; 0 with Min not below it for no upper bound
	Flag   lending.Code
}

// hits reports whether the rule knocks out.
func (k *Knockout) hits(f *Facts) bool {
	if k.Flag != "" {
		return f.Flag(k.Flag)
	}
	n, known := f.Figure(k.Figure)
	return !known || n < k.Min || k.bounded() && n > k.Max
}

func (k *Knockout) bounded() bool { return k.Max != 0 || k.Min < 0 }

// Policy is a set of hard rules that every loan must pass, at publication and again when it is paid
// out. Use [Policy.Part] to plug it into a desk.
type Policy struct {
	Rules    []Knockout
	Products []lending.ProductID // that it is for; empty for all
	MaxAge   int                 // days for which recorded facts count; 0 for as long as they say
}

const maxRules = 256

// Validate reports everything that is wrong with the policy at once, each an ErrTable.
func (p Policy) Validate() error {
	var errs []error
	if len(p.Rules) == 0 || len(p.Rules) > maxRules || p.MaxAge < 0 {
		errs = append(errs, refuse(ErrTable, "a policy has 1 to %d rules and an age of 0 days or more", maxRules))
	}
	for i := range p.Rules {
		k := &p.Rules[i]
		if !lending.ValidID(k.Reason) {
			errs = append(errs, refuse(ErrTable, "rule %d has no reason code", i))
		}
		if (k.Figure == "") == (k.Flag == "") {
			errs = append(errs, refuse(ErrTable, "rule %d looks at a figure or at a flag", i))
		}
		if k.bounded() && k.Max < k.Min {
			errs = append(errs, refuse(ErrTable, "rule %d lets nothing pass: %d to %d", i, k.Min, k.Max))
		}
	}
	return errors.Join(errs...)
}

// Decide returns the reasons that facts give against a loan, in the order of the rules, each once;
// none if it passes.
func (p Policy) Decide(f *Facts) (reasons []lending.Code) {
	seen := map[lending.Code]bool{}
	for i := range p.Rules {
		k := &p.Rules[i]
		if k.hits(f) && !seen[k.Reason] {
			seen[k.Reason] = true
			reasons = append(reasons, k.Reason)
		}
	}
	return reasons
}

// Admit implements lending.Gate. It refuses a loan without facts or with facts that no longer count
// (ErrFacts), and one that the rules knock out (a [*KnockoutError] with every reason).
func (p Policy) Admit(t *lending.Tx, l *lending.Loan) error {
	if !p.concerns(l.Product.ID) {
		return nil
	}
	f, err := event.Read(t.Tx, FileRef(l.ID))
	if err != nil {
		return err
	}
	if f.Count == 0 {
		return refuse(ErrFacts, "loan %s has none on file: send RecordFacts", l.ID)
	}
	if until := p.until(f); !until.IsZero() && t.On.After(until) {
		return refuse(ErrFacts, "those of loan %s counted until %s: send RecordFacts again", l.ID, until)
	}
	if reasons := p.Decide(&f.Facts); len(reasons) > 0 {
		return &KnockoutError{l.ID, reasons}
	}
	return nil
}

func (p Policy) concerns(id lending.ProductID) bool {
	for _, q := range p.Products {
		if q == id {
			return true
		}
	}
	return len(p.Products) == 0
}

// until is the last day on which a file's facts count, zero for no end.
func (p Policy) until(f *File) civil.Date {
	until := f.Facts.Until
	if p.MaxAge > 0 {
		if aged := f.On.AddDays(p.MaxAge); until.IsZero() || aged.Before(until) {
			until = aged
		}
	}
	return until
}

// Part is what plugs the policy into a desk: the risk files and the gate.
func (p Policy) Part() lending.Part {
	return lending.Part{Kinds: []event.AnyKind{fileKind}, Gates: []lending.Gate{p}}
}
