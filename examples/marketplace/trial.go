package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Rules that all trials share.
const (
	listedDaily = 3       // loans published on one day
	openDays    = 7       // after the day of publication
	manualPPM   = 400_000 // last part of a loan that standing orders leave to those who bid by hand
)

var (
	rateStep  = schedule.MustRate("0.01% per year")
	decrement = schedule.MustRate("0.1% per year")
)

// timer is who lets standing orders have their turns.
var timer = lending.Actor{ID: "timer", Role: lending.RoleSystem}

// trial is the loans of a crowd tendered by one mechanism, on a desk of its own.
type trial struct {
	*market
	*crowd
	mechanism lending.Mechanism
	named     int // bids by hand, for the keys of their commands
}

// newTrial opens a desk, lets everybody in and opens a market of standing orders for each grade.
func newTrial(ctx context.Context, c *crowd, by lending.Mechanism) (*trial, error) {
	m, err := openMarket(ctx, &progress{})
	if err != nil {
		return nil, err
	}
	t := &trial{market: m, crowd: c, mechanism: by}
	t.day = civil.MustParse("2018-01-01")
	for i := range c.loans {
		d := newDeal(i, &c.loans[i])
		d.listed = t.day.AddDays(i / listedDaily)
		t.deals = append(t.deals, d)
	}
	for i := range c.bidders {
		t.market.lenders = append(t.market.lenders, c.bidders[i].lender)
	}
	if err := t.admit(t.product); err != nil {
		return nil, err
	}
	for _, g := range c.grades() {
		rules := lending.QueueRules{Currency: dollar, Turns: lending.KeepsPlace, ManualPPM: manualPPM}
		key := "queue-" + string(g)
		if _, err := do(m, officer, key, lending.DefineQueue{Market: g, Rules: rules}); err != nil {
			return nil, err
		}
	}
	for i := range c.bidders {
		if err := t.equip(&c.bidders[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// product is that of the replay, tendered by the trial's mechanism.
func (t *trial) product(k kind) lending.Product {
	p := product(k)
	r := &p.Tender
	r.Mechanism, r.OpenDays, r.Round = t.mechanism, openDays, money.HalfUp
	if t.mechanism.FixedRate() {
		return p
	}
	p.MinRate, r.RateStep = rateStep, rateStep
	if t.mechanism == lending.OpenAuction {
		r.Decrement = decrement
	}
	return p
}

// equip pays in a lender's money and switches on his standing orders: one in the market of each
// grade that he likes, for no rate below what he takes.
func (t *trial) equip(x *bidder) error {
	if err := t.supply(x.id, t.purse(), 0, string(x.id)+"-in"); err != nil || !x.standing {
		return err
	}
	for _, g := range t.crowd.grades() {
		if !x.taste.likes(g) {
			continue
		}
		order := lending.Mandate{
			Min: note, Max: lending.MaxLoan, LoanPPM: x.share,
			Takes: lending.LoanFilter{MinRate: t.takes(x, g)},
		}
		key := fmt.Sprintf("%s-on-%s", x.id, g)
		on := lending.SwitchOn{Market: g, Mandate: order}
		if _, err := do(t.market, party(x.id), key, on); err != nil {
			return err
		}
	}
	return nil
}

// run goes from day to day until the last tender has ended.
func (t *trial) run() error {
	if len(t.deals) == 0 {
		return nil
	}
	last := t.deals[len(t.deals)-1].listed.AddDays(openDays + 1)
	for ; !t.day.After(last); t.day = t.day.AddDays(1) {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		t.days++
		if err := t.live(); err != nil {
			return err
		}
	}
	for _, d := range t.deals {
		if s := t.loan(d).State; s != lending.StateActive && s != lending.StateFailed {
			return fmt.Errorf("loan %s is %s after its tender", d.id, s)
		}
	}
	return t.verify()
}

// live is one day: what is listed, the turns of standing orders, bids by hand, the day-end, and the
// payouts of loans whose tenders brought enough.
func (t *trial) live() error {
	for place, d := range t.deals {
		if d.listed == t.day {
			if err := t.apply(d); err != nil {
				return err
			}
		}
		if !t.open(d) {
			continue
		}
		if err := t.fill(d); err != nil {
			return err
		}
		if err := t.byHand(place, d); err != nil {
			return err
		}
	}
	if err := t.endDay(); err != nil {
		return err
	}
	if err := t.each(lending.StateFullyFunded, t.review); err != nil {
		return err
	}
	return t.each(lending.StateReviewed, t.disburse)
}

// each takes a step with every deal in a state, and has the money moved.
func (t *trial) each(s lending.State, step func(*deal) error) error {
	for _, d := range t.deals {
		if d.id == "" || t.loan(d).State != s {
			continue
		}
		if err := step(d); err != nil {
			return err
		}
	}
	return t.deliver()
}

func (t *trial) loan(d *deal) *lending.Loan { return t.store.reports.Loan(d.id) }

// open reports whether a deal takes bids today.
func (t *trial) open(d *deal) bool {
	if d.id == "" {
		return false
	}
	l := t.loan(d)
	return l.State == lending.StateOpen && !t.day.After(l.Deadline)
}

// fill lets the standing orders of the loan's grade have their turns.
func (t *trial) fill(d *deal) error {
	key := fmt.Sprintf("%s-fill-%s", d.name, t.day)
	meta := lending.Meta{Key: key, Actor: timer, On: t.day}
	fillings, err := t.desk.AutoBid(t.ctx, meta, d.Grade, d.id)
	for _, f := range fillings {
		err = errors.Join(err, f.Refused)
	}
	return err
}

// byHand lets those bid who come today, and in an open auction those come again who were there
// before.
func (t *trial) byHand(place int, d *deal) error {
	today := t.day.Sub(d.listed)
	for _, v := range t.visits[place] {
		again := t.mechanism == lending.OpenAuction && v.day < today
		if v.day != today && !again || !t.open(d) {
			continue
		}
		rate, bids := t.names(t.loan(d), v.bidder)
		if !bids {
			continue
		}
		t.named++
		key := fmt.Sprintf("%s-bid-%d", v.id, t.named)
		c := lending.PlaceBid{Loan: d.id, Amount: usd(v.cents), Rate: rate}
		if _, err := do(t.market, party(v.id), key, c); err != nil {
			return err
		}
	}
	return nil
}

// names is the rate that a lender names by hand, and whether he bids at all. In a sealed tender it
// is the least that he takes. In an open auction he sees what stands: he asks for all that the loan
// bears while there is room, then for just less than the worst that stands.
func (t *trial) names(l *lending.Loan, x *bidder) (schedule.Rate, bool) {
	least := t.takes(x, l.Grade)
	switch {
	case l.Rate.Pico() < least.Pico():
		return schedule.Rate{}, false
	case t.mechanism.FixedRate():
		return schedule.Rate{}, true
	case t.mechanism != lending.OpenAuction:
		return least, true
	}
	stands := func(b lending.Bid) bool { return b.State == lending.BidStanding }
	if slices.ContainsFunc(l.Bids, func(b lending.Bid) bool { return stands(b) && b.Lender == x.id }) {
		return schedule.Rate{}, false
	}
	if l.Raised < l.Amount.Minor() {
		return inSteps(l.Rate.Pico()), true
	}
	worst := int64(0)
	for _, b := range l.Bids {
		if stands(b) {
			worst = max(worst, b.Pico)
		}
	}
	below := worst - decrement.Pico()
	return inSteps(below), below >= least.Pico()
}
