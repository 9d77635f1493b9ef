package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Late rules what an overdue instalment costs and what follows from it (逾期).
type Late struct {
	GraceDays int // nothing is charged up to and on this day after the due date
	// Penalty is simple interest per year of 365 days on what is unpaid of an instalment, by Base. It
	// runs from the due date once grace has passed (罚息). A rate a day is 365 times as much a year:
	// 0.05% a day is 18.25%, exactly. The zero rate is no penalty, and needs no rounding mode.
	Penalty schedule.Rate `json:",omitzero"`
	// ContractPPM adds so many parts per million of the loan's own rate to Penalty: 1,500,000 is "the
	// contract rate and half of it" (上浮50%); 1,000,000 lets ordinary interest go on besides Penalty. A
	// restructuring that changes the rate changes it from its day on.
	// What is figured so is rounded down to 1e-12. The loan's rate has to be per year.
	ContractPPM int64
	Base        PenaltyBase
	Round       money.Mode // of the penalty of one instalment, once
	Tolerance   Tolerance
	// After more than so many days past due, each to 3650 and zero for never: everything falls due
	// ([Accelerate]), interest stops being recognised ([Loan.NonAccrual]), the loan is written off.
	AccelerateDays int
	NonAccrualDays int
	WriteOffDays   int
}

// PenaltyBase says on what part of an overdue instalment penalty interest runs.
type PenaltyBase uint8

// Bases of penalty interest: always on what is unpaid, never on the whole instalment. Once a loan is
// accelerated all its principal is overdue, and so the base.
const (
	PenaltyOnInstalment PenaltyBase = iota // unpaid principal and interest
	PenaltyOnPrincipal                     // unpaid principal alone
)

var penaltyBaseNames = [...]string{"instalment", "principal"}

// String returns the base's name.
func (b PenaltyBase) String() string {
	if int(b) < len(penaltyBaseNames) {
		return penaltyBaseNames[b]
	}
	return fmt.Sprintf("penalty base %d", uint8(b))
}

// of returns the base in what is unpaid of an instalment.
func (b PenaltyBase) of(unpaid Components) int64 {
	if b == PenaltyOnPrincipal {
		return unpaid[Principal]
	}
	return unpaid[Principal] + unpaid[Interest]
}

// Tolerance makes small arrears count as none (技术性逾期): for days past due and all that hangs on
// them, for late fees charged once, damages and covers; what is charged by the day runs. Arrears are
// the unpaid principal and interest of all instalments past due; with a tolerance, late charges alone
// are none. It takes both thresholds to be passed, as risk.Materiality does; the share is of the loan's
// amount.
type Tolerance struct {
	Minor int64 // minor units
	PPM   int64 // of the loan's amount, parts per million, to 1,000,000
}

// of returns the largest arrears of a loan that count as none.
func (t Tolerance) of(loan int64) int64 {
	share, _ := money.MulDiv(loan, t.PPM, Million, money.Down)
	return max(t.Minor, share)
}

// At returns the rules of a loan with a rate: its share of the contract's rate is in Penalty. It is
// an [ErrTerms] if that is no rate per year.
func (l Late) At(contract schedule.Rate) (Late, error) {
	if l.ContractPPM == 0 {
		return l, nil
	}
	if contract.Basis() != schedule.PerYear {
		return l, &Error{ErrTerms, "rate " + text(contract), "is not per year: no penalty rate follows from it"}
	}
	more, err := money.MulDiv(contract.Pico(), l.ContractPPM, Million, money.Down)
	if err != nil {
		return l, fmt.Errorf("penalty rate: %w", err)
	}
	l.ContractPPM = 0
	l.Penalty, err = schedule.RateFromPico(l.Penalty.Pico()+more, schedule.PerYear)
	return l, err
}

// check reports what makes no sense in the product's rules.
func (l *Late) check(p *Product) error {
	var errs []error
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "product " + string(p.ID), fmt.Sprintf(format, args...)})
		}
	}
	bad(l.GraceDays >= 0 && l.GraceDays <= maxDays, "%d days of grace", l.GraceDays)
	free := l.Penalty.Pico() == 0
	bad(free || l.Penalty.Basis() == schedule.PerYear, "penalty rate %s is not per year", l.Penalty)
	bad(free && l.ContractPPM == 0 || l.Round.IsValid(), "penalty has no rounding mode")
	bad(l.ContractPPM >= 0 && l.ContractPPM <= 100*Million, "penalty of %d ppm of the rate", l.ContractPPM)
	bad(l.Base <= PenaltyOnPrincipal, "has %s", l.Base)
	t := l.Tolerance
	bad(t.Minor >= 0 && t.Minor <= MaxLoan && t.PPM >= 0 && t.PPM <= Million, "tolerates %+v", t)
	for _, days := range [...]int{l.AccelerateDays, l.NonAccrualDays, l.WriteOffDays} {
		bad(days >= 0 && days <= maxDays, "acts after %d days past due", days)
	}
	if len(errs) == 0 {
		_, err := l.At(p.MaxRate)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (l *Late) code(c *event.Codec) {
	c.Count(&l.GraceDays)
	codeRate(c, &l.Penalty)
	c.Int(&l.ContractPPM)
	event.Enum(c, &l.Base)
	event.Enum(c, &l.Round)
	c.Int(&l.Tolerance.Minor)
	c.Int(&l.Tolerance.PPM)
	c.Count(&l.AccelerateDays)
	c.Count(&l.NonAccrualDays)
	c.Count(&l.WriteOffDays)
}
