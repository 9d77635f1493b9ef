package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// yearRungs are those of the ladder that is drawn at the end of each period, a month each.
const yearRungs = 12

// Credit is the interest of an investor at the end of a period.
type Credit struct {
	Investor lending.PartyID
	Minor    int64
}

// PeriodClosed stands on a package at the end of a period: what it promised, what its basket earned, and how it
// stands ([LookAtPackage]). It is valued on the day of the close, which is the end, or later where day-ends
// were late; interest is promised to the end in any case.
type PeriodClosed struct {
	Period   int        // from 1
	To       civil.Date // its end, the first day of the next
	On       civil.Date
	Promised int64 // in the period
	Earned   int64 // since the last close: the change of the basket's net value less what came in and went out
	Net      int64
	Coverage
	Credits  []Credit // by investor
	PaidOut  bool     // to their wallets; else they are added to the principal
	Deferred int64    // interest that stays owed, as it can be neither paid out nor added today
	Warned   bool     // the ladder of a year ends a month short of the cushion
	Warning  Warning
}

// Gap is what of the promise the basket did not earn in the period (收益缺口); below zero it earned more.
func (e *PeriodClosed) Gap() int64 { return e.Promised - e.Earned }

// Type implements event.Of.
func (PeriodClosed) Type() string { return "period-closed" }

// Apply implements event.Of.
func (e PeriodClosed) Apply(p *Package) {
	p.saw(e.On)
	p.Periods = e.Period
	p.Promised += e.Promised
	p.Earned += e.Earned
	p.Net, p.Flow = e.Net, 0
	for _, x := range e.Credits {
		p.credit(x, e.To, e.PaidOut)
	}
}

// credit takes interest into the figures of an investor as of the end of a period.
func (p *Package) credit(x Credit, to civil.Date, paidOut bool) {
	p.Credited += x.Minor
	h := p.holding(x.Investor)
	if h == nil {
		return
	}
	h.Credited += x.Minor
	if paidOut {
		p.Paid += x.Minor
		return
	}
	h.change(x.Minor, to)
	p.Principal += x.Minor
	if q := p.exit(x.Investor); q != nil && q.All {
		q.Units = h.Principal
	}
}

// Code implements event.Coder.
func (e *PeriodClosed) Code(c *event.Codec) {
	c.Count(&e.Period)
	c.Date(&e.To)
	c.Date(&e.On)
	c.Int(&e.Promised)
	c.Int(&e.Earned)
	c.Int(&e.Net)
	c.Int(&e.Value)
	c.Int(&e.Owed)
	event.List(c, &e.Credits, func(c *event.Codec, x *Credit) {
		event.Text(c, &x.Investor)
		c.Int(&x.Minor)
	})
	c.Bool(&e.PaidOut)
	c.Int(&e.Deferred)
	c.Bool(&e.Warned)
	c.Count(&e.Warning.Rung)
	c.Count(&e.Warning.Days)
	c.Int(&e.Warning.Short)
}

// closePeriod closes the period that has ended.
func (p *Package) closePeriod(t *lending.Tx) error {
	v, basket, err := p.weighIn(t)
	if err != nil {
		return err
	}
	ev, err := p.closing(&v, basket)
	if err != nil {
		return err
	}
	if ev.PaidOut {
		pay := ledger.Entry{Book: ledger.Client, Why: "package-interest", Currency: p.Terms.Currency}
		for _, x := range ev.Credits {
			pay.Debit(lending.Avail(p.ID), x.Minor)
			pay.Credit(lending.Avail(x.Investor), x.Minor)
		}
		if err := t.Post(pay); err != nil {
			return err
		}
	}
	return event.Write(t.Tx, PackageRef(p.ID), ev)
}

// closing figures the end of a period on a day.
func (p *Package) closing(v *Valuation, basket []Claim) (PeriodClosed, error) {
	net := v.Value - v.Debt
	ev := PeriodClosed{Period: p.Periods + 1, To: p.ends(), On: v.On, Earned: net - p.Net - p.Flow, Net: net,
		Coverage: v.Coverage}
	var sum int64
	for i := range p.Holdings {
		h := &p.Holdings[i]
		if minor := h.interest(p.Terms.RatePPM, ev.To); minor > 0 {
			ev.Credits = append(ev.Credits, Credit{h.Investor, minor})
			sum += minor
		}
	}
	ev.Promised = p.Credited + sum - p.Promised
	ev.PaidOut = !p.reinvests() && sum > 0
	switch {
	case ev.PaidOut && (v.Deficit() > 0 || sum > v.Free), !ev.PaidOut && sum > MaxPackage-p.Principal:
		ev.Credits, ev.PaidOut, ev.Deferred = nil, false, sum
	case ev.PaidOut:
		ev.Net -= sum
		v.Cash, v.Free = v.Cash-sum, v.Free-sum
	}
	next := *p
	next.Holdings = nil
	for _, h := range p.Holdings {
		h.Locks = append([]Lock(nil), h.Locks...)
		next.Holdings = append(next.Holdings, h)
	}
	next.Queue = append([]ExitRequest(nil), p.Queue...)
	ev.Apply(&next)
	l, err := next.ladder(*v, basket, schedule.Months(1), yearRungs)
	if err != nil {
		return ev, err
	}
	ev.Warning, ev.Warned = l.Warning()
	return ev, nil
}

// LookAtPackage does what a package's day asks for: it closes the first period that has ended and is not closed,
// with the interest of each investor, then, when none is left to close, pays the requests whose day has come, by
// the rules of the queue, out of the vehicle's free cash. Interest is added to the principal or paid out to all
// by the terms; it is paid to nobody, and stays owed, while the basket does not cover what is owed or the cash
// does not do for all. On a day before what the package has seen nobody is paid. Day-end sends it. Given by
// an officer, a cashier or the system.
type LookAtPackage struct{ Package lending.PartyID }

// PackageLooked is the outcome of [LookAtPackage]; what it did stands before it, as [PeriodClosed] and
// [ExitsPaid].
type PackageLooked struct {
	On     civil.Date
	Closed bool // a period
	Queue  bool // was looked at
}

// Type implements event.Of.
func (PackageLooked) Type() string { return "looked" }

// Apply implements event.Of.
func (e PackageLooked) Apply(p *Package) {
	p.saw(e.On)
	if e.Queue && p.Looked.Before(e.On) {
		p.Looked = e.On
	}
}

// Code implements event.Coder.
func (e *PackageLooked) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Bool(&e.Closed)
	c.Bool(&e.Queue)
}

// Home implements Command.
func (c LookAtPackage) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (LookAtPackage) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleCashier, lending.RoleSystem}
}

// Decide implements Command. It refuses a package that does not exist ([ErrGone]) or has too many loans
// ([ErrFull]), and waits with [lending.ErrPending] for loans that are paying their lenders.
func (c LookAtPackage) Decide(t *lending.Tx, p *Package) (PackageLooked, error) {
	ev := PackageLooked{On: t.On}
	if err := p.known(c.Package); err != nil {
		return ev, err
	}
	if ev.Closed = !p.ends().After(t.On); ev.Closed {
		if err := p.closePeriod(t); err != nil {
			return ev, err
		}
	}
	ev.Queue = p.ends().After(t.On) && len(p.Queue) > 0
	if !ev.Queue || t.On.Before(p.Seen) {
		return ev, nil
	}
	return ev, p.payExits(t)
}
