package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// State is where a loan stands in its life.
type State uint8

// States of a loan.
const (
	StateApplied     State = iota + 1 // waits for a credit decision
	StateDeclined                     // end: refused by an analyst
	StateApproved                     // waits for publication
	StateOpen                         // takes bids (筹标中)
	StateFullyFunded                  // waits for the funding review (满标)
	StateFailed                       // end: bids released, money returned (流标)
	StateReviewed                     // waits for disbursement (满标复审通过)
	StateDisbursing                   // the payout is on its way
	StateActive                       // interest runs
	StateClosed                       // end: paid in full
	StateWrittenOff                   // recoveries may still come in (核销)
	StateScheduled                    // published, takes bids from a later date on (预售)
	StateOffered                      // raised less than wanted: the borrower says whether he takes it
	StateReturned                     // with the borrower, to be mended (退回补件)
	StateWithdrawn                    // end: taken back by the borrower
	StateLapsed                       // end: not published in time
)

var stateNames = [...]string{"", "applied", "declined", "approved", "open", "fully-funded", "failed",
	"reviewed", "disbursing", "active", "closed", "written-off", "scheduled", "offered", "returned",
	"withdrawn", "lapsed"}

// String returns the state's name.
func (s State) String() string { return nameOf(stateNames[:], s, "state") }

// MarshalText returns the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves s as it was.
func (s *State) UnmarshalText(text []byte) error { return readName(s, stateNames[:], text, "state") }

// Loan is the state of one loan, from application to the last cent. Figures are minor units of
// its currency.
//
// Invariants, checked by [Loan.Check]: accepted bids never exceed the amount and equal it when
// full; the lots' units sum to the principal; what the lots were paid sums, component by
// component, to what the loan paid its lenders; each lot's running total is the floor or the
// ceiling of its exact share.
type Loan struct {
	ID       LoanID
	Borrower PartyID
	Product  Product
	State    State
	Amount   money.Amount
	Periods  int
	Rate     schedule.Rate `json:",omitzero"`
	Grade    Code
	Dossier  Dossier

	Analyst, Publisher, Reviewer ActorID // who took the step

	Published civil.Date
	Deadline  civil.Date // last day of the tender
	Bids      []Bid      // bid n is at n-1
	Raised    int64      // what bids bring so far, the amount at most; once cleared, what was taken of them
	Course

	Lots   []Lot
	Payout PayoutID // last stream that pays this loan's parties in chunks; empty if never needed

	Net      int64         // to be paid out after fees
	PaidOut  int64         // of it, paid by the bank
	Tried    []int         // for each payout instruction made, in order, its part
	Disputed []payment.ID  // payouts whose end is in dispute
	Portions []Portion     // ordered to be paid out, by payee
	Ordered  civil.Date    // when the payout was ordered
	FirstDue civil.Date    // as ordered; zero for one period after the payout
	Charged  bool          // fees taken and covers attached
	Upfront  []Levied      // fees charged at disbursement
	Started  civil.Date    // when interest began
	Plan     schedule.Plan `json:",omitzero"` // that runs
	Base     int           // the instalment in Dues with which Plan begins
	Rates    []RateUntil   // of plans before it, if they bore others; left behind with coupons by a loan that moves
	Dues     []Due         // by their dates
	Charges  []Charge      // fees and costs that the borrower owes, as they were booked
	Caps     []CostCap     // what it may cost, by dates; empty for no cap
	Cost     CostDays      // by which that is counted

	Acceleration Acceleration // by which everything fell due
	planned      []planned    // where its instalments stood before

	Received Components // paid to lenders so far, by component
	Advances []Advance
	Covers   []CoverUse
	Called   []Code // fees in readiness that are charged, see [Tx.CallFee]
	Goodwill int64  // paid by the platform in the borrower's place, on its way; a loan that moves leaves it behind

	Payments int        // repayments recorded
	History  []Movement // those that can still be taken back, by the day from which they count
	Fixed    int        // so many of them, the oldest, can be called back alone
	Sealed   civil.Date // payments before it cannot: claims or terms changed then
	Served   civil.Date // day to which lenders' fees by time are figured
	Noticed  civil.Date // when a prepayment was announced
	Looked   civil.Date // last day-end
	Stale    bool       // that day-end saw payments that were booked anew since
	Closed   civil.Date
	Adopted  civil.Date // cut-over with which it moved in; zero if it began here
	Drift    Components // by what its lots were off their shares in all when it moved in
}

// Lot is a lender's part of a loan: units of its principal, constant over its life. Lots are
// numbered in the order of holder ids at capture.
type Lot struct {
	Holder PartyID
	Units  int64                // of principal, minor units
	Weight int64                // interest is shared by Units x Weight; 1 unless lenders have rates of their own
	Span   Span                 // instalments that the holder owns; zero for all
	Bears  int64                // units by which interest and charges of a span are shared; zero for Units
	Rank   int                  // behind lots of lower rank; 0 for all that were lent
	Paid   Components           // received so far
	Fees   [maxLenderFees]Tally `json:",omitzero"` // by index among the product's fees at payout
	Since  civil.Date           // when the holder got it; of one that was lent, when the loan was paid out
}

// Due is what one instalment owes and was paid, in minor units.
type Due struct {
	Date      civil.Date
	Owed      Components
	Paid      Components // by the borrower
	Advanced  Components // paid by covers instead; of penalty interest, what is theirs
	Recovered Components // of Paid, passed on to covers
	Waived    Components // owed, and let off
	Again     Components // of Owed, what had been paid before and was called back
	MinorDays int64      // what is unpaid of the penalty's base x days overdue, up to Through
	Former    int64      // penalty interest at the rates of former plans, of the days before MinorDays
	Through   civil.Date
	Units     [maxDailyFees]int64 `json:",omitzero"` // see [Assessment]
	Asked     uint8               // bit i: layer i was asked
	Promised  [maxCovers]int64    `json:",omitzero"` // by layer, taken on and not paid yet
}

// Unpaid is what the borrower still owes.
func (d *Due) Unpaid() (u Components) {
	for c := range u {
		u[c] = d.Owed[c] - d.Paid[c] - d.Waived[c]
	}
	return u
}

// kept is what was paid, less what was called back and is owed again with the instalment: over all
// instalments, what borrowers have paid for good.
func (d *Due) kept(c Component) int64 { return d.Paid[c] - d.Again[c] }

// Missing is what the lenders, and the payees of charges, still miss: what is unpaid and no cover has advanced.
func (d *Due) Missing() (m Components) {
	for c := range m {
		m[c] = d.Owed[c] - d.Waived[c] - d.Paid[c] + d.Recovered[c] - d.Advanced[c]
	}
	return m
}

// Advance is what a cover paid to the lenders, or to the payees of charges, in the borrower's place;
// what the borrower pays later goes to the payer when its [Recourse] says so. One of component [Penalty] was not paid: it is
// the penalty interest that the payer is owed on his others on the instalment, see [PayerPenalty].
type Advance struct {
	Layer      int
	Payer      PartyID
	Instalment int
	Component  Component
	Charge     int // of Fees and Costs, the place of the charge in Loan.Charges, counted from 1
	Amount     int64
	Recovered  int64
	On         civil.Date // paid; zero for Penalty
	MinorDays  int64      // for Penalty, what it is on x days, as booked with the instalment
	Former     int64      // for Penalty, at the rates of former plans
}

// CoverUse is how far a layer of the loan's covers has been used, besides what it promised.
type CoverUse struct{ Paid int64 }

// promised sums what covers have taken on and not paid yet.
func (d *Due) promised() (sum int64) {
	for _, n := range d.Promised {
		sum += n
	}
	return sum
}

// Currency returns the loan's currency.
func (l *Loan) Currency() money.Currency { return l.Amount.Currency() }

// due, lot, advance and use give what an event speaks of. An event that speaks of what the loan
// does not have changes nothing: Apply is total.
func (l *Loan) due(i int) *Due { return at(l.Dues, i) }

func (l *Loan) lot(i int) *Lot { return at(l.Lots, i) }

func (l *Loan) advance(i int) *Advance { return at(l.Advances, i) }

func (l *Loan) use(layer int) *CoverUse { return at(l.Covers, layer) }

func at[T any](list []T, i int) *T {
	if i < 0 || i >= len(list) {
		return new(T)
	}
	return &list[i]
}

// in refuses a command on a loan that does not exist or is in none of the states.
func (l *Loan) in(id LoanID, states ...State) error {
	if l.ID == "" {
		return &Error{ErrUnknown, "loan " + string(id), ""}
	}
	if !slices.Contains(states, l.State) {
		return &Error{ErrState, "loan " + string(l.ID), "is " + l.State.String()}
	}
	return nil
}

// Outstanding returns the principal that the borrower owes.
func (l *Loan) Outstanding() money.Amount {
	var sum int64
	for i := range l.Dues {
		sum += l.Dues[i].Unpaid()[Principal]
	}
	return amount(sum, l.Currency())
}

// DaysPastDue returns the age in days of the oldest instalment that is due and unpaid on a date,
// zero when there is none, or when the product's [Tolerance] makes arrears count as none (逾期天数).
func (l *Loan) DaysPastDue(on civil.Date) int {
	oldest, material := l.pastDue()
	if material.IsZero() || !material.Before(on) {
		return 0
	}
	return on.Sub(oldest)
}

// terms are the loan's schedule terms when interest starts on a date. A first due date that is not
// after it is dropped.
func (l *Loan) terms(start, firstDue civil.Date) schedule.Terms {
	t := l.Product.Terms(l.Amount, l.Periods, l.Rate, start)
	if firstDue.After(start) {
		t.FirstDue = firstDue
	}
	return t
}

// Settled reports whether nothing is owed any more.
func (l *Loan) settled() bool {
	for i := range l.Dues {
		if l.Dues[i].Unpaid().Total() != 0 {
			return false
		}
	}
	return true
}

// wake is the next date on which the loan has work: the day on which its application lapses, the
// tender's next step, the end of an overdue instalment's grace, a cover's trigger day, the days of
// acceleration and write-off, the day after which arrears are tolerated no longer.
func (l *Loan) wake() civil.Date {
	switch l.State {
	case StateApplied, StateReturned, StateApproved:
		return l.lapses()
	case StateScheduled, StateOpen, StateOffered, StateFullyFunded:
		return l.tenderWork()
	case StateActive:
		return l.nextWork()
	case StateWrittenOff:
		if l.Stale {
			return l.Looked
		}
	}
	return civil.Date{}
}

func (l *Loan) nextWork() (next civil.Date) {
	if l.Stale {
		return l.Looked
	}
	sooner := func(d civil.Date) {
		if d.After(l.Looked) && (next.IsZero() || d.Before(next)) {
			next = d
		}
	}
	sooner(l.exceeds(l.Product.Late.WriteOffDays))
	if l.Acceleration.On.IsZero() {
		sooner(l.exceeds(l.Product.Late.AccelerateDays))
	}
	if _, material := l.pastDue(); l.Product.Late.Tolerance != (Tolerance{}) && !material.IsZero() {
		sooner(material.AddDays(1))
	}
	for i := range l.Dues {
		d := &l.Dues[i]
		if d.Unpaid().Total() == 0 {
			continue
		}
		sooner(d.Date.AddDays(l.grace(i) + 1))
		l.Product.lateSteps(func(days int) { sooner(d.Date.AddDays(days)) })
		for layer, v := range l.Product.Covers {
			if d.Asked&(1<<layer) == 0 {
				sooner(d.Date.AddDays(max(v.TriggerDays, 1)))
			}
		}
		if !next.IsZero() && d.Date.After(next) {
			return next
		}
	}
	return next
}
