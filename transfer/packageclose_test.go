package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// A package that is closed to new money takes none, not even the interest that its terms add to it; exits go on,
// and it is reopened.
func TestClosedPackage(t *testing.T) {
	terms := packageTerms()
	terms.Reinvest, terms.LockUpDays = true, 0
	w := packed(t, terms)
	w.subscribe("zoe", 1_000_00)
	w.subscribe("kim", 1_000_00)
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(500_00)})
	c := transfer.ClosePackage{Package: "van", Reason: "review"}
	reopen := transfer.ClosePackage{Package: "van", Reason: "review", Reopen: true}
	require.ErrorIs(t, try(w, officer, reopen), transfer.ErrPackageClosed)
	require.ErrorIs(t, try(w, officer, transfer.ClosePackage{Package: "van"}), transfer.ErrPackage)
	require.ErrorIs(t, try(w, officer, transfer.ClosePackage{Package: "bob", Reason: "review"}), transfer.ErrGone)
	require.ErrorIs(t, try(w, party("sam"), c), lending.ErrActor)
	do(w, officer, c)
	require.ErrorIs(t, try(w, officer, c), transfer.ErrPackageClosed)
	w.deposit("dan", 1_000_00)
	sub := transfer.Subscribe{Package: "van", Amount: amt(1_000_00)}
	err := try(w, party("dan"), sub)
	require.ErrorIs(t, err, transfer.ErrPackageClosed)
	require.Equal(t, lending.ClassRefused, lending.ClassOf(err))

	do(w, party("zoe"), transfer.RequestExit{Package: "van", All: true})
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(1_00)})
	w.until(w.day.AddDays(2).String())
	require.Equal(t, int64(1_000_00+20), w.free("zoe"), "with a day of a five-thousandth")
	w.until(w.pack().Opened.AddMonths(1).String())
	require.Equal(t, int64(1_000_00), w.pack().Principal, "nothing is added to it")
	require.Equal(t, packageEvents[transfer.PeriodClosed](w)[0].Credits[0].Minor, w.free("kim"))
	require.Positive(t, w.free("kim"))

	do(w, officer, reopen)
	do(w, party("dan"), sub)
	w.until(w.pack().Opened.AddMonths(2).String())
	require.Greater(t, w.pack().Principal, int64(2_000_00), "interest is added again")
}
