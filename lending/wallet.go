package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Wallet is a party's client money in one currency, in minor units. None of the figures is ever
// negative; the sum of the holds is part of what the party has and cannot be spent twice.
type Wallet struct {
	Available int64
	Held      map[ledger.Ref]int64 // by loan
	Owed      int64                // owed to the platform, first taken from later credits
	Active    civil.Date           // latest day on which the party moved money itself; zero for never
	Day       WithdrawalDay
	positions positions
}

// HeldTotal returns the sum of all holds.
func (w *Wallet) HeldTotal() (sum int64) {
	for _, h := range w.Held {
		sum += h
	}
	return sum
}

// Moved changes a wallet by one ledger entry, and with it what the party has in a loan.
type Moved struct {
	Why       ledger.Why
	Ref       ledger.Ref // the hold that changes, empty for none
	Available int64      // added to the free balance
	Held      int64      // added to the hold
	Loan      LoanID     // in which the stake changes, empty for none
	Stake     Stake      // added to it
	On        civil.Date // of a movement by the party itself, else zero
}

// Type implements event.Of.
func (Moved) Type() string { return "moved" }

// Apply implements event.Of.
func (e Moved) Apply(w *Wallet) {
	w.Available += e.Available
	if e.Loan != "" {
		w.positions.stake(e.Loan, e.Stake)
	}
	if w.Active.Before(e.On) {
		w.Active = e.On
	}
	if e.Held == 0 {
		return
	}
	if w.Held == nil {
		w.Held = map[ledger.Ref]int64{}
	}
	if w.Held[e.Ref] += e.Held; w.Held[e.Ref] == 0 {
		delete(w.Held, e.Ref)
	}
}

// Code implements event.Coder.
func (e *Moved) Code(c *event.Codec) {
	event.Text(c, &e.Why)
	event.Text(c, &e.Ref)
	c.Int(&e.Available)
	c.Int(&e.Held)
	event.Text(c, &e.Loan)
	e.Stake.code(c)
	c.Date(&e.On)
}

// Owes changes what a wallet owes to the platform.
type Owes struct{ Delta int64 }

// Type implements event.Of.
func (Owes) Type() string { return "owes" }

// Apply implements event.Of.
func (e Owes) Apply(w *Wallet) { w.Owed += e.Delta }

// Code implements event.Coder.
func (e *Owes) Code(c *event.Codec) { c.Int(&e.Delta) }

var walletKind = event.NewKind[Wallet]("wallet", nil, event.On[Moved](), event.On[Owes](),
	event.On[Borrows](), event.On[Withdrawn](), event.On[WalletOpened]())

// digits are the texts of a currency's digits, 0 to 12.
var digits = [...]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}

// WalletRef refers to a party's wallet in a currency.
func WalletRef(p PartyID, c money.Currency) event.Ref[Wallet] {
	return walletKind.Ref(string(p) + "." + c.Code() + digits[c.Digits()])
}

// Code codes the wallet's state for snapshots.
func (w *Wallet) Code(c *event.Codec) {
	c.Int(&w.Available)
	c.Int(&w.Owed)
	c.Date(&w.Active)
	w.Day.code(c)
	type hold struct {
		ref   ledger.Ref
		minor int64
	}
	var holds []hold
	for r, m := range w.Held {
		holds = append(holds, hold{r, m})
	}
	slices.SortFunc(holds, func(a, b hold) int { return cmp.Compare(a.ref, b.ref) })
	event.List(c, &holds, func(c *event.Codec, h *hold) {
		event.Text(c, &h.ref)
		c.Int(&h.minor)
	})
	w.positions.code(c)
	if !c.Reading() || len(holds) == 0 {
		return
	}
	w.Held = make(map[ledger.Ref]int64, len(holds))
	for _, h := range holds {
		w.Held[h.ref] = h.minor
	}
}

// change records an event of a wallet.
func (t *Tx) change(id PartyID, c money.Currency, e event.Of[Wallet]) error {
	w := WalletRef(id, c)
	if err := t.note(w, id, c); err != nil {
		return err
	}
	return event.Write(t.Tx, w, e)
}

// note notes a wallet on its party when it is used for the first time.
func (t *Tx) note(w event.Ref[Wallet], id PartyID, c money.Currency) error {
	if err := t.Want(w.Stream()); err != nil || t.Version(w.Stream()) > 0 {
		return err
	}
	p, err := event.Read(t.Tx, PartyRef(id))
	if err != nil || slices.Contains(p.Wallets, c) {
		return err
	}
	return event.Write(t.Tx, PartyRef(id), PartyWallet{c})
}

// Avail is the ledger account of a party's free balance.
func Avail(p PartyID) ledger.Account { return ledger.Available(ledger.Owner(p)) }

// Hold is the ledger account of what a party has on hold for a loan.
func Hold(p PartyID, loan LoanID) ledger.Account {
	return ledger.Held(ledger.Owner(p), ledger.Ref(loan))
}

// Clear is the ledger account of a loan's money in passing.
func Clear(loan LoanID) ledger.Account { return ledger.Clearing(ledger.Ref(loan)) }
