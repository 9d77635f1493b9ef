package guarantee

import (
	"context"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Parties are those that a desk has behind its loans. A product names one as a cover by its id.
type Parties struct {
	Funds      []lending.PartyID // provision funds
	Guarantors []lending.PartyID
	// Originators are microloan companies that refer loans and buy back those that are not paid.
	Originators []lending.PartyID
}

// Part is what plugs them into a desk.
func (p Parties) Part() lending.Part {
	part := lending.Part{
		Kinds:  []event.AnyKind{fundKind, guarantorKind, originatorKind},
		Covers: map[lending.Code]lending.Cover{},
		Wake: map[string]func(context.Context, *lending.Desk, lending.Meta, string) error{
			fundKind.Name(): settle, guarantorKind.Name(): lapse,
			originatorKind.Name(): lapseRepurchases},
	}
	for _, id := range p.Funds {
		part.Covers[lending.Code(id)] = fundCover(id)
	}
	for _, id := range p.Guarantors {
		part.Covers[lending.Code(id)] = guarantorCover(id)
		part.Gates = append(part.Gates, guarantorCover(id))
	}
	for _, id := range p.Originators {
		part.Covers[lending.Code(id)] = originatorCover(id)
	}
	return part
}

func lapse(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
	_, err := lending.Do(ctx, d, m, LapseDemands{lending.PartyID(id)})
	return err
}

func lapseRepurchases(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
	_, err := lending.Do(ctx, d, m, LapseRepurchases{lending.PartyID(id)})
	return err
}
