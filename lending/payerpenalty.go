package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PayerPenalty books the penalty interest that a cover is owed on what it has advanced of an
// instalment's principal and interest and has not got back: of what the borrower owes from the day of the
// advance on it is the payer's, by subrogation, and the rest the lenders'. It is figured from the payer's own
// minor-days at the loan's rate, rounded down; where a cap cuts the penalty, the lenders' part stands first, and
// covers share the rest.
type PayerPenalty struct {
	Index     int   // in Loan.Advances, of one of component Penalty
	MinorDays int64 // see [Advance]
	Minor     int64 // in all
}

func codePayerPenalties(c *event.Codec, list *[]PayerPenalty) {
	event.List(c, list, func(c *event.Codec, p *PayerPenalty) {
		c.Count(&p.Index)
		c.Int(&p.MinorDays)
		c.Int(&p.Minor)
	})
}

// bears reports whether an advance is the penalty interest on another.
func (a *Advance) bears(on *Advance) bool {
	return a.Component == Penalty && on.Component != Penalty &&
		a.Instalment == on.Instalment && a.Layer == on.Layer && a.Payer == on.Payer
}

// owePayers books what covers are owed of penalty interest.
func (l *Loan) owePayers(list []PayerPenalty) {
	for _, p := range list {
		a := l.advance(p.Index)
		l.due(a.Instalment).Advanced.add(Penalty, p.Minor-a.Amount)
		a.Amount, a.MinorDays = p.Minor, p.MinorDays
	}
}

// payers lists what covers are owed of penalty interest, as it is booked.
func (l *Loan) payers() (list []PayerPenalty) {
	for i := range l.Advances {
		if a := &l.Advances[i]; a.Component == Penalty {
			list = append(list, PayerPenalty{i, a.MinorDays, a.Amount})
		}
	}
	return list
}

// passPenalty figures what covers are owed of the penalty interest that is assessed.
func (l *Loan) passPenalty(b *Booking) error {
	if len(l.Advances) == 0 {
		return nil
	}
	rules, err := l.Product.Late.At(l.Plan.Terms().Rate)
	if err != nil {
		return err
	}
	rules.Round = money.Down
	for i := range b.Assessed {
		list, err := l.payersOf(&b.Assessed[i], rules)
		if err != nil {
			return err
		}
		b.Payers = append(b.Payers, list...)
	}
	return nil
}

// payersOf figures what covers are owed of an assessment: what is theirs without a cap, as far as a cap leaves it
// once the lenders have theirs without it.
func (l *Loan) payersOf(as *Assessment, rules Late) (list []PayerPenalty, err error) {
	var all int64
	for k := range l.Advances {
		a := &l.Advances[k]
		if a.Component != Penalty || a.Instalment != as.Instalment {
			continue
		}
		p := PayerPenalty{Index: k, MinorDays: l.payerDays(a, as.Through)}
		if p.Minor, err = PenaltyOn(p.MinorDays, rules); err != nil {
			return nil, err
		}
		p.Minor = min(p.Minor, MaxLoan-a.Former) + a.Former
		all += p.Minor
		list = append(list, p)
	}
	if len(list) == 0 {
		return nil, nil
	}
	uncut, err := l.lateOn(as.Instalment, as.Through)
	if err != nil {
		return nil, err
	}
	d := &l.Dues[as.Instalment]
	settled := d.Paid[Penalty] + d.Waived[Penalty]
	lenders := max(0, uncut.Penalty-all-settled+d.Recovered[Penalty])
	l.cutPayers(list, max(0, as.Penalty-settled-lenders))
	return list, nil
}

// cutPayers leaves covers what there is room for of what they are still owed, in proportion.
func (l *Loan) cutPayers(list []PayerPenalty, room int64) {
	var wants int64
	for _, p := range list {
		wants += max(0, p.Minor-l.Advances[p.Index].Recovered)
	}
	room = min(room, wants)
	for i := range list {
		back := l.Advances[list[i].Index].Recovered
		want := max(0, list[i].Minor-back)
		more, _ := share(room, want, wants)
		list[i].Minor = back + more
		room, wants = room-more, wants-want
	}
}

// payerDays are the minor-days of what an advance of penalty interest is on, up to a day, later or earlier than
// they are booked to.
func (l *Loan) payerDays(a *Advance, on civil.Date) int64 {
	sum, d := a.MinorDays, &l.Dues[a.Instalment]
	for i := range l.Advances {
		x := &l.Advances[i]
		if !a.bears(x) {
			continue
		}
		var out Components
		out[x.Component] = x.Amount - x.Recovered
		to, from := later(on, x.On), later(d.Through, x.On)
		days := min(to.Sub(d.Date), maxOverdue) - min(from.Sub(d.Date), maxOverdue)
		sum = addDays(sum, l.Product.Late.Base.of(out), days)
	}
	return sum
}
