package transfer

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ExitRequest is an investor's place in the exit queue of a package (赎回排队).
type ExitRequest struct {
	Investor lending.PartyID
	Units    int64 // of principal, left to be paid; its interest comes with it
	All      bool  // all that he has: interest that is reinvested meanwhile goes with it
	ForgoPPM int64 // the most of it that he forgoes to be paid in a deficit, in millionths
	Asked    civil.Date
	From     civil.Date // the first day on which it may be paid (T+n)
	Turn     int64      // less is earlier
}

func (x *ExitRequest) code(c *event.Codec) {
	event.Text(c, &x.Investor)
	c.Int(&x.Units)
	c.Bool(&x.All)
	c.Int(&x.ForgoPPM)
	c.Date(&x.Asked)
	c.Date(&x.From)
	c.Int(&x.Turn)
}

// RequestExit asks for principal back, with its interest (申请赎回). It bears interest until it is paid. By the
// investor, who has one request at a time. Given by a party.
type RequestExit struct {
	Package lending.PartyID
	Amount  money.Amount // of principal
	All     bool         // instead of an amount
	// ForgoPPM is the most, in millionths, that he forgoes to be paid where the terms pay exits at coverage.
	// With zero he waits until he is paid in full.
	ForgoPPM int64
}

// ExitRequested is the outcome of [RequestExit].
type ExitRequested struct{ Exit ExitRequest }

// Type implements event.Of.
func (ExitRequested) Type() string { return "exit-requested" }

// Apply implements event.Of.
func (e ExitRequested) Apply(p *Package) {
	p.Queue = append(p.Queue, e.Exit)
	p.Turn = max(p.Turn, e.Exit.Turn)
	p.saw(e.Exit.Asked)
}

// Code implements event.Coder.
func (e *ExitRequested) Code(c *event.Codec) { e.Exit.code(c) }

// Home implements Command.
func (c RequestExit) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (RequestExit) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements Command. It refuses who has nothing in the package ([ErrGone]) or a request already
// ([ErrQueued]), what is no share ([ErrExit]), what is locked up ([ErrHeld]), more than he has ([ErrOversold]), an amount that would leave
// less than the terms allow ([ErrSlice]), and a party that may not withdraw.
func (c RequestExit) Decide(t *lending.Tx, p *Package) (ExitRequested, error) {
	none, who := ExitRequested{}, lending.PartyID(t.Actor.ID)
	if err := p.open(c.Package, t.On); err != nil {
		return none, err
	}
	h := p.holding(who)
	if h == nil {
		return none, refuse(ErrGone, "party %s has nothing in package %s", who, p.ID)
	}
	if p.exit(who) != nil {
		return none, refuse(ErrQueued, "investor %s has a request: cancel it first", who)
	}
	x := ExitRequest{who, c.Amount.Minor(), c.All, c.ForgoPPM, t.On, t.On.AddDays(p.Terms.SettleDays), p.Turn + 1}
	if c.All {
		x.Units = h.Principal
	}
	if err := c.check(h, &x, &p.Terms); err != nil {
		return none, err
	}
	return ExitRequested{x}, t.May(who, lending.ActWithdraw)
}

// check refuses a request that the holding or the terms do not bear.
func (c *RequestExit) check(h *PackageHolding, x *ExitRequest, m *PackageTerms) error {
	switch left := h.Principal - x.Units; {
	case c.ForgoPPM < 0 || c.ForgoPPM > lending.Million:
		return refuse(ErrExit, "0 to %d ppm can be forgone", lending.Million)
	case c.All && !c.Amount.IsZero() || !c.All && (c.Amount.Currency() != m.Currency || x.Units < 1):
		return refuse(ErrSlice, "want all, or more than zero in %s", m.Currency.Code())
	case left < 0:
		return refuse(ErrOversold, "investor %s has %s", h.Investor, show(h.Principal, m.Currency))
	case !c.All && left < m.MinAmount:
		return refuse(ErrSlice, "want all, or to leave %s", show(m.MinAmount, m.Currency))
	case left < h.locked(x.Asked):
		return refuse(ErrHeld, "%s are locked up", show(h.locked(x.Asked), m.Currency))
	}
	return nil
}

// CancelExit takes a request for what is not paid yet back (撤销赎回). By the investor, or an officer. Given by a
// party or an officer.
type CancelExit struct {
	Package  lending.PartyID
	Investor lending.PartyID
}

// ExitCancelled is the outcome of [CancelExit].
type ExitCancelled struct {
	Investor lending.PartyID
	On       civil.Date
	By       lending.ActorID
}

// Type implements event.Of.
func (ExitCancelled) Type() string { return "exit-cancelled" }

// Apply implements event.Of.
func (e ExitCancelled) Apply(p *Package) {
	p.Queue = slices.DeleteFunc(p.Queue, func(x ExitRequest) bool { return x.Investor == e.Investor })
	p.saw(e.On)
}

// Code implements event.Coder.
func (e *ExitCancelled) Code(c *event.Codec) {
	event.Text(c, &e.Investor)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c CancelExit) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (CancelExit) Allowed() []lending.Role {
	return []lending.Role{lending.RoleParty, lending.RoleOfficer}
}

// Decide implements Command. It refuses who has no request ([ErrGone]), and another party than he
// ([ErrNotHolder]).
func (c CancelExit) Decide(t *lending.Tx, p *Package) (ExitCancelled, error) {
	none := ExitCancelled{}
	if err := p.open(c.Package, t.On); err != nil {
		return none, err
	}
	if t.Actor.Role == lending.RoleParty && lending.PartyID(t.Actor.ID) != c.Investor {
		return none, refuse(ErrNotHolder, "party %s did not ask for it", t.Actor.ID)
	}
	if p.exit(c.Investor) == nil {
		return none, refuse(ErrGone, "exit of %s from package %s", c.Investor, c.Package)
	}
	return ExitCancelled{c.Investor, t.On, t.Actor.ID}, nil
}
