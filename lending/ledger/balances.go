package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/schedule/money"
)

// ErrBooks is what a broken identity of the books unwraps to.
var ErrBooks = errors.New("ledger: books do not agree")

// Balances folds entries into balances. The zero value is empty and ready. It is not safe for
// concurrent use.
type Balances struct {
	at     map[key]int64
	totals map[total]int64
	bad    map[key]struct{} // liabilities of the client book that stand below zero
	pairs  map[pair]int64   // claims less debts of each loan
	uneven map[pair]struct{}
}

type key struct {
	Account
	cur money.Currency
}

type total struct {
	kind Kind
	cur  money.Currency
}

type pair struct {
	loan Ref
	wo   bool
	cur  money.Currency
}

// Line is one account of a trial balance, in minor units: debit above zero, credit below.
type Line struct {
	Account  Account
	Currency money.Currency
	Debit    int64
}

// Post adds an entry. It is refused whole when [Entry.Check] refuses it.
func (b *Balances) Post(e *Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	if b.at == nil {
		b.at, b.totals = map[key]int64{}, map[total]int64{}
		b.bad, b.pairs, b.uneven = map[key]struct{}{}, map[pair]int64{}, map[pair]struct{}{}
	}
	for i := range e.Legs {
		l := &e.Legs[i]
		k := key{l.Account, e.Currency}
		now := b.at[k] + l.Debit
		if now == 0 {
			delete(b.at, k)
		} else {
			b.at[k] = now
		}
		b.totals[total{k.Kind, e.Currency}] += l.Debit
		switch {
		case e.Book == Client:
			b.watch(k, now)
		case e.Book == Register:
			b.match(k, l.Debit)
		}
	}
	return nil
}

// watch notes a liability of the client book that stands on the wrong side. Its assets may: the
// custodian can take back more than it holds, until the platform has topped up.
func (b *Balances) watch(k key, now int64) {
	if !k.Kind.Debit() && now > 0 {
		b.bad[k] = struct{}{}
	} else if len(b.bad) > 0 {
		delete(b.bad, k)
	}
}

func (b *Balances) match(k key, debit int64) {
	p := pair{k.Ref, k.Kind == KindClaimWO || k.Kind == KindDebtWO, k.cur}
	if b.pairs[p] += debit; b.pairs[p] != 0 {
		b.uneven[p] = struct{}{}
		return
	}
	delete(b.pairs, p)
	delete(b.uneven, p)
}

// Balance returns what stands on an account, in minor units of the currency, on its normal side.
func (b *Balances) Balance(a Account, c money.Currency) int64 {
	if v := b.at[key{a, c}]; a.Kind.Debit() {
		return v
	} else {
		return -v
	}
}

// Total returns the sum over all accounts of a kind, on their normal side.
func (b *Balances) Total(k Kind, c money.Currency) int64 {
	if v := b.totals[total{k, c}]; k.Debit() {
		return v
	} else {
		return -v
	}
}

// Currencies lists the currencies posted, by code.
func (b *Balances) Currencies() []money.Currency {
	var cs []money.Currency
	for t := range b.totals {
		if !slices.Contains(cs, t.cur) {
			cs = append(cs, t.cur)
		}
	}
	slices.SortFunc(cs, func(x, y money.Currency) int { return cmp.Compare(x.String(), y.String()) })
	return cs
}

// Trial lists every account of a book that does not stand at zero, by kind, owner, reference and
// currency. The debits add up to zero in each currency.
func (b *Balances) Trial(book Book) []Line {
	var lines []Line
	for k, v := range b.at {
		if k.Kind.Book() == book {
			lines = append(lines, Line{k.Account, k.cur, v})
		}
	}
	slices.SortFunc(lines, func(x, y Line) int {
		return cmp.Or(cmp.Compare(x.Account.Kind, y.Account.Kind),
			cmp.Compare(x.Account.Owner, y.Account.Owner), cmp.Compare(x.Account.Ref, y.Account.Ref),
			cmp.Compare(x.Currency.String(), y.Currency.String()))
	})
	return lines
}

// Check verifies the standing identities of the three books, each in every currency: every book
// balances; no liability of the client book is below zero; Claim = Debt and ClaimWO = DebtWO
// loan by loan; FeesDue = FeesRcv. It costs the same whatever the number of accounts.
func (b *Balances) Check() error {
	for k := range b.bad {
		return fmt.Errorf("%w: %s is below zero", ErrBooks, k.Account)
	}
	for p := range b.uneven {
		return fmt.Errorf("%w: claims on loan %s exceed its debt by %d", ErrBooks, p.loan, b.pairs[p])
	}
	var sums [Register + 1]map[money.Currency]int64
	for t, v := range b.totals {
		book := t.kind.Book()
		if sums[book] == nil {
			sums[book] = map[money.Currency]int64{}
		}
		sums[book][t.cur] += v
	}
	for book, m := range sums {
		for cur, v := range m {
			if v != 0 {
				return fmt.Errorf("%w: book %s is out by %d %s", ErrBooks, Book(book), v, cur)
			}
			if due, rcv := b.Total(KindFeesDue, cur), b.Total(KindFeesRcv, cur); due != rcv {
				return fmt.Errorf("%w: fees due %d, fees receivable %d %s", ErrBooks, due, rcv, cur)
			}
		}
	}
	return nil
}
