package regulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// The cap of a contract is a path over dates: one made before 20 August 2020 and sued on later
// changes on that day, to four times the LPR of the day of the suit.
func TestRateCaps(t *testing.T) {
	bands := regulator.RateCap{Enforceable: schedule.MustRate("24% per year"), Most: schedule.MustRate("36% per year")}
	four := func(from, rate string) regulator.RateCap {
		r := schedule.MustRate(rate + "% per year")
		return regulator.RateCap{From: civil.MustParse(from), Enforceable: r, Most: r}
	}
	from := func(c regulator.RateCap, day string) regulator.RateCap {
		c.From = civil.MustParse(day)
		return c
	}
	for _, c := range []struct {
		made, sued string
		want       []regulator.RateCap
	}{
		{"2015-09-01", "", []regulator.RateCap{from(bands, "2015-09-01")}},
		{"2020-08-19", "", []regulator.RateCap{from(bands, "2020-08-19")}},
		{"2020-08-19", "2020-08-19", []regulator.RateCap{from(bands, "2020-08-19")}},
		{"2019-01-01", "2020-08-20", []regulator.RateCap{from(bands, "2019-01-01"), four("2020-08-20", "15.4")}},
		{"2019-01-01", "2022-03-01", []regulator.RateCap{from(bands, "2019-01-01"), four("2020-08-20", "14.8")}},
		{"2020-08-20", "", []regulator.RateCap{four("2020-08-20", "15.4")}},
		{"2021-12-19", "2024-01-01", []regulator.RateCap{four("2021-12-19", "15.4")}},
		{"2021-12-20", "2024-01-01", []regulator.RateCap{four("2021-12-20", "15.2")}},
	} {
		sued := civil.Date{}
		if c.sued != "" {
			sued = civil.MustParse(c.sued)
		}
		got, err := regulator.RateCaps(civil.MustParse(c.made), sued, regulator.LPR())
		require.NoError(t, err)
		require.Equal(t, c.want, got, "made %s, sued %s", c.made, c.sued)
	}
	for _, c := range [][2]string{{"2015-08-31", "2016-01-01"}, {"2025-11-20", "2026-01-01"}, {"2019-01-01", "2026-01-01"}} {
		_, err := regulator.RateCaps(civil.MustParse(c[0]), civil.MustParse(c[1]), regulator.LPR())
		require.ErrorIs(t, err, lending.ErrDate, "%v", c)
	}
}

// A path gives what was published last, and nothing beyond its ends.
func TestFixings(t *testing.T) {
	path := regulator.LPR()
	require.NoError(t, path.Validate())
	for day, want := range map[string]string{
		"2019-08-20": "4.25%", "2020-08-20": "3.85%", "2022-08-21": "3.7%", "2022-08-22": "3.65%", "2025-11-19": "3%",
	} {
		r, ok := path.At(civil.MustParse(day))
		require.True(t, ok, day)
		require.Equal(t, want+" per year", r.String(), day)
	}
	for _, day := range []string{"2019-08-19", "2025-11-20"} {
		_, ok := path.At(civil.MustParse(day))
		require.False(t, ok, day)
	}
	wrong := regulator.LPR()
	wrong.List[0], wrong.List[1] = wrong.List[1], wrong.List[0]
	require.ErrorIs(t, wrong.Validate(), lending.ErrConfig)
	wrong = regulator.LPR()
	wrong.List[3].Rate = schedule.MustRate("1% per period")
	require.ErrorIs(t, wrong.Validate(), lending.ErrConfig)
	wrong = regulator.LPR()
	wrong.Until = civil.MustParse("2025-05-20")
	require.ErrorIs(t, wrong.Validate(), lending.ErrConfig)
}

// A rate that is not known refuses, and says what to do; a host's own path is taken instead.
func TestUnknownLPR(t *testing.T) {
	day := civil.MustParse("2026-11-27")
	p := plain(cny)
	define := func(o regulator.Options) error {
		return try(newWorld(t, regulator.ChinaRates(o), day), officer, lending.DefineProduct{Product: p})
	}
	err := define(regulator.Options{})
	require.ErrorIs(t, err, lending.ErrDate)
	require.ErrorContains(t, err, "give later ones")
	known := regulator.LPR()
	known.Until = civil.MustParse("2026-12-20")
	require.NoError(t, define(regulator.Options{LPR: known}))
	p.MaxRate = schedule.MustRate("12.01% per year")
	require.ErrorIs(t, define(regulator.Options{LPR: known}), lending.ErrRule)
}

// From 2021 on the caps do not bind the products of licensed lenders, and only those.
func TestLicensedLenders(t *testing.T) {
	o := regulator.Options{Licensed: []lending.ProductID{"micro"}}
	for day, outside := range map[string]bool{"2020-12-31": false, "2021-01-01": true} {
		for id, licensed := range map[lending.ProductID]bool{"micro": true, "plain": false} {
			p := plain(cny)
			p.ID, p.MaxRate = id, schedule.MustRate("24% per year")
			w := newWorld(t, regulator.ChinaRates(o), civil.MustParse(day))
			err := try(w, officer, lending.DefineProduct{Product: p})
			if outside && licensed {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, lending.ErrRule, "%s %s", day, id)
		}
	}
}

// A product that is refused anyway is not priced, however absurd it is.
func TestAbsurdProductsAreNotPriced(t *testing.T) {
	p := plain(cny)
	p.MaxPeriods = 1 << 30
	w := newWorld(t, regulator.Combine(regulator.Profiles(regulator.Options{})...), civil.MustParse("2024-12-01"))
	require.Equal(t, lending.ClassInvalid, lending.ClassOf(try(w, officer, lending.DefineProduct{Product: p})))
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: "L-none"}), lending.ErrUnknown)
}
