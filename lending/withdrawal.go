package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// WithdrawalRules bound what parties take out in one currency (提现限额) and say what it costs. Zero
// sets no bound and asks no fee. A day is that of the commands; one that is dated before a party's
// latest withdrawal counts on the day of that one. What fails counts too.
type WithdrawalRules struct {
	Currency  money.Currency
	Min, Max  money.Amount // of one withdrawal
	MaxPerDay money.Amount // sum of a party's withdrawals of a day
	CountADay int          // a party's withdrawals of a day
	Fee       money.Amount // of one withdrawal, taken besides the amount; returned if it fails
}

// feeWithdrawal is the account of income under which withdrawal fees stand.
const feeWithdrawal ledger.Ref = "withdrawal"

func (r *WithdrawalRules) check() error {
	what := "withdrawals in " + r.Currency.Code()
	for _, a := range [...]money.Amount{r.Min, r.Max, r.MaxPerDay, r.Fee} {
		if a.Sign() < 0 || !a.IsZero() && a.Currency() != r.Currency {
			return &Error{ErrConfig, what, "want amounts of that currency, not " + a.String()}
		}
	}
	if r.Currency.IsZero() || r.CountADay < 0 || !r.Max.IsZero() && r.Max.Minor() < r.Min.Minor() {
		return &Error{ErrConfig, what, "contradict themselves"}
	}
	return nil
}

// checkWithdrawals refuses rules that are wrong, or two for one currency.
func checkWithdrawals(rs []WithdrawalRules) error {
	seen := make(map[money.Currency]bool, len(rs))
	for i := range rs {
		if err := rs[i].check(); err != nil {
			return err
		}
		if seen[rs[i].Currency] {
			return &Error{ErrConfig, "withdrawals in " + rs[i].Currency.Code(), "have rules twice"}
		}
		seen[rs[i].Currency] = true
	}
	return nil
}

// withdrawals returns the rules for a currency.
func (c *Config) withdrawals(cur money.Currency) WithdrawalRules {
	for _, r := range c.Withdrawals {
		if r.Currency == cur {
			return r
		}
	}
	return WithdrawalRules{Currency: cur}
}

// takes refuses a withdrawal that breaks the rules, given what the party withdrew that day.
func (r *WithdrawalRules) takes(minor int64, day WithdrawalDay) error {
	refuse := func(why string, a money.Amount) error {
		return &Error{ErrLimit, "withdrawal of " + amount(minor, r.Currency).String(), why + " " + a.String()}
	}
	switch {
	case minor < r.Min.Minor():
		return refuse("want at least", r.Min)
	case !r.Max.IsZero() && minor > r.Max.Minor():
		return refuse("want at most", r.Max)
	case r.CountADay > 0 && day.Count >= r.CountADay:
		return refuse(fmt.Sprintf("%d of the day have taken", day.Count), amount(day.Minor, r.Currency))
	case !r.MaxPerDay.IsZero() && minor > r.MaxPerDay.Minor()-day.Minor:
		return refuse("with that of the same day it passes", r.MaxPerDay)
	}
	return nil
}

// WithdrawalDay is what a party has withdrawn from a wallet on the latest day on which it did.
type WithdrawalDay struct {
	On    civil.Date
	Count int
	Minor int64 // sum, without fees; one beyond [money.MaxMinor] stops there
}

func (d *WithdrawalDay) code(c *event.Codec) {
	c.Date(&d.On)
	c.Count(&d.Count)
	c.Int(&d.Minor)
}

// on returns the day that a withdrawal on a date counts on, as it stands.
func (d WithdrawalDay) on(date civil.Date) WithdrawalDay {
	if d.On.Before(date) {
		return WithdrawalDay{On: date}
	}
	return d
}

// Withdrawn counts a withdrawal on a wallet.
type Withdrawn struct {
	On    civil.Date
	Minor int64
}

// Type implements event.Of.
func (Withdrawn) Type() string { return "withdrawn" }

// Apply implements event.Of.
func (e Withdrawn) Apply(w *Wallet) {
	w.Day = w.Day.on(e.On)
	w.Day.Count++
	w.Day.Minor = min(w.Day.Minor, money.MaxMinor-e.Minor) + e.Minor
}

// Code implements event.Coder.
func (e *Withdrawn) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Minor)
}

// Withdraw takes free money out of the actor's wallet to his own bank account (提现), within the
// desk's [WithdrawalRules] and for their fee. Given by a party.
type Withdraw struct{ Amount money.Amount }

// Home implements Command.
func (c Withdraw) Home(m Meta) event.Ref[Payment] { return PaymentRef(payment.ID(idOf("W", m.Key))) }

// Allowed implements Command.
func (Withdraw) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a party that may not, an amount outside the limits, and one
// that the wallet cannot give together with the fee.
func (c Withdraw) Decide(t *Tx, p *Payment) (PaymentInstructed, error) {
	none, who, cur := PaymentInstructed{}, PartyID(t.Actor.ID), c.Amount.Currency()
	if p.Purpose != 0 {
		return none, &Error{ErrExists, "payment " + t.home.ID, ""}
	}
	if err := positive("withdrawal", c.Amount, cur); err != nil {
		return none, err
	}
	if err := t.Want(PartyRef(who).Stream(), WalletRef(who, cur).Stream(), booksStream); err != nil {
		return none, err
	}
	if err := t.May(who, ActWithdraw); err != nil {
		return none, err
	}
	w, err := event.Read(t.Tx, WalletRef(who, cur))
	if err != nil {
		return none, err
	}
	rules, day := t.desk.cfg.withdrawals(cur), w.Day.on(t.On)
	if err := rules.takes(c.Amount.Minor(), day); err != nil {
		return none, err
	}
	if total := c.Amount.Minor() + rules.Fee.Minor(); total > w.Available {
		return none, &FundsError{who, amount(total, cur), amount(w.Available, cur)}
	}
	if err := t.change(who, cur, Withdrawn{day.On, c.Amount.Minor()}); err != nil {
		return none, err
	}
	in := payment.Instruction{ID: payment.ID(t.home.ID), Kind: payment.Payout,
		Party: payment.PartyID(who), Amount: c.Amount}
	ev, err := t.instruct(in, Avail(who), PurposeWithdraw, "")
	if err != nil {
		return none, err
	}
	ev.Fee = rules.Fee.Minor()
	return ev, t.withdrawalFee(who, rules.Fee)
}

func (t *Tx) withdrawalFee(who PartyID, fee money.Amount) error {
	if fee.IsZero() {
		return nil
	}
	return t.postAll(
		ledger.Move(ledger.Client, "withdrawal-fee", Avail(who), ledger.FeesDue(), fee),
		ledger.Move(ledger.Platform, "withdrawal-fee", ledger.FeesRcv(), ledger.Income(feeWithdrawal), fee))
}

// endFee returns the fee of a withdrawal that failed, in whole or in part.
func (t *Tx) endFee(p *Payment, now payment.State) error {
	if p.Fee == 0 || now.Status != payment.Failed {
		return nil
	}
	who, fee := PartyID(p.Instruction.Party), amount(p.Fee, p.Instruction.Amount.Currency())
	return t.postAll(
		ledger.Move(ledger.Client, "fee-returned", ledger.FeesDue(), Avail(who), fee),
		ledger.Move(ledger.Platform, "fee-returned", ledger.Income(feeWithdrawal), ledger.FeesRcv(), fee))
}

// correctFee returns the fee of a withdrawal that failed after all, and takes that of one that did
// not.
func (t *Tx) correctFee(p *Payment, now payment.State) error {
	full := p.Instruction.Amount.Minor()
	switch was, is := p.Posted == full, now.Paid == full; {
	case was == is || p.Fee == 0:
		return nil
	case was:
		return t.endFee(p, now)
	}
	who, fee := PartyID(p.Instruction.Party), amount(p.Fee, p.Instruction.Amount.Currency())
	if err := t.reclaim("withdrawal-fee", who, ledger.FeesDue(), fee); err != nil {
		return err
	}
	return t.Post(ledger.Move(ledger.Platform, "withdrawal-fee", ledger.FeesRcv(), ledger.Income(feeWithdrawal), fee))
}
