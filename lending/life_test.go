package lending_test

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
)

// observer notes every change of a loan's state in a feed.
type observer struct{ seen []lending.Transition }

// see takes in one change, before the reports do.
func (o *observer) see(before *lending.Loan, r *lending.Reports, c event.Change) {
	from, l := lending.State(0), r.Loan(lending.LoanID(c.Stream.ID))
	if l == nil {
		return // a memo before its first event
	}
	if before != nil {
		from = before.State
	}
	if x := (lending.Transition{From: from, Event: c.Record.Type, To: l.State}); x.From != x.To && !slices.Contains(o.seen, x) {
		o.seen = append(o.seen, x)
	}
}

// observe folds a whole feed.
func observe(w *world) []lending.Transition {
	var o observer
	r := new(lending.Reports)
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(w.t, err)
		if len(changes) == 0 {
			return o.seen
		}
		for _, c := range changes {
			var before *lending.Loan
			if l := r.Loan(lending.LoanID(c.Stream.ID)); l != nil {
				was := *l
				before = &was
			}
			require.NoError(w.t, r.Apply(c))
			if c.Stream.Kind == "loan" {
				o.see(before, r, c)
			}
		}
		pos = next
	}
}

// The table of a loan's life is what happens: the golden life and a few more take no step that is
// not in it, and every step that is.
func TestLife(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	others(w)
	early(w)
	w.bank.Script(nil)
	ended(w)
	seen := observe(w)
	w = newWorld(t, perUser())
	w.register("ann", "bob")
	w.lent(standard(), 1000, 2, "12% per year", "bob")
	seen = append(seen, observe(w)...)
	require.Subset(t, lending.Life(), seen, "steps that the table does not have")
	for _, x := range lending.Life() {
		if !slices.Contains(seen, x) {
			t.Errorf("never seen: %s -%s-> %s", x.From, x.Event, x.To)
		}
	}
}

// others takes the ways out that the golden life leaves out.
func others(w *world) {
	p := standard()
	p.ExpiryDays = 5
	for _, end := range []string{"decline", "withdraw", "lapse"} {
		id := w.asked(p, 5000)
		back := w.asked(p, 5000)
		do(w, analyst, lending.ReferBack{Loan: back, Reason: "r"})
		yes := w.asked(p, 5000)
		do(w, analyst, lending.Approve{Loan: yes, Rate: p.MinRate})
		for _, id := range []lending.LoanID{id, back, yes} {
			switch end {
			case "decline":
				do(w, analyst, lending.Decline{Loan: id, Reason: "r"})
			case "withdraw":
				do(w, party("ann"), lending.WithdrawApplication{Loan: id, Reason: "r"})
			}
		}
	}
	w.day = w.day.AddDays(6)
	w.dayEnd()
	full := w.open(standard(), 5000, 1, "0% per year")
	w.deposit("eve", amt(5000, cny))
	do(w, party("eve"), lending.PlaceBid{Loan: full, Amount: amt(5000, cny)})
	do(w, officer, lending.CancelTender{Loan: full, Reason: "r"})
	id := w.lent(standard(), 5000, 1, "0% per year", "eve")
	w.repay(id, 5000)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.day = w.day.AddDays(60)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "r"})
	w.deposit("ann", amt(10_000, cny))
	w.repay(id, 5000)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	found := lending.RepayAsOf{Loan: id, Amount: amt(5000, cny), Value: w.day, Reason: "found"}
	do(w, officer, found)
	found.Loan = w.lent(standard(), 5000, 1, "0% per year", "eve")
	w.deposit("ann", amt(5000, cny))
	do(w, officer, found)
	half := w.funded(standard(), 5000, 1, "0% per year", "eve")
	w.bank.Script(func(in payment.Instruction) memory.Script {
		return memory.Script{Parts: []int64{in.Amount.Minor() / 2}, Fail: true}
	})
	do(w, cashier, lending.Disburse{Loan: half})
	w.deliver()
	w.deliver()
	do(w, cashier, lending.CreditRest{Loan: half})
}

// early takes the ways on from a tender that is announced, and the silent one from an offer.
func early(w *world) {
	w.bank.Script(nil)
	p := standard()
	p.ExpiryDays = 30
	p.Tender.DelayDays, p.Tender.OnDeadline, p.Tender.AnswerDays, p.Tender.MinFundedRatio = 2, lending.AskBorrower, 3, 500_000
	do(w, officer, lending.CancelTender{Loan: w.open(p, 5000, 1, "0% per year"), Reason: "r"})
	amended := w.open(p, 5000, 1, "0% per year")
	do(w, analyst, lending.AmendListing{Loan: amended, Amount: amt(4000, cny)})
	full, first := w.open(p, 5000, 1, "0% per year"), w.open(p, 5000, 1, "0% per year")
	w.deposit("eve", amt(9000, cny))
	w.day = w.day.AddDays(2) // bids come before the day-end
	w.bid(full, "eve", 5000, "0% per year")
	w.bid(first, "eve", 4000, "0% per year")
	for w.day = w.loan(first).Deadline.AddDays(1); w.loan(first).State != lending.StateFailed; w.day = w.day.AddDays(4) {
		w.dayEnd()
	}
}

// The drawing of the life is the table's.
func TestLifeDiagram(t *testing.T) {
	const name = "testdata/life.mmd"
	got := lending.LifeDiagram()
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
