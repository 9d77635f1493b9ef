package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// MandateID names a standing order.
type MandateID string

// Bounds of a mandate.
const (
	maxNames  = 60   // grades, products or covers that the mandates of one queue name together
	maxMonths = 1200 // longest term
	maxSpread = 1_000_000
)

// Mandate is a lender's standing order to bid for him on every loan that it takes (自动投标): which
// loans, how much a loan, and what it never touches. Figures are minor units of its currency, to
// money.MaxMinor. A mandate is on while it stands in a [Queue]; a change of terms is switching off
// and on again, which costs the place.
type Mandate struct {
	ID       MandateID
	Lender   PartyID
	Currency money.Currency

	From  civil.Date // first day on which it bids; zero for any
	Until civil.Date // last day; zero for no end

	Takes LoanFilter

	// Max is what it bids on one loan, Min the least that it bids when the loan, the wallet or a
	// cap leaves less than Max. Equal figures are a fixed amount. 1 <= Min <= Max.
	Min, Max int64
	LoanPPM  int64 // at most this share of a loan in parts per million, rounded down; 0 for no such limit
	Retain   int64 // of the free balance, never touched (保留余额)

	// Caps on what the lender has outstanding or on hold, the new bid included; 0 for none.
	PerBorrower int64
	PerGrade    []GradeCap // grades that are not named have no cap
	Total       int64
	// Spread is over how many loans the lender's money must be spread at least: a bid is at most
	// (free balance - Retain + outstanding) / Spread, rounded down. 0 for no such limit, to 1,000,000.
	Spread int
}

// GradeCap bounds what a lender has in loans of one grade, in minor units, above zero.
type GradeCap struct {
	Grade Code
	Minor int64
}

// Validate reports everything that is wrong with the mandate at once, each an [*Error]: ErrID,
// ErrAmount, ErrDate or ErrTerms.
func (m *Mandate) Validate() error {
	var errs []error
	bad := func(ok bool, sentinel error, format string, args ...any) {
		if !ok {
			errs = append(errs, m.wrong(sentinel, format, args...))
		}
	}
	upTo := func(n, most int64) bool { return n >= 0 && n <= most }
	errs = append(errs, checkID("mandate", m.ID), checkID("lender", m.Lender))
	bad(!m.Currency.IsZero(), ErrTerms, "names no currency")
	bad(m.Until.IsZero() || !m.Until.Before(m.From), ErrDate, "runs from %s until %s", m.From, m.Until)
	bad(m.Min >= 1 && m.Min <= m.Max && m.Max <= MaxLoan, ErrAmount, "bids %d to %d", m.Min, m.Max)
	bad(upTo(m.LoanPPM, Million), ErrTerms, "bids at most %d ppm of a loan", m.LoanPPM)
	bad(upTo(m.Retain, money.MaxMinor), ErrAmount, "retains %d", m.Retain)
	bad(upTo(m.PerBorrower, money.MaxMinor), ErrAmount, "has a cap of %d a borrower", m.PerBorrower)
	bad(upTo(m.Total, money.MaxMinor), ErrAmount, "has a cap of %d in all", m.Total)
	bad(upTo(int64(m.Spread), maxSpread), ErrTerms, "spreads over %d loans", m.Spread)
	bad(len(m.PerGrade) <= maxNames, ErrTerms, "has caps on %d grades", len(m.PerGrade))
	for i, g := range m.PerGrade {
		errs = append(errs, checkID("grade", g.Grade))
		bad(g.Minor >= 1 && g.Minor <= money.MaxMinor, ErrAmount, "has a cap of %d on a grade", g.Minor)
		bad(i > maxNames || !slices.ContainsFunc(m.PerGrade[:i], func(o GradeCap) bool {
			return o.Grade == g.Grade
		}), ErrTerms, "has two caps on one grade")
	}
	return errors.Join(append(errs, m.checkTakes())...)
}

func (m *Mandate) checkTakes() error {
	f, errs := &m.Takes, []error(nil)
	bad := func(ok bool, sentinel error, format string, args ...any) {
		if !ok {
			errs = append(errs, m.wrong(sentinel, format, args...))
		}
	}
	span := func(from, to, most int64) bool {
		return from >= 0 && from <= most && to >= 0 && to <= most && (to == 0 || from <= to)
	}
	bad(span(f.MinAmount, f.MaxAmount, MaxLoan), ErrAmount,
		"takes loans of %d to %d", f.MinAmount, f.MaxAmount)
	bad(f.MinRate.IsZero() || f.MaxRate.IsZero() ||
		f.MinRate.Basis() == f.MaxRate.Basis() && f.MinRate.Pico() <= f.MaxRate.Pico(), ErrTerms,
		"takes rates from %s to %s", text(f.MinRate), text(f.MaxRate))
	bad(span(int64(f.MinMonths), int64(f.MaxMonths), maxMonths), ErrTerms,
		"takes terms of %d to %d months", f.MinMonths, f.MaxMonths)
	errs = append(errs, checkNames("grade", f.Grades), checkNames("product", f.Products),
		checkNames("cover", f.Covers))
	return errors.Join(errs...)
}

// checkNames refuses a set that is too long, names something twice or holds a malformed id.
func checkNames[T ~string](what string, set []T) error {
	if len(set) > maxNames {
		return &Error{ErrLimit, what + "s", fmt.Sprintf("are %d, at most %d", len(set), maxNames)}
	}
	var errs []error
	for i, id := range set {
		if err := checkID(what, id); err != nil {
			errs = append(errs, err)
		}
		if slices.Contains(set[:i], id) {
			errs = append(errs, &Error{ErrTerms, what + "s", "name one twice"})
		}
	}
	return errors.Join(errs...)
}

// wrong is an error about the mandate, whose id may be of any length and content.
func (m *Mandate) wrong(sentinel error, format string, args ...any) error {
	thing := fmt.Sprintf("mandate %.*s", MaxID, m.ID)
	return &Error{sentinel, thing, fmt.Sprintf(format, args...)}
}

func (m *Mandate) clone() Mandate {
	c := *m
	c.PerGrade, c.Takes.Grades = slices.Clone(m.PerGrade), slices.Clone(m.Takes.Grades)
	c.Takes.Products, c.Takes.Covers = slices.Clone(m.Takes.Products), slices.Clone(m.Takes.Covers)
	return c
}

func (m *Mandate) code(c *event.Codec) {
	event.Text(c, &m.ID)
	event.Text(c, &m.Lender)
	c.Currency(&m.Currency)
	c.Date(&m.From)
	c.Date(&m.Until)
	m.Takes.code(c)
	c.Int(&m.Min)
	c.Int(&m.Max)
	c.Int(&m.LoanPPM)
	c.Int(&m.Retain)
	c.Int(&m.PerBorrower)
	event.List(c, &m.PerGrade, func(c *event.Codec, g *GradeCap) {
		event.Text(c, &g.Grade)
		c.Int(&g.Minor)
	})
	c.Int(&m.Total)
	c.Count(&m.Spread)
}
