package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// visit is a charge that is in order.
func visit(id lending.LoanID, minor int64) lending.LevyCharge {
	return lending.LevyCharge{Loan: id, Fee: "visit", Component: lending.Costs, Amount: amt(minor, cny),
		Payee: lending.ToPlatform, Reason: "field-visit"}
}

// A charge falls due with the first instalment that is not before its day, and is paid to its payee.
func TestLevyCharge(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	w.register("agency")
	w.day = w.day.AddDays(5)
	dues := w.loan(w.id).Dues
	c := visit(w.id, 700)
	c.Payee, c.Party, c.Due = lending.ToParty, "agency", dues[0].Date.AddDays(1)
	ev := do(w.world, officer, c)
	require.Equal(t, 1, ev.Number)
	require.Equal(t, lending.Charge{Fee: "visit", Component: lending.Costs, Payee: lending.ToParty,
		Party: "agency", Instalment: 1, On: w.day, Owed: 700, Levied: true}, ev.Charge)
	c.Due = dues[0].Date
	require.Equal(t, 0, do(w.world, officer, c).Charge.Instalment)
	c.Due = dues[2].Date.AddDays(1) // after the last one: an instalment of its own
	require.Equal(t, 3, do(w.world, officer, c).Charge.Instalment)
	require.Equal(t, c.Due, w.loan(w.id).Dues[3].Date)
	c = visit(w.id, 300)
	require.Equal(t, 0, do(w.world, officer, c).Charge.Instalment)

	w.day = dues[0].Date
	due, err := w.loan(w.id).DueOn(w.day)
	require.NoError(t, err)
	w.repay(w.id, due.Minor())
	require.EqualValues(t, 700, w.wallet("agency", cny).Available)
	w.repay(w.id, 200_000)
	require.EqualValues(t, 2_100, w.wallet("agency", cny).Available)
	require.Equal(t, []lending.IncomeLine{{Fee: "visit", Amount: amt(300, cny)}}, w.reports().Income(cny))
	require.Equal(t, lending.StateClosed, w.loan(w.id).State)
}

// A payment from before a charge does not pay it when it is booked anew.
func TestLevyChargeIsNotBackdated(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	first := w.day.AddDays(3)
	w.day = first.AddDays(10)
	do(w.world, officer, visit(w.id, 700))
	do(w.world, officer, lending.RepayAsOf{Loan: w.id, Amount: amt(500, cny), Value: first, Reason: "found"})
	require.EqualValues(t, 700, w.loan(w.id).Charges[0].Unpaid())
	w.pay(700)
	require.Zero(t, w.loan(w.id).Charges[0].Unpaid())
	w.reports()
}

// What LevyCharge refuses.
func TestLevyChargeRefuses(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	w.day = w.day.AddDays(40)
	w.dayEnd()
	refused := func(want error, change func(*lending.LevyCharge)) {
		t.Helper()
		c := visit(w.id, 100)
		change(&c)
		require.ErrorIs(t, try(w.world, officer, c), want)
	}
	refused(lending.ErrUnknown, func(c *lending.LevyCharge) { c.Loan = "L9" })
	refused(lending.ErrID, func(c *lending.LevyCharge) { c.Fee = "" })
	refused(lending.ErrID, func(c *lending.LevyCharge) { c.Reason = "no good" })
	refused(lending.ErrAmount, func(c *lending.LevyCharge) { c.Amount = amt(0, cny) })
	refused(lending.ErrLimit, func(c *lending.LevyCharge) { c.Amount = amt(1<<37+1, cny) })
	refused(lending.ErrTerms, func(c *lending.LevyCharge) { c.Component = lending.Penalty })
	refused(lending.ErrTerms, func(c *lending.LevyCharge) { c.Payee = 0 })
	refused(lending.ErrTerms, func(c *lending.LevyCharge) { c.Party = "bob" })
	refused(lending.ErrTerms, func(c *lending.LevyCharge) { c.Payee = lending.ToParty })
	refused(lending.ErrDate, func(c *lending.LevyCharge) { c.Due = w.day.AddDays(-1) })
	to := func(p lending.PartyID) func(*lending.LevyCharge) {
		return func(c *lending.LevyCharge) { c.Payee, c.Party = lending.ToParty, p }
	}
	refused(lending.ErrUnknown, to("nobody"))
	refused(lending.ErrActor, to("ann"))
	refused(lending.ErrActor, to("olga"))
	refused(lending.ErrActor, to("chief"))
	require.ErrorIs(t, try(w.world, party("ann"), visit(w.id, 1)), lending.ErrActor)
	require.ErrorIs(t, try(w.world, chief, visit(w.id, 1)), lending.ErrSecond)
	w.day = w.day.AddDays(-1)
	refused(lending.ErrDate, func(*lending.LevyCharge) {})
	w.day = w.day.AddDays(1)
	do(w.world, officer, lending.WriteOff{Loan: w.id, Reason: "lost"})
	do(w.world, officer, visit(w.id, 100))
	w.repay(w.id, 500_000)
	refused(lending.ErrState, func(*lending.LevyCharge) {})
}

// A loan has so many charges and no more.
func TestLevyChargeBound(t *testing.T) {
	l := &lending.Loan{ID: "L", State: lending.StateActive, Amount: amt(1, cny), Dues: []lending.Due{{Date: civil.MustParse("2026-03-01")}},
		Charges: make([]lending.Charge, lending.MaxCharges)}
	require.ErrorIs(t, visit("L", 1).Check(l, civil.MustParse("2026-02-01")), lending.ErrLimit)
}

// A charge that begins an instalment of a loan that is accelerated by rule makes the acceleration stand:
// payments before it can be called back, payments since can be reversed too.
func TestLevyChargeUpholdsAcceleration(t *testing.T) {
	w, id, first := accelerated(t)
	w.day = w.day.AddDays(9)
	w.repay(id, 50)
	require.Equal(t, 3, do(w, officer, visit(id, 300)).Charge.Instalment)
	require.ErrorIs(t, try(w, officer, found(id, first)), lending.ErrDate)
	reverse := lending.ReversePayment{Loan: id, Payment: 1, Reason: "bounced"}
	require.ErrorIs(t, try(w, officer, reverse), lending.ErrState)
	w.reports()
	do(w, officer, found(id, w.loan(id).Acceleration.On))
	do(w, officer, lending.ReversePayment{Loan: id, Payment: 2, Reason: "bounced"})
	do(w, officer, lending.Chargeback{Loan: id, Payment: 1, Reason: "bounced"})
	require.Len(t, w.loan(id).Dues, 5, "what is called back has one as well")
	w.reports()
}

// A charge on the day of an acceleration by rule goes with an instalment of the plan, and stays with it
// when the acceleration is undone.
func TestLevyChargeGoesWithAnAcceleratedInstalment(t *testing.T) {
	w, id, first := accelerated(t)
	was := w.loan(id).Plan
	require.Equal(t, 1, do(w, officer, visit(id, 300)).Charge.Instalment)
	do(w, officer, found(id, first))
	l := w.loan(id)
	require.True(t, l.Acceleration.On.IsZero())
	require.Equal(t, was.At(1).Due, l.Dues[1].Date)
	require.EqualValues(t, 300, l.Dues[1].Owed[lending.Costs])
	w.reports()
}

// Late charges up to the day come before it, and an acceleration by rule whose day has come: then nothing
// falls due later, and the charge has an instalment of its own.
func TestLevyChargeBooksTheDay(t *testing.T) {
	p := rich()
	p.Late.AccelerateDays = 10
	a, b := newTwin(t, p, 90_000, 2), newTwin(t, p, 90_000, 2)
	for _, w := range []*knower{a, b} {
		if w.day = w.loan(w.id).Dues[0].Date.AddDays(20); w == a {
			do(w.world, timer, lending.EndDay{Loan: w.id})
		}
		c := visit(w.id, 700)
		c.Due = w.day.AddDays(32)
		ev := do(w.world, officer, c)
		require.Equal(t, 2, ev.Number, "after a late fee")
		require.Equal(t, c.Due, ev.Due)
		w.movedTo(lending.Config{Chunk: 2})
		early := visit(w.id, 1)
		w.day = w.day.AddDays(-1)
		require.ErrorIs(t, try(w.world, officer, early), lending.ErrDate)
		w.day = w.day.AddDays(1)
	}
	require.Equal(t, a.loan(a.id).Dues, b.loan(b.id).Dues)
	require.Equal(t, a.loan(a.id).Charges, b.loan(b.id).Charges)
}

// Whatever it is named after, what a person charged does not fall away with the end of the loan, as the
// fees of its instalments do.
func TestLevyChargeNamedAfterAFee(t *testing.T) {
	p := standard()
	monthly := platformFee(lending.WithInstalment, lending.OnAmount, 1_000)
	monthly.ID = "monthly"
	p.Fees = []lending.Fee{monthly}
	w := newTwin(t, p, 90_000, 2)
	before, err := w.loan(w.id).Payoff(w.day)
	require.NoError(t, err)
	c := visit(w.id, 700)
	c.Fee, c.Component, c.Due = "monthly", lending.Fees, w.loan(w.id).Dues[1].Date
	do(w.world, officer, c)
	after, err := w.loan(w.id).Payoff(w.day)
	require.NoError(t, err)
	require.EqualValues(t, 700, after.Minor()-before.Minor())
	do(w.world, officer, lending.Restructure{Loan: w.id, Reason: "agreed", Periods: 1})
	require.EqualValues(t, 700, w.loan(w.id).Charges[3].Unpaid())
	require.Zero(t, w.loan(w.id).Charges[1].Unpaid())
}

// An instalment that a charge began behind the plan keeps its day when the plan is made anew: also in a
// third plan, and when the loan moves. In a plan that reaches it the charge goes with the next instalment.
func TestLevyChargeKeepsItsDay(t *testing.T) {
	for name, anew := range map[string]func(w *knower) error{
		"prepaid": func(w *knower) error {
			return try(w.world, party("ann"), lending.Prepay{Loan: w.id, Amount: amt(10_000, cny), Effect: schedule.EffectShorter})
		},
		"restructured": func(w *knower) error {
			return try(w.world, officer, lending.Restructure{Loan: w.id, Reason: "agreed", Rate: schedule.MustRate("6% per year")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwin(t, standard(), 90_000, 2)
			c := visit(w.id, 700)
			c.Due = w.loan(w.id).Dues[2].Date.AddDays(300)
			do(w.world, officer, c)
			for range 2 {
				w.day = w.day.AddDays(3)
				require.NoError(t, anew(w))
				w.deliver()
				l := w.loan(w.id)
				require.Equal(t, len(l.Dues)-1, l.Charges[0].Instalment)
				require.Equal(t, c.Due, l.Dues[len(l.Dues)-1].Date)
				w.movedTo(lending.Config{Chunk: 2})
			}
			do(w.world, officer, lending.Restructure{Loan: w.id, Reason: "agreed", Periods: 24})
			l := w.loan(w.id)
			require.Equal(t, l.Base+l.Plan.Len(), len(l.Dues))
			at := l.Charges[0].Instalment
			require.False(t, l.Dues[at].Date.Before(c.Due))
			require.True(t, l.Dues[at-1].Date.Before(c.Due))
			w.reports()
			w.closes(t, w.id)
		})
	}
}

// What fell due with the plan stays with it when it becomes shorter, and is not put off to an instalment
// that people began.
func TestLevyChargeOfAShorterPlan(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	last := w.loan(w.id).Dues[2].Date
	for _, day := range []civil.Date{last, last.AddDays(300)} {
		c := visit(w.id, 700)
		c.Due = day
		do(w.world, officer, c)
	}
	do(w.world, officer, lending.Restructure{Loan: w.id, Reason: "agreed", Periods: 1})
	l := w.loan(w.id)
	require.Equal(t, l.Base+l.Plan.Len()-1, l.Charges[0].Instalment)
	require.Equal(t, l.Base+l.Plan.Len(), l.Charges[1].Instalment)
	w.closes(t, w.id)
}

// accelerated is a loan on the day on which a rule accelerates it, with a payment from before, and the
// day on which its first instalment was due.
func accelerated(t *testing.T) (*world, lending.LoanID, civil.Date) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := standard()
	p.Late.AccelerateDays = 10
	id := w.lent(p, 90_000, 3, "12% per year", "bob")
	first := w.loan(id).Dues[0].Date
	w.day = first.AddDays(2)
	w.repay(id, 100)
	w.day = first.AddDays(11)
	w.dayEnd()
	require.Equal(t, w.day, w.loan(id).Acceleration.On)
	w.deposit("ann", amt(40_000, cny))
	return w, id, first
}

// found is a payment from an earlier day that is found.
func found(id lending.LoanID, day civil.Date) lending.RepayAsOf {
	return lending.RepayAsOf{Loan: id, Amount: amt(40_000, cny), Value: day, Reason: "found"}
}
