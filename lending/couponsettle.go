package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// SettleCoupon brings a coupon up to date (结算): it expires, goes back to its lender when nothing came of
// the bid or what came of it is too small, and pays what it has earned. An empty id means the coupon
// that has work first. The desk sends it for every lender who has work, see [Desk.DayEnd]; a lender may send it
// for himself at any time.
//
// What is paid comes out of the platform's own money at the custodian, see [TopUp]: what it paid in beyond
// what it owed, then fees due to it. While that is not enough for all that a coupon has earned,
// nothing of it is paid; the coupon stays [CouponEarning] with [Coupon.Due] and is tried again every day. Given by
// a party, an officer or the system.
type SettleCoupon struct {
	Party  PartyID
	Coupon CouponID
}

// Home implements Command.
func (c SettleCoupon) Home(Meta) event.Ref[Coupons] { return CouponsRef(c.Party) }

// Allowed implements Command.
func (SettleCoupon) Allowed() []Role { return []Role{RoleParty, RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses a coupon that is open and can still be used.
func (c SettleCoupon) Decide(t *Tx, s *Coupons) (CouponSettled, error) {
	none := CouponSettled{}
	if err := t.self(c.Party); err != nil {
		return none, err
	}
	k := s.first()
	if c.Coupon != "" {
		k = s.find(c.Coupon)
	}
	if k == nil {
		return none, &Error{ErrUnknown, "coupon", "is none that the lender has"}
	}
	ev := CouponSettled{Coupon: k.ID, Promotion: k.Terms.ID, State: k.State, Base: k.Base, Earned: k.Earned}
	if k.State == CouponOpen {
		if !t.On.After(k.Until) {
			return none, &Error{ErrState, "coupon " + string(k.ID), "can be used until " + k.Until.String()}
		}
		ev.State = CouponExpired
		return ev, t.budget(k, &ev)
	}
	if err := t.Want(LoanRef(k.Loan).Stream(), PromotionRef(k.Terms.ID).Stream(),
		WalletRef(c.Party, k.Terms.Currency).Stream(), booksStream); err != nil {
		return none, err
	}
	l, err := event.Read(t.Tx, LoanRef(k.Loan))
	if err != nil {
		return none, err
	}
	k.follow(l, c.Party, t.On, &ev)
	if ev.State != CouponEarning {
		return ev, t.budget(k, &ev)
	}
	if err := t.reward(c.Party, k, &ev); err != nil {
		return none, err
	}
	paid := k.Paid+ev.Paid == ev.Earned
	switch {
	case !paid:
		ev.Next = t.On.AddDays(1)
	case k.over(l, c.Party, &ev):
		ev.State, ev.Next = CouponSpent, civil.Date{}
	default:
		ev.Next = l.nextDue(t.On)
	}
	return ev, t.budget(k, &ev)
}

// follow says where a coupon stands that was used on a loan, and what it has earned.
func (k *Coupon) follow(l *Loan, who PartyID, on civil.Date, ev *CouponSettled) {
	b := at(l.Bids, k.Bid-1)
	won := b.State.in() && b.Amount >= k.Terms.MinBid
	switch {
	case won && (l.State == StateActive || l.State == StateClosed || l.State == StateWrittenOff):
		ev.State = CouponEarning
		if !k.Terms.Kind.byInterest() {
			ev.Base, ev.Earned = b.Amount, k.Terms.cash(b.Amount)
		} else if l.keeps(who) {
			ev.Base, ev.Earned = k.Terms.boost(l, b.Amount)
			ev.Earned = max(ev.Earned, k.Paid)
		}
	case won && !l.State.Ended():
		ev.Next = on.AddDays(1)
	default: // it expires next, if its last day has passed
		ev.State, ev.Next = CouponOpen, k.Until.AddDays(1)
	}
}

// over reports whether a coupon that was paid what it has earned can earn no more.
func (k *Coupon) over(l *Loan, who PartyID, ev *CouponSettled) bool {
	return !k.Terms.Kind.byInterest() || l.State != StateActive || ev.Earned == k.Terms.most() ||
		!l.keeps(who) || k.Terms.borne(l)
}

// nextDue is the next due date after a day; a month of 30 days on when there is none, for what is late.
func (l *Loan) nextDue(on civil.Date) civil.Date {
	for i := range l.Dues {
		if d := l.Dues[i].Date; d.After(on) {
			return d
		}
	}
	return on.AddDays(30)
}

// budget changes what the promotion has set aside and paid by what a coupon was paid, and gives its
// budget back what a coupon that ended has left.
func (t *Tx) budget(k *Coupon, ev *CouponSettled) error {
	m := PromotionMoved{Reserved: -ev.Paid, Paid: ev.Paid}
	if ev.State.Ended() {
		m.Reserved = k.Paid - k.Terms.most()
	}
	if m == (PromotionMoved{}) {
		return nil
	}
	return event.Write(t.Tx, PromotionRef(k.Terms.ID), m)
}

// whyPromotion is the reason of entries that pay coupons.
const whyPromotion ledger.Why = "promotion"

// reward pays a lender what a coupon has earned beyond what it was paid, if the platform has so much at
// the custodian.
func (t *Tx) reward(who PartyID, k *Coupon, ev *CouponSettled) error {
	cur, owed := k.Terms.Currency, ev.Earned-k.Paid
	if owed == 0 {
		return nil
	}
	due, topup, err := t.lies(cur)
	if err != nil || owed > due-topup {
		return err
	}
	ahead := min(owed, max(0, -topup)) // of what was paid in ahead
	client := ledger.Entry{Book: ledger.Client, Why: whyPromotion, Currency: cur}
	client.Debit(ledger.TopupDue(), ahead)
	client.Debit(ledger.FeesDue(), owed-ahead)
	client.Credit(Avail(who), owed)
	own := ledger.Entry{Book: ledger.Platform, Why: whyPromotion, Currency: cur}
	own.Debit(k.Terms.account(), owed)
	own.Credit(ledger.OwnBank(), ahead)
	own.Credit(ledger.FeesRcv(), owed-ahead)
	ev.Paid = owed
	return t.postAll(client, own)
}

// cash is what a coupon pays at once on a claim: a fixed amount, or a part of the claim rounded down,
// within its bounds.
func (p *PromotionTerms) cash(claim int64) int64 {
	if p.Kind == CashCoupon {
		return p.Amount
	}
	part, err := money.MulDiv(claim, p.PPM, Million, money.Down)
	if err != nil {
		return p.Min
	}
	return min(max(part, p.Min), p.Max)
}
