package lending

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// feeRule is what a fee of a timing can be.
type feeRule struct {
	bases  []Base
	payees []Payee
	per    []Per
	points []RoundingPoint
	steps  bool
}

var (
	allPayees  = []Payee{ToPlatform, ToLenders, ToParty}
	notLenders = []Payee{ToPlatform, ToParty}
	allPoints  = []RoundingPoint{EachCharge, EachDay, RunningTotal}
)

// feeRules is by timing.
var feeRules = [...]feeRule{
	AtDisbursement: {[]Base{OnAmount, OnCovered}, notLenders, []Per{Once, PerYear}, allPoints[:1], false},
	WhenLate: {[]Base{OnUnpaid, OnInterest, OnAmount, OnOutstanding}, allPayees, []Per{Once, PerDay},
		allPoints[:2], true},
	AtPayout: {[]Base{OnPayment, OnTimely, OnInterest, OnOutstanding}, notLenders, []Per{Once, PerDay, PerYear},
		allPoints, true},
	OnRecovery: {[]Base{OnPayment}, notLenders, []Per{Once}, allPoints[:1], true},
	WithInstalment: {[]Base{OnAmount, OnOutstanding, OnInterest}, allPayees, []Per{Once, PerYear},
		[]RoundingPoint{EachCharge, RunningTotal}, false},
	OnPrepayment: {[]Base{OnPrepaid, OnInterest}, allPayees, []Per{Once}, allPoints[:1], true},
	OnDefault:    {[]Base{OnOutstanding, OnUnpaid}, allPayees, []Per{Once}, allPoints[:1], true},
	ByHost:       {[]Base{OnAmount}, allPayees, []Per{Once, PerDay, PerYear}, allPoints[:2], true},
}

// Check reports whether the fee makes sense.
func (f Fee) Check() error {
	bad := func(format string, args ...any) error {
		return &Error{ErrTerms, "fee " + string(f.ID), fmt.Sprintf(format, args...)}
	}
	if checkID("fee", f.ID) != nil {
		return &Error{ErrTerms, "fee " + strconv.Quote(string(f.ID)), "has no well-formed id"}
	}
	if f.Timing < AtDisbursement || f.Timing > ByHost {
		return bad("has no timing")
	}
	rule := feeRules[f.Timing]
	switch {
	case !slices.Contains(rule.bases, f.Base):
		return bad("is figured on %s, %s takes %v", f.Base, f.Timing, rule.bases)
	case !slices.Contains(rule.payees, f.Payee):
		return bad("goes to %s, %s to %v", f.Payee, f.Timing, rule.payees)
	case !slices.Contains(rule.per, f.Per):
		return bad("is %s, %s %v", f.Per, f.Timing, rule.per)
	case !slices.Contains(rule.points, f.Point):
		return bad("rounds %s, %s %v", f.Point, f.Timing, rule.points)
	case len(f.Steps) > 0 && !rule.steps:
		return bad("has steps, and nothing for them to count")
	case (f.Payee == ToParty) != (f.Party != ""):
		return bad("names a party exactly when it goes to one")
	case f.Party != "" && checkID("party", f.Party) != nil:
		return bad("names no well-formed party")
	case !f.Round.IsValid():
		return bad("has no rounding mode")
	}
	return errors.Join(f.checkFigures(bad), f.checkTiming(bad))
}

func (f *Fee) checkFigures(bad func(string, ...any) error) error {
	in := func(v, most int64) bool { return 0 <= v && v <= most }
	if !in(f.PPM, maxFeePPM) || !in(f.Fixed, maxFee) || !in(f.Min, maxFee) || !in(f.Max, maxFee) ||
		f.Max > 0 && f.Max < f.Min || !in(f.TaxPPM, maxTaxPPM) || len(f.Steps) > maxFeeSteps ||
		!in(int64(f.CapPeriods), maxDays) || !in(int64(f.FreePeriods), maxDays) {
		return bad("is out of bounds")
	}
	for i, s := range f.Steps {
		if !in(s.PPM, maxFeePPM) || !in(s.Fixed, maxFee) || s.From < 1 || s.From > maxFeeCount ||
			i > 0 && s.From <= f.Steps[i-1].From {
			return bad("has a step out of bounds or order")
		}
	}
	if f.Min > 0 && f.most() == 0 && !f.fixed() {
		return bad("has a minimum and no price: what is always the same is fixed")
	}
	if f.TaxPPM > 0 && f.Payee != ToPlatform {
		return bad("bears tax, which only the platform pays")
	}
	return nil
}

// checkTiming reports what does not go together.
func (f *Fee) checkTiming(bad func(string, ...any) error) error {
	switch {
	case f.Point == EachDay && f.Per == Once:
		return bad("rounds days, and is not by the day")
	case f.Per == PerYear && f.fixed():
		return bad("has a fixed sum, which is by no year")
	case f.Point == RunningTotal && (len(f.Steps) > 0 || f.Min > 0 || f.fixed()):
		return bad("is figured on running totals: it has a share alone, and no minimum")
	case f.Timing == AtPayout && (f.Base == OnOutstanding) == (f.Per == Once):
		return bad("is by the day or the year exactly if it is on what is outstanding")
	case f.Timing == OnRecovery && (f.Min > 0 || f.fixed() || f.most() >= Million):
		return bad("could be all that was recovered: it is a part of it, without a minimum")
	case f.CapPeriods > 0 && f.Base != OnTimely:
		return bad("caps what is prepaid, which only a timely payment has")
	case f.FreePeriods > 0 && f.Timing != OnPrepayment:
		return bad("has free periods, which only a fee on prepayment has")
	case f.Standby && (f.Timing != AtPayout || f.Payee != ToParty || f.Base == OnOutstanding):
		return bad("is held in readiness: only a party's at payout is, and not by time")
	}
	return nil
}

// fixed reports whether a price has a fixed sum.
func (f *Fee) fixed() bool {
	return f.Fixed > 0 || slices.ContainsFunc(f.Steps, func(s FeeStep) bool { return s.Fixed > 0 })
}

// most is the highest share.
func (f *Fee) most() int64 {
	ppm := f.PPM
	for _, s := range f.Steps {
		ppm = max(ppm, s.PPM)
	}
	return ppm
}

// maxLenderFees bounds a product's fees at payout.
const maxLenderFees = 4

// maxDailyFees bounds a product's late fees by the day.
const maxDailyFees = 2

func (p *Product) checkFees() error {
	what := "product " + string(p.ID)
	if len(p.Fees) > maxFees {
		return &Error{ErrTerms, what, fmt.Sprintf("has more than %d fees", maxFees)}
	}
	var errs []error
	seen := map[Code]bool{}
	count := map[Timing]int{}
	for _, f := range p.Fees {
		errs = append(errs, f.Check())
		if seen[f.ID] {
			errs = append(errs, &Error{ErrTerms, "fee " + string(f.ID), "stands twice"})
		}
		if f.Timing == ByHost {
			errs = append(errs, &Error{ErrTerms, "fee " + string(f.ID), "is charged by the host, and no loan"})
		}
		seen[f.ID] = true
		count[f.Timing]++
	}
	if count[AtPayout] > maxLenderFees || count[OnRecovery] > 1 || len(p.dailyFees()) > maxDailyFees {
		errs = append(errs, &Error{ErrTerms, what, "has too many fees of one kind"})
	}
	return errors.Join(errs...)
}
