package lending

import (
	"strings"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// FieldsOf splits a list of words.
func FieldsOf(s string) []string { return strings.Fields(s) }

// ByRank is byRank.
func ByRank(weights, paid []int64, total, minor int64) []int64 {
	return byRank(weights, paid, total, minor)
}

// RankShares is rankShares.
func RankShares(weights []int64, total int64) []int64 { return rankShares(weights, total) }

// AllEvents lists a zero value of every event type.
func AllEvents() []any {
	all := []any{
		PartyRegistered{}, PartyFrozen{}, ProductDefined{}, Moved{}, Owes{}, Borrows{},
		PaymentInstructed{}, PaymentObserved{}, MoneyReceived{}, DepositReversed{}, PaymentSent{}, MoveRepeated{}, BidHeld{},
		PaymentParked{}, PaymentReleased{}, PayoutOpened{}, ChunkPaid{},
		LoanApplied{}, LoanApproved{}, LoanDeclined{}, LoanPublished{}, BidPlaced{}, TenderFailed{},
		TenderOpened{}, BidWithdrawn{}, TenderExtended{}, TenderCleared{}, FundingAccepted{},
		FundingReviewed{}, FundingCancelled{}, DisbursementOrdered{}, DisbursementEnded{}, DisbursementDisputed{},
		LoanActivated{}, Repaid{}, Rebooked{}, CoverPaid{}, ClaimAssigned{}, ClaimsDivided{}, ClaimSubordinated{}, FeeCalled{}, LoanWrittenOff{}, DayEnded{}, LoanAccelerated{}, CoverLapsed{},
		PartyRelated{}, PartyWallet{}, PartyIdentified{}, PartyCategorized{}, PartyAssessed{}, PartyExcluded{},
		PartyDormant{}, PartyReactivated{}, PartyClosed{}, Withdrawn{},
		ReceiptTaken{}, ReceiptAssigned{}, ReturnOrdered{}, ReturnEnded{},
		PeriodLocked{}, PeriodClosed{}, PeriodReopened{}, CampaignDefined{}, CampaignCharged{},
		SourceRecorded{}, ReferralAccrued{}, ReferralPaid{}, ReferralCredited{},
		ComplaintOpened{}, ComplaintAcknowledged{}, ComplaintAssigned{}, ComplaintAnswered{},
		ComplaintEscalated{}, ComplaintClosed{}, FlagRaised{}, FlagLifted{},
		DocumentFiled{}, ConditionMet{}, StageLeft{}, LoanReturned{}, LoanResubmitted{}, ApplicationWithdrawn{},
		ApplicationLapsed{}, ListingAmended{}, ContractIssued{}, ContractSigned{}, ProjectTaken{},
		NoticeGiven{}, Restructured{}, FieldVerified{},
		QueueDefined{}, MandateOn{}, MandateOff{}, QueueFilled{},
		ChargeLevied{}, TillMoved{}, CalledBack{}, DebtWaived{}, GoodwillGranted{}, GoodwillCredited{}, Refunded{}, CollateralPaid{},
		BookDefined{}, OfferPlaced{}, OfferWithdrawn{}, BookMatched{},
		PromotionDefined{}, PromotionMoved{}, CouponIssued{}, CouponBound{}, CouponSettled{},
		CutoverBegun{}, AccountsOpened{}, CutoverEnded{}, PartyAdopted{}, WalletOpened{}, LoanAdopted{},
	}
	types := 0
	for _, k := range Kinds() {
		types += len(k.Types())
	}
	if types != len(all) {
		panic("export_test.go does not list every event type of every kind")
	}
	return all
}

// KindOf names the stream kind of an event.
func KindOf(e any) string {
	switch e.(type) {
	case event.Of[Books]:
		return booksKind.Name()
	case event.Of[Campaign]:
		return campaignKind.Name()
	case event.Of[Acquisition]:
		return sourceKind.Name()
	case event.Of[Case]:
		return complaintKind.Name()
	case event.Of[File]:
		return fileKind.Name()
	case event.Of[Party]:
		return partyKind.Name()
	case event.Of[Product]:
		return productKind.Name()
	case event.Of[Project]:
		return projectKind.Name()
	case event.Of[Till]:
		return tillKind.Name()
	case event.Of[Wallet]:
		return walletKind.Name()
	case event.Of[Payment]:
		return paymentKind.Name()
	case event.Of[Payout]:
		return payoutKind.Name()
	case event.Of[Promotion]:
		return promotionKind.Name()
	case event.Of[Coupons]:
		return couponKind.Name()
	case event.Of[Receipt]:
		return receiptKind.Name()
	case event.Of[Cutover]:
		return cutoverKind.Name()
	case event.Of[OfferBook]:
		return bookKind.Name()
	case event.Of[Market]:
		return queueKind.Name()
	}
	return loanKind.Name()
}

// MaxCharges bounds a loan's charges.
const MaxCharges = maxCharges

// Check is the part of Decide that looks at the loan alone.
func (c LevyCharge) Check(l *Loan, today civil.Date) error { return c.check(l, today) }

// PrepaymentCharges is what it costs to repay principal before it is due.
func (l *Loan) PrepaymentCharges(on civil.Date, principal int64) ([]Charge, error) {
	return l.prepaymentCharges(on, principal)
}

// Period is the number of the contract's period that runs on a date.
func (l *Loan) Period(on civil.Date) int { return l.period(on) }

// PPM is a part in millionths of the whole.
func PPM(part, whole ledger.Sum) int64 { return ppm(part, whole) }
