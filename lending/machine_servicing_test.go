package lending_test

import (
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
)

// serve changes what a running loan owes by a person's decision.
func (m *machine) serve(t *rapid.T) {
	l := m.loan(t, lending.StateActive, lending.StateActive, lending.StateWrittenOff)
	if l == nil {
		return
	}
	switch rapid.IntRange(0, 7).Draw(t, "serve") {
	case 0:
		m.levy(t, l)
	case 1:
		list := waivers(l)
		if len(list) == 1 {
			m.levy(t, l)
			list = waivers(m.desks[0].follow.Loan(l.ID))
		}
		run(m, officer, draw(t, "waiver", list))
	case 2, 3:
		m.callBack(t, l)
	case 4:
		m.goodwill(t, l)
	case 5:
		who, a := m.party(t), amt(minor(t, 20_000), l.Currency())
		m.fund(who, a)
		run(m, party(who), lending.Refund{Loan: l.ID, From: who, Amount: a})
	case 6:
		run(m, officer, giveUp{draw(t, "pot", []string{"pot-a", "pot-b"})})
	case 7:
		who, a := m.party(t), amt(minor(t, 20_000), l.Currency())
		m.fund(who, a)
		run(m, officer, sellThing{Pot: string(who), Loan: l.ID, Amount: a,
			For: draw(t, "for", []lending.PartyID{"", "", "pot-a", "pot-b"})})
	}
}

// callBack has a payment called back, in whole or in part.
func (m *machine) callBack(t *rapid.T, l *lending.Loan) {
	if closed := m.loan(t, lending.StateClosed); closed != nil && rapid.IntRange(0, 3).Draw(t, "closed") == 0 {
		l = closed
	}
	c := lending.Chargeback{Loan: l.ID, Reason: "r"}
	if n := len(l.History); n > 0 && rapid.Bool().Draw(t, "which") {
		c.Payment = l.History[rapid.IntRange(0, n-1).Draw(t, "payment")].N
		c.Amount = amt(minor(t, 5_000), l.Currency())
	}
	run(m, officer, c)
}

// goodwill has the platform pay, and the money come at once or never.
func (m *machine) goodwill(t *rapid.T, l *lending.Loan) {
	a := amt(minor(t, 10_000), l.Currency())
	run(m, cashier, lending.PayGoodwill{Loan: l.ID, Amount: a, Reason: "r"})
	if rapid.Bool().Draw(t, "comes") && run(m, bank, lending.CreditGoodwill{Loan: l.ID, Amount: a}) == nil {
		m.bank[a.Currency()] += a.Minor()
	}
}

func (m *machine) levy(t *rapid.T, l *lending.Loan) {
	c := lending.LevyCharge{Loan: l.ID, Fee: draw(t, "fee", []lending.Code{"visit", "late"}),
		Component: draw(t, "component", []lending.Component{lending.Fees, lending.Costs}),
		Amount:    amt(minor(t, 5_000), l.Currency()), Reason: "r",
		Payee: lending.Payee(rapid.IntRange(1, 3).Draw(t, "payee")),
		Due:   m.day.AddDays(rapid.IntRange(0, 40).Draw(t, "due"))}
	if c.Payee == lending.ToParty {
		c.Party = m.party(t)
	}
	run(m, officer, c)
}

// waivers lists what a borrower can be let off, and principal, which he cannot.
func waivers(l *lending.Loan) []lending.Waive {
	list := []lending.Waive{{Loan: l.ID, Component: lending.Principal, Reason: "r"}}
	for n := range l.Charges {
		if l.Charges[n].Unpaid() > 0 {
			list = append(list, lending.Waive{Loan: l.ID, Charge: n + 1, Reason: "r"})
		}
	}
	for i := range l.Dues {
		for _, c := range []lending.Component{lending.Interest, lending.Penalty} {
			if l.Dues[i].Unpaid()[c] > 0 {
				list = append(list, lending.Waive{Loan: l.ID, Component: c, Instalment: i, Reason: "r"})
			}
		}
	}
	return list
}
