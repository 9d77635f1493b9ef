package lending_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
)

// twins are desks that are given the same commands.
type twins []*world

// every gives one command to every desk; the outcomes are the same to the cent, or the refusals are.
func every[S any, E event.Of[S]](t *rapid.T, ws twins, a lending.Actor, c lending.Command[S, E]) {
	meta := ws[0].meta(a)
	meta.Key = "every/" + meta.Key
	var first E
	var refused error
	for i, w := range ws {
		ev, err := lending.Do(context.Background(), w.desk, meta, c)
		if i == 0 {
			first, refused = ev, err
		}
		same(t, fmt.Sprintf("%T", c), lending.CodeOf(refused), lending.CodeOf(err))
		diff := cmp.Diff(first, ev, exported, cmpopts.EquateEmpty(), cmp.FilterPath(func(p cmp.Path) bool {
			return p.Last().String() == ".Payout"
		}, cmp.Ignore()))
		if diff != "" {
			t.Fatalf("%T:\n%s", c, diff)
		}
		w.deliver()
	}
}

// pass lets days pass.
func (ws twins) pass(days int) {
	for _, w := range ws {
		w.day = w.day.AddDays(days)
		w.dayEnd()
	}
}

// serve takes one random step of a running loan.
func (ws twins) serve(t *rapid.T, id lending.LoanID) {
	l := ws[0].loan(id)
	switch rapid.IntRange(0, 13).Draw(t, "step") {
	case 0, 1, 2:
		ws.pass(rapid.IntRange(1, 40).Draw(t, "days"))
	case 3, 4, 5, 6:
		a := amt(minor(t, 60_000), cny)
		every(t, ws, bank, lending.Deposit{Party: l.Borrower, Amount: a})
		every(t, ws, party(l.Borrower), lending.Repay{Loan: id, Amount: a})
	case 7:
		for _, w := range ws {
			if len(w.loan(id).History) == 0 {
				return // paid before it moved
			}
		}
		every(t, ws, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	case 8:
		lot := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
		a := lending.Assignment{Lot: lot, Units: minor(t, l.Lots[lot].Units), To: "zoe"}
		every(t, ws, officer, sell{id, a})
	case 9:
		every(t, ws, party("bob"), lending.Withdraw{Amount: amt(minor(t, 5_000), cny)})
	case 10:
		switch rapid.IntRange(0, 5).Draw(t, "end") {
		case 0:
			every(t, ws, officer, lending.WriteOff{Loan: id, Reason: "overdue"})
		case 1:
			every(t, ws, bank, lending.Deposit{Party: l.Borrower, Amount: amt(1_000_000, cny)})
			every(t, ws, party(l.Borrower), lending.PayOff{Loan: id})
		}
	case 11:
		every(t, ws, officer, visit(id, minor(t, 900)))
	case 12:
		charge := rapid.IntRange(1, len(l.Charges)+1).Draw(t, "charge")
		every(t, ws, officer, lending.Waive{Loan: id, Charge: charge, Amount: amt(minor(t, 500), cny), Reason: "kind"})
	case 13:
		if rapid.Bool().Draw(t, "accelerate") {
			every(t, ws, officer, lending.Accelerate{Loan: id, Reason: "overdue"})
			return
		}
		for _, w := range ws {
			if len(w.loan(id).History) == 0 {
				return // paid before it moved
			}
		}
		every(t, ws, officer, lending.Chargeback{Loan: id, Amount: amt(minor(t, 2_000), cny), Reason: "returned"})
	}
}

// A loan that moved in and the one that it was live on alike: given the same payments, day-ends, sales,
// reversals and write-off, every distribution is the same to the cent, and so is the book at the end.
func TestMovedLoansLiveOnAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{Chunk: draw(t, "chunk", []int{1, 2, 50})})
		w.register("ann", "bob", "eve", "dan", "zoe", "agency")
		p := rich()
		p.Transfers.Overdue = true
		p.Method = draw(t, "method", []schedule.Method{schedule.MethodLevelPayment, schedule.MethodBullet,
			schedule.MethodInterestOnly, schedule.MethodEqualPrincipal})
		p.Waterfall.ByBucket = rapid.Bool().Draw(t, "by bucket")
		lenders := []lending.PartyID{"bob", "eve", "dan"}[:rapid.IntRange(1, 3).Draw(t, "lenders")]
		id := w.lent(p, rapid.Int64Range(500, 300_000).Draw(t, "amount"), rapid.IntRange(1, 8).Draw(t, "periods"),
			"14% per year", lenders...)
		for range rapid.IntRange(0, 12).Draw(t, "before") {
			twins{w}.serve(t, id)
		}
		to := w.movedTo(lending.Config{Chunk: draw(t, "new chunk", []int{1, 2, 50})})
		for range rapid.IntRange(0, 25).Draw(t, "after") {
			twins{w, to}.serve(t, id)
		}
		require.Equal(t, string(bookText(t, w.liveBook())), string(bookText(t, to.liveBook())))
		sameReports(w, to, w.liveBook())
	})
}

// move has a day on which everything that can move does so, to another desk, which reports the same.
func (m *machine) move(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "move") > 0 {
		return
	}
	w := m.desks[0]
	_, err := w.desk.LiveBook(context.Background(), m.day)
	if errors.Is(err, lending.ErrPending) {
		m.counts["move not finished"]++
		return // money is on its way
	}
	w.movedTo(partyConfig(lending.Config{Parts: []lending.Part{toyPart()}}))
	m.counts["move"]++
}
