package lending

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Limits bound what a party may lend, in one currency; a loan in another one is then out of its
// reach. What is on hold for bids counts as lent. A zero amount or share sets no bound.
//
//   - restricted investors (UK, from 2019-12-09): Share 100,000 (10%) of their net investable assets
//   - India (RBI): Total over all borrowers and PerBorrower for one, as amounts
//   - EU (ECSPR art. 21(7)): NetWorth is what a rule reads that warns above a share of it
type Limits struct {
	PerLoan     money.Amount
	PerBorrower money.Amount
	Total       money.Amount
	NetWorth    money.Amount // declared by the party; zero for not declared
	Share       int64        // of NetWorth that may be lent in all, parts per million to [Million]
}

// Category is what kind of investor a party is (投资人分类), with the limits that follow from it.
type Category struct {
	Name     Code
	Evidence event.Hash
	Limits   Limits
	Expires  civil.Date // first day on which the party has to be categorised again
}

// Categorizer finds out an investor's category. It returns an error that wraps [ErrNotVerified] for
// a party that belongs to none; any other error leaves the answer unknown. It must be safe for
// concurrent use.
type Categorizer interface {
	Categorize(ctx context.Context, p PartyID) (Category, error)
}

func (v *Limits) amounts() [4]money.Amount {
	return [...]money.Amount{v.PerLoan, v.PerBorrower, v.Total, v.NetWorth}
}

// currency returns the currency of the limits, none if they set no bound.
func (v *Limits) currency() (c money.Currency) {
	for _, a := range v.amounts() {
		if !a.IsZero() {
			return a.Currency()
		}
	}
	return c
}

// check refuses limits that are negative, of two currencies, or a share of nothing.
func (v *Limits) check() error {
	cur := v.currency()
	for _, a := range v.amounts() {
		if a.Sign() < 0 || !a.IsZero() && a.Currency() != cur {
			return &Error{ErrAmount, "limit of " + a.String(), "want amounts of one currency, zero for none"}
		}
	}
	if v.Share < 0 || v.Share > Million || v.Share > 0 && v.NetWorth.IsZero() {
		return &Error{ErrTerms, "limits", fmt.Sprintf("%d parts per million of %s", v.Share, v.NetWorth)}
	}
	return nil
}

// total returns the most that may be lent in all, rounded down, and whether there is such a bound.
func (v *Limits) total() (most int64, bounded bool) {
	most, bounded = v.Total.Minor(), !v.Total.IsZero()
	if v.Share == 0 {
		return most, bounded
	}
	part, _ := money.MulDiv(v.NetWorth.Minor(), v.Share, Million, money.Down) // a share is no more than the whole
	if bounded {
		part = min(part, most)
	}
	return part, true
}

// within refuses an amount that would take a lender beyond the limits of its category.
func (t *Tx) within(p *Party, l *Loan, minor int64) error {
	limits, cur := p.Category.Limits, l.Currency()
	if limits.currency().IsZero() {
		return nil
	}
	refuse := func(why string) error { return &Error{ErrInvestorLimit, "party " + string(p.ID), why} }
	if limits.currency() != cur {
		return refuse("its limits are in " + limits.currency().Code() + ", the loan in " + cur.Code())
	}
	w, err := event.Read(t.Tx, WalletRef(p.ID, cur))
	if err != nil {
		return err
	}
	over := func(limit money.Amount, lent int64) bool { return !limit.IsZero() && minor > limit.Minor()-lent }
	total, bounded := limits.total()
	switch {
	case over(limits.PerLoan, w.Stake(l.ID).Minor):
		return refuse("may lend " + limits.PerLoan.String() + " to one loan")
	case over(limits.PerBorrower, w.LentTo(l.Borrower)):
		return refuse("may lend " + limits.PerBorrower.String() + " to one borrower")
	case bounded && minor > total-w.LentTotal():
		return refuse("may lend " + amount(total, cur).String() + " in all")
	}
	return nil
}

func (v *Limits) code(c *event.Codec) {
	c.Amount(&v.PerLoan)
	c.Amount(&v.PerBorrower)
	c.Amount(&v.Total)
	c.Amount(&v.NetWorth)
	c.Int(&v.Share)
}

// RecordCategory records an investor's category. [Desk.Categorize] asks the categorizer first.
// Given by an officer or the system.
type RecordCategory struct {
	Party    PartyID
	Category Category
}

// PartyCategorized is the outcome of [RecordCategory].
type PartyCategorized struct {
	Party    PartyID
	Category Category
	On       civil.Date
	By       ActorID
}

// Type implements event.Of.
func (PartyCategorized) Type() string { return "categorized" }

// Apply implements event.Of.
func (e PartyCategorized) Apply(p *Party) {
	p.Category = e.Category
	p.Categorized = p.Categorized.renewed(e.On, e.Category.Expires)
}

// Code implements event.Coder.
func (e *PartyCategorized) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	event.Text(c, &e.Category.Name)
	c.Hash(&e.Category.Evidence)
	e.Category.Limits.code(c)
	c.Date(&e.Category.Expires)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c RecordCategory) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (RecordCategory) Allowed() []Role { return []Role{RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses a category without evidence, one that has expired, and
// limits that contradict themselves.
func (c RecordCategory) Decide(t *Tx, p *Party) (PartyCategorized, error) {
	none := PartyCategorized{}
	if err := known(p, c.Party); err != nil {
		return none, err
	}
	if err := checkID("category", c.Category.Name); err != nil {
		return none, err
	}
	what := "category of " + string(c.Party)
	if err := t.evident(what, c.Category.Evidence, c.Category.Expires); err != nil {
		return none, err
	}
	return PartyCategorized{c.Party, c.Category, t.On, t.Actor.ID}, c.Category.Limits.check()
}

// Categorize asks the desk's categorizer what kind of investor a party is and records the answer by
// [RecordCategory]. A key that has an answer is not asked about again. Errors are those of [Do], and
// the categorizer's.
func (d *Desk) Categorize(ctx context.Context, m Meta, p PartyID) (PartyCategorized, error) {
	var none PartyCategorized
	if d.cfg.Categorizer == nil {
		return none, &Error{ErrConfig, "desk", "has no categorizer: set Config.Categorizer"}
	}
	mine := func(e PartyCategorized) bool { return e.Party == p && e.By == m.Actor.ID }
	return askOnce(ctx, d, m, p, mine, func() (Command[Party, PartyCategorized], error) {
		v, err := d.cfg.Categorizer.Categorize(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("categorize %s: %w", p, err)
		}
		return RecordCategory{p, v}, nil
	})
}
