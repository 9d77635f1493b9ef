package guarantee

import (
	"errors"
	"maps"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// FundTerms are the rules of a provision fund. Contributions are fees of products [lending.ToParty] the
// fund: one product a grade where they differ by grade, [lending.AtDisbursement] up front and
// [lending.WithInstalment] or [lending.AtPayout] with each repayment.
type FundTerms struct {
	Currency money.Currency
	// PrincipalPPM and InterestPPM are the parts of what a borrower leaves unpaid that the fund stands
	// for, in millionths (保障范围): the second also of fees and costs, for a product with [lending.CoverTerms].Fees.
	// It pays principal first, so that the first is not less than the second.
	PrincipalPPM, InterestPPM int64
	Policy                    QueuePolicy
	// Settle is how often the queue is paid, in days, weeks or months from the day on which the fund was
	// defined; on that day first. Days(1) pays as soon as there is money.
	Settle schedule.Frequency
	// TargetPPM is the coverage of expected losses by cash that ends a stabilisation, 1,100,000 for
	// 110%.
	TargetPPM int64
	// CeilingPPM is the part of the covered outstanding above which cash may be released (超额提取):
	// with zero, all that no demand waits for.
	CeilingPPM int64
	// WaitDays is for how long a demand waits from its first settlement on, 0 to 3650. One that is not paid
	// by then lapses: the layers behind the fund are asked. Zero has it wait for ever.
	WaitDays int
}

// Bounds of terms.
const (
	maxTargetPPM = 100 * lending.Million
	maxPeriods   = 366
)

// Validate reports everything that is wrong with the terms at once, each an ErrTerms.
func (f FundTerms) Validate() error {
	var errs []error
	wrong := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, refuse(ErrTerms, format, args...))
		}
	}
	wrong(!f.Currency.IsZero(), "a fund has a currency")
	wrong(f.PrincipalPPM > 0 && f.PrincipalPPM <= lending.Million,
		"principal is covered by %d ppm, want 1 to 1000000", f.PrincipalPPM)
	wrong(f.InterestPPM >= 0 && f.InterestPPM <= f.PrincipalPPM,
		"interest is covered by %d ppm, want 0 to those of principal", f.InterestPPM)
	wrong(f.Policy.IsValid(), "a fund has a queue policy")
	unit := f.Settle.Unit()
	wrong((unit == schedule.UnitDay || unit == schedule.UnitWeek || unit == schedule.UnitMonth) &&
		f.Settle.N() <= maxPeriods, "a fund settles every so many days, weeks or months, at most %d", maxPeriods)
	wrong(f.TargetPPM >= 0 && f.TargetPPM <= maxTargetPPM, "target is %d ppm, want 0 to %d", f.TargetPPM, maxTargetPPM)
	wrong(f.CeilingPPM >= 0 && f.CeilingPPM <= lending.Million, "ceiling is %d ppm, want 0 to 1000000", f.CeilingPPM)
	wrong(f.WaitDays >= 0 && f.WaitDays <= maxDays, "demands wait %d days, want 0 to %d", f.WaitDays, maxDays)
	return errors.Join(errs...)
}

func (f *FundTerms) code(c *event.Codec) {
	c.Currency(&f.Currency)
	c.Int(&f.PrincipalPPM)
	c.Int(&f.InterestPPM)
	event.Enum(c, &f.Policy)
	codeFrequency(c, &f.Settle)
	c.Int(&f.TargetPPM)
	c.Int(&f.CeilingPPM)
	c.Count(&f.WaitDays)
}

// Fund is the state of a provision fund. Its cash is the wallet of the party with its id.
type Fund struct {
	ID         lending.PartyID
	Terms      FundTerms
	Opened     civil.Date
	Closed     bool // takes on no more loans
	Exhausted  bool // the last settlement left demands unpaid for want of cash (备付金耗尽)
	Stabilised civil.Date
	Queue      Queue      // what borrowers have paid meanwhile leaves it when its turn comes
	Due        []Share    // of the running round, not paid yet
	Round      civil.Date // on which it was fixed
	Next       civil.Date // settlement at which unpaid demands are looked at again
	Paid       int64      // to lenders so far, minor units
	Released   int64      // of excess so far
	Lapsed     int64      // demanded and never paid
	Covered    int64      // principal, as it was last measured; sum over loans
	loans      map[lending.LoanID]int64
	redirected map[lending.LoanID]bool
	lapsed     marks // by [LapseFund]
}

// Share is what a demand gets in a round, at most.
type Share struct {
	Key
	Minor int64
}

// Covering is the covered principal of a loan as it was last measured, and whether the fund covers it.
func (f *Fund) Covering(id lending.LoanID) (int64, bool) {
	n, ok := f.loans[id]
	return n, ok
}

// Loans counts the loans that the fund covers.
func (f *Fund) Loans() int { return len(f.loans) }

// Check verifies the invariants of the state, each failure an ErrAudit.
func (f *Fund) Check() error {
	var queue, covered int64
	for d := range f.Queue.All() {
		queue += d.Minor
	}
	for n := range maps.Values(f.loans) {
		covered += n
	}
	if queue != f.Queue.Total() || covered != f.Covered || f.Paid < 0 || f.Released < 0 {
		return refuse(ErrAudit, "fund %s: queue %d of %d, covered %d of %d", f.ID, queue, f.Queue.Total(),
			covered, f.Covered)
	}
	return nil
}

// wake is the next day on which the fund has demands to pay.
func (f *Fund) wake() civil.Date {
	if len(f.Due) > 0 {
		return f.Round
	}
	d, ok := f.Queue.first()
	switch {
	case !ok:
		return civil.Date{}
	case d.from().Before(f.Next):
		if last := f.lapse(); !last.IsZero() && last.Before(f.Next) {
			return last
		}
		return f.Next
	}
	return d.from()
}

var fundKind = event.NewKind[Fund]("fund", (*Fund).wake, event.On[FundDefined](), event.On[FundClosed](),
	event.On[FundCovered](), event.On[FundDropped](), event.On[FundMeasured](), event.On[FundDemanded](),
	event.On[RoundFixed](), event.On[FundSettled](), event.On[FundLapsed](), event.On[ExcessReleased](), event.On[FundStabilised](), event.On[InterestRedirected](),
	event.On[StabilisationEnded]())

// FundRef refers to a fund's stream.
func FundRef(id lending.PartyID) event.Ref[Fund] { return fundKind.Ref(string(id)) }

// known refuses a fund that was not defined.
func (f *Fund) known(id lending.PartyID) error {
	if f.ID == "" {
		return bad(lending.ErrUnknown, "fund "+string(id), "define it first")
	}
	return nil
}

// FundDefined is the outcome of [DefineFund].
type FundDefined struct {
	Fund  lending.PartyID
	Terms FundTerms
	On    civil.Date
	By    lending.ActorID
}

// Type implements event.Of.
func (FundDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e FundDefined) Apply(f *Fund) { f.ID, f.Terms, f.Opened = e.Fund, e.Terms, e.On }

// Code implements event.Coder.
func (e *FundDefined) Code(c *event.Codec) {
	event.Text(c, &e.Fund)
	e.Terms.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// DefineFund opens a provision fund for a party that is registered as a vehicle. The money of [Parties].Funds is
// ring-fenced, and goes out by [SettleFund] and [ReleaseExcess] alone. Given by an officer.
type DefineFund struct {
	Fund  lending.PartyID
	Terms FundTerms
}

// Home implements lending.Command.
func (c DefineFund) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (DefineFund) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses bad terms, a fund that exists, and a party that is unknown
// or no vehicle.
func (c DefineFund) Decide(t *lending.Tx, f *Fund) (FundDefined, error) {
	none := FundDefined{}
	if err := c.Terms.Validate(); err != nil {
		return none, err
	}
	if f.ID != "" {
		return none, bad(lending.ErrExists, "fund "+string(c.Fund), "")
	}
	p, err := event.Read(t.Tx, lending.PartyRef(c.Fund))
	switch thing := "party " + string(c.Fund); {
	case err != nil:
		return none, err
	case p.ID == "":
		return none, bad(lending.ErrUnknown, thing, "register it first")
	case p.Kind != lending.Vehicle:
		return none, refuse(ErrTerms, "%s is a %s, want a vehicle", thing, p.Kind)
	}
	return FundDefined{c.Fund, c.Terms, t.On, t.Actor.ID}, nil
}

// FundClosed is the outcome of [CloseFund].
type FundClosed struct {
	Closed bool
	By     lending.ActorID
	On     civil.Date
}

// Type implements event.Of.
func (FundClosed) Type() string { return "closed" }

// Apply implements event.Of.
func (e FundClosed) Apply(f *Fund) { f.Closed = e.Closed }

// Code implements event.Coder.
func (e *FundClosed) Code(c *event.Codec) {
	c.Bool(&e.Closed)
	event.Text(c, &e.By)
	c.Date(&e.On)
}

// CloseFund has a fund take on no more loans, or lets it again. It stands for those that it covers. Given by
// an officer.
type CloseFund struct {
	Fund lending.PartyID
	Lift bool
}

// Home implements lending.Command.
func (c CloseFund) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (CloseFund) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a fund that is so already.
func (c CloseFund) Decide(t *lending.Tx, f *Fund) (FundClosed, error) {
	if err := f.known(c.Fund); err != nil {
		return FundClosed{}, err
	}
	if f.Closed != c.Lift {
		return FundClosed{}, bad(lending.ErrState, "fund "+string(c.Fund), "is so already")
	}
	return FundClosed{!c.Lift, t.Actor.ID, t.On}, nil
}
