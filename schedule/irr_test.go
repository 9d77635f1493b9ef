package schedule_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// cents are amounts in cents.
func cents(minor ...int64) []money.Amount {
	amounts := make([]money.Amount, len(minor))
	for i, m := range minor {
		amounts[i], _ = money.New(m, money.MustCurrency("USD"))
	}
	return amounts
}

// sturm counts the different roots above 0 of a polynomial, lowest power first, by Sturm's theorem
// in exact arithmetic.
func sturm(coefficients []int64) int {
	p := make([]*big.Rat, len(coefficients))
	for i, c := range coefficients {
		p[i] = big.NewRat(c, 1)
	}
	trim := func(p []*big.Rat) []*big.Rat {
		for len(p) > 0 && p[len(p)-1].Sign() == 0 {
			p = p[:len(p)-1]
		}
		return p
	}
	if p = trim(p); len(p) == 0 {
		return 0
	}
	for len(p) > 0 && p[0].Sign() == 0 {
		p = p[1:] // roots at 0 are no rate
	}
	chain := [][]*big.Rat{p}
	var d []*big.Rat
	for i := 1; i < len(p); i++ {
		d = append(d, new(big.Rat).Mul(p[i], big.NewRat(int64(i), 1)))
	}
	for d = trim(d); len(d) > 0; {
		chain = append(chain, d)
		last := chain[len(chain)-2]
		rest := make([]*big.Rat, len(last))
		for i := range last {
			rest[i] = new(big.Rat).Neg(last[i])
		}
		for n := len(rest); n >= len(d); n-- {
			q := new(big.Rat).Quo(rest[n-1], d[len(d)-1])
			for i := range d {
				at := rest[n-len(d)+i]
				at.Sub(at, new(big.Rat).Mul(q, d[i]))
			}
		}
		d = trim(rest)
	}
	changes := func(end func([]*big.Rat) int) int {
		n, was := 0, 0
		for _, p := range chain {
			if s := end(p); s != 0 {
				if s == -was {
					n++
				}
				was = s
			}
		}
		return n
	}
	return changes(func(p []*big.Rat) int { return p[0].Sign() }) -
		changes(func(p []*big.Rat) int { return p[len(p)-1].Sign() })
}

// However often small amounts change sign, as many rates are found as there are.
func TestIRRFindsEveryRate(t *testing.T) {
	seen := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			minor := rapid.SliceOfN(rapid.Int64Range(-12, 12), 1, 8).Draw(t, "minor")
			y, err := schedule.IRR(cents(minor...))
			rates := ratesOf(y, err)
			if reasonOf(t, err) == schedule.ReasonTotalLoss {
				rates = nil
			}
			want := sturm(minor)
			if len(rates) != want {
				t.Fatalf("%v, %v, want %d rates", rates, err, want)
			}
			seen[want]++
			for _, rate := range rates {
				sum, size := 0.0, 0.0
				for k, m := range minor {
					worth := float64(m) * math.Pow(1+float64(rate), -float64(k))
					sum, size = sum+worth, size+math.Abs(worth)
				}
				if math.Abs(sum) > 1e-9*size {
					t.Fatalf("worth %v at %v", sum, rate)
				}
			}
		}
	})
	t.Log(seen)
	if seen[0] == 0 || seen[1] == 0 || seen[2] == 0 || seen[3] == 0 {
		t.Error("too few kinds of flows were drawn")
	}
}

// Flows made from rates known beforehand give these rates.
func TestIRRGivesRatesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percents := rapid.SliceOfNDistinct(rapid.Int64Range(-60, 150), 1, 4, rapid.ID[int64]).
			Draw(t, "percents")
		slices.Sort(percents)
		minor := []int64{-1}
		for _, p := range percents { // times (100 v - 10000/(100+p)), cleared of fractions
			next := make([]int64, len(minor)+1)
			for i, m := range minor {
				next[i] += 100 * m
				next[i+1] -= (100 + p) * m
			}
			minor = next
		}
		rates := ratesOf(schedule.IRR(cents(minor...)))
		if len(rates) != len(percents) {
			t.Fatalf("%v, want %v", rates, percents)
		}
		for i := range rates {
			if math.Abs(float64(rates[i])-float64(percents[i])/100) > 1e-7 {
				t.Fatalf("%v, want %v", rates, percents)
			}
		}
	})
}

// Rates that coincide are one.
func TestIRRDoubleRate(t *testing.T) {
	y, err := schedule.IRR(cents(-10_000, 22_000, -12_100))
	if err != nil || math.Abs(float64(y)-0.1) > 1e-6 {
		t.Error(y, err)
	}
}

func TestIRRReasons(t *testing.T) {
	for _, test := range []struct {
		amounts []money.Amount
		want    schedule.YieldReason
	}{
		{nil, schedule.ReasonNoFlows},
		{cents(0, 0), schedule.ReasonNoFlows},
		{cents(-5, 0), schedule.ReasonTotalLoss},
		{cents(5), schedule.ReasonNoOutlay},
		{append(cents(-5), money.MustParse("EUR 5.00")), schedule.ReasonCurrency},
		{append(cents(-5), money.Amount{}, cents(5)[0]), 0},
		{make([]money.Amount, 10_000), schedule.ReasonNoFlows},
	} {
		if _, err := schedule.IRR(test.amounts); reasonOf(t, err) != test.want {
			t.Errorf("%v: %v, want %v", test.amounts, err, test.want)
		}
	}
}

// prosperAPR is twelve times the IRR of principal less fee against the unrounded level payment.
func prosperAPR(t *testing.T, principal, rate string, months int, fee float64) float64 {
	t.Helper()
	lent, err := decimal.NewFromString(principal)
	if err != nil {
		t.Fatal(err)
	}
	nominal, err := decimal.NewFromString(rate)
	if err != nil {
		t.Fatal(err)
	}
	loan := schedule.Annuity{Rate: nominal, PerYear: 12, Periods: months}
	payment, err := loan.Payment(lent, 8)
	if err != nil {
		t.Fatal(err)
	}
	amounts := fines(fee - lent.InexactFloat64())
	for range months {
		amounts = append(amounts, fine(payment.InexactFloat64()))
	}
	y, err := schedule.IRR(amounts)
	if err != nil {
		t.Fatal(err)
	}
	return 12 * float64(y)
}

func TestVectorsProsperGolden(t *testing.T) {
	const name = "golden_prosper_apr.json"
	var golden struct {
		Cases []struct {
			Row         int
			Principal   string
			Rate        string `json:"borrower_rate"`
			Months      int
			Fee         float64
			APR         string `json:"apr"`
			Agrees      bool
			Recomputed  float64
			FeeKind     string  `json:"fee_kind"`
			FeeValue    float64 `json:"fee_value"`
			Originated  string
			MonthlyPaid string `json:"monthly_payment"`
		}
	}
	readReference(t, name, &golden)
	var apr tally
	for _, c := range golden.Cases {
		if !c.Agrees {
			continue
		}
		want, err := strconv.ParseFloat(c.APR, 64)
		if err != nil {
			t.Fatal(err)
		}
		got := prosperAPR(t, c.Principal, c.Rate, c.Months, c.Fee)
		apr.count(t, math.Abs(got-want) <= 5e-6+1e-9, "row %d: %v, want %v", c.Row, got, want)
	}
	apr.print(t, name)
}

// prosperFees are the fees that the platform charged before 2013: a share of the principal, or a
// least amount.
func prosperFees(principal float64) []float64 {
	fees := []float64{0, 25, 50, 75}
	for _, share := range []float64{0.5, 1, 1.95, 2, 2.95, 3, 3.95, 4.5, 4.95, 5} {
		fees = append(fees, math.Round(principal*share)/100)
	}
	return fees
}

// The file has no fees: one of those that were charged must explain the published rate.
func TestVectorsProsper(t *testing.T) {
	const name = "prosper_before_2013.csv.gz"
	plain, err := gzip.NewReader(openVector(t, filepath.Join("real", name)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	at := func(row []string, column string) string { return row[slices.Index(rows[0], column)] }
	var apr tally
	for i, row := range rows[1:] {
		want, err := strconv.ParseFloat(at(row, "BorrowerAPR"), 64)
		months, err2 := strconv.Atoi(at(row, "Term"))
		principal, err3 := strconv.ParseFloat(at(row, "LoanOriginalAmount"), 64)
		if errors.Join(err, err2, err3) != nil {
			apr.unsupported++
			continue
		}
		explained := slices.ContainsFunc(prosperFees(principal), func(fee float64) bool {
			got := prosperAPR(t, at(row, "LoanOriginalAmount"), at(row, "BorrowerRate"), months, fee)
			return math.Abs(got-want) <= 5e-6+1e-9
		})
		apr.count(t, explained, "row %d: no fee explains %v", i+1, want)
	}
	apr.print(t, name)
}

func ExampleIRR() {
	monthly, err := schedule.IRR([]money.Amount{
		money.MustParse("CNY -12000.00"), // lent
		money.MustParse("CNY 4120.00"), money.MustParse("CNY 4120.00"), money.MustParse("CNY 4120.00"),
	})
	fmt.Println(monthly, err)
	// Output:
	// 1.4926% <nil>
}

func ExampleYieldError() {
	_, err := schedule.IRR([]money.Amount{
		money.MustParse("EUR -100.00"), money.MustParse("EUR 230.00"), money.MustParse("EUR -132.00"),
	})
	var fault *schedule.YieldError
	if errors.As(err, &fault) {
		fmt.Println(fault.Reason, fault.Rates)
	}
	// Output:
	// several [10.0000% 20.0000%]
}

func BenchmarkIRR(b *testing.B) {
	var amounts []money.Amount
	for _, f := range loanFlows(35, 33_000) {
		amounts = append(amounts, f.Amount)
	}
	b.Run("36", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := schedule.IRR(amounts); err != nil {
				b.Fatal(err)
			}
		}
	})
}
