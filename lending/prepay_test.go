package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// DOMAIN 2.6: 100,000.00 at 12% over 12 months, 8,884.88 a month. On the fifteenth day after the third
// instalment 20,000.00 come in early: 380.54 interest to the day, 19,619.46 principal.
func TestPrepayExample(t *testing.T) {
	for _, tc := range []struct {
		effect  schedule.Effect
		dues    int
		payment int64 // of the second instalment that is left
		last    int64
	}{
		{schedule.EffectLower, 13, 656_185, 656_182},
		{schedule.EffectShorter, 11, 888_488, 505_704},
	} {
		w, id := restructured(t, standard(), 3)
		w.deposit("ann", amt(2_000_000, cny))
		e := do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(2_000_000, cny), Effect: tc.effect})
		l := w.loan(id)
		w.reports()
		require.Equal(t, amt(2_000_000, cny), e.Total)
		require.Equal(t, int64(38_054), e.Of(lending.Interest))
		require.Equal(t, int64(1_961_946), e.Of(lending.Principal))
		require.Len(t, l.Dues, tc.dues)
		require.Equal(t, tc.payment, l.Dues[5].Owed.Total())
		require.Equal(t, tc.last, l.Dues[tc.dues-1].Owed.Total())
		require.Equal(t, 0, l.DaysPastDue(w.day))
		require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Reason: "r"}), lending.ErrState)
		require.ErrorIs(t, try(w, officer, lending.RepayAsOf{Loan: id, Amount: amt(1, cny), Value: w.day.AddDays(-1), Reason: "r"}), lending.ErrDate)
	}
}

// What is due and past due comes first, late charges included; a wallet that has not got it is refused.
func TestPrepayPaysArrearsFirst(t *testing.T) {
	w, id := restructured(t, rich(), 1)
	due, err := w.loan(id).DueOn(w.day)
	require.NoError(t, err)
	pays := lending.Prepay{Loan: id, Amount: amt(due.Minor()+1_000_000, cny)}
	require.ErrorIs(t, try(w, party("ann"), pays), lending.ErrFunds)
	w.deposit("ann", pays.Amount)
	e := do(w, party("ann"), pays)
	l := w.loan(id)
	require.Equal(t, 0, l.DaysPastDue(w.day))
	require.Equal(t, pays.Amount, e.Total)
	require.Positive(t, e.Of(lending.Penalty))
	for _, d := range l.Dues[:4] {
		require.Zero(t, d.Unpaid().Total())
	}
	w.reports()
}

func TestPrepayRefuses(t *testing.T) {
	w, id := restructured(t, standard(), 3)
	w.deposit("ann", amt(20_000_000, cny))
	ok := lending.Prepay{Loan: id, Amount: amt(2_000_000, cny)}
	refused := func(want error, change func(*lending.Prepay)) {
		t.Helper()
		c := ok
		change(&c)
		require.ErrorIs(t, try(w, party("ann"), c), want)
	}
	refused(lending.ErrUnknown, func(c *lending.Prepay) { c.Loan = "L9" })
	refused(lending.ErrAmount, func(c *lending.Prepay) { c.Amount = amt(0, cny) })
	refused(lending.ErrAmount, func(c *lending.Prepay) { c.Amount = amt(5, money.MustCurrency("JPY")) })
	refused(lending.ErrAmount, func(c *lending.Prepay) { c.Amount = amt(38_054, cny) })     // interest alone
	refused(lending.ErrAmount, func(c *lending.Prepay) { c.Amount = amt(10_000_000, cny) }) // pays off
	refused(lending.ErrTerms, func(c *lending.Prepay) { c.Effect = schedule.EffectNext })
	refused(lending.ErrTerms, func(c *lending.Prepay) { c.Effect = 9 })
	require.ErrorIs(t, try(w, party("bob"), ok), lending.ErrActor)
	require.ErrorIs(t, try(w, officer, ok), lending.ErrActor)
	require.ErrorIs(t, try(w, party("ann"), lending.GiveNotice{Loan: id}), lending.ErrPrepayment)
	do(w, party("ann"), lending.PayOff{Loan: id})
	refused(lending.ErrState, func(*lending.Prepay) {})
	p := standard()
	p.Method = schedule.MethodFlat
	w, id = restructured(t, p, 3)
	refused(schedule.ErrTerms, func(c *lending.Prepay) { c.Loan = id })
}

// What a product's rules do not let a borrower prepay, and from when on they do.
func TestPrepaymentRules(t *testing.T) {
	for name, tc := range map[string]struct {
		rules      lending.Prepayment
		full, part error
		days       int // after which it may be prepaid
	}{
		"anything": {},
		"in full":  {rules: lending.Prepayment{Scope: lending.PrepayInFull}, part: lending.ErrPrepayment},
		"never":    {rules: lending.Prepayment{Scope: lending.PrepayNever}, full: lending.ErrPrepayment, part: lending.ErrPrepayment},
		"later":    {rules: lending.Prepayment{After: 4}, full: lending.ErrPrepayment, part: lending.ErrPrepayment, days: 15},
		"little":   {rules: lending.Prepayment{Minimum: amt(1_961_947, cny)}, part: lending.ErrPrepayment},
		"enough":   {rules: lending.Prepayment{Minimum: amt(1_961_946, cny)}},
	} {
		t.Run(name, func(t *testing.T) {
			p := standard()
			p.Prepayment = tc.rules
			w, id := restructured(t, p, 3)
			w.deposit("ann", amt(20_000_000, cny))
			part := lending.Prepay{Loan: id, Amount: amt(2_000_000, cny)}
			_, err := lending.Try(context.Background(), w.desk, w.meta(party("ann")), part)
			require.ErrorIs(t, err, tc.part)
			_, err = lending.Try(context.Background(), w.desk, w.meta(party("ann")), lending.PayOff{Loan: id})
			require.ErrorIs(t, err, tc.full)
			if tc.days > 0 {
				w.day = w.day.AddDays(tc.days)
				do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(3_000_000, cny)})
			}
			if tc.full != nil && tc.days == 0 { // ahead at planned figures all the same
				all, _ := w.loan(id).DueOn(w.day.AddDays(400))
				do(w, party("ann"), lending.Repay{Loan: id, Amount: all})
				require.Equal(t, lending.StateClosed, w.loan(id).State)
			}
		})
	}
}

// A prepayment that has to be announced waits its days, and the next one is announced again.
func TestPrepaymentNotice(t *testing.T) {
	p := standard()
	p.Prepayment.NoticeDays = 5
	w, id := restructured(t, p, 3)
	w.deposit("ann", amt(20_000_000, cny))
	part := lending.Prepay{Loan: id, Amount: amt(2_000_000, cny)}
	require.ErrorIs(t, try(w, party("ann"), part), lending.ErrPrepayment)
	require.ErrorIs(t, try(w, party("bob"), lending.GiveNotice{Loan: id}), lending.ErrActor)
	do(w, party("ann"), lending.GiveNotice{Loan: id})
	w.day = w.day.AddDays(4)
	require.ErrorIs(t, try(w, party("ann"), part), lending.ErrPrepayment)
	require.ErrorIs(t, try(w, party("ann"), lending.PayOff{Loan: id}), lending.ErrPrepayment)
	w.day = w.day.AddDays(1)
	do(w, party("ann"), part)
	require.ErrorIs(t, try(w, party("ann"), part), lending.ErrPrepayment)
}

// Interest of a loan that is paid off half-way through its fourth month, by each rule.
func TestEarlyInterest(t *testing.T) {
	for rule, interest := range map[lending.EarlyInterest]int64{
		lending.InterestToDay: 38_054, lending.InterestWholePeriods: 76_108, lending.InterestAsPlanned: 385_587,
	} {
		p := standard()
		p.Prepayment.Interest = rule
		w, id := restructured(t, p, 3)
		w.deposit("ann", amt(20_000_000, cny))
		q, err := w.desk.Quote(context.Background(), id, w.day)
		require.NoError(t, err)
		e := do(w, party("ann"), lending.PayOff{Loan: id})
		require.Equal(t, interest, e.Of(lending.Interest), rule)
		require.Equal(t, q.Payoff, e.Total)
		require.Equal(t, lending.StateClosed, w.loan(id).State)
		w.reports()
		do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
		again, err := w.loan(id).Payoff(w.day)
		require.NoError(t, err)
		require.Equal(t, q.Payoff, again)
	}
}

func TestPrepaymentRulesRefused(t *testing.T) {
	for _, r := range []lending.Prepayment{{Scope: 9}, {Interest: 9}, {After: -1}, {After: 601}, {NoticeDays: -1},
		{NoticeDays: 3651}, {Minimum: amt(1, money.MustCurrency("JPY"))}, {Minimum: amt(-1, cny)}} {
		p := standard()
		p.Prepayment = r
		require.Error(t, p.Validate(), "%+v", r)
	}
}

// The new plan is the one that package schedule makes: its rows are the instalments that follow, when
// nothing had been paid ahead.
func TestPrepayAgreesWithSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := standard()
		p.Method = rapid.SampledFrom([]schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal,
			schedule.MethodInterestOnly, schedule.MethodBullet}).Draw(t, "method")
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob", "eve")
		minor := rapid.Int64Range(1_000, 1_000_000).Draw(t, "amount")
		id := w.lent(p, minor, rapid.IntRange(1, 12).Draw(t, "periods"), "12% per year", "bob", "eve")
		plan := w.loan(id).Plan
		effect := rapid.SampledFrom([]schedule.Effect{schedule.EffectLower, schedule.EffectShorter}).Draw(t, "effect")
		days := map[civil.Date]bool{}
		for range rapid.IntRange(1, 3).Draw(t, "prepayments") {
			w.day = w.day.AddDays(rapid.IntRange(1, 50).Draw(t, "days"))
			if due, err := w.loan(id).DueOn(w.day); err == nil && due.Sign() > 0 {
				w.repay(id, due.Minor())
			}
			l := w.loan(id)
			off, err := l.Payoff(w.day)
			if err != nil || off.Minor() < 3 {
				return
			}
			pays := amt(rapid.Int64Range(1, off.Minor()-1).Draw(t, "pays"), cny)
			w.deposit("ann", pays)
			before := owedInterest(l)
			e, err := lending.Do(context.Background(), w.desk, w.meta(party("ann")), lending.Prepay{Loan: id, Amount: pays, Effect: effect})
			if err != nil {
				require.ErrorIs(t, err, lending.ErrAmount)
				return
			}
			accrued := plan.Accrued(w.day).Minor()
			next, proof, err := plan.After(schedule.Change{On: w.day, Kind: schedule.ChangePrepay,
				Amount: amt(accrued+e.Of(lending.Principal), cny), Effect: effect})
			require.NoError(t, err)
			require.NoError(t, proof.Check())
			l = w.loan(id)
			require.NoError(t, l.Check())
			require.Equal(t, next.Len(), len(l.Dues))
			require.LessOrEqual(t, owedInterest(l), before)
			days[w.day] = true
			for i, row := range next.Rows() {
				require.Equal(t, row.Due, l.Dues[i].Date)
				require.Equal(t, row.Principal, l.Dues[i].Owed[lending.Principal])
				if days[row.Due] { // figured as a payoff figures it
					require.InDelta(t, row.Interest, l.Dues[i].Owed[lending.Interest], float64(2+row.Interest/8))
					continue
				}
				require.InDelta(t, row.Interest, l.Dues[i].Owed[lending.Interest], 2)
			}
			plan = next
		}
	})
}

// owedInterest is all interest of a loan's instalments, paid or not.
func owedInterest(l *lending.Loan) (sum int64) {
	for _, d := range l.Dues {
		sum += d.Owed[lending.Interest]
	}
	return sum
}

// restructured lends 100,000.00 at 12% over 12 months, has some of the first three instalments paid, and
// goes to half a month after the third due date.
func restructured(t require.TestingT, p lending.Product, pays int) (*world, lending.LoanID) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	w.day = civil.MustParse("2026-01-15")
	id := w.lent(p, 10_000_000, 12, "12% per year", "bob", "eve")
	for i := range 3 {
		w.day = w.loan(id).Dues[i].Date
		if i < pays {
			w.repay(id, w.loan(id).Dues[i].Owed.Total())
		}
	}
	w.day = w.day.AddDays(15)
	return w, id
}

// What prepaying costs is part of what pays off, in part of what the amount divides into; taken back with a
// payoff, it is owed no more. A prepayment that is called back is owed anew, and can go into another plan.
func TestPrepaymentCharges(t *testing.T) {
	p := standard()
	p.Fees = []lending.Fee{{ID: "early", Timing: lending.OnPrepayment, Payee: lending.ToPlatform,
		Base: lending.OnPrepaid, PPM: 10_000, Round: money.HalfUp}}
	w, id := restructured(t, p, 3)
	w.deposit("ann", amt(20_000_000, cny))
	off, err := w.loan(id).Payoff(w.day)
	require.NoError(t, err)
	require.Equal(t, int64(7_610_802+38_054+76_108), off.Minor())
	e := do(w, party("ann"), lending.PayOff{Loan: id})
	require.Equal(t, off, e.Total)
	require.Equal(t, int64(76_108), e.Of(lending.Fees))
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	require.Zero(t, w.loan(id).Dues[3].Owed[lending.Fees])
	again, err := w.loan(id).Payoff(w.day)
	require.NoError(t, err)
	require.Equal(t, off, again)
	w.reports()

	e = do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(2_000_000, cny)})
	require.Equal(t, amt(2_000_000, cny), e.Total)
	require.Equal(t, int64(1_942_521), e.Of(lending.Principal))
	require.Equal(t, int64(19_425), e.Of(lending.Fees))
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bounced"})
	l := w.loan(id)
	require.Equal(t, e.Of(lending.Principal), l.Dues[4].Again[lending.Principal], "it falls due after the day")
	w.reports()
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 24, ReAge: true})
	w.reports()
	require.Equal(t, l.Outstanding(), w.loan(id).Outstanding())
	require.Zero(t, w.loan(id).Dues[3].Unpaid().Total())
	w.closes(t, id)
}

// A loan that owes anew, with an instalment ahead, what was called back is not prepaid in part before that.
func TestPrepayAfterChargeback(t *testing.T) {
	w, id := restructured(t, standard(), 3)
	w.day = w.day.AddDays(1)
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bounced"})
	w.deposit("ann", amt(3_000_000, cny))
	prepay := lending.Prepay{Loan: id, Amount: amt(3_000_000, cny)}
	require.ErrorIs(t, try(w, party("ann"), prepay), lending.ErrPrepayment)
	out := w.loan(id).Outstanding()
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 12})
	w.reports()
	require.Equal(t, out, w.loan(id).Outstanding())
	do(w, party("ann"), prepay)
	w.reports()
	w.closes(t, id)
}
