package schedule

// Remainder is the instalment that takes what equal shares leave over. The zero value means
// RemainderLast.
type Remainder uint8

// The remainders. Their texts are last and first.
const (
	RemainderLast  Remainder = iota + 1 // the last instalment
	RemainderFirst                      // the first; under MethodEqualPrincipal and MethodFlat
)

const remainders = "last first"

// IsValid reports whether r is unset or one of the remainders above.
func (r Remainder) IsValid() bool { return r == 0 || isWord(remainders, uint8(r)) }

// String gives the text of r, or Remainder(n) when it has none.
func (r Remainder) String() string { return wordOf("Remainder", remainders, uint8(r)) }

// MarshalText gives the text of r; an unset or unknown remainder is a *SyntaxError.
func (r Remainder) MarshalText() ([]byte, error) {
	return marshalWord("Remainder", remainders, uint8(r))
}

// UnmarshalText reads what MarshalText wrote; r is untouched on error.
func (r *Remainder) UnmarshalText(text []byte) error {
	return unmarshalWord(r, "Remainder", remainders, text)
}
