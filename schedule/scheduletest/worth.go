package scheduletest

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// CheckPresentValue says whether all payments of principal and interest, discounted to the start
// at the contract's rates, are worth the principal, within half a minor unit (one, where interest
// is not rounded to the nearest) for every sum of interest that was rounded, discounted as well.
// Interest is simple up to a row that pays or capitalises interest, and compound from there on.
// Every figure is an exact fraction.
//
// Passed over are terms whose payments are not worth the principal by their own rules: flat
// interest and the sum of digits, interest in advance, grace from interest, and payments that did
// not reach the interest, which then bears none; and terms that [CheckInterest] passes over.
func CheckPresentValue(t schedule.Terms, rows []schedule.Row) error {
	m, rows := newMeter(&t), withEnds(rows)
	if !m.exact() || !compounds(&t, rows) {
		return nil
	}
	a := newAccount(m)
	a.run(rows, civil.Date{}, 0)
	left, bound := a.present()
	return within("the payments fall short of the principal by", left, new(big.Rat), bound)
}

// compounds reports whether every row that pays interest pays all that is due.
func compounds(t *schedule.Terms, rows []schedule.Row) bool {
	if t.Method == schedule.MethodFlat || t.Method == schedule.MethodSumOfDigits || t.InAdvance ||
		t.Grace.Interest > 0 {
		return false
	}
	_, instalments := foreseen(t)
	carries := func(row schedule.Row) bool {
		return row.Principal == 0 && row.Capitalised == 0 && row.Balance > 0 &&
			instalments[row.End] > 0
	}
	return !paysBoth(t) || !slices.ContainsFunc(rows, carries)
}

// Revision is the plan of a loan and what an event under way made of it.
type Revision struct {
	Terms  schedule.Terms // of the loan as it began, whose rates and periods count
	Before []schedule.Row // all rows of the plan as it was
	After  []schedule.Row // all rows as they are: what was paid, what the event paid, the rest
	On     civil.Date     // the day of the event
	// Added is what the event made the rest worth more, on its day and beyond what it paid out: 0
	// for a prepayment, which After pays in a row of its own; below 0 for what was written off.
	Added int64
}

// CheckValuePreserved says whether the payments of a plan before and after an event are worth the
// same at the contract's rates, discounted to the start, but for what the event added and within
// the rounding of both plans. A row that pays or capitalises interest pays all of it, others none:
// prepaid principal alone leaves the interest of its period to the next row.
func CheckValuePreserved(r Revision) error {
	m := newMeter(&r.Terms)
	if !m.exact() {
		return fmt.Errorf("%s is not exact over parts of a period", r.Terms.DayCount)
	}
	before, after := newAccount(m), newAccount(m)
	before.run(withEnds(r.Before), civil.Date{}, 0)
	after.run(withEnds(r.After), r.On, r.Added)
	was, bound := before.present()
	is, more := after.present()
	return within("what the payments fall short by changed to", is, was, bound.Add(bound, more))
}

// account is a loan at the contract's rates to which payments are made, in exact fractions.
type account struct {
	*meter
	on      civil.Date // interest has accrued up to this day
	base    *big.Rat   // owed, with all interest up to when it last compounded
	accrued *big.Rat   // interest on it since then
	rate    *big.Rat   // what a unit has borne since then
	growth  *big.Rat   // of a unit from the start to then
	bound   *big.Rat   // the most that rounding can have moved base
	rounded *big.Rat   // the same since then
}

func newAccount(m *meter) *account {
	a := &account{meter: m, on: m.Start, base: whole(m.Principal.Minor())}
	for _, tranche := range m.Tranches {
		a.base.Sub(a.base, whole(tranche.Amount.Minor()))
	}
	a.accrued, a.rate, a.rounded = new(big.Rat), new(big.Rat), new(big.Rat)
	a.bound, a.growth = new(big.Rat), whole(1)
	return a
}

// run makes the payments of all rows, and adds a sum on a day.
func (a *account) run(rows []schedule.Row, day civil.Date, sum int64) {
	payouts := slices.Clone(a.Tranches)
	if sum != 0 {
		added := must(money.New(sum, a.Principal.Currency()))
		payouts = append(payouts, schedule.Tranche{On: day, Amount: added})
		slices.SortStableFunc(payouts, func(x, y schedule.Tranche) int { return x.On.Compare(y.On) })
	}
	for _, row := range rows {
		for len(payouts) > 0 && payouts[0].On.Before(row.End) {
			a.accrue(payouts[0].On)
			a.base.Add(a.base, whole(payouts[0].Amount.Minor()))
			payouts = payouts[1:]
		}
		a.accrue(row.End)
		if row.Interest+row.Capitalised > 0 {
			a.compound()
		}
		a.base.Sub(a.base, whole(row.Principal+row.Interest))
	}
	a.compound()
	for _, payout := range payouts { // on the last day
		a.base.Add(a.base, whole(payout.Amount.Minor()))
	}
}

// accrue lets interest run up to a day.
func (a *account) accrue(to civil.Date) {
	if !a.on.Before(to) {
		return
	}
	part := a.interest(a.on, to)
	a.rate.Add(a.rate, part)
	a.accrued.Add(a.accrued, new(big.Rat).Mul(part, a.base))
	a.rounded.Add(a.rounded, a.rounding(a.on, to))
	a.on = to
}

// compound adds the interest to what is owed.
func (a *account) compound() {
	a.base.Add(a.base, a.accrued)
	grown := whole(1)
	grown.Add(grown, a.rate)
	a.growth.Mul(a.growth, grown)
	a.bound.Add(a.bound.Mul(a.bound, grown), a.rounded)
	a.accrued, a.rate, a.rounded = new(big.Rat), new(big.Rat), new(big.Rat)
}

// present discounts to the start what is owed, and the bound of its rounding.
func (a *account) present() (owed, bound *big.Rat) {
	return new(big.Rat).Quo(a.base, a.growth), new(big.Rat).Quo(a.bound, a.growth)
}
