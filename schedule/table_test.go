package schedule_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// threeMonths is a small plan with a fee in its first month.
func threeMonths() schedule.Plan {
	terms := terms12()
	terms.Principal, terms.Periods = money.MustParse("CNY 10000.00"), 3
	terms.Fees = []schedule.Fee{{Amount: money.MustParse("CNY 50.00"),
		Cycle: schedule.Cycle{First: civil.MustParse("2026-02-28"), Every: schedule.Years(1)}}}
	plan, err := terms.Plan()
	if err != nil {
		panic(err)
	}
	return plan
}

func ExamplePlan_AppendTable() {
	fmt.Printf("%s", threeMonths().AppendTable(nil))
	// Output:
	// No.  Due         Principal  Interest     Fee     Total  Balance
	//   1  2026-02-28    3300.22    100.00   50.00   3450.22  6699.78
	//   2  2026-03-31    3333.22     67.00    0.00   3400.22  3366.56
	//   3  2026-04-30    3366.56     33.67   50.00   3450.23     0.00
	//      Total CNY    10000.00    200.67  100.00  10300.67
}

func ExamplePlan_AppendMarkdown() {
	fmt.Printf("%s", threeMonths().AppendMarkdown(nil))
	// Output:
	// | No. | Due | Principal | Interest | Fee | Total | Balance |
	// | --: | :-- | --: | --: | --: | --: | --: |
	// | 1 | 2026-02-28 | 3300.22 | 100.00 | 50.00 | 3450.22 | 6699.78 |
	// | 2 | 2026-03-31 | 3333.22 | 67.00 | 0.00 | 3400.22 | 3366.56 |
	// | 3 | 2026-04-30 | 3366.56 | 33.67 | 50.00 | 3450.23 | 0.00 |
	// |  | **Total CNY** | **10000.00** | **200.67** | **100.00** | **10300.67** |  |
}

func ExamplePlan_AppendCSV() {
	text := threeMonths().AppendCSV(nil)
	fmt.Printf("%s", bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	// Output:
	// number,from,end,due,currency,principal,interest,fee,capitalised,total,balance
	// 1,2026-01-31,2026-02-28,2026-02-28,CNY,3300.22,100.00,50.00,0.00,3450.22,6699.78
	// 2,2026-02-28,2026-03-31,2026-03-31,CNY,3333.22,67.00,0.00,0.00,3400.22,3366.56
	// 3,2026-03-31,2026-04-30,2026-04-30,CNY,3366.56,33.67,50.00,0.00,3450.23,0.00
}

func TestCSVHasEveryFigure(t *testing.T) {
	for name, plan := range variedPlans(t) {
		t.Run(name, func(t *testing.T) {
			text := plan.AppendCSV(nil)
			if bytes.Count(text, []byte("\r\n")) != plan.Len()+1 || bytes.Contains(text, []byte(`"`)) {
				t.Fatal("lines do not end as RFC 4180 has it, or need quotes")
			}
			records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for i, in := range plan.Instalments() {
				want := []string{strconv.Itoa(in.Number), in.From.String(), in.End.String(),
					in.Due.String(), in.Principal.Currency().Code()}
				for _, amt := range []money.Amount{in.Principal, in.Interest, in.Fee, in.Capitalised,
					in.Total, in.Balance} {
					want = append(want, amt.Text())
				}
				if diff := cmp.Diff(want, records[i+1]); diff != "" {
					t.Fatal(diff)
				}
			}
		})
	}
}

// The columns of a table stand in line, its totals are the sums of what is above them, and Markdown
// has the same cells.
func TestTablesAddUp(t *testing.T) {
	for name, plan := range variedPlans(t) {
		t.Run(name, func(t *testing.T) {
			lines := strings.Split(strings.TrimSuffix(plan.String(), "\n"), "\n")
			if len(lines) != plan.Len()+2 {
				t.Fatalf("%d lines for %d instalments", len(lines), plan.Len())
			}
			for _, line := range lines[:len(lines)-1] {
				if len(line) != len(lines[0]) {
					t.Fatalf("%q is out of line", line)
				}
			}
			foot := strings.Fields(lines[len(lines)-1])
			cur := plan.Terms().Principal.Currency()
			total, err := money.ParseIn(foot[len(foot)-1], cur)
			if err != nil || total != plan.TotalPayment() || foot[1] != cur.Code() {
				t.Errorf("totals %v, %v", foot, err)
			}
			markdown := strings.Split(string(plan.AppendMarkdown(nil)), "\n")
			for i, line := range slices.Delete(markdown, 1, 2)[:plan.Len()+1] {
				got := strings.Fields(strings.ReplaceAll(line, "|", " "))
				if diff := cmp.Diff(strings.Fields(lines[i]), got); diff != "" {
					t.Fatal(diff)
				}
			}
		})
	}
}

func TestFacesOfNothing(t *testing.T) {
	var zero schedule.Plan
	faces := [][]byte{zero.AppendTable(nil), zero.AppendCSV(nil), zero.AppendMarkdown(nil)}
	for _, face := range faces {
		if len(face) == 0 || bytes.ContainsAny(face, "0123456789") {
			t.Errorf("got %q", face)
		}
	}
	dst := []byte("before")
	if got := zero.AppendCSV(dst); !bytes.HasPrefix(got, dst) {
		t.Errorf("got %q", got)
	}
}
