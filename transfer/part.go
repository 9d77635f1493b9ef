package transfer

import (
	"context"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Part plugs the secondary market, the facilities of fronting lenders and packages into a desk: their kinds of
// streams, the day-end of boards, then of packages, the line that holds lenders to facilities, and the fence around packages.
func Part() lending.Part {
	return lending.Part{
		Kinds:  []event.AnyKind{marketKind, boardKind, facilityKind, packageKind},
		Fences: []lending.Fence{ringFence{}},
		Lines:  []lending.Line{fronting{}},
		Wake: map[string]func(context.Context, *lending.Desk, lending.Meta, string) error{
			boardKind.Name(): func(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
				_, err := lending.Do(ctx, d, m, LookAtBoard{lending.LoanID(id)})
				return err
			},
			packageKind.Name(): func(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
				_, err := lending.Do(ctx, d, m, LookAtPackage{lending.PartyID(id)})
				return err
			},
		},
	}
}
