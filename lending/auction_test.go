package lending_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// An auction says after each offer who is in, who is out and by how much, as an oracle does that
// lets one unit in at a time; what stands never falls, and is at the end what clearing all admitted
// offers at once would take.
func TestAuctionEqualsOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, offers := anyTender(20, 9).Draw(t, "tender").parts()
		rules.Mechanism, rules.Threshold = lending.OpenAuction, 0
		auction, err := lending.NewAuction(rules)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(offers, func(x, y lending.Offer) int { return int(x.ID) - int(y.ID) })
		oracle := newTenderOracle(rules, offers)
		var standing []unit
		var admitted []lending.Offer
		for i, o := range offers {
			o.Time = int64(i)
			oracle.offers[i].Time = int64(i)
			lost := map[uint32]int64{}
			var in int64
			if o.Pico <= rules.Reserve {
				for range o.Units {
					before := len(standing)
					now, gone := oracle.letIn(standing, unit{o, i})
					if gone != nil {
						lost[gone.ID]++
					}
					if gone != nil || len(now) > before {
						in++
					}
					standing = now
				}
			}
			total := auction.Total()
			taken, outbid, err := auction.Place(nil, o)
			if taken != in || (err != nil) != (in == 0) || auction.Total() < total {
				t.Fatalf("%+v of %v under %+v: %d (%v), want %d", o, offers, rules, taken, err, in)
			}
			for _, b := range outbid {
				if lost[b.Offer.ID] != b.Units || b.Units > b.Offer.Units {
					t.Fatalf("%+v outbid %+v, want %v", o, outbid, lost)
				}
				delete(lost, b.Offer.ID)
			}
			if len(lost) > 0 {
				t.Fatalf("%+v outbid %+v, and %v", o, outbid, lost)
			}
			if o.Units = taken; taken > 0 {
				admitted = append(admitted, o)
			}
			checkStanding(t, auction, standing)
		}
		checkClose(t, rules, auction, admitted)
	})
}

func checkStanding(t *rapid.T, auction *lending.Auction, units []unit) {
	want := map[uint32]int64{}
	for _, u := range units {
		want[u.ID]++
	}
	rows := auction.Standing(nil)
	for i, o := range rows {
		if want[o.ID] != o.Units {
			t.Fatalf("%+v stands, want %v", rows, want)
		}
		if i > 0 && o.Pico < rows[i-1].Pico {
			t.Fatalf("%+v is out of order", rows)
		}
		delete(want, o.ID)
	}
	if len(want) > 0 || auction.Total() != int64(len(units)) {
		t.Fatalf("%+v stands, and %v", rows, want)
	}
}

// checkClose clears what was let in, as it came, by sealed bid.
func checkClose(t *rapid.T, rules lending.TenderRules, auction *lending.Auction, admitted []lending.Offer) {
	share := newTenderOracle(rules, nil).share()
	rules.Mechanism, rules.MinBid, rules.Increment, rules.RateStep = lending.PayAsBid, 0, 0, 0
	if rules.MaxShare > 0 { // the share of the amount is at least the minimum bid
		rules.MaxPerLender, rules.MaxShare = share, 0
	}
	out, err := lending.ClearTender(rules, admitted)
	if err != nil {
		t.Fatal(err)
	}
	stand := map[uint32]int64{}
	for _, o := range auction.Standing(nil) {
		stand[o.ID] = o.Units
	}
	for i, o := range admitted {
		if out.Taken[i] != stand[o.ID] {
			t.Fatalf("%v cleared at once is %v, stands %v", admitted, out.Taken, stand)
		}
	}
}

// ToBeat is the highest rate that gets in.
func TestAuctionToBeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, offers := anyTender(10, 9).Draw(t, "tender").parts()
		rules.Mechanism, rules.MaxPerLender, rules.MaxShare, rules.RateStep = lending.OpenAuction, 0, 0, 0
		auction, err := lending.NewAuction(rules)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range offers {
			o.Time = int64(i)
			pico, ok := auction.ToBeat()
			_, _, err := auction.Place(nil, o)
			if in := err == nil; in != (ok && o.Pico <= pico) {
				t.Fatalf("at %d (%t) %+v is in: %t (%v)", pico, ok, o, in, err)
			}
		}
	})
}

func TestAuctionRefusals(t *testing.T) {
	rules := lending.TenderRules{Mechanism: lending.PayAsBid, Amount: 10, Reserve: 9, Round: money.HalfEven}
	_, err := lending.NewAuction(rules)
	require.ErrorIs(t, err, lending.ErrTerms)
	rules.Amount = 0
	_, err = lending.NewAuction(rules)
	require.ErrorIs(t, err, lending.ErrTerms)
	rules.Amount, rules.Mechanism, rules.MaxPerLender = 10, lending.OpenAuction, 6
	auction, err := lending.NewAuction(rules)
	require.NoError(t, err)
	for _, o := range []struct {
		lending.Offer
		want  error
		taken int64
	}{
		{lending.Offer{Units: 6, Pico: 9, Time: 5, ID: 3, Lender: 1}, nil, 6},
		{lending.Offer{Units: 6, Pico: 9, Time: 5, ID: 3, Lender: 2}, lending.ErrBid, 0},  // twice
		{lending.Offer{Units: 6, Pico: 9, Time: 5, ID: 2, Lender: 2}, lending.ErrBid, 0},  // before
		{lending.Offer{Units: 6, Pico: 10, Time: 6, ID: 2, Lender: 2}, lending.ErrBid, 0}, // above the reserve
		{lending.Offer{Units: 0, Pico: 9, Time: 6, ID: 2, Lender: 2}, lending.ErrAmount, 0},
		{lending.Offer{Units: 6, Pico: 9, Time: 6, ID: 2, Lender: 1}, lending.ErrBid, 0}, // has his share, no better
		{lending.Offer{Units: 2, Pico: 8, Time: 6, ID: 2, Lender: 1}, nil, 2},            // of his own
		{lending.Offer{Units: 6, Pico: 9, Time: 7, ID: 2, Lender: 2}, nil, 4},            // what is left
	} {
		before := auction.Standing(nil)
		taken, _, err := auction.Place(nil, o.Offer)
		require.ErrorIs(t, err, o.want)
		require.Equal(t, o.taken, taken)
		if err != nil {
			require.Equal(t, before, auction.Standing(nil))
		}
	}
}
