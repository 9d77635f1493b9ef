package calendar

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// wordDays is how many days a word of the bit set holds.
const wordDays = 64

// everyDay is a week without a free day.
const everyDay = 1<<7 - 1

// days is what a Calendar knows. Days are numbered by civil's ordinal, in which day n has weekday
// n%7 with Sunday 0. The week decides, but for the days of the words, which hold every special day
// and decide for themselves. The form is unique: words begin and end with a word that has a
// special day, so that calendars agree on every day exactly when these fields are equal.
type days struct {
	week   uint8    // bit w is set when weekday w is a business day; at least one is
	weeks  uint64   // bit n is set when weekday n%7 is a business day
	first  uint32   // the number of the first word; word w holds the days 64w to 64w+63
	words  []uint64 // bit n%64 is set when day n is a business day
	counts []int    // for each word, the business days from day 0 to before the word
	drift  int      // business days of all words less those of their weekdays
}

// newWeek is a week without special days.
func newWeek(week uint8) *days { return &days{week: week, weeks: weekWord(week, 0)} }

// newDays takes over the words that decide from the word first on, and returns nil when no day is
// free. It returns a *RulesError when the week has no business day, or for too many special days.
func newDays(week uint8, first uint32, words []uint64) (*days, error) {
	if week == 0 {
		return nil, &RulesError{Field: "Weekend", Problem: "leaves no business day"}
	}
	special := func(i int) uint64 { return words[i] ^ weekWord(week, first+uint32(i)) }
	low, high := 0, len(words)
	for low < high && special(low) == 0 {
		low++
	}
	for low < high && special(high-1) == 0 {
		high--
	}
	if low == high && week == everyDay {
		return nil, nil
	}
	d := newWeek(week)
	if low == high {
		return d, nil
	}
	count := 0
	for i := low; i < high; i++ {
		count += bits.OnesCount64(special(i))
	}
	span := wordDays*(high-low) - bits.TrailingZeros64(special(low)) -
		bits.LeadingZeros64(special(high-1))
	if err := limits(count, span); err != nil {
		return nil, err
	}
	d.first, d.words = first+uint32(low), slices.Clone(words[low:high])
	d.count()
	return d, nil
}

// limits refuses too many special days, or too wide a span of them.
func limits(count, span int) error {
	switch {
	case count > MaxSpecialDays:
		return &RulesError{Field: "Days", Problem: "must be at most " + strconv.Itoa(MaxSpecialDays)}
	case span > MaxSpanDays:
		return &RulesError{Field: "Days",
			Problem: "must lie within " + strconv.Itoa(MaxSpanDays) + " days of each other"}
	}
	return nil
}

// count fills counts and drift.
func (d *days) count() {
	d.counts = make([]int, len(d.words))
	total := d.weekBefore(d.first * wordDays)
	for i, word := range d.words {
		d.counts[i] = total
		total += bits.OnesCount64(word)
	}
	d.drift = total - d.weekBefore((d.first+uint32(len(d.words)))*wordDays)
}

// weekWord returns the word w as the week alone decides it. Since 64 is 1 modulo 7, its first day
// has the weekday w%7.
func weekWord(week uint8, w uint32) uint64 {
	const every7 = 0x8102040810204081 // bits 0, 7, 14 up to 63
	turn := w % 7
	return (uint64(week)>>turn | uint64(week)<<(7-turn)&everyDay) * every7
}

// word returns the word w, as the special days and the week decide it.
func (d *days) word(w uint32) uint64 {
	if i := w - d.first; i < uint32(len(d.words)) {
		return d.words[i]
	}
	return weekWord(d.week, w)
}

// ahead has bit k set when day n+k is a business day and in the word of n; outside of the words some
// bits after the first week may be missing. It may be 0.
func (d *days) ahead(n uint32) uint64 {
	if i := uint(n/wordDays - d.first); i < uint(len(d.words)) {
		return d.words[i] >> (n % wordDays)
	}
	return d.weeks >> (n % 7) & (math.MaxUint64 >> (n % wordDays))
}

// behind is ahead in the other direction: bit 63-k is for day n-k.
func (d *days) behind(n uint32) uint64 {
	if i := uint(n/wordDays - d.first); i < uint(len(d.words)) {
		return d.words[i] << (^n % wordDays)
	}
	return d.weeks << (7 - n%7) & (math.MaxUint64 << (^n % wordDays))
}

// onOrAfter returns the first business day from day n on. The week has one, so that the words
// after the last special day end the search.
func (d *days) onOrAfter(n uint32) uint32 {
	word := d.ahead(n)
	for word == 0 {
		n = n&^(wordDays-1) + wordDays
		word = d.ahead(n)
	}
	return n + uint32(bits.TrailingZeros64(word))
}

// onOrBefore returns the last business day up to day n, or 0.
func (d *days) onOrBefore(n uint32) uint32 {
	word := d.behind(n)
	for word == 0 {
		if n < wordDays {
			return 0
		}
		n = n&^(wordDays-1) - 1
		word = d.behind(n)
	}
	return n - uint32(bits.LeadingZeros64(word))
}

// before counts the business days from day 0 to before day n. Day 0 is no date, but it cancels out
// of every difference.
func (d *days) before(n uint32) int {
	i := int(n/wordDays) - int(d.first)
	switch {
	case i < 0:
		return d.weekBefore(n)
	case i < len(d.words):
		return d.counts[i] + bits.OnesCount64(d.words[i]&(1<<(n%wordDays)-1))
	}
	return d.weekBefore(n) + d.drift
}

// weekBefore is before as the week alone decides it.
func (d *days) weekBefore(n uint32) int {
	return int(n/7)*bits.OnesCount8(d.week) + bits.OnesCount8(d.week&(1<<(n%7)-1))
}
