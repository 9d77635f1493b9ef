package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// maxCharges bounds a loan's charges.
const maxCharges = 4096

// Charge is one fee or cost that the borrower of a loan owes besides interest and penalty interest
// (费用). It falls due with an instalment.
type Charge struct {
	Fee        Code
	Component  Component // Fees or Costs
	Payee      Payee
	Party      PartyID // who is paid, of ToParty
	Instalment int     // with which it is due
	On         civil.Date
	Owed       int64 // minor units
	Paid       int64
	Waived     int64
	Advanced   int64 // of what is unpaid, paid by covers in the borrower's place, and owed to them
	// Auto says that the product's rules booked it, and not a person: it is figured anew when a
	// payment from before comes to light.
	Auto bool
	// Again says that it was paid before, and the payment called back.
	Again bool
	// Levied says that a person decided on it ([LevyCharge]): it is owed whenever the loan ends, whatever
	// fee of the product it is named after.
	Levied bool
}

// Unpaid is what the borrower still owes of the charge.
func (c *Charge) Unpaid() int64 { return c.Owed - c.Paid - c.Waived }

// settled is what was paid, let off or advanced of it: it never owes less.
func (c *Charge) settled() int64 { return c.Paid + c.Waived + c.Advanced }

// Missing is what its payee still misses: what is unpaid and no cover has advanced.
func (c *Charge) Missing() int64 { return c.Unpaid() - c.Advanced }

func (c *Charge) code(k *event.Codec) {
	event.Text(k, &c.Fee)
	event.Enum(k, &c.Component)
	event.Enum(k, &c.Payee)
	event.Text(k, &c.Party)
	k.Count(&c.Instalment)
	k.Date(&c.On)
	k.Int(&c.Owed)
	k.Int(&c.Paid)
	k.Int(&c.Waived)
	k.Int(&c.Advanced)
	k.Bool(&c.Auto)
	k.Bool(&c.Again)
	k.Bool(&c.Levied)
}

func codeCharges(c *event.Codec, list *[]Charge) {
	event.List(c, list, func(c *event.Codec, x *Charge) { x.code(c) })
}

// charge books a charge on the loan and its instalment.
func (l *Loan) charge(c Charge) {
	l.Charges = append(l.Charges, c)
	l.due(c.Instalment).Owed.add(c.Component, c.Owed)
}

// chargeAll books charges and returns the place of the first, counted from 1.
func (l *Loan) chargeAll(xs []Charge) (first int) {
	first = len(l.Charges) + 1
	for _, x := range xs {
		l.charge(x)
	}
	return first
}

// void takes charge n, of which nothing is paid, off again. It keeps its place and loses its day.
func (l *Loan) void(n int) {
	x := l.chargeAt(n)
	l.due(x.Instalment).Owed.add(x.Component, -x.Owed)
	x.Owed, x.On = 0, civil.Date{}
	l.relieve(x.Instalment)
}

// chargeAt gives charge n, counted from 1.
func (l *Loan) chargeAt(n int) *Charge { return at(l.Charges, n-1) }

// uncharge voids the charges that were booked by rule after a day, save those that grow by the day and
// are assessed: they keep their places and lose their day.
func (l *Loan) uncharge(after civil.Date) {
	for n := range l.Charges {
		if c := &l.Charges[n]; c.Auto && c.On.After(after) && !l.byDay(c.Fee) {
			l.void(n + 1)
		}
	}
}

// byDay reports whether a fee is one of the product's late fees by the day.
func (l *Loan) byDay(fee Code) bool {
	for i := range l.Product.Fees {
		if f := &l.Product.Fees[i]; f.ID == fee {
			return f.daily()
		}
	}
	return false
}
