// Package scheduletest proves schedules: generators for terms of every kind, and checks for rows
// that anybody made of them. A team runs them against its own implementation in five lines:
//
//	func TestSchedule(t *testing.T) {
//		scheduletest.RunOn(t, scheduletest.Level(), func(terms schedule.Terms) ([]schedule.Row, error) {
//			return ours.Rows(terms) // errors.ErrUnsupported for what we do not do
//		})
//	}
//
// [Level] is the usual loan, a level payment every month. Whoever does more takes [PlainTerms] or
// [Terms], or [Run] for all three; whoever does less sets what is fixed with rapid.Map, as the
// example of Level does. Terms that are refused prove nothing, so the log says when most were.
//
// Terms and rows are plain data here: nothing is asked of the engine of package schedule, whose
// numbers the checks do not use. They hold the rows against the rules that the terms' own
// documentation states, in exact fractions, and so leave to an implementation what rounding may
// decide: a row may be off by the rounding of its interest, a sum by that of its rows.
//
// # Checks
//
// [Check] applies them all; each can be called alone and returns nil or what it found.
//
//   - [CheckPrincipalSums]: principal sums to that of the terms and what was capitalised
//   - [CheckBalance]: no figure is negative, balances follow from one another, and the last is 0
//   - [CheckDates]: a row for every instalment on its day, on no other day, in order
//   - [CheckInstalments]: equal payments, equal principal, or what the method has
//   - [CheckFees]: what the fees of the terms come to
//   - [CheckInterest]: what the principal that is out bears at the contract's rates
//   - [CheckPresentValue]: the payments, discounted at these rates, are worth the principal
//   - [CheckValuePreserved]: an event changed the worth of a plan by what it should, or not at all
//
// The package's tests break an implementation in some twenty ways and show that each is found.
// What a check passes over, since its rule does not hold there, is said at the check.
//
// # Generators
//
// [Terms], [PlainTerms] and [Level] draw terms that schedule.Terms.Validate finds no fault with, [Amount],
// [Rate], [Date] and the others their parts. They are for rapid, valid by construction, and biased
// to edges: the end of a month, 29 February, one minor unit, a rate of 0 %, one period.
//
// # When it fails
//
// The log has the check that failed, the terms as one line of JSON, and the rows, after rapid has
// looked for the smallest terms that fail. It also keeps what it drew in testdata/rapid, one file a
// failure, and tries that first the next time. These files may be deleted at any time and need not
// be committed: ignore testdata/rapid, or run go test with -rapid.nofailfile. The flag -rapid.seed,
// which the log names, draws the same again. go mod tidy adds rapid to your go.mod.
//
// # Invariants
//
//   - a generator depends on nothing but what rapid draws: the same seed gives the same terms
//   - a check changes none of its arguments, and panics on none that came from valid terms
package scheduletest
