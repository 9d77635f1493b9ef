package lending_test

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// bookOracle figures the reports on the book again from the events alone, loan by loan and day by day,
// with no cleverness. What a loan is (its product, grade, rate and lots) it asks the loan.
type bookOracle struct {
	kinds   map[string]event.AnyKind
	lives   map[lending.LoanID]*bookLife
	related map[lending.PartyID]bool
	beyond  bool // a running loan had an event that the oracle does not know
}

// bookLife is what happened to a loan that was paid out.
type bookLife struct {
	*lending.Loan // as it is now
	start, off    civil.Date
	dues          []civil.Date
	owed          []lending.Components // charges apart
	charges       []lending.Charge
	pays          []lending.Repaid // those that stand
	was           []lending.Recut  // what each of them recut
	covers        []lending.CoverPaid
	cutover       *lending.LoanAdopted
	held          map[lending.PartyID]bool // who ever held a part
	waived        map[int]lending.Components
}

func newBookOracle() *bookOracle {
	o := &bookOracle{map[string]event.AnyKind{}, map[lending.LoanID]*bookLife{}, map[lending.PartyID]bool{}, false}
	for _, k := range lending.Kinds() {
		o.kinds[k.Name()] = k
	}
	return o
}

// book is the oracle of all that a world's feed has.
func (w *world) bookOracle(r *lending.Reports) *bookOracle {
	o := newBookOracle()
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(w.t, err)
		if len(changes) == 0 {
			return o
		}
		for _, c := range changes {
			o.see(w.t, r, c)
		}
		pos = next
	}
}

// see takes in a change after the reports did.
func (o *bookOracle) see(t require.TestingT, r *lending.Reports, c event.Change) {
	k := o.kinds[c.Stream.Kind]
	if k == nil || k.Name() != "loan" && k.Name() != "party" {
		return
	}
	v, err := k.Decode(c.Record)
	require.NoError(t, err)
	if e, ok := v.(lending.PartyRelated); ok {
		o.related[e.Party] = e.Related
	}
	id := lending.LoanID(c.Stream.ID)
	l := o.lives[id]
	if e, ok := v.(lending.LoanActivated); ok {
		l = &bookLife{Loan: r.Loan(id), start: e.On, held: map[lending.PartyID]bool{}, waived: map[int]lending.Components{}}
		for _, row := range e.Rows {
			l.dues = append(l.dues, row.Due)
			l.owed = append(l.owed, lending.Components{lending.Principal: row.Principal, lending.Interest: row.Interest})
		}
		for _, b := range l.Bids {
			if b.State == lending.BidTaken {
				l.held[b.Lender] = true
			}
		}
		o.lives[id] = l
	}
	if e, ok := v.(lending.LoanAdopted); ok {
		o.lives[id] = adopted(r.Loan(id), &e)
	}
	if o.beyond = o.beyond || l != nil && !foreseen(v); l != nil && !o.beyond {
		l.see(v)
	}
}

// foreseen reports whether the oracle knows what an event does to a running loan. It knows nothing of
// acceleration and of charges that grow by the day: a book with one of those is not compared.
func foreseen(v any) bool {
	plain := func(b lending.Booking) bool {
		for _, a := range b.Assessed {
			if a.Fees != [len(a.Fees)]int64{} {
				return false
			}
		}
		return b.Accelerated.On.IsZero()
	}
	switch e := v.(type) {
	case lending.Repaid:
		return plain(e.Booking)
	case lending.DayEnded:
		return plain(e.Booking)
	case lending.LoanWrittenOff:
		return plain(e.Booking)
	case lending.Rebooked:
		for i := range e.Again {
			if !plain(e.Again[i].Booking) {
				return false
			}
		}
		return true
	case lending.GoodwillCredited:
		return plain(e.Repaid.Booking)
	case lending.Refunded:
		return plain(e.Repaid.Booking)
	case lending.DebtWaived:
		return plain(e.Booking)
	case lending.CoverPaid, lending.ClaimAssigned, lending.LoanActivated, lending.LoanAdopted,
		lending.ChargeLevied, lending.CalledBack, lending.GoodwillGranted:
		return true
	}
	return false
}

// adopted is a loan that moved in: what it paid before is off what it owes.
func adopted(now *lending.Loan, e *lending.LoanAdopted) *bookLife {
	l := &bookLife{Loan: now, start: e.Loan.Start, cutover: e, held: map[lending.PartyID]bool{}, waived: map[int]lending.Components{}}
	for _, d := range e.Loan.Dues {
		owed := d.Owed
		owed[lending.Fees], owed[lending.Costs] = 0, 0
		for c := range owed {
			owed[c] -= d.Paid[c] + d.Waived[c]
		}
		l.dues, l.owed = append(l.dues, d.Date), append(l.owed, owed)
	}
	l.charges = append(l.charges, e.Loan.Charges...)
	for _, x := range e.Loan.Lots {
		l.held[x.Holder] = true
	}
	if e.Loan.State == lending.StateWrittenOff {
		l.off = e.Loan.Looked
	}
	return l
}

func (l *bookLife) see(v any) {
	switch e := v.(type) {
	case lending.Repaid:
		l.pay(e)
	case lending.Rebooked:
		for range e.Undone {
			last := len(l.pays) - 1
			l.recut(l.was[last])
			l.pays, l.was = l.pays[:last], l.was[:last]
		}
		l.book(lending.Booking{Assessed: e.Late})
		for i := range l.charges {
			if c := &l.charges[i]; c.Auto && c.On.After(e.From) {
				c.Owed = 0
			}
		}
		for _, p := range e.Again {
			l.pay(p)
		}
	case lending.GoodwillCredited, lending.Refunded, lending.CalledBack, lending.DebtWaived, lending.ChargeLevied:
		l.decided(v)
	case lending.CoverPaid:
		l.covers = append(l.covers, e)
	case lending.LoanWrittenOff:
		l.book(e.Booking)
		l.recut(e.Recut)
		l.off = e.On
	case lending.DayEnded:
		l.book(e.Booking)
	case lending.ClaimAssigned:
		l.held[e.To] = true
	}
}

func (l *bookLife) pay(e lending.Repaid) {
	l.book(e.Booking)
	l.pays, l.was = append(l.pays, e), append(l.was, l.recut(e.Recut))
}

func (l *bookLife) book(b lending.Booking) {
	for _, a := range b.Assessed {
		l.owed[a.Instalment][lending.Penalty] = a.Penalty
	}
	l.charges = append(l.charges, b.Charged...)
}

// recut replaces interest and returns what puts it back.
func (l *bookLife) recut(c lending.Recut) (was lending.Recut) {
	was.From = c.From
	for i, n := range c.Interest {
		was.Interest = append(was.Interest, l.owed[c.From+i][lending.Interest])
		l.owed[c.From+i][lending.Interest] = n
	}
	return was
}

// unpaid is what an instalment owes.
func (l *bookLife) unpaid(i int) lending.Components {
	u := l.owed[i]
	for c, n := range l.waived[i] {
		u[c] -= n
	}
	for _, c := range l.charges {
		if c.Instalment == i {
			u[c.Component] += c.Owed
		}
	}
	for _, e := range l.pays {
		for _, p := range e.Parts {
			if p.Instalment == i {
				u[p.Component] -= p.Minor
			}
		}
	}
	return u
}

// settled is the day of the last payment on an instalment that owes nothing, zero for another.
func (l *bookLife) settled(i int) (on civil.Date) {
	if l.unpaid(i).Total() > 0 {
		return civil.Date{}
	}
	on = l.start
	for _, e := range l.pays {
		for _, p := range e.Parts {
			if p.Instalment == i && e.On.After(on) {
				on = e.On
			}
		}
	}
	return on
}

// moved is the loan as it moved in, an empty one if it began here.
func (l *bookLife) moved() *lending.LiveLoan {
	if l.cutover == nil {
		return new(lending.LiveLoan)
	}
	return &l.cutover.Loan
}

// debt is the principal owed by the borrower when payments before a day had come in.
func (l *bookLife) debt(before civil.Date) int64 {
	sum := l.Amount.Minor()
	for _, x := range l.moved().Past {
		switch {
		case !x.On.Before(before) || x.Kind == lending.PastAdvanced:
		case x.Kind == lending.PastReversed:
			sum += x.Paid[lending.Principal]
		default:
			sum -= x.Paid[lending.Principal]
		}
	}
	for _, e := range l.pays {
		if e.On.Before(before) {
			sum -= e.Of(lending.Principal)
		}
	}
	return sum
}

// claims is the principal owed to the lenders at the end of a day.
func (l *bookLife) claims(on civil.Date) int64 {
	sum := l.Amount.Minor()
	for _, x := range l.moved().Past {
		switch {
		case x.On.After(on):
		case x.Kind == lending.PastReversed:
			sum += x.Paid[lending.Principal]
		default:
			sum -= x.Paid[lending.Principal]
		}
	}
	if moved := l.moved(); l.cutover != nil && !l.cutover.On.After(on) { // what covers got back of it
		for _, d := range moved.Dues {
			sum += d.Recovered[lending.Principal]
		}
	}
	take := func(day civil.Date, vs []lending.Vector) {
		for _, v := range vs {
			for _, n := range v.Shares {
				if v.Component == lending.Principal && !day.After(on) {
					sum -= n
				}
			}
		}
	}
	for _, e := range l.pays {
		take(e.On, e.Vectors)
	}
	for _, e := range l.covers {
		take(e.On, e.Vectors)
	}
	return sum
}

var doomsday = civil.MustParse("9999-12-31")

// days past due on a day, as the instalments are now.
func (l *bookLife) late(on civil.Date) (days int) {
	for i, due := range l.dues {
		if l.unpaid(i).Total() > 0 {
			days = max(days, on.Sub(due))
		}
	}
	if !l.off.IsZero() && l.owes() {
		days = max(1, days)
	}
	return days
}

func (l *bookLife) owes() bool {
	for i := range l.dues {
		if l.unpaid(i).Total() > 0 {
			return true
		}
	}
	return false
}

// defaulted looks for the first day of default, day by day.
func (l *bookLife) defaulted(days int, on civil.Date) (civil.Date, bool) {
	for d := l.start; !d.After(on); d = d.AddDays(1) {
		if !l.off.IsZero() && !d.Before(l.off) {
			return d, true
		}
		for i, due := range l.dues {
			if s := l.settled(i); d.Sub(due) > days && (s.IsZero() || !d.After(s)) {
				return d, true
			}
		}
	}
	return civil.Date{}, false
}

func (o *bookOracle) group(r *lending.Reports, l *bookLife, by lending.Dimension) string {
	text := l.start.String()
	switch by {
	case lending.ByYear:
		return text[:4]
	case lending.ByQuarter:
		return text[:4] + map[string]string{"01": "-Q1", "02": "-Q1", "03": "-Q1", "04": "-Q2", "05": "-Q2", "06": "-Q2",
			"07": "-Q3", "08": "-Q3", "09": "-Q3", "10": "-Q4", "11": "-Q4", "12": "-Q4"}[text[5:7]]
	case lending.ByMonth:
		return text[:7]
	case lending.ByGrade:
		return string(l.Grade)
	case lending.ByProduct:
		return string(l.Product.ID)
	}
	if a := r.Acquisition(l.Borrower); a != nil {
		return string(a.Source.Channel)
	}
	return ""
}
