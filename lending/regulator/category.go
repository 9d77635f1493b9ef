package regulator

import "github.com/loanweave/loanweave/lending"

// Names of investor categories that rules know, for [lending.Category].Name.
const (
	// CategoryRestricted: a retail investor who says he lends at most 10% of his net assets (UK).
	CategoryRestricted lending.Code = "restricted"
	// CategoryHighNetWorth: certified as having a high net worth (UK).
	CategoryHighNetWorth lending.Code = "high-net-worth"
	// CategorySophisticated: certified as sophisticated (UK), sophisticated investor (EU).
	CategorySophisticated lending.Code = "sophisticated"
	// CategorySelfCertified: sophisticated by his own statement (UK).
	CategorySelfCertified lending.Code = "self-certified-sophisticated"
	// CategoryAdvised: an authorised person advises him on his orders (UK).
	CategoryAdvised lending.Code = "advised"
)
