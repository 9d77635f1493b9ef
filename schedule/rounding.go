package schedule

import "github.com/loanweave/loanweave/schedule/money"

// Rounding names the places where a plan rounds, and who bears it. Both modes must be set; the
// other fields have a plain meaning when zero.
type Rounding struct {
	// Instalment rounds the part that repeats: the level payment, the equal share of principal,
	// and under MethodFlat the equal share of interest.
	Instalment money.Mode `json:"instalment"`
	// Interest rounds the interest of a row, or of the term where it is charged as one sum.
	Interest money.Mode `json:"interest"`
	// Unit is what the part that repeats is a multiple of, in minor units: 100 for whole yuan.
	// Zero means 1, and 100,000,000 is the most. A part that it would bring to 0 is rounded to
	// the minor unit instead.
	Unit int64 `json:"unit,omitzero"`
	// Grain says how often interest is rounded; zero means GrainRow.
	Grain Grain `json:"grain,omitzero"`
	// Remainder says which instalment takes what equal shares leave over; zero means the last.
	Remainder Remainder `json:"remainder,omitzero"`
	// Smooth spreads over all level payments what the last differs by: while the last two
	// instalments are more than half a minor unit an instalment apart, the payment changes by
	// their difference over the number of instalments, at most three times, and only as long as
	// that brings them closer (the rule of Apache Fineract's progressive schedules).
	Smooth bool `json:"smooth,omitzero"`
}

const modesWanted = "must be half-even, half-up, half-down, up, down, ceiling or floor"

// maxUnit bounds Rounding.Unit.
const maxUnit = 100_000_000

// unit is Unit, or 1.
func (r Rounding) unit() int64 { return max(r.Unit, 1) }

func (r Rounding) validate(require requirer) {
	require(r.Instalment.IsValid(), "Rounding.Instalment", modesWanted)
	require(r.Interest.IsValid(), "Rounding.Interest", modesWanted)
	require(r.Unit >= 0 && r.Unit <= maxUnit, "Rounding.Unit", "must be 0 to 100000000")
	if !r.Grain.IsValid() {
		require(false, "Rounding.Grain", "must be "+oneOf(grains))
	}
	require(r.Remainder.IsValid(), "Rounding.Remainder", "must be last or first")
}
