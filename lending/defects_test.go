package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// The defects that were seen in real platforms' code, in the order in which the field's survey lists
// them. Each test fails when its defect is put in by hand; each was tried against these, one at a time:
//
//	 1  SharesRoundedAlone         drift.go, share: each lot gets its share of the payment, rounded alone
//	 2  AutoBidCashTest            purse.go, capped: spare is Free, or 2*Free-retain
//	 3  PenaltyOnWholeInstalment   arrears.go, lateOn: base of d.Owed, not d.Unpaid()
//	 4  OverdueFeeOnWholeLoan      latefee.go, lateBase: the amount, or all that is outstanding
//	 5  FlatLabelledAnnuity        product.go, Terms: MethodFlat where the product says level payment
//	 6  DoublesByText              command.go, once: the key is the fingerprint; or new at each sending
//	 7  TwoSteps                   event/engine.go, commit: wallets in a second commit
//	 8  PeriodBound                payoff.go, ahead: Dues[0] for Dues[from], or Before(on) for !After(on);
//	                               earned: AccruedIn(0, day); schedule/payoff.go, accruedIn: on against
//	                               from, not row.End, or days since the loan's start
//	 9  RoundedPerDay              arrears.go, PenaltyOn, lateOn: a day's penalty rounded, times days, or
//	                               added up; latefee.go, accrued, feerow.go, exact: so for fees
//	10  FailureSwallowed           dayend.go, demand: no error, and nothing or all of it taken on;
//	                               wakeKind: the refusal is dropped

// 1. Shares rounded one by one do not sum to the payment. Three equal lenders, 100 units: ours do.
func TestDefectSharesRoundedAlone(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "cat", "eve")
	id := w.lent(standard(), 900, 9, "0% per year", "bob", "cat", "eve")
	paid := w.repay(id, 100)
	var sum int64
	for _, n := range paid.Vectors[0].Shares {
		sum += n
	}
	require.Equal(t, int64(100), sum)
	for i := range 8 { // and over the life each has its claim
		w.repay(id, []int64{1, 99, 150, 50, 7, 93, 200, 200}[i])
	}
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	for _, x := range w.loan(id).Lots {
		require.Equal(t, int64(300), x.Paid[lending.Principal])
	}
}

// 2. An automatic bid tests cash against the wrong quantity. With 150 of cash and 50 retained, 100 can
// be bid and 101 cannot.
func TestDefectAutoBidCashTest(t *testing.T) {
	for _, tc := range []struct{ cash, want int64 }{{150, 100}, {149, 0}, {151, 100}, {100, 0}, {50, 0}} {
		w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
		w.register("ann", "bob")
		w.deposit("bob", amt(tc.cash, cny))
		w.standing("bob", lending.Mandate{Min: 100, Max: 100, Retain: 50})
		id := w.open(standard(), 5_000, 2, "10% per year")
		w.fill(id)
		require.Equal(t, tc.want, w.loan(id).Raised, "of %d", tc.cash)
		require.Equal(t, tc.cash-tc.want, w.wallet("bob", cny).Available)
	}
}

// 3. Penalty on the full instalment although part of it was paid. 18.25% a year is 0.05% a day: 10 days
// on the 400 left of 1,000 are 2.00, not 5.00.
func TestDefectPenaltyOnWholeInstalment(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := rich()
	p.Fees = nil
	id := w.lent(p, 100_000, 1, "0% per year", "bob")
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, 60_000)
	w.day = w.day.AddDays(10)
	w.dayEnd()
	require.Equal(t, int64(200), w.loan(id).Dues[0].Owed[lending.Penalty])
}

// 4. The overdue fee is on the whole amount financed. 5% of the 1,000.00 that is past due are 50.00,
// whatever else is out.
func TestDefectOverdueFeeOnWholeLoan(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(rich(), 1_000_000, 10, "0% per year", "bob")
	w.day = w.loan(id).Dues[0].Date.AddDays(4)
	w.dayEnd()
	require.Equal(t, int64(5_000), w.loan(id).Dues[0].Owed[lending.Fees])
	require.Zero(t, w.loan(id).Dues[1].Owed[lending.Fees])
}

// 5. Flat interest labelled an annuity. 100,000 at 12% over a year bear 6,618.53 as level payments and
// 12,000.00 flat.
func TestDefectFlatLabelledAnnuity(t *testing.T) {
	for method, want := range map[schedule.Method]int64{schedule.MethodLevelPayment: 661_853, schedule.MethodFlat: 1_200_000} {
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob")
		p := standard()
		p.Method = method
		id := w.lent(p, 10_000_000, 12, "12% per year", "bob")
		var interest int64
		for _, d := range w.loan(id).Dues {
			interest += d.Owed[lending.Interest]
		}
		require.Equal(t, want, interest, "%s", method)
	}
}

// 6. A remark's text as the key against doubles: two payments alike in everything are two payments if
// they have two keys, and one sent twice under one key is one.
func TestDefectDoublesByText(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(standard(), 1_000, 2, "0% per year", "bob")
	w.deposit("ann", amt(1_000, cny))
	c := lending.Repay{Loan: id, Amount: amt(100, cny)}
	m := w.meta(party("ann"))
	for range 2 {
		_, err := lending.Do(context.Background(), w.desk, m, c)
		require.NoError(t, err)
	}
	require.Equal(t, amt(900, cny), w.loan(id).Outstanding())
	do(w, party("ann"), c)
	require.Equal(t, amt(800, cny), w.loan(id).Outstanding())
}

// oneCommit is a store that goes down after a commit.
type oneCommit struct{ *memory.Store }

func (s oneCommit) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	if _, err := s.Store.Commit(ctx, c); err != nil {
		return event.Receipt{}, err
	}
	return event.Receipt{}, errDown
}

// 7. Money and ledger in two steps, with a crash between them. A repayment is one commit: when the
// store goes down right after it, debt, wallets and claims have moved, and the books agree.
func TestDefectTwoSteps(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(standard(), 1_000, 2, "0% per year", "bob")
	w.deposit("ann", amt(500, cny))
	dying, err := lending.Open(lending.Config{Store: oneCommit{w.store}, Gateway: w.bank})
	require.NoError(t, err)
	_, err = lending.Do(context.Background(), dying, w.meta(party("ann")), lending.Repay{Loan: id, Amount: amt(500, cny)})
	require.ErrorIs(t, err, event.ErrUnknown)
	require.Equal(t, amt(500, cny), w.loan(id).Outstanding())
	require.Zero(t, w.wallet("ann", cny).Available)
	require.Equal(t, int64(500), w.wallet("bob", cny).Available)
	require.NoError(t, w.reports().Check())
}

// 8. A period compared by the wrong bound. Interest of each day belongs to one period: what a payoff
// asks for grows by no more than a few days' interest from day to day, and on a due date is what the plan
// says. What falls due on the day is not paid early.
func TestDefectPeriodBound(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(standard(), 1_000_000, 6, "36% per year", "bob")
	l := w.loan(id)
	start := l.Plan.Terms().Start
	before := int64(1_000_000)
	var due int64
	for day, i := 1, 0; i < len(l.Dues); day++ {
		on := start.AddDays(day)
		payoff, err := l.Payoff(on)
		require.NoError(t, err)
		step := payoff.Minor() - before
		require.GreaterOrEqual(t, step, int64(0), "%s", on)
		require.LessOrEqual(t, step, int64(3_000), "%s", on) // 0.1% a day of 30/360, which counts February longer
		before = payoff.Minor()
		if on == l.Dues[i].Date {
			due += l.Dues[i].Owed[lending.Interest]
			require.Equal(t, 1_000_000+due, payoff.Minor(), "%s", on)
			i++
		}
	}
	p := standard()
	p.ID = "early"
	p.Fees = []lending.Fee{platformFee(lending.OnPrepayment, lending.OnPrepaid, 10_000)}
	l = w.loan(w.lent(p, 1_000_000, 1, "36% per year", "bob"))
	payoff, err := l.Payoff(l.Dues[0].Date)
	require.NoError(t, err)
	require.Equal(t, l.Dues[0].Unpaid().Total(), payoff.Minor())
}

// 9. A charge rounded day by day: 1% a year of 10,100.00 is 27.67 cents a day, 8.30 in 30 days and
// 8.40 if each day is rounded. A fee of 27 millionths a day is 27.27 cents, 8.18 in 30 days and not
// 8.10. Day-ends on all of them or on the last one alone make no difference.
func TestDefectRoundedPerDay(t *testing.T) {
	p := standard()
	p.Late = lending.Late{Penalty: schedule.MustRate("1% per year"), Round: money.HalfUp}
	p.Fees = []lending.Fee{platformFee(lending.WhenLate, lending.OnUnpaid, 27)}
	p.Fees[0].Per = lending.PerDay
	for _, step := range []int{1, 30} {
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob")
		id := w.lent(p, 1_010_000, 1, "0% per year", "bob")
		for day := step; day <= 30; day += step {
			w.day = w.loan(id).Dues[0].Date.AddDays(day)
			do(w, timer, lending.EndDay{Loan: id})
		}
		owed := w.loan(id).Dues[0].Owed
		require.Equal(t, int64(830), owed[lending.Penalty], "every %d days", step)
		require.Equal(t, int64(818), owed[lending.Fees], "every %d days", step)
	}
}

// 10. The failure of who should pay in the borrower's place is swallowed. It is told, nobody counts as
// paid, and the cover is asked again.
func TestDefectFailureSwallowed(t *testing.T) {
	part := toyPart()
	part.Covers["broken"] = brokenCover{}
	w := newWorld(t, lending.Config{Parts: []lending.Part{part}})
	w.register("ann", "bob")
	p := covered()
	p.Covers = []lending.CoverTerms{{Name: "broken", Kind: lending.CoverGuarantor, TriggerDays: 5}}
	id := w.lent(p, 1_000, 1, "0% per year", "bob")
	w.day = w.loan(id).Dues[0].Date.AddDays(6)
	for range 2 {
		_, err := w.desk.DayEnd(context.Background(), w.day)
		require.ErrorIs(t, err, errPolicy)
		missing := w.loan(id).Dues[0].Missing()
		require.Equal(t, int64(1_000), missing.Total())
		require.Zero(t, w.wallet("bob", cny).Available)
	}
}
