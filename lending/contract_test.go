package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// A contract follows from the loan and the date; its bytes read back; whatever changes in the terms
// changes the hash, and a signature under the old one no longer lets money out.
func TestContractFollowsTheLoan(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	p := standard()
	p.ContractRequired = true
	p.Fees = rich().Fees
	id := w.funded(p, 10_000, 3, "12% per year", "bob", "eve")
	k, err := w.loan(id).Contract(w.day, civil.Date{})
	require.NoError(t, err)
	require.Equal(t, []lending.ContractLender{{"bob", 5000, 1}, {"eve", 5000, 1}}, k.Lenders)
	require.Len(t, k.Plan, 3)
	var back lending.Contract
	require.NoError(t, event.Decode(k.Bytes(), 1, &back))
	require.Equal(t, k.Bytes(), back.Bytes())
	issued := do(w, officer, lending.IssueContract{Loan: id})
	require.Equal(t, k.Hash(), issued.Hash)
	do(w, party("ann"), lending.SignContract{Loan: id, Hash: issued.Hash})
	do(w, chief, lending.SignContract{Loan: id, Hash: issued.Hash})
	require.NoError(t, w.loan(id).Payable(w.day.AddDays(9)))
	for name, change := range map[string]func(*lending.Loan){
		"amount":  func(l *lending.Loan) { l.Amount = amt(10_001, cny) },
		"rate":    func(l *lending.Loan) { l.Rate = schedule.MustRate("11% per year") },
		"periods": func(l *lending.Loan) { l.Periods = 4 },
		"lender":  func(l *lending.Loan) { l.Lots[0].Holder = "dan" },
		"units":   func(l *lending.Loan) { l.Lots[0].Units++ },
		"weight":  func(l *lending.Loan) { l.Lots[0].Weight++ },
		"fee":     func(l *lending.Loan) { l.Product.Fees[0].PPM++ },
		"cover":   func(l *lending.Loan) { l.Product.Covers = []lending.CoverTerms{{Name: "x"}} },
		"late":    func(l *lending.Loan) { l.Product.Late.GraceDays++ },
		"use":     func(l *lending.Loan) { l.Dossier.Use = "bets" },
		"method":  func(l *lending.Loan) { l.Product.Method = schedule.MethodBullet },
	} {
		l := w.loan(id)
		change(l)
		require.ErrorIs(t, l.Payable(w.day), lending.ErrContract, name)
	}
	w.day = w.day.AddDays(1)
	again := do(w, officer, lending.IssueContract{Loan: id})
	require.NotEqual(t, issued.Hash, again.Hash)
	refuse(w, cashier, lending.Disburse{Loan: id}, lending.ErrContract)
	refuse(w, party("ann"), lending.SignContract{Loan: id, Hash: issued.Hash}, lending.ErrContract)
	refuse(w, party("bob"), lending.SignContract{Loan: id, Hash: again.Hash}, lending.ErrActor)
	do(w, party("ann"), lending.SignContract{Loan: id, Hash: again.Hash})
	do(w, chief, lending.SignContract{Loan: id, Hash: again.Hash})
	do(w, cashier, lending.Disburse{Loan: id})
}

// A loan without terms has no contract.
func TestContractNeedsTerms(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.asked(standard(), 5000)
	_, err := w.loan(id).Contract(w.day, civil.Date{})
	require.Equal(t, lending.ClassInvalid, lending.ClassOf(err))
	refuse(w, officer, lending.IssueContract{Loan: id}, lending.ErrState)
	refuse(w, party("ann"), lending.SignContract{Loan: id, Hash: hash(1)}, lending.ErrState)
}
