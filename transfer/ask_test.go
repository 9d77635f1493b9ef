package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/transfer"
)

// A claim is not given away because its price was forgotten, and more than a lot has is oversold.
func TestListingNamesAPriceAndWhatThereIs(t *testing.T) {
	w, id := opened(t, free())
	c := transfer.ListClaim{Market: "m", Loan: id, Units: 1_000_00, Expires: w.day}
	require.ErrorIs(t, try(w, party("bob"), c), transfer.ErrPrice)
	c.Ask.PPM, c.Units = 1_000_000, w.loan(id).Lots[0].Units+1
	require.ErrorIs(t, try(w, party("bob"), c), transfer.ErrOversold)
	c.Units--
	do(w, party("bob"), c)
}
