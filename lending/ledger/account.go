package ledger

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
)

// Book is one of the three books. Client money and platform money never share an entry.
type Book uint8

// The three books.
const (
	Client   Book = iota + 1 // client money at the custodian (资金存管)
	Platform                 // the platform's own money
	Register                 // claims and debts, off balance sheet
)

var bookNames = [...]string{"", "client", "platform", "register"}

// String returns the book's name.
func (b Book) String() string {
	if b == 0 || int(b) >= len(bookNames) {
		return fmt.Sprintf("book %d", uint8(b))
	}
	return bookNames[b]
}

// MarshalText returns the book's name.
func (b Book) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// Kind is the kind of an account. It fixes the book and the side on which it normally stands.
type Kind uint8

// The chart of accounts. [x] is an owner, [r] a reference.
const (
	KindBank        Kind = iota + 1 // C asset: cash at the custodian
	KindTopupDue                    // C asset: cash that the platform owes the client account
	KindAvailable                   // C [x]: free balance of a party
	KindHeld                        // C [x,r]: held for a bid
	KindClearing                    // C [r]: on its way through a loan; returns to zero
	KindOutTransit                  // C [r]: in a payment instruction; returns to zero
	KindSuspense                    // C [r]: received, owner not identified
	KindFeesDue                     // C: owed to the platform
	KindOwnBank                     // P asset
	KindFeesRcv                     // P asset: fees lying in the client account
	KindClientRcv                   // P asset [x]: a party's debt to the platform
	KindIncome                      // P result [r]: by fee
	KindExpense                     // P result [r]
	KindClaim                       // R [x,r]: principal of loan r that holder x is owed
	KindDebt                        // R [r]: principal of loan r that the borrower owes
	KindClaimWO                     // R [x,r]: claim written off
	KindDebtWO                      // R [r]: debt written off
	KindFeesTransit                 // C [r]: fees in a payment instruction to the platform; returns to zero
	KindTaxDue                      // P [r]: tax in fees that the platform owes, by fee
	KindProvision                   // P [r]: liability recognised before it is paid (预计负债), by what for
)

type kindInfo struct {
	name       string
	book       Book
	debit      bool // normally stands on the debit side
	owner, ref bool // carries an owner, a reference
}

var kinds = [...]kindInfo{
	KindBank:        {"bank", Client, true, false, false},
	KindTopupDue:    {"topup-due", Client, true, false, false},
	KindAvailable:   {"available", Client, false, true, false},
	KindHeld:        {"held", Client, false, true, true},
	KindClearing:    {"clearing", Client, false, false, true},
	KindOutTransit:  {"out-transit", Client, false, false, true},
	KindSuspense:    {"suspense", Client, false, false, true},
	KindFeesDue:     {"fees-due", Client, false, false, false},
	KindOwnBank:     {"own-bank", Platform, true, false, false},
	KindFeesRcv:     {"fees-receivable", Platform, true, false, false},
	KindClientRcv:   {"client-receivable", Platform, true, true, false},
	KindIncome:      {"income", Platform, false, false, true},
	KindExpense:     {"expense", Platform, true, false, true},
	KindClaim:       {"claim", Register, true, true, true},
	KindDebt:        {"debt", Register, false, false, true},
	KindClaimWO:     {"claim-written-off", Register, true, true, true},
	KindDebtWO:      {"debt-written-off", Register, false, false, true},
	KindFeesTransit: {"fees-transit", Client, false, false, true},
	KindTaxDue:      {"tax-due", Platform, false, false, true},
	KindProvision:   {"provision", Platform, false, false, true},
}

func (k Kind) info() kindInfo {
	if int(k) >= len(kinds) {
		return kindInfo{}
	}
	return kinds[k]
}

// String returns the account kind's name.
func (k Kind) String() string {
	if n := k.info().name; n != "" {
		return n
	}
	return fmt.Sprintf("account %d", uint8(k))
}

// MarshalText returns the account kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrEntry] and leaves k as it was.
func (k *Kind) UnmarshalText(text []byte) error {
	for i := range kinds {
		if kinds[i].name != "" && kinds[i].name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("%w: %.40q is no kind of account", ErrEntry, text)
}

// Book returns the book in which the kind lives, zero for an unknown kind.
func (k Kind) Book() Book { return k.info().book }

// Debit reports whether accounts of the kind normally stand on the debit side.
func (k Kind) Debit() bool { return k.info().debit }

// Owner is the opaque id of a party; Ref of a loan, an instruction, a fee.
type (
	Owner string
	Ref   string
)

// Account names one account. It is comparable; which of owner and reference it carries depends
// on its kind.
type Account struct {
	Kind  Kind
	Owner Owner
	Ref   Ref
}

// String returns kind[owner,ref].
func (a Account) String() string {
	switch {
	case a.Owner != "" && a.Ref != "":
		return fmt.Sprintf("%s[%s,%s]", a.Kind, a.Owner, a.Ref)
	case a.Owner != "" || a.Ref != "":
		return fmt.Sprintf("%s[%s%s]", a.Kind, a.Owner, a.Ref)
	}
	return a.Kind.String()
}

// Code codes the account.
func (a *Account) Code(c *event.Codec) {
	event.Enum(c, &a.Kind)
	if k := a.Kind.info(); k.owner {
		event.Text(c, &a.Owner)
	}
	if k := a.Kind.info(); k.ref {
		event.Text(c, &a.Ref)
	}
}

// Bank is the cash at the custodian.
func Bank() Account { return Account{Kind: KindBank} }

// TopupDue is the cash that the platform owes the client account.
func TopupDue() Account { return Account{Kind: KindTopupDue} }

// Available is a party's free balance.
func Available(x Owner) Account { return Account{Kind: KindAvailable, Owner: x} }

// Held is what a party has on hold for a loan.
func Held(x Owner, r Ref) Account { return Account{KindHeld, x, r} }

// Clearing is a loan's money on its way from one side to the other.
func Clearing(loan Ref) Account { return Account{Kind: KindClearing, Ref: loan} }

// OutTransit is the money of a payment instruction whose end is not known yet.
func OutTransit(instruction Ref) Account { return Account{Kind: KindOutTransit, Ref: instruction} }

// Suspense is money received whose owner is not known.
func Suspense(receipt Ref) Account { return Account{Kind: KindSuspense, Ref: receipt} }

// FeesDue is client money that belongs to the platform.
func FeesDue() Account { return Account{Kind: KindFeesDue} }

// FeesTransit is the money of an instruction that pays fees to the platform, while its end is not
// known.
func FeesTransit(instruction Ref) Account { return Account{Kind: KindFeesTransit, Ref: instruction} }

// OwnBank is the platform's own bank account.
func OwnBank() Account { return Account{Kind: KindOwnBank} }

// FeesRcv is the platform's mirror of FeesDue and FeesTransit.
func FeesRcv() Account { return Account{Kind: KindFeesRcv} }

// ClientRcv is a party's debt to the platform.
func ClientRcv(x Owner) Account { return Account{Kind: KindClientRcv, Owner: x} }

// Income is the platform's income from a fee.
func Income(fee Ref) Account { return Account{Kind: KindIncome, Ref: fee} }

// Expense is the platform's expense under a reference, a sales channel for instance.
func Expense(what Ref) Account { return Account{Kind: KindExpense, Ref: what} }

// Claim is the principal of a loan that a holder is owed.
func Claim(x Owner, loan Ref) Account { return Account{KindClaim, x, loan} }

// Debt is the principal of a loan that its borrower owes.
func Debt(loan Ref) Account { return Account{Kind: KindDebt, Ref: loan} }

// ClaimWO is the written-off part of a claim.
func ClaimWO(x Owner, loan Ref) Account { return Account{KindClaimWO, x, loan} }

// DebtWO is the written-off part of a debt.
func DebtWO(loan Ref) Account { return Account{Kind: KindDebtWO, Ref: loan} }

// TaxDue is the tax in a fee that the platform has earned and not paid to the tax office.
func TaxDue(fee Ref) Account { return Account{Kind: KindTaxDue, Ref: fee} }

// Provision is a liability that the platform has recognised and not paid yet.
func Provision(what Ref) Account { return Account{Kind: KindProvision, Ref: what} }
