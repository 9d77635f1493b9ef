package calendar

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Calendar says of every day whether it is a business day or free. It never changes, is one
// pointer wide and safe to copy and share. The zero value is useful: no day is free. Two calendars
// made apart are different under == even when they agree on every day; compare them with Equal.
type Calendar struct {
	days *days // nil when no day is free, and only then
}

// IsZero reports whether no day is free, as in the zero value.
func (c Calendar) IsZero() bool { return c.days == nil }

// Equal reports whether both calendars agree on every day.
func (c Calendar) Equal(o Calendar) bool {
	if c.days == o.days {
		return true
	}
	return c.days != nil && o.days != nil && c.days.week == o.days.week &&
		c.days.first == o.days.first && slices.Equal(c.days.words, o.days.words)
}

// IsBusiness reports whether d is a business day. The zero date is none.
func (c Calendar) IsBusiness(d civil.Date) bool {
	n := uint32(d.Ordinal())
	if n == 0 || c.days == nil {
		return n != 0
	}
	if i := uint(n/wordDays - c.days.first); i < uint(len(c.days.words)) {
		return c.days.words[i]&(1<<(n%wordDays)) != 0
	}
	return c.days.week>>(n%7)&1 != 0
}

// Next returns the first business day after d, or the zero date when the years 1 to 9999 have none
// or d is the zero date.
func (c Calendar) Next(d civil.Date) civil.Date { return c.onOrAfter(d.AddDays(1)) }

// Prev returns the last business day before d, or the zero date when the years 1 to 9999 have none
// or d is the zero date.
func (c Calendar) Prev(d civil.Date) civil.Date { return c.onOrBefore(d.AddDays(-1)) }

// BusinessDays counts the business days from one date to another, the first included, the last
// not. It is negative when to is before from, and 0 when either is the zero date. It costs the same
// for a week as for a century.
func (c Calendar) BusinessDays(from, to civil.Date) int {
	if c.days == nil || from.IsZero() || to.IsZero() {
		return to.Sub(from)
	}
	return c.days.before(uint32(to.Ordinal())) - c.days.before(uint32(from.Ordinal()))
}

// onOrAfter returns d or the first business day after it, or the zero date.
func (c Calendar) onOrAfter(d civil.Date) civil.Date {
	if c.days == nil || d.IsZero() {
		return d
	}
	n := uint32(d.Ordinal())
	return d.AddDays(int(c.days.onOrAfter(n) - n))
}

// onOrBefore returns d or the last business day before it, or the zero date.
func (c Calendar) onOrBefore(d civil.Date) civil.Date {
	if c.days == nil || d.IsZero() {
		return d
	}
	n := uint32(d.Ordinal())
	return d.AddDays(-int(n - c.days.onOrBefore(n)))
}
