package lending

// Recourse says where a cover that has paid in the borrower's place stands when he pays (追偿顺位).
type Recourse uint8

// Kinds of recourse.
const (
	// RecourseBehind has the cover wait for all that the lenders, and the payees of fees and costs, miss of what
	// is due (Civil Code 700: the guarantor's recourse does not harm the creditor). The borrower's payments so pay instalments that
	// came later before the rest of one that was advanced, which stays past due until the cover has it.
	RecourseBehind Recourse = iota
	// RecourseWithInstalment, by agreement, pays the cover when the lenders have theirs of the instalment,
	// whatever they miss of others.
	RecourseWithInstalment
)

var recourseNames = [...]string{"behind", "with-instalment"}

// String returns the name.
func (r Recourse) String() string { return nameOf(recourseNames[:], r, "recourse") }

// takeUp takes a payment up by what is owed, and returns the rest: first what lenders and payees of charges
// miss, then what covers have advanced, then what is not due yet. Of a payment that is ranked, what is not due
// yet comes before covers too.
func (l *Loan) takeUp(f fact, debts []Debt, minor int64) (parts []Allocation, rest int64) {
	w := l.Product.waterfall(f.kind)
	parts = make([]Allocation, 0, len(debts))
	if len(l.Advances) == 0 {
		return w.Allocate(parts, debts, minor)
	}
	for n, tier := range l.tiers(f, debts) {
		if n == 0 {
			parts, minor = w.Allocate(parts, tier, minor)
			continue
		}
		var more []Allocation
		more, minor = w.Allocate(nil, tier, minor)
		for _, p := range more {
			parts = addPart(parts, p)
		}
	}
	return parts, minor
}

// tiers divides what is owed by who comes before whom.
func (l *Loan) tiers(f fact, debts []Debt) (tiers [3][]Debt) {
	all := f.ranked || l.State == StateWrittenOff // of which everything is due
	for _, d := range debts {
		if !all && d.aged() == AgeInAdvance {
			tiers[2] = append(tiers[2], d)
			continue
		}
		advanced := d
		advanced.Minor = l.behind(&d, f.ranked)
		if d.Minor -= advanced.Minor; d.Minor > 0 {
			tiers[0] = append(tiers[0], d)
		}
		if advanced.Minor > 0 {
			tiers[1] = append(tiers[1], advanced)
		}
	}
	return tiers
}

// behind is what of a debt was advanced by covers whose recourse is behind the lenders; of a ranked payment,
// by any.
func (l *Loan) behind(d *Debt, ranked bool) (sum int64) {
	advanced := d.Minor - l.misses(d.Instalment, d.Component, d.Charge)
	if ranked || advanced <= 0 {
		return max(0, advanced)
	}
	for i := range l.Advances {
		a := &l.Advances[i]
		if a.of(Allocation{Instalment: d.Instalment, Component: d.Component, Charge: d.Charge}) && l.recourse(a) == RecourseBehind {
			sum += a.Amount - a.Recovered
		}
	}
	return min(sum, advanced)
}

// of reports whether the advance is on the debt that a part of a payment pays.
func (a *Advance) of(p Allocation) bool {
	return a.Instalment == p.Instalment && a.Component == p.Component && a.Charge == p.Charge
}

// recourse is that of the cover which made an advance.
func (l *Loan) recourse(a *Advance) Recourse { return at(l.Product.Covers, a.Layer).Recourse }
