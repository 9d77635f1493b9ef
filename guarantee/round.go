package guarantee

import (
	"iter"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Bounds of a round and of one commit of it.
const (
	maxRound = 100_000 // demands of a round, the oldest; the others take part in a later one
	maxChunk = 20      // demands paid by a command
	maxLots  = 1000    // of their loans, but for the first
	maxWaits = 100     // demands passed over by a command; those behind them wait until the day after
)

// RoundFixed stands on a fund when a settlement has begun: what each of the oldest demands is paid at most,
// in the order of the queue. It is paid in chunks; the end does not depend on their size.
type RoundFixed struct {
	On     civil.Date
	Cash   int64
	Shares []int64
}

// Type implements event.Of.
func (RoundFixed) Type() string { return "round" }

// Apply implements event.Of.
func (e RoundFixed) Apply(f *Fund) {
	f.Round, f.Due = e.On, f.Queue.due(e.On, e.Shares)
}

// due pairs shares with the demands that are ready on a day, leaving out those of nothing.
func (q *Queue) due(on civil.Date, shares []int64) (list []Share) {
	i := 0
	for d := range q.ready(on) {
		if i == len(shares) {
			break
		}
		if shares[i] > 0 {
			list = append(list, Share{d.Key, shares[i]})
		}
		i++
	}
	return list
}

// ready goes in order through the demands that a round of a day is for.
func (q *Queue) ready(on civil.Date) iter.Seq[Demand] {
	return func(yield func(Demand) bool) {
		for d := range q.All() {
			if d.from().After(on) {
				return
			}
			if d.Waited != on && !yield(d) {
				return
			}
		}
	}
}

// Code implements event.Coder.
func (e *RoundFixed) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Cash)
	c.Ints(&e.Shares)
}

// without takes keys, given in the order of a list of shares, out of it.
func without(list []Share, keys []Key) []Share {
	kept, i := list[:0:0], 0
	for ; i < len(list) && len(keys) > 0; i++ {
		if list[i].Key == keys[0] {
			keys = keys[1:]
		} else {
			kept = append(kept, list[i])
		}
	}
	copy(list[i-len(kept):], kept)
	return list[i-len(kept):]
}

// round is the round that begins if none runs and there is cash, and what is due of the one that runs then.
func (f *Fund) round(t *lending.Tx, cash int64) (*RoundFixed, []Share, error) {
	if len(f.Due) > 0 {
		return nil, f.Due, nil
	}
	ready := f.ready(t.On)
	if len(ready) == 0 {
		return nil, nil, refuse(ErrNothing, "fund %s has no demand whose settlement has come", f.ID)
	}
	if t.On.Before(f.Next) {
		return nil, nil, refuse(ErrNothing, "fund %s settles again on %s", f.ID, f.Next)
	}
	if cash == 0 {
		return nil, nil, nil
	}
	shares, err := f.Terms.Policy.Shares(cash, ready)
	if err != nil {
		return nil, nil, err
	}
	return &RoundFixed{t.On, cash, shares}, f.Queue.due(t.On, shares), nil
}

// ready lists the demands that share in a round of a day.
func (f *Fund) ready(on civil.Date) (list []Demand) {
	for d := range f.Queue.ready(on) {
		if len(list) == maxRound {
			break
		}
		list = append(list, d)
	}
	return list
}

// payable is a share and the loan that it is paid on.
type payable struct {
	Share
	loan *lending.Loan
}

// chunk returns what is paid next of a round, as much as one commit takes: each loan once, as it is paid once a
// command. If nothing of it can be paid now, it returns the first demands of those that wait for their loans. It
// asks for all wallets that are paid, so that no decision is made twice.
func (f *Fund) chunk(t *lending.Tx, due []Share) (pays []payable, waits []Key, err error) {
	for len(due) > 0 && len(pays) == 0 && len(waits) < maxWaits {
		list := due[:min(maxChunk, len(due))]
		due = due[len(list):]
		loans, err := ready(t, list)
		if err != nil {
			return nil, nil, err
		}
		seen, lots := map[lending.LoanID]bool{}, 0
		for i, l := range loans {
			if l == nil {
				waits = append(waits, list[i].Key)
				continue
			}
			if seen[l.ID] {
				continue
			}
			if lots += len(l.Lots); lots > maxLots && len(pays) > 0 {
				break
			}
			seen[l.ID] = true
			pays = append(pays, payable{list[i], l})
		}
	}
	var wallets []event.Stream
	for _, p := range pays {
		for i := range p.loan.Lots {
			wallets = append(wallets, lending.WalletRef(p.loan.Lots[i].Holder, f.Terms.Currency).Stream())
		}
	}
	return pays, waits, t.Want(wallets...)
}

// ready reads the loans of shares: nil for one that cannot be paid, as its last payout is not complete.
func ready(t *lending.Tx, list []Share) ([]*lending.Loan, error) {
	loans, err := readLoans(t, list)
	if err != nil {
		return nil, err
	}
	var payouts []event.Stream
	for _, l := range loans {
		if l.Payout != "" {
			payouts = append(payouts, lending.PayoutRef(l.Payout).Stream())
		}
	}
	if err := t.Want(payouts...); err != nil {
		return nil, err
	}
	for i, l := range loans {
		if ok, err := settled(t, l); err != nil {
			return nil, err
		} else if !ok {
			loans[i] = nil
		}
	}
	return loans, nil
}

// end says when a fund whose round is over looks again at the demands that are left: at once, or the day after if
// its rounds of the day ended without them.
func (f *Fund) end(ev *FundSettled, cash int64) {
	gone := map[Key]bool{}
	for _, s := range ev.Paid {
		gone[s.Key] = s.Left == 0
	}
	for d := range f.Queue.All() {
		if d.from().After(ev.On) || ev.Next == ev.On {
			break
		}
		switch {
		case gone[d.Key]:
		case d.Waited == ev.On || slices.Contains(ev.Waiting, d.Key):
			ev.Next = ev.On.AddDays(1)
		default:
			ev.Next = ev.On
		}
	}
	if !ev.Next.IsZero() && cash == 0 {
		ev.Exhausted = true
		ev.Next = settlement(f.Opened, f.Terms.Settle, ev.On.AddDays(1))
	}
}
