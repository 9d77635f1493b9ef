package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// A funded loan that nobody reviews fails after so many days, however it came to be funded; until
// then it may be reviewed, and without such a rule for ever.
func TestUnreviewedLoanFails(t *testing.T) {
	full := func(w *world, p lending.Product) lending.LoanID {
		id := w.open(p, 10_000, 3, "12% per year")
		do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(10_000, cny)})
		return id
	}
	ways := map[string]func(*world, lending.Product) lending.LoanID{
		"by a bid": full,
		"by the day-end": func(w *world, p lending.Product) lending.LoanID {
			p.Tender.CancelDays = 1
			id := full(w, p)
			w.day = w.day.AddDays(2)
			w.dayEnd()
			return id
		},
		"by the borrower": func(w *world, p lending.Product) lending.LoanID {
			p.Tender.OnDeadline, p.Tender.MinFundedRatio, p.Tender.AnswerDays = lending.AskBorrower, 500_000, 3
			id := w.open(p, 10_000, 3, "12% per year")
			do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(6_000, cny)})
			w.day = w.loan(id).Deadline.AddDays(1)
			w.dayEnd()
			w.day = w.day.AddDays(1)
			do(w, party("ann"), lending.AcceptFunding{Loan: id})
			return id
		},
	}
	for name, fund := range ways {
		for _, cfg := range []lending.Config{{}, perUser()} {
			for _, days := range []int{0, 4} {
				t.Run(name, func(t *testing.T) {
					w := newWorld(t, cfg)
					w.register("ann", "bob")
					w.deposit("bob", amt(10_000, cny))
					p := standard()
					p.Tender.ReviewDays = days
					id := fund(w, p)
					require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
					w.day = w.day.AddDays(4)
					w.dayEnd()
					require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
					_, err := lending.Try(context.Background(), w.desk, w.meta(officer), lending.ReviewFunding{Loan: id})
					require.NoError(t, err)
					w.day = w.day.AddDays(1)
					if days == 0 {
						w.day = w.day.AddDays(1000)
						w.dayEnd()
						require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
						return
					}
					require.ErrorIs(t, try(w, officer, lending.ReviewFunding{Loan: id}), lending.ErrExpired)
					w.dayEnd()
					require.Equal(t, lending.StateFailed, w.loan(id).State)
					require.Equal(t, int64(10_000), w.wallet("bob", cny).Available)
					w.reports()
				})
			}
		}
	}
}
