package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Dimension is that by which a report groups the loans that were paid out. Every loan is in one group,
// so that the groups' figures add up to those of the book.
type Dimension uint8

// Dimensions. A cohort (vintage) has the loans that were paid out in one span of the calendar.
const (
	ByMonth   Dimension = iota + 1 // cohort: "2026-03" (放款月份)
	ByQuarter                      // cohort: "2026-Q1"
	ByYear                         // cohort: "2026"
	ByGrade                        // as approved; empty for none (信用等级)
	ByProduct                      // 产品
	ByChannel                      // of the application's source, else of its borrower's; empty for none (渠道)
)

var dimensionNames = [...]string{"", "month", "quarter", "year", "grade", "product", "channel"}

// String returns the dimension's name.
func (d Dimension) String() string { return nameOf(dimensionNames[:], d, "dimension") }

// MarshalText returns the dimension's name.
func (d Dimension) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves d as it was.
func (d *Dimension) UnmarshalText(text []byte) error {
	return readName(d, dimensionNames[:], text, "dimension")
}

// IsValid reports whether d is one of the dimensions above.
func (d Dimension) IsValid() bool { return ByMonth <= d && d <= ByChannel }

// IsCohort reports whether d groups loans by when they were paid out.
func (d Dimension) IsCohort() bool { return ByMonth <= d && d <= ByYear }

// check refuses a dimension and a date that a report cannot be drawn up for.
func (d Dimension) check(on civil.Date) error {
	switch {
	case !d.IsValid():
		return &Error{ErrTerms, d.String(), "is none: group by month, quarter, year, grade, product or channel"}
	case on.IsZero():
		return &Error{ErrDate, "report", "wants the day on which it is drawn up"}
	}
	return nil
}

// group is the loan's group in a dimension.
func (r *Reports) group(l *Loan, d Dimension) string {
	switch d {
	case ByGrade:
		return string(l.Grade)
	case ByProduct:
		return string(l.Product.ID)
	case ByChannel:
		return string(r.channel(l))
	}
	year, month, _ := l.Started.Date()
	switch d {
	case ByMonth:
		return fmt.Sprintf("%04d-%02d", year, month)
	case ByQuarter:
		return fmt.Sprintf("%04d-Q%d", year, (month+2)/3)
	}
	return fmt.Sprintf("%04d", year)
}

// channel is the sales channel through which the loan came.
func (r *Reports) channel(l *Loan) Code {
	if a := r.records.sources[LoanSourceRef(l.ID).ID]; a != nil && a.Source.Channel != "" {
		return a.Source.Channel
	}
	if a := r.Acquisition(l.Borrower); a != nil {
		return a.Source.Channel
	}
	return ""
}
