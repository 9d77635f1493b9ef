package calendar

import "math"

// Union returns the calendar in which a day is free when it is free in any of the calendars given:
// the business days of a payment that needs all of their cities open. Without calendars it is the
// zero Calendar. It returns a *RulesError when no weekday is left for business, or the special days
// pass the limits of New.
func Union(calendars ...Calendar) (Calendar, error) {
	return joint(calendars, func(a, b uint64) uint64 { return a & b })
}

// Intersection returns the calendar in which a day is free when it is free in all of the calendars
// given: one open city is enough for business. Without calendars it is the zero Calendar. It
// returns a *RulesError when the special days pass the limits of New.
func Intersection(calendars ...Calendar) (Calendar, error) {
	return joint(calendars, func(a, b uint64) uint64 { return a | b })
}

// joint combines the business days of the calendars word by word, a week being a word too.
func joint(calendars []Calendar, combine func(a, b uint64) uint64) (Calendar, error) {
	if len(calendars) == 0 {
		return Calendar{}, nil
	}
	parts := make([]*days, len(calendars))
	first, end := uint32(math.MaxUint32), uint32(0)
	for i, c := range calendars {
		parts[i] = c.days
		if c.days == nil {
			parts[i] = newWeek(everyDay)
		}
		if n := uint32(len(parts[i].words)); n > 0 {
			first, end = min(first, parts[i].first), max(end, parts[i].first+n)
		}
	}
	week := uint64(parts[0].week)
	for _, part := range parts[1:] {
		week = combine(week, uint64(part.week))
	}
	var words []uint64
	for w := first; w < end; w++ {
		word := parts[0].word(w)
		for _, part := range parts[1:] {
			word = combine(word, part.word(w))
		}
		words = append(words, word)
	}
	d, err := newDays(uint8(week), first, words)
	return Calendar{d}, err
}
