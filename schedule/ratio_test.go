package schedule_test

import (
	"errors"
	"testing"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Twelve years at a hundredfold a year come to more than 2^63 cents, where sums wrap around; the
// first period is a single day, so that the terms themselves can be prepared.
func TestInterestBeyond64BitsIsRefused(t *testing.T) {
	terms := terms12()
	principal, err := money.New(money.MaxMinor, money.MustCurrency("CNY"))
	if err != nil {
		t.Fatal(err)
	}
	terms.Principal, terms.Rate = principal, schedule.MustRate("10000% per year")
	terms.Method, terms.Accrual = schedule.MethodInterestOnly, schedule.AccrueByDays
	terms.Every, terms.FirstDue = schedule.Years(1), civil.MustParse("2026-02-01")
	prepared, err := terms.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := prepared.Append(nil); !errors.Is(err, schedule.ErrOverflow) || rows != nil {
		t.Errorf("got %d rows, %v", len(rows), err)
	}
}
