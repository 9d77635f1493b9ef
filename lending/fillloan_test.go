package lending_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// bazaar is a small market on desks that differ in their chunk, with the plain queue beside it.
type bazaar struct {
	t       *rapid.T
	g       *autoMarket
	desks   []*world
	plain   *plainQueue
	parties []lending.PartyID
	step    int
	joined  map[lending.MandateID]int
	bid     map[lending.MandateID]int
	turn    map[lending.MandateID]int
	frozen  map[lending.PartyID]bool
	bids    int // automatic ones in the last move
	offs    int // orders that a filling switched off
}

func newBazaar(t *rapid.T) *bazaar {
	g := &autoMarket{t: t}
	b := &bazaar{t: t, g: g, plain: &plainQueue{rules: g.rules()},
		joined: map[lending.MandateID]int{}, bid: map[lending.MandateID]int{}, turn: map[lending.MandateID]int{},
		frozen: map[lending.PartyID]bool{}}
	for _, cfg := range []lending.Config{{Chunk: 1000}, {Chunk: 1, States: -1}, {Chunk: 7}} {
		w := newWorld(t, cfg)
		w.day = first
		b.desks = append(b.desks, w)
	}
	for i := range 6 {
		b.parties = append(b.parties, lending.PartyID(fmt.Sprintf("l%d", i)))
	}
	b.all(func(w *world) {
		w.register(b.parties...)
		w.withQueue(b.plain.rules)
	})
	return b
}

// all does a thing on every desk.
func (b *bazaar) all(f func(*world)) {
	for _, w := range b.desks {
		f(w)
	}
}

func (b *bazaar) loan(states ...lending.State) *lending.Loan {
	r, fit := b.desks[0].reports(), []lending.LoanID(nil)
	for _, id := range r.Loans() {
		if l := r.Loan(id); slices.Contains(states, l.State) && !b.frozen[l.Borrower] {
			fit = append(fit, id)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	return r.Loan(draw(b.t, "loan", fit))
}

func (b *bazaar) deposit(t *rapid.T) {
	p, n := draw(t, "party", b.parties), b.g.small("deposit", 1, 60)
	if b.desks[0].wallet(p, cny).Available < 120 {
		b.all(func(w *world) { w.deposit(p, amt(n, cny)) })
	}
}

func (b *bazaar) switchOn(t *rapid.T) {
	p, m := draw(t, "party", b.parties), b.g.mandate()
	m.ID, m.Lender, m.Currency = "", "", money.Currency{}
	if b.g.small("loose", 0, 3) > 0 {
		m.Takes, m.From, m.Until, m.Min = lending.LoanFilter{}, civil.Date{}, civil.Date{}, 1
	}
	var first error
	var got lending.MandateOn
	b.all(func(w *world) {
		got, first = lending.Do(context.Background(), w.desk, w.meta(party(p)), lending.SwitchOn{Market: "retail", Mandate: m})
	})
	if first == nil {
		b.plain.line = append(b.plain.line, got.Mandate)
		b.step++
		b.joined[got.Mandate.ID] = b.step
	}
}

func (b *bazaar) switchOff(t *rapid.T) {
	if len(b.plain.line) == 0 {
		t.Skip("empty")
	}
	m := draw(t, "mandate", b.plain.line)
	b.all(func(w *world) { do(w, party(m.Lender), lending.SwitchOff{Market: "retail", Mandate: m.ID}) })
	b.off(m.ID)
}

func (b *bazaar) off(id lending.MandateID) {
	b.plain.off(id)
	delete(b.joined, id)
}

func (b *bazaar) publish(t *rapid.T) {
	p := standard()
	p.ID = draw(t, "product", []lending.ProductID{"p", "q", "r"})
	p.Tender.OpenDays, p.Tender.MaxPerBid = 9, b.g.seldom("max share", 1, lending.Million)
	p.MinAmount, p.MaxAmount, p.MinPeriods = amt(12, cny), amt(60, cny), 1
	p.Tender.Tail = draw(t, "tail", []lending.TailRule{lending.AllowSmallLast, lending.RefuseTail})
	p.Tender.MaxShare = b.g.seldom("share of a lender", 1, lending.Million)
	if n := b.g.seldom("of a lender", 6, 30); n > 0 {
		p.Tender.MaxPerLender = amt(n, cny)
	}
	p.Tender.MinBid = amt(b.g.small("min bid", 1, 6), cny)
	if n := b.g.seldom("increment", 1, 6); n > 0 {
		p.Tender.Increment = amt(n, cny)
	}
	who, a, n := draw(t, "borrower", b.parties), b.g.small("amount", 12, 60), int(b.g.small("months", 1, 24))
	rate, grade := schedule.MustRate("10% per year"), draw(t, "grade", []lending.Code{"", "A", "B", "C"})
	if b.frozen[who] {
		t.Skip("frozen")
	}
	b.all(func(w *world) {
		do(w, officer, lending.DefineProduct{Product: p})
		id := do(w, party(who), lending.Apply{Product: p.ID, Amount: amt(a, cny), Periods: n}).Loan
		do(w, analyst, lending.Approve{Loan: id, Rate: rate, Grade: grade})
		do(w, officer, lending.Publish{Loan: id})
	})
}

// manual bids by hand, with the automatic ones between.
func (b *bazaar) manual(t *rapid.T) {
	l, p := b.loan(lending.StateOpen), draw(t, "party", b.parties)
	if l == nil {
		t.Skip("no open loan")
	}
	n := b.g.small("manual", 1, 20)
	b.all(func(w *world) { _ = try(w, party(p), lending.PlaceBid{Loan: l.ID, Amount: amt(n, cny)}) })
}

// go on with a full loan; its borrower becomes a debtor.
func (b *bazaar) disburse(t *rapid.T) {
	l := b.loan(lending.StateFullyFunded)
	if l == nil {
		t.Skip("no full loan")
	}
	b.all(func(w *world) {
		do(w, officer, lending.ReviewFunding{Loan: l.ID})
		w.deliver()
		do(w, cashier, lending.Disburse{Loan: l.ID})
		w.deliver()
	})
}

func (b *bazaar) freeze(t *rapid.T) {
	p := draw(t, "party", b.parties)
	if !b.frozen[p] && b.g.small("freeze", 0, 3) > 0 {
		t.Skip("seldom")
	}
	b.all(func(w *world) { do(w, officer, lending.Freeze{Party: p, Lift: b.frozen[p]}) })
	b.frozen[p] = !b.frozen[p]
}

func (b *bazaar) day(*rapid.T) {
	b.all(func(w *world) { w.day = w.day.AddDays(1) })
}

// fill fills a loan on every desk and holds what came of it against the plain queue.
func (b *bazaar) fill(t *rapid.T) {
	l := b.loan(lending.StateOpen)
	if l == nil {
		t.Skip("no open loan")
	}
	b.step++
	r, line, free := b.desks[0].reports(), lineOf(b.desks[0].queue()), map[lending.PartyID]int64{}
	table := map[lending.PartyID]lending.Purse{}
	for _, p := range b.parties {
		free[p] = r.Ledger().Balance(lending.Avail(p), cny)
		table[p] = b.purse(r, l, p)
	}
	w := wantedOf(l)
	var got lending.QueueFilled
	var first error
	for i, d := range b.desks {
		m := d.meta(timer)
		f, err := d.desk.Fill(context.Background(), m, "retail", l.ID)
		if i == 0 {
			got, first = f, err
		}
		require.Equal(t, got, f, "chunk of desk %d", i)
		require.Equal(t, lending.CodeOf(first), lending.CodeOf(err))
		again, err := d.desk.Fill(context.Background(), m, "retail", l.ID)
		require.Equal(t, f, again, "the same key")
		require.Equal(t, lending.CodeOf(first), lending.CodeOf(err))
	}
	if first != nil {
		day := b.desks[0].day
		require.True(t, errors.Is(first, lending.ErrDate) && day.Before(l.Published.AddDays(b.plain.rules.DelayDays)) ||
			errors.Is(first, lending.ErrBid) && day.After(l.Deadline), "%v", first)
		return
	}
	orders := map[lending.MandateID]lending.Mandate{}
	for _, m := range b.plain.line {
		orders[m.ID] = m
	}
	want := b.plain.fill(w, b.desks[0].day, func(p lending.PartyID) lending.Purse { return table[p] })
	require.Equal(t, want.bids, got.Bids)
	require.Equal(t, len(want.bids)+len(want.skipped), got.Turns)
	bids := map[lending.MandateID]int64{}
	for _, x := range got.Bids {
		bids[x.Mandate] = x.Minor
		b.kept(orders[x.Mandate], l.ID, free[x.Lender], x.Minor)
	}
	nobodyPassedOver(t, b.plain.rules.Turns, line, got.Turns, bids, b.joined, b.bid, b.turn)
	for i, id := range line[:got.Turns] {
		if b.turn[id] = b.step*100 + i; bids[id] > 0 {
			b.bid[id] = b.turn[id]
		}
	}
	var off []lending.MandateID
	for _, s := range want.skipped {
		if table[orders[s.Mandate].Lender].Debtor && s.Why >= lending.SkipOnce && s.Why <= lending.SkipDebtor {
			off = append(off, s.Mandate)
			b.off(s.Mandate)
		}
	}
	require.Equal(t, off, got.Off)
	b.bids, b.offs = len(got.Bids), len(off)
}

// purse is what the reports say that a lender has.
func (b *bazaar) purse(r *lending.Reports, l *lending.Loan, p lending.PartyID) lending.Purse {
	v := lending.Purse{Free: r.Ledger().Balance(lending.Avail(p), cny), Barred: b.frozen[p]}
	for _, id := range r.Loans() {
		x, has := r.Loan(id), int64(0)
		for _, bid := range x.Bids {
			if bid.Lender == p && len(x.Lots) == 0 {
				has += bid.Amount
			}
		}
		for _, lot := range x.Lots {
			if lot.Holder == p {
				has += lot.Units - lot.Paid[lending.Principal]
			}
		}
		v.Total += has
		if x.Borrower == l.Borrower {
			v.Borrower += has
		}
		if x.Grade == l.Grade {
			v.Grade += has
		}
		if id == l.ID {
			v.Here = has
		}
		v.Debtor = v.Debtor || x.State == lending.StateActive && x.Borrower == p
	}
	return v
}

// kept holds a bid that was made against its mandate, by the wallet as it is now.
func (b *bazaar) kept(m lending.Mandate, id lending.LoanID, free, minor int64) {
	w, l := b.desks[0].wallet(m.Lender, cny), b.desks[0].loan(id)
	require.Equal(b.t, free-minor, w.Available)
	require.GreaterOrEqual(b.t, w.Available, m.Retain, "the retained balance is never touched")
	require.NotEqual(b.t, l.Borrower, m.Lender)
	require.True(b.t, m.PerBorrower == 0 || w.LentTo(l.Borrower) <= m.PerBorrower)
	require.True(b.t, m.Total == 0 || w.LentTotal() <= m.Total)
	for _, g := range m.PerGrade {
		require.True(b.t, g.Grade != l.Grade || w.LentInGrade(g.Grade) <= g.Minor)
	}
}

func wantedOf(l *lending.Loan) lending.Wanted {
	t, lenders := l.Product.Tender, map[lending.PartyID]bool{}
	for _, b := range l.Bids {
		lenders[b.Lender] = true
	}
	w := lending.Wanted{Loan: l.ID, Borrower: l.Borrower, Product: l.Product.ID, Grade: l.Grade, Currency: cny,
		Amount: l.Amount.Minor(), Raised: l.Raised, Lenders: len(lenders), Rate: l.Rate, Months: l.Periods,
		MinBid: t.MinBid.Minor(), Increment: t.Increment.Minor(), Opened: l.Published, Deadline: l.Deadline}
	if t.MaxPerBid > 0 {
		w.MaxBid = max(t.MinBid.Minor(), w.Amount*t.MaxPerBid/lending.Million)
	}
	w.MaxPerLender, w.NoTail = t.MaxPerLender.Minor(), t.Tail == lending.RefuseTail
	if share := max(t.MinBid.Minor(), w.Amount*t.MaxShare/lending.Million); t.MaxShare > 0 && (w.MaxPerLender == 0 || share < w.MaxPerLender) {
		w.MaxPerLender = share
	}
	return w
}

// check compares the desks' queues with the plain one.
func (b *bazaar) check(t *rapid.T) {
	ids := []lending.MandateID(nil)
	for _, m := range b.plain.line {
		ids = append(ids, m.ID)
	}
	b.all(func(w *world) { require.Equal(t, ids, lineOf(w.queue())) })
}

// Over any course of standing orders, listings, manual bids, deposits, payouts and frozen parties,
// on desks whose chunks differ: what is bid is what the plain queue bids with the purses that the
// reports show; nobody is passed over; no bid breaks its mandate; the same key does nothing twice.
func TestFillAgreesWithPlainLoop(t *testing.T) {
	t.Parallel()
	done := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		b := newBazaar(t)
		moves := map[string]func(*rapid.T){"": b.check}
		for name, f := range map[string]func(*rapid.T){
			"deposit": b.deposit, "on": b.switchOn, "on2": b.switchOn, "off": b.switchOff, "publish": b.publish, "manual": b.manual,
			"disburse": b.disburse, "freeze": b.freeze, "day": b.day, "fill": b.fill, "fill2": b.fill,
		} {
			moves[name] = func(t *rapid.T) {
				b.t, b.g.t = t, t
				f(t)
				done[name]++
				done["bids"], done["offs"] = done["bids"]+b.bids, done["offs"]+b.offs
				b.bids, b.offs = 0, 0
			}
		}
		for i, p := range b.parties {
			b.all(func(w *world) { w.deposit(p, amt(int64(20+17*i), cny)) })
			b.switchOn(t)
		}
		b.publish(t)
		b.publish(t)
		t.Repeat(moves)
		b.all(func(w *world) { w.reports() })
	})
	if runs() < 100 {
		return // too few to have seen everything
	}
	for _, name := range []string{"fill", "manual", "disburse", "bids", "offs"} {
		require.NotZero(t, done[name], name)
	}
	t.Log(done)
}
