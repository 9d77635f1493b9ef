package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
)

// lookers are two worlds with one loan: in the first day-ends run on many days, in the second on none.
type lookers [2]*knower

// Whether anybody looks does not matter: a loan that is brought up to many days and one that is left alone
// owe the same, whatever is done to them, and everybody has the same of it.
func TestRulesWheneverAnybodyLooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		p.Method = draw(t, "method", methods())
		p.Waterfall.Advance = draw(t, "advance", advanceRules())
		minor, caps := rapid.Int64Range(2_000, 300_000).Draw(t, "amount"), drawCaps(t)
		var ws lookers
		for i := range ws {
			ws[i] = newTwin(t, p, minor, 2, caps...)
			ws[i].register("zoe")
			ws[i].deposit("zoe", amt(50*minor, cny))
		}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			for range rapid.IntRange(0, 40).Draw(t, "days") {
				ws[0].day, ws[1].day = ws[0].day.AddDays(1), ws[1].day.AddDays(1)
				if rapid.IntRange(0, 3).Draw(t, "looks") == 0 {
					do(ws[0].world, timer, lending.EndDay{Loan: ws[0].id})
				}
			}
			c := drawService(t, ws[0].loan(ws[0].id), ws[0])
			same(t, "refusal", lending.CodeOf(c(ws[0])), lending.CodeOf(c(ws[1])))
			ws.compare(t)
		}
		for _, w := range ws {
			do(w.world, timer, lending.EndDay{Loan: w.id})
		}
		requireTwins(t, ws[0], ws[1])
	})
}

// compare holds that both loans take the same to be brought up to date, and to be paid off.
func (ws lookers) compare(t *rapid.T) {
	x, y := ws[0].loan(ws[0].id), ws[1].loan(ws[1].id)
	on := ws[0].day
	require.NoError(t, y.Check())
	require.Equal(t, x.State, y.State)
	require.Equal(t, x.DaysPastDue(on), y.DaysPastDue(on))
	require.Equal(t, x.NonAccrual(on), y.NonAccrual(on))
	for _, f := range []func(*lending.Loan) (any, error){
		func(l *lending.Loan) (any, error) { return l.DueOn(on) },
		func(l *lending.Loan) (any, error) { return l.Payoff(on) },
	} {
		a, err := f(x)
		b, other := f(y)
		require.Equal(t, a, b)
		require.Equal(t, lending.CodeOf(err), lending.CodeOf(other))
	}
}

// drawService draws something that is done to a loan.
func drawService(t *rapid.T, l *lending.Loan, w *knower) func(*knower) error {
	id, a := l.ID, amt(rapid.Int64Range(1, 60_000).Draw(t, "amount"), cny)
	switch rapid.IntRange(0, 10).Draw(t, "command") {
	case 0:
		return serve(party("ann"), lending.Prepay{Loan: id, Amount: a, Effect: draw(t, "effect",
			[]schedule.Effect{0, schedule.EffectShorter})})
	case 1:
		return serve(officer, drawRestructure(t, l, w.day))
	case 2:
		v := visit(id, rapid.Int64Range(1, 900).Draw(t, "visit"))
		v.Component = draw(t, "component", []lending.Component{lending.Fees, lending.Costs})
		v.Due = w.day.AddDays(rapid.IntRange(0, 90).Draw(t, "due"))
		return serve(officer, v)
	case 3:
		return serve(officer, lending.Waive{Loan: id, Instalment: rapid.IntRange(0, len(l.Dues)-1).Draw(t, "instalment"),
			Component: draw(t, "waived", []lending.Component{lending.Interest, lending.Penalty}),
			Amount:    amt(rapid.Int64Range(1, 300).Draw(t, "let off"), cny), Reason: "kind"})
	case 4:
		return serve(party("zoe"), lending.Refund{Loan: id, From: "zoe", Amount: a})
	case 5:
		return serve(officer, lending.Chargeback{Loan: id, Amount: a, Reason: "bank"})
	case 6:
		return serve(officer, lending.Chargeback{Loan: id, Reason: "bank"})
	case 7:
		return serve(officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	}
	return serve(party("ann"), lending.Repay{Loan: id, Amount: a})
}

// serve sends a command and lets its money move.
func serve[E event.Of[lending.Loan]](a lending.Actor, c lending.Command[lending.Loan, E]) func(*knower) error {
	return func(w *knower) error {
		err := try(w.world, a, c)
		w.deliver()
		return err
	}
}
