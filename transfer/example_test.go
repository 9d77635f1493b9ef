package transfer_test

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// A claim of 100.00 and a year's interest, sold half a percent below par for a fee of 1%.
func ExampleClaim_PriceAt() {
	c := transfer.Claim{On: date("2026-01-01"), Currency: cny,
		Rows: []transfer.Row{{Due: date("2027-01-01"), Principal: 100_00, Interest: 12_00}}}
	price, _ := c.PriceAt(995_000, money.HalfEven)
	yield, _ := c.YieldAt(price.Dirty())
	sale, _ := transfer.Settle(price, transfer.Charges{Seller: fee(10_000, 0)})
	fmt.Println(price.Dirty(), yield, sale.Debit, sale.Credit, sale.SellerFee)
	// Output: 9950 125628 9950 9850 100
}

func ExampleMatch() {
	offers := []transfer.Offer{
		{ID: "big", Seller: "zhang", Borrower: "ann", Units: 800_00, MinSlice: 100_00, Price: 800_00},
		{ID: "small", Seller: "zhang", Borrower: "bob", Units: 150_00, MinSlice: 100_00, Price: 150_00},
	}
	orders := []transfer.Order{
		{ID: "first", Buyer: "eve", Turn: 1, Criteria: transfer.Criteria{Money: 500_00, PerBorrower: 300_00}},
		{ID: "second", Buyer: "dan", Turn: 2, Criteria: transfer.Criteria{Money: 450_00}},
		{ID: "his own", Buyer: lending.PartyID("zhang"), Turn: 0, Criteria: transfer.Criteria{Money: 450_00}},
	}
	slices, _ := transfer.Match(offers, orders)
	for _, s := range slices {
		fmt.Println(s.Order, "buys", s.Units, "of", s.Offer)
	}
	// Output:
	// first buys 30000 of big
	// first buys 15000 of small
	// second buys 40000 of big
}
