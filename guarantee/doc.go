// Package guarantee stands in for borrowers who do not pay (担保). A cover fills lending's slot
// [lending.Cover]: it is attached to a loan at disbursement, asked in the loan's day-end for what the
// lenders miss, and pays by a command of its own through [lending.Tx.Advance]. What the borrower pays
// later goes to the payer once the lenders have theirs (代位求偿), of all that is due or, by agreement, of the
// instalment ([lending.Recourse]).
//
// A [Fund] is a provision fund (风险备付金): its cash is the wallet of a party of its own, its stream the
// queue of demands. [SettleFund] fixes a round of payments by policy, each an amount, and pays it loan by
// loan; what is unpaid stays queued, or lapses in time so that the next layer is asked. A fund that runs out is
// [Fund.Exhausted], which is a state and no error. A [Guarantor] (第三方担保) has limits by its net assets, may
// dispute a demand, and may default: then its demands lapse, and the loss reaches the next layer or the lenders.
// One that is a related party is the platform's own guarantee (平台自身担保): [PayOwn] brings it money out of the
// platform's own book. A guarantor has notice of every sale of a claim that it covers ([GuarantorNotified]): its
// cover goes with the claim.
//
// An [Originator] is a microloan company (小贷公司) that refers loans under a credit line, keeps a share of each,
// on a par with the others or as the first loss, and is asked to buy a loan back that is past due: [BuyBack]
// pays every holder nominal and accrued interest, and title passes by [lending.Tx.Assign]. While a buyback is
// overdue it refers nothing. It may lend first and sell on, within its line and its retained share, but for
// the first loss; what borrowers pay to it waits to be passed on ([Collection]).
//
// [Collateral] is the register of things that answer for a loan (抵押, 质押), or for a guarantor of it (反担保). A payout
// and a release keep the loan within [CollateralTerms].MaxLTV of what the things lend; a lower value may ask for
// more ([TopUp]). It takes on no demand: later layers pay, and [Realise] shares out what a thing has brought: costs,
// who ranks before, the lenders, covers that paid (behind all that the lenders miss), who ranks after, the owner.
//
//	funds := guarantee.Parties{Funds: []lending.PartyID{"fund-a"}}
//	desk, err := lending.Open(lending.Config{Store: store, Parts: []lending.Part{funds.Part()}})
//	lending.Do(ctx, desk, meta, guarantee.DefineFund{Fund: "fund-a", Terms: terms})
//
// A product names a cover by the party's id ([lending.CoverTerms].Name), and says how many days late an instalment
// is when it is asked for, and whether it stands for fees and costs besides principal and interest. Penalty
// interest on what a payer has out is his. Contributions and guarantee fees are fees of the product
// [lending.ToParty]: by grade where the product has one per grade, at disbursement or with instalments. Two
// complete programs are in program_example_test.go: of the package, a guarantor that pays and gets its money back;
// and (Fund), a provision fund that runs out.
//
// Invariants: a wallet never falls below zero and a payment never exceeds its demand; the queue's total is
// the sum of its demands; one demand stands for a loan's layer and instalment; what is covered is the sum
// over loans as they were last measured; an originator's line is never passed when a loan is paid out;
// what a thing brought is paid out to the last cent, each rank before the next.
//
// Errors unwrap to a sentinel here, which has a code ([lending.CodeOf]), "guarantee-ltv", and through it to one of
// lending, which has a class; or to one of lending alone.
package guarantee
