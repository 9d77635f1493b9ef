package civil

// Range is the days from From up to and without To. It is comparable with ==; the zero value is
// empty, and so is every range that lacks a bound or whose To is not after its From.
type Range struct {
	From, To Date // half open: From is in, To is out
}

// IsEmpty reports whether the range has no day.
func (r Range) IsEmpty() bool { return r.From.IsZero() || !r.From.Before(r.To) }

// Contains reports whether d is in the range.
func (r Range) Contains(d Date) bool { return !r.IsEmpty() && !d.Before(r.From) && d.Before(r.To) }

// Days returns the number of days, 0 when empty.
func (r Range) Days() int {
	if r.IsEmpty() {
		return 0
	}
	return r.To.Sub(r.From)
}

// String returns the bounds in the notation of half-open intervals: "[2024-01-31, 2024-02-29)".
func (r Range) String() string { return "[" + r.From.String() + ", " + r.To.String() + ")" }
