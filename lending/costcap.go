package lending

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// maxCaps bounds the path of a loan's cap.
const maxCaps = 4

// CostCap is the most that a loan may cost a year from a day on (综合资金成本上限): interest, penalty
// interest and fees together, simple, per year of 365 days on the principal that is out each day.
// Costs of collection and enforcement are no price of credit and not in it.
//
// The path of a loan is fixed when its payout is ordered. Late charges are cut where they would take
// the total above what the path allows up to the day, in whole minor units. Late fees and damages
// charged once come first, by their days, each with the room that there is on its day, and what is cut off
// one is not charged later; late fees by the day have the room that is left, and penalty interest what they
// leave, the oldest instalment first: both catch up as the principal stays out. Planned interest and other
// fees, which count when they fall due, are never cut: they are judged when the loan is made, and when its
// plan is made anew. So after every booking the total is within what is allowed, or no penalty interest is
// unpaid; and where plan and other fees alone cost less than is allowed on every day, the total never is
// above it, but for a minor unit by which each new plan rounds interest anew.
type CostCap struct {
	From civil.Date
	Rate schedule.Rate // per year
}

// Capper is an optional power of [Rules]: it gives the path of the cap under which a loan is made,
// by the dates from which each cap holds, first to last, 4 at most; none for no cap. It is asked when
// the payout is ordered.
type Capper interface {
	CostCaps(t *Tx, l *Loan) ([]CostCap, error)
}

// CostDays is what a loan's cost is capped by: minor units of principal out x days, for each step of
// the path, up to a day that is not counted. The zero value counts nothing.
type CostDays struct {
	Through civil.Date
	Days    [maxCaps]int64
}

func (d *CostDays) code(c *event.Codec) {
	c.Date(&d.Through)
	for i := range d.Days {
		c.Int(&d.Days[i])
	}
}

func codeCaps(c *event.Codec, list *[]CostCap) {
	event.List(c, list, func(c *event.Codec, x *CostCap) {
		c.Date(&x.From)
		codeRate(c, &x.Rate)
	})
}

// costCaps asks the desk's rules for the path of a loan's cap.
func (t *Tx) costCaps(l *Loan) ([]CostCap, error) {
	r, ok := t.desk.cfg.Rules.(Capper)
	if !ok {
		return nil, nil
	}
	caps, err := r.CostCaps(t, l)
	if err != nil {
		return nil, fmt.Errorf("cost cap of loan %s: %w", l.ID, err)
	}
	ordered := len(caps) <= maxCaps
	for i, x := range caps {
		ordered = ordered && x.Rate.Basis() == schedule.PerYear && (i == 0 || caps[i-1].From.Before(x.From))
	}
	if !ordered {
		return nil, &Error{ErrConfig, "cost cap of loan " + string(l.ID),
			"want at most 4 rates per year, by the days from which they hold"}
	}
	return caps, nil
}

// count takes principal-days over.
func (l *Loan) count(d CostDays) {
	if !d.Through.IsZero() {
		l.Cost = d
	}
}

// countTo counts principal-days up to a day, later or earlier than they are counted to, if the
// principal out was the same in between. A loan without a cap counts nothing.
func (l *Loan) countTo(on civil.Date) CostDays {
	if len(l.Caps) == 0 || len(l.Caps) > maxCaps {
		return CostDays{}
	}
	return l.countOn(l.Cost, l.Outstanding().Minor(), on)
}

// countOn adds the days to a date on which so much principal was out.
func (l *Loan) countOn(d CostDays, out int64, on civil.Date) CostDays {
	for i := range l.Caps {
		d.Days[i] = addDays(d.Days[i], out, l.under(i, on)-l.under(i, d.Through))
	}
	d.Through = on
	return d
}

// under counts the days before a date on which step i of the cap holds. The first holds from ever.
func (l *Loan) under(i int, on civil.Date) int {
	from, to := l.Caps[0].From, on
	if i > 0 {
		from = l.Caps[i].From
	}
	if i+1 < len(l.Caps) && l.Caps[i+1].From.Before(to) {
		to = l.Caps[i+1].From
	}
	if i > 0 {
		return max(0, to.Sub(from))
	}
	return to.Sub(from)
}

// allows is what the loan may cost in all for principal-days, in minor units, rounded down.
func (l *Loan) allows(d CostDays) int64 {
	const year = 365 * 1_000_000_000_000
	var hi, lo, carry uint64
	for i, x := range l.Caps {
		h, p := bits.Mul64(uint64(max(0, d.Days[i])), uint64(x.Rate.Pico()))
		lo, carry = bits.Add64(lo, p, 0)
		hi += h + carry
	}
	if hi >= year {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, year)
	return int64(min(q, math.MaxInt64))
}

// CostOn returns what the loan has cost its borrower up to a date and what its cap allows, as booked:
// fees at disbursement, interest earned, penalty interest and fees, less what was let off. Capped is
// false for a loan without a cap; of one that was written off or closed it is as of the last booking.
func (l *Loan) CostOn(on civil.Date) (cost, allowed int64, capped bool) {
	if len(l.Caps) == 0 {
		return 0, 0, false
	}
	d := l.Cost
	if l.State == StateActive {
		d = l.countTo(on)
	}
	return l.costBy(d.Through), l.allows(d), true
}

// costBy is what the loan has cost up to a date, as booked.
func (l *Loan) costBy(on civil.Date) int64 {
	cost := l.planCost(on)
	for i := range l.Dues {
		cost += l.Dues[i].cost(Penalty) + l.feesBy(i, on)
	}
	return cost
}

// cost is what the borrower has been charged of a component, less what was let off. What he owes again
// because it was called back is not charged twice.
func (d *Due) cost(c Component) int64 { return d.Owed[c] - d.Waived[c] - d.Again[c] }

// feesBy is what an instalment has cost in fees by a day; those of one that is not due count when it is.
func (l *Loan) feesBy(i int, on civil.Date) int64 {
	if l.Dues[i].Date.After(on) {
		return 0
	}
	return l.Dues[i].cost(Fees)
}

// planCost is what the loan has cost up to a day besides late charges. Interest that is paid in
// advance counts.
func (l *Loan) planCost(on civil.Date) (sum int64) {
	for _, f := range l.Upfront {
		sum += f.Minor
	}
	cut := l.interestTo(on, on)
	for i := range l.Dues {
		d := &l.Dues[i]
		sum += d.cost(Interest)
		if i >= cut.From {
			sum += cut.Interest[i-cut.From] - d.Owed[Interest]
		}
	}
	return sum
}

// keepCap takes off a booking what would cost more than the cap allows: penalty interest first, then
// late fees by the day, then the other fees.
func (l *Loan) keepCap(b *Booking, on civil.Date) {
	if b.Cost.Through.IsZero() || len(b.Assessed)+len(b.Charged) == 0 {
		return
	}
	// What stands on a day besides late charges that are figured anew: of those, what is settled.
	fixed := func(on civil.Date) int64 {
		sum := l.planCost(on)
		for i := range l.Dues {
			sum += l.feesBy(i, on) + l.Dues[i].settledPenalty() - l.Dues[i].Waived[Penalty] - l.Dues[i].Again[Penalty]
		}
		for _, a := range b.Assessed {
			settled := l.settledDaily(a.Instalment)
			for k, n := range l.owedDaily(a.Instalment) {
				sum -= n - settled[k]
			}
		}
		return sum
	}
	slices.SortStableFunc(b.Charged, func(x, y Charge) int { return x.On.Compare(y.On) })
	var once int64 // up to the day of each: what comes later takes no room of it
	for i := range b.Charged {
		x := &b.Charged[i]
		x.Owed = min(x.Owed, max(0, l.allows(l.countTo(x.On))-fixed(x.On)-once))
		once += x.Owed
	}
	room := l.allows(b.Cost) - fixed(on) - once
	take := func(figure *int64, settled int64) {
		*figure = min(*figure, settled+max(0, room))
		room -= *figure - settled
	}
	for i := range b.Assessed {
		a := &b.Assessed[i]
		for k, n := range l.settledDaily(a.Instalment) {
			take(&a.Fees[k], n)
		}
	}
	for i := range b.Assessed {
		a := &b.Assessed[i]
		take(&a.Penalty, l.Dues[a.Instalment].settledPenalty())
	}
}
