package lending_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// whole rounds a fraction towards zero.
func whole(x *big.Rat) *big.Rat { return new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom())) }

func ratio(a, b int64) *big.Rat { return big.NewRat(a, b) }

// boostOracle figures a coupon by fractions and day by day: each day of an instalment has its part of the
// interest that came in for it, and counts while the boost lasts. Instalments are those of the plan as it
// was lent.
func boostOracle(p lending.PromotionTerms, l *lending.Loan, claim int64, from civil.Date, lent []lending.Due) int64 {
	received, day := new(big.Rat), from
	for i := range l.Dues {
		if n := p.Instalments; n > 0 && n < len(lent) && l.Dues[i].Date.After(lent[n-1].Date) {
			break
		}
		got, days, within := l.Dues[i].Paid[lending.Interest], l.Dues[i].Date.Sub(day), 0
		for ; day.Before(l.Dues[i].Date); day = day.AddDays(1) {
			if p.BoostDays == 0 || day.Sub(from) < p.BoostDays {
				within++
			}
		}
		if days > 0 { // a prepayment on a due date has none
			received.Add(received, whole(ratio(got*int64(within), int64(days))))
		}
	}
	rate := ratio(p.Rate.Pico(), l.Rate.Pico())
	if p.Kind == lending.TrialMoney {
		claim, rate = min(p.Amount, l.Amount.Minor()), ratio(1, 1)
	}
	base := whole(new(big.Rat).Mul(received, ratio(claim, l.Amount.Minor())))
	earned := whole(base.Mul(base, rate))
	return min(earned.Num().Int64(), p.Max)
}

// What a boost has earned at every step is what the oracle says, or what was paid before; what is paid
// goes to the wallet, never beyond its most or the budget.
func TestBoostAgreesWithOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		on := civil.MustParse("2026-01-31")
		terms := rapid.SampledFrom([]lending.PromotionTerms{raise(on, cny), trial(on, cny)}).Draw(t, "terms")
		terms.Instalments = rapid.IntRange(0, 4).Draw(t, "instalments")
		terms.BoostDays = rapid.SampledFrom([]int{0, 1, 28, 45, 100}).Draw(t, "days")
		terms.Max = rapid.Int64Range(1, 3_000).Draw(t, "most")
		if terms.Kind == lending.RateCoupon {
			terms.Rate = rapid.SampledFrom([]schedule.Rate{schedule.MustRate("0.5% per year"),
				schedule.MustRate("1.0000000001% per year"), schedule.MustRate("24% per year")}).Draw(t, "rate")
		}
		w := promoting(t, terms)
		do(w, bank, lending.TopUp{Amount: amt(10_000, cny)})
		product := standard()
		product.Method = rapid.SampledFrom([]schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal,
			schedule.MethodInterestOnly, schedule.MethodBullet}).Draw(t, "method")
		amount := rapid.Int64Range(20_000, 900_000).Draw(t, "amount")
		claim := rapid.Int64Range(10_000, amount).Draw(t, "claim")
		id := w.open(product, amount, 4, rapid.SampledFrom([]string{"0.7% per year", "12% per year", "35.9% per year"}).Draw(t, "own"))
		bid := w.bidOf("bob", id, claim)
		if claim < amount {
			w.deposit("eve", amt(amount, cny))
			if rest := amount - claim; rest > 0 && try(w, party("eve"), lending.PlaceBid{Loan: id, Amount: amt(rest, cny)}) != nil {
				t.Skip("too little is left for a bid")
			}
		}
		coupon := w.issue(terms.ID, "bob")
		do(w, party("bob"), lending.UseCoupon{Coupon: coupon, Loan: id, Bid: bid})
		w.payOut(id)
		w.deposit("ann", amt(10*amount, cny))
		start, paid, lent := w.day, int64(0), w.loan(id).Dues
		for range 12 {
			w.day = w.day.AddDays(rapid.IntRange(0, 40).Draw(t, "later"))
			switch l := w.loan(id); rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				_ = try(w, party("ann"), lending.PayOff{Loan: id})
			case 1:
				_ = try(w, officer, lending.ReversePayment{Loan: id, Payment: l.Payments, Reason: "r"})
			case 2:
				_ = try(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(rapid.Int64Range(1, amount/2).Draw(t, "prepay"), cny)})
			default:
				_ = try(w, party("ann"), lending.Repay{Loan: id, Amount: amt(rapid.Int64Range(1, amount/2).Draw(t, "pay"), cny)})
			}
			w.deliver()
			if len(w.coupons("bob")) == 0 {
				break
			}
			has := w.wallet("bob", cny).Available
			ev := do(w, timer, lending.SettleCoupon{Party: "bob"})
			want := max(paid, boostOracle(terms, w.loan(id), claim, start, lent))
			require.Equal(t, want, ev.Earned)
			require.Equal(t, want-paid, ev.Paid)
			require.Equal(t, has+ev.Paid, w.wallet("bob", cny).Available)
			paid = want
			require.Equal(t, paid, w.promotion(terms.ID).Paid)
			w.reports()
		}
	})
}

// bidOf has a party bid on a loan.
func (w *world) bidOf(p lending.PartyID, id lending.LoanID, minor int64) int {
	w.deposit(p, amt(minor, cny))
	return do(w, party(p), lending.PlaceBid{Loan: id, Amount: amt(minor, cny)}).Bid
}

// boosted is a loan of 900 at 12%, 600 of it bob's, paid out with a coupon of his.
func boosted(t require.TestingT, terms lending.PromotionTerms) (*world, lending.LoanID) {
	w := promoting(t, terms)
	do(w, bank, lending.TopUp{Amount: amt(10_000, cny)})
	id := w.bidWith(w.issue(terms.ID, "bob"))
	w.payOut(id)
	w.deposit("ann", amt(200_000, cny))
	return w, id
}

// paysDue pays what is due on an instalment's day and ends the day; it returns what promotions have paid bob.
func (w *world) paysDue(id lending.LoanID, i int) string {
	l := w.loan(id)
	w.day = l.Dues[i].Date
	if u := l.Dues[i].Unpaid(); l.State == lending.StateActive && u.Total() > 0 {
		do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(u.Total(), cny)})
		w.deliver()
	}
	w.dayEnd()
	return fmt.Sprint(w.reports().Portfolio("bob", cny).Promotions.Minor())
}

// 900 at 12% bears 9.00 a month: 6.00 of it bob's, and 1.00 more by a coupon of 2%.
func TestRateCoupon(t *testing.T) {
	w, id := boosted(t, raise(civil.MustParse("2026-01-31"), cny))
	require.Equal(t, "100", w.paysDue(id, 0))
	require.EqualValues(t, 600, w.coupons("bob")[0].Base)
	l := w.loan(id)
	all := (l.Dues[0].Paid[lending.Interest] + l.Dues[1].Owed[lending.Interest]) * 2 / 3 / 6
	require.Equal(t, fmt.Sprint(all), w.paysDue(id, 1))
	require.Empty(t, w.coupons("bob"), "two instalments bear it")
	require.Equal(t, fmt.Sprint(all), w.paysDue(id, 2))
	require.Zero(t, w.promotion("raise").Reserved)
}

// A coupon of 2% on 600 earns 1.00 a month, whatever the rate of the loan comes to be, and in two periods
// of the contract twice as much, however many instalments there are in them.
func TestRateCouponOfNewPlans(t *testing.T) {
	at := func(rate string) lending.Restructure {
		return lending.Restructure{Reason: "agreed", Rate: schedule.MustRate(rate + "% per year")}
	}
	for name, tc := range map[string]struct {
		days  int // from one change to the next
		terms []lending.Restructure
		small int // prepayments, one a day
	}{
		"as lent": {}, "at once": {0, []lending.Restructure{at("6")}, 0}, "in a month": {45, []lending.Restructure{at("6")}, 0},
		"twice": {25, []lending.Restructure{at("6"), at("3")}, 0}, "longer": {10, []lending.Restructure{{Reason: "agreed", Periods: 9}}, 0},
		"up": {33, []lending.Restructure{at("4"), at("24"), at("8")}, 0}, "prepaid": {0, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			terms := raise(civil.MustParse("2026-01-31"), cny)
			w := promoting(t, terms)
			do(w, bank, lending.TopUp{Amount: amt(10_000, cny)})
			p := standard()
			p.Method = schedule.MethodInterestOnly
			id := w.open(p, 90_000, 6, "12% per year")
			coupon := w.issue(terms.ID, "bob")
			do(w, party("bob"), lending.UseCoupon{Coupon: coupon, Loan: id, Bid: w.bidOf("bob", id, 60_000)})
			w.bidOf("eve", id, 30_000)
			w.payOut(id)
			w.deposit("ann", amt(200_000, cny))
			end := w.loan(id).Dues[3].Date
			for range tc.small {
				w.day = w.day.AddDays(1)
				do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(100, cny)})
				w.deliver()
			}
			changes := w.day.AddDays(tc.days)
			for w.day.Before(end) {
				if len(tc.terms) > 0 && w.day == changes {
					c := tc.terms[0]
					c.Loan, tc.terms, changes = id, tc.terms[1:], w.day.AddDays(tc.days)
					do(w, officer, c)
				}
				w.day = w.day.AddDays(1)
				if due, err := w.loan(id).DueOn(w.day); err == nil && due.Sign() > 0 {
					do(w, party("ann"), lending.Repay{Loan: id, Amount: due})
					w.deliver()
				}
				w.dayEnd()
			}
			require.InDelta(t, 200, w.reports().Portfolio("bob", cny).Promotions.Minor(), 8, "parts of months go by days")
		})
	}
}

// Days within the first instalment count for their part.
func TestTrialMoney(t *testing.T) {
	p := trial(civil.MustParse("2026-01-31"), cny)
	p.BoostDays = 7
	w, id := boosted(t, p)
	require.Equal(t, "28", w.loan(id).Dues[0].Date.String()[8:])
	require.Equal(t, "75", w.paysDue(id, 0), "7 of 28 days of 9.00, on 300 of 900")
	require.Empty(t, w.coupons("bob"))
}

// An early payoff leaves what came in until then.
func TestBoostOfAnEarlyPayoff(t *testing.T) {
	w, id := boosted(t, raise(civil.MustParse("2026-01-31"), cny))
	w.day = w.day.AddDays(14)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	do(w, party("bob"), lending.SettleCoupon{Party: "bob"})
	got := w.loan(id).Received[lending.Interest]
	require.Less(t, got, int64(900))
	require.EqualValues(t, got*2/3/6, w.reports().Portfolio("bob", cny).Promotions.Minor())
	require.Empty(t, w.coupons("bob"))
}

// A reversal takes nothing back from the lender; what is earned anew is paid once.
func TestBoostOfAReversedPayment(t *testing.T) {
	w, id := boosted(t, raise(civil.MustParse("2026-01-31"), cny))
	require.Equal(t, "100", w.paysDue(id, 0))
	do(w, officer, lending.ReversePayment{Loan: id, Payment: 1, Reason: "r"})
	w.deliver()
	do(w, officer, lending.SettleCoupon{Party: "bob"})
	require.EqualValues(t, 100, w.coupons("bob")[0].Earned, "what was paid")
	require.Zero(t, w.coupons("bob")[0].Base)
	w.day = w.day.AddDays(1)
	require.Equal(t, "100", w.paysDue(id, 0), "paid anew")
	require.Greater(t, w.paysDue(id, 1), "150")
}

// A boost stops when its lender gives any of his claim away, and pays what it had earned.
func TestBoostStopsWithTheTransfer(t *testing.T) {
	p := raise(civil.MustParse("2026-01-31"), cny)
	p.Instalments = 0
	w, id := boosted(t, p)
	require.Equal(t, "100", w.paysDue(id, 0))
	l := w.loan(id)
	for i := range l.Lots {
		if l.Lots[i].Holder == "bob" {
			do(w, officer, sell{id, lending.Assignment{Lot: i, Units: 1, To: "eve"}})
		}
	}
	require.Equal(t, "100", w.paysDue(id, 1))
	require.Empty(t, w.coupons("bob"))
	require.Zero(t, w.promotion("raise").Reserved)
}
