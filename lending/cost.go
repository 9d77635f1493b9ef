package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// costEdge is by how much a yield must be above a cap to be so: a hundred times its error.
const costEdge = 1e-10

// Cost returns what a loan of the product costs its borrower a year, all fees at disbursement and with
// instalments included, whoever is paid them: the actuarial rate of [schedule.APR]. Charges that only a
// late payer has, or one who pays before the time, are not in it.
func (p *Product) Cost(a money.Amount, periods int, r schedule.Rate) (schedule.Yield, error) {
	return p.cost(p.anyTerms(a, periods, r))
}

// anyTerms are terms dated from an arbitrary first of a month.
func (p *Product) anyTerms(a money.Amount, periods int, r schedule.Rate) schedule.Terms {
	return p.Terms(a, periods, r, civil.MustParse("2021-01-01"))
}

func (p *Product) cost(t schedule.Terms) (schedule.Yield, error) {
	flows, err := p.flows(t)
	if err != nil {
		return 0, err
	}
	return schedule.APR(flows, p.Every)
}

// flows are what the borrower gets and pays.
func (p *Product) flows(t schedule.Terms) ([]schedule.Flow, error) {
	plan, err := t.Plan()
	if err != nil {
		return nil, err
	}
	a := t.Principal
	upfront, err := p.Upfront(a.Minor(), t.Periods)
	if err != nil {
		return nil, err
	}
	net := a.Minor() - upfront
	if net <= 0 {
		return nil, &Error{ErrTerms, "product " + string(p.ID), "its fees leave nothing of a loan of " + a.String()}
	}
	flows := plan.Flows()
	flows[0].Amount = amount(-net, p.Currency)
	fees, err := p.InstalmentFees(plan)
	for i := range fees {
		flows[i+1].Amount = amount(flows[i+1].Amount.Minor()+fees[i], p.Currency)
	}
	return flows, err
}

// dear refuses a loan that costs more than the product's cap. Payments are figured half a rounding
// unit lower, so that a loan at the very cap is not refused for its rounding.
func (p *Product) dear(t schedule.Terms) error {
	if p.MaxAPR.IsZero() {
		return nil
	}
	flows, err := p.flows(t)
	if err != nil {
		return err
	}
	unit := max(p.Rounding.Unit, 1)
	for i := range flows {
		twice := 2 * flows[i].Amount.Minor()
		if i > 0 {
			twice = max(0, twice-unit)
		}
		flows[i].Amount = amount(twice, p.Currency)
	}
	cost, err := schedule.APR(flows, p.Every)
	if err != nil {
		return fmt.Errorf("cost of product %s: %w", p.ID, err)
	}
	if float64(cost) <= float64(p.MaxAPR.Pico())*1e-12+costEdge {
		return nil
	}
	if cost, err = p.cost(t); err != nil {
		return err
	}
	return &Error{ErrTerms, "product " + string(p.ID), fmt.Sprintf(
		"%s over %d periods at %s costs %s a year, the cap is %s", t.Principal, t.Periods, t.Rate, cost, p.MaxAPR)}
}

// checkCost reports the first loan that the product allows and its own cap does not, for each
// method: at the highest rate, the smallest and the largest amount, over every number of periods.
// A flat rate costs nearly twice what it says, and most in the middle of the range.
func (p *Product) checkCost() error {
	if p.MaxAPR.IsZero() {
		return nil
	}
	if p.MaxAPR.Basis() != schedule.PerYear {
		return &Error{ErrTerms, "product " + string(p.ID), "its cap of " + p.MaxAPR.String() + " is not per year"}
	}
	var errs []error
	for _, m := range p.methods() {
		q := *p
		q.Method = m
		errs = append(errs, q.checkCosts())
	}
	return errors.Join(errs...)
}

func (p *Product) checkCosts() error {
	for periods := p.MinPeriods; periods <= p.MaxPeriods; periods++ {
		for _, a := range []money.Amount{p.MinAmount, p.MaxAmount} {
			if err := p.dear(p.anyTerms(a, periods, p.MaxRate)); err != nil {
				return fmt.Errorf("method %s: %w", p.Method, err)
			}
		}
	}
	return nil
}

// methods are the method of the product and those that a borrower may choose instead.
func (p *Product) methods() []schedule.Method {
	return append([]schedule.Method{p.Method}, p.Methods...)
}
