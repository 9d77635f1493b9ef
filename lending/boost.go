package lending

import (
	"math"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// boost is what a coupon has earned by the interest that came in on a loan (加息), and the interest that
// it is figured on. In all, from the payout until now, never payment by payment:
//
//	received = interest that lenders got of the instalments that bear it, by borrower or cover
//	base     = received x claim / amount of the loan, rounded down
//	earned   = base x extra rate / rate of the loan, rounded down; at most Max
//
// With the loan's own rate as divisor, a lender with a rate of his own earns the extra rate on his
// principal, whatever his rate is. The rate is that of the plan which asks for the interest: where a
// restructuring has changed it, what was received at each rate earns by itself, and what a plan without
// interest asks for earns nothing. Instalments count by the periods of the contract in which they fall
// due. Of an instalment in which the days of the boost end, the days that are within count: received x
// days within / days of the instalment, rounded down. The claim of trial money is what the promotion
// lends in thought, the loan at most, and it earns the base.
//
// What is earned follows what was received. A payment that is reversed or booked anew lowers it; what
// was paid already is not taken back, but counts against what is earned later. An early payoff
// leaves what was received until then. What is called back counts against the instalment with which it is
// owed again, if that bears the boost. When the lender gives any of his claim in the loan away,
// a sale, a cover or a buyback, the boost stops with what it had earned when it was settled last: it
// does not pass with the claim.
func (p *PromotionTerms) boost(l *Loan, claim int64) (base, earned int64) {
	if p.Kind == TrialMoney {
		claim = min(p.Amount, l.Amount.Minor())
	}
	var sum int64
	var parts []atRate
	p.bearing(l, func(i int, within, days int64) {
		d := &l.Dues[i]
		got := d.kept(Interest) - d.Recovered[Interest] + d.Advanced[Interest]
		got, _ = money.MulDiv(got, within, days, money.Down) // within <= days
		sum += got
		if rate, n := l.rateOf(i), len(parts); n == 0 || parts[n-1].rate != rate {
			parts = append(parts, atRate{rate, got})
		} else {
			parts[n-1].minor += got
		}
	})
	sum = max(0, sum)                                                // what is called back may count against it with another instalment
	base, _ = money.MulDiv(sum, claim, l.Amount.Minor(), money.Down) // claim <= amount
	if p.Kind == TrialMoney {
		return base, min(base, p.Max)
	}
	for _, x := range parts {
		earned += min(x.bears(claim, l.Amount.Minor(), p.Rate.Pico()), p.Max)
	}
	return base, max(0, min(earned, p.Max))
}

// atRate is interest that was received at a rate.
type atRate struct {
	rate  schedule.Rate
	minor int64
}

// bears is what a claim in a loan of an amount would have received at another rate; the largest figure
// there is, if it is out of all bounds.
func (x *atRate) bears(claim, amount, pico int64) int64 {
	base, _ := money.MulDiv(x.minor, claim, amount, money.Down)
	v, err := money.MulDiv(base, pico, x.rate.Pico(), money.Down)
	switch {
	case err == nil:
		return v
	case x.rate.Pico() > 0:
		return math.MaxInt64
	}
	return 0 // what bears nothing
}

// bearing gives the instalments that bear a boost, each with how many of its days do. What a former plan
// left to be paid was earned by the day on which the running one began.
func (p *PromotionTerms) bearing(l *Loan, each func(i int, within, days int64)) {
	end, start, last := l.Started.AddDays(p.BoostDays), l.Started, l.Plan.Maturity()
	if days := l.periods(); p.Instalments > 0 && p.Instalments < len(days) {
		last = days[p.Instalments-1]
	}
	anew := l.Plan.At(0).From
	for i := range l.Dues {
		to := l.Dues[i].Date
		switch {
		case i == l.Base:
			start = anew
		case i < l.Base && to.After(anew):
			to = anew
		}
		switch {
		case p.Instalments > 0 && l.plannedDue(i).After(last) || p.BoostDays > 0 && !start.Before(end):
		case p.BoostDays > 0 && to.After(end):
			each(i, int64(end.Sub(start)), int64(to.Sub(start)))
		default:
			each(i, 1, 1)
		}
		start = to
	}
}

// borne reports whether all instalments that bear a boost have their interest.
func (p *PromotionTerms) borne(l *Loan) bool {
	done := true
	p.bearing(l, func(i int, _, _ int64) {
		d := &l.Dues[i]
		done = done && d.Unpaid()[Interest] == 0 && d.Missing()[Interest] == 0
	})
	return done
}

// keeps reports whether a lender still has all that he lent on a loan.
func (l *Loan) keeps(who PartyID) bool {
	var lent, has int64
	for i := range l.Bids {
		if b := &l.Bids[i]; b.Lender == who && b.State == BidTaken {
			lent += b.Amount
		}
	}
	for i := range l.Lots {
		if x := &l.Lots[i]; x.Holder == who && x.Since == l.Started && x.Rank == 0 {
			has += x.Units
		}
	}
	return has >= lent
}
