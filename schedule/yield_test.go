package schedule_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// fineDollar is a currency of eight decimals, in which vectors can be stated without rounding.
func fineDollar() money.Currency {
	cur, err := money.NewCurrency("QQD", 8)
	if err != nil {
		panic(err)
	}
	return cur
}

// fine is an amount of fine dollars.
func fine(dollars float64) money.Amount {
	amt, err := money.New(int64(math.Round(dollars*1e8)), fineDollar())
	if err != nil {
		panic(err)
	}
	return amt
}

// fineFlow is a flow of fine dollars.
func fineFlow(on string, dollars float64) schedule.Flow {
	return schedule.Flow{On: civil.MustParse(on), Amount: fine(dollars)}
}

// fines are amounts of fine dollars.
func fines(dollars ...float64) []money.Amount {
	amounts := make([]money.Amount, len(dollars))
	for i, d := range dollars {
		amounts[i] = fine(d)
	}
	return amounts
}

// readReference decodes a file of reference vectors.
func readReference(t *testing.T, name string, into any) {
	t.Helper()
	file := openVector(t, filepath.Join("reference", name))
	if err := json.NewDecoder(file).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// tally counts vectors and prints the line about them.
type tally struct{ reproduced, tested, unsupported int }

func (c *tally) count(t *testing.T, ok bool, format string, args ...any) {
	t.Helper()
	c.tested++
	if ok {
		c.reproduced++
		return
	}
	t.Errorf(format, args...)
}

func (c *tally) print(t *testing.T, name string) {
	t.Helper()
	fmt.Printf("vectors: %s: reproduced %d of %d, unsupported %d\n",
		name, c.reproduced, c.tested, c.unsupported)
	if c.reproduced == 0 {
		t.Error("nothing reproduced")
	}
}

// reasonOf is why there is no yield; 0 when there is.
func reasonOf(t interface{ Fatalf(string, ...any) }, err error) schedule.YieldReason {
	if err == nil {
		return 0
	}
	var fault *schedule.YieldError
	if !errors.As(err, &fault) || !errors.Is(err, schedule.ErrYield) {
		t.Fatalf("%v is no *YieldError", err)
	}
	return fault.Reason
}

// ratesOf are all rates that were found.
func ratesOf(y schedule.Yield, err error) []schedule.Yield {
	var fault *schedule.YieldError
	if errors.As(err, &fault) {
		return fault.Rates
	}
	return []schedule.Yield{y}
}

func TestYieldPercent(t *testing.T) {
	for _, test := range []struct {
		y      schedule.Yield
		places int
		want   string
	}{
		{0.12962038, 2, "12.96"}, {0.12962038, 1, "13"}, {0.12345, 2, "12.35"}, {0.1225, 1, "12.3"},
		{-0.1225, 1, "-12.3"}, {-1, 4, "-100"}, {0, 1, "0"}, {1e-9, 4, "0"}, {1, -5, "100"},
		{schedule.Yield(math.NaN()), 1, "0"}, {schedule.Yield(math.Inf(1)), 1, "0"},
	} {
		if got := test.y.Percent(test.places).String(); got != test.want {
			t.Errorf("%v to %d places: %s, want %s", float64(test.y), test.places, got, test.want)
		}
	}
	if got := schedule.Yield(0.126825).String(); got != "12.6825%" {
		t.Error(got)
	}
}

func TestYieldReasonTexts(t *testing.T) {
	var texts []string
	for r := schedule.ReasonNoFlows; r <= schedule.ReasonUnit; r++ {
		text, err := r.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back schedule.YieldReason
		if err := back.UnmarshalText(text); err != nil || back != r {
			t.Errorf("%s became %v, %v", text, back, err)
		}
		texts = append(texts, string(text))
	}
	if slices.Sort(texts); len(slices.Compact(texts)) != int(schedule.ReasonUnit) {
		t.Error(texts)
	}
	if _, err := (schedule.ReasonUnit + 1).MarshalText(); !errors.Is(err, schedule.ErrSyntax) {
		t.Error(err)
	}
	err := &schedule.YieldError{Reason: schedule.ReasonSeveral, Rates: make([]schedule.Yield, 2)}
	if !strings.Contains(err.Error(), "several (2)") {
		t.Error(err)
	}
}
