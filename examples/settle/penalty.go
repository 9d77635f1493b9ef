package main

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// penalty asks what penalty interest comes to.
type penalty struct {
	Rate      schedule.Rate `json:"rate"`                 // per year of 365 days
	Round     rounding      `json:"round"`                // once, of the whole
	MinorDays int64         `json:"minor_days,omitempty"` // instead of spans
	Spans     []span        `json:"spans,omitempty"`
}

// span is what was unpaid for a number of days.
type span struct {
	Unpaid figure `json:"unpaid"`
	Days   int    `json:"days"`
}

// accrued is the answer.
type accrued struct {
	MinorDays int64  `json:"minor_days"`
	Penalty   figure `json:"penalty"`
}

// maxDays is the longest span.
const maxDays = 1<<16 - 1

// answer figures the penalty of lending.PenaltyOn.
func (p *penalty) answer() (*accrued, error) {
	switch {
	case p.Rate.Basis() != schedule.PerYear:
		return nil, wrong("penalty.rate", "must be per year")
	case p.MinorDays < 0:
		return nil, wrong("penalty.minor_days", "must not be below zero")
	case (p.MinorDays > 0) == (len(p.Spans) > 0):
		return nil, wrong("penalty", "must have either minor_days or spans")
	}
	var u unit
	minorDays := uint64(p.MinorDays)
	for i, s := range p.Spans {
		at := fmt.Sprintf("penalty.spans[%d]", i)
		unpaid := u.one(at+".unpaid", s.Unpaid)
		if u.err != nil {
			return nil, u.err
		}
		if s.Days < 0 || s.Days > maxDays {
			return nil, wrong(at+".days", "must be 0 to %d", maxDays)
		}
		hi, lo := bits.Mul64(uint64(unpaid), uint64(s.Days))
		if hi > 0 || lo > math.MaxInt64-minorDays {
			return nil, beyond(at, math.MaxInt64, "minor-days")
		}
		minorDays += lo
	}
	minor, err := lending.PenaltyOn(int64(minorDays), lending.Late{Penalty: p.Rate, Round: money.Mode(p.Round)})
	if err != nil {
		return nil, err
	}
	if minor > money.MaxMinor {
		return nil, tooMuch("penalty")
	}
	return &accrued{int64(minorDays), u.figure(minor)}, nil
}
