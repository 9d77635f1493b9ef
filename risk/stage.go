package risk

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Stage is where an account stands in collection (催收阶段).
type Stage uint8

// Stages. Between an instalment's payment and the reminder of the next an account is Performing.
const (
	Performing Stage = iota + 1
	PreDue           // an instalment falls due soon: remind (提醒)
	Early            // 前期
	Mid              // 中期
	Late             // 后期
	ChargedOff       // written off: recovery (核销后)
)

var stageNames = [...]string{"", "performing", "pre-due", "early", "mid", "late", "charged-off"}

// String returns the stage's name.
func (s Stage) String() string {
	if int(s) < len(stageNames) {
		return stageNames[s]
	}
	return "stage out of range"
}

// MarshalText returns the stage's name.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Staging says at how many days past due a stage begins.
type Staging struct {
	PreDueDays int // days before a due date on which PreDue begins; 0 for none
	Early      int // days past due, 1 or more
	Mid        int // above Early
	Late       int // above Mid
}

// StandardStaging is reminders three days ahead, early from day 1, mid from 31, late from 91.
func StandardStaging() Staging { return Staging{3, 1, 31, 91} }

// Validate refuses stages that do not follow each other.
func (s Staging) Validate() error {
	if s.PreDueDays < 0 || s.Early < 1 || s.Mid <= s.Early || s.Late <= s.Mid {
		return refuse(ErrTable, "stages begin at %d days before, then %d, %d and %d days past due",
			s.PreDueDays, s.Early, s.Mid, s.Late)
	}
	return nil
}

// Of returns the stage of a loan on a date. Technical arrears count as none: a loan whose unpaid
// instalments that are due lack no more than the tolerance, in minor units together, is
// Performing. A loan that is not running, nor written off, has no stage (zero).
func (s Staging) Of(l *lending.Loan, on civil.Date, tolerance int64) Stage {
	switch l.State {
	case lending.StateWrittenOff:
		return ChargedOff
	case lending.StateActive:
	default:
		return 0
	}
	days := l.DaysPastDue(on)
	if days > 0 && unpaidBefore(l, on) <= tolerance {
		days = 0
	}
	switch {
	case days >= s.Late:
		return Late
	case days >= s.Mid:
		return Mid
	case days >= s.Early:
		return Early
	case days == 0 && s.PreDueDays > 0 && falling(l, on, s.PreDueDays):
		return PreDue
	}
	return Performing
}

// unpaidBefore is what is unpaid of instalments that are past due, in minor units.
func unpaidBefore(l *lending.Loan, on civil.Date) (sum int64) {
	for i := range l.Dues {
		if l.Dues[i].Date.Before(on) {
			sum += l.Dues[i].Unpaid().Total()
		}
	}
	return sum
}

// falling reports whether an unpaid instalment falls due within so many days.
func falling(l *lending.Loan, on civil.Date, days int) bool {
	for i := range l.Dues {
		left := l.Dues[i].Date.Sub(on)
		if left >= 0 && left <= days && l.Dues[i].Unpaid().Total() > 0 {
			return true
		}
	}
	return false
}
