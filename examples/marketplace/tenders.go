package main

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
)

// compared are the mechanisms of the comparison. A loan at a market rate is filled from an order
// book and takes no bids, so it has no place in it.
var compared = []lending.Mechanism{
	lending.FirstCome, lending.ProRata, lending.UniformMarginal, lending.UniformRejected,
	lending.PayAsBid, lending.OpenAuction,
}

// Tenders are the same loans tendered to the same lenders by one mechanism after the other.
type Tenders struct {
	Loans    int      `json:"loans"`
	Lenders  int      `json:"lenders"`
	Standing int      `json:"with_standing_orders"`
	OpenDays int      `json:"open_days"`
	Manual   float64  `json:"kept_for_manual_percent"`
	Commands int      `json:"commands"` // after each, all three books
	Trials   []Result `json:"trials"`
}

// compare tenders the first loans of a tape by each mechanism.
func compare(ctx context.Context, loans []Published, cfg config) (*Tenders, error) {
	c := newCrowd(loans, cfg)
	out := &Tenders{
		Loans: len(c.loans), Lenders: len(c.bidders), Standing: c.standing(),
		OpenDays: openDays, Manual: manualPPM / 1e4,
	}
	for _, by := range compared {
		t, err := newTrial(ctx, c, by)
		if err == nil {
			err = t.run()
		}
		if err != nil {
			return nil, fmt.Errorf("tender %s: %w", by, err)
		}
		out.Commands += t.store.commands
		out.Trials = append(out.Trials, t.result())
	}
	return out, nil
}
