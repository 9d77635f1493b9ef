package lending

import (
	"cmp"
	"errors"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// maxOnBook bounds a vintage's curve.
const maxOnBook = 600

// Vintages are the cumulative defaults of cohorts by their months on book (账龄分析, Vintage). Default is
// what it is in an [OutcomeStatement].
//
// Invariants: a curve never falls and never exceeds the cohort's Defaulted, which never exceeds Lent.
type Vintages struct {
	Currency money.Currency
	By       Dimension // ByMonth, ByQuarter or ByYear
	Days     int
	On       civil.Date
	Lines    []Vintage // in the order of time
}

// Vintage is a cohort. Its curve has point n-1 for n months on book, each loan's counted from the day on
// which it was paid out, as far as its youngest loan has come, 600 months at most.
type Vintage struct {
	Key       string
	Lent      Volume
	Defaulted Volume // to the day of the report; the amount is the principal that was owed then
	Curve     []VintagePoint
}

// VintagePoint is what had come into default within so many months.
type VintagePoint struct {
	Defaulted  Volume
	DefaultPPM int64 // of Lent, rounded once, a tie to the even one
}

// vintage sums up a Vintage.
type vintage struct {
	lent, defaulted volume
	by              map[int]*volume // month on book of the default, the first is 1
	months          int             // of the youngest loan
}

// Vintages draws the curves up to a day. Days is how long an instalment is unpaid before its loan is in
// default, 0 to 3,650. A dimension that is no cohort and other Days are an [ErrTerms], a zero date an
// [ErrDate], a figure beyond [money.MaxMinor] a [money.ErrOverflow].
func (r *Reports) Vintages(c money.Currency, by Dimension, days int, on civil.Date) (Vintages, error) {
	out := Vintages{Currency: c, By: by, Days: days, On: on}
	if err := errors.Join(by.check(on), checkDefault(days)); err != nil {
		return out, err
	}
	if !by.IsCohort() {
		return out, &Error{ErrTerms, by.String(), "is no cohort: take month, quarter or year"}
	}
	cohorts := map[string]*vintage{}
	for l := range r.lent(c) {
		entry(cohorts, r.group(l, by)).add(l, r.pasts[l.ID], days, on)
	}
	f := &figures{cur: c}
	for key, v := range cohorts {
		out.Lines = append(out.Lines, v.line(f, key))
	}
	slices.SortFunc(out.Lines, func(a, b Vintage) int { return cmp.Compare(a.Key, b.Key) })
	return out, f.err()
}

func (v *vintage) add(l *Loan, p *past, days int, on civil.Date) {
	start := l.Started
	months := min(maxOnBook, monthsOn(start, on))
	if v.lent.loans == 0 || months < v.months {
		v.months = months
	}
	v.lent.add(l.Amount.Minor())
	first, owed, ok := p.defaulted(l, days, on)
	if !ok {
		return
	}
	v.defaulted.add(owed)
	if v.by == nil {
		v.by = map[int]*volume{}
	}
	entry(v.by, monthsOn(start, first)+1).add(owed)
}

func (v *vintage) line(f *figures, key string) Vintage {
	out := Vintage{Key: key, Lent: f.volume(v.lent), Defaulted: f.volume(v.defaulted)}
	var so volume
	for n := 1; n <= v.months; n++ {
		if x := v.by[n]; x != nil {
			so.loans, so.minor = so.loans+x.loans, so.minor.Plus(x.minor)
		}
		out.Curve = append(out.Curve, VintagePoint{f.volume(so), ppm(so.minor, v.lent.minor)})
	}
	return out
}

// monthsOn counts the whole months from one day to another, zero if there is none.
func monthsOn(from, to civil.Date) int {
	y, m, _ := from.Date()
	year, month, _ := to.Date()
	n := (year-y)*12 + int(month) - int(m)
	if n > 0 && from.AddMonths(n).After(to) {
		n--
	}
	return max(0, n)
}

// AppendCSV appends the curves as CSV by RFC 4180: a header, for each cohort a record for each month on
// book and one without a month for all its defaults, each ended by CR LF. Amounts are plain digits with
// all decimals of the currency.
func (v Vintages) AppendCSV(dst []byte) []byte {
	dst = append(dst, "by,key,currency,loans,lent,month,defaulted-loans,defaulted,default-ppm\r\n"...)
	for i := range v.Lines {
		x := &v.Lines[i]
		line := func(month any, d Volume, ppm any) {
			dst = appendRecord(dst, v.By, x.Key, v.Currency.Code(), x.Lent.Loans, x.Lent.Amount, month, d.Loans, d.Amount, ppm)
		}
		for n, p := range x.Curve {
			line(n+1, p.Defaulted, p.DefaultPPM)
		}
		line("", x.Defaulted, "")
	}
	return dst
}
