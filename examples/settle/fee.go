package main

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// fee asks what a fee comes to on bases.
type fee struct {
	PPM     int        `json:"ppm"`           // share of the base in parts per million
	Min     *figure    `json:"min,omitempty"` // the least, on a base above zero
	Max     *figure    `json:"max,omitempty"` // the most; left out: no bound
	Round   money.Mode `json:"round"`         // of the share
	Running bool       `json:"running,omitempty"`
	Bases   []figure   `json:"bases"`
}

// charged is the answer.
type charged struct {
	Fees  []figure `json:"fees"` // by base
	Total figure   `json:"total"`
}

// answer figures the fee on each base alone, or, when running, on the sum of the bases so far, of
// which each fee is the growth: so roundings never add up.
func (f *fee) answer() (*charged, error) {
	var u unit
	bases := u.figures("fee.bases", f.Bases...)
	terms := lending.Fee{PPM: int64(f.PPM), Round: f.Round}
	if f.Min != nil {
		terms.Min = u.one("fee.min", *f.Min)
	}
	if f.Max != nil {
		terms.Max = u.one("fee.max", *f.Max)
	}
	if terms.PPM == 0 { // what is the least on every base is fixed
		terms.Fixed, terms.Min = terms.Min, 0
	}
	switch {
	case u.err != nil:
		return nil, u.err
	case len(bases) == 0:
		return nil, wrong("fee.bases", "must be one at least")
	case f.PPM < 0 || f.PPM > lending.Million:
		return nil, wrong("fee.ppm", "must be 0 to %d", lending.Million)
	case !f.Round.IsValid():
		return nil, wrong("fee.round", "must name a rounding mode")
	case f.Max != nil && (terms.Max == 0 || terms.Max < max(terms.Min, terms.Fixed)):
		return nil, wrong("fee.max", "must be above zero, and not below min")
	case f.Running && max(terms.Min, terms.Fixed) > 0:
		return nil, wrong("fee.min", "does not go with running: a minimum on running totals is charged once")
	}
	var fees []int64
	var before, base, total int64
	for _, n := range bases {
		if base = n; f.Running {
			base = before + n
		}
		v, err := terms.Of(lending.FeeRow{Base: base})
		if err != nil {
			return nil, err
		}
		if f.Running {
			before, v = base, v-total
		}
		if v > money.MaxMinor-total {
			return nil, tooMuch("fee")
		}
		total += v
		fees = append(fees, v)
	}
	return &charged{u.list(fees), u.figure(total)}, nil
}
