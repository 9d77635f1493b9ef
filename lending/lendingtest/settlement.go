package lendingtest

import (
	"fmt"
	"math/bits"
)

// Invariant names what a check of settlement arithmetic holds rows against. The ids are stable.
type Invariant string

// Invariants of distributions, waterfalls and books.
const (
	SharesSum      Invariant = "shares-sum"      // the shares of a payment sum to it, to the minor unit
	SharesPositive Invariant = "shares-positive" // nobody is ever asked to give back
	SharesFair     Invariant = "shares-fair"     // a running total is the floor or ceiling of its exact share
	SharesWhole    Invariant = "shares-whole"    // once all is paid, each has his claim exactly
	PartsSum       Invariant = "parts-sum"       // parts and what is left over are the payment
	PartsBound     Invariant = "parts-bound"     // no part is negative or above what is owed
	PartsOrder     Invariant = "parts-order"     // nothing is paid while something earlier is owed
	BooksBalance   Invariant = "books-balance"   // the legs of an entry sum to zero, by currency
	BooksApart     Invariant = "books-apart"     // an entry is in one book
	BooksFloor     Invariant = "books-floor"     // no account goes below its floor
)

// Invariants lists them all, in the order above.
func Invariants() []Invariant {
	return []Invariant{SharesSum, SharesPositive, SharesFair, SharesWhole, PartsSum, PartsBound, PartsOrder, BooksBalance, BooksApart, BooksFloor}
}

// Violation is a broken invariant: which, and where.
type Violation struct {
	Invariant Invariant
	Where     string
}

// Error names both.
func (v *Violation) Error() string { return fmt.Sprintf("lendingtest: %s: %s", v.Invariant, v.Where) }

func violated(i Invariant, format string, args ...any) error {
	return &Violation{i, fmt.Sprintf(format, args...)}
}

// Distribution is the life of one claim that many hold, in minor units, as plain slices: what is
// paid, and what each lot is given of it.
type Distribution struct {
	Claims   []int64   // by lot, what it holds, zero or more; the weights of the shares
	Payments []int64   // one after the other, zero or more; together at most the sum of the claims
	Shares   [][]int64 // by payment and lot
}

// CheckDistribution holds a life against SharesSum, SharesPositive, SharesFair and SharesWhole after
// every payment, and returns the first [*Violation], nil if there is none. Figures that are no life are a
// violation too, of SharesSum: claims and payments below zero or above 2^53 in all, rows that are not
// as many as payments and lots, and payments beyond what the lots still hold.
func CheckDistribution(d Distribution) error {
	total, bad := sum(d.Claims)
	switch {
	case bad != nil:
		return violated(SharesSum, "claims must be from 0 to 2^53 in all: claim of lot %d is %d", bad.place, bad.figure)
	case total == 0:
		return violated(SharesSum, "claims must sum to more than zero: nobody holds anything")
	case len(d.Shares) != len(d.Payments):
		return violated(SharesSum, "%d payments have shares of %d", len(d.Payments), len(d.Shares))
	}
	paid, running := int64(0), make([]int64, len(d.Claims))
	for k, payment := range d.Payments {
		if err := shared(d, k, total-paid, running); err != nil {
			return err
		}
		paid += payment
		if err := fair(d.Claims, running, paid, total, k); err != nil {
			return err
		}
	}
	return nil
}

// shared checks the shares of a payment while so much is held, and adds them to running totals.
func shared(d Distribution, k int, held int64, running []int64) error {
	payment, got := d.Payments[k], int64(0)
	switch {
	case payment < 0:
		return violated(SharesSum, "payment %d is below zero: %d", k, payment)
	case payment > held:
		return violated(SharesSum, "payment %d of %d is more than all lots still hold: %d", k, payment, held)
	case len(d.Shares[k]) != len(d.Claims):
		return violated(SharesSum, "payment %d has %d shares for %d lots", k, len(d.Shares[k]), len(d.Claims))
	}
	for i, share := range d.Shares[k] {
		if share < 0 {
			return violated(SharesPositive, "payment %d asks %d back from lot %d", k, -share, i)
		}
		if share > payment {
			return violated(SharesSum, "payment %d of %d gives lot %d more: %d", k, payment, i, share)
		}
		got += share
		running[i] += share
	}
	if got != payment {
		return violated(SharesSum, "payment %d of %d gives %d", k, payment, got)
	}
	return nil
}

// fair checks running totals against their exact shares.
func fair(claims, running []int64, paid, total int64, k int) error {
	for i, n := range running {
		hi, lo := bits.Mul64(uint64(paid), uint64(claims[i]))
		floor, rest := bits.Div64(hi, lo, uint64(total))
		switch {
		case paid == total && n != claims[i]:
			return violated(SharesWhole, "all is paid, and lot %d has %d of %d", i, n, claims[i])
		case n > claims[i]:
			return violated(SharesFair, "after payment %d lot %d has %d, more than it holds: %d", k, i, n, claims[i])
		case n < int64(floor), n > int64(floor) && rest == 0, n > int64(floor)+1:
			return violated(SharesFair, "after payment %d lot %d has %d, its share is %d and %d/%d", k, i, n, floor, rest, total)
		}
	}
	return nil
}

const maxTotal = 1 << 53

// misfit is a figure that is out of bounds, or takes a sum there.
type misfit struct {
	place  int
	figure int64
}

// sum adds up figures that must not be negative.
func sum(ns []int64) (total int64, bad *misfit) {
	for i, n := range ns {
		if n < 0 || n > maxTotal-total {
			return 0, &misfit{i, n}
		}
		total += n
	}
	return total, nil
}

// Taking is one payment through a waterfall, in minor units, as plain slices: what is owed in the
// order in which it is to be paid, and what was paid of it.
type Taking struct {
	Owed    []int64 // zero or more each
	Payment int64   // zero or more
	Paid    []int64 // by place in Owed
	Rest    int64   // left over
}

// CheckWaterfall holds a payment against PartsSum, PartsBound and PartsOrder, and returns the first
// [*Violation], nil if there is none.
func CheckWaterfall(w Taking) error {
	if len(w.Paid) != len(w.Owed) {
		return violated(PartsSum, "%d parts for %d debts", len(w.Paid), len(w.Owed))
	}
	left := w.Payment
	for i, n := range w.Paid {
		if n < 0 || n > w.Owed[i] {
			return violated(PartsBound, "debt %d of %d is paid %d", i, w.Owed[i], n)
		}
		left -= n
	}
	if left != w.Rest || w.Rest < 0 {
		return violated(PartsSum, "a payment of %d leaves %d, not %d", w.Payment, left, w.Rest)
	}
	open := -1
	for i, n := range w.Paid {
		if n > 0 && open >= 0 {
			return violated(PartsOrder, "debt %d is paid while debt %d is open", i, open)
		}
		if n < w.Owed[i] && open < 0 {
			open = i
		}
	}
	if open >= 0 && w.Rest > 0 {
		return violated(PartsOrder, "%d is left over while debt %d is open", w.Rest, open)
	}
	return nil
}

// Posting is one leg of a ledger entry as a plain row. Legs of one entry stand next to each other.
type Posting struct {
	Entry    int // number of the entry
	Book     string
	Account  string
	Currency string
	Debit    int64 // minor units; below zero for a credit
}

// in names a currency, if one is given.
func in(currency string) string {
	if currency == "" {
		return ""
	}
	return " of " + currency
}

// CheckConservation holds postings against BooksBalance, BooksApart and BooksFloor, in their order,
// and returns the first [*Violation], nil if there is none. Floors says of an account how low its
// balance of debits may go; nil, or an account that it does not name, for no floor. A liability such
// as a wallet has credits: give it the floor on its credits with [Liability].
func CheckConservation(postings []Posting, floors map[string]Floor) error {
	type held struct{ account, currency string }
	balances := map[held]int64{}
	for from := 0; from < len(postings); {
		to := from
		for to < len(postings) && postings[to].Entry == postings[from].Entry {
			to++
		}
		sums := map[string]int64{}
		for _, p := range postings[from:to] {
			if p.Book != postings[from].Book {
				return violated(BooksApart, "entry %d is in books %s and %s", p.Entry, postings[from].Book, p.Book)
			}
			sums[p.Currency] += p.Debit
			balances[held{p.Account, p.Currency}] += p.Debit
		}
		for _, p := range postings[from:to] { // in the order of legs, so that the finding is the same each time
			if sums[p.Currency] != 0 {
				return violated(BooksBalance, "entry %d is off by %d minor units%s", p.Entry, sums[p.Currency], in(p.Currency))
			}
			balance := balances[held{p.Account, p.Currency}]
			if floor, ok := floors[p.Account]; ok && floor.below(balance) {
				return violated(BooksFloor, "entry %d brings account %s to a debit balance of %d minor units%s", p.Entry, p.Account, balance, in(p.Currency))
			}
		}
		from = to
	}
	return nil
}

// Floor is how far an account may go.
type Floor struct {
	least int64
	sign  int64
}

// Asset is the floor of an account whose debits must not fall below a figure.
func Asset(least int64) Floor { return Floor{least, 1} }

// Liability is the floor of an account whose credits must not fall below a figure.
func Liability(least int64) Floor { return Floor{least, -1} }

func (f Floor) below(debits int64) bool { return f.sign*debits < f.least }
