// Package lending is a peer-to-peer lending platform as a library: parties and their wallets,
// products, applications, tenders, disbursement, repayment shared among lenders to the last cent,
// arrears, write-off and recovery, in three books.
//
// The library decides; the host stores, pays, tells the time and knows who people are. A command
// is a plain value; its outcome is the one event that it records:
//
//	desk, err := lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank()})
//	applied, err := lending.Do(ctx, desk, ann, lending.Apply{Product: "personal", Amount: amt, Periods: 12})
//	bid, err := lending.Do(ctx, desk, bob, lending.PlaceBid{Loan: applied.Loan, Amount: amt})
//	n, err := desk.Deliver(ctx, day) // sends what is due, takes in what the bank says
//	n, err = desk.DayEnd(ctx, day)   // deadlines, late charges, covers
//
// A [Meta] says who gives the command, on which day, and under which key: one key a command. Which
// roles may give it is what its Allowed says.
//
// [Do] loads, decides, commits; [Decide] is the same decision as a pure function. [Waterfall],
// [Fee], [PenaltyOn] and money.Apportion are plain functions on plain rows, usable without a store.
// So are the ways to clear a tender ([ClearTender], [Auction], [OrderBook]). [Tender] says by which
// [Mechanism] a product's loans are tendered.
//
// # A loan's life
//
//	Apply -> Approve -> Publish -> PlaceBid ... -> ReviewFunding -> Disburse -> (bank pays)
//	      -> Repay ... | PayOff -> closed;   WriteOff -> Repay (recoveries)
//	tender:   (opening day) -> PlaceBid, WithdrawBid, ExtendTender ... -> full, CloseTender or
//	          the deadline -> cleared | AcceptFunding, DeclineFunding | failed
//	if the product asks for it: SubmitDocument, CompleteStage, SatisfyCondition, SignContract
//	          off line: RecordSource, RecordFieldVerification, RecordSignature
//	ways back: ReferBack and Resubmit, AmendListing
//	ways out: Decline, WithdrawApplication or its expiry, CancelTender or the deadline, CancelFunding
//	corrections: ReversePayment (never came), RepayAsOf (found late), Chargeback (called back)
//	by decision: LevyCharge, Waive, PayGoodwill, Refund, Accelerate
//	the plan is made anew: Prepay (after GiveNotice where it is asked for), Restructure
//
// [Life] is the whole of it, [LifeDiagram] draws it. What a product asks for on the way stands in its
// [Origination]; nothing does by default.
//
// Approve and Publish, ReviewFunding and Disburse are by different people; WriteOff and
// whatever changes what was booked or is owed name an approver in [Meta].
//
// # Business models
//
// A product stands on three axes: its [Flow] ([Model]), its [Channels] by stage, its covers ([CoverTerms]).
// [InformationIntermediary], [MicroloanOnline] and [DebtTransfer] are presets. [Product.Validate] refuses
// what contradicts itself, with the reason, and [Rules] from its day on what a law forbids.
//
// # Parties
//
// [Tx.May] alone decides what a party may do: bid, borrow, withdraw, be given a claim. It reads the
// party's standing (frozen by an officer, excluded by itself, dormant, closed) and what [PartyRules]
// ask: an identity, a category, a test of appropriateness, each of which holds until a day. The limits
// of a category bound what a party lends ([Limits]), [WithdrawalRules] what it takes out. The host's
// ports, [Identifier] and [Categorizer], are asked outside of decisions, once for a key
// ([Desk.Identify], [Desk.Categorize]). Money of nobody known stands in suspense ([Receive]) until two
// people give it to a party or send it back; [Reports.Suspense] tells its age.
//
// # Automatic bids
//
// A lender's standing order ([SwitchOn], [SwitchOff]) waits in the [Queue] of a market, which an
// officer opens ([DefineQueue]). [Desk.Fill] gives its mandates their turn on a loan that takes bids,
// [Desk.AutoBid] on many. Each bid goes through the door of manual bids and is held to the same
// [Rules]; it is sized by what the wallet shows at the turn. In steps or in one go, the bids and the
// order of turns are the same. A lender who owes on a loan is switched off at his turn.
//
// A mandate has no stream of its own. It is on exactly as long as it stands in the queue, and a
// change of terms costs the place, so the records of `queue/<market>` are its whole history; two
// streams could only disagree, and a fill would have to guard one stream more for every turn.
//
// # The market rate
//
// Lenders' standing offers ([PlaceOffer], [WithdrawOffer]) wait by term in the book of a market, which
// an officer opens ([DefineBook]); their money is on hold for the book. A loan under [MarketRate]
// takes no bids: [Desk.Match] moves the best offers into it as bids at their own rates, and it is
// cleared as any tender is. What a loan that fails gives back is free, not offered anew.
// [Desk.MarketRate] is the average of the last day of trades before a date. An offer is a
// stake, and counts against limits, from its match on.
//
// # Money and title
//
// Money moves through [Tx.Post] alone: a balanced entry of one book, whose legs on wallets become
// events of those wallets in the same commit. Title moves through [Tx.Assign] alone. A repayment is
// one event with the share of every lot; wallets are credited with it, in chunks when there are
// many, and the end state does not depend on the chunks. A lot is assigned in part by amount, and by term
// where the product allows it: then each span of instalments has lots of its own ([Tx.Divide]). Or it stands
// behind others by its holder's consent ([Subordinate]): in shortage those before it have their share first.
//
// The platform's fees lie in the client account until [SweepFees] takes them out, never more than is
// due. A [Till] is what can refuse it; wallets and tills are the only accounts with streams.
//
// # Servicing
//
// What a payment pays first is a [Waterfall]: buckets by age, component and fee, instalment by
// instalment or bucket by bucket, one for each [PaymentKind] where they differ; presets carry names
// ([CivilCode561], [TwelveBuckets]). What late payment brings is [Late]: grace, penalty interest, a
// [Tolerance], acceleration, non-accrual, write-off, a [CostCap] on it all. What is charged, to whom,
// on what and when is a [Fee]. A date brings the same whenever anybody looks.
//
// A payment that is reversed or found late is taken out or put in on its day, and all that came after
// is figured anew as if it had been known, in one event ([Rebooked]) whose differences move wallets.
//
// # Promotions
//
// A promotion ([DefinePromotion]) has a budget, which nothing exceeds: each coupon ([IssueCoupon]) sets the most
// that it may pay aside. A lender binds one to a bid ([UseCoupon]); [SettleCoupon], which [Desk.DayEnd] sends,
// gives it back or pays it out of the platform's own money at the custodian, as an expense of the platform.
// [Reports.Promotions] shows what waits for that money ([TopUp]), [Reports.Expenses] what was spent.
//
// # Custody
//
// Under [Omnibus] the host calls [Desk.Deliver] for what leaves and enters the bank. Under [PerUser]
// holds and transfers are instructions too: it calls Deliver after its commands and before
// [Desk.DayEnd], which passes over what waits for the custodian; sends [RepeatMove] for what is
// refused ([Payment.Due]) and [Desk.AutoBid] again for what is wanted again; and holds
// [Reports.CompareSubAccounts] against the custodian daily. [ResolveDispute] ends contradictions.
//
// # Invariants
//
//   - every entry, book and currency balances after every commit; no wallet is ever negative, nor are
//     the fees in a till
//   - what is taken of bids never exceeds the amount and equals it when the loan is full; no lender
//     has more than his share or earns less than he named, no borrower pays more than the reserve
//   - a lot's running total is the floor or ceiling of its exact share, component by component;
//     which of the two, not always the nearest: see [money.Apportioner]
//   - a key takes effect once, for ever; a refused command changes nothing
//   - read models ([Reports]) equal the ledger
//
// # Errors
//
// Every error has a [Class] and a stable code ([ClassOf], [CodeOf]), also those of packages that build on this
// one ([NewSentinel]). After one of ClassUnknown the host sends the same command with the same key again.
//
// # The office
//
// [Desk.ClosePeriod] closes the books through a date: no entry is dated on or before it afterwards
// ([ErrClosed]), until two people reopen it. [Reports.FundFlow] and [Reports.CashPlan] are the fund
// statement and the cash plan, [Reports.Channels] what sales channels brought and cost,
// [Reports.Complaints] the register of complaints. [Reports.Disclosure] is the monthly disclosure,
// [Reports.OutcomeStatement] holds defaults and returns against a grade's [Outlook],
// [Reports.Statistics] groups the book by a [Dimension], [Reports.Ageing] by days past due,
// [Reports.Vintages] has the default curves of cohorts. [Desk.Follow] hands the host every event as a Go
// value, with the command behind it, from any position on.
//
// # Moving in and out
//
// A [LiveBook] is a running book as plain data, or text ([ReadLiveBook], [LiveBook.WriteTo]): parties, their
// money, loans in the middle of their lives with their lenders and past payments, the platform's own
// accounts, and what the old books state. [Desk.Import] takes it in as one cut-over of keyed commands
// ([AdoptParty], [OpenWallet], [OpenAccounts], [AdoptLoan]), which a crash does not harm, and holds the
// ledger against it to the cent ([Desk.CompareCutover]). [Desk.LiveBook] draws it up from a desk; what
// cannot move is listed in it. [Desk.Export] writes all events, entries and commands.
//
// # Satellites
//
// A [Part] plugs in stream kinds of its own, what wakes them, covers, gates and fences. Its decisions use
// the same [Tx] and so write in the same commit.
package lending
