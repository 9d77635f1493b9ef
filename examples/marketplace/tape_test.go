package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

const (
	headerOld = "id,loan_amnt,funded_amnt,term,int_rate,installment,grade,issue_d,loan_status," +
		"total_rec_prncp,total_rec_int,total_rec_late_fee," +
		"recoveries,collection_recovery_fee,last_pymnt_d\n"
	headerNew = "loan_amount,term,interest_rate,installment,grade,issue_month,loan_status," +
		"balance,paid_total,paid_principal,paid_interest,paid_late_fees\n"
	rowOld = `7,18500,18000.0, 60 months, 19.48%,471.7,E,Dec-2015,"Charged Off",` +
		"3481.86,4351.984999,15.005,1618.9,291.402,May-2017\n"
	rowNew = "10000,36,5.32,301.15,A,Jan-18,Current,8704.48,1498.36,1295.52,202.84,0\n"
)

const (
	headerProsper = "ListingKey,CreditGrade,ProsperRating (Alpha),Term,LoanStatus,ClosedDate,BorrowerRate,LenderYield," +
		"LoanOriginalAmount,LoanOriginationDate,MonthlyLoanPayment,LP_CustomerPrincipalPayments,LP_InterestandFees," +
		"LP_ServiceFees,LP_CollectionFees,LP_NonPrincipalRecoverypayments\n"
	rowProsper = "X1,,HR,36,Defaulted,2012-12-19 00:00:00,.317700,.307700,4000,2012-04-19 00:00:00,173.710000," +
		"209.750000,311.380000,-9.810000,-.500000,12.00\n"
)

var testLimits = Limits{Rows: 1000, LineBytes: 4096, Bytes: 1 << 20}

func read(text string) (Tape, error) {
	return ReadTape("t.csv", strings.NewReader(text), testLimits)
}

var sameRate = cmp.Comparer(func(a, b schedule.Rate) bool { return a == b })
var sameDate = cmp.Comparer(func(a, b civil.Date) bool { return a == b })

func TestLayouts(t *testing.T) {
	old := Published{
		Amount: 18000_00, Months: 60, Rate: schedule.MustRate("19.48% per year"), Installment: 471_70,
		Grade: "E", Issued: civil.MustParse("2015-12-01"), Status: ChargedOff, Principal: 3481_86,
		Interest: 4351_98, LateFees: 15_01, Recoveries: 1618_90, CollectionFee: 291_40,
		LastPayment: civil.MustParse("2017-05-01"),
	}
	young := Published{
		Amount: 10000_00, Months: 36, Rate: schedule.MustRate("5.32% per year"), Installment: 301_15,
		Grade: "A", Issued: civil.MustParse("2018-01-01"), Status: Current, Principal: 1295_52,
		Interest: 202_84, LastPayment: civil.MustParse("2018-06-01"), // five instalments are paid
	}
	prosper := Published{
		Platform: Prosper, Amount: 4000_00, Months: 36, Rate: schedule.MustRate("31.77% per year"), Installment: 173_71,
		Grade: "HR", Issued: civil.MustParse("2012-04-01"), Status: ChargedOff, Principal: 209_75,
		Interest: 311_38, Recoveries: 12_00, CollectionFee: 50, ServiceFee: 9_81, ServicePPM: 10_000,
		LastPayment: civil.MustParse("2012-12-01"),
	}
	older := prosper // the instalment is not told, and a late fee is within the interest
	older.Grade, older.Status, older.Replanned, older.LateFees = "C", FullyPaid, true, 15_00
	preface := "Notes offered by Prospectus (https://www.lendingclub.com/info/prospectus.action)\n"
	for name, tc := range map[string]struct {
		text string
		want Published
	}{
		"old":             {headerOld + rowOld, old},
		"new":             {headerNew + rowNew, young},
		"preface":         {preface + headerOld + "\n" + rowOld, old},
		"bom and returns": {"\ufeff" + strings.ReplaceAll(headerNew+"\n"+rowNew, "\n", "\r\n"), young},
		"prosper":         {headerProsper + rowProsper, prosper},
		"prosper, older": {headerProsper + strings.NewReplacer(",,HR,", ",C,,", "173.71", ".00", "311.38", "326.38",
			"Defaulted", "Completed").Replace(rowProsper), older},
		"no last newline": {headerNew + strings.TrimSpace(rowNew), young},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			want := Tape{Name: "t.csv", Loans: []Published{tc.want}, Rows: 1}
			if diff := cmp.Diff(want, got, sameRate, sameDate); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func zipped(t interface{ Fatal(...any) }, text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestColumnsInAnyOrder: neither the order of columns nor unknown ones nor packing changes a loan.
func TestColumnsInAnyOrder(t *testing.T) {
	names := strings.Split(strings.TrimSpace(headerNew), ",")
	values := strings.Split(strings.TrimSpace(rowNew), ",")
	want, err := read(headerNew + rowNew)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := make([]int, len(names))
		for i := range at {
			at[i] = i
		}
		order := rapid.Permutation(at).Draw(t, "order")
		head, row := []string{"extra"}, []string{`"a, b"`}
		for _, i := range order {
			head, row = append(head, names[i]), append(row, values[i])
		}
		text := strings.Join(head, ",") + "\n" + strings.Join(row, ",") + "\n"
		if rapid.Bool().Draw(t, "gzip") {
			text = string(zipped(t, text))
		}
		got, err := read(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameRate, sameDate); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBadRows(t *testing.T) {
	for _, tc := range []struct{ name, was, is, column string }{
		{"letters", "10000,36", "10k,36", "loan_amount"},
		{"negative", "10000,36", "-10000,36", "loan_amount"},
		{"exponent", "10000,36", "1e4,36", "loan_amount"},
		{"empty amount", "10000,36", ",36", "loan_amount"},
		{"dot", "10000,36", "10000.,36", "loan_amount"},
		{"too small", "10000,36", "499,36", "loan_amount"},
		{"too large", "10000,36", "1000001,36", "loan_amount"},
		{"overlong", "10000,36", "1" + strings.Repeat("0", 30) + ",36", "loan_amount"},
		{"term", ",36,", ",48,", "term"},
		{"rate", "5.32", "five", "interest_rate"},
		{"negative rate", "5.32", "-5.32", "interest_rate"},
		{"usury", "5.32", "36.01", "interest_rate"},
		{"instalment", "301.15", "100", "installment"},
		{"no instalment", "301.15", "0", "installment"},
		{"grade", ",A,", ",Z,", "grade"},
		{"month", "Jan-18", "13-18", "issue_month"},
		{"no month", "Jan-18", "", "issue_month"},
		{"early month", "Jan-18", "Jan-1970", "issue_month"},
		{"status", "Current", "Lost", "loan_status"},
		{"principal", "1295.52", "10000.01", "paid_principal"},
		{"interest", "202.84", "50000.01", "paid_interest"},
		{"short row", ",0\n", "\n", ""},
		{"long row", ",0\n", ",0,0\n", ""},
		{"open quote", ",Current,", `,"Current,`, ""},
		{"bare quote", ",Current,", `,Cur"rent,`, ""},
		{"long line", "10000,36", strings.Repeat("1", 5000) + ",36", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := headerNew + rowNew + strings.Replace(rowNew, tc.was, tc.is, 1) + rowNew
			got, err := read(text)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows != 3 || got.Bad != 1 || len(got.Loans) != 2 || len(got.First) != 1 {
				t.Fatalf("read %+v", got)
			}
			e := got.First[0]
			at := e.File == "t.csv" && e.Line == 3 && e.Column == tc.column
			if !at || !errors.Is(e, ErrRow) || e.Why == "" {
				t.Errorf("error %+v", e)
			}
			strict := testLimits
			strict.Strict = true
			_, err = ReadTape("t.csv", strings.NewReader(text), strict)
			var bad *TapeError
			if !errors.As(err, &bad) || *bad != *e {
				t.Errorf("strict: %v", err)
			}
		})
	}
}

func TestBadTapes(t *testing.T) {
	packed := zipped(t, headerNew+strings.Repeat(rowNew, 100))
	flipped := slices.Clone(packed)
	flipped[len(flipped)-5] ^= 1 // the checksum
	for _, tc := range []struct {
		name, text string
		want       error
	}{
		{"empty", "", ErrTape},
		{"blank", "\n \n\n", ErrTape},
		{"long header", strings.Repeat("x", 5000), ErrTape},
		{"quoted header", `"a` + "\n", ErrTape},
		{"no such column", strings.Replace(headerNew, "grade", "note", 1) + rowNew, ErrColumn},
		{"only rows", rowNew + rowNew, ErrColumn},
		{"cut gzip", string(packed[:len(packed)/2]), ErrTape},
		{"broken gzip", string(flipped), ErrTape},
		{"only magic", "\x1f\x8b", ErrTape},
		{"too much", headerNew + strings.Repeat("\n", 1<<21), ErrTape},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := read(tc.text)
			var bad *TapeError
			typed := errors.As(err, &bad) && bad.File == "t.csv" && bad.Why != ""
			if !typed || !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	for _, name := range []string{filepath.Join(t.TempDir(), "none.csv"), t.TempDir()} {
		if _, err := OpenTape(name, testLimits); !errors.Is(err, ErrTape) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRowLimit(t *testing.T) {
	for _, tc := range []struct {
		rows int
		cut  bool
	}{{2, true}, {3, false}, {4, false}} {
		lim := testLimits
		lim.Rows = tc.rows
		got, err := ReadTape("t.csv", strings.NewReader(headerNew+strings.Repeat(rowNew, 3)), lim)
		if err != nil || got.Cut != tc.cut || got.Rows != min(3, tc.rows) {
			t.Errorf("limit %d: %d rows, cut %t, %v", tc.rows, got.Rows, got.Cut, err)
		}
	}
}

// TestParseCents holds the reader of dollars against exact fractions.
func TestParseCents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9]{1,9}(\.[0-9]{1,40})?`).Draw(t, "dollars")
		got, ok := parseCents(s)
		exact, _ := new(big.Rat).SetString(s)
		exact.Add(exact.Mul(exact, big.NewRat(100, 1)), big.NewRat(1, 2)) // half up: floor of x + 1/2
		want := new(big.Int).Div(exact.Num(), exact.Denom())
		if !ok || got != want.Int64() {
			t.Errorf("%s is %d, %t; want %s", s, got, ok, want)
		}
	})
	for _, s := range []string{"", ".", ".5", "1.", "+1", "-1", "1e3", "1_0", " 1", "1 ", "1,000",
		"0x1", "１", "1234567890", "1." + strings.Repeat("0", 41)} {
		if v, ok := parseCents(s); ok {
			t.Errorf("%q was read as %d", s, v)
		}
	}
}

// FuzzTape: no input makes the reader panic or lose count of rows; what it lets through is within
// bounds, and the engine takes it through its whole life without a refusal.
func FuzzTape(f *testing.F) {
	f.Add([]byte(headerProsper + rowProsper))
	f.Add([]byte(headerOld + rowOld))
	f.Add([]byte(headerNew + rowNew + "x" + rowNew))
	f.Add(zipped(f, headerNew+rowNew))
	f.Add([]byte(figuresHeader + figures2015))
	f.Fuzz(func(t *testing.T, data []byte) {
		tape, err := ReadTape("t.csv", bytes.NewReader(data), testLimits)
		if bad := (*TapeError)(nil); err != nil && (!errors.As(err, &bad) || bad.Error() == "") {
			t.Fatalf("error of no known type: %v", err)
		}
		if tape.Rows != len(tape.Loans)+tape.Bad || len(tape.First) > shownErrors {
			t.Fatalf("%d rows, %d loans, %d bad", tape.Rows, len(tape.Loans), tape.Bad)
		}
		for _, p := range tape.Loans {
			if p.Amount < minLoan || p.Amount > maxLoan || p.Principal > p.Amount || p.Issued.IsZero() {
				t.Fatalf("loan out of bounds: %+v", p)
			}
		}
		if err == nil && len(tape.Loans) == 1 {
			runMarket(t, tape.Loans, 1)
		}
	})
}

// runMarket runs loans through a small market, which must find no fault.
func runMarket(t interface{ Fatal(...any) }, loans []Published, seed uint64) *market {
	cfg := config{seed: seed, lenders: 5}
	m, err := newMarket(context.Background(), loans, cfg, &progress{})
	if err == nil {
		err = m.run()
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func BenchmarkReadTape(b *testing.B) {
	text := headerNew + strings.Repeat(rowNew, 1000)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if tape, err := read(text); err != nil || len(tape.Loans) != 1000 {
			b.Fatal(err)
		}
	}
}

// write puts a tape into a file of its own.
func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tape.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestBadRowsOfProsper(t *testing.T) {
	for _, tc := range []struct{ name, was, is, column string }{
		{"term", ",36,", ",24,", "Term"},
		{"percent", ".317700", "31.7700", "BorrowerRate"},
		{"finer than a millionth", ".317700", ".31770001", "BorrowerRate"},
		{"usury", ".317700", ".360001", "BorrowerRate"},
		{"negative rate", ".317700", "-.317700", "BorrowerRate"},
		{"yield", ".307700", ".327700", "LenderYield"},
		{"grade", ",HR,", ",F,", "ProsperRating (Alpha)"},
		{"status", "Defaulted", "Cancelled", "LoanStatus"},
		{"day", "2012-04-19", "2012-04-31", "LoanOriginationDate"},
		{"no day", "2012-04-19 00:00:00", "", "LoanOriginationDate"},
		{"amount", ",4000,", ",4e3,", "LoanOriginalAmount"},
		{"interest", "311.38", "-311.38", "LP_InterestandFees"},
		{"fee", "-9.81", "--9.81", "LP_ServiceFees"},
		{"fee above any loan", "-9.81", "-99999999.81", "LP_ServiceFees"},
		{"paid before it was issued", "2012-12-19", "nonsense", "ClosedDate"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tape, err := read(headerProsper + rowProsper + strings.Replace(rowProsper, tc.was, tc.is, 1) + rowProsper)
			if err != nil {
				t.Fatal(err)
			}
			if len(tape.Loans) != 2 || tape.Bad != 1 || tape.First[0].Column != tc.column || tape.First[0].Line != 3 {
				t.Errorf("%d loans, %d bad: %v", len(tape.Loans), tape.Bad, tape.First)
			}
		})
	}
	if _, err := read(strings.Replace(headerProsper, "LenderYield", "Yield", 1) + rowProsper); !errors.Is(err, ErrColumn) {
		t.Errorf("without a needed column: %v", err)
	}
}
