package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
)

// Report is what a run found out. The same loans and seed give the same report but for Timing.
type Report struct {
	Source  string     `json:"source"`
	Seed    uint64     `json:"seed"`
	Tapes   []TapeLine `json:"tapes"`
	From    string     `json:"from"`
	To      string     `json:"to"`
	Days    int        `json:"days"`
	Funnel  Funnel     `json:"funnel"`
	Fill    []Fill     `json:"fill"`
	Returns []Returns  `json:"lender_returns"`
	Income  []Income   `json:"platform_income"`
	Books   []Book     `json:"trial_balances"`
	Agree   Agreement  `json:"agreement"`
	Tenders *Tenders   `json:"tenders,omitempty"`
	Checks  Checks     `json:"checks"`
	Timing  *Timing    `json:"timing,omitempty"`
}

// TapeLine is what a tape held.
type TapeLine struct {
	Name   string   `json:"name"`
	Loans  int      `json:"loans"`
	Rows   int      `json:"rows"`
	Bad    int      `json:"bad_rows"`
	Cut    bool     `json:"cut_by_row_limit"`
	Errors []string `json:"first_errors,omitempty"`
}

// Funnel counts how far loans got. The last three add up to those disbursed.
type Funnel struct {
	Applied    int `json:"applied"`
	Approved   int `json:"approved"`
	Published  int `json:"published"`
	Funded     int `json:"funded"`
	Disbursed  int `json:"disbursed"`
	Closed     int `json:"closed"`
	ChargedOff int `json:"charged_off"`
	Running    int `json:"running"`
}

// Fill is how fast loans of a grade were funded, in days from publication.
type Fill struct {
	Grade  lending.Code `json:"grade"`
	Loans  int          `json:"loans"`
	Bids   float64      `json:"mean_bids"`
	Mean   float64      `json:"mean_days"`
	Median float64      `json:"median_days"`
	P90    float64      `json:"p90_days"`
}

// Income is what the platform earned by a fee.
type Income struct {
	Fee    lending.Code `json:"fee"`
	Amount string       `json:"amount"`
}

// Book is the trial balance of one book, by kind of account.
type Book struct {
	Book   ledger.Book `json:"book"`
	Lines  []Line      `json:"lines"`
	Debit  string      `json:"debit"`
	Credit string      `json:"credit"`
}

// Line is all accounts of a kind.
type Line struct {
	Kind     ledger.Kind `json:"kind"`
	Accounts int         `json:"accounts"`
	Debit    string      `json:"debit"`
	Credit   string      `json:"credit"`
}

// Checks says what was verified how often. A run that finds a violation has no report.
type Checks struct {
	Commands int `json:"commands"` // after each, all three books
	Days     int `json:"days"`     // after each, the books against the bank
	Lenders  int `json:"lenders"`
	Deposits int `json:"deposits"`
}

// Timing is how fast the run was; it alone differs from run to run.
type Timing struct {
	Seconds           float64 `json:"seconds"`
	LoansPerSecond    float64 `json:"loans_per_second"`
	CommandsPerSecond float64 `json:"commands_per_second"`
}

func (m *market) report(cfg config, tapes []Tape) *Report {
	r := &Report{
		Source: cfg.source(), Seed: cfg.seed, From: m.first.String(), To: m.day.String(), Days: m.days,
		Funnel: m.funnel(), Fill: m.fills(), Returns: m.returns(), Agree: m.agreement(),
		Checks: Checks{m.store.commands, m.days, len(m.lenders), m.topUps},
	}
	for _, t := range tapes {
		line := TapeLine{Name: t.Name, Loans: len(t.Loans), Rows: t.Rows, Bad: t.Bad, Cut: t.Cut}
		for _, e := range t.First {
			line.Errors = append(line.Errors, e.Error())
		}
		r.Tapes = append(r.Tapes, line)
	}
	for _, line := range m.store.reports.Income(dollar) {
		r.Income = append(r.Income, Income{line.Fee, dollars(line.Amount.Minor())})
	}
	for b := ledger.Client; b <= ledger.Register; b++ {
		r.Books = append(r.Books, m.books(b))
	}
	return r
}

func (m *market) funnel() (f Funnel) {
	reached := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	for _, id := range m.store.reports.Loans() {
		loan := m.store.reports.Loan(id)
		f.Applied++
		reached(&f.Approved, loan.Analyst != "")
		reached(&f.Published, loan.Publisher != "")
		reached(&f.Funded, loan.Reviewer != "")
		reached(&f.Disbursed, len(loan.Dues) > 0)
		reached(&f.Closed, loan.State == lending.StateClosed)
		reached(&f.ChargedOff, loan.State == lending.StateWrittenOff)
		reached(&f.Running, loan.State == lending.StateActive)
	}
	return f
}

func (m *market) fills() (out []Fill) {
	for _, g := range append(m.grades(), gradeAll) {
		var days, bids []float64
		for _, d := range m.deals {
			if d.Grade == g || g == gradeAll {
				days = append(days, float64(d.funded.Sub(d.listed)))
				bids = append(bids, float64(d.bids))
			}
		}
		slices.Sort(days)
		out = append(out, Fill{g, len(days), round(mean(bids), 1), round(mean(days), 1),
			round(quantile(days, 0.5), 1), round(quantile(days, 0.9), 1)})
	}
	return out
}

// books sums a book's accounts by kind.
func (m *market) books(b ledger.Book) Book {
	out := Book{Book: b}
	var debits, credits int64
	var kinds []ledger.Kind
	sums := map[ledger.Kind]*struct{ accounts, debit, credit int64 }{}
	for _, line := range m.store.reports.TrialBalance(b) {
		k := line.Account.Kind
		if sums[k] == nil {
			kinds = append(kinds, k)
			sums[k] = &struct{ accounts, debit, credit int64 }{}
		}
		sums[k].accounts++
		sums[k].debit += max(line.Debit, 0)
		sums[k].credit += max(-line.Debit, 0)
	}
	for _, k := range kinds {
		s := sums[k]
		out.Lines = append(out.Lines, Line{k, int(s.accounts), dollars(s.debit), dollars(s.credit)})
		debits += s.debit
		credits += s.credit
	}
	out.Debit, out.Credit = dollars(debits), dollars(credits)
	return out
}

func (m *market) timing(took time.Duration) *Timing {
	s := max(took.Seconds(), 1e-9)
	loans, commands := float64(len(m.deals)), float64(m.store.commands)
	return &Timing{round(s, 3), round(loans/s, 1), round(commands/s, 0)}
}

// dollars writes cents with thousands marked off.
func dollars(cents int64) string {
	sign := ""
	if cents < 0 {
		sign = "-"
	}
	whole := fmt.Sprint(abs(cents) / 100)
	var b strings.Builder
	for i, d := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(d)
	}
	return fmt.Sprintf("%s%s.%02d", sign, b.String(), abs(cents)%100)
}
