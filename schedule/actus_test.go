package schedule_test

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// actusCase is a published case of the ACTUS standard: terms, an index, and what is paid.
type actusCase struct {
	ID     string
	Type   string
	Terms  map[string]string
	Market map[string][][2]string
	To     string
	Cash   [][7]string // date, interest, principal, fee, capitalised, balance, rate
}

// actusTerms are the terms that the adapter below understands; a case with another is unsupported.
var actusTerms = map[string]bool{
	"contractType": true, "contractID": true, "contractRole": true, "contractDealDate": true,
	"statusDate": true, "currency": true, "fixingDays": true, "calendar": true,
	"notionalPrincipal": true, "initialExchangeDate": true, "maturityDate": true,
	"amortizationDate": true, "nominalInterestRate": true, "dayCountConvention": true,
	"cycleAnchorDateOfInterestPayment": true, "cycleOfInterestPayment": true,
	"cycleAnchorDateOfPrincipalRedemption": true, "cycleOfPrincipalRedemption": true,
	"nextPrincipalRedemptionPayment": true, "endOfMonthConvention": true,
	"premiumDiscountAtIED": true, "businessDayConvention": true, "capitalizationEndDate": true,
	"cycleAnchorDateOfRateReset": true, "cycleOfRateReset": true, "rateSpread": true,
	"rateMultiplier": true, "nextResetRate": true, "marketObjectCodeOfRateReset": true,
	"feeRate": true, "feeBasis": true, "feeAccrued": true, "cycleAnchorDateOfFee": true,
	"cycleOfFee": true, "interestCalculationBase": true,
}

// unsupported says what of a case the adapter does not understand, from its terms alone.
func (c *actusCase) unsupported() string {
	for name := range c.Terms {
		if !actusTerms[name] {
			return name
		}
	}
	status, start := c.day("statusDate"), c.day("initialExchangeDate")
	switch {
	case c.Terms["interestCalculationBase"] != "" && c.Terms["interestCalculationBase"] != "NT":
		return "interestCalculationBase other than NT"
	case !status.Before(start):
		return "a loan that has begun before the status date"
	case c.Terms["calendar"] != "" && c.Terms["calendar"] != "MF" && c.Terms["calendar"] != "NC":
		return "calendar " + c.Terms["calendar"]
	case c.Terms["maturityDate"] != "" && c.Terms["amortizationDate"] != "":
		return "an amortisation date besides the maturity"
	case strings.Contains(c.Terms["cycleOfPrincipalRedemption"]+c.Terms["cycleOfInterestPayment"], "Q"):
		return "a cycle in quarters"
	}
	return ""
}

func (c *actusCase) day(name string) civil.Date {
	text, _, _ := strings.Cut(c.Terms[name], "T")
	if text == "" {
		return civil.Date{}
	}
	return civil.MustParse(text)
}

// cycle reads P1ML0: one month, long stub.
func (c *actusCase) cycle(name string) (schedule.Frequency, schedule.Stub) {
	text := c.Terms[name]
	if text == "" {
		return schedule.Frequency{}, 0
	}
	period, stub, _ := strings.Cut(strings.TrimPrefix(text, "P"), "L")
	n, err := strconv.Atoi(period[:len(period)-1])
	if err != nil {
		panic(err)
	}
	units := map[byte]func(int) schedule.Frequency{'D': schedule.Days, 'W': schedule.Weeks,
		'M': schedule.Months, 'Y': schedule.Years}
	stubs := map[string]schedule.Stub{"0": schedule.StubLong, "1": schedule.StubShort}
	return units[period[len(period)-1]](n), stubs[stub]
}

// fine is the currency of the cases: so many digits that nothing of them is rounded.
func (c *actusCase) amount(t *testing.T, name string) money.Amount {
	t.Helper()
	xts, err := money.NewCurrency("XTS", 11)
	if err != nil {
		t.Fatal(err)
	}
	if c.Terms[name] == "" {
		return money.Amount{}
	}
	a, err := money.Round(decimal.RequireFromString(c.Terms[name]).Abs(), xts, money.HalfEven)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (c *actusCase) rate(t *testing.T, name string) schedule.Rate {
	t.Helper()
	if c.Terms[name] == "" {
		return schedule.Rate{}
	}
	r, err := schedule.RoundRate(decimal.RequireFromString(c.Terms[name]), schedule.PerYear, money.HalfEven)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var actusDayCounts = map[string]daycount.Convention{
	"A365": daycount.Act365F, "A360": daycount.Act360, "AA": daycount.ActActISDA,
	"30E360": daycount.ThirtyE360, "30E360ISDA": daycount.ThirtyE360ISDA,
}

func (c *actusCase) terms(t *testing.T) schedule.Terms {
	t.Helper()
	terms := schedule.Terms{
		Principal: c.amount(t, "notionalPrincipal"),
		Rate:      c.rate(t, "nominalInterestRate"),
		Start:     c.day("initialExchangeDate"),
		Maturity:  c.day("maturityDate"),
		DayCount:  actusDayCounts[c.Terms["dayCountConvention"]],
		Accrual:   schedule.AccrueByDays,
		Sizing:    schedule.SizeByAccrual,
		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
		MonthEnd:  c.Terms["endOfMonthConvention"] == "EOM",
		Payment:   c.amount(t, "nextPrincipalRedemptionPayment"),

		Capitalise: c.day("capitalizationEndDate"),
		Shift:      actusShift(c.Terms["businessDayConvention"]),
	}
	if terms.Maturity.IsZero() {
		terms.Maturity = c.day("amortizationDate")
	}
	terms.Every, terms.Stub = c.cycle("cycleOfPrincipalRedemption")
	terms.FirstDue = c.day("cycleAnchorDateOfPrincipalRedemption")
	every, stub := c.cycle("cycleOfInterestPayment")
	interest := schedule.Cycle{First: c.day("cycleAnchorDateOfInterestPayment"), Every: every}
	switch c.Type {
	case "PAM":
		terms.Method, terms.Every, terms.Stub = schedule.MethodInterestOnly, every, stub
		if terms.FirstDue = interest.First; terms.FirstDue == terms.Start {
			terms.FirstDue = civil.Date{}
		}
	case "LAM":
		terms.Method = schedule.MethodEqualPrincipal
		if interest != (schedule.Cycle{First: terms.FirstDue, Every: terms.Every}) {
			terms.Interest = interest
		}
	default:
		terms.Method = schedule.MethodLevelPayment
		if c.Type == "NAM" {
			terms.Method, terms.Negative, terms.Sizing = schedule.MethodFixedPayment, true, 0
		}
		if interest.First.Before(terms.FirstDue) {
			terms.Interest = interest
		}
	}
	if terms.Maturity.IsZero() {
		terms.Periods = c.periods(&terms)
	}
	terms.Rates = c.resets(t, &terms)
	if c.Terms["feeRate"] != "" {
		terms.Fees = []schedule.Fee{c.fee(t)}
	}
	return terms
}

// periods is the number of instalments that repay the loan, where no maturity is given.
func (c *actusCase) periods(terms *schedule.Terms) int {
	principal, payment := float64(terms.Principal.Minor()), float64(terms.Payment.Minor())
	if c.Type != "LAM" {
		num, den := terms.DayCount.Fraction(terms.FirstDue, terms.Every.After(terms.FirstDue, 1))
		rate := float64(terms.Rate.Pico()) / 1e12
		payment -= principal * rate * float64(num) / float64(den)
	}
	return int(math.Ceil(principal / payment))
}

func (c *actusCase) resets(t *testing.T, terms *schedule.Terms) []schedule.RateStep {
	t.Helper()
	first := c.day("cycleAnchorDateOfRateReset")
	if first.IsZero() {
		return nil
	}
	every, stub := c.cycle("cycleOfRateReset")
	end := terms.Maturity
	if end.IsZero() {
		end = terms.Every.After(terms.FirstDue, terms.Periods-1)
	}
	f := schedule.Floating{Reset: schedule.Cycle{First: first, Every: every},
		First: c.rate(t, "nextResetRate")}
	for name, to := range map[string]*decimal.Decimal{"rateMultiplier": &f.Multiplier, "rateSpread": &f.Spread} {
		if c.Terms[name] != "" {
			*to = decimal.RequireFromString(c.Terms[name])
		}
	}
	var fixings []schedule.Fixing
	for _, quote := range c.Market[c.Terms["marketObjectCodeOfRateReset"]] {
		on, _, _ := strings.Cut(quote[0], "T")
		fixings = append(fixings, schedule.Fixing{On: civil.MustParse(on),
			Value: decimal.RequireFromString(quote[1])})
	}
	steps, err := f.Steps(terms.Rate, fixings, end)
	if err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	if n := len(steps); stub == schedule.StubLong && n > 2 && every.After(first, n) != end {
		steps = steps[:n-1]
	}
	return steps
}

func (c *actusCase) fee(t *testing.T) schedule.Fee {
	t.Helper()
	every, _ := c.cycle("cycleOfFee")
	fee := schedule.Fee{Cycle: schedule.Cycle{First: c.day("cycleAnchorDateOfFee"), Every: every}}
	if c.Terms["feeBasis"] == "A" {
		fee.Amount = c.amount(t, "feeRate")
	} else {
		fee.Rate = c.rate(t, "feeRate")
	}
	return fee
}

func actusShift(convention string) schedule.Shift {
	if convention == "" || convention == "NOS" {
		return schedule.Shift{}
	}
	rules := map[string]calendar.Adjustment{"F": calendar.Following, "P": calendar.Preceding,
		"MF": calendar.ModifiedFollowing, "MP": calendar.ModifiedPreceding}
	return schedule.Shift{Rule: rules[convention[2:]], Calendar: calendar.SaturdaySunday(),
		Accrual: convention[:2] == "SC"}
}

// cash is what a plan pays by day: interest, principal, fee, capitalised, and the balance after.
// Where a payment leaves interest that is added to the balance, ACTUS shows it as paid, out of
// principal that is drawn.
func actusCash(plan schedule.Plan, drawn bool) (days []civil.Date, cash map[civil.Date]*[5]float64) {
	cash = map[civil.Date]*[5]float64{}
	for _, row := range plan.Rows() {
		c := cash[row.Due]
		if c == nil {
			c = new([5]float64)
			cash[row.Due] = c
			days = append(days, row.Due)
		}
		if drawn && row.Interest > 0 {
			row.Interest, row.Principal, row.Capitalised = row.Interest+row.Capitalised,
				row.Principal-row.Capitalised, 0
		}
		for i, minor := range []int64{row.Interest, row.Principal, row.Fee, row.Capitalised} {
			c[i] += float64(minor) / 1e11
		}
		c[4] = float64(row.Balance) / 1e11
	}
	return days, cash
}

// reproduces compares every day on which something is paid.
func (c *actusCase) reproduces(t *testing.T) bool {
	t.Helper()
	plan, err := c.terms(t).Plan()
	if err != nil {
		t.Errorf("%s: %v", c.ID, err)
		return false
	}
	if err := plan.Check(); err != nil {
		t.Errorf("%s: %v", c.ID, err)
	}
	days, cash := actusCash(plan, c.Type == "NAM")
	good := true
	for _, want := range c.Cash {
		on := civil.MustParse(want[0])
		got := cash[on]
		if got == nil {
			t.Errorf("%s: nothing on %s, want %v", c.ID, on, want[1:6])
			return false
		}
		for i, text := range want[1:6] {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got[i]-x) > 1e-8 {
				t.Errorf("%s %s: column %d: got %.12f, want %s", c.ID, on, i, got[i], text)
				good = false
			}
		}
		delete(cash, on)
	}
	for _, on := range days {
		if got := cash[on]; got != nil && got[0]+got[1]+got[2]+got[3] != 0 {
			t.Errorf("%s: also %v on %s", c.ID, *got, on)
			good = false
		}
	}
	return good
}

func TestVectorsACTUS(t *testing.T) {
	reproduced, total, unsupported := 0, 0, 0
	for _, name := range []string{"pam", "ann", "lam", "nam"} {
		var file struct{ Cases []actusCase }
		if err := json.NewDecoder(openVector(t, filepath.Join("actus", name+".json"))).Decode(&file); err != nil {
			t.Fatal(err)
		}
		for _, c := range file.Cases {
			total++
			if reason := c.unsupported(); reason != "" {
				t.Logf("%s: unsupported: %s", c.ID, reason)
				unsupported++
				continue
			}
			if c.reproduces(t) {
				reproduced++
			}
		}
	}
	if reproduced == 0 {
		t.Error("no case was reproduced")
	}
	fmt.Printf("vectors: actus: reproduced %d of %d, unsupported %d\n", reproduced, total, unsupported)
}
