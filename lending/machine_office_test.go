package lending_test

import (
	"context"
	"errors"
	"fmt"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
)

// office closes and reopens periods, tries entries of closed ones, records sources, pays referral
// fees and follows complaints.
func (m *machine) office(t *rapid.T) {
	switch rapid.IntRange(0, 12).Draw(t, "office") {
	case 0:
		m.closePeriod(t)
	case 1:
		run(m, officer, lending.ReopenPeriod{Locked: m.day.AddDays(-rapid.IntRange(2, 60).Draw(t, "back")), Reason: "late-invoice"})
	case 2:
		m.backdate(t)
	case 3:
		m.acquire(t)
	case 4, 5:
		m.refer(t)
	case 6:
		from := m.day.AddDays(-rapid.IntRange(0, 90).Draw(t, "from"))
		w := m.desks[0]
		w.flowsAgree(t, w.follow, draw(t, "currency", m.curs), from, from.AddDays(rapid.IntRange(1, 90).Draw(t, "days")))
		channelsTie(t, w.follow, cny)
	case 7, 8:
		m.sweep(t)
	default:
		m.complain(t)
	}
}

// sweep takes fees out, up to a little more than there are.
func (m *machine) sweep(t *rapid.T) {
	c := draw(t, "currency", m.curs)
	b := m.desks[0].follow.Ledger()
	due, topup := b.Total(ledger.KindFeesDue, c), b.Total(ledger.KindTopupDue, c)
	want := rapid.Int64Range(1, due+2).Draw(t, "sweep")
	err := run(m, cashier, lending.SweepFees{Amount: amt(want, c)})
	if errors.Is(err, lending.ErrFunds) != (want > due-max(0, topup)) {
		t.Fatalf("sweep of %d, due %d, to be topped up %d: %v", want, due, topup, err)
	}
}

// closePeriod closes the books on every desk: all the same, or all refused for the same reason.
func (m *machine) closePeriod(t *rapid.T) {
	through := m.day.AddDays(-rapid.IntRange(0, 40).Draw(t, "back"))
	var carry []lending.MatterKind
	if rapid.IntRange(0, 3).Draw(t, "carry") > 0 {
		carry = []lending.MatterKind{lending.MatterTransit, lending.MatterTopup}
	}
	m.keys++
	meta := lending.Meta{Key: fmt.Sprintf("m%d", m.keys), Actor: officer, On: m.day, Approver: chief}
	var first error
	var hash event.Hash
	for i, w := range m.desks {
		closed, err := w.desk.ClosePeriod(context.Background(), meta, through, carry...)
		if i == 0 {
			first, hash = err, closed.Hash
		}
		same(t, "close", lending.CodeOf(first), lending.CodeOf(err))
		same(t, "hash of the close", hash, closed.Hash)
		w.advance(t)
	}
	m.counts[fmt.Sprintf("lending.ClosePeriod %s", lending.CodeOf(first))]++
	m.settle()
	m.verifyCloses(t)
}

// verifyCloses holds every close that stands against the ledger, which has moved on since.
func (m *machine) verifyCloses(t *rapid.T) {
	w := m.desks[0]
	b, _, err := lending.View(context.Background(), w.desk, lending.BooksRef())
	if err != nil || b.Closed.After(b.Locked) {
		t.Fatalf("books %+v: %v", b, err)
	}
	for _, c := range b.Closes {
		if err := w.desk.VerifyClose(context.Background(), c.Through); err != nil {
			t.Fatal(err)
		}
	}
}

// backdate sends a deposit of an earlier day: it is booked if and only if the day is not locked.
func (m *machine) backdate(t *rapid.T) {
	b, _, err := lending.View(context.Background(), m.desks[0].desk, lending.BooksRef())
	if err != nil {
		t.Fatal(err)
	}
	m.back = rapid.IntRange(1, 40).Draw(t, "early")
	on := m.day.AddDays(-m.back)
	a := amt(1, draw(t, "currency", m.curs))
	err = run(m, bank, lending.Deposit{Party: m.party(t), Amount: a})
	if locked := !on.After(b.Locked); locked != errors.Is(err, lending.ErrClosed) || !locked && err != nil {
		t.Fatalf("deposit of %s, locked through %s: %v", on, b.Locked, err)
	}
	if m.back = 0; err == nil {
		m.bank[a.Currency()] += a.Minor()
	}
	m.verifyCloses(t)
}

// acquire defines campaigns, records sources and books costs.
func (m *machine) acquire(t *rapid.T) {
	terms := spring(m.day)
	if rapid.Bool().Draw(t, "borrowers") {
		terms = autumn(m.day)
	}
	run(m, officer, lending.DefineCampaign{Terms: terms})
	p := m.party(t)
	run(m, officer, lending.RecordSource{Party: p, Source: lending.Source{Campaign: terms.ID, Referrer: m.party(t)}})
	run(m, officer, lending.ChargeCampaign{Campaign: terms.ID, Amount: amt(minor(t, 900), cny)})
}

// refer takes referral fees as far as they go; each arrives once, in the right wallet.
func (m *machine) refer(t *rapid.T) {
	for _, c := range m.desks[0].follow.ReferralsDue() {
		run(m, timer, c)
	}
	p := m.party(t)
	for _, q := range m.parties {
		if a := m.desks[0].follow.Acquisition(q); a != nil && a.Fee > 0 && !a.Credited {
			p = q
		}
	}
	run(m, cashier, lending.PayReferral{Party: p})
	a := m.desks[0].follow.Acquisition(p)
	if a == nil || a.Fee == 0 {
		return
	}
	was := m.desks[0].follow.Ledger().Balance(ledger.Bank(), cny)
	if run(m, bank, lending.CreditReferral{Party: p, Amount: amt(a.Fee, cny)}) == nil {
		m.bank[cny] += a.Fee
		same(t, "cash of the fee", was+a.Fee, m.desks[0].follow.Ledger().Balance(ledger.Bank(), cny))
	}
}

// complain opens something in the register or takes an entry a step on.
func (m *machine) complain(t *rapid.T) {
	cases := m.desks[0].follow.Complaints(m.day).Cases
	if len(cases) == 0 || rapid.IntRange(0, 3).Draw(t, "open") == 0 {
		p := m.party(t)
		err := run(m, party(p), lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.ComplaintKind(rapid.IntRange(1, 3).Draw(t, "kind")),
			From: p, Subject: lending.Subject{Person: draw(t, "person", []lending.ActorID{"", "amir", "olga"})}})
		same(t, "opened", err, nil)
		cases = m.desks[0].follow.Complaints(m.day).Cases
	}
	c := cases[len(cases)-1]
	if rapid.IntRange(0, 3).Draw(t, "old") == 0 {
		c = draw(t, "case", cases)
	}
	who := draw(t, "who", []lending.Actor{officer, analyst, party(c.From), timer})
	step, outcome := rapid.IntRange(0, 6).Draw(t, "step"), lending.Outcome(rapid.IntRange(1, 5).Draw(t, "outcome"))
	if !c.Answered.IsZero() && c.Closed.IsZero() && rapid.IntRange(0, 3).Draw(t, "end") > 0 {
		step, who, outcome = 5, draw(t, "closer", []lending.Actor{officer, analyst}), lending.OutcomeAnswered
		if c.Kind == lending.Complaint {
			outcome = lending.OutcomeUpheld
		}
	}
	switch step {
	case 0:
		run(m, who, lending.AcknowledgeComplaint{Complaint: c.ID})
	case 1:
		run(m, who, lending.AssignComplaint{Complaint: c.ID, To: "amir"})
	case 2, 6:
		run(m, officer, lending.AnswerComplaint{Complaint: c.ID, Text: event.Hash{2}})
	case 3:
		run(m, who, lending.EscalateComplaint{Complaint: c.ID, Reason: "slow"})
	case 4:
		run(m, who, lending.RaiseFlag{Party: c.From, Flag: "doubt", Complaint: c.ID})
	case 5:
		if run(m, who, lending.CloseComplaint{Complaint: c.ID, Outcome: outcome}) == nil && c.Subject.Person == who.ID {
			t.Fatalf("complaint %s was closed by whom it is about", c.ID)
		}
	}
}
