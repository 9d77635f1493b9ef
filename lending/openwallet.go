package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// OpenWallet takes a party's money in as the custodian has it on the day of the cut-over: what is free,
// what it owes to the platform, and what it has had out of its claims so far. [Desk.Import] sends it.
// It needs an approver besides the actor. Given by an officer.
type OpenWallet struct {
	Cutover Code
	Wallet  LiveWallet
}

// WalletOpened is the outcome of [OpenWallet]. The money stands in the entries before it.
type WalletOpened struct {
	On           civil.Date
	By, Approver ActorID
	Cutover      Code
	Active       civil.Date
	Day          WithdrawalDay
	Past         Lifetime
}

// Type implements event.Of.
func (WalletOpened) Type() string { return "opened" }

// Apply implements event.Of.
func (e WalletOpened) Apply(w *Wallet) { w.Active, w.Day = e.Active, e.Day }

// Code implements event.Coder.
func (e *WalletOpened) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Cutover)
	c.Date(&e.Active)
	e.Day.code(c)
	e.Past.code(c)
}

func (v *Lifetime) code(c *event.Codec) {
	c.Int(&v.Lent)
	c.Int(&v.Bought)
	c.Int(&v.Sold)
	codeComponents(c, &v.Received)
	c.Int(&v.Fees)
	c.Int(&v.Advanced)
	c.Int(&v.Recovered)
	c.Int(&v.Promotions)
	c.Count(&v.Loans)
}

// Home implements Command.
func (c OpenWallet) Home(Meta) event.Ref[Wallet] { return WalletRef(c.Wallet.Party, c.Wallet.Currency) }

// Allowed implements Command.
func (OpenWallet) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a wallet that was used already, and a party that is not known.
func (c OpenWallet) Decide(t *Tx, w *Wallet) (WalletOpened, error) {
	none, x := WalletOpened{}, &c.Wallet
	if err := t.cutover(c.Cutover); err != nil {
		return none, err
	}
	if err := x.check(t.On); err != nil {
		return none, err
	}
	ref := WalletRef(x.Party, x.Currency)
	if t.Version(ref.Stream()) > 0 {
		return none, &Error{ErrExists, "wallet " + ref.ID, "was used before"}
	}
	p, err := t.party(x.Party)
	if err != nil {
		return none, err
	}
	if err := t.Want(booksStream); err != nil {
		return none, err
	}
	if !slices.Contains(p.Wallets, x.Currency) {
		if err := event.Write(t.Tx, PartyRef(x.Party), PartyWallet{x.Currency}); err != nil {
			return none, err
		}
	}
	return WalletOpened{t.On, t.Actor.ID, t.Approver.ID, c.Cutover, x.Active, x.Day, x.Past}, t.openWallet(x)
}

// openWallet books what a wallet begins with. The custodian has it already and moves nothing.
func (t *Tx) openWallet(x *LiveWallet) error {
	free := ledger.Move(ledger.Client, whyMovedIn, ledger.Bank(), Avail(x.Party), amount(x.Available, x.Currency))
	if err := t.write(free); err != nil || x.Owed == 0 {
		return err
	}
	if err := t.change(x.Party, x.Currency, Owes{x.Owed}); err != nil {
		return err
	}
	rcv := ledger.ClientRcv(ledger.Owner(x.Party))
	return t.write(ledger.Move(ledger.Platform, whyMovedIn, rcv, ledger.OwnBank(), amount(x.Owed, x.Currency)))
}

// check refuses a wallet that could not be one on a day.
func (x *LiveWallet) check(on civil.Date) error {
	if err := checkID("party", x.Party); err != nil {
		return err
	}
	v, what := &x.Past, "wallet of "+string(x.Party)
	if x.Currency.IsZero() {
		return &Error{ErrAmount, what, "names no currency"}
	}
	for _, n := range append(v.Received[:], x.Available, x.Owed, x.Day.Minor, v.Lent, v.Bought, v.Sold, v.Fees,
		v.Advanced, v.Recovered, v.Promotions, int64(v.Loans), int64(x.Day.Count)) {
		if n < 0 || n > money.MaxMinor {
			return &Error{ErrAmount, what, fmt.Sprintf("has a figure of %d", n)}
		}
	}
	if v.Received[0] != 0 || v.Loans > 1<<31-1 || x.Day.Count > 1<<31-1 {
		return &Error{ErrLimit, what, "received of no component, or counts too much"}
	}
	if x.Active.After(on) || x.Day.On.After(on) {
		return &Error{ErrDate, what, "was used after " + on.String()}
	}
	return nil
}

// walletOpened takes a wallet in that another system kept.
func (r *Reports) walletOpened(id string, w *Wallet, rec event.Record) error {
	v, err := walletKind.Decode(rec)
	e, ok := v.(WalletOpened)
	if err != nil || !ok {
		return err
	}
	p, cur, err := walletOwner(id)
	if err != nil {
		return err
	}
	e.Apply(w)
	if e.Past != (Lifetime{}) {
		entry(r.lenders, holding{p, cur}).add(&e.Past)
	}
	return nil
}
