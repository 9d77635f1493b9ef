package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Published is one loan as its platform published it: the terms and what was paid so far. Figures
// are in cents.
type Published struct {
	Platform    Platform
	Amount      int64
	Months      int
	Rate        schedule.Rate
	Installment int64
	Replanned   bool // the file does not tell the instalment, or has another one since: it is the plan's
	Grade       lending.Code
	Issued      civil.Date // first day of the month
	Status      Status
	Principal   int64 // received before any charge-off, as are the next two
	Interest    int64
	LateFees    int64 // Prosper tells them with the interest: those that its service fee gives away
	Recoveries  int64 // received after the charge-off
	// CollectionFee was kept of the recoveries.
	CollectionFee int64
	// ServiceFee was kept of the payments at ServicePPM a year of the principal; Prosper's alone.
	ServiceFee, ServicePPM int64
	// LastPayment is the first day of the month of the last payment; zero where the file is silent.
	LastPayment civil.Date
}

// Platform is who published a loan.
type Platform uint8

// Platforms.
const (
	LendingClub Platform = iota
	Prosper
)

// Status is how the loan stood when the file was made.
type Status uint8

// Statuses, each for one or more that LendingClub uses.
const (
	FullyPaid  Status = iota + 1
	Current           // or within its grace, or just issued
	Overdue           // 16 days or more
	ChargedOff        // given up
)

var statuses = map[string]Status{
	"Fully Paid":         FullyPaid,
	"Current":            Current,
	"Issued":             Current,
	"In Grace Period":    Current,
	"Late (16-30 days)":  Overdue,
	"Late (31-120 days)": Overdue,
	"Default":            Overdue,
	"Charged Off":        ChargedOff,
}

// Bounds of a loan, in cents and percent a year.
const (
	minLoan = 500_00
	maxLoan = 1_000_000_00
	maxRate = "36% per year"
)

// row reads one line. Trouble is what was wrong with the line as such.
func (h *header) row(file string, line int, text []byte, trouble error) (Published, *TapeError) {
	bad := &TapeError{File: file, Line: line, Err: ErrRow}
	if trouble != nil {
		bad.Why = trouble.Error()
		return Published{}, bad
	}
	record, err := fields(text)
	if err != nil {
		bad.Why = err.Error()
		return Published{}, bad
	}
	if len(record) != len(h.heads) {
		bad.Why = fmt.Sprintf("it has %d fields, the header has %d", len(record), len(h.heads))
		return Published{}, bad
	}
	c := cells{h, record, bad}
	p := h.read(&c)
	c.check(&p)
	if bad.Why != "" {
		return Published{}, bad
	}
	return p, nil
}

// readLendingClub reads a loan of LendingClub's.
func readLendingClub(c *cells) Published {
	return Published{
		Amount: c.cents(colAmount), Months: c.months(), Rate: c.rate(),
		Installment: c.cents(colInstallment), Grade: c.grade(), Issued: c.month(colIssued),
		Status: c.status(), Principal: c.cents(colPrincipal), Interest: c.cents(colInterest),
		LateFees: c.cents(colLateFees), Recoveries: c.cents(colRecoveries),
		CollectionFee: c.cents(colCollectionFee), LastPayment: c.month(colLastPayment),
	}
}

// cells reads the fields of a record; the first trouble stays.
type cells struct {
	*header
	record []string
	bad    *TapeError
}

func (c *cells) text(f column) string {
	if c.at[f] < 0 {
		return ""
	}
	return strings.TrimSpace(c.record[c.at[f]])
}

func (c *cells) fail(f column, why string) {
	if c.bad.Why != "" {
		return
	}
	value := c.text(f)
	c.bad.Column, c.bad.Value, c.bad.Why = c.heads[c.at[f]], value[:min(len(value), 40)], why
}

// cents reads dollars. Files carry tails such as 4421.723916800001: they are rounded half up. An
// absent column is zero.
func (c *cells) cents(f column) int64 {
	if c.at[f] < 0 {
		return 0
	}
	v, ok := parseCents(c.text(f))
	if !ok {
		c.fail(f, "want dollars such as 10000 or 302.15")
	}
	return v
}

// maxDollarDigits keeps every sum of a tape far from the limits of an amount.
const maxDollarDigits = 9

func parseCents(s string) (int64, bool) {
	whole, frac, dot := strings.Cut(s, ".")
	if len(whole) < 1 || len(whole) > maxDollarDigits || len(frac) > 40 || dot && frac == "" {
		return 0, false
	}
	digits := whole + (frac + "000")[:3]
	var v int64
	for _, d := range []byte(digits + frac) {
		if d < '0' || d > '9' {
			return 0, false
		}
	}
	for _, d := range []byte(digits) {
		v = v*10 + int64(d-'0')
	}
	return (v + 5) / 10, true
}

func (c *cells) months() int {
	switch strings.TrimSuffix(c.text(colTerm), " months") {
	case "36":
		return 36
	case "60":
		return 60
	}
	c.fail(colTerm, "want 36 months or 60 months, the terms that LendingClub lent for")
	return 0
}

func (c *cells) rate() schedule.Rate {
	text := strings.TrimSpace(strings.TrimSuffix(c.text(colRate), "%"))
	r, err := schedule.ParseRate(text + "% per year")
	if err != nil || r.Pico() < 0 || r.Pico() > schedule.MustRate(maxRate).Pico() {
		c.fail(colRate, "want percent a year up to 36, such as 13.99")
	}
	return r
}

func (c *cells) grade() lending.Code {
	g := c.text(colGrade)
	if len(g) != 1 || g < "A" || g > "G" {
		c.fail(colGrade, "want a letter from A to G")
	}
	return lending.Code(g)
}

// month reads Dec-2015 or Dec-15. It is zero where the column is absent, or blank and not needed.
func (c *cells) month(f column) civil.Date {
	text := c.text(f)
	if text == "" && f >= colRecoveries {
		return civil.Date{}
	}
	for _, layout := range []string{"Jan-2006", "Jan-06"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 2000 && t.Year() < 2100 {
			d, _ := civil.New(t.Year(), t.Month(), 1) // a day that time knows is one that civil knows
			return d
		}
	}
	c.fail(f, "want a month such as Dec-2015 or Jan-18")
	return civil.Date{}
}

func (c *cells) status() Status {
	text := strings.TrimPrefix(c.text(colStatus), "Does not meet the credit policy. Status:")
	s, ok := statuses[text]
	if !ok {
		c.fail(colStatus, "want a status that LendingClub uses, such as Fully Paid or Charged Off")
	}
	return s
}

// check holds the figures against each other.
func (c *cells) check(p *Published) {
	switch {
	case c.bad.Why != "":
	case p.Amount < minLoan || p.Amount > maxLoan:
		c.fail(colAmount, "want $500 to $1,000,000")
	case (p.Installment+1)*int64(p.Months) < p.Amount || p.Installment > p.Amount:
		c.fail(colInstallment, "want one that pays the loan back within its term")
	case p.Principal > p.Amount:
		c.fail(colPrincipal, "is more than was lent")
	case p.Interest > 5*p.Amount:
		c.fail(colInterest, "is more than five times what was lent")
	case !p.LastPayment.IsZero() && p.LastPayment.Before(p.Issued):
		c.fail(colLastPayment, "is before the loan was issued")
	}
}

// PaidInstallments is how many instalments the money received makes up, to the nearest.
func (p *Published) PaidInstallments() int {
	return int((p.Principal + p.Interest + p.Installment/2) / p.Installment)
}

// assumeLast gives running loans of a tape without last payments the month up to which most
// running loans of their month of issue have paid.
func (t *Tape) assumeLast() {
	counts := map[civil.Date]map[int]int{}
	best := map[civil.Date]int{}
	for i := range t.Loans {
		p := &t.Loans[i]
		if p.Status != Current || !p.LastPayment.IsZero() {
			continue
		}
		if counts[p.Issued] == nil {
			counts[p.Issued] = map[int]int{}
		}
		n, at := p.PaidInstallments(), counts[p.Issued]
		at[n]++
		if was := best[p.Issued]; at[n] > at[was] || at[n] == at[was] && n < was {
			best[p.Issued] = n
		}
	}
	for i := range t.Loans {
		p := &t.Loans[i]
		if (p.Status == Current || p.Status == Overdue) && p.LastPayment.IsZero() {
			p.LastPayment = p.Issued.AddMonths(best[p.Issued])
		}
	}
}

// usd is an amount in cents. Tapes hold at most nine digits of dollars, so that no sum of a run
// leaves what an amount can be.
func usd(cents int64) money.Amount {
	a, err := money.New(cents, dollar)
	if err != nil {
		return money.Amount{} // which every command refuses
	}
	return a
}

var dollar = money.MustCurrency("USD")
