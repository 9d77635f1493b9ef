package lendingtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// Mood is how a simulated custodian treats the instructions of one case of [GatewaySuite].
type Mood uint8

// Moods. A custodian says Pending for at most a hundred queries in any of them.
const (
	Healthy     Mood = iota + 1 // every instruction ends settled in full
	LosesAck                    // the first Submit of an id does its work, then an unknown error
	Down                        // the first Submit of an id does nothing: an unknown error
	Rejecting                   // every instruction is refused
	PayingParts                 // reports at least one part before it settles in full
	Failing                     // ends failed, with a part paid or nothing
)

var moodNames = [...]string{
	"", "healthy", "loses-ack", "down", "rejecting", "paying-parts", "failing"}

// String returns the mood's name.
func (m Mood) String() string {
	if m == 0 || int(m) >= len(moodNames) {
		return fmt.Sprintf("mood %d", uint8(m))
	}
	return moodNames[m]
}

// Gateways opens the gateways on which a suite runs.
type Gateways struct {
	// Open returns a gateway to a custodian in a mood that has seen no instruction yet, or nil
	// if the mood cannot be provoked; its cases are skipped then.
	Open func(t *testing.T, mood Mood) payment.Gateway
	// Paid returns the minor units that really moved for an instruction. Nil: nobody knows, and
	// the suite believes the reports.
	Paid func(g payment.Gateway, id payment.ID) int64
}

// GatewaySuite checks the contract of [payment.Gateway], one subtest for each clause. An adapter
// to a real custodian is run against its sandbox or a recording; a custodian that is not
// idempotent skips what it does not promise.
func GatewaySuite(t *testing.T, gateways Gateways) {
	for _, c := range gatewayCases {
		t.Run(c.name, func(t *testing.T) {
			g := gateways.Open(t, c.mood)
			if g == nil {
				t.Skipf("no custodian that is %s", c.mood)
			}
			var paid func(payment.ID) int64
			if gateways.Paid != nil {
				paid = func(id payment.ID) int64 { return gateways.Paid(g, id) }
			}
			c.run(newTill(t, g, paid))
		})
	}
}

type gatewayCase struct {
	name string
	mood Mood
	run  func(*till)
}

var gatewayCases = []gatewayCase{
	{"G01 pays and says so", Healthy, pays},
	{"G02 same id twice is one payment", Healthy, paysOnce},
	{"G03 never seen is not found", Healthy, neverSeen},
	{"G04 query after a lost ack", LosesAck, lostAck},
	{"G05 down did nothing", Down, down},
	{"G06 rejected is final", Rejecting, rejected},
	{"G07 parts only grow", PayingParts, parts},
	{"G08 failed says what was paid", Failing, failed},
	{"G09 a final report stays", Healthy, staysFinal},
	{"G10 ids are apart", Healthy, idsApart},
	{"G11 cancelled is unknown", Healthy, cancelledSubmit},
}

// till is one case's gateway.
type till struct {
	tester
	ctx     context.Context
	gateway payment.Gateway
	paid    func(payment.ID) int64
}

func newTill(t tester, g payment.Gateway, paid func(payment.ID) int64) *till {
	return &till{t, context.Background(), g, paid}
}

func payout(id payment.ID, amount string) payment.Instruction {
	return payment.Instruction{
		ID: id, Kind: payment.Payout, Party: "bob", Amount: money.MustParse("CNY " + amount)}
}

func (l *till) submit(in payment.Instruction) error { return l.gateway.Submit(l.ctx, in) }

// must submits what the custodian has to take.
func (l *till) must(in payment.Instruction) {
	l.Helper()
	if err := l.submit(in); err != nil {
		l.Fatalf("submit %s: %v", in.ID, err)
	}
}

// unknown checks that an error of Submit leaves the outcome open.
func (l *till) unknown(err error) {
	l.Helper()
	if err == nil || errors.Is(err, payment.ErrRejected) || errors.Is(err, payment.ErrNotFound) {
		l.Errorf("submit: error %v, want one that leaves the outcome unknown", err)
	}
}

// observe asks once and joins the answer to what was heard before.
func (l *till) observe(in payment.Instruction, heard payment.State) payment.State {
	l.Helper()
	report, err := l.gateway.Query(l.ctx, in.ID)
	if err != nil {
		l.Fatalf("query %s: %v", in.ID, err)
	}
	if paid := report.Paid.Minor(); paid < heard.Paid {
		l.Errorf("query %s: %d paid, after %d", in.ID, paid, heard.Paid)
	}
	now, err := heard.Observe(in, report)
	if err != nil {
		l.Fatalf("query %s: %v", in.ID, err)
	}
	if now.Status == payment.Disputed {
		l.Errorf("query %s: %s with %s paid, after %s", in.ID, report.Status, report.Paid, heard.Status)
	}
	if l.paid != nil && l.paid(in.ID) < now.Paid {
		l.Errorf("query %s: reports %d paid, but %d were", in.ID, now.Paid, l.paid(in.ID))
	}
	return now
}

// ends asks until the report is final, checks that it is the one and that the money agrees.
func (l *till) ends(in payment.Instruction, want payment.Status) payment.State {
	l.Helper()
	var heard payment.State
	for range 100 {
		if heard = l.observe(in, heard); heard.Status.Final() {
			break
		}
	}
	if heard.Status != want {
		l.Errorf("%s ends %s, want %s", in.ID, heard.Status, want)
	}
	l.moved(in.ID, heard.Paid)
	return heard
}

// moved checks what really happened, where that is known.
func (l *till) moved(id payment.ID, want int64) {
	l.Helper()
	if l.paid == nil {
		return
	}
	if got := l.paid(id); got != want {
		l.Errorf("%s moved %d minor units, want %d", id, got, want)
	}
}

func pays(l *till) {
	for i, amount := range []string{"0.01", "10000.00", "90071992547409.91"} {
		in := payout(payment.ID(fmt.Sprintf("p-%d", i)), amount)
		l.must(in)
		l.ends(in, payment.Settled)
		l.moved(in.ID, in.Amount.Minor())
	}
}

func paysOnce(l *till) {
	if !l.gateway.Capabilities().Idempotent {
		return
	}
	in, raced := payout("p-1", "12.34"), payout("p-2", "56.78")
	for range 3 {
		l.must(in)
	}
	race(racers, func(int) {
		if err := l.submit(raced); err != nil {
			l.Errorf("submit %s: %v", raced.ID, err)
		}
	})
	for range 2 {
		l.ends(in, payment.Settled)
		l.ends(raced, payment.Settled)
		l.must(in)
	}
	l.moved(in.ID, 1234)
	l.moved(raced.ID, 5678)
}

func neverSeen(l *till) {
	in := payout("p-1", "1.00")
	for _, id := range []payment.ID{"p-1", "P-1", "p-", "p-11", "", "none"} {
		if _, err := l.gateway.Query(l.ctx, id); !errors.Is(err, payment.ErrNotFound) {
			l.Errorf("query %q: error %v, want ErrNotFound", id, err)
		}
		if id == in.ID {
			l.must(in)
			l.ends(in, payment.Settled)
		}
	}
}

func lostAck(l *till) {
	in := payout("p-1", "12.34")
	l.unknown(l.submit(in))
	l.ends(in, payment.Settled)
	if l.gateway.Capabilities().Idempotent {
		l.must(in)
		l.ends(in, payment.Settled)
	}
	l.moved(in.ID, 1234)
}

func down(l *till) {
	in := payout("p-1", "12.34")
	l.unknown(l.submit(in))
	if _, err := l.gateway.Query(l.ctx, in.ID); !errors.Is(err, payment.ErrNotFound) {
		l.Errorf("query of what never arrived: error %v, want ErrNotFound", err)
	}
	l.moved(in.ID, 0)
	l.must(in)
	l.ends(in, payment.Settled)
	l.moved(in.ID, 1234)
}

func rejected(l *till) {
	in := payout("p-1", "12.34")
	for range 2 {
		if err := l.submit(in); !errors.Is(err, payment.ErrRejected) {
			l.Errorf("submit: error %v, want ErrRejected", err)
		}
		if _, err := l.gateway.Query(l.ctx, in.ID); !errors.Is(err, payment.ErrNotFound) {
			if heard := l.ends(in, payment.Failed); heard.Paid != 0 {
				l.Errorf("rejected, and %d paid", heard.Paid)
			}
		}
		l.moved(in.ID, 0)
	}
}

func parts(l *till) {
	in := payout("p-1", "12.34")
	if !l.gateway.Capabilities().Partial {
		l.Errorf("pays parts, and its capabilities say it does not")
	}
	l.must(in)
	var heard payment.State
	partial := false
	for i := 0; i < 100 && !heard.Status.Final(); i++ {
		heard = l.observe(in, heard)
		partial = partial || heard.Status == payment.Pending && heard.Paid > 0 && heard.Paid < 1234
	}
	if !partial {
		l.Errorf("no report of a part")
	}
	l.ends(in, payment.Settled)
	l.moved(in.ID, 1234)
}

func failed(l *till) {
	in := payout("p-1", "12.34")
	l.must(in)
	first := l.ends(in, payment.Failed)
	for range 3 {
		if l.gateway.Capabilities().Idempotent {
			l.must(in)
		}
		if again := l.ends(in, payment.Failed); again != first {
			l.Errorf("failed with %d paid, then with %d", first.Paid, again.Paid)
		}
	}
}

func staysFinal(l *till) {
	in := payout("p-1", "12.34")
	l.must(in)
	heard := l.ends(in, payment.Settled)
	for i := range 10 {
		if i == 5 && l.gateway.Capabilities().Idempotent {
			l.must(in)
		}
		report, err := l.gateway.Query(l.ctx, in.ID)
		if err != nil || report.Status != payment.Settled || report.Paid != in.Amount {
			l.Errorf("after the end: %v, %v", report, err)
		}
		heard = l.observe(in, heard)
	}
	l.moved(in.ID, 1234)
}

func idsApart(l *till) {
	var ins []payment.Instruction
	for i, id := range []payment.ID{"a", "A", "aa", "a.", "a_", "a-", "axb", "a_b", "1", "01"} {
		ins = append(ins, payout(id, fmt.Sprintf("%d.%02d", i+1, i)))
		l.must(ins[i])
	}
	for _, in := range ins {
		l.ends(in, payment.Settled)
		l.moved(in.ID, in.Amount.Minor())
	}
	other := payout("a", "99.00") // refused or ignored, never paid on top
	if l.gateway.Capabilities().Idempotent {
		if err := l.submit(other); errors.Is(err, payment.ErrRejected) {
			l.Errorf("id of a payment that stands: %v says that nothing was paid", err)
		}
		l.ends(ins[0], payment.Settled)
		l.moved("a", 100)
	}
}

func cancelledSubmit(l *till) {
	if !l.gateway.Capabilities().Idempotent {
		return
	}
	for i := range rounds {
		in := payout(payment.ID(fmt.Sprintf("p-%d", i)), "12.34")
		ctx, cancel := context.WithCancel(l.ctx)
		if i%2 == 0 {
			cancel()
		} else {
			go cancel()
		}
		if err := l.gateway.Submit(ctx, in); err != nil {
			l.unknown(err)
		}
		cancel()
		l.must(in)
		l.ends(in, payment.Settled)
		l.moved(in.ID, 1234)
	}
}
