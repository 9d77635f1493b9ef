package ledger_test

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// A lender pays in 1,000 and bids 300 on a loan.
func Example() {
	var books ledger.Balances
	paid := ledger.Move(ledger.Client, "deposit", ledger.Bank(), ledger.Available("bob"),
		money.MustParse("CNY 1000"))
	bid := ledger.Move(ledger.Client, "bid", ledger.Available("bob"), ledger.Held("bob", "L1"),
		money.MustParse("CNY 300"))
	fmt.Println(books.Post(&paid), books.Post(&bid), books.Check())
	for _, l := range books.Trial(ledger.Client) {
		fmt.Printf("%-14s %7d %s\n", l.Account, l.Debit, l.Currency)
	}
	// Output:
	// <nil> <nil> <nil>
	// bank            100000 CNY
	// available[bob]  -70000 CNY
	// held[bob,L1]    -30000 CNY
}

func ExampleEntry_Check() {
	e := ledger.Entry{Book: ledger.Client, Why: "fee", Currency: money.MustCurrency("CNY")}
	e.Debit(ledger.Available("bob"), 500)
	e.Credit(ledger.FeesDue(), 499)
	fmt.Println(e.Check())
	// Output: ledger: entry "fee" is out of balance by 1
}
