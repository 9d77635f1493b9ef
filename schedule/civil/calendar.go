package civil

import "time"

// IsLeap reports whether the year has a 29 February.
func IsLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// DaysIn returns the number of days of the month, 28 to 31, or 0 when the month is not 1 to 12.
func DaysIn(year int, month time.Month) int {
	switch {
	case month < 1 || month > 12:
		return 0
	case month != time.February:
		return 30 + int(month+month>>3)&1 // long: the odd months up to July, the even ones after
	case IsLeap(year):
		return 29
	}
	return 28
}

// The two functions below count years from 1 March, so that the leap day comes last. Then month k
// (0 for March) begins (153k+2)/5 days into the year. Source: E. G. Richards, Mapping Time (1998),
// and H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". Both are proven against package
// time for every day of the years 1 to 9999.

// marchOffset is the days from 0000-03-01 to 0000-12-31.
const marchOffset = 305

// ordinal returns the days from 0000-12-31 to a date that exists.
func ordinal(year, month, day int) int32 {
	y, k := year, month-3
	if k < 0 {
		y, k = y-1, k+12
	}
	return int32(365*y + y/4 - y/100 + y/400 + (153*k+2)/5 + day - 1 - marchOffset)
}

// split returns the date of an ordinal from 1 to lastOrdinal.
func split(n int32) (year, month, day int) {
	const (
		perEra     = 146097 // days of 400 years
		perCentury = 36524  // days of 100 years but the last
		perQuad    = 1461   // days of 4 years
	)
	days := uint32(n) + marchOffset
	era, rest := days/perEra, days%perEra
	// Drop the leap days that came before, then every year has 365.
	y := (rest - rest/(perQuad-1) + rest/perCentury - rest/(perEra-1)) / 365
	inYear := rest - (365*y + y/4 - y/100)
	k := (5*inYear + 2) / 153
	year, month, day = int(era*400+y), int(k)+3, int(inYear-(153*k+2)/5)+1
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}
