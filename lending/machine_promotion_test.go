package lending_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// promote runs promotions: defines them, gives coupons away, has lenders use and settle them, and the
// platform pay in for them, or not.
func (m *machine) promote(t *rapid.T) {
	kind := lending.PromotionKind(rapid.IntRange(1, 4).Draw(t, "kind"))
	c := draw(t, "currency", m.curs)
	id := m.promotions(c)[kind-1]
	switch p := m.party(t); rapid.IntRange(0, 5).Draw(t, "promote") {
	case 0:
		run(m, officer, lending.DefinePromotion{Terms: m.promotion(t, id, kind, c)})
	case 1:
		run(m, draw(t, "giver", []lending.Actor{officer, timer}), lending.IssueCoupon{Promotion: id, Party: p})
	case 2, 3:
		m.useCoupon(t, m.loan(t, lending.StateOpen, lending.StateFullyFunded, lending.StateOffered))
	case 4:
		m.settleCoupon(t, p)
	case 5:
		a := amt(minor(t, 300), c)
		if run(m, bank, lending.TopUp{Amount: a}) == nil {
			m.bank[c] += a.Minor()
		}
	}
}

// settleCoupon settles one that is used, if there is any.
func (m *machine) settleCoupon(t *rapid.T, p lending.PartyID) {
	c := lending.SettleCoupon{Party: p}
	for _, p := range m.parties {
		for _, k := range m.coupons(p) {
			if k.State != lending.CouponOpen && (c.Coupon == "" || rapid.Bool().Draw(t, "this")) {
				c.Party, c.Coupon = p, k.ID
			}
		}
	}
	run(m, draw(t, "settler", []lending.Actor{officer, timer, party(c.Party), party("ann")}), c)
}

// promotion draws terms, most of them sound.
func (m *machine) promotion(t *rapid.T, id lending.Code, k lending.PromotionKind, c money.Currency) lending.PromotionTerms {
	p := lending.PromotionTerms{ID: id, Kind: k, Currency: c, Budget: rapid.Int64Range(1, 3_000).Draw(t, "budget"),
		From: m.day, Until: m.day.AddDays(rapid.IntRange(0, 60).Draw(t, "until")),
		Days: rapid.IntRange(0, 9).Draw(t, "days"), MinBid: rapid.Int64Range(0, 3).Draw(t, "least")}
	most := rapid.Int64Range(1, 300).Draw(t, "most")
	switch k {
	case lending.CashCoupon:
		p.Amount, p.MinBid = most, most+p.MinBid
	case lending.CashBack:
		p.PPM, p.Min, p.Max = rapid.Int64Range(1, 100_000).Draw(t, "ppm"), most/9, most
	case lending.TrialMoney:
		p.Amount, p.Max = minor(t, 100_000), most
	case lending.RateCoupon:
		p.Max, p.Rate = most, schedule.MustRate(draw(t, "extra", []string{"1% per year", "23.9% per year"}))
	}
	if k == lending.RateCoupon || k == lending.TrialMoney {
		p.Instalments = rapid.IntRange(0, 3).Draw(t, "instalments")
		p.BoostDays = draw(t, "boost days", []int{0, 0, 10, 50})
	}
	return p
}

func (m *machine) coupons(p lending.PartyID) []lending.Coupon {
	s, err := m.desks[0].desk.Coupons(context.Background(), p)
	if err != nil {
		m.t.Fatal(err)
	}
	return slices.Clone(s.List)
}

// useCoupon has a lender use a coupon for a bid, mostly one that he has or is given.
func (m *machine) useCoupon(t *rapid.T, l *lending.Loan) {
	if l == nil || len(l.Bids) == 0 || rapid.Bool().Draw(t, "none") {
		return
	}
	n, p := rapid.IntRange(0, len(l.Bids)-1).Draw(t, "bid"), m.party(t)
	if rapid.IntRange(0, 5).Draw(t, "own") > 0 {
		p = l.Bids[n].Lender
	}
	fresh := rapid.Bool().Draw(t, "fresh")
	if list := m.coupons(p); len(list) == 0 || fresh {
		id := draw(t, "promotion", m.promotions(l.Currency()))
		run(m, officer, lending.IssueCoupon{Promotion: id, Party: p})
	}
	list := m.coupons(p)
	if len(list) == 0 {
		return
	}
	c := list[len(list)-1].ID
	if !fresh {
		c = draw(t, "coupon", list).ID
	}
	run(m, party(p), lending.UseCoupon{Coupon: c, Loan: l.ID, Bid: n + 1})
	if rapid.Bool().Draw(t, "settle") {
		m.settleCoupon(t, p)
	}
}

// promotions names those in a currency, one of each kind.
func (m *machine) promotions(c money.Currency) (ids []lending.Code) {
	for k := lending.CashCoupon; k <= lending.TrialMoney; k++ {
		ids = append(ids, lending.Code(fmt.Sprintf("%s-%s", k, c.Code())))
	}
	return ids
}

// definePromotions has a promotion of each kind run in every currency.
func (m *machine) definePromotions(t *rapid.T) {
	for _, c := range m.curs {
		for i, id := range m.promotions(c) {
			p := m.promotion(t, id, lending.CashCoupon+lending.PromotionKind(i), c)
			p.Budget, p.Until = p.Budget+300, m.day.AddDays(150)
			run(m, officer, lending.DefinePromotion{Terms: p})
		}
	}
}

// samePromotions holds two desks' promotions against each other, and what lenders were paid against the
// platform's expense.
func (m *machine) samePromotions(a, b *twin) {
	for _, c := range m.curs {
		lines := a.follow.Promotions(c)
		if diff := cmp.Diff(lines, b.follow.Promotions(c), exported); diff != "" {
			m.t.Fatal(diff)
		}
		var paid, got int64
		for _, l := range lines {
			paid += l.Paid.Minor()
			same(m.t, "booked by "+string(l.Promotion), l.Paid.Minor(),
				a.follow.Ledger().Balance(ledger.Expense(ledger.Ref("promotion-"+l.Promotion)), c))
		}
		for _, p := range slices.Concat(m.parties, guests) {
			got += a.follow.Portfolio(p, c).Promotions.Minor()
		}
		same(m.t, "paid by coupons in "+c.Code(), paid, got)
	}
}
