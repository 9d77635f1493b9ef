package main

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Fees of the replay.
const (
	feeOrigination lending.Code = "origination" // no tape tells it: 5%, in the middle of 1% to 6%
	feeService     lending.Code = "service"
	feeLate        lending.Code = "late"
	feeCollection  lending.Code = "collection"
)

const (
	graceDays = 15
	note      = 25_00 // LendingClub sold its loans in notes of $25
)

// kind is what loans have one product for.
type kind struct {
	platform Platform
	months   int
	service  int64 // parts per million a year of the principal; Prosper's alone
}

// kinds are those of loans that there are, and both of LendingClub's.
func kinds(deals []*deal) (all []kind) {
	all = []kind{{LendingClub, 36, 0}, {LendingClub, 60, 0}}
	for _, d := range deals {
		if !slices.Contains(all, d.kind()) {
			all = append(all, d.kind())
		}
	}
	return all
}

func (p *Published) kind() kind { return kind{p.Platform, p.Months, p.ServicePPM} }

// product is the id of the kind's product.
func (k kind) product() lending.ProductID {
	if k.platform == Prosper {
		return lending.ProductID(fmt.Sprintf("prosper-%d-%d", k.months, k.service))
	}
	return lending.ProductID(fmt.Sprintf("level-%d", k.months))
}

// product is the loan of a kind.
func product(k kind) lending.Product {
	p := clubLoan(k)
	if k.platform == Prosper {
		return prosperLoan(p, k.service)
	}
	return p
}

// clubLoan is LendingClub's loan: a level payment each month, rounded up to the cent; a late fee of
// $15 or 5% of what is unpaid of the instalment, whichever is more, on the sixteenth day, for the
// lenders; 1% of each payment kept for the service; 18% of what is recovered kept for collecting.
func clubLoan(k kind) lending.Product {
	p := lending.StandardProduct(k.product(), dollar)
	p.MinAmount, p.MaxAmount = usd(minLoan), usd(maxLoan)
	p.MinPeriods, p.MaxPeriods = k.months, k.months
	p.MaxRate = schedule.MustRate(maxRate)
	p.Rounding = schedule.Rounding{Instalment: money.Up, Interest: money.HalfEven}
	p.Tender.MinBid, p.Tender.Increment, p.Tender.OpenDays = usd(note), usd(note), 30
	p.Late.GraceDays = graceDays
	p.Fees = []lending.Fee{
		{ID: feeOrigination, Timing: lending.AtDisbursement, Base: lending.OnAmount, Payee: lending.ToPlatform,
			PPM: 50_000, Round: money.HalfEven},
		{ID: feeService, Timing: lending.AtPayout, Payee: lending.ToPlatform,
			Base: lending.OnPayment, PPM: 10_000, Point: lending.RunningTotal, Round: money.Down},
		{ID: feeLate, Timing: lending.WhenLate, Base: lending.OnUnpaid, Payee: lending.ToLenders,
			PPM: 50_000, Min: lateMinimum, Round: money.HalfUp},
		{ID: feeCollection, Timing: lending.OnRecovery, Base: lending.OnPayment, Payee: lending.ToPlatform,
			PPM: 180_000, Round: money.HalfUp},
	}
	return p
}

const lateMinimum = 15_00

// lateFee is what one late instalment costs.
func lateFee(installment int64) int64 { return max(lateMinimum, (installment*5+50)/100) }
