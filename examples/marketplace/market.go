package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
)

// The people of the platform. No one does two steps that ask for two people.
var (
	analyst = lending.Actor{ID: "ana", Role: lending.RoleAnalyst}
	officer = lending.Actor{ID: "olga", Role: lending.RoleOfficer}
	second  = lending.Actor{ID: "omar", Role: lending.RoleOfficer}
	cashier = lending.Actor{ID: "carl", Role: lending.RoleCashier}
	keeper  = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
)

// maxDays guards a run: no tape comes near a hundred years.
const maxDays = 101 * 366

// market is one run: a desk over an audited store, the lenders, and the loans.
type market struct {
	ctx     context.Context
	desk    *lending.Desk
	store   *auditor
	bank    *memory.Bank
	chance  *rand.Rand
	lenders []lender
	deals   []*deal
	due     map[civil.Date][]*deal // what has work on a day, in the order of booking
	last    civil.Date             // day on which there is work for the last time
	paying  []*deal                // payout ordered today
	day     civil.Date
	first   civil.Date
	days    int
	topUps  int
	done    int // steps of scripts and fundings, for the progress bar
	bar     *progress
}

// newMarket opens a desk and makes ready for the replay of the loans.
func newMarket(ctx context.Context, loans []Published, cfg config, bar *progress) (*market, error) {
	m, err := openMarket(ctx, bar)
	if err != nil {
		return nil, err
	}
	m.chance = rand.New(rand.NewPCG(cfg.seed, 0))
	m.list(loans)
	m.lenders = newLenders(cfg.lenders, m.chance)
	return m, m.admit(product)
}

// openMarket opens a desk over an audited store.
func openMarket(ctx context.Context, bar *progress) (*market, error) {
	m := &market{
		ctx: ctx, store: &auditor{Store: memory.NewStore()}, bank: memory.NewBank(), bar: bar,
		due: map[civil.Date][]*deal{},
	}
	var err error
	m.desk, err = lending.Open(lending.Config{Store: m.store, Gateway: m.bank})
	return m, err
}

// admit defines the products and registers lenders and borrowers.
func (m *market) admit(product func(kind) lending.Product) error {
	for _, k := range kinds(m.deals) {
		key := "product-" + string(k.product())
		if _, err := do(m, officer, key, lending.DefineProduct{Product: product(k)}); err != nil {
			return err
		}
	}
	for i := range m.lenders {
		if err := m.register(m.lenders[i].id); err != nil {
			return err
		}
	}
	for _, d := range m.deals {
		if err := m.register(lending.PartyID(d.borrower.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (m *market) register(p lending.PartyID) error {
	_, err := do(m, officer, "register-"+string(p), lending.Register{Party: p, Kind: lending.Person})
	return err
}

// list gives every loan a day of application in its month of issue, early enough to be funded and
// paid out in the same month as a rule.
func (m *market) list(loans []Published) {
	for i := range loans {
		d := newDeal(i, &loans[i])
		d.listed = d.Issued.AddDays(m.chance.IntN(14))
		m.deals = append(m.deals, d)
		m.book(d, d.listed)
		m.bar.total += 2 + d.PaidInstallments()
	}
	sooner := func(a, b *deal) int { return a.listed.Compare(b.listed) }
	m.first = slices.MinFunc(m.deals, sooner).listed
	m.day = m.first
}

func party(id lending.PartyID) lending.Actor {
	return lending.Actor{ID: lending.ActorID(id), Role: lending.RoleParty}
}

// book notes that a deal has work on a day.
func (m *market) book(d *deal, on civil.Date) {
	m.due[on] = append(m.due[on], d)
	if on.After(m.last) {
		m.last = on
	}
}

// do runs one command on the market's day.
func do[S any, E event.Of[S]](
	m *market, by lending.Actor, key string, c lending.Command[S, E],
) (E, error) {
	meta := lending.Meta{Key: key, Actor: by, On: m.day, Approver: second}
	e, err := lending.Do(m.ctx, m.desk, meta, c)
	if err != nil {
		return e, fmt.Errorf("%s on %s: %w", key, m.day, err)
	}
	return e, nil
}

// run goes from day to day until no loan has work any more, then checks everything once more.
func (m *market) run() error {
	for ; !m.day.After(m.last); m.day = m.day.AddDays(1) {
		if m.days++; m.days > maxDays {
			return fmt.Errorf("the loans lie more than %d days apart: split the tape", maxDays)
		}
		if err := m.ctx.Err(); err != nil {
			return err
		}
		if err := m.live(); err != nil {
			return err
		}
		m.bar.show(m.done, m.day, m.store.commands)
	}
	m.day = m.day.AddDays(-1)
	for _, d := range m.deals {
		m.accrue(d)
	}
	m.bar.end()
	return m.verify()
}

// verify holds every wallet, claim and debt against the ledger.
func (m *market) verify() error {
	if err := m.store.reports.Check(); err != nil {
		return &ViolationError{"the last", m.store.commands, err}
	}
	return nil
}

// live is one day: what loans have to do, the payouts, the day-end, the reconciliation.
func (m *market) live() error {
	today := m.due[m.day]
	delete(m.due, m.day)
	for _, d := range today {
		if err := m.visit(d); err != nil {
			return err
		}
	}
	if err := m.payOut(); err != nil {
		return err
	}
	return m.endDay()
}

// endDay runs the day-end and holds the books against the bank.
func (m *market) endDay() error {
	if _, err := m.desk.DayEnd(m.ctx, m.day); err != nil {
		return fmt.Errorf("day-end of %s: %w", m.day, err)
	}
	if books, bank := m.inBank(), m.bank.Balance(dollar); books != bank {
		return &ViolationError{"day-end", m.store.commands,
			fmt.Errorf("the books have %s at the bank, the bank has %s", usd(books), usd(bank))}
	}
	return nil
}

// visit does a deal's work of the day.
func (m *market) visit(d *deal) error {
	switch {
	case d.id == "":
		m.book(d, m.day.AddDays(1))
		return m.apply(d)
	case d.funded.IsZero():
		return m.fund(d)
	}
	for d.next < len(d.script.steps) && !d.script.steps[d.next].on.After(m.day) {
		s := d.script.steps[d.next]
		d.next++
		m.done++
		if err := m.play(d, s); err != nil {
			return err
		}
	}
	if d.next < len(d.script.steps) {
		m.book(d, d.script.steps[d.next].on)
	}
	return nil
}

// inBank is what the books say lies at the custodian.
func (m *market) inBank() int64 {
	return m.store.reports.Ledger().Balance(ledger.Bank(), dollar)
}
