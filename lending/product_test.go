package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

func grades(c money.Currency) []lending.GradeTerms {
	r := schedule.MustRate
	return []lending.GradeTerms{
		{Grade: "A", MinRate: r("6% per year"), MaxRate: r("9% per year"), MaxAmount: amt(50_000_000, c)},
		{Grade: "B", MinRate: r("9% per year"), MaxRate: r("14% per year"), MaxAmount: amt(20_000_000, c)},
		{Grade: "HR", MinRate: r("20% per year"), MaxRate: r("30% per year"), MaxAmount: amt(1_000_000, c)},
	}
}

// Every contradiction is named, all of them at once.
func TestProductNamesEveryContradiction(t *testing.T) {
	r := schedule.MustRate
	for want, spoil := range map[string]func(*lending.Product){
		"grade B: bad terms: stands twice": func(p *lending.Product) { p.Grades[2].Grade = "B" },
		"grade HR: bad terms: bears less than a better": func(p *lending.Product) {
			p.Grades[2].MaxRate, p.Grades[2].MinRate = r("8% per year"), r("7% per year")
		},
		"grade HR: bad terms: is lent more than a better": func(p *lending.Product) { p.Grades[2].MaxAmount = amt(30_000_000, cny) },
		"grade A: bad terms: is lent more than a better":  func(p *lending.Product) { p.Grades[0].MaxAmount = amt(500_000_000, cny) },
		"grade HR: bad terms: bears 20% per year to 40%":  func(p *lending.Product) { p.Grades[2].MaxRate = r("40% per year") },
		"grade A: bad terms: bears 0.5% per period":       func(p *lending.Product) { p.Grades[0].MinRate = r("0.5% per period") },
		"leave one open":                           func(p *lending.Product) { p.Channels.Signing = 0 },
		"say how claims are sold":                  func(p *lending.Product) { p.Transfers.Closed, p.Transfers.Whole = true, true },
		"transfer rules: bad terms: are out":       func(p *lending.Product) { p.Transfers.HoldDays = -1 },
		"cover pot: bad terms: names no kind":      func(p *lending.Product) { p.Covers = []lending.CoverTerms{{Name: "pot"}} },
		"names method level-payment twice":         func(p *lending.Product) { p.Methods = []schedule.Method{p.Method} },
		"its cap of 3% per period is not per year": func(p *lending.Product) { p.MaxAPR = r("3% per period") },
	} {
		t.Run(want, func(t *testing.T) {
			p := standard()
			p.Grades = grades(cny)
			require.NoError(t, p.Validate())
			spoil(&p)
			err := p.Validate()
			require.ErrorIs(t, err, lending.ErrTerms)
			require.ErrorContains(t, err, want)
		})
	}
	p := standard()
	p.Channels.Checks, p.Transfers.MinUnits = 7, -1
	p.Covers = []lending.CoverTerms{{Name: "pot"}}
	for _, want := range []string{"channel", "transfer rules", "cover pot"} {
		require.ErrorContains(t, p.Validate(), want)
	}
}

// DOMAIN 2.6: a flat 1% a month over twelve periods costs 21.46% a year, so a product with flat
// interest cannot be held below the cap that its nominal rate keeps.
func TestFlatInterestBreaksTheCap(t *testing.T) {
	p := standard()
	p.MinPeriods, p.MaxPeriods, p.MaxRate = 12, 12, schedule.MustRate("12% per year")
	p.MinAmount, p.MaxAPR = p.MaxAmount, schedule.MustRate("12% per year")
	require.NoError(t, p.Validate(), "level payments at the very cap")
	p.Method = schedule.MethodFlat
	cost, err := p.Cost(p.MaxAmount, 12, p.MaxRate)
	require.NoError(t, err)
	require.Equal(t, "21.46", cost.Percent(2).StringFixed(2))
	require.ErrorContains(t, p.Validate(), "costs 21.4572% a year, the cap is 12% per year")

	p.MaxAPR = schedule.MustRate("21.5% per year")
	require.NoError(t, p.Validate())
	p.MaxPeriods = 24 // 21.57%
	require.ErrorContains(t, p.Validate(), "over 1")

	p = standard()
	p.MaxAPR, p.Methods = p.MaxRate, []schedule.Method{schedule.MethodFlat}
	require.ErrorContains(t, p.Validate(), "method flat")
	p.Methods = []schedule.Method{schedule.MethodEqualPrincipal, schedule.MethodInterestOnly}
	require.NoError(t, p.Validate(), "at the cap, whatever the cents")
	p.Fees = []lending.Fee{{ID: "f", Timing: lending.AtDisbursement, Base: lending.OnAmount, Payee: lending.ToPlatform, PPM: 1000, Round: money.HalfUp}}
	require.ErrorContains(t, p.Validate(), "the cap is 36% per year", "a fee withheld is a cost")
}

// A loan that keeps the cap by its rate keeps it by its cost, and one above does not: the cost is
// that of schedule.APR, and a higher rate never costs less.
func TestCostFollowsTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := standard()
		p.Method = rapid.SampledFrom([]schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal,
			schedule.MethodInterestOnly, schedule.MethodFlat, schedule.MethodBullet}).Draw(t, "method")
		periods := rapid.IntRange(1, 60).Draw(t, "periods")
		a := amt(rapid.Int64Range(1_000_000, 100_000_000).Draw(t, "amount"), cny)
		bp := rapid.Int64Range(100, 3500).Draw(t, "bp")
		rate := func(bp int64) schedule.Rate {
			r, err := schedule.RateFromPico(bp*100_000_000, schedule.PerYear)
			require.NoError(t, err)
			return r
		}
		low, err := p.Cost(a, periods, rate(bp))
		require.NoError(t, err)
		high, err := p.Cost(a, periods, rate(bp+50))
		require.NoError(t, err)
		require.Less(t, float64(low), float64(high))
		if p.Method == schedule.MethodLevelPayment || p.Method == schedule.MethodEqualPrincipal {
			require.InDelta(t, float64(bp)/1e4, float64(low), 1e-4, "the cost of a plain loan is its rate")
		}
	})
}

// An approval keeps to the grade table.
func TestApprovalKeepsToTheGradeTable(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := standard()
	p.Grades, p.Methods = grades(cny), []schedule.Method{schedule.MethodBullet}
	do(w, officer, lending.DefineProduct{Product: p})
	require.ErrorIs(t, try(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(1_000_001, cny), Periods: 12,
		Method: schedule.MethodFlat}), lending.ErrLimit)
	id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(1_000_001, cny), Periods: 12,
		Method: schedule.MethodBullet}).Loan
	require.Equal(t, schedule.MethodBullet, w.loan(id).Product.Method)
	approve := func(grade lending.Code, rate string) error {
		return try(w, analyst, lending.Approve{Loan: id, Grade: grade, Rate: schedule.MustRate(rate)})
	}
	require.ErrorIs(t, approve("", "10% per year"), lending.ErrUnknown)
	require.ErrorIs(t, approve("C", "10% per year"), lending.ErrUnknown)
	require.ErrorIs(t, approve("A", "9.01% per year"), lending.ErrLimit)
	require.ErrorIs(t, approve("B", "8.99% per year"), lending.ErrLimit)
	require.ErrorIs(t, approve("HR", "25% per year"), lending.ErrLimit, "one cent too much for the grade")
	require.NoError(t, approve("B", "14% per year"))

	p.Profile = "cn-2016"
	require.ErrorIs(t, try(w, officer, lending.DefineProduct{Product: p}), lending.ErrUnknown)
}

// Each transfer rule on both sides of its edge.
func TestTransferRules(t *testing.T) {
	for name, c := range map[string]struct {
		rules   lending.TransferRules
		units   int64
		day     int // after the first due date, on which the first instalment is paid
		refused bool
	}{
		"free":                   {lending.TransferRules{}, 100, -5, false},
		"closed":                 {lending.TransferRules{Closed: true}, 100, -5, true},
		"whole":                  {lending.TransferRules{Whole: true}, 100, -5, true},
		"the whole":              {lending.TransferRules{Whole: true}, 6000, -5, false},
		"too small":              {lending.TransferRules{MinUnits: 101}, 100, -5, true},
		"small enough":           {lending.TransferRules{MinUnits: 100}, 100, -5, false},
		"leaves too little":      {lending.TransferRules{MinUnits: 100}, 5901, -5, true},
		"leaves enough":          {lending.TransferRules{MinUnits: 100}, 5900, -5, false},
		"held too short":         {lending.TransferRules{HoldDays: 24}, 100, -5, true},
		"held long enough":       {lending.TransferRules{HoldDays: 23}, 100, -5, false},
		"near a due date":        {lending.TransferRules{QuietDays: 5}, 100, -5, true},
		"far enough from it":     {lending.TransferRules{QuietDays: 4}, 100, -5, false},
		"on the due date":        {lending.TransferRules{QuietDays: 1}, 100, 0, true},
		"overdue":                {lending.TransferRules{}, 100, 1, true},
		"overdue, but allowed":   {lending.TransferRules{Overdue: true}, 100, 1, false},
		"not overdue on the day": {lending.TransferRules{}, 100, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
			w.register("ann", "bob", "eve", "dan")
			w.deposit("ann", amt(10_000, cny))
			p := standard()
			p.Transfers = c.rules
			id := w.funded(p, 12_000, 3, "12% per year", "bob", "eve")
			do(w, cashier, lending.Disburse{Loan: id})
			w.deliver()
			due := w.loan(id).Plan.At(0).Due
			w.day = due.AddDays(c.day)
			require.Equal(t, 28, due.Sub(w.loan(id).Lots[0].Since))
			err := try(w, officer, sell{id, lending.Assignment{Lot: 0, Units: c.units, To: "dan"}})
			if !c.refused {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, lending.ErrLimit)
			require.NoError(t, try(w, officer, sell{id, lending.Assignment{Lot: 0, Units: c.units, To: "dan", Compelled: true}}),
				"what passes by law passes")
		})
	}
}
