package lendingtest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

func fullLife() lendingtest.Crashes {
	return lendingtest.Crashes{
		Life: lendingtest.FullLife(), Rest: lendingtest.FullLifeRest(),
		Config: lendingtest.FullLifeConfig(), Script: lendingtest.FullLifeScript,
	}
}

// A fault at any call of a full life, or at two of them, changes nothing in the end.
func TestCrashes(t *testing.T) {
	t.Parallel()
	c := fullLife()
	c.Every, c.Pairs = every, 2400/every
	count := lendingtest.EnumerateCrashes(t, c)
	fmt.Println(count)
	if every > 1 {
		t.Logf("under the race detector: one call in %d, and as few of the pairs", every)
	}
	if count.Single < 5*count.Calls/every || count.Pairs < 2000/every {
		t.Errorf("%s of %d calls: too few", count, count.Calls)
	}
}

// The life is as full as it says: a harness that compares empty platforms proves nothing.
func TestFullLife(t *testing.T) {
	c := fullLife()
	c.Life = append(c.Life, lendingtest.Step{Name: "refused", On: c.Rest,
		Do: func(context.Context, *lending.Desk) error { return lending.ErrState }})
	if count, err := c.Count(); err == nil {
		t.Errorf("%s: a life with a refusal went through", count)
	}
	c = fullLife()
	c.Every = 10
	c.Store = func(s lendingtest.FullStore) lendingtest.FullStore { return deadStore{s} }
	count, err := c.Count()
	if err != nil || len(count.Wrong) != count.Single {
		t.Errorf("%s: a dead store went through: %v", count, err)
	}
	for fact, n := range map[string]int{
		"loan L-":             2, // one closed, one failed
		"stream payout/":      7, // release, capture, three repayments, reversal, payoff
		"bank L-":             2, // refused, then paid
		"bank W-":             3,
		"payment D-":          6,
		"client fees-due CNY": 1,
		"platform income[":    3, // upfront, late, service
	} {
		got := 0
		for name := range count.End {
			if strings.HasPrefix(name, fact) {
				got++
			}
		}
		if got != n {
			t.Errorf("%d facts %q in the end, want %d", got, fact, n)
		}
	}
}

type deadStore struct{ lendingtest.FullStore }

func (deadStore) Find(context.Context, string) (event.Receipt, event.Hash, error) {
	return event.Receipt{}, event.Hash{}, context.DeadlineExceeded
}

// The same with a custodian that keeps sub-accounts: every call of a short life, in all kinds of
// fault, and pairs.
func TestCrashesPerUser(t *testing.T) {
	t.Parallel()
	c := perUserLife()
	c.Life, c.Script = lendingtest.CustodyLife(), lendingtest.CustodyLifeScript
	c.Every, c.Pairs = every, 600/every
	count := lendingtest.EnumerateCrashes(t, c)
	fmt.Printf("custody by user: %s, %d calls\n", count, count.Calls)
	if count.Single < 5*count.Calls/every || count.Pairs < 500/every {
		t.Errorf("%s of %d calls: too few", count, count.Calls)
	}
}

// The short life is as full as it says, and its crashes catch a gateway that mints ids.
func TestCustodyLife(t *testing.T) {
	c := perUserLife()
	c.Life, c.Script = lendingtest.CustodyLife(), lendingtest.CustodyLifeScript
	c.Every = 25
	count, err := c.Count()
	if err != nil || len(count.Wrong) > 0 {
		t.Fatalf("%s, %v", count, err)
	}
	for fact, n := range map[string]int{
		": 0 payments, 0 in all": 1, // a hold refused
		"Hold:2 ":                1,
		"Repeat:X-":              1, // a transfer in part, asked for again
		"Status:failed":          2,
		"Purpose:hold":           3,
		"Purpose:move":           7, // captures, fee, pay-off, shares, the rest of one
	} {
		got := 0
		for name, value := range count.End {
			got += strings.Count(name+": "+value, fact)
		}
		if got != n {
			t.Errorf("%d facts %q in the end, want %d", got, fact, n)
		}
	}
	c.Every = 8
	c.Script = func(in payment.Instruction) memory.Script {
		script := lendingtest.CustodyLifeScript(in)
		script.LoseAck = false // without faults the flaw does not show
		return script
	}
	c.Gateway = func(g payment.Gateway) payment.Gateway {
		return &mint{g, map[payment.ID]int{}, map[payment.ID]payment.ID{}}
	}
	if count, err = c.Count(); err != nil || len(count.Wrong) == 0 || len(count.Wrong) == count.Single {
		t.Errorf("a gateway that mints ids: %s, %v", count, err)
	}
	fmt.Printf("custody by user, gateway that mints ids: caught in %d of %d lives\n",
		len(count.Wrong), count.Single)
}

// The whole life with such a custodian, at some of its calls.
func TestCrashesPerUserFull(t *testing.T) {
	t.Parallel()
	c := perUserLife()
	c.Every = 400 * every
	count := lendingtest.EnumerateCrashes(t, c)
	fmt.Printf("custody by user, the whole life: %s, %d calls\n", count, count.Calls)
}

func perUserLife() lendingtest.Crashes {
	return lendingtest.Crashes{
		Life: lendingtest.PerUserLife(), Rest: lendingtest.FullLifeRest(),
		Config: lendingtest.PerUserLifeConfig(), Script: lendingtest.PerUserLifeScript,
	}
}

// With a bank that pays again whenever it is asked again, a payment of unknown outcome is parked
// until people have looked into it, and still goes out once.
func TestCrashesBankWithoutIdempotence(t *testing.T) {
	t.Parallel()
	c := fullLife()
	c.Repeats, c.Every = true, 5*every
	count := lendingtest.EnumerateCrashes(t, c)
	fmt.Printf("bank without idempotence: %s, %d parked\n", count, count.Parked)
	if count.Parked == 0 {
		t.Error("no payment was ever parked")
	}
}

// shortLife is a life of two withdrawals.
func shortLife() lendingtest.Crashes {
	on := lendingtest.FullLifeRest()
	by := func(id lending.ActorID, r lending.Role, key string) lending.Meta {
		return lending.Meta{Key: key, On: on, Actor: lending.Actor{ID: id, Role: r}}
	}
	bob := lending.Register{Party: "bob", Kind: lending.Person}
	ten := lending.Deposit{Party: "bob", Amount: money.MustParse("CNY 10.00")}
	out := lending.Withdraw{Amount: money.MustParse("CNY 4.00")}
	return lendingtest.Crashes{Rest: on, Life: []lendingtest.Step{
		lendingtest.Send(by("olga", lending.RoleOfficer, "bob"), bob),
		lendingtest.Send(by("bank", lending.RoleCustodian, "in"), ten),
		lendingtest.Send(by("bob", lending.RoleParty, "out-1"), out),
		lendingtest.Deliver(on),
		lendingtest.Send(by("bob", lending.RoleParty, "out-2"), out),
		lendingtest.Deliver(on),
	}}
}

// Each flaw works without faults and is caught by some crash.
func TestCrashesCatch(t *testing.T) {
	wrap := func(f func(lendingtest.FullStore) lendingtest.FullStore) func(*lendingtest.Crashes) {
		return func(c *lendingtest.Crashes) { c.Store = f }
	}
	for name, tc := range map[string]struct {
		flaw func(*lendingtest.Crashes)
		want string
	}{
		"gateway that mints an id for every attempt": {func(c *lendingtest.Crashes) {
			c.Gateway = func(g payment.Gateway) payment.Gateway {
				return &mint{g, map[payment.ID]int{}, map[payment.ID]payment.ID{}}
			}
		}, `.2: "1 payments, 400 in all", without faults nothing`}, // besides the first one
		"outbox that settles before delivery": {wrap(func(s lendingtest.FullStore) lendingtest.FullStore {
			return hasty{s}
		}), "holds -400 at rest"},
		"outbox outside the transaction": {wrap(func(s lendingtest.FullStore) lendingtest.FullStore {
			return &aside{FullStore: s}
		}), "holds -400 at rest"},
		"store that forgets keys": {wrap(func(s lendingtest.FullStore) lendingtest.FullStore {
			return &forgetful{FullStore: s}
		}), "exists already"}, // a step that took effect is refused when it is sent again
	} {
		t.Run(name, func(t *testing.T) {
			c := shortLife()
			if count, err := c.Count(); err != nil || len(count.Wrong) > 0 {
				t.Fatalf("without the flaw: %s, %v", count, err)
			}
			tc.flaw(&c)
			count, err := c.Count()
			if err != nil || len(count.Wrong) == 0 || len(count.Wrong) == count.Single {
				t.Fatalf("not caught: %s, %v", count, err)
			}
			fmt.Printf("%s: caught in %d of %d lives\n", name, len(count.Wrong), count.Single)
			if !strings.Contains(strings.Join(count.Wrong, "\n"), tc.want) {
				t.Errorf("no life ended with %s, but with\n%s", tc.want, count.Wrong[0])
			}
		})
	}
}

// mint learns the id under which the bank has an instruction from the bank's answer alone.
type mint struct {
	payment.Gateway
	attempts map[payment.ID]int
	known    map[payment.ID]payment.ID
}

func (g *mint) Submit(ctx context.Context, in payment.Instruction) error {
	id := in.ID
	if g.attempts[id]++; g.attempts[id] > 1 {
		in.ID = payment.ID(fmt.Sprintf("%s.%d", id, g.attempts[id]))
	}
	err := g.Gateway.Submit(ctx, in)
	if err == nil {
		g.known[id] = in.ID
	}
	return err
}

func (g *mint) Query(ctx context.Context, id payment.ID) (payment.Report, error) {
	known, ok := g.known[id]
	if !ok {
		return payment.Report{}, payment.ErrNotFound
	}
	r, err := g.Gateway.Query(ctx, known)
	r.Instruction = id
	return r, err
}

// hasty takes a message off the outbox when it hands it out.
type hasty struct{ lendingtest.FullStore }

func (s hasty) Due(ctx context.Context, now time.Time, limit int) ([]event.Message, error) {
	ms, err := s.FullStore.Due(ctx, now, limit)
	for _, m := range ms {
		err = errors.Join(err, s.Settle(ctx, m.ID, time.Time{}))
	}
	return ms, err
}

// forgetful knows no key again.
type forgetful struct {
	lendingtest.FullStore
	commits int
}

func (s *forgetful) Find(context.Context, string) (event.Receipt, event.Hash, error) {
	return event.Receipt{}, event.Hash{}, event.ErrNotFound
}

func (s *forgetful) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	s.commits++
	c.Key = fmt.Sprintf("%s.%d", c.Key, s.commits)
	return s.FullStore.Commit(ctx, c)
}

// aside writes its outbox after the commit, not with it.
type aside struct {
	lendingtest.FullStore
	out []event.Message
}

func (s *aside) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	out := c.Outbox
	c.Outbox = nil
	r, err := s.FullStore.Commit(ctx, c)
	if err == nil {
		s.out = append(s.out, out...)
	}
	return r, err
}

func (s *aside) Due(context.Context, time.Time, int) ([]event.Message, error) {
	return slices.Clone(s.out), nil
}

func (s *aside) Settle(_ context.Context, id string, _ time.Time) error {
	s.out = slices.DeleteFunc(s.out, func(m event.Message) bool { return m.ID == id })
	return nil
}
