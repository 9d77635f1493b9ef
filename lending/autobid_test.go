package lending_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// lineOf lists the mandates that are on.
func lineOf(q *lending.Queue) (ids []lending.MandateID) {
	for m := range q.All() {
		ids = append(ids, m.ID)
	}
	return ids
}

// purses answers from a table; a lender that is not in it has nothing.
func purses(of map[lending.PartyID]lending.Purse) lending.Purses {
	return func(_ int, p lending.PartyID) (lending.Purse, error) { return of[p], nil }
}

func queue(t require.TestingT, r lending.QueueRules, ms ...lending.Mandate) *lending.Queue {
	q, err := lending.NewQueue(r)
	require.NoError(t, err)
	for _, m := range ms {
		require.NoError(t, q.SwitchOn(m))
	}
	return q
}

// sameRound compares rounds by what they say.
func sameRound(t require.TestingT, want, got lending.Round) {
	if d := gocmp.Diff(want, got, cmpopts.IgnoreUnexported(lending.Round{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("rounds differ (-want +got):\n%s", d)
		t.FailNow()
	}
}

// A queue decides as the plain loop does, over any course of switching on, switching off and
// listings; and it keeps its invariants.
func TestAutoBidAgreesWithPlainLoop(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := &autoMarket{t: t}
		rules := g.rules()
		q, plain := queue(t, rules), &plainQueue{rules: rules}
		var reused lending.Round
		t.Repeat(map[string]func(*rapid.T){
			"on": func(t *rapid.T) {
				g.t = t
				if q.Len() >= 8 {
					t.Skip("long enough")
				}
				m := g.mandate()
				require.NoError(t, q.SwitchOn(m))
				plain.line = append(plain.line, m)
			},
			"off": func(t *rapid.T) {
				if q.Len() == 0 {
					t.Skip("empty")
				}
				id := draw(t, "id", lineOf(q))
				require.NoError(t, q.SwitchOff(id))
				plain.off(id)
			},
			"listing": func(t *rapid.T) {
				g.t = t
				table := map[lending.PartyID]lending.Purse{}
				for m := range q.All() {
					table[m.Lender] = g.purse()
				}
				c := lending.Call{Wanted: g.wanted(), On: first.AddDays(2 + int(g.small("day", 0, 4))),
					Purses: purses(table), Explain: true}
				before := lineOf(q)
				want := plain.fill(c.Wanted, c.On, func(p lending.PartyID) lending.Purse { return table[p] })
				got, err := q.Fill(c)
				require.NoError(t, err)
				require.Equal(t, before, lineOf(q), "filling does not move the queue")
				sameRound(t, lending.Round{Loan: "loan", Bids: want.bids, Skipped: want.skipped, Last: want.last,
					Turns: len(want.bids) + len(want.skipped), Raised: got.Raised}, got)
				keepsPromises(t, q, c, table, got)
				require.NoError(t, q.FillInto(&reused, &c))
				sameRound(t, got, reused)
				alike(t, q, c, got)
				require.NoError(t, q.Turn(&reused))
			},
			"": func(t *rapid.T) {
				require.NoError(t, q.Check())
				ids := []lending.MandateID(nil)
				for _, m := range plain.line {
					ids = append(ids, m.ID)
				}
				require.Equal(t, ids, lineOf(q))
			},
		})
	})
}

// keepsPromises checks what a round promises without asking how it was found.
func keepsPromises(t require.TestingT, q *lending.Queue, c lending.Call, table map[lending.PartyID]lending.Purse, r lending.Round) {
	rules, w, sum := q.Rules(), c.Wanted, int64(0)
	seen := map[lending.PartyID]bool{w.Borrower: true}
	for _, b := range r.Bids {
		m, on := q.Mandate(b.Mandate)
		require.True(t, on && m.Lender == b.Lender && !seen[b.Lender], "once, and not for the borrower: %+v", b)
		seen[b.Lender] = true
		p := table[b.Lender]
		require.Equal(t, lending.Skip(0), unfit(w, &m, p, c.On))
		require.True(t, b.Minor >= m.Min && b.Minor <= m.Max, "%+v", b)
		require.GreaterOrEqual(t, p.Free-b.Minor, m.Retain, "the retained balance is never touched")
		require.True(t, m.PerBorrower == 0 || p.Borrower+b.Minor <= m.PerBorrower)
		require.True(t, m.Total == 0 || p.Total+b.Minor <= m.Total)
		for _, g := range m.PerGrade {
			require.True(t, g.Grade != w.Grade || p.Grade+b.Minor <= g.Minor)
		}
		require.True(t, m.Spread == 0 || b.Minor*int64(m.Spread) <= p.Free-m.Retain+p.Total)
		require.True(t, m.LoanPPM == 0 || b.Minor*lending.Million <= w.Amount*m.LoanPPM)
		require.True(t, rules.BidPPM == 0 || b.Minor*lending.Million <= w.Amount*rules.BidPPM)
		sum += b.Minor
		closes := w.Raised+sum == w.Amount
		require.True(t, closes && !w.Stepped ||
			b.Minor >= w.MinBid && (w.Increment == 0 || (b.Minor-w.MinBid)%w.Increment == 0))
		require.True(t, w.MaxPerLender == 0 || b.Minor <= w.MaxPerLender)
		require.False(t, w.NoTail && !closes && w.Amount-w.Raised-sum < w.MinBid, "a tail is left")
	}
	require.Equal(t, sum, r.Raised, "the bids are the sum")
	if sum > 0 {
		require.LessOrEqual(t, (w.Raised+sum)*lending.Million, w.Amount*(lending.Million-rules.ManualPPM),
			"a part is kept for manual bidders")
	}
	require.LessOrEqual(t, w.Lenders+len(r.Bids), max(w.Lenders, lending.MaxLots))
}

// alike checks that a queue decides alike when asked again, when copied, when built anew in the order
// of its turns, when explaining nothing, and under other names.
func alike(t require.TestingT, q *lending.Queue, c lending.Call, want lending.Round) {
	asked := map[int]bool{}
	inner := c.Purses
	c.Purses = func(slot int, p lending.PartyID) (lending.Purse, error) {
		require.False(t, asked[slot], "a purse is asked for once")
		asked[slot] = true
		return inner(slot, p)
	}
	anew, renamed := queue(t, q.Rules()), queue(t, q.Rules())
	names := map[lending.MandateID]lending.MandateID{}
	for m := range q.All() {
		require.NoError(t, anew.SwitchOn(m))
		slot, _ := q.Slot(m.ID)
		other := m
		other.ID, other.Lender = lending.MandateID(fmt.Sprintf("x%d", 99-slot)), flip(m.Lender)
		names[other.ID] = m.ID
		require.NoError(t, renamed.SwitchOn(other))
	}
	got, err := q.Clone().Fill(c)
	require.NoError(t, err)
	sameRound(t, want, got)
	for slot, lender := range q.Takers(c.Wanted, c.On) {
		delete(asked, slot)
		m, _ := q.Mandate(lending.MandateID(strings.Replace(string(lender), "l", "m", 1)))
		require.Equal(t, lender, m.Lender)
	}
	require.Empty(t, asked, "a purse is asked for without being announced")
	c.Purses = inner
	got, err = anew.Fill(c)
	require.NoError(t, err)
	sameRound(t, want, got)

	other := c
	other.Wanted.Borrower = flip(c.Wanted.Borrower)
	other.Purses = func(slot int, p lending.PartyID) (lending.Purse, error) { return inner(slot, flip(p)) }
	got, err = renamed.Fill(other)
	require.NoError(t, err)
	for i := range got.Bids {
		got.Bids[i].Mandate, got.Bids[i].Lender = names[got.Bids[i].Mandate], flip(got.Bids[i].Lender)
	}
	for i := range got.Skipped {
		got.Skipped[i].Mandate = names[got.Skipped[i].Mandate]
	}
	got.Last = names[got.Last]
	sameRound(t, want, got)

	c.Explain = false
	got, err = q.Fill(c)
	require.NoError(t, err)
	want.Skipped = nil
	sameRound(t, want, got)
}

// flip gives a lender another name, and back, that sorts the other way.
func flip(p lending.PartyID) lending.PartyID {
	b := []byte(p)
	for i := range b {
		switch {
		case b[i] >= '0' && b[i] <= '9':
			b[i] = '0' + '9' - b[i]
		case b[i] >= 'a' && b[i] <= 'z':
			b[i] = 'a' + 'z' - b[i]
		}
	}
	return lending.PartyID(b)
}

// Over many listings of many kinds, with wallets that the bids use up, nobody bids twice before
// everybody who could have bid instead has bid once; where every turn counts, nobody has a second
// turn before everybody had one.
func TestAutoBidIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &autoMarket{t: t}
		q := queue(t, g.rules())
		table := map[lending.PartyID]lending.Purse{}
		joined, bid, turn := map[lending.MandateID]int{}, map[lending.MandateID]int{}, map[lending.MandateID]int{}
		for step := 1; step <= 30; step++ {
			if q.Len() == 0 || q.Len() < 7 && g.small("join", 0, 2) == 0 {
				m := g.mandate()
				require.NoError(t, q.SwitchOn(m))
				joined[m.ID], table[m.Lender] = step, g.purse()
				continue
			}
			r, err := q.Fill(lending.Call{Wanted: g.wanted(), On: first.AddDays(2), Purses: purses(table), Explain: true})
			require.NoError(t, err)
			bids := map[lending.MandateID]int64{}
			for _, b := range r.Bids {
				bids[b.Mandate] = b.Minor
				p := table[b.Lender]
				p.Free, p.Total = p.Free-b.Minor, p.Total+b.Minor
				table[b.Lender] = p
			}
			fairRound(t, q, r, bids, joined, bid, turn)
			for i, id := range lineOf(q)[:r.Turns] {
				turn[id] = step*100 + i
				if bids[id] > 0 {
					bid[id] = step*100 + i
				}
			}
			require.NoError(t, q.Turn(&r))
		}
	})
}

// fairRound looks at a round for somebody who was passed over, and for reasons.
func fairRound(t require.TestingT, q *lending.Queue, r lending.Round, bids map[lending.MandateID]int64,
	joined, bid, turn map[lending.MandateID]int) {
	line := lineOf(q)
	nobodyPassedOver(t, q.Rules().Turns, line, r.Turns, bids, joined, bid, turn)
	had := map[lending.MandateID]bool{}
	for _, s := range r.Skipped {
		had[s.Mandate] = true
		require.NotZero(t, s.Why, "whoever was asked and did not bid has a reason")
		require.Zero(t, bids[s.Mandate])
	}
	for _, id := range line[:r.Turns] {
		require.True(t, had[id] != (bids[id] > 0), "%s either bid or was skipped", id)
	}
}

// Every order of up to four lenders and every course of three small listings, for both policies: the
// bids go round.
func TestAutoBidGoesRound(t *testing.T) {
	courses := 0
	for _, policy := range []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace} {
		for n := 1; n <= 4; n++ {
			for course := range 1 << (2 * 3) { // two bits a listing: how many bids it takes, less one
				rules := lending.QueueRules{Currency: cny, Turns: policy}
				q, served := queue(t, rules), make([]int, n)
				for i := range n {
					require.NoError(t, q.SwitchOn(simple(i, 10)))
				}
				for l := range 3 {
					w := plainWanted(10 * int64(course>>(2*l)&3+1))
					r, err := q.Fill(lending.Call{Wanted: w, On: first, Purses: rich0})
					require.NoError(t, err)
					for _, b := range r.Bids {
						served[int(b.Mandate[1]-'0')]++
					}
					require.NoError(t, q.Turn(&r))
					require.LessOrEqual(t, slices.Max(served)-slices.Min(served), 1, "%d lenders, course %b", n, course)
					require.Equal(t, min(w.Amount, 10*int64(n)), r.Raised)
				}
				courses++
			}
		}
	}
	require.Equal(t, 2*4*64, courses)
}

// simple is a mandate without a filter that bids a fixed amount.
func simple(i int, fixed int64) lending.Mandate {
	return lending.Mandate{ID: lending.MandateID(fmt.Sprintf("m%d", i)), Lender: lending.PartyID(fmt.Sprintf("l%d", i)),
		Currency: cny, Min: fixed, Max: fixed}
}

func plainWanted(amount int64) lending.Wanted {
	return lending.Wanted{Loan: "loan", Borrower: "ann", Product: "p", Grade: "A", Currency: cny, Amount: amount,
		Rate: schedule.MustRate("10% per year"), Months: 12, Opened: first, Deadline: first.AddDays(9)}
}

func rich0(int, lending.PartyID) (lending.Purse, error) { return lending.Purse{Free: 1 << 40}, nil }

// The two published policies part where a mandate does not take a listing.
func TestTurnWithoutMatch(t *testing.T) {
	for policy, want := range map[lending.TurnPolicy][]lending.MandateID{
		lending.EveryTurnCounts: {"m2", "m0", "m1"},
		lending.KeepsPlace:      {"m0", "m2", "m1"},
	} {
		picky := simple(0, 10)
		picky.Takes.Grades = []lending.Code{"B"}
		q := queue(t, lending.QueueRules{Currency: cny, Turns: policy}, picky, simple(1, 10), simple(2, 10))
		r, err := q.Fill(lending.Call{Wanted: plainWanted(10), On: first, Purses: rich0})
		require.NoError(t, err)
		require.Equal(t, []lending.AutoBid{{"m1", "l1", 10}}, r.Bids)
		require.Equal(t, 2, r.Turns)
		require.NoError(t, q.Turn(&r))
		require.Equal(t, want, lineOf(q), "%s", policy)
	}
}

// A round that was written down and read back, without what only memory knows, moves a queue alike.
func TestTurnFromRecord(t *testing.T) {
	for _, policy := range []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace} {
		q := queue(t, lending.QueueRules{Currency: cny, Turns: policy}, simple(0, 5), simple(1, 10), simple(2, 5), simple(3, 5))
		w := plainWanted(10)
		w.Increment = 5
		r, err := q.Fill(lending.Call{Wanted: w, On: first, Purses: rich0})
		require.NoError(t, err)
		live, replayed := q.Clone(), q.Clone()
		require.NoError(t, live.Turn(&r))
		require.NoError(t, replayed.Turn(&lending.Round{Turns: r.Turns, Last: r.Last, Bids: slices.Clone(r.Bids)}))
		require.Equal(t, lineOf(live), lineOf(replayed))
		require.NotEqual(t, lineOf(q), lineOf(live))
		require.NoError(t, live.Check())

		// a hint of another time does not mislead
		require.NoError(t, q.SwitchOff("m0"))
		require.NoError(t, q.SwitchOn(simple(7, 5)))
		before := lineOf(q)
		require.ErrorIs(t, q.Turn(&r), lending.ErrUnknown)
		require.Equal(t, before, lineOf(q), "a refusal changes nothing")
	}
}

// An error in the midst of a round leaves nothing of it.
func TestFillErrorLeavesNothing(t *testing.T) {
	q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace}, simple(0, 1), simple(1, 1))
	boom := errors.New("boom")
	c := lending.Call{Wanted: plainWanted(10), On: first, Explain: true,
		Purses: func(slot int, _ lending.PartyID) (lending.Purse, error) {
			return lending.Purse{Free: 10}, cmp.Or(map[int]error{1: boom}[slot])
		}}
	var r lending.Round
	require.ErrorIs(t, q.FillInto(&r, &c), boom)
	sameRound(t, lending.Round{}, r)
}

// The largest figures fit: nothing overflows.
func TestFillLargest(t *testing.T) {
	m := simple(0, lending.MaxLoan)
	m.Min, m.Spread, m.PerBorrower, m.Total = 1, 2, money.MaxMinor, money.MaxMinor
	m.PerGrade = []lending.GradeCap{{"A", money.MaxMinor}}
	q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace, ManualPPM: 1, BidPPM: lending.Million}, m)
	for _, tc := range []struct {
		purse lending.Purse
		want  int64
	}{
		{lending.Purse{Free: math.MaxInt64}, lending.MaxLoan - (lending.MaxLoan+lending.Million-1)/lending.Million},
		{lending.Purse{Free: math.MinInt64, Total: math.MinInt64, Borrower: math.MinInt64, Grade: math.MinInt64}, 0},
		{lending.Purse{Free: math.MaxInt64, Total: math.MaxInt64, Borrower: math.MaxInt64}, 0},
		{lending.Purse{Free: 1, Total: money.MaxMinor - 1}, 1},
		{lending.Purse{Free: 2, Total: money.MaxMinor - 1}, 1},
	} {
		r, err := q.Fill(lending.Call{Wanted: plainWanted(lending.MaxLoan), On: first,
			Purses: purses(map[lending.PartyID]lending.Purse{"l0": tc.purse})})
		require.NoError(t, err)
		require.Equal(t, tc.want, r.Raised, "%+v", tc.purse)
	}
}

// A round that reuses an earlier one's slices allocates nothing.
func TestFillAllocatesNothing(t *testing.T) {
	for _, policy := range []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace} {
		q := queue(t, lending.QueueRules{Currency: cny, Turns: policy})
		for i := range 9 {
			m := simple(i, 10)
			m.Takes.Grades = [][]lending.Code{nil, {"B"}, {"A", "B"}}[i%3]
			require.NoError(t, q.SwitchOn(m))
		}
		c := lending.Call{Wanted: plainWanted(40), On: first, Purses: rich0, Explain: true}
		c.Wanted.Covers = []lending.Code{"fund", "deposit"}
		var r lending.Round
		require.NoError(t, q.FillInto(&r, &c))
		require.Zero(t, testing.AllocsPerRun(20, func() {
			if err := errors.Join(q.FillInto(&r, &c), q.Turn(&r)); err != nil {
				t.Error(err)
			}
		}))
	}
}

// nobodyPassedOver looks at each turn of a round. Bids are its own; joined, bid and turn say at which
// step each mandate was switched on, and 100 times that of its latest bid and turn.
func nobodyPassedOver(t require.TestingT, policy lending.TurnPolicy, line []lending.MandateID, turns int,
	bids map[lending.MandateID]int64, joined, bid, turn map[lending.MandateID]int) {
	for at, x := range line[:turns] {
		for y, when := range joined {
			before := slices.Index(line[:at], y) >= 0 // y had his turn in this round, before x
			if policy == lending.EveryTurnCounts {
				overdue := turn[x] > 0 && when*100 < turn[x] && turn[y] < turn[x]
				require.False(t, y != x && overdue && !before, "%s has a second turn before %s had one", x, y)
				continue
			}
			overdue := bids[x] > 0 && bid[x] > 0 && when*100 < bid[x] && bid[y] < bid[x]
			require.False(t, y != x && overdue && !before, "%s bids again and %s, who has not, was not asked", x, y)
		}
	}
}
