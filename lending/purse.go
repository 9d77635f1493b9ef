package lending

import "github.com/loanweave/loanweave/schedule/money"

// Purse is what a lender has when his turn comes, as one plain row in minor units: of his wallet,
// and outstanding or on hold in loans. Figures below zero count as zero, those above money.MaxMinor
// as that.
type Purse struct {
	Free     int64 // free balance
	Borrowed int64 // of it, what came from a loan: such a lender is skipped
	Barred   bool  // may not bid at present, being frozen for one: such a lender is skipped
	Debtor   bool  // owes on a loan of the platform: such a lender is skipped
	Here     int64 // his bids on this listing: once per lender and listing
	Borrower int64 // in loans to this borrower
	Grade    int64 // in loans of this grade
	Total    int64 // in all loans
}

// Purses looks a lender's purse up for the listing that is being filled. Slot is a small number that
// is a mandate's own as long as it is on, see [Queue.Slot]: an index for hosts that keep columns.
// It is asked at most once a mandate, only for those whose filter takes the loan, and must answer
// alike when asked again. An error ends the filling.
type Purses func(slot int, lender PartyID) (Purse, error)

// stake is the part of a mandate that sizes its bids, packed.
type stake struct {
	min, max, ppm, retain      int64
	perBorrower, total, spread int64 // unlimited is the largest figure; spread 1 is none
	from, until                int32
	graded                     bool // has caps by grade
}

// unlimited is above every figure.
const unlimited = money.MaxMinor

func (m *Mandate) stake() stake {
	s := stake{
		min: m.Min, max: m.Max, ppm: m.LoanPPM, retain: m.Retain,
		perBorrower: m.PerBorrower, total: m.Total, spread: max(int64(m.Spread), 1),
		from: m.From.Ordinal(), until: m.Until.Ordinal(), graded: len(m.PerGrade) > 0,
	}
	if s.ppm == 0 {
		s.ppm = Million
	}
	if s.perBorrower == 0 {
		s.perBorrower = unlimited
	}
	if s.total == 0 {
		s.total = unlimited
	}
	if m.Until.IsZero() {
		s.until = 1<<31 - 1
	}
	return s
}

// limit is the smallest of some limits and which of them it is.
type limit struct {
	minor int64
	by    Skip
}

func (l *limit) cut(minor int64, by Skip) {
	if minor < l.minor {
		l.minor, l.by = minor, by
	}
}

// capped cuts a limit to what the purse and the mandate's caps leave. GradeCap is the cap on the
// loan's grade.
func (s *stake) capped(l limit, p Purse, gradeCap int64) limit {
	figure := func(n int64) int64 { return max(0, min(n, unlimited)) }
	spare, total := max(0, figure(p.Free)-s.retain), figure(p.Total)
	l.cut(spare, SkipFunds)
	l.cut(s.perBorrower-figure(p.Borrower), SkipBorrowerCap)
	l.cut(gradeCap-figure(p.Grade), SkipGradeCap)
	l.cut(s.total-total, SkipTotalCap)
	if s.spread > 1 {
		l.cut((spare+total)/s.spread, SkipSpread)
	}
	return l
}

// gradeCap returns the cap on a grade.
func (m *Mandate) gradeCap(grade Code) int64 {
	for _, c := range m.PerGrade {
		if c.Grade == grade {
			return c.Minor
		}
	}
	return unlimited
}
