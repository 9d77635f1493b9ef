package lending_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// inSteps fills a listing in rounds of so many mandates and moves the queue on after each.
func inSteps(t require.TestingT, q *lending.Queue, c lending.Call, most int) (all lending.Round) {
	c.Most = most
	for {
		r, err := q.Fill(c)
		require.NoError(t, err)
		require.NoError(t, q.Turn(&r))
		require.NoError(t, q.Check())
		all.Bids, all.Raised, all.Turns = append(all.Bids, r.Bids...), all.Raised+r.Raised, all.Turns+r.Turns
		c.Wanted.Raised, c.Wanted.Lenders = c.Wanted.Raised+r.Raised, c.Wanted.Lenders+len(r.Bids)
		if !r.More {
			return all
		}
	}
}

// How many mandates one round asks does not matter: the bids and the order are those of one that
// asks all.
func TestRoundInSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &autoMarket{t: t}
		q := queue(t, g.rules())
		table := map[lending.PartyID]lending.Purse{}
		for range g.small("length", 0, 9) {
			m := g.mandate()
			require.NoError(t, q.SwitchOn(m))
			table[m.Lender] = g.purse()
		}
		for range g.small("listings", 1, 4) {
			c := lending.Call{Wanted: g.wanted(), On: first.AddDays(2), Purses: purses(table)}
			whole := q.Clone()
			want := inSteps(t, whole, c, 0)
			for _, most := range []int{1, 2, 3} {
				some := q.Clone()
				got := inSteps(t, some, c, most)
				require.Equal(t, want.Bids, got.Bids, "in steps of %d", most)
				require.Equal(t, want.Turns, got.Turns)
				require.Equal(t, lineOf(whole), lineOf(some), "in steps of %d", most)
			}
			q = whole
		}
	})
}

// Whoever joins or leaves in the middle of a round, everybody who was in the queue when it began has
// his turn once, whoever joins has none, and a snapshot goes on alike.
func TestRoundInterrupted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := autoMarket{t: t}
		policy := draw(t, "policy", []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace})
		q := queue(t, lending.QueueRules{Currency: cny, Turns: policy})
		n := int(g.small("length", 1, 6))
		had, left := map[lending.PartyID]int{}, map[lending.PartyID]bool{}
		for i := range n {
			m := simple(i, 1)
			require.NoError(t, q.SwitchOn(m))
			left[m.Lender] = true
		}
		c := lending.Call{Wanted: plainWanted(100), On: first, Most: 1,
			Purses: func(_ int, p lending.PartyID) (lending.Purse, error) {
				return lending.Purse{Free: int64(p[1]-'0') % 2}, nil // every other one has money
			}}
		for more := true; more; {
			r, err := q.Fill(c)
			require.NoError(t, err)
			if r.Turns > 0 {
				m, _ := q.Mandate(r.Last)
				had[m.Lender]++
				require.True(t, left[m.Lender], "%s was in the queue and has not left it", m.Lender)
			}
			require.NoError(t, q.Turn(&r))
			more = r.More
			for _, id := range lineOf(q) {
				if g.small("leave "+string(id), 0, 5) == 0 {
					m, _ := q.Mandate(id)
					require.NoError(t, q.SwitchOff(id))
					delete(left, m.Lender)
				}
			}
			if n < 10 && g.small("join", 0, 2) == 0 {
				require.NoError(t, q.SwitchOn(simple(n, 1)))
				n++
			}
			require.NoError(t, q.Check())
			q = snapshot(t, q)
		}
		for p := range left {
			require.Equal(t, 1, had[p], "%s", p)
		}
	})
}

// snapshot is the queue read back from its snapshot.
func snapshot(t require.TestingT, q *lending.Queue) *lending.Queue {
	was, back := &lending.Market{ID: "retail", Queue: q}, new(lending.Market)
	data := event.Encode(nil, 1, was)
	require.NoError(t, event.Decode(data, 1, back))
	require.Equal(t, data, event.Encode(nil, 1, back))
	require.NoError(t, back.Queue.Check())
	if d := cmp.Diff(slices.Collect(q.All()), slices.Collect(back.Queue.All()), exported); d != "" {
		require.Fail(t, d)
	}
	return back.Queue
}

// A round on another listing ends one that is not finished; whoever had no turn is in front.
func TestRoundAbandoned(t *testing.T) {
	for _, policy := range []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace} {
		q := queue(t, lending.QueueRules{Currency: cny, Turns: policy}, simple(0, 1), simple(1, 1), simple(2, 1))
		turn := func(loan lending.LoanID, most int) (who []lending.MandateID) {
			c := lending.Call{Wanted: plainWanted(100), On: first, Most: most, Purses: rich0}
			c.Wanted.Loan = loan
			r, err := q.Fill(c)
			require.NoError(t, err)
			require.NoError(t, q.Turn(&r))
			for _, b := range r.Bids {
				who = append(who, b.Mandate)
			}
			return who
		}
		require.Equal(t, []lending.MandateID{"m0"}, turn("one", 1))
		require.Equal(t, []lending.MandateID{"m1"}, turn("one", 1))
		require.Equal(t, []lending.MandateID{"m2", "m0"}, turn("two", 2))
		require.Equal(t, []lending.MandateID{"m1", "m2", "m0"}, turn("one", 0))
	}
}

// A snapshot that names what is not there is refused.
func TestMarketSnapshotHostile(t *testing.T) {
	q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace}, simple(0, 1), simple(1, 1), simple(2, 1))
	r, err := q.Fill(lending.Call{Wanted: plainWanted(100), On: first, Most: 1, Purses: rich0})
	require.NoError(t, err)
	require.NoError(t, q.Turn(&r))
	data := event.Encode(nil, 1, &lending.Market{ID: "retail", Queue: q})
	for i := range data {
		for _, b := range []byte{0, 1, data[i] ^ 1, 255} {
			bad := slices.Clone(data)
			bad[i] = b
			m := new(lending.Market)
			if event.Decode(bad, 1, m) == nil && m.Queue != nil {
				require.NoError(t, m.Queue.Check())
			}
		}
	}
}
