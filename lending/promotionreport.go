package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// PromotionLine is how a promotion stands (营销费用).
type PromotionLine struct {
	Promotion Code
	Kind      PromotionKind
	Budget    money.Amount
	Reserved  money.Amount // the most that coupons may still pay, Waiting included
	Paid      money.Amount // the platform's expense
	Waiting   money.Amount // earned by lenders, and not paid for want of the platform's money: see [TopUp]
	Coupons   int          // that have not ended
}

// Promotions reports on the promotions in one currency, in the order of their ids.
func (r *Reports) Promotions(c money.Currency) (out []PromotionLine) {
	a := func(minor int64) money.Amount { return amount(minor, c) }
	live := r.liveCoupons()
	for _, id := range sortedKeys(r.records.promotions) {
		p := r.records.promotions[id]
		if p.Terms.Currency != c {
			continue
		}
		line := PromotionLine{id, p.Terms.Kind, a(p.Terms.Budget), a(p.Reserved), a(p.Paid), a(0), 0}
		if x := live[id]; x != nil {
			line.Waiting, line.Coupons = a(x.waiting), x.count
		}
		out = append(out, line)
	}
	return out
}

// live sums what the coupons of a promotion that have not ended may still pay, and owe.
type live struct {
	count            int
	reserve, waiting int64
}

func (r *Reports) liveCoupons() map[Code]*live {
	out := map[Code]*live{}
	for _, s := range r.records.coupons {
		for i := range s.List {
			k := &s.List[i]
			x := entry(out, k.Terms.ID)
			x.count++
			x.reserve += k.Terms.most() - k.Paid
			x.waiting += k.Due()
		}
	}
	return out
}

// coupon takes in a change of a lender's coupons.
func (r *Reports) coupon(p PartyID, rec event.Record) error {
	v, err := couponKind.Decode(rec)
	if err != nil || v == nil {
		return err
	}
	if e, ok := v.(CouponSettled); ok && e.Paid != 0 {
		cur := entry(r.records.promotions, e.Promotion).Terms.Currency
		entry(r.lenders, holding{p, cur}).promoted += e.Paid
	}
	v.(event.Of[Coupons]).Apply(entry(r.records.coupons, p))
	return nil
}

// checkPromotions verifies that no promotion goes beyond its budget, that what it has set aside is what
// its coupons may still pay, and that the ledger has what it has paid.
func (r *Reports) checkPromotions() error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%w: %s", ErrInvariant, fmt.Sprintf(format, args...)))
	}
	coupons := r.liveCoupons()
	for _, id := range sortedKeys(r.records.promotions) {
		p := r.records.promotions[id]
		if p.Paid < 0 || p.Reserved < 0 || p.Paid+p.Reserved > p.Terms.Budget {
			bad("promotion %s has paid %d and set aside %d of %d", id, p.Paid, p.Reserved, p.Terms.Budget)
		}
		if x := entry(coupons, id); x.reserve != p.Reserved {
			bad("promotion %s has set aside %d, its coupons %d", id, p.Reserved, x.reserve)
		}
		if x := r.ledger.Balance(p.Terms.account(), p.Terms.Currency); x < p.Paid {
			bad("promotion %s has paid %d and booked %d", id, p.Paid, x)
		}
	}
	return errors.Join(errs...)
}
