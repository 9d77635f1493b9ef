package guarantee_test

import (
	"context"
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
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

func amt(minor int64) money.Amount {
	a, err := money.New(minor, cny)
	if err != nil {
		panic(err)
	}
	return a
}

// world is a desk with covers plugged in, a borrower "ann" and lenders "bob" and "eve".
type world struct {
	t     require.TestingT
	desk  *lending.Desk
	store *memory.Store
	day   civil.Date
	keys  int
	alone bool // commands come without an approver
}

func newWorld(t require.TestingT, who guarantee.Parties) *world {
	w := &world{t: t, store: memory.NewStore(), day: civil.MustParse("2026-01-31")}
	cfg := lending.Config{Store: w.store, Gateway: memory.NewBank(),
		Parts: []lending.Part{who.Part(), {Kinds: []event.AnyKind{gifts}}}}
	var err error
	w.desk, err = lending.Open(cfg)
	require.NoError(t, err)
	for _, p := range []lending.PartyID{"ann", "art", "cal", "bob", "eve"} {
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
	}
	return w
}

// slow has payouts be made row by row, so that one can be met that is not complete.
func (w *world) slow(who guarantee.Parties) {
	var err error
	w.desk, err = lending.Open(lending.Config{Store: w.store, Gateway: memory.NewBank(), Chunk: 1,
		Parts: []lending.Part{who.Part(), {Kinds: []event.AnyKind{gifts}}}})
	require.NoError(w.t, err)
}

// vehicle registers a fund's party.
func (w *world) vehicle(p lending.PartyID) {
	do(w, officer, lending.Register{Party: p, Kind: lending.Vehicle})
}

func (w *world) meta(a lending.Actor) lending.Meta {
	w.keys++
	m := lending.Meta{Key: fmt.Sprintf("k%d", w.keys), Actor: a, On: w.day}
	if !w.alone {
		m.Approver = chief
	}
	return m
}

func do[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E]) E {
	e, err := lending.Do(context.Background(), w.desk, w.meta(a), c)
	require.NoError(w.t, err, "%T", c)
	return e
}

func try[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E]) error {
	_, err := lending.Do(context.Background(), w.desk, w.meta(a), c)
	return err
}

func (w *world) deposit(p lending.PartyID, minor int64) {
	do(w, bank, lending.Deposit{Party: p, Amount: amt(minor)})
}

func (w *world) loan(id lending.LoanID) *lending.Loan {
	l, err := w.desk.Loan(context.Background(), id)
	require.NoError(w.t, err)
	return l
}

func (w *world) cash(p lending.PartyID) int64 {
	v, err := w.desk.Wallet(context.Background(), p, cny)
	require.NoError(w.t, err)
	return v.Available
}

func (w *world) fund(id lending.PartyID) *guarantee.Fund {
	f, _, err := lending.View(context.Background(), w.desk, guarantee.FundRef(id))
	require.NoError(w.t, err)
	require.NoError(w.t, f.Check())
	return f
}

func (w *world) dayEnd(days int) {
	w.day = w.day.AddDays(days)
	_, err := w.desk.DayEnd(context.Background(), w.day)
	require.NoError(w.t, err)
}

func (w *world) deliver() {
	_, err := w.desk.Deliver(context.Background(), w.day)
	require.NoError(w.t, err)
}

func (w *world) reports() *lending.Reports {
	r, err := w.desk.Reports(context.Background())
	require.NoError(w.t, err)
	require.NoError(w.t, r.Check())
	return r
}

// product is one that names covers, asked from the first day past due on.
func product(id lending.ProductID, covers ...lending.CoverTerms) lending.Product {
	p := lending.StandardProduct(id, cny)
	for i := range covers {
		covers[i].TriggerDays = max(1, covers[i].TriggerDays)
	}
	p.MinAmount, p.Tender.MinBid, p.Covers = amt(1), amt(1), covers
	return p
}

func byFund(name lending.Code) lending.CoverTerms {
	return lending.CoverTerms{Name: name, Kind: lending.CoverProvisionFund}
}

// open takes a loan to its tender.
func (w *world) open(borrower lending.PartyID, p lending.Product, minor int64, periods int) lending.LoanID {
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party(borrower), lending.Apply{Product: p.ID, Amount: amt(minor), Periods: periods}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	return id
}

// funded publishes a loan and has bob and eve lend half each.
func (w *world) funded(id lending.LoanID) lending.LoanID {
	do(w, officer, lending.Publish{Loan: id})
	minor := w.loan(id).Amount.Minor()
	for i, x := range []lending.PartyID{"bob", "eve"} {
		part := minor/2 + int64(i)*(minor%2)
		w.deposit(x, part)
		do(w, party(x), lending.PlaceBid{Loan: id, Amount: amt(part)})
	}
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	return id
}

// lent takes a loan to its plan.
func (w *world) lent(borrower lending.PartyID, p lending.Product, minor int64, periods int) lending.LoanID {
	id := w.funded(w.open(borrower, p, minor, periods))
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	require.Equal(w.t, lending.StateActive, w.loan(id).State)
	return id
}

func (w *world) repay(id lending.LoanID, minor int64) lending.Repaid {
	l := w.loan(id)
	w.deposit(l.Borrower, minor)
	return do(w, party(l.Borrower), lending.Repay{Loan: id, Amount: amt(minor)})
}

// audit recomputes the fund.
func (w *world) audit() guarantee.FundFigures {
	a, err := guarantee.AuditFund(context.Background(), w.desk, "fund")
	require.NoError(w.t, err)
	return a
}
