package schedule

import (
	"math/bits"

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

// move does to the rows what days does to a date. Whether one is free is as good as a coin to the
// processor, so that of 64 rows it first notes those that are, without a branch.
func (s *Shift) move(rows []Row) {
	if s.Rule == 0 || s.Calendar.IsZero() {
		return
	}
	for len(rows) > 0 {
		part := rows[:min(len(rows), 64)]
		for free := s.free(part); free != 0; free &= free - 1 {
			row := &part[bits.TrailingZeros64(free)]
			row.Due = s.Rule.Adjust(row.Due, s.Calendar)
			if s.Accrual {
				row.End = row.Due
			}
		}
		rows = rows[len(part):]
	}
}

// free has bit i set when row i is due on a free day; there are 64 rows at most.
func (s *Shift) free(rows []Row) (free uint64) {
	cal := s.Calendar
	for i := len(rows) - 1; i >= 0; i-- {
		bit := uint64(1)
		if cal.IsBusiness(rows[i].Due) {
			bit = 0
		}
		free = free<<1 | bit
	}
	return free
}
