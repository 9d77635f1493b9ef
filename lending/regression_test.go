package lending_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Defects that a hostile reading of the package found. Each test asserts the right behaviour.

// zero money fee rows, 100% recovery fee, write-off with advances
func TestRegressionWriteOffWithAdvances(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "eve", "pot-a", "pot-b")
	w.deposit("pot-a", amt(1_000_000, cny))
	w.deposit("pot-b", amt(10_000, cny))
	p := covered()
	p.Fees = rich().Fees
	p.Late = rich().Late
	id := w.lent(p, 100_000, 3, "12% per year", "bob", "eve")
	w.day = w.loan(id).Dues[0].Date.AddDays(10)
	w.dayEnd()
	w.day = w.loan(id).Dues[1].Date.AddDays(10)
	w.dayEnd()
	do(w, officer, lending.WriteOff{Loan: id, Reason: "x"})
	w.reports()
	for range 30 {
		due, err := w.loan(id).DueOn(w.day)
		require.NoError(t, err)
		if due.IsZero() {
			break
		}
		n := min(7_777, due.Minor())
		if w.loan(id).State != lending.StateWrittenOff {
			break
		}
		w.repay(id, n)
		if w.loan(id).Payments%3 == 0 {
			do(w, officer, lending.ReversePayment{Loan: id, Reason: "x"})
			w.repay(id, n/2+1)
		}
		w.dayEnd()
		w.reports()
	}
	t.Log(w.loan(id).State)
}

type twoAhead struct{ Loan lending.LoanID }

func (c twoAhead) Home(lending.Meta) event.Ref[market] { return markets.Ref(string(c.Loan)) }
func (twoAhead) Allowed() []lending.Role               { return []lending.Role{lending.RoleOfficer} }
func (c twoAhead) Decide(t *lending.Tx, _ *market) (sold, error) {
	for i := range 2 {
		if _, err := t.Advance(c.Loan, lending.Demand{Instalment: i, Amount: amt(1000, cny)}, "pot-a"); err != nil {
			return sold{}, err
		}
	}
	return sold{}, nil
}

type doze struct{ On civil.Date }
type dozing struct{ On civil.Date }

func (dozing) Type() string           { return "dozing" }
func (e dozing) Apply(d *doze)        { d.On = e.On }
func (e *dozing) Code(c *event.Codec) { c.Date(&e.On) }

var dozes = event.NewKind("guarantee-demand", func(d *doze) civil.Date { return d.On }, event.On[dozing]())

type setDoze struct {
	ID string
	On civil.Date
}

func (c setDoze) Home(lending.Meta) event.Ref[doze]             { return dozes.Ref(c.ID) }
func (setDoze) Allowed() []lending.Role                         { return []lending.Role{lending.RoleSystem} }
func (c setDoze) Decide(t *lending.Tx, _ *doze) (dozing, error) { return dozing{c.On}, nil }

// a part's stream whose id is as long as the kernel allows is never woken
func TestRegressionLongIDNeverWakes(t *testing.T) {
	part := lending.Part{Kinds: []event.AnyKind{dozes}, Wake: map[string]func(context.Context, *lending.Desk, lending.Meta, string) error{
		"guarantee-demand": func(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
			_, err := lending.Do(ctx, d, m, setDoze{id, civil.Date{}})
			return err
		}}}
	w := newWorld(t, lending.Config{Parts: []lending.Part{part}})
	do(w, timer, setDoze{strings.Repeat("x", 110), w.day})
	_, err := w.desk.DayEnd(context.Background(), w.day)
	require.NoError(t, err)
}

// A payment that was taken back leaves what is owed as if it had never come.
func TestRegressionReversalIsNeutral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		payee := rapid.SampledFrom([]lending.Payee{lending.ToPlatform, lending.ToLenders}).Draw(t, "payee")
		days := rapid.SliceOfN(rapid.IntRange(0, 40), 1, 8).Draw(t, "days")
		at := rapid.IntRange(0, len(days)-1).Draw(t, "pay")
		back := rapid.IntRange(at, len(days)-1).Draw(t, "back")
		prior := rapid.Int64Range(0, 40_000).Draw(t, "prior")
		amount := rapid.Int64Range(1, 30_000).Draw(t, "amount")
		off := rapid.Bool().Draw(t, "payoff")
		endDays := rapid.Bool().Draw(t, "ends")
		var owed []int64
		for k := range 2 {
			w := newWorld(t, lending.Config{})
			w.register("ann", "bob", "eve")
			p := rich()
			p.Fees[1].Payee = payee
			id := w.lent(p, 90_000, 4, "12% per year", "bob", "eve")
			if prior > 0 {
				w.repay(id, prior)
			}
			for i, d := range days {
				w.day = w.day.AddDays(d)
				if endDays {
					w.dayEnd()
				}
				if k == 1 && i == at {
					if off {
						o, err := w.loan(id).Payoff(w.day)
						require.NoError(t, err)
						w.deposit("ann", o)
						do(w, party("ann"), lending.PayOff{Loan: id})
					} else {
						w.repay(id, amount)
					}
				}
				if k == 1 && i == back {
					do(w, officer, lending.ReversePayment{Loan: id, Reason: "x"})
				}
			}
			due, err := w.loan(id).DueOn(w.day)
			require.NoError(t, err)
			po, err := w.loan(id).Payoff(w.day)
			require.NoError(t, err)
			owed = append(owed, due.Minor(), po.Minor())
			w.reports()
		}
		if owed[0] != owed[2] || owed[1] != owed[3] {
			t.Fatalf("without: due %d payoff %d; with: due %d payoff %d", owed[0], owed[1], owed[2], owed[3])
		}
	})
}

// Two lenders, random splits, tiny payments, write-off: books and loans agree
func TestRegressionMixed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{Chunk: rapid.IntRange(1, 3).Draw(t, "chunk"), Parts: []lending.Part{toyPart()}})
		w.register("ann", "bob", "eve", "dan", "pot-a", "pot-b")
		p := rich()
		p.Covers = covered().Covers
		p.Fees[1].Payee = lending.ToLenders
		w.deposit("pot-a", amt(rapid.Int64Range(1, 40_000).Draw(t, "a"), cny))
		w.deposit("pot-b", amt(rapid.Int64Range(1, 40_000).Draw(t, "b"), cny))
		id := w.lent(p, 30_000, 3, "12% per year", "bob", "eve", "dan")
		for range 25 {
			w.day = w.day.AddDays(rapid.IntRange(0, 20).Draw(t, "d"))
			w.dayEnd()
			l := w.loan(id)
			switch rapid.IntRange(0, 6).Draw(t, "op") {
			case 0:
				try(w, officer, lending.ReversePayment{Loan: id, Reason: "x"})
				w.deliver()
			case 1:
				if l.DaysPastDue(w.day) > 60 {
					try(w, officer, lending.WriteOff{Loan: id, Reason: "x"})
				}
			case 2, 3, 4:
				n := rapid.Int64Range(1, 12_000).Draw(t, "n")
				w.deposit("ann", amt(n, cny))
				try(w, party("ann"), lending.Repay{Loan: id, Amount: amt(n, cny)})
				w.deliver()
			case 5:
				i := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
				to := rapid.SampledFrom([]lending.PartyID{"bob", "eve", "dan"}).Draw(t, "to")
				try(w, officer, sell{id, lending.Assignment{Lot: i, Units: rapid.Int64Range(1, l.Lots[i].Units).Draw(t, "u"), To: to}})
			}
			w.reports()
		}
	})
}

// A settled withdrawal comes back (returned wire), or a failed one was paid after all: no command books it.
func TestRegressionReturnedPayout(t *testing.T) {
	for _, first := range []payment.Status{payment.Settled, payment.Failed} {
		w := newWorld(t, lending.Config{})
		w.register("bob")
		w.deposit("bob", amt(1000, cny))
		id := do(w, party("bob"), lending.Withdraw{Amount: amt(1000, cny)}).Instruction.ID
		ends := map[payment.Status]payment.Report{
			payment.Settled: {Instruction: id, Paid: amt(1000, cny), Status: payment.Settled},
			payment.Failed:  {Instruction: id, Status: payment.Failed}}
		do(w, bank, lending.Observe{Report: ends[first]})
		second := payment.Settled + payment.Failed - first
		do(w, bank, lending.Observe{Report: ends[second]})
		err := try(w, cashier, lending.ResolveDispute{Report: ends[second]})
		t.Logf("%s then %s: bob %d; resolve: %v", first, second, w.wallet("bob", cny).Available, err)
		if err != nil {
			t.Fail()
		}
	}
	_ = require.New
}

type meet struct {
	payment.Gateway
	mu sync.Mutex
	n  int
	ch chan struct{}
}

func (g *meet) Query(ctx context.Context, id payment.ID) (payment.Report, error) {
	r, err := g.Gateway.Query(ctx, id)
	g.mu.Lock()
	g.n++
	n := g.n
	if n == 2 {
		close(g.ch)
	}
	g.mu.Unlock()
	if n <= 2 {
		<-g.ch
	}
	return r, err
}

// Two processes deliver at once to a bank that does not recognise a repeated id.
func TestRegressionConcurrentDeliverPaysTwice(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.bank.Dedup(false)
	w.register("bob")
	w.deposit("bob", amt(1000, cny))
	id := do(w, party("bob"), lending.Withdraw{Amount: amt(1000, cny)}).Instruction.ID
	g := &meet{Gateway: w.bank, ch: make(chan struct{})}
	var wg sync.WaitGroup
	for range 2 {
		d, err := lending.Open(lending.Config{Store: w.store, Gateway: g})
		require.NoError(t, err)
		wg.Go(func() { d.Deliver(context.Background(), w.day) })
	}
	wg.Wait()
	require.Equal(t, int64(1000), w.bank.Paid(id), "the bank paid more than was asked")
}

// the same from one desk
func TestRegressionConcurrentDeliverOneDesk(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.bank.Dedup(false)
	w.register("bob")
	w.deposit("bob", amt(1000, cny))
	id := do(w, party("bob"), lending.Withdraw{Amount: amt(1000, cny)}).Instruction.ID
	g := &meet{Gateway: w.bank, ch: make(chan struct{})}
	d, err := lending.Open(lending.Config{Store: w.store, Gateway: g})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { d.Deliver(context.Background(), w.day) })
	}
	wg.Wait()
	require.Equal(t, int64(1000), w.bank.Paid(id), "the bank paid more than was asked")
}

// A reversal after the trigger day has passed: nobody asks the cover any more.
func TestRegressionReversalNeverAsksCover(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "pot-a", "pot-b")
	w.deposit("pot-a", amt(1_000_000, cny))
	w.deposit("pot-b", amt(1_000_000, cny))
	id := w.lent(covered(), 100_000, 2, "12% per year", "bob")
	l := w.loan(id)
	w.day = l.Dues[0].Date
	w.repay(id, l.Plan.At(0).Total.Minor())
	w.day = l.Dues[1].Date.AddDays(6) // second missed: asked and paid? stop before the advance
	_, err := lending.Do(context.Background(), w.desk, w.meta(timer), lending.EndDay{Loan: id})
	require.NoError(t, err)
	w.day = w.day.AddDays(1)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	for range 120 {
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
	l = w.loan(id)
	require.Zero(t, l.Dues[0].Missing().Total(), "instalment 1 was never covered: asked %b", l.Dues[0].Asked)
}

// same without covers: late fee never booked by the day-end
func TestRegressionReversalNeverAssessed(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(rich(), 100_000, 2, "12% per year", "bob")
	l := w.loan(id)
	w.day = l.Dues[0].Date
	w.repay(id, l.Plan.At(0).Total.Minor())
	w.day = l.Dues[1].Date.AddDays(4)
	w.dayEnd()
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	for range 30 {
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
	require.NotZero(t, w.loan(id).Dues[0].Owed[lending.Fees], "late fee of instalment 1 not booked")
}

func capped(ppm, most int64) lending.Product {
	p := standard()
	p.Fees = []lending.Fee{{ID: "svc", Timing: lending.AtPayout, Payee: lending.ToPlatform, Base: lending.OnPayment,
		PPM: ppm, Max: most, Point: lending.RunningTotal, Round: money.Down}}
	return p
}

// A lender's fee with a maximum, and a lot split by amount: the fee is more than what is received.
func TestRegressionCappedFeeAfterSplitBlocksRepayment(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	id := w.lent(capped(100_000, 500), 100_000, 12, "12% per year", "bob")
	w.repay(id, 20_000) // fee is 500, the cap
	do(w, party("bob"), lending.Withdraw{Amount: amt(w.wallet("bob", cny).Available, cny)})
	do(w, officer, sell{id, lending.Assignment{Lot: 0, Units: 50_000, To: "eve"}})
	w.deposit("ann", amt(100, cny))
	err := try(w, party("ann"), lending.Repay{Loan: id, Amount: amt(100, cny)})
	require.NoError(t, err, "the borrower cannot repay 1.00")
	w.reports()
}

func TestRegressionCappedFeeAfterSplitTakesFromWallet(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	id := w.lent(capped(100_000, 500), 100_000, 12, "12% per year", "bob")
	w.repay(id, 20_000) // fee is 500, the cap
	do(w, officer, sell{id, lending.Assignment{Lot: 0, Units: 50_000, To: "eve"}})
	w.deposit("eve", amt(10_000, cny))
	w.repay(id, 100)
	require.GreaterOrEqual(t, w.wallet("eve", cny).Available, int64(10_000), "receiving a repayment cost eve money")
}

// Uncapped: the lots' fees and the platform's income part company.
func TestRegressionFeeOfNothingAfterSplit(t *testing.T) {
	for _, ppm := range []int64{10_000, 300_000, 500_000} {
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob", "eve", "dan")
		p := capped(ppm, 0)
		bad := 0
		for units := int64(1); units < 60; units++ {
			id := w.lent(p, 10_000, 1, "0% per year", "bob", "dan")
			w.repay(id, 3000+units)
			do(w, officer, sell{id, lending.Assignment{Lot: 0, Units: units * 71, To: "eve"}})
			for range 8 {
				e := w.repay(id, 1)
				for i := range e.Vectors[0].Shares {
					if f := e.FeeOf(i); f > 0 && e.Vectors[0].Shares[i] < f {
						bad++
					}
				}
			}
		}
		r := w.reports()
		var fees int64
		for _, p := range []lending.PartyID{"bob", "eve", "dan"} {
			fees += r.Portfolio(p, cny).Fees.Minor()
		}
		if in := r.Income(cny)[0].Amount.Minor(); in != fees || bad > 0 {
			t.Errorf("ppm %d: income %d, fees of portfolios %d; %d shares smaller than their fee", ppm, in, fees, bad)
		}
	}
}

type slowQuery struct {
	payment.Gateway
	left int
}

func (g *slowQuery) Query(ctx context.Context, id payment.ID) (payment.Report, error) {
	if g.left--; g.left >= 0 {
		return payment.Report{}, payment.ErrNotFound
	}
	return g.Gateway.Query(ctx, id)
}

// Submit said nil: the custodian has it. Its queue is slow: the instruction is parked and no one looks again.
func TestRegressionAcknowledgedIsParked(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.bank.Dedup(false)
	w.register("bob")
	w.deposit("bob", amt(1000, cny))
	id := do(w, party("bob"), lending.Withdraw{Amount: amt(1000, cny)}).Instruction.ID
	g := &slowQuery{w.bank, 3}
	d, err := lending.Open(lending.Config{Store: w.store, Gateway: g})
	require.NoError(t, err)
	for range 10 {
		_, err := d.Deliver(context.Background(), w.day)
		require.NoError(t, err)
	}
	p, _, err := lending.View(context.Background(), d, lending.PaymentRef(id))
	require.NoError(t, err)
	require.Equal(t, int64(1000), w.bank.Paid(id))
	require.Equal(t, payment.Settled, p.State.Status, "parked=%t although the bank acknowledged and paid", p.Parked)
}

// The bank's day is before everything that has happened.
func TestRegressionInterestBeforeDisbursement(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.funded(standard(), 100_000, 3, "12% per year", "bob")
	do(w, cashier, lending.Disburse{Loan: id})
	ordered := w.day
	_, err := w.desk.Deliver(context.Background(), civil.MustParse("2020-01-01"))
	l := w.loan(id)
	require.True(t, err != nil || !l.Plan.Terms().Start.Before(ordered), "interest runs from %s, ordered on %s, published %s", l.Plan.Terms().Start, ordered, l.Published)
}

func TestRegressionFrozenBorrowerIsPaid(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.funded(standard(), 100_000, 3, "12% per year", "bob")
	do(w, officer, lending.Freeze{Party: "ann"})
	require.Error(t, try(w, cashier, lending.Disburse{Loan: id}), "a frozen borrower was paid out")
}

func TestRegressionBorrowerApprovesHimself(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("amir", "bob")
	p := standard()
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party("amir"), lending.Apply{Product: p.ID, Amount: amt(10_000, cny), Periods: 3}).Loan
	require.Error(t, try(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("1% per year")}), "amir approved his own loan")
}

func TestRegressionWalletBytes(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	w.deposit("bob", amt(1000, cny))
	for range 6 {
		id := w.open(standard(), 10_000, 3, "12% per year")
		do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(100, cny)})
	}
	v := w.wallet("bob", cny)
	first := event.Encode(nil, 1, v)
	for range 50 {
		require.True(t, bytes.Equal(first, event.Encode(nil, 1, v)), "same wallet, other bytes")
	}
}

type ahead struct {
	Loan  lending.LoanID
	Inst  int
	Minor int64
}

func (c ahead) Home(lending.Meta) event.Ref[market] { return markets.Ref(string(c.Loan)) }
func (ahead) Allowed() []lending.Role               { return []lending.Role{lending.RoleOfficer} }
func (c ahead) Decide(t *lending.Tx, _ *market) (sold, error) {
	_, err := t.Advance(c.Loan, lending.Demand{Instalment: c.Inst, Amount: amt(c.Minor, cny)}, "pot-a")
	return sold{}, err
}

type hidden struct {
	Loan lending.LoanID
	sum  money.Amount
}

func (c hidden) Home(lending.Meta) event.Ref[market]           { return markets.Ref("x") }
func (hidden) Allowed() []lending.Role                         { return []lending.Role{lending.RoleOfficer} }
func (c hidden) Decide(t *lending.Tx, _ *market) (sold, error) { return sold{}, nil }

func TestRegressionFingerprintPanics(t *testing.T) {
	w := newWorld(t, lending.Config{})
	require.NotPanics(t, func() { try(w, officer, hidden{"L", amt(1, cny)}) })
}

// A chunk paid by hand: the desk never gets on.
func TestRegressionForeignChunk(t *testing.T) {
	w := newWorld(t, lending.Config{Chunk: 1})
	w.register("ann", "bob", "eve", "dan")
	id := w.lent(standard(), 100_000, 2, "12% per year", "bob", "eve", "dan")
	w.deposit("ann", amt(1000, cny))
	e := do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(1000, cny)})
	do(w, timer, lending.PayChunk{Payout: e.Payout, From: 0})
	_, err := w.desk.Deliver(context.Background(), w.day)
	require.NoError(t, err)
	_, err = w.desk.DayEnd(context.Background(), w.day.AddDays(1))
	require.NoError(t, err)
}

// A promise that was dropped because the borrower paid counts against the cap for ever, and is not
// asked again after the payment bounced.
func TestRegressionDroppedPromise(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "pot-a", "pot-b")
	p := covered()
	p.Covers = p.Covers[1:]
	p.Covers[0].Cap = amt(60_000, cny)
	id := w.lent(p, 100_000, 2, "12% per year", "bob")
	l := w.loan(id)
	w.day = l.Dues[0].Date.AddDays(5)
	w.dayEnd() // asked, no money yet
	w.repay(id, l.Plan.At(0).Total.Minor())
	w.day = w.day.AddDays(1)
	w.dayEnd() // the demand is dropped
	t.Logf("cover use %+v", w.loan(id).Covers)
	w.deposit("pot-b", amt(1_000_000, cny))
	w.day = l.Dues[1].Date.AddDays(6)
	w.dayEnd()
	require.Zero(t, w.loan(id).Dues[1].Missing().Total(), "cap 600.00, 0.00 ever paid out for instalment 1, yet %+v", w.loan(id).Covers)
}

// day-end of yesterday after a payment of today
func TestRegressionLateDayEnd(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(rich(), 100_000, 2, "12% per year", "bob")
	due := w.loan(id).Dues[0].Date
	w.day = due.AddDays(5)
	w.repay(id, 1)
	_, err := w.desk.DayEnd(context.Background(), due.AddDays(4))
	require.NoError(t, err)
}

// A gateway that mixes up two answers.
type mixed struct {
	payment.Gateway
	other payment.ID
}

func (g mixed) Query(ctx context.Context, id payment.ID) (payment.Report, error) {
	return payment.Report{Instruction: g.other, Paid: amt(700, cny), Status: payment.Settled}, nil
}

func TestRegressionMixedUpReport(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("bob", "eve")
	w.deposit("bob", amt(1000, cny))
	w.deposit("eve", amt(700, cny))
	a := do(w, party("bob"), lending.Withdraw{Amount: amt(1000, cny)}).Instruction.ID
	b := do(w, party("eve"), lending.Withdraw{Amount: amt(700, cny)}).Instruction.ID
	d, _ := lending.Open(lending.Config{Store: oneMessage{w.store, string(a)}, Gateway: mixed{w.bank, b}})
	n, err := d.Deliver(context.Background(), w.day)
	p, _, _ := lending.View(context.Background(), d, lending.PaymentRef(b))
	t.Logf("n=%d err=%v eve's payment %+v", n, err, p.State)
	require.Zero(t, p.State.Status, "asked about bob's, settled eve's")
}

type oneMessage struct {
	*memory.Store
	id string
}

func (s oneMessage) Due(ctx context.Context, now time.Time, limit int) ([]event.Message, error) {
	ms, err := s.Store.Due(ctx, now, limit)
	var out []event.Message
	for _, m := range ms {
		if m.ID == s.id {
			out = append(out, m)
		}
	}
	return out, err
}

// Cover pays what is due and nothing else: interest of an instalment to come may never be owed.
func TestRegressionAdvanceBeforeTheDueDate(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "pot-a")
	w.deposit("pot-a", amt(1_000_000, cny))
	id := w.lent(covered(), 100_000, 2, "12% per year", "bob")
	require.ErrorIs(t, try(w, officer, ahead{id, 1, 60_000}), lending.ErrState)
	w.day = w.loan(id).Dues[1].Date
	require.NoError(t, try(w, officer, ahead{id, 1, 60_000}))
	w.reports()
}

// One command advances once on a loan, whatever the size of a chunk.
func TestRegressionSecondAdvance(t *testing.T) {
	for _, chunk := range []int{1000, 1} {
		w := newWorld(t, lending.Config{Chunk: chunk, Parts: []lending.Part{toyPart()}})
		w.register("ann", "bob", "eve", "pot-a")
		w.deposit("pot-a", amt(1_000_000, cny))
		id := w.lent(covered(), 100_000, 3, "12% per year", "bob", "eve")
		w.day = w.loan(id).Dues[1].Date.AddDays(1)
		require.ErrorIs(t, try(w, officer, twoAhead{id}), lending.ErrPending)
	}
}

// A loan that the custodian paid out in part and cannot pay on begins all the same: the rest is in
// the borrower's wallet.
func TestRegressionPartlyPaidOut(t *testing.T) {
	w := newWorld(t, lending.Config{})
	n := 0
	w.bank.Script(func(payment.Instruction) memory.Script {
		if n++; n == 1 {
			return memory.Script{Parts: []int64{4000}, Fail: true}
		}
		return memory.Script{Reject: true}
	})
	w.register("ann", "bob")
	id := w.funded(standard(), 10_000, 3, "12% per year", "bob")
	require.ErrorIs(t, try(w, cashier, lending.CreditRest{Loan: id}), lending.ErrState)
	for range 2 {
		do(w, cashier, lending.Disburse{Loan: id})
		w.deliver()
		w.deliver()
	}
	require.ErrorIs(t, try(w, officer, lending.CancelFunding{Loan: id, Reason: "gone"}), lending.ErrState)
	do(w, cashier, lending.CreditRest{Loan: id})
	require.Equal(t, lending.StateActive, w.loan(id).State)
	require.Equal(t, int64(6000), w.wallet("ann", cny).Available)
	w.reports()
}

// A parked payment on which the custodian reports after all is brought to its end without people.
func TestRegressionParkedIsStillAskedAbout(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.bank.Dedup(false)
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{LoseAck: true} })
	w.register("bob")
	w.deposit("bob", amt(1000, cny))
	id := do(w, party("bob"), lending.Withdraw{Amount: amt(1000, cny)}).Instruction.ID
	d, err := lending.Open(lending.Config{Store: w.store, Gateway: &slowQuery{w.bank, 3}})
	require.NoError(t, err)
	_, err = d.Deliver(context.Background(), w.day)
	require.ErrorIs(t, err, memory.ErrLost)
	parked := false
	for range 5 {
		_, err := d.Deliver(context.Background(), w.day)
		require.NoError(t, err)
		p, _, err := lending.View(context.Background(), d, lending.PaymentRef(id))
		require.NoError(t, err)
		parked = parked || p.Parked
		if p.State.Status == payment.Settled {
			require.True(t, parked)
			require.Equal(t, 1, w.bank.Payments(id))
			w.reports()
			return
		}
	}
	t.Fatal("the custodian's report was never heard")
}
