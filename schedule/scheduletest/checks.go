package scheduletest

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Check applies every check of this package but [CheckValuePreserved] to the rows of terms, which
// must be valid, and joins what they find, each under the name of its check. Rows that do not add
// up are not looked at further. What is said of money is in minor units of the principal's currency.
func Check(t schedule.Terms, rows []schedule.Row) error {
	if len(rows) == 0 {
		return errors.New("there are no rows, and no error such as errors.ErrUnsupported instead")
	}
	unit := ", in minor units of " + t.Principal.Currency().String()
	err := errors.Join(
		named("CheckDates", CheckDates(t, rows)),
		named("CheckBalance"+unit, CheckBalance(t, rows)),
		named("CheckPrincipalSums"+unit, CheckPrincipalSums(t, rows)))
	if err != nil {
		return err
	}
	return errors.Join(
		named("CheckInstalments"+unit, CheckInstalments(t, rows)),
		named("CheckFees"+unit, CheckFees(t, rows)),
		named("CheckInterest"+unit, CheckInterest(t, rows)),
		named("CheckPresentValue"+unit, CheckPresentValue(t, rows)))
}

// named puts a name before an error, if there is one.
func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

// CheckPrincipalSums says whether the principal of all rows sums to that of the terms and what was
// capitalised.
func CheckPrincipalSums(t schedule.Terms, rows []schedule.Row) error {
	want, got := t.Principal.Minor(), int64(0)
	for _, row := range rows {
		want += row.Capitalised
		got += row.Principal
	}
	if got != want {
		return fmt.Errorf("principal sums to %d, want %d", got, want)
	}
	return nil
}

// CheckBalance says whether no figure is negative, every balance is the one before with what was
// paid out and capitalised since, less the row's principal, and the last is zero.
func CheckBalance(t schedule.Terms, rows []schedule.Row) error {
	out, next := t.Principal.Minor(), 0
	for _, tranche := range t.Tranches {
		out -= tranche.Amount.Minor()
	}
	for i, row := range withEnds(rows) {
		if min(row.Principal, row.Interest, row.Fee, row.Capitalised, row.Balance) < 0 {
			return fmt.Errorf("row %d has a negative figure: %+v", i+1, row)
		}
		// A tranche comes after what else falls on its day, and before its own down payment.
		want := out + row.Capitalised - row.Principal
		for ; next < len(t.Tranches) && !t.Tranches[next].On.After(row.End); next++ {
			if t.Tranches[next].On == row.End && row.Balance == want {
				break
			}
			want += t.Tranches[next].Amount.Minor()
		}
		if row.Balance != want {
			return fmt.Errorf("row %d has a balance of %d, want %d", i+1, row.Balance, want)
		}
		out = row.Balance
	}
	if out != 0 || next < len(t.Tranches) {
		return fmt.Errorf("%d is out at the end, of %d tranches %d were paid out", out,
			len(t.Tranches), next)
	}
	return nil
}

// CheckDates says whether there is a row for every instalment, on the days that the terms' rules
// give, and no row on a day on which nothing is due; whether no day is before the start or the row
// before it, and the last is the end of the term.
func CheckDates(t schedule.Terms, rows []schedule.Row) error {
	days, missing := foreseen(&t)
	last := t.Start
	for i, row := range withEnds(rows) {
		due, known := days[row.End]
		switch {
		case row.Due.Before(last):
			return fmt.Errorf("row %d is due on %s, before %s", i+1, row.Due, last)
		case !known:
			return fmt.Errorf("row %d is on %s, when nothing is due", i+1, row.End)
		case row.Due != later(due, last) && row.Due != later(row.End, last):
			return fmt.Errorf("row %d of %s is due on %s, want %s", i+1, row.End, row.Due, due)
		}
		last = row.Due
		missing[row.End]--
	}
	for _, day := range slices.SortedFunc(maps.Keys(missing), civil.Date.Compare) {
		if n := missing[day]; n > 0 {
			return fmt.Errorf("%d instalments are missing on %s", n, day)
		}
	}
	if end, _ := moved(&t, lastDay(&t)); len(rows) == 0 || withEnds(rows)[len(rows)-1].End != end {
		return fmt.Errorf("the last row is not on %s", end)
	}
	return nil
}

func lastDay(t *schedule.Terms) civil.Date {
	days := instalmentDays(t)
	return days[len(days)-1]
}

// foreseen maps the days to which rows may count to their days of payment, and those of
// instalments to how many there are.
func foreseen(t *schedule.Terms) (days map[civil.Date]civil.Date, instalments map[civil.Date]int) {
	days, instalments = map[civil.Date]civil.Date{}, map[civil.Date]int{}
	add := func(dates ...civil.Date) {
		for _, day := range dates {
			end, due := moved(t, day)
			days[end] = due
		}
	}
	add(t.Capitalise)
	add(interestDays(t)...)
	for _, day := range instalmentDays(t) {
		add(day)
		if end, _ := moved(t, day); end.After(t.Capitalise) {
			instalments[end]++
		}
	}
	for _, fee := range t.Fees {
		add(feeDays(t, fee)...)
	}
	if _, known := days[t.Start]; !known && (t.InAdvance || !t.DownPayment.IsZero()) {
		days[t.Start] = t.Start
	}
	if !t.DownPayment.IsZero() {
		for _, tranche := range t.Tranches {
			if _, known := days[tranche.On]; !known {
				days[tranche.On] = tranche.On
			}
		}
	}
	return days, instalments
}

// feeDays are the days on which a fee is due, one when it is due once.
func feeDays(t *schedule.Terms, fee schedule.Fee) []civil.Date {
	if fee.Cycle.Every.IsZero() {
		return []civil.Date{fee.Cycle.First}
	}
	return newRun(fee.Cycle.First, fee.Cycle.Every, t.MonthEnd).before(lastDay(t), 0, 0)
}

// CheckFees says whether the fees of all rows sum to those of the terms: exactly where they are
// amounts or shares of the principal paid out by then, within the rounding of each where they accrue.
func CheckFees(t schedule.Terms, rows []schedule.Row) error {
	m, rows := newMeter(&t), withEnds(rows)
	want, bound, got := new(big.Rat), new(big.Rat), int64(0)
	for _, row := range rows {
		got += row.Fee
	}
	for _, fee := range t.Fees {
		days := feeDays(&t, fee)
		switch {
		case fee.Rate.Basis() == schedule.OfPrincipal:
			for _, day := range days { // a tranche comes after the fees of its day
				end, _ := moved(&t, day)
				want.Add(want, whole(must(money.MulDiv(paidOutBefore(&t, end), fee.Rate.Pico(), 100*onePercent,
					t.Rounding.Interest))))
			}
		case fee.Rate.IsZero():
			want.Add(want, whole(fee.Amount.Minor()*int64(len(days))))
		case !m.exact():
			return nil
		default:
			want.Add(want, m.feesOf(fee, rows))
			bound.Add(bound, new(big.Rat).Mul(whole(int64(len(days))), m.unitError()))
		}
	}
	return within("fees sum to", whole(got), want, bound)
}

// paidOutBefore is the principal that was paid out on Start and before a day.
func paidOutBefore(t *schedule.Terms, day civil.Date) int64 {
	sum := t.Principal.Minor()
	for _, tranche := range t.Tranches {
		if !tranche.On.Before(day) {
			sum -= tranche.Amount.Minor()
		}
	}
	return sum
}

// feesOf is what a fee comes to that accrues.
func (m *meter) feesOf(fee schedule.Fee, rows []schedule.Row) *big.Rat {
	rate := m.annual(fee.Rate)
	end, _ := moved(m.Terms, lastDay(m.Terms))
	return m.interestOf(standings(m.Terms, rows), m.Start, end, func(from, to civil.Date) *big.Rat {
		return m.years(from, to, func(_ int, _ civil.Date, part *big.Rat) *big.Rat {
			return part.Mul(part, rate)
		})
	})
}

// CheckInterest says whether all interest that is paid or capitalised is what the principal that
// is out bears at the contract's rates, within the rounding of each row, and no more than has
// accrued is charged under way. Under MethodFlat and MethodSumOfDigits the principal is the first
// to the end. Terms that cut periods into parts which their day count does not add up are passed
// over.
func CheckInterest(t schedule.Terms, rows []schedule.Row) error {
	m, rows := newMeter(&t), withEnds(rows)
	switch {
	case !m.exact():
		return nil
	case t.Method == schedule.MethodFlat || t.Method == schedule.MethodSumOfDigits:
		return m.checkFlat(rows)
	case t.InAdvance:
		return m.checkAdvance(rows)
	}
	accrued, bound, out, from := new(big.Rat), new(big.Rat), standings(&t, rows), t.Start
	for i, row := range rows {
		accrued.Add(accrued, m.interestOf(out, from, row.End, m.interest))
		accrued.Sub(accrued, whole(row.Interest+row.Capitalised))
		bound.Add(bound, m.rounding(from, row.End))
		if from = row.End; new(big.Rat).Neg(accrued).Cmp(bound) > 0 {
			return fmt.Errorf("row %d charges %s more than has accrued", i+1,
				decimal(accrued.Neg(accrued)))
		}
	}
	return within("unpaid interest is", accrued, new(big.Rat), bound)
}

// checkFlat holds the interest of the whole term against that of the first principal.
func (m *meter) checkFlat(rows []schedule.Row) error {
	got, first := int64(0), m.Principal.Minor()-down(m.Terms, m.Principal.Minor())
	for _, row := range rows {
		got += row.Interest
	}
	end := m.periods[len(m.periods)-1].to
	want := m.interest(m.Start, end)
	each := m.Method == schedule.MethodFlat && m.Sizing == schedule.SizeByAccrual
	if m.Accrual == schedule.AccrueByDays && !each {
		want = m.part(0, m.Start, end)
		want.Mul(want, m.rateOn(m.Start))
	}
	bound := m.unitError()
	if each {
		bound.Mul(bound, whole(int64(len(m.periods))))
	}
	return within("interest sums to", whole(got), want.Mul(want, whole(first)), bound)
}

// checkAdvance holds the interest of every row against that of the period which begins with it.
func (m *meter) checkAdvance(rows []schedule.Row) error {
	got, want, bound := int64(0), new(big.Rat), new(big.Rat)
	for _, row := range rows {
		got += row.Interest
		bound.Add(bound, m.unitError())
	}
	end, _ := moved(m.Terms, lastDay(m.Terms))
	want.Add(want, m.interestOf(standings(m.Terms, rows), m.Start, end, m.interest))
	return within("interest sums to", whole(got), want, bound)
}

// within is nil when got is as far from want as the bound at most.
func within(what string, got, want, bound *big.Rat) error {
	gap := new(big.Rat).Sub(got, want)
	if gap.Abs(gap).Cmp(bound) <= 0 {
		return nil
	}
	return fmt.Errorf("%s %s, want %s within %s", what, decimal(got), decimal(want), decimal(bound))
}

func decimal(x *big.Rat) string { return x.FloatString(3) }

// withEnds are rows of which each has an End; where it has none it is Due.
func withEnds(rows []schedule.Row) []schedule.Row {
	all := make([]schedule.Row, len(rows))
	for i, row := range rows {
		if row.End.IsZero() {
			row.End = row.Due
		}
		all[i] = row
	}
	return all
}
