package main

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/loanweave/loanweave/schedule"
)

// What the others are compared with is right: the payment is the annuity's, and every interest that
// of the balance, both rounded half to even from exact fractions.
func TestLoanweaveIsExact(t *testing.T) {
	for _, l := range []loan{
		{1, 1, 1}, {100_000_00, 465, 12}, {123_456_78, 2399, 36}, {999_999_99, 3600, 60},
		{50, 1200, 3}, {250_000_00, 318, 360},
	} {
		rate := big.NewRat(l.basisPoints, 120_000)
		growth := big.NewRat(1, 1)
		for range l.periods {
			growth.Mul(growth, new(big.Rat).Add(big.NewRat(1, 1), rate))
		}
		less := new(big.Rat).Sub(growth, big.NewRat(1, 1))
		exact := new(big.Rat).Quo(growth, less)
		exact.Mul(exact, rate).Mul(exact, big.NewRat(l.principal, 1))
		if got, want := ownLevel(l), halfEven(exact); got != want {
			t.Errorf("%+v: payment %d, want %d", l, got, want)
		}
		balance := l.principal
		for i, row := range peers()[0].cents(l) {
			want := halfEven(new(big.Rat).Mul(rate, big.NewRat(balance, 1)))
			if row.interest != want {
				t.Errorf("%+v: interest %d is %d, want %d", l, i, row.interest, want)
			}
			balance -= row.principal
		}
		if balance != 0 {
			t.Errorf("%+v: %d are left", l, balance)
		}
	}
}

func halfEven(x *big.Rat) int64 {
	twice := new(big.Rat).Add(x, x)
	floor := new(big.Int).Quo(x.Num(), x.Denom())
	if twice.Sub(twice, new(big.Rat).SetInt(floor)).Sub(twice, new(big.Rat).SetInt(floor)).
		Cmp(big.NewRat(1, 1)) > 0 || twice.Cmp(big.NewRat(1, 1)) == 0 && floor.Bit(0) == 1 {
		floor.Add(floor, big.NewInt(1))
	}
	return floor.Int64()
}

// Every peer repays the principal and is right on most loans, so that what is measured is the same
// work.
func TestPeersDoTheSameWork(t *testing.T) {
	for _, p := range peers() {
		l := loan{100_000_00, 465, 36}
		sum := int64(0)
		for _, row := range p.cents(l) {
			sum += row.principal
		}
		if sum != l.principal || p.level(l) != ownLevel(l) {
			t.Errorf("%s: principal %d, payment %d", p.name, sum, p.level(l))
		}
		if n := right(p, 100); n < 50 {
			t.Errorf("%s: %d of 100 loans are right", p.name, n)
		}
	}
}

// Both ways to seek a rate of return find the same one.
func TestXIRRsAgree(t *testing.T) {
	plan := must(ownTerms(loan{100_000_00, 465, 36}).Plan())
	flows := plan.Flows()
	var times, amounts []float64
	for _, flow := range flows {
		times = append(times, float64(flow.On.Sub(flows[0].On))/365)
		amounts = append(amounts, float64(flow.Amount.Minor()))
	}
	got, want := float64(must(schedule.XIRR(flows))), newton(times, amounts)
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("got %v, Newton's method %v", got, want)
	}
}

func TestReport(t *testing.T) {
	var out strings.Builder
	once := func(task func()) figures {
		task()
		return figures{nanoseconds: 1}
	}
	if err := report(&out, 5, once); err != nil {
		t.Fatal(err)
	}
	for _, p := range peers() {
		if strings.Count(out.String(), p.name) < 5 {
			t.Errorf("%s is missing in\n%s", p.name, out.String())
		}
	}
}
