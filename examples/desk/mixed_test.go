package desk_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

var cny = money.MustCurrency("CNY")

// mixed is one platform on which every model runs at once: a marketplace, a fronting lender, a market for
// claims, a package, a fund with a guarantor behind it, and an originator.
type mixed struct {
	*desk.Desk
	rt    *rapid.T
	loans []lending.LoanID
	took  map[string]int
}

var lenders = []lending.PartyID{"bob", "eve", "zoe", "zhang", "van", "ola"}

func newMixed(t *rapid.T, took map[string]int) *mixed {
	who := guarantee.Parties{Funds: []lending.PartyID{"fund"}, Guarantors: []lending.PartyID{"gil"},
		Originators: []lending.PartyID{"ola"}}
	m := &mixed{rt: t, took: took, Desk: desk.Open(lending.Config{
		Parts: []lending.Part{transfer.Part(), who.Part()}}, cny, civil.MustParse("2026-01-31"))}
	for p, kind := range map[lending.PartyID]lending.PartyKind{"ann": lending.Person, "art": lending.Person, "bob": lending.Person,
		"eve": lending.Person, "zoe": lending.Person, "zhang": lending.Person, "sam": lending.Person, "gil": lending.Company,
		"ola": lending.Company, "van": lending.Vehicle, "fund": lending.Vehicle} {
		m.Register(p, kind)
	}
	for _, p := range []lending.PartyID{"bob", "eve", "zoe", "zhang", "sam", "gil", "ola"} {
		m.Deposit(p, 30_000_00)
	}
	desk.Do(m.Desk, desk.Officer, transfer.DefineFacility{Lender: "zhang", Terms: transfer.FacilityTerms{
		Relation: transfer.Connected, Limits: []money.Amount{m.Amount(20_000_00)}}})
	desk.Do(m.Desk, desk.Officer, transfer.DefineMarket{Market: "m", Terms: transfer.MarketTerms{Currency: cny, MaxDays: 60,
		MinSlice: 1, Round: money.HalfEven}})
	desk.Do(m.Desk, desk.Officer, transfer.DefinePackage{Package: "van", Terms: transfer.PackageTerms{Currency: cny, RatePPM: 50_000,
		LockUpDays: 10, SettleDays: 1, MinAmount: 100, Cap: 1_000_000_00, Exit: transfer.ExitRules{Policy: transfer.ProRata},
		InDeficit: transfer.StopExits, PeriodMonths: 1, CoveragePPM: lending.Million, Sponsor: "sam",
		WriteDowns: []transfer.WriteDown{{Days: 30, PPM: 500_000}}}})
	m.backers()
	for _, p := range products() {
		desk.Do(m.Desk, desk.Officer, lending.DefineProduct{Product: p})
	}
	require.NoError(t, m.Err)
	m.lend(t)
	return m
}

func (m *mixed) backers() {
	desk.Do(m.Desk, desk.Officer, guarantee.DefineFund{Fund: "fund", Terms: guarantee.FundTerms{Currency: cny,
		PrincipalPPM: lending.Million, InterestPPM: lending.Million, Policy: guarantee.FIFOThenProRata, Settle: schedule.Weeks(1),
		TargetPPM: lending.Million, CeilingPPM: 100_000, WaitDays: 9}})
	desk.Do(m.Desk, desk.Officer, guarantee.DefineGuarantor{Guarantor: "gil", Terms: guarantee.GuarantorTerms{Currency: cny,
		Liability: guarantee.JointSeveral, Control: guarantee.ByPlatform, Interest: true, SharePPM: lending.Million,
		PeriodDays: 365, PayDays: 10, Leverage: 10, SinglePPM: lending.Million}})
	desk.Do(m.Desk, desk.Officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: m.Amount(900_000_00), Evidence: event.Hash{1}})
	desk.Do(m.Desk, desk.Officer, guarantee.DefineOriginator{Originator: "ola", Terms: guarantee.OriginatorTerms{Currency: cny,
		Line: 1_000_000_00, BuybackDays: 20, RetainedPPM: 100_000}})
}

func products() []lending.Product {
	layers, referred := lending.StandardProduct("layers", cny), lending.MicroloanOnline(lending.StandardProduct("referred", cny), "ola")
	layers.Covers = []lending.CoverTerms{{Name: "fund", Kind: lending.CoverProvisionFund, TriggerDays: 2},
		{Name: "gil", Kind: lending.CoverGuarantor, TriggerDays: 4}}
	layers.Fees = []lending.Fee{{ID: "reserve", Timing: lending.AtDisbursement, Payee: lending.ToParty, Party: "fund",
		Base: lending.OnAmount, PPM: 30_000, Round: money.HalfUp}}
	referred.Covers[0].TriggerDays = 5
	list := []lending.Product{lending.InformationIntermediary(lending.StandardProduct("plain", cny)), layers, referred,
		lending.DebtTransfer(lending.StandardProduct("fronted", cny), "zhang")}
	for i := range list {
		list[i].Late.WriteOffDays = 120
	}
	return list
}

// try gives a command that may be refused, never broken or of unknown outcome.
func try[S any, E event.Of[S]](m *mixed, who lending.Actor, c lending.Command[S, E]) (e E, ok bool) {
	e, err := desk.Try(m.Desk, who, c)
	class := lending.ClassOf(err)
	require.NotContains(m.rt, []lending.Class{lending.ClassUnknown, lending.ClassBroken}, class, "%T: %v", c, err)
	if err == nil {
		m.took[fmt.Sprintf("%T", c)]++
	}
	m.Deliver()
	return e, err == nil
}

func (m *mixed) lend(t *rapid.T) {
	p := rapid.SampledFrom(products()).Draw(t, "product").ID
	borrower := rapid.SampledFrom([]lending.PartyID{"ann", "art"}).Draw(t, "borrower")
	minor := 1_000 * rapid.Int64Range(1, 500).Draw(t, "thousands")
	periods := rapid.IntRange(1, 4).Draw(t, "periods")
	id := desk.Do(m.Desk, desk.By(borrower), lending.Apply{Product: p, Amount: m.Amount(minor), Periods: periods}).Loan
	desk.Do(m.Desk, desk.Analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	if _, ok := try(m, desk.Officer, lending.Publish{Loan: id}); !ok {
		return
	}
	m.Deposit("bob", minor)
	switch p {
	case "fronted":
		m.Deposit("zhang", minor)
		if _, ok := try(m, desk.By("zhang"), lending.PlaceBid{Loan: id, Amount: m.Amount(minor)}); !ok {
			return
		}
	case "referred":
		m.Deposit("ola", minor)
		m.Bid("ola", id, minor/5)
		m.Bid("bob", id, minor-minor/5)
	default:
		m.Deposit("eve", minor)
		m.Bid("eve", id, minor/2)
		m.Bid("bob", id, minor-minor/2)
	}
	if _, ok := try(m, desk.Officer, lending.ReviewFunding{Loan: id}); !ok {
		return
	}
	if _, ok := try(m, desk.Cashier, lending.Disburse{Loan: id}); ok {
		m.loans = append(m.loans, id)
	}
}

func (m *mixed) one(t *rapid.T) *lending.Loan {
	if len(m.loans) == 0 {
		return &lending.Loan{}
	}
	return m.Loan(rapid.SampledFrom(m.loans).Draw(t, "loan"))
}

func (m *mixed) pay(t *rapid.T) {
	l := m.one(t)
	if l.State != lending.StateActive && l.State != lending.StateWrittenOff {
		return
	}
	minor := rapid.Int64Range(1, 2*l.Amount.Minor()).Draw(t, "minor")
	if rapid.Bool().Draw(t, "instalment") {
		minor = l.Plan.At(0).Total.Minor()
	}
	m.Deposit(l.Borrower, minor)
	try(m, desk.By(l.Borrower), lending.Repay{Loan: l.ID, Amount: m.Amount(minor)})
}

func (m *mixed) reverse(t *rapid.T) {
	l := m.one(t)
	try(m, desk.Officer, lending.ReversePayment{Loan: l.ID, Payment: l.Payments, Reason: "r"})
}

func (m *mixed) list(t *rapid.T) {
	l := m.one(t)
	if len(l.Lots) == 0 {
		return
	}
	n := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
	x := &l.Lots[n]
	c := transfer.ListClaim{Market: "m", Loan: l.ID, Lot: n, Units: rapid.Int64Range(1, x.Units).Draw(t, "units"),
		Ask: transfer.Ask{PPM: rapid.Int64Range(950_000, 1_010_000).Draw(t, "ppm")}, Expires: m.Day.AddDays(40)}
	if rapid.Bool().Draw(t, "short") {
		c.Ask.PPM, c.Tenor = lending.Million, transfer.Tenor{Days: 20, Failed: transfer.Extended}
		if x.Holder == "zhang" {
			c.Tenor.Failed = transfer.TakenBack
		}
	}
	try(m, desk.By(x.Holder), c)
}

func (m *mixed) buy(t *rapid.T) {
	l := m.one(t)
	b := desk.See(m.Desk, transfer.BoardRef(l.ID))
	if len(b.Listings) == 0 {
		return
	}
	x := rapid.SampledFrom(b.Listings).Draw(t, "listing")
	units := rapid.Int64Range(1, x.Units).Draw(t, "units")
	q, err := transfer.QuoteSale(context.Background(), m.Desk.Desk, l.ID, x.Number, units, m.Day)
	if err != nil {
		return
	}
	who := rapid.SampledFrom(lenders).Draw(t, "buyer")
	c := transfer.BuyClaim{Loan: l.ID, Listing: x.Number, Units: units, Version: q.Version, Debit: m.Amount(q.Debit)}
	if x.Tenor.Days > 0 && rapid.Bool().Draw(t, "short") {
		c.Days = rapid.IntRange(1, x.Tenor.Days).Draw(t, "days")
	}
	if sale, ok := try(m, desk.By(who), c); ok {
		require.Equal(t, sale.Debit, sale.Credit+sale.SellerFee+sale.BuyerFee)
	}
}

func (m *mixed) order(t *rapid.T) {
	l := m.one(t)
	try(m, desk.By("zoe"), transfer.PlaceOrder{Market: "m", Loan: l.ID, PPM: lending.Million,
		Money: m.Amount(rapid.Int64Range(1, 1_000_00).Draw(t, "money")), Expires: m.Day.AddDays(20)})
	try(m, desk.Timer, transfer.MatchOrders{Loan: l.ID})
}

func (m *mixed) pack(t *rapid.T) {
	who := rapid.SampledFrom([]lending.PartyID{"bob", "eve", "zoe"}).Draw(t, "saver")
	minor := m.Amount(rapid.Int64Range(1, 3_000_00).Draw(t, "minor"))
	switch rapid.IntRange(0, 5).Draw(t, "what") {
	case 0, 1:
		try(m, desk.By(who), transfer.Subscribe{Package: "van", Amount: minor})
	case 2:
		try(m, desk.By(who), transfer.RequestExit{Package: "van", All: true})
	case 3:
		try(m, desk.By(who), transfer.RequestExit{Package: "van", Amount: minor})
	case 4:
		try(m, desk.By("sam"), transfer.TopUpPackage{Package: "van", Amount: minor})
	case 5:
		try(m, desk.By("sam"), transfer.TakeSurplus{Package: "van", Amount: minor})
	}
}

func (m *mixed) back(t *rapid.T) {
	for d := range desk.See(m.Desk, guarantee.GuarantorRef("gil")).Queue.All() {
		try(m, desk.By("gil"), guarantee.PayDemand{Guarantor: "gil", Demand: d.Key})
		break
	}
	for d := range desk.See(m.Desk, guarantee.OriginatorRef("ola")).Pending.All() {
		try(m, desk.By("ola"), guarantee.BuyBack{Originator: "ola", Loan: d.Loan})
		break
	}
	if rapid.IntRange(0, 9).Draw(t, "default") == 0 {
		try(m, desk.Officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: "late"})
	}
}

func (m *mixed) days(t *rapid.T) {
	for range rapid.SampledFrom([]int{1, 2, 8}).Draw(t, "days") {
		m.Day = m.Day.AddDays(rapid.SampledFrom([]int{1, 4}).Draw(t, "step"))
		m.End()
	}
}

// check holds everything against each other: the books and read models, title against stakes, and what each
// satellite says of itself.
func (m *mixed) check(t *rapid.T) {
	require.NoError(t, m.Err)
	_, err := m.Books()
	require.NoError(t, err)
	stakes := map[lending.PartyID]int64{}
	for _, id := range m.loans {
		l := m.Loan(id)
		if l.State != lending.StateActive {
			continue
		}
		require.NoError(t, l.Check())
		var leaves int64
		for i := range l.Lots {
			left := l.Lots[i].Units - l.Lots[i].Paid[lending.Principal]
			stakes[l.Lots[i].Holder] += left
			leaves += left
		}
		var missing int64
		for i := range l.Dues {
			c := l.Dues[i].Missing()
			missing += c[lending.Principal]
		}
		require.Equal(t, missing, leaves, "title is what the lenders are owed")
	}
	for _, p := range lenders {
		require.Equal(t, stakes[p], m.Wallet(p).LentTotal(), "stakes of %s", p)
	}
	p := desk.See(m.Desk, transfer.PackageRef("van"))
	require.NoError(t, p.Check())
	v, err := transfer.ValueOf(context.Background(), m.Desk.Desk, "van", m.Day)
	require.NoError(t, err)
	require.Equal(t, v.Cash+v.Claims, v.Value)
	require.Equal(t, max(0, v.Owed-v.Value), v.Deficit())
	require.NoError(t, desk.See(m.Desk, guarantee.GuarantorRef("gil")).Check())
	require.NoError(t, desk.See(m.Desk, guarantee.OriginatorRef("ola")).Check())
	_, err = guarantee.AuditFund(context.Background(), m.Desk.Desk, "fund")
	require.NoError(t, err)
}

func TestEveryModelOnOneDesk(t *testing.T) {
	took := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := newMixed(t, took)
		t.Repeat(map[string]func(*rapid.T){"": m.check, "lend": m.lend, "pay": m.pay, "pay again": m.pay, "reverse": m.reverse,
			"list": m.list, "list again": m.list, "buy": m.buy, "buy again": m.buy, "order": m.order, "pack": m.pack,
			"pack again": m.pack, "back": m.back, "back again": m.back, "days": m.days, "more days": m.days})
	})
	t.Log(took)
}
