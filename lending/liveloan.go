package lending

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

func (x *LiveLoan) bad(format string, args ...any) error {
	return &Error{ErrTerms, "loan " + string(x.ID), fmt.Sprintf(format, args...)}
}

// loan builds the loan that moves in, or says what is wrong with it: first what could not be reckoned
// with at all, then every invariant that it breaks.
func (x *LiveLoan) loan(p *Product, on civil.Date, tolerance int64) (*Loan, error) {
	if err := errors.Join(x.checkNames(), x.checkTerms(p, on), x.checkDues(p), x.checkCharges(on),
		x.checkCost(on), x.checkAcceleration(on), x.checkLots(on)); err != nil {
		return nil, err
	}
	if tolerance < 0 || tolerance > maxTolerance {
		return nil, x.bad("a tolerance of %d minor units", tolerance)
	}
	l := new(Loan)
	LoanAdopted{On: on, Product: *p, Loan: *x}.Apply(l)
	if l.Plan.Len() == 0 {
		_, err := schedule.NewPlan(x.terms(l), x.Rows)
		return nil, &Error{ErrTerms, "loan " + string(x.ID), fmt.Sprintf("its plan: %v", err)}
	}
	var errs []error
	if all, lot, most := l.drift(); most <= tolerance {
		l.Drift = all
	} else if tolerance > 0 {
		errs = append(errs, x.bad("lot %d is off its share by %d, more than %d", lot, most, tolerance))
	}
	if err := l.Check(); err != nil {
		errs = append(errs, x.bad("%v", err))
	}
	if n := l.Outstanding().Minor(); n != x.Outstanding {
		errs = append(errs, x.bad("the old system states %d outstanding, instalments say %d", x.Outstanding, n))
	}
	errs = append(errs, x.checkAdvances(), x.checkPast(on))
	return l, errors.Join(errs...)
}

func (x *LiveLoan) checkNames() error {
	errs := []error{checkID("loan", x.ID), checkID("borrower", x.Borrower)}
	if x.Grade != "" {
		errs = append(errs, checkID("grade", x.Grade))
	}
	for i := range x.Lots {
		h := x.Lots[i].Holder
		if errs = append(errs, checkID("holder", h)); h == x.Borrower {
			errs = append(errs, x.bad("lot %d is held by its borrower", i))
		}
	}
	for _, a := range x.Advances {
		errs = append(errs, checkID("payer", a.Payer))
	}
	for _, f := range x.Upfront {
		if errs = append(errs, checkID("fee", f.Fee)); f.Minor < 0 || f.Minor > MaxLoan || f.Tax < 0 || f.Tax > f.Minor {
			errs = append(errs, x.bad("fee %s of %d, %d of it tax", f.Fee, f.Minor, f.Tax))
		}
		if f.Party != "" {
			errs = append(errs, checkID("party", f.Party))
		}
	}
	return errors.Join(errs...)
}

func (x *LiveLoan) checkTerms(p *Product, on civil.Date) error {
	a := x.Amount
	switch {
	case x.State != StateActive && x.State != StateClosed && x.State != StateWrittenOff:
		return x.bad("is %s: only loans that were paid out move", x.State)
	case a.Currency() != p.Currency || a.Sign() <= 0 || a.Minor() > MaxLoan:
		return x.bad("is of %s", a)
	case x.Periods < 1 || x.Periods > schedule.MaxPeriods || x.Rate.Basis() == 0:
		return x.bad("%d periods at %s", x.Periods, text(x.Rate))
	case x.Start.IsZero() || x.Start.After(on) || x.Looked.After(on) || x.Looked.Before(x.Start):
		return x.bad("interest from %s, looked at on %s, moved on %s", x.Start, x.Looked, on)
	case x.Served.Before(x.Start) && p.feesByTime() || x.Served.After(on):
		return x.bad("lenders' fees by time are figured to %s", x.Served)
	case x.Closed.IsZero() == (x.State == StateClosed) || x.Closed.After(on):
		return x.bad("is %s, closed on %s", x.State, x.Closed)
	case x.PaidOut < 0 || x.PaidOut > MaxLoan || x.Payments < 0 || x.Payments > maxPast || len(x.Past) > maxPast ||
		len(x.Upfront) > maxFees:
		return x.bad("paid out %d, %d payments, %d past ones, %d fees", x.PaidOut, x.Payments, len(x.Past), len(x.Upfront))
	}
	return nil
}

// within reports whether every figure is from 0 to MaxLoan.
func within(c Components) bool {
	for _, n := range c {
		if n < 0 || n > MaxLoan {
			return false
		}
	}
	return c[0] == 0
}

func (x *LiveLoan) checkDues(p *Product) error {
	own := len(x.Dues) - x.Base - len(x.Rows) // instalments after the last, of what people decided on
	if x.Base < 0 || x.Base > schedule.MaxRows || len(x.Rows) > schedule.MaxRows ||
		own < 0 || own > maxCharges || len(x.Covers) != len(p.Covers) {
		return x.bad("%d instalments of a plan of %d, %d covers of %d", len(x.Dues), len(x.Rows),
			len(x.Covers), len(p.Covers))
	}
	for i := range x.Dues {
		d := &x.Dues[i]
		switch {
		case !x.dated(i) || d.Through.IsZero() || d.Through.Before(d.Date) && (x.row(i) == nil || d.Through != x.row(i).End):
			return x.bad("instalment %d is due on %s, charged through %s", i, d.Date, d.Through)
		case !within(d.Owed) || !within(d.Paid) || !within(d.Advanced) || !within(d.Recovered) ||
			!within(d.Waived) || !within(d.Again) || d.MinorDays < 0 || d.Former < 0 || d.Former > MaxLoan || slices.Min(d.Units[:]) < 0:
			return x.bad("instalment %d is out of bounds", i)
		case d.promised() != 0 || d.Promised != [maxCovers]int64{}:
			return x.bad("a cover has promised to pay instalment %d: let it pay first", i)
		}
	}
	for i, v := range x.Covers {
		if v.Paid < 0 || v.Paid > MaxLoan {
			return x.bad("layer %d has paid %d", i, v.Paid)
		}
	}
	return nil
}

// dated reports whether an instalment is due on its day: that of the acceleration, or of the plan. One
// that a payment called back has added may be due on any.
func (x *LiveLoan) dated(i int) bool {
	d, a := x.Dues[i].Date, &x.Acceleration
	switch {
	case !a.On.IsZero() && i >= a.Recut.From && i < a.Recut.From+len(a.Recut.Interest):
		return d == a.On
	case x.row(i) != nil:
		return d == x.row(i).Due
	}
	return !d.Before(x.Start)
}

// row is that of the plan for an instalment, nil for one before the plan was made anew, and for one of
// what people decided on.
func (x *LiveLoan) row(i int) *schedule.Row {
	if k := i - x.Base; k >= 0 && k < len(x.Rows) {
		return &x.Rows[k]
	}
	return nil
}

// checkAcceleration refuses one that is not of the instalments from one on.
func (x *LiveLoan) checkAcceleration(on civil.Date) error {
	a := &x.Acceleration
	if a.On.IsZero() && a.Recut.From == 0 && len(a.Recut.Interest) == 0 {
		return nil
	}
	if a.On.Before(x.Start) || a.On.After(on) || a.Recut.From < 0 || a.Recut.From >= len(x.Dues) ||
		len(a.Recut.Interest) > len(x.Dues)-a.Recut.From {
		return x.bad("accelerated on %s from instalment %d of %d", a.On, a.Recut.From, len(x.Dues))
	}
	return nil
}

// checkCost refuses caps that are out of order, and counts of what was out that are below zero or later.
func (x *LiveLoan) checkCost(on civil.Date) error {
	if len(x.Caps) > maxCaps || x.Cost.Through.After(on) || slices.Min(x.Cost.Days[:]) < 0 ||
		x.Cost.Through.IsZero() == (len(x.Caps) > 0) {
		return x.bad("%d caps on its cost, counted to %s", len(x.Caps), x.Cost.Through)
	}
	for i := range x.Caps {
		if c := &x.Caps[i]; c.Rate.Basis() != schedule.PerYear || i > 0 && !c.From.After(x.Caps[i-1].From) {
			return x.bad("cap %d on its cost is of %s from %s", i+1, text(c.Rate), c.From)
		}
	}
	return nil
}

func (x *LiveLoan) checkCharges(on civil.Date) error {
	if len(x.Charges) > maxCharges {
		return x.bad("has %d charges", len(x.Charges))
	}
	for i := range x.Charges {
		v := &x.Charges[i]
		if !v.Component.charged() || v.Instalment < 0 || v.Instalment >= len(x.Dues) ||
			v.On.IsZero() && v.Owed > 0 || v.On.After(on) || // one that was voided has no day
			!within(Components{0, v.Owed, v.Paid, v.Waived}) || v.Payee < ToPlatform || v.Payee > ToParty ||
			(v.Party != "") != (v.Payee == ToParty) {
			return x.bad("charge %d is out of bounds", i+1)
		}
		if err := checkID("fee", v.Fee); err != nil {
			return err
		}
		if v.Party != "" {
			if err := checkID("party", v.Party); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *LiveLoan) checkLots(on civil.Date) error {
	if len(x.Lots) < 1 || len(x.Lots) > MaxLots {
		return x.bad("has %d lots", len(x.Lots))
	}
	var weights uint64
	for i := range x.Lots {
		v := &x.Lots[i]
		if v.Units < 1 || v.Units > MaxLoan || v.Weight < 1 || !within(v.Paid) || !x.tallied(v) ||
			v.Paid[Principal] > v.Units {
			return x.bad("lot %d of %d units, weight %d, was paid %s less fees of %v", i, v.Units, v.Weight, v.Paid, v.Fees)
		}
		if v.Span != (Span{}) || v.Rank != 0 || v.Since.IsZero() || v.Since.After(on) {
			return x.bad("lot %d is held since %s, or divided by instalments or rank", i, v.Since)
		}
		hi, lo := bits.Mul64(uint64(v.Units), uint64(v.Weight))
		if weights += lo; hi > 0 || lo > money.MaxMinor<<9 || weights > 1<<62 {
			return x.bad("the weights of its lots are too large")
		}
	}
	return nil
}

// tallied reports whether a lot's fees are none below zero, and not more than it was ever paid: those
// for the time stay when a payment is called back.
func (x *LiveLoan) tallied(v *Lot) bool {
	var sum, again int64
	for i := range x.Dues {
		again += min(MaxLoan, x.Dues[i].Again.Total())
	}
	for _, t := range v.Fees {
		if t.Base < 0 || t.Charged < 0 || t.Charged > MaxLoan {
			return false
		}
		sum += t.Charged
	}
	return sum <= v.Paid.Total()+again
}

// within reports whether the figures of an advance can be.
func (a *Advance) within() bool {
	if a.Component < Interest || int(a.Component) >= components || a.Charge < 0 || a.Component.charged() != (a.Charge > 0) {
		return false
	}
	if a.Component == Penalty {
		return a.On.IsZero() && 0 <= a.Recovered && a.Recovered <= a.Amount && a.Amount <= MaxLoan &&
			a.MinorDays >= 0 && 0 <= a.Former && a.Former <= MaxLoan
	}
	return a.MinorDays == 0 && a.Former == 0 &&
		1 <= a.Amount && a.Amount <= MaxLoan && 0 <= a.Recovered && a.Recovered <= a.Amount
}

// checkAdvances refuses advances of covers that are not those of the layers.
func (x *LiveLoan) checkAdvances() error {
	layers, penalties := make([]int64, len(x.Covers)), map[Advance]bool{}
	for i, a := range x.Advances {
		if a.Layer < 0 || a.Layer >= len(layers) || a.Instalment < 0 || a.Instalment >= len(x.Dues) || i >= maxPast {
			return x.bad("advance %d is out of bounds", i)
		}
		if a.Component != Penalty {
			layers[a.Layer] += a.Amount
			continue
		}
		once := Advance{Layer: a.Layer, Payer: a.Payer, Instalment: a.Instalment}
		if penalties[once] {
			return x.bad("advance %d is penalty interest of a payer on an instalment for the second time", i)
		}
		penalties[once] = true
	}
	for i, n := range layers {
		if n != x.Covers[i].Paid {
			return x.bad("layer %d has paid %d, its advances are %d", i, x.Covers[i].Paid, n)
		}
	}
	return nil
}
