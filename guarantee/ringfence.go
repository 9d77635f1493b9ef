package guarantee

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
)

// ringFence keeps the parties of funds from everything that a party may be kept from (专款专用): they neither
// withdraw nor lend nor borrow.
type ringFence []lending.PartyID

var _ lending.Fence = ringFence(nil)

// Fenced implements lending.Fence.
func (f ringFence) Fenced(_ *lending.Tx, p lending.PartyID, _ lending.Act) (bool, error) {
	return slices.Contains(f, p), nil
}
