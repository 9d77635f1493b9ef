package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
)

// tendered runs a crowd through one mechanism.
func tendered(t *testing.T, c *crowd, by lending.Mechanism) *trial {
	t.Helper()
	got, err := newTrial(context.Background(), c, by)
	if err == nil {
		err = got.run()
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestTrials: whatever the lenders, under every mechanism a loan ends funded in full or failed, no
// lender earns less than he takes, no borrower pays more than the reserve, he pays what they earn,
// and every lender has what he paid in, less what he lent.
func TestTrials(t *testing.T) {
	loans := figuresLoans(t)
	for seed := range uint64(4) {
		c := newCrowd(loans[6*seed:6*seed+6], config{seed: seed, lenders: maxCrowd})
		pays := map[lending.Mechanism][]int64{}
		funded, spread := 0, map[lending.Mechanism]bool{}
		for _, by := range compared {
			got := tendered(t, c, by)
			lent := map[lending.PartyID]int64{}
			for _, d := range got.deals {
				l, parts := got.loan(d), got.parts(got.loan(d))
				checkParts(t, by, l, parts)
				for _, x := range parts {
					lent[x.id] += x.cents
					spread[by] = spread[by] || x.earns != parts[0].earns
				}
				if pays[by] = append(pays[by], l.Rate.Pico()); len(parts) > 0 {
					funded++
				}
			}
			for i := range c.bidders {
				id := c.bidders[i].id
				have := got.store.reports.Ledger().Balance(lending.Avail(id), dollar)
				if want := c.purse() - lent[id]; have != want {
					t.Errorf("%s: %s has %d, want %d", by, id, have, want)
				}
			}
			if spread[by] != by.OwnRates() {
				t.Errorf("%s: lenders of one loan earn different rates: %t", by, spread[by])
			}
		}
		if funded == 0 {
			t.Errorf("seed %d: nothing was funded", seed)
		}
		for i := range c.loans { // the same sealed bids, so the same bids are taken
			own, marginal := pays[lending.PayAsBid][i], pays[lending.UniformMarginal][i]
			if rejected := pays[lending.UniformRejected][i]; own > marginal || marginal > rejected {
				t.Errorf("loan %d pays %d, %d, %d", i, own, marginal, rejected)
			}
		}
	}
}

// checkParts holds what was taken of the bids against the loan.
func checkParts(t *testing.T, by lending.Mechanism, l *lending.Loan, parts []part) {
	t.Helper()
	var cents, weighted int64
	for _, x := range parts {
		cents += x.cents
		weighted += x.cents * x.earns
		if x.earns < x.least || x.earns > l.Reserve.Pico() {
			t.Errorf("%s: %s takes %d and earns %d of %s", by, x.id, x.least, x.earns, l.Reserve)
		}
	}
	if want := l.Amount.Minor(); cents != want && (l.State != lending.StateFailed || cents != 0) {
		t.Errorf("%s: %s loan of %d has %d", by, l.State, want, cents)
	}
	if l.Rate.Pico() > l.Reserve.Pico() || 2*abs(weighted-l.Rate.Pico()*cents) > cents {
		t.Errorf("%s: borrower pays %s of at most %s, lenders earn %d on %d", by, l.Rate, l.Reserve,
			weighted, cents)
	}
}

// TestTendersRepeat: the same loans and seed give the same comparison, and no trial depends on
// those before it.
func TestTendersRepeat(t *testing.T) {
	cfg := config{seed: 3, lenders: 60}
	loans := figuresLoans(t)[:5]
	one, err := compare(context.Background(), loans, cfg)
	if err != nil {
		t.Fatal(err)
	}
	same, err := compare(context.Background(), loans, cfg)
	if diff := cmp.Diff(one, same); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for i, by := range compared {
		alone := tendered(t, newCrowd(loans, cfg), by).result()
		if diff := cmp.Diff(one.Trials[i], alone); diff != "" {
			t.Errorf("%s: %s", by, diff)
		}
	}
	cfg.seed = 4
	other, err := compare(context.Background(), loans, cfg)
	if err != nil || cmp.Equal(one, other) {
		t.Error("the seed changes nothing", err)
	}
}

// TestTrialStopsAtViolation: a trial is audited like the replay.
func TestTrialStopsAtViolation(t *testing.T) {
	c := newCrowd(figuresLoans(t)[:2], config{lenders: 10})
	got, err := newTrial(context.Background(), c, lending.PayAsBid)
	if err != nil {
		t.Fatal(err)
	}
	before := got.store.commands
	e := ledger.Move(ledger.Client, "forged", ledger.Bank(), ledger.FeesDue(), usd(100))
	if _, err := got.store.Store.Commit(context.Background(), forge(e)); err != nil {
		t.Fatal(err)
	}
	var v *ViolationError
	if err := got.run(); !errors.As(err, &v) || got.store.commands != before+1 {
		t.Errorf("%v after %d commands", err, got.store.commands-before)
	}
}

func TestTrialStopsWhenAsked(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	got, err := newTrial(ctx, newCrowd(figuresLoans(t)[:1], config{lenders: 2}), lending.FirstCome)
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if err := got.run(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestTendersOfATape: of a tape only the first loans are compared, none without interest, with few
// lenders all fail, and the flag leaves it out.
func TestTendersOfATape(t *testing.T) {
	tape, err := read(headerNew + strings.Replace(rowNew, "5.32,301.15", "0.00,277.78", 1) +
		strings.Repeat(rowNew, maxCompared+5))
	if err != nil || tape.Bad > 0 {
		t.Fatal(err, tape.First)
	}
	got, err := compare(context.Background(), tape.Loans, config{lenders: 1})
	if err != nil || got.Loans != maxCompared || len(got.Trials) != len(compared) {
		t.Fatal(err, got)
	}
	for _, r := range got.Trials {
		want := Result{Mechanism: r.Mechanism, Listed: maxCompared, Failed: maxCompared}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Error(diff)
		}
	}
	none, err := compare(context.Background(), tape.Loans[:1], config{lenders: 1})
	if err != nil || none.Loans != 0 {
		t.Error(err, none)
	}
	for _, flag := range []string{"-tenders=true", "-tenders=false"} {
		_, out, _ := call("-quiet", "-lenders", "2", flag, "-tape", write(t, headerNew+rowNew))
		if strings.Contains(out, "Tenders side by side") != (flag == "-tenders=true") {
			t.Errorf("%s: %s", flag, out)
		}
	}
}
