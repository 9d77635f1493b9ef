package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// callFee calls what a party holds in readiness.
type callFee struct {
	Loan  lending.LoanID
	Party lending.PartyID
	Off   bool
}

func (c callFee) Home(lending.Meta) event.Ref[pot] { return pots.Ref("x") }
func (callFee) Allowed() []lending.Role            { return []lending.Role{lending.RoleOfficer} }
func (c callFee) Decide(t *lending.Tx, _ *pot) (potLoans, error) {
	return potLoans{}, t.CallFee(c.Loan, c.Party, c.Off)
}

// advanceNow has pot-a pay the lenders of an instalment.
type advanceNow struct {
	Loan  lending.LoanID
	Inst  int
	Minor int64
}

func (c advanceNow) Home(lending.Meta) event.Ref[pot] { return pots.Ref("x") }
func (advanceNow) Allowed() []lending.Role            { return []lending.Role{lending.RoleOfficer} }
func (c advanceNow) Decide(t *lending.Tx, _ *pot) (potLoans, error) {
	_, err := t.Advance(c.Loan, lending.Demand{Instalment: c.Inst, Amount: amt(c.Minor, cny)}, "pot-a")
	return potLoans{}, err
}

// standby is a share of the interest that pot-a holds in readiness.
func standby() lending.Fee {
	return lending.Fee{ID: "redirect", Timing: lending.AtPayout, Payee: lending.ToParty, Party: "pot-a",
		Base: lending.OnInterest, PPM: 500_000, Round: money.Down, Standby: true}
}

// What changes a loan is dated before its last payment, by a host whose clock went back: money that is found is not
// booked from before that payment, which is for good.
func TestFoundAfterBackdatedChange(t *testing.T) {
	for name, change := range map[string]func(*world, lending.LoanID) error{
		"fee called": func(w *world, id lending.LoanID) error { return try(w, officer, callFee{id, "pot-a", false}) },
		"sold": func(w *world, id lending.LoanID) error {
			return try(w, officer, sell{id, lending.Assignment{Lot: 0, Units: 20_000, To: "zoe"}})
		},
		"covered": func(w *world, id lending.LoanID) error { return try(w, officer, advanceNow{id, 0, 2000}) },
	} {
		t.Run(name, func(t *testing.T) {
			p := rich()
			p.Fees = []lending.Fee{standby()}
			p.Covers = []lending.CoverTerms{{Name: "pot-a", Kind: lending.CoverProvisionFund, TriggerDays: 5}}
			w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
			w.register("ann", "bob", "eve", "zoe", "pot-a", "pot-b")
			id := w.lent(p, 100_000, 4, "12% per year", "bob", "eve")
			w.deposit("pot-a", amt(50_000, cny))
			due := w.loan(id).Dues[0].Date
			w.day = due.AddDays(20)
			w.repay(id, 10_000)
			w.day = due.AddDays(1)
			require.NoError(t, change(w, id))
			w.deliver()
			w.day = due.AddDays(30)
			w.deposit("ann", amt(5000, cny))
			found := func(on int) error {
				err := try(w, officer, lending.RepayAsOf{Loan: id, Amount: amt(5000, cny), Value: due.AddDays(on), Reason: "found"})
				w.deliver()
				require.NoError(t, w.loan(id).Check())
				w.reports()
				return err
			}
			require.ErrorIs(t, found(3), lending.ErrDate)
			require.ErrorIs(t, found(19), lending.ErrDate)
			require.NoError(t, found(20))
		})
	}
}
