package risk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/risk"
)

// vector reads an outside case file, or skips the test where there is none.
func vector(t *testing.T, name string, into any) {
	t.Helper()
	folder := os.Getenv("VECTORS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "vectors")
	}
	data, err := os.ReadFile(filepath.Join(folder, "risk", name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no outside cases at %s: set VECTORS", folder)
	}
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, into))
}

// Every table of the outside cases is one of ours, band by band, and classes alike on each side of
// every boundary.
func TestVectorsClassification(t *testing.T) {
	var file struct{ Tables map[string][][2]any }
	vector(t, "classification_by_dpd.json", &file)
	ours := map[string]risk.Table{}
	for _, table := range risk.Tables() {
		ours[strings.ReplaceAll(table.Name(), "-", "_")] = table
	}
	total, reproduced := 0, 0
	for name, rows := range file.Tables {
		table, ok := ours[name]
		require.True(t, ok, "no table %s", name)
		require.Len(t, table.Bands(), len(rows), name)
		for i, row := range rows {
			total++
			from, class := int(row[0].(float64)), row[1].(string)
			require.Equal(t, class, table.At(from), "%s at %d", name, from)
			if i > 0 {
				require.Equal(t, rows[i-1][1], table.At(from-1), "%s at %d", name, from-1)
			}
			reproduced++
		}
	}
	require.NotZero(t, reproduced)
	fmt.Printf("vectors: classification_by_dpd.json: reproduced %d of %d, unsupported 0\n", reproduced, total)
}

func TestTableRefusesWhatIsNoTable(t *testing.T) {
	for name, bands := range map[string][]risk.Band{
		"nothing":    nil,
		"late start": {{From: 1, Class: "a"}},
		"no name":    {{From: 0, Class: ""}},
		"backwards":  {{From: 0, Class: "a"}, {From: 0, Class: "b"}},
		"too many":   make([]risk.Band, 65),
	} {
		_, err := risk.NewTable("t", "s", bands...)
		require.ErrorIs(t, err, risk.ErrTable, name)
		require.Equal(t, lending.ClassInvalid, lending.ClassOf(err), name)
	}
	require.Empty(t, risk.Table{}.At(3), "the zero table has no class")
}

// A table is a partition of the days, and more days are never better. The oracle goes through the
// bands one by one.
func TestTableAgreesWithSearchingBandByBand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "bands")
		bands := make([]risk.Band, n)
		for i := 1; i < n; i++ {
			bands[i].From = bands[i-1].From + rapid.IntRange(1, 40).Draw(t, "wide")
		}
		for i := range bands {
			bands[i].Class = fmt.Sprint("c", i)
		}
		table, err := risk.NewTable("t", "s", bands...)
		require.NoError(t, err)
		days := rapid.IntRange(-3, 500).Draw(t, "days")
		want := ""
		for _, b := range bands {
			if b.From <= max(days, 0) {
				want = b.Class
			}
		}
		require.Equal(t, want, table.At(days))
		require.LessOrEqual(t, table.Index(days), table.Index(days+1))
		bands[0].Class = "changed"
		require.Equal(t, want, table.At(days), "a table keeps nothing of what made it")
	})
}

func TestOtherEvidenceMovesAClassDownOnly(t *testing.T) {
	table := risk.ChinaFiveCategory()
	class, err := table.Worse(100, "normal 正常")
	require.NoError(t, err)
	require.Equal(t, "substandard 次级", class)
	class, err = table.Worse(100, "loss 损失")
	require.NoError(t, err)
	require.Equal(t, "loss 损失", class)
	_, err = table.Worse(100, "bad")
	require.ErrorIs(t, err, risk.ErrTable)
}
