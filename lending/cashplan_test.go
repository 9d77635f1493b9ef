package lending_test

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// planned is a world with a loan in every state that a cash plan looks at.
func planned(t require.TestingT) *world {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	w.lent(rich(), 300_000, 6, "12% per year", "bob", "eve")
	w.day = w.day.AddDays(40)
	w.lent(standard(), 120_000, 12, "7.2% per year", "bob")
	w.open(rich(), 77_000, 2, "12% per year")
	w.funded(rich(), 100_000, 3, "12% per year", "bob")
	w.bank.Script(func(in payment.Instruction) memory.Script {
		return memory.Script{Delay: 9, Parts: []int64{in.Amount.Minor() / 4}}
	})
	id := w.funded(standard(), 50_000, 3, "12% per year", "eve")
	do(w, cashier, lending.Disburse{Loan: id})
	w.deposit("bob", amt(900, cny))
	do(w, party("bob"), lending.Withdraw{Amount: amt(900, cny)})
	return w
}

// Whatever the buckets, every unpaid instalment before the plan's end is in it once.
func TestCashPlanHasEveryInstalmentOnce(t *testing.T) {
	w := planned(t)
	r := w.reports()
	rapid.Check(t, func(t *rapid.T) {
		from := w.day.AddDays(rapid.IntRange(-60, 200).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(1, 400).Draw(t, "days"))
		width := draw(t, "width", []schedule.Frequency{schedule.Days(1), schedule.Days(10), schedule.Weeks(1), schedule.Months(1), schedule.SemiMonthly()})
		plan, err := r.CashPlan(cny, from, to, width)
		require.NoError(t, err)
		slow := func(from, to civil.Date) (sum lending.Components, tenders int) {
			for _, id := range r.Loans() {
				l := r.Loan(id)
				in := func(d civil.Date) bool { return !d.Before(from) && d.Before(to) }
				for _, d := range l.Dues {
					if u := d.Unpaid(); in(d.Date) {
						sum[lending.Principal] += u[lending.Principal]
						sum[lending.Interest] += u[lending.Interest]
					}
				}
				if l.State == lending.StateOpen && in(l.Deadline) {
					tenders++
				}
			}
			return sum, tenders
		}
		check := func(want lending.Components, got lending.Expected) {
			require.Equal(t, want[lending.Principal], got.Principal.Minor())
			require.Equal(t, want[lending.Interest], got.Interest.Minor())
		}
		sum, _ := slow(civil.MustParse("2000-01-01"), from)
		check(sum, plan.Overdue)
		at := from
		for _, b := range plan.Buckets {
			require.Equal(t, at, b.From)
			sum, tenders := slow(b.From, b.To)
			check(sum, b.Expected)
			require.Equal(t, tenders, b.Tenders)
			require.Equal(t, int64(tenders)*77_000, b.Wanted.Minor())
			at = b.To
		}
		require.Equal(t, to, at)
		require.Equal(t, int64(97_000), plan.Committed.Minor(), "less the 3%% withheld")
		require.Equal(t, int64(50_000), plan.Disbursing.Minor())
		require.Equal(t, int64(900), plan.Withdrawing.Minor())
	})
}

func TestCashPlanFollowsPaymentsAndRefuses(t *testing.T) {
	w := planned(t)
	for range 12 {
		w.deliver()
	}
	day := w.day
	plan, err := w.reports().CashPlan(cny, day, day.AddDays(1), schedule.Days(1))
	require.NoError(t, err)
	require.True(t, plan.Disbursing.IsZero() && plan.Withdrawing.IsZero(), "both came to their end")
	for name, v := range map[string]struct {
		from, to civil.Date
		width    schedule.Frequency
	}{
		"no day":    {civil.Date{}, day, schedule.Days(1)},
		"no span":   {day, day, schedule.Days(1)},
		"no width":  {day, day.AddDays(9), schedule.Frequency{}},
		"zero days": {day, day.AddDays(9), schedule.Days(0)},
		"a term":    {day, day.AddDays(9), schedule.AtMaturity()},
	} {
		_, err := w.reports().CashPlan(cny, v.from, v.to, v.width)
		require.ErrorIs(t, err, lending.ErrDate, name)
	}
	_, err = w.reports().CashPlan(cny, day, day.AddDays(3661), schedule.Days(1))
	require.ErrorIs(t, err, lending.ErrLimit)
	wide, err := w.reports().CashPlan(cny, day, day.AddDays(3660), schedule.Days(1))
	require.NoError(t, err)
	records, err := csv.NewReader(bytes.NewReader(wide.AppendCSV(nil))).ReadAll()
	require.NoError(t, err)
	require.Len(t, records, 3662)
}
