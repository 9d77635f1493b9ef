package schedule_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var yieldStart = civil.MustParse("2024-01-31")

// loanFlows are 10,000.00 lent and n payments a month apart.
func loanFlows(n int, payment int64) []schedule.Flow {
	usd := money.MustCurrency("USD")
	lent, _ := money.New(-1_000_000, usd)
	paid, _ := money.New(payment, usd)
	flows := []schedule.Flow{{On: yieldStart, Amount: lent}}
	for k := range n {
		flows = append(flows, schedule.Flow{On: yieldStart.AddMonths(k + 1), Amount: paid})
	}
	return flows
}

// xirrByHalving is the slow opinion: it halves a bracket of the day's discount factor in long
// arithmetic. The flows change sign once, from out to in.
func xirrByHalving(flows []schedule.Flow) float64 {
	long := func(x float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(x) }
	power := func(x *big.Float, n int) *big.Float {
		p, square := long(1), long(0).Set(x)
		for ; n > 0; n >>= 1 {
			if n&1 == 1 {
				p.Mul(p, square)
			}
			square.Mul(square, square)
		}
		return p
	}
	lo, hi := long(1e-20), long(1e20)
	for range 160 {
		mid := long(0).Add(lo, hi)
		if lo.Cmp(long(0.5)) < 0 && hi.Cmp(long(2)) > 0 { // halve on the scale of logarithms
			mid = long(0).Sqrt(long(0).Mul(lo, hi))
		} else {
			mid.Quo(mid, long(2))
		}
		sum := long(0)
		for _, f := range flows {
			days := f.On.Sub(flows[0].On)
			sum.Add(sum, long(0).Mul(long(float64(f.Amount.Minor())), power(mid, days)))
		}
		if sum.Sign() > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	rate := long(0).Quo(long(1), power(hi, 365))
	x, _ := rate.Sub(rate, long(1)).Float64()
	return x
}

// anyLoan draws advances followed by payments, at any gain or loss.
func anyLoan(t *rapid.T) []schedule.Flow {
	usd := money.MustCurrency("USD")
	var flows []schedule.Flow
	on := civil.MustParse("2000-01-01")
	put := func(n int, sign int64) {
		for range n {
			minor := rapid.OneOf(rapid.Int64Range(1, 100), rapid.Int64Range(1, 1e9),
				rapid.Int64Range(1, money.MaxMinor)).Draw(t, "minor")
			amt, _ := money.New(sign*minor, usd)
			flows = append(flows, schedule.Flow{On: on, Amount: amt})
			on = on.AddDays(rapid.OneOf(rapid.IntRange(1, 40), rapid.IntRange(1, 2000)).Draw(t, "gap"))
		}
	}
	put(rapid.IntRange(1, 3).Draw(t, "advances"), -1)
	put(rapid.IntRange(1, 40).Draw(t, "payments"), 1)
	return flows
}

func TestXIRRAgreesWithHalving(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flows := anyLoan(t)
		got, err := schedule.XIRR(flows)
		want := xirrByHalving(flows)
		if reasonOf(t, err) == schedule.ReasonRange {
			if !(math.IsInf(want, 1) || want < -0.9999) {
				t.Fatalf("out of range, want %v", want)
			}
			return
		}
		// Discounting over days of a short span leaves the error of 1 + X in proportion to its
		// logarithm.
		allowed := 1e-12 * (1 + want) * (1 + math.Abs(math.Log1p(want)))
		if err != nil || math.Abs(float64(got)-want) > allowed {
			t.Fatalf("got %v, %v, want %v", float64(got), err, want)
		}
	})
}

// The rate does not change when flows are shuffled, turned round, or split in two on a day.
func TestXIRRDoesNotDependOnOrderOrSide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flows := anyLoan(t)
		want, wantErr := schedule.XIRR(flows)
		shuffled := rapid.Permutation(flows).Draw(t, "order")
		before := slices.Clone(shuffled)
		if got, err := schedule.XIRR(shuffled); got != want || reasonOf(t, err) != reasonOf(t, wantErr) {
			t.Fatalf("shuffled: %v, %v, want %v", got, err, want)
		}
		if !slices.Equal(shuffled, before) {
			t.Fatal("the caller's slice was changed")
		}
		var turned []schedule.Flow
		for _, f := range flows {
			half, _ := money.New(f.Amount.Minor()/2, f.Amount.Currency())
			rest, _ := f.Amount.Sub(half)
			turned = append(turned, schedule.Flow{On: f.On, Amount: half.Neg()},
				schedule.Flow{On: f.On, Amount: money.Amount{}},
				schedule.Flow{On: f.On, Amount: rest.Neg()})
		}
		if got, err := schedule.XIRR(turned); got != want || reasonOf(t, err) != reasonOf(t, wantErr) {
			t.Fatalf("turned: %v, %v, want %v", got, err, want)
		}
	})
}

func TestXIRRLosses(t *testing.T) {
	for _, test := range []struct {
		back string
		want float64
	}{
		{"100.00", 0}, {"50.00", -0.5}, {"1.00", -0.99}, {"0.01", -0.9999}, {"250.00", 1.5},
	} {
		got, err := schedule.XIRR([]schedule.Flow{
			{On: civil.MustParse("2025-01-01"), Amount: money.MustParse("EUR -100.00")},
			{On: civil.MustParse("2026-01-01"), Amount: money.MustParse("EUR " + test.back)},
		})
		if err != nil || math.Abs(float64(got)-test.want) > 1e-15 {
			t.Errorf("%s back: %v, %v, want %v", test.back, float64(got), err, test.want)
		}
	}
}

func TestXIRRReasons(t *testing.T) {
	var dense []schedule.Flow
	for k := range 400 {
		dense = append(dense, fineFlow("2020-01-01", float64(1+k%7)*float64(1-k%2*2)))
		dense[k].On = dense[k].On.AddMonths(k)
	}
	for _, test := range []struct {
		name  string
		flows []schedule.Flow
		want  schedule.YieldReason
		yield schedule.Yield
		rates int
	}{
		{"no flows", nil, schedule.ReasonNoFlows, 0, 0},
		{"zeros", []schedule.Flow{fineFlow("2025-01-01", 0)}, schedule.ReasonNoFlows, 0, 0},
		{"same day", []schedule.Flow{fineFlow("2025-01-01", -1), fineFlow("2025-01-01", 1)},
			schedule.ReasonNoFlows, 0, 0},
		{"nothing back", []schedule.Flow{fineFlow("2025-01-01", -1), fineFlow("2026-01-01", 0)},
			schedule.ReasonTotalLoss, -1, 0},
		{"nothing out", []schedule.Flow{fineFlow("2025-01-01", 1)}, schedule.ReasonNoOutlay, 0, 0},
		{"two rates", []schedule.Flow{fineFlow("2025-01-01", -100), fineFlow("2026-01-01", 230),
			fineFlow("2027-01-01", -132)}, schedule.ReasonSeveral, 0, 2}, // 10 % and 20 %
		{"no rate", []schedule.Flow{fineFlow("2025-01-01", -100), fineFlow("2026-01-01", 100),
			fineFlow("2027-01-01", -100)}, schedule.ReasonNoRate, 0, 0},
		{"one day", []schedule.Flow{fineFlow("2025-01-01", -0.01), fineFlow("2025-01-02", 1e5)},
			schedule.ReasonRange, 0, 0},
		{"lost in a day", []schedule.Flow{fineFlow("2025-01-01", -1), fineFlow("2025-01-02", 0.5)},
			schedule.ReasonRange, 0, 0},
		{"no date", []schedule.Flow{{Amount: fine(1)}}, schedule.ReasonTime, 0, 0},
		{"two currencies", []schedule.Flow{fineFlow("2025-01-01", -1),
			{On: yieldStart, Amount: money.MustParse("EUR 1.00")}}, schedule.ReasonCurrency, 0, 0},
		{"dense", dense, schedule.ReasonUndecided, 0, 1},
		{"dense, alike ends", dense[1:], schedule.ReasonUndecided, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			y, err := schedule.XIRR(test.flows)
			got := reasonOf(t, err)
			if got != test.want || y != test.yield || len(ratesOf(y, err)) != test.rates {
				t.Errorf("%v, %v with %v, want %v", y, err, ratesOf(y, err), test.want)
			}
		})
	}
}

// An account into which a saver pays and from which he draws in turn for twenty years has a rate,
// though the flows change sign hundreds of times.
func TestXIRROfAnAccount(t *testing.T) {
	var flows []schedule.Flow
	for k := range 240 {
		on := civil.MustParse("2001-01-15").AddMonths(k)
		flows = append(flows, schedule.Flow{On: on, Amount: fine(-100)},
			schedule.Flow{On: on.AddDays(10), Amount: fine(60)})
	}
	for _, closing := range []float64{30_000, 9_600, 2_000} {
		on := civil.MustParse("2021-01-15")
		all := append(slices.Clone(flows), schedule.Flow{On: on, Amount: fine(closing)})
		y, err := schedule.XIRR(all)
		if err != nil || math.Abs(worthAt(all, y)) > 1e-9*closing {
			t.Errorf("%v: %v, %v, worth %v", closing, y, err, worthAt(all, y))
		}
		t.Log(closing, y)
	}
}

// worthAt sums flows discounted in the plainest way, in whole units.
func worthAt(flows []schedule.Flow, y schedule.Yield) float64 {
	sum := 0.0
	for _, f := range flows {
		years := float64(f.On.Sub(flows[0].On)) / 365
		sum += f.Amount.Decimal().InexactFloat64() * math.Pow(1+float64(y), -years)
	}
	return sum
}

// Thousands of flows, of the greatest amounts, over the whole calendar.
func TestXIRRHostile(t *testing.T) {
	usd := money.MustCurrency("USD")
	most, _ := money.New(money.MaxMinor, usd)
	cent, _ := money.New(1, usd)
	first, last := civil.MustParse("0001-01-01"), civil.MustParse("9999-12-31")
	for name, flows := range map[string][]schedule.Flow{
		"a cent over the ages": {{On: first, Amount: most.Neg()}, {On: last, Amount: cent}},
		"riches over the ages": {{On: first, Amount: cent.Neg()}, {On: last, Amount: most}},
		"all back, then a day": {{On: first, Amount: cent.Neg()},
			{On: last.AddDays(-1), Amount: most.Neg()}, {On: last, Amount: cent}},
		"back and forth": {{On: first, Amount: most}, {On: first.AddDays(1), Amount: most.Neg()},
			{On: last.AddDays(-1), Amount: cent.Neg()}, {On: last, Amount: cent}},
	} {
		y, err := schedule.XIRR(flows)
		t.Log(name, y, err)
		if err == nil && (math.IsNaN(float64(y)) || y <= -1) {
			t.Errorf("%s: %v", name, y)
		}
	}
	var flows []schedule.Flow
	for k := range 5000 {
		amt := most
		if k%10 == 0 {
			amt = most.Neg()
		}
		flows = append(flows, schedule.Flow{On: first.AddDays(k * 7), Amount: amt})
	}
	_, err := schedule.XIRR(flows)
	t.Log(err)
}

func FuzzXIRR(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	f.Add([]byte{0, 128, 0, 200, 30, 1, 0, 100, 31, 128, 3, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		usd := money.MustCurrency("USD")
		var flows []schedule.Flow
		on := yieldStart
		for ; len(data) >= 4 && len(flows) < 100; data = data[4:] {
			on = on.AddDays(int(data[0]) - 20)
			minor := (int64(data[1]) - 128) << (data[2] % 46) >> (data[3] % 8)
			amt, err := money.New(minor, usd)
			if err != nil {
				t.Fatal(err)
			}
			flows = append(flows, schedule.Flow{On: on, Amount: amt})
		}
		y, err := schedule.XIRR(flows)
		reason := reasonOf(t, err)
		if reason == schedule.ReasonTotalLoss && y == -1 {
			return
		}
		rates := ratesOf(y, err)
		if err == nil && len(rates) != 1 || reason == schedule.ReasonSeveral && len(rates) < 2 {
			t.Fatalf("%v, %v", rates, err)
		}
		for _, rate := range rates {
			if math.IsNaN(float64(rate)) || math.IsInf(float64(rate), 0) || rate <= -1 {
				t.Fatalf("rate %v", rate)
			}
		}
		if !slices.IsSorted(rates) {
			t.Fatalf("%v are not in order", rates)
		}
	})
}

// vectorFlow is a pair of date and amount.
type vectorFlow struct{ flow schedule.Flow }

func (f *vectorFlow) UnmarshalJSON(data []byte) error {
	var on civil.Date
	var dollars float64
	if err := json.Unmarshal(data, &[]any{&on, &dollars}); err != nil {
		return err
	}
	f.flow = schedule.Flow{On: on, Amount: fine(dollars)}
	return nil
}

func TestVectorsYields(t *testing.T) {
	var file struct {
		Cases []struct {
			Fn                        string
			Cashflows                 json.RawMessage
			Expected, Tolerance, Rate float64
			Recomputed                float64
			Agrees                    bool
		}
	}
	readReference(t, "irr_xirr.json", &file)
	var irr, xirr tally
	for _, c := range file.Cases {
		if !c.Agrees {
			continue
		}
		// Published figures may be less exact than stated; the file then has the exact one too.
		near := func(got float64) bool {
			return math.Abs(got-c.Expected) <= c.Tolerance || math.Abs(got-c.Recomputed) <= 1e-12
		}
		switch c.Fn {
		case "irr":
			var dollars []float64
			if err := json.Unmarshal(c.Cashflows, &dollars); err != nil {
				t.Fatal(err)
			}
			rates := ratesOf(schedule.IRR(fines(dollars...)))
			ok := slices.ContainsFunc(rates, func(y schedule.Yield) bool { return near(float64(y)) })
			irr.count(t, ok, "IRR of %v: %v, want %v", dollars, rates, c.Expected)
		case "xirr", "xnpv":
			var pairs []vectorFlow
			if err := json.Unmarshal(c.Cashflows, &pairs); err != nil {
				t.Fatal(err)
			}
			flows := make([]schedule.Flow, len(pairs))
			for i := range pairs {
				flows[i] = pairs[i].flow
			}
			got := xnpv(t, flows, c.Rate)
			if c.Fn == "xirr" {
				y, err := schedule.XIRR(flows)
				if got = float64(y); err != nil {
					t.Error(err)
				}
			}
			xirr.count(t, near(got), "%s: %v, want %v", c.Fn, got, c.Expected)
		default:
			irr.unsupported++
		}
	}
	irr.print(t, "irr_xirr.json irr")
	xirr.print(t, "irr_xirr.json xirr")
}

// xnpv is the first flow and the price of the rest, in whole units.
func xnpv(t *testing.T, flows []schedule.Flow, rate float64) float64 {
	t.Helper()
	h := schedule.Holding{On: flows[0].On, Flows: flows}
	price, err := h.DirtyPrice(schedule.Yield(rate), money.HalfEven)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := price.Add(flows[0].Amount)
	if err != nil {
		t.Fatal(err)
	}
	return sum.Decimal().InexactFloat64()
}

func ExampleXIRR() {
	yield, err := schedule.XIRR([]schedule.Flow{
		{On: civil.MustParse("2025-01-10"), Amount: money.MustParse("EUR -1000.00")},
		{On: civil.MustParse("2025-07-10"), Amount: money.MustParse("EUR 500.00")},
		{On: civil.MustParse("2026-01-10"), Amount: money.MustParse("EUR 560.00")},
	})
	fmt.Println(yield, err)
	// Output:
	// 7.9709% <nil>
}

func ExampleXIRR_loss() {
	yield, err := schedule.XIRR([]schedule.Flow{
		{On: civil.MustParse("2025-01-10"), Amount: money.MustParse("EUR -1000.00")},
		{On: civil.MustParse("2026-01-10"), Amount: money.MustParse("EUR 250.00")},
	})
	fmt.Println(yield, err)
	lost, err := schedule.XIRR([]schedule.Flow{
		{On: civil.MustParse("2025-01-10"), Amount: money.MustParse("EUR -1000.00")},
	})
	fmt.Println(lost, err)
	// Output:
	// -75.0000% <nil>
	// -100.0000% schedule: no single yield: total-loss
}

func BenchmarkXIRR(b *testing.B) {
	for name, payment := range map[string]int64{"gain": 33_000, "loss": 15_000} {
		flows := loanFlows(35, payment)
		b.Run("36/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := schedule.XIRR(flows); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
