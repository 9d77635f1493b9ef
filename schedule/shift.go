package schedule

import (
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Shift moves days that are not business days. The zero value moves none.
type Shift struct {
	Rule     calendar.Adjustment `json:"rule,omitzero"`
	Calendar calendar.Calendar   `json:"calendar,omitzero"`
	// Accrual moves the days between which interest is counted as well; without it only the days
	// of payment move, and interest runs to the unmoved day. It asks for AccrueByDays.
	Accrual bool `json:"accrual,omitzero"`
}

// IsZero reports whether s moves nothing.
func (s Shift) IsZero() bool { return s == Shift{} }

// days gives the day to which interest counts and the day of payment for a date of the grid.
func (s *Shift) days(d civil.Date) (on, pay civil.Date) {
	if s.Rule == 0 {
		return d, d
	}
	pay = s.Rule.Adjust(d, s.Calendar)
	if s.Accrual {
		return pay, pay
	}
	return d, pay
}

// move does to the rows what days does to a date. Most are due on business days, which need no
// more than to be asked.
func (s *Shift) move(rows []Row) {
	if s.Rule == 0 {
		return
	}
	cal := s.Calendar
	for i := range rows {
		row := &rows[i]
		if cal.IsBusiness(row.Due) {
			continue
		}
		row.Due = s.Rule.Adjust(row.Due, cal)
		if s.Accrual {
			row.End = row.Due
		}
	}
}
