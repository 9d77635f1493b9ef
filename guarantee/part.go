package guarantee

import (
	"context"
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Parties are those that a desk has behind its loans. A product names one as a cover by its id.
type Parties struct {
	Funds      []lending.PartyID // provision funds
	Guarantors []lending.PartyID
	// Originators are microloan companies that refer loans and buy back those that are not paid.
	Originators []lending.PartyID
	// Collateral are the names of terms for things that answer for loans, see [DefineCollateral].
	Collateral []lending.Code
}

// Part is what plugs them into a desk.
func (p Parties) Part() lending.Part {
	part := lending.Part{
		Kinds:  []event.AnyKind{fundKind, guarantorKind, originatorKind, policyKind, collateralKind},
		Covers: map[lending.Code]lending.Cover{},
		Fences: []lending.Fence{ringFence(slices.Clone(p.Funds)), ownFence(slices.Clone(p.Guarantors))},
		Wake: map[string]func(context.Context, *lending.Desk, lending.Meta, string) error{
			fundKind.Name(): settle, guarantorKind.Name(): lapse,
			originatorKind.Name(): lapseRepurchases, collateralKind.Name(): reviewTopUp},
	}
	for _, id := range p.Funds {
		part.Covers[lending.Code(id)] = fundCover(id)
		part.Gates = append(part.Gates, fundCover(id))
	}
	for _, id := range p.Guarantors {
		part.Covers[lending.Code(id)] = guarantorCover(id)
		part.Gates = append(part.Gates, guarantorCover(id))
	}
	for _, id := range p.Originators {
		part.Covers[lending.Code(id)] = originatorCover(id)
		part.Gates = append(part.Gates, originatorCover(id))
	}
	for _, name := range p.Collateral {
		part.Covers[name] = collateralCover(name)
	}
	return part
}

// maxSteps bounds the commands of one waking.
const maxSteps = 10_000

// steps sends a command until there is nothing left of its day, or a loan has to be waited for.
func steps[S any, E event.Of[S]](ctx context.Context, d *lending.Desk, m lending.Meta, c lending.Command[S, E]) error {
	for n := range maxSteps {
		_, err := lending.Do(ctx, d, m.Step(n), c)
		switch {
		case n > 0 && (errors.Is(err, ErrNothing) || errors.Is(err, lending.ErrPending)):
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

func lapse(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
	return steps(ctx, d, m, LapseDemands{lending.PartyID(id)})
}

func lapseRepurchases(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
	return steps(ctx, d, m, LapseRepurchases{lending.PartyID(id)})
}

func reviewTopUp(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
	_, err := lending.Do(ctx, d, m, ReviewTopUp{lending.LoanID(id)})
	return err
}
