package schedule

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// Row is one instalment in minor units of the principal's currency, for hot loops and for storage.
type Row struct {
	Due         civil.Date `json:"due"`                  // the day on which it is to be paid
	End         civil.Date `json:"end"`                  // the day up to which its interest counts
	Principal   int64      `json:"principal"`            // 0 or more
	Interest    int64      `json:"interest"`             // 0 or more
	Fee         int64      `json:"fee,omitzero"`         // 0 or more
	Capitalised int64      `json:"capitalised,omitzero"` // interest added to the balance, 0 or more
	Balance     int64      `json:"balance"`              // principal still out after this row
}

// Prepared is Terms checked and turned into numbers once, so that plans cost no allocation. Make
// one with Terms.Prepare; the zero value has no rows.
type Prepared struct {
	terms    Terms
	plain    bool // the loops of rows.go serve; else it takes a walk
	odd      bool // the first period is shorter or longer than the others
	dues     dues
	daily    ratio  // the rate for a day, by the year of the day count
	regular  ratio  // the rate for a whole period
	factor   factor // the one of the two by which rows are charged
	interest int64  // MethodBullet and MethodFlat: of all rows; the others: of the first row
	level    int64  // MethodLevelPayment: the payment
	share    int64  // the other methods: principal of every row but the last
}

// Prepare checks the terms and does the work that all rows have in common. It fails as Terms.Plan
// does.
func (t Terms) Prepare() (Prepared, error) {
	if err := t.Validate(); err != nil {
		return Prepared{}, err
	}
	_, ahead := t.anchor()
	p := Prepared{terms: t.clone(), plain: t.isPlain(), odd: ahead == 0}
	if !p.plain {
		return p, nil
	}
	p.dues = newDues(&t)
	if !p.prepareRates() {
		return Prepared{}, &OverflowError{Figure: "the rate"}
	}
	if err := p.prepareMethod(); err != nil {
		return Prepared{}, err
	}
	return p, nil
}

// prepareRates turns the rate into that of a day and of a whole period; false when one of them does
// not fit.
func (p *Prepared) prepareRates() bool {
	t := &p.terms
	year, rate := t.Every.year(t.DayCount), newRatio(t.Rate.pico, picoPerOne)
	var ok bool
	annual := rate
	if p.regular = rate; t.Rate.basis == PerYear {
		p.regular, ok = rate.times(year)
	} else {
		annual, ok = rate.times(year.inverse())
	}
	if !ok {
		return false
	}
	p.daily, ok = annual.times(ratio{1, int64(t.DayCount.YearDays())})
	charged := p.daily
	if t.Accrual.whole() {
		charged = p.regular
	}
	p.factor = newFactor(charged, t.Rounding.Interest)
	return ok
}

// prepareMethod computes what repeats under the method.
func (p *Prepared) prepareMethod() error {
	t := &p.terms
	var ok bool
	if t.Method == MethodEqualPrincipal || t.Method == MethodFlat {
		p.share, _ = ratio{1, int64(t.Periods)}.of(t.Principal.Minor(), t.Rounding.Instalment)
	}
	if t.Method == MethodBullet || t.Method == MethodFlat {
		p.interest, ok = p.wholeTerm()
	} else {
		p.interest, ok = p.firstInterest()
	}
	if !ok {
		return &OverflowError{Figure: "the interest"}
	}
	if t.Method == MethodLevelPayment {
		return p.prepareLevel()
	}
	return nil
}

// prepareLevel figures the level payment: by the annuity, or as a walk does where more is asked.
func (p *Prepared) prepareLevel() error {
	t := &p.terms
	var ok bool
	if t.Sizing == SizeByAccrual || t.Rounding.Smooth || t.Rounding.unit() > 1 {
		walked := p.terms // a walk keeps what it is given; other terms need not be kept
		w := newWalk(&walked)
		err := w.begin()
		p.level = w.payment
		return err
	}
	p.level, ok = levelPayment(t.Principal.Minor(), p.regular, t.Periods, t.Rounding.Instalment)
	if !ok {
		return &OverflowError{Figure: "the level payment"}
	}
	return nil
}

// isPlain reports whether nothing is asked that the loops of rows.go do not know.
func (t *Terms) isPlain() bool {
	return t.Method <= MethodFlat && t.Maturity.IsZero() && t.Every.unit <= UnitDay &&
		(t.DayCount == daycount.Thirty360US || t.DayCount == daycount.Act365F ||
			t.DayCount == daycount.Act360) &&
		(t.Rounding.unit() == 1 || t.Method == MethodLevelPayment) &&
		t.Rounding.Grain <= GrainRow && t.Rounding.Remainder <= RemainderLast &&
		t.Payment.Sign() == 0 && t.Balloon.Sign() == 0 &&
		len(t.Rates)+len(t.Tranches)+len(t.Fees)+len(t.Changes) == 0 &&
		t.Grace == Grace{} && !t.InAdvance && t.Interest.IsZero() &&
		t.Capitalise.IsZero() && t.DownPayment.IsZero() &&
		t.FirstDue != t.Start && (t.Method != MethodFlat || t.Sizing != SizeByAccrual)
}

// wholeTerm is the simple interest on the principal from Start to the last due date, rounded once.
func (p *Prepared) wholeTerm() (int64, bool) {
	t := &p.terms
	if !t.Accrual.whole() {
		return p.take(p.dated(t.lastDue()))
	}
	whole, first := int64(t.Periods), ratio{0, 1}
	if p.odd {
		var ok bool
		if first, ok = p.dated(t.FirstDue); !ok {
			return 0, false
		}
		whole--
	}
	rest, ok := p.regular.times(ratio{whole, 1})
	if !ok {
		return 0, false
	}
	return p.take(first.plus(rest))
}

// firstInterest is the interest of the first row, whose period may be odd; false when it does not
// fit.
func (p *Prepared) firstInterest() (int64, bool) {
	if p.odd || !p.terms.Accrual.whole() {
		return p.take(p.dated(p.dues.first))
	}
	return p.take(p.regular, true)
}

// dated is the rate from Start to a date of the grid by day count, 0 when that is moved to before
// Start; false when it does not fit.
func (p *Prepared) dated(due civil.Date) (ratio, bool) {
	end, _ := p.terms.Shift.days(due)
	return p.daily.times(ratio{max(days(p.terms.DayCount, p.terms.Start, end), 0), 1})
}

// take is r of the principal, unless r did not fit.
func (p *Prepared) take(r ratio, ok bool) (int64, bool) {
	if !ok {
		return 0, false
	}
	return r.of(p.terms.Principal.Minor(), p.terms.Rounding.Interest)
}

// accrued is the interest on a balance over a whole period, or with AccrueByDays over so many days;
// false when it does not fit.
func (p *Prepared) accrued(balance, days int64) (int64, bool) {
	rate, ok := p.regular, true
	if !p.terms.Accrual.whole() {
		rate, ok = p.daily.times(ratio{days, 1})
	}
	if !ok {
		return 0, false
	}
	return rate.of(balance, p.terms.Rounding.Interest)
}

// days counts the days from one date to another. It is short enough to be inlined.
func days(c daycount.Convention, from, to civil.Date) int64 {
	if c == daycount.Thirty360US {
		return int64(c.Days(from, to))
	}
	return int64(to.Ordinal() - from.Ordinal())
}

// Terms are the terms that were prepared.
func (p *Prepared) Terms() Terms { return p.terms.clone() }

// Len is the number of rows that Append adds: 1 for MethodBullet, else Periods. Terms that pay
// something on other days have more.
func (p *Prepared) Len() int {
	if p.terms.Method == MethodBullet {
		return 1
	}
	return p.terms.Periods
}

// Instalment is the level payment in minor units under MethodLevelPayment, rounded by
// Rounding.Instalment; 0 under the other methods, whose totals differ from row to row.
func (p *Prepared) Instalment() int64 { return p.level }
