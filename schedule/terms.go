package schedule

import (
	"errors"
	"math/big"
	"reflect"
	"slices"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxPeriods is the most instalments a plan may have: fifty years of months.
const MaxPeriods = 600

// Terms are the rules of a loan, from which its Plan follows. The first block and Rounding's two
// modes must be set: whatever changes a cent is said here. The fields behind them are optional, and
// zero means without. Terms encode in JSON as texts.
type Terms struct {
	Principal money.Amount `json:"principal"`          // above zero; all tranches together
	Rate      Rate         `json:"rate"`               // nominal, simple within a period
	Method    Method       `json:"method"`             // how it is paid back
	Periods   int          `json:"periods,omitzero"`   // 1 to MaxPeriods; may be 0 with Maturity
	Every     Frequency    `json:"every"`              // the length of a period
	Start     civil.Date   `json:"start"`              // interest accrues from this day (起息日)
	FirstDue  civil.Date   `json:"first_due,omitzero"` // zero: one period after Start; else see Sizing

	DayCount daycount.Convention `json:"day_count"` // for odd periods, and with AccrueByDays all
	Accrual  Accrual             `json:"accrual"`
	Rounding Rounding            `json:"rounding"`

	// Maturity ends the term on this day. With Periods it is the last of so many due dates; without,
	// due dates run as Every has them as long as they are before it.
	Maturity civil.Date `json:"maturity,omitzero"`
	Stub     Stub       `json:"stub,omitzero"`      // of a Maturity without Periods; zero: short
	MonthEnd bool       `json:"month_end,omitzero"` // from the end of a month, dates stay at the end
	Shift    Shift      `json:"shift,omitzero"`     // of days that are not business days

	// Sizing figures the level payment; zero: by period. Payment gives it instead, up to the first
	// change of rate; under MethodFixedPayment it is what is paid, under MethodEqualPrincipal the
	// principal of an instalment.
	Sizing     Sizing         `json:"sizing,omitzero"`
	Payment    money.Amount   `json:"payment,omitzero"`
	Negative   bool           `json:"negative,omitzero"`    // MethodFixedPayment may add to the balance
	Balloon    money.Amount   `json:"balloon,omitzero"`     // of the principal, paid with the last only
	Principals []money.Amount `json:"principals,omitempty"` // MethodCustom: one an instalment
	Steps      []Step         `json:"steps,omitempty"`      // MethodStepped

	Rates     []RateStep `json:"rates,omitempty"`     // changes of Rate, by rising days
	Tranches  []Tranche  `json:"tranches,omitempty"`  // what of Principal is paid out after Start
	Changes   []Change   `json:"changes,omitempty"`   // what else happened, by days that do not fall
	Grace     Grace      `json:"grace,omitzero"`      // for the first instalments
	InAdvance bool       `json:"in_advance,omitzero"` // interest is paid as a period begins
	// Interest has dates of its own for interest. Where an instalment is one payment of both, they
	// lead up to the day one period before the first instalment, which is the last of them.
	Interest Cycle `json:"interest,omitzero"`
	// Capitalise adds to the balance, up to and on this day, the interest that falls due. A level
	// payment is figured anew; equal principal stays, and the last instalment takes the rest.
	Capitalise  civil.Date   `json:"capitalise,omitzero"`
	DownPayment Rate         `json:"down_payment,omitzero"` // "25% of principal" back as it is paid out, rounded as instalments are
	Fees        []Fee        `json:"fees,omitempty"`
	Discount    money.Amount `json:"discount,omitzero"` // kept back from what is paid out on Start
}

// Equal reports whether both terms say the same. Calendars are compared by their days.
func (t Terms) Equal(o Terms) bool {
	if !t.Shift.Calendar.Equal(o.Shift.Calendar) || !slices.Equal(t.Principals, o.Principals) ||
		!slices.Equal(t.Steps, o.Steps) || !slices.Equal(t.Rates, o.Rates) ||
		!slices.Equal(t.Tranches, o.Tranches) || !slices.Equal(t.Fees, o.Fees) ||
		!slices.EqualFunc(t.Changes, o.Changes, Change.equal) {
		return false
	}
	for _, x := range []*Terms{&t, &o} {
		x.Principals, x.Steps, x.Rates, x.Tranches, x.Fees, x.Changes = nil, nil, nil, nil, nil, nil
		x.Shift.Calendar = calendar.Calendar{}
		for _, amount := range []*money.Amount{&x.Payment, &x.Balloon, &x.Discount} {
			if amount.Sign() == 0 {
				*amount = money.Amount{} // nothing, in whatever currency
			}
		}
	}
	return reflect.DeepEqual(t, o)
}

// clone shares no memory with t.
func (t Terms) clone() Terms {
	t.Principals, t.Steps, t.Rates = slices.Clone(t.Principals), slices.Clone(t.Steps), slices.Clone(t.Rates)
	t.Tranches, t.Fees, t.Changes = slices.Clone(t.Tranches), slices.Clone(t.Fees), slices.Clone(t.Changes)
	return t
}

// requirer notes a fault unless ok.
type requirer func(ok bool, field, problem string)

// Validate reports everything that is wrong with the terms: nil, or an errors.Join of
// *TermsError values, each of which unwraps to ErrTerms.
func (t Terms) Validate() error {
	var faults []error
	require := func(ok bool, field, problem string) {
		if !ok {
			faults = append(faults, &TermsError{Field: field, Problem: problem})
		}
	}
	require(t.Principal.Sign() > 0, "Principal", "must be above zero")
	require(t.Rate.isInterest(), "Rate", "must be set, per year or per period")
	if !t.Method.IsValid() {
		require(false, "Method", "must be "+oneOf(methods))
	}
	require(t.Periods >= 1 && t.Periods <= MaxPeriods || t.Periods == 0 && !t.Maturity.IsZero(),
		"Periods", "must be 1 to 600")
	require(!t.Every.IsZero(), "Every", "must be set")
	require(!t.Start.IsZero(), "Start", "must be set")
	require(t.FirstDue.IsZero() || t.FirstDue.After(t.Start) ||
		t.FirstDue == t.Start && (t.paysBoth() || t.Method == MethodEqualPrincipal) && !t.InAdvance,
		"FirstDue", "must be after Start, or for an instalment of principal on it")
	require(t.DayCount.IsValid(), "DayCount", "must be one of the day counts, such as 30/360 or act/365f")
	if !t.Accrual.IsValid() {
		require(false, "Accrual", "must be "+oneOf(accruals))
	}
	t.Rounding.validate(require)
	t.validateOptions(require)
	if len(faults) == 0 {
		t.validateDates(require)
	}
	return errors.Join(faults...)
}

// validateOptions looks at what may be left out.
func (t *Terms) validateOptions(require requirer) {
	require(t.Stub.IsValid(), "Stub", "must be short or long")
	require(t.Sizing.IsValid(), "Sizing", "must be by-period or by-accrual")
	require(t.Shift.Rule == 0 || t.Shift.Rule.IsValid(), "Shift.Rule", "must be one of the adjustments")
	require(t.Shift.Rule == 0 || t.Shift.Rule == calendar.NoAdjustment || !t.Shift.Calendar.IsZero(),
		"Shift.Calendar", "must be set to shift by")
	require(!t.Shift.Accrual || t.Shift.Rule != 0 && !t.Accrual.whole(), "Shift.Accrual",
		"is for accrual by-days under a rule")
	require(optional(t, t.Payment), "Payment", "must be above zero in the currency of the principal")
	require(optional(t, t.Balloon) && t.Balloon.Minor() <= t.Principal.Minor(), "Balloon",
		"must be up to the principal, in its currency")
	require(optional(t, t.Discount) && t.Discount.Minor() <= t.Principal.Minor(), "Discount",
		"must be up to the principal, in its currency")
	require(t.DownPayment.IsZero() || t.DownPayment.basis == OfPrincipal &&
		t.DownPayment.pico < picoPerOne, "DownPayment", "must be below 100% of principal")
	t.Interest.validate(require, "Interest")
	require(t.Interest.IsZero() || !t.Interest.First.Before(t.Start), "Interest", "must be from Start")
	t.Grace.validate(require)
	validateRates(t, require)
	validateTranches(t, require)
	validateSteps(t.Steps, require)
	validateFees(t, require)
	validateChanges(t, require)
	t.validateMethod(require)
}

// validateMethod looks at what the method asks for, and at what it cannot have.
func (t *Terms) validateMethod(require requirer) {
	is := func(methods ...Method) bool { return slices.Contains(methods, t.Method) }
	level := is(MethodLevelPayment, MethodStepped, MethodFixedPayment)
	require(!is(MethodFixedPayment) || t.Payment.Sign() > 0, "Payment", "must be set for fixed-payment")
	require(t.Payment.Sign() == 0 || level || is(MethodEqualPrincipal), "Payment",
		"is for level-payment, stepped, fixed-payment and equal-principal")
	require(t.Balloon.Sign() == 0 || is(MethodLevelPayment, MethodStepped, MethodEqualPrincipal),
		"Balloon", "is for level-payment, stepped and equal-principal")
	require(is(MethodCustom) == (len(t.Principals) > 0), "Principals", "are for custom, and for it only")
	require(is(MethodStepped) == (len(t.Steps) > 0), "Steps", "are for stepped, and for it only")
	require(!t.Negative || is(MethodFixedPayment), "Negative", "is for fixed-payment")
	require(t.Rounding.Remainder != RemainderFirst || is(MethodEqualPrincipal) ||
		is(MethodFlat) && t.Sizing != SizeByAccrual, "Rounding.Remainder",
		"may be first for equal-principal, and for flat by-period, only")
	require(!t.InAdvance || is(MethodEqualPrincipal, MethodInterestOnly, MethodBullet, MethodCustom) &&
		len(t.Rates)+len(t.Tranches) == 0 && t.Interest.IsZero() && t.Capitalise.IsZero() &&
		t.Grace == Grace{} && t.Rounding.Grain <= GrainRow, "InAdvance",
		"is for equal-principal, interest-only, bullet and custom at one rate and plain interest")
	require(!is(MethodFlat, MethodSumOfDigits) || len(t.Rates)+len(t.Tranches) == 0 &&
		t.Interest.IsZero() && t.Capitalise.IsZero() && t.Grace == Grace{}, "Method",
		"must not charge flat interest on terms that change, or with grace or interest of its own")
	if is(MethodCustom) {
		t.validatePrincipals(require)
	}
}

func (t *Terms) validatePrincipals(require requirer) {
	var sum int64
	for _, part := range t.Principals {
		require(optional(t, part), "Principals", "must be zero or more in the currency of the principal")
		sum += min(part.Minor(), money.MaxMinor-sum)
	}
	require(sum == t.Principal.Minor()-t.downPayment(t.Principal.Minor()), "Principals",
		"must sum to the principal, less any down payment")
	require(len(t.Principals) == t.Periods, "Principals", "must be one for each of Periods")
}

// longestByDay bounds a term whose interest is rounded every day: a hundred years.
const longestByDay = 36_600

// validateDates looks at where the term ends; the other fields are sound.
func (t *Terms) validateDates(require requirer) {
	end := t.lastDue()
	if end.IsZero() {
		require(false, "Periods", "must end before the year 10000")
		return
	}
	require(end != t.Start || !t.Maturity.IsZero(), "FirstDue", "must not end the term on Start")
	if !t.Maturity.IsZero() {
		require(t.Maturity.After(t.Start), "Maturity", "must be after Start")
		before := t.Start
		if t.Periods > 1 {
			before = t.grid().at(t.Periods - 2)
		}
		require(t.Maturity.After(before), "Maturity", "must be after the due date before it")
		require(t.Periods > 0 || len(t.dueDates()) <= MaxPeriods, "Maturity", "must be within 600 periods")
	}
	t.validateDues(require, end)
	require(t.Rounding.Grain != GrainDay || end.Sub(t.Start) <= longestByDay, "Rounding.Grain",
		"may be by day for a hundred years at most")
	for _, tranche := range t.Tranches {
		require(tranche.On.Before(end), "Tranches", "must be before the end of the term")
	}
	t.validateWork(require, end)
}

// validateDues looks at the days on which something is due.
func (t *Terms) validateDues(require requirer, end civil.Date) {
	due, n := t.grid().at(0), t.Periods
	switch {
	case t.Method == MethodBullet || t.Every.unit == UnitTerm || n == 1:
		due, n = end, 1
	case n == 0:
		dues := t.dueDates()
		due, n = dues[0], len(dues)
	}
	_, first := t.Shift.days(due)
	require(!first.Before(t.Start), "Shift", "must not move a due date before Start")
	require(t.Grace.Principal < n && t.Grace.Interest < n, "Grace",
		"must leave an instalment after it")
	require(t.Capitalise.IsZero() || t.Capitalise.Before(end), "Capitalise",
		"must end before the term does")
	perPeriod := t.Rate.basis == PerPeriod
	for _, step := range t.Rates {
		perPeriod = perPeriod || step.Rate.basis == PerPeriod
	}
	require(t.Every.unit != UnitTerm || !perPeriod, "Rate", "must be per year where the period is the term")
}

// maxWork bounds what a walk may do, about two seconds of it.
const maxWork = 2_000_000

// work is about how much there is to do: the days or points that the walk looks at, for every time
// that a payment is figured.
func (t *Terms) work(end civil.Date) int {
	changes := len(t.Rates) + len(t.Tranches) + len(t.Changes)
	figured, points := 1, MaxPeriods+changes
	if t.Periods > 0 {
		points = t.Periods + changes
	}
	for _, step := range t.Rates {
		if !step.Keep {
			figured++
		}
	}
	for _, c := range t.Changes {
		if c.Kind != ChangeShort && c.Kind != ChangeEarly && c.Effect <= EffectLower {
			figured++
		}
	}
	figured += len(t.Tranches)
	switch {
	case t.Rounding.Smooth && t.Rounding.Grain == GrainDay:
		return figured * 5 * max(points, end.Sub(t.Start))
	case t.Rounding.Smooth:
		return figured * 100 * points
	case t.paysBoth():
		return figured * 20 * points
	}
	return figured * points
}

// validateWork looks at how much there is to do until the end of the term.
func (t *Terms) validateWork(require requirer, end civil.Date) {
	fits := func(c Cycle) bool {
		return len(c.dates(t, end, StubShort)) <= MaxPeriods
	}
	require(fits(t.Interest), "Interest", "must have 600 dates at most")
	for _, fee := range t.Fees {
		require(fits(fee.Cycle), "Fees", "must each have 600 dates at most")
		require(!fee.Cycle.Every.IsZero() || !fee.Cycle.First.After(end), "Fees",
			"must be within the term where they are due once")
	}
	require(t.work(end) <= maxWork, "Rates", "and other changes must be fewer for terms so long")
	require(len(t.Fees) <= maxFees && len(t.Steps) <= MaxPeriods, "Fees", "must be 10 at most")
}

// maxFees bounds Terms.Fees.
const maxFees = 10

// downPayment is the part of a payout that is paid back as it is paid out.
func (t *Terms) downPayment(payout int64) int64 {
	if t.DownPayment.IsZero() {
		return 0
	}
	part := big.NewRat(t.DownPayment.pico, picoPerOne)
	part.Mul(part, new(big.Rat).SetInt64(payout))
	down, _ := roundRat(part, t.Rounding.Instalment, t.Rounding.unit())
	return min(down, payout)
}

// anchor is the date from which due dates are counted, and how many periods after it the first
// falls: Start and 1, or FirstDue and 0 when the first period is shorter or longer than the others.
// All are counted from one date, so that 31 January is followed by 28 February and 31 March.
func (t *Terms) anchor() (civil.Date, int) {
	if t.FirstDue.IsZero() || t.FirstDue == t.Every.After(t.Start, 1) {
		return t.Start, 1
	}
	return t.FirstDue, 0
}

// grid is where due dates stand, before days that are not business days are moved.
func (t *Terms) grid() grid {
	anchor, ahead := t.anchor()
	return newGrid(anchor, ahead, t.Every, t.MonthEnd)
}

// lastDue is the end of the term; the zero date when it is out of the calendar.
func (t *Terms) lastDue() civil.Date {
	if !t.Maturity.IsZero() {
		return t.Maturity
	}
	return t.grid().at(t.Periods - 1)
}

// dueDates are the dates of all instalments, before days that are not business days are moved.
func (t *Terms) dueDates() []civil.Date {
	dates := t.periodEnds()
	if t.Method == MethodBullet {
		return dates[len(dates)-1:]
	}
	return dates
}

// periodEnds are the ends of all periods, whether something is due then or not.
func (t *Terms) periodEnds() []civil.Date {
	switch {
	case t.Every.unit == UnitTerm:
		return []civil.Date{t.lastDue()}
	case t.Periods == 0:
		return t.grid().until(t.Maturity, t.Stub)
	}
	dates := t.grid().first(t.Periods)
	dates[t.Periods-1] = t.lastDue()
	return dates
}

// Plan makes the plan that follows from the terms. It fails with what Validate reports, or with
// an *OverflowError when principal and interest together would pass money.MaxMinor.
func (t Terms) Plan() (Plan, error) {
	prepared, err := t.Prepare()
	if err != nil {
		return Plan{}, err
	}
	rows, err := prepared.Append(make([]Row, 0, prepared.Len()))
	if err != nil {
		return Plan{}, err
	}
	return planOf(t.clone(), rows), nil
}

// annual is a rate of interest for a year.
func (t *Terms) annual(r Rate) *big.Rat {
	annual := big.NewRat(r.pico, picoPerOne)
	if r.basis == PerPeriod {
		year := t.Every.year(t.DayCount)
		annual.Mul(annual, big.NewRat(year.den, year.num))
	}
	return annual
}
