package schedule

// Step changes what MethodStepped pays: from one instalment on, a share of the payment that the
// first instalment sets.
type Step struct {
	From  int  `json:"from"`  // the instalment, counted from 1, from which it holds
	Share Rate `json:"share"` // of the first payment: "107.5% of principal" is 1.075 times it
}

// shareOf is the share in force for instalment k, counted from 0, as a fraction of picoPerOne.
func shareOf(steps []Step, k int) int64 {
	share := int64(picoPerOne)
	for _, step := range steps {
		if step.From <= k+1 {
			share = step.Share.pico
		}
	}
	return share
}

func validateSteps(steps []Step, require requirer) {
	last := 1
	for _, step := range steps {
		require(step.From > last && step.From <= MaxPeriods, "Steps", "must rise from instalment 2 on")
		require(step.Share.basis == OfPrincipal, "Steps", "must each have a share such as 110% of principal")
		last = step.From
	}
}
