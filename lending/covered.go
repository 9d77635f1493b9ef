package lending

// Covered is what a layer can be asked for of an instalment, in minor units: principal and interest that the
// lenders miss; with [CoverTerms.Fees] also the fees and costs that their payees miss. It is zero for a layer or
// an instalment that the loan does not have.
func (l *Loan) Covered(layer, instalment int) int64 {
	if layer < 0 || layer >= len(l.Product.Covers) || instalment < 0 || instalment >= len(l.Dues) {
		return 0
	}
	missing := l.Dues[instalment].Missing()
	sum := missing[Principal] + missing[Interest]
	if l.Product.Covers[layer].Fees {
		sum += missing[Fees] + missing[Costs]
	}
	return max(0, sum)
}

// uncovered is what no layer has promised of what one can be asked for; below zero if they have promised
// more. What layers that stand for fees have promised is of fees as far as the others leave no principal and
// interest to them.
func (l *Loan) uncovered(layer, instalment int, promised *[maxCovers]int64) int64 {
	var most, all, plain int64 // that layers can be asked for; that all, and those that do not stand for fees, promised
	for i, v := range l.Product.Covers {
		most = max(most, l.Covered(i, instalment))
		if all += promised[i]; !v.Fees {
			plain += promised[i]
		}
	}
	if l.Product.Covers[layer].Fees {
		return most - all
	}
	return min(most-all, l.Covered(layer, instalment)-plain)
}

// relieve takes back promises that exceed what layers are asked for, the last layer's first.
func (l *Loan) relieve(instalment int) {
	d := l.due(instalment)
	for i := len(l.Product.Covers) - 1; i >= 0; i-- {
		if d.Promised[i] > 0 {
			d.Promised[i] -= max(0, min(d.Promised[i], -l.uncovered(i, instalment, &d.Promised)))
		}
	}
}

// covers are the parts of an instalment that a layer pays: principal and interest, principal first, as far as
// layers that do not stand for fees have not promised them; then fees and costs, if it stands for them, as
// they were booked; then the rest of the former.
func (l *Loan) covers(d Demand) []Allocation {
	due := &l.Dues[d.Instalment]
	missing, left := due.Missing(), d.Amount.Minor()
	lenders := missing[Principal] + missing[Interest]
	if l.Product.Covers[d.Layer].Fees {
		for i, v := range l.Product.Covers {
			if !v.Fees {
				lenders -= due.Promised[i]
			}
		}
	}
	first := min(left, max(0, lenders))
	fees, rest := l.coveredFees(d, left-first)
	parts, _ := CostsThenPrincipal().Allocate(nil, []Debt{
		{Instalment: d.Instalment, Component: Interest, Minor: missing[Interest]},
		{Instalment: d.Instalment, Component: Principal, Minor: missing[Principal]},
	}, first+rest)
	return append(parts, fees...)
}

// coveredFees are the fees and costs of an instalment that a layer pays, and what is left.
func (l *Loan) coveredFees(d Demand, minor int64) (parts []Allocation, rest int64) {
	if !l.Product.Covers[d.Layer].Fees {
		return nil, minor
	}
	for k := range l.Charges {
		x := &l.Charges[k]
		if n := min(minor, x.Missing()); x.Instalment == d.Instalment && n > 0 {
			parts = append(parts, Allocation{x.Instalment, x.Component, k + 1, n})
			minor -= n
		}
	}
	return parts, minor
}
