package lending

import (
	"math"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// daily reports whether the fee is a late fee by the day.
func (f *Fee) daily() bool { return f.Timing == WhenLate && f.Per == PerDay }

// dailyFees are the product's late fees by the day.
func (p *Product) dailyFees() (list []*Fee) {
	for i := range p.Fees {
		if p.Fees[i].daily() {
			list = append(list, &p.Fees[i])
		}
	}
	return list
}

// lateBase is what the late fees of a due date are figured on: what is unpaid of all its instalments
// together. They stand with the last of these, paid or not, so that by whatever order the others are paid a
// fee and its bounds are those of one date. It is zero for the others.
func (l *Loan) lateBase(f *Fee, i int) int64 {
	from, to := l.missed(i)
	var late, interest int64
	for k := from; k < to; k++ {
		unpaid := l.Dues[k].Unpaid()
		late += unpaid[Principal] + unpaid[Interest]
		interest += l.Dues[k].Owed[Interest]
	}
	switch {
	case i != to-1 || late <= 0 || f.Base.wide() && l.oldest() < from:
		return 0
	case f.Base == OnInterest:
		return interest
	case f.Base == OnAmount:
		return l.Amount.Minor()
	case f.Base == OnOutstanding:
		return l.Outstanding().Minor()
	}
	return late
}

// owesWith reports whether something is unpaid of an instalment, or of another whose late fees stand with
// it.
func (l *Loan) owesWith(i int) bool {
	from, to := i, i+1
	if first, end := l.missed(i); end == to {
		from = first
	}
	return slices.ContainsFunc(l.Dues[from:to], func(d Due) bool { return d.Unpaid().Total() > 0 })
}

// missed are the instalments that are missed together with one, since they fall due on its day: by the
// plan, or by acceleration; of claims divided by term, those of one span.
func (l *Loan) missed(i int) (from, to int) {
	same := func(k int) bool {
		return l.Dues[k].Date == l.Dues[i].Date && l.hastened(k) == l.hastened(i) && l.span(k) == l.span(i)
	}
	for from = i; from > 0 && same(from-1); {
		from--
	}
	for to = i + 1; to < len(l.Dues) && same(to); {
		to++
	}
	return from, to
}

// oldest is the first instalment of which principal or interest is unpaid; one behind the last if
// there is none.
func (l *Loan) oldest() int {
	i := 0
	for i < len(l.Dues) {
		if u := l.Dues[i].Unpaid(); u[Principal]+u[Interest] > 0 {
			break
		}
		i++
	}
	return i
}

// feeDay is the first day on which a fee for an instalment that is late can be booked if nothing is
// paid: the one after its grace, but not before arrears pass the tolerance, nor, for a fee on the whole
// loan, before the older instalments are paid. It is zero if arrears do not pass it.
func (l *Loan) feeDay(f *Fee, i int) civil.Date {
	_, material := l.pastDue()
	if material.IsZero() {
		return material
	}
	day := later(l.Dues[i].Date.AddDays(l.grace(i)+1), material.AddDays(1))
	if f.Timing == WhenLate && f.Base.wide() {
		for from, _ := l.missed(i); from > 0; from-- {
			day = later(day, l.Dues[from-1].Through.AddDays(1)) // booked to when it was paid
		}
	}
	return day
}

// lateFees charges the late fees that a due date has not had yet, once each.
func (l *Loan) lateFees(b *Booking, i int, on civil.Date) error {
	for _, f := range l.Product.feesAt(WhenLate) {
		if f.Per == Once && !l.hasFee(f.ID, i) && l.lateBase(&f, i) > 0 {
			if err := l.bookFee(b, &f, i, func(civil.Date) int64 { return l.lateBase(&f, i) }, on); err != nil {
				return err
			}
		}
	}
	return nil
}

// damages charges default damages that the loan has not had yet.
func (l *Loan) damages(b *Booking, on civil.Date) error {
	i := l.oldest()
	if i == len(l.Dues) {
		return nil
	}
	for _, f := range l.Product.feesAt(OnDefault) {
		if l.hasFee(f.ID, -1) {
			continue
		}
		base := func(civil.Date) int64 { return l.Outstanding().Minor() }
		if f.Base == OnUnpaid {
			base = l.arrears
		}
		if err := l.bookFee(b, &f, i, base, on); err != nil {
			return err
		}
	}
	return nil
}

// bookFee charges a fee as of the first day by a date on which it is more than nothing, whenever it is
// booked, on a base as of that day.
func (l *Loan) bookFee(b *Booking, f *Fee, i int, base func(civil.Date) int64, on civil.Date) error {
	first := l.feeDay(f, i)
	if first.IsZero() {
		return nil
	}
	for k := -1; k < len(f.Steps); k++ {
		day := first
		if k >= 0 {
			day = later(first, l.Dues[i].Date.AddDays(f.Steps[k].From))
		}
		if day.After(on) {
			return nil
		}
		v, err := f.Of(FeeRow{Base: base(day), Count: day.Sub(l.Dues[i].Date)})
		if err != nil {
			return err
		}
		if v > 0 {
			b.Charged = append(b.Charged, Charge{Fee: f.ID, Component: Fees, Payee: f.Payee, Party: f.Party,
				Instalment: i, On: day, Owed: v, Auto: true})
			return nil
		}
	}
	return nil
}

// hasFee reports whether a due date of an instalment was charged a fee by rule, be it cut to nothing; any
// of them, below zero.
func (l *Loan) hasFee(id Code, i int) bool {
	from, to := 0, len(l.Dues)
	if i >= 0 {
		from, to = l.missed(i)
	}
	return slices.ContainsFunc(l.Charges, func(c Charge) bool {
		return c.Auto && !c.On.IsZero() && c.Instalment >= from && c.Instalment < to && c.Fee == id
	})
}

// accrued figures the late fees by the day of an instalment up to a day, later or earlier than they
// are booked to, if what they are figured on was the same in between. They run from the due date once
// grace has passed, and none above a bound that keeps a loan's fees an amount.
func (l *Loan) accrued(a *Assessment, on civil.Date) error {
	d := &l.Dues[a.Instalment]
	a.Units = d.Units
	from, to := min(d.Through.Sub(d.Date), maxOverdue), min(on.Sub(d.Date), maxOverdue)
	for k, f := range l.Product.dailyFees() {
		if k >= maxDailyFees {
			break
		}
		sum, err := f.exact(FeeRow{Base: l.lateBase(f, a.Instalment), Days: max(to-from, from-to), Count: max(from, to)})
		if err != nil {
			return err
		}
		if to < from {
			a.Units[k] = max(0, a.Units[k]-sum.units())
		} else {
			a.Units[k] += min(sum.units(), math.MaxInt64-a.Units[k])
		}
		settled := int64(0)
		if c := l.accruing(f.ID, a.Instalment); c != nil {
			settled = c.settled()
		}
		if a.Fees[k] = settled; to <= l.grace(a.Instalment) || a.Units[k] == 0 {
			continue
		}
		v, err := parts{rest: a.Units[k] % Million, whole: a.Units[k] / Million, den: Million}.rounded(f.Round)
		if err != nil {
			return err
		}
		a.Fees[k] = max(settled, min(f.within(v), maxFee))
	}
	return nil
}

// accrue books late fees by the day. Each is one charge of its instalment, which grows.
func (l *Loan) accrue(a *Assessment) {
	d := l.due(a.Instalment)
	d.Units = a.Units
	for k, f := range l.Product.dailyFees() {
		if k >= maxDailyFees {
			break
		}
		c := l.accruing(f.ID, a.Instalment)
		if c == nil {
			if a.Fees[k] > 0 {
				l.charge(Charge{Fee: f.ID, Component: Fees, Payee: f.Payee, Party: f.Party,
					Instalment: a.Instalment, On: a.Through, Owed: a.Fees[k], Auto: true})
			}
			continue
		}
		d.Owed.add(c.Component, a.Fees[k]-c.Owed)
		c.Owed = a.Fees[k]
		if a.Through.Before(c.On) {
			c.On = a.Through
		}
	}
}

// owedDaily is what stands of an instalment's late fees by the day.
func (l *Loan) owedDaily(i int) (fees [maxDailyFees]int64) {
	for k, f := range l.Product.dailyFees() {
		if c := l.accruing(f.ID, i); c != nil && k < maxDailyFees {
			fees[k] = c.Owed
		}
	}
	return fees
}

// settledDaily is what was paid, let off or advanced by covers of an instalment's late fees by the day.
func (l *Loan) settledDaily(i int) (fees [maxDailyFees]int64) {
	for k, f := range l.Product.dailyFees() {
		if c := l.accruing(f.ID, i); c != nil && k < maxDailyFees {
			fees[k] = c.settled()
		}
	}
	return fees
}

// accruing is the charge of a late fee by the day, nil if an instalment has none.
func (l *Loan) accruing(id Code, i int) *Charge {
	for n := range l.Charges {
		if c := &l.Charges[n]; c.Auto && c.Instalment == i && c.Fee == id {
			return c
		}
	}
	return nil
}

// lateSteps calls f with the days past due from which a late fee or damages have another price.
func (p *Product) lateSteps(f func(days int)) {
	for i := range p.Fees {
		if t := p.Fees[i].Timing; t == WhenLate || t == OnDefault {
			for _, s := range p.Fees[i].Steps {
				f(s.From)
			}
		}
	}
}
