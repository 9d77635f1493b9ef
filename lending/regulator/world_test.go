package regulator_test

import (
	"context"
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var (
	cny = money.MustCurrency("CNY")
	inr = money.MustCurrency("INR")

	officer = lending.Actor{ID: "olga", Role: lending.RoleOfficer}
	boss    = lending.Actor{ID: "bess", Role: lending.RoleOfficer}
	analyst = lending.Actor{ID: "amir", Role: lending.RoleAnalyst}
	cashier = lending.Actor{ID: "carl", Role: lending.RoleCashier}
	bank    = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
)

func party(p lending.PartyID) lending.Actor {
	return lending.Actor{ID: lending.ActorID(p), Role: lending.RoleParty}
}

// world is one store behind two desks: a free one, on which a story is set up, and a ruled one, on
// which the command in question is given.
type world struct {
	t      require.TestingT
	store  *memory.Store
	free   *lending.Desk
	ruled  *lending.Desk
	day    civil.Date
	accept []lending.Code // by commands to the ruled desk
	keys   int
}

func newWorld(t require.TestingT, rules lending.Rules, day civil.Date) *world {
	store := memory.NewStore()
	cfg := lending.Config{Store: store, Gateway: memory.NewBank(), Parts: []lending.Part{
		{Covers: map[lending.Code]lending.Cover{"cover": cover{}}},
	}}
	free, err := lending.Open(cfg)
	require.NoError(t, err)
	cfg.Rules = rules
	ruled, err := lending.Open(cfg)
	require.NoError(t, err)
	return &world{t: t, store: store, free: free, ruled: ruled, day: day}
}

func (w *world) meta(a lending.Actor) lending.Meta {
	w.keys++
	return lending.Meta{Key: fmt.Sprintf("k%d", w.keys), Actor: a, On: w.day, Approver: boss}
}

// do gives a command to the free desk; it must succeed.
func do[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E]) E {
	e, err := lending.Do(context.Background(), w.free, w.meta(a), c)
	require.NoError(w.t, err, "%T", c)
	return e
}

// try gives a command to the ruled desk and returns its error.
func try[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E]) error {
	m := w.meta(a)
	m.Accept = w.accept
	_, err := lending.Do(context.Background(), w.ruled, m, c)
	return err
}

func (w *world) register(k lending.PartyKind, ps ...lending.PartyID) {
	for _, p := range ps {
		do(w, officer, lending.Register{Party: p, Kind: k})
	}
}

// approved takes a loan of ann to its approval.
func (w *world) approved(p lending.Product, minor int64, rate string) lending.LoanID {
	id := w.applied(p, minor)
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate(rate)})
	return id
}

// applied takes a loan of ann to its application, over the product's longest term.
func (w *world) applied(p lending.Product, minor int64) lending.LoanID {
	do(w, officer, lending.DefineProduct{Product: p})
	ask := lending.Apply{Product: p.ID, Amount: amt(minor, p.Currency), Periods: p.MaxPeriods,
		Use: "harvest"}
	return do(w, party("ann"), ask).Loan
}

// full takes a loan of ann to the end of its tender, all of it bid by bob.
func (w *world) full(p lending.Product, minor int64, rate string) lending.LoanID {
	id := w.approved(p, minor, rate)
	do(w, officer, lending.Publish{Loan: id})
	do(w, bank, lending.Deposit{Party: "bob", Amount: amt(minor, p.Currency)})
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(minor, p.Currency)})
	return id
}

// reviewed takes a loan of ann to the day of its disbursement.
func (w *world) reviewed(p lending.Product, minor int64, rate string) lending.LoanID {
	id := w.full(p, minor, rate)
	do(w, officer, lending.ReviewFunding{Loan: id})
	return id
}

// bid has bob bid on a loan of ann that is open, the money for it in his wallet.
func (w *world) bid(id lending.LoanID, minor int64, c money.Currency) error {
	do(w, bank, lending.Deposit{Party: "bob", Amount: amt(minor, c)})
	return try(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(minor, c)})
}

func (w *world) deliver() {
	_, err := w.free.Deliver(context.Background(), w.day)
	require.NoError(w.t, err)
}

func amt(minor int64, c money.Currency) money.Amount {
	a, err := money.New(minor, c)
	if err != nil {
		panic(err)
	}
	return a
}

// plain is a product of twelve months without anything that a rule might mind.
func plain(c money.Currency) lending.Product {
	p := lending.StandardProduct("plain", c)
	p.MinPeriods, p.MaxPeriods = 12, 12
	p.MinAmount, p.MaxAmount = amt(100_000, c), amt(1_000_000_000, c)
	p.MaxRate = schedule.MustRate("10% per year")
	p.Tender.OpenDays = 1
	return p
}

// featured is a command with features: it freezes a party.
type featured struct {
	lending.Freeze
	Has []lending.Feature
}

func (f featured) Features() []lending.Feature { return f.Has }

// cover stands behind any loan and never pays.
type cover struct{}

func (cover) Attach(*lending.Tx, *lending.Loan) error  { return nil }
func (cover) Release(*lending.Tx, *lending.Loan) error { return nil }
func (cover) Demand(*lending.Tx, *lending.Loan, lending.Demand) (money.Amount, error) {
	return money.Amount{}, nil
}

// abroad has an amount outstanding elsewhere for everybody.
type abroad struct {
	side  regulator.Side
	minor int64
}

func (a abroad) Outstanding(
	_ *lending.Tx, _ lending.PartyID, s regulator.Side, c money.Currency,
) (money.Amount, error) {
	if s != a.side {
		return money.Amount{}, nil
	}
	return amt(a.minor, c), nil
}
