package transfer_test

import (
	"context"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// daybook is the slow way to say whose interest is whose: each day of an instalment's period earns the
// same part of its interest, and each lot's share of it is its holder's at the beginning of the day.
type daybook struct {
	earned map[lending.PartyID]*big.Rat
	trades int
}

// add takes in the day that begins on a date, as the register stands then.
func (d *daybook) add(l *lending.Loan, start, on civil.Date) {
	from := start
	for i := range l.Dues {
		to := l.Dues[i].Date
		if !on.Before(from) && on.Before(to) {
			for _, x := range l.Lots {
				share := big.NewRat(x.Units, l.Amount.Minor())
				day := big.NewRat(l.Dues[i].Owed[lending.Interest], int64(to.Sub(from)))
				if d.earned[x.Holder] == nil {
					d.earned[x.Holder] = new(big.Rat)
				}
				d.earned[x.Holder].Add(d.earned[x.Holder], day.Mul(day, share))
			}
		}
		from = to
	}
}

// par is a party's money and unpaid principal: at par for nothing, interest alone changes it.
func (w *world) par(p lending.PartyID, l *lending.Loan) int64 {
	sum := w.free(p) + w.wallet(p).HeldTotal()
	for _, x := range l.Lots {
		if x.Holder == p {
			sum += x.Units - x.Paid[lending.Principal]
		}
	}
	return sum
}

// Each day's interest has exactly one owner: however claims are held for some days, rolled, left waiting
// and taken back, what each party earned is the interest of the days on which it held them, and together
// they have what the borrower paid.
func TestEachDaysInterestHasOneOwner(t *testing.T) {
	third(t)
	took := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
		m := free()
		m.MaxDays = 100
		do(w, officer, transfer.DefineMarket{Market: "m", Terms: m})
		start := w.day
		p := standard()
		p.DayCount = daycount.Act365F // each day of a period earns the same
		id := w.lent(p, 3, "12% per year", map[lending.PartyID]int64{"bob": rapid.Int64Range(1_000, 9_000_00).Draw(t, "bob"), "eve": 700_01})
		do(w, officer, transfer.DefineFacility{Lender: "bob", Terms: transfer.FacilityTerms{Relation: transfer.Connected, Limits: []money.Amount{amt(9_000_00)}}})
		before, all := map[lending.PartyID]int64{}, int64(0)
		for _, p := range traders[1:] {
			w.deposit(p, rapid.SampledFrom([]int64{1, 10_000_00}).Draw(t, "money"))
			before[p] = w.par(p, w.loan(id))
		}
		book := &daybook{earned: map[lending.PartyID]*big.Rat{}}
		end := w.loan(id).Dues[2].Date
		if rapid.Bool().Draw(t, "early") {
			end = end.AddDays(-rapid.IntRange(1, 40).Draw(t, "by"))
		}
		for w.day.Before(end) {
			w.trade(t, id, book, took)
			n := rapid.IntRange(1, 12).Draw(t, "days")
			for ; n > 0 && w.day.Before(end); n-- {
				book.add(w.loan(id), start, w.day)
				w.day = w.day.AddDays(1)
				if due, err := w.loan(id).DueOn(w.day); err == nil && due.Sign() > 0 {
					w.repay(id, due.Minor())
				}
				sales := w.board(id).Sales
				w.dayEnd()
				book.trades += w.board(id).Sales - sales
				took["taken back"] += w.board(id).Sales - sales
			}
			for _, h := range w.short(id) {
				took["waits"] += min(1, h.WaitDays)
			}
		}
		var interest int64
		if w.loan(id).State == lending.StateActive {
			w.payOff(id)
		}
		l := w.loan(id)
		for i := range l.Dues {
			interest += l.Dues[i].Paid[lending.Interest]
		}
		for _, p := range traders[1:] {
			got, want := w.par(p, l)-before[p], new(big.Rat)
			if book.earned[p] != nil {
				want = book.earned[p]
			}
			all += got
			exact, _ := want.Float64()
			require.InDelta(t, exact, got, float64(3*len(l.Lots)+book.trades+1), "interest of %s", p)
		}
		require.Equal(t, interest, all, "all of it, once")
		w.reports()
	})
	for _, want := range []string{"listed", "short", "for good", "waits", "taken back"} {
		require.NotZero(t, took[want], "%s: %v", want, took)
	}
	t.Log(took)
}

// trade lists something, and buys what is on the board, for some days or for good.
func (w *world) trade(t *rapid.T, id lending.LoanID, d *daybook, took map[string]int) {
	l := w.loan(id)
	if l.State != lending.StateActive {
		return
	}
	lot := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
	n := transfer.Tenor{Days: 30, Failed: transfer.Extended}
	if l.Lots[lot].Holder == "bob" {
		n.Failed = transfer.TakenBack
	}
	if try(w, party(l.Lots[lot].Holder), transfer.ListClaim{Market: "m", Loan: id, Lot: lot, Tenor: n, Ask: transfer.Ask{PPM: lending.Million},
		Units: rapid.Int64Range(1, l.Lots[lot].Units).Draw(t, "units"), Expires: w.day.AddDays(90)}) == nil {
		took["listed"]++
	}
	for _, x := range w.board(id).Listings {
		if rapid.Bool().Draw(t, "leave") {
			continue
		}
		units := rapid.SampledFrom([]int64{x.Units, (x.Units + 1) / 2}).Draw(t, "bought")
		s, err := transfer.QuoteSale(context.Background(), w.desk, id, x.Number, units, w.day)
		if err != nil {
			continue
		}
		c := buying(id, s)
		c.Days = rapid.SampledFrom([]int{0, 3, 10, 30}).Draw(t, "for")
		if try(w, party(rapid.SampledFrom(traders[1:]).Draw(t, "buyer")), c) == nil {
			d.trades++
			took[map[bool]string{true: "for good", false: "short"}[c.Days == 0]]++
		}
	}
}
