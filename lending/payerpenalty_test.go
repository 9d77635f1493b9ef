package lending_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// payerWorld is a loan of which two pots pay what the borrower misses, at 73% of penalty interest per year:
// 1/500 a day.
func payerWorld(t require.TestingT, base lending.PenaltyBase, grace int) (*world, lending.LoanID) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "eve", "pot-a", "pot-b")
	p := covered()
	p.Late = lending.Late{Penalty: schedule.MustRate("73% per year"), Round: money.HalfEven, Base: base, GraceDays: grace}
	return w, w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
}

// Penalty interest that comes up after a payout is the payer's for what he has paid, and the lenders' for what
// they still miss: here the first pot has paid 60% and the second has no money.
func TestPenaltyPassesToWhoPaid(t *testing.T) {
	w, id := payerWorld(t, lending.PenaltyOnInstalment, 0)
	w.deposit("pot-a", amt(1_000_000, cny))
	first := w.loan(id).Plan.At(0)
	w.day = first.Due.AddDays(5)
	w.dayEnd()
	l := w.loan(id)
	paid, missing := l.Covers[0].Paid, l.Dues[0].Missing()
	total := first.Total.Minor()
	early := missing[lending.Penalty]
	require.Equal(t, (total*5+250)/500, early, "of the days before it is the lenders'")

	w.day = w.day.AddDays(10)
	do(w, timer, lending.EndDay{Loan: id})
	l = w.loan(id)
	owed := l.Dues[0].Owed[lending.Penalty]
	require.Equal(t, (total*15+250)/500, owed)
	mine := paid * 10 / 500
	require.Equal(t, owed-mine, l.Dues[0].Missing()[lending.Penalty])

	before, lenders := w.wallet("pot-a", cny).Available, w.wallet("bob", cny).Available+w.wallet("eve", cny).Available
	w.repay(id, total+owed)
	require.Zero(t, w.loan(id).Dues[0].Unpaid().Total())
	require.Equal(t, paid+mine, w.wallet("pot-a", cny).Available-before)
	require.Equal(t, total-paid+owed-mine, w.wallet("bob", cny).Available+w.wallet("eve", cny).Available-lenders)
	w.reports()
}

// payerDays is a slow account of what each cover has out on each instalment, day by day.
type payerDays map[[2]int]int64 // by layer and instalment

func (p payerDays) pass(l *lending.Loan) {
	for _, a := range l.Advances {
		counts := a.Component == lending.Principal ||
			a.Component == lending.Interest && l.Product.Late.Base == lending.PenaltyOnInstalment
		if counts {
			p[[2]int{a.Layer, a.Instalment}] += a.Amount - a.Recovered
		}
	}
}

// check holds what covers are owed of penalty interest against the account. What rounding has given to the
// lenders stays with them: a unit for each cover at the most, and then nothing is missing to them.
func (p payerDays) check(t require.TestingT, l *lending.Loan) {
	for _, a := range l.Advances {
		if a.Component != lending.Penalty {
			continue
		}
		n := new(big.Int).Mul(big.NewInt(p[[2]int{a.Layer, a.Instalment}]), big.NewInt(73))
		want := n.Quo(n, big.NewInt(36_500)).Int64()
		d := &l.Dues[a.Instalment]
		if l.Looked.Sub(d.Date) <= l.Product.Late.GraceDays || d.Owed[lending.Penalty] == 0 { // paid in grace
			want = 0
		}
		if a.Amount < want {
			require.Zero(t, d.Missing()[lending.Penalty])
			want = max(a.Amount, want-int64(len(l.Covers)))
		}
		require.Equal(t, want, a.Amount, "%+v", a)
	}
}

// Whatever is paid and when, the penalty interest of covers is that on what they had out each day; a payment
// that is taken back leaves no trace in it.
func TestPenaltyOfPayersByTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom([]lending.PenaltyBase{lending.PenaltyOnInstalment, lending.PenaltyOnPrincipal}).Draw(t, "base")
		grace := rapid.IntRange(0, 8).Draw(t, "grace")
		w, id := payerWorld(t, base, grace)
		account := payerDays{}
		for range rapid.IntRange(1, 60).Draw(t, "days") {
			for range rapid.SampledFrom([]int{1, 1, 3, 9}).Draw(t, "pause") {
				account.pass(w.loan(id))
				w.day = w.day.AddDays(1)
				w.dayEnd()
				do(w, timer, lending.EndDay{Loan: id}) // figures what there is, work or not
				account.check(t, w.loan(id))
			}
			if w.loan(id).State != lending.StateActive {
				break
			}
			minor := rapid.Int64Range(1, 200_000).Draw(t, "minor")
			switch rapid.SampledFrom([]string{"nothing", "pot-a", "pot-b", "repay", "bounce"}).Draw(t, "step") {
			case "pot-a":
				w.deposit("pot-a", amt(minor, cny))
			case "pot-b":
				w.deposit("pot-b", amt(minor, cny))
			case "repay":
				w.repay(id, minor)
			case "bounce":
				w.bounce(id, minor, int(minor%7), account)
			}
			require.NoError(t, w.loan(id).Check())
			do(w, timer, lending.EndDay{Loan: id})
			account.check(t, w.loan(id))
		}
		w.reports()
	})
}

// bounce makes a payment and takes it back some days later, in which no cover pays: as if it had never come.
func (w *world) bounce(id lending.LoanID, minor int64, days int, account payerDays) {
	was := w.loan(id)
	ev := w.repay(id, minor)
	if w.loan(id).State == lending.StateClosed || ev.N == 0 {
		return
	}
	for range days {
		account.pass(was)
		w.day = w.day.AddDays(1)
		do(w, timer, lending.EndDay{Loan: id})
	}
	do(w, officer, lending.ReversePayment{Loan: id, Payment: ev.N, Reason: "bounced"})
	w.deliver()
}

// Where a cap cuts the penalty interest, what the lenders had before a payout stays theirs.
func TestCapCutsThePayersPenaltyFirst(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Rules: capping{capFrom("2020-01-01", "13")}})
	w.register("ann", "bob", "eve", "pot-a", "pot-b")
	p := covered()
	p.Covers[0].TriggerDays, p.Covers[1].TriggerDays = 60, 60
	p.Late = lending.Late{Penalty: schedule.MustRate("73% per year"), Round: money.HalfEven}
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
	w.deposit("pot-a", amt(1_000_000, cny))
	w.deposit("pot-b", amt(1_000_000, cny))
	w.day = w.loan(id).Plan.At(0).Due.AddDays(60)
	w.dayEnd() // covers pay the instalment in full
	lenders := w.loan(id).Dues[0].Missing()[lending.Penalty]
	require.Positive(t, lenders)
	w.day = w.day.AddDays(30)
	do(w, timer, lending.EndDay{Loan: id})
	require.GreaterOrEqual(t, w.loan(id).Dues[0].Missing()[lending.Penalty], lenders, "earned before the payout")
}

// A new rate of the loan takes no days from who has paid, in grace neither.
func TestRateChangeInGraceKeepsThePayersDays(t *testing.T) {
	var got [2]int64
	for i, rate := range []string{"12% per year", "9% per year"} {
		w, id := payerWorld(t, lending.PenaltyOnInstalment, 20)
		w.deposit("pot-a", amt(1_000_000, cny))
		w.deposit("pot-b", amt(1_000_000, cny))
		first := w.loan(id).Plan.At(0)
		w.day = first.Due.AddDays(5)
		w.dayEnd()
		w.day = first.Due.AddDays(15)
		w.dayEnd()
		do(w, officer, lending.Restructure{Loan: id, Reason: "illness", Periods: 6, Rate: schedule.MustRate(rate)})
		w.day = first.Due.AddDays(25)
		do(w, timer, lending.EndDay{Loan: id})
		got[i] = w.loan(id).Dues[0].Advanced[lending.Penalty]
	}
	require.Equal(t, got[0], got[1])
}

// What a cap leaves of penalty interest may fall below what a payer had at a former rate.
func TestPayersPenaltyBelowItsFormer(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Rules: capping{capFrom("2020-01-01", "24")}})
	w.register("ann", "bob", "eve", "pot-a", "pot-b")
	p := covered()
	p.Late = lending.Late{Penalty: schedule.MustRate("73% per year"), Round: money.HalfEven}
	p.Fees = append(p.Fees, lending.Fee{ID: "by-day", Timing: lending.WhenLate, Base: lending.OnOutstanding, Per: lending.PerDay,
		Payee: lending.ToPlatform, PPM: 400, Round: money.HalfUp})
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
	w.deposit("pot-a", amt(1_000_000, cny))
	w.deposit("pot-b", amt(1_000_000, cny))
	first := w.loan(id).Plan.At(0)
	w.day = first.Due.AddDays(5)
	w.dayEnd()
	w.day = first.Due.AddDays(15)
	w.dayEnd()
	do(w, officer, lending.Restructure{Loan: id, Reason: "illness", Periods: 6, Rate: schedule.MustRate("9% per year")})
	require.NoError(t, w.loan(id).Check())
	w.day = w.day.AddDays(60)
	do(w, timer, lending.EndDay{Loan: id})
	require.NoError(t, w.loan(id).Check())
}

// What a cover is paid of penalty interest is no part of what it gets back of what it advanced.
func TestRecoveredIsOfWhatWasAdvanced(t *testing.T) {
	w, id := payerWorld(t, lending.PenaltyOnInstalment, 0)
	w.deposit("pot-a", amt(1_000_000, cny))
	w.deposit("pot-b", amt(1_000_000, cny))
	w.day = w.loan(id).Plan.At(0).Due.AddDays(5)
	w.dayEnd()
	w.day = w.day.AddDays(20)
	do(w, timer, lending.EndDay{Loan: id})
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	p := w.reports().Portfolio("pot-a", cny)
	require.Equal(t, p.Advanced, p.Recovered)
	require.Positive(t, p.Penalty.Minor())
}
