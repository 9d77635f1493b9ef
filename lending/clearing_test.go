package lending_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// sameAsOracle clears a tender and compares the outcome with the oracle's.
func sameAsOracle(t rapid.TB, c *lending.Clearer, rules lending.TenderRules, offers []lending.Offer) lending.Cleared {
	t.Helper()
	got, err := c.Clear(nil, rules, offers)
	if err != nil {
		t.Fatalf("%+v\n%v\n%v", rules, offers, err)
	}
	want := newTenderOracle(rules, offers).clear()
	if got.Total != want.Total || got.Pico != want.Pico || got.Own != want.Own || got.Failure != want.Failure ||
		!slices.Equal(got.Taken, want.Taken) {
		t.Fatalf("%+v\n%v\ngot  %+v\nwant %+v", rules, offers, got, want)
	}
	return got
}

// Every tender of up to three offers of 1 or 2 units at two rates or above the reserve, of one
// lender or several, in every order of arrival, over every small amount, share and mechanism. One
// Clearer serves all, so that leftovers would show.
func TestEverySmallTender(t *testing.T) {
	t.Parallel()
	alone(t)
	var kinds []lending.Offer
	for _, units := range []int64{1, 2} {
		for pico := int64(7); pico <= 9; pico++ {
			for lender := uint32(1); lender <= 2; lender++ {
				kinds = append(kinds, lending.Offer{Units: units, Pico: pico, Lender: lender})
			}
		}
	}
	orders := [][]int64{{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}, {1, 1, 1}}
	var c lending.Clearer
	count := 0
	each := func(offers []lending.Offer) {
		for m := lending.FirstCome; m <= lending.MarketRate; m++ {
			for amount := int64(1); amount <= 5; amount++ {
				for most := int64(0); most <= 2; most += 1 {
					sameAsOracle(t, &c, lending.TenderRules{Mechanism: m, Amount: amount, Reserve: 8, MaxPerLender: most,
						Threshold: 1_000_000 * (most & 1), Round: money.HalfEven}, offers)
					count++
				}
			}
		}
	}
	pick := rand.New(rand.NewPCG(1, 2))
	for i := range len(kinds) * len(kinds) * len(kinds) {
		offers := []lending.Offer{kinds[i%12], kinds[i/12%12], kinds[i/144]}
		order := orders[pick.IntN(len(orders))]
		if i%97 == 0 {
			for _, order = range orders {
				each(arrive(offers, order))
			}
		}
		each(arrive(offers, order))
		each(arrive(offers[:i%3], order))
	}
	t.Logf("%d tenders as the oracle has them", count)
}

func arrive(offers []lending.Offer, order []int64) []lending.Offer {
	offers = slices.Clone(offers)
	for i := range offers {
		offers[i].Time, offers[i].ID = order[i], uint32(len(offers)-i)
	}
	return offers
}

// Of all ways to take up to the amount of three offers, none takes more or costs less.
func TestNoSelectionIsBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, offers := anyTender(5, 4).Draw(t, "tender").parts()
		rules.Mechanism, rules.Threshold, rules.MinBid, rules.Increment = lending.UniformMarginal, 0, 0, 0
		out, err := lending.ClearTender(rules, offers)
		if err != nil {
			t.Fatal(err)
		}
		share := newTenderOracle(rules, offers).share()
		var cost int64
		for i, n := range out.Taken {
			cost += n * offers[i].Pico
		}
		var try func(i int, total, paid int64, held map[uint32]int64)
		try = func(i int, total, paid int64, held map[uint32]int64) {
			if i == len(offers) {
				if total > out.Total || total == out.Total && paid < cost {
					t.Fatalf("took %d at %d of %v, could take %d at %d", out.Total, cost, offers, total, paid)
				}
				return
			}
			o := offers[i]
			for n := int64(0); n <= o.Units && total+n <= rules.Amount && held[o.Lender]+n <= share; n++ {
				if n > 0 && o.Pico > rules.Reserve {
					break
				}
				held[o.Lender] += n
				try(i+1, total+n, paid+n*o.Pico, held)
				held[o.Lender] -= n
			}
		}
		try(0, 0, 0, map[uint32]int64{})
	})
}

// drawnTender is rules and offers that they accept.
type drawnTender struct {
	Rules  lending.TenderRules
	Offers []lending.Offer
}

func (d drawnTender) parts() (lending.TenderRules, []lending.Offer) { return d.Rules, d.Offers }

// anyTender draws tenders of up to so many offers, with amounts and rates within a size, so that
// ties, cuts and shares are common.
func anyTender(most int, size int64) *rapid.Generator[drawnTender] {
	return rapid.Custom(func(t *rapid.T) drawnTender {
		draw := func(low, high int64, name string) int64 { return rapid.Int64Range(low, max(low, high)).Draw(t, name) }
		r := lending.TenderRules{
			Mechanism: lending.Mechanism(draw(1, 7, "mechanism")), Amount: draw(1, 3*size, "amount"),
			Reserve: draw(0, min(size, schedule.MaxPico), "reserve"), RateStep: draw(0, 2, "rate step"),
			Increment: draw(0, min(size/4, 40), "increment"),
			Threshold: rapid.SampledFrom([]int64{0, 1, 500_000, 999_999, 1_000_000}).Draw(t, "threshold"),
			Decrement: draw(0, 2, "decrement"), Borrower: uint32(draw(0, 1, "borrower") * 99),
			Round: money.Mode(draw(1, 7, "mode")),
		}
		r.MinBid = draw(0, min(r.Amount, size/3), "minimum")
		if rapid.Bool().Draw(t, "capped") {
			r.MaxPerLender = draw(max(r.MinBid, 1), size, "per lender")
		}
		if rapid.Bool().Draw(t, "share") {
			r.MaxShare = draw(1, 1_000_000, "ppm")
		}
		offers := make([]lending.Offer, draw(0, int64(most), "offers"))
		step, rate := max(r.Increment, 1), max(r.RateStep, 1)
		for i := range offers {
			offers[i] = lending.Offer{
				Units: max(r.MinBid, 1) + step*draw(0, size/step, "steps"), Pico: rate * draw(0, size/rate, "rate"),
				Time: draw(-2, 3, "time"), ID: uint32(i), Lender: uint32(draw(1, int64(most)/2+1, "lender")),
			}
			offers[i].Pico = min(offers[i].Pico, schedule.MaxPico-schedule.MaxPico%rate)
		}
		for i := range offers { // ids are not in the order of the slice
			j := draw(int64(i), int64(len(offers)-1), "swap")
			offers[i].ID, offers[j].ID = offers[j].ID, offers[i].ID
		}
		return drawnTender{r, offers}
	})
}

func TestTenderEqualsOracle(t *testing.T) {
	var c lending.Clearer
	check := func(most int, size int64) func(*rapid.T) {
		return func(t *rapid.T) {
			rules, offers := anyTender(most, size).Draw(t, "tender").parts()
			if rules.Mechanism == lending.OpenAuction && size > 1000 {
				rules.Mechanism = lending.PayAsBid // the oracle goes unit by unit
			}
			sameAsOracle(t, &c, rules, offers)
		}
	}
	t.Run("few", rapid.MakeCheck(check(5, 6)))
	t.Run("many", rapid.MakeCheck(check(60, 20)))
	t.Run("large", rapid.MakeCheck(check(40, 1<<45)))
}

// A tender of thousands goes through the histograms proper.
func TestLargeTenderEqualsOracle(t *testing.T) {
	alone(t)
	rng := rand.New(rand.NewPCG(5, 6))
	var c lending.Clearer
	for n := range 24 {
		offers := bidders(1000+rng.IntN(3000), []int64{1, 1_000, 100_000_000, 20_000_000_000}[n%4])
		rng.Shuffle(len(offers), func(i, j int) { offers[i], offers[j] = offers[j], offers[i] })
		for m := lending.FirstCome; m <= lending.MarketRate; m++ {
			rules := tenderFor(len(offers), m)
			rules.Amount = 1 + rng.Int64N(int64(len(offers))*60_000)
			rules.MaxPerLender = 100 + rng.Int64N(200_000)
			rules.Threshold = 0
			if m == lending.OpenAuction || m == lending.ProRata && n%10 > 0 {
				continue // the oracle is slow with these
			}
			sameAsOracle(t, &c, rules, offers)
		}
	}
}

// What every tender keeps, said without the oracle.
func TestTenderKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, offers := anyTender(12, 12).Draw(t, "tender").parts()
		out, err := lending.ClearTender(rules, offers)
		if err != nil {
			t.Fatal(err)
		}
		var sum int64
		held := map[uint32]int64{}
		for i, n := range out.Taken {
			sum += n
			held[offers[i].Lender] += n
			switch {
			case n < 0 || n > offers[i].Units:
				t.Fatalf("took %d of %+v", n, offers[i])
			case n > 0 && (offers[i].Pico > out.Earns(offers[i]) || out.Earns(offers[i]) > rules.Reserve):
				t.Fatalf("%+v earns %d under a reserve of %d", offers[i], out.Earns(offers[i]), rules.Reserve)
			case held[offers[i].Lender] > newTenderOracle(rules, offers).share():
				t.Fatalf("lender %d has %d", offers[i].Lender, held[offers[i].Lender])
			}
		}
		if out.Failure == 0 && (sum != out.Total || sum == 0) || out.Failure != 0 && sum != 0 {
			t.Fatalf("%+v sums to %d", out, sum)
		}
		if out.Total > rules.Amount || out.Pico > rules.Reserve {
			t.Fatalf("%d of %d at %d of %d", out.Total, rules.Amount, out.Pico, rules.Reserve)
		}
		shuffled := rapid.Permutation(offers).Draw(t, "shuffled")
		again, err := lending.ClearTender(rules, shuffled)
		if err != nil || again.Pico != out.Pico || again.Total != out.Total {
			t.Fatalf("shuffled: %+v, %v; was %+v", again, err, out)
		}
		for i, o := range shuffled {
			if at := slices.Index(offers, o); again.Taken[i] != out.Taken[at] {
				t.Fatalf("shuffled: %+v has %d, had %d", o, again.Taken[i], out.Taken[at])
			}
		}
	})
}

// Who names a lower rate never has fewer units for it, all else equal. A lender of several offers
// may move units between them, so each lender has one; in an open auction an earlier offer at a
// lower rate may keep a competitor out by the decrement, so that is 0.
func TestLowerRateLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, offers := anyTender(8, 10).Draw(t, "tender").parts()
		rules.Threshold, rules.RateStep, rules.Decrement = 0, 0, 0
		if len(offers) == 0 {
			return
		}
		for i := range offers {
			offers[i].Lender = uint32(i + 1)
		}
		before, err := lending.ClearTender(rules, offers)
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, len(offers)-1).Draw(t, "who")
		offers[i].Pico -= rapid.Int64Range(0, offers[i].Pico).Draw(t, "lower")
		after, err := lending.ClearTender(rules, offers)
		if err != nil || after.Taken[i] < before.Taken[i] {
			t.Fatalf("%v at a lower rate has %d, had %d (%v)", offers[i], after.Taken[i], before.Taken[i], err)
		}
	})
}

func TestTenderRefusals(t *testing.T) {
	rules := lending.TenderRules{Mechanism: lending.PayAsBid, Amount: 1_000, Reserve: 240_000_000_000,
		RateStep: 100_000_000, MinBid: 100, Increment: 50, MaxBid: 500, Borrower: 3, Round: money.HalfEven}
	good := lending.Offer{Units: 150, Pico: 100_000_000_000, Lender: 1}
	for name, tc := range map[string]struct {
		spoil func(*lending.Offer)
		want  error
	}{
		"good":             {func(o *lending.Offer) {}, nil},
		"minimum":          {func(o *lending.Offer) { o.Units = 100 }, nil},
		"maximum":          {func(o *lending.Offer) { o.Units = 500 }, nil},
		"highest rate":     {func(o *lending.Offer) { o.Pico = schedule.MaxPico }, nil},
		"last lender":      {func(o *lending.Offer) { o.Lender = lending.MaxBids }, nil},
		"zero":             {func(o *lending.Offer) { o.Units = 0 }, lending.ErrAmount},
		"negative":         {func(o *lending.Offer) { o.Units = -150 }, lending.ErrAmount},
		"most negative":    {func(o *lending.Offer) { o.Units = math.MinInt64 }, lending.ErrAmount},
		"huge":             {func(o *lending.Offer) { o.Units = math.MaxInt64 }, lending.ErrAmount},
		"negative rate":    {func(o *lending.Offer) { o.Pico = -100_000_000 }, lending.ErrTerms},
		"lowest rate":      {func(o *lending.Offer) { o.Pico = math.MinInt64 }, lending.ErrTerms},
		"rate above all":   {func(o *lending.Offer) { o.Pico = schedule.MaxPico + 100_000_000 }, lending.ErrTerms},
		"no lender":        {func(o *lending.Offer) { o.Lender = 0 }, lending.ErrBid},
		"lender above all": {func(o *lending.Offer) { o.Lender = lending.MaxBids + 1 }, lending.ErrBid},
		"borrower":         {func(o *lending.Offer) { o.Lender = 3 }, lending.ErrBid},
		"below minimum":    {func(o *lending.Offer) { o.Units = 50 }, lending.ErrBid},
		"above maximum":    {func(o *lending.Offer) { o.Units = 550 }, lending.ErrBid},
		"off the steps":    {func(o *lending.Offer) { o.Units = 199 }, lending.ErrBid},
		"off the rates":    {func(o *lending.Offer) { o.Pico++ }, lending.ErrBid},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			tc.spoil(&o)
			for _, at := range []int{0, 1500} {
				offers := slices.Repeat([]lending.Offer{good}, 2000)
				offers[at] = o
				out, err := lending.ClearTender(rules, offers)
				require.ErrorIs(t, err, tc.want)
				if tc.want != nil {
					var typed *lending.Error
					require.ErrorAs(t, err, &typed)
					require.Zero(t, out)
				}
			}
		})
	}
	_, err := lending.ClearTender(rules, make([]lending.Offer, lending.MaxBids+1))
	require.ErrorIs(t, err, lending.ErrLimit)
	rules.Increment, rules.MaxBid = 0, 0
	good.Units = lending.MaxLoan
	_, err = lending.ClearTender(rules, slices.Repeat([]lending.Offer{good}, 63))
	require.NoError(t, err)
	_, err = lending.ClearTender(rules, slices.Repeat([]lending.Offer{good}, 64)) // 2^53 units
	require.ErrorIs(t, err, lending.ErrAmount)
}

// Each field of the rules has bounds, and all that is wrong is said at once.
func TestTenderRulesValidate(t *testing.T) {
	good := lending.TenderRules{Mechanism: lending.FirstCome, Amount: 10}
	require.NoError(t, good.Validate())
	for name, spoil := range map[string]func(*lending.TenderRules){
		"no mechanism":     func(r *lending.TenderRules) { r.Mechanism = 0 },
		"mechanism":        func(r *lending.TenderRules) { r.Mechanism = 8 },
		"no amount":        func(r *lending.TenderRules) { r.Amount = 0 },
		"amount":           func(r *lending.TenderRules) { r.Amount = lending.MaxLoan + 1 },
		"reserve":          func(r *lending.TenderRules) { r.Reserve = -1 },
		"high reserve":     func(r *lending.TenderRules) { r.Reserve = schedule.MaxPico + 1 },
		"rate step":        func(r *lending.TenderRules) { r.RateStep = -1 },
		"decrement":        func(r *lending.TenderRules) { r.Decrement = -1 },
		"minimum":          func(r *lending.TenderRules) { r.MinBid = -1 },
		"minimum > amount": func(r *lending.TenderRules) { r.MinBid = 11 },
		"increment":        func(r *lending.TenderRules) { r.Increment = -1 },
		"maximum":          func(r *lending.TenderRules) { r.MaxBid = -1 },
		"maximum < min":    func(r *lending.TenderRules) { r.MinBid, r.MaxBid = 5, 4 },
		"lender < min":     func(r *lending.TenderRules) { r.MinBid, r.MaxPerLender = 5, 4 },
		"share":            func(r *lending.TenderRules) { r.MaxShare = 1_000_001 },
		"threshold":        func(r *lending.TenderRules) { r.Threshold = 1_000_001 },
		"no rounding":      func(r *lending.TenderRules) { r.Mechanism = lending.PayAsBid },
	} {
		t.Run(name, func(t *testing.T) {
			bad := good
			spoil(&bad)
			require.ErrorIs(t, bad.Validate(), lending.ErrTerms)
			_, err := lending.ClearTender(bad, nil)
			require.ErrorIs(t, err, lending.ErrTerms)
		})
	}
	joined, ok := (&lending.TenderRules{Reserve: -1}).Validate().(interface{ Unwrap() []error })
	require.True(t, ok)
	require.Len(t, joined.Unwrap(), 3)
}

func TestMechanismTexts(t *testing.T) {
	for m := lending.FirstCome; m <= lending.MarketRate; m++ {
		text, err := m.MarshalText()
		require.NoError(t, err)
		var back lending.Mechanism
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, m, back)
		require.Equal(t, m.String(), string(text))
	}
	m := lending.ProRata
	require.ErrorIs(t, m.UnmarshalText([]byte("dutch")), lending.ErrTerms)
	require.ErrorIs(t, m.UnmarshalText(nil), lending.ErrTerms)
	require.Equal(t, lending.ProRata, m)
	for _, m := range []lending.Mechanism{0, lending.MarketRate + 1} {
		_, err := m.MarshalText()
		require.ErrorIs(t, err, lending.ErrTerms)
		require.False(t, m.IsValid())
	}
}

// A Clearer allocates nothing once it has seen a tender as large.
func TestClearAllocatesNothing(t *testing.T) {
	offers := bidders(2_000, 100_000_000)
	for m := lending.FirstCome; m <= lending.MarketRate; m++ {
		rules := tenderFor(len(offers), m)
		rules.MaxPerLender = 100_000
		var c lending.Clearer
		var taken []int64
		allocs := testing.AllocsPerRun(5, func() {
			out, err := c.Clear(taken, rules, offers)
			if err != nil {
				t.Fatal(err)
			}
			taken = out.Taken
		})
		if allocs != 0 && !raced {
			t.Errorf("%s: %v allocations", m, allocs)
		}
	}
}

// Rules by hand, one line each: the offers are a of 6 at 8%, b of 4 at 9%, c of 5 at 9%, d of 5 at
// 12%, in this order of time, for 12 units and at most 11%.
func TestMechanismsByHand(t *testing.T) {
	const percent = 10_000_000_000
	offers := []lending.Offer{
		{Units: 6, Pico: 8 * percent, Time: 1, ID: 1, Lender: 1}, {Units: 4, Pico: 9 * percent, Time: 2, ID: 2, Lender: 2},
		{Units: 5, Pico: 9 * percent, Time: 3, ID: 3, Lender: 3}, {Units: 5, Pico: 12 * percent, Time: 4, ID: 4, Lender: 4},
	}
	for m, want := range map[lending.Mechanism]lending.Cleared{
		lending.FirstCome:       {Taken: []int64{6, 4, 2, 0}, Total: 12, Pico: 11 * percent},
		lending.ProRata:         {Taken: []int64{5, 3, 4, 0}, Total: 12, Pico: 11 * percent}, // 4.8, 3.2, 4.0
		lending.UniformMarginal: {Taken: []int64{6, 4, 2, 0}, Total: 12, Pico: 9 * percent},
		lending.UniformRejected: {Taken: []int64{6, 4, 2, 0}, Total: 12, Pico: 9 * percent},               // c was cut
		lending.PayAsBid:        {Taken: []int64{6, 4, 2, 0}, Total: 12, Pico: 85_000_000_000, Own: true}, // (6x8+6x9)/12
		lending.OpenAuction:     {Taken: []int64{6, 4, 2, 0}, Total: 12, Pico: 85_000_000_000, Own: true},
		lending.MarketRate:      {Taken: []int64{6, 4, 2, 0}, Total: 12, Pico: 85_000_000_000, Own: true},
	} {
		rules := lending.TenderRules{Mechanism: m, Amount: 12, Reserve: 11 * percent, Round: money.HalfUp}
		got, err := lending.ClearTender(rules, offers)
		require.NoError(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", m, d)
		}
	}
	// For 10 units the first that is left over is c's, for 15 there is none.
	rules := lending.TenderRules{Mechanism: lending.UniformRejected, Amount: 6, Reserve: 11 * percent}
	for amount, want := range map[int64]int64{5: 8 * percent, 6: 9 * percent, 14: 9 * percent, 15: 11 * percent, 16: 11 * percent} {
		rules.Amount = amount
		got, err := lending.ClearTender(rules, offers)
		require.NoError(t, err)
		require.Equal(t, want, got.Pico, "amount %d", amount)
	}
}

// FuzzTender clears what bytes say, sense or nonsense: it never panics, and what it does not refuse
// is as the oracle has it.
func FuzzTender(f *testing.F) {
	f.Add([]byte{1, 12, 8, 0, 1, 1, 0, 0, 0, 0}, []byte{6, 3, 1, 1, 4, 5, 2, 2})
	f.Add([]byte{2, 9, 8, 0, 2, 2, 0, 0, 200, 1}, []byte{6, 3, 1, 1, 4, 5, 2, 2, 8, 8, 3, 2})
	f.Add([]byte{6, 9, 8, 0, 1, 1, 0, 3, 0, 1}, []byte{6, 3, 1, 1, 4, 5, 2, 2, 8, 2, 3, 3, 255, 128, 0, 0})
	f.Fuzz(func(t *testing.T, head, rows []byte) {
		if len(head) < 10 || len(rows) > 400 {
			return
		}
		figure := func(b byte) int64 { // small, or at the edges
			if b < 240 {
				return int64(b) % 60
			}
			return []int64{-1, math.MinInt64, math.MaxInt64, lending.MaxLoan, lending.MaxLoan + 1, schedule.MaxPico, 1 << 40, -60}[b%8]
		}
		rules := lending.TenderRules{Mechanism: lending.Mechanism(head[0] % 9), Amount: figure(head[1]), Reserve: figure(head[2]),
			RateStep: figure(head[3]), MinBid: figure(head[4]), Increment: figure(head[5]), MaxBid: figure(head[6]),
			MaxPerLender: figure(head[7]), MaxShare: int64(head[8]) * 4_000, Decrement: int64(head[9]), Borrower: 7,
			Round: money.Mode(head[9] % 8)}
		var offers []lending.Offer
		large := false
		for i := 0; i+4 <= len(rows); i += 4 {
			o := lending.Offer{Units: figure(rows[i]), Pico: figure(rows[i+1]), Time: figure(rows[i+2]), ID: uint32(i), Lender: uint32(rows[i+3] % 9)}
			large = large || o.Units > 1000
			offers = append(offers, o)
		}
		if _, err := lending.ClearTender(rules, offers); err != nil {
			var typed *lending.Error
			require.ErrorAs(t, err, &typed)
			return
		}
		if rules.Mechanism != lending.OpenAuction || !large {
			sameAsOracle(t, new(lending.Clearer), rules, offers)
		}
	})
}
