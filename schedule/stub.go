package schedule

// Stub is what becomes of a last period that Maturity cuts short. The zero value means StubShort.
type Stub uint8

// The stubs. Their texts are short and long.
const (
	// StubShort keeps every due date before Maturity; the last period is shorter than the others.
	StubShort Stub = iota + 1
	// StubLong drops the last due date before Maturity; the last period is longer than the others.
	// Where FirstDue is the only due date before Maturity it is kept.
	StubLong
)

const stubs = "short long"

// IsValid reports whether s is unset or one of the stubs above.
func (s Stub) IsValid() bool { return s == 0 || isWord(stubs, uint8(s)) }

// String gives the text of s, or Stub(n) when it has none.
func (s Stub) String() string { return wordOf("Stub", stubs, uint8(s)) }

// MarshalText gives the text of s; an unset or unknown stub is a *SyntaxError.
func (s Stub) MarshalText() ([]byte, error) { return marshalWord("Stub", stubs, uint8(s)) }

// UnmarshalText reads what MarshalText wrote; s is untouched on error.
func (s *Stub) UnmarshalText(text []byte) error { return unmarshalWord(s, "Stub", stubs, text) }
