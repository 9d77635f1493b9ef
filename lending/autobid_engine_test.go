package lending_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
)

// crash is a store that goes down after so many commits.
type crash struct {
	*memory.Store
	left int
}

var errDown = errors.New("store is down")

func (c *crash) Commit(ctx context.Context, cm event.Commit) (event.Receipt, error) {
	if c.left--; c.left == -1 {
		return event.Receipt{}, errDown
	}
	return c.Store.Commit(ctx, cm)
}

// A crash between two steps of a filling loses no turn, whether the host resumes with the same key
// or asks anew.
func TestFillAfterCrash(t *testing.T) {
	prepare := func(left int) (*world, lending.LoanID, lending.LoanID) {
		w := newWorld(t, lending.Config{})
		w.withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
		w.register("ann")
		for i := range 9 {
			p := lending.PartyID(fmt.Sprintf("l%d", i))
			w.register(p)
			w.standing(p, upTo(300))
			if i%3 > 0 {
				w.deposit(p, amt(400, cny))
			}
		}
		w.open(standard(), 5_000, 2, "10% per year") // defines the product
		one, two := w.openFor("ann", 5_000), w.openFor("ann", 5_000)
		desk, err := lending.Open(lending.Config{Store: &crash{w.store, left}, Chunk: 2})
		require.NoError(t, err)
		w.desk = desk
		return w, one, two
	}
	ctx := context.Background()
	plain, one, two := prepare(1000)
	want := []lending.QueueFilled{plain.fill(one), plain.fill(two)}
	require.Len(t, want[0].Bids, 6)
	for left := range 5 {
		for _, resume := range []bool{true, false} {
			w, one, two := prepare(left)
			m := w.meta(timer)
			got, err := w.desk.Fill(ctx, m, "retail", one)
			require.ErrorIs(t, err, event.ErrUnknown)
			require.Len(t, got.Bids, len(w.loan(one).Bids), "what is done is told")
			if !resume {
				m = w.meta(timer)
			}
			rest, err := w.desk.Fill(ctx, m, "retail", one)
			require.NoError(t, err)
			if !resume {
				rest.Bids, rest.Turns = append(got.Bids, rest.Bids...), rest.Turns+got.Turns
			}
			require.Equal(t, want[0], rest, "after %d commits", left)
			require.Equal(t, want[1], w.fill(two))
			require.Equal(t, lineOf(plain.queue()), lineOf(w.queue()))
		}
	}
}

// A round ends where the loan stops taking bids in the middle of it.
func TestFillEndsWithTender(t *testing.T) {
	w := newWorld(t, lending.Config{Chunk: 1}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	w.register("ann", "bob", "eve", "dan")
	for _, p := range []lending.PartyID{"bob", "eve"} {
		w.standing(p, upTo(300))
		w.deposit(p, amt(400, cny))
	}
	w.deposit("dan", amt(4_700, cny))
	id := w.open(standard(), 5_000, 2, "10% per year")
	step := do(w, timer, lending.FillLoan{Market: "retail", Loan: id})
	require.True(t, step.More)
	do(w, party("dan"), lending.PlaceBid{Loan: id, Amount: amt(4_700, cny)})
	require.Equal(t, lending.QueueFilled{Loan: id}, do(w, timer, lending.FillLoan{Market: "retail", Loan: id}))
	require.ErrorIs(t, try(w, timer, lending.FillLoan{Market: "retail", Loan: id}), lending.ErrState)
	require.Equal(t, []lending.PartyID{"eve", "bob"}, lenders(w.queue()))
}

// Open listings are filled in the order of their publication; one that cannot be filled says why and
// holds nothing up.
func TestDeskAutoBid(t *testing.T) {
	w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace, DelayDays: 1})
	w.register("ann", "bob")
	w.standing("bob", upTo(4_000))
	w.deposit("bob", amt(6_000, cny))
	gone := w.open(standard(), 5_000, 2, "10% per year")
	do(w, officer, lending.CancelTender{Loan: gone, Reason: "withdrawn"})
	late := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(5_000, cny), Periods: 3}).Loan
	first, second := w.openFor("ann", 5_000), w.openFor("ann", 5_000)
	w.day = w.day.AddDays(1)
	do(w, analyst, lending.Approve{Loan: late, Rate: schedule.MustRate("10% per year")})
	do(w, officer, lending.Publish{Loan: late})

	open := w.reports().Open()
	require.Equal(t, []lending.LoanID{first, second, late}, open)
	m := w.meta(timer)
	for range 2 { // the same key
		fs, err := w.desk.AutoBid(context.Background(), m, "retail", open...)
		require.NoError(t, err)
		require.Len(t, fs, 3)
		require.EqualValues(t, 4_000, fs[0].Bids[0].Minor)
		require.EqualValues(t, 2_000, fs[1].Bids[0].Minor)
		require.NoError(t, errors.Join(fs[0].Refused, fs[1].Refused))
		require.ErrorIs(t, fs[2].Refused, lending.ErrDate, "starts a day later")
	}
	_, err := w.desk.AutoBid(context.Background(), w.meta(officer), "retail", open...)
	require.ErrorIs(t, err, lending.ErrActor)
	_, err = w.desk.AutoBid(context.Background(), w.meta(timer), "wholesale", open...)
	require.ErrorIs(t, err, lending.ErrUnknown)
}

// The bounds of the world: every term in months, whatever its frequency.
func TestTermsInMonths(t *testing.T) {
	for _, tc := range []struct {
		every   schedule.Frequency
		periods int
		months  int
	}{
		{schedule.Months(1), 12, 12}, {schedule.Months(3), 4, 12}, {schedule.Weeks(1), 52, 12}, {schedule.Weeks(2), 3, 2},
		{schedule.Days(28), 1, 1}, {schedule.Days(10), 4, 2}, {schedule.SemiMonthly(), 5, 3}, {schedule.Weeks(1), 1, 1},
	} {
		w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
		w.register("ann", "bob", "eve")
		w.day = first
		for i, p := range []lending.PartyID{"bob", "eve"} {
			m := upTo(100)
			m.Takes.MinMonths, m.Takes.MaxMonths = []int{1, tc.months}[i], []int{max(1, tc.months-1), tc.months}[i]
			if tc.months == 1 && i == 0 {
				m.Takes.MinMonths, m.Takes.MaxMonths = 2, 2
			}
			w.standing(p, m)
			w.deposit(p, amt(100, cny))
		}
		p := standard()
		p.Every, p.MaxPeriods = tc.every, 60
		id := w.open(p, 5_000, tc.periods, "10% per year")
		f := w.fill(id)
		require.Len(t, f.Bids, 1, "%v", tc)
		require.Equal(t, lending.PartyID("eve"), f.Bids[0].Lender, "%v", tc)
	}
}
