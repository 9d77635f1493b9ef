// Package risk watches loans: how far past due they are and what class and collection stage that
// is, what a borrower can afford, how much of a book stands with one party, and the first gates of
// credit policy: knock-outs with reason codes.
//
// Tables are data. A [Table] turns days past due into a class; the shipped ones cite their source:
//
//	class := risk.ChinaFiveCategory().At(l.DaysPastDue(on)) // 91 is "substandard" (次级)
//
// Plain functions work on plain rows: [Aging] groups what is unpaid by range of days, [Materiality.Material]
// counts the days of a default by the European rule, [Affordability] and [Concentration] need no
// loan at all.
//
// [Policy] plugs into a desk as a [lending.Part]: facts about an application are recorded as
// evidence first (by [RecordFacts], on the stream facts/<loan>), and the gate decides on them when
// the loan is published and again when it is paid out:
//
//	policy := risk.Policy{Rules: []risk.Knockout{{Reason: "R-INCOME", Figure: "income", Min: 300_000}}}
//	desk, err := lending.Open(lending.Config{Store: store, Parts: []lending.Part{policy.Part()}})
//
// Invariants: every number of days has exactly one class; a worse class never needs fewer days; a
// decision names every reason at once, and the same facts give the same decision on any machine.
//
// Errors are typed: [ErrTable], [ErrFacts] and [ErrKnockedOut]; a [*KnockoutError] lists the reasons.
// The host keeps the documents behind the facts: streams hold figures, codes and hashes only.
package risk
