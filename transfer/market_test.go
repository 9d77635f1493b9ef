package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// Nothing stands on a board, or is offered anew, when the last payment is near.
func TestLastPaymentIsNotSold(t *testing.T) {
	m := freeMarket()
	m.LastDays = 10
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, append(traders, "zhang")...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: m})
	do(w, officer, facility(transfer.Connected, amt(10_000_00)))
	id := w.lent(standard(), 2, "12% per year", map[lending.PartyID]int64{"bob": 1_000_00})
	w.deposit("kim", 1_000_00)
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	last := w.loan(id).Dues[1].Date.AddDays(-11)
	list := transfer.ListClaim{Market: "m", Loan: id, Units: 100_00, Ask: transfer.Ask{PPM: lending.Million}, Expires: last.AddDays(1)}
	order := transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(10_00), Expires: last.AddDays(1)}
	require.ErrorIs(t, try(w, party("bob"), list), transfer.ErrListing)
	require.ErrorIs(t, try(w, party("kim"), order), transfer.ErrListing)
	list.Expires, order.Expires = last, last
	short := list
	short.Tenor = transfer.Tenor{Days: 30, Failed: transfer.Extended}
	do(w, party("bob"), short)
	days := last.Sub(w.day)
	c := buying(id, w.quote(id, 1, 50_00))
	c.Days = days + 1
	require.ErrorIs(t, try(w, party("kim"), c), transfer.ErrTenor)
	c.Days = days
	do(w, party("kim"), c)
	w.day = last
	do(w, party("bob"), list)
	do(w, party("kim"), order)
	w.day = last.AddDays(1)
	require.ErrorIs(t, try(w, party("bob"), list), transfer.ErrListing)
	require.ErrorIs(t, try(w, party("kim"), order), transfer.ErrListing)

	m.LastDays = -1
	require.ErrorIs(t, try(w, officer, transfer.DefineMarket{Market: "m", Terms: m}), transfer.ErrMarket)
	m.LastDays = 3_661
	require.ErrorIs(t, try(w, officer, transfer.DefineMarket{Market: "m", Terms: m}), transfer.ErrMarket)
}
