package main

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// deal is one loan on its way through the market.
type deal struct {
	*Published
	id       lending.LoanID
	borrower lending.Actor
	name     string // prefix of the keys of its commands
	listed   civil.Date
	funded   civil.Date
	bids     int
	script   script
	next     int // step of the script
	deposits int

	dollarDays int64 // principal out x days, in cents, up to since
	since      civil.Date

	principal, interest, lateFees int64 // paid by the borrower before any charge-off
	recovered, collection         int64

	received int64 // by the lenders, before the service fee
	service  int64 // fee kept of that
	lots     int64
}

// newDeal is the loan at a place of the tape, not yet applied for.
func newDeal(place int, p *Published) *deal {
	return &deal{
		Published: p, name: fmt.Sprintf("loan-%06d", place),
		borrower: party(lending.PartyID(fmt.Sprintf("borrower-%06d", place))),
	}
}

// count adds up what the borrower paid.
func (d *deal) count(e *lending.Repaid) {
	d.serve(e)
	if e.Recovery() {
		d.recovered += e.Total.Minor()
		for _, f := range e.Platform {
			d.collection += f.Minor
		}
		return
	}
	d.principal += e.Of(lending.Principal)
	d.interest += e.Of(lending.Interest)
	d.lateFees += e.Of(lending.Fees)
}

// serve counts what the lenders received of a payment, and the fee that was kept of it.
func (d *deal) serve(e *lending.Repaid) {
	for _, cut := range e.Cuts {
		for _, fee := range cut.Shares {
			d.service += fee
		}
	}
	for _, v := range e.Vectors {
		d.lots = max(d.lots, int64(len(v.Shares)))
		for _, share := range v.Shares {
			d.received += share
		}
	}
}

// accrue counts the days on which principal was out.
func (m *market) accrue(d *deal) {
	loan := m.store.reports.Loan(d.id)
	if loan == nil || d.since.IsZero() {
		return
	}
	if loan.State == lending.StateActive {
		d.dollarDays += loan.Outstanding().Minor() * int64(m.day.Sub(d.since))
	}
	d.since = m.day
}
