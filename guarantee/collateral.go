package guarantee

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ItemKind is what a thing is to the debt that it secures.
type ItemKind uint8

// Kinds of things.
const (
	Mortgage   ItemKind = iota + 1 // stays with its owner: a house, a car (抵押)
	Pledge                         // is handed over, or registered as a right (质押)
	CashPledge                     // money, held in its owner's wallet and forfeited (保证金质押)
)

// ItemState is what has become of a thing.
type ItemState uint8

// States of a thing.
const (
	ItemRegistered ItemState = iota + 1 // secures
	ItemReleased                        // its owner's again (解除抵押)
	ItemRealised                        // turned into money (变现)
)

var itemStateNames = [...]string{"unknown", "registered", "released", "realised"}

// String returns the state's name.
func (s ItemState) String() string {
	if int(s) >= len(itemStateNames) {
		return fmt.Sprintf("item state %d", uint8(s))
	}
	return itemStateNames[s]
}

// Bounds of a loan's register.
const (
	maxItems     = 20
	maxPledged   = 10 // things beyond which nobody but the borrower pledges cash
	maxCreditors = 10 // before, after, and for the costs of one thing, each
)

// Creditor is who is owed something out of a thing: a mortgagee of another debt, a court, an auction house.
type Creditor struct {
	Party lending.PartyID
	Minor int64 // above zero, minor units
}

func codeCreditors(c *event.Codec, list *[]Creditor) {
	event.List(c, list, func(c *event.Codec, x *Creditor) {
		event.Text(c, &x.Party)
		c.Int(&x.Minor)
	})
}

// CollateralItem is one thing that answers for a loan. What it is, where it lies and its papers stay with the
// host, who knows them by the hash.
type CollateralItem struct {
	Kind        ItemKind
	Owner       lending.PartyID // the borrower, or one who pledges for him
	For         lending.PartyID // the guarantor whom it secures (反担保); empty for the lenders
	Description event.Hash
	Value       int64      // as last valued; of cash what is held; minor units
	Valued      civil.Date // when
	Valuer      lending.Code
	Evidence    event.Hash // of the valuation
	HaircutPPM  int64      // as registered
	Prior       []Creditor // who rank before the loan, the first first
	Later       []Creditor // who rank after it
	State       ItemState
	Sale        Sale
}

// Sale is an agreement to sell a thing. The zero value is none.
type Sale struct {
	Buyer    lending.PartyID
	Price    int64
	Evidence event.Hash // of the auction or the contract
	Paid     bool       // the price is held in the buyer's wallet
}

func (x *CollateralItem) code(c *event.Codec) {
	event.Enum(c, &x.Kind)
	event.Text(c, &x.Owner)
	event.Text(c, &x.For)
	c.Hash(&x.Description)
	c.Int(&x.Value)
	c.Date(&x.Valued)
	event.Text(c, &x.Valuer)
	c.Hash(&x.Evidence)
	c.Int(&x.HaircutPPM)
	codeCreditors(c, &x.Prior)
	codeCreditors(c, &x.Later)
	event.Enum(c, &x.State)
	x.Sale.code(c)
}

func (s *Sale) code(c *event.Codec) {
	event.Text(c, &s.Buyer)
	c.Int(&s.Price)
	c.Hash(&s.Evidence)
	c.Bool(&s.Paid)
}

// Lendable is what may be lent on the thing at an LTV of one, in minor units; see [CollateralTerms].
func (x *CollateralItem) Lendable() int64 {
	if x.State != ItemRegistered || x.For != "" {
		return 0
	}
	v, _ := money.MulDiv(x.Value, lending.Million-x.HaircutPPM, lending.Million, money.Down)
	for _, p := range x.Prior {
		v -= p.Minor
	}
	return max(0, v)
}

// TopUp is a demand for more collateral (追加担保通知). The zero value is none.
type TopUp struct {
	On, Due civil.Date // Due is the last day
	Minor   int64      // of lendable value that is missing to MaxLTV
	// Failed is when it was found not to be met in time: a breach for which the loan can be accelerated
	// ([lending.Accelerate]), which people decide. Bringing more later still ends it.
	Failed civil.Date
}

func (u *TopUp) code(c *event.Codec) {
	c.Date(&u.On)
	c.Date(&u.Due)
	c.Int(&u.Minor)
	c.Date(&u.Failed)
}

// Collateral is the register of the things that answer for one loan.
type Collateral struct {
	Loan    lending.LoanID
	Terms   CollateralTerms // with which the loan was paid out
	Secures bool            // the loan is paid out and not over
	Items   []CollateralItem
	TopUp   TopUp
}

var collateralKind = event.NewKind[Collateral]("collateral", (*Collateral).wake, event.On[CollateralRegistered](),
	event.On[CollateralRevalued](), event.On[LoanSecured](), event.On[LoanUnsecured](), event.On[TopUpReviewed](),
	event.On[CollateralReleased](), event.On[CollateralSold](), event.On[SalePaid](), event.On[CollateralRealised]())

// CollateralRef refers to a loan's register.
func CollateralRef(id lending.LoanID) event.Ref[Collateral] { return collateralKind.Ref(string(id)) }

// Lendable sums what may be lent on the things that secure the lenders, in minor units.
func (c *Collateral) Lendable() (sum int64) {
	for i := range c.Items {
		sum += c.Items[i].Lendable()
	}
	return sum
}

// Within reports whether a principal is within an LTV, in millionths. It is exact.
func (c *Collateral) Within(principal, ltv int64) bool {
	return within(max(0, principal), lending.Million, max(0, c.Lendable()), max(0, ltv))
}

// Check verifies the invariants of the state, each failure an ErrAudit.
func (c *Collateral) Check() error {
	for i := range c.Items {
		x := &c.Items[i]
		if x.Value < 0 || !part(x.HaircutPPM) || x.State != ItemRegistered && x.Sale != (Sale{}) {
			return refuse(ErrAudit, "thing %d of loan %s is worth %d, haircut %d, %s", i+1, c.Loan, x.Value, x.HaircutPPM, x.State)
		}
	}
	if (c.TopUp != TopUp{}) && (!c.Secures || c.TopUp.Minor <= 0 || c.TopUp.Due.Before(c.TopUp.On)) {
		return refuse(ErrAudit, "loan %s, secured: %t, is to be topped up by %d", c.Loan, c.Secures, c.TopUp.Minor)
	}
	return nil
}

// wake has a demand that was not met in time found.
func (c *Collateral) wake() civil.Date {
	if u := c.TopUp; c.Secures && !u.Due.IsZero() && u.Failed.IsZero() {
		return u.Due.AddDays(1)
	}
	return civil.Date{}
}

// item gives thing n, counted from 1. An event that speaks of one that is not there changes nothing.
func (c *Collateral) item(n int) *CollateralItem {
	if n < 1 || n > len(c.Items) {
		return new(CollateralItem)
	}
	return &c.Items[n-1]
}

// standing returns thing n if it is registered.
func (c *Collateral) standing(n int) (*CollateralItem, error) {
	x := c.item(n)
	if x.State == 0 {
		return x, bad(lending.ErrUnknown, c.thing(n), "register it first")
	}
	if x.State != ItemRegistered {
		return x, refuse(ErrItemState, "%s is %s", c.thing(n), x.State)
	}
	return x, nil
}

func (c *Collateral) thing(n int) string {
	return "thing " + strconv.Itoa(n) + " of loan " + string(c.Loan)
}

// with is the register after an event.
func (c *Collateral) with(e event.Of[Collateral]) *Collateral {
	now := *c
	now.Items = slices.Clone(c.Items)
	e.Apply(&now)
	return &now
}

// held is where money of thing n lies: the cash of its owner, the price of its buyer.
func (c *Collateral) held(p lending.PartyID, n int) ledger.Account {
	return ledger.Held(ledger.Owner(p), ledger.Ref(string(c.Loan)+"."+strconv.Itoa(n)))
}

// why is the reason of entries about things.
const whyCollateral ledger.Why = "collateral"

// loan reads a loan that exists.
func loan(t *lending.Tx, id lending.LoanID) (*lending.Loan, error) {
	l, err := event.Read(t.Tx, lending.LoanRef(id))
	if err == nil && l.ID == "" {
		err = bad(lending.ErrUnknown, "loan "+string(id), "")
	}
	return l, err
}

// owed is the principal that a borrower owes, or will.
func owed(l *lending.Loan) int64 {
	if len(l.Dues) == 0 {
		return l.Amount.Minor()
	}
	return l.Outstanding().Minor()
}

// owes is all that a borrower owes on a date: the principal, or will, and what is due of interest, penalties and
// charges, late ones included.
func owes(l *lending.Loan, on civil.Date) (int64, error) {
	due, err := l.DueOn(on)
	if err != nil || len(l.Dues) == 0 {
		return owed(l), err
	}
	sum := due.Minor()
	for i := range l.Dues {
		if d := &l.Dues[i]; l.State != lending.StateWrittenOff && d.Date.After(on) {
			sum += d.Unpaid()[lending.Principal]
		}
	}
	return sum, nil
}

// running reports whether a loan is paid out, or about to be, and not over.
func running(l *lending.Loan) bool {
	switch l.State {
	case lending.StateDisbursing, lending.StateActive, lending.StateWrittenOff:
		return true
	}
	return l.Charged && !l.State.Ended()
}

// apart refuses actors who have a hand in what they decide: any of the parties.
func apart(t *lending.Tx, ps ...lending.PartyID) error {
	for _, p := range ps {
		if p == "" {
			continue
		}
		if err := disinterested(t, p); err != nil {
			return err
		}
	}
	return nil
}

// registered refuses parties that are not known.
func registered(t *lending.Tx, ps ...lending.PartyID) error {
	for _, id := range ps {
		p, err := event.Read(t.Tx, lending.PartyRef(id))
		if err != nil {
			return err
		}
		if p.ID == "" {
			return bad(lending.ErrUnknown, "party "+string(id), "register it first")
		}
	}
	return nil
}

// creditors refuses lists that are too long, amounts out of bounds and parties who are unknown or decide.
func creditors(t *lending.Tx, lists ...[]Creditor) error {
	for _, list := range lists {
		if len(list) > maxCreditors {
			return bad(lending.ErrLimit, "list of creditors", fmt.Sprintf("has %d, more than %d", len(list), maxCreditors))
		}
		for _, x := range list {
			if x.Minor < 1 || x.Minor > money.MaxMinor {
				return bad(lending.ErrAmount, "creditor "+string(x.Party), fmt.Sprintf("is owed %d minor units, want 1 to %d", x.Minor, int64(money.MaxMinor)))
			}
			if err := registered(t, x.Party); err != nil {
				return err
			}
			if err := disinterested(t, x.Party); err != nil {
				return err
			}
		}
	}
	return nil
}
