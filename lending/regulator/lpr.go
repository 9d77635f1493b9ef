package regulator

import (
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Fixing is a rate from the day on which it was published.
type Fixing struct {
	On   civil.Date
	Rate schedule.Rate // per year
}

// Fixings is the path of a published rate: by date, each in force until the next, the last one
// until Until, a day of which nothing is known.
type Fixings struct {
	List  []Fixing
	Until civil.Date
}

// At returns the rate in force on a day, false when the path does not reach it.
func (f Fixings) At(on civil.Date) (rate schedule.Rate, ok bool) {
	if !on.Before(f.Until) {
		return schedule.Rate{}, false
	}
	for _, x := range f.List {
		if !x.On.After(on) {
			rate, ok = x.Rate, true
		}
	}
	return rate, ok
}

// Validate reports, each as a [lending.ErrConfig], what is not per year, not after the fixing before,
// or not before the end.
func (f Fixings) Validate() error {
	var errs []error
	for i, x := range f.List {
		ordered := x.On.Before(f.Until) && (i == 0 || f.List[i-1].On.Before(x.On))
		if x.Rate.Basis() != schedule.PerYear || !ordered {
			errs = append(errs, &lending.Error{Err: lending.ErrConfig, Thing: "fixing of " + x.On.String(),
				Why: "is not per year, or not in its place"})
		}
	}
	return errors.Join(errs...)
}

// LPR returns the one-year loan prime rate (一年期贷款市场报价利率) of the People's Republic of China
// by the days on which it changed. The National Interbank Funding Center publishes it each month, on
// the 20th or the next working day.
//
// Of these figures only the 3.85% in force on 20 August 2020 is confirmed by a source that was read
// [R4]. The others are typed in as generally known, each from the month's announcement: a host that
// relies on one verifies it there, and gives later ones in [Options].
func LPR() Fixings {
	at := func(on, rate string) Fixing {
		return Fixing{civil.MustParse(on), schedule.MustRate(rate + "% per year")}
	}
	return Fixings{Until: civil.MustParse("2025-11-20"), List: []Fixing{
		at("2019-08-20", "4.25"), // announcement of August 2019, the first
		at("2019-09-20", "4.2"),  // September 2019
		at("2019-11-20", "4.15"), // November 2019
		at("2020-02-20", "4.05"), // February 2020
		at("2020-04-20", "3.85"), // April 2020; [R4]
		at("2021-12-20", "3.8"),  // December 2021
		at("2022-01-20", "3.7"),  // January 2022
		at("2022-08-22", "3.65"), // August 2022
		at("2023-06-20", "3.55"), // June 2023
		at("2023-08-21", "3.45"), // August 2023
		at("2024-07-22", "3.35"), // July 2024
		at("2024-10-21", "3.1"),  // October 2024
		at("2025-05-20", "3"),    // May 2025
	}}
}
