package lending

import (
	"context"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// CouponID names a coupon.
type CouponID string

// CouponState is where a coupon stands in its life. Zero is unset.
type CouponState uint8

// States of a coupon.
const (
	CouponOpen    CouponState = iota + 1 // can be used
	CouponUsed                           // bound to a bid whose loan is not paid out yet
	CouponEarning                        // the loan is paid out: it pays, or waits for the platform's money
	CouponSpent                          // end: has paid what there was to pay
	CouponExpired                        // end: was not used in time
)

var couponNames = [...]string{"", "open", "used", "earning", "spent", "expired"}

// String returns the state's name.
func (s CouponState) String() string { return nameOf(couponNames[:], s, "coupon state") }

// MarshalText returns the state's name.
func (s CouponState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves s as it was.
func (s *CouponState) UnmarshalText(text []byte) error {
	return readName(s, couponNames[:], text, "coupon state")
}

// Ended reports whether nothing comes after the state.
func (s CouponState) Ended() bool { return s == CouponSpent || s == CouponExpired }

// Coupon is one lender's right to what a promotion pays (优惠券). Figures are minor units.
//
// Invariant: 0 <= Paid <= Earned <= the most that its terms pay.
type Coupon struct {
	ID     CouponID
	Terms  PromotionTerms // as they were when it was issued
	Until  civil.Date     // last day on which it can be used
	State  CouponState
	Loan   LoanID // on which it is used, and the number of the bid there
	Bid    int
	Base   int64      // what it was figured on last: the claim, or interest
	Earned int64      // in all
	Paid   int64      // of it
	Next   civil.Date // when it has work
}

// Due is what the platform owes on the coupon at present, in minor units.
func (k *Coupon) Due() int64 { return k.Earned - k.Paid }

// Coupons is the state of a lender's coupons: those that have not ended, in the order of their issue.
// One stream holds them, so that a bid has one coupon at most.
type Coupons struct{ List []Coupon }

// MaxCoupons bounds the coupons of one lender that have not ended.
const MaxCoupons = 200

// find returns a coupon that has not ended, nil for none.
func (s *Coupons) find(id CouponID) *Coupon {
	for i := range s.List {
		if s.List[i].ID == id {
			return &s.List[i]
		}
	}
	return nil
}

// first returns the coupon that has work first, nil for none.
func (s *Coupons) first() (first *Coupon) {
	for i := range s.List {
		if k := &s.List[i]; first == nil || k.Next.Before(first.Next) {
			first = k
		}
	}
	return first
}

// wake is the next date on which one of the coupons has work.
func (s *Coupons) wake() civil.Date {
	if k := s.first(); k != nil {
		return k.Next
	}
	return civil.Date{}
}

// CouponIssued is the outcome of [IssueCoupon].
type CouponIssued struct {
	Coupon CouponID
	Terms  PromotionTerms
	Until  civil.Date // last day on which it can be used
	By     ActorID
}

// Type implements event.Of.
func (CouponIssued) Type() string { return "issued" }

// Apply implements event.Of.
func (e CouponIssued) Apply(s *Coupons) {
	s.List = append(s.List, Coupon{ID: e.Coupon, Terms: e.Terms, Until: e.Until, State: CouponOpen,
		Next: e.Until.AddDays(1)})
}

// Code implements event.Coder.
func (e *CouponIssued) Code(c *event.Codec) {
	event.Text(c, &e.Coupon)
	e.Terms.code(c)
	c.Date(&e.Until)
	event.Text(c, &e.By)
}

// CouponBound is the outcome of [UseCoupon].
type CouponBound struct {
	Coupon CouponID
	Loan   LoanID
	Bid    int
	On     civil.Date
}

// Type implements event.Of.
func (CouponBound) Type() string { return "bound" }

// Apply implements event.Of.
func (e CouponBound) Apply(s *Coupons) {
	if k := s.find(e.Coupon); k != nil {
		k.State, k.Loan, k.Bid, k.Next = CouponUsed, e.Loan, e.Bid, e.On
	}
}

// Code implements event.Coder.
func (e *CouponBound) Code(c *event.Codec) {
	event.Text(c, &e.Coupon)
	event.Text(c, &e.Loan)
	c.Count(&e.Bid)
	c.Date(&e.On)
}

// CouponSettled is the outcome of [SettleCoupon]: where the coupon stands, and what was paid.
type CouponSettled struct {
	Coupon    CouponID
	Promotion Code
	State     CouponState // open again if nothing came of the bid
	Base      int64       // minor units of the claim, or of interest, on which Earned is figured
	Earned    int64       // in all, minor units
	Paid      int64       // by this event
	Next      civil.Date  // when the coupon has work next
}

// Type implements event.Of.
func (CouponSettled) Type() string { return "settled" }

// Apply implements event.Of.
func (e CouponSettled) Apply(s *Coupons) {
	k := s.find(e.Coupon)
	switch {
	case k == nil:
		return
	case e.State.Ended():
		kept := make([]Coupon, 0, len(s.List)-1)
		for i := range s.List {
			if s.List[i].ID != e.Coupon {
				kept = append(kept, s.List[i])
			}
		}
		s.List = kept
		return
	case e.State == CouponOpen:
		k.Loan, k.Bid = "", 0
	}
	k.State, k.Base, k.Earned, k.Next = e.State, e.Base, e.Earned, e.Next
	k.Paid += e.Paid
}

// Code implements event.Coder.
func (e *CouponSettled) Code(c *event.Codec) {
	event.Text(c, &e.Coupon)
	event.Text(c, &e.Promotion)
	event.Enum(c, &e.State)
	c.Int(&e.Base)
	c.Int(&e.Earned)
	c.Int(&e.Paid)
	c.Date(&e.Next)
}

var couponKind = event.NewKind("coupons", func(s *Coupons) civil.Date { return s.wake() },
	event.On[CouponIssued](), event.On[CouponBound](), event.On[CouponSettled]())

// CouponsRef refers to the stream of a lender's coupons.
func CouponsRef(p PartyID) event.Ref[Coupons] { return couponKind.Ref(string(p)) }

// Coupons returns a lender's coupons that have not ended. A party that was never given one has none.
func (d *Desk) Coupons(ctx context.Context, p PartyID) (*Coupons, error) {
	if err := checkID("party", p); err != nil {
		return nil, err
	}
	s, _, err := View(ctx, d, CouponsRef(p))
	return s, err
}
