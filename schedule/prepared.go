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
	plain    bool   // the loops of rows.go serve; else it takes a walk
	odd      bool   // the first period is shorter or longer than the others
	annual   ratio  // the rate for a year
	regular  factor // the rate for a whole period
	level    int64  // MethodLevelPayment: the payment
	share    int64  // the other methods: principal of every row but the last
	interest int64  // MethodBullet: of the only row; MethodFlat: of all rows
}

// Prepare checks the terms and does the work that all rows have in common. It fails as Terms.Plan
// does.
func (t Terms) Prepare() (Prepared, error) {
	if err := t.Validate(); err != nil {
		return Prepared{}, err
	}
	_, ahead := t.anchor()
	p := Prepared{terms: t, plain: t.isPlain(), odd: ahead == 0}
	if !p.plain {
		return p, nil
	}
	year, rate := t.Every.year(t.DayCount), newRatio(t.Rate.pico, picoPerOne)
	var ok bool
	period := rate
	if t.Rate.basis == PerYear {
		p.annual = rate
		period, ok = rate.times(year)
	} else {
		p.annual, ok = rate.times(year.inverse())
	}
	if !ok {
		return Prepared{}, &OverflowError{Figure: "the rate"}
	}
	p.regular = newFactor(period, t.Rounding.Interest)
	if err := p.prepareMethod(); err != nil {
		return Prepared{}, err
	}
	return p, nil
}

// prepareMethod computes what repeats under the method.
func (p *Prepared) prepareMethod() error {
	t, principal, ok := &p.terms, p.terms.Principal.Minor(), true
	switch t.Method {
	case MethodLevelPayment:
		return p.prepareLevel()
	case MethodEqualPrincipal:
		p.share, _ = ratio{1, int64(t.Periods)}.of(principal, t.Rounding.Instalment)
	case MethodFlat:
		p.share, _ = ratio{1, int64(t.Periods)}.of(principal, t.Rounding.Instalment)
		p.interest, ok = p.wholeTerm()
	case MethodBullet:
		p.interest, ok = p.wholeTerm()
	}
	if !ok {
		return &OverflowError{Figure: "the interest"}
	}
	return nil
}

// prepareLevel figures the level payment: by the annuity, or as a walk does where more is asked.
func (p *Prepared) prepareLevel() error {
	t, ok := &p.terms, false
	if t.Sizing == SizeByAccrual || t.Rounding.Smooth || t.Rounding.unit() > 1 {
		w := newWalk(t)
		err := w.begin()
		p.level = w.payment
		return err
	}
	p.level, ok = levelPayment(t.Principal.Minor(), p.regular.ratio, t.Periods, t.Rounding.Instalment)
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
		len(t.Rates)+len(t.Tranches)+len(t.Fees) == 0 && t.Grace == Grace{} && !t.InAdvance &&
		t.Interest.IsZero() && t.Capitalise.IsZero() && t.DownPayment.IsZero() &&
		t.FirstDue != t.Start && (t.Method != MethodFlat || t.Sizing != SizeByAccrual)
}

// wholeTerm is the simple interest on the principal from Start to the last due date, rounded once.
func (p *Prepared) wholeTerm() (int64, bool) {
	t := &p.terms
	if !t.Accrual.whole() {
		end, _ := t.Shift.days(t.lastDue())
		term, ok := p.dated(t.Start, end)
		return p.taken(term, ok)
	}
	whole, first := int64(t.Periods), ratio{0, 1}
	if p.odd {
		var ok bool
		end, _ := t.Shift.days(t.FirstDue)
		if first, ok = p.dated(t.Start, end); !ok {
			return 0, false
		}
		whole--
	}
	rest, ok := p.regular.times(ratio{whole, 1})
	if !ok {
		return 0, false
	}
	term, ok := first.plus(rest)
	return p.taken(term, ok)
}

// taken is r of the principal, unless r did not fit.
func (p *Prepared) taken(r ratio, ok bool) (int64, bool) {
	if !ok {
		return 0, false
	}
	return r.of(p.terms.Principal.Minor(), p.terms.Rounding.Interest)
}

// dated is the rate from one date to another by day count; false when it does not fit.
func (p *Prepared) dated(from, due civil.Date) (ratio, bool) {
	num, den := p.terms.DayCount.Fraction(from, due)
	a, ok1 := mul(p.annual.num, num)
	b, ok2 := mul(p.annual.den, den)
	if ok1 && ok2 {
		return ratio{a, b}, true
	}
	return p.annual.times(newRatio(num, den))
}

// accrued is the interest on a balance over instalment i, counted from 0; false when it does not
// fit.
func (p *Prepared) accrued(i int, balance int64, from, due civil.Date) (int64, bool) {
	if p.terms.Accrual.whole() && (i > 0 || !p.odd) {
		return p.regular.of(balance)
	}
	r, ok := p.dated(from, due)
	if !ok {
		return 0, false
	}
	return r.of(balance, p.terms.Rounding.Interest)
}

// Terms are the terms that were prepared.
func (p *Prepared) Terms() Terms { return p.terms }

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
