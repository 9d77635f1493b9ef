package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// IssueCoupon gives a lender a coupon of a promotion (发券). The most that it can pay is set aside in the
// promotion's budget until it has ended. Given by an officer or the system.
type IssueCoupon struct {
	Promotion Code
	Party     PartyID
}

// Home implements Command.
func (c IssueCoupon) Home(Meta) event.Ref[Coupons] { return CouponsRef(c.Party) }

// Allowed implements Command.
func (IssueCoupon) Allowed() []Role { return []Role{RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses an officer who gives himself one, a promotion that does not run
// ([ErrDate]), and what is beyond the promotion's budget or [MaxCoupons] ([ErrLimit]).
func (c IssueCoupon) Decide(t *Tx, s *Coupons) (CouponIssued, error) {
	none, what := CouponIssued{}, "promotion "+string(c.Promotion)
	if PartyID(t.Actor.ID) == c.Party {
		return none, &Error{ErrActor, "actor " + string(t.Actor.ID), "would give himself a coupon"}
	}
	if _, err := t.party(c.Party); err != nil {
		return none, err
	}
	if err := checkID("promotion", c.Promotion); err != nil {
		return none, err
	}
	p, err := event.Read(t.Tx, PromotionRef(c.Promotion))
	if err != nil {
		return none, err
	}
	terms := p.Terms
	switch {
	case terms.ID == "":
		return none, &Error{ErrUnknown, what, ""}
	case t.On.Before(terms.From) || t.On.After(terms.Until):
		return none, &Error{ErrDate, what, fmt.Sprintf("runs from %s until %s", terms.From, terms.Until)}
	case terms.most() > terms.Budget-p.Reserved-p.Paid:
		return none, &Error{ErrLimit, what, fmt.Sprintf("has %d of its budget left: a coupon may pay %d",
			terms.Budget-p.Reserved-p.Paid, terms.most())}
	case len(s.List) >= MaxCoupons:
		return none, &Error{ErrLimit, "party " + string(c.Party),
			fmt.Sprintf("has %d coupons, as many as it can", MaxCoupons)}
	}
	ev := CouponIssued{CouponID(idOf("V", t.Key)), terms, terms.Until, t.Actor.ID}
	ev.Terms.Products = slices.Clone(terms.Products)
	if last := t.On.AddDays(terms.Days); terms.Days > 0 && last.Before(ev.Until) {
		ev.Until = last
	}
	return ev, event.Write(t.Tx, PromotionRef(c.Promotion), PromotionMoved{Reserved: terms.most()})
}

// UseCoupon binds one of the actor's coupons to a bid of his (用券), from the bid until the funding
// review. A bid has one coupon at most. The whole bid stays on hold out of the lender's own money: what
// the coupon pays is the platform's until the loan is paid out, so that no tender depends on it. Given
// by a party.
type UseCoupon struct {
	Coupon CouponID
	Loan   LoanID
	Bid    int // its number in the loan, from 1
}

// Home implements Command.
func (c UseCoupon) Home(m Meta) event.Ref[Coupons] { return CouponsRef(PartyID(m.Actor.ID)) }

// Allowed implements Command.
func (UseCoupon) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a coupon that is used or out of date ([ErrExpired]), a bid that is
// not the lender's or holds nothing, and with [ErrCoupon] one that the coupon is not for.
func (c UseCoupon) Decide(t *Tx, s *Coupons) (CouponBound, error) {
	none, who := CouponBound{}, PartyID(t.Actor.ID)
	k := s.find(c.Coupon)
	if k == nil {
		return none, &Error{ErrUnknown, "coupon", "is none that the lender has"}
	}
	what := "coupon " + string(k.ID)
	if k.State != CouponOpen {
		return none, &Error{ErrState, what, "is " + k.State.String()}
	}
	if t.On.After(k.Until) {
		return none, &Error{ErrExpired, what, "could be used until " + k.Until.String()}
	}
	if err := checkID("loan", c.Loan); err != nil {
		return none, err
	}
	if err := t.May(who, ActBid); err != nil {
		return none, err
	}
	l, err := event.Read(t.Tx, LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	if err := l.in(c.Loan, tendered...); err != nil {
		return none, err
	}
	b := at(l.Bids, c.Bid-1)
	if b.Lender != who {
		return none, &Error{ErrUnknown, fmt.Sprintf("bid %d on loan %s", c.Bid, c.Loan), "is none of the lender's"}
	}
	if why := k.Terms.misfit(l, b); why != "" {
		return none, &Error{ErrCoupon, what, why}
	}
	for i := range s.List {
		if o := &s.List[i]; o.Loan == c.Loan && o.Bid == c.Bid {
			return none, &Error{ErrCoupon, what, "is the second for one bid: coupon " + string(o.ID) + " is used for it"}
		}
	}
	return CouponBound{k.ID, c.Loan, c.Bid, t.On}, nil
}

// misfit says why a coupon cannot be used for a bid, empty if it can.
func (p *PromotionTerms) misfit(l *Loan, b *Bid) string {
	switch {
	case p.Currency != l.Currency():
		return "is in " + p.Currency.String()
	case len(p.Products) > 0 && !slices.Contains(p.Products, l.Product.ID):
		return "is not for product " + string(l.Product.ID)
	case !b.State.in():
		return "is for a bid that holds something, and this is " + b.State.String()
	case b.Amount < p.MinBid:
		return "is for bids of " + amount(p.MinBid, p.Currency).String() + " or more"
	case p.Kind == RateCoupon && (l.Rate.Basis() != p.Rate.Basis() || l.Rate.Pico() == 0):
		return "has a rate that cannot be added to " + text(l.Rate)
	}
	return ""
}
