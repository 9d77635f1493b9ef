package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
)

// Upfront returns what the fees at disbursement come to for an amount lent over a number of periods,
// in minor units. The error is that of [Fee.Of].
func (p *Product) Upfront(minor int64, periods int) (int64, error) {
	_, sum, err := p.upfront(minor, periods)
	return sum, err
}

func (p *Product) upfront(minor int64, periods int) (fees []Levied, sum int64, err error) {
	for _, f := range p.feesAt(AtDisbursement) {
		v, err := f.upfront(p, p.covered(f.Base, minor), periods)
		if err != nil {
			return nil, 0, err
		}
		if v > 0 {
			fees = append(fees, Levied{f.Party, f.levy(v)})
			sum += v
		}
	}
	return fees, sum, nil
}

// upfront figures the fee on a base for the whole term: a year is twelve months, or 365 days where
// the product's periods are days or weeks.
func (f *Fee) upfront(p *Product, base int64, periods int) (int64, error) {
	if f.Per == Once || base <= 0 || f.PPM == 0 {
		return f.Of(FeeRow{Base: base})
	}
	units := [...]struct{ of, year int64 }{schedule.UnitMonth: {1, 12}, schedule.UnitHalfMonth: {1, 24},
		schedule.UnitWeek: {7, daysInYear}, schedule.UnitDay: {1, daysInYear}, schedule.UnitTerm: {0, 1}}
	u := units[p.Every.Unit()]
	sum := parts{den: u.year * Million}
	sum.add(addDays(0, base, periods*p.Every.N()*int(u.of)), f.PPM)
	v, err := sum.rounded(f.Round)
	return f.within(v), err
}

// covered is the amount lent, or what covers stand for of it.
func (p *Product) covered(b Base, minor int64) int64 {
	if b != OnCovered {
		return minor
	}
	var sum int64
	for _, v := range p.Covers {
		if v.Cap.IsZero() {
			return minor
		}
		sum += min(v.Cap.Minor(), minor)
	}
	return min(sum, minor)
}

// chargeUpfront takes the fees at disbursement out of what is paid out, or out of the borrower's wallet,
// and returns what is left to pay out.
func (t *Tx) chargeUpfront(l *Loan) (fees []Levied, net int64, err error) {
	fees, sum, err := l.Product.upfront(l.Amount.Minor(), l.Periods)
	if err != nil {
		return nil, 0, err
	}
	if net = l.Amount.Minor(); !l.Product.Disbursement.Gross {
		net -= sum
	}
	if net <= 0 {
		return nil, 0, &Error{ErrLimit, "loan " + string(l.ID), "fees leave nothing to pay out"}
	}
	for _, f := range fees {
		if err := t.levyFrom(l.feeSource(), "disbursement-fee", f, l.Currency()); err != nil {
			return nil, 0, err
		}
	}
	return fees, net, nil
}

// feeSource is the account that pays what is charged at disbursement.
func (l *Loan) feeSource() ledger.Account {
	if l.Product.Disbursement.Gross {
		return Avail(l.Borrower)
	}
	return Clear(l.ID)
}

// upfrontStreams are what taking the fees at disbursement, or giving them back, writes.
func (l *Loan) upfrontStreams() []event.Stream {
	ss := []event.Stream{booksStream, WalletRef(l.Borrower, l.Currency()).Stream()}
	for _, f := range l.Product.feesAt(AtDisbursement) {
		if f.Party != "" {
			ss = append(ss, WalletRef(f.Party, l.Currency()).Stream())
		}
	}
	return ss
}
