package schedule

// Duration is how far away in years the worth of a Holding lies, and how its price answers to its
// yield.
type Duration struct {
	Macaulay float64 // mean time to the flows, each weighted by its worth at the yield
	Modified float64 // Macaulay/(1+y): the share of the price lost for each 1 (100 %) more of yield
}

// Duration is the duration at a yield, years being 365 days. It has the errors of DirtyPrice, and a
// *YieldError with ReasonNoFlows where the flows to come are worth nothing or less.
func (h Holding) Duration(y Yield) (Duration, error) {
	c, _, err := h.course(y)
	if err != nil {
		return Duration{}, err
	}
	if len(c.legs) == 0 {
		return Duration{}, &YieldError{Reason: ReasonNoFlows}
	}
	v := c.at(log1p(float64(y)) / yearDays)
	if v.sign() <= 0 {
		return Duration{}, &YieldError{Reason: ReasonNoFlows}
	}
	macaulay := (v.inAt - v.outAt) / (v.in - v.out) / yearDays
	return Duration{Macaulay: macaulay, Modified: macaulay / (1 + float64(y))}, nil
}

// AverageLife is the mean time in years of 365 days to the flows to come, each weighted by its
// amount. For the weighted average life of a loan (WAL) they are its payments of principal alone.
// It has the errors of Duration.
func (h Holding) AverageLife() (years float64, err error) {
	d, err := h.Duration(0)
	return d.Macaulay, err
}
