package guarantee

import (
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Bounds of a round and of one commit of it.
const (
	maxRound = 100_000 // demands of a round, the oldest; the others take part in a later one
	maxChunk = 20      // demands paid by a command
	maxLots  = 1000    // of their loans, but for the first
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
	f.Round, f.Due = e.On, f.Queue.due(e.Shares)
}

// due pairs shares with the oldest demands, leaving out those of nothing.
func (q *Queue) due(shares []int64) (list []Share) {
	i := 0
	for d := range q.All() {
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

// Code implements event.Coder.
func (e *RoundFixed) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Cash)
	c.Ints(&e.Shares)
}

// Settled is what came of one demand.
type Settled struct {
	Key
	Minor int64 // paid to the lenders
	Left  int64 // still asked for; zero takes it off the queue
}

func (s *Settled) code(c *event.Codec) {
	s.Key.code(c)
	c.Int(&s.Minor)
	c.Int(&s.Left)
}

// FundSettled is the outcome of [SettleFund].
type FundSettled struct {
	On        civil.Date
	Paid      []Settled  // the next demands of the round, in its order
	Exhausted bool       // demands are left that there is no cash for
	Next      civil.Date // when they are looked at again
}

// Type implements event.Of.
func (FundSettled) Type() string { return "settled" }

// Apply implements event.Of.
func (e FundSettled) Apply(f *Fund) {
	for _, s := range e.Paid {
		f.Queue.set(s.Key, s.Left)
		f.Paid += s.Minor
	}
	f.Due = f.Due[min(len(e.Paid), len(f.Due)):]
	f.Exhausted, f.Next = e.Exhausted, e.Next
}

// Code implements event.Coder.
func (e *FundSettled) Code(c *event.Codec) {
	c.Date(&e.On)
	event.List(c, &e.Paid, func(c *event.Codec, s *Settled) { s.code(c) })
	c.Bool(&e.Exhausted)
	c.Date(&e.Next)
}

// SettleFund goes on with the settlement of a fund's queue: it fixes the shares of a round if none runs,
// and pays the next demands of it as far as the fund's wallet goes. What borrowers have paid meanwhile is
// not paid again; while that leaves cash, another round follows. Day-end sends it. Given by a cashier or the
// system.
type SettleFund struct{ Fund lending.PartyID }

// Home implements lending.Command.
func (c SettleFund) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (SettleFund) Allowed() []lending.Role {
	return []lending.Role{lending.RoleCashier, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses a fund without a demand whose settlement has come
// (ErrNothing), and waits with lending.ErrPending for a loan whose last payout is not complete.
func (c SettleFund) Decide(t *lending.Tx, f *Fund) (FundSettled, error) {
	none := FundSettled{}
	if err := f.known(c.Fund); err != nil {
		return none, err
	}
	w, err := event.Read(t.Tx, lending.WalletRef(f.ID, f.Terms.Currency))
	if err != nil {
		return none, err
	}
	round, due, err := f.round(t, w.Available)
	if err != nil {
		return none, err
	}
	loans, err := f.chunk(t, due)
	if err != nil {
		return none, err
	}
	if round != nil {
		if err := event.Write(t.Tx, FundRef(f.ID), *round); err != nil {
			return none, err
		}
	}
	ev := FundSettled{On: t.On}
	for i, l := range loans {
		done, err := f.payOne(t, l, due[i], w.Available)
		if err != nil {
			return none, err
		}
		ev.Paid = append(ev.Paid, done)
	}
	if len(ev.Paid) < len(f.Due) {
		return ev, nil
	}
	if d, ok := f.left(ev.Paid); !ok || d.from().After(t.On) {
		return ev, nil
	}
	if ev.Next = t.On; w.Available == 0 {
		ev.Exhausted = true
		ev.Next = settlement(f.Opened, f.Terms.Settle, t.On.AddDays(1))
	}
	return ev, nil
}

// round is the round that begins if none runs and there is cash, and what is due of the one that runs then.
func (f *Fund) round(t *lending.Tx, cash int64) (*RoundFixed, []Share, error) {
	if len(f.Due) > 0 {
		return nil, f.Due, nil
	}
	var ready []Demand
	for d := range f.Queue.All() {
		if d.from().After(t.On) || len(ready) == maxRound {
			break
		}
		ready = append(ready, d)
	}
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
	return &RoundFixed{t.On, cash, shares}, f.Queue.due(shares), nil
}

// chunk returns the loans of the demands that are paid next, as many as one commit takes: each loan once, as
// it is paid once a command, up to one whose last payout is not complete. It asks for all wallets that they
// pay, so that no decision is made twice.
func (f *Fund) chunk(t *lending.Tx, due []Share) (loans []*lending.Loan, err error) {
	due = due[:min(maxChunk, len(due))]
	var ss []event.Stream
	for _, s := range due {
		ss = append(ss, lending.LoanRef(s.Loan).Stream())
	}
	if err := t.Want(ss...); err != nil {
		return nil, err
	}
	seen, lots := map[lending.LoanID]bool{}, 0
	var wallets []event.Stream
	for _, s := range due {
		l, err := event.Read(t.Tx, lending.LoanRef(s.Loan))
		if err != nil {
			return nil, err
		}
		if lots += len(l.Lots); seen[s.Loan] || lots > maxLots && len(loans) > 0 {
			break
		}
		ready, err := settled(t, l)
		if err != nil {
			return nil, err
		}
		if !ready && len(loans) == 0 {
			return nil, pending(l, nil)
		}
		if !ready {
			break
		}
		seen[s.Loan] = true
		loans = append(loans, l)
		for i := range l.Lots {
			wallets = append(wallets, lending.WalletRef(l.Lots[i].Holder, f.Terms.Currency).Stream())
		}
	}
	return loans, t.Want(wallets...)
}

// settled reports whether a loan's last payout is complete, so that it can be paid again.
func settled(t *lending.Tx, l *lending.Loan) (bool, error) {
	err := t.Finished(l)
	if errors.Is(err, lending.ErrPending) {
		return false, nil
	}
	return err == nil, err
}

// payOne pays one demand: its share, what stands of the demand, the cash, whichever is least.
func (f *Fund) payOne(t *lending.Tx, l *lending.Loan, s Share, cash int64) (Settled, error) {
	out := Settled{Key: s.Key}
	d, ok := f.Queue.Get(s.Key)
	if !ok {
		return out, nil
	}
	want, err := wants(l, d, t.On, f.liable)
	if err != nil {
		return out, err
	}
	out.Minor = min(want, s.Minor, cash)
	out.Left = want - out.Minor
	return out, settleOne(t, f.ID, out, f.Terms.Currency)
}

// settleOne pays what was decided of a demand. What the layer had promised beyond what is left of it, those
// behind it are asked for.
func settleOne(t *lending.Tx, payer lending.PartyID, s Settled, c money.Currency) error {
	if s.Minor > 0 {
		a, err := money.New(s.Minor, c)
		if err != nil {
			return err
		}
		ask := lending.Demand{Layer: s.Layer, Instalment: s.Instalment, Amount: a}
		if _, err := t.Advance(s.Loan, ask, payer); err != nil {
			return err
		}
	}
	_, err := t.Lapse(s.Loan, s.Layer, s.Instalment, s.Left)
	return err
}

// left is the oldest demand after some were settled.
func (f *Fund) left(paid []Settled) (Demand, bool) {
	gone := map[Key]bool{}
	for _, s := range paid {
		gone[s.Key] = s.Left == 0
	}
	for d := range f.Queue.All() {
		if !gone[d.Key] {
			return d, true
		}
	}
	return Demand{}, false
}

// wants is what of a demand that stands its layer is still liable for: the borrower may have paid a part
// since it was made.
func wants(l *lending.Loan, d Demand, on civil.Date,
	liable func(*lending.Loan, lending.Demand) (int64, error)) (int64, error) {
	n := stands(l, d, on)
	if n == 0 {
		return 0, nil
	}
	a, err := money.New(n, l.Currency())
	if err != nil {
		return 0, err
	}
	owed, err := liable(l, lending.Demand{Layer: d.Layer, Instalment: d.Instalment, Amount: a})
	return min(n, owed), err
}

// stands is what a loan still wants of a demand: no more than the layer has promised and the lenders
// miss; nothing of an instalment that is not due any more, or of a loan that is over.
func stands(l *lending.Loan, d Demand, on civil.Date) int64 {
	if d.Instalment >= len(l.Dues) || d.Layer >= len(l.Dues[d.Instalment].Promised) {
		return 0
	}
	due := &l.Dues[d.Instalment]
	if l.State != lending.StateActive && l.State != lending.StateWrittenOff {
		return 0
	}
	if l.State == lending.StateActive && due.Date.After(on) {
		return 0
	}
	missing := due.Missing()
	return max(0, min(d.Minor, due.Promised[d.Layer], missing[lending.Principal]+missing[lending.Interest]))
}
