package main

import (
	"math"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// Returns is what lenders earned on loans of one grade: LendingClub's net annualised return, by
// lender. A month's return is what came in as interest and late fees, less the lender's fees and
// the principal lost, on the principal that was out; the year's is twelve of them compounded.
// Principal is lost when it was charged off and has not come back. Per cent.
type Returns struct {
	Grade   lending.Code `json:"grade"`
	Loans   int          `json:"loans"`
	Lenders int          `json:"lenders"`
	Lent    string       `json:"lent"`
	Net     string       `json:"net_income"`
	Lost    string       `json:"principal_lost"`
	Pooled  float64      `json:"pooled"` // of all the money together
	Mean    float64      `json:"mean"`   // over lenders, as are the next three
	P10     float64      `json:"p10"`
	Median  float64      `json:"median"`
	P90     float64      `json:"p90"`
}

// stake is what one lender has in a grade, in cents.
type stake struct {
	net  int64   // received less fees and losses, principal not counted
	base float64 // principal x days
}

const monthsAYear = 12

func (s stake) annualised() float64 {
	if s.base <= 0 {
		return 0
	}
	month := float64(s.net) / s.base * 365 / monthsAYear
	return 100 * (math.Pow(max(1+month, 0), monthsAYear) - 1)
}

// gradeAll stands for all grades together.
const gradeAll lending.Code = "all"

// pot gathers the stakes of a grade. Figures are in cents.
type pot struct {
	grade              lending.Code
	loans              int
	lent, income, lost int64
	all                stake
	stakes             map[lending.PartyID]stake
}

func (m *market) returns() []Returns {
	pots := map[lending.Code]*pot{}
	for _, d := range m.deals {
		loan := m.store.reports.Loan(d.id)
		for _, g := range []lending.Code{d.Grade, gradeAll} {
			if pots[g] == nil {
				pots[g] = &pot{grade: g, stakes: map[lending.PartyID]stake{}}
			}
			pots[g].take(d, loan)
		}
	}
	var out []Returns
	for _, g := range m.grades() {
		out = append(out, pots[g].returns())
	}
	return append(out, pots[gradeAll].returns())
}

// take adds the lots of a loan.
func (p *pot) take(d *deal, loan *lending.Loan) {
	p.loans++
	for i := range loan.Lots {
		x := &loan.Lots[i]
		lost := int64(0)
		if loan.State == lending.StateWrittenOff {
			lost = x.Units - x.Paid[lending.Principal]
		}
		income := x.Paid[lending.Interest] + x.Paid[lending.Penalty] + x.Paid[lending.Fees] - x.FeesPaid()
		base := float64(d.dollarDays) * float64(x.Units) / float64(d.Amount)
		s := p.stakes[x.Holder]
		s.net += income - lost
		s.base += base
		p.stakes[x.Holder] = s
		p.all.net += income - lost
		p.all.base += base
		p.lent += x.Units
		p.lost += lost
		p.income += income
	}
}

func (p *pot) returns() Returns {
	rates := make([]float64, 0, len(p.stakes))
	for _, s := range p.stakes {
		rates = append(rates, s.annualised())
	}
	slices.Sort(rates)
	return Returns{
		Grade: p.grade, Loans: p.loans, Lenders: len(rates), Lent: dollars(p.lent),
		Net: dollars(p.income), Lost: dollars(p.lost), Pooled: round(p.all.annualised(), 2),
		Mean: round(mean(rates), 2), P10: round(quantile(rates, 0.1), 2),
		Median: round(quantile(rates, 0.5), 2), P90: round(quantile(rates, 0.9), 2),
	}
}

// grades lists the grades of the run.
func (m *market) grades() []lending.Code {
	var gs []lending.Code
	for _, d := range m.deals {
		if !slices.Contains(gs, d.Grade) {
			gs = append(gs, d.Grade)
		}
	}
	slices.Sort(gs)
	return gs
}

// mean of figures, zero of none.
func mean(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x
	}
	return sum / max(1, float64(len(xs)))
}

// quantile of sorted figures, between neighbours in proportion; zero of none.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// round to a number of decimals, for people; no money is figured so.
func round(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

func abs(n int64) int64 { return max(n, -n) }

// percent is a rate per year, for people.
func percent(r schedule.Rate) float64 { return float64(r.Pico()) / 1e10 }
