package lending_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

type ruleBook func(command any) ([]lending.Warning, error)

func (r ruleBook) Check(_ *lending.Tx, c any) ([]lending.Warning, error) { return r(c) }

type authority func(command any) error

func (a authority) Authorize(_ *lending.Tx, c any) error { return a(c) }

type gate func(l *lending.Loan) error

func (g gate) Admit(_ *lending.Tx, l *lending.Loan) error { return g(l) }

var errPolicy = errors.New("policy")

// A warning refuses a command until the actor accepts it by name; the acceptance is recorded.
func TestWarningsAreAcceptedByName(t *testing.T) {
	w := newWorld(t, lending.Config{Rules: ruleBook(func(c any) ([]lending.Warning, error) {
		if _, ok := c.(lending.Freeze); ok {
			return nil, errPolicy
		}
		return []lending.Warning{{Rule: "rule-1", Why: "unusual"}, {Rule: "rule-2"}}, nil
	})})
	c := lending.Register{Party: "ann", Kind: lending.Person}
	m := w.meta(officer)
	for _, accept := range [][]lending.Code{nil, {"rule-1"}, {"rule-2"}, {"rule-3"}} {
		m.Accept = accept
		_, err := lending.Do(context.Background(), w.desk, m, c)
		require.ErrorIs(t, err, lending.ErrWarned)
		require.Zero(t, w.feed())
	}
	m.Accept = []lending.Code{"rule-1", "rule-2"}
	_, err := lending.Do(context.Background(), w.desk, m, c)
	require.NoError(t, err)
	require.Equal(t, 4, w.feed(), "two acceptances, the order and the outcome")
	require.ErrorIs(t, try(w, officer, lending.Freeze{Party: "ann"}), errPolicy)
}

// The authorizer may refuse what roles allow.
func TestAuthorizer(t *testing.T) {
	w := newWorld(t, lending.Config{Authorizer: authority(func(c any) error {
		if r, ok := c.(lending.Register); ok && r.Party == "eve" {
			return errPolicy
		}
		return nil
	})})
	w.register("ann")
	require.ErrorIs(t, try(w, officer, lending.Register{Party: "eve", Kind: lending.Person}), errPolicy)
}

// Gates are asked at publication and again at disbursement.
func TestGateIsAskedTwice(t *testing.T) {
	asked, refuse := []lending.State{}, false
	g := gate(func(l *lending.Loan) error {
		asked = append(asked, l.State)
		if refuse {
			return errPolicy
		}
		return nil
	})
	w := newWorld(t, lending.Config{Parts: []lending.Part{{Gates: []lending.Gate{g}}}})
	w.register("ann", "bob")
	do(w, officer, lending.DefineProduct{Product: standard()})
	id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(1000, cny), Periods: 1}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("1% per year")})
	refuse = true
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), errPolicy)
	refuse = false
	do(w, officer, lending.Publish{Loan: id})
	w.deposit("bob", amt(1000, cny))
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1000, cny)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	refuse = true
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), errPolicy)
	require.Contains(t, asked, lending.StateApproved)
	require.Contains(t, asked, lending.StateReviewed)
}

// Errors have classes and codes that hosts can rely on. A sentinel of another package has the class of what it is a
// kind of and a code of its own, however it is wrapped; a rule goes before it.
func TestErrorClasses(t *testing.T) {
	stale := lending.NewSentinel("test-stale", "test: stale", lending.ErrState)
	require.EqualError(t, stale, "test: stale: not possible in this state")
	require.ErrorIs(t, stale, lending.ErrState)
	other := lending.NewSentinel("test-stale", "test: stale", lending.ErrState)
	require.NotErrorIs(t, stale, other, "sentinels are told apart by what they are, not by their text")
	w := newWorld(t, lending.Config{})
	w.register("ann")
	for _, c := range []struct {
		err   error
		code  string
		class lending.Class
	}{
		{nil, "", 0},
		{errPolicy, "unknown", lending.ClassUnknown},
		{stale, "test-stale", lending.ClassRefused},
		{&lending.Error{Err: stale, Thing: "claim"}, "test-stale", lending.ClassRefused},
		{fmt.Errorf("buy: %w", errors.Join(lending.ErrLimit, stale)), "test-stale", lending.ClassRefused},
		{errors.Join(stale, &lending.RuleError{Rule: "X-1"}), "rule-X-1", lending.ClassRefused},
		{try(w, officer, lending.Register{Party: "a b", Kind: 1}), "bad-id", lending.ClassInvalid},
		{try(w, officer, lending.Register{Party: "ann", Kind: 1}), "exists", lending.ClassRefused},
		{try(w, officer, lending.Publish{Loan: "L-x"}), "not-found", lending.ClassNotFound},
		{try(w, officer, lending.Publish{Loan: "L x"}), "bad-id", lending.ClassInvalid},
		{try(w, party("ann"), lending.Publish{Loan: "L-x"}), "wrong-actor", lending.ClassDenied},
		{try(w, party("ann"), lending.Withdraw{Amount: amt(1, cny)}), "insufficient-funds", lending.ClassRefused},
		{try(w, party("zoe"), lending.Withdraw{Amount: amt(1, cny)}), "not-found", lending.ClassNotFound},
		{try(w, bank, lending.Deposit{Party: "ann"}), "bad-amount", lending.ClassInvalid},
		{try(w, officer, lending.DefineProduct{}), "bad-id", lending.ClassInvalid},
	} {
		require.Equal(t, c.code, lending.CodeOf(c.err), "%v", c.err)
		require.Equal(t, c.class, lending.ClassOf(c.err), "%v", c.err)
	}
}
