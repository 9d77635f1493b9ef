package lending_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// feeShape is what a fee of a timing can be figured on, and by.
type feeShape struct {
	timing lending.Timing
	bases  []lending.Base
	per    []lending.Per
	payees []lending.Payee
}

// feeShapes are those of fees that a running loan meets.
func feeShapes() []feeShape {
	once := []lending.Per{lending.Once}
	all := []lending.Payee{lending.ToPlatform, lending.ToLenders, lending.ToParty}
	few := []lending.Payee{lending.ToPlatform, lending.ToParty}
	return []feeShape{
		{lending.WhenLate, []lending.Base{lending.OnUnpaid, lending.OnInterest, lending.OnAmount, lending.OnOutstanding},
			[]lending.Per{lending.Once, lending.PerDay}, all},
		{lending.AtPayout, []lending.Base{lending.OnPayment, lending.OnTimely, lending.OnInterest}, once, few},
		{lending.AtPayout, []lending.Base{lending.OnOutstanding}, []lending.Per{lending.PerDay, lending.PerYear}, few},
		{lending.OnRecovery, []lending.Base{lending.OnPayment}, once, few},
		{lending.WithInstalment, []lending.Base{lending.OnAmount, lending.OnOutstanding, lending.OnInterest},
			[]lending.Per{lending.Once, lending.PerYear}, all},
		{lending.OnPrepayment, []lending.Base{lending.OnPrepaid, lending.OnInterest}, once, all},
		{lending.OnDefault, []lending.Base{lending.OnOutstanding, lending.OnUnpaid}, once, all},
	}
}

// drawFee draws a fee, out of all proportion as likely as not.
func drawFee(t *rapid.T) lending.Fee {
	s := draw(t, "timing", feeShapes())
	of := func(what string, list ...int64) int64 { return draw(t, what, list) }
	f := lending.Fee{Timing: s.timing, Base: draw(t, "base", s.bases), Per: draw(t, "per", s.per),
		Payee: draw(t, "payee", s.payees), PPM: of("share", 0, 1, 333, 10_000, 50_000, 333_333, 1_000_000, 5_000_000),
		Fixed: of("fixed", 0, 0, 0, 1, 7, 1500), Min: of("least", 0, 0, 1, 1500), Max: of("most", 0, 0, 1, 2000, 50_000),
		Round:  draw(t, "round", []money.Mode{money.HalfUp, money.Down, money.Up, money.HalfEven}),
		Point:  lending.RoundingPoint(rapid.IntRange(0, 2).Draw(t, "point")),
		TaxPPM: of("tax", 0, 0, 60_000, 1_000_000)}
	if f.Payee == lending.ToParty {
		f.Party = draw(t, "party", []lending.PartyID{"dan", "bob"})
	}
	if rapid.IntRange(0, 3).Draw(t, "steps") == 0 {
		from := rapid.IntRange(1, 5).Draw(t, "from")
		f.Steps = []lending.FeeStep{{From: from, PPM: of("first", 0, 20_000, 1_000_000)},
			{From: from + 40, PPM: 70_000, Fixed: of("then", 0, 5)}}
	}
	if f.Base == lending.OnTimely {
		f.CapPeriods = rapid.IntRange(0, 3).Draw(t, "cap")
	}
	if f.Timing == lending.OnPrepayment {
		f.FreePeriods = rapid.IntRange(0, 2).Draw(t, "free")
	}
	return f
}

// drawLate draws rules for what is overdue.
func drawLate(t *rapid.T) lending.Late {
	of := func(what string, list ...int) int { return draw(t, what, list) }
	l := lending.Late{GraceDays: of("grace", 0, 0, 1, 3, 15), Base: lending.PenaltyBase(of("penalty on", 0, 1)),
		Penalty:        schedule.MustRate(draw(t, "penalty", []string{"0% per year", "18.25% per year", "365% per year"})),
		ContractPPM:    int64(of("of the rate", 0, 0, 1_500_000)),
		Round:          draw(t, "late round", []money.Mode{money.HalfUp, money.Down, money.Up}),
		AccelerateDays: of("accelerate after", 0, 0, 0, 1, 20),
		NonAccrualDays: of("stop after", 0, 5, 90), WriteOffDays: of("write off after", 0, 0, 0, 60)}
	if rapid.IntRange(0, 2).Draw(t, "tolerates") == 0 {
		l.Tolerance.Minor, l.Tolerance.PPM = int64(of("tolerance", 0, 1, 50, 100)), int64(of("its share", 0, 10_000))
	}
	return l
}

// drawWaterfall draws an order of payment, and where it goes ahead.
func drawWaterfall(t *rapid.T) lending.Waterfall {
	w := draw(t, "waterfall", []lending.Waterfall{lending.CivilCode561(), lending.CostsThenPrincipal(),
		lending.TwelveBuckets(), lending.DianrongContract(), lending.ManagedContract("f0", "f1"),
		lending.OriginatorRecovery()})
	w.Advance = draw(t, "advance", advanceRules())
	return w
}

func advanceRules() []lending.AdvanceRule {
	return []lending.AdvanceRule{lending.NextInstalment, lending.LastInstalment, lending.NextThenLast, lending.EvenlySpread}
}

func methods() []schedule.Method {
	return []schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal, schedule.MethodInterestOnly,
		schedule.MethodBullet, schedule.MethodFlat}
}

// drawAwkwardProduct draws a product that is valid and that nobody would offer.
func drawAwkwardProduct(t *rapid.T, c money.Currency) lending.Product {
	p := lending.StandardProduct("awkward", c)
	p.MinAmount, p.MaxAmount, p.Tender.MinBid = amt(1, c), amt(1_000_000_000_000, c), amt(1, c)
	p.MinPeriods, p.MinRate, p.MaxRate = 1, schedule.MustRate("0% per year"), schedule.MustRate("100% per year")
	p.Method = draw(t, "method", methods())
	p.Rounding = schedule.Rounding{
		Instalment: draw(t, "instalment round", []money.Mode{money.HalfUp, money.Up, money.Down}),
		Interest:   draw(t, "interest round", []money.Mode{money.HalfEven, money.Up, money.Down})}
	p.DayCount = draw(t, "days",
		[]daycount.Convention{p.DayCount, daycount.Act365F, daycount.Act360, daycount.ActActISDA})
	p.Every = draw(t, "every",
		[]schedule.Frequency{p.Every, schedule.Days(1), schedule.Weeks(1), schedule.Months(3), schedule.SemiMonthly()})
	p.Late, p.Waterfall = drawLate(t), drawWaterfall(t)
	p.Prepayment.Interest = lending.EarlyInterest(draw(t, "early interest", []int{0, 0, 0, 1, 2}))
	drawn := rapid.Custom(drawFee).Filter(func(f lending.Fee) bool {
		f.ID = "f"
		return f.Check() == nil
	})
	for i := range rapid.IntRange(0, 5).Draw(t, "fees") {
		f, more := drawn.Draw(t, "fee"), p
		f.ID = lending.Code(fmt.Sprint("f", i))
		if more.Fees = append(slices.Clip(p.Fees), f); more.Validate() == nil { // else one too many of its kind
			p = more
		}
	}
	return p
}
