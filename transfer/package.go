package transfer

import (
	"context"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Package is the state of a fixed-income product over a basket of claims (债权打包产品). Its id is that of a
// vehicle: the wallet of that party is its cash and the lots that it holds are its basket, so that neither is
// kept again, and no two packages share one. It buys and sells on boards like any party.
//
// There is none under a custodian that keeps a sub-account for each party ([ErrCustody]): it may answer late or
// refuse, and a subscription or a payment would be owed, or not, before the money has moved. Each command of a
// package would need a state of its own until then.
//
// Invariants: see [Package.Check].
type Package struct {
	ID        lending.PartyID // its vehicle; empty until it is defined
	Terms     PackageTerms
	Opened    civil.Date
	Seen      civil.Date       // latest day on which something was done
	Looked    civil.Date       // latest day on which the queue was looked at
	Closed    bool             // to new money, see [ClosePackage]
	Periods   int              // closed so far
	Principal int64            // of all holdings
	Holdings  []PackageHolding // by investor
	Queue     []ExitRequest    // by turn
	Turn      int64            // the latest that was given
	PackageTotals
}

// PackageTotals are running sums of a package, in minor units. What is promised and what was earned are known
// up to the end of the last period that was closed.
type PackageTotals struct {
	Subscribed, ToppedUp, Surplus int64
	Paid, Forgone                 int64 // to investors who left, or as interest; what leavers were short of
	Credited                      int64 // interest paid out, added to principal or forgone
	Promised, Earned              int64 // through the last close; Promised - Earned is the gap so far
	Net                           int64 // value less debts of the vehicle, at the last close
	Flow                          int64 // of money since, in less out, that was not earned
}

// Check verifies the invariants of the state, each failure an [ErrPackage]: holdings sum to the principal that
// is owed; each investor is there once and asks for no more than he has and may; turns rise; interest that was
// credited sums.
func (p *Package) Check() error {
	var sum, credited int64
	for i := range p.Holdings {
		h := &p.Holdings[i]
		sum, credited = sum+h.Principal, credited+h.Credited
		if h.Principal < 1 || i > 0 && p.Holdings[i-1].Investor >= h.Investor || h.interest(p.Terms.RatePPM, p.Seen) < 0 {
			return refuse(ErrPackage, "%s: holding %d is not as it should be", p.ID, i)
		}
	}
	if sum != p.Principal || credited > p.Credited {
		return refuse(ErrPackage, "%s: holdings are %d of %d, credits %d of %d", p.ID, sum, p.Principal, credited, p.Credited)
	}
	last, seen := int64(0), map[lending.PartyID]bool{}
	for _, x := range p.Queue {
		h := p.holding(x.Investor)
		if h == nil || seen[x.Investor] || x.Turn <= last || x.Turn > p.Turn || x.Units < 1 ||
			x.Units > h.Principal-h.locked(x.Asked) || x.All && x.Units != h.Principal {
			return refuse(ErrPackage, "%s: exit of %s is not as it should be", p.ID, x.Investor)
		}
		last, seen[x.Investor] = x.Turn, true
	}
	return nil
}

// find is where an investor's holding is, or would be.
func (p *Package) find(id lending.PartyID) (int, bool) {
	return slices.BinarySearchFunc(p.Holdings, id, func(h PackageHolding, id lending.PartyID) int {
		return strings.Compare(string(h.Investor), string(id))
	})
}

// holding and exit return what an investor has in the package and in its queue, nil for nothing.
func (p *Package) holding(id lending.PartyID) *PackageHolding {
	if i, ok := p.find(id); ok {
		return &p.Holdings[i]
	}
	return nil
}

func (p *Package) exit(id lending.PartyID) *ExitRequest {
	for i := range p.Queue {
		if p.Queue[i].Investor == id {
			return &p.Queue[i]
		}
	}
	return nil
}

// saw notes the day on which something was done.
func (p *Package) saw(on civil.Date) {
	if p.Seen.Before(on) {
		p.Seen = on
	}
}

// ends is the end of the period that runs: the day after its last.
func (p *Package) ends() civil.Date {
	return schedule.Months(max(1, p.Terms.PeriodMonths)).After(p.Opened, p.Periods+1)
}

// wake is the next day with work: the period ends, or somebody waits for money.
func (p *Package) wake() civil.Date {
	if p.ID == "" {
		return civil.Date{}
	}
	next := p.ends()
	for _, x := range p.Queue {
		on := x.From
		if !on.After(p.Looked) {
			on = p.Looked.AddDays(1)
		}
		if on.Before(next) {
			next = on
		}
	}
	return next
}

// open refuses a package that was not defined, a day before what it has seen, and one after a period that was
// not closed.
func (p *Package) open(id lending.PartyID, on civil.Date) error {
	if err := p.known(id); err != nil {
		return err
	}
	if on.Before(p.Seen) {
		return &lending.Error{Err: lending.ErrDate, Thing: "package " + string(id), Why: "has moved on to " + p.Seen.String()}
	}
	if end := p.ends(); on.After(end) {
		return &lending.Error{Err: lending.ErrPending, Thing: "package " + string(id),
			Why: "its period to " + end.String() + " is not closed: run the day-end first"}
	}
	return nil
}

func (p *Package) known(id lending.PartyID) error {
	if p.ID == "" {
		return refuse(ErrGone, "package %s", id)
	}
	return nil
}

var packageKind = event.NewKind("package", (*Package).wake,
	event.On[PackageDefined](), event.On[Subscribed](), event.On[ExitRequested](), event.On[ExitCancelled](),
	event.On[ExitsPaid](), event.On[PeriodClosed](), event.On[PackageLooked](), event.On[PackageToppedUp](),
	event.On[SurplusTaken](), event.On[PackageClosed]())

// PackageRef refers to the stream of a package, by its vehicle.
func PackageRef(vehicle lending.PartyID) event.Ref[Package] { return packageKind.Ref(string(vehicle)) }

// PackageOf reads a package. One that was not defined is refused ([ErrGone]).
func PackageOf(ctx context.Context, d *lending.Desk, vehicle lending.PartyID) (*Package, error) {
	p, _, err := lending.View(ctx, d, PackageRef(vehicle))
	if err != nil {
		return nil, err
	}
	return p, p.known(vehicle)
}
