package ledger

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ErrEntry is what every refused entry unwraps to.
var ErrEntry = errors.New("ledger: bad entry")

// EntryError says what is wrong with an entry. It unwraps to [ErrEntry].
type EntryError struct {
	Why    Why
	Reason string
}

// Error implements error.
func (e *EntryError) Error() string { return fmt.Sprintf("ledger: entry %q %s", e.Why, e.Reason) }

// Unwrap returns ErrEntry.
func (e *EntryError) Unwrap() error { return ErrEntry }

// Why is the code of the fact that an entry records: "bid", "disbursement".
type Why string

// Leg is one side of an entry, in minor units of the entry's currency: debit above zero, credit
// below.
type Leg struct {
	Account Account
	Debit   int64
}

// Code codes the leg.
func (l *Leg) Code(c *event.Codec) {
	l.Account.Code(c)
	c.Int(&l.Debit)
}

// Entry is a balanced posting in one book and one currency.
type Entry struct {
	On       civil.Date // business date (记账日期); set when it is posted
	Book     Book
	Why      Why
	Currency money.Currency
	Legs     []Leg
}

// Code codes the entry.
func (e *Entry) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Enum(c, &e.Book)
	event.Text(c, &e.Why)
	c.Currency(&e.Currency)
	event.List(c, &e.Legs, func(c *event.Codec, l *Leg) { l.Code(c) })
}

// Move returns an entry that debits one account and credits another with the same amount. Among
// liabilities the money goes from the first to the second.
func Move(b Book, why Why, debit, credit Account, a money.Amount) Entry {
	e := Entry{Book: b, Why: why, Currency: a.Currency()}
	e.Debit(debit, a.Minor())
	e.Credit(credit, a.Minor())
	return e
}

// Debit adds a leg; an amount of zero adds none.
func (e *Entry) Debit(a Account, minor int64) {
	if minor != 0 {
		e.Legs = append(e.Legs, Leg{a, minor})
	}
}

// Credit adds a leg; an amount of zero adds none.
func (e *Entry) Credit(a Account, minor int64) { e.Debit(a, -minor) }

// Check reports whether the entry may be posted: a known book and currency, at least two legs, each
// on an account of the book that carries what its kind asks for, no leg of zero or beyond
// [money.MaxMinor], and debits equal to credits. The error is an [*EntryError].
func (e *Entry) Check() error {
	if e.Book < Client || e.Book > Register {
		return &EntryError{e.Why, "names no book"}
	}
	if e.Currency.IsZero() {
		return &EntryError{e.Why, "names no currency"}
	}
	var sum int64
	for i := range e.Legs {
		l := &e.Legs[i]
		k := l.Account.Kind.info()
		if k.book != e.Book || k.owner != (l.Account.Owner != "") || k.ref != (l.Account.Ref != "") {
			return &EntryError{e.Why, fmt.Sprintf("has no account %s in book %s", l.Account, e.Book)}
		}
		if l.Debit == 0 || l.Debit > money.MaxMinor || l.Debit < -money.MaxMinor {
			return &EntryError{e.Why, fmt.Sprintf("moves %d minor units on %s", l.Debit, l.Account)}
		}
		if sum += l.Debit; sum > 1<<62 || sum < -1<<62 {
			return &EntryError{e.Why, "overflows"}
		}
	}
	if sum != 0 || len(e.Legs) < 2 {
		return &EntryError{e.Why, fmt.Sprintf("is out of balance by %d", sum)}
	}
	return nil
}
