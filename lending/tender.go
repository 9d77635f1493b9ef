package lending

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Bounds of a tender.
const (
	maxExtensions = 100
	// maxCleared bounds the bids of a tender that is settled when it is cleared, for what each of them
	// gets stands in one event.
	maxCleared = 100_000
)

// TailRule says whether a bid may leave a rest of the loan that is smaller than the smallest bid. It
// matters under FirstCome alone: the other mechanisms take more than is wanted. Zero is unset.
type TailRule uint8

// Rules for the tail of a loan (尾标).
const (
	AllowSmallLast TailRule = iota + 1 // it may: whoever takes all of the rest bids less than the minimum
	RefuseTail                         // it may not
)

var tailNames = [...]string{"", "allow-small-last", "refuse-tail"}

// String returns the rule's name.
func (r TailRule) String() string { return nameOf(tailNames[:], r, "tail") }

// IsValid reports whether r is one of the rules above.
func (r TailRule) IsValid() bool { return AllowSmallLast <= r && r <= RefuseTail }

// OnDeadline says what becomes of a tender that raised less than was wanted, but enough. Zero is
// unset.
type OnDeadline uint8

// What may happen.
const (
	// FailTender is all or nothing (流标). A ProRata tender with a smallest bid may then fail by less
	// than one such bid though more is offered than wanted: see [TenderRules].
	FailTender OnDeadline = iota + 1
	// ClosePartial makes the loan one for what was raised (截标), down to the product's smallest loan.
	ClosePartial
	// AskBorrower has the borrower say whether he takes it; silence is no.
	AskBorrower
)

var deadlineNames = [...]string{"", "fail", "close-partial", "ask-borrower"}

// String returns the value's name.
func (d OnDeadline) String() string { return nameOf(deadlineNames[:], d, "deadline") }

// IsValid reports whether d is one of the values above.
func (d OnDeadline) IsValid() bool { return FailTender <= d && d <= AskBorrower }

// Tender rules how lenders bid for a loan and how their bids are cleared (投标规则). The loan's
// approved rate is the reserve: the most that the borrower pays, and the rate of a fixed-rate tender.
// Rates are on the basis of the product's own; the lowest that a lender may name is Product.MinRate.
type Tender struct {
	Mechanism Mechanism
	Book      Code // under MarketRate: whose standing offers fill the loans; its rules stand for those on bids

	MinBid    money.Amount
	Increment money.Amount // bids are MinBid plus multiples of it; zero for any amount
	// A bid is at most MaxBid and MaxPerBid of the loan, and a lender has at most MaxPerLender and
	// MaxShare of it. The shares are in parts per million, rounded down, but MinBid at least. Zero is
	// no maximum.
	MaxBid       money.Amount
	MaxPerBid    int64
	MaxPerLender money.Amount
	MaxShare     int64
	Tail         TailRule

	RateStep  schedule.Rate `json:",omitzero"` // rates are multiples of it; zero for any. Own rates need one
	Decrement schedule.Rate `json:",omitzero"` // of an OpenAuction: by how much a bid must be below those it displaces
	Round     money.Mode    // of the borrower's rate, where lenders have rates of their own

	// MinFundedRatio is the share of the loan that must be raised, in parts per million rounded up. It
	// is zero where OnDeadline is FailTender, for then all of it must be.
	MinFundedRatio int64
	OnDeadline     OnDeadline
	AnswerDays     int // AskBorrower: on how many days after the clearing he may still say yes

	DelayDays  int  // from publication to the first day of bids (预售)
	OpenDays   int  // from the first day of bids to the last
	CancelDays int  // a bid may be withdrawn on its day and so many days after it (冷静期)
	EarlyClose bool // an officer may close a tender that has enough, the borrower one that is full
	ReviewDays int  // so many days after it was funded, a loan that nobody reviewed fails; zero for never
	Extensions int  // how often the last day may be put off
	ExtendDays int  // by how many days at most, each time
}

// check reports every contradiction in the tender's rules at once.
func (r *Tender) check(p *Product) error {
	var errs []error
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "tender of product " + string(p.ID), fmt.Sprintf(format, args...)})
		}
	}
	in := func(a money.Amount) bool { return a.Currency() == p.Currency && a.Sign() > 0 }
	most := func(a money.Amount) bool {
		return a.IsZero() || in(a) && a.Minor() >= r.MinBid.Minor() && a.Minor() <= MaxLoan
	}
	ppm := func(n int64) bool { return n >= 0 && n <= Million }
	days := func(n int) bool { return n >= 0 && n <= maxDays }
	bad(r.Mechanism.IsValid(), "names no mechanism")
	errs = append(errs, r.checkBook(p)...)
	bad(in(r.MinBid) && r.MinBid.Minor() <= p.MinAmount.Minor(), "smallest bid %s", r.MinBid)
	bad(r.Increment.IsZero() || in(r.Increment) && r.Increment.Minor() <= MaxLoan, "increment %s", r.Increment)
	bad(most(r.MaxBid), "largest bid %s", r.MaxBid)
	bad(most(r.MaxPerLender), "largest sum of a lender %s", r.MaxPerLender)
	bad(ppm(r.MaxPerBid), "largest bid %d ppm", r.MaxPerBid)
	bad(ppm(r.MaxShare), "largest share of a lender %d ppm", r.MaxShare)
	bad(!ppm(r.MaxShare) || r.filled(p), "needs more than %d lenders, as many as a loan can have", MaxLots)
	bad(r.Tail.IsValid(), "has no rule for the tail")
	bad(days(r.OpenDays), "open for %d days", r.OpenDays)
	bad(days(r.DelayDays), "opens after %d days", r.DelayDays)
	bad(days(r.CancelDays), "bids revocable for %d days", r.CancelDays)
	bad(days(r.ReviewDays), "waits %d days for its review", r.ReviewDays)
	bad(r.CancelDays == 0 || r.Mechanism != OpenAuction, "an open auction displaces bids at once: none is revocable")
	bad(r.Extensions >= 0 && r.Extensions <= maxExtensions, "%d extensions", r.Extensions)
	bad(days(r.ExtendDays) && (r.ExtendDays > 0) == (r.Extensions > 0),
		"%d extensions of up to %d days", r.Extensions, r.ExtendDays)
	bad(r.OnDeadline.IsValid(), "does not say what happens at the deadline")
	bad(ppm(r.MinFundedRatio) && (r.MinFundedRatio > 0) == (r.OnDeadline != FailTender),
		"%d ppm to be funded, and at the deadline %s", r.MinFundedRatio, r.OnDeadline)
	bad(days(r.AnswerDays) && (r.AnswerDays == 0 || r.OnDeadline == AskBorrower),
		"the borrower is asked for %d days", r.AnswerDays)
	return errors.Join(append(errs, r.checkRates(p))...)
}

// checkBook reports the contradictions in what a book has to do with the tender.
func (r *Tender) checkBook(p *Product) []error {
	var errs []error
	bad := func(ok bool, why string) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "tender of product " + string(p.ID), why})
		}
	}
	from := r.Mechanism == MarketRate
	bad(from || r.Book == "", "names a book and is not filled from one")
	bad(!from || ValidID(r.Book), "is filled from a book and names none")
	bad(!from || r.Increment.IsZero() && r.MaxBid.IsZero() && r.MaxPerBid == 0,
		"has rules for bids, and is filled by the rules of a book")
	bad(!from || r.CancelDays == 0, "what is matched from a book is not revocable")
	return errs
}

// checkRates reports the contradictions in the rules on rates.
func (r *Tender) checkRates(p *Product) error {
	var errs []error
	bad := func(ok bool, why string) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "tender of product " + string(p.ID), why})
		}
	}
	named := !r.Mechanism.FixedRate()
	is := func(v schedule.Rate) bool { return v.Pico() == 0 || named && v.Basis() == p.MinRate.Basis() }
	bad(is(r.RateStep), "has a step of rates that is of another basis, or at a fixed rate")
	bad(r.leavesRates(p), "has a step of rates that leaves none that a bid may name")
	bad(is(r.Decrement), "has a decrement that is of another basis, or at a fixed rate")
	bad(r.Decrement.Pico() == 0 || r.Mechanism == OpenAuction, "has a decrement and is no open auction")
	if r.Mechanism.OwnRates() {
		bad(r.Round.IsValid(), "has no rounding mode for the borrower's rate")
		bad(p.MinRate.Pico() > 0, "lets a lender name a rate of zero, at which he would have no share of the interest: set Product.MinRate above it")
		bad(r.fine(p), "has no step of rates, or one too fine for the largest loan: set Tender.RateStep, 0.01% per year is fine enough")
	}
	return errors.Join(errs...)
}

// fine reports whether the weights of lots with rates of their own stay within 63 bits: weights are
// at most as many as there are steps in a rate.
func (r *Tender) fine(p *Product) bool {
	step := r.RateStep.Pico()
	if step <= 0 {
		return false
	}
	hi, lo := bits.Mul64(uint64(p.MaxAmount.Minor()), uint64(p.MaxRate.Pico()/step))
	return hi == 0 && lo <= math.MaxInt64
}

// code codes the rules.
func (r *Tender) code(c *event.Codec) {
	event.Enum(c, &r.Mechanism)
	event.Text(c, &r.Book)
	c.Amount(&r.MinBid)
	c.Amount(&r.Increment)
	c.Amount(&r.MaxBid)
	c.Int(&r.MaxPerBid)
	c.Amount(&r.MaxPerLender)
	c.Int(&r.MaxShare)
	event.Enum(c, &r.Tail)
	codeRate(c, &r.RateStep)
	codeRate(c, &r.Decrement)
	event.Enum(c, &r.Round)
	c.Int(&r.MinFundedRatio)
	event.Enum(c, &r.OnDeadline)
	c.Count(&r.AnswerDays)
	c.Count(&r.DelayDays)
	c.Count(&r.OpenDays)
	c.Count(&r.CancelDays)
	c.Bool(&r.EarlyClose)
	c.Count(&r.ReviewDays)
	c.Count(&r.Extensions)
	c.Count(&r.ExtendDays)
}

// tenderRules are the rules as those of one loan, for [ClearTender]. The borrower never bids, so he
// has no number among the lenders.
func (l *Loan) tenderRules() TenderRules {
	r := &l.Product.Tender
	enough := r.MinFundedRatio
	if r.OnDeadline == FailTender {
		enough = Million
	}
	return TenderRules{
		Mechanism: r.Mechanism, Amount: l.Amount.Minor(), Reserve: l.Rate.Pico(), RateStep: r.RateStep.Pico(),
		MinBid: r.MinBid.Minor(), Increment: r.Increment.Minor(), MaxBid: l.maxBid(),
		MaxPerLender: r.MaxPerLender.Minor(), MaxShare: r.MaxShare,
		Threshold: enough, Decrement: r.Decrement.Pico(), Round: r.Round,
	}
}

// maxBid is the most that one bid may be, 0 for no maximum.
func (l *Loan) maxBid() int64 {
	r := &l.Product.Tender
	most := r.MaxBid.Minor()
	if r.MaxPerBid > 0 {
		share, _ := money.MulDiv(l.Amount.Minor(), r.MaxPerBid, Million, money.Down) // no more than the amount
		if share = max(share, r.MinBid.Minor()); most == 0 || share < most {
			most = share
		}
	}
	return most
}
