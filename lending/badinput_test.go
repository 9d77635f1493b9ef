package lending_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Amounts, rates and dates are refused where they come in, in bounded work, by errors that name
// what is wrong.
func TestBadTextsAreRefused(t *testing.T) {
	start := time.Now()
	for _, s := range []string{"", "CNY", "CNY ", "CNY 1.001", "CNY 1e3", "CNY 1e1000000000", "CNY +1", "CNY 1.", "CNY .5",
		"CNY 1,000.00", "CNY 90071992547410.00", "CNY 99999999999999999999", "cny 1.00", "ABC 1.00 ", "JPY 1.5",
		"CNY  1.00", "CNY −1", "CNY NaN", "CNY 1.00\x00", "CNY " + strings.Repeat("9", 1<<20)} {
		_, err := money.Parse(s)
		require.Error(t, err, "%.50q", s)
		require.Less(t, len(err.Error()), 200)
		require.NotEqual(t, lending.ClassUnknown, lending.ClassOf(err), "%.50q: %v", s, err)
	}
	huge := []decimal.Decimal{decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(math.MaxInt64, 20)}
	for _, d := range huge {
		_, err := money.Round(d, cny, money.HalfEven)
		if d.Exponent() > 0 {
			require.Error(t, err)
		}
	}
	for _, s := range []string{"", "12%", "-1% per year", "1e5% per year", "10001% per year", "1.00000000001% per year", "0.1 per year", strings.Repeat("1", 1000)} {
		_, err := schedule.ParseRate(s)
		require.Error(t, err, "%.50q", s)
	}
	for _, s := range []string{"", "2026-02-30", "2025-02-29", "0000-01-01", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01T00:00:00Z", "10000-01-01"} {
		_, err := civil.Parse(s)
		require.Error(t, err, "%q", s)
	}
	require.Less(t, time.Since(start), 5*time.Second, "bounded work")
}

// Commands that make no sense are refused by a typed error of a class that says whose fault it is,
// and change nothing.
func TestBadCommandsChangeNothing(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	w.deposit("bob", amt(1_000_000, cny))
	open := w.open(standard(), 1_000_000, 12, "12% per year")
	jpy := money.MustCurrency("JPY")
	late := func(m lending.Meta) lending.Meta { m.On = w.day.AddDays(100); return m }
	plain := func(m lending.Meta) lending.Meta { return m }
	for name, c := range map[string]struct {
		want error
		o    order
		by   lending.Actor
		meta func(lending.Meta) lending.Meta
	}{
		"negative amount":      {lending.ErrAmount, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(-1, cny)}), party("bob"), plain},
		"zero amount":          {lending.ErrAmount, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(0, cny)}), party("bob"), plain},
		"no amount":            {lending.ErrAmount, asOrder("", lending.PlaceBid{Loan: open}), party("bob"), plain},
		"wrong currency":       {lending.ErrAmount, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(100, jpy)}), party("bob"), plain},
		"more than the wallet": {lending.ErrFunds, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(100, cny)}), party("eve"), plain},
		"own loan":             {lending.ErrBid, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(100, cny)}), party("ann"), plain},
		"below the minimum":    {lending.ErrBid, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(99, cny)}), party("bob"), plain},
		"after the deadline":   {lending.ErrBid, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(100, cny)}), party("bob"), late},
		"unknown party":        {lending.ErrUnknown, asOrder("", lending.PlaceBid{Loan: open, Amount: amt(100, cny)}), party("zoe"), plain},
		"unknown loan":         {lending.ErrUnknown, asOrder("", lending.PlaceBid{Loan: "L-nowhere", Amount: amt(100, cny)}), party("bob"), plain},
		"malformed loan":       {event.ErrBadName, asOrder("", lending.PlaceBid{Loan: "../x", Amount: amt(100, cny)}), party("bob"), plain},
		"overlong loan":        {event.ErrBadName, asOrder("", lending.PlaceBid{Loan: lending.LoanID(strings.Repeat("x", 200)), Amount: amt(100, cny)}), party("bob"), plain},
		"overlong party":       {lending.ErrID, asOrder("", lending.Register{Party: lending.PartyID(strings.Repeat("x", 65)), Kind: 1}), officer, plain},
		"no kind of party":     {lending.ErrTerms, asOrder("", lending.Register{Party: "new"}), officer, plain},
		"wrong state":          {lending.ErrState, asOrder("", lending.Disburse{Loan: open}), cashier, plain},
		"wrong actor":          {lending.ErrActor, asOrder("", lending.Disburse{Loan: open}), officer, plain},
		"amount out of range":  {lending.ErrLimit, asOrder("", lending.Apply{Product: "std", Amount: amt(money.MaxMinor, cny), Periods: 1}), party("ann"), plain},
		"periods out of range": {lending.ErrLimit, asOrder("", lending.Apply{Product: "std", Amount: amt(1000, cny), Periods: -1}), party("ann"), plain},
		"unknown product":      {lending.ErrUnknown, asOrder("", lending.Apply{Product: "none", Amount: amt(1000, cny), Periods: 1}), party("ann"), plain},
		"no rate":              {lending.ErrState, asOrder("", lending.Approve{Loan: open}), analyst, plain},
		"deposit of nothing":   {lending.ErrAmount, asOrder("", lending.Deposit{Party: "bob", Amount: amt(0, cny)}), bank, plain},
		"deposit overflows": {lending.ErrLimit, asOrder("", lending.Deposit{Party: "bob", Amount: amt(money.MaxMinor, cny)}), bank,
			plain},
		"report on nothing": {lending.ErrUnknown, asOrder("", lending.Observe{Report: payment.Report{Instruction: "W-x", Status: payment.Settled}}), bank, plain},
		"reversal of nothing": {lending.ErrUnknown, asOrder("", lending.ReverseDeposit{Payment: "D-x"}), bank,
			plain},
		"no date":       {lending.ErrDate, asOrder("", lending.Publish{Loan: open}), officer, func(m lending.Meta) lending.Meta { m.On = civil.Date{}; return m }},
		"no key":        {event.ErrBadName, asOrder("", lending.Publish{Loan: open}), officer, func(m lending.Meta) lending.Meta { m.Key = ""; return m }},
		"overlong key":  {event.ErrBadName, asOrder("", lending.Publish{Loan: open}), officer, func(m lending.Meta) lending.Meta { m.Key = strings.Repeat("k", 129); return m }},
		"key of others": {event.ErrKeyReused, asOrder("", lending.Publish{Loan: open}), officer, func(m lending.Meta) lending.Meta { m.Key = "k1"; return m }},
		"no actor":      {lending.ErrID, asOrder("", lending.Publish{Loan: open}), lending.Actor{}, plain},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.dump()
			err := c.o.send(w, c.meta(w.meta(c.by)))
			require.ErrorIs(t, err, c.want)
			class := lending.ClassOf(err)
			require.NotContains(t, []lending.Class{0, lending.ClassUnknown, lending.ClassBroken}, class, "%v", err)
			require.Equal(t, before, w.dump(), "nothing may change")
		})
	}
}

// tampered is a store whose records are changed on their way out.
type tampered struct {
	*memory.Store
	bend func(event.Cursor, *event.Slice)
}

func (s tampered) Load(ctx context.Context, at ...event.Cursor) ([]event.Slice, error) {
	sl, err := s.Store.Load(ctx, at...)
	for i := range sl {
		s.bend(at[i], &sl[i])
	}
	return sl, err
}

// A loan's stream that was cut or changed is found before anything is decided on it.
func TestChangedStreamIsRefused(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(standard(), 10_000, 3, "12% per year", "bob")
	w.deposit("ann", amt(10_000, cny))
	for name, bend := range map[string]func(*event.Slice){
		"a byte changed": func(sl *event.Slice) { sl.Records[2].Data[0] ^= 1 },
		"a record cut":   func(sl *event.Slice) { sl.Records = sl.Records[:len(sl.Records)-1] },
		"the tail cut": func(sl *event.Slice) {
			sl.Records = sl.Records[:len(sl.Records)-1]
			sl.Head--
		},
		"two swapped": func(sl *event.Slice) { sl.Records[0], sl.Records[1] = sl.Records[1], sl.Records[0] },
		"renamed":     func(sl *event.Slice) { sl.Records[0].Type = "approved" },
	} {
		t.Run(name, func(t *testing.T) {
			store := tampered{w.store, func(c event.Cursor, sl *event.Slice) {
				if c.Stream.Kind == "loan" && c.After == 0 {
					bend(sl)
				}
			}}
			desk, err := lending.Open(lending.Config{Store: store, Gateway: w.bank})
			require.NoError(t, err)
			before := w.dump()
			_, err = lending.Do(context.Background(), desk, w.meta(party("ann")), lending.PayOff{Loan: id})
			require.True(t, errors.Is(err, event.ErrCorrupt), "%v", err)
			require.Equal(t, lending.ClassBroken, lending.ClassOf(err))
			require.Equal(t, before, w.dump())
		})
	}
}
