package regulator

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Days on which the interest cap of private lending (民间借贷) changed.
var (
	bandsFrom    = civil.MustParse("2015-09-01")
	lprFrom      = civil.MustParse("2020-08-20")
	licensedFrom = civil.MustParse("2021-01-01")
)

// Rates of the bands (两线三区).
var (
	enforceable = schedule.MustRate("24% per year")
	voidAbove   = schedule.MustRate("36% per year")
)

// RateCap is what a court grants of a loan's interest from a day on.
type RateCap struct {
	From        civil.Date
	Enforceable schedule.Rate // what the lender can claim
	Most        schedule.Rate // above it an agreement is void; between the two, what was paid stays paid
}

// RateCaps returns the caps on the interest of a contract as a path over dates, first to last.
// A contract made from 20 August 2020 on bears four times the LPR of its own day. One made before
// keeps the bands of 24% and 36% to 19 August 2020; if it was sued on later, its interest from 20
// August 2020 on is capped at four times the LPR of the day of the suit. A zero day of suit is none.
// [LL] arts. 25 and 31, [R4].
//
// It is a [lending.ErrDate] when the bands were not in force yet, or a needed LPR is not known.
func RateCaps(made, sued civil.Date, lpr Fixings) ([]RateCap, error) {
	if made.Before(bandsFrom) {
		return nil, &lending.Error{Err: lending.ErrDate, Thing: "contract of " + made.String(),
			Why: "was made before " + bandsFrom.String()}
	}
	if !made.Before(lprFrom) {
		most, err := fourfold(made, lpr)
		return []RateCap{{made, most, most}}, err
	}
	caps := []RateCap{{made, enforceable, voidAbove}}
	if sued.Before(lprFrom) {
		return caps, nil
	}
	most, err := fourfold(sued, lpr)
	return append(caps, RateCap{lprFrom, most, most}), err
}

// fourfold is four times the LPR of a day.
func fourfold(on civil.Date, lpr Fixings) (schedule.Rate, error) {
	r, ok := lpr.At(on)
	if !ok {
		return schedule.Rate{}, &lending.Error{Err: lending.ErrDate, Thing: "LPR of " + on.String(),
			Why: "is not among the fixings, which end on " + lpr.Until.String() + ": give later ones"}
	}
	return schedule.RateFromPico(4*r.Pico(), schedule.PerYear)
}

// ChinaRates is the profile CN-RATES: what lending between people may cost, fees included.
// Microloan and financing guarantee companies are outside it from 2021 on ([Options].Licensed).
func ChinaRates(o Options) Profile {
	const bands = "SPC provisions on private lending of 2015, arts. 26 and 30 [R4]"
	const prime = "SPC provisions on private lending as of 2020, arts. 25, 28 and 29 [LL][R4]"
	fixed := func(r schedule.Rate) ceilingOf {
		return func(*Case) (schedule.Rate, error) { return r, nil }
	}
	byPrime := func(c *Case) (schedule.Rate, error) {
		day, err := c.agreed()
		if err != nil {
			return schedule.Rate{}, err
		}
		return fourfold(day, o.prime())
	}
	return Profile{"CN-RATES", []Rule{
		{
			ID: "CN-7a", From: bandsFrom, To: lprFrom, Effect: Warn, Source: bands,
			Text:  "interest and fees above 24% a year cannot be claimed",
			Check: o.interest(fixed(enforceable)),
		},
		{
			ID: "CN-7b", From: bandsFrom, To: lprFrom, Effect: Refuse, Source: bands,
			Text:  "interest and fees above 36% a year are void",
			Check: o.interest(fixed(voidAbove)),
		},
		{
			ID: "CN-7c", From: bandsFrom, To: lprFrom, Effect: Warn, Source: bands,
			Text:  "penalty interest and late fees together above 24% a year cannot be claimed",
			Check: o.late(fixed(enforceable)),
		},
		{
			ID: "CN-7d", From: lprFrom, Effect: Refuse, Source: prime,
			Text:  "interest and fees stay within four times the one-year LPR of the contract's day",
			Check: o.interest(byPrime),
		},
		{
			ID: "CN-7e", From: lprFrom, Effect: Refuse, Source: prime,
			Text:  "penalty interest and late fees together stay within four times the one-year LPR",
			Check: o.late(byPrime),
			Caps:  o.costCaps,
		},
	}}
}

// costCaps is what can be claimed of a loan's cost, by dates ([RateCaps]): of a contract made before
// 20 August 2020 as if it were sued on from that day, so that nothing is charged that a court would
// not grant later. Before the bands came into force there is no cap.
func (o Options) costCaps(t *lending.Tx, l *lending.Loan) ([]lending.CostCap, error) {
	made := t.On
	if k := l.Dossier.Contract; k.Issuer != "" {
		made = k.On
	}
	if made.Before(bandsFrom) || !t.On.Before(licensedFrom) && o.licensed(l.Product.ID) {
		return nil, nil
	}
	caps, err := RateCaps(made, lprFrom, o.prime())
	list := make([]lending.CostCap, len(caps))
	for i, c := range caps {
		list[i] = lending.CostCap{From: c.From, Rate: c.Enforceable}
	}
	return list, err
}

// agreed returns the day of the contract by which a loan is paid out, today for other commands and
// where none was issued: a loan between people is then made when the money is handed over.
func (c *Case) agreed() (civil.Date, error) {
	l, err := c.Loan(AtDisbursement)
	if l == nil || l.Dossier.Contract.Issuer == "" {
		return c.Tx.On, err
	}
	return l.Dossier.Contract.On, nil
}

// ceilingOf gives the highest rate for a case.
type ceilingOf func(*Case) (schedule.Rate, error)

// interest returns the check of what a loan costs when it is paid on time: of a product at its
// worst, of a loan when its rate is set and again when it is contracted and paid out.
func (o Options) interest(most ceilingOf) check {
	return func(c *Case) (string, error) {
		p, err := o.capped(c, AtApproval|AtContract|AtDisbursement)
		if p == nil {
			return "", err
		}
		rate, err := most(c)
		if err != nil {
			return "", err
		}
		l, err := c.Loan(AtApproval | AtContract | AtDisbursement)
		if err != nil {
			return "", err
		}
		if l == nil {
			return unless(!costsMore(p, c.Tx.On, rate), "a loan of it may cost more than "+rate.String()), nil
		}
		plan, ok := c.plan(l)
		return unless(!ok || within(p, plan, rate), "it costs more than "+rate.String()), nil
	}
}

// late returns the check of what an overdue instalment costs.
func (o Options) late(most ceilingOf) check {
	return func(c *Case) (string, error) {
		p, err := o.capped(c, AtApproval|AtContract|AtDisbursement)
		if p == nil {
			return "", err
		}
		rate, err := most(c)
		if err != nil {
			return "", err
		}
		return unless(!lateCostsMore(p, rate), "late charges may come to more than "+rate.String()), nil
	}
}

// capped returns the product that a case is about unless its lenders are outside the caps.
func (o Options) capped(c *Case, stages Stage) (*lending.Product, error) {
	p, err := c.terms(stages)
	if p == nil || !c.Tx.On.Before(licensedFrom) && o.licensed(p.ID) {
		return nil, err
	}
	return p, nil
}

// unless returns why a rule is broken unless it is kept.
func unless(kept bool, why string) string {
	if kept {
		return ""
	}
	return why
}
