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
	folded  map[lending.LoanID]*lending.Loan
	lives   map[lending.LoanID]*bookLife
	related map[lending.PartyID]bool
}

// bookLife is what happened to a loan that was paid out: money that moved, on its days. What instalments
// owe it asks the loan, for that is held to other oracles.
type bookLife struct {
	*lending.Loan // as it is now
	start, off    civil.Date
	pays          []lending.Repaid // those that stand
	covers        []lending.CoverPaid
	waivers       []lending.DebtWaived
	called        []lending.CalledBack
	closed        map[int]civil.Date // by a plan made anew
	letOff        int64              // by restructurings
	cutover       *lending.LoanAdopted
	held          map[lending.PartyID]bool // who ever held a part
}

func newBookOracle() *bookOracle {
	o := &bookOracle{map[string]event.AnyKind{}, map[lending.LoanID]*lending.Loan{}, map[lending.LoanID]*bookLife{}, map[lending.PartyID]bool{}}
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
	x, ok := v.(event.Of[lending.Loan])
	if !ok {
		return
	}
	id := lending.LoanID(c.Stream.ID)
	l, now := o.lives[id], o.folded[id]
	if now == nil {
		now = new(lending.Loan)
		o.folded[id] = now
	}
	open := unpaidOf(now)
	x.Apply(now)
	if e, ok := v.(lending.LoanActivated); ok {
		l = &bookLife{Loan: now, start: e.On, held: map[lending.PartyID]bool{}, closed: map[int]civil.Date{}}
		for _, b := range l.Bids {
			if b.State == lending.BidTaken {
				l.held[b.Lender] = true
			}
		}
		o.lives[id] = l
	}
	if e, ok := v.(lending.LoanAdopted); ok {
		o.lives[id] = adopted(now, &e)
	}
	if l == nil {
		return
	}
	l.see(v)
	if e, ok := v.(lending.Restructured); ok {
		l.letOff += e.Proof.Waived.Minor()
		for i, still := range unpaidOf(now)[:min(len(open), len(now.Dues))] {
			if open[i] && !still {
				l.closed[i] = e.On
			}
		}
	}
}

// unpaidOf tells which instalments owe something.
func unpaidOf(l *lending.Loan) (open []bool) {
	for i := range l.Dues {
		open = append(open, l.Dues[i].Unpaid().Total() > 0)
	}
	return open
}

// adopted is a loan that moved in.
func adopted(now *lending.Loan, e *lending.LoanAdopted) *bookLife {
	l := &bookLife{Loan: now, start: e.Loan.Start, cutover: e, held: map[lending.PartyID]bool{}, closed: map[int]civil.Date{}}
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
		l.pays = append(l.pays, e)
	case lending.GoodwillCredited:
		l.pays = append(l.pays, e.Repaid)
	case lending.Refunded:
		l.pays = append(l.pays, e.Repaid)
	case lending.CollateralPaid:
		l.pays = append(l.pays, e.Repaid)
	case lending.Rebooked:
		for undone := e.Undone; undone > 0; l.pays = l.pays[:len(l.pays)-1] {
			if l.pays[len(l.pays)-1].N > 0 { // others took nothing up
				undone--
			}
		}
		l.pays = append(l.pays, e.Again...)
	case lending.CoverPaid:
		l.covers = append(l.covers, e)
	case lending.DebtWaived:
		l.waivers = append(l.waivers, e)
	case lending.CalledBack:
		l.called = append(l.called, e)
	case lending.LoanWrittenOff:
		l.off = e.On
	case lending.ClaimAssigned:
		l.held[e.To] = true
	}
}

// unpaid is what an instalment owes.
func (l *bookLife) unpaid(i int) lending.Components {
	d := l.Dues[i]
	for c := range d.Owed {
		d.Owed[c] -= d.Paid[c] + d.Waived[c]
	}
	return d.Owed
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
	for _, e := range l.waivers {
		if e.Waived.Instalment == i && e.On.After(on) {
			on = e.On
		}
	}
	if on.Before(l.closed[i]) {
		on = l.closed[i]
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
	for _, e := range l.called {
		if e.On.Before(before) {
			sum += partsOf(e.Parts, lending.Principal)
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
	sum = -sum // lots give back
	for _, e := range l.called {
		take(e.On, e.Vectors)
	}
	return -sum
}

var doomsday = civil.MustParse("9999-12-31")

// partsOf sums up the parts of a component.
func partsOf(parts []lending.Allocation, c lending.Component) (sum int64) {
	for _, p := range parts {
		if p.Component == c {
			sum += p.Minor
		}
	}
	return sum
}

// days past due on a day, as the instalments are now: for arrears within the tolerance, none.
func (l *bookLife) late(on civil.Date) (days int) {
	t := l.Product.Late.Tolerance
	tolerated := max(t.Minor, l.Amount.Minor()*t.PPM/lending.Million)
	var arrears int64
	for i := range l.Dues {
		u, due := l.unpaid(i), l.Dues[i].Date
		plan := u[lending.Principal] + u[lending.Interest]
		if due.Before(on) && (plan > 0 || u.Total() > 0 && tolerated == 0) {
			days, arrears = max(days, on.Sub(due)), arrears+plan
		}
	}
	if tolerated > 0 && arrears <= tolerated {
		days = 0
	}
	if !l.off.IsZero() && l.owes() {
		days = max(1, days)
	}
	return days
}

func (l *bookLife) owes() bool {
	for i := range l.Dues {
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
		for i := range l.Dues {
			due := l.Dues[i].Date
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
	if l.Product.Channels.Acquisition == lending.Offline {
		return "branch-7" // the machine's one branch, which publication waits for
	}
	if a := r.Acquisition(l.Borrower); a != nil {
		return string(a.Source.Channel)
	}
	return ""
}
