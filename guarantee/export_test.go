package guarantee

import (
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// AllEvents lists a zero value of every event type.
func AllEvents() []any {
	all := []any{FundDefined{}, FundClosed{}, FundCovered{}, FundDropped{}, FundMeasured{}, FundDemanded{},
		RoundFixed{}, FundSettled{}, FundLapsed{}, ExcessReleased{}, FundStabilised{}, InterestRedirected{}, StabilisationEnded{},
		GuarantorDefined{}, NetAssetsAssessed{}, GuarantorSuspended{}, GuarantorEngaged{}, GuarantorReleased{},
		GuarantorMeasured{}, GuarantorDemanded{}, RiskDecided{}, MarginMoved{}, DemandPaid{}, DemandDisputed{},
		DisputeResolved{}, EnforcementRecorded{}, GuarantorDefaulted{}, DemandsLapsed{}, OwnGranted{}, LiabilityRecognised{}, OwnCredited{}, OwnFailed{}, GuarantorNotified{},
		OriginatorDefined{}, OriginatorSuspended{}, LoanReferred{}, ReferralEnded{}, ReferredMeasured{},
		RepurchaseDemanded{}, DepositMoved{}, LoanBoughtBack{}, OriginatorDefaulted{}, RepurchasesLapsed{},
		CollectionRecorded{}, CollectionRemitted{},
		CollateralDefined{}, CollateralRegistered{}, CollateralRevalued{}, LoanSecured{}, LoanUnsecured{}, TopUpReviewed{},
		CollateralReleased{}, CollateralSold{}, SalePaid{}, CollateralRealised{}}
	if len(all) != len(fundKind.Types())+len(guarantorKind.Types())+len(originatorKind.Types())+
		len(policyKind.Types())+len(collateralKind.Types()) {
		panic("export_test.go does not list every event type of every kind")
	}
	return all
}

// Wakes asks all when they have work.
func Wakes(f *Fund, g *Guarantor, o *Originator, c *Collateral) []civil.Date {
	return []civil.Date{f.wake(), g.wake(), o.wake(), c.wake()}
}

// Settlement is the first settlement date on or after a day.
func Settlement(opened civil.Date, every schedule.Frequency, on civil.Date) civil.Date {
	return settlement(opened, every, on)
}
