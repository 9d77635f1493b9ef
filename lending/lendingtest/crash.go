package lendingtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Step is one thing that a host does. It may be done again after any failure: its commands have
// the same keys each time.
type Step struct {
	Name string
	On   civil.Date
	Do   func(ctx context.Context, d *lending.Desk) error

	delivers bool               // payments may be parked by it
	outside  func(*memory.Bank) // what happens at the bank before it
}

// Send is the step that gives one command.
func Send[S any, E event.Of[S]](m lending.Meta, c lending.Command[S, E]) Step {
	return Step{Name: m.Key, On: m.On, Do: func(ctx context.Context, d *lending.Desk) error {
		_, err := lending.Do(ctx, d, m, c)
		return err
	}}
}

// Deliver is the step that calls [lending.Desk.Deliver].
func Deliver(on civil.Date) Step {
	do := func(ctx context.Context, d *lending.Desk) error {
		_, err := d.Deliver(ctx, on)
		return err
	}
	return Step{Name: "deliver " + on.String(), On: on, Do: do, delivers: true}
}

// EndDay is the step that calls [lending.Desk.DayEnd].
func EndDay(on civil.Date) Step {
	do := func(ctx context.Context, d *lending.Desk) error {
		_, err := d.DayEnd(ctx, on)
		return err
	}
	return Step{Name: "day-end " + on.String(), On: on, Do: do}
}

// Crashes says which life is lived again and again with faults. Only Life and Rest are mandatory.
type Crashes struct {
	Life   []Step
	Rest   civil.Date     // day on which the platform comes to rest afterwards
	Config lending.Config // store and gateway are the harness's
	Disk   func() FullStore
	Script func(payment.Instruction) memory.Script
	// Repeats makes the bank pay again when an id comes again. Payments of unknown outcome are then
	// parked; the harness plays the people who look into them.
	Repeats bool
	// Every tries single faults only at every so many calls; zero for each.
	Every int
	// Pairs is how many pairs of faults to try at least, spread evenly; below zero all.
	Pairs int
	// Store and Gateway stand between the desk and the faults, to prove that a flaw there is caught.
	// The life without faults, with which all others are compared, goes without them.
	Store   func(FullStore) FullStore
	Gateway func(payment.Gateway) payment.Gateway
}

// CrashCount is what an enumeration found.
type CrashCount struct {
	End    map[string]string // where the life without faults ended, fact by fact
	Calls  int               // adapter calls of the life without faults
	Single int               // lives with one fault
	Pairs  int               // lives with two faults
	Parked int               // payments that waited for people, in all lives
	Wrong  []string          // what went wrong, by life
}

// String gives the counts in a line.
func (c CrashCount) String() string {
	return fmt.Sprintf("crash: %d single, %d pairs, %d wrong", c.Single, c.Pairs, len(c.Wrong))
}

// EnumerateCrashes proves that a fault at any adapter call loses nothing and pays nothing twice.
// The life is lived once without faults and its n calls counted. Then it is lived again for every
// call and [FaultKind], and for pairs of them: a step that ended in an unknown outcome is done
// again, on a new desk after a panic and on both the same and a new one after an error. At the end
// the platform must come to rest within a bounded number of rounds, keep all invariants, and be
// what it was without faults: every record of every stream but those of payments, every account,
// where each payment stands, what the bank paid and how often.
//
// With LOANWEAVE_CRASH=all in the environment all pairs are tried, which takes about an hour for
// [FullLife] and so wants go test -timeout 0.
func EnumerateCrashes(t *testing.T, c Crashes) CrashCount {
	t.Helper()
	if os.Getenv("LOANWEAVE_CRASH") == "all" {
		c.Pairs = -1
	}
	count, err := c.Count()
	if err != nil {
		t.Fatal(err)
	}
	for i, wrong := range count.Wrong {
		if i == 5 {
			break
		}
		t.Error(wrong)
	}
	t.Logf("%d calls, %d parked; %s", count.Calls, count.Parked, count)
	return count
}

// Count runs the enumeration and judges nothing. The error says that the life does not even work
// without faults.
func (c Crashes) Count() (CrashCount, error) {
	plain := c
	plain.Store, plain.Gateway = nil, nil
	var count CrashCount
	good, err := plain.live(nil, false)
	if err != nil {
		return count, fmt.Errorf("without faults: %w", err)
	}
	count.Calls, count.End = good.faults.Calls(), good.end
	try := func(plan []arm, restart bool) bool {
		l, err := c.live(plan, restart)
		if err == nil {
			err = differ(good.end, l.end)
		}
		count.Parked += l.parked
		if err != nil {
			count.Wrong = append(count.Wrong, fmt.Sprintf("%v, new desk %t: %v", plan, restart, err))
		}
		return l.faults.Injected() == len(plan)
	}
	for at := 1; at <= count.Calls; at += max(c.Every, 1) {
		for _, kind := range FaultKinds() {
			plan := []arm{{at, kind}}
			try(plan, true)
			count.Single++
			if kind < Panic {
				try(plan, false)
				count.Single++
			}
		}
	}
	for i, plan := range pairs(count.Calls, c.Pairs) {
		if try(plan, i%2 == 0) {
			count.Pairs++
		}
	}
	return count, nil
}

// arm is one fault of a plan.
type arm struct {
	at   int
	kind FaultKind
}

func (a arm) String() string { return fmt.Sprintf("%s at call %d", a.kind, a.at) }

// pairs lists at least want plans of two faults at the calls 1 to n, evenly spread over all of
// them; below zero all.
func pairs(n, want int) (plans [][]arm) {
	kinds := FaultKinds()
	combinations := len(kinds) * len(kinds)
	total := n * (n - 1) / 2 * combinations
	if want < 0 || want > total {
		want = total
	}
	if want == 0 {
		return nil
	}
	stride := total / want
	if stride > 1 && stride%2 == 0 {
		stride-- // odd, so that it goes through all combinations of kinds
	}
	for k := 0; k < total; k += stride {
		first, second := unrank(k / combinations)
		a, b := kinds[k%len(kinds)], kinds[k/len(kinds)%len(kinds)]
		plans = append(plans, []arm{{first, a}, {second, b}})
	}
	return plans
}

// unrank gives the pair of that rank in the order (1,2), (1,3), (2,3), (1,4), ...
func unrank(rank int) (first, second int) {
	second = 2
	for rank >= second-1 {
		rank -= second - 1
		second++
	}
	return rank + 1, second
}

// Bounds of a life: tries of one step, rounds until the platform is at rest.
const (
	maxAttempts = 10
	maxRounds   = 10
)

// life is one life on one disk and bank.
type life struct {
	Crashes
	disk    FullStore
	bank    *memory.Bank
	faults  *Faults
	store   FullStore // as the desk sees it
	gateway payment.Gateway
	desk    *lending.Desk
	restart bool // after errors too
	parked  int
	seen    event.Position
	waiting map[payment.ID]string // payments that may wait for people, with their heads
	end     map[string]string
}

// live lives one life with the faults of a plan.
func (c Crashes) live(plan []arm, restart bool) (*life, error) {
	l := &life{Crashes: c, bank: memory.NewBank(), faults: new(Faults), restart: restart,
		waiting: map[payment.ID]string{}}
	if c.Config.Custody == lending.PerUser {
		l.bank = memory.NewCustodian()
	}
	l.disk = memory.NewStore()
	if c.Disk != nil {
		l.disk = c.Disk()
	}
	l.bank.Script(c.Script)
	l.bank.Dedup(!c.Repeats)
	for _, a := range plan {
		l.faults.Arm(a.at, a.kind)
	}
	l.store, l.gateway = l.faults.Store(l.disk), l.faults.Gateway(l.bank)
	if c.Store != nil {
		l.store = c.Store(l.store)
	}
	if c.Gateway != nil {
		l.gateway = c.Gateway(l.gateway)
	}
	if err := l.open(); err != nil {
		return l, err
	}
	for _, s := range c.Life {
		if err := l.step(s); err != nil {
			return l, err
		}
	}
	if err := l.settle(); err != nil {
		return l, err
	}
	var err error
	l.end, err = l.endOf()
	return l, err
}

// open is a start of the process.
func (l *life) open() (err error) {
	cfg := l.Config
	cfg.Store, cfg.Gateway = l.store, l.gateway
	l.desk, err = lending.Open(cfg)
	return err
}

// step does a step until it has worked, and then has people look into parked payments.
func (l *life) step(s Step) error {
	if s.outside != nil {
		s.outside(l.bank)
	}
	err := l.again(s)
	if err == nil && l.Config.Custody == lending.PerUser {
		return l.answered(s.On)
	}
	for range maxAttempts {
		if err != nil || !l.Repeats || !s.delivers {
			return err
		}
		var parked []payment.ID
		if parked, err = l.people(s.On); len(parked) == 0 {
			return err
		}
		err = l.again(Deliver(s.On))
	}
	return fmt.Errorf("%s: parks the same payments again and again: %w", s.Name, errRestless)
}

// answered delivers until the custodian has answered to everything; people repeat what it refused.
func (l *life) answered(on civil.Date) error {
	ctx := context.Background()
	for range 5 * maxRounds {
		if _, err := l.people(on); err != nil {
			return err
		}
		due, err := l.disk.Due(ctx, farFuture, 1)
		if err != nil {
			return err
		}
		open, err := l.disk.Awake(ctx, "payout", on, "", 1)
		if err != nil || len(due) == 0 && len(open) == 0 {
			return err
		}
		if err := l.again(Deliver(on)); err != nil {
			return err
		}
	}
	return errRestless
}

func (l *life) again(s Step) (err error) {
	for range maxAttempts {
		var died bool
		if died, err = l.attempt(s); err == nil && !died {
			return nil
		}
		if !died && lending.ClassOf(err) != lending.ClassUnknown {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if died || l.restart {
			if err := l.open(); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("%s: not done after %d attempts: %w", s.Name, maxAttempts, err)
}

// attempt does a step once. Only a [Death] is survived.
func (l *life) attempt(s Step) (died bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			if _, died = v.(Death); !died {
				err = fmt.Errorf("%w: panic: %v", lending.ErrInvariant, v)
			}
		}
	}()
	return false, s.Do(context.Background(), l.desk)
}

var errRestless = errors.New("lendingtest: the platform does not come to rest")

// settle drives the platform until nothing is left to do.
func (l *life) settle() error {
	ctx := context.Background()
	for range maxRounds {
		if err := l.step(Deliver(l.Rest)); err != nil {
			return err
		}
		if err := l.step(EndDay(l.Rest)); err != nil {
			return err
		}
		due, err := l.disk.Due(ctx, farFuture, 1)
		if err != nil {
			return err
		}
		awake := 0
		for _, kind := range []string{"loan", "payout"} {
			ids, err := l.disk.Awake(ctx, kind, l.Rest, "", 1)
			if err != nil {
				return err
			}
			awake += len(ids)
		}
		if len(due) == 0 && awake == 0 {
			return nil
		}
	}
	return errRestless
}
