package guarantee

import (
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

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
	Paid      []Settled  // demands of the round, in its order
	Waiting   []Key      // of the round, in its order: it ends without them, see [SettleFund]
	Exhausted bool       // demands are left that there is no cash for
	Next      civil.Date // when they are looked at again
}

// Type implements event.Of.
func (FundSettled) Type() string { return "settled" }

// Apply implements event.Of.
func (e FundSettled) Apply(f *Fund) {
	gone := slices.Clone(e.Waiting)
	for _, s := range e.Paid {
		f.Queue.set(s.Key, s.Left)
		f.Paid += s.Minor
		gone = append(gone, s.Key)
	}
	for _, k := range e.Waiting {
		f.Queue.wait(k, e.On)
	}
	f.Due = without(f.Due, gone)
	f.Exhausted, f.Next = e.Exhausted, e.Next
}

// Code implements event.Coder.
func (e *FundSettled) Code(c *event.Codec) {
	c.Date(&e.On)
	event.List(c, &e.Paid, func(c *event.Codec, s *Settled) { s.code(c) })
	event.List(c, &e.Waiting, func(c *event.Codec, k *Key) { k.code(c) })
	c.Bool(&e.Exhausted)
	c.Date(&e.Next)
}

// SettleFund goes on with the settlement of a fund's queue: it fixes the shares of a round if none runs,
// and pays the next demands of it as far as the fund's wallet goes. What borrowers have paid meanwhile is
// not paid again; while that leaves cash, another round follows. A demand whose loan's last payout is not complete
// is passed over, and holds its share until the day after the round was fixed. Then the round ends without it: what
// it would have had goes by the policy to those that are ready, in another round of that day; it keeps its place in
// the queue, and takes part again from the day after on. Day-end sends it. Given by a cashier or the system.
type SettleFund struct{ Fund lending.PartyID }

// Home implements lending.Command.
func (c SettleFund) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (SettleFund) Allowed() []lending.Role {
	return []lending.Role{lending.RoleCashier, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses a fund without a demand whose settlement has come
// (ErrNothing), and waits with lending.ErrPending while the round is of loans alone whose last payout is not
// complete.
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
	pays, waits, err := f.chunk(t, due)
	if err != nil {
		return none, err
	}
	ev := FundSettled{On: t.On}
	switch {
	case round != nil:
		if err := event.Write(t.Tx, FundRef(f.ID), *round); err != nil {
			return none, err
		}
	case len(pays) == 0 && t.On.After(f.Round):
		ev.Waiting = waits
	case len(pays) == 0 && len(due) > 0:
		return none, bad(lending.ErrPending, "fund "+string(f.ID), "the last payouts of its loans are not complete")
	}
	for _, p := range pays {
		done, err := f.payOne(t, p.loan, p.Share, w.Available)
		if err != nil {
			return none, err
		}
		ev.Paid = append(ev.Paid, done)
	}
	if len(ev.Paid)+len(ev.Waiting) == len(f.Due) {
		f.end(&ev, w.Available)
	}
	return ev, nil
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

// settled reports whether a loan's last payout is complete, so that it can be paid again.
func settled(t *lending.Tx, l *lending.Loan) (bool, error) {
	err := t.Finished(l)
	if errors.Is(err, lending.ErrPending) {
		return false, nil
	}
	return err == nil, err
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
	return max(0, min(d.Minor, due.Promised[d.Layer], l.Covered(d.Layer, d.Instalment)))
}
