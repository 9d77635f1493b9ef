package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/money"
)

func covered() lending.Product {
	p := standard()
	p.ID = "covered"
	p.Covers = []lending.CoverTerms{{Name: "pot-a", Kind: lending.CoverProvisionFund, TriggerDays: 5}, {Name: "pot-b", Kind: lending.CoverGuarantor, TriggerDays: 5}}
	return p
}

// Two layers stand behind a loan whose borrower misses an instalment: the first takes on 60%, the
// second the rest. Each queues, each pays as far as its wallet goes, lenders get what they miss,
// and when the borrower pays at last the covers get their money back in the order of their layers.
func TestTwoCoversQueueAndPay(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "eve", "pot-a", "pot-b")
	w.deposit("pot-a", amt(100_000, cny))
	id := w.lent(covered(), 1_000_000, 12, "12% per year", "bob", "eve")
	first := w.loan(id).Plan.At(0)
	due := first.Total.Minor()

	w.day = first.Due.AddDays(4)
	w.dayEnd()
	require.Empty(t, w.loan(id).Advances, "not before the trigger day")

	w.day = first.Due.AddDays(5)
	w.dayEnd()
	l := w.loan(id)
	a := w.wallet("pot-a", cny)
	wantA := (due*600_000 + 999_999) / 1_000_000
	require.Equal(t, 100_000-wantA, a.Available, "layer 1 paid its share at once")
	require.Equal(t, wantA, l.Covers[0].Paid)
	require.Zero(t, l.Covers[1].Paid, "layer 2 has no money and waits")
	require.Equal(t, due-wantA, l.Dues[0].Promised[1])
	r := w.reports()
	require.Equal(t, wantA, r.Portfolio("bob", cny).Principal.Minor()+r.Portfolio("bob", cny).Interest.Minor()+
		r.Portfolio("eve", cny).Principal.Minor()+r.Portfolio("eve", cny).Interest.Minor())

	w.day = w.day.AddDays(1)
	w.deposit("pot-b", amt(1_000_000, cny))
	w.dayEnd()
	l = w.loan(id)
	require.Equal(t, due-wantA, l.Covers[1].Paid)
	require.Zero(t, l.Dues[0].Missing().Total(), "lenders have the instalment")
	require.Equal(t, 6, l.DaysPastDue(w.day), "the borrower still owes it")
	require.ErrorIs(t, try(w, officer, lending.Waive{Loan: id, Component: lending.Interest, Reason: "kind"}),
		lending.ErrAmount, "what the covers have paid is theirs")

	w.repay(id, due)
	l = w.loan(id)
	require.Equal(t, int64(100_000), w.wallet("pot-a", cny).Available, "layer 1 has its money back")
	require.Equal(t, int64(1_000_000), w.wallet("pot-b", cny).Available, "layer 2 too")
	for _, v := range l.Advances {
		require.Equal(t, v.Amount, v.Recovered)
	}
	w.reports()
}

// A product cannot name a cover that nobody plugged in, and a desk that lost its satellite refuses
// to disburse rather than forget the guarantee.
func TestCoverMustBePluggedIn(t *testing.T) {
	w := newWorld(t, lending.Config{})
	require.ErrorIs(t, try(w, officer, lending.DefineProduct{Product: covered()}), lending.ErrUnknown)

	w = newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob")
	id := w.open(covered(), 1000, 1, "12% per year")
	w.deposit("bob", amt(1000, cny))
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1000, cny)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	bare, err := lending.Open(lending.Config{Store: w.store, Gateway: w.bank})
	require.NoError(t, err)
	_, err = lending.Do(context.Background(), bare, w.meta(cashier), lending.Disburse{Loan: id})
	require.ErrorIs(t, err, lending.ErrUnknown)
}

// Part conflicts are found when the desk opens.
func TestPartsAreChecked(t *testing.T) {
	w := newWorld(t, lending.Config{})
	for name, parts := range map[string][]lending.Part{
		"a kind twice":       {toyPart(), {Kinds: toyPart().Kinds, Wake: toyPart().Wake}},
		"a cover twice":      {toyPart(), {Covers: toyPart().Covers}},
		"a cover of nothing": {{Covers: map[lending.Code]lending.Cover{"x": nil}}},
		"lending's own kind": {{Kinds: lending.Kinds()}},
		"wakes a stranger":   {{Wake: toyPart().Wake}},
	} {
		_, err := lending.Open(lending.Config{Store: w.store, Parts: parts})
		require.ErrorIs(t, err, lending.ErrConfig, name)
	}
	_, err := lending.Open(lending.Config{})
	require.ErrorIs(t, err, lending.ErrConfig)
	_, err = lending.Open(lending.Config{Store: w.store, Custody: lending.PerUser + 1})
	require.ErrorIs(t, err, lending.ErrConfig)
}

// brokenCover takes loans on and fails when it is asked.
type brokenCover struct{}

func (brokenCover) Attach(*lending.Tx, *lending.Loan) error  { return nil }
func (brokenCover) Release(*lending.Tx, *lending.Loan) error { return nil }
func (brokenCover) Demand(*lending.Tx, *lending.Loan, lending.Demand) (money.Amount, error) {
	return money.Amount{}, errPolicy
}

// A loan whose cover fails does not hold up the day-end of the others; it is named in the error
// and woken again the next time.
func TestDayEndGoesOnPastARefusal(t *testing.T) {
	part := toyPart()
	part.Covers["broken"] = brokenCover{}
	w := newWorld(t, lending.Config{Parts: []lending.Part{part}})
	w.register("ann", "bob", "pot-a", "pot-b")
	w.deposit("pot-a", amt(10_000, cny))
	w.deposit("pot-b", amt(10_000, cny))
	bad := covered()
	bad.ID, bad.Covers = "bad", []lending.CoverTerms{{Name: "broken", Kind: lending.CoverGuarantor, TriggerDays: 5}}
	var stuck, fine []lending.LoanID
	for range 3 {
		stuck = append(stuck, w.lent(bad, 1000, 1, "12% per year", "bob"))
		fine = append(fine, w.lent(covered(), 1000, 1, "12% per year", "bob"))
	}
	w.day = w.day.AddDays(60)
	for range 2 {
		_, err := w.desk.DayEnd(context.Background(), w.day)
		require.ErrorIs(t, err, errPolicy)
		for _, id := range stuck {
			require.ErrorContains(t, err, string(id))
		}
		for _, id := range fine {
			require.Zero(t, w.loan(id).Dues[0].Missing().Total())
		}
	}
}

// A host whose store keeps no agenda carries payouts out by the id in the outcome.
func TestCarryOutWithoutAgenda(t *testing.T) {
	store := memory.NewStore()
	bare := struct {
		event.Store
		event.Outbox
	}{store, store}
	bank := memory.NewBank()
	desk, err := lending.Open(lending.Config{Store: bare, Gateway: bank, Chunk: 1})
	require.NoError(t, err)
	w := newWorld(t, lending.Config{})
	w.desk, w.store, w.bank = desk, store, bank
	w.register("ann", "bob", "eve")
	id := w.open(standard(), 1000, 1, "12% per year")
	for _, p := range []lending.PartyID{"bob", "eve"} {
		w.deposit(p, amt(500, cny))
		do(w, party(p), lending.PlaceBid{Loan: id, Amount: amt(500, cny)})
	}
	ev := do(w, officer, lending.ReviewFunding{Loan: id})
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), lending.ErrPending)
	require.NoError(t, desk.CarryOut(context.Background(), w.day, ev.Payout))
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	require.Equal(t, lending.StateActive, w.loan(id).State)
	_, err = desk.DayEnd(context.Background(), w.day)
	require.ErrorIs(t, err, lending.ErrConfig)
}
