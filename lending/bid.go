package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// PlaceBid offers money for an open loan at its rate (投标). The actor is the lender. Bids are
// taken first come, first served; the last one is cut to what is still wanted.
type PlaceBid struct {
	Loan   LoanID
	Amount money.Amount
}

// BidPlaced is the outcome of [PlaceBid].
type BidPlaced struct {
	Lender   PartyID
	Accepted money.Amount // what was taken of the bid, and is now on hold
	Full     bool         // the loan is fully funded
	Pending  bool         // waits for a custodian that holds money itself
}

// Type implements event.Of.
func (BidPlaced) Type() string { return "bid" }

// Apply implements event.Of.
func (e BidPlaced) Apply(l *Loan) {
	l.Bids = append(l.Bids, Bid{e.Lender, e.Accepted.Minor(), e.Pending})
	l.Raised += e.Accepted.Minor()
	l.enlist(e.Lender)
	if e.Full {
		l.State = StateFullyFunded
	}
}

// Code implements event.Coder.
func (e *BidPlaced) Code(c *event.Codec) {
	event.Text(c, &e.Lender)
	c.Amount(&e.Accepted)
	c.Bool(&e.Full)
	c.Bool(&e.Pending)
}

// Bounds of one loan. They keep every event and entry of it within one record.
const (
	MaxBids = 1_000_000
	MaxLots = 5_000 // lenders of one tender, and lots that sales may divide a loan into
)

// enlist notes a lender of the tender.
func (l *Loan) enlist(p PartyID) {
	if l.lenders == nil {
		l.lenders = map[PartyID]bool{}
	}
	l.lenders[p] = true
}

// Home implements Command.
func (c PlaceBid) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (PlaceBid) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a bid after the deadline, on one's own loan, below the
// minimum, off the increment, above the maximum share, beyond the lender's limits or what the wallet
// has.
func (c PlaceBid) Decide(t *Tx, l *Loan) (BidPlaced, error) {
	none := BidPlaced{}
	if err := l.in(c.Loan, StateOpen); err != nil {
		return none, err
	}
	if err := positive("bid", c.Amount, l.Currency()); err != nil {
		return none, err
	}
	return t.bid(l, PartyID(t.Actor.ID), c.Amount.Minor())
}

// bid takes a lender's bid of so many minor units, manual or automatic.
func (t *Tx) bid(l *Loan, lender PartyID, minor int64) (BidPlaced, error) {
	none := BidPlaced{}
	if err := t.Want(PartyRef(lender).Stream(), WalletRef(lender, l.Currency()).Stream(), booksStream); err != nil {
		return none, err
	}
	accepted := amount(min(minor, l.Amount.Minor()-l.Raised), l.Currency())
	if err := t.MayLend(lender, l, accepted.Minor()); err != nil {
		return none, err
	}
	if err := l.takes(lender, minor, t.Meta); err != nil {
		return none, err
	}
	hold := ledger.Move(ledger.Client, "bid", Avail(lender), Hold(lender, l.ID), accepted)
	if err := t.post(hold, l.stake(lender, accepted.Minor())); err != nil {
		return none, err
	}
	return BidPlaced{
		Lender: lender, Accepted: accepted, Full: l.Raised+accepted.Minor() == l.Amount.Minor(),
	}, nil
}

// takes refuses a bid that breaks the tender's rules. A bid for all that is still wanted may be
// smaller than the minimum and off the increment.
func (l *Loan) takes(lender PartyID, minor int64, m Meta) error {
	rules, rest := l.Product.Tender, l.Amount.Minor()-l.Raised
	refuse := func(why string) error { return &Error{ErrBid, "loan " + string(l.ID), why} }
	switch {
	case m.On.After(l.Deadline):
		return refuse("took bids until " + l.Deadline.String())
	case m.On.Before(l.Published):
		return &Error{ErrDate, "bid", "is dated before the publication on " + l.Published.String()}
	case lender == l.Borrower:
		return refuse("a borrower cannot lend to himself")
	case len(l.Bids) >= MaxBids:
		return refuse("has as many bids as a loan can have")
	case len(l.lenders) >= MaxLots && !l.lenders[lender]:
		return refuse("has as many lenders as a loan can have")
	case rules.MaxPerBid > 0 && minor > l.share(rules.MaxPerBid):
		return refuse("takes at most " + amount(l.share(rules.MaxPerBid), l.Currency()).String() + " a bid")
	case minor >= rest:
		return nil
	case minor < rules.MinBid.Minor():
		return refuse("takes no bid below " + rules.MinBid.String())
	case !rules.Increment.IsZero() && (minor-rules.MinBid.Minor())%rules.Increment.Minor() != 0:
		return refuse("takes bids in steps of " + rules.Increment.String())
	}
	return nil
}

// share returns a share of the loan in parts per million, rounded down, at least the minimum bid.
func (l *Loan) share(ppm int64) int64 {
	v, err := money.MulDiv(l.Amount.Minor(), ppm, Million, money.Down)
	if err != nil {
		return 0
	}
	return max(v, l.Product.Tender.MinBid.Minor())
}

// CancelTender ends an open or fully funded loan before its money is captured (流标). All holds
// are released.
type CancelTender struct {
	Loan   LoanID
	Reason Code
}

// TenderFailed is the outcome of [CancelTender], and stands on a loan whose deadline passed.
type TenderFailed struct {
	By     ActorID
	Reason Code
	Payout PayoutID // stream that releases the holds in chunks; empty if they were released at once
}

// Type implements event.Of.
func (TenderFailed) Type() string { return "tender-failed" }

// Apply implements event.Of.
func (e TenderFailed) Apply(l *Loan) { l.State, l.Payout = StateFailed, e.Payout }

// Code implements event.Coder.
func (e *TenderFailed) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Reason)
	event.Text(c, &e.Payout)
}

// Home implements Command.
func (c CancelTender) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (CancelTender) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c CancelTender) Decide(t *Tx, l *Loan) (TenderFailed, error) {
	if err := l.in(c.Loan, StateOpen, StateFullyFunded); err != nil {
		return TenderFailed{}, err
	}
	if err := checkID("reason", c.Reason); err != nil {
		return TenderFailed{}, err
	}
	return t.failTender(l, c.Reason)
}

// failTender releases every hold of the loan.
func (t *Tx) failTender(l *Loan, reason Code) (TenderFailed, error) {
	rows := make([]PayoutRow, 0, len(l.Bids))
	for _, lot := range lots(l.Bids) {
		rows = append(rows, PayoutRow{Party: lot.Holder, Gross: lot.Units, Stake: lot.Units})
	}
	if err := t.wantPay(l, rows, WalletRef(l.Borrower, l.Currency()).Stream()); err != nil {
		return TenderFailed{}, err
	}
	if err := t.borrows(l, -l.Amount.Minor(), false); err != nil {
		return TenderFailed{}, err
	}
	id, err := t.pay(l, PayoutOrder{Kind: PayRelease, Rows: rows})
	return TenderFailed{t.Actor.ID, reason, id}, err
}
