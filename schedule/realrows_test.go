package schedule_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// table is a file of published loans: its rows, and its columns by name.
type table struct {
	rows [][]string
	at   map[string]int
}

func openTable(t *testing.T, name string) table {
	t.Helper()
	plain, err := gzip.NewReader(openVector(t, filepath.Join("real", name)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	return table{rows[1:], columns(rows[0])}
}

// dollars reads a figure of a row; an empty one is nothing.
func (b *table) dollars(t *testing.T, row []string, column string) decimal.Decimal {
	t.Helper()
	at, ok := b.at[column]
	if !ok {
		t.Fatalf("no column %s", column)
	}
	if row[at] == "" {
		return decimal.Decimal{}
	}
	d, err := decimal.NewFromString(row[at])
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Prosper's payments are the level payment, rounded half up; those of completed loans were changed.
func TestVectorsProsperPayments(t *testing.T) {
	file := openTable(t, "prosper_before_2013.csv.gz")
	reproduced, total, unsupported := 0, 0, 0
	for _, row := range file.rows {
		if row[file.at["LoanStatus"]] == "Completed" {
			continue
		}
		want := file.dollars(t, row, "MonthlyLoanPayment").Shift(2)
		if total++; want.IsZero() { // no payment is published
			unsupported++
			continue
		}
		rate, err := schedule.NewRate(file.dollars(t, row, "BorrowerRate"), schedule.PerYear)
		months, err2 := strconv.Atoi(row[file.at["Term"]])
		principal, err3 := money.Round(file.dollars(t, row, "LoanOriginalAmount"), money.MustCurrency("USD"), money.HalfEven)
		if err != nil || err2 != nil || err3 != nil {
			t.Fatal(err, err2, err3)
		}
		prepared, err := monthly(principal, rate, months, money.HalfUp).Prepare()
		if err != nil {
			t.Fatal(err)
		}
		if decimal.NewFromInt(prepared.Instalment()).Equal(want) {
			reproduced++
		}
	}
	fmt.Printf("vectors: prosper payments, not completed: reproduced %d of %d, unsupported %d\n",
		reproduced, total, unsupported)
	if reproduced*100 < (total-unsupported)*99 || total == 0 {
		t.Errorf("reproduced only %d of %d", reproduced, total)
	}
}

// monthly are terms of a loan in equal months.
func monthly(principal money.Amount, rate schedule.Rate, months int, instalment money.Mode) schedule.Terms {
	return schedule.Terms{
		Principal: principal, Rate: rate, Method: schedule.MethodLevelPayment, Periods: months,
		Every: schedule.Months(1), Start: civil.MustParse("2018-01-01"), DayCount: daycount.Thirty360US,
		Accrual:  schedule.AccrueByPeriod,
		Rounding: schedule.Rounding{Instalment: instalment, Interest: money.HalfEven},
	}
}

// What was received is principal, interest, late fees and recoveries, on every row.
func TestVectorsMoneyIdentities(t *testing.T) {
	for _, f := range []struct {
		name, total string
		parts       []string
	}{
		{"lendingclub_loans_dec2015.csv.gz", "total_pymnt",
			[]string{"total_rec_prncp", "total_rec_int", "total_rec_late_fee", "recoveries"}},
		{"lendingclub_2018_jan.csv.gz", "paid_total", []string{"paid_principal", "paid_interest", "paid_late_fees"}},
		{"prosper_before_2013.csv.gz", "LP_CustomerPayments",
			[]string{"LP_CustomerPrincipalPayments", "LP_InterestandFees"}},
	} {
		file := openTable(t, f.name)
		cent, reproduced := decimal.New(11, -3), 0 // the total is published unrounded, the parts are not
		for i, row := range file.rows {
			sum := file.dollars(t, row, f.total)
			for _, part := range f.parts {
				sum = sum.Sub(file.dollars(t, row, part))
			}
			if sum.Abs().GreaterThan(cent.Mul(decimal.NewFromInt(int64(len(f.parts) - 1)))) {
				t.Errorf("%s row %d is off by %s", f.name, i+1, sum)
				continue
			}
			reproduced++
		}
		fmt.Printf("vectors: money identities %s: reproduced %d of %d, unsupported 0\n", f.name, reproduced, len(file.rows))
	}
}

// LendingClub accrues without rounding: after so many instalments the principal is the plan's.
func TestVectorsLendingClubPartial(t *testing.T) {
	var golden struct {
		Cases []struct {
			Row         int
			Principal   string
			Rate        string `json:"annual_rate_percent"`
			Months      int
			Installment string
			Payments    int    `json:"payments_made"`
			Paid        string `json:"paid_principal"`
			Balance     string
			Interest    string `json:"schedule_interest"`
		}
	}
	const name = "golden_lendingclub_partial_schedules.json"
	if err := json.NewDecoder(openVector(t, filepath.Join("reference", name))).Decode(&golden); err != nil {
		t.Fatal(err)
	}
	usd := money.MustCurrency("USD")
	reproduced := 0
	for _, c := range golden.Cases {
		amounts := map[string]money.Amount{}
		for _, text := range []string{c.Principal, c.Installment, c.Paid, c.Balance, c.Interest} {
			amount, err := money.ParseIn(text, usd)
			if err != nil {
				t.Fatal(err)
			}
			amounts[text] = amount
		}
		terms := monthly(amounts[c.Principal], fraction(t, decimal.RequireFromString(c.Rate), schedule.PerYear),
			c.Months, money.Up)
		terms.Rounding.Grain = schedule.GrainNone
		rows := slices.Clone(rowsOf(t, terms)[:c.Payments])
		var interest, principal int64
		for _, row := range rows {
			interest, principal = interest+row.Interest, principal+row.Principal
		}
		if principal != amounts[c.Paid].Minor() || interest != amounts[c.Interest].Minor() ||
			rows[c.Payments-1].Balance != amounts[c.Balance].Minor() ||
			rows[0].Principal+rows[0].Interest != amounts[c.Installment].Minor() {
			t.Errorf("row %d: principal %d, interest %d; want %s and %s", c.Row, principal, interest, c.Paid, c.Interest)
			continue
		}
		reproduced++
	}
	if reproduced == 0 {
		t.Error("no case was reproduced")
	}
	fmt.Printf("vectors: %s: reproduced %d of %d, unsupported 0\n", name, reproduced, len(golden.Cases))
}
