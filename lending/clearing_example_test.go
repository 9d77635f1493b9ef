package lending_test

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

const percent = 10_000_000_000 // in 1e-12

// bids are the sealed bids of four lenders for a loan of 1,000.00, the cheapest last to come.
func bids() []lending.Offer {
	return []lending.Offer{
		{Units: 400_00, Pico: 9 * percent, Time: 1, ID: 1, Lender: 1},
		{Units: 300_00, Pico: 11 * percent, Time: 2, ID: 2, Lender: 2},
		{Units: 500_00, Pico: 10 * percent, Time: 3, ID: 3, Lender: 3},
		{Units: 300_00, Pico: 8 * percent, Time: 4, ID: 4, Lender: 4},
	}
}

// The same bids under each mechanism: who gets how much, and what the borrower pays.
func ExampleClearTender() {
	for m := lending.FirstCome; m <= lending.MarketRate; m++ {
		rules := lending.TenderRules{
			Mechanism: m, Amount: 1_000_00, Reserve: 12 * percent, MinBid: 100_00, Increment: 50_00,
			Threshold: lending.Million, Round: money.HalfUp,
		}
		out, err := lending.ClearTender(rules, bids())
		if err != nil {
			fmt.Println(err)
			return
		}
		rate, _ := schedule.RateFromPico(out.Pico, schedule.PerYear)
		fmt.Printf("%-16s %v %s\n", m, out.Taken, rate)
	}
	// Output:
	// first-come       [40000 30000 30000 0] 12% per year
	// pro-rata         [25000 20000 35000 20000] 12% per year
	// uniform-marginal [40000 0 30000 30000] 10% per year
	// uniform-rejected [40000 0 30000 30000] 10% per year
	// pay-as-bid       [40000 0 30000 30000] 9% per year
	// open-auction     [40000 0 30000 30000] 9% per year
	// market-rate      [40000 0 30000 30000] 9% per year
}

// A tender that raises too little fails with its reason, and takes nothing.
func ExampleClearTender_failure() {
	rules := lending.TenderRules{Mechanism: lending.FirstCome, Amount: 2_000_00, Reserve: 12 * percent, Threshold: 900_000}
	out, err := lending.ClearTender(rules, bids())
	fmt.Println(out.Failure, out.Total, out.Taken, err)
	// Output: below-threshold 150000 [0 0 0 0] <nil>
}

// A better offer displaces the worst that stands.
func ExampleAuction() {
	auction, err := lending.NewAuction(lending.TenderRules{
		Mechanism: lending.OpenAuction, Amount: 1_000_00, Reserve: 12 * percent, Decrement: percent / 4, Round: money.HalfUp,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bids() {
		taken, outbid, err := auction.Place(nil, o)
		fmt.Printf("lender %d: %d in (%v)\n", o.Lender, taken, err)
		for _, b := range outbid {
			fmt.Printf("  lender %d outbid by %d\n", b.Offer.Lender, b.Units)
		}
	}
	pico, _ := auction.ToBeat()
	fmt.Println(float64(pico)/percent, "% gets in")
	// Output:
	// lender 1: 40000 in (<nil>)
	// lender 2: 30000 in (<nil>)
	// lender 3: 50000 in (<nil>)
	//   lender 2 outbid by 20000
	// lender 4: 30000 in (<nil>)
	//   lender 2 outbid by 10000
	//   lender 3 outbid by 20000
	// 9.75 % gets in
}

// A borrower's wish is filled from the cheapest standing offers for its term.
func ExampleOrderBook() {
	book, err := lending.NewOrderBook(lending.TenderRules{Mechanism: lending.MarketRate, Reserve: 20 * percent, Round: money.HalfUp})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bids() {
		if err := book.Post(12, o); err != nil {
			fmt.Println(err)
			return
		}
	}
	m, err := book.Match(lending.Wish{Term: 12, Amount: 500_00, Reserve: 12 * percent})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range m.Fills {
		fmt.Printf("%d from lender %d at %d%%\n", f.Units, f.Offer.Lender, f.Offer.Pico/percent)
	}
	fmt.Println(float64(m.Pico)/percent, "% for the borrower")
	fmt.Println(len(book.Offers(nil, 12)), "offers left, the best of", book.Offers(nil, 12)[0].Units)
	// Output:
	// 30000 from lender 4 at 8%
	// 20000 from lender 1 at 9%
	// 8.4 % for the borrower
	// 3 offers left, the best of 20000
}

// Lots of lenders with rates of their own share interest by units times weight.
func ExampleWeights() {
	offers := bids()
	taken := []int64{400_00, 0, 300_00, 300_00}
	weights, err := lending.Weights(offers, taken)
	rate, _ := lending.WeightedRate(offers, taken, money.HalfEven)
	fmt.Println(weights, rate, err)
	// Output: [9 0 10 8] 90000000000 <nil>
}
