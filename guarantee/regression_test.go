package guarantee_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// A layer that had taken on the rest is asked again when the one before it does not pay its part.
func TestLapseAsksLayersThatTookTheRest(t *testing.T) {
	terms := guarantorTerms()
	terms.SharePPM = 500_000
	w := guarantorWorld(t, terms)
	id, due := w.missed(byGuarantor(), byFund("fund"))
	w.dayEnd(6)
	do(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: guarantee.Insolvent})
	w.dayEnd(1)
	w.deposit("fund", 10_000_000)
	w.dayEnd(1)
	require.Zero(t, w.loan(id).Dues[0].Missing().Total())
	require.Equal(t, due, w.fund("fund").Paid)
	w.audit()
	w.reports()
}

// A guarantor pays its share of what the borrower leaves unpaid when it pays, not of what he owed before.
func TestShareOfWhatIsLeft(t *testing.T) {
	terms := guarantorTerms()
	terms.SharePPM = 500_000
	w := guarantorWorld(t, terms)
	w.deposit("gil", 1_000_000)
	id, due := w.missed(byGuarantor())
	w.repay(id, due-10_000)
	require.Equal(t, int64(5_000), do(w, party("gil"), pay(id, 0)).Minor)
}

// So does a fund.
func TestFundShareOfWhatIsLeft(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.PrincipalPPM, terms.InterestPPM = 500_000, 500_000
	w := fundWorld(t, terms)
	id, due := w.missed(byFund("fund"))
	w.repay(id, due-10_000)
	w.deposit("fund", 1_000_000)
	w.dayEnd(1)
	require.Equal(t, int64(5_000), w.fund("fund").Paid)
	w.audit()
}

// The lenders bear the deductible also when the borrower pays a part after the demand.
func TestDeductibleAfterPartPayment(t *testing.T) {
	terms := guarantorTerms()
	terms.Deductible = 60_000
	w := guarantorWorld(t, terms)
	w.deposit("gil", 1_000_000)
	id, due := w.missed(byGuarantor())
	require.Equal(t, due-60_000, w.guarantor().Queue.Total())
	w.repay(id, 30_000)
	require.Equal(t, due-90_000, do(w, party("gil"), pay(id, 0)).Minor)
}

// What lenders got after all is not borne by them: the deductible is there for the next loss.
func TestDeductibleOfWhatWasPaidLate(t *testing.T) {
	terms := guarantorTerms()
	terms.Deductible = 60_000
	w := guarantorWorld(t, terms)
	id, due := w.missed(byGuarantor())
	w.repay(id, due)
	w.day = w.loan(id).Plan.At(1).Due
	w.dayEnd(1)
	d, _ := w.guarantor().Queue.Get(guarantee.Key{Loan: id, Instalment: 1})
	require.Equal(t, due-60_000, d.Minor)
}

// A demand made in the guarantee period stands when a payment bounces after it.
func TestDemandInPeriodOutlivesBounce(t *testing.T) {
	for _, whole := range []bool{false, true} {
		terms := guarantorTerms()
		terms.PeriodDays = 10
		w := guarantorWorld(t, terms)
		w.deposit("gil", 1_000_000)
		id, due := w.missed(byGuarantor())
		if w.repay(id, 10_000); whole {
			w.repay(id, due-10_000)
			require.Zero(t, do(w, party("gil"), pay(id, 0)).Minor)
		}
		w.dayEnd(15)
		do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
		w.dayEnd(1)
		d, _ := w.guarantor().Queue.Get(guarantee.Key{Loan: id})
		want := w.loan(id).Dues[0].Missing()
		require.Equal(t, want[lending.Principal]+want[lending.Interest], d.Minor)
		require.Equal(t, d.Minor, w.loan(id).Dues[0].Promised[0])
	}
}

// A demand that is made again keeps its dispute and its last day.
func TestDemandMadeAgainKeepsItsClock(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, _ := w.missed(byGuarantor())
	before, _ := w.guarantor().Queue.Get(guarantee.Key{Loan: id})
	w.repay(id, 10)
	w.dayEnd(8)
	require.Len(t, w.guarantor().Overdue(w.day), 1)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	after, _ := w.guarantor().Queue.Get(guarantee.Key{Loan: id})
	require.Equal(t, before.Due, after.Due)

	do(w, party("gil"), guarantee.DisputeDemand{Guarantor: "gil", Demand: guarantee.Key{Loan: id}, Reason: "forged"})
	w.repay(id, 10)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	again, _ := w.guarantor().Queue.Get(guarantee.Key{Loan: id})
	require.True(t, again.Disputed)
	require.Empty(t, w.guarantor().Overdue(w.day))
}

// An originator that is suspended, or has to buy a loan back, lists nothing.
func TestOriginatorMustStandToList(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	id := w.open("ann", product("referred", byOriginator()), 1000, 1)
	do(w, officer, guarantee.SuspendOriginator{Originator: "ola", Reason: "r"})
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrOriginatorState)
	do(w, officer, guarantee.SuspendOriginator{Originator: "ola", Lift: true, Reason: "r"})
	w.overdue(byOriginator())
	id = w.open("art", product("again", byOriginator()), 1000, 1)
	w.dayEnd(31)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrBuybackOverdue)
}

// A closed fund is not listed with.
func TestClosedFundListsNothing(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	id := w.open("ann", product("p", byFund("fund")), 1000, 1)
	do(w, officer, guarantee.CloseFund{Fund: "fund"})
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrFundClosed)
}

// A product cannot show a cover as of another kind than it is: rules look at the kind.
func TestCoverKindIsTrue(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	asGuarantor := byFund("fund")
	asGuarantor.Kind = lending.CoverGuarantor
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: w.open("ann", product("a", asGuarantor), 1000, 1)}), guarantee.ErrTerms)
	asCollateral := byGuarantor()
	asCollateral.Kind = lending.CoverCollateral
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: w.open("ann", product("b", asCollateral), 1000, 1)}), guarantee.ErrTerms)
}

// A guarantor's approval is of the risk that it saw.
func TestApprovalIsOfTheRiskSeen(t *testing.T) {
	terms := guarantorTerms()
	terms.Control = guarantee.ByGuarantor
	w := guarantorWorld(t, terms)
	p := product("p", byGuarantor())
	id := w.open("ann", p, 1000, 1)
	do(w, party("gil"), guarantee.ApproveRisk{Guarantor: "gil", Loan: id})
	do(w, analyst, lending.ReferBack{Loan: id, Reason: "more"})
	do(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(1_000_000), Periods: 12, Use: w.loan(id).Dossier.Use})
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrNotApproved)
	do(w, party("gil"), guarantee.ApproveRisk{Guarantor: "gil", Loan: id})
	do(w, officer, lending.Publish{Loan: id})
}

// A guarantor stands for what is left of its cap.
func TestExposureWithinWhatIsLeftOfTheCap(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	w.deposit("gil", 1_000_000)
	c := byGuarantor()
	c.Cap = amt(110_000)
	id, due := w.missed(c)
	do(w, party("gil"), pay(id, 0))
	do(w, officer, guarantee.MeasureGuarantor{Guarantor: "gil", Loans: []lending.LoanID{id}})
	require.Equal(t, 110_000-due, w.guarantor().Exposure)
}

// Demands on a loan that has closed do not keep a margin deposit back.
func TestClosedLoanLeavesTheQueue(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	w.deposit("gil", 10_000)
	do(w, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(10_000)})
	id, _ := w.missed(byGuarantor())
	w.deposit("ann", 2_000_000)
	do(w, party("ann"), lending.PayOff{Loan: id})
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	require.Zero(t, w.guarantor().Queue.Len())
	do(w, officer, guarantee.ReturnMargin{Guarantor: "gil", Amount: amt(10_000)})
}

// priceOf is what units of a lot are worth on a buyback.
func (w *world) priceOf(l *lending.Loan, lot int, units int64) (sum int64) {
	dues, err := l.LotDues(lending.Assignment{Lot: lot, Units: units}, w.day)
	require.NoError(w.t, err)
	for _, d := range dues {
		sum += d.Principal + d.Accrued
	}
	return sum
}

// A deposit that does not suffice for a lot buys a part of it.
func TestSmallDepositIsCalled(t *testing.T) {
	terms := originatorTerms()
	terms.DepositPPM = 50_000
	w := originatorWorld(t, terms)
	w.deposit("ola", 60_000)
	do(w, party("ola"), guarantee.PutDeposit{Originator: "ola", Amount: amt(60_000)})
	id := w.overdue(byOriginator())
	w.dayEnd(31)
	bob, was := w.cash("bob"), w.loan(id)
	ev := do(w, officer, buyBack(id))
	require.LessOrEqual(t, ev.Deposit, int64(60_000))
	require.Greater(t, w.priceOf(was, 0, ev.Lots[0].Units+1), int64(60_000), "not for a unit more")
	require.Equal(t, bob+ev.Deposit, w.cash("bob"))
	require.Equal(t, 60_000-ev.Deposit, w.originator().Deposit)
	require.Equal(t, 2, ev.Left)
	require.Equal(t, 1_200_000-ev.Lots[0].Principal, w.originator().Referred)
	require.Equal(t, 2, w.originator().Pending.Len())
	l := w.loan(id)
	require.Equal(t, lending.PartyID("ola"), l.Lots[2].Holder)
	require.Equal(t, ev.Lots[0].Principal, l.Lots[2].Units)
	w.reports()
}

// The margin deposit of an insolvent guarantor goes to the lenders before its demands lapse.
func TestMarginOfInsolventGuarantor(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	w.deposit("gil", 50_000)
	do(w, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(50_000)})
	id, due := w.missed(byGuarantor())
	do(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: guarantee.Insolvent})
	_, err := w.desk.DayEnd(context.Background(), w.day)
	require.NoError(t, err)
	do(w, officer, pay(id, 0))
	require.Zero(t, w.guarantor().Margin)
	missing := w.loan(id).Dues[0].Missing()
	require.Equal(t, due-50_000, missing.Total())
	w.dayEnd(1)
	require.Zero(t, w.guarantor().Queue.Len())
	require.Equal(t, due-50_000, w.guarantor().Lapsed)
	w.reports()
}

// Many demands of one loan are settled in one day-end.
func TestDayEndSettlesManyDemands(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	w.deposit("fund", 1<<40)
	p := product("p", byFund("fund"))
	p.Late.AccelerateDays = 5
	var ids []lending.LoanID
	for range 20 {
		ids = append(ids, w.lent("ann", p, 1_000_000, 60))
	}
	w.day = w.loan(ids[0]).Plan.At(0).Due
	w.dayEnd(6)
	w.dayEnd(1)
	require.Zero(t, w.fund("fund").Queue.Len())
	require.Greater(t, w.fund("fund").Paid, int64(20_000_000))
}

// A demand on an instalment that there is no more lapses with the others.
func TestLapseOfInstalmentThatIsGone(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	p := product("p", byGuarantor())
	p.Late.AccelerateDays = 5
	id := w.lent("ann", p, 1_200_000, 12)
	first := w.loan(id).Plan.At(0)
	w.day = first.Due.AddDays(3)
	w.repay(id, first.Total.Minor()-1)
	w.day = first.Due
	w.dayEnd(10)
	require.Greater(t, w.guarantor().Queue.Len(), 10)
	w.deposit("ann", 1)
	do(w, officer, lending.RepayAsOf{Loan: id, Amount: amt(1), Value: first.Due.AddDays(4), Reason: "late-news"})
	require.True(t, w.loan(id).Acceleration.On.IsZero())
	w.deposit("ann", 900_000)
	do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(900_000), Effect: schedule.EffectShorter})
	require.Less(t, len(w.loan(id).Dues), 10)
	do(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: guarantee.Insolvent})
	w.dayEnd(1)
	require.Zero(t, w.guarantor().Queue.Len())
}

// A platform's own guarantee is given no money for what the borrower has paid meanwhile.
func TestOwnGuaranteeForWhatStillStands(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	do(w, officer, lending.MarkRelated{Party: "gil"})
	own := byGuarantor()
	own.Kind = lending.CoverOwnGuarantee
	id, due := w.missed(own)
	w.repay(id, due)
	require.Error(t, try(w, officer, guarantee.PayOwn{Guarantor: "gil", Amount: amt(1)}))
}

// An officer takes a demand off that the borrower has met, without a deposit.
func TestOfficerClearsMetDemand(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, due := w.missed(byGuarantor())
	require.ErrorIs(t, try(w, officer, pay(id, 0)), lending.ErrState, "it stands, and is not overdue")
	w.repay(id, due)
	require.Zero(t, do(w, officer, pay(id, 0)).Minor)
	require.Zero(t, w.guarantor().Queue.Len())

	w = originatorWorld(t, originatorTerms())
	id = w.overdue(byOriginator())
	w.repay(id, 150_000)
	require.Empty(t, do(w, officer, buyBack(id)).Lots)
	require.Zero(t, w.originator().Pending.Len())
}

// A fund whose borrowers have all paid is not exhausted.
func TestFundOfMetDemandsIsNotExhausted(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	id, _ := w.missed(byFund("fund"))
	w.dayEnd(1)
	require.True(t, w.fund("fund").Exhausted)
	w.deposit("ann", 2_000_000)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.dayEnd(1)
	require.False(t, w.fund("fund").Exhausted)
	require.Zero(t, w.fund("fund").Queue.Len())
}

// What a written-off loan still owed is asked of its covers.
func TestWriteOffAsksCovers(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	w.deposit("fund", 10_000_000)
	id, _ := w.missed(byFund("fund"))
	do(w, officer, lending.WriteOff{Loan: id, Reason: "hopeless"})
	w.dayEnd(1)
	var missing int64
	for _, d := range w.loan(id).Dues {
		m := d.Missing()
		missing += m[lending.Principal]
	}
	require.Zero(t, missing)
	w.audit()
}

// So it is after a recovery that bounced.
func TestRecoveryBounces(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, _ := w.missed(byGuarantor())
	do(w, officer, lending.WriteOff{Loan: id, Reason: "hopeless"})
	w.dayEnd(1)
	owed := w.guarantor().Queue.Total()
	require.Greater(t, owed, int64(1_200_000))
	w.deposit("ann", 1000)
	do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(1000)})
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	var promised int64
	for _, d := range w.loan(id).Dues {
		promised += d.Promised[0]
	}
	require.Equal(t, owed, promised)
	require.Equal(t, owed, w.guarantor().Queue.Total())
}

// A demand that grows, as a layer before it does not pay, gives new days for it.
func TestDemandThatGrowsHasNewDays(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.PrincipalPPM, terms.InterestPPM, terms.WaitDays = 500_000, 500_000, 20
	w := newWorld(t, parties)
	w.vehicle("fund")
	do(w, officer, guarantee.DefineFund{Fund: "fund", Terms: terms})
	do(w, officer, lending.Register{Party: "gil", Kind: lending.Company})
	do(w, officer, guarantee.DefineGuarantor{Guarantor: "gil", Terms: guarantorTerms()})
	do(w, officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(1_000_000), Evidence: event.Hash{1}})
	id, due := w.missed(byFund("fund"), byGuarantor())
	w.dayEnd(25)
	d, _ := w.guarantor().Queue.Get(guarantee.Key{Loan: id, Layer: 1})
	require.Equal(t, due, d.Minor)
	require.Equal(t, w.day.AddDays(5), d.Due)
}

// A write-off by the product's rule asks covers at once.
func TestWriteOffByRuleAsksCovers(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	w.deposit("fund", 10_000_000)
	p := product("p", byFund("fund"))
	p.Late.WriteOffDays = 20
	id := w.lent("ann", p, 1_200_000, 12)
	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(21)
	require.Equal(t, lending.StateWrittenOff, w.loan(id).State)
	for _, d := range w.loan(id).Dues {
		missing := d.Missing()
		require.Zero(t, missing[lending.Principal]+missing[lending.Interest])
	}
	w.audit()
	w.reports()
}

// Penalty interest of the days after a payout is the payer's.
func TestPenaltyAfterPayout(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	p := product("covered", byGuarantor())
	p.Late = lending.Late{Penalty: schedule.MustRate("36.5% per year"), Round: money.HalfEven}
	id := w.lent("ann", p, 1_200_000, 12)
	first := w.loan(id).Plan.At(0)
	w.day = first.Due
	w.dayEnd(1)
	due := first.Total.Minor()
	w.deposit("gil", due)
	do(w, party("gil"), pay(id, 0))
	bob, gil := w.cash("bob"), w.cash("gil")
	w.dayEnd(20)
	w.repay(id, due+due*21/1000+1) // a day for the lender, twenty for the guarantor, rounded
	require.Equal(t, due*20/1000+due, w.cash("gil")-gil)
	require.LessOrEqual(t, w.cash("bob")-bob, due/1000+1)
}

// A guarantor of principal, interest and fees pays the platform its fee too, and has it back.
func TestGuarantorPaysFees(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	by := byGuarantor()
	by.Fees = true
	p := product("covered", by)
	p.Fees = []lending.Fee{{ID: "service", Timing: lending.WithInstalment, Base: lending.OnAmount, Payee: lending.ToPlatform, PPM: 1_000, Round: money.HalfUp}}
	id := w.lent("ann", p, 1_200_000, 12)
	first := w.loan(id).Plan.At(0)
	w.day = first.Due
	w.dayEnd(1)
	due := first.Total.Minor() + 1_200
	require.Equal(t, due, w.guarantor().Queue.Total())
	w.deposit("gil", due)
	do(w, party("gil"), pay(id, 0))
	require.Zero(t, w.loan(id).Dues[0].Missing().Total())
	require.Equal(t, int64(1_200), w.loan(id).Charges[0].Advanced)
	gil := w.cash("gil")
	w.repay(id, due)
	require.Equal(t, due, w.cash("gil")-gil)
}
