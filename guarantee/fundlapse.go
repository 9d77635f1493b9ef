package guarantee

import (
	"context"
	"iter"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// FundLapsed is the outcome of [LapseFund].
type FundLapsed struct {
	On      civil.Date
	Demands []Lapse
}

// Type implements event.Of.
func (FundLapsed) Type() string { return "lapsed" }

// Apply implements event.Of.
func (e FundLapsed) Apply(f *Fund) {
	for _, d := range e.Demands {
		f.lapsed.set(d.Key, e.On)
	}
	f.Lapsed += f.Queue.lapse(e.Demands)
}

// Code implements event.Coder.
func (e *FundLapsed) Code(c *event.Codec) {
	c.Date(&e.On)
	codeLapses(c, &e.Demands)
}

// LapseFund has up to 100 demands lapse that a fund has left unpaid for longer than its terms have them wait:
// the layers behind it are asked, and it takes on nothing more of their instalments. Day-end sends it. Given
// by the system.
type LapseFund struct{ Fund lending.PartyID }

// Home implements lending.Command.
func (c LapseFund) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (LapseFund) Allowed() []lending.Role { return []lending.Role{lending.RoleSystem} }

// Decide implements lending.Command. It refuses a fund without such a demand, or one that has a settlement to
// make first (ErrNothing).
func (c LapseFund) Decide(t *lending.Tx, f *Fund) (FundLapsed, error) {
	if err := f.known(c.Fund); err != nil {
		return FundLapsed{}, err
	}
	list, err := lapses(t, "fund "+string(f.ID), f.lapsing(t.On))
	return FundLapsed{t.On, list}, err
}

// lapsing goes in order through the demands that have waited for too long, while no settlement is due that could
// pay them.
func (f *Fund) lapsing(on civil.Date) iter.Seq[Demand] {
	return func(yield func(Demand) bool) {
		if f.Terms.WaitDays == 0 || len(f.Due) > 0 || !f.Next.After(on) {
			return
		}
		for d := range f.Queue.All() {
			if d.Due.AddDays(f.Terms.WaitDays).After(on) {
				return
			}
			if !f.patience(d).After(on) && !yield(d) {
				return
			}
		}
	}
}

// patience is the day on which an unpaid demand lapses, also one that was made again. One for which there was cash,
// and whose loan could not be paid, does not lapse on that day.
func (f *Fund) patience(d Demand) civil.Date {
	last := d.Due.AddDays(f.Terms.WaitDays)
	if d.Waited.IsZero() {
		return last
	}
	return later(last, d.Waited.AddDays(1))
}

// lapse is the first day on which a demand lapses; zero for none.
func (f *Fund) lapse() (first civil.Date) {
	if f.Terms.WaitDays == 0 {
		return first
	}
	for d := range f.Queue.All() {
		last := f.patience(d)
		if first.IsZero() || last.Before(first) {
			first = last
		}
		if d.Waited.IsZero() {
			break // those behind it lapse no sooner
		}
	}
	return first
}

// settle makes a fund's next settlement, or has the demands lapse that have waited for too long.
func settle(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
	f, _, err := lending.View(ctx, d, FundRef(lending.PartyID(id)))
	if err != nil {
		return err
	}
	for range f.lapsing(m.On) {
		return steps(ctx, d, m.Step(maxSteps), LapseFund{lending.PartyID(id)})
	}
	return steps(ctx, d, m, SettleFund{lending.PartyID(id)})
}
