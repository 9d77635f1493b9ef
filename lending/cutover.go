package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Cutover is the state of one move of a [LiveBook] into a desk. While it is open, and on its day alone,
// parties, wallets and loans may be taken in; once it has ended nothing more comes in under its name.
type Cutover struct {
	ID     Code
	On     civil.Date
	Book   event.Hash // of the book's text
	Opened bool       // the platform's own accounts are in
	Ended  bool
}

// MaxCutover is the length of a cut-over's id in bytes.
const MaxCutover = 32

// whyMovedIn is the reason of every entry that a cut-over makes.
const whyMovedIn ledger.Why = "moved-in"

// LeftBehind is the rule that a book leaves something behind ([LiveBook].Left): a warning that both the
// import and its record show, to be accepted in [Meta].Accept.
const LeftBehind Code = "left-behind"

// BeginCutover opens a cut-over. Two officers sign. [Desk.Import] sends it. Given by an officer.
type BeginCutover struct {
	Cutover Code
	Book    event.Hash
	Left    int // accounts and loans that the book leaves behind
}

// CutoverBegun is the outcome of [BeginCutover].
type CutoverBegun struct {
	Cutover      Code
	On           civil.Date
	Book         event.Hash
	Left         int
	By, Approver ActorID
}

// Type implements event.Of.
func (CutoverBegun) Type() string { return "begun" }

// Apply implements event.Of.
func (e CutoverBegun) Apply(x *Cutover) { x.ID, x.On, x.Book = e.Cutover, e.On, e.Book }

// Code implements event.Coder.
func (e *CutoverBegun) Code(c *event.Codec) {
	event.Text(c, &e.Cutover)
	c.Date(&e.On)
	c.Hash(&e.Book)
	c.Count(&e.Left)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// Home implements Command.
func (c BeginCutover) Home(Meta) event.Ref[Cutover] { return CutoverRef(c.Cutover) }

// Allowed implements Command.
func (BeginCutover) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c BeginCutover) Decide(t *Tx, x *Cutover) (CutoverBegun, error) {
	none := CutoverBegun{}
	if err := t.second(); err != nil {
		return none, err
	}
	if err := checkCutover(c.Cutover); err != nil {
		return none, err
	}
	if x.ID != "" {
		return none, &Error{ErrExists, "cut-over " + string(c.Cutover), ""}
	}
	if c.Left < 0 || c.Left > maxLeft {
		return none, &Error{ErrLimit, "cut-over " + string(c.Cutover), fmt.Sprintf("leaves %d things behind", c.Left)}
	}
	if c.Left > 0 {
		w := Warning{LeftBehind, fmt.Sprintf("%d accounts and loans of the book do not move; see its Left and LeftLoans", c.Left)}
		if err := t.accept([]Warning{w}); err != nil {
			return none, err
		}
	}
	return CutoverBegun{c.Cutover, t.On, c.Book, c.Left, t.Actor.ID, t.Approver.ID}, nil
}

func checkCutover(id Code) error {
	if err := checkID("cut-over", id); err != nil {
		return err
	}
	if len(id) > MaxCutover {
		return &Error{ErrID, "cut-over", fmt.Sprintf("has %d bytes, want 1 to %d", len(id), MaxCutover)}
	}
	return nil
}

// OpenAccounts takes in what stands on the platform's own accounts. Its bank and the clients' take what
// balances each book; what parties owe comes in with their wallets ([OpenWallet]). Given by an
// officer.
type OpenAccounts struct {
	Cutover Code
	Own     []OwnBalance
}

// AccountsOpened is the outcome of [OpenAccounts].
type AccountsOpened struct {
	Own          []OwnBalance
	By, Approver ActorID
}

// Type implements event.Of.
func (AccountsOpened) Type() string { return "opened" }

// Apply implements event.Of.
func (AccountsOpened) Apply(x *Cutover) { x.Opened = true }

// Code implements event.Coder.
func (e *AccountsOpened) Code(c *event.Codec) {
	event.List(c, &e.Own, func(c *event.Codec, v *OwnBalance) { v.code(c) })
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// Home implements Command.
func (c OpenAccounts) Home(Meta) event.Ref[Cutover] { return CutoverRef(c.Cutover) }

// Allowed implements Command.
func (OpenAccounts) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses lines on other accounts, a figure beyond bounds, and fees due
// that are not those receivable.
func (c OpenAccounts) Decide(t *Tx, x *Cutover) (AccountsOpened, error) {
	none := AccountsOpened{}
	if err := t.cutover(c.Cutover); err != nil {
		return none, err
	}
	if x.Opened {
		return none, &Error{ErrExists, "accounts of cut-over " + string(c.Cutover), ""}
	}
	if err := checkOwn(c.Own); err != nil {
		return none, err
	}
	for _, v := range c.Own {
		if err := t.write(v.entry()); err != nil {
			return none, err
		}
	}
	return AccountsOpened{c.Own, t.Actor.ID, t.Approver.ID}, nil
}

// EndCutover closes a cut-over: from then on nothing comes in under its name. [Desk.Import] sends it
// when the ledger has become what the book states, to the cent. Given by an officer.
type EndCutover struct{ Cutover Code }

// CutoverEnded is the outcome of [EndCutover].
type CutoverEnded struct{ By, Approver ActorID }

// Type implements event.Of.
func (CutoverEnded) Type() string { return "ended" }

// Apply implements event.Of.
func (CutoverEnded) Apply(x *Cutover) { x.Ended = true }

// Code implements event.Coder.
func (e *CutoverEnded) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// Home implements Command.
func (c EndCutover) Home(Meta) event.Ref[Cutover] { return CutoverRef(c.Cutover) }

// Allowed implements Command.
func (EndCutover) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c EndCutover) Decide(t *Tx, _ *Cutover) (CutoverEnded, error) {
	if err := t.cutover(c.Cutover); err != nil {
		return CutoverEnded{}, err
	}
	return CutoverEnded{t.Actor.ID, t.Approver.ID}, nil
}

var cutoverKind = event.NewKind[Cutover]("cutover", nil, event.On[CutoverBegun](),
	event.On[AccountsOpened](), event.On[CutoverEnded]())

// CutoverRef refers to a cut-over's stream.
func CutoverRef(id Code) event.Ref[Cutover] { return cutoverKind.Ref(string(id)) }

// cutover refuses a command that is not signed by two, or not part of an open cut-over of its day.
func (t *Tx) cutover(id Code) error {
	if err := t.second(); err != nil {
		return err
	}
	if err := checkCutover(id); err != nil {
		return err
	}
	x, err := event.Read(t.Tx, CutoverRef(id))
	switch {
	case err != nil:
		return err
	case x.ID == "":
		return &Error{ErrUnknown, "cut-over " + string(id), "see BeginCutover"}
	case x.Ended:
		return &Error{ErrState, "cut-over " + string(id), "has ended"}
	case x.On != t.On:
		return &Error{ErrDate, "cut-over " + string(id), "is of " + x.On.String()}
	}
	return nil
}
