package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// whyOwn is the reason of entries, and expenseOwn the expense, of the platform's own guarantee.
const (
	whyOwn     ledger.Why = "own-guarantee"
	expenseOwn ledger.Ref = "compensation"
)

// OwnGranted is the outcome of [PayOwn].
type OwnGranted struct {
	On           civil.Date
	Minor        int64
	Recognised   int64 // of it, an expense before ([RecogniseLiability])
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (OwnGranted) Type() string { return "own-granted" }

// Apply implements event.Of.
func (e OwnGranted) Apply(g *Guarantor) {
	g.Coming += e.Minor
	g.Liability -= e.Recognised
}

// Code implements event.Coder.
func (e *OwnGranted) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Minor)
	c.Int(&e.Recognised)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// PayOwn pays out of the platform's own bank account, towards the client account, what demands on its own
// guarantee ask for (平台自身担保): what was recognised as a liability, and for the rest an expense. The
// guarantor is a related party of the platform, named by products as a [lending.CoverOwnGuarantee]; it has
// the money when the custodian says that it came ([CreditOwn]), or never if it says so ([FailOwn]), and pays
// by [PayDemand]. It needs an approver besides the actor. Given by an officer or a cashier.
type PayOwn struct {
	Guarantor lending.PartyID
	Amount    money.Amount
}

// Home implements lending.Command.
func (c PayOwn) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (PayOwn) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleCashier}
}

// Decide implements lending.Command. It refuses a guarantor that is not a related party, and more than the
// oldest 100 demands still need and is neither in its wallet nor on its way.
func (c PayOwn) Decide(t *lending.Tx, g *Guarantor) (OwnGranted, error) {
	none := OwnGranted{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	if err := positive(c.Amount, g.Terms.Currency); err != nil {
		return none, err
	}
	if err := approved(t, g.ID); err != nil {
		return none, err
	}
	if err := g.own(t); err != nil {
		return none, err
	}
	w, err := event.Read(t.Tx, lending.WalletRef(g.ID, g.Terms.Currency))
	if err != nil {
		return none, err
	}
	need, err := g.needs(t)
	if err != nil {
		return none, err
	}
	if c.Amount.Minor() > need-w.Available-g.Coming {
		return none, bad(lending.ErrAmount, "own guarantee of "+c.Amount.String(), "is more than demands still need")
	}
	minor := c.Amount.Minor()
	known := min(minor, g.Liability)
	e := ledger.Entry{Book: ledger.Platform, Why: whyOwn, Currency: g.Terms.Currency}
	e.Debit(g.provision(), known)
	e.Debit(ledger.Expense(expenseOwn), minor-known)
	e.Credit(ledger.OwnBank(), minor)
	return OwnGranted{t.On, minor, known, t.Actor.ID, t.Approver.ID}, t.Post(e)
}

// needs is what the oldest demands still stand for.
func (g *Guarantor) needs(t *lending.Tx) (sum int64, err error) {
	var oldest []Demand
	for d := range g.Queue.All() {
		if len(oldest) == maxLapses {
			break
		}
		oldest = append(oldest, d)
	}
	loans, err := readLoans(t, oldest)
	if err != nil {
		return 0, err
	}
	for i, l := range loans {
		n, err := wants(l, oldest[i], t.On, g.owes)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// OwnCredited is the outcome of [CreditOwn].
type OwnCredited struct {
	On    civil.Date
	Minor int64
}

// Type implements event.Of.
func (OwnCredited) Type() string { return "own-credited" }

// Apply implements event.Of.
func (e OwnCredited) Apply(g *Guarantor) {
	g.Coming -= e.Minor
	g.Granted += e.Minor
}

// Code implements event.Coder.
func (e *OwnCredited) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Minor)
}

// CreditOwn records that money of [PayOwn] has come in at the custodian: the guarantor has it, to pay demands with.
// Until it has paid as much to lenders, its wallet is fenced: it neither withdraws nor lends. Given by the custodian.
type CreditOwn struct {
	Guarantor lending.PartyID
	Amount    money.Amount
}

// Home implements lending.Command.
func (c CreditOwn) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (CreditOwn) Allowed() []lending.Role { return []lending.Role{lending.RoleCustodian} }

// Decide implements lending.Command. It refuses more than is on its way (lending.ErrAmount).
func (c CreditOwn) Decide(t *lending.Tx, g *Guarantor) (OwnCredited, error) {
	if err := g.coming(c.Guarantor, c.Amount); err != nil {
		return OwnCredited{}, err
	}
	e := ledger.Move(ledger.Client, whyOwn, ledger.Bank(), lending.Avail(g.ID), c.Amount)
	return OwnCredited{t.On, c.Amount.Minor()}, t.Post(e)
}

// OwnFailed is the outcome of [FailOwn].
type OwnFailed struct {
	On    civil.Date
	Minor int64
}

// Type implements event.Of.
func (OwnFailed) Type() string { return "own-failed" }

// Apply implements event.Of.
func (e OwnFailed) Apply(g *Guarantor) {
	g.Coming -= e.Minor
	g.Liability += e.Minor
}

// Code implements event.Coder.
func (e *OwnFailed) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Minor)
}

// FailOwn records that money of [PayOwn] will never come in at the custodian: the platform has it again, and what
// it was for is a liability until it is paid, or [RecogniseLiability] finds that nobody asks for it any more. Given
// by the custodian.
type FailOwn struct {
	Guarantor lending.PartyID
	Amount    money.Amount
}

// Home implements lending.Command.
func (c FailOwn) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (FailOwn) Allowed() []lending.Role { return []lending.Role{lending.RoleCustodian} }

// Decide implements lending.Command. It refuses more than is on its way (lending.ErrAmount).
func (c FailOwn) Decide(t *lending.Tx, g *Guarantor) (OwnFailed, error) {
	if err := g.coming(c.Guarantor, c.Amount); err != nil {
		return OwnFailed{}, err
	}
	e := ledger.Move(ledger.Platform, whyOwn, ledger.OwnBank(), g.provision(), c.Amount)
	return OwnFailed{t.On, c.Amount.Minor()}, t.Post(e)
}

// coming refuses more than is on its way.
func (g *Guarantor) coming(id lending.PartyID, a money.Amount) error {
	if err := g.in(id, Active, Suspended, Defaulted); err != nil {
		return err
	}
	if err := positive(a, g.Terms.Currency); err != nil {
		return err
	}
	if a.Minor() > g.Coming {
		return bad(lending.ErrAmount, "own guarantee of "+a.String(), "is more than is on its way")
	}
	return nil
}
