package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// FundCovered stands on a fund when it takes on a loan.
type FundCovered struct {
	Loan  lending.LoanID
	Minor int64 // principal covered
}

// Type implements event.Of.
func (FundCovered) Type() string { return "covered" }

// Apply implements event.Of.
func (e FundCovered) Apply(f *Fund) { f.cover(e.Loan, e.Minor) }

// Code implements event.Coder.
func (e *FundCovered) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Int(&e.Minor)
}

// FundDropped stands on a fund when its cover of a loan has ended: nothing of it is demanded any more. What has
// lapsed and what is redirected is remembered, as a closed loan is open again when its last payment bounces.
type FundDropped struct{ Loan lending.LoanID }

// Type implements event.Of.
func (FundDropped) Type() string { return "dropped" }

// Apply implements event.Of.
func (e FundDropped) Apply(f *Fund) {
	f.Covered -= f.loans[e.Loan]
	delete(f.loans, e.Loan)
	if f.Queue.dropLoan(e.Loan); f.Queue.Len() == 0 {
		f.Exhausted = false
	}
}

// Code implements event.Coder.
func (e *FundDropped) Code(c *event.Codec) { event.Text(c, &e.Loan) }

// cover sets what of a loan's principal is covered.
func (f *Fund) cover(id lending.LoanID, minor int64) {
	if f.loans == nil {
		f.loans = map[lending.LoanID]int64{}
	}
	f.Covered += minor - f.loans[id]
	f.loans[id] = minor
}

// FundDemanded stands on a fund when a loan's day-end has asked it. A demand that is made again replaces
// the earlier one, which the loan has forgotten.
type FundDemanded struct {
	Key
	Minor   int64
	On, Due civil.Date
	Covered int64 // principal of the loan, measured at the same time
}

// Type implements event.Of.
func (FundDemanded) Type() string { return "demanded" }

// Apply implements event.Of.
func (e FundDemanded) Apply(f *Fund) {
	d := Demand{Key: e.Key, Minor: e.Minor, On: e.On, Due: e.Due}
	if was, ok := f.Queue.Get(e.Key); ok {
		d.Due = was.Due
	}
	if f.Queue.Len() == 0 {
		f.Next, f.Exhausted = civil.Date{}, false
	}
	f.Queue.put(d)
	f.cover(e.Loan, e.Covered)
}

// Code implements event.Coder.
func (e *FundDemanded) Code(c *event.Codec) {
	e.Key.code(c)
	c.Int(&e.Minor)
	c.Date(&e.On)
	c.Date(&e.Due)
	c.Int(&e.Covered)
}

// fundCover fills lending's slot.
type fundCover lending.PartyID

var (
	_ lending.Cover = fundCover("")
	_ lending.Gate  = fundCover("")
)

// Admit implements lending.Gate: a loan that names the fund is one that it takes on.
func (v fundCover) Admit(t *lending.Tx, l *lending.Loan) error {
	if !names(l, lending.PartyID(v)) {
		return nil
	}
	_, err := v.fits(t, l)
	return err
}

// fits refuses a loan that the fund does not take on, and one of which the product shows the fund as something
// else: rules go by what it shows.
func (v fundCover) fits(t *lending.Tx, l *lending.Loan) (*Fund, error) {
	f, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return nil, err
	}
	if err := f.known(lending.PartyID(v)); err != nil {
		return nil, err
	}
	if f.Closed && l.State != lending.StateClosed {
		return nil, refuse(ErrFundClosed, "fund %s", f.ID)
	}
	if c := f.Terms.Currency; c != l.Currency() {
		return nil, refuse(ErrTerms, "fund %s has %s, loan %s has %s", f.ID, c, l.ID, l.Currency())
	}
	return f, isKind(l, f.ID, lending.CoverProvisionFund)
}

// names reports whether a loan's product has a party as a cover.
func names(l *lending.Loan, p lending.PartyID) bool {
	for _, c := range l.Product.Covers {
		if c.Name == lending.Code(p) {
			return true
		}
	}
	return false
}

// isKind refuses a product that shows a party as a cover of another kind.
func isKind(l *lending.Loan, p lending.PartyID, want lending.CoverKind) error {
	for _, c := range l.Product.Covers {
		if c.Name == lending.Code(p) && c.Kind != want {
			return refuse(ErrTerms, "cover %s: want it as %s", p, want)
		}
	}
	return nil
}

// Attach implements lending.Cover. It counts the covered principal and refuses when the fund is closed; not
// a loan that had closed and is open again.
func (v fundCover) Attach(t *lending.Tx, l *lending.Loan) error {
	f, err := v.fits(t, l)
	if err != nil {
		return err
	}
	minor, err := f.covers(l)
	if err != nil {
		return err
	}
	return event.Write(t.Tx, v.ref(), FundCovered{l.ID, minor})
}

// Release implements lending.Cover.
func (v fundCover) Release(t *lending.Tx, l *lending.Loan) error {
	return event.Write(t.Tx, v.ref(), FundDropped{l.ID})
}

// Demand implements lending.Cover: the fund takes on its parts of what the borrower leaves unpaid, less what
// it has paid of that already, and nothing of an instalment whose demand has lapsed. It queues; [SettleFund] pays.
func (v fundCover) Demand(t *lending.Tx, l *lending.Loan, d lending.Demand) (money.Amount, error) {
	none := money.Amount{}
	f, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return none, err
	}
	if err := f.known(lending.PartyID(v)); err != nil {
		return none, err
	}
	key := Key{l.ID, d.Layer, d.Instalment}
	if f.lapsed.on(l, key) {
		return none, nil
	}
	owed, err := f.liable(l, d)
	if err != nil || owed == 0 {
		return none, err
	}
	took, err := money.New(min(owed, d.Amount.Minor()), l.Currency())
	if err != nil {
		return none, err
	}
	ev := FundDemanded{Key: key, Minor: took.Minor(), On: t.On}
	if ev.Covered, err = f.covers(l); err != nil {
		return none, err
	}
	// the queue stays in the order of settlements, whatever the dates of day-ends
	ev.Due = later(settlement(f.Opened, f.Terms.Settle, t.On), f.Queue.last)
	return took, event.Write(t.Tx, v.ref(), ev)
}

func (v fundCover) ref() event.Ref[Fund] { return FundRef(lending.PartyID(v)) }

// liable is what the fund stands for of an instalment as it is, and has not paid.
func (f *Fund) liable(l *lending.Loan, d lending.Demand) (int64, error) {
	gross, paid, err := parts(l, d, f.Terms.PrincipalPPM, f.Terms.InterestPPM)
	return max(0, gross-paid), err
}

// covers is the covered part of the principal that a loan's lenders are still owed.
func (f *Fund) covers(l *lending.Loan) (int64, error) {
	return money.MulDiv(principal(l), f.Terms.PrincipalPPM, lending.Million, money.Up)
}

// principal is what a loan's lenders are owed of principal, whoever pays it; all that was lent for a loan
// that has no plan, or closed and is about to be open again.
func principal(l *lending.Loan) (sum int64) {
	if len(l.Dues) == 0 || l.State == lending.StateClosed {
		return l.Amount.Minor()
	}
	for i := range l.Dues {
		sum += max(0, l.Dues[i].Missing()[lending.Principal])
	}
	return sum
}

// parts are what a layer stands for of an instalment, its parts of what the borrower leaves unpaid, each
// rounded down, and what it paid of that in his place and did not get back.
func parts(l *lending.Loan, d lending.Demand, principalPPM, interestPPM int64) (gross, paid int64, err error) {
	unpaid := l.Dues[d.Instalment].Unpaid()
	p, err := money.MulDiv(max(0, unpaid[lending.Principal]), principalPPM, lending.Million, money.Down)
	if err != nil {
		return 0, 0, err
	}
	rest := unpaid[lending.Interest]
	if l.Product.Covers[d.Layer].Fees {
		rest += unpaid[lending.Fees] + unpaid[lending.Costs]
	}
	i, err := money.MulDiv(max(0, rest), interestPPM, lending.Million, money.Down)
	if err != nil {
		return 0, 0, err
	}
	for _, a := range l.Advances {
		if a.Layer == d.Layer && a.Instalment == d.Instalment && a.Component != lending.Penalty {
			paid += a.Amount - a.Recovered
		}
	}
	return p + i, paid, nil
}

func later(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return b
	}
	return a
}
