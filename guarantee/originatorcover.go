package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// LoanReferred stands on an originator when one of its loans is paid out.
type LoanReferred struct {
	Loan     lending.LoanID
	Minor    int64 // principal that others hold
	Retained int64 // that it holds itself
}

// Type implements event.Of.
func (LoanReferred) Type() string { return "referred" }

// Apply implements event.Of.
func (e LoanReferred) Apply(o *Originator) { o.refer(e.Loan, e.Minor) }

// Code implements event.Coder.
func (e *LoanReferred) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Int(&e.Minor)
	c.Int(&e.Retained)
}

// ReferralEnded stands on an originator when one of its loans has closed or never came about: nothing of it
// is demanded any more.
type ReferralEnded struct{ Loan lending.LoanID }

// Type implements event.Of.
func (ReferralEnded) Type() string { return "ended" }

// Apply implements event.Of.
func (e ReferralEnded) Apply(o *Originator) {
	o.Referred -= o.loans[e.Loan]
	delete(o.loans, e.Loan)
	o.Pending.dropLoan(e.Loan)
}

// Code implements event.Coder.
func (e *ReferralEnded) Code(c *event.Codec) { event.Text(c, &e.Loan) }

// RepurchaseDemanded stands on an originator when the day-end of a loan has asked it for an instalment: the
// loan is to be bought back. A demand that is made again replaces the earlier one and keeps its last day.
type RepurchaseDemanded struct {
	Key
	Minor    int64 // that the lenders miss of the instalment
	On, Due  civil.Date
	Referred int64 // that others hold of the loan, measured at the same time
}

// Type implements event.Of.
func (RepurchaseDemanded) Type() string { return "demanded" }

// Apply implements event.Of.
func (e RepurchaseDemanded) Apply(o *Originator) {
	o.Pending.put(Demand{Key: e.Key, Minor: e.Minor, On: e.On, Due: e.Due})
	o.refer(e.Loan, e.Referred)
}

// Code implements event.Coder.
func (e *RepurchaseDemanded) Code(c *event.Codec) {
	e.Key.code(c)
	c.Int(&e.Minor)
	c.Date(&e.On)
	c.Date(&e.Due)
	c.Int(&e.Referred)
}

// originatorCover fills lending's slot.
type originatorCover lending.PartyID

var (
	_ lending.Cover = originatorCover("")
	_ lending.Gate  = originatorCover("")
)

func (v originatorCover) ref() event.Ref[Originator] { return OriginatorRef(lending.PartyID(v)) }

// Admit implements lending.Gate: an originator lists nothing that it may not refer.
func (v originatorCover) Admit(t *lending.Tx, l *lending.Loan) error {
	if !names(l, lending.PartyID(v)) {
		return nil
	}
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	return o.may(lending.PartyID(v), l, t.On)
}

// may refuses a loan that is not to be referred now, whatever its amount.
func (o *Originator) may(id lending.PartyID, l *lending.Loan, on civil.Date) error {
	if err := o.in(id, Active); err != nil {
		return err
	}
	if err := o.fits(l); err != nil {
		return err
	}
	if late := o.Overdue(on); len(late) > 0 {
		return refuse(ErrBuybackOverdue, "originator %s has to buy loan %s back first, by BuyBack", o.ID, late[0].Loan)
	}
	if late := o.Unremitted(on); len(late) > 0 {
		return refuse(ErrUnremitted, "originator %s has to pass collection %d on first, by RemitCollection",
			o.ID, late[0].Number)
	}
	return nil
}

// Attach implements lending.Cover. It refuses an originator that is not active, terms that do not fit, a
// loan of which it holds less than its share (ErrRetained), what is beyond its line (ErrOriginatorLine) or
// its deposit (ErrOriginatorDeposit), and anything while a buyback is overdue (ErrBuybackOverdue) or what
// borrowers paid to it was not passed on in time (ErrUnremitted). One that bears the first loss has its lots
// put behind the others here, in the commit that orders the payout. A loan
// that had closed and is open again is taken back whatever the state.
func (v originatorCover) Attach(t *lending.Tx, l *lending.Loan) error {
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	others, own := held(l, lending.PartyID(v))
	if l.State != lending.StateClosed {
		if err := o.may(lending.PartyID(v), l, t.On); err != nil {
			return err
		}
		if err := o.limits(l, others, own); err != nil {
			return err
		}
		if err := o.stepBack(t, l); err != nil {
			return err
		}
	}
	return event.Write(t.Tx, v.ref(), LoanReferred{l.ID, others, own})
}

// stepBack puts what an originator lends of a loan behind the others, if it bears the first loss.
func (o *Originator) stepBack(t *lending.Tx, l *lending.Loan) error {
	if !o.Terms.FirstLoss {
		return nil
	}
	if l.State != lending.StateReviewed {
		return refuse(ErrTerms, "loan %s moves in with claims on a par, and originator %s bears first losses", l.ID, o.ID)
	}
	if len(foreign(l, o.ID)) == 0 {
		return refuse(ErrTerms, "loan %s is lent by originator %s alone, and there is nobody to stand behind: a claim "+
			"that is behind others is not sold before them", l.ID, o.ID)
	}
	for i := range l.Lots {
		if l.Lots[i].Holder != o.ID {
			continue
		}
		if err := t.Subordinate(l.ID, i, lending.MaxRank); err != nil {
			return err
		}
	}
	return nil
}

// fits refuses a loan that is not for this originator.
func (o *Originator) fits(l *lending.Loan) error {
	if l.Currency() != o.Terms.Currency || l.Borrower == o.ID {
		return refuse(ErrTerms, "originator %s cannot refer loan %s: of another currency, or its own", o.ID, l.ID)
	}
	if o.Terms.FirstLoss && !l.Product.Transfers.ByRank {
		return refuse(ErrTerms, "originator %s bears first losses, and claims on loan %s are not ranked: set "+
			"TransferRules.ByRank", o.ID, l.ID)
	}
	for _, c := range l.Product.Covers {
		if c.Name != lending.Code(o.ID) {
			continue
		}
		if c.Kind != lending.CoverOriginator || !c.Cap.IsZero() || c.TriggerDays > o.Terms.BuybackDays {
			return refuse(ErrTerms, "cover %s: want an %s without a cap, asked within %d days",
				c.Name, lending.CoverOriginator, o.Terms.BuybackDays)
		}
	}
	return nil
}

func (o *Originator) text(minor int64) string { return text(minor, o.Terms.Currency) }

// limits refuses a loan beyond the retained share, the line or the deposit. Of the loan itself nothing
// more is counted than before.
func (o *Originator) limits(l *lending.Loan, others, own int64) error {
	all := o.Referred - o.loans[l.ID] + others
	switch {
	case !within(o.Terms.RetainedPPM, others+own, lending.Million, own):
		return refuse(ErrRetained, "originator %s holds %s of loan %s, want %d ppm of %s: it bids first",
			o.ID, o.text(own), l.ID, o.Terms.RetainedPPM, o.text(others+own))
	case all > o.Terms.Line:
		return refuse(ErrOriginatorLine, "originator %s would have referred %s, more than its line of %s",
			o.ID, o.text(all), o.text(o.Terms.Line))
	}
	return o.secured(all, o.Deposit)
}

// secured refuses loans that a deposit does not suffice for.
func (o *Originator) secured(referred, deposit int64) error {
	if !within(referred, o.Terms.DepositPPM, deposit, lending.Million) {
		return refuse(ErrOriginatorDeposit, "originator %s needs %d ppm of %s as a deposit, and has %s",
			o.ID, o.Terms.DepositPPM, o.text(referred), o.text(deposit))
	}
	return nil
}

// held divides a loan's unpaid principal between an originator and others; all that was lent when it
// closed and is about to be open again.
func held(l *lending.Loan, p lending.PartyID) (others, own int64) {
	for i := range l.Lots {
		x := &l.Lots[i]
		minor := x.Units
		if l.State != lending.StateClosed {
			minor -= x.Paid[lending.Principal]
		}
		if x.Holder == p {
			own += minor
		} else {
			others += minor
		}
	}
	return others, own
}

// Release implements lending.Cover.
func (v originatorCover) Release(t *lending.Tx, l *lending.Loan) error {
	return event.Write(t.Tx, v.ref(), ReferralEnded{l.ID})
}

// Demand implements lending.Cover: all that the lenders miss becomes a demand to buy the loan back. What it
// has bought back already it takes on without one: no later layer pays its holder. It takes on nothing when
// it has defaulted.
func (v originatorCover) Demand(t *lending.Tx, l *lending.Loan, d lending.Demand) (money.Amount, error) {
	none := money.Amount{}
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return none, err
	}
	switch {
	case len(foreign(l, o.ID)) == 0:
		return d.Amount, nil
	case o.State == Defaulted:
		return none, nil
	}
	key := Key{l.ID, d.Layer, d.Instalment}
	date, due := o.buyBy(l, d.Instalment, t.On)
	if was, ok := o.Pending.Get(key); ok && was.On.After(date) {
		due = was.Due
	}
	others, _ := held(l, o.ID)
	return d.Amount, event.Write(t.Tx, v.ref(), RepurchaseDemanded{key, d.Amount.Minor(), t.On, due, others})
}

// buyBy is when an instalment was due, and the last day to buy its loan back if that is demanded on a day.
func (o *Originator) buyBy(l *lending.Loan, instalment int, on civil.Date) (date, due civil.Date) {
	if date = l.Dues[instalment].Date; date.After(on) {
		date = on // of a loan that was written off
	}
	return date, later(date.AddDays(o.Terms.BuybackDays), on)
}

// ReferredMeasured is the outcome of [MeasureOriginator].
type ReferredMeasured struct {
	On    civil.Date
	Loans []Measured
}

// Type implements event.Of.
func (ReferredMeasured) Type() string { return "measured" }

// Apply implements event.Of.
func (e ReferredMeasured) Apply(o *Originator) {
	for _, m := range e.Loans {
		o.refer(m.Loan, m.Minor)
	}
}

// Code implements event.Coder.
func (e *ReferredMeasured) Code(c *event.Codec) {
	c.Date(&e.On)
	codeMeasured(c, &e.Loans)
}

// MeasureOriginator brings up to date what others hold of 1 to 100 of an originator's loans; see
// [MeasureFund] why that is a command of its own. Given by an officer or the system.
type MeasureOriginator struct {
	Originator lending.PartyID
	Loans      []lending.LoanID
}

// Home implements lending.Command.
func (c MeasureOriginator) Home(lending.Meta) event.Ref[Originator] {
	return OriginatorRef(c.Originator)
}

// Allowed implements lending.Command.
func (MeasureOriginator) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses a loan that is not one of the originator's.
func (c MeasureOriginator) Decide(t *lending.Tx, o *Originator) (ReferredMeasured, error) {
	if err := o.in(c.Originator, Active, Suspended, Defaulted); err != nil {
		return ReferredMeasured{}, err
	}
	referred := func(id lending.LoanID) bool { _, ok := o.loans[id]; return ok }
	loans, err := measure(t, c.Loans, referred, func(l *lending.Loan) (int64, error) {
		others, _ := held(l, o.ID)
		return others, nil
	})
	return ReferredMeasured{t.On, loans}, err
}
