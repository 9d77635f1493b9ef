package lending_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

var update = flag.Bool("update", false, "write the golden streams of a new encoding")

// golden holds a whole platform's feed as released: kind, id, type and data of every record. The
// files stay for ever: each must decode, fold and keep the books in every later release.
const (
	golden        = "testdata/golden/v1.txt"
	goldenPerUser = "testdata/golden/v1-per-user.txt" // with a custodian that keeps sub-accounts
)

// life runs a life in which every event of an omnibus custodian happens, with fixed keys and dates.
func life(w *world) {
	calmLife(w)
	troubles(w)
	automatic(w)
	office(w)
	tenders(w)
	fromBook(w)
	originations(w)
	serviced(w)
	parties(w)
	movedIn(w)
	accelerations(w)
	changes(w)
	promoted(w)
	lapses(w)
}

// lapses has a cover never pay what it took on, so that the layer behind it is asked.
func lapses(w *world) {
	p := covered()
	p.Covers[0], p.Covers[1] = p.Covers[1], p.Covers[0]
	id := w.lent(p, 60_000, 6, "12% per year", "bob", "eve")
	w.day = w.loan(id).Plan.At(0).Due.AddDays(5)
	w.dayEnd()
	for w.loan(id).Dues[0].Promised[0] > 0 {
		do(w, officer, giveUp{"pot-b"})
	}
	w.dayEnd()
	require.Positive(w.t, w.loan(id).Covers[1].Paid, "the other cover is asked")
}

// accelerations ends a loan's plan before its time.
func accelerations(w *world) {
	id := w.lent(standard(), 60_000, 6, "12% per year", "bob", "eve")
	w.day = w.day.AddDays(40)
	do(w, officer, lending.Accelerate{Loan: id, Reason: "misuse"})
	w.repay(id, 30_000)
	w.deliver()
}

func calmLife(w *world) {
	w.register("ann", "bob", "eve", "pot-a", "pot-b")
	do(w, officer, lending.Freeze{Party: "eve"})
	do(w, officer, lending.Freeze{Party: "eve", Lift: true})
	p := rich()
	p.Covers = []lending.CoverTerms{{Name: "pot-a", Kind: lending.CoverProvisionFund, Cap: amt(5000, cny), TriggerDays: 2}, {Name: "pot-b", Kind: lending.CoverGuarantor, TriggerDays: 10}}
	w.deposit("pot-a", amt(900_000, cny))
	w.deposit("ann", amt(123, cny))
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
	plan := w.loan(id).Plan
	w.day = plan.At(0).Due
	w.repay(id, plan.At(0).Total.Minor())
	w.day = plan.At(1).Due.AddDays(3)
	w.dayEnd() // the first cover pays
	w.repay(id, plan.At(1).Total.Minor()/2)
	do(w, party("bob"), lending.Withdraw{Amount: amt(w.wallet("bob", cny).Available, cny)})
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.deliver()
	do(w, officer, sell{id, lending.Assignment{Lot: 0, Units: 123_457, To: "eve"}})
	w.day = w.day.AddDays(130)
	w.dayEnd()
	do(w, officer, lending.WriteOff{Loan: id, Reason: "overdue"})
	w.deliver()
	w.repay(id, 50_000)
	w.deliver()

	w.deposit("bob", amt(2_000_000, cny)) // pays what he owes
	off := w.open(standard(), 5000, 1, "0% per year")
	do(w, officer, lending.CancelTender{Loan: off, Reason: "withdrawn"})
	gone := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1}).Loan
	do(w, analyst, lending.Decline{Loan: gone, Reason: "policy"})
	back := w.open(standard(), 5000, 1, "0% per year")
	w.deposit("bob", amt(5000, cny))
	do(w, party("bob"), lending.PlaceBid{Loan: back, Amount: amt(5000, cny)})
	do(w, officer, lending.ReviewFunding{Loan: back})
	w.deliver()
	do(w, officer, lending.CancelFunding{Loan: back, Reason: "withdrawn"})
	w.deliver()
	apart := standard()
	apart.ID, apart.Transfers.ByTerm = "apart", true
	early := w.lent(apart, 5000, 3, "12% per year", "bob", "eve")
	do(w, officer, sell{early, lending.Assignment{Lot: 0, Units: 2500, Span: lending.Span{From: 1, To: 2}, To: "eve"}})
	w.day = w.day.AddDays(10)
	w.deposit("ann", amt(6000, cny))
	do(w, party("ann"), lending.PayOff{Loan: early})
	w.deliver()
	behind := standard()
	behind.ID, behind.Transfers.ByRank = "ranked", true
	behind.Fees = append(behind.Fees, lending.Fee{ID: "ready", Timing: lending.AtPayout, Payee: lending.ToParty, Party: "eve",
		Base: lending.OnInterest, PPM: 100_000, Round: money.Down, Standby: true})
	id = w.lent(behind, 5000, 3, "12% per year", "bob", "eve")
	do(w, party("bob"), lending.Subordinate{Loan: id, Lot: 0, Rank: 1})
	do(w, officer, call{id, "eve", false})
	w.repay(id, 700)
	in := do(w, bank, lending.Deposit{Party: "bob", Amount: amt(77, cny)})
	do(w, bank, lending.ReverseDeposit{Payment: in.Payment})
	do(w, bank, lending.TopUp{Amount: amt(1, cny)})
	b := w.reports().Ledger()
	do(w, bank, lending.TopUp{Amount: amt(b.Total(ledger.KindTopupDue, cny), cny)})
	do(w, cashier, lending.SweepFees{Amount: amt(1_000, cny)})
	w.deliver()
}

// fromBook has offers stand in a book, a loan filled from it and the rest withdrawn.
func fromBook(w *world) {
	w.withBook()
	w.deposit("bob", amt(20_000, cny))
	w.deposit("eve", amt(20_000, cny))
	w.offer("bob", 3, 6_000, "9% per year")
	w.offer("eve", 3, 6_000, "8% per year")
	id := w.open(tendered(lending.MarketRate), 10_000, 3, "12% per year")
	w.match(id)
	do(w, party("bob"), lending.WithdrawOffer{Market: "rolling", Offer: 1})
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
}

// parties has a party identified, categorised and tested, receipts without an owner assigned and
// sent back, and a party that excludes itself, falls asleep, is woken and leaves.
func parties(w *world) {
	until, hash := w.day.AddDays(700), event.Hash{7}
	do(w, officer, lending.MarkRelated{Party: "bob"})
	do(w, officer, lending.RecordIdentity{Party: "bob", Identity: lending.Identity{Evidence: hash, Expires: until}})
	do(w, officer, lending.RecordCategory{Party: "bob", Category: lending.Category{
		Name: "restricted", Evidence: hash, Expires: until,
		Limits: lending.Limits{NetWorth: amt(5_000_000, cny), Share: 100_000}}})
	do(w, officer, lending.RecordAppropriateness{Party: "bob",
		Result: lending.Appropriateness{Passed: true, Evidence: hash, Expires: until}})
	do(w, party("bob"), lending.Exclude{Until: w.day.AddDays(30)})
	w.register("zoe")
	w.bank.Script(nil)
	got := do(w, bank, lending.Receive{Amount: amt(300, cny), Reference: hash}).Receipt
	do(w, cashier, lending.AssignReceipt{Receipt: got, Party: "zoe"})
	got = do(w, bank, lending.Receive{Amount: amt(400, cny), Reference: hash}).Receipt
	do(w, cashier, lending.ReturnReceipt{Receipt: got})
	w.deliver()
	do(w, party("zoe"), lending.Withdraw{Amount: amt(300, cny)})
	w.deliver()
	w.day = w.day.AddDays(365)
	do(w, timer, lending.MarkDormant{Party: "zoe"})
	do(w, officer, lending.RecordIdentity{Party: "zoe", Identity: lending.Identity{Evidence: hash, Expires: until}})
	do(w, party("zoe"), lending.Reactivate{Party: "zoe"})
	do(w, party("zoe"), lending.CloseParty{Party: "zoe"})
}

// tenders has one tender of each mechanism, and every way in which one goes on and ends.
func tenders(w *world) {
	w.deposit("bob", amt(1_000_000, cny))
	w.deposit("eve", amt(1_000_000, cny))
	for m := lending.ProRata; m < lending.MarketRate; m++ {
		p := tendered(m)
		p.Tender.DelayDays, p.Tender.EarlyClose, p.Tender.OnDeadline = 1, true, lending.AskBorrower
		p.Tender.MinFundedRatio, p.Tender.AnswerDays = 500_000, 2
		p.Tender.Extensions, p.Tender.ExtendDays = 1, 3
		id := w.open(p, 10_000, 3, "12% per year")
		w.day = w.day.AddDays(1)
		w.dayEnd()
		w.bid(id, "bob", 4000, "9% per year")
		w.bid(id, "eve", 4000, "8% per year")
		do(w, officer, lending.ExtendTender{Loan: id, Until: w.loan(id).Deadline.AddDays(2)})
		if m > lending.UniformMarginal {
			w.bid(id, "bob", 4000, "7% per year")
			do(w, officer, lending.CloseTender{Loan: id})
		} else {
			w.day = w.loan(id).Deadline.AddDays(1)
			w.dayEnd()
			do(w, party("ann"), lending.AcceptFunding{Loan: id})
		}
		w.deliver()
		do(w, officer, lending.ReviewFunding{Loan: id})
		w.deliver()
	}
	p := tendered(lending.PayAsBid)
	p.Tender.CancelDays = 4
	id := w.open(p, 10_000, 3, "12% per year")
	w.bid(id, "bob", 4000, "9% per year")
	do(w, party("bob"), lending.WithdrawBid{Loan: id, Bid: 1})
}

// originations has a loan asked for and shown everything, one withdrawn and one that lapses.
func originations(w *world) {
	w.bank.Script(nil)
	carefully(w)
	w.through(combined(1, 0, channels()[15]), "bob") // all off line
	short := standard()
	short.ExpiryDays = 1
	do(w, officer, lending.DefineProduct{Product: short})
	mill := lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1, Project: hash(1)}
	taken := do(w, party("ann"), mill).Loan
	do(w, party("ann"), lending.WithdrawApplication{Loan: taken, Reason: "elsewhere"})
	do(w, party("ann"), mill)
	w.day = w.day.AddDays(2)
	w.dayEnd() // it lapses
}

// automatic has standing orders bid on a loan, in steps; one is off by a loan, one by hand.
func automatic(w *world) {
	w.register("ula", "vic")
	w.withQueue(lending.QueueRules{Turns: lending.KeepsPlace, ManualPPM: 100_000})
	m := upTo(3_000)
	m.Takes = lending.LoanFilter{MaxRate: schedule.MustRate("12% per year"), MaxMonths: 12, Products: []lending.ProductID{"std"}}
	m.Retain, m.PerGrade = 500, []lending.GradeCap{{Grade: "A", Minor: 9_000}}
	for _, p := range []lending.PartyID{"ula", "vic", "eve"} {
		w.standing(p, m)
		w.deposit(p, amt(4_000, cny))
	}
	w.deposit("bob", amt(4_000, cny))
	w.fill(w.openFor("ann", 8_000))
	one := w.openFor("ula", 2_000)
	do(w, party("bob"), lending.PlaceBid{Loan: one, Amount: amt(2_000, cny)})
	do(w, officer, lending.ReviewFunding{Loan: one})
	w.deliver()
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{} })
	do(w, cashier, lending.Disburse{Loan: one})
	w.deliver()
	w.fill(w.openFor("ann", 4_000))
	for m := range w.queue().All() {
		do(w, party(m.Lender), lending.SwitchOff{Market: "retail", Mandate: m.ID})
	}
}

// troubles has a payout fail and be repeated, and a custodian that forgets ids go down in the
// middle of a withdrawal.
func troubles(w *world) {
	w.bank.Script(func(in payment.Instruction) memory.Script {
		return memory.Script{Parts: []int64{in.Amount.Minor() / 3}, Fail: strings.HasSuffix(string(in.ID), ".d1")}
	})
	id := w.open(standard(), 5000, 2, "12% per year")
	w.deposit("eve", amt(5000, cny))
	do(w, party("eve"), lending.PlaceBid{Loan: id, Amount: amt(5000, cny)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	for range 2 {
		do(w, cashier, lending.Disburse{Loan: id})
		w.deliver()
		w.deliver()
	}
	require.Equal(w.t, lending.StateActive, w.loan(id).State)
	first := payment.ID(id + ".d1")
	do(w, bank, lending.Observe{Report: end(first, 5000, payment.Settled)})
	do(w, cashier, lending.ResolveDispute{Report: end(first, 1666, payment.Failed)})
	w.bank.Dedup(false)
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{Unknown: 1} })
	in := do(w, party("bob"), lending.Withdraw{Amount: amt(9, cny)}).Instruction
	_, err := w.desk.Deliver(context.Background(), w.day)
	require.ErrorIs(w.t, err, memory.ErrDown)
	w.deliver() // parked: it may have been paid
	require.ErrorIs(w.t, try(w, party("bob"), lending.ReleasePayment{Payment: in.ID}), lending.ErrActor)
	do(w, cashier, lending.ReleasePayment{Payment: in.ID})
	w.deliver()
	require.Equal(w.t, 1, w.bank.Payments(in.ID))
}

// dump writes a feed as text.
func (w *world) dump() []byte {
	var b bytes.Buffer
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(w.t, err)
		if len(changes) == 0 {
			return b.Bytes()
		}
		for _, c := range changes {
			fmt.Fprintf(&b, "%s %s %s %s\n", c.Stream.Kind, c.Stream.ID, c.Record.Type, hex.EncodeToString(c.Record.Data))
		}
		pos = next
	}
}

// The same commands give the same bytes on every machine and in every release of this encoding
// (P10). A difference here is a change of behaviour: a released file is never updated, a new
// version of an event gets a new file.
func TestGoldenStreams(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	w.golden(t, golden)
	w = newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1, Custody: lending.PerUser})
	w.bank.Put(fees, amt(10_000_000, cny))
	refused := false
	w.bank.Script(func(in payment.Instruction) memory.Script {
		once := !refused && in.Kind == payment.Transfer
		refused = refused || once
		return memory.Script{Reject: once}
	})
	calmLife(w)
	w.golden(t, goldenPerUser)
}

// golden compares the feed with a released one.
func (w *world) golden(t *testing.T, file string) {
	got := w.dump()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run once with -update")
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Fatalf("streams differ from the released ones:\n%s", diff)
	}
	w.reports()
}

// Released streams fold to the same state as they did, without any rule being asked (P11): the
// digest was written down with the file.
func TestGoldenStreamsFold(t *testing.T) {
	seen := map[string]bool{}
	for file, digest := range map[string]string{golden: goldenDigest, goldenPerUser: perUserDigest} {
		require.Equal(t, digest, foldGolden(t, file, seen), file)
	}
	for _, e := range lending.AllEvents() {
		name := e.(interface{ Type() string }).Type()
		require.True(t, seen[lending.KindOf(e)+" "+name], "%T does not occur in a golden life", e)
	}
}

// foldGolden folds a file, notes the events that it has and returns a digest of the end.
func foldGolden(t *testing.T, file string, seen map[string]bool) string {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	r := new(lending.Reports)
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		require.Len(t, f, 4)
		raw, err := hex.DecodeString(f[3])
		require.NoError(t, err)
		require.NoError(t, r.Apply(event.Change{Stream: event.Stream{Kind: f[0], ID: f[1]}, Record: event.Record{Type: f[2], Data: raw}}))
		seen[f[0]+" "+f[2]] = true
	}
	require.NoError(t, r.Check())
	state, err := json.Marshal([]any{r.TrialBalance(1), r.TrialBalance(2), r.TrialBalance(3),
		r.Portfolio("bob", cny), r.Portfolio("eve", cny), r.Portfolio("pot-a", cny), r.Statements("ann")})
	require.NoError(t, err)
	sum := sha256.Sum256(state)
	return hex.EncodeToString(sum[:8])
}

const (
	goldenDigest  = "d9c3e99b83074748"
	perUserDigest = "a4a77c9611bd3e7d"
)
