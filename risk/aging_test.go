package risk_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/risk"
	"github.com/loanweave/loanweave/schedule/civil"
)

// The cases by instalment and by class; those by allocation and pause are reproduced in package
// schedule, which counts the days.
func TestVectorsDelinquency(t *testing.T) {
	var file struct {
		Frappe struct {
			Cases []struct {
				AsOf  string `json:"as_of"`
				Due   string `json:"oldest_unpaid_due"`
				DPD   int
				Class string
			}
		} `json:"frappe_case"`
		Fineract struct {
			Cases []struct {
				AsOf         string `json:"as_of"`
				Installments []struct {
					Due    string
					DPD    int
					Amount int64
					Range  string
				} `json:"installments_unpaid"`
				Expected map[string]int64 `json:"expected_by_range"`
				DPD      int              `json:"loan_level_dpd"`
			}
		} `json:"fineract_installment_level"`
	}
	vector(t, "delinquency_dpd.json", &file)
	total := 0
	for _, c := range file.Frappe.Cases {
		total++
		days := civil.MustParse(c.AsOf).Sub(civil.MustParse(c.Due))
		require.Equal(t, c.DPD, days)
		require.Equal(t, c.Class, risk.RBISpecialMention().At(days))
	}
	for _, c := range file.Fineract.Cases {
		total++
		on, table := civil.MustParse(c.AsOf), risk.FineractRanges()
		var rows []risk.Unpaid
		for _, in := range c.Installments {
			due := civil.MustParse(in.Due)
			require.Equal(t, in.DPD, on.Sub(due))
			require.Equal(t, in.Range, table.At(in.DPD))
			rows = append(rows, risk.Unpaid{Due: due, Minor: in.Amount})
		}
		for _, aged := range risk.Aging(table, rows, on) {
			require.Equal(t, c.Expected[aged.Class], aged.Minor, "%s on %s", aged.Class, on)
		}
	}
	require.NotZero(t, total)
	fmt.Printf("vectors: delinquency_dpd.json (classes and ranges): reproduced %d of %d, unsupported 0\n", total, total)
}

func TestAgingKeepsWhatItGets(t *testing.T) {
	on := civil.MustParse("2024-04-01")
	rows := []risk.Unpaid{{on, 5}, {on.AddDays(-1), 7}, {on.AddDays(-31), 11}, {on.AddDays(40), 13}, {on.AddDays(-400), -9}}
	var sum int64
	for _, aged := range risk.Aging(risk.IFRS9(), rows, on) {
		sum += aged.Minor
	}
	require.EqualValues(t, 36, sum)
	require.EqualValues(t, 25, risk.Aging(risk.IFRS9(), rows, on)[0].Minor)
	require.EqualValues(t, 11, risk.Aging(risk.IFRS9(), rows, on)[1].Minor)
}

// EUR 100 and 1%, both to be exceeded, for more than 90 days in a row.
func TestMaterialityCountsDaysInARow(t *testing.T) {
	m, day := risk.EBARetail(), civil.MustParse("2024-01-01")
	require.False(t, m.Material(100_00, 1_000_00), "at the absolute threshold")
	require.True(t, m.Material(100_01, 1_000_00))
	require.False(t, m.Material(200_00, 20_000_00), "at the relative threshold")
	require.True(t, m.Material(200_01, 20_000_00))

	rows := []risk.Arrears{{day, 500_00, 10_000_00}}
	require.Equal(t, 1, m.DaysMaterial(rows, day))
	require.False(t, m.Defaulted(rows, day.AddDays(89)), "the 90th day")
	require.True(t, m.Defaulted(rows, day.AddDays(90)), "the 91st")
	paid := append(rows, risk.Arrears{day.AddDays(50), 50_00, 9_500_00}, risk.Arrears{day.AddDays(51), 500_00, 9_500_00})
	require.Zero(t, m.DaysMaterial(paid, day.AddDays(50)))
	require.Equal(t, 1, m.DaysMaterial(paid, day.AddDays(51)), "the count begins anew")
	require.False(t, m.Defaulted(paid, day.AddDays(90)))
	require.Zero(t, m.DaysMaterial(rows, day.AddDays(-1)))
}
