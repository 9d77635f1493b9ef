package transfer

import (
	"context"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Inventory is what a fronting lender has out in one currency (库存债权), in minor units.
//
// Invariants: Out is the sum of all lines, each above zero; Free = Limit - Out. Free is below zero only
// where a repayment was taken back after what it had freed was lent again, or title came to him by law or
// contract, not by a sale; nothing is fronted then.
type Inventory struct {
	Lender   lending.PartyID
	Relation Relation
	Related  bool // to be shown as a related party's
	Limit    int64
	Out      int64
	Free     int64
	Lines    []Holding // by loan id
}

// Holding is what the lender has in one loan.
type Holding struct {
	Loan     lending.LoanID
	Borrower lending.PartyID
	Minor    int64 // unpaid principal of his claims, or what his bids have on hold
	Bid      bool  // the loan was not paid out yet
	DaysHeld int   // since he got the eldest of his claims in it; zero for a bid
}

// InventoryOf reads the inventory of a fronting lender on a day. One without a facility is refused
// ([ErrGone]).
func InventoryOf(
	ctx context.Context, d *lending.Desk, lender lending.PartyID, c money.Currency, on civil.Date,
) (Inventory, error) {
	f, _, err := lending.View(ctx, d, FacilityRef(lender))
	if err != nil {
		return Inventory{}, err
	}
	if f.Lender == "" {
		return Inventory{}, refuse(ErrGone, "facility of %s", lender)
	}
	w, _, err := lending.View(ctx, d, lending.WalletRef(lender, c))
	if err != nil {
		return Inventory{}, err
	}
	r := f.Terms.Relation
	v := Inventory{Lender: lender, Relation: r, Related: r.Related(), Limit: f.Terms.Limit(c), Out: w.LentTotal()}
	v.Free = v.Limit - v.Out
	for _, id := range w.Stakes() {
		l, _, err := lending.View(ctx, d, lending.LoanRef(id))
		if err != nil {
			return Inventory{}, err
		}
		s := w.Stake(id)
		v.Lines = append(v.Lines, Holding{id, s.Borrower, s.Minor, len(l.Lots) == 0, heldDays(l, lender, on)})
	}
	return v, nil
}

// heldDays is for how long a holder has had the eldest of his lots on which principal is unpaid.
func heldDays(l *lending.Loan, holder lending.PartyID, on civil.Date) (days int) {
	for i := range l.Lots {
		x := &l.Lots[i]
		if x.Holder == holder && x.Units > x.Paid[lending.Principal] {
			days = max(days, on.Sub(x.Since))
		}
	}
	return days
}
