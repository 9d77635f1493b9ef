package calendar

import (
	"errors"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Limits of a calendar, so that hostile rules cost little.
const (
	// MaxSpecialDays is the most holidays and workdays together.
	MaxSpecialDays = 1 << 15
	// MaxSpanDays is the most days from the first special day to the last, both included: the 400
	// years after which the calendar of dates repeats.
	MaxSpanDays = 146097
)

// Rules are what makes a Calendar. The zero value leaves no day free.
type Rules struct {
	Weekend  []time.Weekday // free every week; never all seven
	Holidays []civil.Date   // free whatever their weekday
	Workdays []civil.Date   // business days whatever their weekday, such as China's 调休
}

// New makes the calendar of the rules. Days may come in any order and repeatedly; a holiday on a
// weekend and a workday on a day of the week's work change nothing and are dropped. New reports
// everything wrong with the rules as *RulesError values: a weekend of seven days, a weekday or date
// that is none, a day in both lists, or special days beyond MaxSpecialDays or MaxSpanDays.
func New(r Rules) (Calendar, error) {
	week, err := weekOf(r.Weekend)
	err = errors.Join(err, limits(len(r.Holidays)+len(r.Workdays), 0), checkDates(r))
	if err != nil {
		return Calendar{}, err
	}
	special := effective(nil, r.Holidays, week)
	special = effective(special, r.Workdays, ^week)
	if len(special) == 0 {
		d, err := newDays(week, 0, nil)
		return Calendar{d}, err
	}
	first := slices.Min(special) / wordDays
	words := make([]uint64, slices.Max(special)/wordDays-first+1)
	for i := range words {
		words[i] = weekWord(week, first+uint32(i))
	}
	slices.Sort(special)
	for _, n := range slices.Compact(special) {
		words[n/wordDays-first] ^= 1 << (n % wordDays)
	}
	d, err := newDays(week, first, words)
	return Calendar{d}, err
}

// SaturdaySunday returns the calendar in which Saturdays and Sundays are free, and nothing else.
func SaturdaySunday() Calendar {
	return Calendar{newWeek(everyDay &^ (1<<time.Saturday | 1<<time.Sunday))}
}

// Rules returns the rules that make the calendar, the weekend from Monday on and the dates in their
// order, without those that change nothing.
func (c Calendar) Rules() Rules {
	var r Rules
	if c.days == nil {
		return r
	}
	for i := range 7 {
		if day := (i + 1) % 7; c.days.week>>day&1 == 0 {
			r.Weekend = append(r.Weekend, time.Weekday(day))
		}
	}
	for i, word := range c.days.words {
		w := c.days.first + uint32(i)
		for special := word ^ weekWord(c.days.week, w); special != 0; special &= special - 1 {
			bit := bits.TrailingZeros64(special)
			d, _ := civil.FromOrdinal(int32(w*wordDays) + int32(bit)) // New had it from a date
			if word>>bit&1 == 0 {
				r.Holidays = append(r.Holidays, d)
			} else {
				r.Workdays = append(r.Workdays, d)
			}
		}
	}
	return r
}

// weekOf returns the business days of a week with that weekend, by the bits of days.week.
func weekOf(weekend []time.Weekday) (uint8, error) {
	week := uint8(everyDay)
	for _, day := range weekend {
		if day < time.Sunday || day > time.Saturday {
			return 0, &RulesError{Field: "Weekend", Problem: "has no weekday " + strconv.Itoa(int(day))}
		}
		week &^= 1 << day
	}
	if week == 0 {
		return 0, &RulesError{Field: "Weekend", Problem: "leaves no business day"}
	}
	return week, nil
}

// checkDates refuses a date that is none, and the first day that is in both lists.
func checkDates(r Rules) error {
	var faults []error
	if slices.ContainsFunc(r.Holidays, civil.Date.IsZero) {
		faults = append(faults, &RulesError{Field: "Holidays", Problem: "must all be dates"})
	}
	if slices.ContainsFunc(r.Workdays, civil.Date.IsZero) {
		faults = append(faults, &RulesError{Field: "Workdays", Problem: "must all be dates"})
	}
	holidays := slices.SortedFunc(slices.Values(r.Holidays), civil.Date.Compare)
	for _, day := range r.Workdays {
		if _, found := slices.BinarySearchFunc(holidays, day, civil.Date.Compare); found {
			faults = append(faults,
				&RulesError{Field: "Workdays", Problem: "has " + day.String() + ", which is a holiday"})
			break
		}
	}
	return errors.Join(faults...)
}

// effective appends the ordinals of those dates whose weekday is in the week given.
func effective(dst []uint32, dates []civil.Date, week uint8) []uint32 {
	for _, d := range dates {
		if week>>d.Weekday()&1 != 0 {
			dst = append(dst, uint32(d.Ordinal()))
		}
	}
	return dst
}
