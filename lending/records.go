package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// records are the read models of the platform's office, folded as part of [Reports]: movements by
// day, payments under way, campaigns and sources, the register of complaints, flagged files.
type records struct {
	moves      map[moveKey]*turnover
	payments   map[payment.ID]*Payment // instructed, no end known
	campaigns  map[Code]*Campaign
	sources    map[string]*Acquisition // by stream
	sourced    []string                // as recorded
	complaints map[ComplaintID]*Case
	register   []ComplaintID // as opened
	files      map[string]*File
	related    map[PartyID]bool // parties marked as related to the platform
	promotions map[Code]*Promotion
	coupons    map[PartyID]*Coupons
}

// moveKey names the movements of a day on the accounts of a kind, for one reason.
type moveKey struct {
	cur  money.Currency
	on   civil.Date
	kind ledger.Kind
	why  ledger.Why
}

// turnover sums debits and credits apart, both above zero.
type turnover struct{ debit, credit ledger.Sum }

func (r *records) post(e *ledger.Entry) {
	if r.moves == nil {
		r.moves = map[moveKey]*turnover{}
	}
	var at *turnover
	for i := range e.Legs {
		l := &e.Legs[i]
		if i == 0 || l.Account.Kind != e.Legs[i-1].Account.Kind {
			at = entry(r.moves, moveKey{e.Currency, e.On, l.Account.Kind, e.Why})
		}
		if l.Debit > 0 {
			at.debit = at.debit.Add(l.Debit)
		} else {
			at.credit = at.credit.Add(-l.Debit)
		}
	}
}

// entry returns what a map has under a key, a new value if it has none.
func entry[K comparable, V any](m map[K]*V, k K) *V {
	v := m[k]
	if v == nil {
		v = new(V)
		m[k] = v
	}
	return v
}

// apply takes in a change of a kind that the records follow.
func (r *records) apply(c event.Change) error {
	if r.payments == nil {
		r.payments, r.campaigns = map[payment.ID]*Payment{}, map[Code]*Campaign{}
		r.sources, r.files = map[string]*Acquisition{}, map[string]*File{}
		r.complaints, r.related = map[ComplaintID]*Case{}, map[PartyID]bool{}
	}
	id := c.Stream.ID
	switch c.Stream.Kind {
	case paymentKind.Name():
		return r.payment(payment.ID(id), c.Record)
	case partyKind.Name():
		v, err := partyKind.Decode(c.Record)
		if e, ok := v.(PartyRelated); ok {
			r.related[e.Party] = e.Related
		}
		return err
	case campaignKind.Name():
		return apply(campaignKind, entry(r.campaigns, Code(id)), c.Record)
	case promotionKind.Name():
		return apply(promotionKind, entry(r.promotions, Code(id)), c.Record)
	case sourceKind.Name():
		if r.sources[id] == nil {
			r.sourced = append(r.sourced, id)
		}
		return apply(sourceKind, entry(r.sources, id), c.Record)
	case complaintKind.Name():
		if r.complaints[ComplaintID(id)] == nil {
			r.register = append(r.register, ComplaintID(id))
		}
		return apply(complaintKind, entry(r.complaints, ComplaintID(id)), c.Record)
	case fileKind.Name():
		return apply(fileKind, entry(r.files, id), c.Record)
	}
	return nil
}

func (r *records) payment(id payment.ID, rec event.Record) error {
	p := entry(r.payments, id)
	err := apply(paymentKind, p, rec)
	if p.Ended || p.Purpose == PurposeDeposit || p.Purpose == PurposeTopup {
		delete(r.payments, id)
	}
	return err
}
