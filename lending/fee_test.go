package lending_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// platformFee is a fee to the platform that rounds half up.
func platformFee(at lending.Timing, base lending.Base, ppm int64) lending.Fee {
	return lending.Fee{ID: "fee", Timing: at, Payee: lending.ToPlatform, Base: base, PPM: ppm, Round: money.HalfUp}
}

func stepped(f lending.Fee, steps ...lending.FeeStep) lending.Fee {
	f.Steps = steps
	return f
}

// The fees that real platforms charge, each with figures of its own.
func TestFeesOfPlatforms(t *testing.T) {
	late := platformFee(lending.WhenLate, lending.OnUnpaid, 50_000)
	late.Min = 1500
	byDay := stepped(platformFee(lending.WhenLate, lending.OnAmount, 3000), lending.FeeStep{From: 31, PPM: 5000})
	byDay.Per = lending.PerDay
	yearly := platformFee(lending.AtPayout, lending.OnOutstanding, 10_000)
	yearly.Per = lending.PerYear
	daily := yearly
	daily.Point, daily.Round = lending.EachDay, money.Up
	management := platformFee(lending.AtPayout, lending.OnInterest, 100_000)
	management.Round = money.Down
	monthly := platformFee(lending.WithInstalment, lending.OnAmount, 0)
	monthly.Fixed = 2000
	recovery := stepped(platformFee(lending.OnRecovery, lending.OnPayment, 0),
		lending.FeeStep{From: 16, PPM: 170_000}, lending.FeeStep{From: 121, PPM: 350_000})
	damages := stepped(platformFee(lending.OnDefault, lending.OnOutstanding, 0), lending.FeeStep{From: 91, PPM: 200_000})
	prepaid := stepped(platformFee(lending.OnPrepayment, lending.OnPrepaid, 30_000),
		lending.FeeStep{From: 7, PPM: 20_000}, lending.FeeStep{From: 13, PPM: 10_000})
	transfer := stepped(platformFee(lending.ByHost, lending.OnAmount, 10_000),
		lending.FeeStep{From: 30, PPM: 5000}, lending.FeeStep{From: 91})
	redeemed := stepped(platformFee(lending.ByHost, lending.OnAmount, 0), lending.FeeStep{From: 4, PPM: 2500})
	withdrawal := platformFee(lending.ByHost, lending.OnAmount, 0)
	withdrawal.Fixed = 200
	for name, x := range map[string]struct {
		fee  lending.Fee
		row  lending.FeeRow
		want int64
	}{
		"origination 3.95%":             {platformFee(lending.AtDisbursement, lending.OnAmount, 39_500), lending.FeeRow{Base: 1_000_000}, 39_500},
		"late, the minimum":             {late, lending.FeeRow{Base: 12_303}, 1500},
		"late, the share":               {late, lending.FeeRow{Base: 102_000}, 5100},
		"overdue management to day 30":  {byDay, lending.FeeRow{Base: 100_000, Days: 30, Count: 30}, 9000},
		"overdue management beyond":     {byDay, lending.FeeRow{Base: 100_000, Days: 40, Count: 40}, 14_000},
		"1% a year of 10,000, 30 days":  {yearly, lending.FeeRow{Base: 1_000_000, Days: 30}, 822},
		"the same, every day rounded":   {daily, lending.FeeRow{Base: 1_000_000, Days: 30}, 840},
		"interest management to a cent": {management, lending.FeeRow{Base: 1239}, 123},
		"account management, fixed":     {monthly, lending.FeeRow{Base: 1_000_000}, 2000},
		"collection, not yet":           {recovery, lending.FeeRow{Base: 10_000, Count: 15}, 0},
		"collection, early":             {recovery, lending.FeeRow{Base: 10_000, Count: 16}, 1700},
		"collection, late":              {recovery, lending.FeeRow{Base: 10_000, Count: 121}, 3500},
		"damages on day 90":             {damages, lending.FeeRow{Base: 100_000, Count: 90}, 0},
		"damages after it":              {damages, lending.FeeRow{Base: 100_000, Count: 91}, 20_000},
		"prepaid in month 6":            {prepaid, lending.FeeRow{Base: 100_000, Count: 6}, 3000},
		"prepaid in month 12":           {prepaid, lending.FeeRow{Base: 100_000, Count: 12}, 2000},
		"prepaid in month 13":           {prepaid, lending.FeeRow{Base: 100_000, Count: 13}, 1000},
		"transfer, held 29 days":        {transfer, lending.FeeRow{Base: 100_000, Count: 29}, 1000},
		"transfer, held 90 days":        {transfer, lending.FeeRow{Base: 100_000, Count: 90}, 500},
		"transfer, held 91 days":        {transfer, lending.FeeRow{Base: 100_000, Count: 91}, 0},
		"third redemption of a day":     {redeemed, lending.FeeRow{Base: 100_000, Count: 3}, 0},
		"fourth redemption of a day":    {redeemed, lending.FeeRow{Base: 100_000, Count: 4}, 250},
		"top-up at 0.18%":               {platformFee(lending.ByHost, lending.OnAmount, 1800), lending.FeeRow{Base: 100_000}, 180},
		"withdrawal":                    {withdrawal, lending.FeeRow{Base: 100_000}, 200},
	} {
		require.NoError(t, x.fee.Check(), name)
		got, err := x.fee.Of(x.row)
		require.NoError(t, err, name)
		require.Equal(t, x.want, got, name)
	}
}

// What a fee costs by the day, against a count of single days in fractions.
func TestFeeByTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := platformFee(lending.WhenLate, lending.OnUnpaid, rapid.Int64Range(0, 10_000).Draw(t, "ppm"))
		f.Per, f.Steps = lending.PerDay, []lending.FeeStep{{From: rapid.IntRange(1, 40).Draw(t, "from"), PPM: rapid.Int64Range(0, 10_000).Draw(t, "then")}}
		row := lending.FeeRow{Base: rapid.Int64Range(1, 1<<47).Draw(t, "base"), Count: rapid.IntRange(0, 80).Draw(t, "count")}
		row.Days = rapid.IntRange(0, row.Count).Draw(t, "days")
		sum := new(big.Rat)
		for day := row.Count - row.Days + 1; day <= row.Count; day++ {
			ppm := f.PPM
			if day >= f.Steps[0].From {
				ppm = f.Steps[0].PPM
			}
			sum.Add(sum, new(big.Rat).Mul(big.NewRat(row.Base, 1), big.NewRat(ppm, lending.Million)))
		}
		got, err := f.Of(row)
		require.NoError(t, err)
		require.Equal(t, roundHalfUp(sum), got)
	})
}

// Every refusal of a fee's terms.
func TestFeeRefuses(t *testing.T) {
	for name, change := range map[string]func(*lending.Fee){
		"id":            func(f *lending.Fee) { f.ID = "" },
		"timing":        func(f *lending.Fee) { f.Timing = 0 },
		"base":          func(f *lending.Fee) { f.Base = lending.OnUnpaid },
		"payee":         func(f *lending.Fee) { f.Payee = lending.ToLenders },
		"no party":      func(f *lending.Fee) { f.Payee = lending.ToParty },
		"party too":     func(f *lending.Fee) { f.Party = "bob" },
		"per":           func(f *lending.Fee) { f.Per = lending.PerDay },
		"point":         func(f *lending.Fee) { f.Point = lending.EachDay },
		"steps":         func(f *lending.Fee) { f.Steps = []lending.FeeStep{{From: 1}} },
		"rounding mode": func(f *lending.Fee) { f.Round = 0 },
		"share":         func(f *lending.Fee) { f.PPM = -1 },
		"maximum":       func(f *lending.Fee) { f.Min, f.Max = 2, 1 },
		"no price":      func(f *lending.Fee) { f.PPM, f.Min = 0, 100 },
		"tax":           func(f *lending.Fee) { f.Payee, f.Party, f.TaxPPM = lending.ToParty, "bob", 60_000 },
		"cap":           func(f *lending.Fee) { f.CapPeriods = 12 },
		"free periods":  func(f *lending.Fee) { f.FreePeriods = 1 },
	} {
		f := platformFee(lending.AtDisbursement, lending.OnAmount, 10_000)
		require.NoError(t, f.Check())
		change(&f)
		require.ErrorIs(t, f.Check(), lending.ErrTerms, name)
	}
	all := platformFee(lending.OnRecovery, lending.OnPayment, 999_999)
	require.NoError(t, all.Check())
	all.PPM++
	require.ErrorIs(t, all.Check(), lending.ErrTerms, "a loan of which nothing that is recovered reaches the lenders never ends")
}

// Fees through a loan's life: at disbursement to a guarantor and with tax, with each instalment, by the
// day late, damages, two out of a payment to different payees, on prepayment.
func TestFeesThroughALife(t *testing.T) {
	p := standard()
	p.Late.GraceDays = 0
	up := platformFee(lending.AtDisbursement, lending.OnAmount, 10_600)
	up.ID, up.TaxPPM = "up", 60_000
	guarantee := lending.Fee{ID: "guarantee", Timing: lending.AtDisbursement, Payee: lending.ToParty, Party: "gus",
		Base: lending.OnAmount, Per: lending.PerYear, PPM: 20_000, Round: money.HalfUp}
	monthly := platformFee(lending.WithInstalment, lending.OnAmount, 5000)
	monthly.ID = "monthly"
	byDay := platformFee(lending.WhenLate, lending.OnAmount, 3000)
	byDay.ID, byDay.Per = "overdue", lending.PerDay
	damages := stepped(platformFee(lending.OnDefault, lending.OnOutstanding, 0), lending.FeeStep{From: 91, PPM: 200_000})
	damages.ID = "damages"
	service := platformFee(lending.AtPayout, lending.OnOutstanding, 10_000)
	service.ID, service.Per, service.Point, service.Round = "service", lending.PerYear, lending.RunningTotal, money.Down
	trustee := lending.Fee{ID: "trustee", Timing: lending.AtPayout, Payee: lending.ToParty, Party: "tom",
		Base: lending.OnInterest, PPM: 100_000, Round: money.Down}
	prepaid := platformFee(lending.OnPrepayment, lending.OnInterest, lending.Million)
	prepaid.ID, prepaid.FreePeriods = "prepaid", 1
	p.Fees = []lending.Fee{up, guarantee, monthly, byDay, damages, service, trustee, prepaid}
	require.NoError(t, p.Validate())
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve", "gus", "tom")
	start := w.day
	id := w.lent(p, 1_000_000, 12, "12% per year", "bob", "eve")
	l := w.loan(id)
	require.EqualValues(t, 1_000_000-10_600-20_000, l.Net)
	require.EqualValues(t, 20_000, w.wallet("gus", cny).Available)
	require.EqualValues(t, 600, w.reports().Ledger().Balance(ledger.TaxDue("up"), cny))
	require.EqualValues(t, 5000, l.Dues[11].Owed[lending.Fees])
	cs, err := l.PrepaymentCharges(start.AddDays(40), 500_000)
	require.NoError(t, err)
	require.Len(t, cs, 1)
	second := l.Plan.At(1).Interest.Minor()
	require.Equal(t, (second+1)/2, cs[0].Owed, "a month's interest on half of it")
	cs, err = l.PrepaymentCharges(l.Dues[10].Date.AddDays(1), 500_000)
	require.NoError(t, err)
	require.Empty(t, cs, "none in the last month")

	w.day = l.Dues[0].Date
	first := l.Dues[0].Owed.Total()
	e := w.repay(id, first)
	days := int64(w.day.Sub(start))
	for i := range e.Cuts[0].Shares {
		require.Equal(t, 500_000*days*10_000/365/lending.Million, e.Cuts[0].Shares[i])
	}
	require.EqualValues(t, 500+500, w.wallet("tom", cny).Available, "a tenth of 5,000 interest each")
	w.day = l.Dues[1].Date.AddDays(10)
	w.dayEnd()
	require.EqualValues(t, 5000+30_000, w.loan(id).Dues[1].Owed[lending.Fees], "0.3% a day of what was financed")
	w.day = l.Dues[1].Date.AddDays(91)
	w.dayEnd()
	l = w.loan(id)
	require.EqualValues(t, 5000+91*3000+l.Outstanding().Minor()/5, l.Dues[1].Owed[lending.Fees], "damages once")
	require.Equal(t, int64(5000), l.Dues[2].Owed[lending.Fees], "of the whole loan for the oldest alone")
	require.NoError(t, l.Check())
	w.reports()
}

// A fee with each instalment is part of what a loan costs, and falls away after a payoff.
func TestInstalmentFeeCosts(t *testing.T) {
	p := standard()
	before, err := p.Cost(amt(1_000_000, cny), 12, schedule.MustRate("12% per year"))
	require.NoError(t, err)
	p.Fees = []lending.Fee{platformFee(lending.WithInstalment, lending.OnAmount, 5000)}
	after, err := p.Cost(amt(1_000_000, cny), 12, schedule.MustRate("12% per year"))
	require.NoError(t, err)
	require.Greater(t, float64(after), float64(before)+0.05)

	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(p, 1_000_000, 12, "12% per year", "bob")
	w.day = w.day.AddDays(5)
	w.deposit("ann", amt(2_000_000, cny))
	e := do(w, party("ann"), lending.PayOff{Loan: id})
	require.EqualValues(t, 5000, e.Of(lending.Fees), "the running month's alone")
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	require.EqualValues(t, 5000, w.loan(id).Dues[11].Owed[lending.Fees], "they are back")
	w.reports()
}

// A late fee with a price from a later day on is charged on that day, whenever anybody looks after it.
func TestLateFeeFromALaterDay(t *testing.T) {
	for _, looks := range []int{16, 17, 40} {
		p := standard()
		late := stepped(platformFee(lending.WhenLate, lending.OnUnpaid, 0), lending.FeeStep{From: 16, Fixed: 1500})
		late.ID = "late"
		p.Fees = []lending.Fee{late}
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob")
		id := w.lent(p, 100_000, 2, "12% per year", "bob")
		due := w.loan(id).Dues[0].Date
		w.day = due.AddDays(15)
		w.dayEnd()
		require.Zero(t, w.loan(id).Dues[0].Owed[lending.Fees])
		w.day = due.AddDays(looks)
		w.dayEnd()
		require.EqualValues(t, 1500, w.loan(id).Dues[0].Owed[lending.Fees])
		require.Equal(t, due.AddDays(16), w.loan(id).Charges[0].On)
	}
}
