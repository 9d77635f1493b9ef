package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// CollateralRealised is the outcome of [Realise]: proceeds = costs + prior + paid + later + surplus + kept.
type CollateralRealised struct {
	Item         int // counted from 1
	Proceeds     int64
	Costs        []Creditor // paid, in this order
	Prior        []Creditor
	Paid         int64 // to the loan, or to whom the thing secured
	Later        []Creditor
	Surplus      int64 // to the owner
	Kept         int64 // as the owner's pledge of cash, behind a guarantor who still stands for the loan
	On           civil.Date
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (CollateralRealised) Type() string { return "realised" }

// Apply implements event.Of.
func (e CollateralRealised) Apply(c *Collateral) {
	x := c.item(e.Item)
	if x.State, x.Sale = ItemRealised, (Sale{}); e.Kept > 0 {
		x.State, x.Kind, x.Value, x.Prior = ItemRegistered, CashPledge, e.Kept, nil
	}
}

// Code implements event.Coder.
func (e *CollateralRealised) Code(c *event.Codec) {
	c.Count(&e.Item)
	c.Int(&e.Proceeds)
	codeCreditors(c, &e.Costs)
	codeCreditors(c, &e.Prior)
	c.Int(&e.Paid)
	codeCreditors(c, &e.Later)
	c.Int(&e.Surplus)
	c.Int(&e.Kept)
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// Realise shares out what a thing has brought (变现清偿): the price that its buyer has paid, or the cash that was
// pledged. In this order, each as far as the money goes: the costs of it, who ranks before the loan, the
// loan by [lending.Tx.PayProceeds] - its lenders, then covers that have paid in the borrower's place, then who
// ranks after it; the surplus is the owner's. What secures a guarantor pays back what he has advanced on
// the loan, and no more: the rest stays on the register as cash that secures him until the loan is over, and who
// ranks after him waits for the release. It needs an approver besides the actor. Given by an officer.
//
// One who pledged a thing for another's debt has recourse to the borrower for what it paid (Civil Code 392). That is
// not booked: proceeds are a payment, after which the loan owes so much less, and no advance, which is a layer's
// of the product's covers. His claim is the item's owner's for CollateralRealised.Paid, and what the borrower pays
// of it goes beside the loan.
type Realise struct {
	Loan   lending.LoanID
	Item   int        // counted from 1
	Costs  []Creditor // at most 10, within the proceeds
	Reason lending.Code
}

// Home implements lending.Command.
func (c Realise) Home(lending.Meta) event.Ref[Collateral] { return CollateralRef(c.Loan) }

// Allowed implements lending.Command.
func (Realise) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a thing that is not registered or not paid for (ErrItemState), a
// loan that is not past due or of which not everything is due (ErrCollateralState): accelerate it first; for a
// guarantor who has advanced nothing that he misses (ErrNothing); and costs beyond the proceeds.
func (c Realise) Decide(t *lending.Tx, s *Collateral) (CollateralRealised, error) {
	none := CollateralRealised{}
	x, err := s.standing(c.Item)
	if err != nil {
		return none, err
	}
	l, err := decided(t, s, x, c.Reason)
	if err != nil {
		return none, err
	}
	if err := s.realisable(x, l, t.On); err != nil {
		return none, err
	}
	if err := creditors(t, c.Costs); err != nil {
		return none, err
	}
	from, proceeds := s.held(x.Owner, c.Item), x.Value
	if x.Kind != CashPledge {
		if !x.Sale.Paid {
			return none, refuse(ErrItemState, "%s is not sold and paid for", s.thing(c.Item))
		}
		from, proceeds = s.held(x.Sale.Buyer, c.Item), x.Sale.Price
	}
	ev := CollateralRealised{Item: c.Item, Proceeds: proceeds, On: t.On, By: t.Actor.ID, Approver: t.Approver.ID}
	rest := proceeds
	ev.Costs, rest = satisfy(c.Costs, rest)
	if sum(ev.Costs) != sum(c.Costs) {
		return none, refuse(ErrProceeds, "costs of %s, proceeds of %s", text(sum(c.Costs), l.Currency()), text(proceeds, l.Currency()))
	}
	ev.Prior, rest = satisfy(x.Prior, rest)
	if ev.Paid, err = pay(t, l, from, x.For, rest); err != nil {
		return none, err
	}
	if l, err = loan(t, l.ID); err != nil { // as it is now
		return none, err
	}
	if rest -= ev.Paid; x.For != "" && running(l) {
		ev.Kept = rest
	} else {
		ev.Later, ev.Surplus = satisfy(x.Later, rest)
	}
	return ev, s.share(t, l, from, x, &ev)
}

// realisable refuses a thing whose time has not come.
func (c *Collateral) realisable(x *CollateralItem, l *lending.Loan, on civil.Date) error {
	if l.State != lending.StateActive && l.State != lending.StateWrittenOff {
		return refuse(ErrCollateralState, "loan %s is %s", l.ID, l.State)
	}
	if x.For != "" {
		for _, a := range l.Advances {
			if a.Payer == x.For && a.Recovered < a.Amount {
				return nil
			}
		}
		return refuse(ErrNothing, "%s misses nothing of what he has paid for loan %s", x.For, l.ID)
	}
	if l.State == lending.StateWrittenOff {
		return nil
	}
	if l.DaysPastDue(on) == 0 {
		return refuse(ErrCollateralState, "loan %s is not past due", l.ID)
	}
	for i := range l.Dues {
		if d := &l.Dues[i]; d.Date.After(on) && d.Unpaid().Total() > 0 {
			return refuse(ErrCollateralState, "loan %s has instalments to come: accelerate it first", l.ID)
		}
	}
	return nil
}

// satisfy pays creditors in their order and returns what each gets and what is left.
func satisfy(list []Creditor, minor int64) (paid []Creditor, rest int64) {
	for _, x := range list {
		if x.Minor = min(x.Minor, minor); x.Minor > 0 {
			paid = append(paid, x)
			minor -= x.Minor
		}
	}
	return paid, minor
}

func sum(list []Creditor) (n int64) {
	for _, x := range list {
		n += x.Minor
	}
	return n
}

// pay pays the loan, or one who has advanced on it, and returns what it took.
func pay(t *lending.Tx, l *lending.Loan, from ledger.Account, who lending.PartyID, minor int64) (int64, error) {
	if minor == 0 {
		return 0, nil
	}
	a, err := money.New(minor, l.Currency())
	if err != nil {
		return 0, err
	}
	paid, err := t.PayProceeds(l.ID, lending.Proceeds{From: from, Amount: a, For: who})
	return paid.Repaid.Total.Minor(), err
}

// share pays out what the loan did not take.
func (c *Collateral) share(t *lending.Tx, l *lending.Loan, from ledger.Account, x *CollateralItem,
	ev *CollateralRealised) error {
	to := c.held(x.Owner, ev.Item)
	kept := ev.Kept
	if from == to {
		kept = 0 // it lies there
	}
	e := ledger.Entry{Book: ledger.Client, Why: whyCollateral, Currency: l.Currency()}
	e.Debit(from, ev.Proceeds-ev.Paid-(ev.Kept-kept))
	for _, list := range [][]Creditor{ev.Costs, ev.Prior, ev.Later} {
		for _, x := range list {
			e.Credit(lending.Avail(x.Party), x.Minor)
		}
	}
	e.Credit(lending.Avail(x.Owner), ev.Surplus)
	e.Credit(to, kept)
	if len(e.Legs) == 0 {
		return nil
	}
	return t.Post(e)
}
