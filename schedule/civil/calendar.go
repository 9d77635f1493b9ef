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

// The two functions below count years from 1 March, so that the leap day comes last. Then month m
// (3 for March, 14 for February) begins (979m-2919)/32 days into the year. Centuries, years and
// months are near enough to evenly long that one multiplication splits off each. Source: C. Neri
// and L. Schneider, "Euclidean affine functions and their application to calendar algorithms"
// (2023). Both are proven against package time for every day of the years 1 to 9999.

// marchOffset is the days from 0000-03-01 to 0000-12-31.
const marchOffset = 305

// ordinal returns the days from 0000-12-31 to a date that exists.
func ordinal(year, month, day int) int32 {
	y, m := uint32(year), uint32(month)
	if m < 3 {
		y, m = y-1, m+12
	}
	century := y / 100
	return int32(1461*y/4-century+century/4+(979*m-2919)/32) + int32(day) - 1 - marchOffset
}

// split returns the date of an ordinal from 1 to lastOrdinal.
func split(n int32) (year, month, day int) {
	const (
		perEra  = 146097  // days of 400 years, which are quarter days of a century
		perYear = 2939745 // 2^32 quarter days of a year of 1461, rounded up
	)
	quarters := 4*(uint32(n)+marchOffset) + 3
	century, rest := quarters/perEra, quarters%perEra
	years := uint64(rest|3) * perYear // with 32 bits for the part of a year
	inYear := uint32(years) / (4 * perYear)
	months := 2141*inYear + 197913 // with 16 bits for the part of a month; March is 3
	year, month = int(100*century+uint32(years>>32)), int(months>>16)
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, int(months&(1<<16-1)/2141) + 1
}
