package lending

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// maxLeft is how much a book may leave behind, and maxBook how many records of one sort it may have.
const (
	maxLeft = 1_000_000
	maxBook = 10_000_000
)

// Check reports everything that is wrong with the book at once: records that could not be what they say,
// that stand twice or name what is not there, and totals that do not add up, to the cent. Each is an
// [*Error], or an [*ledger.EntryError] of a line on an account that does not exist.
func (b *LiveBook) Check() error {
	x := newBookCheck(b.On, b.Tolerance)
	errs := []error{x.header()}
	for i := range b.Products {
		errs = append(errs, x.product(&b.Products[i]))
	}
	for i := range b.Parties {
		errs = append(errs, x.party(&b.Parties[i]))
	}
	for i := range b.Wallets {
		errs = append(errs, x.wallet(&b.Wallets[i]))
	}
	for _, v := range b.Own {
		errs = append(errs, x.ownAccount(v))
	}
	for i := range b.Loans {
		errs = append(errs, x.loan(&b.Loans[i]))
	}
	for _, v := range b.Totals {
		errs = append(errs, x.total(v))
	}
	for _, l := range b.Left {
		errs = append(errs, x.leave(l))
	}
	for i := range b.LeftLoans {
		errs = append(errs, x.leaveLoan(&b.LeftLoans[i]))
	}
	return errors.Join(append(errs, x.end())...)
}

// bookCheck goes through a book, record by record.
type bookCheck struct {
	on        civil.Date
	tolerance int64
	products  []LiveProduct
	current   map[ProductID]bool
	parties   map[PartyID]bool
	wallets   map[string]bool
	own       []OwnBalance
	loans     map[LoanID]bool
	left      map[accountKey]bool
	stated    map[totalKey]bool
	sums      map[totalKey]ledger.Sum // what moves and what is left, less what is stated
}

type totalKey struct {
	kind ledger.Kind
	cur  money.Currency
}

func newBookCheck(on civil.Date, tolerance int64) *bookCheck {
	return &bookCheck{on: on, tolerance: tolerance, current: map[ProductID]bool{}, parties: map[PartyID]bool{},
		wallets: map[string]bool{}, loans: map[LoanID]bool{}, left: map[accountKey]bool{},
		stated: map[totalKey]bool{}, sums: map[totalKey]ledger.Sum{}}
}

func (x *bookCheck) header() error {
	if x.tolerance < 0 || x.tolerance > maxTolerance {
		return &Error{ErrTerms, "book", fmt.Sprintf("a tolerance of %d minor units", x.tolerance)}
	}
	return dated("book", x.on)
}

// single notes a name and refuses one that stands there already.
func single[K comparable](seen map[K]bool, k K, what string) error {
	if len(seen) >= maxBook {
		return &Error{ErrLimit, what, "one too many"}
	}
	if seen[k] {
		return &Error{ErrExists, what, "stands in the book twice"}
	}
	seen[k] = true
	return nil
}

// add moves a balance in, with what balances it in its book.
func (x *bookCheck) add(k ledger.Kind, c money.Currency, debit int64) {
	x.sums[totalKey{k, c}] = x.sums[totalKey{k, c}].Add(debit)
	other := ledger.KindBank
	switch k.Book() {
	case ledger.Platform:
		other = ledger.KindOwnBank
	case ledger.Register:
		return
	}
	x.sums[totalKey{other, c}] = x.sums[totalKey{other, c}].Add(-debit)
}

func (x *bookCheck) product(v *LiveProduct) error {
	x.products = append(x.products, *v)
	if v.Current && x.current[v.Product.ID] {
		return &Error{ErrExists, "product " + string(v.Product.ID), "has two current versions"}
	}
	x.current[v.Product.ID] = x.current[v.Product.ID] || v.Current
	if len(x.products) > maxBook {
		return &Error{ErrLimit, "book", "has too many products"}
	}
	return v.Product.Validate()
}

func (x *bookCheck) party(p *Party) error {
	return errors.Join(single(x.parties, p.ID, "party "+string(p.ID)), checkParty(p, x.on))
}

// knows refuses a party that has no record.
func (x *bookCheck) knows(what string, p PartyID) error {
	if !x.parties[p] {
		return &Error{ErrUnknown, "party " + string(p), "of " + what + " has no record"}
	}
	return nil
}

func (x *bookCheck) wallet(w *LiveWallet) error {
	if err := w.check(x.on); err != nil {
		return err
	}
	what := "wallet " + WalletRef(w.Party, w.Currency).ID
	x.add(ledger.KindAvailable, w.Currency, -w.Available)
	x.add(ledger.KindClientRcv, w.Currency, w.Owed)
	return errors.Join(single(x.wallets, WalletRef(w.Party, w.Currency).ID, what), x.knows(what, w.Party))
}

func (x *bookCheck) ownAccount(v OwnBalance) error {
	x.own = append(x.own, v)
	x.add(v.Kind, v.Currency, v.Debit)
	return v.check()
}

func (x *bookCheck) loan(v *LiveLoan) error {
	what := "loan " + string(v.ID)
	if err := single(x.loans, v.ID, what); err != nil {
		return err
	}
	if v.Product < 0 || v.Product >= len(x.products) {
		return &Error{ErrUnknown, what, fmt.Sprintf("is of product %d of %d", v.Product, len(x.products))}
	}
	l, err := v.loan(&x.products[v.Product].Product, x.on, x.tolerance)
	if err != nil {
		return err
	}
	if l.State != StateClosed {
		want := map[accountKey]int64{}
		l.register(want)
		for k, n := range want {
			if !k.account.Kind.Debit() {
				n = -n
			}
			x.add(k.account.Kind, k.cur, n)
		}
	}
	var errs []error
	for _, p := range l.parties() {
		errs = append(errs, x.knows(what, p))
	}
	return errors.Join(errs...)
}

func (x *bookCheck) total(v StatedTotal) error {
	k := totalKey{v.Kind, v.Currency}
	if v.Kind.Book() == 0 || v.Currency.IsZero() || v.Debit == math.MinInt64 {
		return &Error{ErrTerms, "total of " + v.Kind.String(), "is of no account or currency"}
	}
	x.sums[k] = x.sums[k].Add(-v.Debit)
	return single(x.stated, k, "total of "+v.Kind.String()+" in "+v.Currency.String())
}

func (x *bookCheck) leave(l ledger.Line) error {
	k := totalKey{l.Account.Kind, l.Currency}
	if l.Account.Kind.Book() == 0 || l.Currency.IsZero() || l.Debit == 0 {
		return &Error{ErrTerms, "left on " + l.Account.String(), "is of no account, no currency or nothing"}
	}
	x.sums[k] = x.sums[k].Add(l.Debit)
	return single(x.left, accountKey{l.Account, l.Currency}, "left on "+l.Account.String())
}

func (x *bookCheck) leaveLoan(v *LeftLoan) error {
	what := "loan " + string(v.Loan)
	if v.State < StateApplied || int(v.State) >= len(stateNames) {
		return &Error{ErrTerms, what, "is in no state"}
	}
	return errors.Join(checkID("loan", v.Loan), checkID("borrower", v.Borrower), checkID("reason", v.Why),
		single(x.loans, v.Loan, what))
}

// end looks at the platform's accounts and the totals.
func (x *bookCheck) end() error {
	errs := []error{checkOwn(x.own)}
	for k, v := range x.sums {
		if v.Sign() != 0 {
			errs = append(errs, &Error{ErrAmount, "total of " + k.kind.String() + " in " + k.cur.String(),
				"what moves and what is left is more than it, in debit, by " + v.String()})
		}
	}
	slices.SortFunc(errs, compareErrors)
	return errors.Join(errs...)
}
