package money_test

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule/money"
)

func Example() {
	price := money.MustParse("CNY 10000.00")
	fee, err := money.Round(decimal.RequireFromString("12.345"), price.Currency(), money.HalfEven)
	if err != nil {
		fmt.Println(err)
		return
	}
	sum, err := price.Add(fee)
	fmt.Println(sum, err)
	// Output: CNY 10012.34 <nil>
}

func ExampleParse() {
	for _, text := range []string{"CNY 5", "JPY 5.5", "CNY 1e9"} {
		fmt.Println(money.Parse(text))
	}
	// Output:
	// CNY 5.00 <nil>
	// 0 money: bad amount "JPY 5.5": more decimals than JPY has
	// 0 money: bad amount "1e9": want digits with at most one dot between them
}

func ExampleAmount_Add() {
	_, err := money.MustParse("CNY 1.00").Add(money.MustParse("EUR 1.00"))
	fmt.Println(err, errors.Is(err, money.ErrMismatch))
	// Output: money: currencies differ: CNY and EUR true
}

func ExampleParseCurrency() {
	c, err := money.ParseCurrency("XTS/12")
	fmt.Println(c.Code(), c.Digits(), err)
	// Output: XTS 12 <nil>
}

func ExampleMulDiv() {
	// A month's interest on CNY 1234.50 at 7 % a year: 720.125 minor units.
	even, _ := money.MulDiv(123450, 7, 1200, money.HalfEven)
	up, _ := money.MulDiv(123450, 7, 1200, money.Up)
	fmt.Println(even, up)
	// Output: 720 721
}

func ExampleSplit() {
	for _, rule := range []money.Remainder{
		money.LargestRemainder, money.RemainderFirst, money.RemainderLast,
	} {
		parts, err := money.Split(nil, 100, []int64{2, 2, 3}, rule)
		fmt.Println(rule, parts, err)
	}
	// Output:
	// largest-remainder [29 28 43] <nil>
	// first [30 28 42] <nil>
	// last [28 28 44] <nil>
}

func ExampleApportioner_Share() {
	var a money.Apportioner
	units := []int64{200, 300, 500} // claims of three lots
	paid := []int64{0, 0, 0}
	for _, total := range []int64{333, 666, 1000} { // running totals of the loan
		now, err := a.Share(nil, paid, units, total)
		if err != nil {
			fmt.Println(err)
			return
		}
		for i := range paid {
			paid[i] += now[i]
		}
		fmt.Println(now, paid)
	}
	// Output:
	// [66 100 167] [66 100 167]
	// [67 100 166] [133 200 333]
	// [67 100 167] [200 300 500]
}
