package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// sellThing pays a loan out of money that a pot's party holds for it.
type sellThing struct {
	Pot    string
	Loan   lending.LoanID
	Amount money.Amount
	For    lending.PartyID
	Free   bool // out of what is not held
	Twice  bool
}

func (c sellThing) Home(lending.Meta) event.Ref[pot] { return pots.Ref(c.Pot) }
func (sellThing) Allowed() []lending.Role            { return []lending.Role{lending.RoleOfficer} }
func (c sellThing) Decide(t *lending.Tx, _ *pot) (potLoans, error) {
	free, held := lending.Avail(lending.PartyID(c.Pot)), ledger.Held(ledger.Owner(c.Pot), "thing")
	if err := t.Post(ledger.Move(ledger.Client, "thing", free, held, c.Amount)); err != nil {
		return potLoans{}, err
	}
	p := lending.Proceeds{From: held, Amount: c.Amount, For: c.For}
	if c.Free {
		p.From = free
	}
	ev, err := t.PayProceeds(c.Loan, p)
	if err == nil && c.Twice {
		_, err = t.PayProceeds(c.Loan, p)
	}
	if err != nil {
		return potLoans{}, err
	}
	left, err := c.Amount.Sub(ev.Repaid.Total)
	if err != nil || left.IsZero() {
		return potLoans{}, err
	}
	return potLoans{}, t.Post(ledger.Move(ledger.Client, "thing", held, free, left))
}

// Of the proceeds of a thing the lenders have all that they miss, whatever instalment it is of, before a cover
// that has paid an earlier one; an ordinary payment goes by the instalments. Of what a cover took for itself
// only its own advances are paid back, and the lenders' claim stays.
func TestProceedsRankCoversBehind(t *testing.T) {
	at := func(c sellThing) (*world, lending.LoanID, int64) {
		w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
		w.register("ann", "bob", "eve", "pot-a", "pot-b", "shop")
		p := covered()
		p.Covers = p.Covers[1:]
		w.deposit("pot-b", amt(500_000, cny))
		id := w.lent(p, 1_000_000, 4, "12% per year", "bob", "eve")
		w.day = w.loan(id).Plan.At(0).Due.AddDays(5)
		w.dayEnd() // the pot pays the first instalment
		advanced := w.loan(id).Dues[0].Advanced.Total()
		require.Equal(t, w.loan(id).Plan.At(0).Total.Minor(), advanced)
		do(w, officer, lending.Accelerate{Loan: id, Reason: "r"})
		w.day = w.day.AddDays(1)
		w.deposit("shop", amt(2_000_000, cny))
		c.Loan = id
		do(w, officer, c)
		w.deliver()
		w.reports()
		return w, id, advanced
	}
	lenders := func(w *world, id lending.LoanID) (sum int64) {
		l := w.loan(id)
		for i := range l.Dues {
			sum += l.Dues[i].Missing().Total()
		}
		return sum
	}
	w, id, advanced := at(sellThing{Pot: "shop", Amount: amt(1, cny)})
	missing, back := lenders(w, id)+1, w.loan(id).Advances[0].Recovered
	require.Zero(t, back)
	w, id, _ = at(sellThing{Pot: "shop", Amount: amt(missing, cny)})
	require.Zero(t, lenders(w, id))
	require.Zero(t, w.loan(id).Dues[0].Recovered.Total(), "the cover ranks behind")
	require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Reason: "r"}), lending.ErrState, "a sale is for good")

	w, id, _ = at(sellThing{Pot: "shop", Amount: amt(missing+advanced-1, cny)})
	require.Equal(t, advanced-1, w.loan(id).Dues[0].Recovered.Total())
	require.Equal(t, lending.StateActive, w.loan(id).State)
	w, id, _ = at(sellThing{Pot: "shop", Amount: amt(2_000_000, cny)})
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	require.Equal(t, 2_000_000-missing-advanced, w.wallet("shop", cny).Available, "what is left stays")

	w, id, _ = at(sellThing{Pot: "shop", Amount: amt(2_000_000, cny), For: "pot-b"})
	require.Equal(t, missing, lenders(w, id))
	require.Equal(t, advanced, w.loan(id).Dues[0].Recovered.Total())
	require.Equal(t, 2_000_000-advanced, w.wallet("shop", cny).Available)
	w, id, _ = at(sellThing{Pot: "shop", Amount: amt(2_000_000, cny), For: "pot-a"})
	require.Equal(t, int64(2_000_000), w.wallet("shop", cny).Available, "it advanced nothing")
	require.Equal(t, missing, lenders(w, id))
}

func TestProceedsRefused(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "shop")
	w.deposit("shop", amt(500, cny))
	id := w.lent(standard(), 1000, 1, "12% per year", "bob")
	for want, c := range map[error]sellThing{
		lending.ErrUnknown: {Loan: "none", Amount: amt(5, cny)},
		lending.ErrTerms:   {Loan: id, Amount: amt(5, cny), Free: true},
		lending.ErrPending: {Loan: id, Amount: amt(5, cny), Twice: true},
		lending.ErrFunds:   {Loan: id, Amount: amt(501, cny)},
		lending.ErrState:   {Loan: w.open(standard(), 1000, 1, "12% per year"), Amount: amt(5, cny)},
	} {
		c.Pot = "shop"
		require.ErrorIs(t, try(w, officer, c), want)
	}
	do(w, officer, sellThing{Pot: "shop", Loan: id, Amount: amt(5, cny)})
	w.day = w.day.AddDays(-1)
	require.ErrorIs(t, try(w, officer, sellThing{Pot: "shop", Loan: id, Amount: amt(5, cny)}), lending.ErrDate)
}
