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
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
)

var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// endOf describes where a platform stands, one fact under each name. Streams of payments are
// described by their state, for a report heard twice is a record more; all others by their length
// and the hash of their chain, that is by every byte.
func endOf(disk FullStore, bank *memory.Bank, cfg lending.Config) (map[string]string, error) {
	ctx := context.Background()
	var r lending.Reports
	if err := r.Follow(ctx, disk); err != nil {
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
	cfg.Store, cfg.Gateway = disk, bank
	desk, err := lending.Open(cfg)
	if err != nil {
		return nil, err
	}
	heads, err := headsOf(disk)
	if err != nil {
		return nil, err
	}
	for s, head := range heads {
		if s.Kind != "payment" {
			end["stream "+s.String()] = head
			continue
		}
		p, _, err := lending.View(ctx, desk, lending.PaymentRef(payment.ID(s.ID)))
		if err != nil {
			return nil, err
		}
		p.Sends = 0
		end["payment "+s.ID] = fmt.Sprintf("%+v", *p)
	}
	for _, id := range bank.Seen() {
		end["bank "+string(id)] = fmt.Sprintf("%d payments, %d in all", bank.Payments(id), bank.Paid(id))
	}
	return end, nil
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
			heads[c.Stream] = fmt.Sprintf("%d %x", c.At, c.Record.Hash[:8])
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

// people look into every parked payment: what the bank has paid they report, what it never saw
// they send again.
func (l *life) people() error {
	heads, err := headsOf(l.disk)
	if err != nil {
		return err
	}
	for s, head := range heads {
		if s.Kind != "payment" {
			continue
		}
		id := payment.ID(s.ID)
		look := Step{"look into " + s.ID, func(ctx context.Context, d *lending.Desk) error {
			return l.look(ctx, d, id, head)
		}}
		if err := l.again(look); err != nil {
			return err
		}
	}
	return nil
}

func (l *life) look(ctx context.Context, d *lending.Desk, id payment.ID, head string) error {
	p, _, err := lending.View(ctx, d, lending.PaymentRef(id))
	if err != nil || !p.Parked {
		return err
	}
	l.parked++
	key := fmt.Sprintf("people/%s/%.10s", id, head)
	two := lending.Meta{Key: key, On: l.Rest, Actor: lending.Actor{ID: "carl", Role: lending.RoleCashier},
		Approver: lending.Actor{ID: "chief", Role: lending.RoleOfficer}}
	if l.bank.Payments(id) == 0 {
		_, err = lending.Do(ctx, d, two, lending.ReleasePayment{Payment: id})
		return err
	}
	report, err := l.bank.Query(ctx, id)
	if err != nil {
		return err
	}
	two.Actor = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
	_, err = lending.Do(ctx, d, two, lending.Observe{Report: report})
	return err
}
