package ledger

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Item is one movement of cash as one side has it: the platform's books, or the custodian's
// statement.
type Item struct {
	ID     Ref          // of the instruction or receipt; the same on both sides
	Amount money.Amount // in above zero, out below
	On     civil.Date
}

// Finding is what became of an id when two lists were compared.
type Finding uint8

// Findings.
const (
	Matched           Finding = iota + 1 // on both sides once, with the same amount
	MissingAtBank                        // booked on or before the cut-off, and not on the statement
	MissingInLedger                      // on the statement on or before the cut-off, and not booked
	AmountDiffers                        // on both sides, with other amounts or currencies
	Timing                               // on one side by the cut-off and on the other after it
	DuplicatedAtBank                     // more than once on the statement
	DuplicatedInBooks                    // more than once in the ledger
)

var findingNames = [...]string{"", "matched", "missing-at-bank", "missing-in-ledger", "amount-differs", "timing",
	"duplicated-at-bank", "duplicated-in-books"}

// String returns the finding's name.
func (f Finding) String() string {
	if int(f) >= len(findingNames) {
		return "finding"
	}
	return findingNames[f]
}

// MarshalText returns the finding's name.
func (f Finding) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Match is the outcome for one id. A side that does not have it is the zero item.
type Match struct {
	Finding Finding
	Booked  Item // the first of several
	Stated  Item
}

// Reconcile compares what the ledger has booked with the custodian's statement as of the end of a
// cut-off day (对账), id by id, in the order of ids. It proposes nothing and corrects nothing. An id
// that one side has by the cut-off and the other later is a timing difference, which the next
// day's reconciliation must show as matched; one that only one side has, after the cut-off, is not
// judged yet and left out.
func Reconcile(booked, stated []Item, cutoff civil.Date) []Match {
	ours, theirs := byID(booked), byID(stated)
	ids := make([]Ref, 0, len(ours)+len(theirs))
	for id := range ours {
		ids = append(ids, id)
	}
	for id := range theirs {
		if _, both := ours[id]; !both {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	out := make([]Match, 0, len(ids))
	for _, id := range ids {
		if m := match(ours[id], theirs[id], cutoff); m.Finding != 0 {
			out = append(out, m)
		}
	}
	return out
}

// byID groups items, each group in the order of dates and amounts.
func byID(items []Item) map[Ref][]Item {
	groups := make(map[Ref][]Item, len(items))
	for _, it := range items {
		groups[it.ID] = append(groups[it.ID], it)
	}
	for _, g := range groups {
		slices.SortFunc(g, func(a, b Item) int {
			return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Amount.Minor(), b.Amount.Minor()))
		})
	}
	return groups
}

func match(ours, theirs []Item, cutoff civil.Date) (m Match) {
	if len(ours) > 0 {
		m.Booked = ours[0]
	}
	if len(theirs) > 0 {
		m.Stated = theirs[0]
	}
	by := func(items []Item) bool { return len(items) > 0 && !items[0].On.After(cutoff) }
	switch booked, stated := by(ours), by(theirs); {
	case !booked && !stated: // not judged yet
	case len(theirs) > 1:
		m.Finding = DuplicatedAtBank
	case len(ours) > 1:
		m.Finding = DuplicatedInBooks
	case len(theirs) == 0:
		m.Finding = MissingAtBank
	case len(ours) == 0:
		m.Finding = MissingInLedger
	case m.Booked.Amount != m.Stated.Amount:
		m.Finding = AmountDiffers
	case booked != stated:
		m.Finding = Timing
	default:
		m.Finding = Matched
	}
	return m
}

// Internal is the first identity of client money: what the books owe to clients and to the platform
// less what they say lies at the custodian or is due from the platform. It must be zero; above zero
// it is a shortfall.
func (b *Balances) Internal(c money.Currency) int64 {
	s := b.sheet(c)
	if s == nil {
		return 0
	}
	out := s.totals[KindBank].Plus(s.totals[KindTopupDue])
	for i, k := range kinds {
		if k.book == Client && !k.debit {
			out = out.Plus(s.totals[i])
		}
	}
	return out.Neg().Minor()
}

// External is the second identity: what the books say lies at the custodian, as of the cut-off, less
// the closing balance of its statement and what timing explains. Books and closing are minor units
// of the currency. It must be zero; above zero the custodian holds less than it should.
func External(books, closing int64, ms []Match, cutoff civil.Date, c money.Currency) int64 {
	diff := books - closing
	for _, m := range ms {
		switch {
		case m.Finding != Timing || m.Booked.Amount.Currency() != c:
		case m.Booked.On.After(cutoff):
			diff += m.Stated.Amount.Minor()
		default:
			diff -= m.Booked.Amount.Minor()
		}
	}
	return diff
}
