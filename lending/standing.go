package lending

import "github.com/loanweave/loanweave/schedule/civil"

// Act is something that a party may be kept from.
type Act uint8

// Acts.
const (
	ActBid      Act = iota + 1 // lend: bid, buy a claim
	ActBorrow                  // apply, be listed, be paid out
	ActWithdraw                // take money out
	ActHold                    // be given title to a claim
)

var actNames = [...]string{"", "bid", "borrow", "withdraw", "hold"}

// String returns the act's name.
func (a Act) String() string { return nameOf(actNames[:], a, "act") }

// PartyRules are what a desk asks of its parties besides being known. The zero value asks nothing.
type PartyRules struct {
	RequireIdentified  bool // before a bid, an application, a listing, a payout and a withdrawal
	RequireCategory    bool // before a bid
	RequireAppropriate bool // a passed test before a bid
	DormantAfterDays   int  // without a movement of its own a party may be made dormant; zero for never
}

// IdentifiedOn reports whether the party is identified on a date.
func (p *Party) IdentifiedOn(on civil.Date) bool { return p.Identified.Holds(on) }

// CategoryOn returns the party's category on a date, and whether it has one.
func (p *Party) CategoryOn(on civil.Date) (Category, bool) {
	return p.Category, p.Categorized.Holds(on)
}

// AppropriateOn reports whether the party has passed a test of appropriateness that holds on a date.
func (p *Party) AppropriateOn(on civil.Date) bool {
	return p.Appropriateness.Passed && p.Assessed.Holds(on)
}

// May refuses an act that the party's standing does not allow on a date, with [ErrState]:
//
//	frozen      nothing
//	dormant     no bid, no loan, no withdrawal, until it is reactivated
//	closed      no bid, no loan, no claim; what still comes in it may withdraw
//	excluded    no bid, no loan, until its day
//
// Money comes in whatever the standing.
func (p *Party) May(a Act, on civil.Date) error {
	refuse := func(why string) error { return &Error{ErrState, "party " + string(p.ID), why} }
	switch {
	case p.Frozen:
		return refuse("is frozen")
	case p.Dormant && a != ActHold:
		return refuse("is dormant: reactivate it first")
	case p.Closed && a != ActWithdraw:
		return refuse("is closed")
	case on.Before(p.Excluded) && (a == ActBid || a == ActBorrow):
		return refuse("has excluded itself until " + p.Excluded.String())
	}
	return nil
}

// meets refuses an act for which the party lacks what the rules ask. A category that has run out
// stops bids in any case: its limits never lapse into none.
func (r PartyRules) meets(p *Party, a Act, on civil.Date) error {
	refuse := func(sentinel error, why string) error { return &Error{sentinel, "party " + string(p.ID), why} }
	if r.RequireIdentified && a != ActHold && !p.IdentifiedOn(on) {
		return refuse(ErrNotVerified, "is not identified on "+on.String())
	}
	if a != ActBid {
		return nil
	}
	if _, ok := p.CategoryOn(on); !ok && (r.RequireCategory || p.Category.Name != "") {
		return refuse(ErrNotVerified, "has no category on "+on.String())
	}
	if r.RequireAppropriate && !p.AppropriateOn(on) {
		return refuse(ErrAppropriatenessMissing, "has passed no test that holds on "+on.String())
	}
	return nil
}

// May refuses an unknown party and one that may not do something today: because of its standing
// ([Party.May]), because the desk's [PartyRules] ask for more, or because a [Fence] keeps it. It is the one place where this is
// decided; satellites ask here too.
func (t *Tx) May(id PartyID, a Act) error {
	p, err := t.party(id)
	if err != nil {
		return err
	}
	if err := p.May(a, t.On); err != nil {
		return err
	}
	if err := t.desk.cfg.Parties.meets(p, a, t.On); err != nil {
		return err
	}
	return t.unfenced(id, a)
}

// MayLend refuses a lender that may not bid, and an amount, in minor units of the loan's currency,
// that would take it beyond the limits of its category or a [Line].
func (t *Tx) MayLend(id PartyID, l *Loan, minor int64) error {
	if err := t.May(id, ActBid); err != nil {
		return err
	}
	p, err := t.party(id)
	if err != nil {
		return err
	}
	if err := t.within(p, l, minor); err != nil {
		return err
	}
	return t.bears(id, l, minor)
}
