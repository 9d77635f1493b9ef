package main

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// prosper is the layout of Prosper's file of loans.
var prosper = layout{
	names: [columns][]string{
		colAmount:        {"LoanOriginalAmount"},
		colTerm:          {"Term"},
		colRate:          {"BorrowerRate"},
		colYield:         {"LenderYield"},
		colInstallment:   {"MonthlyLoanPayment"},
		colGrade:         {"ProsperRating (Alpha)"}, // since the summer of 2009
		colOldGrade:      {"CreditGrade"},           // before
		colIssued:        {"LoanOriginationDate"},
		colStatus:        {"LoanStatus"},
		colPrincipal:     {"LP_CustomerPrincipalPayments"},
		colInterest:      {"LP_InterestandFees"},
		colServiceFee:    {"LP_ServiceFees"},
		colRecoveries:    {"LP_NonPrincipalRecoverypayments"},
		colCollectionFee: {"LP_CollectionFees"},
		colLastPayment:   {"ClosedDate"},
	},
	read: readProsper,
}

// prosperStatuses maps what Prosper uses. A loan that was cancelled was never paid out.
var prosperStatuses = map[string]Status{
	"Completed":              FullyPaid,
	"Current":                Current,
	"FinalPaymentInProgress": Current,
	"Past Due (1-15 days)":   Current,
	"Past Due (16-30 days)":  Overdue,
	"Past Due (31-60 days)":  Overdue,
	"Past Due (61-90 days)":  Overdue,
	"Past Due (91-120 days)": Overdue,
	"Past Due (>120 days)":   Overdue,
	"Chargedoff":             ChargedOff,
	"Defaulted":              ChargedOff,
}

// prosperGrades are ratings and credit grades; NC is without credit history.
var prosperGrades = []string{"AA", "A", "B", "C", "D", "E", "HR", "NC"}

// prosperLoan is Prosper's loan: as LendingClub's, but the level payment is rounded half up, 35% of
// what is recovered is kept for collecting, and the service fee is a share a year of the principal
// out, by days.
func prosperLoan(p lending.Product, service int64) lending.Product {
	p.Rounding.Instalment = money.HalfUp
	for i := range p.Fees {
		switch f := &p.Fees[i]; f.ID {
		case feeService:
			f.Base, f.Per, f.PPM = lending.OnOutstanding, lending.PerYear, service
		case feeCollection:
			f.PPM = 350_000
		}
	}
	if service == 0 {
		p.Fees = slices.DeleteFunc(p.Fees, func(f lending.Fee) bool { return f.ID == feeService })
	}
	return p
}

// readProsper reads a loan of Prosper's. Dates are cut to the month, as LendingClub tells them.
func readProsper(c *cells) Published {
	p := Published{
		Platform: Prosper, Amount: c.paid(colAmount), Months: c.prosperTerm(), Rate: c.fraction(colRate),
		Installment: c.paid(colInstallment), Grade: c.prosperGrade(), Issued: c.monthOfDay(colIssued),
		Status: c.prosperStatus(), Principal: c.paid(colPrincipal), Interest: c.paid(colInterest),
		ServiceFee: c.kept(colServiceFee), Recoveries: c.paid(colRecoveries),
		CollectionFee: c.kept(colCollectionFee), LastPayment: c.monthOfDay(colLastPayment),
	}
	yield := c.fraction(colYield)
	if c.bad.Why != "" {
		return p
	}
	if p.ServicePPM = ppm(p.Rate) - ppm(yield); p.ServicePPM < 0 {
		c.fail(colYield, "is above the borrower's rate")
		return p
	}
	if p.Status == ChargedOff || p.Status == FullyPaid {
		p.LastPayment = latest(p.LastPayment, p.Issued)
	} else {
		p.LastPayment = civil.Date{}
	}
	p.Principal = min(p.Principal, p.Amount) // a tenth of those completed paid more, mostly a cent
	if p.Status == FullyPaid || p.Installment*int64(p.Months) < p.Amount {
		p.Replanned, p.Installment = true, levelPayment(&p)
	}
	if fees := p.hiddenLateFees(); fees.whole {
		p.LateFees = fees.count * lateFee(p.Installment)
		p.Interest -= p.LateFees
	}
	return p
}

func latest(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// levelPayment is the instalment of the plan that the product makes; zero of terms that make none.
func levelPayment(p *Published) int64 {
	q := product(p.kind())
	prepared, err := schedule.Terms{
		Principal: usd(p.Amount), Rate: p.Rate, Method: q.Method, Periods: p.Months, Every: q.Every,
		Start: p.Issued, DayCount: q.DayCount, Accrual: q.Accrual, Rounding: q.Rounding,
	}.Prepare()
	if err != nil {
		return 0
	}
	return prepared.Instalment()
}

// ppm is a rate a year in parts per million, which Prosper's are in whole.
func ppm(r schedule.Rate) int64 { return r.Pico() / 1_000_000 }

func (c *cells) prosperTerm() int {
	switch c.text(colTerm) {
	case "12":
		return 12
	case "36":
		return 36
	case "60":
		return 60
	}
	c.fail(colTerm, "want 12, 36 or 60, the months that Prosper lent for")
	return 0
}

// fraction reads a rate such as .158000, a share of one a year.
func (c *cells) fraction(f column) schedule.Rate {
	text := c.text(f)
	if strings.Trim(text, ".0123456789") == "" && len(text) <= 12 {
		share, err := decimal.NewFromString(text)
		if r, err2 := schedule.NewRate(share, schedule.PerYear); err == nil && err2 == nil &&
			r.Pico()%1_000_000 == 0 && r.Pico() <= schedule.MustRate(maxRate).Pico() {
			return r
		}
	}
	c.fail(f, "want a share a year up to .36, such as .158000")
	return schedule.Rate{}
}

// paid reads dollars, which the file writes as 330.430000 or .000000.
func (c *cells) paid(f column) int64 { return c.bare(f, c.text(f), "want dollars such as 330.430000") }

// kept reads what was kept of payments, which the file has below zero.
func (c *cells) kept(f column) int64 {
	return c.bare(f, strings.TrimPrefix(c.text(f), "-"), "want dollars below zero such as -133.180000")
}

// bare reads dollars whose zero before the dot may be left out; an absent column is zero.
func (c *cells) bare(f column, text, want string) int64 {
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	v, ok := parseCents(text)
	if c.at[f] >= 0 && (!ok || v > maxLoan) {
		c.fail(f, want)
	}
	return v
}

// prosperGrade is the rating, or the credit grade of older loans; a few have neither.
func (c *cells) prosperGrade() lending.Code {
	g := c.text(colGrade)
	if g == "" {
		g = c.text(colOldGrade)
	}
	if g == "" {
		return "NC"
	}
	if !slices.Contains(prosperGrades, g) {
		c.fail(colGrade, "want one of "+strings.Join(prosperGrades, ", "))
	}
	return lending.Code(g)
}

// monthOfDay reads 2007-09-12 00:00:00 and gives the first of its month; zero for a blank that is not
// needed.
func (c *cells) monthOfDay(f column) civil.Date {
	text := c.text(f)
	if text == "" && f >= colRecoveries {
		return civil.Date{}
	}
	day, _, _ := strings.Cut(text, " ")
	t, err := time.Parse(time.DateOnly, day)
	if err != nil || t.Year() < 2000 || t.Year() >= 2100 {
		c.fail(f, "want a day such as 2007-09-12 00:00:00")
		return civil.Date{}
	}
	d, _ := civil.New(t.Year(), t.Month(), 1)
	return d
}

func (c *cells) prosperStatus() Status {
	s, ok := prosperStatuses[c.text(colStatus)]
	if !ok {
		c.fail(colStatus, "want a status of a loan that was paid out, such as Completed or Chargedoff")
	}
	return s
}
