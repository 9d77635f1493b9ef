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
// [Match] buys many offers with the money of many orders: within each order's caps, no slice and no
// rest smaller than an offer's minimum, nobody his own claim back, those who wait longest first.
//
// Functions here are pure and work on plain rows. Amounts are minor units of one currency.
//
// Invariants: a price is clean plus accrued; a debit is the credit and both fees; the slices of an
// offer cost together the floor of their exact share of its price, the whole offer exactly its
// price; input in another order gives the same result, bit for bit.
//
// Errors are typed: [ErrClaim], [ErrPrice], [ErrYield] and [ErrMatch]. Each has a class of package
// lending (see [lending.ClassOf]).
package transfer
