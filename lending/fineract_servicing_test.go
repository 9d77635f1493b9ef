package lending_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

func (l *fineractLife) ctx() context.Context { return context.Background() }

// replay goes through a case: an error that is uncarried says why the engine cannot carry it.
func (c *fineractCase) replay(t *testing.T) error {
	if reason := c.Terms.unsupported(); reason != "" {
		return uncarried(reason)
	}
	l := &fineractLife{world: newWorld(t, lending.Config{}), terms: c.Terms, names: map[int]string{},
		sent: map[int]int64{}, waived: map[int]civil.Date{}, dues: map[int]civil.Date{}}
	for i := range c.Steps {
		s := &c.Steps[i]
		var err error
		if s.Expect != "" {
			err = l.check(s)
		} else {
			err = l.take(s)
		}
		if err != nil {
			return fmt.Errorf("step %d %s%s: %w", i+1, s.Event, s.Expect, err)
		}
		if l.id != "" {
			if err := l.now().Check(); err != nil {
				return err
			}
		}
	}
	l.reports()
	if l.id == "" {
		return uncarried("a loan that is never paid out")
	}
	return nil
}

// The servicing of loans in Apache Fineract's end-to-end tests: every allocation, schedule, total and
// state. A rule of a peer that is not one of ours is counted with its reason.
func TestVectorsFineractServicing(t *testing.T) {
	for _, name := range []string{"repayment", "charges", "chargeback", "interest_waiver", "write_off",
		"transactions_only"} {
		var file struct{ Cases []fineractCase }
		path := filepath.Join("fineract", "events_"+name+".json")
		if err := json.NewDecoder(openVector(t, path)).Decode(&file); err != nil {
			t.Fatal(err)
		}
		reproduced, total, unsupported := 0, 0, map[string]int{}
		for _, c := range file.Cases {
			err := c.replay(t)
			var reason uncarried
			switch {
			case errors.As(err, &reason):
				unsupported[string(reason)]++
				total++
			case err != nil:
				t.Errorf("%s %s: %v", name, c.ID, err)
			default:
				reproduced++
			}
		}
		for _, reason := range slices.Sorted(maps.Keys(unsupported)) {
			t.Logf("%s: unsupported %d: %s", name, unsupported[reason], reason)
		}
		fmt.Printf("vectors: fineract servicing %s: reproduced %d of %d, unsupported %d\n", name,
			reproduced, len(file.Cases), total)
	}
}
