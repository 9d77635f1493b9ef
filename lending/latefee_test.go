package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// feeOwed sums what a loan was charged of a fee.
func feeOwed(l *lending.Loan, id lending.Code) (sum int64) {
	for i := range l.Charges {
		if x := &l.Charges[i]; x.Fee == id {
			sum += x.Owed
		}
	}
	return sum
}

// feeLoan lends 10,000.00 over four months under a product with a single fee.
func feeLoan(t *testing.T, p lending.Product, f lending.Fee) (*world, lending.LoanID) {
	f.ID = "fee"
	p.Fees = []lending.Fee{f}
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	return w, w.lent(p, 1_000_000, 4, "12% per year", "bob", "eve")
}

// What is charged for the oldest missed date alone is charged for the next once the older one is paid; and
// not at all if that payment is taken back.
func TestLateFeeOnTheLoanFollowsTheOldestDate(t *testing.T) {
	w, id := feeLoan(t, standard(), platformFee(lending.WhenLate, lending.OnOutstanding, 10_000))
	w.day = w.loan(id).Dues[1].Date.AddDays(10)
	w.dayEnd()
	require.EqualValues(t, 10_000, feeOwed(w.loan(id), "fee"))
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	w.day = w.day.AddDays(2)
	do(w, timer, lending.EndDay{Loan: id})
	l := w.loan(id)
	require.EqualValues(t, 10_000+7_537, feeOwed(l, "fee"))
	require.Equal(t, w.day.AddDays(-1), l.Charges[1].On, "the day after the older one was paid")
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	do(w, timer, lending.EndDay{Loan: id})
	require.EqualValues(t, 10_000, feeOwed(w.loan(id), "fee"))
}

// All that an acceleration makes due is missed once: its fee by the day has one minimum and one maximum, by
// whatever order it is paid.
func TestDailyFeeOfAnAccelerationIsOne(t *testing.T) {
	p := standard()
	p.Waterfall = lending.Waterfall{ByBucket: true}
	for _, c := range []lending.Component{lending.Principal, lending.Interest, lending.Penalty, lending.Fees, lending.Costs} {
		p.Waterfall.Order = append(p.Waterfall.Order, lending.Bucket{Component: c})
	}
	byDay := platformFee(lending.WhenLate, lending.OnUnpaid, 100)
	byDay.Per, byDay.Min, byDay.Max = lending.PerDay, 900, 1_000
	w, id := feeLoan(t, p, byDay)
	w.day = w.day.AddDays(10)
	do(w, officer, lending.Accelerate{Loan: id, Reason: "breach"})
	w.day = w.day.AddDays(10)
	do(w, timer, lending.EndDay{Loan: id})
	require.EqualValues(t, 1_000, feeOwed(w.loan(id), "fee"))
	w.repay(id, 1_000_000) // all principal
	w.day = w.day.AddDays(10)
	do(w, timer, lending.EndDay{Loan: id})
	require.EqualValues(t, 1_000, feeOwed(w.loan(id), "fee"))
}

// Default damages are charged once a loan, a new plan or not.
func TestDamagesOnceALoan(t *testing.T) {
	w, id := feeLoan(t, standard(),
		stepped(platformFee(lending.OnDefault, lending.OnOutstanding, 0), lending.FeeStep{From: 40, PPM: 20_000}))
	w.day = w.loan(id).Dues[0].Date.AddDays(45)
	w.dayEnd()
	require.EqualValues(t, 20_000, feeOwed(w.loan(id), "fee"))
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", ReAge: true, Periods: 4})
	w.day = w.loan(id).Dues[len(w.loan(id).Dues)-1].Date.AddDays(45)
	w.dayEnd()
	require.EqualValues(t, 20_000, feeOwed(w.loan(id), "fee"))
}

// A late fee of a date stays with it while one of its instalments does, since a cover has paid a part, and is
// not charged again.
func TestLateFeeOfADateThatStays(t *testing.T) {
	p := covered()
	f := platformFee(lending.WhenLate, lending.OnUnpaid, 50_000)
	f.ID = "late"
	p.Fees = []lending.Fee{f}
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "pot-a", "pot-b")
	id := w.lent(p, 1_000_000, 4, "12% per year", "bob")
	w.day = w.day.AddDays(15)
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 4, First: w.loan(id).Dues[0].Date})
	w.deposit("pot-a", amt(3_215, cny))
	w.day = w.loan(id).Dues[0].Date
	for range 12 {
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
	once := feeOwed(w.loan(id), "late")
	require.Positive(t, once)
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", ReAge: true, Periods: 4})
	w.day = w.day.AddDays(12)
	do(w, timer, lending.EndDay{Loan: id})
	require.Equal(t, once, feeOwed(w.loan(id), "late"))
}
