package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// withQueue opens the market "retail" on a world.
func (w *world) withQueue(r lending.QueueRules) *world {
	r.Currency = cny
	do(w, officer, lending.DefineQueue{Market: "retail", Rules: r})
	return w
}

func (w *world) queue() *lending.Queue {
	q, err := w.desk.Queue(context.Background(), "retail")
	require.NoError(w.t, err)
	require.NoError(w.t, q.Check())
	return q
}

// standing switches an order on for a lender.
func (w *world) standing(p lending.PartyID, m lending.Mandate) lending.MandateID {
	return do(w, party(p), lending.SwitchOn{Market: "retail", Mandate: m}).Mandate.ID
}

func (w *world) fill(id lending.LoanID) lending.QueueFilled {
	f, err := w.desk.Fill(context.Background(), w.meta(timer), "retail", id)
	require.NoError(w.t, err)
	return f
}

func upTo(most int64) lending.Mandate { return lending.Mandate{Min: 1, Max: most} }

// lenders lists whose turn comes when.
func lenders(q *lending.Queue) (ps []lending.PartyID) {
	for m := range q.All() {
		ps = append(ps, m.Lender)
	}
	return ps
}

// Every refusal of the switches, and that nothing changes by it.
func TestStandingOrderRefusals(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve", "dan")
	rules := lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace}
	on := lending.SwitchOn{Market: "retail", Mandate: upTo(100)}
	off := lending.SwitchOff{Market: "retail", Mandate: "M-none"}
	fill := lending.FillLoan{Market: "retail", Loan: "L-none"}
	require.ErrorIs(t, try(w, party("bob"), on), lending.ErrUnknown, "no such market")
	require.ErrorIs(t, try(w, party("bob"), off), lending.ErrUnknown)
	require.ErrorIs(t, try(w, timer, fill), lending.ErrUnknown)
	_, err := w.desk.Queue(context.Background(), "retail")
	require.ErrorIs(t, err, lending.ErrUnknown)
	require.ErrorIs(t, try(w, party("bob"), lending.DefineQueue{Market: "retail", Rules: rules}), lending.ErrActor)
	require.ErrorIs(t, try(w, officer, lending.DefineQueue{Market: "retail"}), lending.ErrTerms)
	require.ErrorIs(t, try(w, officer, lending.DefineQueue{Market: "a.b", Rules: rules}), lending.ErrID)
	w.withQueue(rules)
	yen := rules
	yen.Currency = money.MustCurrency("JPY")
	require.ErrorIs(t, try(w, officer, lending.DefineQueue{Market: "retail", Rules: yen}), lending.ErrTerms)

	require.ErrorIs(t, try(w, officer, on), lending.ErrActor)
	require.ErrorIs(t, try(w, party("zoe"), on), lending.ErrUnknown, "no such party")
	for _, m := range []lending.Mandate{{ID: "mine"}, {Lender: "eve"}, {Currency: cny}} {
		require.ErrorIs(t, try(w, party("bob"), lending.SwitchOn{Market: "retail", Mandate: m}), lending.ErrTerms)
	}
	require.ErrorIs(t, try(w, party("bob"), lending.SwitchOn{Market: "retail"}), lending.ErrAmount, "bids 0")
	bobs := w.standing("bob", upTo(100))
	require.ErrorIs(t, try(w, party("bob"), on), lending.ErrExists, "one a lender")
	off.Mandate = bobs
	require.ErrorIs(t, try(w, party("eve"), off), lending.ErrActor)
	require.ErrorIs(t, try(w, bank, off), lending.ErrActor)
	require.Equal(t, []lending.PartyID{"bob"}, lenders(w.queue()))

	do(w, officer, lending.Freeze{Party: "eve"})
	require.ErrorIs(t, try(w, party("eve"), on), lending.ErrState)
	do(w, officer, lending.Freeze{Party: "eve", Lift: true})
	w.lent(standard(), 5_000, 2, "10% per year", "dan")
	require.ErrorIs(t, try(w, party("ann"), on), lending.ErrState, "owes on a loan")

	eves := w.standing("eve", upTo(100))
	do(w, party("bob"), off)
	require.ErrorIs(t, try(w, party("bob"), off), lending.ErrUnknown, "off already")
	do(w, officer, lending.SwitchOff{Market: "retail", Mandate: eves})
	require.Zero(t, w.queue().Len())

	require.ErrorIs(t, try(w, officer, fill), lending.ErrActor)
	require.ErrorIs(t, try(w, timer, fill), lending.ErrUnknown)
	fill.Loan = "no id"
	require.ErrorIs(t, try(w, timer, fill), lending.ErrID)
	fill.Loan = w.open(standard(), 5_000, 2, "10% per year")
	do(w, officer, lending.CancelTender{Loan: fill.Loan, Reason: "withdrawn"})
	require.ErrorIs(t, try(w, timer, fill), lending.ErrState)
}

// Rules may change; the order of turns stays.
func TestQueueRulesChange(t *testing.T) {
	w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	w.register("ann", "bob", "eve")
	w.standing("bob", upTo(5_000))
	w.standing("eve", upTo(5_000))
	w.withQueue(lending.QueueRules{Turns: lending.EveryTurnCounts, DelayDays: 2, ManualPPM: 500_000})
	require.Equal(t, lending.EveryTurnCounts, w.queue().Rules().Turns)
	require.Equal(t, []lending.PartyID{"bob", "eve"}, lenders(w.queue()))
	w.deposit("bob", amt(9_000, cny))
	id := w.open(standard(), 8_000, 2, "10% per year")
	_, err := w.desk.Fill(context.Background(), w.meta(timer), "retail", id)
	require.ErrorIs(t, err, lending.ErrDate, "starts two days after publication")
	w.day = w.day.AddDays(2)
	require.EqualValues(t, 4_000, w.fill(id).Bids[0].Minor, "half is kept")
	w.day = w.day.AddDays(20)
	_, err = w.desk.Fill(context.Background(), w.meta(timer), "retail", id)
	require.ErrorIs(t, err, lending.ErrBid, "after the deadline")
}

// A lender who received a loan is switched off at his next turn; one who is frozen is passed over
// and bids again once he is free; a rule for bids holds for automatic ones.
func TestFillSkips(t *testing.T) {
	only := func(t *lending.Tx, c any) ([]lending.Warning, error) {
		b, bid := c.(lending.PlaceBid)
		switch {
		case bid && t.Actor.ID == "eve":
			return nil, &lending.Error{Err: lending.ErrLimit, Thing: "eve", Why: "has invested enough"}
		case bid && t.Actor.ID == "fay" && b.Amount.Minor() > 10:
			_, err := event.Read(t.Tx, lending.PartyRef("dan")) // a rule may look at any stream
			return []lending.Warning{{Rule: "large", Why: "look twice"}}, err
		}
		return nil, nil
	}
	w := newWorld(t, lending.Config{Rules: rulesFunc(only), Chunk: 2}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	w.register("ann", "bob", "eve", "fay", "dan", "gil", "hal")
	anns := w.standing("ann", upTo(1_000))
	for _, p := range []lending.PartyID{"bob", "eve", "fay", "gil", "hal"} {
		w.standing(p, upTo(1_000))
		w.deposit(p, amt(3_000, cny))
	}
	w.lent(standard(), 5_000, 2, "10% per year", "dan") // ann has a loan now
	w.deposit("ann", amt(3_000, cny))
	do(w, officer, lending.Freeze{Party: "bob"})
	one, two := w.openFor("gil", 5_000), w.openFor("gil", 5_000)
	f := w.fill(one)
	require.Equal(t, []lending.MandateID{anns}, f.Off)
	require.Len(t, f.Bids, 1)
	require.Equal(t, lending.PartyID("hal"), f.Bids[0].Lender)
	require.Equal(t, 6, f.Turns)
	require.Equal(t, []lending.PartyID{"bob", "eve", "fay", "gil", "hal"}, lenders(w.queue()))

	do(w, officer, lending.Freeze{Party: "bob", Lift: true})
	f = w.fill(two)
	require.Len(t, f.Bids, 2)
	require.Equal(t, lending.PartyID("bob"), f.Bids[0].Lender, "he kept his place")
	require.Empty(t, f.Off)
	require.Empty(t, w.fill(two).Bids, "once a lender and listing")
	require.EqualValues(t, 1_000, w.wallet("bob", cny).LentTo("gil"))
	w.reports()
}

// openFor takes a loan of somebody to its tender.
func (w *world) openFor(who lending.PartyID, minor int64) lending.LoanID {
	id := do(w, party(who), lending.Apply{Product: "std", Amount: amt(minor, cny), Periods: 3}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("10% per year")})
	do(w, officer, lending.Publish{Loan: id})
	return id
}

type rulesFunc func(*lending.Tx, any) ([]lending.Warning, error)

func (f rulesFunc) Check(t *lending.Tx, c any) ([]lending.Warning, error) { return f(t, c) }

// Each cap is held against what the wallet has in loans at the moment of the bid.
func TestFillCaps(t *testing.T) {
	w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	w.register("ann", "bob", "eve", "dan", "fay")
	do(w, officer, lending.DefineProduct{Product: standard()})
	listing := func() lending.LoanID {
		id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(9_000, cny), Periods: 3}).Loan
		do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("10% per year"), Grade: "A"})
		do(w, officer, lending.Publish{Loan: id})
		return id
	}
	one, two := listing(), listing()
	for p, edit := range map[lending.PartyID]func(*lending.Mandate){
		"bob": func(m *lending.Mandate) { m.PerBorrower = 700 },
		"eve": func(m *lending.Mandate) { m.PerGrade = []lending.GradeCap{{Grade: "A", Minor: 700}} },
		"dan": func(m *lending.Mandate) { m.Total = 700 },
		"fay": func(m *lending.Mandate) { m.Retain = 1_300 },
	} {
		m := upTo(1_000)
		edit(&m)
		w.standing(p, m)
		w.deposit(p, amt(2_000, cny))
		do(w, party(p), lending.PlaceBid{Loan: one, Amount: amt(500, cny)})
	}
	bids := w.fill(two).Bids
	require.Len(t, bids, 4)
	for _, b := range bids {
		require.EqualValues(t, 200, b.Minor, "%s", b.Lender)
	}
}
