package risk

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Unpaid is what lacks of one instalment, as a plain row.
type Unpaid struct {
	Due   civil.Date
	Minor int64 // minor units, 0 or more
}

// Aged is what is unpaid in one band of a table.
type Aged struct {
	Class string
	Minor int64
}

// Aging groups what is past due on a date by the band of each instalment's own age (账龄), every band
// of the table in its order, the first holding what is not past due. Figures below zero count as
// zero. A sum beyond [money.MaxMinor] stops there.
func Aging(t Table, rows []Unpaid, on civil.Date) []Aged {
	out := make([]Aged, len(t.bands))
	for i, b := range t.bands {
		out[i].Class = b.Class
	}
	for _, r := range rows {
		if i := t.Index(on.Sub(r.Due)); i >= 0 {
			out[i].Minor = min(out[i].Minor+max(r.Minor, 0), money.MaxMinor)
		}
	}
	return out
}

// Materiality is the European test of a default by arrears (Regulation (EU) 2018/171): an amount is
// material when it exceeds the absolute and the relative threshold both; the obligor defaults once
// it has been so for more than Days consecutive days.
type Materiality struct {
	Minor int64 // absolute threshold in minor units; EUR 100 for retail exposures
	PPM   int64 // of the exposure, in parts per million; 10,000 is 1%
	Days  int   // 90
}

// EBARetail is EUR 100 and 1% for more than 90 days.
func EBARetail() Materiality { return Materiality{100_00, 10_000, 90} }

// Arrears is what was past due of an exposure from a day on, until the next row.
type Arrears struct {
	From     civil.Date
	PastDue  int64 // minor units
	Exposure int64 // minor units on the balance sheet
}

// Material reports whether an amount past due is material: above both thresholds.
func (m Materiality) Material(pastDue, exposure int64) bool {
	if pastDue <= m.Minor {
		return false
	}
	threshold, err := money.MulDiv(max(exposure, 0), m.PPM, 1_000_000, money.Down)
	return err == nil && pastDue > threshold
}

// Days counts the consecutive days up to and including a date on which arrears were material: zero
// when they are not on the day. Rows are in the order of their dates.
func (m Materiality) DaysMaterial(rows []Arrears, on civil.Date) int {
	var since civil.Date
	for _, r := range rows {
		if r.From.After(on) {
			break
		}
		switch {
		case !m.Material(r.PastDue, r.Exposure):
			since = civil.Date{}
		case since.IsZero():
			since = r.From
		}
	}
	if since.IsZero() {
		return 0
	}
	return on.Sub(since) + 1
}

// Defaulted reports whether the arrears have been material for more than the days.
func (m Materiality) Defaulted(rows []Arrears, on civil.Date) bool {
	return m.DaysMaterial(rows, on) > m.Days
}
