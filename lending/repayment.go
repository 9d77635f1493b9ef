package lending

import (
	"slices"
	"sort"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Repay pays a loan out of its borrower's wallet (还款), in the order of the product's waterfall; what is
// beyond what is due goes to instalments that are not, at their planned figures: interest that is paid ahead
// so stays paid ([Prepay] takes off what is not earned). An amount that
// reaches what [PayOff] takes pays off. What is more than is owed stays in the wallet. On a loan that
// was written off it is a recovery: the recovery fee comes off the top. By the borrower or the
// system. Given by a party or the system.
type Repay struct {
	Loan   LoanID
	Amount money.Amount
}

// PayOff pays everything that is still owed, with interest to the day or as [Prepayment] says, and
// closes the loan (提前还清). What it costs on a day is [Loan.Payoff]. Interest that an instalment was paid
// ahead of its time is not given back. By the borrower or the system. Given
// by a party or the system.
type PayOff struct{ Loan LoanID }

// Home implements Command.
func (c Repay) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Repay) Allowed() []Role { return []Role{RoleParty, RoleSystem} }

// Decide implements Command.
func (c Repay) Decide(t *Tx, l *Loan) (Repaid, error) {
	if err := l.in(c.Loan, StateActive, StateWrittenOff); err != nil {
		return Repaid{}, err
	}
	if err := positive("repayment", c.Amount, l.Currency()); err != nil {
		return Repaid{}, err
	}
	if err := t.payable(l); err != nil {
		return Repaid{}, err
	}
	return t.repay(l, l.fact(t.On, c.Amount.Minor()))
}

// Home implements Command.
func (c PayOff) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (PayOff) Allowed() []Role { return []Role{RoleParty, RoleSystem} }

// Decide implements Command.
func (c PayOff) Decide(t *Tx, l *Loan) (Repaid, error) {
	if err := l.in(c.Loan, StateActive); err != nil {
		return Repaid{}, err
	}
	if err := t.payable(l); err != nil {
		return Repaid{}, err
	}
	if err := l.prepayable(t.On, false); err != nil {
		return Repaid{}, err
	}
	a, err := l.Payoff(t.On)
	if err != nil {
		return Repaid{}, err
	}
	return t.repay(l, l.fact(t.On, a.Minor()))
}

// payable refuses a payment by another than the borrower, before what the loan has seen, or while
// another movement of its money is not complete.
func (t *Tx) payable(l *Loan) error {
	if err := t.self(l.Borrower); err != nil {
		return err
	}
	if err := l.notBefore(t.On); err != nil {
		return err
	}
	return t.Finished(l)
}

// fact is a payment as it came, whatever it pays.
type fact struct {
	n     int
	on    civil.Date
	by    PartyID
	kind  PaymentKind
	minor int64
	// ranked has covers that paid in the borrower's place rank behind all that the lenders miss.
	ranked bool
}

// fact is the borrower's next payment.
func (l *Loan) fact(on civil.Date, minor int64) fact {
	f := fact{n: l.Payments + 1, on: on, by: l.Borrower, kind: OrdinaryPayment, minor: minor}
	if l.State == StateWrittenOff {
		f.kind = RecoveryPayment
	}
	return f
}

// repay takes a payment up and distributes it.
func (t *Tx) repay(l *Loan, f fact) (Repaid, error) {
	ev, now, err := l.take(f)
	if err != nil {
		return Repaid{}, err
	}
	return ev, t.distribute(l, now, &ev, Avail(ev.By))
}

// take figures what a payment pays and who gets it. It works on a copy of the dues brought up to the
// payment's day, which it returns, so that a refusal leaves nothing behind.
func (l *Loan) take(f fact) (ev Repaid, now *Loan, err error) {
	ev = Repaid{N: f.n, On: f.on, By: f.by, Kind: f.kind}
	if ev.Booking, err = l.booking(f.on); err != nil {
		return ev, nil, err
	}
	now = l.preview(ev.Booking)
	if err := now.ends(&ev, f.minor); err != nil {
		return ev, nil, err
	}
	debts := now.Debts(f.on)
	owed := total(debts)
	gross, fee, err := now.recoveryFee(&ev, f.minor, owed)
	if err != nil {
		return ev, nil, err
	}
	var rest int64
	ev.Parts, rest = now.takeUp(f, debts, gross-fee)
	ev.Closes = owed == gross-fee-rest && !now.charges(f.on)
	ev.Total = amount(gross-rest, l.Currency())
	return ev, now, now.pass(&ev)
}

// ends pays the loan off early if a payment reaches what that takes, and the product lets it.
func (l *Loan) ends(ev *Repaid, minor int64) error {
	if l.State != StateActive || minor < l.Outstanding().Minor() {
		return nil
	}
	if refused := l.prepayable(ev.On, false); refused != nil {
		return nil //nolint:nilerr // it pays instalments ahead then
	}
	p, err := l.payOff(ev.On)
	if err != nil || minor < p.owed {
		return err
	}
	ev.Recut, ev.Exit = p.cut, p.charges
	l.recut(ev.Recut)
	l.chargeAll(ev.Exit)
	return nil
}

// preview is the loan with late charges booked, sharing nothing that a payment changes but its lots.
func (l *Loan) preview(b Booking) *Loan {
	now := *l
	now.Dues, now.Charges, now.Advances = slices.Clone(l.Dues), slices.Clone(l.Charges), slices.Clone(l.Advances)
	now.book(b)
	return &now
}

// charges reports whether something that is booked after a date is unpaid.
func (l *Loan) charges(on civil.Date) bool {
	return slices.ContainsFunc(l.Charges, func(c Charge) bool { return c.On.After(on) && c.Unpaid() > 0 })
}

// owes is what is unpaid if interest is recut.
func (l *Loan) owes(cut Recut) (sum int64) {
	for i := range l.Dues {
		sum += l.Dues[i].Unpaid().Total()
	}
	for i, n := range cut.Interest {
		sum += n - l.due(cut.From + i).Owed[Interest]
	}
	for _, d := range cut.Dropped {
		sum -= d.Minor
	}
	return sum
}

// recoveryFee figures the fee that comes off a recovery, and how much of the payment is taken: not
// more than what is owed and its fee.
func (l *Loan) recoveryFee(ev *Repaid, minor, owed int64) (gross, fee int64, err error) {
	if !ev.Recovery() {
		return minor, 0, nil
	}
	for _, f := range l.Product.feesAt(OnRecovery) {
		row := FeeRow{Base: minor, Count: l.DaysPastDue(ev.On)}
		if _, err := f.Of(row); err != nil {
			return 0, 0, err
		}
		of := func(gross int64) int64 { row.Base = gross; v, _ := f.Of(row); return v }
		if minor-of(minor) > owed { // the fee grows by one at most where the payment does
			over := sort.Search(int(minor-owed), func(k int) bool { return owed+int64(k)-of(owed+int64(k)) >= owed })
			minor = owed + int64(over)
		}
		if fee = of(minor); fee > 0 {
			ev.levy(Levied{f.Party, f.levy(fee)})
		}
	}
	return minor, fee, nil
}

// Seen is the latest date on which something happened to the running loan. Nothing is done to it on an earlier one.
func (l *Loan) Seen() civil.Date {
	last := later(l.Looked, l.Sealed)
	for i := range l.Charges {
		last = later(last, l.Charges[i].On)
	}
	if m := l.latest(); m != nil {
		last = later(last, m.On)
	}
	return last
}

// notBefore refuses a date before what the loan has seen.
func (l *Loan) notBefore(on civil.Date) error {
	if seen := l.Seen(); on.Before(seen) {
		return &Error{ErrDate, "loan " + string(l.ID), "has moved on to " + seen.String()}
	}
	return nil
}

// DueOn returns what has to be paid up to and on a date, late charges included.
func (l *Loan) DueOn(on civil.Date) (money.Amount, error) {
	b, err := l.booking(on)
	if err != nil {
		return money.Amount{}, err
	}
	var sum int64
	now := l.preview(b)
	for i := range now.Dues {
		if !now.Dues[i].Date.After(on) || l.State == StateWrittenOff {
			sum += now.Dues[i].Unpaid().Total()
		}
	}
	return money.New(sum, l.Currency())
}
