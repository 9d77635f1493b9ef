package lending_test

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
	cny     = money.MustCurrency("CNY")
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

func amt(minor int64, c money.Currency) money.Amount {
	a, err := money.New(minor, c)
	if err != nil {
		panic(err)
	}
	return a
}

// world is a desk with its store and bank, and short words for a test.
type world struct {
	t     require.TestingT
	desk  *lending.Desk
	store *memory.Store
	bank  *memory.Bank
	day   civil.Date
	keys  int
	// perUser has the custodian keep sub-accounts; every command is delivered to it at once.
	perUser bool
	ended   map[payment.ID]bool // payments that nobody has to repeat
}

func newWorld(t require.TestingT, cfg lending.Config) *world {
	w := &world{t: t, store: memory.NewStore(), bank: memory.NewBank(), ended: map[payment.ID]bool{}, day: civil.MustParse("2026-01-31")}
	if w.perUser = cfg.Custody == lending.PerUser; w.perUser {
		w.bank = memory.NewCustodian()
	}
	cfg.Store, cfg.Gateway = w.store, w.bank
	var err error
	w.desk, err = lending.Open(cfg)
	require.NoError(t, err)
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
	if w.perUser {
		w.outside(e)
		w.quiesce()
	}
	return e
}

// try runs a command and returns its error.
func try[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E]) error {
	_, err := lending.Do(context.Background(), w.desk, w.meta(a), c)
	return err
}

func (w *world) register(ps ...lending.PartyID) {
	for _, p := range ps {
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
	}
}

func (w *world) deposit(p lending.PartyID, a money.Amount) {
	do(w, bank, lending.Deposit{Party: p, Amount: a})
}

func (w *world) loan(id lending.LoanID) *lending.Loan {
	l, err := w.desk.Loan(context.Background(), id)
	require.NoError(w.t, err)
	return l
}

func (w *world) wallet(p lending.PartyID, c money.Currency) *lending.Wallet {
	v, err := w.desk.Wallet(context.Background(), p, c)
	require.NoError(w.t, err)
	return v
}

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

func (w *world) dayEnd() {
	for i := 0; ; i++ {
		n, err := w.desk.DayEnd(context.Background(), w.day)
		require.NoError(w.t, err)
		if !w.perUser {
			return
		}
		w.quiesce() // what waited for the custodian goes on in another day-end
		if n == 0 && i > 0 {
			return
		}
	}
}

// lent takes a loan to its plan.
func (w *world) lent(p lending.Product, minor int64, periods int, rate string, lenders ...lending.PartyID) lending.LoanID {
	id := w.funded(p, minor, periods, rate, lenders...)
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	require.Equal(w.t, lending.StateActive, w.loan(id).State)
	return id
}

// funded takes a loan to its review: lenders bid equal parts, the last one the rest.
func (w *world) funded(p lending.Product, minor int64, periods int, rate string, lenders ...lending.PartyID) lending.LoanID {
	id := w.open(p, minor, periods, rate)
	n := int64(len(lenders))
	for i, x := range lenders {
		part := minor / n
		if i == len(lenders)-1 {
			part = minor - part*(n-1)
		}
		w.deposit(x, amt(part, p.Currency))
		do(w, party(x), lending.PlaceBid{Loan: id, Amount: amt(part, p.Currency)})
	}
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	return id
}

// open takes a loan of "ann" to its tender.
func (w *world) open(p lending.Product, minor int64, periods int, rate string) lending.LoanID {
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(minor, p.Currency), Periods: periods}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate(rate)})
	do(w, officer, lending.Publish{Loan: id})
	return id
}

func (w *world) repay(id lending.LoanID, minor int64) lending.Repaid {
	l := w.loan(id)
	w.deposit(l.Borrower, amt(minor, l.Currency()))
	e := do(w, party(l.Borrower), lending.Repay{Loan: id, Amount: amt(minor, l.Currency())})
	w.deliver()
	return e
}

func standard() lending.Product { return lending.StandardProduct("std", cny) }

// feePart charges everything there is to charge.
func rich() lending.Product {
	p := standard()
	p.ID = "rich"
	p.Transfers.Overdue, p.Transfers.ByTerm = true, true
	p.Late = lending.Late{GraceDays: 3, Penalty: schedule.MustRate("18.25% per year"), Round: money.HalfUp}
	p.Fees = []lending.Fee{
		{ID: "origination", Timing: lending.AtDisbursement, Base: lending.OnAmount, Payee: lending.ToPlatform, PPM: 30_000, Round: money.HalfUp},
		{ID: "late", Timing: lending.WhenLate, Base: lending.OnUnpaid, Payee: lending.ToPlatform, PPM: 50_000, Min: 1500, Round: money.HalfUp},
		{ID: "service", Timing: lending.AtPayout, Payee: lending.ToPlatform, Base: lending.OnPayment, PPM: 10_000, Point: lending.RunningTotal, Round: money.Down},
		{ID: "collection", Timing: lending.OnRecovery, Base: lending.OnPayment, Payee: lending.ToPlatform, PPM: 180_000, Round: money.HalfUp},
	}
	return p
}

// feed counts the records that the store has.
func (w *world) feed() (n int) {
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(w.t, err)
		if len(changes) == 0 {
			return n
		}
		n, pos = n+len(changes), next
	}
}
