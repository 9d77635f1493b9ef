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
// concurrent use. Balances are exact in 128 bits, and so are the identities that [Balances.Check]
// verifies; a figure that is given out stops at 64 bits, see [Sum.Minor].
type Balances struct {
	sheets []*sheet // one for each currency posted
}

// sheet holds the balances in one currency, debit above zero.
type sheet struct {
	cur    money.Currency
	totals [len(kinds)]Sum             // of a kind; of an account without owner and reference too
	at     [len(kinds)]map[holder]*Sum // all others that do not stand at zero
	pairs  [2]map[Ref]Sum              // claims less debts of a loan where they differ, then WO
	bad    map[Account]struct{}        // liabilities of the client book that stand below zero
}

type holder struct {
	owner Owner
	ref   Ref
}

// Line is one account of a trial balance, in minor units: debit above zero, credit below.
type Line struct {
	Account  Account
	Currency money.Currency
	Debit    int64
}

// Post adds an entry. It is refused whole with an [*EntryError] when [Entry.Check] refuses it.
func (b *Balances) Post(e *Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	s := b.sheet(e.Currency)
	if s == nil {
		s = &sheet{cur: e.Currency, bad: map[Account]struct{}{}}
		s.pairs = [2]map[Ref]Sum{{}, {}}
		b.sheets = append(b.sheets, s)
	}
	for i := range e.Legs {
		s.add(&e.Legs[i])
	}
	return nil
}

func (b *Balances) sheet(c money.Currency) *sheet {
	for _, s := range b.sheets {
		if s.cur == c {
			return s
		}
	}
	return nil
}

// add adds a leg.
func (s *sheet) add(l *Leg) {
	k := kinds[l.Account.Kind]
	now := s.totals[l.Account.Kind].Add(l.Debit)
	s.totals[l.Account.Kind] = now
	if k.owner || k.ref {
		now = s.stand(l)
	}
	switch k.book {
	case Client:
		s.watch(l.Account, now)
	case Register:
		s.match(l)
	}
}

// stand adds a leg to its account and returns what stands on it.
func (s *sheet) stand(l *Leg) Sum {
	kind, h := l.Account.Kind, holder{l.Account.Owner, l.Account.Ref}
	p := s.at[kind][h]
	if p == nil {
		if s.at[kind] == nil {
			s.at[kind] = map[holder]*Sum{}
		}
		p = new(Sum)
		s.at[kind][h] = p
	}
	if *p = p.Add(l.Debit); p.Sign() == 0 {
		delete(s.at[kind], h)
	}
	return *p
}

// watch notes a liability of the client book that stands on the wrong side. Its assets may: the
// custodian can take back more than it holds, until the platform has topped up.
func (s *sheet) watch(a Account, now Sum) {
	if !a.Kind.Debit() && now.Sign() > 0 {
		s.bad[a] = struct{}{}
	} else if len(s.bad) > 0 {
		delete(s.bad, a)
	}
}

// match notes a loan whose claims are not its debt.
func (s *sheet) match(l *Leg) {
	pairs := s.pairs[0]
	if l.Account.Kind == KindClaimWO || l.Account.Kind == KindDebtWO {
		pairs = s.pairs[1]
	}
	now := pairs[l.Account.Ref].Add(l.Debit)
	if pairs[l.Account.Ref] = now; now.Sign() == 0 {
		delete(pairs, l.Account.Ref)
	}
}

// Balance returns what stands on an account, in minor units of the currency, on its normal side;
// zero for an account that does not exist.
func (b *Balances) Balance(a Account, c money.Currency) int64 {
	k := a.Kind.info()
	if k.owner != (a.Owner != "") || k.ref != (a.Ref != "") {
		return 0
	}
	if !k.owner && !k.ref {
		return b.Total(a.Kind, c)
	}
	s := b.sheet(c)
	if s == nil || s.at[a.Kind][holder{a.Owner, a.Ref}] == nil {
		return 0
	}
	return a.Kind.normal(*s.at[a.Kind][holder{a.Owner, a.Ref}])
}

// Total returns the sum over all accounts of a kind, on their normal side.
func (b *Balances) Total(k Kind, c money.Currency) int64 { return k.normal(b.Debit(k, c)) }

// Debit returns the sum over all accounts of a kind in full: debit above zero.
func (b *Balances) Debit(k Kind, c money.Currency) Sum {
	s := b.sheet(c)
	if s == nil || int(k) >= len(kinds) {
		return Sum{}
	}
	return s.totals[k]
}

// normal turns debits into a figure on the kind's normal side.
func (k Kind) normal(debit Sum) int64 {
	if k.Debit() {
		return debit.Minor()
	}
	return debit.Neg().Minor()
}

// Currencies lists the currencies posted, by code.
func (b *Balances) Currencies() []money.Currency {
	cs := make([]money.Currency, len(b.sheets))
	for i, s := range b.sheets {
		cs[i] = s.cur
	}
	slices.SortFunc(cs, func(x, y money.Currency) int { return cmp.Compare(x.String(), y.String()) })
	return cs
}

// Trial lists every account of a book that does not stand at zero, by kind, owner, reference and
// currency. The debits add up to zero in each currency.
func (b *Balances) Trial(book Book) []Line {
	var lines []Line
	for _, s := range b.sheets {
		for i, k := range kinds {
			kind := Kind(i)
			if k.book != book {
				continue
			}
			if v := s.totals[i]; v.Sign() != 0 && !k.owner && !k.ref {
				lines = append(lines, Line{Account{Kind: kind}, s.cur, v.Minor()})
			}
			for h, v := range s.at[i] {
				lines = append(lines, Line{Account{kind, h.owner, h.ref}, s.cur, v.Minor()})
			}
		}
	}
	slices.SortFunc(lines, compareLines)
	return lines
}

func compareLines(x, y Line) int {
	if x.Account == y.Account {
		return cmp.Compare(x.Currency.String(), y.Currency.String())
	}
	return cmp.Or(cmp.Compare(x.Account.Kind, y.Account.Kind),
		cmp.Compare(x.Account.Owner, y.Account.Owner), cmp.Compare(x.Account.Ref, y.Account.Ref))
}

// Check verifies the standing identities of the three books, each in every currency: every book
// balances; no liability of the client book is below zero; Claim = Debt and ClaimWO = DebtWO
// loan by loan; FeesDue + FeesTransit = FeesRcv. It costs the same whatever the number of accounts.
func (b *Balances) Check() error {
	for _, s := range b.sheets {
		if err := s.check(); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheet) check() error {
	for a := range s.bad {
		return fmt.Errorf("%w: %s is below zero %s", ErrBooks, a, s.cur)
	}
	for _, pairs := range s.pairs {
		for loan, v := range pairs {
			return fmt.Errorf("%w: claims on loan %s exceed its debt by %d %s", ErrBooks, loan, v.Minor(), s.cur)
		}
	}
	var sums [Register + 1]Sum
	for k, v := range s.totals {
		sums[kinds[k].book] = sums[kinds[k].book].Plus(v)
	}
	for book, v := range sums {
		if v.Sign() != 0 {
			return fmt.Errorf("%w: book %s is out by %d %s", ErrBooks, Book(book), v.Minor(), s.cur)
		}
	}
	due := s.totals[KindFeesDue].Plus(s.totals[KindFeesTransit]).Neg()
	if rcv := s.totals[KindFeesRcv]; due != rcv {
		return fmt.Errorf("%w: fees due and on their way %d, fees receivable %d %s", ErrBooks, due.Minor(), rcv.Minor(), s.cur)
	}
	return nil
}
