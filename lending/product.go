package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxLoan is the largest loan in minor units. It leaves room for figuring penalty interest over
// 65,535 days in 64 bits.
const MaxLoan = 1 << 47

// Bounds of a product.
const (
	maxCovers  = 8
	maxMethods = 8
	maxFees    = 16
	maxDays    = 3650
)

// Product is a loan product (产品): the rules that every loan of it copies when it is applied for.
// Changing a product changes no loan.
type Product struct {
	ID         ProductID
	Currency   money.Currency
	MinAmount  money.Amount
	MaxAmount  money.Amount
	MinPeriods int
	MaxPeriods int
	// MinRate and MaxRate bound the rate that an approval may set, and those that lenders may name.
	MinRate schedule.Rate `json:",omitzero"`
	MaxRate schedule.Rate `json:",omitzero"`

	// MaxAPR caps what a loan may cost a year, charges withheld included; zero for no cap. The product
	// is refused if any loan that it allows costs more. Payments are judged half a rounding unit
	// lower, so that rounding alone breaks no cap: [Product.Cost] of a loan of a few units may be above
	// it.
	MaxAPR schedule.Rate `json:",omitzero"`

	Method   schedule.Method    `json:",omitzero"`
	Methods  []schedule.Method  // that a borrower may choose instead of Method
	Every    schedule.Frequency `json:",omitzero"`
	DayCount daycount.Convention
	Accrual  schedule.Accrual
	Rounding schedule.Rounding
	Sizing   schedule.Sizing `json:",omitzero"` // of level payments; zero for the schedule package's own
	// DownPayment is a share of the amount that the borrower pays back on the day of the payout (首付).
	DownPayment schedule.Rate `json:",omitzero"`

	Tender Tender
	Late   Late
	// Prepayment rules what may be paid before it is due; zero for anything.
	Prepayment Prepayment
	Waterfall  Waterfall
	// Waterfalls are those for kinds of payment that are not taken up by Waterfall. Recoveries are taken
	// up by [CostsThenPrincipal] if it stands here for none.
	Waterfalls []PaymentWaterfall
	Fees       []Fee
	Grades     []GradeTerms // the best first; empty if loans are not graded by a table
	// Disbursement says who pays the fees charged at disbursement.
	Disbursement Disbursement
	// Covers lists what stands in for the borrower, first layer first; empty is no guarantee.
	Covers    []CoverTerms
	Channels  Channels
	Transfers TransferRules
	// Profile names the regulatory profile under which its loans are made; empty for the desk's own.
	// It must be one that [Config].Rules knows.
	Profile Code

	Model
	Origination
}

// StandardProduct returns a product with common terms, to be changed before it is defined:
// level payments each month, a month counting as a twelfth of a year (30/360 for odd days),
// instalment and interest rounded half up, 1 to 60 periods, 0 to 36% per year, amounts from 1 to
// 1,000,000 major units, bids from 1 major unit in any amount, first come first served, 14 days open,
// all or nothing, 3 days of grace, no penalty, no fee, no grade table, no cover, a marketplace with
// everything online, claims sold unless overdue, payments taken up as [CivilCode561] says.
// [InformationIntermediary], [MicroloanOnline] and [DebtTransfer] make it one of a business model.
func StandardProduct(id ProductID, c money.Currency) Product {
	unit := int64(1)
	for range c.Digits() {
		unit *= 10
	}
	return Product{
		ID: id, Currency: c,
		MinAmount: amount(unit, c), MaxAmount: amount(min(1_000_000*unit, MaxLoan), c),
		MinPeriods: 1, MaxPeriods: 60,
		MinRate: schedule.MustRate("0% per year"), MaxRate: schedule.MustRate("36% per year"),
		Method: schedule.MethodLevelPayment, Every: schedule.Months(1),
		DayCount: daycount.Thirty360US, Accrual: schedule.AccrueByPeriod,
		Rounding: schedule.Rounding{Instalment: money.HalfUp, Interest: money.HalfUp},
		Tender: Tender{Mechanism: FirstCome, MinBid: amount(unit, c), Tail: AllowSmallLast, Round: money.HalfUp,
			OnDeadline: FailTender, OpenDays: 14},
		Late:      Late{GraceDays: 3, Penalty: schedule.MustRate("0% per year"), Round: money.HalfUp},
		Waterfall: CivilCode561(), Channels: AllOnline(), Model: Model{Flow: FlowMarketplace},
	}
}

// Validate reports every contradiction in the product at once, each an [*Error].
func (p *Product) Validate() error {
	var errs []error
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "product " + string(p.ID), fmt.Sprintf(format, args...)})
		}
	}
	if err := checkID("product", p.ID); err != nil {
		errs = append(errs, err)
	}
	in := func(a money.Amount) bool { return a.Currency() == p.Currency && a.Sign() > 0 }
	bad(!p.Currency.IsZero(), "names no currency")
	bad(in(p.MinAmount) && in(p.MaxAmount) && p.MinAmount.Minor() <= p.MaxAmount.Minor() &&
		p.MaxAmount.Minor() <= MaxLoan, "amounts from %s to %s", p.MinAmount, p.MaxAmount)
	bad(p.MinPeriods >= 1 && p.MinPeriods <= p.MaxPeriods && p.MaxPeriods <= schedule.MaxPeriods,
		"periods from %d to %d", p.MinPeriods, p.MaxPeriods)
	bad(p.MinRate.Basis() != 0 && p.MinRate.Basis() == p.MaxRate.Basis() &&
		p.MinRate.Pico() <= p.MaxRate.Pico(), "rates from %s to %s", text(p.MinRate), text(p.MaxRate))
	bad(len(p.Methods) <= maxMethods, "has more than %d methods to choose from", maxMethods)
	fees := p.checkFees()
	if len(errs) == 0 && fees == nil { // what the plan and the cost of a loan are figured with
		errs = append(errs, p.checkTerms(), p.checkCost())
	}
	errs = append(errs, p.Late.check(p), p.Tender.check(p), p.Waterfall.Check(), p.checkWaterfalls(), fees, p.checkGrades(),
		p.checkCovers(), p.Transfers.check(), p.Prepayment.check(p.Currency), p.Origination.check(p.Currency),
		p.Model.check(p), p.Channels.check(p))
	if p.Profile != "" {
		errs = append(errs, checkID("profile", p.Profile))
	}
	return errors.Join(errs...)
}

// checkTerms reports methods that give no plan at the product's limits, or stand twice.
func (p *Product) checkTerms() error {
	var errs []error
	methods := p.methods()
	for i, m := range methods {
		q := *p
		q.Method = m
		terms := q.Terms(p.MaxAmount, p.MaxPeriods, p.MaxRate, civil.MustParse("2020-01-31"))
		errs = append(errs, terms.Validate())
		if slices.Contains(methods[:i], m) {
			errs = append(errs, &Error{ErrTerms, "product " + string(p.ID), "names method " + m.String() + " twice"})
		}
	}
	return errors.Join(errs...)
}

// text is a rate for people.
func text(r schedule.Rate) string {
	if r.Basis() == 0 {
		return "(not set)"
	}
	return r.String()
}

// Terms returns the schedule terms of a loan of the product whose interest starts on a date, its due
// dates one period after another from there.
func (p *Product) Terms(a money.Amount, periods int, r schedule.Rate, start civil.Date) schedule.Terms {
	return schedule.Terms{
		Principal: a, Rate: r, Method: p.Method, Periods: periods, Every: p.Every, Start: start,
		DayCount: p.DayCount, Accrual: p.Accrual, Rounding: p.Rounding, Sizing: p.Sizing,
		DownPayment: p.DownPayment,
	}
}

func (p *Product) clone() Product {
	q := *p
	q.Fees, q.Covers, q.Waterfall = cloneFees(p.Fees), slices.Clone(p.Covers), p.Waterfall.clone()
	q.Origination = p.Origination.clone()
	q.Waterfalls = slices.Clone(p.Waterfalls)
	for i := range q.Waterfalls {
		q.Waterfalls[i].Waterfall = q.Waterfalls[i].Waterfall.clone()
	}
	q.Methods, q.Grades = slices.Clone(p.Methods), slices.Clone(p.Grades)
	return q
}

// ProductDefined is the outcome of [DefineProduct].
type ProductDefined struct {
	Product Product
	By      ActorID
}

// Type implements event.Of.
func (ProductDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e ProductDefined) Apply(p *Product) { *p = e.Product.clone() }

// Code implements event.Coder.
func (e *ProductDefined) Code(c *event.Codec) {
	e.Product.Code(c)
	event.Text(c, &e.By)
}

// Code codes the product.
func (p *Product) Code(c *event.Codec) {
	event.Text(c, &p.ID)
	c.Currency(&p.Currency)
	c.Amount(&p.MinAmount)
	c.Amount(&p.MaxAmount)
	c.Count(&p.MinPeriods)
	c.Count(&p.MaxPeriods)
	codeRate(c, &p.MinRate)
	codeRate(c, &p.MaxRate)
	codeRate(c, &p.MaxAPR)
	event.Enum(c, &p.Method)
	event.List(c, &p.Methods, func(c *event.Codec, m *schedule.Method) { event.Enum(c, m) })
	codeFrequency(c, &p.Every)
	event.Enum(c, &p.DayCount)
	event.Enum(c, &p.Accrual)
	event.Enum(c, &p.Rounding.Instalment)
	event.Enum(c, &p.Rounding.Interest)
	c.Int(&p.Rounding.Unit)
	event.Enum(c, &p.Rounding.Grain)
	event.Enum(c, &p.Rounding.Remainder)
	c.Bool(&p.Rounding.Smooth)
	event.Enum(c, &p.Sizing)
	codeRate(c, &p.DownPayment)
	p.Tender.code(c)
	p.Late.code(c)
	p.Prepayment.code(c)
	p.Waterfall.code(c)
	event.List(c, &p.Waterfalls, func(c *event.Codec, w *PaymentWaterfall) { w.code(c) })
	event.List(c, &p.Fees, func(c *event.Codec, f *Fee) { f.Code(c) })
	event.List(c, &p.Grades, func(c *event.Codec, g *GradeTerms) { g.code(c) })
	p.Disbursement.code(c)
	event.List(c, &p.Covers, func(c *event.Codec, v *CoverTerms) { v.code(c) })
	p.Channels.code(c)
	p.Transfers.code(c)
	event.Text(c, &p.Profile)
	p.Model.code(c)
	p.Origination.code(c)
}

func codeRate(c *event.Codec, r *schedule.Rate) {
	pico, basis := r.Pico(), r.Basis()
	c.Int(&pico)
	event.Enum(c, &basis)
	if !c.Reading() || basis == 0 {
		return
	}
	v, err := schedule.RateFromPico(pico, basis)
	if err != nil {
		c.Fail(err)
		return
	}
	*r = v
}

func codeFrequency(c *event.Codec, f *schedule.Frequency) {
	n, unit := f.N(), f.Unit()
	c.Count(&n)
	event.Enum(c, &unit)
	if !c.Reading() {
		return
	}
	switch unit {
	case schedule.UnitMonth:
		*f = schedule.Months(n)
	case schedule.UnitWeek:
		*f = schedule.Weeks(n)
	case schedule.UnitDay:
		*f = schedule.Days(n)
	case schedule.UnitHalfMonth:
		*f = schedule.SemiMonthly()
	case schedule.UnitTerm:
		*f = schedule.AtMaturity()
	}
}

var productKind = event.NewKind[Product]("product", nil, event.On[ProductDefined]())

// ProductRef refers to a product's stream.
func ProductRef(p ProductID) event.Ref[Product] { return productKind.Ref(string(p)) }

// DefineProduct defines a product or replaces its terms for later loans. Given by an officer.
type DefineProduct struct{ Product Product }

// Home implements Command.
func (c DefineProduct) Home(Meta) event.Ref[Product] { return ProductRef(c.Product.ID) }

// Allowed implements Command.
func (DefineProduct) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a product that [Product.Validate] finds fault with, that
// names a cover which is not plugged in or a profile that the rules do not know, or that changes its
// currency.
func (c DefineProduct) Decide(t *Tx, was *Product) (ProductDefined, error) {
	if err := c.Product.Validate(); err != nil {
		return ProductDefined{}, err
	}
	for _, v := range c.Product.Covers {
		if _, ok := t.desk.covers[v.Name]; !ok {
			return ProductDefined{}, &Error{ErrUnknown, "cover " + string(v.Name), "no part has it"}
		}
	}
	if err := t.knowsProfile(c.Product.Profile); err != nil {
		return ProductDefined{}, err
	}
	if was.ID != "" && was.Currency != c.Product.Currency {
		return ProductDefined{}, &Error{ErrTerms, "product " + string(was.ID), "cannot change its currency"}
	}
	return ProductDefined{c.Product.clone(), t.Actor.ID}, nil
}
