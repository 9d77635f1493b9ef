package transfer_test

import (
	"context"
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var (
	officer = lending.Actor{ID: "olga", Role: lending.RoleOfficer}
	chief   = lending.Actor{ID: "chief", Role: lending.RoleOfficer}
	analyst = lending.Actor{ID: "amir", Role: lending.RoleAnalyst}
	cashier = lending.Actor{ID: "carl", Role: lending.RoleCashier}
	bank    = lending.Actor{ID: "bank", Role: lending.RoleCustodian}
	timer   = lending.Actor{ID: "timer", Role: lending.RoleSystem}
)

func party(p lending.PartyID) lending.Actor {
	return lending.Actor{ID: lending.ActorID(p), Role: lending.RoleParty}
}

func amt(minor int64) money.Amount {
	a, err := money.New(minor, cny)
	if err != nil {
		panic(err)
	}
	return a
}

// world is a desk with its store and bank, and short words for a test.
type world struct {
	t     require.TestingT
	desk  *lending.Desk
	bank  *memory.Bank
	store *memory.Store
	day   civil.Date
	keys  int
}

func newWorld(t require.TestingT, cfg lending.Config, ps ...lending.PartyID) *world {
	w := &world{t: t, store: memory.NewStore(), day: date("2026-01-31")}
	if cfg.Store == nil {
		cfg.Store = w.store
	}
	w.bank = memory.NewBank()
	if cfg.Custody == lending.PerUser {
		w.bank = memory.NewCustodian()
	}
	cfg.Gateway = w.bank
	var err error
	w.desk, err = lending.Open(cfg)
	require.NoError(t, err)
	for _, p := range ps {
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
	}
	return w
}

func (w *world) meta(a lending.Actor) lending.Meta {
	w.keys++
	return lending.Meta{Key: fmt.Sprintf("k%d", w.keys), Actor: a, On: w.day, Approver: chief}
}

// do runs a command that must succeed.
func do[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E]) E {
	e, err := lending.Do(context.Background(), w.desk, w.meta(a), c)
	require.NoError(w.t, err, "%T", c)
	return e
}

// try runs a command and returns its error.
func try[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E]) error {
	_, err := lending.Do(context.Background(), w.desk, w.meta(a), c)
	return err
}

func (w *world) deposit(p lending.PartyID, minor int64) {
	do(w, bank, lending.Deposit{Party: p, Amount: amt(minor)})
	w.bank.Put(payment.Account{Kind: payment.Free, Party: payment.PartyID(p)}, amt(minor))
}

func (w *world) loan(id lending.LoanID) *lending.Loan {
	l, err := w.desk.Loan(context.Background(), id)
	require.NoError(w.t, err)
	return l
}

func (w *world) wallet(p lending.PartyID) *lending.Wallet {
	v, err := w.desk.Wallet(context.Background(), p, cny)
	require.NoError(w.t, err)
	return v
}

func (w *world) free(p lending.PartyID) int64 { return w.wallet(p).Available }

func (w *world) reports() *lending.Reports {
	r, err := w.desk.Reports(context.Background())
	require.NoError(w.t, err)
	require.NoError(w.t, r.Check())
	return r
}

func (w *world) deliver() {
	_, err := w.desk.Deliver(context.Background(), w.day)
	require.NoError(w.t, err)
}

// settle delivers until a custodian has answered to everything.
func (w *world) settle() {
	for range 4 {
		w.deliver()
	}
}

func (w *world) dayEnd() {
	_, err := w.desk.DayEnd(context.Background(), w.day)
	require.NoError(w.t, err)
}

// lent takes a loan of ann to its plan: lenders lend the parts given, in minor units.
func (w *world) lent(p lending.Product, periods int, rate string, parts map[lending.PartyID]int64) lending.LoanID {
	var sum int64
	for _, n := range parts {
		sum += n
	}
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(sum), Periods: periods}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate(rate)})
	do(w, officer, lending.Publish{Loan: id})
	for _, x := range []lending.PartyID{"bob", "eve", "dan", "kim"} {
		if parts[x] > 0 {
			w.deposit(x, parts[x])
			do(w, party(x), lending.PlaceBid{Loan: id, Amount: amt(parts[x])})
		}
	}
	w.settle()
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.settle()
	do(w, cashier, lending.Disburse{Loan: id})
	w.settle()
	require.Equal(w.t, lending.StateActive, w.loan(id).State)
	return id
}

func (w *world) repay(id lending.LoanID, minor int64) {
	w.deposit("ann", minor)
	do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(minor)})
	w.deliver()
}

// standard is a product without fees and minimums.
func standard() lending.Product {
	p := lending.StandardProduct("std", cny)
	p.MinAmount, p.Tender.MinBid = amt(1), amt(1)
	return p
}

// give is a satellite's command that moves title by law, for nothing.
type give struct {
	Loan lending.LoanID
	lending.Assignment
}

type given struct{ Lot int }

func (given) Type() string           { return "given" }
func (given) Apply(*gift)            {}
func (e *given) Code(c *event.Codec) { c.Count(&e.Lot) }

type gift struct{}

var gifts = event.NewKind[gift]("gift", nil, event.On[given]())

func (c give) Home(m lending.Meta) event.Ref[gift] { return gifts.Ref(m.Key) }
func (give) Allowed() []lending.Role               { return []lending.Role{lending.RoleOfficer} }
func (c give) Decide(t *lending.Tx, _ *gift) (given, error) {
	return given{c.Lot}, t.Assign(c.Loan, c.Assignment)
}
