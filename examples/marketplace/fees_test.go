package main

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// A service fee that accrues on the principal over the days between payments, each rounded down to
// the cent, follows the rule whatever the days and the payments were; one at another rate does not,
// and late fees are found in what is told as interest.
func TestServiceFeeWhateverTheDays(t *testing.T) {
	const year = 365 * 1_000_000
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Int64Range(50_000, 350_000).Draw(t, "rate")
		r, err := schedule.RateFromPico(rate*1_000_000, schedule.PerYear)
		if err != nil {
			t.Fatal(err)
		}
		p := &Published{Platform: Prosper, Amount: 25_000_00, Months: 36, Rate: r,
			ServicePPM: rapid.Int64Range(5_000, 40_000).Draw(t, "service"), Installment: 900_00}
		var carried int64 // of a cent of interest, which accrues unrounded
		for out := p.Amount; out > 0 && p.Principal+p.Interest < 36*900_00; {
			days := rapid.Int64Range(1, 90).Draw(t, "days")
			accrued := out*days*rate + carried
			interest := accrued / year
			carried = accrued % year
			paid := min(out, max(0, 900_00-interest)+rapid.Int64Range(0, 500_00).Draw(t, "more"))
			p.ServiceFee += out * days * p.ServicePPM / year
			p.Interest, p.Principal, out = p.Interest+interest, p.Principal+paid, out-paid
		}
		off, rounding := p.served()
		if abs(off) > rounding+p.ServicePPM {
			t.Fatalf("off by %d, rounding explains %d", off, rounding)
		}
		if p.hiddenLateFees().some {
			t.Fatal("late fees, and there are none")
		}
		late := rapid.Int64Range(1, 9).Draw(t, "late fees")
		p.Interest += late * lateFee(p.Installment)
		if f := p.hiddenLateFees(); f.some && (f.count != late || !f.whole) {
			t.Fatalf("%+v, want %d", f, late)
		}
		p.Interest += lateFee(p.Installment) / 2
		if f := p.hiddenLateFees(); f.some && f.whole {
			t.Fatalf("%+v, and half of one is left", f)
		}
		p.Interest -= late*lateFee(p.Installment) + lateFee(p.Installment)/2
		p.ServiceFee *= 2
		if off, rounding := p.served(); abs(off) <= rounding && p.ServiceFee > 2*p.payments() {
			t.Fatalf("twice the fee is off by %d only", off)
		}
	})
}

func TestWholeNumber(t *testing.T) {
	for _, tc := range []struct {
		figure, hundredths, base int64
		want                     bool
	}{
		{17_00, 17, 100_00, true},
		{34_00, 17, 100_00, true},
		{34_02, 17, 100_00, true},
		{34_03, 17, 100_00, false},
		{16_98, 17, 100_00, false},
		{8_50, 17, 100_00, false},
		{0, 17, 100_00, false},
		{30_00, 100, 15_00, true},
	} {
		if got := wholeNumber(tc.figure, tc.hundredths, tc.base); got != tc.want {
			t.Errorf("%+v: %t", tc, got)
		}
	}
}

// Each rule counts the loans that it is for, and finds the one whose figures break it.
func TestRulesFindWhatBreaksThem(t *testing.T) {
	tape, err := read(headerProsper + rowProsper)
	if err != nil {
		t.Fatal(err)
	}
	good := tape.Loans[0]
	good.CollectionFee, good.Recoveries = 29_53, 12_00 // 17% of 173.71
	club := Published{Installment: 300_00, LateFees: 30_00, Recoveries: 100_00, CollectionFee: 18_00}
	broken, lost := good, club
	broken.ServiceFee, broken.CollectionFee = good.ServiceFee+30, 300_00
	lost.LateFees, lost.CollectionFee = 31_00, 18_02
	of := func(loans ...*Published) (equal, all int) {
		for _, r := range publishedRules(loans) {
			equal, all = equal+r.Equal, all+r.Of
		}
		return equal, all
	}
	if equal, all := of(&good, &club); equal != 6 || all != 6 {
		t.Errorf("%d of %d hold, want all of 6: %+v", equal, all, publishedRules([]*Published{&good, &club}))
	}
	if equal, all := of(&broken, &lost); equal != 0 || all != 6 {
		t.Errorf("%d of %d hold, want none of 6: %+v", equal, all, publishedRules([]*Published{&broken, &lost}))
	}
}
