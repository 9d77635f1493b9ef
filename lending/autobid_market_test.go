package lending_test

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// autoMarket draws small standing orders and listings, with figures that meet each other.
type autoMarket struct {
	t      *rapid.T
	prefix string // of ids
	made   int
}

func (g autoMarket) small(what string, from, to int64) int64 {
	return rapid.Int64Range(from, to).Draw(g.t, what)
}

// seldom draws a figure one time in three, else 0.
func (g autoMarket) seldom(what string, from, to int64) int64 {
	if g.small(what+" is set", 0, 2) > 0 {
		return 0
	}
	return g.small(what, from, to)
}

func (g autoMarket) rules() lending.QueueRules {
	return lending.QueueRules{
		Currency:  cny,
		Turns:     draw(g.t, "policy", []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace}),
		ManualPPM: g.seldom("manual", 1, lending.Million/2),
		BidPPM:    g.seldom("share", 1, lending.Million),
		DelayDays: int(g.seldom("delay", 0, 2)),
	}
}

func (g autoMarket) rate(what string) schedule.Rate {
	return draw(g.t, what, []schedule.Rate{{}, schedule.MustRate("8% per year"), schedule.MustRate("10% per year"),
		schedule.MustRate("12% per year"), schedule.MustRate("10% per period")})
}

func (g autoMarket) set(what string, of ...lending.Code) (some []lending.Code) {
	for _, c := range of {
		if g.small(what+" "+string(c), 0, 4) == 0 {
			some = append(some, c)
		}
	}
	return some
}

func (g autoMarket) filter() lending.LoanFilter {
	f := lending.LoanFilter{
		MinAmount: g.seldom("min loan", 1, 40), MinMonths: int(g.seldom("min months", 1, 12)),
		Grades: g.set("grades", "A", "B", "C"), Covers: g.set("covers", "fund", "buyback"),
		Covered: g.seldom("covered", 0, 1) > 0,
	}
	if most := g.seldom("max loan", 1, 60); most >= f.MinAmount {
		f.MaxAmount = most
	}
	if most := int(g.seldom("max months", 1, 24)); most >= f.MinMonths {
		f.MaxMonths = most
	}
	if g.small("rates", 0, 2) == 0 {
		f.MinRate, f.MaxRate = g.rate("min rate"), g.rate("max rate")
		if !f.MinRate.IsZero() && !f.MaxRate.IsZero() &&
			(f.MinRate.Basis() != f.MaxRate.Basis() || f.MinRate.Pico() > f.MaxRate.Pico()) {
			f.MaxRate = schedule.Rate{}
		}
	}
	for _, c := range g.set("products", "p", "q") {
		f.Products = append(f.Products, lending.ProductID(c))
	}
	return f
}

// mandate draws a mandate whose ids are told by number.
func (g *autoMarket) mandate() lending.Mandate {
	g.made++
	m := lending.Mandate{
		ID:     lending.MandateID(fmt.Sprintf("%sm%d", g.prefix, g.made)),
		Lender: lending.PartyID(fmt.Sprintf("%sl%d", g.prefix, g.made)), Currency: cny,
		Takes: g.filter(), Max: g.small("max", 1, 70), LoanPPM: g.seldom("ppm", 1, lending.Million),
		Retain: g.seldom("retain", 1, 80), PerBorrower: g.seldom("per borrower", 1, 60),
		Total: g.seldom("total", 1, 90), Spread: int(g.seldom("spread", 1, 5)),
	}
	m.Min = g.small("min", 1, m.Max)
	if g.small("small min", 0, 3) > 0 {
		m.Min = 1
	}
	for _, c := range g.set("capped", "A", "B") {
		m.PerGrade = append(m.PerGrade, lending.GradeCap{Grade: c, Minor: g.small("grade cap", 1, 60)})
	}
	if g.small("from", 0, 3) == 0 {
		m.From = first.AddDays(int(g.small("from", -1, 3)))
	}
	if n := g.small("until", -1, 6); g.small("until", 0, 3) == 0 && !first.AddDays(int(n)).Before(m.From) {
		m.Until = first.AddDays(int(n))
	}
	return m
}

// first is the day on which drawn listings open.
var first = civil.MustParse("2026-03-30")

func (g autoMarket) wanted() lending.Wanted {
	w := lending.Wanted{
		Loan: "loan", Borrower: "nobody", Product: draw(g.t, "product", []lending.ProductID{"p", "q", "r"}),
		Grade: draw(g.t, "grade", []lending.Code{"", "A", "B", "C", "D"}), Covers: g.set("stand", "fund", "buyback", "deposit"),
		Currency: cny, Amount: g.small("amount", 1, 60),
		Months: int(g.small("months", 1, 26)), MinBid: g.seldom("min bid", 1, 12),
		Increment: g.seldom("increment", 1, 6), Opened: first, Deadline: first.AddDays(9),
	}
	w.MaxBid, w.MaxPerLender = g.seldom("max bid", 1, 30), g.seldom("max of a lender", 1, 30)
	w.Stepped, w.NoTail = g.seldom("stepped", 1, 1) > 0, g.seldom("no tail", 1, 1) > 0
	w.Raised = min(g.seldom("raised", 0, 60), w.Amount)
	if w.Rate = g.rate("rate"); w.Rate.IsZero() {
		w.Rate = schedule.MustRate("10% per year")
	}
	if g.small("own", 0, 4) == 0 {
		w.Borrower = lending.PartyID(fmt.Sprintf("%sl%d", g.prefix, g.small("borrower", 1, int64(g.made)+1)))
	}
	if g.small("lots", 0, 9) == 0 {
		w.Lenders = lending.MaxLots - int(g.small("room for", 0, 2))
	}
	return w
}

func (g autoMarket) purse() lending.Purse {
	p := lending.Purse{Free: g.small("free", 0, 120)}
	if g.small("full purse", 0, 2) == 0 {
		p.Borrower, p.Grade, p.Total = g.small("there", 0, 50), g.small("graded", 0, 50), g.small("out", 0, 90)
	}
	switch g.small("trouble", 0, 12) {
	case 3:
		p.Barred = true
	case 0:
		p.Here = 1
	case 1:
		p.Debtor = true
	case 2:
		p.Borrowed = 1
	}
	return p
}
