package lending_test

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

var eur = money.MustCurrency("EUR")

// openVector opens a file of outside cases below VECTORS, or below the folder beside the module. It
// skips the test when the default folder is absent.
func openVector(t interface {
	require.TestingT
	Skipf(string, ...any)
	Cleanup(func())
}, name string) *os.File {
	root, set := os.LookupEnv("VECTORS")
	if !set {
		root = filepath.Join("..", "..", "shared", "vectors")
		if _, err := os.Stat(root); err != nil {
			t.Skipf("no vectors at %s; set VECTORS", root)
		}
	}
	file, err := os.Open(filepath.Join(root, name))
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	return file
}

// fineractTerms are the terms of a loan in Apache Fineract's tests that its servicing depends on.
type fineractTerms struct {
	Engine       string          `json:"schedule_engine"`
	Processing   string          `json:"schedule_processing"`
	Multiples    *int64          `json:"installment_amount_in_multiples_of"`
	Submitted    civil.Date      `json:"submitted_on"`
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
	FixedLength  any             `json:"fixed_length"`
	Strategy     string          `json:"payment_strategy"`
	Credit       any             `json:"credit_allocation"`
	DownPayment  *struct {
		Percent decimal.Decimal `json:"percent"`
		Auto    bool            `json:"auto"`
	} `json:"down_payment"`
	Recalculation any `json:"interest_recalculation"`
	Allocation    []struct {
		Type   string   `json:"transaction_type"`
		Future string   `json:"future_installment_rule"`
		Order  []string `json:"order"`
	} `json:"payment_allocation"`
}

// bears reports whether the loan bears interest.
func (f *fineractTerms) bears() bool { return !f.Percent.IsZero() }

// unsupported says what of the terms a product of ours does not have.
func (f *fineractTerms) unsupported() string {
	switch {
	case f.GraceCapital+f.GracePaying+f.GraceFree > 0:
		return "grace in the plan of a product"
	case f.FixedLength != nil:
		return "a term whose length is fixed in other units than its instalments"
	case f.DaysInMonth == "30" && f.DaysInYear != "360" && f.bears():
		return "months of 30 days in years that have not 360"
	case f.Engine == "CUMULATIVE" && f.Recalculation != nil && f.bears():
		return "the cumulative engine with interest recalculated"
	case f.RatePeriod != "YEAR" && f.RatePeriod != "MONTH":
		return "a rate for the whole term"
	}
	return ""
}

var fineractUnits = map[string]func(int) schedule.Frequency{
	"DAY": schedule.Days, "WEEK": schedule.Weeks, "MONTH": schedule.Months, "YEAR": schedule.Years,
}

// rate is the loan's per year.
func (f *fineractTerms) rate(w *world) schedule.Rate {
	p := f.Percent
	if f.RatePeriod == "MONTH" {
		p = p.Mul(decimal.NewFromInt(12))
	}
	r, err := schedule.NewRate(p.Shift(-2), schedule.PerYear)
	require.NoError(w.t, err)
	return r
}

// product is ours for the loan.
func (f *fineractTerms) product(w *world) lending.Product {
	p := lending.StandardProduct("peer", eur)
	p.MinAmount, p.Tender.MinBid = amt(1, eur), amt(1, eur)
	p.MaxRate = schedule.MustRate("100% per year")
	p.Late = lending.Late{}
	p.Every = fineractUnits[f.Unit](f.Every)
	p.Sizing = schedule.SizeByAccrual
	p.Rounding = schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven, Smooth: true,
		Grain: schedule.GrainPerDiem}
	if f.Engine == "CUMULATIVE" {
		p.Sizing, p.Rounding.Smooth = schedule.SizeByPeriod, false
	}
	switch {
	case f.InterestType == "FLAT" && f.bears():
		p.Method = schedule.MethodFlat
	case f.InterestType == "FLAT" || f.Amortization == "EQUAL_PRINCIPAL":
		p.Method = schedule.MethodEqualPrincipal
	}
	if f.Multiples != nil {
		p.Rounding.Unit = *f.Multiples * 100
	}
	if f.DownPayment != nil {
		var err error
		p.DownPayment, err = schedule.NewRate(f.DownPayment.Percent.Shift(-2), schedule.OfPrincipal)
		require.NoError(w.t, err)
	}
	f.count(&p)
	f.waterfalls(&p)
	return p
}

// count sets how days are counted.
func (f *fineractTerms) count(p *lending.Product) {
	switch {
	case f.DaysInYear == "360":
		p.DayCount = daycount.Act360
	case f.DaysInYear == "365" || f.Engine == "CUMULATIVE":
		p.DayCount = daycount.Act365F
	case f.OnDay:
		p.DayCount = daycount.ActActISDA
	default:
		p.DayCount = daycount.ActActLast
	}
	p.Accrual = schedule.AccrueByDays
	if f.Calculation == "SAME_AS_REPAYMENT_PERIOD" || f.DaysInMonth == "30" && f.Unit != "WEEK" {
		p.Accrual = schedule.AccrueByPeriodDays
	}
}

// penalty is the id of charges that Fineract calls penalties; they are fees of ours.
const penalty lending.Code = "penalty"

// bucket reads "PAST_DUE_PENALTY".
func bucket(name string) lending.Bucket {
	var b lending.Bucket
	for prefix, age := range map[string]lending.Age{"PAST_DUE_": lending.AgePastDue,
		"DUE_": lending.AgeDue, "IN_ADVANCE_": lending.AgeInAdvance} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			b.Age, name = age, rest
			break
		}
	}
	switch name {
	case "PENALTY":
		b.Component, b.Fee = lending.Fees, penalty
	case "FEE":
		b.Component = lending.Fees
	case "INTEREST":
		b.Component = lending.Interest
	case "PRINCIPAL":
		b.Component = lending.Principal
	}
	return b
}

// waterfall puts what Fineract does not know in front.
func waterfall(order []string, vertical bool, rule lending.AdvanceRule) lending.Waterfall {
	w := lending.Waterfall{ByBucket: vertical, Advance: rule}
	for _, name := range order {
		w.Order = append(w.Order, bucket(name))
	}
	for _, age := range []lending.Age{lending.AgePastDue, lending.AgeDue, lending.AgeInAdvance} {
		w.Order = append(w.Order, lending.Bucket{Age: age, Component: lending.Penalty},
			lending.Bucket{Age: age, Component: lending.Costs})
	}
	return w
}

var fineractStrategies = map[string][]string{
	"PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER": {"PENALTY", "FEE", "INTEREST", "PRINCIPAL"},
	"INTEREST_PRINCIPAL_PENALTIES_FEES_ORDER": {"INTEREST", "PRINCIPAL", "PENALTY", "FEE"},
	"PRINCIPAL_INTEREST_PENALTIES_FEES_ORDER": {"PRINCIPAL", "INTEREST", "PENALTY", "FEE"},
	"DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PENALTY_INTEREST_PRINCIPAL_FEE": aged("PENALTY", "INTEREST", "PRINCIPAL", "FEE",
		"PENALTY", "INTEREST", "PRINCIPAL", "FEE"),
	"DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST": aged("PENALTY", "FEE", "INTEREST", "PRINCIPAL",
		"PRINCIPAL", "PENALTY", "FEE", "INTEREST"),
}

// aged puts four names at the ages that are due and four in advance.
func aged(names ...string) (order []string) {
	for i, prefix := range []string{"PAST_DUE_", "DUE_", "IN_ADVANCE_"} {
		for _, name := range names[i/2*4 : i/2*4+4] {
			order = append(order, prefix+name)
		}
	}
	return order
}

var fineractRules = map[string]lending.AdvanceRule{
	"NEXT_INSTALLMENT": lending.NextInstalment, "LAST_INSTALLMENT": lending.LastInstalment,
	"NEXT_LAST_INSTALLMENT": lending.NextThenLast, "REAMORTIZATION": lending.EvenlySpread,
}

var fineractKinds = map[string]lending.PaymentKind{
	"GOODWILL_CREDIT": lending.GoodwillPayment, "MERCHANT_ISSUED_REFUND": lending.RefundPayment,
}

// waterfalls sets the orders in which payments are taken up. Payout refunds, which have an order of
// their own there, are refunds here: the case says which of the two it asks for.
func (f *fineractTerms) waterfalls(p *lending.Product) {
	if order, ok := fineractStrategies[f.Strategy]; ok {
		p.Waterfall = waterfall(order, false, lending.NextInstalment)
		return
	}
	for _, a := range f.Allocation {
		w := waterfall(a.Order, f.Processing == "VERTICAL", fineractRules[a.Future])
		if kind, ok := fineractKinds[a.Type]; ok {
			p.Waterfalls = append(p.Waterfalls, lending.PaymentWaterfall{Kind: kind, Waterfall: w})
		}
		if a.Type == "DEFAULT" {
			p.Waterfall = w
		}
	}
}
