package schedule_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// fineractTerms are the terms of a loan in Apache Fineract's tests that change a schedule.
type fineractTerms struct {
	Engine       string          `json:"schedule_engine"`
	Multiples    *int64          `json:"installment_amount_in_multiples_of"`
	Principal    string          `json:"principal"`
	Submitted    civil.Date      `json:"submitted_on"`
	Expected     civil.Date      `json:"expected_disbursement"`
	Percent      decimal.Decimal `json:"interest_rate_percent"`
	RatePeriod   string          `json:"interest_rate_period"`
	InterestType string          `json:"interest_type"`
	Amortization string          `json:"amortization"`
	Calculation  string          `json:"interest_calculation_period"`
	DaysInYear   string          `json:"days_in_year"`
	DaysInMonth  string          `json:"days_in_month"`
	Repayments   int             `json:"number_of_repayments"`
	Every        int             `json:"repayment_every"`
	Unit         string          `json:"repayment_unit"`
	GraceCapital int             `json:"grace_principal"`
	GracePaying  int             `json:"grace_interest"`
	GraceFree    int             `json:"interest_free_periods"`
	Begin        string          `json:"repayment_start"`
	OnDay        bool            `json:"interest_recognition_on_disbursement_date"`
	LeapStrategy string          `json:"days_in_year_custom_strategy"`
	FixedPayment string          `json:"fixed_installment_amount"`
	FullTerm     bool            `json:"full_term_tranche"`
	Partial      bool            `json:"allow_partial_period_interest"`
	Tranches     []any           `json:"expected_tranches"`
	DownPayment  *struct {
		Percent decimal.Decimal `json:"percent"`
	} `json:"down_payment"`
	FixedLength *struct {
		Count int    `json:"count"`
		Unit  string `json:"unit"`
	} `json:"fixed_length"`
	Recalculation *struct {
		PreClosure  string `json:"pre_closure"`
		Strategy    string `json:"reschedule_strategy"`
		Compounding string `json:"compounding"`
		Rest        string `json:"rest_frequency"`
	} `json:"interest_recalculation"`
	Allocation []struct {
		Type   string   `json:"transaction_type"`
		Future string   `json:"future_installment_rule"`
		Order  []string `json:"order"`
	} `json:"payment_allocation"`
}

// plainCase is a schedule as it stands after submission, approval or disbursement.
type plainCase struct {
	ID           string
	Terms        fineractTerms
	Noise        string `json:"depends_on_decimal_noise"`
	Disbursement struct {
		Date   civil.Date
		Amount string
	}
	Columns []string
	Rows    [][]any
}

func eur(t *testing.T, text string) money.Amount {
	t.Helper()
	a, err := money.ParseIn(text, money.MustCurrency("EUR"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func fraction(t *testing.T, percent decimal.Decimal, b schedule.Basis) schedule.Rate {
	t.Helper()
	r, err := schedule.NewRate(percent.Shift(-2), b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// unsupported says what of the terms the adapter does not understand.
func (f *fineractTerms) unsupported() string {
	switch {
	case f.DaysInMonth == "30" && f.DaysInYear != "360":
		return "months of 30 days in years that have not 360"
	case f.RatePeriod != "YEAR" && f.RatePeriod != "MONTH":
		return "a rate for the whole term"
	case f.LeapStrategy != "":
		return "leap day strategy " + f.LeapStrategy
	}
	return ""
}

var fineractUnits = map[string]func(int) schedule.Frequency{
	"DAY": schedule.Days, "WEEK": schedule.Weeks, "MONTH": schedule.Months, "YEAR": schedule.Years,
}

// terms are ours for a loan that is paid out on a day.
func (f *fineractTerms) terms(t *testing.T, on civil.Date, amount string) schedule.Terms {
	t.Helper()
	perYear := f.Percent
	if f.RatePeriod == "MONTH" {
		perYear = perYear.Mul(decimal.NewFromInt(12))
	}
	terms := schedule.Terms{
		Principal: eur(t, amount),
		Rate:      fraction(t, perYear, schedule.PerYear),
		Method:    schedule.MethodLevelPayment,
		Periods:   f.Repayments,
		Every:     fineractUnits[f.Unit](f.Every),
		Start:     on,
		Sizing:    schedule.SizeByAccrual,
		Rounding: schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven,
			Smooth: true, Grain: schedule.GrainPerDiem},
		Grace: schedule.Grace{Principal: f.GraceCapital, Interest: f.GracePaying, Free: f.GraceFree},
	}
	if f.Engine == "CUMULATIVE" {
		terms.Sizing, terms.Rounding.Smooth = schedule.SizeByPeriod, false
	}
	switch {
	case f.InterestType == "FLAT" && !f.Percent.IsZero():
		terms.Method = schedule.MethodFlat
	case f.InterestType == "FLAT" || f.Amortization == "EQUAL_PRINCIPAL":
		terms.Method = schedule.MethodEqualPrincipal
	}
	if f.Multiples != nil {
		terms.Rounding.Unit = *f.Multiples * 100
	}
	if f.DownPayment != nil {
		terms.DownPayment = fraction(t, f.DownPayment.Percent, schedule.OfPrincipal)
	}
	if f.FixedLength != nil {
		terms.Maturity = fineractUnits[f.FixedLength.Unit](f.FixedLength.Count).After(on, 1)
	}
	if f.Begin == "SUBMITTED_ON_DATE" && f.Submitted != on {
		terms.FirstDue = terms.Every.After(f.Submitted, 1)
	}
	f.count(&terms)
	return terms
}

// count sets how days are counted.
func (f *fineractTerms) count(terms *schedule.Terms) {
	switch f.DaysInYear {
	case "360":
		terms.DayCount = daycount.Act360
	case "365":
		terms.DayCount = daycount.Act365F
	default:
		terms.DayCount = daycount.ActActLast
		if f.OnDay {
			terms.DayCount = daycount.ActActISDA
		}
		if f.Engine == "CUMULATIVE" {
			terms.DayCount = daycount.Act365F
		}
	}
	switch {
	case f.Calculation == "SAME_AS_REPAYMENT_PERIOD":
		terms.Accrual = schedule.AccrueByPeriodDays
	case f.DaysInMonth == "30" && f.Unit != "WEEK":
		terms.Accrual = schedule.AccrueByPeriodDays
	default:
		terms.Accrual = schedule.AccrueByDays
	}
}

// columns gives the place of columns by name.
func columns(names []string) map[string]int {
	at := map[string]int{}
	for i, name := range names {
		at[name] = i
	}
	return at
}

// reproduces compares every row of the schedule, those of payouts left aside.
func (c *plainCase) reproduces(t *testing.T) bool {
	t.Helper()
	plan, err := c.Terms.terms(t, c.Disbursement.Date, c.Disbursement.Amount).Plan()
	if err != nil {
		t.Errorf("%s: %v", c.ID, err)
		return false
	}
	if err := plan.Check(); err != nil {
		t.Errorf("%s: %v", c.ID, err)
	}
	var got, want []string
	for _, in := range plan.Instalments() {
		got = append(got, fmt.Sprintf("%s balance %s principal %s interest %s due %s", in.Due,
			figure(in.Balance), figure(in.Principal), figure(in.Interest), figure(in.Total)))
	}
	at := columns(c.Columns)
	for _, row := range c.Rows {
		if row[at["nr"]] != nil {
			want = append(want, fmt.Sprintf("%s balance %s principal %s interest %s due %s", row[at["date"]],
				row[at["balance"]], row[at["principal"]], row[at["interest"]], row[at["due"]]))
		}
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got) || i >= len(want):
			t.Errorf("%s: %d rows, want %d", c.ID, len(got), len(want))
			return false
		case got[i] != want[i]:
			t.Errorf("%s row %d:\n got %s\nwant %s", c.ID, i+1, got[i], want[i])
			return false
		}
	}
	return true
}

// figure is an amount without its currency.
func figure(a money.Amount) string { return a.Decimal().StringFixed(2) }

func TestVectorsFineractPlain(t *testing.T) {
	var file struct{ Cases []plainCase }
	if err := json.NewDecoder(openVector(t, filepath.Join("fineract", "plain.json"))).Decode(&file); err != nil {
		t.Fatal(err)
	}
	reproduced, unsupported := 0, 0
	for _, c := range file.Cases {
		if reason := c.Terms.unsupported(); reason != "" {
			t.Logf("%s: unsupported: %s", c.ID, reason)
			unsupported++
			continue
		}
		if c.reproduces(t) {
			reproduced++
		}
	}
	if reproduced == 0 {
		t.Error("no case was reproduced")
	}
	fmt.Printf("vectors: fineract plain: reproduced %d of %d, unsupported %d\n",
		reproduced, len(file.Cases), unsupported)
}
