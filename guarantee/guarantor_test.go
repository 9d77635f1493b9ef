package guarantee_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

func guarantorTerms() guarantee.GuarantorTerms {
	return guarantee.GuarantorTerms{Currency: cny, Liability: guarantee.JointSeveral, Control: guarantee.ByPlatform,
		Interest: true, SharePPM: lending.Million, PeriodDays: 180, PayDays: 5, Leverage: 10, SinglePPM: 5_000_000}
}

var parties = guarantee.Parties{Funds: []lending.PartyID{"fund", "pool"}, Guarantors: []lending.PartyID{"gil"}}

// guarantorWorld has a guarantor "gil" with net assets of 1,000,000 and a fund behind it.
func guarantorWorld(t require.TestingT, terms guarantee.GuarantorTerms) *world {
	w := newWorld(t, parties)
	w.vehicle("fund")
	do(w, officer, guarantee.DefineFund{Fund: "fund", Terms: fundTerms(guarantee.FIFO)})
	do(w, officer, lending.Register{Party: "gil", Kind: lending.Company})
	do(w, officer, guarantee.DefineGuarantor{Guarantor: "gil", Terms: terms})
	do(w, officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(1_000_000), Evidence: event.Hash{1}})
	return w
}

func byGuarantor() lending.CoverTerms {
	return lending.CoverTerms{Name: "gil", Kind: lending.CoverGuarantor}
}

func (w *world) guarantor() *guarantee.Guarantor {
	g, _, err := lending.View(context.Background(), w.desk, guarantee.GuarantorRef("gil"))
	require.NoError(w.t, err)
	require.NoError(w.t, g.Check())
	return g
}

// missed has a loan of 1,200,000 over twelve months miss its first instalment.
func (w *world) missed(covers ...lending.CoverTerms) (lending.LoanID, int64) {
	id := w.lent("ann", product("covered", covers...), 1_200_000, 12)
	first := w.loan(id).Plan.At(0)
	w.day = first.Due
	w.dayEnd(1)
	return id, first.Total.Minor()
}

func pay(id lending.LoanID, minor int64) guarantee.PayDemand {
	c := guarantee.PayDemand{Guarantor: "gil", Demand: guarantee.Key{Loan: id}}
	if minor > 0 {
		c.Amount = amt(minor)
	}
	return c
}

// A guarantor is asked for a missed instalment, pays it in two parts, and has it back when the borrower pays.
func TestGuarantorPaysInParts(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, due := w.missed(byGuarantor())
	g := w.guarantor()
	require.Equal(t, due, g.Queue.Total())
	require.Equal(t, int64(1_200_000), g.Exposure)
	require.Equal(t, int64(1_200_000), g.ExposureTo("ann"))

	require.ErrorIs(t, try(w, party("gil"), pay(id, 0)), lending.ErrFunds)
	require.ErrorIs(t, try(w, party("bob"), pay(id, 0)), lending.ErrActor)
	require.ErrorIs(t, try(w, cashier, pay(id, 0)), lending.ErrActor)
	require.ErrorIs(t, try(w, party("gil"), pay("l", 0)), lending.ErrUnknown)
	w.deposit("gil", due)
	paid := do(w, party("gil"), pay(id, 40_000))
	require.Equal(t, due-40_000, paid.Left)
	do(w, party("gil"), pay(id, 0))
	require.Zero(t, w.guarantor().Queue.Len())
	require.Equal(t, due, w.guarantor().Paid)
	require.Zero(t, w.loan(id).Dues[0].Missing().Total())
	w.repay(id, due)
	require.Equal(t, due, w.cash("gil"), "subrogation")
	do(w, timer, guarantee.MeasureGuarantor{Guarantor: "gil", Loans: []lending.LoanID{id}})
	require.Equal(t, w.loan(id).Outstanding().Minor(), w.guarantor().Exposure)
	w.repay(id, 1_200_000)
	require.Zero(t, w.guarantor().Exposure, "the loan has closed")
	w.reports()
}

// A command of a day before the demand, or before the instalment, does not make it go away.
func TestDemandIsNotAnsweredBeforeItsDay(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, due := w.missed(byGuarantor())
	w.deposit("gil", due)
	w.day = w.day.AddDays(-20)
	require.ErrorIs(t, try(w, party("gil"), pay(id, 0)), lending.ErrDate)
	require.Equal(t, due, w.guarantor().Queue.Total())
}

// What the borrower has paid meanwhile takes the demand off at the price of nothing.
func TestGuarantorNeedNotPayTwice(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, due := w.missed(byGuarantor())
	w.deposit("gil", due)
	w.repay(id, due)
	paid := do(w, party("gil"), pay(id, 0))
	require.Zero(t, paid.Minor+paid.Left)
	require.Zero(t, w.guarantor().Queue.Len())
	require.Equal(t, due, w.cash("gil"))
}

// The lenders bear the deductible first, over the loan and not for each instalment, also when a payment is
// taken back and the guarantor is asked again.
func TestDeductible(t *testing.T) {
	terms := guarantorTerms()
	terms.Deductible, terms.SharePPM = 60_000, 500_000
	w := guarantorWorld(t, terms)
	id := w.lent("ann", product("covered", byGuarantor()), 1_200_000, 12)
	plan := w.loan(id).Plan
	w.day = plan.At(0).Due
	w.repay(id, 6_619)
	w.dayEnd(1)
	require.Zero(t, w.guarantor().Queue.Len(), "half of 100,000 is below the deductible")
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	require.Zero(t, w.guarantor().Queue.Len())
	w.day = plan.At(1).Due
	w.dayEnd(1)
	parts := func(i int) int64 { return plan.At(i).Principal.Minor()/2 + plan.At(i).Interest.Minor()/2 }
	require.Equal(t, parts(0)+parts(1)-60_000, w.guarantor().Queue.Total())
}

// A cover of principal alone; and the product's cap bounds exposure and payment.
func TestGuarantorScope(t *testing.T) {
	terms := guarantorTerms()
	terms.Interest = false
	w := guarantorWorld(t, terms)
	c := byGuarantor()
	c.Cap = amt(90_000)
	id, _ := w.missed(c)
	require.Equal(t, int64(90_000), w.guarantor().Exposure)
	require.Equal(t, int64(90_000), w.guarantor().Queue.Total(), "less than the principal")
	w.day = w.loan(id).Plan.At(1).Due
	w.dayEnd(1)
	require.Equal(t, int64(90_000), w.guarantor().Queue.Total(), "the cap is for the loan")
}

// After the guarantee period nothing is asked.
func TestGuaranteePeriod(t *testing.T) {
	terms := guarantorTerms()
	terms.PeriodDays = 10
	w := guarantorWorld(t, terms)
	late := byGuarantor()
	late.TriggerDays = 11
	id := w.lent("ann", product("covered", late), 1_200_000, 12)
	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(11)
	require.Zero(t, w.guarantor().Queue.Len())
	require.Zero(t, w.loan(id).Dues[0].Promised[0])
}

// Leverage, concentration and margin are limits at disbursement, by figures that repayments relieve.
func TestGuarantorLimits(t *testing.T) {
	terms := guarantorTerms()
	terms.Leverage, terms.SinglePPM, terms.MarginPPM = 2, 1_000_000, 100_000
	w := guarantorWorld(t, terms)
	p := product("covered", byGuarantor())
	disburse := func(id lending.LoanID) error { return try(w, cashier, lending.Disburse{Loan: id}) }
	require.ErrorIs(t, disburse(w.funded(w.open("ann", p, 1_000_100, 12))), guarantee.ErrGuarantorLimit, "one borrower")
	a := w.funded(w.open("ann", p, 1_000_000, 12))
	require.ErrorIs(t, disburse(a), guarantee.ErrGuarantorLimit, "margin")
	w.deposit("gil", 200_000)
	margin := func(minor int64) error {
		return try(w, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(minor)})
	}
	require.ErrorIs(t, margin(200_001), lending.ErrFunds)
	require.ErrorIs(t, margin(0), lending.ErrAmount)
	require.ErrorIs(t, try(w, party("bob"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(1)}), lending.ErrActor)
	require.NoError(t, margin(200_000))
	require.NoError(t, disburse(a))
	b := w.funded(w.open("art", p, 1_000_000, 12))
	require.NoError(t, disburse(b))
	w.deliver()
	c := w.funded(w.open("cal", p, 100, 1))
	require.ErrorIs(t, disburse(c), guarantee.ErrGuarantorLimit, "leverage")
	w.repay(a, 100_000)
	require.ErrorIs(t, disburse(c), guarantee.ErrGuarantorLimit, "not measured")
	do(w, officer, guarantee.MeasureGuarantor{Guarantor: "gil", Loans: []lending.LoanID{a, b}})
	require.NoError(t, disburse(c))
	release := func(minor int64) guarantee.ReturnMargin {
		return guarantee.ReturnMargin{Guarantor: "gil", Amount: amt(minor)}
	}
	require.ErrorIs(t, try(w, officer, release(200_000)), guarantee.ErrGuarantorLimit)
	require.ErrorIs(t, try(w, officer, release(200_001)), guarantee.ErrGuarantorLimit)
	require.ErrorIs(t, try(w, officer, release(0)), lending.ErrAmount)
	require.ErrorIs(t, try(w, chief, release(1)), lending.ErrSecond)
	do(w, officer, release(1))
	require.Equal(t, int64(199_999), w.guarantor().Margin)
	require.Equal(t, int64(1), w.cash("gil"))
	w.reports()
}

// An officer pays an overdue demand out of the margin deposit, as far as it goes.
func TestMarginIsCalled(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	w.deposit("gil", 50_000)
	do(w, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(50_000)})
	id, due := w.missed(byGuarantor())
	require.ErrorIs(t, try(w, officer, guarantee.ReturnMargin{Guarantor: "gil", Amount: amt(1)}), guarantee.ErrGuarantorLimit)
	w.dayEnd(5)
	require.ErrorIs(t, try(w, officer, pay(id, 0)), lending.ErrState, "its last day")
	w.dayEnd(1)
	require.Len(t, w.guarantor().Overdue(w.day), 1)
	require.ErrorIs(t, try(w, chief, pay(id, 0)), lending.ErrSecond)
	paid := do(w, officer, pay(id, 0))
	require.Equal(t, int64(50_000), paid.Margin)
	require.Equal(t, due-50_000, paid.Left)
	require.Zero(t, w.guarantor().Margin)
	require.ErrorIs(t, try(w, officer, pay(id, 0)), lending.ErrFunds, "no deposit is left")
	w.reports()
}

// A dispute stops the clock; upheld, the demand lapses and the fund behind the guarantor is asked the same
// day.
func TestDispute(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	w.deposit("fund", 10_000_000)
	id, _ := w.missed(byGuarantor(), byFund("fund"))
	key := guarantee.Key{Loan: id}
	dispute := guarantee.DisputeDemand{Guarantor: "gil", Demand: key, Reason: "forged"}
	resolve := guarantee.ResolveDispute{Guarantor: "gil", Demand: key}
	require.ErrorIs(t, try(w, officer, resolve), lending.ErrState)
	require.ErrorIs(t, try(w, party("gil"), guarantee.DisputeDemand{Guarantor: "gil", Demand: key}), lending.ErrID)
	require.ErrorIs(t, try(w, party("bob"), dispute), lending.ErrActor)
	do(w, party("gil"), dispute)
	require.ErrorIs(t, try(w, party("gil"), dispute), lending.ErrState)
	w.dayEnd(10)
	require.Empty(t, w.guarantor().Overdue(w.day))
	require.ErrorIs(t, try(w, chief, resolve), lending.ErrSecond)
	do(w, officer, resolve)
	require.Empty(t, w.guarantor().Overdue(w.day.AddDays(5)))
	require.Len(t, w.guarantor().Overdue(w.day.AddDays(6)), 1)

	w = guarantorWorld(t, guarantorTerms())
	w.deposit("fund", 10_000_000)
	id, due := w.missed(byGuarantor(), byFund("fund"))
	dispute.Demand.Loan, resolve.Demand.Loan = id, id
	do(w, party("gil"), dispute)
	resolve.Uphold = true
	ev := do(w, officer, resolve)
	require.Equal(t, due, ev.Lapsed)
	require.Zero(t, w.loan(id).Dues[0].Promised[0])
	w.dayEnd(0)
	require.Equal(t, due, w.fund("fund").Paid)
	require.Equal(t, due, w.guarantor().Lapsed)
	w.audit()
}

// An ordinary guarantor may wait until enforcement has failed.
func TestOrdinaryGuarantorWaits(t *testing.T) {
	terms := guarantorTerms()
	terms.Liability = guarantee.Ordinary
	w := guarantorWorld(t, terms)
	id, _ := w.missed(byGuarantor())
	w.dayEnd(20)
	require.Empty(t, w.guarantor().Overdue(w.day.AddDays(1000)))
	record := guarantee.RecordEnforcement{Guarantor: "gil", Loan: id, Evidence: event.Hash{1}}
	bare := record
	bare.Evidence = event.Hash{}
	require.ErrorIs(t, try(w, officer, bare), guarantee.ErrTerms)
	require.ErrorIs(t, try(w, chief, record), lending.ErrSecond)
	require.ErrorIs(t, try(w, officer, guarantee.RecordEnforcement{Guarantor: "gil", Loan: "l"}), lending.ErrUnknown)
	do(w, officer, record)
	require.ErrorIs(t, try(w, officer, record), lending.ErrState)
	require.Len(t, w.guarantor().Overdue(w.day.AddDays(6)), 1)
	w.day = w.loan(id).Plan.At(1).Due
	w.dayEnd(1)
	require.Len(t, w.guarantor().Overdue(w.day.AddDays(6)), 2, "of the same loan")

	joint := guarantorWorld(t, guarantorTerms())
	other, _ := joint.missed(byGuarantor())
	record.Loan = other
	require.ErrorIs(t, try(joint, officer, record), lending.ErrState)
}

// A guarantor that does not pay is in default: its demands lapse, the next layer is asked, and it takes on
// nothing any more; without a next layer the lenders bear the loss, and the loan's record says so.
func TestGuarantorDefaults(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	bare := w.lent("art", product("bare", byGuarantor()), 1_200_000, 12)
	waiting := w.funded(w.open("art", product("bare", byGuarantor()), 1000, 1))
	id, due := w.missed(byGuarantor(), byFund("fund"))
	w.deposit("fund", 10_000_000)
	w.deposit("gil", 10_000)
	do(w, party("gil"), pay(id, 10_000))
	def := guarantee.DeclareDefault{Guarantor: "gil", Reason: "no-payment"}
	require.ErrorIs(t, try(w, officer, def), lending.ErrState)
	w.dayEnd(6)
	require.ErrorIs(t, try(w, chief, def), lending.ErrSecond)
	require.ErrorIs(t, try(w, officer, guarantee.DeclareDefault{Guarantor: "gil"}), lending.ErrID)
	require.ErrorIs(t, try(w, timer, guarantee.LapseDemands{Guarantor: "gil"}), guarantee.ErrGuarantorState)
	do(w, officer, def)
	require.ErrorIs(t, try(w, party("gil"), pay(id, 0)), guarantee.ErrGuarantorState)
	w.dayEnd(0)
	g := w.guarantor()
	require.Equal(t, guarantee.Defaulted, g.State)
	require.Zero(t, g.Queue.Len())
	require.Equal(t, due-10_000+w.loan(bare).Plan.At(0).Total.Minor(), g.Lapsed)
	require.ErrorIs(t, try(w, timer, guarantee.LapseDemands{Guarantor: "gil"}), guarantee.ErrNothing)
	require.Equal(t, due-10_000, w.fund("fund").Paid)
	require.Zero(t, w.loan(id).Dues[0].Missing().Total())
	missing := w.loan(bare).Dues[0].Missing()
	require.Equal(t, w.loan(bare).Plan.At(0).Total.Minor(), missing.Total())
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: waiting}), guarantee.ErrGuarantorState)
	w.day = w.loan(id).Plan.At(1).Due
	w.dayEnd(1)
	require.Zero(t, w.guarantor().Queue.Len())
	w.repay(id, 2*due)
	require.Equal(t, int64(10_000), w.cash("gil"), "what it paid comes back")
	w.audit()
	w.reports()
}

// An overdue demand that the borrower has met meanwhile is no default; insolvency is one without demands.
func TestDefaultNeedsAReason(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, due := w.missed(byGuarantor())
	w.dayEnd(6)
	w.repay(id, due)
	require.Len(t, w.guarantor().Overdue(w.day), 1)
	require.ErrorIs(t, try(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: "r"}), lending.ErrState)
	do(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: guarantee.Insolvent})
	require.ErrorIs(t, try(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: guarantee.Insolvent}),
		guarantee.ErrGuarantorState)
}
