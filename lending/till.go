package lending

import (
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// Till is a part of what client account and platform owe each other in one currency, in minor units.
// Fees due have a stream because a sweep can be refused for lack of them. One stream for a currency
// would be written by every repayment that carries a fee, so there are several: each stream's fees go
// into the till that its id picks, and who takes fees out looks into all. The tills of a currency
// together are FeesDue and TopupDue of the ledger.
//
// Invariant: Due is never negative.
type Till struct {
	Due   int64 // fees that lie there for the platform
	Topup int64 // what the platform owes the client account; below zero where it paid in too much
}

// tillCount is how many tills a currency has. It may grow, and never shrink.
const tillCount = 16

// Code codes the till's state for snapshots.
func (s *Till) Code(c *event.Codec) {
	c.Int(&s.Due)
	c.Int(&s.Topup)
}

// TillMoved changes a till.
type TillMoved struct{ Due, Topup int64 }

// Type implements event.Of.
func (TillMoved) Type() string { return "moved" }

// Apply implements event.Of.
func (e TillMoved) Apply(s *Till) {
	s.Due += e.Due
	s.Topup += e.Topup
}

// Code implements event.Coder.
func (e *TillMoved) Code(c *event.Codec) {
	c.Int(&e.Due)
	c.Int(&e.Topup)
}

var tillKind = event.NewKind[Till]("till", nil, event.On[TillMoved]())

// TillRef refers to one of the tills of a currency, 0 to 15.
func TillRef(n int, c money.Currency) event.Ref[Till] {
	return tillKind.Ref(strconv.Itoa(n) + "." + c.Code() + digits[c.Digits()])
}

// till is the one that a stream pays into: a loan and its payouts have the same.
func till(s event.Stream, c money.Currency) event.Ref[Till] {
	id, _, _ := strings.Cut(s.ID, ".")
	h := uint32(2166136261) // FNV-1a
	for i := range len(id) {
		h = (h ^ uint32(id[i])) * 16777619
	}
	return TillRef(int(h%tillCount), c)
}

// tillMove is what an entry changes in the till.
func tillMove(e *ledger.Entry) (m TillMoved) {
	for i := range e.Legs {
		switch l := &e.Legs[i]; l.Account.Kind {
		case ledger.KindFeesDue:
			m.Due -= l.Debit
		case ledger.KindTopupDue:
			m.Topup += l.Debit
		}
	}
	return m
}

// ring books on a till what an entry takes from the fees due or adds to them, and the same of what
// the platform owes. What no till has, because it was swept before, the platform owes back first.
func (t *Tx) ring(m TillMoved, c money.Currency) error {
	if m == (TillMoved{}) {
		return nil
	}
	own := till(t.home, c)
	if m.Due < 0 {
		if err := t.gather(own, -m.Due, c); err != nil {
			return err
		}
	}
	return event.Write(t.Tx, own, m)
}

// gather brings what a till lacks of an amount into it, from the other tills, and what none has from
// the platform.
func (t *Tx) gather(own event.Ref[Till], minor int64, c money.Currency) error {
	s, err := event.Read(t.Tx, own)
	if err != nil || s.Due >= minor {
		return err
	}
	lack := minor - s.Due
	if err := t.wantTills(c); err != nil {
		return err
	}
	for n := range tillCount {
		ref := TillRef(n, c)
		other, err := event.Read(t.Tx, ref)
		if err != nil {
			return err
		}
		take := min(lack, other.Due)
		if ref == own || take == 0 {
			continue
		}
		lack -= take
		if err := event.Write(t.Tx, ref, TillMoved{Due: -take}); err != nil {
			return err
		}
		if err := event.Write(t.Tx, own, TillMoved{Due: take}); err != nil {
			return err
		}
	}
	if lack == 0 {
		return nil
	}
	back := amount(lack, c)
	return t.postAll(ledger.Move(ledger.Client, "sweep-reclaimed", ledger.TopupDue(), ledger.FeesDue(), back),
		ledger.Move(ledger.Platform, "sweep-reclaimed", ledger.FeesRcv(), ledger.OwnBank(), back))
}

func (t *Tx) wantTills(c money.Currency) error {
	ss := make([]event.Stream, tillCount)
	for n := range ss {
		ss[n] = TillRef(n, c).Stream()
	}
	return t.Want(ss...)
}

// sweepable is what of the fees due may leave the client account: what is due, less what the
// platform owes there itself.
func (t *Tx) sweepable(c money.Currency) (money.Amount, error) {
	due, topup, err := t.lies(c)
	return amount(max(0, due-max(0, topup)), c), err
}

// lies is what lies in the client account for the platform, and what it owes there. Its own money there
// is the difference.
func (t *Tx) lies(c money.Currency) (due, topup int64, err error) {
	if err := t.wantTills(c); err != nil {
		return 0, 0, err
	}
	for n := range tillCount {
		s, err := event.Read(t.Tx, TillRef(n, c))
		if err != nil {
			return 0, 0, err
		}
		due += s.Due
		topup += s.Topup
	}
	return due, topup, nil
}
