package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// RiskDecided is the outcome of [ApproveRisk].
type RiskDecided struct {
	Loan     lending.LoanID
	Approved bool
	Minor    int64 // of principal, at most
	Periods  int   // at most
	Pico     int64 // of its rate, at most, on the basis that all rates of its product have
	On       civil.Date
	By       lending.ActorID
}

// Type implements event.Of.
func (RiskDecided) Type() string { return "risk" }

// Apply implements event.Of.
func (e RiskDecided) Apply(g *Guarantor) {
	if g.approvals == nil {
		g.approvals = map[lending.LoanID]risk{}
	}
	if g.approvals[e.Loan] = (risk{e.Minor, e.Periods, e.Pico}); !e.Approved {
		delete(g.approvals, e.Loan)
	}
}

// Code implements event.Coder.
func (e *RiskDecided) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Bool(&e.Approved)
	c.Int(&e.Minor)
	c.Count(&e.Periods)
	c.Int(&e.Pico)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// ApproveRisk is the guarantor's own decision on a loan that names it as a cover (担保方审核). Where it controls
// the risk the loan is not listed or paid out without it. It is of at most the amount, the periods and the rate
// that the loan has when it is given: what is less of each is approved too, such as the rate at which a tender
// clears, which is never above the one that it began with; what is more is not. Until the loan is paid out it may be
// taken back. Given by a party.
type ApproveRisk struct {
	Guarantor lending.PartyID
	Loan      lending.LoanID
	Withdraw  bool
}

// Home implements lending.Command.
func (c ApproveRisk) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (ApproveRisk) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements lending.Command. It refuses another party, a loan that does not name the guarantor or is
// covered already or has no rate yet, and a decision that stands.
func (c ApproveRisk) Decide(t *lending.Tx, g *Guarantor) (RiskDecided, error) {
	none := RiskDecided{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	if err := self(t, g.ID); err != nil {
		return none, err
	}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	if l.ID == "" || !names(l, g.ID) {
		return none, bad(lending.ErrUnknown, "loan "+string(c.Loan), "does not name the guarantor")
	}
	if !c.Withdraw && l.Rate.IsZero() {
		return none, bad(lending.ErrState, "loan "+string(c.Loan), "has no rate yet: an analyst approves it first")
	}
	_, covered := g.Engaged(c.Loan)
	if covered || c.Withdraw && !g.Approved(c.Loan) || !c.Withdraw && g.approves(l) {
		return none, bad(lending.ErrState, "loan "+string(c.Loan), "is so already, or covered already")
	}
	return RiskDecided{c.Loan, !c.Withdraw, l.Amount.Minor(), l.Periods, l.Rate.Pico(), t.On, t.Actor.ID}, nil
}
