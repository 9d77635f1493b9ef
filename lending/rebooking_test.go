package lending_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// knower is one of two worlds in which the same payments come to the same loan, one of them found later.
type knower struct {
	*world
	id lending.LoanID
}

var twinLenders = []lending.PartyID{"bob", "cat", "eve"}

func newTwin(t require.TestingT, p lending.Product, minor int64, lenders int, caps ...lending.CostCap) *knower {
	w := newWorld(t, lending.Config{Chunk: 2, Rules: capping(caps)})
	w.register(append([]lending.PartyID{"ann"}, twinLenders...)...)
	id := w.lent(p, minor, 3, "12% per year", twinLenders[:lenders]...)
	w.deposit("ann", amt(50*minor, cny))
	return &knower{w, id}
}

// twinProduct draws a product whose late charges go here or there.
func twinProduct(t *rapid.T) lending.Product {
	p := overdueProduct(t)
	p.Waterfall.ByBucket = rapid.Bool().Draw(t, "by bucket")
	late := slices.IndexFunc(p.Fees, func(f lending.Fee) bool { return f.ID == "late" })
	p.Fees[late].Payee = rapid.SampledFrom([]lending.Payee{lending.ToPlatform, lending.ToLenders}).Draw(t, "payee")
	p.Late.GraceDays = rapid.IntRange(0, 5).Draw(t, "grace")
	return p
}

// moreFees are sets of fees that are figured by time, by instalment or once a loan.
func moreFees() [][]lending.Fee {
	byDay := stepped(platformFee(lending.WhenLate, lending.OnUnpaid, 3000), lending.FeeStep{From: 10, PPM: 5000})
	byDay.ID, byDay.Per, byDay.TaxPPM = "by-day", lending.PerDay, 60_000
	whole := byDay
	whole.ID, whole.Base, whole.Payee, whole.TaxPPM = "whole", lending.OnOutstanding, lending.ToLenders, 0
	monthly := platformFee(lending.WithInstalment, lending.OnOutstanding, 5000)
	monthly.ID = "monthly"
	damages := stepped(platformFee(lending.OnDefault, lending.OnOutstanding, 0), lending.FeeStep{From: 40, PPM: 200_000})
	damages.ID = "damages"
	yearly := platformFee(lending.AtPayout, lending.OnOutstanding, 10_000)
	yearly.ID, yearly.Per, yearly.Point = "yearly", lending.PerYear, lending.RunningTotal
	trustee := lending.Fee{ID: "trustee", Timing: lending.AtPayout, Payee: lending.ToParty, Party: "eve",
		Base: lending.OnInterest, PPM: 100_000, Round: money.Down}
	return [][]lending.Fee{nil, {byDay, whole}, {monthly}, {damages}, {yearly, trustee}}
}

// pay pays if the loan still runs, and returns how much it took up.
func (w *knower) pay(minor int64) (taken int64) {
	if w.loan(w.id).State == lending.StateActive {
		taken = do(w.world, party("ann"), lending.Repay{Loan: w.id, Amount: amt(minor, cny)}).Total.Minor()
		w.deliver()
	}
	return taken
}

// requireTwins compares everything that money or title has to do with.
func requireTwins(t *rapid.T, a, b *knower) {
	t.Helper()
	x, y := a.loan(a.id), b.loan(b.id)
	require.NoError(t, y.Check())
	require.Equal(t, x.State, y.State)
	require.Equal(t, x.Dues, y.Dues)
	require.Equal(t, x.Acceleration, y.Acceleration)
	require.Equal(t, x.Cost, y.Cost)
	require.Equal(t, x.Lots, y.Lots)
	require.Equal(t, x.Received, y.Received)
	for _, p := range append([]lending.PartyID{"ann"}, twinLenders...) {
		v, w := a.wallet(p, cny), b.wallet(p, cny)
		require.Equal(t, v.Available, w.Available, "%s", p)
		require.Equal(t, v.LentTotal(), w.LentTotal(), "%s", p)
		require.Equal(t, v.Debt(), w.Debt(), "%s", p)
	}
	ra, rb := a.reports(), b.reports()
	require.NoError(t, rb.Check())
	require.Equal(t, ra.Income(cny), rb.Income(cny))
	for _, book := range []ledger.Book{ledger.Client, ledger.Platform, ledger.Register} {
		require.Equal(t, ra.TrialBalance(book), rb.TrialBalance(book))
	}
	for _, p := range twinLenders {
		require.Equal(t, ra.Portfolio(p, cny), rb.Portfolio(p, cny))
	}
}

// A payment that is found later leaves the same books as if it had been known at the time; and so does
// one that was wrong and is taken back later.
func TestRebookedAsIfKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		minor := rapid.Int64Range(2_000, 300_000).Draw(t, "amount")
		lenders := rapid.IntRange(1, 3).Draw(t, "lenders")
		caps := drawCaps(t)
		a, b := newTwin(t, p, minor, lenders, caps...), newTwin(t, p, minor, lenders, caps...)
		wrong := rapid.Bool().Draw(t, "wrong")
		days := rapid.IntRange(5, 25).Draw(t, "steps")
		strange := rapid.IntRange(1, days-2).Draw(t, "strange payment")
		found := rapid.IntRange(strange+1, days-1).Draw(t, "found")
		var value civil.Date
		var number int
		amount := rapid.Int64Range(1, minor/2).Draw(t, "strange amount")
		for step := range days {
			on := a.day.AddDays(rapid.IntRange(1, 9).Draw(t, "days"))
			a.day, b.day = on, on
			switch {
			case step == strange && wrong:
				number = b.loan(b.id).Payments + 1
				b.pay(amount)
			case step == strange:
				if value = on; a.loan(a.id).State != lending.StateActive {
					return
				}
				a.pay(amount)
			case step == found && wrong:
				if len(b.loan(b.id).History) >= 1 && b.loan(b.id).Payments >= number {
					do(b.world, officer, lending.ReversePayment{Loan: b.id, Payment: number, Reason: "wrong"})
				}
			case step == found:
				do(b.world, officer, lending.RepayAsOf{Loan: b.id, Amount: amt(amount, cny), Value: value, Reason: "found"})
			case rapid.Bool().Draw(t, "pays"):
				n := rapid.Int64Range(1, minor/2).Draw(t, "payment")
				if !sameOpen(a, b) {
					return
				}
				if x, y := a.pay(n), b.pay(n); wrong && x != y {
					return // the rest went back to ann and is not asked for again
				}
			}
			b.deliver()
			a.dayEnd()
			b.dayEnd()
		}
		for _, w := range []*knower{a, b} { // late charges of both up to the same day
			do(w.world, timer, lending.EndDay{Loan: w.id})
		}
		requireTwins(t, a, b)
	})
}

// sameOpen reports whether both loans take payments or neither does: what one of them cannot take up
// while a payment is wrong or missing cannot be compared.
func sameOpen(a, b *knower) bool { return a.loan(a.id).State == b.loan(b.id).State }

// What RepayAsOf refuses.
func TestRepayAsOfRefuses(t *testing.T) {
	a := newTwin(t, rich(), 100_000, 2)
	start := a.day
	a.day = start.AddDays(40)
	a.dayEnd()
	ok := lending.RepayAsOf{Loan: a.id, Amount: amt(100, cny), Value: start.AddDays(20), Reason: "found"}
	refused := func(want error, change func(*lending.RepayAsOf)) {
		c := ok
		change(&c)
		require.ErrorIs(t, try(a.world, officer, c), want)
	}
	refused(lending.ErrDate, func(c *lending.RepayAsOf) { c.Value = start.AddDays(-1) })
	refused(lending.ErrDate, func(c *lending.RepayAsOf) { c.Value = a.day.AddDays(1) })
	refused(lending.ErrDate, func(c *lending.RepayAsOf) { c.Value = civil.Date{} })
	refused(lending.ErrAmount, func(c *lending.RepayAsOf) { c.Amount = amt(0, cny) })
	refused(lending.ErrID, func(c *lending.RepayAsOf) { c.Reason = "" })
	refused(lending.ErrUnknown, func(c *lending.RepayAsOf) { c.Loan = "L9" })
	require.ErrorIs(t, try(a.world, party("ann"), ok), lending.ErrActor)
	do(a.world, officer, ok)
	require.ErrorIs(t, try(a.world, officer, lending.ReversePayment{Loan: a.id, Payment: 2, Reason: "r"}), lending.ErrUnknown)
	do(a.world, officer, lending.WriteOff{Loan: a.id, Reason: "overdue"})
	refused(lending.ErrDate, func(*lending.RepayAsOf) {})
	require.ErrorIs(t, try(a.world, officer, lending.ReversePayment{Loan: a.id, Payment: 1, Reason: "r"}), lending.ErrState)
}
