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
	oldest := platformFee(lending.WhenLate, lending.OnOutstanding, 10_000)
	oldest.ID = "oldest"
	yearly := platformFee(lending.AtPayout, lending.OnOutstanding, 10_000)
	yearly.ID, yearly.Per, yearly.Point = "yearly", lending.PerYear, lending.RunningTotal
	trustee := lending.Fee{ID: "trustee", Timing: lending.AtPayout, Payee: lending.ToParty, Party: "eve",
		Base: lending.OnInterest, PPM: 100_000, Round: money.Down}
	return [][]lending.Fee{nil, {byDay, whole}, {monthly}, {damages}, {yearly, trustee}, {oldest}}
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

// twinLife is what two worlds live through, of which one knows late: of a payment that was made (to a, and
// is found by b), or that it was wrong (made to b, and taken back).
type twinLife struct {
	a, b   *knower
	minor  int64 // of the loan
	wrong  bool
	levies bool // charges are levied too
	apart  bool // and went with another instalment, since one loan was accelerated and the other was not
	amount int64
	value  civil.Date
	number int
}

// A payment that is found later leaves the same books as if it had been known at the time; and so does
// one that was wrong and is taken back later.
func TestRebookedAsIfKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { newTwinLife(t, twinProduct(t)).live(t) })
}

// newTwinLife lends the same loan out in both worlds.
func newTwinLife(t *rapid.T, p lending.Product) *twinLife {
	v := &twinLife{minor: rapid.Int64Range(2_000, 300_000).Draw(t, "amount")}
	lenders := rapid.IntRange(1, 3).Draw(t, "lenders")
	caps := drawCaps(t)
	v.a, v.b = newTwin(t, p, v.minor, lenders, caps...), newTwin(t, p, v.minor, lenders, caps...)
	v.wrong = rapid.Bool().Draw(t, "wrong")
	v.amount = rapid.Int64Range(1, v.minor/2).Draw(t, "strange amount")
	return v
}

// live compares the worlds in the end, and reports whether they came so far that they can be compared.
func (v *twinLife) live(t *rapid.T) bool {
	days := rapid.IntRange(5, 25).Draw(t, "steps")
	strange := rapid.IntRange(1, days-2).Draw(t, "strange payment")
	found := rapid.IntRange(strange+1, days-1).Draw(t, "found")
	for step := range days {
		on := v.a.day.AddDays(rapid.IntRange(1, 9).Draw(t, "days"))
		v.a.day, v.b.day = on, on
		ok := true
		switch {
		case step == strange:
			ok = v.strange(on)
		case step == found:
			ok = v.found(t)
		case v.levies && rapid.IntRange(0, 3).Draw(t, "levies") == 0:
			ok = v.levy(t)
		case rapid.Bool().Draw(t, "pays"):
			ok = v.pay(rapid.Int64Range(1, v.minor/2).Draw(t, "payment"))
		}
		if !ok {
			return false
		}
		v.b.deliver()
		v.a.dayEnd()
		v.b.dayEnd()
	}
	for _, w := range []*knower{v.a, v.b} { // late charges of both up to the same day
		do(w.world, timer, lending.EndDay{Loan: w.id})
	}
	if v.apart {
		v.b.reports()
		return false
	}
	requireTwins(t, v.a, v.b)
	return true
}

// strange is the payment of which one world knows late.
func (v *twinLife) strange(on civil.Date) bool {
	v.value = on
	if v.wrong {
		v.number = v.b.loan(v.b.id).Payments + 1
		v.b.pay(v.amount)
		return true
	}
	open := v.a.loan(v.a.id).State == lending.StateActive
	v.a.pay(v.amount)
	return open
}

// found has the other world learn of it. It can be too late: a charge that was levied made an acceleration
// stand.
func (v *twinLife) found(t *rapid.T) bool {
	l := v.b.loan(v.b.id)
	if v.wrong && (len(l.History) == 0 || l.Payments < v.number) {
		return true
	}
	var err error
	late := lending.ErrDate
	if v.wrong {
		late = lending.ErrState
		err = try(v.b.world, officer, lending.ReversePayment{Loan: l.ID, Payment: v.number, Reason: "wrong"})
	} else {
		err = try(v.b.world, officer, lending.RepayAsOf{Loan: l.ID, Amount: amt(v.amount, cny),
			Value: v.value, Reason: "found"})
	}
	if v.value.Before(l.Sealed) {
		require.True(t, v.levies)
		require.ErrorIs(t, err, late)
		return false
	}
	require.NoError(t, err)
	return true
}

// pay pays in both worlds.
func (v *twinLife) pay(n int64) bool {
	if !sameOpen(v.a, v.b) {
		return false
	}
	x, y := v.a.pay(n), v.b.pay(n)
	return x <= y // else the rest went back to ann and is not asked for again
}

// levy levies a charge in both worlds.
func (v *twinLife) levy(t *rapid.T) bool {
	if !sameOpen(v.a, v.b) || v.a.loan(v.a.id).State != lending.StateActive {
		return false
	}
	c := visit(v.a.id, rapid.Int64Range(1, 900).Draw(t, "charge"))
	c.Component = draw(t, "component", []lending.Component{lending.Fees, lending.Costs})
	c.Payee = draw(t, "charge to", []lending.Payee{lending.ToPlatform, lending.ToLenders})
	var at [2]int
	for i, w := range []*knower{v.a, v.b} {
		c.Loan = w.id
		at[i] = do(w.world, officer, c).Charge.Instalment
	}
	v.apart = v.apart || at[0] != at[1]
	return true
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
