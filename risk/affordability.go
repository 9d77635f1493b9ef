package risk

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Affordability is what a borrower has and owes a month, and how much of it a lender lets him owe
// (偿债能力).
type Affordability struct {
	Income money.Amount // a month, above zero
	Debt   money.Amount // paid on other loans a month
	CapPPM int64        // most of the income that all payments together may take, parts per million
}

// Ratios are shares of the income in parts per million, rounded half to even.
type Ratios struct {
	Before  int64 // debt to income without the loan (DTI)
	After   int64 // with it
	Payment int64 // the loan's payment alone (PTI)
	Pass    bool  // the exact share after the loan is at most the cap
}

func (a Affordability) check() error {
	if a.Income.Sign() <= 0 || a.Debt.Sign() < 0 || !a.Debt.IsZero() && a.Debt.Currency() != a.Income.Currency() ||
		a.CapPPM < 0 || a.CapPPM > 10_000_000 {
		return refuse(ErrFacts, "income %s, debt %s a month, cap %d ppm", a.Income, a.Debt, a.CapPPM)
	}
	return nil
}

// Assess figures the ratios of a loan of level monthly payments. The payment is the exact annuity, not
// rounded to the cent; a rate is per year, 12 periods. Months are 1 to [schedule.MaxPeriods].
func (a Affordability) Assess(principal money.Amount, r schedule.Rate, months int) (Ratios, error) {
	if err := a.check(); err != nil {
		return Ratios{}, err
	}
	factor, err := annuityFactor(r, months)
	if err != nil {
		return Ratios{}, err
	}
	if principal.Sign() <= 0 || principal.Currency() != a.Income.Currency() {
		return Ratios{}, refuse(ErrFacts, "principal of %s, income in %s", principal, a.Income.Currency())
	}
	payment := new(big.Rat).Quo(whole(principal.Minor()), factor)
	debt := whole(a.Debt.Minor())
	all := new(big.Rat).Add(debt, payment)
	most := new(big.Rat).Mul(whole(a.Income.Minor()), big.NewRat(a.CapPPM, 1_000_000))
	return Ratios{
		Before: a.ppm(debt), After: a.ppm(all), Payment: a.ppm(payment), Pass: all.Cmp(most) <= 0,
	}, nil
}

// MaxPrincipal is the largest loan of level monthly payments that the cap leaves room for, rounded to
// the minor unit by the mode: money.Down never breaks the cap. It is zero when there is no room.
func (a Affordability) MaxPrincipal(r schedule.Rate, months int, m money.Mode) (money.Amount, error) {
	if err := a.check(); err != nil {
		return money.Amount{}, err
	}
	factor, err := annuityFactor(r, months)
	if err != nil {
		return money.Amount{}, err
	}
	room := new(big.Rat).Mul(whole(a.Income.Minor()), big.NewRat(a.CapPPM, 1_000_000))
	room.Sub(room, whole(a.Debt.Minor()))
	if room.Sign() <= 0 {
		return money.New(0, a.Income.Currency())
	}
	minor, err := rounded(room.Mul(room, factor), m)
	if err != nil {
		return money.Amount{}, err
	}
	return money.New(minor, a.Income.Currency())
}

// annuityFactor is what 1 a month for so many months is worth today.
func annuityFactor(r schedule.Rate, months int) (*big.Rat, error) {
	if months < 1 || months > schedule.MaxPeriods || r.Basis() != schedule.PerYear {
		return nil, refuse(ErrFacts, "%d months at %s: want 1 to %d, and a rate per year", months, r, schedule.MaxPeriods)
	}
	if r.Pico() == 0 {
		return whole(int64(months)), nil
	}
	one := big.NewRat(1, 1)
	i := big.NewRat(r.Pico(), 12*1_000_000_000_000)
	growth, power := new(big.Rat).Add(one, i), new(big.Rat).SetInt64(1)
	for range months {
		power.Mul(power, growth)
	}
	factor := new(big.Rat).Sub(one, new(big.Rat).Inv(power))
	return factor.Quo(factor, i), nil
}

func whole(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

// ppm is a share of the income.
func (a Affordability) ppm(x *big.Rat) int64 {
	share := new(big.Rat).Quo(x, whole(a.Income.Minor()))
	n, err := rounded(share.Mul(share, whole(1_000_000)), money.HalfEven)
	if err != nil {
		return money.MaxMinor // beyond any cap
	}
	return n
}

// rounded rounds a fraction that is not negative to a whole number.
func rounded(x *big.Rat, m money.Mode) (int64, error) {
	quo, rest := new(big.Int).QuoRem(x.Num(), x.Denom(), new(big.Int))
	twice := rest.Lsh(rest, 1).Cmp(x.Denom())
	up := false
	switch m {
	case money.HalfEven:
		up = twice > 0 || twice == 0 && quo.Bit(0) == 1
	case money.HalfUp:
		up = twice >= 0
	case money.HalfDown:
		up = twice > 0
	case money.Up, money.Ceiling:
		up = rest.Sign() > 0
	case money.Down, money.Floor:
	default:
		return 0, refuse(ErrFacts, "no rounding mode")
	}
	if up {
		quo.Add(quo, big.NewInt(1))
	}
	if !quo.IsInt64() || quo.Int64() > money.MaxMinor {
		return 0, refuse(ErrFacts, "a result beyond what an amount can be")
	}
	return quo.Int64(), nil
}
