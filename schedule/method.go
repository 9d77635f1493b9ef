package schedule

// Method is how a loan is paid back. The zero value is unset.
type Method uint8

// The methods, by their names in the trade. Their texts are level-payment, equal-principal,
// interest-only, bullet, flat, fixed-payment, custom, stepped and sum-of-digits.
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
	// MethodFixedPayment pays Terms.Payment every period, interest first, and what remains with
	// the last. Where interest is above the payment the rest of it is added to the balance, if
	// Terms.Negative allows that.
	MethodFixedPayment
	// MethodCustom pays the principal that Terms.Principals lists, and interest on the balance.
	MethodCustom
	// MethodStepped pays a level payment times the share that Terms.Steps has for the instalment
	// (graduated payments, step-up and step-down loans). The last instalment takes what remains.
	MethodStepped
	// MethodSumOfDigits pays the total of a flat loan in equal instalments, of which the k-th of n
	// has (n-k+1) parts of interest in n(n+1)/2 (the Rule of 78). What is repaid early so earns
	// the rebate by that rule.
	MethodSumOfDigits
)

const methods = "level-payment equal-principal interest-only bullet flat " +
	"fixed-payment custom stepped sum-of-digits"

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
