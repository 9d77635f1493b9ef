// Package transfer moves claims on loans (债权转让): what a claim is worth, what its sale costs each
// side, and which investor's money buys which claim.
//
// A [Claim] is the unpaid rows of some instalments of one lot. It is priced at a share of its
// principal or at a yield, both ways, and to the cent by integers and long arithmetic alone:
//
//	claim, err := transfer.OfPlan(plan, lending.Span{}, on)
//	price, err := claim.PriceAt(995_000, money.HalfEven)  // half a percent below par
//	yield, err := claim.YieldAt(price.Dirty())            // what the buyer earns a year
//	err = transfer.Band{Min: 950_000, Max: lending.Million}.Check(price.Dirty(), claim.Fair())
//	sale, err := transfer.Settle(price, transfer.Charges{Seller: fee, HeldDays: 90})
//
// [DrawLadder] sets what claims pay, and when, against what is promised to investors: the gap of each
// stretch of days, the coverage of what is owed, and a [Warning] of the first stretch that ends short of cash.
//
// [ExitRules.Serve] shares buyers' money among investors who want out: first come, in cycles, or pro rata.
//
// [Match] buys many offers with the money of many orders: within each order's caps, no slice and no
// rest smaller than an offer's minimum, nobody his own claim back, those who wait longest first.
//
// These functions are pure and work on plain rows. Amounts are minor units of one currency.
//
// The rest works on a desk, and is complete in two programs (program_example_test.go): of the package, a loan that is
// fronted, sold in part and repaid; and (Package), an investor's way into a package and out of it.
//
//	desk, err := lending.Open(lending.Config{Store: store, Gateway: gateway,
//		Parts: []lending.Part{transfer.Part()}})
//
// # Secondary market
//
// [Part] plugs a market for claims (二级市场) into a desk. A [Market] is terms as data: fees, a band of
// prices, holding period, how long a listing stands. Each loan has a [Board]: its lenders list parts of
// their lots, buyers buy a listing at the price that they were quoted, or leave orders with their money on
// hold that are matched by price and time.
//
//	lending.Do(ctx, desk, by(bob), transfer.ListClaim{Market: "m", Loan: id, Lot: 0, Units: 6_000_00,
//		Ask: transfer.Ask{PPM: 995_000}, Expires: day.AddDays(7)})
//	q, err := transfer.QuoteSale(ctx, desk, id, 1, 2_000_00, day)
//	lending.Do(ctx, desk, by(zoe), transfer.BuyClaim{Loan: id, Listing: 1, Units: q.Units, Version: q.Version,
//		Debit: amount(q.Debit)})
//	lending.Do(ctx, desk, by(kim), transfer.PlaceOrder{Market: "m", Loan: id, PPM: 990_000, Money: hundred,
//		Expires: day.AddDays(30)})
//	lending.Do(ctx, desk, timer, transfer.MatchOrders{Loan: id})
//
// A sale prices and moves the claim at one version of the loan, in one commit: title by
// [lending.Tx.Assign], the price from wallet to wallet, both fees out of what the buyer pays. What a part
// of a lot is, [OfLot] tells to the minor unit: its principal is the title that moves. Interest that is
// accrued is the buyer's and he pays for it; a sale conveys unpaid instalments only, so that no reversal
// of an earlier payment falls on him. Penalty interest and charges that are owed go with the claim and are
// not priced. Earlier owners may buy a claim back; its holder and the borrower may not buy it.
//
// A listing and an order stand until their last day, as long as the loan is the one that they were priced
// upon. They lapse, see [Reason], when it ends, becomes overdue or is accelerated, when what falls due after
// their last day is prepaid or planned anew, and when the seller does not hold the units any more; not when
// an instalment of the time until then is paid. What has lapsed is not sold, and the next day-end takes it
// off the board and gives the money of orders back. A board with something on it is looked at every day.
//
// An order is filled only where its buyer may still place it ([Passed]). While a cover of the loan suspends sales
// ([lending.Suspending]), as that of an originator that is not active, what stands stays and nothing is sold:
// Board.Suspended says so. Of one party there are [MaxPerParty] listings, and orders, on a board at most.
//
// A Span lists some instalments of a lot, where the product lets claims be divided by term: the lot as a
// whole, in one sale, with which the loan's claims are divided ([lending.Tx.Divide]). What stands behind other
// claims of the loan (劣后) is listed and bought by naming its rank, and no standing order takes it.
//
// # Short holdings
//
// A listing with a [Tenor] lets its buyers hold a long claim for some days each (期限拆分). It is sold at par, and
// the interest of his days is each holder's own:
//
//	lending.Do(ctx, desk, by(front), transfer.ListClaim{Market: "m", Loan: id, Lot: 0, Units: 6_000_00,
//		Ask: par, Expires: day, Tenor: transfer.Tenor{Days: 30, Failed: transfer.TakenBack}})
//	lending.Do(ctx, desk, by(zoe), transfer.BuyClaim{Loan: id, Listing: 1, ..., Days: 14})
//
// He has title, and on the last of his days his claim is for sale at par by a listing that his purchase made: the
// next buyer pays him out, for some days again or for good. When that day passes without a buyer, the roll has
// failed, and what then happens was said from the beginning: [Extended], he stays the holder and waits,
// before whoever asks par later; or [TakenBack], who listed it first buys it at par, within his facility and his
// money, and is tried every day until he can. [Failure] says so, and [ShortHoldings] who waits since when for how
// much. Nobody owes the principal but the borrower: while the loan is overdue or accelerated a short
// holding rests, not for sale and not taken back; when the loan has ended, title has moved by law, or the holder
// withdraws the listing, to sell himself or to keep the claim, it lapses and he holds as any other. A payment ahead or a
// new plan does not end it: par is par of what is unpaid. No strip is sold meanwhile, since that divides every lot.
//
// # Fronting lender
//
// A [Facility] (垫资额度) makes a party a fronting lender (专业放贷人): he funds loans, holds the claims and sells
// them on. It says what he is to the platform, and how much he may have out, in bids and unsold claims. That
// is read from his wallet. [Part] refuses every bid and every purchase beyond it, and passes over his offers in
// a book that it does not bear ([lending.Line]). [InventoryOf] lists what he holds and for how long.
//
// # Packages
//
// A [Package] (打包产品) sells its investors a promised yield over a basket of claims that changes. It is a party,
// a vehicle, and what it has is that party's: cash in its wallet, claims in the lots that it holds, which it buys
// and sells on boards like anybody. The package's own stream has the other side: who is owed how much, what
// interest was promised, who waits to leave.
//
//	lending.Do(ctx, desk, officer, transfer.DefinePackage{Package: "van", Terms: terms})
//	lending.Do(ctx, desk, by(zoe), transfer.Subscribe{Package: "van", Amount: hundred})
//	lending.Do(ctx, desk, by(zoe), transfer.RequestExit{Package: "van", All: true})
//	v, err := transfer.ValueOf(ctx, desk, "van", day) // v.Coverage, v.Deficit()
//	l, err := transfer.PackageLadder(ctx, desk, "van", day, schedule.Months(1), 12)
//
// Loans end later than investors want to leave, and some are not paid: both are seen before they hurt. Claims
// on overdue loans are written down by the terms. The end of each period books what was promised less what the
// basket earned; the gap so far, less what the sponsor put in for good and what leavers forwent, is the deficit.
// While there is one nothing is sold, as new money would pay old investors, and who leaves is not paid at the cost
// of who stays: he waits, or forgoes his share of the deficit if he agreed to. Among those who may be paid, the
// rules of the queue ([ExitRules]) share the cash. The ladder has all leave as early as they may, or a share of
// them, and warns of the first month that runs short; each [PeriodClosed] carries that warning.
//
// [ClosePackage] closes a package to new money, and reopens it; exits go on.
//
// Day-end sends [LookAtPackage], which closes periods and pays exits. The vehicle is ring-fenced ([lending.Fence]):
// it takes its money nowhere else.
//
// # Invariants and errors
//
// A price is clean plus accrued; a debit is the credit and both fees; the slices of an
// offer cost together the floor of their exact share of its price, the whole offer exactly its
// price; input in another order gives the same result, bit for bit; the debit of a sale is clean and
// accrued and the buyer's fee, and it is the credit and both fees; what orders hold in a wallet is what
// they have left to spend; of a lot its holder never lists more than he has; a fronting lender takes on
// no more than his facility leaves; a short holding is for sale at par from its last day, and stands on
// its board until it is sold or lapses; the rungs of a ladder have every row of its claims that is not overdue;
// what a package has paid and owes is what was subscribed and promised, less what leavers forwent.
//
// Errors are typed sentinels: [ErrClaim], [ErrPrice], [ErrYield], [ErrMatch], [ErrLadder] and [ErrExit] of
// the functions, [ErrMarket], [ErrListing], [ErrGone], [ErrNotHolder], [ErrBuyer], [ErrOversold], [ErrSlice],
// [ErrRank], [ErrTenor], [ErrHeld], [ErrLapsed], [ErrSuspended], [ErrStale], [ErrCustody], [ErrFacility] and [ErrFacilityExceeded] of the
// commands, [ErrPackage], [ErrUnderCollateralised], [ErrFull], [ErrPackageClosed], [ErrQueued] and [ErrSponsor] of packages.
// Each has a class of package lending ([lending.ClassOf]) and a code of its own ([lending.CodeOf]): "transfer-stale".
package transfer
