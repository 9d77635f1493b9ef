package lending_test

import (
	"context"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
)

// guests are the parties of the machine that come and go: they are limited, exclude themselves, fall
// asleep and leave. The others stay, so that loans go on.
var guests = []lending.PartyID{"sam", "kim", "lou", "max"}

// partyConfig is what all desks of the machine ask of their parties.
func partyConfig(cfg lending.Config) lending.Config {
	cfg.Parties.DormantAfterDays = 40
	cfg.Withdrawals = []lending.WithdrawalRules{{Currency: cny, Max: amt(900_000, cny), CountADay: 6, Fee: amt(2, cny)}}
	return cfg
}

// receipt receives money of nobody, assigns it or sends it back.
func (m *machine) receipt(t *rapid.T) {
	open := m.desks[0].follow.Suspense(m.day)
	if len(open) == 0 || rapid.IntRange(0, 2).Draw(t, "receive") == 0 {
		a := amt(minor(t, 5000), draw(t, "currency", m.curs))
		if run(m, bank, lending.Receive{Amount: a, Reference: event.Hash{byte(a.Minor())}}) == nil {
			m.bank[a.Currency()] += a.Minor()
		}
		return
	}
	id := draw(t, "receipt", open).Receipt
	if rapid.Bool().Draw(t, "return") {
		run(m, cashier, lending.ReturnReceipt{Receipt: id})
		return
	}
	run(m, cashier, lending.AssignReceipt{Receipt: id, Party: draw(t, "party", slices.Concat(m.parties, guests))})
}

// standing changes what a guest may do, and has him try it.
func (m *machine) standing(t *rapid.T) {
	p, hash := draw(t, "guest", guests), event.Hash{9}
	c := draw(t, "currency", m.curs)
	switch rapid.IntRange(0, 9).Draw(t, "standing") {
	case 0:
		run(m, party(p), lending.Exclude{Until: m.day.AddDays(rapid.IntRange(0, 20).Draw(t, "days"))})
	case 1:
		run(m, timer, lending.MarkDormant{Party: p})
	case 2:
		run(m, officer, lending.RecordIdentity{Party: p, Identity: lending.Identity{Evidence: hash, Expires: m.day.AddDays(30)}})
		run(m, party(p), lending.Reactivate{Party: p})
	case 3:
		run(m, officer, lending.CloseParty{Party: p})
	case 4:
		run(m, party(p), lending.Reactivate{Party: p})
	case 5:
		run(m, officer, lending.RecordCategory{Party: p, Category: lending.Category{Name: "retail", Evidence: hash,
			Expires: m.day.AddDays(30), Limits: lending.Limits{PerBorrower: amt(2000, c), Total: amt(3000, c)}}})
	case 6:
		run(m, officer, lending.MarkRelated{Party: p, Lift: rapid.Bool().Draw(t, "lift")})
	case 7:
		m.fund(p, amt(minor(t, 9000), c))
	case 8:
		if has := m.desks[0].wallet(p, c).Available; has > 2 {
			run(m, party(p), lending.Withdraw{Amount: amt(has-2, c)})
		}
	case 9:
		if l := m.loan(t, lending.StateOpen); l != nil {
			run(m, party(p), lending.PlaceBid{Loan: l.ID, Amount: amt(minor(t, 3000), l.Currency())})
		}
	}
}

// checkParties holds the books and the wallets against what the machine knows of parties: a wallet
// is noted on its party exactly when it was used, suspense is what receipts say, and a party that
// left had nothing.
func (m *machine) checkParties() {
	w := m.desks[0]
	p := draw(m.t, "look at", slices.Concat(m.parties, guests))
	v, err := w.desk.Party(context.Background(), p)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, c := range m.curs {
		wallet, version, err := lending.View(context.Background(), w.desk, lending.WalletRef(p, c))
		if err != nil {
			m.t.Fatal(err)
		}
		same(m.t, fmt.Sprintf("%s noted in %s", p, c), version > 0, slices.Contains(v.Wallets, c))
		if v.Closed && (len(wallet.Stakes()) > 0 || len(wallet.Liabilities()) > 0) {
			m.t.Fatalf("%s left with loans", p)
		}
		var sum int64
		for _, s := range w.follow.Suspense(m.day) {
			if s.Amount.Currency() == c {
				sum += s.Amount.Minor()
			}
		}
		same(m.t, "suspense in "+c.Code(), w.follow.Ledger().Total(ledger.KindSuspense, c), sum)
	}
}
