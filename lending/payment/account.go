package payment

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
)

// AccountKind is the kind of a sub-account that a custodian keeps (存管子账户).
type AccountKind uint8

// Kinds of sub-accounts.
const (
	Free   AccountKind = iota + 1 // a party's money that it may spend
	Frozen                        // a party's money that is frozen for one thing, a loan for instance
	Escrow                        // a loan's money in passing, or a receipt without an owner
	Fees                          // the platform's money among the clients'
)

var accountNames = [...]string{"outside", "free", "frozen", "escrow", "fees"}

// String returns the kind's name.
func (k AccountKind) String() string {
	if int(k) >= len(accountNames) {
		return fmt.Sprintf("account %d", uint8(k))
	}
	return accountNames[k]
}

// Ref names what money is frozen for or whose escrow it is.
type Ref string

// Account is a sub-account at a custodian that keeps one for each party. The zero value is outside:
// a bank account of the party's own. It is comparable.
type Account struct {
	Kind  AccountKind
	Party PartyID // of Free and Frozen
	Ref   Ref     // of Frozen and Escrow
}

// String returns kind[party,ref].
func (a Account) String() string {
	switch {
	case a.Party != "" && a.Ref != "":
		return fmt.Sprintf("%s[%s,%s]", a.Kind, a.Party, a.Ref)
	case a.Party != "" || a.Ref != "":
		return fmt.Sprintf("%s[%s%s]", a.Kind, a.Party, a.Ref)
	}
	return a.Kind.String()
}

func (a *Account) code(c *event.Codec) {
	event.Enum(c, &a.Kind)
	event.Text(c, &a.Party)
	event.Text(c, &a.Ref)
}

// ok reports whether the account carries what its kind asks for.
func (a Account) ok() bool {
	return a.Kind <= Fees && (a.Party != "") == (a.Kind == Free || a.Kind == Frozen) &&
		(a.Ref != "") == (a.Kind == Frozen || a.Kind == Escrow)
}
