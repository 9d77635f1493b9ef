package lending_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var proof = event.Hash{1, 2, 3}

// identify has an officer record an identity that holds for so many days.
func (w *world) identify(p lending.PartyID, days int) {
	do(w, officer, lending.RecordIdentity{Party: p,
		Identity: lending.Identity{Evidence: proof, Expires: w.day.AddDays(days)}})
}

func (w *world) categorize(p lending.PartyID, v lending.Limits, days int) {
	do(w, officer, lending.RecordCategory{Party: p, Category: lending.Category{
		Name: "retail", Evidence: proof, Expires: w.day.AddDays(days), Limits: v}})
}

// With the switch on nobody bids, applies, is listed, paid out or withdraws without an identity that
// holds that day; without it nobody is asked.
func TestRequireIdentified(t *testing.T) {
	w := newWorld(t, lending.Config{Parties: lending.PartyRules{RequireIdentified: true}})
	w.register("ann", "bob")
	w.deposit("bob", amt(10_000, cny)) // money comes in all the same
	do(w, officer, lending.DefineProduct{Product: standard()})
	apply := lending.Apply{Product: "std", Amount: amt(10_000, cny), Periods: 2}
	require.ErrorIs(t, try(w, party("ann"), apply), lending.ErrNotVerified)
	w.identify("ann", 5)
	id := w.open(standard(), 10_000, 2, "12% per year")
	bid := lending.PlaceBid{Loan: id, Amount: amt(10_000, cny)}
	out := lending.Withdraw{Amount: amt(1, cny)}
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrNotVerified)
	require.ErrorIs(t, try(w, party("bob"), out), lending.ErrNotVerified)
	w.identify("bob", 2)
	w.day = w.day.AddDays(2) // the first day on which it no longer holds
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrNotVerified)
	w.identify("bob", 1)
	do(w, party("bob"), bid)
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	w.day = w.day.AddDays(3) // ann's is over
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), lending.ErrNotVerified)
	require.Equal(t, "not-verified", lending.CodeOf(try(w, party("bob"), out)))
	w.identify("ann", 1)
	do(w, cashier, lending.Disburse{Loan: id})
}

// A listing needs the borrower's identity on the day, not on that of the application.
func TestRequireIdentifiedListing(t *testing.T) {
	w := newWorld(t, lending.Config{Parties: lending.PartyRules{RequireIdentified: true}})
	w.register("ann")
	w.identify("ann", 1)
	do(w, officer, lending.DefineProduct{Product: standard()})
	id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(10_000, cny), Periods: 2}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: standard().MinRate})
	w.day = w.day.AddDays(1)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), lending.ErrNotVerified)
	w.identify("ann", 1)
	do(w, officer, lending.Publish{Loan: id})
}

// Renewed without a gap, an identity holds from where the first one began; after one, anew.
func TestIdentityRenewed(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	first := w.day
	on := func(d civil.Date) bool {
		p, err := w.desk.Party(context.Background(), "ann")
		require.NoError(t, err)
		return p.IdentifiedOn(d)
	}
	require.False(t, on(first))
	w.identify("ann", 10)
	require.False(t, on(first.AddDays(-1)))
	w.day = first.AddDays(9)
	w.identify("ann", 10)
	require.True(t, on(first))
	require.True(t, on(first.AddDays(18)))
	require.False(t, on(first.AddDays(19)))
	w.day = first.AddDays(19)
	w.identify("ann", 1)
	require.False(t, on(first.AddDays(18)))
	require.True(t, on(w.day))
}

// What is recorded has evidence and holds for a day at least.
func TestRecordsAreRefused(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("bob")
	late, today := w.day.AddDays(1), w.day
	cat := func(v lending.Limits) lending.RecordCategory {
		return lending.RecordCategory{Party: "bob", Category: lending.Category{
			Name: "retail", Evidence: proof, Expires: late, Limits: v}}
	}
	jpy := amt(5, money.MustCurrency("JPY"))
	for name, c := range map[string]struct {
		o    order
		want error
	}{
		"no evidence":        {asOrder("", lending.RecordIdentity{Party: "bob", Identity: lending.Identity{Expires: late}}), lending.ErrTerms},
		"no end":             {asOrder("", lending.RecordIdentity{Party: "bob", Identity: lending.Identity{Evidence: proof}}), lending.ErrDate},
		"ends today":         {asOrder("", lending.RecordIdentity{Party: "bob", Identity: lending.Identity{Evidence: proof, Expires: today}}), lending.ErrDate},
		"nobody":             {asOrder("", lending.RecordIdentity{Party: "zoe", Identity: lending.Identity{Evidence: proof, Expires: late}}), lending.ErrUnknown},
		"test of nobody":     {asOrder("", lending.RecordAppropriateness{Party: "zoe"}), lending.ErrUnknown},
		"test without proof": {asOrder("", lending.RecordAppropriateness{Party: "bob", Result: lending.Appropriateness{Expires: late}}), lending.ErrTerms},
		"category of nobody": {asOrder("", lending.RecordCategory{Party: "zoe"}), lending.ErrUnknown},
		"no name":            {asOrder("", lending.RecordCategory{Party: "bob", Category: lending.Category{Evidence: proof, Expires: late}}), lending.ErrID},
		"category no proof":  {asOrder("", lending.RecordCategory{Party: "bob", Category: lending.Category{Name: "x", Expires: late}}), lending.ErrTerms},
		"negative limit":     {asOrder("", cat(lending.Limits{Total: amt(-1, cny)})), lending.ErrAmount},
		"two currencies":     {asOrder("", cat(lending.Limits{Total: amt(1, cny), PerLoan: jpy})), lending.ErrAmount},
		"share of nothing":   {asOrder("", cat(lending.Limits{Share: 1})), lending.ErrTerms},
		"negative share":     {asOrder("", cat(lending.Limits{Share: -1})), lending.ErrTerms},
		"more than all":      {asOrder("", cat(lending.Limits{Share: 1_000_001, NetWorth: amt(1, cny)})), lending.ErrTerms},
		"related already":    {asOrder("", lending.MarkRelated{Party: "bob", Lift: true}), lending.ErrState},
		"related nobody":     {asOrder("", lending.MarkRelated{Party: "zoe"}), lending.ErrUnknown},
	} {
		before := w.feed()
		require.ErrorIs(t, c.o.send(w, w.meta(officer)), c.want, name)
		require.Equal(t, before, w.feed(), name)
	}
	do(w, officer, lending.MarkRelated{Party: "bob"})
	p, err := w.desk.Party(context.Background(), "bob")
	require.NoError(t, err)
	require.True(t, p.Related)
}

// Limits by a slow count: what a lender has on hold and outstanding, per loan, per borrower and in
// all, never passes them, and a bid is refused exactly when it would.
func TestInvestorLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{})
		w.register("ann", "eve", "bob")
		w.deposit("bob", amt(1_000_000, cny))
		draw := func(what string) money.Amount {
			return amt(rapid.SampledFrom([]int64{0, 1000, 2500, 4000, 7000}).Draw(t, what), cny)
		}
		v := lending.Limits{PerLoan: draw("loan"), PerBorrower: draw("borrower"), Total: draw("total"),
			NetWorth: amt(50_009, cny), Share: rapid.SampledFrom([]int64{0, 100_000, 199_999}).Draw(t, "share")}
		w.categorize("bob", v, 10)
		do(w, officer, lending.DefineProduct{Product: standard()})
		var loans []lending.LoanID
		borrower := map[lending.LoanID]lending.PartyID{}
		for _, b := range []lending.PartyID{"ann", "ann", "eve"} {
			id := do(w, party(b), lending.Apply{Product: "std", Amount: amt(6000, cny), Periods: 2}).Loan
			do(w, analyst, lending.Approve{Loan: id, Rate: standard().MaxRate})
			do(w, officer, lending.Publish{Loan: id})
			loans, borrower[id] = append(loans, id), b
		}
		lent := map[lending.LoanID]int64{}
		for range rapid.IntRange(1, 8).Draw(t, "bids") {
			id := rapid.SampledFrom(loans).Draw(t, "loan")
			minor := rapid.SampledFrom([]int64{100, 500, 999, 1000, 1500, 2501}).Draw(t, "bid")
			minor = min(minor, 6000-lent[id])
			if minor < 100 {
				continue
			}
			var total, to int64
			for other, n := range lent {
				total += n
				if borrower[other] == borrower[id] {
					to += n
				}
			}
			ok := true
			for _, x := range []struct {
				limit money.Amount
				has   int64
			}{{v.PerLoan, lent[id]}, {v.PerBorrower, to}, {v.Total, total}} {
				ok = ok && (x.limit.IsZero() || x.has+minor <= x.limit.Minor())
			}
			if v.Share > 0 {
				ok = ok && (total+minor)*1_000_000 <= v.NetWorth.Minor()*v.Share
			}
			err := try(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(minor, cny)})
			if ok != (err == nil) || err != nil && !errors.Is(err, lending.ErrInvestorLimit) {
				t.Fatalf("%+v, lent %v: %d to %s: %v, want %t", v, lent, minor, borrower[id], err, ok)
			}
			if ok {
				lent[id] += minor
			}
		}
	})
}

// What is paid back can be lent again; limits in another currency keep a lender out; a category that
// ran out stops bids although none was asked for.
func TestInvestorLimitsOverTime(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	w.categorize("bob", lending.Limits{Total: amt(10_000, cny)}, 100)
	id := w.lent(standard(), 10_000, 1, "12% per year", "bob")
	next := w.open(standard(), 5_000, 1, "12% per year")
	w.deposit("bob", amt(5_000, cny))
	bid := lending.PlaceBid{Loan: next, Amount: amt(5_000, cny)}
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrInvestorLimit)
	w.deposit("ann", amt(20_000, cny))
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.categorize("bob", lending.Limits{Total: amt(10_000, money.MustCurrency("JPY"))}, 5)
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrInvestorLimit)
	w.categorize("bob", lending.Limits{Total: amt(10_000, cny)}, 5)
	w.day = w.day.AddDays(5)
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrNotVerified)
	w.categorize("bob", lending.Limits{Total: amt(10_000, cny)}, 5)
	do(w, party("bob"), bid)
}

// The rules for bidders: a category, a test that was passed and holds.
func TestRequireCategoryAndAppropriateness(t *testing.T) {
	w := newWorld(t, lending.Config{Parties: lending.PartyRules{RequireCategory: true, RequireAppropriate: true}})
	w.register("ann", "bob")
	w.deposit("bob", amt(10_000, cny))
	id := w.open(standard(), 10_000, 1, "12% per year") // a borrower needs neither
	bid := lending.PlaceBid{Loan: id, Amount: amt(1_000, cny)}
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrNotVerified)
	w.categorize("bob", lending.Limits{}, 100)
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrAppropriatenessMissing)
	test := func(passed bool, days int) {
		do(w, officer, lending.RecordAppropriateness{Party: "bob",
			Result: lending.Appropriateness{Passed: passed, Evidence: proof, Expires: w.day.AddDays(days)}})
	}
	test(false, 10)
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrAppropriatenessMissing)
	w.day = w.day.AddDays(1)
	test(true, 2)
	p, err := w.desk.Party(context.Background(), "bob")
	require.NoError(t, err)
	require.False(t, p.AppropriateOn(w.day.AddDays(-1)), "on the day of the failed test")
	do(w, party("bob"), bid)
	w.day = w.day.AddDays(2)
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrAppropriatenessMissing)
	do(w, party("bob"), lending.Withdraw{Amount: amt(1, cny)})
}

// register is a bureau that answers something else each time it is asked.
type bureau struct {
	mu    sync.Mutex
	asked int
	until civil.Date
	err   error
}

func (b *bureau) next() (event.Hash, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	return event.Hash{byte(b.asked), 1}, b.err
}

func (b *bureau) Identify(context.Context, lending.PartyID) (lending.Identity, error) {
	h, err := b.next()
	return lending.Identity{Evidence: h, Expires: b.until}, err
}

func (b *bureau) Categorize(context.Context, lending.PartyID) (lending.Category, error) {
	h, err := b.next()
	return lending.Category{Name: "retail", Evidence: h, Expires: b.until}, err
}

// A key asks once, for ever, and has one outcome, also when many ask at once.
func TestAskedOnceForAKey(t *testing.T) {
	b := &bureau{until: civil.MustParse("2030-01-01")}
	w := newWorld(t, lending.Config{Identifier: b, Categorizer: b})
	w.register("bob", "eve")
	ctx := context.Background()
	m := w.meta(officer)
	first, err := w.desk.Identify(ctx, m, "bob")
	require.NoError(t, err)
	m.On = m.On.AddDays(3)
	again, err := w.desk.Identify(ctx, m, "bob")
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, b.asked)
	for name, ask := range map[string]func() error{
		"another party":   func() error { _, err := w.desk.Identify(ctx, m, "eve"); return err },
		"another command": func() error { _, err := w.desk.Categorize(ctx, m, "bob"); return err },
		"another actor":   func() error { m := m; m.Actor = chief; _, err := w.desk.Identify(ctx, m, "bob"); return err },
	} {
		require.ErrorIs(t, ask(), event.ErrKeyReused, name)
	}
	_, err = w.desk.Identify(ctx, w.meta(party("bob")), "bob")
	require.ErrorIs(t, err, lending.ErrActor)
	_, err = w.desk.Identify(ctx, w.meta(officer), "zoe")
	require.ErrorIs(t, err, lending.ErrUnknown)
	require.Equal(t, 1, b.asked, "asked for nothing")

	m = w.meta(officer)
	var wg sync.WaitGroup
	got := make([]lending.PartyCategorized, 8)
	for i := range got {
		wg.Go(func() {
			var err error
			if got[i], err = w.desk.Categorize(ctx, m, "bob"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, g := range got {
		require.Equal(t, got[0], g)
	}
}

// A no and a failure of the identifier record nothing; the same key may ask again.
func TestIdentifierSaysNo(t *testing.T) {
	b := &bureau{until: civil.MustParse("2030-01-01"), err: fmt.Errorf("face differs: %w", lending.ErrNotVerified)}
	w := newWorld(t, lending.Config{Identifier: b})
	w.register("bob")
	m, before := w.meta(officer), w.feed()
	_, err := w.desk.Identify(context.Background(), m, "bob")
	require.ErrorIs(t, err, lending.ErrNotVerified)
	b.err = errors.New("line is down")
	_, err = w.desk.Identify(context.Background(), m, "bob")
	require.Equal(t, lending.ClassUnknown, lending.ClassOf(err))
	require.Equal(t, before, w.feed())
	b.err = nil
	_, err = w.desk.Identify(context.Background(), m, "bob")
	require.NoError(t, err)
	_, err = w.desk.Categorize(context.Background(), w.meta(officer), "bob")
	require.ErrorIs(t, err, lending.ErrConfig)
}
