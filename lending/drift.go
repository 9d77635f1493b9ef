package lending

import "github.com/loanweave/loanweave/schedule/money"

// Drift. The lots of a loan that began here are always at the floor or the ceiling of their shares.
// Those of one that moved in from a system with another rule may be off by a few minor units, within
// the tolerance that its adoption was given. What they were off in all stands on the loan for ever.
// Such a loan heals: a lot that had more than its share waits until the others have caught up, nobody
// gives anything back, and with the last payment each has its claim.

// fair reports whether a lot may have been paid p of a component, whose exact share is q or, if it is not
// exact, between q and q+1. Off a share by drift, a lot stays within what all were off when the loan
// moved in, and a minor unit for each lot that rounding has put ahead.
func (l *Loan) fair(c Component, p, q int64, exact bool) bool {
	if l.Drift[c] > 0 {
		room := l.Drift[c] + int64(len(l.Lots))
		return p >= q-room && p <= q+room
	}
	return p == q || !exact && p == q+1
}

// share shares what comes of a component among the lots of a pool, on their running totals, and adds to
// each lot's figure what it is to be paid now.
func (l *Loan) share(a *money.Apportioner, p *pool, c Component, minor int64, to []int64) error {
	if minor == 0 {
		return nil
	}
	paid, sum := l.paid(p, c)
	weights, _ := l.weights(p, c)
	shares, err := a.Share(nil, paid, weights, sum+minor)
	if err != nil && l.Drift[c] > 0 {
		shares, err = heal(a, paid, weights, sum+minor)
	}
	for n, v := range shares {
		to[p.lots[n]] += v
	}
	return err
}

// heal shares a running total among the lots that are not ahead of the others. Who is paid more than
// the floor of his share in what is left waits; without him the shares of the rest are smaller, so that
// more of them may have to wait, and so on.
func heal(a *money.Apportioner, paid, weights []int64, total int64) ([]int64, error) {
	lots := make([]int, len(paid)) // that take part
	for i := range lots {
		lots[i] = i
	}
	for {
		had, ws, denominator := make([]int64, 0, len(lots)), make([]int64, 0, len(lots)), int64(0)
		for _, i := range lots {
			had, ws = append(had, paid[i]), append(ws, weights[i])
			denominator += weights[i]
		}
		got, err := a.Share(nil, had, ws, total)
		if err == nil {
			shares := make([]int64, len(paid))
			for n, i := range lots {
				shares[i] = got[n]
			}
			return shares, nil
		}
		stay := lots[:0]
		rest := total
		for n, i := range lots {
			if floor, _ := share(total, ws[n], denominator); had[n] > floor {
				rest -= had[n]
				continue
			}
			stay = append(stay, i)
		}
		if len(stay) == 0 || len(stay) == len(had) {
			return nil, err
		}
		lots, total = stay, rest
	}
}

// off returns by how much a lot is off the floor or the ceiling of its share in what was received.
func off(paid, received, weight, denominator int64) int64 {
	q, exact := share(received, weight, denominator)
	switch {
	case paid < q:
		return q - paid
	case exact || paid == q:
		return paid - q
	}
	return paid - q - 1
}

// drift measures the lots of a loan: what they are off their shares in all, component by component,
// and the most that any lot is, with its number; and what ranks are ahead of those before them.
func (l *Loan) drift() (all Components, lot int, most int64) {
	for c := Interest; c <= Costs && l.Ranked(); c++ {
		all[c] = l.outOfRank(c)
	}
	for _, p := range l.pools() {
		for c := Interest; c <= Costs; c++ {
			ws, denominator := l.weights(&p, c)
			paid, received := l.paid(&p, c)
			for k, i := range p.lots {
				n := off(paid[k], received, ws[k], denominator)
				if all[c] += n; n > most {
					lot, most = i, n
				}
			}
		}
	}
	return all, lot, most
}
