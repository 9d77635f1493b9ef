package guarantee

// AllEvents lists a zero value of every event type.
func AllEvents() []any {
	all := []any{FundDefined{}, FundClosed{}, FundCovered{}, FundDropped{}, FundMeasured{}, FundDemanded{},
		RoundFixed{}, FundSettled{}, ExcessReleased{}, FundStabilised{}, StabilisationEnded{}}
	if len(all) != len(fundKind.Types()) {
		panic("export_test.go does not list every event type of every kind")
	}
	return all
}
