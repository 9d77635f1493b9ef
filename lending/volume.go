package lending

import (
	"errors"
	"math/big"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// Volume is a number of loans and the amount that goes with them (笔数, 金额).
type Volume struct {
	Loans  int
	Amount money.Amount
}

// volume sums up a Volume.
type volume struct {
	loans int
	minor ledger.Sum
}

func (v *volume) add(minor int64) {
	v.loans++
	v.minor = v.minor.Add(minor)
}

// figures turns sums into the figures of a report in one currency. What is beyond [money.MaxMinor] is
// an error of err: a report that is published must not be a little wrong.
type figures struct {
	cur  money.Currency
	errs []error
}

func (f *figures) amount(s ledger.Sum) money.Amount {
	a, err := money.New(s.Minor(), f.cur)
	f.errs = append(f.errs, err)
	return a
}

func (f *figures) volume(v volume) Volume { return Volume{v.loans, f.amount(v.minor)} }

func (f *figures) err() error { return errors.Join(f.errs...) }

// ppm is a part in millionths of the whole, a tie rounded to the even one; 0 if there is no whole.
func ppm(part, whole ledger.Sum) int64 { return ratio(part.Big(), whole.Big()) }

// ratio is ppm of long integers. It stops at [money.MaxMinor].
func ratio(part, whole *big.Int) int64 {
	if whole.Sign() <= 0 {
		return 0
	}
	q, rest := new(big.Int).QuoRem(new(big.Int).Mul(part, big.NewInt(Million)), whole, new(big.Int))
	half := rest.Lsh(rest.Abs(rest), 1).Cmp(whole)
	if half > 0 || half == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(int64(part.Sign())))
	}
	if !q.IsInt64() {
		return int64(q.Sign()) * money.MaxMinor
	}
	return max(-money.MaxMinor, min(q.Int64(), money.MaxMinor))
}
