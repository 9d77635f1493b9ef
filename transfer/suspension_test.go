package transfer_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// halted is a cover that pays nothing and suspends sales while it is on.
type halted struct{ on bool }

var errHalted = errors.New("not active")

func (*halted) Attach(*lending.Tx, *lending.Loan) error  { return nil }
func (*halted) Release(*lending.Tx, *lending.Loan) error { return nil }
func (*halted) Demand(*lending.Tx, *lending.Loan, lending.Demand) (money.Amount, error) {
	return money.Amount{}, nil
}

func (h *halted) Suspends(*lending.Tx, *lending.Loan) error {
	if !h.on {
		return nil
	}
	return fmt.Errorf("%w: %w", lending.ErrState, errHalted)
}

// While a cover suspends sales, nothing is listed, bought or filled; what stands stays and the board says why.
func TestBoardsAreSuspended(t *testing.T) {
	h := &halted{}
	part := lending.Part{Covers: map[lending.Code]lending.Cover{"ola": h}}
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part(), part}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: freeMarket()})
	p := standard()
	p.Covers = []lending.CoverTerms{{Name: "ola", Kind: lending.CoverOriginator}}
	id := w.lent(p, 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	w.sell("bob", id, 1_000_00, lending.Million)
	w.order("kim", id, lending.Million, 100_00)
	w.deposit("zoe", 1_000_00)
	c := buying(id, w.quote(id, 1, 100_00))
	h.on = true
	err := try(w, party("zoe"), c)
	require.ErrorIs(t, err, transfer.ErrSuspended)
	require.ErrorIs(t, err, errHalted)
	require.Equal(t, lending.ClassRefused, lending.ClassOf(err))
	require.ErrorIs(t, try(w, party("bob"), w.listing(id)), transfer.ErrSuspended)
	e := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Equal(t, transfer.OrdersMatched{On: w.day, Suspended: "ola"}, e)
	require.Equal(t, lending.Code("ola"), w.board(id).Suspended)
	h.on = false
	do(w, timer, transfer.LookAtBoard{Loan: id})
	require.Empty(t, w.board(id).Suspended)
	h.on = true
	w.day = w.day.AddDays(1)
	w.dayEnd()
	b := w.board(id)
	require.Equal(t, lending.Code("ola"), b.Suspended)
	require.Len(t, b.Listings, 1)
	require.Len(t, b.Orders, 1)

	h.on = false
	c = buying(id, w.quote(id, 1, 100_00))
	do(w, party("zoe"), c)
	require.Empty(t, w.board(id).Suspended, "what is sold is not suspended")
	require.Len(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales, 1)
	w.reports()
}
