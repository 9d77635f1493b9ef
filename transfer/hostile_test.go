package transfer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// stern is a cover that refuses sales while it is shut, all or those of one holder.
type stern struct {
	shut bool
	from lending.PartyID
}

func (*stern) Attach(*lending.Tx, *lending.Loan) error { return nil }
func (*stern) Demand(_ *lending.Tx, l *lending.Loan, _ lending.Demand) (money.Amount, error) {
	return money.New(0, l.Currency())
}
func (*stern) Release(*lending.Tx, *lending.Loan) error { return nil }
func (s *stern) MaySell(_ *lending.Tx, l *lending.Loan, from lending.PartyID, a lending.Assignment) error {
	if s.shut && (s.from == "" || s.from == from) {
		return &lending.Error{Err: lending.ErrState, Thing: "cover", Why: "is suspended"}
	}
	return nil
}

// covered is a market with a fronting lender, and a product whose loans have a cover that may refuse sales.
func covered(t require.TestingT, s *stern) *world {
	cover := lending.Part{Covers: map[lending.Code]lending.Cover{"stern": s}}
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part(), cover}}, append([]lending.PartyID{"zhang"}, traders...)...)
	do(w, officer, facility(transfer.Connected, amt(50_000_00)))
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	return w
}

func sternProduct() lending.Product {
	p := standard()
	p.Covers = []lending.CoverTerms{{Name: "stern", Kind: lending.CoverOriginator}}
	return p
}

// A cover that refuses the sale refuses the taking back as a whole: title does not move unpaid.
func TestRefusedTakingBackMovesNothing(t *testing.T) {
	s := &stern{}
	w := covered(t, s)
	id := w.lent(sternProduct(), 6, "12% per year", map[lending.PartyID]int64{"bob": 4_000_00})
	do(w, officer, transfer.DefineFacility{Lender: "bob", Terms: facility(transfer.Connected, amt(50_000_00)).Terms})
	x := w.lists("bob", id, 0, 4_000_00, transfer.Tenor{Days: 30, Failed: transfer.TakenBack})
	w.holds("zoe", id, x.Number, 5)
	s.shut = true
	w.deposit("bob", 5_000_00)
	before := w.free("zoe")
	w.pass(6)
	require.Equal(t, lending.PartyID("zoe"), w.loan(id).Lots[0].Holder)
	require.Equal(t, before, w.free("zoe"))
	require.Equal(t, lending.Code("wrong-state"), w.short(id)[0].Refused)
	s.shut = false
	w.pass(1)
	require.Equal(t, lending.PartyID("bob"), w.loan(id).Lots[0].Holder)
	require.Less(t, before+4_000_00, w.free("zoe"))
	w.reports()
}

// A listing whose sale a cover refuses is passed over: others are matched.
func TestRefusedSaleIsPassedOver(t *testing.T) {
	s := &stern{shut: true, from: "bob"}
	w := covered(t, s)
	id := w.lent(sternProduct(), 6, "12% per year", map[lending.PartyID]int64{"bob": 4_000_00, "eve": 2_000_00})
	w.sell("bob", id, 1_000_00, 990_000)
	w.lists("eve", id, 1, 1_000_00, transfer.Tenor{})
	w.order("kim", id, lending.Million, 1_000_00)
	m := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Len(t, m.Sales, 1)
	require.Equal(t, lending.PartyID("eve"), m.Sales[0].Seller)
	w.reports()
}

// Instalments apart are worth something else than the claims that an order was priced for: no order buys them.
func TestOrdersBuyNoStrips(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 12, "12% per year", map[lending.PartyID]int64{"bob": 6_000_00, "eve": 6_000_00})
	w.order("kim", id, lending.Million, 6_000_00)
	do(w, party("bob"), transfer.ListClaim{Market: "m", Loan: id, Lot: 0, Units: 6_000_00, Span: lending.Span{From: 10},
		Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day.AddDays(5)})
	require.Empty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales)
	w.reports()
}

// What is left to a seller when the claims are divided is not what he listed, nor what an order is for.
func TestDivisionEndsListingsAndOrders(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 12, "12% per year", map[lending.PartyID]int64{"bob": 6_000_00, "eve": 6_000_00})
	w.lists("bob", id, 0, 1_000_00, transfer.Tenor{})
	w.order("kim", id, 990_000, 500_00)
	do(w, party("eve"), transfer.ListClaim{Market: "m", Loan: id, Lot: 1, Units: 6_000_00, Span: lending.Span{From: 6},
		Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day.AddDays(5)})
	w.holds("zoe", id, 3, 0)
	require.True(t, w.loan(id).Divided())
	before := w.free("kim")
	w.pass(1)
	require.Empty(t, w.board(id).Listings)
	require.Empty(t, w.board(id).Orders)
	require.Equal(t, before+500_00, w.free("kim"))
	w.reports()
}

// A plan made anew ends what was priced upon the old one, also where its sums are the same.
func TestExtensionOfALoanWithoutInterestEndsOrders(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	id := w.lent(standard(), 6, "0% per year", map[lending.PartyID]int64{"bob": 6_000_00})
	w.lists("bob", id, 0, 1_000_00, transfer.Tenor{})
	w.order("kim", id, 990_000, 500_00)
	do(w, officer, lending.Restructure{Loan: id, Reason: "longer", Periods: 60})
	w.pass(1)
	require.Empty(t, w.board(id).Listings)
	require.Empty(t, w.board(id).Orders)
	w.reports()
}

// A frozen party sells nothing: what he listed before waits.
func TestFrozenSellerSellsNothing(t *testing.T) {
	w, id := opened(t, free())
	w.lists("bob", id, 0, 1_000_00, transfer.Tenor{})
	w.deposit("zoe", 5_000_00)
	c := buying(id, w.quote(id, 1, 500_00))
	w.order("kim", id, lending.Million, 500_00)
	do(w, officer, lending.Freeze{Party: "bob"})
	require.ErrorIs(t, try(w, party("zoe"), c), lending.ErrState)
	require.Empty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales)
	do(w, officer, lending.Freeze{Party: "bob", Lift: true})
	require.Len(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales, 1)
	w.reports()
}

// Title that moves by law while the loan is overdue ends a short holding at once.
func TestTitleMovedWhileOverdueEndsShortHolding(t *testing.T) {
	w, id := opened(t, free())
	w.lists("bob", id, 0, 10_000_00, transfer.Tenor{Days: 60, Failed: transfer.Extended})
	w.holds("zoe", id, 1, 10)
	w.pass(35)
	require.True(t, w.short(id)[0].Rests)
	do(w, officer, give{id, lending.Assignment{Lot: 0, Units: 10_000_00, To: "dan", Compelled: true}})
	require.Empty(t, w.short(id))
	w.pass(1)
	require.Empty(t, w.board(id).Listings)
	w.reports()
}

// The sponsor takes no cash while investors wait for it.
func TestNoSurplusWhileExitsWait(t *testing.T) {
	w := packed(t, packageTerms())
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	w.subscribe("zoe", 6_000_00)
	w.buys(id, 0, 6_000_00)
	w.until("2026-02-20")
	do(w, party("zoe"), transfer.RequestExit{Package: "van", All: true})
	w.until("2026-02-22")
	w.deposit("sam", 500_00)
	do(w, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(500_00)})
	require.Positive(t, w.value().Value-w.value().Owed-300_00)
	take := transfer.TakeSurplus{Package: "van", Amount: amt(300_00)}
	require.ErrorIs(t, try(w, party("sam"), take), transfer.ErrQueued)
	do(w, party("zoe"), transfer.CancelExit{Package: "van", Investor: "zoe"})
	do(w, party("sam"), take)
	w.reports()
}

// many registers so many parties and gives each money.
func (w *world) many(n int, minor int64) (list []lending.PartyID) {
	for i := range n {
		p := lending.PartyID(fmt.Sprintf("p%03d", i))
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
		w.deposit(p, minor)
		list = append(list, p)
	}
	return list
}

// The orders of many buyers are matched in one command.
func TestOrdersOfManyBuyersAreMatched(t *testing.T) {
	w, id := opened(t, terms())
	w.sell("bob", id, 10_000_00, lending.Million)
	for _, p := range w.many(transfer.MaxFills, 110_00) {
		do(w, party(p), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(101_00), Expires: w.day})
	}
	m := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Equal(t, 98, len(m.Sales), "more would leave a tail")
	w.reports()
}

// The claims of many holders are taken back on one day.
func TestManyHoldingsAreTakenBack(t *testing.T) {
	w := fronting(t, 50_000_00)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	id := w.asked(9_000_00)
	do(w, party("zhang"), bid(id, 9_000_00))
	require.NoError(t, w.pays(id))
	x := w.lists("zhang", id, 0, 9_000_00, transfer.Tenor{Days: 30, Failed: transfer.TakenBack})
	for _, p := range w.many(90, 110_00) {
		c := buying(id, w.quote(id, x.Number, 100_00))
		c.Days = 5
		do(w, party(p), c)
	}
	w.pass(6)
	require.Empty(t, w.short(id))
	require.Equal(t, int64(110_00+21), w.free("p007"), "6 days of 1% of 100")
	w.reports()
}

// A day-end that comes late, when the borrower has paid on the next day already, closes the period all the same.
func TestLatePackageDayEnd(t *testing.T) {
	w := packed(t, packageTerms())
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	w.subscribe("zoe", 6_000_00)
	w.buys(id, 0, 6_000_00)
	w.until("2026-02-27")
	do(w, party("zoe"), transfer.RequestExit{Package: "van", All: true})
	w.day = date("2026-03-01")
	w.repay(id, 500_00)
	w.day = date("2026-02-28")
	w.dayEnd()
	require.Len(t, packageEvents[transfer.PeriodClosed](w), 1)
	w.reports()
}

// What earns less than is promised counts for less than its principal: late instalments apart bear little interest.
func TestStripsCountForWhatTheyEarn(t *testing.T) {
	w := packed(t, packageTerms())
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	w.subscribe("zoe", 6_000_00)
	x := do(w, party("bob"), transfer.ListClaim{Market: "m", Loan: id, Units: 10_000_00, Span: lending.Span{From: 6},
		Ask: transfer.Ask{ByYield: true, Yield: 120_000}, Expires: w.day})
	q := w.quote(id, x.Listing.Number, 10_000_00)
	do(w, party("van"), buying(id, q))
	v := w.value()
	l := w.loan(id)
	strip, err := transfer.OfLot(l, lending.Assignment{Lot: 1, Units: l.Lots[1].Units}, w.day)
	require.NoError(t, err)
	worth, err := strip.PriceAtYield(73_000, money.Down)
	require.NoError(t, err)
	require.Less(t, worth.Dirty(), strip.Fair())
	require.Equal(t, worth.Dirty(), v.Claims)
	require.Equal(t, strip.Fair(), v.Claims+v.WrittenDown)
}

// A hundred orders of one buyer who may buy nothing do not hold the book up.
func TestBarredOrdersCostLittle(t *testing.T) {
	w := fronting(t, 1_000_00)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: terms()})
	id := w.lent(standard(), 24, "12% per year", map[lending.PartyID]int64{"bob": 100_000_00})
	for range 100 {
		w.sell("bob", id, 200_00, lending.Million)
	}
	w.deposit("bob", 1_000_00)
	for range 100 {
		do(w, party("zhang"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(101_00), Expires: w.day})
	}
	do(w, officer, facility(transfer.Connected, amt(1)))
	start := time.Now()
	require.Empty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales)
	require.Less(t, time.Since(start), 2*time.Second, "6 s where each pair is priced")
}

// A purchase that splits a claim by term is refused from the day of the ban on, whenever it was listed.
func TestStripIsNotBoughtAfterTheBan(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Rules: regulator.ChinaIntermediary(regulator.Options{})})
	w.day = date("2016-08-01")
	for _, p := range traders {
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
	}
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 6, "12% per year", map[lending.PartyID]int64{"bob": 6_000_00, "eve": 3_000_00})
	do(w, party("eve"), transfer.ListClaim{Market: "m", Loan: id, Lot: 1, Units: 3_000_00, Ask: transfer.Ask{PPM: lending.Million},
		Expires: date("2016-08-29"), Span: lending.Span{From: 0, To: 3}})
	w.deposit("kim", 9_000_00)
	unnamed := buying(id, w.quote(id, 1, 3_000_00))
	unnamed.Span = lending.Span{}
	require.ErrorIs(t, try(w, party("kim"), unnamed), transfer.ErrSlice)
	w.day = date("2016-08-25")
	w.dayEnd()
	c := buying(id, w.quote(id, 1, 3_000_00))
	var r *lending.RuleError
	require.ErrorAs(t, try(w, party("kim"), c), &r)
	c.Span = lending.Span{}
	require.ErrorIs(t, try(w, party("kim"), c), transfer.ErrSlice)
	require.False(t, w.loan(id).Divided())
	w.reports()
}

// ownRates is a world with a loan of which bob lent 5,000 at 6% and eve 5,000 at 18%, with the places of their lots.
func ownRates(t *testing.T) (*world, lending.LoanID, map[lending.PartyID]int) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: freeMarket()})
	p := standard()
	p.ID, p.Tender.Mechanism, p.Tender.RateStep = "own-rates", lending.PayAsBid, schedule.MustRate("0.01% per year")
	p.MinRate = schedule.MustRate("1% per year")
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(10_000_00), Periods: 12}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("24% per year")})
	do(w, officer, lending.Publish{Loan: id})
	for x, rate := range map[lending.PartyID]string{"bob": "6% per year", "eve": "18% per year"} {
		w.deposit(x, 5_000_00)
		do(w, party(x), lending.PlaceBid{Loan: id, Amount: amt(5_000_00), Rate: schedule.MustRate(rate)})
	}
	for w.loan(id).State == lending.StateOpen { // to its deadline
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
	require.NoError(t, w.pays(id))
	lots := map[lending.PartyID]int{}
	for i, x := range w.loan(id).Lots {
		lots[x.Holder] = i
	}
	return w, id, lots
}

// An order at par that asks for a yield finds the claim that has it behind many small ones that have not.
func TestLeastYieldBehindManySmallListings(t *testing.T) {
	w, id, lots := ownRates(t)
	for range 20 {
		w.lists("bob", id, lots["bob"], 10_00, transfer.Tenor{})
	}
	w.lists("eve", id, lots["eve"], 5_000_00, transfer.Tenor{})
	w.deposit("zoe", 4_000_00)
	do(w, party("zoe"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(2_000_00), Expires: w.day,
		Least: 150_000})
	m := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Len(t, m.Sales, 1)
	require.Equal(t, lending.PartyID("eve"), m.Sales[0].Seller)
	w.reports()
}

// A hundred orders of one buyer that ask for what no claim yields do not hold the others up.
func TestVainYieldsHoldNobodyUp(t *testing.T) {
	w, id, lots := ownRates(t)
	for range 20 {
		w.lists("bob", id, lots["bob"], 200_00, transfer.Tenor{})
	}
	w.deposit("kim", 20_000_00)
	w.deposit("zoe", 400_00)
	for range 100 {
		do(w, party("kim"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(200_00), Expires: w.day,
			Least: 150_000})
	}
	do(w, party("zoe"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(400_00), Expires: w.day})
	require.NotEmpty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales)
	w.reports()
}

// Orders that are short of the interest accrued by a little do not hold the others up, however many listings there are.
func TestShortOrdersHoldNobodyUp(t *testing.T) {
	m := free()
	m.MinSlice = 100_00
	w, id := opened(t, m)
	for range 10 {
		w.lists("bob", id, 0, 200_00, transfer.Tenor{})
	}
	w.day = w.day.AddDays(10)
	for range 100 {
		w.order("kim", id, lending.Million, 100_00)
	}
	w.order("zoe", id, lending.Million, 150_00)
	sales := do(w, timer, transfer.MatchOrders{Loan: id}).Sales
	require.Len(t, sales, 1)
	require.Equal(t, lending.PartyID("zoe"), sales[0].Buyer)
	w.reports()
}

// Terms without limits end what a fronting lender may front, whatever he has out; lower ones than that bound what is new.
func TestFacilityEndsWithClaimsOut(t *testing.T) {
	w := fronting(t, 1_000_00)
	id, next := w.asked(1_000_00), w.asked(1_000_00)
	do(w, party("zhang"), bid(id, 600_00))
	do(w, officer, facility(transfer.Independent, amt(500_00)))
	require.Equal(t, int64(-100_00), w.inventory().Free)
	require.ErrorIs(t, try(w, party("zhang"), bid(next, 1)), transfer.ErrFacilityExceeded)
	do(w, officer, facility(transfer.Independent))
	require.Equal(t, int64(600_00), w.inventory().Out)
	require.ErrorIs(t, try(w, party("zhang"), bid(next, 1)), transfer.ErrFacilityExceeded)
	w.reports()
}

// A party that may take no money out gives none to a package either.
func TestFrozenSponsorTopsNothingUp(t *testing.T) {
	w := packed(t, packageTerms())
	topUp := transfer.TopUpPackage{Package: "van", Amount: amt(100_00)}
	do(w, officer, lending.Freeze{Party: "sam"})
	require.ErrorIs(t, try(w, party("sam"), topUp), lending.ErrState)
	do(w, officer, lending.Freeze{Party: "sam", Lift: true})
	do(w, party("sam"), topUp)
	w.reports()
}

// kept is the money of a party that goes by rules of another part.
type kept lending.PartyID

func (k kept) Fenced(_ *lending.Tx, p lending.PartyID, _ lending.Act) (bool, error) {
	return p == lending.PartyID(k), nil
}

// The money of a vehicle that another part keeps for something else, as that of a provision fund, is no package's.
func TestVehicleThatIsKeptIsNoPackage(t *testing.T) {
	keeps := lending.Part{Fences: []lending.Fence{kept("fund")}}
	w := newWorld(t, lending.Config{Parts: []lending.Part{keeps, transfer.Part()}}, "sam")
	for _, p := range []lending.PartyID{"fund", "van"} {
		do(w, officer, lending.Register{Party: p, Kind: lending.Vehicle})
	}
	require.ErrorIs(t, try(w, officer, transfer.DefinePackage{Package: "fund", Terms: packageTerms()}), lending.ErrFenced)
	do(w, officer, transfer.DefinePackage{Package: "van", Terms: packageTerms()})
	w.reports()
}
