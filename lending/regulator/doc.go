// Package regulator is regulation as data: profiles of rules, each with the days from and to which it
// is in force, what it does to a command (refuse or warn), and where it stands.
//
// A [Profile] is a desk's [lending.Rules]. Nothing else changes: every business model stays in the
// library, and the profile says which of it is allowed where and when.
//
//	rules := regulator.Combine(regulator.ChinaIntermediary(o), regulator.ChinaRates(o))
//	desk, err := lending.Open(lending.Config{Store: store, Gateway: bank, Rules: rules})
//
// A refusal is a [lending.RuleError] that names the rule ("CN-1a"), why, and the source; all refusals
// of a command come at once. A warning is lifted by naming its rule in [lending.Meta].Accept, and the
// acceptance is recorded. A host adds rules of its own: a [Rule] is a value, and its Check looks at a
// [Case], the command with the streams as they stand.
//
// The rules are looked at on the business date of the command. What a rule forbids as a business
// model it finds by [lending.Feature], which commands declare and the terms of products imply. A
// [Book] holds the loans of a product to the profile that the product names.
//
// # Profiles
//
//   - CN-2016 [ChinaIntermediary]: online lending information intermediary (网络借贷信息中介机构)
//   - CN-RATES [ChinaRates]: what lending between people may cost; see [RateCaps] for a court's view
//   - IN-2017 [India]: peer-to-peer lending platform under the Reserve Bank of India
//   - UK-2019 [Britain]: direct offers of peer-to-peer loans to investors in the United Kingdom
//   - EU-2021 [Europe]: crowdfunding service provider
//
// # Sources
//
//   - [R1] the 13 prohibitions (docduoduo p-3109555)
//   - [R2] caps and duties of the Interim Measures for online lending intermediaries, 24 August 2016
//   - [R4] news of 20 August 2020: from 24% and 36% to four times the LPR, 15.4%
//   - [R7] FCA PS19/14, by Macfarlanes, TLT, The National and Mondaq
//   - [R8] Regulation (EU) 2020/1503 (judict.eu 32020R1503, dsp.bg)
//   - [R10] Reserve Bank of India, by Business Standard 2017, The Hindu BusinessLine 2019, Taxguru 2024
//   - [R11] notice on cash loans of 2017
//   - [FCA] PS22/10 as generally known; its text was not read
//   - [LL] Supreme People's Court on private lending, text as of 29 December 2020 (LawRefBook)
//
// The keys stand for what was read; a day of the month that a source does not give (of the Reserve
// Bank's papers, of the Chinese notices of December 2017, of 1 September 2015) is the generally known
// one, and so are the rates of [LPR] but for one. Verify before relying on it.
//
// # What is not there
//
// Rules for which no source was read: EU-1 (5 million euros), EU-3 (warning above a share of net
// worth), EU-4 (four days' reflection), EU-7; US-1, US-3; CN-5, and of CN-7 what 24 to 36% means for
// what was paid; the hours of CN-12.
//
// Rules that no command of this library meets yet: CN-4, CN-6, UK-3, UK-4, EU-5 (reports and data
// sets), EU-6 (mandates), CN-10, CN-11 and articles 546 to 700 of the Civil Code (guarantees), CN-12
// and US-5 (collection), US-2 (notes), US-4 (a rate override for debts made before service).
//
// Limits bind loans in the currency of the rule. A debt is what a borrower owes or asks for, on every
// loan that is not declined, withdrawn or over. What a lender may lend is looked at when he places a
// bid and when one is placed for him by his standing order ([lending.PlaceBid] both times), not when a
// standing offer of his is matched ([lending.MatchLoan]) or a claim passes to him. T+1 of
// India (IN-2f) is judged by the days for which a tender may hold bids, not by how long money really
// lies. The caps of CN-RATES are looked at when a product is defined, a rate is set and a loan is
// contracted and paid out, not again when it is late; prepayment charges do not exist yet. Of CN-9,
// who is a student or has nothing to repay from is for the checks of an application.
package regulator
