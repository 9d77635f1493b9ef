package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Suspended is a receipt in suspense, as reported.
type Suspended struct {
	Receipt   ReceiptID
	Reference event.Hash
	On        civil.Date // received
	DaysHeld  int        // since then
	Amount    money.Amount
}

// receipt takes in a change of a receipt.
func (r *Reports) receipt(id ReceiptID, rec event.Record) error {
	v := r.receipts[id]
	if v == nil {
		v = new(Receipt)
		r.receipts[id] = v
	}
	return apply(receiptKind, v, rec)
}

// Suspense lists the receipts without an owner, in all currencies, the oldest first, with their age
// on a date. What is on its way back is not among them.
func (r *Reports) Suspense(on civil.Date) (out []Suspended) {
	for _, v := range r.receipts {
		if v.Left > 0 {
			out = append(out, Suspended{v.ID, v.Reference, v.On, on.Sub(v.On), amount(v.Left, v.Amount.Currency())})
		}
	}
	slices.SortFunc(out, func(a, b Suspended) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Receipt, b.Receipt))
	})
	return out
}
