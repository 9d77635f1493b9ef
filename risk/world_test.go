package risk_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/risk"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

var (
	officer = lending.Actor{ID: "olga", Role: lending.RoleOfficer}
	second  = lending.Actor{ID: "omar", Role: lending.RoleOfficer}
	analyst = lending.Actor{ID: "ana", Role: lending.RoleAnalyst}
	cashier = lending.Actor{ID: "carl", Role: lending.RoleCashier}
	bank    = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
	ann     = lending.Actor{ID: "ann", Role: lending.RoleParty}
	bob     = lending.Actor{ID: "bob", Role: lending.RoleParty}
)

// world is a desk with a policy, a borrower and a lender.
type world struct {
	t    *testing.T
	desk *lending.Desk
	day  civil.Date
	keys int
}

func newWorld(t *testing.T, policy risk.Policy) *world {
	store := memory.NewStore()
	desk, err := lending.Open(lending.Config{Store: store, Gateway: memory.NewBank(), Parts: []lending.Part{policy.Part()}})
	require.NoError(t, err)
	w := &world{t: t, desk: desk, day: civil.MustParse("2026-01-30")}
	for _, p := range []lending.PartyID{"ann", "bob"} {
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
	}
	do(w, officer, lending.DefineProduct{Product: lending.StandardProduct("std", cny)})
	do(w, bank, lending.Deposit{Party: "bob", Amount: fen(10_000_00)})
	return w
}

func try[S any, E event.Of[S]](w *world, by lending.Actor, c lending.Command[S, E]) (E, error) {
	w.keys++
	m := lending.Meta{Key: fmt.Sprint("k", w.keys), Actor: by, Approver: second, On: w.day}
	return lending.Do(context.Background(), w.desk, m, c)
}

func do[S any, E event.Of[S]](w *world, by lending.Actor, c lending.Command[S, E]) E {
	e, err := try(w, by, c)
	require.NoError(w.t, err, "%T", c)
	return e
}

// approved is a loan that waits for publication.
func (w *world) approved() lending.LoanID {
	id := do(w, ann, lending.Apply{Product: "std", Amount: fen(1_000_00), Periods: 3}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	return id
}

// active takes a published loan to its plan.
func (w *world) active(id lending.LoanID) *lending.Loan {
	do(w, bob, lending.PlaceBid{Loan: id, Amount: fen(1_000_00)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	do(w, cashier, lending.Disburse{Loan: id})
	_, err := w.desk.Deliver(context.Background(), w.day)
	require.NoError(w.t, err)
	return w.loan(id)
}

func (w *world) loan(id lending.LoanID) *lending.Loan {
	l, err := w.desk.Loan(context.Background(), id)
	require.NoError(w.t, err)
	return l
}
