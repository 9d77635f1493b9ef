package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PlanTerms are the schedule terms of a loan's plan as far as they are not its product's: what the plan
// answers by for days between its rows. The rows themselves are recorded beside them.
type PlanTerms struct {
	Principal money.Amount  // that bears interest: interest that was added to it included
	Rate      schedule.Rate `json:",omitzero"`
	Periods   int
	Every     schedule.Frequency `json:",omitzero"`
	Start     civil.Date         // from which it bears interest
	FirstDue  civil.Date         // zero for one period after Start
	MonthEnd  bool
	Payment   money.Amount  // zero for one that pays all off
	Down      schedule.Rate `json:",omitzero"` // of Principal, paid on Start
	Changes   []schedule.Change
}

// termsOf reads them off a plan's terms.
func termsOf(t schedule.Terms) PlanTerms {
	return PlanTerms{t.Principal, t.Rate, t.Periods, t.Every, t.Start, t.FirstDue, t.MonthEnd, t.Payment,
		t.DownPayment, t.Changes}
}

// of completes them by the product's.
func (x *PlanTerms) of(p *Product) schedule.Terms {
	t := p.Terms(x.Principal, x.Periods, x.Rate, x.Start)
	t.DownPayment = x.Down
	t.Every, t.FirstDue, t.MonthEnd, t.Payment, t.Changes = x.Every, x.FirstDue, x.MonthEnd, x.Payment, x.Changes
	return t
}

func (x *PlanTerms) code(c *event.Codec) {
	c.Amount(&x.Principal)
	codeRate(c, &x.Rate)
	c.Count(&x.Periods)
	codeFrequency(c, &x.Every)
	c.Date(&x.Start)
	c.Date(&x.FirstDue)
	c.Bool(&x.MonthEnd)
	c.Amount(&x.Payment)
	codeRate(c, &x.Down)
	event.List(c, &x.Changes, codeChange)
}

func codeChange(c *event.Codec, x *schedule.Change) {
	c.Date(&x.On)
	event.Enum(c, &x.Kind)
	c.Amount(&x.Amount)
	event.Enum(c, &x.Effect)
	c.Date(&x.Until)
	c.Bool(&x.Capitalise)
	c.Date(&x.First)
	codeFrequency(c, &x.Every)
	c.Count(&x.Count)
	c.Bool(&x.Keep)
}
