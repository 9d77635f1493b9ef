package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// StandingOrder is a buyer's money that waits on a board for claims on its loan (求购单). It is on hold in
// his wallet.
type StandingOrder struct {
	Number  int // on its board
	Market  lending.Code
	Buyer   lending.PartyID
	PPM     int64      // the most paid, by the unpaid principal, accrued interest and fees apart
	Money   int64      // left to spend, minor units, fees included
	Expires civil.Date // the last day on which it stands
	Basis   Basis
	Days    int          // for which he holds what he buys; zero for good
	Least   Yield        // a year on what he pays, fees included; zero for any
	Refused lending.Code // why it was passed over when it was matched last, see [Passed]
}

func (x *StandingOrder) code(c *event.Codec) {
	c.Count(&x.Number)
	event.Text(c, &x.Market)
	event.Text(c, &x.Buyer)
	c.Int(&x.PPM)
	c.Int(&x.Money)
	c.Date(&x.Expires)
	x.Basis.code(c)
	c.Count(&x.Days)
	least := int64(x.Least)
	c.Int(&least)
	x.Least = Yield(least)
	event.Text(c, &x.Refused)
}

// HoldOrder is the ledger account of what a party has on hold for its orders on a loan's board. No loan's
// id has a dot.
func HoldOrder(p lending.PartyID, loan lending.LoanID) ledger.Account {
	return ledger.Held(ledger.Owner(p), "sale."+ledger.Ref(loan))
}

// PlaceOrder puts money on hold to buy claims on a loan at a price or below (挂求购单). [MatchOrders] fills
// it, with all instalments of claims alone: none where they are divided by term. By the buyer. Given by a party.
type PlaceOrder struct {
	Market  lending.Code // whose bounds of standing bind it
	Loan    lending.LoanID
	PPM     int64
	Money   money.Amount
	Expires civil.Date
	Days    int // for which he holds each claim, where its listing lets him; zero for good
	// Least is the least that he earns a year on what he pays, fees included; zero for any. Where lenders have
	// rates of their own, claims of one principal are worth more or less.
	Least Yield
}

// Features implements lending.Featured: short holdings split claims by term.
func (c PlaceOrder) Features() []lending.Feature { return splitting(c.Days != 0) }

// OrderPlaced is the outcome of [PlaceOrder].
type OrderPlaced struct {
	Order StandingOrder
	On    civil.Date
}

// Type implements event.Of.
func (OrderPlaced) Type() string { return "ordered" }

// Apply implements event.Of.
func (e OrderPlaced) Apply(b *Board) {
	b.Count = e.Order.Number
	b.Orders = append(b.Orders, e.Order)
	b.looked(e.On)
}

// Code implements event.Coder.
func (e *OrderPlaced) Code(c *event.Codec) {
	e.Order.code(c)
	c.Date(&e.On)
}

// Home implements Command.
func (c PlaceOrder) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (PlaceOrder) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements Command. It refuses a custodian that keeps sub-accounts ([ErrCustody]), a market that
// does not exist ([ErrGone]), a loan that is not active, its borrower ([ErrBuyer]), bounds that are not the
// market's ([ErrListing], [ErrPrice]), days that no claim is held for ([ErrTenor]), a party that may not lend, and one without the money.
func (c PlaceOrder) Decide(t *lending.Tx, b *Board) (OrderPlaced, error) {
	none := OrderPlaced{}
	if t.Custody() == lending.PerUser {
		return none, refuse(ErrCustody, "the holds of orders are the library's own: buy listings instead")
	}
	m, err := event.Read(t.Tx, MarketRef(c.Market))
	if err != nil {
		return none, err
	}
	if m.ID == "" {
		return none, refuse(ErrGone, "market %s", c.Market)
	}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	buyer := lending.PartyID(t.Actor.ID)
	if err := c.check(l, b, buyer); err != nil {
		return none, err
	}
	if err := m.Terms.stands(l, c.Expires, t.On); err != nil {
		return none, err
	}
	if err := t.MayLend(buyer, l, 0); err != nil {
		return none, err
	}
	x := StandingOrder{Number: b.Count + 1, Market: c.Market, Buyer: buyer, PPM: c.PPM, Money: c.Money.Minor(), Expires: c.Expires,
		Basis: basisOf(l, 0, c.Expires, t.On), Days: c.Days, Least: c.Least}
	hold := ledger.Move(ledger.Client, "order-hold", lending.Avail(buyer), HoldOrder(buyer, c.Loan), c.Money)
	return OrderPlaced{x, t.On}, t.Post(hold)
}

func (c *PlaceOrder) check(l *lending.Loan, b *Board, buyer lending.PartyID) error {
	switch {
	case l.ID == "":
		return refuse(ErrGone, "loan %s", c.Loan)
	case l.State != lending.StateActive:
		return refuse(ErrLapsed, "loan %s is %s", c.Loan, l.State)
	case buyer == l.Borrower:
		return refuse(ErrBuyer, "party %s owes it", buyer)
	case l.Divided():
		return refuse(ErrListing, "the claims are divided by term, each at its own price: buy listings instead")
	case c.Money.Currency() != l.Currency() || c.Money.Sign() <= 0:
		return refuse(ErrListing, "the money is %s, want more than zero in %s", c.Money, l.Currency().Code())
	case c.PPM < 0 || c.PPM > 10*lending.Million:
		return refuse(ErrPrice, "%d ppm is not 0 to 10 times par", c.PPM)
	case c.Least < MinYield || c.Least > MaxYield:
		return refuse(ErrYield, "the least yield is out of bounds")
	case c.Days < 0 || c.Days > maxStandDays:
		return refuse(ErrTenor, "a short holding has 1 to %d days", maxStandDays)
	case len(b.Orders) >= MaxStanding:
		return refuse(ErrListing, "as many as can stand do")
	case b.wants(buyer) >= MaxPerParty:
		return refuse(ErrListing, "party %s has as many as one may: withdraw some", buyer)
	}
	return nil
}

// WithdrawOrder takes an order off its board and gives what is left of its money back (撤单). By the buyer,
// or an officer. Given by a party or an officer.
type WithdrawOrder struct {
	Loan  lending.LoanID
	Order int
}

// OrderWithdrawn is the outcome of [WithdrawOrder].
type OrderWithdrawn struct {
	Order    int
	Released money.Amount
	On       civil.Date
	By       lending.ActorID
}

// Type implements event.Of.
func (OrderWithdrawn) Type() string { return "order-withdrawn" }

// Apply implements event.Of.
func (e OrderWithdrawn) Apply(b *Board) { b.drop(e.Order) }

// Code implements event.Coder.
func (e *OrderWithdrawn) Code(c *event.Codec) {
	c.Count(&e.Order)
	c.Amount(&e.Released)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c WithdrawOrder) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (WithdrawOrder) Allowed() []lending.Role {
	return []lending.Role{lending.RoleParty, lending.RoleOfficer}
}

// Decide implements Command. It refuses an order that does not stand ([ErrGone]) and a party that did not
// place it ([ErrNotHolder]).
func (c WithdrawOrder) Decide(t *lending.Tx, b *Board) (OrderWithdrawn, error) {
	none := OrderWithdrawn{}
	x := b.order(c.Order)
	if x == nil {
		return none, refuse(ErrGone, "order %d on loan %s", c.Order, c.Loan)
	}
	if t.Actor.Role == lending.RoleParty && lending.PartyID(t.Actor.ID) != x.Buyer {
		return none, refuse(ErrNotHolder, "party %s did not place it", t.Actor.ID)
	}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	left, err := money.New(x.Money, l.Currency())
	if err != nil {
		return none, err
	}
	back := ledger.Move(ledger.Client, "order-released", HoldOrder(x.Buyer, c.Loan), lending.Avail(x.Buyer), left)
	return OrderWithdrawn{c.Order, left, t.On, t.Actor.ID}, t.Post(back)
}
