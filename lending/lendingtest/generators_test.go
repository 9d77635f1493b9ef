package lendingtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Terms always give a plan that keeps its invariants.
func TestTermsAreValid(t *testing.T) {
	single, zero, monthEnd, cent := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		terms := lendingtest.Terms(lendingtest.Currency().Draw(t, "currency")).Draw(t, "terms")
		plan, err := terms.Plan()
		if err != nil {
			t.Fatalf("%+v: %v", terms, err)
		}
		if err := plan.Check(); err != nil {
			t.Fatal(err)
		}
		count(&single, terms.Periods == 1)
		count(&zero, terms.Rate.Pico() == 0)
		count(&monthEnd, terms.Start.IsMonthEnd())
		count(&cent, terms.Principal.Minor() == 1)
	})
	if single == 0 || zero == 0 || monthEnd == 0 || cent == 0 {
		t.Errorf("edges drawn: %d single periods, %d zero rates, %d month ends, %d cents", single, zero, monthEnd, cent)
	}
}

func count(n *int, is bool) {
	if is {
		*n++
	}
}

// A drawn product can be defined, applied for and bid for to the full amount.
func TestProductsAreValid(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		p := lendingtest.Product("p", lendingtest.Currency().Draw(t, "currency")).Draw(t, "product")
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		a := lendingtest.Amount(p.Currency, p.MinAmount.Minor(), p.MaxAmount.Minor()).Draw(t, "amount")
		most := int(min(a.Minor(), 5))
		bids := lendingtest.Bids(a, most).Draw(t, "bids")
		desk, err := lending.Open(lending.Config{Store: memory.NewStore()})
		if err != nil {
			t.Fatal(err)
		}
		on := lendingtest.Date().Draw(t, "on")
		m := func(id lending.ActorID, r lending.Role, key string) lending.Meta {
			return lending.Meta{Key: key, On: on, Actor: lending.Actor{ID: id, Role: r}}
		}
		run := func(s lendingtest.Step) {
			if err := s.Do(ctx, desk); err != nil {
				t.Fatalf("%s: %v", s.Name, err)
			}
		}
		run(lendingtest.Send(m("o", lending.RoleOfficer, "product"), lending.DefineProduct{Product: p}))
		ann := lending.Register{Party: "ann", Kind: lending.Person}
		run(lendingtest.Send(m("o", lending.RoleOfficer, "ann"), ann))
		apply := lending.Apply{Product: "p", Amount: a, Periods: p.MaxPeriods}
		applied := m("ann", lending.RoleParty, "apply")
		loan := lending.LoanID(apply.Home(applied).ID)
		run(lendingtest.Send(applied, apply))
		approve := lending.Approve{Loan: loan, Rate: lendingtest.Rate(schedule.PerYear).Draw(t, "rate")}
		run(lendingtest.Send(m("a", lending.RoleAnalyst, "approve"), approve))
		run(lendingtest.Send(m("o", lending.RoleOfficer, "publish"), lending.Publish{Loan: loan}))
		var sum int64
		for i, b := range bids {
			key := fmt.Sprint(i)
			who := lending.Register{Party: b.Lender, Kind: lending.Person}
			register := lendingtest.Send(m("o", lending.RoleOfficer, "who-"+key), who)
			if err := register.Do(ctx, desk); err != nil && !errors.Is(err, lending.ErrExists) {
				t.Fatal(err)
			}
			in := lending.Deposit{Party: b.Lender, Amount: b.Amount}
			run(lendingtest.Send(m("bank", lending.RoleCustodian, "in-"+key), in))
			sum += b.Amount.Minor()
			if b.Amount.Minor() < p.Tender.MinBid.Minor() && sum < a.Minor() {
				return // such a bid is refused, and rightly
			}
			bid := m(lending.ActorID(b.Lender), lending.RoleParty, "bid-"+key)
			run(lendingtest.Send(bid, lending.PlaceBid{Loan: loan, Amount: b.Amount}))
		}
		l, err := desk.Loan(ctx, loan)
		if err != nil || l.State != lending.StateFullyFunded {
			t.Fatalf("loan is %s: %v", l.State, err)
		}
	})
}

func TestRegisterSums(t *testing.T) {
	skewed := 0
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 50).Draw(t, "most")
		total := lendingtest.Minor(int64(most), money.MaxMinor).Draw(t, "total")
		lots := lendingtest.Register(total, most).Draw(t, "lots")
		var sum, largest int64
		for _, n := range lots {
			if n < 1 {
				t.Fatalf("a lot of %d", n)
			}
			sum += n
			largest = max(largest, n)
		}
		if sum != total || len(lots) > most {
			t.Fatalf("%d lots of %d in all, want at most %d of %d", len(lots), sum, most, total)
		}
		count(&skewed, len(lots) > 2 && largest == total-int64(len(lots))+1)
	})
	if skewed == 0 {
		t.Error("no skewed register was drawn")
	}
}

func TestCurrencies(t *testing.T) {
	digits := map[int]bool{}
	rapid.Check(t, func(t *rapid.T) {
		c := lendingtest.Currency().Draw(t, "currency")
		digits[c.Digits()] = true
		low := rapid.Int64Range(0, 1000).Draw(t, "low")
		a := lendingtest.Amount(c, low, money.MaxMinor).Draw(t, "amount")
		if a.Currency() != c || a.Minor() < low {
			t.Fatalf("%s, want at least %d of %s", a, low, c)
		}
		if again, err := money.Parse(a.String()); err != nil || again != a {
			t.Fatalf("%s reads back as %s: %v", a, again, err)
		}
	})
	for _, n := range []int{0, 2, 3, 4} {
		if !digits[n] {
			t.Errorf("no currency of %d digits was drawn", n)
		}
	}
}
