package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Acceleration makes everything that a loan owes fall due at once (加速到期): the principal of all
// later instalments is due on its day, the interest of the running one is cut to what has accrued by
// it, later interest falls away, and so do fees due with later instalments. The instalments keep their
// places and are due on that day.
//
// Days past due go on from the oldest unpaid instalment. What has to be paid ([Loan.DueOn]) is all
// there is from the day on, and [Loan.Payoff] the same. Penalty interest runs on each part from the
// day without further grace, and so do late fees by the day; none is charged once, since it was not
// missed. Covers are asked for each part TriggerDays after the day.
type Acceleration struct {
	On    civil.Date // zero for none
	Recut Recut      // interest owed from the first instalment on that was due later
}

func (a *Acceleration) code(c *event.Codec) {
	c.Date(&a.On)
	a.Recut.code(c)
}

func (a Acceleration) clone() Acceleration {
	a.Recut.Interest = slices.Clone(a.Recut.Interest)
	return a
}

// planned is where an instalment stood before an acceleration.
type planned struct {
	Date, Through civil.Date
	Interest      int64
}

func (p *planned) code(c *event.Codec) {
	c.Date(&p.Date)
	c.Date(&p.Through)
	c.Int(&p.Interest)
}

// hastened reports whether an instalment fell due by acceleration.
func (l *Loan) hastened(i int) bool {
	return !l.Acceleration.On.IsZero() && i >= l.Acceleration.Recut.From
}

// accelerate makes later instalments fall due.
func (l *Loan) accelerate(a Acceleration) {
	if a.On.IsZero() {
		return
	}
	was := l.recut(a.Recut)
	l.Acceleration, l.planned = a, make([]planned, 0, len(was.Interest))
	for i, interest := range was.Interest {
		d := l.due(a.Recut.From + i)
		l.planned = append(l.planned, planned{d.Date, d.Through, interest})
		d.Date, d.Through = a.On, a.On
	}
}

// decelerate takes an acceleration after a day back: what led to it did not happen.
func (l *Loan) decelerate(on civil.Date) {
	if !l.Acceleration.On.After(on) {
		return
	}
	for i, p := range l.planned {
		d := l.due(l.Acceleration.Recut.From + i)
		d.Date, d.Owed[Interest] = p.Date, p.Interest
		n := l.Acceleration.Recut.From + i
		l.assess([]Assessment{{Instalment: n, Through: p.Through, Penalty: d.settledPenalty(), Fees: l.settledDaily(n)}})
		d.Asked, d.Promised = 0, [maxCovers]int64{}
	}
	for _, d := range l.Acceleration.Recut.Dropped {
		l.drop(Dropped{d.Charge, -d.Minor})
	}
	l.Acceleration, l.planned = Acceleration{}, nil
}

// uphold makes an acceleration by rule stand for good, because an instalment was added behind those
// that it moved: payments before its day, which could undo it, cannot be booked anew. Those since can.
func (l *Loan) uphold() {
	if !l.Acceleration.On.After(l.Sealed) {
		return // nothing before it can be
	}
	n := 0
	for n < len(l.History) && l.History[n].On.Before(l.Acceleration.On) {
		n++
	}
	l.Fixed, l.Sealed = max(l.Fixed, n), l.Acceleration.On
}

// acceleration is that of a day, none if no instalment is due after it.
func (l *Loan) acceleration(day civil.Date) Acceleration {
	cut := l.interestTo(day, day)
	if len(cut.Interest) == 0 {
		return Acceleration{}
	}
	return Acceleration{day, cut}
}

// acceleratedBy is the acceleration that the product's rule brings by a date. Its day is the first on
// which the loan is past due for longer than the rule bears, whenever anybody looks.
func (l *Loan) acceleratedBy(on civil.Date) Acceleration {
	day := l.exceeds(l.Product.Late.AccelerateDays)
	if day.IsZero() || day.After(on) || !l.Acceleration.On.IsZero() {
		return Acceleration{}
	}
	return l.acceleration(day)
}

// exceeds is the first day on which the loan is past due for more than so many days if nothing is
// paid; zero if it never is, or for zero days.
func (l *Loan) exceeds(days int) civil.Date {
	oldest, material := l.pastDue()
	if days == 0 || material.IsZero() {
		return civil.Date{}
	}
	return later(oldest.AddDays(days+1), material.AddDays(1))
}

// pastDue tells the due date of the oldest instalment in arrears, and that of the instalment with which
// arrears pass the tolerance: zero if they never do.
func (l *Loan) pastDue() (oldest, material civil.Date) {
	tolerated := l.Product.Late.Tolerance.of(l.Amount.Minor())
	var sum int64
	for i := range l.Dues {
		d := &l.Dues[i]
		unpaid := d.Unpaid()
		arrears := unpaid[Principal] + unpaid[Interest]
		if arrears == 0 && (tolerated > 0 || unpaid.Total() == 0) {
			continue
		}
		if oldest.IsZero() {
			oldest = d.Date
		}
		sum += arrears
		if tolerated == 0 || sum > tolerated {
			return oldest, d.Date
		}
	}
	return oldest, civil.Date{}
}

// Accelerate makes everything that a running loan owes fall due today (宣布提前到期), for whatever breach
// of the contract the reason names: see [Acceleration]. By an officer with an approver. Payments
// before it can no longer be reversed or found; an acceleration by rule ([Late].AccelerateDays) a
// payment that is found later does undo, if with it the loan had not been past due for so long. There
// is no way back by command: new terms are agreed for the loan. Given by an officer.
type Accelerate struct {
	Loan   LoanID
	Reason Code
}

// LoanAccelerated is the outcome of [Accelerate].
type LoanAccelerated struct {
	On           civil.Date
	By, Approver ActorID
	Reason       Code
	Booking
}

// Type implements event.Of.
func (LoanAccelerated) Type() string { return "accelerated" }

// Apply implements event.Of.
func (e LoanAccelerated) Apply(l *Loan) {
	l.book(e.Booking)
	l.seal(e.On)
}

// Code implements event.Coder.
func (e *LoanAccelerated) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	e.Booking.code(c)
}

// Home implements Command.
func (c Accelerate) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Accelerate) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a loan that does not run, that is accelerated, of which
// everything is due already, or that would owe nothing any more, as all that is left of it is planned
// interest that has not accrued: it can be paid off ([ErrState]).
func (c Accelerate) Decide(t *Tx, l *Loan) (LoanAccelerated, error) {
	none := LoanAccelerated{}
	if err := t.resolved(l, c.Loan, c.Reason, StateActive); err != nil {
		return none, err
	}
	if err := t.Finished(l); err != nil {
		return none, err
	}
	if day := l.Acceleration.On; !day.IsZero() {
		return none, &Error{ErrState, "loan " + string(l.ID),
			"is accelerated since " + day.String() + ": what came later falls due by itself"}
	}
	b, err := l.booking(t.On)
	if err != nil {
		return none, err
	}
	a := l.acceleration(t.On)
	if a.On.IsZero() || !b.Accelerated.On.IsZero() {
		return none, &Error{ErrState, "loan " + string(l.ID), "has nothing that falls due later"}
	}
	b.Accelerated = a
	if l.preview(b).settled() {
		return none, &Error{ErrState, "loan " + string(l.ID), "owes only interest that has not accrued: PayOff ends it"}
	}
	return LoanAccelerated{t.On, t.Actor.ID, t.Approver.ID, c.Reason, b}, nil
}
