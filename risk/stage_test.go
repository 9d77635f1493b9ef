package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/risk"
)

// A loan on each side of every edge of the standard stages.
func TestStagesFollowALoan(t *testing.T) {
	p := policy()
	p.Products = []lending.ProductID{"other"}
	w := newWorld(t, p)
	s := risk.StandardStaging()
	require.NoError(t, s.Validate())
	id := w.approved()
	require.Zero(t, s.Of(w.loan(id), w.day, 0), "not lent yet")
	do(w, officer, lending.Publish{Loan: id})
	l := w.active(id)
	due := l.Plan.At(0).Due
	owed := l.Plan.At(0).Total.Minor()
	for _, c := range []struct {
		days      int
		tolerance int64
		want      risk.Stage
	}{
		{-4, 0, risk.Performing}, {-3, 0, risk.PreDue}, {0, 0, risk.PreDue},
		{1, 0, risk.Early}, {1, owed - 1, risk.Early}, {1, owed, risk.Performing},
		{30, 0, risk.Early}, {31, 0, risk.Mid}, {90, 0, risk.Mid}, {91, 0, risk.Late},
	} {
		require.Equal(t, c.want, s.Of(l, due.AddDays(c.days), c.tolerance), "%+v", c)
	}
	w.day = due.AddDays(120)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "overdue"})
	require.Equal(t, risk.ChargedOff, s.Of(w.loan(id), w.day, 0))
	require.Equal(t, "charged-off", risk.ChargedOff.String())
}

func TestStagingRefuses(t *testing.T) {
	for _, s := range []risk.Staging{{}, {-1, 1, 31, 91}, {3, 0, 31, 91}, {3, 31, 31, 91}, {3, 1, 91, 91}} {
		require.ErrorIs(t, s.Validate(), risk.ErrTable)
	}
}
