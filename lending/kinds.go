package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

var loanKind = event.NewKind("loan", func(l *Loan) civil.Date { return l.wake() },
	event.On[LoanApplied](), event.On[LoanApproved](), event.On[LoanDeclined](),
	event.On[LoanPublished](), event.On[BidPlaced](), event.On[BidHeld](), event.On[TenderFailed](),
	event.On[TenderOpened](), event.On[BidWithdrawn](), event.On[TenderExtended](),
	event.On[TenderCleared](), event.On[FundingAccepted](),
	event.On[FundingReviewed](), event.On[FundingCancelled](),
	event.On[DisbursementOrdered](), event.On[DisbursementEnded](), event.On[DisbursementDisputed](),
	event.On[LoanActivated](),
	event.On[Repaid](), event.On[Rebooked](), event.On[CoverPaid](), event.On[ClaimAssigned](), event.On[ClaimsDivided](),
	event.On[ClaimSubordinated](), event.On[FeeCalled](),
	event.On[LoanWrittenOff](), event.On[DayEnded](), event.On[LoanAccelerated](),
	event.On[DocumentFiled](), event.On[ConditionMet](), event.On[StageLeft](), event.On[LoanReturned](),
	event.On[LoanResubmitted](), event.On[ApplicationWithdrawn](), event.On[ApplicationLapsed](),
	event.On[ListingAmended](), event.On[ContractIssued](), event.On[ContractSigned](),
	event.On[ChargeLevied](), event.On[CalledBack](), event.On[DebtWaived](), event.On[GoodwillGranted](),
	event.On[GoodwillCredited](), event.On[Refunded](), event.On[CollateralPaid](), event.On[LoanAdopted](),
	event.On[NoticeGiven](), event.On[Restructured](), event.On[CoverLapsed](), event.On[FieldVerified]())

// LoanRef refers to a loan's stream.
func LoanRef(id LoanID) event.Ref[Loan] { return loanKind.Ref(string(id)) }

// Kinds lists the stream kinds of this package.
func Kinds() []event.AnyKind {
	return []event.AnyKind{partyKind, productKind, walletKind, paymentKind, loanKind, payoutKind, receiptKind,
		booksKind, campaignKind, sourceKind, complaintKind, fileKind, projectKind, queueKind, bookKind, tillKind,
		cutoverKind, promotionKind, couponKind}
}
