package guarantee

import (
	"errors"
	"sort"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Bounds and names of a buyback.
const (
	maxBuyback            = 100 // lots bought by a command
	whyBuyback ledger.Why = "buyback"
)

// Repurchase is a lot that was bought back, and its price.
type Repurchase struct {
	Lot       int
	Units     int64           // of it that were bought; zero for all
	Holder    lending.PartyID // who was paid
	Principal int64           // unpaid, at par
	Interest  int64           // accrued
}

// Price is what the holder got, in minor units.
func (r *Repurchase) Price() int64 { return r.Principal + r.Interest }

// LoanBoughtBack is the outcome of [BuyBack].
type LoanBoughtBack struct {
	Loan         lending.LoanID
	On           civil.Date
	Lots         []Repurchase
	Advanced     []Settled // the demand that was paid instead, if one was
	Left         int       // lots, or demands, that are left; with none the demands on the loan are met
	Referred     int64     // principal that others hold after it
	Deposit      int64     // of the price, out of the deposit
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (LoanBoughtBack) Type() string { return "bought-back" }

// Apply implements event.Of.
func (e LoanBoughtBack) Apply(o *Originator) {
	for i := range e.Lots {
		o.Bought += e.Lots[i].Price()
	}
	for _, s := range e.Advanced {
		o.Bought += s.Minor
		o.Pending.set(s.Key, s.Left)
	}
	o.Deposit -= e.Deposit
	o.refer(e.Loan, e.Referred)
	if e.Left == 0 {
		o.Pending.dropLoan(e.Loan)
	}
}

// Code implements event.Coder.
func (e *LoanBoughtBack) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Date(&e.On)
	event.List(c, &e.Lots, func(c *event.Codec, r *Repurchase) {
		c.Count(&r.Lot)
		c.Int(&r.Units)
		event.Text(c, &r.Holder)
		c.Int(&r.Principal)
		c.Int(&r.Interest)
	})
	event.List(c, &e.Advanced, func(c *event.Codec, s *Settled) { s.code(c) })
	c.Count(&e.Left)
	c.Int(&e.Referred)
	c.Int(&e.Deposit)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// BuyBack has an originator buy a loan back that it was asked for (回购): each holder of record gets the unpaid
// principal of his lot at par and the interest accrued by the day, rounded down, and the lot becomes the
// originator's. It takes up to 100 lots, in the order of the register, as far as the money goes: the party's
// own free balance, or, for an officer with an approver and once the buyback is overdue or the originator has
// defaulted, its deposit; of a lot that this does not suffice for it buys a part.
// Send it again until no lot is left. What it buys keeps its rank, and with it
// its share of what comes in beside lots that are not bought yet, even where the originator bears the first loss:
// it has paid their holders all that they were owed, and a loan that is past due takes no new ranks. Once
// nothing that is due is unpaid, the originator may put it behind the others, by [lending.Subordinate]. A demand that the borrower has met meanwhile is cleared, and nothing
// is bought. Penalty interest and charges go with the lot and are not paid for. A loan that was written off
// has no claims to assign: the oldest demand on it is paid in the borrower's place instead, by
// [lending.Tx.Advance], out of the deposit as far as that goes; so is what is left of a deposit that does
// not suffice for a unit. Given by a party or an officer.
type BuyBack struct {
	Originator lending.PartyID
	Loan       lending.LoanID
}

// Home implements lending.Command.
func (c BuyBack) Home(lending.Meta) event.Ref[Originator] { return OriginatorRef(c.Originator) }

// Allowed implements lending.Command.
func (BuyBack) Allowed() []lending.Role {
	return []lending.Role{lending.RoleParty, lending.RoleOfficer}
}

// Decide implements lending.Command. It refuses a loan without a demand or whose last payout is not
// complete, a deposit that is empty or of which the time has not come, and, with a lending.FundsError, a
// wallet that does not suffice for a lot.
func (c BuyBack) Decide(t *lending.Tx, o *Originator) (LoanBoughtBack, error) {
	none := LoanBoughtBack{}
	if err := o.in(c.Originator, payers(t.Actor.Role == lending.RoleOfficer)...); err != nil {
		return none, err
	}
	if err := self(t, o.ID); err != nil {
		return none, err
	}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	ev := LoanBoughtBack{Loan: c.Loan, On: t.On, By: t.Actor.ID, Approver: t.Approver.ID}
	ev.Referred, _ = held(l, o.ID)
	asked, err := o.asked(t, l, c.Loan)
	if err != nil || !asked {
		return ev, err
	}
	from, err := o.source(t, c.Loan)
	if err != nil {
		return none, err
	}
	if ready, err := settled(t, l); err != nil || !ready {
		return none, pending(l, err)
	}
	if l.State == lending.StateWrittenOff {
		return ev, o.advance(t, l, from, &ev)
	}
	err = o.price(t, l, from, &ev)
	switch {
	case from.deposit() && errors.Is(err, lending.ErrFunds):
		return ev, o.advance(t, l, from, &ev)
	case err != nil:
		return none, err
	}
	return ev, o.buy(t, l, from, &ev)
}

// asked reports whether a demand on a loan still stands, and refuses a loan without one.
func (o *Originator) asked(t *lending.Tx, l *lending.Loan, id lending.LoanID) (stand bool, err error) {
	some := false
	for d := range o.Pending.All() {
		if d.Loan != id {
			continue
		}
		if t.On.Before(d.On) {
			return false, bad(lending.ErrDate, "demand of loan "+string(d.Loan), "was made on "+d.On.String())
		}
		some, stand = true, stand || stands(l, d, t.On) > 0
	}
	if !some {
		return false, bad(lending.ErrUnknown, "demand of loan "+string(id), "does not stand")
	}
	return stand, nil
}

// purse is where the money of a buyback comes from, and how much there is.
type purse struct {
	account ledger.Account
	minor   int64
}

func (p purse) deposit() bool { return p.account.Kind == ledger.KindHeld }

// source is the wallet of a party that acts itself, or the deposit that an officer calls.
func (o *Originator) source(t *lending.Tx, id lending.LoanID) (purse, error) {
	if t.Actor.Role == lending.RoleParty {
		w, err := event.Read(t.Tx, lending.WalletRef(o.ID, o.Terms.Currency))
		if err != nil {
			return purse{}, err
		}
		return purse{lending.Avail(o.ID), w.Available}, nil
	}
	if err := approved(t, o.ID); err != nil {
		return purse{}, err
	}
	for d := range o.Pending.All() {
		if d.Loan == id && o.Deposit > 0 && (o.State == Defaulted || d.overdue(t.On)) {
			return purse{o.deposited(), o.Deposit}, nil
		}
	}
	if o.Deposit == 0 {
		return purse{}, bad(lending.ErrFunds, "deposit of "+string(o.ID), "is empty: it has to pay itself, or to be declared in default")
	}
	return purse{}, bad(lending.ErrState, "buyback of loan "+string(id), "is not overdue")
}

// price lists the next lots that the money suffices for.
func (o *Originator) price(t *lending.Tx, l *lending.Loan, from purse, ev *LoanBoughtBack) error {
	lots := foreign(l, o.ID)
	for _, i := range lots[:min(len(lots), maxBuyback)] {
		r, err := o.quote(l, o.takes(l, i), t.On)
		if err != nil {
			return err
		}
		dear := r.Price() > from.minor
		if dear && from.deposit() && len(ev.Lots) == 0 {
			if r, err = o.some(l, i, from.minor, t.On); err != nil {
				return err
			}
		}
		if r.Price() > from.minor && len(ev.Lots) == 0 {
			return o.short(r.Price(), from.minor)
		}
		if r.Price() > from.minor {
			break
		}
		from.minor -= r.Price()
		ev.Referred -= r.Principal
		if ev.Lots = append(ev.Lots, r); dear {
			ev.Left = len(lots)
			return nil
		}
	}
	ev.Left = len(lots) - len(ev.Lots)
	return nil
}

// some is the largest part of a lot that money suffices for, or one unit of it.
func (o *Originator) some(l *lending.Loan, lot int, minor int64, on civil.Date) (Repurchase, error) {
	var failed error
	all := o.takes(l, lot)
	quote := func(units int64) *Repurchase {
		a := all
		a.Units = units
		r, err := o.quote(l, a, on)
		r.Units, failed = units, errors.Join(failed, err)
		return &r
	}
	more := sort.Search(int(all.Units-1), func(n int) bool { return quote(int64(n)+2).Price() > minor })
	return *quote(int64(more) + 1), failed
}

// foreign lists the lots of a loan that others hold.
func foreign(l *lending.Loan, p lending.PartyID) (lots []int) {
	for i := range l.Lots {
		if l.Lots[i].Holder != p {
			lots = append(lots, i)
		}
	}
	return lots
}

// quote is the price of a lot, or a part of it, on a day.
func (o *Originator) quote(l *lending.Loan, a lending.Assignment, on civil.Date) (Repurchase, error) {
	r := Repurchase{Lot: a.Lot, Holder: l.Lots[a.Lot].Holder}
	list, err := l.LotDues(a, on)
	for _, d := range list {
		r.Principal += d.Principal
		r.Interest += d.Accrued
	}
	return r, err
}

// takes is the assignment of a whole lot.
func (o *Originator) takes(l *lending.Loan, lot int) lending.Assignment {
	return lending.Assignment{Lot: lot, Units: l.Lots[lot].Units, To: o.ID, Compelled: true}
}

// short is the refusal of a lot that the money does not suffice for.
func (o *Originator) short(asked, has int64) error {
	want, err := money.New(asked, o.Terms.Currency)
	if err != nil {
		return err
	}
	left, err := money.New(has, o.Terms.Currency)
	if err != nil {
		return err
	}
	return &lending.FundsError{Party: o.ID, Asked: want, Has: left}
}

// buy pays the holders and takes their lots.
func (o *Originator) buy(t *lending.Tx, l *lending.Loan, from purse, ev *LoanBoughtBack) error {
	e := ledger.Entry{Book: ledger.Client, Why: whyBuyback, Currency: o.Terms.Currency}
	var sum int64
	for _, r := range ev.Lots {
		sum += r.Price()
		e.Credit(lending.Avail(r.Holder), r.Price())
	}
	e.Debit(from.account, sum)
	if from.deposit() {
		ev.Deposit = sum
	}
	if sum > 0 {
		if err := t.Post(e); err != nil {
			return err
		}
	}
	for _, r := range ev.Lots {
		a := o.takes(l, r.Lot)
		if r.Units > 0 {
			a.Units = r.Units
		}
		if err := t.Assign(l.ID, a); err != nil {
			return err
		}
	}
	return nil
}

// advance pays the oldest demand that stands on a loan in the borrower's place.
func (o *Originator) advance(t *lending.Tx, l *lending.Loan, from purse, ev *LoanBoughtBack) error {
	var pay Demand
	for d := range o.Pending.All() {
		want := int64(0)
		if d.Loan == l.ID {
			want = stands(l, d, t.On)
		}
		switch {
		case want > 0 && pay.Minor == 0:
			pay, pay.Minor = d, want
		case want > 0:
			ev.Left++
		}
	}
	if from.minor == 0 || from.minor < pay.Minor && !from.deposit() {
		return o.short(pay.Minor, from.minor)
	}
	done := Settled{Key: pay.Key, Minor: min(pay.Minor, from.minor)}
	if done.Left = pay.Minor - done.Minor; done.Left > 0 {
		ev.Left++
	}
	ev.Advanced = []Settled{done}
	if from.deposit() {
		a, err := money.New(done.Minor, o.Terms.Currency)
		if err != nil {
			return err
		}
		ev.Deposit = done.Minor
		if err := t.Post(ledger.Move(ledger.Client, whyDeposit, from.account, lending.Avail(o.ID), a)); err != nil {
			return err
		}
	}
	return settleOne(t, o.ID, done, o.Terms.Currency)
}
