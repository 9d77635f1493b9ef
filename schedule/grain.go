package schedule

// Grain is how often interest is rounded to the minor unit. The zero value means GrainRow.
type Grain uint8

// The grains. Their texts are row, day, none and per-diem.
const (
	// GrainRow rounds the interest of a row once.
	GrainRow Grain = iota + 1
	// GrainDay rounds the interest of every day, and sums the days.
	GrainDay
	// GrainNone rounds nothing until it is paid: what rounding a row's interest leaves over is
	// carried into the next row, and bears interest as the balance does. It is kept to 2^-64 of a
	// minor unit. (LendingClub's loans accrued so.)
	GrainNone
	// GrainPerDiem rounds the interest of a row once, as GrainRow does, but counts it as that of one
	// day, cut half-even to 19 significant digits, times the days. It differs from GrainRow where
	// that is exactly half a minor unit. (Apache Fineract's arithmetic.)
	GrainPerDiem
)

const grains = "row day none per-diem"

// IsValid reports whether g is unset or one of the grains above.
func (g Grain) IsValid() bool { return g == 0 || isWord(grains, uint8(g)) }

// String gives the text of g, or Grain(n) when it has none.
func (g Grain) String() string { return wordOf("Grain", grains, uint8(g)) }

// MarshalText gives the text of g; an unset or unknown grain is a *SyntaxError.
func (g Grain) MarshalText() ([]byte, error) { return marshalWord("Grain", grains, uint8(g)) }

// UnmarshalText reads what MarshalText wrote; g is untouched on error.
func (g *Grain) UnmarshalText(text []byte) error { return unmarshalWord(g, "Grain", grains, text) }
