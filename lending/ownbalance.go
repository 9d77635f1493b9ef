package lending

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// ownKinds are the kinds of account that a book lists as the platform's own.
var ownKinds = [...]ledger.Kind{ledger.KindTopupDue, ledger.KindFeesDue, ledger.KindFeesRcv,
	ledger.KindIncome, ledger.KindExpense, ledger.KindTaxDue, ledger.KindProvision}

func (v *OwnBalance) code(c *event.Codec) {
	event.Enum(c, &v.Kind)
	event.Text(c, &v.Ref)
	c.Currency(&v.Currency)
	c.Int(&v.Debit)
}

func (v OwnBalance) account() ledger.Account { return ledger.Account{Kind: v.Kind, Ref: v.Ref} }

// entry brings the balance into its book, against the bank.
func (v OwnBalance) entry() ledger.Entry {
	bank := ledger.OwnBank()
	if v.Kind.Book() == ledger.Client {
		bank = ledger.Bank()
	}
	e := ledger.Entry{Book: v.Kind.Book(), Why: whyMovedIn, Currency: v.Currency}
	e.Debit(v.account(), v.Debit)
	e.Credit(bank, v.Debit)
	return e
}

// check refuses a balance on an account that is not the platform's own, or out of bounds.
func (v OwnBalance) check() error {
	known := false
	for _, k := range ownKinds {
		known = known || k == v.Kind
	}
	e := v.entry()
	if err := e.Check(); !known || err != nil {
		return &Error{ErrTerms, "own account " + v.account().String(), fmt.Sprintf("%d %s cannot stand on it", v.Debit, v.Currency)}
	}
	if v.Ref != "" {
		return checkID("reference of "+v.Kind.String(), v.Ref)
	}
	return nil
}

func (v OwnBalance) compare(o OwnBalance) int {
	return cmp.Or(compareAccounts(v.account(), o.account()), cmp.Compare(v.Currency.String(), o.Currency.String()))
}

// checkOwn refuses balances that are out of order or stand twice, and fees due that are not those
// receivable.
func checkOwn(own []OwnBalance) error {
	if len(own) > maxTotals {
		return &Error{ErrLimit, "own accounts", fmt.Sprintf("%d of them, at most %d", len(own), maxTotals)}
	}
	var errs []error
	fees := map[money.Currency]int64{}
	for i, v := range own {
		if errs = append(errs, v.check()); i > 0 && own[i-1].compare(v) >= 0 {
			errs = append(errs, &Error{ErrTerms, "own account " + v.account().String(), "stands twice or out of order"})
		}
		if v.Kind == ledger.KindFeesDue || v.Kind == ledger.KindFeesRcv {
			fees[v.Currency] += v.Debit
		}
	}
	for cur, n := range fees {
		if n != 0 {
			errs = append(errs, &Error{ErrTerms, "own accounts", fmt.Sprintf("fees due and receivable differ by %d %s", n, cur)})
		}
	}
	return errors.Join(errs...)
}

func compareLines(a, b ledger.Line) int {
	if a.Account == b.Account {
		return cmp.Compare(a.Currency.String(), b.Currency.String())
	}
	return compareAccounts(a.Account, b.Account)
}

func compareAccounts(a, b ledger.Account) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.Ref, b.Ref))
}

func compareLegs(a, b ledger.Leg) int { return compareAccounts(a.Account, b.Account) }
