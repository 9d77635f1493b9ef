package lendingtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
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
			if k := line.Account.Kind; k == ledger.KindClearing || k == ledger.KindOutTransit || k == ledger.KindFeesTransit {
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
			if end["stream "+s.String()], err = l.stand(desk, s, head); err != nil {
				return err
			}
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

// stand is where a stream stands: its head, or its state where the order in which a custodian's
// answers come in may differ.
func (l *life) stand(desk *lending.Desk, s event.Stream, head string) (string, error) {
	if l.Config.Custody != lending.PerUser {
		return head, nil
	}
	var state event.Coder
	var err error
	switch s.Kind {
	case "loan":
		state, _, err = lending.View(context.Background(), desk, lending.LoanRef(lending.LoanID(s.ID)))
	case "wallet":
		p, _, _ := strings.Cut(s.ID, ".")
		cur := money.MustCurrency("CNY")
		state, _, err = lending.View(context.Background(), desk, lending.WalletRef(lending.PartyID(p), cur))
	default:
		return head, nil
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", event.Encode(nil, 1, state)), nil
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
// send it again. They ask again for what a custodian refused to move. It returns those payments.
func (l *life) people(on civil.Date) (acted []payment.ID, err error) {
	if err := l.follow(); err != nil {
		return nil, err
	}
	look, err := l.observer()
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(l.waiting)) {
		p, _, err := lending.View(context.Background(), look, lending.PaymentRef(id))
		if err != nil {
			return nil, err
		}
		if p.Due() > 0 {
			m := lending.Meta{Key: "again/" + string(id), On: on,
				Actor: lending.Actor{ID: "carl", Role: lending.RoleCashier}}
			if err := l.again(Send(m, lending.RepeatMove{Payment: id})); err != nil {
				return nil, err
			}
			acted = append(acted, id)
			continue
		}
		if !p.Parked {
			if p.State.Status.Final() {
				delete(l.waiting, id)
			}
			continue
		}
		if n := l.bank.Payments(id); n != 0 {
			return nil, broken("payment %s is parked and was paid %d times", id, n)
		}
		m := lending.Meta{Key: "people/" + string(id) + "/" + l.waiting[id], On: on,
			Actor:    lending.Actor{ID: "carl", Role: lending.RoleCashier},
			Approver: lending.Actor{ID: "chief", Role: lending.RoleOfficer}}
		if err := l.again(Send(m, lending.ReleasePayment{Payment: id})); err != nil {
			return nil, err
		}
		acted = append(acted, id)
		l.parked++
	}
	return acted, nil
}

// follow notes the payments of which the feed has something new.
func (l *life) follow() error {
	for {
		changes, next, err := l.disk.Read(context.Background(), l.seen, 1000)
		if err != nil || len(changes) == 0 {
			return err
		}
		for _, c := range changes {
			if c.Stream.Kind == "payment" {
				l.waiting[payment.ID(c.Stream.ID)] = fmt.Sprintf("%d-%x", c.At, c.Record.Hash[:8])
			}
		}
		l.seen = next
	}
}

// observer opens a desk past all faults, for looking.
func (l *life) observer() (*lending.Desk, error) {
	cfg := l.Config
	cfg.Store, cfg.Gateway = l.disk, l.bank
	return lending.Open(cfg)
}
