package schedule

// Grace lets the first instalments off some of what they would pay. The zero value is no grace.
type Grace struct {
	// Principal is the number of first instalments that pay interest only.
	Principal int `json:"principal,omitzero"`
	// Interest is the number of first instalments that pay no interest; it accrues meanwhile, bears
	// none itself, and falls due with the first instalment after them.
	Interest int `json:"interest,omitzero"`
	// Free is the number of first periods that bear no interest at all.
	Free int `json:"free,omitzero"`
}

func (g Grace) validate(require requirer) {
	require(g.Principal >= 0 && g.Interest >= 0, "Grace", "must not be negative")
	require(g.Free >= 0 && g.Free <= MaxPeriods, "Grace", "must be 0 to 600 free periods")
}
