package lending

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Ranks. A claim of a higher rank stands behind those of lower ones (优先/劣后): it gets of a payment what
// those before it do not lack. Ranks matter in shortage alone. Of a payment on an instalment, a rank lacks what is
// missing to its share in all that the lenders have had and, once the payment is made, still miss up to
// that instalment and of all others that are due: of a loan that is accelerated or written off, the whole.
// The last rank gets the rest. So each component of a payment by itself:
//
//	total  = received + missing up to the instalment or the last that is due, the payment in it
//	share  = total x weight of the rank / weights of it and those behind it, rounded up
//	gets   = min(what is left of the payment, max(0, share - paid)); total is less its share for the next
//
// When nothing that is due is missing, each rank has had its share, to a minor unit for each rank
// before it; of the whole principal exactly. What falls away, by a waiver or because it is not earned, is
// no claim of anybody: who was paid ahead of it waits until the others have caught up.

// MaxRank is the last rank: that of who bears a loss first.
const MaxRank = 3

// Ranked reports whether claims on the loan stand behind others.
func (l *Loan) Ranked() bool {
	for i := range l.Lots {
		if l.Lots[i].Rank != 0 {
			return true
		}
	}
	return false
}

// inflowOn is an inflow of a day, of nothing yet.
func (l *Loan) inflowOn(on civil.Date) inflow {
	in := inflow{on: on}
	if l.Ranked() {
		in.ranks = l.pools()
	}
	return in
}

// byRank divides what comes of a component on an instalment among the ranks.
func (l *Loan) byRank(in *inflow, instalment int, c Component, minor int64) []int64 {
	last := l.dueWith(instalment, in.on)
	total := l.Received[c] + l.missedTo(last, c, in.on)
	for _, p := range in.parts {
		if p.Component == c && p.Instalment > last {
			total += p.Minor
		}
	}
	weights, paid := l.standings(in.ranks, c)
	for k := range paid {
		for i := range in.all {
			if in.all[i].tranche == in.ranks[k].tranche {
				paid[k] += in.all[i].Components[c]
			}
		}
	}
	return byRank(weights, paid, total, minor)
}

// dueWith is the last instalment that is due on a date, or one that is paid ahead. All of a loan that is written
// off is.
func (l *Loan) dueWith(instalment int, on civil.Date) int {
	if l.State == StateWrittenOff {
		return len(l.Dues) - 1
	}
	return max(instalment, l.ahead(on)-1)
}

// standings are the weights of ranks in a component, and what they were paid.
func (l *Loan) standings(ranks []pool, c Component) (weights, paid []int64) {
	for k := range ranks {
		_, weight := l.weights(&ranks[k], c)
		_, had := l.paid(&ranks[k], c)
		weights, paid = append(weights, weight), append(paid, had)
	}
	return weights, paid
}

// missedTo is what the lenders miss of a component of the instalments up to one, without charges that are booked
// after a date.
func (l *Loan) missedTo(instalment int, c Component, on civil.Date) (sum int64) {
	if c.charged() {
		for i := range l.Charges {
			x := &l.Charges[i]
			if x.Component == c && x.Payee == ToLenders && x.Instalment <= instalment && !x.On.After(on) {
				sum += x.Missing()
			}
		}
		return sum
	}
	for i := range l.Dues[:min(instalment+1, len(l.Dues))] {
		sum += max(0, l.Dues[i].Missing()[c])
	}
	return sum
}

// byRank divides minor units among ranks of which each was paid something of a total; see above.
func byRank(weights, paid []int64, total, minor int64) []int64 {
	shares, gets := rankShares(weights, total), make([]int64, len(weights))
	last := len(gets) - 1
	for k := range last {
		gets[k] = max(0, min(minor, shares[k]-paid[k]))
		minor -= gets[k]
	}
	gets[last] = minor
	return gets
}

// rankShares divides a total by the weights of ranks, one against all behind it; what does not divide is
// the former's. No share falls when the total grows.
func rankShares(weights []int64, total int64) []int64 {
	shares := make([]int64, len(weights))
	var behind int64
	for _, w := range weights {
		behind += w
	}
	for k, w := range weights {
		floor, exact := share(total, w, behind)
		if shares[k] = floor; !exact {
			shares[k]++
		}
		total -= shares[k]
		behind -= w
	}
	return shares
}

// outOfRank is by how much those from some rank on were paid more of a component than their share in all that was
// received, at the most.
func (l *Loan) outOfRank(c Component) (most int64) {
	weights, paid := l.standings(l.pools(), c)
	shares := rankShares(weights, l.Received[c])
	var over int64
	for k := range slices.Backward(shares) {
		over += paid[k] - shares[k]
		most = max(most, over)
	}
	return most
}

// checkRanks verifies that a loan's claims are ranked or divided by term, and that no rank was paid what is
// due to one before it.
func (l *Loan) checkRanks() error {
	if !l.Ranked() {
		return nil
	}
	for i := range l.Lots {
		if x := &l.Lots[i]; x.Rank < 0 || x.Rank > MaxRank || x.Span != (Span{}) {
			return l.broken("lot %d is of rank %d and span %v", i, x.Rank, x.Span)
		}
	}
	for c := Interest; c <= Costs; c++ {
		room := l.Drift[c]
		if room > 0 {
			room += int64(len(l.Lots))
		}
		if over := l.outOfRank(c); over > room {
			return l.broken("claims behind others were paid %d %s too much", over, c)
		}
	}
	return nil
}
