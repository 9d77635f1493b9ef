package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// A payment is called back: it is owed with the next instalment, nothing is late that was not, everybody
// has given back what he had, and paying it again leaves the books as if nothing had happened.
func TestChargebackIsOwedAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		minor := rapid.Int64Range(2_000, 300_000).Draw(t, "amount")
		w := newTwin(t, p, minor, rapid.IntRange(1, 3).Draw(t, "lenders"))
		w.day = w.day.AddDays(rapid.IntRange(1, 50).Draw(t, "days"))
		paid := w.pay(rapid.Int64Range(2, 2*minor).Draw(t, "payment"))
		late := w.loan(w.id).DaysPastDue(w.day)
		before, wallet := w.loan(w.id), w.wallet("ann", cny).Available
		part := rapid.Int64Range(1, paid).Draw(t, "part")
		do(w.world, officer, lending.Chargeback{Loan: w.id, Amount: amt(part, cny), Reason: "bank"})
		w.deliver()
		w.paidFees(p)
		if part < paid { // the rest too
			do(w.world, officer, lending.Chargeback{Loan: w.id, Payment: 1, Reason: "bank"})
			w.deliver()
		}
		l := w.loan(w.id)
		require.NoError(t, l.Check())
		require.Equal(t, wallet+paid, w.wallet("ann", cny).Available)
		require.Equal(t, late, l.DaysPastDue(w.day))
		require.Zero(t, l.Received.Total(), "the lenders have nothing of it")
		require.Equal(t, amt(minor, cny), l.Outstanding())
		var again int64
		for i := range l.Dues {
			again += l.Dues[i].Again.Total()
			require.Equal(t, before.Dues[min(i, len(before.Dues)-1)].Paid, l.Dues[min(i, len(before.Dues)-1)].Paid)
		}
		require.Equal(t, paid, again)
		for i := range l.Lots {
			k := 0
			for _, f := range p.Fees {
				if f.Timing != lending.AtPayout {
					continue
				}
				if f.Per == lending.Once { // those for the time stay
					require.Zero(t, l.Lots[i].Fees[k].Charged)
				}
				k++
			}
		}
		require.ErrorIs(t, try(w.world, officer, lending.Chargeback{Loan: w.id, Payment: 1, Reason: "bank"}), lending.ErrAmount)
		w.pay(50 * minor)
		require.Equal(t, lending.StateClosed, w.loan(w.id).State)
		w.reports()
	})
}

// A holder who has spent what he must give back owes it to the platform.
func TestChargebackOfWhatIsSpent(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 1)
	w.day = w.day.AddDays(3)
	w.pay(10_000)
	has := w.wallet("bob", cny).Available
	do(w.world, party("bob"), lending.Withdraw{Amount: amt(has, cny)})
	w.deliver()
	do(w.world, officer, lending.Chargeback{Loan: w.id, Reason: "bank"})
	w.deliver()
	require.Zero(t, w.wallet("bob", cny).Available)
	require.EqualValues(t, 10_000, w.wallet("bob", cny).Owed)
	w.reports()
}

// After the last instalment it is owed at once, in an instalment of its own.
func TestChargebackAfterTheLastInstalment(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	l := w.loan(w.id)
	w.day = l.Dues[len(l.Dues)-1].Date.AddDays(9)
	w.pay(200_000)
	require.Equal(t, lending.StateClosed, w.loan(w.id).State)
	ev := do(w.world, officer, lending.Chargeback{Loan: w.id, Amount: amt(700, cny), Reason: "bank"})
	w.deliver()
	require.Equal(t, w.day, ev.Due)
	w.movedTo(lending.Config{Chunk: 2})
	l = w.loan(w.id)
	require.Equal(t, lending.StateActive, l.State)
	require.EqualValues(t, 700, l.Dues[len(l.Dues)-1].Unpaid().Total())
	require.Zero(t, l.DaysPastDue(w.day))
	require.Equal(t, 1, l.DaysPastDue(w.day.AddDays(1)))
	w.pay(700)
	require.Equal(t, lending.StateClosed, w.loan(w.id).State)
}

// What Chargeback refuses.
func TestChargebackRefuses(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	w.day = w.day.AddDays(3)
	c := lending.Chargeback{Loan: w.id, Reason: "bank"}
	require.ErrorIs(t, try(w.world, officer, c), lending.ErrState)
	w.pay(1_000)
	refused := func(want error, change func(*lending.Chargeback)) {
		t.Helper()
		x := c
		change(&x)
		require.ErrorIs(t, try(w.world, officer, x), want)
	}
	refused(lending.ErrUnknown, func(c *lending.Chargeback) { c.Payment = 2 })
	refused(lending.ErrUnknown, func(c *lending.Chargeback) { c.Payment = -1 })
	refused(lending.ErrAmount, func(c *lending.Chargeback) { c.Amount = amt(1_001, cny) })
	refused(lending.ErrAmount, func(c *lending.Chargeback) { c.Amount = amt(-1, cny) })
	refused(lending.ErrID, func(c *lending.Chargeback) { c.Reason = "" })
	refused(lending.ErrUnknown, func(c *lending.Chargeback) { c.Loan = "L9" })
	require.ErrorIs(t, try(w.world, party("ann"), c), lending.ErrActor)
	require.ErrorIs(t, try(w.world, chief, c), lending.ErrSecond)
	w.pay(500)
	do(w.world, officer, lending.Chargeback{Loan: w.id, Payment: 2, Reason: "bank"})
	w.deliver()
	require.ErrorIs(t, try(w.world, officer, lending.ReversePayment{Loan: w.id, Payment: 1, Reason: "r"}), lending.ErrState)
	do(w.world, officer, lending.Chargeback{Loan: w.id, Payment: 1, Reason: "bank"})
	w.deliver()
	w.day = w.day.AddDays(60)
	do(w.world, officer, lending.WriteOff{Loan: w.id, Reason: "lost"})
	refused(lending.ErrState, func(*lending.Chargeback) {})
	w.repay(w.id, 500)
	refused(lending.ErrState, func(*lending.Chargeback) {})
}

// On the day on which an instalment is due it goes to the next one: it is not late tomorrow.
func TestChargebackOnADueDay(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	w.day = w.loan(w.id).Dues[0].Date
	due, err := w.loan(w.id).DueOn(w.day)
	require.NoError(t, err)
	w.pay(due.Minor())
	require.Equal(t, 1, do(w.world, officer, lending.Chargeback{Loan: w.id, Reason: "bank"}).Instalment)
	require.Zero(t, w.loan(w.id).DaysPastDue(w.day.AddDays(1)))
}

// paidFees holds that no lot has paid more in fees on payments than it kept of these.
func (w *knower) paidFees(p lending.Product) {
	for _, x := range w.loan(w.id).Lots {
		k, sum := 0, int64(0)
		for _, f := range p.Fees {
			if f.Timing == lending.AtPayout {
				if f.Per == lending.Once {
					sum += x.Fees[k].Charged
				}
				k++
			}
		}
		require.LessOrEqual(w.t, sum, x.Paid.Total())
	}
}

// A loan that was paid off, of which the payment was called back, can be given a new plan: nobody owes the
// old plan's interest any more.
func TestRestructureAfterPayoffCalledBack(t *testing.T) {
	for name, c := range map[string]lending.Restructure{
		"extended": {Periods: 6}, "re-aged": {ReAge: true, Periods: 6}, "capitalised": {Capitalise: true, Periods: 18},
		"rate": {Rate: schedule.MustRate("6% per year")},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, lending.Config{})
			w.register("ann", "bob")
			id := w.lent(standard(), 100_000, 2, "12% per year", "bob")
			w.deposit("ann", amt(100_000, cny))
			do(w, party("ann"), lending.PayOff{Loan: id})
			do(w, officer, lending.Chargeback{Loan: id, Reason: "returned"})
			w.day = w.day.AddDays(10)
			c.Loan, c.Reason = id, "agreed"
			do(w, officer, c)
			w.reports()
			w.closes(t, id)
		})
	}
}

// What is owed again because its payment was called back costs no second fee for paying early.
func TestNoSecondPrepaymentFee(t *testing.T) {
	p := standard()
	p.Fees = []lending.Fee{{ID: "early", Timing: lending.OnPrepayment, Payee: lending.ToPlatform,
		Base: lending.OnPrepaid, PPM: 10_000, Round: money.HalfUp}}
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob")
	w.deposit("ann", amt(300_000, cny))
	do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(300_000, cny)})
	before, err := w.loan(id).Payoff(w.day)
	require.NoError(t, err)
	do(w, officer, lending.Chargeback{Loan: id, Amount: amt(10_000, cny), Reason: "returned"})
	after, err := w.loan(id).Payoff(w.day)
	require.NoError(t, err)
	require.EqualValues(t, 10_000, after.Minor()-before.Minor())
}

// What is late is charged up to the day before a payment is called back, whether a day-end ran or not: fees
// by the day, once and on default, and days of the cap, on what was owed till then.
func TestChargebackBooksTheDay(t *testing.T) {
	for name, accelerate := range map[string]int{"late": 0, "accelerated": 10} {
		t.Run(name, func(t *testing.T) {
			var ws [2]*knower
			for k := range ws {
				p := standard()
				p.Late.AccelerateDays = accelerate
				byDay, once, damages := platformFee(lending.WhenLate, lending.OnOutstanding, 1_000),
					platformFee(lending.WhenLate, lending.OnOutstanding, 10_000),
					platformFee(lending.OnDefault, lending.OnOutstanding, 10_000)
				byDay.ID, byDay.Per, once.ID, damages.ID = "by-day", lending.PerDay, "once", "damages"
				p.Fees = []lending.Fee{byDay, once, damages}
				w := newTwin(t, p, 1_000_000, 2, capFrom("2025-01-01", "200"))
				w.day = w.loan(w.id).Dues[0].Date
				w.pay(w.loan(w.id).Dues[0].Owed.Total())
				if w.day = w.loan(w.id).Dues[1].Date.AddDays(20); k == 0 {
					do(w.world, timer, lending.EndDay{Loan: w.id})
				}
				ev := do(w.world, officer, lending.Chargeback{Loan: w.id, Reason: "bank"})
				w.deliver()
				require.Equal(t, accelerate > 0, ev.Instalment == 3, "nothing falls due later: at once")
				require.NotEmpty(t, w.loan(w.id).Charges)
				w.movedTo(lending.Config{Chunk: 2})
				ws[k] = w
			}
			x, y := ws[0].loan(ws[0].id), ws[1].loan(ws[1].id)
			require.Equal(t, x.Dues, y.Dues)
			require.Equal(t, x.Charges, y.Charges)
			require.Equal(t, x.Cost, y.Cost)
		})
	}
}

// A closed loan of which a payment is called back opens again: for the days between, when nothing was out,
// the cap on its cost allows nothing.
func TestChargebackOfAClosedLoanCountsNoDays(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2, capFrom("2025-01-01", "24"))
	w.day = w.day.AddDays(40)
	w.pay(200_000)
	require.Equal(t, lending.StateClosed, w.loan(w.id).State)
	_, closed, _ := w.loan(w.id).CostOn(w.day)
	w.day = w.day.AddDays(365)
	do(w.world, officer, lending.Chargeback{Loan: w.id, Reason: "bank"})
	w.deliver()
	_, allowed, _ := w.loan(w.id).CostOn(w.day)
	require.Equal(t, closed, allowed)
	_, allowed, _ = w.loan(w.id).CostOn(w.day.AddDays(10))
	require.Equal(t, closed+90_000*24*10/36500, allowed)
	w.movedTo(lending.Config{Chunk: 2})
}
