package lending_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Rules on both sides of every bound.
func TestQueueRulesValidate(t *testing.T) {
	ok := lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace, ManualPPM: lending.Million,
		BidPPM: lending.Million, DelayDays: 3650}
	require.NoError(t, ok.Validate())
	for name, edit := range map[string]func(*lending.QueueRules){
		"no currency":   func(r *lending.QueueRules) { r.Currency = money.Currency{} },
		"no policy":     func(r *lending.QueueRules) { r.Turns = 0 },
		"policy":        func(r *lending.QueueRules) { r.Turns = lending.KeepsPlace + 1 },
		"manual":        func(r *lending.QueueRules) { r.ManualPPM++ },
		"manual below":  func(r *lending.QueueRules) { r.ManualPPM = -1 },
		"share":         func(r *lending.QueueRules) { r.BidPPM++ },
		"share below":   func(r *lending.QueueRules) { r.BidPPM = -1 },
		"delay":         func(r *lending.QueueRules) { r.DelayDays++ },
		"delay below 0": func(r *lending.QueueRules) { r.DelayDays = -1 },
	} {
		r := ok
		edit(&r)
		require.ErrorIs(t, r.Validate(), lending.ErrTerms, name)
		q, err := lending.NewQueue(r)
		require.ErrorIs(t, err, lending.ErrTerms, name)
		require.Nil(t, q, name)
	}
	none := lending.QueueRules{ManualPPM: -1, BidPPM: -1, DelayDays: -1}.Validate()
	require.Len(t, none.(interface{ Unwrap() []error }).Unwrap(), 5, "everything at once")
}

// A queue takes a mandate once, a lender once, in its own currency, and gives up what is off.
func TestQueueSwitches(t *testing.T) {
	q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace}, simple(0, 1), simple(1, 1), simple(2, 1))
	twice, lender, yen := simple(0, 1), simple(9, 1), simple(9, 1)
	twice.Lender, lender.Lender, yen.Currency = "l9", "l1", money.MustCurrency("JPY")
	require.ErrorIs(t, q.SwitchOn(twice), lending.ErrExists)
	require.ErrorIs(t, q.SwitchOn(lender), lending.ErrExists)
	require.ErrorIs(t, q.SwitchOn(yen), lending.ErrAmount)
	require.ErrorIs(t, q.SwitchOn(lending.Mandate{}), lending.ErrID)
	require.ErrorIs(t, q.SwitchOff("m9"), lending.ErrUnknown)
	require.Equal(t, []lending.MandateID{"m0", "m1", "m2"}, lineOf(q))
	require.NoError(t, q.Check())

	require.NoError(t, q.SwitchOff("m0"))
	_, on := q.Mandate("m0")
	require.False(t, on)
	freed, _ := q.Slot("m1")
	require.NoError(t, q.SwitchOff("m1"))
	require.NoError(t, q.SwitchOn(simple(7, 1)))
	slot, on := q.Slot("m7")
	require.True(t, on && slot == freed, "the slot last freed is taken again")
	require.NoError(t, q.SwitchOn(simple(0, 1)), "off and on again, at the tail")
	require.Equal(t, []lending.MandateID{"m2", "m7", "m0"}, lineOf(q))
	for range q.All() {
		break
	}
	require.NoError(t, q.Check())
	require.Equal(t, cny, q.Rules().Currency)
}

// What a caller does to his mandate afterwards does not reach the queue, nor what he does to one
// that the queue gave him, nor what a clone goes through.
func TestQueueSharesNothing(t *testing.T) {
	m := simple(0, 1)
	m.Takes = lending.LoanFilter{Grades: []lending.Code{"A"}, Products: []lending.ProductID{"p"}, Covers: []lending.Code{"fund"}}
	m.PerGrade = []lending.GradeCap{{Grade: "A", Minor: 5}}
	spoil := func(m lending.Mandate) {
		m.Takes.Grades[0], m.Takes.Products[0], m.Takes.Covers[0], m.PerGrade[0].Minor = "Z", "z", "z", 0
	}
	q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.EveryTurnCounts}, m, simple(1, 1))
	spoil(m)
	got, _ := q.Mandate("m0")
	spoil(got)
	for each := range q.All() {
		spoil(each)
		break
	}
	c := q.Clone()
	require.NoError(t, c.SwitchOff("m0"))
	require.NoError(t, c.SwitchOn(simple(5, 1)))
	require.NoError(t, c.Turn(&lending.Round{Turns: 1, Last: "m1"}))
	require.NoError(t, c.Check())
	require.NoError(t, q.Check())
	got, _ = q.Mandate("m0")
	require.Equal(t, lending.Code("A"), got.Takes.Grades[0])
	require.Equal(t, []lending.MandateID{"m0", "m1"}, lineOf(q))
	require.Equal(t, []lending.MandateID{"m5", "m1"}, lineOf(c))
}

// Sixty names of a kind, and no more at once; a name that is no longer used makes room.
func TestQueueNames(t *testing.T) {
	for kind, set := range map[string]func(*lending.LoanFilter, []lending.Code){
		"grades": func(f *lending.LoanFilter, cs []lending.Code) { f.Grades = cs },
		"covers": func(f *lending.LoanFilter, cs []lending.Code) { f.Covers = cs },
		"products": func(f *lending.LoanFilter, cs []lending.Code) {
			for _, c := range cs {
				f.Products = append(f.Products, lending.ProductID(c))
			}
		},
	} {
		var codes []lending.Code
		for i := range 61 {
			codes = append(codes, lending.Code(fmt.Sprintf("c%d", i)))
		}
		with := func(i int, cs ...lending.Code) lending.Mandate {
			m := simple(i, 1)
			set(&m.Takes, cs)
			return m
		}
		q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace})
		require.ErrorIs(t, q.SwitchOn(with(0, codes...)), lending.ErrLimit, kind)
		require.NoError(t, q.SwitchOn(with(0, codes[:59]...)), kind)
		require.NoError(t, q.SwitchOn(with(1, codes[58:60]...)), kind)
		require.ErrorIs(t, q.SwitchOn(with(2, codes[60])), lending.ErrLimit, kind)
		require.NoError(t, q.Check())
		require.NoError(t, q.SwitchOff("m0"))
		require.NoError(t, q.SwitchOn(with(3, codes[60])), kind)
		require.NoError(t, q.Check())
		w := plainWanted(10)
		w.Grade, w.Product, w.Covers = "c60", "c60", []lending.Code{"c60"}
		r, err := q.Fill(lending.Call{Wanted: w, On: first, Purses: rich0})
		require.NoError(t, err)
		require.Equal(t, []lending.AutoBid{{Mandate: "m3", Lender: "l3", Minor: 1}}, r.Bids, kind)
	}
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace}, simple(0, 1))
	q.Crowd(lending.MaxMandates - 1) // and the one that is on
	require.ErrorIs(t, q.SwitchOn(simple(1, 1)), lending.ErrLimit)
	require.ErrorIs(t, q.Check(), lending.ErrInvariant, "a crowd of nobody")
}

// Names of the enumerations, for people and records.
func TestAutoBidNames(t *testing.T) {
	seen := map[string]bool{}
	for s := lending.SkipAmount; s <= lending.SkipRefused; s++ {
		text, err := s.MarshalText()
		require.NoError(t, err)
		require.Equal(t, s.String(), string(text))
		require.False(t, seen[s.String()] || s.String() == "", "%d", s)
		seen[s.String()] = true
	}
	require.Equal(t, "skip 0", lending.Skip(0).String())
	require.Equal(t, "skip 22", (lending.SkipRefused + 1).String())
	text, err := lending.KeepsPlace.MarshalText()
	require.NoError(t, err)
	require.Equal(t, "keeps-place", string(text))
	require.Equal(t, "every-turn-counts", lending.EveryTurnCounts.String())
}

// FuzzQueue feeds figures from anywhere: nothing panics, every refusal is of this library, and what
// is accepted keeps its promises.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{}, "", "A")
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255, 255, 127}, "ann", "B")
	f.Add(make([]byte, 400), "l1", "")
	f.Fuzz(func(t *testing.T, data []byte, party, code string) {
		figure := func() int64 { // one byte that says how to read, then the figure
			if len(data) == 0 {
				return 1
			}
			kind := data[0]
			data = data[1:]
			if kind < 200 || len(data) < 8 {
				return int64(kind)
			}
			n := int64(binary.LittleEndian.Uint64(data))
			data = data[8:]
			return n
		}
		rate := func() schedule.Rate {
			r, _ := schedule.RateFromPico(figure(), schedule.Basis(figure()))
			return r
		}
		rules := lending.QueueRules{Currency: cny, Turns: lending.TurnPolicy(figure()), ManualPPM: figure(),
			BidPPM: figure(), DelayDays: int(figure())}
		q, err := lending.NewQueue(rules)
		known(t, err)
		if err != nil {
			q = queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace})
		}
		table := map[lending.PartyID]lending.Purse{}
		for i := range 3 {
			m := lending.Mandate{ID: lending.MandateID(fmt.Sprintf("%s%d", code, i)), Lender: lending.PartyID(fmt.Sprintf("%s%d", party, i)),
				Currency: cny, Min: figure(), Max: figure(), LoanPPM: figure(), Retain: figure(), PerBorrower: figure(),
				Total: figure(), Spread: int(figure()), From: civil.Date{}.AddDays(int(figure())),
				PerGrade: []lending.GradeCap{{Grade: lending.Code(code), Minor: figure()}},
				Takes: lending.LoanFilter{MinAmount: figure(), MaxAmount: figure(), MinRate: rate(), MaxRate: rate(),
					MinMonths: int(figure()), MaxMonths: int(figure()), Grades: []lending.Code{lending.Code(code)}}}
			known(t, q.SwitchOn(m))
			m = simple(i+5, max(1, m.Max&0xffff))
			m.Spread = int(figure() & 7)
			known(t, q.SwitchOn(m))
			table[m.Lender] = lending.Purse{Free: figure(), Here: figure() & 1, Total: figure(), Borrower: figure()}
		}
		c := lending.Call{Wanted: plainWanted(figure()), On: first.AddDays(int(figure())), Purses: purses(table), Explain: true}
		c.Wanted.Borrower, c.Wanted.Raised, c.Wanted.Lenders = lending.PartyID(party), figure(), int(figure())
		c.Wanted.MinBid, c.Wanted.Increment, c.Wanted.Months = figure(), figure(), int(figure())
		r, err := q.Fill(c)
		known(t, err)
		require.Equal(t, r.Turns, len(r.Bids)+len(r.Skipped))
		if err == nil {
			for _, b := range r.Bids {
				require.True(t, b.Minor > 0 && b.Minor <= table[b.Lender].Free)
			}
			require.True(t, r.Raised >= 0 && r.Raised <= c.Wanted.Amount-c.Wanted.Raised)
		}
		require.NoError(t, q.Turn(&r))
		known(t, q.Turn(&lending.Round{Turns: int(figure()), Last: lending.MandateID(code), Bids: []lending.AutoBid{{Mandate: "m5"}}}))
		require.NoError(t, q.Check())
		for _, id := range lineOf(q) {
			require.NoError(t, q.SwitchOff(id))
		}
		require.NoError(t, q.Check())
	})
}

// known fails on an error that is not one of the library's.
func known(t *testing.T, err error) {
	t.Helper()
	if err != nil && (lending.ClassOf(err) == lending.ClassUnknown || lending.ClassOf(err) == lending.ClassBroken || len(err.Error()) > 5_000) {
		t.Fatalf("%T: %.300v", err, err)
	}
}
