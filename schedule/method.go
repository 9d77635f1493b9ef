package schedule

// Method is how a loan is paid back. The zero value is unset.
type Method uint8

// The methods, by their names in the trade. Their texts are level-payment, equal-principal,
// interest-only, bullet and flat.
const (
	// MethodLevelPayment pays the same total every period, interest on the balance first
	// (equal instalments, 等额本息). The last instalment takes what remains.
	MethodLevelPayment Method = iota + 1
	// MethodEqualPrincipal pays the same principal every period, and interest on the balance
	// (等额本金). The last instalment takes what remains.
	MethodEqualPrincipal
	// MethodInterestOnly pays interest every period and all principal at the end (先息后本).
	MethodInterestOnly
	// MethodBullet pays principal and simple interest of the whole term in one sum at the end
	// (一次性还本付息).
	MethodBullet
	// MethodFlat pays interest on the first principal to the end, and both in equal parts
	// (add-on interest, 等本等息). The last instalment takes what remains of both.
	MethodFlat
)

const methods = "level-payment equal-principal interest-only bullet flat"

// IsValid reports whether m is one of the methods above.
func (m Method) IsValid() bool { return isWord(methods, uint8(m)) }

// String gives the text of m, or Method(n) when it has none.
func (m Method) String() string { return wordOf("Method", methods, uint8(m)) }

// MarshalText gives the text of m; an unset or unknown method is a *SyntaxError.
func (m Method) MarshalText() ([]byte, error) { return marshalWord("Method", methods, uint8(m)) }

// UnmarshalText reads what MarshalText wrote; m is untouched on error.
func (m *Method) UnmarshalText(text []byte) error {
	return unmarshalWord(m, "Method", methods, text)
}
