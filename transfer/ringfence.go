package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// ringFence lets no money out of the vehicles of packages but by the packages' own commands, and has them
// borrow none. They bid, buy and sell like anybody.
type ringFence struct{}

var _ lending.Fence = ringFence{}

// Fenced implements lending.Fence.
func (ringFence) Fenced(t *lending.Tx, who lending.PartyID, a lending.Act) (bool, error) {
	if a != lending.ActWithdraw && a != lending.ActBorrow {
		return false, nil
	}
	p, err := event.Read(t.Tx, PackageRef(who))
	return err == nil && p.ID != "", err
}
