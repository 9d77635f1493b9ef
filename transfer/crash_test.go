package transfer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// diary writes a life for the crash harness.
type diary struct {
	day   civil.Date
	steps []lendingtest.Step
}

func (d *diary) meta(a lending.Actor, key string) lending.Meta {
	return lending.Meta{Key: key, Actor: a, On: d.day, Approver: chief}
}

func note[S any, E event.Of[S]](d *diary, a lending.Actor, key string, c lending.Command[S, E]) string {
	m := d.meta(a, key)
	d.steps = append(d.steps, lendingtest.Send(m, c))
	return c.Home(m).ID
}

func (d *diary) deliver() {
	for range 2 {
		d.steps = append(d.steps, lendingtest.Deliver(d.day))
	}
}

// buy quotes a slice once, as a host would, and sends the command that it kept.
func (d *diary) buy(p lending.PartyID, key string, id lending.LoanID, listing int, units int64) {
	var kept *transfer.BuyClaim
	m := d.meta(party(p), key)
	d.steps = append(d.steps, lendingtest.Step{Name: key, On: d.day, Do: func(ctx context.Context, desk *lending.Desk) error {
		if kept == nil {
			s, err := transfer.QuoteSale(ctx, desk, id, listing, units, m.On)
			if err != nil {
				return err
			}
			c := buying(id, s)
			kept = &c
		}
		_, err := lending.Do(ctx, desk, m, *kept)
		return err
	}})
}

// trading is the life of a loan whose claims are listed, bought, ordered and matched, one of them for some
// days, after which it is taken back, with payments between and what is left lapsing in the end.
func trading() []lendingtest.Step {
	d := &diary{day: date("2026-01-31")}
	m := terms()
	m.MinSlice = 1
	p := standard()
	note(d, officer, "market", transfer.DefineMarket{Market: "m", Terms: m})
	note(d, officer, "product", lending.DefineProduct{Product: p})
	for _, x := range traders {
		note(d, officer, "reg-"+string(x), lending.Register{Party: x, Kind: lending.Person})
		note(d, bank, "dep-"+string(x), lending.Deposit{Party: x, Amount: amt(9_000_00)})
	}
	id := lending.LoanID(note(d, party("ann"), "apply", lending.Apply{Product: p.ID, Amount: amt(10_000_00), Periods: 6}))
	note(d, analyst, "approve", lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	note(d, officer, "publish", lending.Publish{Loan: id})
	note(d, party("bob"), "bid-bob", lending.PlaceBid{Loan: id, Amount: amt(7_000_00)})
	note(d, party("eve"), "bid-eve", lending.PlaceBid{Loan: id, Amount: amt(3_000_00)})
	note(d, officer, "review", lending.ReviewFunding{Loan: id})
	d.deliver()
	note(d, cashier, "disburse", lending.Disburse{Loan: id})
	d.deliver()
	d.day = d.day.AddDays(10)
	list := transfer.ListClaim{Market: "m", Loan: id, Units: 5_000_00, Ask: transfer.Ask{PPM: 995_000}, Expires: d.day.AddDays(20)}
	note(d, party("bob"), "list", list)
	list.Units, list.Ask = 1_000_00, transfer.Ask{Yield: 125_000, ByYield: true}
	note(d, party("bob"), "list-2", list)
	d.buy("zoe", "buy", id, 1, 1_500_00)
	order := transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(800_00), Expires: list.Expires}
	note(d, party("kim"), "order", order)
	note(d, party("dan"), "order-2", order)
	short := transfer.Tenor{Days: 9, Failed: transfer.TakenBack}
	note(d, officer, "facility", transfer.DefineFacility{Lender: "eve", Terms: transfer.FacilityTerms{Relation: transfer.Connected,
		Limits: []money.Amount{amt(3_000_00)}}})
	note(d, party("eve"), "list-3", transfer.ListClaim{Market: "m", Loan: id, Lot: 1, Units: 2_000_00, Tenor: short,
		Ask: transfer.Ask{PPM: lending.Million}, Expires: list.Expires})
	held := order
	held.Days = 9
	note(d, party("zoe"), "order-3", held)
	note(d, timer, "match", transfer.MatchOrders{Loan: id})
	note(d, officer, "notice", transfer.NotifyDebtor{Loan: id, Sale: 2, Evidence: event.Hash{1}})
	d.day = date("2026-02-28")
	note(d, party("ann"), "repay", lending.Repay{Loan: id, Amount: amt(1_725_48)})
	d.deliver()
	d.buy("dan", "buy-2", id, 1, 700_00)
	note(d, party("dan"), "withdraw", transfer.PlaceOrder{Market: "m", Loan: id, PPM: 1, Money: amt(1_00), Expires: d.day})
	for range 8 {
		d.day = d.day.AddDays(1)
		d.steps = append(d.steps, lendingtest.EndDay(d.day))
	}
	return d.steps
}

// A fault at any call, or at two of them, changes nothing in the end: no claim is sold twice, no buyer
// pays twice, no hold is left (P7).
func TestTradingCrashes(t *testing.T) {
	c := lendingtest.Crashes{Life: trading(), Rest: date("2026-03-20"), Pairs: 40, Every: 7,
		Config: lending.Config{Parts: []lending.Part{transfer.Part()}, Chunk: 2}}
	if raced {
		c.Pairs, c.Every = 5, 60
	}
	count := lendingtest.EnumerateCrashes(t, c)
	require.NotZero(t, count.Single)
	require.Contains(t, count.End, "stream sale/"+string(loanOf(count.End)))
	holders := 0
	for fact, sum := range count.End {
		require.NotContains(t, fact, "held", "no order is left")
		if strings.HasPrefix(fact, "register claim[") {
			holders++
			took := strings.HasPrefix(fact, "register claim[eve,")
			require.Equal(t, took, sum == "251235", "what is unpaid of all that eve lent: she took it back")
		}
	}
	require.Equal(t, 5, holders, "zoe bought, kim and dan were filled")
}

func loanOf(end map[string]string) lending.LoanID {
	for fact := range end {
		if len(fact) > 5 && fact[:5] == "loan " {
			return lending.LoanID(fact[5:])
		}
	}
	return ""
}
