package transfer

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxPackage bounds the principal of all investors of a package, in minor units.
const MaxPackage int64 = 2_000_000_000_000

// Bounds of a package. Each of its commands reads every loan of the basket and may pay every investor.
const (
	MaxInvestors = 1_000 // so many exits too, one each
	MaxBasket    = 1_000 // loans of whose claims the basket is made

	maxLocks      = 366       // of an investor, on different days
	maxLotWork    = 4_000_000 // lots of loans, for each lot of the basket; see [Package.weigh]
	maxPackDays   = 3_660
	maxWriteDowns = 8
	maxCoverage   = 10 * lending.Million
)

// DeficitRule says what becomes of exits while the basket does not cover what is owed (缺口时的兑付规则). By
// neither is who asks first paid at the cost of who stays.
type DeficitRule uint8

// Deficit rules.
const (
	// StopExits: nobody is paid until the basket covers what is owed again.
	StopExits DeficitRule = iota + 1
	// ExitAtCoverage: who agreed to so much ([RequestExit].ForgoPPM) gets the covered share of what he leaves
	// with, rounded down, and forgoes the rest; for those who stay the coverage is as before, or better.
	ExitAtCoverage
)

var deficitRuleNames = [...]string{"", "stop-exits", "exit-at-coverage"}

// String returns the rule's name.
func (r DeficitRule) String() string {
	if r == 0 || int(r) >= len(deficitRuleNames) {
		return fmt.Sprintf("deficit rule %d", uint8(r))
	}
	return deficitRuleNames[r]
}

// WriteDown takes a share off what claims on an overdue loan count for.
type WriteDown struct {
	Days int   // past due, from which it holds; 1 to 3,660
	PPM  int64 // of principal and interest, 1 to a million
}

// PackageTerms are the promise of a fixed-income product (打包产品条款) as data. They never change: what is
// promised is owed.
type PackageTerms struct {
	Currency     money.Currency
	RatePPM      int64 // promised yield a year (承诺年化收益率), 0 to a million: simple, actual/365
	LockUpDays   int   // of each subscription (锁定期), 0 to 3,660
	SettleDays   int   // from the request to the first day on which it may be paid (T+n), 0 to 3,660
	MinAmount    int64 // of a subscription, and of what is left in the package; 1 or more
	Cap          int64 // up to which it sells, of the principal of all (募集上限), MinAmount to MaxPackage
	Exit         ExitRules
	InDeficit    DeficitRule
	Reinvest     bool            // interest is added to the principal at the end of a period, unless closed to new money; else it is paid out
	PeriodMonths int             // of a period, 1 to 12, from the day on which it was defined
	CoveragePPM  int64           // the least with which it sells, and that the sponsor leaves; a million to ten
	WriteDowns   []WriteDown     // by rising days and shares, at most eight
	Cushion      int64           // least cash that the ladder wants at the end of each rung, 0 or more
	RunPPM       int64           // of what may be asked for, the share that the ladder has asked for at once
	Sponsor      lending.PartyID // may top up, and takes the surplus
}

// Validate reports everything that is wrong with the terms, as [ErrPackage]s and [ErrExit]s.
func (p PackageTerms) Validate() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, refuse(ErrPackage, format, args...))
		}
	}
	bad(p.Currency.IsZero(), "it has no currency")
	bad(p.RatePPM < 0 || p.RatePPM > lending.Million, "it promises %d ppm, want 0 to %d", p.RatePPM, lending.Million)
	bad(p.LockUpDays < 0 || p.LockUpDays > maxPackDays, "lock-up is 0 to %d days", maxPackDays)
	bad(p.SettleDays < 0 || p.SettleDays > maxPackDays, "settlement takes 0 to %d days", maxPackDays)
	bad(p.MinAmount < 1 || p.MinAmount > p.Cap, "its smallest amount must be 1 to its cap")
	bad(p.Cap > MaxPackage, "its cap is at most %d", MaxPackage)
	bad(p.InDeficit < StopExits || p.InDeficit > ExitAtCoverage, "there is no %s", p.InDeficit)
	bad(p.PeriodMonths < 1 || p.PeriodMonths > 12, "a period has 1 to 12 months")
	bad(p.CoveragePPM < lending.Million || p.CoveragePPM > maxCoverage,
		"it sells from %d ppm of coverage, want %d to %d", p.CoveragePPM, lending.Million, maxCoverage)
	bad(p.Cushion < 0 || p.Cushion > money.MaxMinor, "its cushion is no amount")
	bad(p.RunPPM < 0 || p.RunPPM > lending.Million, "a run is 0 to %d ppm", lending.Million)
	bad(!lending.ValidID(p.Sponsor), "its sponsor's id is not well formed")
	bad(len(p.WriteDowns) > maxWriteDowns, "it has more than %d write-downs", maxWriteDowns)
	last := WriteDown{}
	for i, w := range p.WriteDowns[:min(len(p.WriteDowns), maxWriteDowns)] {
		bad(w.Days <= last.Days || w.Days > maxPackDays || w.PPM <= last.PPM || w.PPM > lending.Million,
			"write-down %d: want more days and a larger share than before, to %d and %d", i, maxPackDays, lending.Million)
		last = w
	}
	return errors.Join(append(errs, p.Exit.check(0, nil))...)
}

// keeps is the share of a claim's worth that counts so many days past due, in millionths.
func (p *PackageTerms) keeps(days int) int64 {
	for _, w := range slices.Backward(p.WriteDowns) {
		if days >= w.Days {
			return lending.Million - w.PPM
		}
	}
	return lending.Million
}

func (p *PackageTerms) code(c *event.Codec) {
	c.Currency(&p.Currency)
	c.Int(&p.RatePPM)
	c.Count(&p.LockUpDays)
	c.Count(&p.SettleDays)
	c.Int(&p.MinAmount)
	c.Int(&p.Cap)
	event.Enum(c, &p.Exit.Policy)
	c.Int(&p.Exit.Portion)
	c.Int(&p.Exit.Part)
	event.Enum(c, &p.InDeficit)
	c.Bool(&p.Reinvest)
	c.Count(&p.PeriodMonths)
	c.Int(&p.CoveragePPM)
	event.List(c, &p.WriteDowns, func(c *event.Codec, w *WriteDown) {
		c.Count(&w.Days)
		c.Int(&w.PPM)
	})
	c.Int(&p.Cushion)
	c.Int(&p.RunPPM)
	event.Text(c, &p.Sponsor)
}

// packaged are what the law of some places forbids of a package.
func packaged() []lending.Feature {
	return []lending.Feature{lending.FeaturePackaging, lending.FeatureAssuredReturn, lending.FeaturePooling,
		lending.FeatureWealthProduct}
}
