package transfer_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

var cny = money.MustCurrency("CNY")

func date(s string) civil.Date { return civil.MustParse(s) }

// claims are valid claims with rows at odd days, some past due.
func claims(t *rapid.T) transfer.Claim {
	c := transfer.Claim{On: date("2026-03-15"), Currency: cny}
	due, interest := c.On.AddDays(rapid.IntRange(-60, 40).Draw(t, "first")), int64(0)
	for range rapid.IntRange(1, 12).Draw(t, "rows") {
		r := transfer.Row{Due: due, Principal: rapid.Int64Range(1, 1e7).Draw(t, "principal"),
			Interest: rapid.Int64Range(0, 1e5).Draw(t, "interest")}
		c.Rows, interest = append(c.Rows, r), interest+r.Interest
		due = due.AddDays(rapid.SampledFrom([]int{1, 30, 31, 365, 730}).Draw(t, "gap"))
	}
	c.Accrued = rapid.Int64Range(0, interest).Draw(t, "accrued")
	return c
}

// holding is the claim as package schedule values it, which is the second opinion.
func holding(c transfer.Claim) (h schedule.Holding, atOnce int64) {
	h.On = c.On
	for _, r := range c.Rows {
		if !r.Due.After(c.On) {
			atOnce += r.Principal + r.Interest
			continue
		}
		amt, _ := money.New(r.Principal+r.Interest, cny)
		h.Flows = append(h.Flows, schedule.Flow{On: r.Due, Amount: amt})
	}
	return h, atOnce
}

func TestPriceAtYieldAgreesWithSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := claims(t)
		require.NoError(t, c.Check())
		y := transfer.Yield(rapid.Int64Range(-300_000, 3_000_000).Draw(t, "yield"))
		mode := rapid.SampledFrom([]money.Mode{money.HalfEven, money.Floor, money.Up}).Draw(t, "mode")
		got, err := c.PriceAtYield(y, mode)
		require.NoError(t, err)
		h, atOnce := holding(c)
		want, err := h.DirtyPrice(schedule.Yield(float64(y)/1e6), mode)
		require.NoError(t, err)
		off := 0.0
		for _, r := range c.Rows { // at whole years a decimal yield makes whole cents and ties, a float misses them
			if n := r.Due.Sub(c.On); n > 0 && n%365 == 0 {
				off = 1
			}
		}
		require.InDelta(t, want.Minor()+atOnce, got.Dirty(), off)
		require.Equal(t, c.Accrued, got.Accrued)
	})
}

// With rows at whole years the price is a fraction, and ties are ties: the oracle is exact.
func TestPriceAtYieldIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := transfer.Claim{On: date("2026-03-15"), Currency: cny}
		y := transfer.Yield(rapid.SampledFrom([]int64{-500_000, 0, 250_000, 600_000, 1_000_000, 31_000_000, 120_000}).
			Draw(t, "yield"))
		exact, year := new(big.Rat), big.NewRat(lending.Million, lending.Million+int64(y))
		worth := big.NewRat(1, 1)
		for k := range rapid.IntRange(1, 4).Draw(t, "years") {
			minor := rapid.Int64Range(1, 999).Draw(t, "minor")
			c.Rows = append(c.Rows, transfer.Row{Due: c.On.AddDays(365 * (k + 1)), Principal: minor})
			worth.Mul(worth, year)
			exact.Add(exact, new(big.Rat).Mul(worth, big.NewRat(minor, 1)))
		}
		for mode := money.HalfEven; mode.IsValid(); mode++ {
			got, err := c.PriceAtYield(y, mode)
			require.NoError(t, err)
			require.Equal(t, roundRat(t, exact, mode), got.Dirty(), "%v %v", exact, mode)
		}
	})
}

func roundRat(t require.TestingT, r *big.Rat, m money.Mode) int64 {
	v, err := money.MulDiv(r.Num().Int64(), 1, r.Denom().Int64(), m)
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		f := new(big.Int).Lsh(r.Num(), 40) // too long for MulDiv: near enough, and no tie is so long
		f.Quo(f, r.Denom()).SetBit(f, 0, 1)
		v, err = money.MulDiv(f.Int64(), 1, 1<<40, m)
	}
	require.NoError(t, err)
	return v
}

// A tie by hand: 4 at 60% in a year is 2.5.
func TestPriceAtYieldTies(t *testing.T) {
	c := transfer.Claim{On: date("2026-01-01"), Currency: cny,
		Rows: []transfer.Row{{Due: date("2027-01-01"), Principal: 4}}}
	for mode, want := range map[money.Mode]int64{money.HalfEven: 2, money.HalfUp: 3, money.HalfDown: 2} {
		got, err := c.PriceAtYield(600_000, mode)
		require.NoError(t, err)
		require.Equal(t, want, got.Dirty(), mode)
	}
}

// The yield found is the highest at which the claim is still worth the price, and is near XIRR.
func TestYieldAt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := claims(t)
		price := rapid.Int64Range(max(c.Fair()/2, 1), c.Fair()*2).Draw(t, "price")
		y, err := c.YieldAt(price)
		if err != nil {
			require.ErrorIs(t, err, transfer.ErrYield)
			return
		}
		at, err := c.PriceAtYield(y, money.Floor)
		require.NoError(t, err)
		require.GreaterOrEqual(t, at.Dirty(), price)
		if y < transfer.MaxYield {
			above, err := c.PriceAtYield(y+1, money.Ceiling)
			require.NoError(t, err)
			require.LessOrEqual(t, above.Dirty(), price)
			if exact, _ := c.PriceAtYield(y+1, money.Floor); exact == above { // a whole figure
				require.Less(t, above.Dirty(), price)
			}
		}
		h, atOnce := holding(c)
		if amt, _ := money.New(price-atOnce, cny); amt.Sign() > 0 {
			if found, err := h.YieldAt(amt); err == nil {
				require.InDelta(t, float64(found), float64(y)/1e6, 1.1e-6)
			}
		}
	})
}

func TestParYieldsTheRate(t *testing.T) {
	c := transfer.Claim{On: date("2026-01-01"), Currency: cny,
		Rows: []transfer.Row{{Due: date("2027-01-01"), Principal: 1_000_000, Interest: 120_000}}}
	par, err := c.PriceAt(lending.Million, money.HalfEven)
	require.NoError(t, err)
	require.Equal(t, transfer.Price{Clean: 1_000_000}, par)
	y, err := c.YieldAt(par.Dirty())
	require.NoError(t, err)
	require.Equal(t, transfer.Yield(120_000), y)
}

func TestOfPlan(t *testing.T) {
	amt, _ := money.New(1_200_000, cny)
	plan, err := schedule.Terms{Principal: amt, Rate: schedule.MustRate("12% per year"),
		Method: schedule.MethodEqualPrincipal, Periods: 12, Start: date("2026-01-01"), Every: schedule.Months(1),
		DayCount: daycount.Thirty360US, Accrual: schedule.AccrueByPeriod,
		Rounding: schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven}}.Plan()
	require.NoError(t, err)
	c, err := transfer.OfPlan(plan, lending.Span{From: 0, To: 4}, date("2026-02-16"))
	require.NoError(t, err)
	require.Len(t, c.Rows, 3) // the first is paid
	require.Equal(t, int64(300_000), c.Principal())
	require.Equal(t, int64(5_500), c.Accrued) // half of a month's 1% of 11,000.00
	whole, err := transfer.OfPlan(plan, lending.Span{}, date("2026-02-16"))
	require.NoError(t, err)
	require.Equal(t, plan.Payoff(date("2026-02-16")).Minor(), whole.Fair())
	_, err = transfer.OfPlan(plan, lending.Span{}, plan.Maturity())
	require.ErrorIs(t, err, transfer.ErrClaim)
	for _, s := range []lending.Span{{From: -1, To: 1}, {From: 3, To: 2}, {To: 13}} {
		_, err = transfer.OfPlan(plan, s, date("2026-01-01"))
		require.ErrorIs(t, err, transfer.ErrClaim)
	}
}

func TestBand(t *testing.T) {
	discount := transfer.Band{Min: 950_000, Max: lending.Million}
	for price, ok := range map[int64]bool{949: false, 950: true, 1000: true, 1001: false, -1: false} {
		require.Equal(t, ok, discount.Check(price, 1000) == nil, price)
	}
	require.NoError(t, transfer.Band{}.Check(money.MaxMinor, 1))
	require.ErrorIs(t, transfer.Band{Min: 2, Max: 1}.Check(1, 1), transfer.ErrPrice)
}

func fee(ppm, minimum int64) lending.Fee {
	return lending.Fee{ID: "transfer", Timing: lending.ByHost, Payee: lending.ToPlatform, Base: lending.OnAmount,
		Per: lending.Once, PPM: ppm, Min: minimum, Round: money.HalfEven, Point: lending.EachCharge}
}

func TestSettle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := transfer.Price{Clean: rapid.Int64Range(0, 1e12).Draw(t, "clean"), Accrued: rapid.Int64Range(0, 1e9).Draw(t, "accrued")}
		ch := transfer.Charges{Buyer: fee(rapid.Int64Range(1, 1e6).Draw(t, "buyer"), 5),
			Seller: fee(rapid.Int64Range(1, 1e6).Draw(t, "seller"), 0)}
		s, err := transfer.Settle(p, ch)
		require.NoError(t, err)
		require.Equal(t, s.Debit, s.Credit+s.BuyerFee+s.SellerFee)
		require.Equal(t, p.Dirty(), s.Credit+s.SellerFee)
		require.GreaterOrEqual(t, s.Credit, int64(0))
	})
	s, err := transfer.Settle(transfer.Price{Clean: 10_000}, transfer.Charges{Seller: fee(3_000, 0)})
	require.NoError(t, err)
	require.Equal(t, transfer.Settlement{Debit: 10_000, Credit: 9_970, SellerFee: 30}, s)
}

func TestPriceRefusals(t *testing.T) {
	c := transfer.Claim{On: date("2026-01-01"), Currency: cny, Rows: []transfer.Row{{Due: date("2026-01-01"), Principal: 9}}}
	_, all := c.YieldAt(9)
	_, share := c.PriceAt(-1, money.Floor)
	_, mode := c.PriceAt(1, 0)
	_, yield := c.PriceAtYield(transfer.MinYield-1, money.Floor)
	_, mode2 := c.PriceAtYield(0, 0)
	_, low := transfer.Settle(transfer.Price{Clean: -1}, transfer.Charges{})
	_, dear := transfer.Settle(transfer.Price{Clean: 4}, transfer.Charges{Seller: fee(1, 0), Buyer: fee(1, 0)})
	_, short := transfer.Settle(transfer.Price{Clean: 4}, transfer.Charges{Seller: fee(1, 5)})
	_, bad := transfer.Settle(transfer.Price{}, transfer.Charges{Buyer: lending.Fee{ID: "x"}})
	_, span := transfer.OfPlan(schedule.Plan{}, lending.Span{From: 1}, c.On)
	require.NoError(t, dear)
	for err, want := range map[error]error{all: transfer.ErrYield, share: transfer.ErrPrice, mode: money.ErrMode,
		yield: transfer.ErrYield, mode2: money.ErrMode, low: transfer.ErrPrice, short: transfer.ErrPrice,
		bad: lending.ErrTerms, span: transfer.ErrClaim} {
		require.ErrorIs(t, err, want)
		require.NotEqual(t, lending.ClassUnknown, lending.ClassOf(err))
	}
	broken := transfer.Claim{Rows: []transfer.Row{{Due: c.On, Principal: 1}, {Due: c.On.AddDays(-1)}}, Accrued: 1}.Check()
	var all3 interface{ Unwrap() []error }
	require.True(t, errors.As(broken, &all3))
	require.Len(t, all3.Unwrap(), 3, broken)
}
