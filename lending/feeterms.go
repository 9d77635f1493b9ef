package lending

// Timing says when a fee is charged, and so who pays it. What a fee's steps count is fixed by it.
type Timing uint8

// Timings.
const (
	// AtDisbursement: the borrower, out of the proceeds or as [Disbursement] says.
	AtDisbursement Timing = iota + 1
	// WhenLate: the borrower, for a due date that he missed and whose grace has passed: once, or by the
	// day, on all that falls due with it, and as part of its last instalment that is unpaid. Steps count
	// days past due. What is figured on the whole loan is charged for the oldest missed date alone.
	WhenLate
	// AtPayout: the lender, out of each payment that he receives and never more than that. Steps count
	// the loan's days past due as the payment came.
	AtPayout
	// OnRecovery: off the top of what is recovered after a write-off, before the lenders: less than all of it. Steps
	// count the loan's days past due.
	OnRecovery
	// WithInstalment: the borrower, with each instalment.
	WithInstalment
	// OnPrepayment: the borrower, on what he repays before it is due. Steps count periods: from the
	// first on, the one that runs is counted. They are the contract's by the calendar: a new plan does not
	// begin anew, and instalments that prepayments make are none.
	OnPrepayment
	// OnDefault: the borrower, once a loan, when its days past due have grace behind them and reach a
	// price (default damages, 违约金). Steps count them.
	OnDefault
	// ByHost: whoever the host says, on rows of its own: withdrawals, top-ups, transfers. No product
	// has such a fee. Steps count what the host counts: days held, withdrawals of a day.
	ByHost
)

var timingNames = [...]string{"", "at-disbursement", "when-late", "at-payout", "on-recovery", "with-instalment",
	"on-prepayment", "on-default", "by-host"}

// String returns the timing's name.
func (t Timing) String() string { return nameOf(timingNames[:], t, "timing") }

// Payee says who gets a fee.
type Payee uint8

// Payees.
const (
	ToPlatform Payee = iota + 1
	ToLenders        // shared among the holders of record
	ToParty          // a party of its own: who bore a cost, a guarantor, an agency
)

var payeeNames = [...]string{"", "platform", "lenders", "party"}

// String returns the payee's name.
func (p Payee) String() string { return nameOf(payeeNames[:], p, "payee") }

// Base is what a fee's price is a share of.
type Base uint8

// Bases.
const (
	// OnAmount: the amount lent; of a fee by the host, the amount of its row.
	OnAmount Base = iota + 1
	// OnPayment: all that the lender receives; at a recovery all that comes in.
	OnPayment
	// OnTimely: what the lender receives by the due date, or in grace after it, or in advance.
	OnTimely
	// OnInterest: interest: received by the lender, of the instalment, or of the running period.
	OnInterest
	// OnOutstanding: principal that is out, before the payment, the instalment or the default.
	OnOutstanding
	// OnUnpaid: principal and interest of an overdue instalment that are unpaid.
	OnUnpaid
	// OnCovered: what the product's covers stand for, the amount lent at most (担保金额).
	OnCovered
	// OnPrepaid: principal that is repaid before it is due, but for what is owed again because its payment
	// was called back; a plan made anew has it as any other.
	OnPrepaid
)

var baseNames = [...]string{"", "amount", "payment", "timely-payment", "interest", "outstanding", "unpaid",
	"covered", "prepaid"}

// String returns the base's name.
func (b Base) String() string { return nameOf(baseNames[:], b, "base") }

// wide reports whether the base is one of the whole loan.
func (b Base) wide() bool { return b == OnAmount || b == OnOutstanding }

// Per says for what time a fee's price is.
type Per uint8

// Times.
const (
	Once    Per = iota // each time that it is charged
	PerDay             // for each day
	PerYear            // for a year of 365 days, by days; at disbursement by the periods of the term
)

var perNames = [...]string{"once", "per-day", "per-year"}

// String returns the time's name.
func (p Per) String() string {
	if int(p) < len(perNames) {
		return perNames[p]
	}
	return nameOf(nil, p, "time")
}

// RoundingPoint says which figure of a fee is rounded. 0.2739 a day for 30 days is 8.22 by EachCharge
// and 8.40 by EachDay, if both round up: the point is part of the fee.
type RoundingPoint uint8

// Rounding points.
const (
	// EachCharge: what is charged at a time. Of a late fee by the day that is the instalment's, so that
	// it does not matter how often it was booked.
	EachCharge RoundingPoint = iota
	// EachDay: what a day costs.
	EachDay
	// RunningTotal: what was charged over the loan's life so far, to a lender on his lot or with the
	// instalments; what is charged is the difference, so that rounding never adds up.
	RunningTotal
)

var pointNames = [...]string{"each-charge", "each-day", "running-total"}

// String returns the rounding point's name.
func (p RoundingPoint) String() string {
	if int(p) < len(pointNames) {
		return pointNames[p]
	}
	return nameOf(nil, p, "rounding point")
}
