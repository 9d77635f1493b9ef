package lending_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
)

// liveBook draws up the book of a world and reads its text back.
func (w *world) liveBook() *lending.LiveBook {
	b, err := w.desk.LiveBook(context.Background(), w.day)
	require.NoError(w.t, err)
	return b
}

func bookText(t require.TestingT, b *lending.LiveBook) []byte {
	var buf bytes.Buffer
	_, err := b.WriteTo(&buf)
	require.NoError(t, err)
	return buf.Bytes()
}

// only is the book without what it leaves behind, as another desk would draw it up.
func only(b *lending.LiveBook) *lending.LiveBook {
	moves := *b
	moves.Left, moves.LeftLoans, moves.Totals = nil, nil, nil
	totals := slices.Clone(b.Totals)
	for _, l := range b.Left { // what is left may balance to nothing in the old books
		if !slices.ContainsFunc(totals, func(v lending.StatedTotal) bool { return v.Kind == l.Account.Kind && v.Currency == l.Currency }) {
			totals = append(totals, lending.StatedTotal{Kind: l.Account.Kind, Currency: l.Currency})
		}
	}
	place := func(v lending.StatedTotal) int {
		return slices.IndexFunc(b.Totals, func(o lending.StatedTotal) bool { return o.Currency == v.Currency })*1000 + int(v.Kind)
	}
	slices.SortStableFunc(totals, func(x, y lending.StatedTotal) int { return place(x) - place(y) })
	for _, v := range totals {
		for _, l := range b.Left {
			if l.Account.Kind == v.Kind && l.Currency == v.Currency {
				v.Debit -= l.Debit
			}
		}
		if v.Debit != 0 {
			moves.Totals = append(moves.Totals, v)
		}
	}
	return &moves
}

// importer is the meta of an import that accepts what is left behind.
func (w *world) importer() lending.Meta {
	m := w.meta(officer)
	m.Accept = []lending.Code{lending.LeftBehind}
	return m
}

// movedTo takes the book of a world into a fresh one by way of its text, draws it up there again and
// compares.
func (w *world) movedTo(cfg lending.Config) *world {
	text := bookText(w.t, w.liveBook())
	b, err := lending.ReadLiveBook(bytes.NewReader(text))
	require.NoError(w.t, err)
	require.Equal(w.t, string(text), string(bookText(w.t, b)))
	to := newWorld(w.t, cfg)
	to.day = w.day
	_, err = to.desk.Import(context.Background(), to.importer(), "move", b)
	require.NoError(w.t, err)
	require.Equal(w.t, string(bookText(w.t, only(b))), string(bookText(w.t, to.liveBook())))
	to.keys = 1_000_000
	sameReports(w, to, b)
	return to
}

// sameReports compares what moved in the reports of two desks.
func sameReports(a, b *world, book *lending.LiveBook) {
	x, y := a.reports(), b.reports()
	for i := range book.Loans {
		id := book.Loans[i].ID
		diff := cmp.Diff(x.Loan(id), y.Loan(id), exported, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(lending.Loan{},
			"Dossier", "Analyst", "Publisher", "Reviewer", "Published", "Deadline", "Bids", "Course", "Payout", "Net",
			"Tried", "Portions", "Ordered", "History", "Fixed", "Goodwill", "Sealed", "Rates", "Adopted", "Drift", "planned"))
		require.Empty(a.t, diff)
	}
	for _, p := range book.Parties {
		for _, c := range y.Ledger().Currencies() {
			want, got := x.Portfolio(p.ID, c), y.Portfolio(p.ID, c)
			want.Held = got.Held
			for _, l := range book.Left { // claims of loans that did not move
				if l.Account.Owner == ledger.Owner(p.ID) && l.Currency == c && l.Account.Kind == ledger.KindClaim {
					want.Outstanding = amt(want.Outstanding.Minor()-l.Debit, c)
				}
				if l.Account.Owner == ledger.Owner(p.ID) && l.Currency == c && l.Account.Kind == ledger.KindClaimWO {
					want.WrittenOff = amt(want.WrittenOff.Minor()-l.Debit, c)
				}
			}
			require.Empty(a.t, cmp.Diff(want, got, exported))
		}
	}
}

// The whole golden life moves from desk to desk and comes out the same, whatever stays behind.
func TestLiveBookOfALifeMoves(t *testing.T) {
	cfg := lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1, Parties: lending.PartyRules{DormantAfterDays: 365}}
	w := newWorld(t, cfg)
	life(w)
	w.deliver()
	to := w.movedTo(cfg)
	to.movedTo(cfg)
}

// elsewhere is another platform with a running book: loans active, overdue, written off and paid back.
func elsewhere(w *world, cfg lending.Config) *world {
	src := newWorld(w.t, cfg)
	src.keys, src.day = 900_000, w.day.AddDays(-200)
	src.register("ann", "mia", "noa")
	p := rich()
	p.ID = "moved"
	late := src.lent(p, 500_003, 6, "12% per year", "mia", "noa")
	plan := src.loan(late).Plan
	src.repay(late, plan.At(0).Total.Minor())
	off := src.lent(p, 10_007, 2, "9% per year", "noa")
	done := src.lent(p, 333_331, 3, "9% per year", "mia", "noa")
	src.deposit("ann", amt(400_000, cny))
	do(src, party("ann"), lending.PayOff{Loan: done})
	src.deliver()
	src.day = plan.At(2).Due.AddDays(40)
	src.dayEnd()
	do(src, officer, lending.WriteOff{Loan: off, Reason: "overdue"})
	src.repay(off, 3_001)
	src.day = w.day
	return src
}

// movedIn takes another platform's book into one that has business of its own. Who is a party of both
// has another id there.
func movedIn(w *world) {
	text := bookText(w.t, elsewhere(w, lending.Config{Chunk: 1}).liveBook())
	b, err := lending.ReadLiveBook(bytes.NewReader(bytes.ReplaceAll(text, []byte(`"ann"`), []byte(`"ann-2"`))))
	require.NoError(w.t, err)
	_, err = w.desk.Import(context.Background(), w.importer(), "merger", b)
	require.NoError(w.t, err)
	w.reports()
	again, err := w.desk.Import(context.Background(), w.importer(), "merger", b)
	require.NoError(w.t, err)
	require.Equal(w.t, lending.CutoverEnded{By: "olga", Approver: "chief"}, again)
}
