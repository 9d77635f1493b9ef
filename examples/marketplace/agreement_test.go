package main

import (
	"strings"
	"testing"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

func TestOutcomeAgreement(t *testing.T) {
	// $36,000 at 10%: a day's interest is $10.00 exactly; interest published is $2,000.00
	for _, tc := range []struct {
		name                string
		principal, interest int64 // replayed less published
		want                OutcomeAgreement
	}{
		{"equal", 0, 0, OutcomeAgreement{
			Principal: 1, Near: 1, Cent: 1, Dollar: 1, FirstPeriod: 1, Hundredth: 1}},
		{"a cent", 1, -1, OutcomeAgreement{Near: 1, Cent: 1, Dollar: 1, FirstPeriod: 1, Hundredth: 1}},
		{"two cents", 3, 2, OutcomeAgreement{Near: 1, Dollar: 1, FirstPeriod: 1, Hundredth: 1}},
		{"a dollar", 4, 100, OutcomeAgreement{Dollar: 1, Hundredth: 1}},
		{"more", -4, -101, OutcomeAgreement{Hundredth: 1}},
		{"two days", 0, 20_01, OutcomeAgreement{Principal: 1, Near: 1, FirstPeriod: 1}},
		{"1 percent", 0, -20_03, OutcomeAgreement{Principal: 1, Near: 1}},
		{"31 days", 0, 310_00, OutcomeAgreement{Principal: 1, Near: 1, FirstPeriod: 1}},
		{"32 days", 0, 320_00, OutcomeAgreement{Principal: 1, Near: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			// what was received makes up three instalments
			p := &Published{Amount: 36_000_00, Rate: schedule.MustRate("10% per year"),
				Installment: 1161_62, Principal: 1500_00, Interest: 2000_00}
			var got OutcomeAgreement
			d := &deal{Published: p, principal: p.Principal + tc.principal}
			d.interest = p.Interest + tc.interest
			got.add(d)
			tc.want.Loans = 1
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

// TestAssumedLastPayment: where a file names no last payment, running loans get the month that most
// of their month of issue have reached, the earlier one of two.
func TestAssumedLastPayment(t *testing.T) {
	paid := func(principal, interest string) string {
		return strings.Replace(rowNew, "1295.52,202.84", principal+","+interest, 1)
	}
	two, five := paid("513.59", "88.71"), rowNew
	for name, tc := range map[string]struct{ rows, want string }{
		"most":      {five + two + five, "2018-06-01"},
		"tie":       {five + two, "2018-03-01"},
		"other tie": {two + five, "2018-03-01"},
	} {
		tape, err := read(headerNew + tc.rows)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range tape.Loans {
			if p.LastPayment != civil.MustParse(tc.want) {
				t.Errorf("%s: last payment %s, want %s", name, p.LastPayment, tc.want)
			}
		}
	}
}
