package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// PastPayment is a payment on a loan before its cut-over: history, of which nothing is figured anew.
type PastPayment struct {
	On    civil.Date
	Kind  PastKind
	Total int64      // as it came in, minor units; what Paid leaves of it was the recovery fee
	Paid  Components // what it was taken up by
}

// PastKind is what a past payment was.
type PastKind uint8

// Kinds of past payments.
const (
	PastRepaid    PastKind = iota + 1 // by the borrower
	PastReversed                      // one that was taken back: its figures, above zero
	PastRecovered                     // after the loan was written off
	PastAdvanced                      // by a cover, to the lenders
)

var pastNames = [...]string{"", "repaid", "reversed", "recovered", "advanced"}

// String returns the kind's name.
func (k PastKind) String() string { return nameOf(pastNames[:], k, "past payment") }

// MarshalText returns the kind's name.
func (k PastKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves k as it was.
func (k *PastKind) UnmarshalText(text []byte) error {
	return readName(k, pastNames[:], text, "past payment")
}

func (p *PastPayment) code(c *event.Codec) {
	c.Date(&p.On)
	event.Enum(c, &p.Kind)
	c.Int(&p.Total)
	codeComponents(c, &p.Paid)
}

// pastPayments turns an event of a loan into the payments that it was, before the event is applied.
func pastPayments(l *Loan, ev any) []PastPayment {
	switch e := ev.(type) {
	case Repaid:
		return []PastPayment{e.past()}
	case GoodwillCredited:
		return e.Repaid.ifPast()
	case Refunded:
		return e.Repaid.ifPast()
	case CollateralPaid:
		return e.Repaid.ifPast()
	case CoverPaid:
		return []PastPayment{{e.On, PastAdvanced, e.Total(), sumOf(e.Parts)}}
	case Rebooked:
		var list []PastPayment
		for _, m := range l.History[max(0, len(l.History)-e.Undone):] {
			list = append(list, PastPayment{e.On, PastReversed, m.Total.Minor(), sumOf(m.Parts)})
		}
		for i := range e.Again {
			list = append(list, e.Again[i].past())
		}
		return list
	}
	return nil
}

func (e *Repaid) past() PastPayment {
	kind := PastRepaid
	if e.Recovery() {
		kind = PastRecovered
	}
	return PastPayment{e.On, kind, e.Total.Minor(), sumOf(e.Parts)}
}

// ifPast is the payment, if there was one.
func (e *Repaid) ifPast() []PastPayment {
	if e.N == 0 {
		return nil
	}
	return []PastPayment{e.past()}
}

func sumOf(parts []Allocation) (sum Components) {
	for _, a := range parts {
		sum.add(a.Component, a.Minor)
	}
	return sum
}

// checkPast refuses past payments that do not add up to what the instalments say was paid.
func (x *LiveLoan) checkPast(on civil.Date) error {
	var borrower, covers, paid, advanced Components
	for i := range x.Past {
		p := &x.Past[i]
		sign, to := int64(1), &borrower
		switch p.Kind {
		case PastReversed:
			sign = -1
		case PastAdvanced:
			to = &covers
		}
		if p.Kind < PastRepaid || p.Kind > PastAdvanced || p.On.IsZero() || p.On.After(on) ||
			!within(p.Paid) || p.Paid[0] != 0 || p.Total < p.Paid.Total() || p.Total > MaxLoan {
			return x.bad("past payment %d is of no kind, not before the cut-over or out of bounds", i)
		}
		for c, n := range p.Paid {
			to[c] += sign * n
		}
	}
	for i := range x.Dues {
		for c := range paid {
			paid[c] += x.Dues[i].Paid[c]
			if Component(c) != Penalty {
				advanced[c] += x.Dues[i].Advanced[c]
			}
		}
	}
	if borrower != paid {
		return x.bad("past payments are of %s, instalments were paid %s", borrower, paid)
	}
	if covers != advanced {
		return x.bad("past payments of covers are of %s, instalments were advanced %s", covers, advanced)
	}
	return nil
}
