package lending_test

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A host's own rows: three standing orders in the order in which they were switched on, a listing of
// 1,000.00 and what the lenders have. A tenth is kept for manual bidders.
func ExampleQueue_Fill() {
	cny := money.MustCurrency("CNY")
	q, err := lending.NewQueue(lending.QueueRules{
		Currency: cny, Turns: lending.KeepsPlace, ManualPPM: 100_000, BidPPM: 500_000,
	})
	if err != nil {
		panic(err)
	}
	for _, m := range []lending.Mandate{
		{ID: "bobs", Lender: "bob", Currency: cny, Min: 5_000, Max: 80_000},
		{ID: "carls", Lender: "carl", Currency: cny, Min: 5_000, Max: 30_000,
			Takes: lending.LoanFilter{Grades: []lending.Code{"A"}}},
		{ID: "eves", Lender: "eve", Currency: cny, Min: 5_000, Max: 80_000, Retain: 10_000},
	} {
		if err := q.SwitchOn(m); err != nil {
			panic(err)
		}
	}
	free := map[lending.PartyID]int64{"bob": 100_000, "carl": 100_000, "eve": 42_345}
	round, err := q.Fill(lending.Call{
		Wanted: lending.Wanted{
			Loan: "loan-1", Borrower: "ann", Product: "personal", Grade: "B", Currency: cny,
			Amount: 100_000, Rate: schedule.MustRate("12% per year"), Months: 12,
			MinBid: 5_000, Increment: 5_000,
			Opened: civil.MustParse("2026-03-30"), Deadline: civil.MustParse("2026-04-13"),
		},
		On: civil.MustParse("2026-03-30"),
		Purses: func(_ int, lender lending.PartyID) (lending.Purse, error) {
			return lending.Purse{Free: free[lender]}, nil
		},
		Explain: true,
	})
	if err != nil {
		panic(err)
	}
	for _, b := range round.Bids {
		fmt.Println(b.Lender, b.Minor)
	}
	for _, s := range round.Skipped {
		fmt.Println(s.Mandate, "skipped:", s.Why)
	}
	if err := q.Turn(&round); err != nil {
		panic(err)
	}
	for m := range q.All() {
		fmt.Println("next:", m.ID)
	}
	// Output:
	// bob 50000
	// eve 30000
	// carls skipped: grade
	// next: carls
	// next: bobs
	// next: eves
}
