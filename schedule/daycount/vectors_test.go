package daycount_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// vectorNames are the conventions by the names of outside cases, in upper case.
var vectorNames = map[string]daycount.Convention{
	"30/360 ISDA":  daycount.Thirty360US,
	"ACT/365F":     daycount.Act365F,
	"ACT/360":      daycount.Act360,
	"30E/360":      daycount.ThirtyE360,
	"30E/360 ISDA": daycount.ThirtyE360ISDA,
	"30U/360":      daycount.ThirtyU360,
	"ACT/365L":     daycount.Act365L,
	"ACT/ACT ISDA": daycount.ActActISDA,
	"ACT/ACT ICMA": daycount.ActActICMA,
	"ACT/ACT AFB":  daycount.ActActAFB,
	"NL/365":       daycount.NL365,
	"BUS/252":      daycount.Business252,
}

// vector is one outside case. Its note is for people: the reference period says what a short or
// long first period means.
type vector struct {
	Convention   string
	Start, End   civil.Date
	RefStart     civil.Date `json:"ref_start"`
	RefEnd       civil.Date `json:"ref_end"`
	Expected     float64
	ExpectedDays *int `json:"expected_days"`
	Tolerance    float64
	Agrees       bool
	Note         string
}

// check returns an error when the case is not reproduced.
func (v vector) check() error {
	c, ok := vectorNames[strings.ToUpper(v.Convention)]
	if !ok {
		return fmt.Errorf("the convention has no name here")
	}
	tolerance := v.Tolerance
	if tolerance == 0 {
		tolerance = 1e-10
	}
	ctx := daycount.Context{Start: v.RefStart, End: v.RefEnd}
	num, den := c.FractionIn(ctx, v.Start, v.End)
	if got := float64(num) / float64(den); math.Abs(got-v.Expected) > tolerance {
		return fmt.Errorf("got %v, want %v", got, v.Expected)
	}
	if days := c.Days(v.Start, v.End); v.ExpectedDays != nil && days != *v.ExpectedDays {
		return fmt.Errorf("got %d days, want %d", days, *v.ExpectedDays)
	}
	return nil
}

func TestVectorsDayCount(t *testing.T) {
	root, set := os.LookupEnv("VECTORS")
	if !set {
		root = filepath.Join("..", "..", "..", "shared", "vectors")
		if _, err := os.Stat(root); err != nil {
			t.Skipf("no vectors at %s; set VECTORS", root)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "reference", "daycount.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []vector }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	reproduced, unsupported := 0, 0
	for _, v := range file.Cases {
		if !v.Agrees {
			unsupported++
			continue
		}
		if err := v.check(); err != nil {
			t.Errorf("%s %v to %v (%s): %v", v.Convention, v.Start, v.End, v.Note, err)
			continue
		}
		reproduced++
	}
	if reproduced == 0 {
		t.Error("no case was reproduced")
	}
	fmt.Printf("vectors: daycount: reproduced %d of %d, unsupported %d\n",
		reproduced, len(file.Cases), unsupported)
}
