package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// FeePenalty is the charge as which penalty interest stands once a loan was re-aged: a sum to its
// lenders that does not grow any more.
const FeePenalty Code = "penalty-re-aged"

// rescheduling makes a loan's plan anew from what is unpaid.
type rescheduling struct {
	*Restructure
	l    *Loan // brought up to the day
	on   civil.Date
	from int   // the first instalment ahead
	plan int   // the first of these that is of the plan
	cut  int   // the first that changes
	old  []Due // all up to plan, as they are cut

	ahead     ahead
	unpaid    int64 // interest accrued by the day, and not paid
	folded    int64 // interest of old instalments
	principal int64
	penalty   int64
	anew      Due // penalty interest that was called back and is owed anew, of instalments that go
	waived    int64
}

// restructure figures the outcome of a restructuring.
func (l *Loan) restructure(c *Restructure, ev *Restructured) (err error) {
	if ev.Booking, err = l.booking(ev.On); err != nil {
		return err
	}
	now := l.preview(ev.Booking)
	r := rescheduling{Restructure: c, l: now, on: ev.On, from: now.ahead(ev.On)}
	if err := r.gather(); err != nil {
		return err
	}
	now = l.preview(ev.Booking)
	if err := r.recast(ev); err != nil {
		return err
	}
	after := l.preview(ev.Booking)
	after.recut(Recut{Dropped: ev.Dropped})
	after.recast(ev.Recast)
	after.chargeAll(ev.Charges)
	if err := after.keepsCap(now, ev.On); err != nil {
		return err
	}
	return ev.prove(now, after, r.waived, r.ahead.unearned(r.unpaid))
}

// gather takes what the new plan is to pay out of the old instalments.
func (r *rescheduling) gather() error {
	l := r.l
	r.plan = max(r.from, l.Base)
	again := slices.ContainsFunc(l.Dues, func(d Due) bool { return d.Again.Total() > 0 })
	for !again && r.cut < r.from && l.Dues[r.cut].Unpaid().Total() == 0 {
		r.cut++
	}
	r.old = append(r.old, l.Dues[:r.plan]...)
	r.ahead, r.unpaid = l.paidAhead(r.plan, r.on)
	for i := r.plan; i < len(l.Dues); i++ {
		d := l.Dues[i]
		r.principal += d.Unpaid()[Principal]
		r.carry(&d, d.Owed[Penalty])
	}
	if err := r.waive(); err != nil {
		return err
	}
	for i := range r.old {
		if r.folds(i) {
			r.fold(i)
		}
	}
	if r.principal <= 0 {
		return &Error{ErrState, "loan " + string(l.ID),
			"has no principal that falls due later: re-age what is past due"}
	}
	return nil
}

// folds reports whether an old instalment goes into the new plan.
func (r *rescheduling) folds(i int) bool { return i >= r.from || r.ReAge }

// waive lets off penalty interest and interest, the oldest first; what has accrued last.
func (r *rescheduling) waive() error {
	penalty, interest := r.WaivePenalty.Minor(), r.WaiveInterest.Minor()
	r.waived = penalty + interest
	for i := range r.old {
		d := &r.old[i]
		missing := d.Missing()
		n := min(penalty, missing[Penalty])
		d.Waived[Penalty] += n
		penalty -= n
		n = min(interest, missing[Interest])
		d.Waived[Interest] += n
		interest -= n
	}
	n := min(penalty, r.anew.Unpaid()[Penalty])
	r.anew.Waived[Penalty] += n
	penalty -= n
	n = min(interest, r.unpaid)
	r.unpaid -= n
	r.ahead.waived += n
	if interest -= n; penalty+interest > 0 {
		return &Error{ErrAmount, "waiver", fmt.Sprintf("is %d more than the lenders are owed", penalty+interest)}
	}
	return nil
}

// fold takes what lenders miss of an old instalment into the new plan, and with it, if nothing stays
// behind, its penalty interest.
func (r *rescheduling) fold(i int) {
	d := &r.old[i]
	missing := d.Missing()
	for _, c := range [...]Component{Interest, Principal} {
		d.Owed[c] -= missing[c]
	}
	r.folded += missing[Interest]
	r.principal += missing[Principal]
	if u := d.Unpaid(); u[Interest]+u[Principal] == 0 {
		r.carry(d, d.Again[Penalty])
		rest := d.Missing()[Penalty]
		r.penalty += rest
		d.Owed[Penalty] -= rest
		d.MinorDays, d.Former, d.Units = 0, 0, [maxDailyFees]int64{}
		if d.Unpaid()[Penalty] > 0 { // a cover's, and it grows no more
			d.Former = d.Owed[Penalty] - d.Again[Penalty]
		}
	}
	if i >= r.from {
		d.Date, d.Through = r.on, r.on
	}
}

// carry takes so much penalty interest of an instalment to the first new one, with what was paid of it.
func (r *rescheduling) carry(d *Due, owed int64) {
	paid := min(owed, d.Paid[Penalty])
	waived := min(owed-paid, d.Waived[Penalty])
	again := min(owed, d.Again[Penalty])
	for k, n := range [...]int64{owed, paid, waived, again} {
		*d.penalty()[k] -= n
		*r.anew.penalty()[k] += n
	}
}

// penalty gives what an instalment owes of penalty interest, was paid and let off, and owes again.
func (d *Due) penalty() [4]*int64 {
	return [...]*int64{&d.Owed[Penalty], &d.Paid[Penalty], &d.Waived[Penalty], &d.Again[Penalty]}
}

// moves reports whether a charge falls due with another instalment: those that are not due yet, and
// those of due dates that went into the new plan of which their payees miss something.
func (r *rescheduling) moves(x *Charge) bool {
	if x.Instalment >= r.plan {
		return true
	}
	from, to := r.l.missed(x.Instalment)
	for i := from; i < min(to, r.plan); i++ {
		if u := r.old[i].Unpaid(); !r.folds(i) || u[Interest]+u[Principal] > 0 {
			return false
		}
	}
	return x.Missing() > 0
}

// recast makes the new plan.
func (r *rescheduling) recast(ev *Restructured) error {
	terms, err := r.terms()
	if err != nil {
		return err
	}
	plan, err := terms.Plan()
	if err != nil {
		return fmt.Errorf("new plan of loan %s: %w", r.l.ID, err)
	}
	if err := r.even(plan); err != nil {
		return err
	}
	out := Recast{From: r.cut, Dues: r.old[r.cut:], Terms: termsOf(terms), Rows: plan.Rows()}
	for i := range out.Dues { // sums of charges are added when these have their places
		out.Dues[i] = out.Dues[i].uncharged()
	}
	if err := r.reprice(&out, terms.Rate); err != nil {
		return err
	}
	today := len(out.Dues)
	if d := r.ahead.due(r.on, r.unpaid); d.Owed.Total() > 0 || r.ahead.interest+r.ahead.waived > 0 {
		out.Dues = append(out.Dues, d)
	}
	if owed := r.unpaid + r.folded; owed > 0 && !r.Capitalise {
		d := Due{Date: out.Rows[0].Due, Through: out.Rows[0].Due}
		d.Owed[Interest] = owed
		out.Dues = append(out.Dues, d)
	}
	out.Base = r.cut + len(out.Dues)
	out.Dues = append(out.Dues, instalments(out.Rows, r.principal)...)
	if r.ahead.interest+r.ahead.waived > 0 {
		d := &out.Dues[today]
		out.credit(today, out.Base-r.cut, r.ahead.interest-d.Paid[Interest], r.ahead.waived-d.Waived[Interest])
	}
	place := today
	for place < len(out.Dues)-1 && (!out.Dues[place].Date.After(r.on) || out.Dues[place].Owed.Total() == 0) {
		place++
	}
	r.owedAnew(&out, place)
	ev.Dropped = r.l.overtaken(r.plan, plan.Maturity())
	r.l.recut(Recut{Dropped: ev.Dropped})
	r.l.moveCharges(&out, place, r.moves)
	if ev.Recast = out; r.penalty > 0 {
		ev.Charges = []Charge{{Fee: FeePenalty, Component: Fees, Payee: ToLenders, Instalment: r.cut + place,
			On: r.on, Owed: r.penalty}}
	}
	return r.l.bounded(r.cut + len(out.Dues))
}

// owedAnew lets what was called back and is owed anew stand with the instalments with which it was owed,
// as far as they have room for it, and then with the first that have, as paid before: it is in the new plan
// like all that was unpaid. Penalty interest falls due at a place: where it grows, what is owed anew comes
// on top.
func (r *rescheduling) owedAnew(out *Recast, place int) {
	for _, c := range [...]Component{Interest, Principal} {
		var rest int64
		for i := range r.l.Dues[r.cut:] {
			rest += r.l.Dues[r.cut+i].Again[c]
		}
		for i := range out.Dues[:r.plan-r.cut] {
			d := &out.Dues[i]
			d.Again[c] = min(rest, r.old[r.cut+i].Again[c], d.Owed[c])
			rest -= d.Again[c]
		}
		for i := range out.Dues {
			d := &out.Dues[i]
			n := min(rest, d.Owed[c]-d.Again[c])
			d.Again[c] += n
			rest -= n
		}
	}
	for k, n := range out.Dues[place].penalty() {
		*n += *r.anew.penalty()[k]
	}
}

// reprice keeps what instalments, and covers on them, bear of penalty interest at the rate of the old plan, so
// that days before count at the rate they had, and later ones at that of the new plan.
func (r *rescheduling) reprice(out *Recast, rate schedule.Rate) error {
	was, err := r.l.Product.Late.At(r.l.Plan.Terms().Rate)
	if err != nil {
		return err
	}
	now, err := r.l.Product.Late.At(rate)
	if err != nil || now.Penalty == was.Penalty {
		return err
	}
	for i := range out.Dues {
		d := &out.Dues[i]
		n, err := PenaltyOn(d.MinorDays, was)
		if err != nil {
			return err
		}
		d.Former, d.MinorDays = min(d.Former+min(n, MaxLoan), MaxLoan), 0
	}
	was.Round = money.Down
	for i, a := range r.l.Advances {
		if a.Component != Penalty {
			continue
		}
		n, err := PenaltyOn(a.MinorDays, was)
		if err != nil {
			return err
		}
		out.Payers = append(out.Payers, PayerPenalty{Index: i, Minor: min(a.Former+min(n, MaxLoan), MaxLoan)})
	}
	return nil
}

// even refuses a payment that leaves more principal than itself for the last instalment, unless that is
// asked for.
func (r *rescheduling) even(plan schedule.Plan) error {
	last := plan.At(plan.Len() - 1).Principal
	if r.Payment.Sign() == 0 || r.Balloon || last.Minor() <= r.Payment.Minor() {
		return nil
	}
	return &Error{ErrTerms, "restructuring of loan " + string(r.l.ID), "leaves " +
		last.String() + " of principal for the last instalment: allow a Balloon, or give more periods"}
}

// terms are those of the new plan.
func (r *rescheduling) terms() (schedule.Terms, error) {
	was := r.l.Plan.Terms()
	var left []civil.Date
	for i := r.plan; i < len(r.l.Dues); i++ {
		if u := r.l.Dues[i].Unpaid(); u[Interest]+u[Principal] > 0 {
			left = append(left, r.l.Dues[i].Date)
		}
	}
	bears := r.principal
	if r.Capitalise {
		bears += r.unpaid + r.folded
	}
	t := r.l.Product.Terms(amount(bears, r.l.Currency()), r.Periods, was.Rate, r.on)
	t.Every, t.FirstDue, t.Payment, t.DownPayment = was.Every, r.First, r.Payment, schedule.Rate{}
	if r.Rate.Basis() != 0 {
		t.Rate = r.Rate
	}
	if !r.Every.IsZero() {
		t.Every = r.Every
	}
	if t.Periods == 0 {
		t.Periods = len(left)
	}
	if t.Periods == 0 {
		return t, &Error{ErrTerms, "restructuring of loan " + string(r.l.ID), "has to say how many instalments: none are left"}
	}
	next := t.Every.After(r.on, 1)
	if len(left) > 0 {
		next = left[0]
	}
	t.MonthEnd = was.MonthEnd || len(left) > 1 && left[0].IsMonthEnd() && left[1].Day() > left[0].Day()
	if r.First.IsZero() {
		t.FirstDue = next
		return t, nil
	}
	t.MonthEnd = t.MonthEnd && r.First.IsMonthEnd()
	return t, r.holiday(&t, next)
}

// holiday lets planned due dates out, of which the interest is added to what bears it.
func (r *rescheduling) holiday(t *schedule.Terms, next civil.Date) error {
	if !r.Capitalise || !r.First.After(next) {
		return nil
	}
	if r.Payment.Sign() > 0 {
		return &Error{ErrTerms, "restructuring of loan " + string(r.l.ID),
			"names a payment, which a holiday that capitalises figures anew"}
	}
	for k := 0; t.Every.After(next, k).Before(r.First) && t.Periods < schedule.MaxPeriods; k++ {
		t.Periods++
	}
	t.FirstDue = next
	t.Changes = []schedule.Change{{On: r.on, Kind: schedule.ChangeHoliday, Until: r.First, Capitalise: true}}
	return nil
}
