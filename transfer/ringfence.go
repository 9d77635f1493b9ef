package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// RingFenced lets no money out of the vehicles of packages but by the packages' own commands, and has them
// borrow none; it refuses their [lending.Withdraw] and [lending.Apply] with [lending.ErrActor], then asks Next.
// A desk of packages has it in its Config.Authorizer.
type RingFenced struct{ Next lending.Authorizer }

var _ lending.Authorizer = RingFenced{}

// Authorize implements lending.Authorizer.
func (f RingFenced) Authorize(t *lending.Tx, command any) error {
	switch command.(type) {
	case lending.Withdraw, lending.Apply:
		p, err := event.Read(t.Tx, PackageRef(lending.PartyID(t.Actor.ID)))
		if err != nil {
			return err
		}
		if p.ID != "" {
			return &lending.Error{Err: lending.ErrActor, Thing: "package " + string(p.ID), Why: "is ring-fenced"}
		}
	}
	if f.Next == nil {
		return nil
	}
	return f.Next.Authorize(t, command)
}
