package lending_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// videoCall stands for whoever looks at a party and its papers.
type videoCall struct{ until civil.Date }

func (v videoCall) Identify(_ context.Context, p lending.PartyID) (lending.Identity, error) {
	if p == "mallory" {
		return lending.Identity{}, fmt.Errorf("face and passport differ: %w", lending.ErrNotVerified)
	}
	return lending.Identity{Evidence: event.Hash{1}, Expires: v.until}, nil
}

// A desk that wants to know who its parties are. The identifier is asked once for a key; its answer
// is recorded with the hash of its evidence and holds until a day.
func ExampleDesk_Identify() {
	ctx, day := context.Background(), civil.MustParse("2026-01-31")
	desk, _ := lending.Open(lending.Config{
		Store:      memory.NewStore(),
		Identifier: videoCall{until: day.AddMonths(24)},
		Parties:    lending.PartyRules{RequireIdentified: true},
	})
	by := func(key string, id lending.ActorID, r lending.Role) lending.Meta {
		return lending.Meta{Key: key, Actor: lending.Actor{ID: id, Role: r}, On: day}
	}
	for _, p := range []lending.PartyID{"bob", "mallory"} {
		_, _ = lending.Do(ctx, desk, by("new/"+string(p), "olga", lending.RoleOfficer),
			lending.Register{Party: p, Kind: lending.Person})
	}
	out := lending.Withdraw{Amount: money.MustParse("CNY 1.00")}
	_, err := lending.Do(ctx, desk, by("out/1", "bob", lending.RoleParty), out)
	fmt.Println(errors.Is(err, lending.ErrNotVerified))

	known, err := desk.Identify(ctx, by("who/bob", "olga", lending.RoleOfficer), "bob")
	fmt.Println(known.Identity.Expires, err)
	_, err = desk.Identify(ctx, by("who/mallory", "olga", lending.RoleOfficer), "mallory")
	fmt.Println(lending.CodeOf(err))

	_, err = lending.Do(ctx, desk, by("out/2", "bob", lending.RoleParty), out)
	fmt.Println(lending.CodeOf(err)) // he is known now, and has nothing
	// Output:
	// true
	// 2028-01-31 <nil>
	// not-verified
	// insufficient-funds
}
