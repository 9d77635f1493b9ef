package main

import "math"

// Agreement says how far the replay and the published figures are the same.
type Agreement struct {
	Installments Count              `json:"installments_equal"`
	Outcomes     []OutcomeAgreement `json:"outcomes"`
	Interest     InterestTotals     `json:"interest_totals"`
	LateFees     Count              `json:"late_fees_equal"`      // of loans that paid some
	Recoveries   Count              `json:"recoveries_equal"`     // of loans with some
	Collection   Count              `json:"collection_fee_equal"` // of loans with recoveries
	Fees         []FeeRule          `json:"fee_rules"`
}

// Count is how many of how many.
type Count struct {
	Equal int `json:"equal"`
	Of    int `json:"of"`
}

func (c *Count) add(equal bool) {
	c.Of++
	if equal {
		c.Equal++
	}
}

// Percent is the equal part, 100 of nothing.
func (c Count) Percent() float64 {
	if c.Of == 0 {
		return 100
	}
	return 100 * float64(c.Equal) / float64(c.Of)
}

// OutcomeAgreement compares the loans of one outcome.
type OutcomeAgreement struct {
	Outcome   Outcome `json:"outcome"`
	Loans     int     `json:"loans"`
	Principal int     `json:"principal_to_the_cent"`
	// Near counts loans whose principal is equal within a cent an instalment.
	Near   int `json:"principal_within_a_cent_an_instalment"`
	Cent   int `json:"interest_within_a_cent"`
	Dollar int `json:"interest_within_a_dollar"`
	// FirstPeriod counts loans whose interest is equal within two cents, once the first period is
	// allowed to have up to 31 days more or less than 30.
	FirstPeriod int `json:"interest_explained_by_first_period"`
	Hundredth   int `json:"interest_within_1_percent"`
}

// InterestTotals compares the interest of all loans.
type InterestTotals struct {
	Published string  `json:"published"`
	Replayed  string  `json:"replayed"`
	Ratio     float64 `json:"replayed_per_published"`
}

func (m *market) agreement() Agreement {
	var a Agreement
	var published, replayed int64
	by := [outcomes]OutcomeAgreement{}
	var loans []*Published
	for _, d := range m.deals {
		loans = append(loans, d.Published)
		if !d.Replanned {
			a.Installments.add(m.installment(d) == d.Installment)
		}
		by[d.script.outcome].add(d)
		published += d.Interest
		replayed += d.interest
		if d.LateFees > 0 {
			a.LateFees.add(d.lateFees == d.LateFees)
		}
		if d.Recoveries > 0 {
			a.Recoveries.add(d.recovered == d.Recoveries)
		}
		if d.Recoveries > 0 && d.Platform == LendingClub { // Prosper kept some before the charge-off too
			a.Collection.add(d.collection == d.CollectionFee)
		}
	}
	for o, line := range by {
		if line.Loans > 0 {
			line.Outcome = Outcome(o)
			a.Outcomes = append(a.Outcomes, line)
		}
	}
	a.Fees = append(publishedRules(loans), replayedRules(m.deals)...)
	a.Interest = InterestTotals{dollars(published), dollars(replayed), 1}
	if published > 0 {
		a.Interest.Ratio = round(float64(replayed)/float64(published), 6)
	}
	return a
}

// installment is the level payment of the plan that the engine made.
func (m *market) installment(d *deal) int64 {
	return m.store.reports.Loan(d.id).Plan.At(0).Total.Minor()
}

func (o *OutcomeAgreement) add(d *deal) {
	o.Loans++
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	off := abs(d.interest - d.Interest)
	count(&o.Principal, d.principal == d.Principal)
	count(&o.Near, abs(d.principal-d.Principal) <= int64(d.PaidInstallments()))
	count(&o.Cent, off <= 1)
	count(&o.Dollar, off <= 100)
	count(&o.FirstPeriod, firstPeriod(d, d.Interest-d.interest))
	count(&o.Hundredth, off*100 <= d.Interest)
}

// firstPeriod reports whether a difference of interest is that of a number of days on the whole
// principal: LendingClub's first period has as many days as it takes to the first due date.
func firstPeriod(d *deal, off int64) bool {
	daily := float64(d.Amount) * percent(d.Rate) / 36_000
	days := 0.0
	if daily > 0 {
		days = math.Round(float64(off) / daily)
	}
	return math.Abs(days) <= 31 && math.Abs(float64(off)-days*daily) <= 2
}
