package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PromotionKind is what a promotion's coupons pay their lenders. Zero is unset.
type PromotionKind uint8

// Kinds of promotion.
const (
	CashCoupon PromotionKind = iota + 1 // a fixed amount when the loan is paid out (红包)
	CashBack                            // a part of the claim when the loan is paid out (返现券)
	RateCoupon                          // interest at an extra rate, as the loan's own comes in (加息券)
	TrialMoney                          // the loan's interest on principal that nobody lent (体验金)
)

var promotionNames = [...]string{"", "cash-coupon", "cash-back", "rate-coupon", "trial-money"}

// String returns the kind's name.
func (k PromotionKind) String() string { return nameOf(promotionNames[:], k, "promotion kind") }

// MarshalText returns the kind's name.
func (k PromotionKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves k as it was.
func (k *PromotionKind) UnmarshalText(text []byte) error {
	return readName(k, promotionNames[:], text, "promotion kind")
}

// byInterest reports whether coupons of the kind pay as interest comes in, and not once.
func (k PromotionKind) byInterest() bool { return k == RateCoupon || k == TrialMoney }

// PromotionTerms are the rules of a promotion (营销活动). Amounts are minor units of its currency. A
// coupon copies them when it is issued, so that changing a promotion changes no coupon.
type PromotionTerms struct {
	ID       Code // at most 50 bytes
	Kind     PromotionKind
	Currency money.Currency
	Budget   int64      // the most that all its coupons together pay; never exceeded
	From     civil.Date // first day on which coupons are issued
	Until    civil.Date // last one on which they are issued or used
	// Days is on how many days after its issue a coupon can be used, until Until at the latest; zero for
	// until then.
	Days     int
	Products []ProductID // whose loans it can be used on, at most 100; empty for all
	MinBid   int64       // least claim on which a coupon pays, and least bid for which it can be used

	Amount   int64 // of CashCoupon, what it pays; of TrialMoney, the principal whose interest it pays
	PPM      int64 // of CashBack: parts per million of the claim, rounded down
	Min, Max int64 // what one coupon pays at least (CashBack) and at most (all but CashCoupon)

	Rate        schedule.Rate `json:",omitzero"` // of RateCoupon, on the basis of the loan's own
	Instalments int           // so many instalments bear it at most; zero for all
	BoostDays   int           // so many days from the payout bear it at most; zero for all
}

// maxPromoted bounds the products of one promotion.
const maxPromoted = 100

// most is the most that one coupon pays: so much of the budget is set aside for it.
func (p *PromotionTerms) most() int64 {
	if p.Kind == CashCoupon {
		return p.Amount
	}
	return p.Max
}

// account is where what the promotion has paid stands as an expense.
func (p *PromotionTerms) account() ledger.Account {
	return ledger.Expense(ledger.Ref("promotion-" + p.ID))
}

// Validate reports every contradiction in the terms at once, each an [*Error].
func (p *PromotionTerms) Validate() error {
	errs := []error{checkID("promotion", p.ID)}
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "promotion " + string(p.ID), fmt.Sprintf(format, args...)})
		}
	}
	in := func(minor int64) bool { return minor >= 0 && minor <= MaxLoan }
	days := func(n int) bool { return n >= 0 && n <= maxDays }
	bad(len(p.ID) <= 50, "has an id of more than 50 bytes")
	bad(p.Kind >= CashCoupon && p.Kind <= TrialMoney, "has no kind")
	bad(!p.Currency.IsZero(), "names no currency")
	bad(!p.From.IsZero() && !p.Until.Before(p.From), "runs from %s until %s", p.From, p.Until)
	bad(days(p.Days), "gives %d days to use a coupon", p.Days)
	bad(days(p.BoostDays) && days(p.Instalments), "bears for %d instalments and %d days", p.Instalments, p.BoostDays)
	bad(len(p.Products) <= maxPromoted, "names %d products, at most %d", len(p.Products), maxPromoted)
	for _, id := range p.Products[:min(len(p.Products), maxPromoted)] {
		errs = append(errs, checkID("product", id))
	}
	bad(in(p.MinBid) && in(p.Amount) && in(p.Min) && in(p.Max) && p.PPM >= 0 && p.PPM <= Million,
		"has an amount or a share out of bounds")
	bad(p.most() > 0 && p.most() <= p.Budget && p.Budget <= money.MaxMinor,
		"pays up to %d a coupon out of a budget of %d", p.most(), p.Budget)
	return errors.Join(append(errs, p.checkKind())...)
}

// checkKind reports figures that the kind lacks or has no use for.
func (p *PromotionTerms) checkKind() error {
	var errs []error
	bad := func(ok bool, why string) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "promotion " + string(p.ID), why})
		}
	}
	k := p.Kind
	bad((p.Amount > 0) == (k == CashCoupon || k == TrialMoney),
		"has an amount exactly if it is a cash coupon or trial money")
	bad(k != CashCoupon || p.MinBid >= p.Amount, "pays a cash coupon on less than it is worth")
	bad(k == CashBack || p.PPM == 0 && p.Min == 0, "has a share or a least amount, which is for cash back")
	bad(k != CashBack || p.Min <= p.Max && (p.PPM > 0 || p.Min == p.Max),
		"pays no cash back, or less at most than at least")
	bad(k != CashCoupon || p.Max == 0, "has a most amount, which a cash coupon has not")
	bad((p.Rate.Pico() > 0) == (k == RateCoupon), "has a rate exactly if it is a rate coupon")
	bad(k.byInterest() || p.Instalments == 0 && p.BoostDays == 0,
		"bears for a time, which is for rate coupons and trial money")
	return errors.Join(errs...)
}

func (p *PromotionTerms) code(c *event.Codec) {
	event.Text(c, &p.ID)
	event.Enum(c, &p.Kind)
	c.Currency(&p.Currency)
	c.Int(&p.Budget)
	c.Date(&p.From)
	c.Date(&p.Until)
	c.Count(&p.Days)
	event.List(c, &p.Products, func(c *event.Codec, id *ProductID) { event.Text(c, id) })
	c.Int(&p.MinBid)
	c.Int(&p.Amount)
	c.Int(&p.PPM)
	c.Int(&p.Min)
	c.Int(&p.Max)
	codeRate(c, &p.Rate)
	c.Count(&p.Instalments)
	c.Count(&p.BoostDays)
}

// Promotion is the state of a promotion, in minor units.
//
// Invariant: neither Reserved nor Paid is below zero, and together they are within the budget.
type Promotion struct {
	Terms    PromotionTerms
	Reserved int64 // the most that coupons which have not ended may still pay
	Paid     int64 // what coupons have paid
}

// PromotionDefined is the outcome of [DefinePromotion].
type PromotionDefined struct {
	Terms        PromotionTerms
	By, Approver ActorID
}

// Type implements event.Of.
func (PromotionDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e PromotionDefined) Apply(p *Promotion) { p.Terms = e.Terms }

// Code implements event.Coder.
func (e *PromotionDefined) Code(c *event.Codec) {
	e.Terms.code(c)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// PromotionMoved changes what a promotion has set aside and paid.
type PromotionMoved struct{ Reserved, Paid int64 }

// Type implements event.Of.
func (PromotionMoved) Type() string { return "moved" }

// Apply implements event.Of.
func (e PromotionMoved) Apply(p *Promotion) {
	p.Reserved += e.Reserved
	p.Paid += e.Paid
}

// Code implements event.Coder.
func (e *PromotionMoved) Code(c *event.Codec) {
	c.Int(&e.Reserved)
	c.Int(&e.Paid)
}

var promotionKind = event.NewKind[Promotion]("promotion", nil, event.On[PromotionDefined](),
	event.On[PromotionMoved]())

// PromotionRef refers to a promotion's stream.
func PromotionRef(id Code) event.Ref[Promotion] { return promotionKind.Ref(string(id)) }

// DefinePromotion defines a promotion or replaces its terms for coupons issued later. Kind and currency
// are for ever. It needs an approver besides the actor. Given by an officer.
type DefinePromotion struct{ Terms PromotionTerms }

// Home implements Command.
func (c DefinePromotion) Home(Meta) event.Ref[Promotion] { return PromotionRef(c.Terms.ID) }

// Allowed implements Command.
func (DefinePromotion) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses terms that [PromotionTerms.Validate] does, and with [ErrLimit] a
// budget below what is set aside and paid.
func (c DefinePromotion) Decide(t *Tx, was *Promotion) (PromotionDefined, error) {
	none := PromotionDefined{}
	if err := errors.Join(t.second(), c.Terms.Validate()); err != nil {
		return none, err
	}
	what := "promotion " + string(c.Terms.ID)
	if was.Terms.ID != "" && (was.Terms.Currency != c.Terms.Currency || was.Terms.Kind != c.Terms.Kind) {
		return none, &Error{ErrTerms, what, "cannot change its kind or currency"}
	}
	if used := was.Reserved + was.Paid; c.Terms.Budget < used {
		return none, &Error{ErrLimit, what, fmt.Sprintf("has set aside and paid %d, more than a budget of %d",
			used, c.Terms.Budget)}
	}
	return PromotionDefined{c.Terms, t.Actor.ID, t.Approver.ID}, nil
}
