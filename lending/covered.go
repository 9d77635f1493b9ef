package lending

// Covered is what a layer can still be asked for of an instalment, in minor units: principal and interest that
// the lenders miss; with [CoverTerms.Fees] also the fees and costs that their payees miss. What a layer has
// promised of it stands for principal and interest first. It is zero for a layer or an instalment that the
// loan does not have.
func (l *Loan) Covered(layer, instalment int) int64 {
	if layer < 0 || layer >= len(l.Product.Covers) || instalment < 0 || instalment >= len(l.Dues) {
		return 0
	}
	missing := l.Dues[instalment].Missing()
	sum := missing[Principal] + missing[Interest]
	if l.Product.Covers[layer].Fees {
		sum += missing[Fees] + missing[Costs]
	}
	return max(0, sum)
}

// relieve takes back promises that exceed what layers are asked for, the last layer's first.
func (l *Loan) relieve(instalment int) {
	d := l.due(instalment)
	promised := d.promised()
	for i := len(l.Product.Covers) - 1; i >= 0 && promised > 0; i-- {
		n := max(0, min(promised-l.Covered(i, instalment), d.Promised[i]))
		d.Promised[i] -= n
		promised -= d.Promised[i] + n
	}
}
