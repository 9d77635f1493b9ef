package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// marks say what happens on a point of the timeline, in the order in which it happens.
type marks uint8

const (
	payInterest marks = 1 << iota
	payPrincipal
	capitalise
	payFee
	payOut     // a tranche
	changeRate // from this day on
	change     // of Terms.Changes
	deferral   // interest falls due, and is paid with the next instalment
)

// point is a day of the timeline on which something is paid or changes.
type point struct {
	on     civil.Date // interest counts up to this day
	pay    civil.Date // what is due is paid on this day
	date   civil.Date // on, before it was moved to a business day
	marks  marks
	number int      // with payPrincipal: the instalment, counted from 0
	amount int64    // with payOut: the tranche
	rate   RateStep // with changeRate
	fees   []int    // with payFee: which of Terms.Fees

	changes []int // with change: which of Terms.Changes
}

func (p *point) has(m marks) bool { return p.marks&m != 0 }

// span is a period by which interest accrues.
type span struct {
	from, to civil.Date
	date     civil.Date // to, before it was moved to a business day
	freq     Frequency
	regular  bool // as long as its frequency says
}

// timeline is everything that terms foresee, day by day.
type timeline struct {
	points []point
	spans  []span
	last   int // the instalment that takes what remains

	grid grid // of the instalments, whose first has the number base
	base int
}

func newTimeline(t *Terms) timeline {
	dues := t.dueDates()
	end := dues[len(dues)-1]
	line := timeline{last: len(dues) - 1, grid: t.grid()}
	if t.Method == MethodBullet {
		line.grid = newGrid(end, 0, t.Every, t.MonthEnd)
	}
	line.addDues(t, dues)
	line.capitalise(t)
	line.addFees(t, civil.Date{}, end)
	for _, tranche := range t.Tranches {
		line.points = append(line.points, point{on: tranche.On, pay: tranche.On, marks: payOut,
			amount: tranche.Amount.Minor()})
	}
	for _, step := range t.Rates {
		if step.From.Before(end) {
			line.points = append(line.points, point{on: step.From, pay: step.From, marks: changeRate,
				rate: step})
		}
	}
	for i := range t.Changes {
		if on := t.Changes[i].On; t.Changes[i].Kind != ChangeShort {
			line.points = append(line.points, point{on: on, pay: on, marks: change, changes: []int{i}})
		}
	}
	line.merge()
	return line
}

// addFees adds the days after one on which fees are due, up to the end.
func (line *timeline) addFees(t *Terms, after, end civil.Date) {
	for i, fee := range t.Fees {
		for _, on := range fee.Cycle.dates(t, end, StubShort) {
			if on.After(after) {
				line.add(t, on, point{marks: payFee, fees: []int{i}})
			}
		}
	}
}

// addDues adds the days on which interest or principal is due, and the spans by which interest
// accrues.
func (line *timeline) addDues(t *Terms, dues []civil.Date) {
	own := t.interestDates(dues)
	both := point{marks: payInterest | payPrincipal}
	switch {
	case t.Method == MethodBullet && len(own) == 0:
		ends := dues
		if t.Accrual.whole() {
			ends = t.periodEnds()
		}
		line.addSpans(t, t.grid(), ends)
		line.add(t, dues[0], both)
	case len(own) == 0 || t.paysBoth():
		line.addInterest(t, own)
		line.addSpans(t, t.grid(), dues)
		for k, due := range dues {
			both.number = k
			if line.add(t, due, both); due == t.Start {
				line.points[len(line.points)-1].marks = payPrincipal // nothing has accrued
			}
		}
	default:
		line.addInterest(t, own)
		for k, due := range dues {
			line.add(t, due, point{marks: payPrincipal, number: k})
		}
	}
}

// addInterest adds days on which interest alone is due, and their spans.
func (line *timeline) addInterest(t *Terms, dates []civil.Date) {
	line.addSpans(t, newGrid(t.Interest.First, 0, t.Interest.Every, t.MonthEnd), dates)
	for _, on := range dates {
		if on != t.Start {
			line.add(t, on, point{marks: payInterest})
		}
	}
}

// interestDates are the dates on which interest alone is due by a cycle of its own.
func (t *Terms) interestDates(dues []civil.Date) []civil.Date {
	if t.Interest.IsZero() {
		return nil
	}
	g := newGrid(t.Interest.First, 0, t.Interest.Every, t.MonthEnd)
	if !t.paysBoth() {
		return g.until(dues[len(dues)-1], t.Stub)
	}
	if before := t.Every.After(dues[0], -1); before.After(t.Start) && !before.Before(t.Interest.First) {
		return g.until(before, StubShort)
	}
	return nil
}

// paysBoth reports whether an instalment is one payment of interest and principal.
func (t *Terms) paysBoth() bool {
	switch t.Method {
	case MethodLevelPayment, MethodFixedPayment, MethodStepped:
		return true
	}
	return false
}

// capitalise turns interest that falls due up to a day into principal, and that of the day.
func (line *timeline) capitalise(t *Terms) {
	if t.Capitalise.IsZero() {
		return
	}
	last := civil.Date{}
	for i := range line.points {
		if !line.points[i].on.After(t.Capitalise) {
			line.points[i].marks = capitalise
			last = line.points[i].on
		}
	}
	if on, _ := t.Shift.days(t.Capitalise); on != last {
		line.add(t, t.Capitalise, point{marks: capitalise})
	}
}

// addSpans adds the spans that end on dates of a grid.
func (line *timeline) addSpans(t *Terms, g grid, dates []civil.Date) {
	from, begin := t.Start, t.Start // before and after it is moved
	if n := len(line.spans); n > 0 {
		from, begin = line.spans[n-1].date, line.spans[n-1].to
	}
	for k, date := range dates {
		if date == t.Start {
			continue
		}
		regular := date == g.at(k) && from == g.at(k-1)
		if k == 0 && from == t.Start && g == t.grid() {
			regular = date == g.at(0) && g.ahead > 0
		}
		end, _ := t.Shift.days(date)
		line.spans = append(line.spans, span{begin, end, date, g.every, regular})
		from, begin = date, end
	}
}

// add puts a point on a date of a grid, moved if that is no business day.
func (line *timeline) add(t *Terms, on civil.Date, p point) {
	p.date = on
	p.on, p.pay = t.Shift.days(on)
	line.points = append(line.points, p)
}

// merge sorts the points by day, in order of what happens within one, and makes those of one day
// one. Two instalments that shifting brings onto one day remain two points.
func (line *timeline) merge() {
	slices.SortStableFunc(line.points, func(a, b point) int { return a.on.Compare(b.on) })
	merged := line.points[:0]
	for _, p := range line.points {
		n := len(merged)
		if n == 0 || merged[n-1].on != p.on || merged[n-1].marks&p.marks&^(payFee|change) != 0 {
			merged = append(merged, p)
			continue
		}
		merged[n-1].join(p)
	}
	line.points = merged
}

func (p *point) join(q point) {
	p.marks |= q.marks
	switch {
	case q.has(payPrincipal):
		p.number = q.number
	case q.has(payOut):
		p.amount = q.amount
	case q.has(changeRate):
		p.rate = q.rate
	}
	p.fees, p.changes = append(p.fees, q.fees...), append(p.changes, q.changes...)
	if q.has(payInterest | payPrincipal | capitalise | payFee) {
		p.pay, p.date = q.pay, q.date // the others are not moved
	}
}
