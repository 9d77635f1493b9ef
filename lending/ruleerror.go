package lending

import "fmt"

// RuleError is a refusal by a rule of [Rules]. It unwraps to [ErrRule], and its code
// ([CodeOf]) is "rule-" and the rule's id.
type RuleError struct {
	Rule   Code   // "CN-1a"
	Why    string // in words for people: what was found, and what would be allowed
	Source string // where the rule stands
}

// Error implements error.
func (e *RuleError) Error() string {
	return fmt.Sprintf("lending: rule %s: %v: %s (%s)", e.Rule, ErrRule, e.Why, e.Source)
}

// Unwrap returns ErrRule.
func (e *RuleError) Unwrap() error { return ErrRule }
