package lending

import (
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
// principal, whatever his rate is. The loan's rate is the one with which it began: when a restructuring
// changes it, the boost rises and falls with it. Of an instalment in which the days of the boost end, the days that
// are within count: received x days within / days of the instalment, rounded down. The claim of trial
// money is what the promotion lends in thought, the loan at most, and it earns the base.
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
	var received int64
	p.bearing(l, func(d *Due, within, days int64) {
		got := d.kept(Interest) - d.Recovered[Interest] + d.Advanced[Interest]
		got, _ = money.MulDiv(got, within, days, money.Down) // within <= days
		received += got
	})
	received = max(0, received)                                           // what is called back may count against it with another instalment
	base, _ = money.MulDiv(received, claim, l.Amount.Minor(), money.Down) // claim <= amount
	if p.Kind == TrialMoney {
		return base, min(base, p.Max)
	}
	earned, err := money.MulDiv(base, p.Rate.Pico(), l.Rate.Pico(), money.Down)
	if err != nil {
		earned = 0 // the loan came to bear nothing
		if l.Rate.Pico() > 0 {
			earned = p.Max // out of all bounds
		}
	}
	return base, min(earned, p.Max)
}

// bearing gives the instalments that bear a boost, each with how many of its days do.
func (p *PromotionTerms) bearing(l *Loan, each func(d *Due, within, days int64)) {
	end, start := l.Started.AddDays(p.BoostDays), l.Started
	for i := range l.Dues {
		d := &l.Dues[i]
		if p.Instalments > 0 && i >= p.Instalments || p.BoostDays > 0 && !start.Before(end) {
			return
		}
		if p.BoostDays > 0 && d.Date.After(end) {
			each(d, int64(end.Sub(start)), int64(d.Date.Sub(start)))
		} else {
			each(d, 1, 1)
		}
		start = d.Date
	}
}

// borne reports whether all instalments that bear a boost have their interest.
func (p *PromotionTerms) borne(l *Loan) bool {
	done := true
	p.bearing(l, func(d *Due, _, _ int64) {
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
		if x := &l.Lots[i]; x.Holder == who && x.Since == l.Started && x.Span == (Span{}) && x.Rank == 0 {
			has += x.Units
		}
	}
	return has >= lent
}
