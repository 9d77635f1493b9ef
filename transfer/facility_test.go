package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// fronting is a world in which zhang fronts loans and has a facility of so many minor units, and money
// enough.
func fronting(t require.TestingT, limit int64) *world {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}},
		append([]lending.PartyID{"zhang"}, traders...)...)
	do(w, officer, facility(transfer.Connected, amt(limit)))
	w.deposit("zhang", 100_000_00)
	do(w, officer, lending.DefineProduct{Product: standard()})
	return w
}

func facility(r transfer.Relation, limits ...money.Amount) transfer.DefineFacility {
	return transfer.DefineFacility{Lender: "zhang", Terms: transfer.FacilityTerms{Relation: r, Limits: limits}}
}

// asked is an open loan of ann.
func (w *world) asked(minor int64) lending.LoanID {
	id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(minor), Periods: 4}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	do(w, officer, lending.Publish{Loan: id})
	return id
}

func bid(id lending.LoanID, minor int64) lending.PlaceBid {
	return lending.PlaceBid{Loan: id, Amount: amt(minor)}
}

func (w *world) pays(id lending.LoanID) error {
	do(w, officer, lending.ReviewFunding{Loan: id})
	err := try(w, cashier, lending.Disburse{Loan: id})
	w.settle()
	return err
}

func (w *world) inventory() transfer.Inventory {
	v, err := transfer.InventoryOf(context.Background(), w.desk, "zhang", cny, w.day)
	require.NoError(w.t, err)
	return v
}

func TestFacilityBoundsWhatIsFronted(t *testing.T) {
	w := fronting(t, 10_000_00)
	one, two := w.asked(6_000_00), w.asked(5_000_00)
	do(w, party("zhang"), bid(one, 6_000_00))
	err := try(w, party("zhang"), bid(two, 4_000_01))
	require.ErrorIs(t, err, transfer.ErrFacilityExceeded)
	require.ErrorIs(t, err, lending.ErrLimit)
	require.Equal(t, lending.ClassRefused, lending.ClassOf(err))
	require.NoError(t, w.pays(one))
	do(w, party("zhang"), bid(two, 4_000_00))
	w.day = w.day.AddDays(7)
	require.Equal(t, transfer.Inventory{Lender: "zhang", Relation: transfer.Connected, Related: true,
		Limit: 10_000_00, Out: 10_000_00, Lines: []transfer.Holding{
			{Loan: one, Borrower: "ann", Minor: 6_000_00, DaysHeld: 7},
			{Loan: two, Borrower: "ann", Minor: 4_000_00, Bid: true}}}, w.inventory())

	// What is sold makes room, for no more than was sold.
	do(w, officer, give{one, lending.Assignment{Lot: 0, Units: 500_00, To: "bob", Compelled: true}})
	require.Equal(t, int64(500_00), w.inventory().Free)
	require.ErrorIs(t, try(w, party("zhang"), bid(two, 500_01)), transfer.ErrFacilityExceeded)
	do(w, party("zhang"), bid(two, 500_00))
	require.Zero(t, w.inventory().Free)
	do(w, officer, facility(transfer.OwnBook, amt(9_999_99)))
	require.Equal(t, int64(-1), w.inventory().Free)
	require.True(t, w.inventory().Related)
}

// A fronting lender buys claims back within his facility only, from a listing and by an order.
func TestFacilityBoundsPurchases(t *testing.T) {
	w := fronting(t, 1_000_00)
	free := terms()
	free.Buyer, free.Seller = lending.Fee{}, lending.Fee{}
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free})
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	do(w, party("bob"), transfer.ListClaim{Market: "m", Loan: id, Units: 6_000_00, Ask: transfer.Ask{PPM: lending.Million},
		Expires: w.day.AddDays(20)})
	err := try(w, party("zhang"), buying(id, w.quote(id, 1, 1_000_01)))
	require.ErrorIs(t, err, transfer.ErrFacilityExceeded)
	do(w, party("zhang"), buying(id, w.quote(id, 1, 900_00)))
	order := transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(101_00), Expires: w.day.AddDays(20)}
	do(w, party("zhang"), order)
	s := do(w, timer, transfer.MatchOrders{Loan: id}).Sales
	require.Len(t, s, 1)
	require.Equal(t, int64(100_00), s[0].Principal, "as much as the facility leaves")
	require.Zero(t, w.inventory().Free)
}

// An automatic bid beyond the facility passes its lender over, and the queue goes on.
func TestFacilityBoundsAutomaticBids(t *testing.T) {
	w := fronting(t, 1_000_00)
	w.deposit("bob", 5_000_00)
	do(w, officer, lending.DefineQueue{Market: "q", Rules: lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace}})
	for _, p := range []lending.PartyID{"zhang", "bob"} {
		do(w, party(p), lending.SwitchOn{Market: "q", Mandate: lending.Mandate{Min: 1, Max: 800_00}})
	}
	one, two := w.asked(2_000_00), w.asked(2_000_00)
	fs, err := w.desk.AutoBid(context.Background(), w.meta(timer), "q", one, two)
	require.NoError(t, err)
	require.Len(t, fs[0].Bids, 2)
	require.Len(t, fs[1].Bids, 1)
	require.Equal(t, lending.PartyID("bob"), fs[1].Bids[0].Lender)
	require.Equal(t, int64(200_00), w.inventory().Free)
}

// A repayment that is taken back may leave more out than the limit: the inventory says so, and nothing more
// is fronted.
func TestInventoryAfterAReversal(t *testing.T) {
	w := fronting(t, 1_000_00)
	id := w.asked(1_000_00)
	do(w, party("zhang"), bid(id, 1_000_00))
	require.NoError(t, w.pays(id))
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	free := w.inventory().Free
	require.Positive(t, free)
	next := w.asked(100_00)
	do(w, party("zhang"), bid(next, 100_00))
	do(w, officer, lending.ReversePayment{Loan: id, Payment: 1, Reason: "bounced"})
	require.Equal(t, int64(-100_00), w.inventory().Free)
	require.ErrorIs(t, try(w, party("zhang"), bid(w.asked(1_00), 1)), transfer.ErrFacilityExceeded)
}

func TestDefineFacilityRefuses(t *testing.T) {
	w := fronting(t, 1_000_00)
	usd := money.MustCurrency("USD")
	other, err := money.New(1, usd)
	require.NoError(t, err)
	many := make([]money.Amount, transfer.MaxLimits+1)
	for _, c := range []struct {
		give transfer.DefineFacility
		want error
	}{
		{facility(0), transfer.ErrFacility},
		{facility(transfer.OwnBook + 1), transfer.ErrFacility},
		{facility(transfer.Connected, amt(0)), transfer.ErrFacility},
		{facility(transfer.Connected, amt(-1)), transfer.ErrFacility},
		{facility(transfer.Connected, amt(1), other, amt(2)), transfer.ErrFacility},
		{facility(transfer.Connected, many...), transfer.ErrFacility},
		{transfer.DefineFacility{Lender: "nobody", Terms: facility(transfer.Connected, amt(1)).Terms}, transfer.ErrGone},
		{transfer.DefineFacility{Lender: "olga", Terms: facility(transfer.Connected).Terms}, lending.ErrActor},
		{transfer.DefineFacility{Lender: "chief", Terms: facility(transfer.Connected).Terms}, lending.ErrActor},
	} {
		n := w.records()
		require.ErrorIs(t, try(w, officer, c.give), c.want, "%v", c.give)
		require.Equal(t, n, w.records())
	}
	require.ErrorIs(t, try(w, chief, facility(transfer.Connected)), lending.ErrSecond)
	require.ErrorIs(t, try(w, party("ann"), facility(transfer.Connected)), lending.ErrActor)
	do(w, officer, facility(transfer.Connected, amt(1), other))
	_, err = transfer.InventoryOf(context.Background(), w.desk, "bob", cny, w.day)
	require.ErrorIs(t, err, transfer.ErrGone)
	require.ErrorIs(t, try(w, party("zhang"), bid(w.asked(1_00), 2)), transfer.ErrFacilityExceeded)
	require.Equal(t, "relation unknown independent connected own-book", transfer.Relation(0).String()+" "+
		transfer.Independent.String()+" "+transfer.Connected.String()+" "+transfer.OwnBook.String())
	require.False(t, transfer.Independent.Related())
}

// Whatever is asked of a fronting lender, a bid is refused for his facility exactly when a plain count says
// so, what is out grows within the limit alone, and the inventory is what the loans say.
func TestFacilityInvariant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(1, 9_000).Draw(t, "limit")
		w := fronting(t, limit)
		var open, active []lending.LoanID
		for range rapid.IntRange(3, 12).Draw(t, "steps") {
			before := w.out()
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				open = append(open, w.asked(rapid.Int64Range(100, 5_000).Draw(t, "loan")))
			case 1, 2:
				if len(open) == 0 {
					continue
				}
				id := rapid.SampledFrom(open).Draw(t, "open")
				l := w.loan(id)
				minor := l.Amount.Minor() - l.Raised
				if l.State != lending.StateOpen || w.day.After(l.Deadline) {
					continue
				}
				err := try(w, party("zhang"), bid(id, minor))
				require.Equal(t, before+minor > limit, errors.Is(err, transfer.ErrFacilityExceeded), "%v", err)
				if err == nil {
					require.NoError(t, w.pays(id))
					active = append(active, id)
				}
			case 3:
				next := rapid.Int64Range(1, 12_000).Draw(t, "limit")
				do(w, officer, facility(transfer.Connected, amt(next)))
				limit = next
			case 4:
				if len(active) == 0 {
					continue
				}
				id := rapid.SampledFrom(active).Draw(t, "sold")
				if x := w.loan(id).Lots[0]; w.loan(id).State == lending.StateActive && x.Holder == "zhang" {
					units := rapid.Int64Range(1, x.Units).Draw(t, "units")
					do(w, officer, give{id, lending.Assignment{Lot: 0, Units: units, To: "bob", Compelled: true}})
				}
			case 5:
				w.day = w.day.AddDays(rapid.IntRange(1, 40).Draw(t, "days"))
				if len(active) > 0 {
					if id := rapid.SampledFrom(active).Draw(t, "paid"); w.loan(id).State == lending.StateActive {
						w.repay(id, rapid.Int64Range(1, 900).Draw(t, "payment"))
					}
				}
			}
			v := w.inventory()
			require.LessOrEqual(t, v.Out, max(limit, before))
			require.Equal(t, w.out(), v.Out)
			require.Equal(t, limit-v.Out, v.Free)
			var sum int64
			for _, x := range v.Lines {
				require.Positive(t, x.Minor)
				sum += x.Minor
			}
			require.Equal(t, v.Out, sum)
		}
	})
}

// out is what zhang has out by the loans' own accounts.
func (w *world) out() (sum int64) {
	r := w.reports()
	for _, id := range r.Loans() {
		l := r.Loan(id)
		if len(l.Lots) == 0 && l.State != lending.StateFailed {
			for _, b := range l.Bids {
				if b.Lender == "zhang" {
					sum += b.Amount
				}
			}
		}
		for _, x := range l.Lots {
			if x.Holder == "zhang" {
				sum += x.Units - x.Paid[lending.Principal]
			}
		}
	}
	return sum
}

// Offers that are matched out of a book later, of however many lenders, stay within each one's facility. All
// is seen in one commit, of more offers than a decision may ask rounds for.
func TestFacilityBoundsMatchedOffers(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Chunk: 100}, "ann", "zhang")
	do(w, officer, facility(transfer.Connected, amt(1_000_00)))
	w.deposit("zhang", 2_000_00)
	percent := schedule.MustRate("1% per year")
	do(w, officer, lending.DefineBook{Market: "b", Rules: lending.BookRules{Every: schedule.Months(1), Terms: []int{4},
		MinOffer: amt(1), MinRate: percent, RateStep: percent, MaxRate: schedule.MustRate("20% per year"), Round: money.HalfUp}})
	p := standard()
	p.Tender.Mechanism, p.Tender.Book, p.Tender.RateStep, p.MinRate = lending.MarketRate, "b", percent, percent
	do(w, officer, lending.DefineProduct{Product: p})
	offer := func(by lending.PartyID, minor int64) int {
		return do(w, party(by), lending.PlaceOffer{Market: "b", Term: 4, Amount: amt(minor), Rate: percent}).Offer
	}
	offer("zhang", 600_00)
	offer("zhang", 400_01)
	last := offer("zhang", 400_00)
	for i := range 80 {
		p := lending.PartyID(fmt.Sprintf("lender%d", i))
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
		w.deposit(p, 1_00)
		last = offer(p, 1_00)
	}
	id := w.asked(2_000_00)
	e := do(w, timer, lending.MatchLoan{Market: "b", Loan: id})
	require.Len(t, e.Fills, 82)
	require.Equal(t, last, e.Last.Offer)
	require.Equal(t, []int64{600_00, 400_00}, []int64{e.Fills[0].Minor, e.Fills[1].Minor})
	require.Equal(t, lending.PartyID("zhang"), e.Fills[1].Lender)
	require.Zero(t, w.inventory().Free)
	w.reports()
}
