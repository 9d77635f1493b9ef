package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
)

// Code codes the loan's state for snapshots. A snapshot is advisory: one of another version is
// thrown away and the stream folded from its start.
func (l *Loan) Code(c *event.Codec) {
	event.Text(c, &l.ID)
	event.Text(c, &l.Borrower)
	l.Product.Code(c)
	event.Enum(c, &l.State)
	c.Amount(&l.Amount)
	c.Count(&l.Periods)
	codeRate(c, &l.Rate)
	event.Text(c, &l.Grade)
	l.Dossier.code(c)
	event.Text(c, &l.Analyst)
	event.Text(c, &l.Publisher)
	event.Text(c, &l.Reviewer)
	c.Date(&l.Published)
	c.Date(&l.Deadline)
	l.codeTender(c)
	c.Int(&l.Raised)
	event.List(c, &l.Lots, func(c *event.Codec, x *Lot) { x.code(c) })
	event.Text(c, &l.Payout)
	c.Int(&l.Net)
	c.Int(&l.PaidOut)
	event.List(c, &l.Tried, func(c *event.Codec, i *int) { c.Count(i) })
	event.List(c, &l.Disputed, func(c *event.Codec, id *payment.ID) { event.Text(c, id) })
	event.List(c, &l.Portions, func(c *event.Codec, p *Portion) { p.code(c) })
	c.Date(&l.Ordered)
	c.Date(&l.FirstDue)
	c.Bool(&l.Charged)
	codeLevied(c, &l.Upfront)
	c.Date(&l.Started)
	l.codePlan(c)
	l.codeDues(c)
	event.List(c, &l.Called, func(c *event.Codec, f *Code) { event.Text(c, f) })
	c.Int(&l.Goodwill)
	c.Count(&l.Payments)
	event.List(c, &l.History, func(c *event.Codec, m *Movement) { m.code(c) })
	c.Count(&l.Fixed)
	c.Date(&l.Sealed)
	c.Date(&l.Served)
	c.Date(&l.Noticed)
	c.Date(&l.Looked)
	c.Bool(&l.Stale)
	c.Date(&l.Closed)
	c.Date(&l.Adopted)
	codeComponents(c, &l.Drift)
}

func (l *Loan) codePlan(c *event.Codec) {
	terms, rows := termsOf(l.Plan.Terms()), l.Plan.Rows()
	c.Count(&l.Base)
	event.List(c, &l.Rates, func(c *event.Codec, x *RateUntil) {
		c.Count(&x.Instalment)
		codeRate(c, &x.Rate)
	})
	terms.code(c)
	codeRows(c, &rows)
	if !c.Reading() || len(rows) == 0 {
		return
	}
	plan, err := schedule.NewPlan(terms.of(&l.Product), rows)
	if err != nil {
		c.Fail(err)
		return
	}
	l.Plan = plan
}

func (l *Loan) codeDues(c *event.Codec) {
	event.List(c, &l.Dues, func(c *event.Codec, d *Due) { d.code(c) })
	codeCharges(c, &l.Charges)
	codeCaps(c, &l.Caps)
	l.Cost.code(c)
	l.Acceleration.code(c)
	event.List(c, &l.planned, func(c *event.Codec, p *planned) { p.code(c) })
	codeComponents(c, &l.Received)
	event.List(c, &l.Advances, func(c *event.Codec, a *Advance) { a.code(c) })
	event.List(c, &l.Covers, func(c *event.Codec, v *CoverUse) {
		c.Int(&v.Paid)
	})
}

func (d *Due) code(c *event.Codec) {
	c.Date(&d.Date)
	codeComponents(c, &d.Owed)
	codeComponents(c, &d.Paid)
	codeComponents(c, &d.Advanced)
	codeComponents(c, &d.Recovered)
	codeComponents(c, &d.Waived)
	codeComponents(c, &d.Again)
	c.Int(&d.MinorDays)
	c.Int(&d.Former)
	c.Date(&d.Through)
	for i := range d.Units {
		c.Int(&d.Units[i])
	}
	c.Byte(&d.Asked)
	for i := range d.Promised {
		c.Int(&d.Promised[i])
	}
}

func (a *Advance) code(c *event.Codec) {
	c.Count(&a.Layer)
	event.Text(c, &a.Payer)
	c.Count(&a.Instalment)
	event.Enum(c, &a.Component)
	c.Count(&a.Charge)
	c.Int(&a.Amount)
	c.Int(&a.Recovered)
	c.Date(&a.On)
	c.Int(&a.MinorDays)
	c.Int(&a.Former)
}
