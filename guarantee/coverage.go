package guarantee

import (
	"math/bits"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Coverage are the figures by which a fund is judged, in minor units of one currency, none below zero.
type Coverage struct {
	Cash   int64 // in the fund
	Losses int64 // expected on active loans: likelihood of default x (1 - expected recovery), see [ExpectedLoss]
	Income int64 // expected later: investors' interest on active loans, or contributions to come
}

// Ratio is an exact quotient of minor units; Of is above zero.
type Ratio struct{ Num, Of int64 }

// AtLeast reports whether the ratio reaches a number of millionths, exactly. A number below zero is reached.
func (r Ratio) AtLeast(ppm int64) bool {
	if ppm <= 0 {
		return true
	}
	hi, lo := bits.Mul64(uint64(r.Num), lending.Million)
	needHi, needLo := bits.Mul64(uint64(r.Of), uint64(ppm))
	return hi > needHi || hi == needHi && lo >= needLo
}

// PPM is the ratio in millionths, rounded once; beyond 64 bits it is a money.ErrOverflow.
func (r Ratio) PPM(m money.Mode) (int64, error) { return money.MulDiv(r.Num, lending.Million, r.Of, m) }

// Interest is the coverage of expected losses by cash (interest coverage ratio, also called current
// coverage). Without expected losses it is ErrUndefined; figures out of bounds are lending.ErrAmount.
func (c Coverage) Interest() (Ratio, error) { return c.ratio(c.Cash) }

// Capital is the coverage of expected losses by cash and income to come (capital coverage ratio, or coverage
// with future income). Errors are those of Interest.
func (c Coverage) Capital() (Ratio, error) { return c.ratio(c.Cash + c.Income) }

func (c Coverage) ratio(num int64) (Ratio, error) {
	for _, n := range []int64{c.Cash, c.Losses, c.Income} {
		if n < 0 || n > money.MaxMinor {
			return Ratio{}, bad(lending.ErrAmount, "coverage", "a figure is out of bounds")
		}
	}
	if c.Losses == 0 {
		return Ratio{}, ErrUndefined
	}
	return Ratio{num, c.Losses}, nil
}

// CoverageState is what a fund's figures mean for its investors.
type CoverageState uint8

// States of coverage.
const (
	NoExpectedLosses CoverageState = iota + 1 // do not divide
	InterestCovered                           // cash covers expected losses: investors get their interest
	InterestReduced                           // cash does not, cash and their interest do: capital is covered
	CapitalAtRisk                             // nor do both
)

var coverageNames = [...]string{"", "no expected losses", "interest covered",
	"interest reduced, capital covered", "capital at risk"}

// String returns the state in words.
func (s CoverageState) String() string {
	if s == 0 || int(s) >= len(coverageNames) {
		return "unknown coverage"
	}
	return coverageNames[s]
}

// State classes the figures. Figures out of bounds are lending.ErrAmount.
func (c Coverage) State() (CoverageState, error) {
	interest, err := c.Interest()
	switch {
	case err != nil && c.Losses == 0 && c.Cash >= 0 && c.Income >= 0:
		return NoExpectedLosses, nil
	case err != nil:
		return 0, err
	case interest.AtLeast(lending.Million):
		return InterestCovered, nil
	}
	if capital, _ := c.Capital(); capital.AtLeast(lending.Million) {
		return InterestReduced, nil
	}
	return CapitalAtRisk, nil
}

// Prospect is what is expected of a loan.
type Prospect struct {
	Outstanding int64 // principal, minor units
	DefaultPPM  int64 // likelihood of default, 0 to 1,000,000
	RecoveryPPM int64 // part of it that comes back, 0 to 1,000,000
}

// ExpectedLoss sums what loans are expected to lose, in minor units: the exact sum, rounded up once.
// Prospects out of bounds are lending.ErrAmount, a sum beyond 2^53-1 a money.ErrOverflow.
func ExpectedLoss(loans []Prospect) (int64, error) {
	const whole = lending.Million * lending.Million
	var sum, rest int64 // rest in millionths of a millionth, below whole
	for _, p := range loans {
		if p.Outstanding < 0 || p.Outstanding > money.MaxMinor || !part(p.DefaultPPM) || !part(p.RecoveryPPM) {
			return 0, bad(lending.ErrAmount, "prospect", "is out of bounds")
		}
		hi, lo := bits.Mul64(uint64(p.Outstanding), uint64(p.DefaultPPM*(lending.Million-p.RecoveryPPM)))
		quo, rem := bits.Div64(hi, lo, whole)
		sum += int64(quo)
		if rest += int64(rem); rest >= whole {
			sum, rest = sum+1, rest-whole
		}
		if sum > money.MaxMinor {
			return 0, &money.OverflowError{Op: "expected loss"}
		}
	}
	if rest > 0 {
		sum++
	}
	return sum, nil
}

func part(ppm int64) bool { return ppm >= 0 && ppm <= lending.Million }
