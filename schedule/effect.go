package schedule

// Effect is what becomes of the instalments when principal falls by more than was planned. The zero
// value means EffectLower.
type Effect uint8

// The effects. Their texts are lower, shorter and next.
const (
	// EffectLower keeps the dates: what repeats is figured anew, and is lower.
	EffectLower Effect = iota + 1
	// EffectShorter keeps the payment: the term ends as soon as it has repaid the loan.
	EffectShorter
	// EffectNext keeps dates and payment: what is paid goes to arrears first, and the rest of it is
	// all principal, and counts towards the next instalments, which are lower by it. Interest up to
	// the day waits for its due date.
	EffectNext
)

const effects = "lower shorter next"

// IsValid reports whether e is unset or one of the effects above.
func (e Effect) IsValid() bool { return e == 0 || isWord(effects, uint8(e)) }

// String gives the text of e, or Effect(n) when it has none.
func (e Effect) String() string { return wordOf("Effect", effects, uint8(e)) }

// MarshalText gives the text of e; an unset or unknown effect is a *SyntaxError.
func (e Effect) MarshalText() ([]byte, error) { return marshalWord("Effect", effects, uint8(e)) }

// UnmarshalText reads what MarshalText wrote; e is untouched on error.
func (e *Effect) UnmarshalText(text []byte) error {
	return unmarshalWord(e, "Effect", effects, text)
}
