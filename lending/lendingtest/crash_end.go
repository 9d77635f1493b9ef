package lendingtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// endOf describes where a platform stands, one fact under each name. Streams of payments are
// described by their state, for a report heard twice is a record more; all others by their length
// and the hash of their chain, that is by every byte.
func (l *life) endOf() (map[string]string, error) {
	ctx := context.Background()
	var r lending.Reports
	if err := r.Follow(ctx, l.disk); err != nil {
		return nil, err
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	end := map[string]string{}
	for b := ledger.Client; b <= ledger.Register; b++ {
		for _, line := range r.TrialBalance(b) {
			end[fmt.Sprintf("%s %s %s", b, line.Account, line.Currency)] = fmt.Sprint(line.Debit)
			if k := line.Account.Kind; k == ledger.KindClearing || k == ledger.KindOutTransit {
				return nil, fmt.Errorf("%w: %s holds %d at rest", ledger.ErrBooks, line.Account, line.Debit)
			}
		}
	}
	for _, id := range r.Loans() {
		end["loan "+string(id)] = r.Loan(id).State.String()
	}
	for _, id := range l.bank.Seen() {
		n, paid := l.bank.Payments(id), l.bank.Paid(id)
		end["bank "+string(id)] = fmt.Sprintf("%d payments, %d in all", n, paid)
	}
	return end, l.addStreams(end)
}

// addStreams adds where every stream stands.
func (l *life) addStreams(end map[string]string) error {
	desk, err := l.observer()
	if err != nil {
		return err
	}
	heads, err := headsOf(l.disk)
	if err != nil {
		return err
	}
	for s, head := range heads {
		if s.Kind != "payment" {
			end["stream "+s.String()] = head
			continue
		}
		p, _, err := lending.View(context.Background(), desk, lending.PaymentRef(payment.ID(s.ID)))
		if err != nil {
			return err
		}
		p.Sends, p.Acknowledged = 0, false
		end["payment "+s.ID] = fmt.Sprintf("%+v", *p)
	}
	return nil
}

// headsOf reads the whole feed and returns the head of every stream.
func headsOf(f event.Feed) (map[event.Stream]string, error) {
	heads := map[event.Stream]string{}
	for at := event.Position(0); ; {
		changes, next, err := f.Read(context.Background(), at, 1000)
		if err != nil {
			return nil, err
		}
		if len(changes) == 0 {
			return heads, nil
		}
		for _, c := range changes {
			heads[c.Stream] = fmt.Sprintf("%d-%x", c.At, c.Record.Hash[:8])
		}
		at = next
	}
}

// differ says how an end differs from the good one, nil when it does not.
func differ(good, end map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(good)) {
		if end[name] != good[name] {
			return fmt.Errorf("%s: %q, without faults %q", name, end[name], good[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(end)) {
		if _, ok := good[name]; !ok {
			return fmt.Errorf("%s: %q, without faults nothing", name, end[name])
		}
	}
	return nil
}

// people look into the parked payments: whatever is parked was never seen by the bank, and they
// send it again. It returns those payments.
func (l *life) people(on civil.Date) (parked []event.Stream, err error) {
	heads, err := headsOf(l.disk)
	if err != nil {
		return nil, err
	}
	look, err := l.observer()
	if err != nil {
		return nil, err
	}
	for s, head := range heads {
		if s.Kind != "payment" {
			continue
		}
		id := payment.ID(s.ID)
		p, _, err := lending.View(context.Background(), look, lending.PaymentRef(id))
		if err != nil {
			return nil, err
		}
		if !p.Parked {
			continue
		}
		if n := l.bank.Payments(id); n != 0 {
			return nil, broken("payment %s is parked and was paid %d times", id, n)
		}
		m := lending.Meta{Key: "people/" + s.ID + "/" + head, On: on,
			Actor:    lending.Actor{ID: "carl", Role: lending.RoleCashier},
			Approver: lending.Actor{ID: "chief", Role: lending.RoleOfficer}}
		if err := l.again(Send(m, lending.ReleasePayment{Payment: id})); err != nil {
			return nil, err
		}
		parked = append(parked, s)
	}
	l.parked += len(parked)
	return parked, nil
}

// observer opens a desk past all faults, for looking.
func (l *life) observer() (*lending.Desk, error) {
	cfg := l.Config
	cfg.Store, cfg.Gateway = l.disk, l.bank
	return lending.Open(cfg)
}
