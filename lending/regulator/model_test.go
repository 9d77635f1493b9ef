package regulator_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule/civil"
)

// guarantorTrials have a guarantor that is related to the platform, or is not.
func guarantorTrials() (list []trial) {
	product := func(bool) lending.Product { return behind(plain(cny), "cover", lending.CoverGuarantor) }
	for _, x := range productTrials("guarantor", product) {
		run := x.run
		x.run = func(w *world, beyond bool) error {
			w.register(lending.Company, "cover")
			if beyond {
				do(w, officer, lending.MarkRelated{Party: "cover"})
			}
			return run(w, beyond)
		}
		list = append(list, x)
	}
	return list
}

// fronted is a product of claims that bob sells, or of an intermediary.
func fronted(beyond bool) lending.Product {
	if beyond {
		return lending.DebtTransfer(plain(cny), "bob")
	}
	return lending.InformationIntermediary(plain(cny))
}

// byTerm is a product whose claims are sold by term, or by amount alone.
func byTerm(beyond bool) lending.Product {
	p := plain(cny)
	p.Transfers.ByTerm = beyond
	return p
}

// behind puts a cover behind a product.
func behind(p lending.Product, name lending.Code, k lending.CoverKind) lending.Product {
	p.Covers = []lending.CoverTerms{{Name: name, Kind: k, TriggerDays: 30}}
	return p
}

// The whole profile CN-2016 over the business models: each is lawful to the day before the one on which
// it is not, and the pure intermediary always.
func TestModelsUnderTheIntermediaryProfile(t *testing.T) {
	profile := regulator.ChinaIntermediary(regulator.Options{})
	split := lending.DebtTransfer(plain(cny), "bob")
	split.Transfers.ByTerm = true
	for _, c := range []struct {
		name    string
		product lending.Product
		from    string // first day on which it is refused; empty for never
		rule    lending.Code
	}{
		{"intermediary", lending.InformationIntermediary(plain(cny)), "", ""},
		{"microloan company", lending.MicroloanOnline(plain(cny), "cover"), "2016-08-24", "CN-2o"},
		{"debt transfer", lending.DebtTransfer(plain(cny), "bob"), "2017-12-08", "CN-2g"},
		{"debt transfer by term", split, "2016-08-24", "CN-2h"},
		{"own guarantee", behind(plain(cny), "cover", lending.CoverOwnGuarantee), "2016-08-24", "CN-2c"},
		{"related guarantor", behind(plain(cny), "cover", lending.CoverGuarantor), "2016-08-24", "CN-2c"},
		{"provision fund", behind(plain(cny), "cover", lending.CoverProvisionFund), "2017-12-08", "CN-2d"},
	} {
		t.Run(c.name, func(t *testing.T) {
			define := func(day civil.Date) error {
				w := newWorld(t, profile, day)
				w.register(lending.Company, "cover")
				do(w, officer, lending.MarkRelated{Party: "cover"})
				return try(w, officer, lending.DefineProduct{Product: c.product})
			}
			if c.from == "" {
				for _, day := range []string{"2016-08-23", "2016-08-24", "2017-12-08", "2020-08-20"} {
					require.NoError(t, define(civil.MustParse(day)))
				}
				return
			}
			from := civil.MustParse(c.from)
			require.NoError(t, define(from.AddDays(-1)))
			var broken *lending.RuleError
			require.True(t, errors.As(define(from), &broken))
			require.Equal(t, c.rule, broken.Rule)
		})
	}
}
