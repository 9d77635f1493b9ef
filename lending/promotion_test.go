package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// redPacket pays 10 yuan on a claim of 400 or more; raise, 2% a year more for two instalments.
func redPacket(on civil.Date, c money.Currency) lending.PromotionTerms {
	return lending.PromotionTerms{ID: "red", Kind: lending.CashCoupon, Currency: c, Budget: 3_500, From: on,
		Until: on.AddDays(60), Days: 20, MinBid: 40_000, Amount: 1_000}
}

func cashBack(on civil.Date, c money.Currency) lending.PromotionTerms {
	return lending.PromotionTerms{ID: "back", Kind: lending.CashBack, Currency: c, Budget: 10_000, From: on,
		Until: on.AddDays(60), PPM: 3_333, Min: 100, Max: 500}
}

func raise(on civil.Date, c money.Currency) lending.PromotionTerms {
	return lending.PromotionTerms{ID: "raise", Kind: lending.RateCoupon, Currency: c, Budget: 10_000, From: on,
		Until: on.AddDays(60), Max: 500, Rate: schedule.MustRate("2% per year"), Instalments: 2}
}

func trial(on civil.Date, c money.Currency) lending.PromotionTerms {
	return lending.PromotionTerms{ID: "trial", Kind: lending.TrialMoney, Currency: c, Budget: 10_000, From: on,
		Until: on.AddDays(60), Amount: 30_000, Max: 400, BoostDays: 40}
}

// promoting is a world with ann, bob and eve, in which a promotion runs.
func promoting(t require.TestingT, terms ...lending.PromotionTerms) *world {
	w := newWorld(t, lending.Config{}).with("ann", "bob", "eve")
	for _, p := range terms {
		do(w, officer, lending.DefinePromotion{Terms: p})
	}
	return w
}

func (w *world) issue(promotion lending.Code, p lending.PartyID) lending.CouponID {
	return do(w, officer, lending.IssueCoupon{Promotion: promotion, Party: p}).Coupon
}

// bidWith has bob bid 600 of a loan of 900, with a coupon, and eve the rest.
func (w *world) bidWith(c lending.CouponID) lending.LoanID {
	id := w.open(standard(), 90_000, 3, "12% per year")
	w.deposit("bob", amt(60_000, cny))
	w.deposit("eve", amt(30_000, cny))
	bid := do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(60_000, cny)}).Bid
	do(w, party("bob"), lending.UseCoupon{Coupon: c, Loan: id, Bid: bid})
	do(w, party("eve"), lending.PlaceBid{Loan: id, Amount: amt(30_000, cny)})
	return id
}

func (w *world) payOut(id lending.LoanID) {
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
}

func (w *world) coupons(p lending.PartyID) []lending.Coupon {
	s, err := w.desk.Coupons(context.Background(), p)
	require.NoError(w.t, err)
	return s.List
}

func (w *world) promotion(id lending.Code) *lending.Promotion {
	p, _, err := lending.View(context.Background(), w.desk, lending.PromotionRef(id))
	require.NoError(w.t, err)
	return p
}

// A cash coupon pays when the loan is paid out, out of what the platform paid in, and is an expense.
func TestCashCoupon(t *testing.T) {
	w := promoting(t, redPacket(civil.MustParse("2026-01-31"), cny))
	do(w, bank, lending.TopUp{Amount: amt(5_000, cny)})
	id := w.bidWith(w.issue("red", "bob"))
	w.dayEnd()
	require.Zero(t, w.wallet("bob", cny).Available, "the loan is not paid out")
	require.EqualValues(t, 60_000, w.wallet("bob", cny).Held[ledger.Ref(id)], "the bid is the lender's own money")
	w.payOut(id)
	w.day = w.day.AddDays(1)
	w.dayEnd()
	require.EqualValues(t, 1_000, w.wallet("bob", cny).Available)
	require.Empty(t, w.coupons("bob"))
	require.Equal(t, int64(1_000), w.promotion("red").Paid)
	require.Zero(t, w.promotion("red").Reserved)
	r := w.reports()
	require.Equal(t, []lending.ExpenseLine{{What: "promotion-red", Amount: amt(1_000, cny)}}, r.Expenses(cny))
	require.EqualValues(t, -1_000, r.Ledger().Balance(ledger.OwnBank(), cny))
	require.EqualValues(t, -4_000, r.Ledger().Balance(ledger.TopupDue(), cny))
	require.Equal(t, amt(1_000, cny), r.Portfolio("bob", cny).Promotions)
	require.ErrorIs(t, try(w, officer, lending.SettleCoupon{Party: "bob"}), lending.ErrUnknown)
}

// Where the custodian keeps sub-accounts, it moves what a coupon pays from the platform's to the lender's.
func TestCashCouponInASubAccount(t *testing.T) {
	w := newWorld(t, lending.Config{Custody: lending.PerUser}).with("ann", "bob", "eve")
	do(w, officer, lending.DefinePromotion{Terms: redPacket(w.day, cny)})
	do(w, bank, lending.TopUp{Amount: amt(1_500, cny)})
	w.payOut(w.bidWith(w.issue("red", "bob")))
	w.quiesce()
	w.dayEnd()
	require.EqualValues(t, 1_000, w.wallet("bob", cny).Available)
	require.EqualValues(t, 1_000, w.bank.Sub(freeOf("bob"), cny))
	require.EqualValues(t, 500, w.bank.Sub(fees, cny))
	w.reports()
}

// What is earned while the platform has too little at the custodian waits, seen, and is paid later.
func TestCouponWaitsForThePlatformsMoney(t *testing.T) {
	w := promoting(t, cashBack(civil.MustParse("2026-01-31"), cny))
	w.payOut(w.bidWith(w.issue("back", "bob")))
	do(w, bank, lending.TopUp{Amount: amt(198, cny)})
	for range 3 {
		w.dayEnd()
		w.day = w.day.AddDays(1)
	}
	require.Zero(t, w.wallet("bob", cny).Available)
	require.EqualValues(t, 199, w.coupons("bob")[0].Due(), "600 x 0.3333%, rounded down")
	line := w.reports().Promotions(cny)[0]
	require.Equal(t, lending.PromotionLine{Promotion: "back", Kind: lending.CashBack, Budget: amt(10_000, cny),
		Reserved: amt(500, cny), Paid: amt(0, cny), Waiting: amt(199, cny), Coupons: 1}, line)
	require.ErrorIs(t, try(w, officer, lending.CloseParty{Party: "bob"}), lending.ErrState)
	do(w, bank, lending.TopUp{Amount: amt(1, cny)})
	w.dayEnd()
	require.EqualValues(t, 199, w.wallet("bob", cny).Available)
	require.Equal(t, lending.Promotion{Terms: cashBack(civil.MustParse("2026-01-31"), cny), Paid: 199}, *w.promotion("back"))
	w.reports()
}

// What was paid in is used first, then fees due; a sweep finds the less.
func TestCouponIsPaidOutOfFees(t *testing.T) {
	w := promoting(t, redPacket(civil.MustParse("2026-01-31"), cny))
	id := w.lent(rich(), 90_000, 3, "12% per year", "eve") // 27.00 of fees
	w.payOut(w.bidWith(w.issue("red", "bob")))
	do(w, bank, lending.TopUp{Amount: amt(300, cny)})
	w.dayEnd()
	require.EqualValues(t, 1_000, w.wallet("bob", cny).Available)
	books := w.reports().Ledger()
	require.Zero(t, books.Balance(ledger.TopupDue(), cny))
	require.EqualValues(t, -300, books.Balance(ledger.OwnBank(), cny))
	require.EqualValues(t, 2_000, books.Balance(ledger.FeesRcv(), cny))
	require.ErrorIs(t, try(w, cashier, lending.SweepFees{Amount: amt(2_001, cny)}), lending.ErrFunds)
	do(w, cashier, lending.SweepFees{Amount: amt(2_000, cny)})
	require.Equal(t, lending.StateActive, w.loan(id).State)
}

// Fees due are not free while the platform owes the client account.
func TestCouponIsNotPaidOutOfWhatIsOwed(t *testing.T) {
	w := promoting(t, redPacket(civil.MustParse("2026-01-31"), cny))
	w.lent(rich(), 90_000, 3, "12% per year", "eve") // 27.00 of fees
	w.register("dan")
	gone := do(w, bank, lending.Deposit{Party: "dan", Amount: amt(1_701, cny)}).Payment
	do(w, party("dan"), lending.Withdraw{Amount: amt(1_701, cny)})
	w.deliver()
	do(w, bank, lending.ReverseDeposit{Payment: gone})
	w.payOut(w.bidWith(w.issue("red", "bob")))
	w.dayEnd()
	require.Zero(t, w.wallet("bob", cny).Available, "27.00 due, 17.01 owed")
	do(w, bank, lending.TopUp{Amount: amt(1, cny)})
	w.day = w.day.AddDays(1)
	w.dayEnd()
	require.EqualValues(t, 1_000, w.wallet("bob", cny).Available)
	w.reports()
}

// A coupon whose tender fails, or whose bid is withdrawn, goes back, and expires on its day.
func TestCouponGoesBackAndExpires(t *testing.T) {
	w := promoting(t, redPacket(civil.MustParse("2026-01-31"), cny))
	c := w.issue("red", "bob")
	id := w.bidWith(c)
	do(w, officer, lending.CancelTender{Loan: id, Reason: "r"})
	w.dayEnd()
	k := w.coupons("bob")[0]
	require.Equal(t, lending.CouponOpen, k.State)
	require.Equal(t, "2026-02-20", k.Until.String())
	id = w.bidWith(c)
	w.day = k.Until
	w.dayEnd()
	require.Equal(t, lending.CouponUsed, w.coupons("bob")[0].State)
	w.day = w.day.AddDays(1)
	do(w, officer, lending.CancelTender{Loan: id, Reason: "r"})
	w.dayEnd()
	require.Empty(t, w.coupons("bob"), "its last day has passed")
	require.Zero(t, w.promotion("red").Reserved)

	w.issue("red", "bob")
	w.day = w.day.AddDays(20)
	w.dayEnd()
	require.Len(t, w.coupons("bob"), 1)
	w.day = w.day.AddDays(1)
	w.dayEnd()
	require.Empty(t, w.coupons("bob"))
	require.Zero(t, w.promotion("red").Reserved)
	w.reports()
}

// What is taken of a bid must be as much as the coupon asks for.
func TestCouponOfABidThatIsCut(t *testing.T) {
	w := promoting(t, redPacket(civil.MustParse("2026-01-31"), cny))
	p := tendered(lending.ProRata)
	p.Tender.EarlyClose = true
	id := w.open(p, 90_000, 3, "12% per year")
	bid := w.bidOf("bob", id, 60_000)
	w.bidOf("eve", id, 90_000)
	c := w.issue("red", "bob")
	do(w, party("bob"), lending.UseCoupon{Coupon: c, Loan: id, Bid: bid})
	do(w, officer, lending.CloseTender{Loan: id})
	w.dayEnd()
	require.EqualValues(t, 36_000, w.loan(id).Bids[bid-1].Amount)
	require.Equal(t, lending.CouponOpen, w.coupons("bob")[0].State)
	w.payOut(id)
	w.dayEnd()
	require.Zero(t, w.promotion("red").Paid)
}

// The budget is never exceeded, and is given back by what ends.
func TestBudget(t *testing.T) {
	w := promoting(t, redPacket(civil.MustParse("2026-01-31"), cny))
	issue := lending.IssueCoupon{Promotion: "red", Party: "eve"}
	for range 3 {
		do(w, officer, issue)
	}
	require.ErrorIs(t, try(w, officer, issue), lending.ErrLimit)
	less := redPacket(w.day, cny)
	less.Budget = 2_999
	require.ErrorIs(t, try(w, officer, lending.DefinePromotion{Terms: less}), lending.ErrLimit)
	less.Budget, less.Amount = 3_001, 1
	do(w, officer, lending.DefinePromotion{Terms: less})
	do(w, officer, issue)
	require.ErrorIs(t, try(w, officer, issue), lending.ErrLimit)
	require.EqualValues(t, 1_000, w.coupons("eve")[0].Terms.Amount, "as it was issued")
	w.day = w.day.AddDays(21)
	w.dayEnd()
	require.Zero(t, w.promotion("red").Reserved)
	do(w, officer, issue)
	w.reports()
}

// What promotions and coupons refuse.
func TestPromotionRefuses(t *testing.T) {
	w := promoting(t)
	terms := redPacket(w.day, cny)
	define := func(p lending.PromotionTerms) error { return try(w, officer, lending.DefinePromotion{Terms: p}) }
	for name, change := range map[string]func(*lending.PromotionTerms){
		"id":       func(p *lending.PromotionTerms) { p.ID = "x y" },
		"long":     func(p *lending.PromotionTerms) { p.ID = lending.Code(make([]byte, 51)) },
		"kind":     func(p *lending.PromotionTerms) { p.Kind = 5 },
		"currency": func(p *lending.PromotionTerms) { p.Currency = money.Currency{} },
		"from":     func(p *lending.PromotionTerms) { p.From = civil.Date{} },
		"until":    func(p *lending.PromotionTerms) { p.Until = p.From.AddDays(-1) },
		"days":     func(p *lending.PromotionTerms) { p.Days = -1 },
		"budget":   func(p *lending.PromotionTerms) { p.Budget = 999 },
		"amount":   func(p *lending.PromotionTerms) { p.Amount = 0 },
		"least":    func(p *lending.PromotionTerms) { p.MinBid = 999 },
		"share":    func(p *lending.PromotionTerms) { p.PPM = 1 },
		"most":     func(p *lending.PromotionTerms) { p.Max = 1_000 },
		"rate":     func(p *lending.PromotionTerms) { p.Rate = schedule.MustRate("1% per year") },
		"time":     func(p *lending.PromotionTerms) { p.BoostDays = 1 },
		"products": func(p *lending.PromotionTerms) { p.Products = make([]lending.ProductID, 101) },
		"product":  func(p *lending.PromotionTerms) { p.Products = []lending.ProductID{""} },
		"back":     func(p *lending.PromotionTerms) { *p = cashBack(w.day, cny); p.PPM = 0 },
		"minimum":  func(p *lending.PromotionTerms) { *p = cashBack(w.day, cny); p.Min = p.Max + 1 },
		"no rate":  func(p *lending.PromotionTerms) { *p = raise(w.day, cny); p.Rate = schedule.Rate{} },
		"no cap":   func(p *lending.PromotionTerms) { *p = raise(w.day, cny); p.Max = 0 },
		"virtual":  func(p *lending.PromotionTerms) { *p = trial(w.day, cny); p.Amount = 0 },
	} {
		p := terms
		change(&p)
		require.Equal(t, lending.ClassInvalid, lending.ClassOf(define(p)), name)
	}
	require.ErrorIs(t, try(w, chief, lending.DefinePromotion{Terms: terms}), lending.ErrSecond)
	require.NoError(t, define(terms))
	for _, p := range []lending.PromotionTerms{redPacket(w.day, money.MustCurrency("JPY")), cashBack(w.day, cny)} {
		p.ID = "red"
		require.ErrorIs(t, define(p), lending.ErrTerms)
	}
	issue := func(a lending.Actor, promotion lending.Code, p lending.PartyID) error {
		return try(w, a, lending.IssueCoupon{Promotion: promotion, Party: p})
	}
	require.ErrorIs(t, issue(officer, "red", "zed"), lending.ErrUnknown)
	require.ErrorIs(t, issue(officer, "blue", "bob"), lending.ErrUnknown)
	require.ErrorIs(t, issue(officer, "x y", "bob"), lending.ErrID)
	require.ErrorIs(t, issue(lending.Actor{ID: "bob", Role: lending.RoleOfficer}, "red", "bob"), lending.ErrActor)
	require.ErrorIs(t, issue(party("bob"), "red", "bob"), lending.ErrActor)
	w.day = terms.Until.AddDays(1)
	require.ErrorIs(t, issue(officer, "red", "bob"), lending.ErrDate)
	w.day = terms.From.AddDays(-1)
	require.ErrorIs(t, issue(officer, "red", "bob"), lending.ErrDate)
}

func TestUseCouponRefuses(t *testing.T) {
	on := civil.MustParse("2026-01-31")
	other, yen, month := redPacket(on, cny), redPacket(on, money.MustCurrency("JPY")), raise(on, cny)
	other.ID, other.Products = "other", []lending.ProductID{"some", "rich"}
	yen.ID, month.ID, month.Rate = "yen", "month", schedule.MustRate("1% per period")
	w := promoting(t, redPacket(on, cny), other, yen, month)
	c := w.issue("red", "bob")
	use := func(c lending.CouponID, loan lending.LoanID, bid int) error {
		return try(w, party("bob"), lending.UseCoupon{Coupon: c, Loan: loan, Bid: bid})
	}
	id := w.open(standard(), 150_000, 3, "12% per year")
	w.deposit("bob", amt(200_000, cny))
	w.deposit("eve", amt(200_000, cny))
	place := func(p lending.PartyID, minor int64) int {
		return do(w, party(p), lending.PlaceBid{Loan: id, Amount: amt(minor, cny)}).Bid
	}
	mine, small, hers := place("bob", 60_000), place("bob", 30_000), place("eve", 50_000)
	require.ErrorIs(t, use(c, id, small), lending.ErrCoupon)
	require.ErrorIs(t, use(c, id, hers), lending.ErrUnknown)
	require.ErrorIs(t, use(c, id, 0), lending.ErrUnknown)
	require.ErrorIs(t, use(c, id, 99), lending.ErrUnknown)
	require.ErrorIs(t, use(c, "L9", 1), lending.ErrUnknown)
	require.ErrorIs(t, use(c, "x y", 1), lending.ErrID)
	require.ErrorIs(t, use("V-none", id, mine), lending.ErrUnknown)
	for _, p := range []lending.Code{"other", "yen", "month"} {
		require.ErrorIs(t, use(w.issue(p, "bob"), id, mine), lending.ErrCoupon, p)
	}
	do(w, officer, lending.Freeze{Party: "bob"})
	require.ErrorIs(t, use(c, id, mine), lending.ErrState)
	do(w, officer, lending.Freeze{Party: "bob", Lift: true})
	require.ErrorIs(t, try(w, party("bob"), lending.SettleCoupon{Party: "bob", Coupon: c}), lending.ErrState, "still good")
	require.ErrorIs(t, try(w, party("eve"), lending.SettleCoupon{Party: "bob", Coupon: c}), lending.ErrActor)
	require.NoError(t, use(c, id, mine))
	require.ErrorIs(t, use(c, id, mine), lending.ErrState, "used")
	require.ErrorIs(t, use(w.issue("red", "bob"), id, mine), lending.ErrCoupon, "one for a bid")
	late := w.issue("red", "bob")
	w.day = w.day.AddDays(21)
	require.ErrorIs(t, use(late, id, mine), lending.ErrExpired)
	w.day = w.day.AddDays(-21)
	place("eve", 10_000)
	do(w, officer, lending.ReviewFunding{Loan: id})
	require.ErrorIs(t, use(late, id, mine), lending.ErrState, "the tender is over")
	w.reports()
}

// A command sent again under its key gives the same outcome and moves nothing a second time; a coupon
// that was spent cannot be settled or used again.
func TestCouponIsPaidOnce(t *testing.T) {
	w := promoting(t, redPacket(civil.MustParse("2026-01-31"), cny))
	do(w, bank, lending.TopUp{Amount: amt(5_000, cny)})
	c := w.issue("red", "bob")
	id := w.bidWith(c)
	w.payOut(id)
	settle, meta := lending.SettleCoupon{Party: "bob", Coupon: c}, w.meta(timer)
	first, err := lending.Do(context.Background(), w.desk, meta, settle)
	require.NoError(t, err)
	require.EqualValues(t, 1_000, first.Paid)
	records := w.feed()
	again, err := lending.Do(context.Background(), w.desk, meta, settle)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, records, w.feed())
	require.ErrorIs(t, try(w, timer, settle), lending.ErrUnknown)
	require.ErrorIs(t, try(w, party("bob"), lending.UseCoupon{Coupon: c, Loan: id, Bid: 1}), lending.ErrUnknown)
	w.reports()
}
