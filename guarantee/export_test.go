package guarantee

// AllEvents lists a zero value of every event type.
func AllEvents() []any {
	all := []any{FundDefined{}, FundClosed{}, FundCovered{}, FundDropped{}, FundMeasured{}, FundDemanded{},
		RoundFixed{}, FundSettled{}, ExcessReleased{}, FundStabilised{}, StabilisationEnded{},
		GuarantorDefined{}, NetAssetsAssessed{}, GuarantorSuspended{}, GuarantorEngaged{}, GuarantorReleased{},
		GuarantorMeasured{}, GuarantorDemanded{}, RiskDecided{}, MarginMoved{}, DemandPaid{}, DemandDisputed{},
		DisputeResolved{}, EnforcementRecorded{}, GuarantorDefaulted{}, DemandsLapsed{}}
	if len(all) != len(fundKind.Types())+len(guarantorKind.Types()) {
		panic("export_test.go does not list every event type of every kind")
	}
	return all
}
