package lending_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// changes has a prepayment announced and made, and a loan in arrears restructured.
func changes(w *world) {
	p := rich()
	p.ID, p.Prepayment.NoticeDays = "announced", 5
	w.deposit("bob", amt(200_000, cny))
	id := w.lent(p, 100_000, 6, "12% per year", "bob", "eve")
	do(w, party("ann"), lending.GiveNotice{Loan: id})
	w.day = w.day.AddDays(10)
	w.deposit("ann", amt(30_000, cny))
	do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(30_000, cny), Effect: schedule.EffectShorter})
	w.deliver()
	w.day = w.day.AddDays(60)
	w.dayEnd()
	do(w, officer, lending.Restructure{Loan: id, Reason: "illness", ReAge: true, Periods: 9})
}

// Extended by six instalments at the same rate, the loan is worth to its lenders what it was; a holiday
// without interest on interest, a lower rate and a waiver cost them what the proof says.
func TestRestructureExample(t *testing.T) {
	for name, tc := range map[string]struct {
		c    lending.Restructure
		loss int64
		dues int // beyond the three that were paid
	}{
		"extended":    {lending.Restructure{Periods: 15}, 0, 16},
		"capitalised": {lending.Restructure{Periods: 15, Capitalise: true}, 0, 15},
		"holiday":     {lending.Restructure{First: civil.MustParse("2026-08-15")}, 1098, 10},
		"both":        {lending.Restructure{First: civil.MustParse("2026-08-15"), Capitalise: true}, 0, 12},
		"rate":        {lending.Restructure{Rate: schedule.MustRate("6% per year")}, 165_943, 10},
		"payment":     {lending.Restructure{Payment: amt(500_000, cny), Balloon: true}, 1, 10},
		"weeks":       {lending.Restructure{Every: schedule.Weeks(2)}, 0, 10},
		"waived":      {lending.Restructure{WaiveInterest: amt(10_000, cny)}, 9_949, 11},
	} {
		t.Run(name, func(t *testing.T) {
			w, id := restructured(t, standard(), 3)
			tc.c.Loan, tc.c.Reason = id, "agreed"
			before := w.loan(id).Outstanding()
			e := do(w, officer, tc.c)
			require.NoError(t, e.Proof.Check())
			require.InDelta(t, tc.loss, e.Loss(), 1)
			l := w.loan(id)
			w.reports()
			require.Equal(t, before, l.Outstanding())
			require.Len(t, l.Dues, 3+tc.dues)
			require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Reason: "r"}), lending.ErrState)
			w.closes(t, id)
		})
	}
}

// closes pays every instalment on its day and sees that each lender has his principal back.
func (w *world) closes(t require.TestingT, id lending.LoanID) {
	for range 2000 {
		l := w.loan(id)
		if l.State != lending.StateActive {
			break
		}
		for i := range l.Dues {
			if d := &l.Dues[i]; d.Unpaid().Total() > 0 {
				if d.Date.After(w.day) {
					w.day = d.Date
				}
				break
			}
		}
		due, err := l.DueOn(w.day)
		require.NoError(t, err)
		require.Positive(t, due.Minor())
		w.repay(id, due.Minor())
	}
	l := w.loan(id)
	require.Equal(t, lending.StateClosed, l.State)
	for _, x := range l.Lots {
		require.Equal(t, x.Units, x.Paid[lending.Principal])
	}
	w.reports()
}

// Re-aged, a loan in arrears is not past due any more: principal and interest are in the new plan, penalty
// interest and late fees fall due with its first instalment.
func TestRestructureReAges(t *testing.T) {
	w, id := restructured(t, rich(), 1)
	w.dayEnd()
	require.Equal(t, 46, w.loan(id).DaysPastDue(w.day))
	e := do(w, officer, lending.Restructure{Loan: id, Reason: "illness", ReAge: true})
	l := w.loan(id)
	require.Equal(t, 0, l.DaysPastDue(w.day))
	require.Zero(t, e.Proof.Waived.Minor())
	require.Equal(t, int64(27_099), e.Charges[0].Owed)
	require.Equal(t, int64(27_099+88_848), l.Dues[3].Owed[lending.Fees])
	require.Equal(t, int64(0), e.Recast.Dues[0].Owed.Total())
	require.Equal(t, int64(92_115+84_151+38_054), l.Dues[3].Owed[lending.Interest], "two instalments, and half a month")
	w.reports()
	w.dayEnd()
	w.closes(t, id)
	w, id = restructured(t, rich(), 1)
	do(w, officer, lending.Restructure{Loan: id, Reason: "illness", Periods: 20, WaivePenalty: amt(27_099, cny)})
	require.Equal(t, 46, w.loan(id).DaysPastDue(w.day), "what is past due stays so")
	w.closes(t, id)
}

func TestRestructureRefuses(t *testing.T) {
	p := standard()
	p.Workflow.Authorities = []lending.Authority{{Level: "head", UpTo: amt(1_000, cny)}, {Level: "board", UpTo: amt(10_000_000, cny)}}
	was := analyst
	analyst.Level = "board"
	w, id := restructured(t, p, 3)
	analyst = was
	ok := lending.Restructure{Loan: id, Reason: "agreed", Periods: 15}
	refused := func(want error, change func(*lending.Restructure)) {
		t.Helper()
		c := ok
		change(&c)
		require.ErrorIs(t, try(w, officer, c), want)
	}
	refused(lending.ErrUnknown, func(c *lending.Restructure) { c.Loan = "L9" })
	refused(lending.ErrID, func(c *lending.Restructure) { c.Reason = "no reason" })
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Periods = 0 })
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Periods = -1 })
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Periods = 601 })
	refused(lending.ErrDate, func(c *lending.Restructure) { c.First = w.day })
	refused(lending.ErrDate, func(c *lending.Restructure) { c.First = w.day.AddDays(3651) })
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Every = schedule.AtMaturity() })
	refused(lending.ErrAmount, func(c *lending.Restructure) { c.Payment = amt(1, money.MustCurrency("JPY")) })
	refused(lending.ErrAmount, func(c *lending.Restructure) { c.WaiveInterest = amt(38_055, cny) })
	refused(lending.ErrAmount, func(c *lending.Restructure) { c.WaivePenalty = amt(1, cny) })
	refused(lending.ErrLimit, func(c *lending.Restructure) { c.Rate = schedule.MustRate("37% per year") })
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Rate = schedule.MustRate("1% per period") })
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Payment = amt(500_000, cny) })
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Periods, c.Balloon = 0, true })
	refused(lending.ErrAuthority, func(c *lending.Restructure) { c.WaiveInterest = amt(900, cny) })
	refused(lending.ErrTerms, func(c *lending.Restructure) {
		c.Capitalise, c.First, c.Payment = true, w.day.AddDays(90), amt(5, cny)
	})
	require.ErrorIs(t, try(w, party("ann"), ok), lending.ErrActor)
	require.ErrorIs(t, try(w, chief, ok), lending.ErrSecond)
	m := w.meta(officer)
	m.Approver.Level = "head"
	waives := ok
	waives.WaiveInterest = amt(900, cny)
	_, err := lending.Try(t.Context(), w.desk, m, waives)
	require.NoError(t, err)
	waives.WaiveInterest = amt(1_500, cny)
	_, err = lending.Try(t.Context(), w.desk, m, waives)
	require.ErrorIs(t, err, lending.ErrAuthority)
	w.day = w.loan(id).Dues[11].Date.AddDays(1)
	refused(lending.ErrState, func(*lending.Restructure) {})
	refused(lending.ErrTerms, func(c *lending.Restructure) { c.Periods, c.ReAge = 0, true })
}

// After whatever is prepaid, restructured, paid late, early or ahead, called back, refunded or reversed,
// the loan closes with each lender's principal back; principal owed is what is outstanding all along, and
// what settles the loan changes by what was paid and waived alone.
func TestPlansAnewClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, minor := newPlanned(t)
		for range rapid.IntRange(1, 9).Draw(t, "steps") {
			w.day = w.day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
			if rapid.Bool().Draw(t, "day-end") {
				w.dayEnd()
			}
			pays := amt(rapid.Int64Range(1, minor).Draw(t, "pays"), cny)
			switch what := rapid.IntRange(0, 5).Draw(t, "what"); {
			case what == 4:
				w.callsBack(t)
			case what == 5:
				w.may(t, try(w.world, officer, lending.ReversePayment{Loan: w.id, Reason: "bounced"}))
			case w.loan(w.id).State != lending.StateActive: // a payment that comes back would open it again
			case what == 0:
				w.repay(w.id, pays.Minor())
			case what == 1:
				w.prepays(t, pays)
			case what == 2:
				w.restructures(t)
			case what == 3:
				w.deposit("eve", pays)
				w.may(t, try(w.world, party("eve"), lending.Refund{Loan: w.id, From: "eve", Amount: pays})) // unless she owes it
			}
			w.deliver()
			w.reports()
		}
		if w.loan(w.id).State == lending.StateActive {
			w.closes(t, w.id)
		}
	})
}

// newPlanned is a loan of any plan, of at most so much.
func newPlanned(t *rapid.T) (w *knower, minor int64) {
	p := twinProduct(t)
	p.Method, p.Waterfall.Advance = draw(t, "method", methods()), draw(t, "advance", advanceRules())
	w = &knower{world: newWorld(t, lending.Config{})}
	w.register("ann", "bob", "eve")
	minor = rapid.Int64Range(2_000, 300_000).Draw(t, "amount")
	w.id = w.lent(p, minor, rapid.IntRange(1, 8).Draw(t, "periods"), "12% per year", "bob", "eve")
	return w, minor
}

// may has a command succeed or be refused with a reason.
func (w *knower) may(t *rapid.T, err error) bool {
	require.NotEqual(t, lending.ClassBroken, lending.ClassOf(err), "%v", err)
	return err == nil
}

// callsBack has a payment called back, all or a part of it.
func (w *knower) callsBack(t *rapid.T) {
	c := lending.Chargeback{Loan: w.id, Reason: "bank"}
	l := w.loan(w.id)
	if n := len(l.History); n > 0 {
		m := l.History[rapid.IntRange(0, n-1).Draw(t, "payment")]
		if c.Payment = m.N; rapid.Bool().Draw(t, "in part") {
			c.Amount = amt(rapid.Int64Range(1, m.Total.Minor()).Draw(t, "part"), cny)
		}
	}
	w.may(t, try(w.world, officer, c))
}

// prepays prepays a loan; that never costs more interest.
func (w *knower) prepays(t *rapid.T, a money.Amount) {
	w.deposit("ann", a)
	before := owedInterest(w.loan(w.id))
	effect := draw(t, "effect", []schedule.Effect{0, schedule.EffectShorter})
	if w.may(t, try(w.world, party("ann"), lending.Prepay{Loan: w.id, Amount: a, Effect: effect})) {
		require.LessOrEqual(t, owedInterest(w.loan(w.id)), before)
	}
}

// restructures makes the plan anew, and holds the proof against the loan.
func (w *knower) restructures(t *rapid.T) {
	l := w.loan(w.id)
	off, err := l.Payoff(w.day)
	require.NoError(t, err)
	e, err := lending.Do(t.Context(), w.desk, w.meta(officer), drawRestructure(t, l, w.day))
	if !w.may(t, err) {
		return
	}
	require.NoError(t, e.Proof.Check())
	require.Equal(t, l.Outstanding(), w.loan(w.id).Outstanding())
	after, err := w.loan(w.id).Payoff(w.day)
	require.NoError(t, err)
	require.Equal(t, off, e.Proof.Before)
	require.Equal(t, after, e.Proof.After)
}

// A new plan may not cost more than the loan's cap allows by one of its due dates. One that costs less than
// the old plan is agreed on also where that was above the cap, as it had been made.
func TestRestructureWithinTheCap(t *testing.T) {
	w := newTwin(t, standard(), 1_000_000, 2, capFrom("2025-01-01", "15"), capFrom("2026-06-01", "5"))
	c := lending.Restructure{Loan: w.id, Reason: "agreed", Rate: schedule.MustRate("36% per year")}
	err := try(w.world, officer, c)
	require.ErrorIs(t, err, lending.ErrRule)
	require.ErrorContains(t, err, "more than its cap allows by")
	c.Rate, c.Periods = schedule.MustRate("13% per year"), 3
	do(w.world, officer, c)
	for i := range w.loan(w.id).Dues {
		cost, allowed, _ := w.loan(w.id).CostOn(w.loan(w.id).Dues[i].Date)
		require.LessOrEqual(t, cost, allowed)
	}
	c.Periods = 12 // into the second step, where 13% is too much
	require.ErrorIs(t, try(w.world, officer, c), lending.ErrRule)

	w = newTwin(t, standard(), 1_000_000, 2, capFrom("2025-01-01", "5"))
	c = lending.Restructure{Loan: w.id, Reason: "agreed", Rate: schedule.MustRate("13% per year")}
	require.ErrorIs(t, try(w.world, officer, c), lending.ErrRule)
	c.Rate = schedule.MustRate("11% per year")
	do(w.world, officer, c)
}

func drawRestructure(t *rapid.T, l *lending.Loan, on civil.Date) lending.Restructure {
	c := lending.Restructure{Loan: l.ID, Reason: "agreed",
		Periods: rapid.IntRange(0, 9).Draw(t, "new periods"), Capitalise: rapid.Bool().Draw(t, "capitalise"),
		ReAge: rapid.Bool().Draw(t, "re-age")}
	if rapid.Bool().Draw(t, "holiday") {
		c.First = on.AddDays(rapid.IntRange(1, 200).Draw(t, "first"))
	}
	if rapid.Bool().Draw(t, "other rate") {
		c.Rate = schedule.MustRate(rapid.SampledFrom([]string{"0% per year", "6% per year", "20% per year"}).Draw(t, "rate"))
	}
	if rapid.IntRange(0, 3).Draw(t, "waive") == 0 {
		c.WaiveInterest = amt(rapid.Int64Range(1, 50).Draw(t, "interest"), l.Currency())
	}
	if rapid.IntRange(0, 3).Draw(t, "forgive") == 0 {
		c.WaivePenalty = amt(rapid.Int64Range(1, 50).Draw(t, "penalty"), l.Currency())
	}
	return c
}

// Due dates at the ends of months stay there, whether the first is left as it is or put off.
func TestRestructureKeepsMonthEnds(t *testing.T) {
	for _, first := range []string{"", "2026-02-28", "2026-03-31", "2026-03-15"} {
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob", "eve")
		w.day = civil.MustParse("2025-12-31")
		id := w.lent(standard(), 10_000_000, 12, "12% per year", "bob", "eve")
		w.day = w.loan(id).Dues[0].Date
		w.repay(id, w.loan(id).Dues[0].Owed.Total())
		w.day = w.day.AddDays(10)
		c := lending.Restructure{Loan: id, Reason: "agreed", Periods: 9}
		if first != "" {
			c.First = civil.MustParse(first)
		}
		do(w, officer, c)
		ds := w.loan(id).Dues
		for _, d := range ds[len(ds)-9:] {
			require.Equal(t, first != "2026-03-15", d.Date.IsMonthEnd(), "%s from %s", d.Date, first)
		}
		w.closes(t, id)
	}
}

// A restructuring leaves interest of the old plan due with the first new instalment, as one of its own:
// missing that date is missing one payment, with one late fee on all of it, by the day as once.
func TestOneLateFeeADueDate(t *testing.T) {
	p := standard()
	once := platformFee(lending.WhenLate, lending.OnUnpaid, 10_000)
	once.ID, once.Min = "once", 4_000
	byDay := platformFee(lending.WhenLate, lending.OnUnpaid, 100)
	byDay.ID, byDay.Per, byDay.Min, byDay.Max = "by-day", lending.PerDay, 900, 1_000
	p.Fees = []lending.Fee{once, byDay}
	w, id := restructured(t, p, 3)
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 15})
	l := w.loan(id)
	first := slices.IndexFunc(l.Dues, func(d lending.Due) bool { return d.Date.After(w.day) })
	date := l.Dues[first].Date
	require.Equal(t, date, l.Dues[first+1].Date)
	missed := l.Dues[first].Owed.Total() + l.Dues[first+1].Owed.Total()
	late := func() (once, byDay int64) {
		w.dayEnd()
		for _, x := range w.loan(id).Charges {
			switch x.Fee {
			case "once":
				once += x.Owed
			case "by-day":
				byDay += x.Owed
			}
		}
		return once, byDay
	}
	w.day = date.AddDays(4)
	a, b := late()
	require.Equal(t, (missed+50)/100, a)
	require.EqualValues(t, 900, b)
	w.repay(id, l.Dues[first].Owed.Total()+a+b) // the old interest first
	w.day = date.AddDays(20)
	w.repay(id, 1)
	a, b = late()
	require.Equal(t, (missed+50)/100, a)
	require.EqualValues(t, 1_000, b)
	w.closes(t, id)
}
