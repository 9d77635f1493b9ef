package lending_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// autumn pays the referrer of a borrower a flat 8 yuan.
func autumn(from civil.Date) lending.CampaignTerms {
	return lending.CampaignTerms{ID: "autumn", Channel: "press", Currency: cny, From: from, Until: from.AddDays(30),
		Referral: lending.FirstLoan, Fixed: 800}
}

func (w *world) accrue() int {
	n, err := w.desk.AccrueReferrals(context.Background(), w.meta(timer), w.reports())
	require.NoError(w.t, err)
	return n
}

// acquired is a world in which bob and ann came by campaigns, sent by eve.
func acquired(t require.TestingT) *world {
	w := newWorld(t, lending.Config{}).with("ann", "bob", "eve")
	do(w, officer, lending.DefineCampaign{Terms: spring(w.day)})
	do(w, officer, lending.DefineCampaign{Terms: autumn(w.day)})
	do(w, officer, lending.RecordSource{Party: "bob", Source: lending.Source{Campaign: "spring", Referrer: "eve"}})
	do(w, party("ann"), lending.RecordSource{Party: "ann", Source: lending.Source{Channel: "press", Campaign: "autumn", Referrer: "eve"}})
	do(w, party("eve"), lending.RecordSource{Party: "eve", Source: lending.Source{Channel: "street"}})
	return w
}

func TestReferralFeesOnceForEachParty(t *testing.T) {
	w := acquired(t)
	require.Zero(t, w.accrue(), "nothing has happened")
	id := w.lent(standard(), 120_000, 2, "12% per year", "bob", "eve")
	do(w, party("ann"), lending.RecordSource{Party: "ann", Loan: id, Source: lending.Source{Channel: "street"}})
	require.Equal(t, 2, w.accrue())
	require.Zero(t, w.accrue())
	w.lent(standard(), 500_000, 2, "12% per year", "bob")
	require.Zero(t, w.accrue(), "only the first")
	require.Zero(t, w.reports().Ledger().Total(ledger.KindExpense, cny), "owed, not paid")
	require.Equal(t, id, w.reports().Acquisition("bob").Earned)

	before := w.wallet("eve", cny).Available
	do(w, cashier, lending.PayReferral{Party: "bob"})
	require.Equal(t, before, w.wallet("eve", cny).Available, "not before the cash is there")
	require.Equal(t, int64(1100), w.reports().Ledger().Balance(ledger.Expense("radio"), cny), "5 yuan and 1%% of 600")
	require.ErrorIs(t, try(w, bank, lending.CreditReferral{Party: "bob", Amount: amt(1099, cny)}), lending.ErrAmount)
	do(w, bank, lending.CreditReferral{Party: "bob", Amount: amt(1100, cny)})
	require.Equal(t, before+1100, w.wallet("eve", cny).Available)
	do(w, cashier, lending.PayReferral{Party: "ann"})
	do(w, officer, lending.ChargeCampaign{Campaign: "autumn", Amount: amt(33, cny)})

	r := w.reports()
	lines := r.Channels(cny)
	want := []lending.ChannelLine{
		{Channel: "press", Parties: 1, Referred: 1, Cost: amt(33, cny), Accrued: amt(800, cny), Paid: amt(800, cny), Credited: amt(0, cny)},
		{Channel: "radio", Parties: 1, Referred: 1, Cost: amt(0, cny), Accrued: amt(1100, cny), Paid: amt(1100, cny), Credited: amt(1100, cny)},
		{Channel: "street", Parties: 1, Loans: 1, Cost: amt(0, cny), Accrued: amt(0, cny), Paid: amt(0, cny), Credited: amt(0, cny)},
	}
	require.Equal(t, want, lines)
	channelsTie(t, r, cny)
	for name, v := range map[string]struct{ got, want error }{
		"paid twice":     {try(w, cashier, lending.PayReferral{Party: "bob"}), lending.ErrState},
		"credited twice": {try(w, bank, lending.CreditReferral{Party: "bob", Amount: amt(1100, cny)}), lending.ErrState},
		"accrued twice":  {try(w, timer, lending.AccrueReferral{Party: "bob", Loan: id}), lending.ErrState},
		"never referred": {try(w, timer, lending.AccrueReferral{Party: "zed", Loan: id}), lending.ErrUnknown},
		"pay a stranger": {try(w, cashier, lending.PayReferral{Party: "zed"}), lending.ErrUnknown},
		"no fee":         {try(w, timer, lending.AccrueReferral{Party: "eve", Loan: id}), lending.ErrState},
		"no loan":        {try(w, timer, lending.AccrueReferral{Party: "eve", Loan: "x y"}), lending.ErrID},
	} {
		require.ErrorIs(t, v.got, v.want, name)
	}
}

// channelsTie holds the report against the expense accounts of the platform's book.
func channelsTie(t require.TestingT, r *lending.Reports, c money.Currency) {
	var sum int64
	for _, l := range r.Channels(c) {
		n := l.Cost.Minor() + l.Paid.Minor()
		require.Equal(t, r.Ledger().Balance(ledger.Expense(ledger.Ref(l.Channel)), c), n, "channel %s", l.Channel)
		sum += n
	}
	sum += r.Ledger().Balance(ledger.Expense("goodwill"), c)
	for _, l := range r.Promotions(c) {
		sum += l.Paid.Minor()
	}
	require.Equal(t, r.Ledger().Total(ledger.KindExpense, c), sum)
}

// No fee for a loan that was running when the source was recorded, and none for a loan not paid out.
func TestReferralIsForWhatComesAfter(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann", "bob", "eve")
	do(w, officer, lending.DefineCampaign{Terms: autumn(w.day)})
	old := w.lent(standard(), 1000, 2, "12% per year", "bob")
	w.day = w.day.AddDays(1)
	do(w, officer, lending.RecordSource{Party: "ann", Source: lending.Source{Campaign: "autumn", Referrer: "eve"}})
	require.Zero(t, w.accrue())
	require.ErrorIs(t, try(w, timer, lending.AccrueReferral{Party: "ann", Loan: old}), lending.ErrState)
	fresh := w.funded(standard(), 1000, 2, "12% per year", "bob")
	require.ErrorIs(t, try(w, timer, lending.AccrueReferral{Party: "ann", Loan: fresh}), lending.ErrState)
	do(w, cashier, lending.Disburse{Loan: fresh})
	w.deliver()
	require.Equal(t, 1, w.accrue())
}

func TestSourceRefusals(t *testing.T) {
	w := acquired(t)
	w.register("fay")
	loan := w.open(standard(), 1000, 1, "12% per year")
	from := func(s lending.Source) lending.RecordSource { return lending.RecordSource{Party: "fay", Source: s} }
	late := spring(w.day.AddDays(5))
	late.ID = "late"
	do(w, officer, lending.DefineCampaign{Terms: late})
	for name, v := range map[string]struct{ got, want error }{
		"twice":         {try(w, officer, lending.RecordSource{Party: "bob", Source: lending.Source{Channel: "x"}}), lending.ErrExists},
		"for another":   {try(w, party("bob"), from(lending.Source{Channel: "x"})), lending.ErrActor},
		"stranger":      {try(w, officer, lending.RecordSource{Party: "zoe", Source: lending.Source{Channel: "x"}}), lending.ErrUnknown},
		"no channel":    {try(w, officer, from(lending.Source{})), lending.ErrID},
		"no campaign":   {try(w, officer, from(lending.Source{Campaign: "none"})), lending.ErrUnknown},
		"bad campaign":  {try(w, officer, from(lending.Source{Campaign: "a/b"})), lending.ErrID},
		"other channel": {try(w, officer, from(lending.Source{Channel: "x", Campaign: "spring"})), lending.ErrTerms},
		"not yet":       {try(w, officer, from(lending.Source{Campaign: "late"})), lending.ErrExpired},
		"by himself":    {try(w, officer, from(lending.Source{Channel: "x", Referrer: "fay"})), lending.ErrTerms},
		"by a stranger": {try(w, officer, from(lending.Source{Channel: "x", Referrer: "zoe"})), lending.ErrUnknown},
		"another's loan": {try(w, officer, lending.RecordSource{Party: "fay", Loan: loan,
			Source: lending.Source{Channel: "x"}}), lending.ErrUnknown},
		"a loan referred": {try(w, officer, lending.RecordSource{Party: "ann", Loan: loan,
			Source: lending.Source{Channel: "x", Referrer: "bob"}}), lending.ErrTerms},
		"cost of nothing":   {try(w, officer, lending.ChargeCampaign{Campaign: "none", Amount: amt(1, cny)}), lending.ErrUnknown},
		"cost below zero":   {try(w, officer, lending.ChargeCampaign{Campaign: "spring", Amount: amt(-1, cny)}), lending.ErrAmount},
		"cost by the bank":  {try(w, bank, lending.ChargeCampaign{Campaign: "spring", Amount: amt(1, cny)}), lending.ErrActor},
		"cost in yen":       {try(w, officer, lending.ChargeCampaign{Campaign: "spring", Amount: amt(1, money.MustCurrency("JPY"))}), lending.ErrAmount},
		"a moving campaign": {try(w, officer, lending.DefineCampaign{Terms: func() lending.CampaignTerms { c := late; c.Channel = "tv"; return c }()}), lending.ErrTerms},
	} {
		require.ErrorIs(t, v.got, v.want, name)
	}
	do(w, officer, from(lending.Source{Channel: "x", Referrer: "bob"}))
	w.register("gus")
	do(w, officer, lending.RecordSource{Party: "gus", Source: lending.Source{Channel: "x", Referrer: "fay"}})
	w.register("hal")
	do(w, officer, lending.RecordSource{Party: "hal", Source: lending.Source{Channel: "x"}})
	w.day = w.day.AddDays(31)
	w.register("ida")
	require.ErrorIs(t, try(w, officer, lending.RecordSource{Party: "ida", Source: lending.Source{Campaign: "autumn"}}), lending.ErrExpired)
}

// Two parties cannot refer each other.
func TestNoMutualReferral(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann", "bob")
	do(w, officer, lending.RecordSource{Party: "ann", Source: lending.Source{Channel: "x", Referrer: "bob"}})
	require.ErrorIs(t, try(w, officer, lending.RecordSource{Party: "bob", Source: lending.Source{Channel: "x", Referrer: "ann"}}), lending.ErrTerms)
}

func TestCampaignTerms(t *testing.T) {
	day := civil.MustParse("2026-01-31")
	good := spring(day)
	require.NoError(t, good.Validate())
	for name, spoil := range map[string]func(*lending.CampaignTerms){
		"no id":         func(c *lending.CampaignTerms) { c.ID = "" },
		"no channel":    func(c *lending.CampaignTerms) { c.Channel = "" },
		"no currency":   func(c *lending.CampaignTerms) { c.Currency = money.Currency{} },
		"no start":      func(c *lending.CampaignTerms) { c.From = civil.Date{} },
		"ends before":   func(c *lending.CampaignTerms) { c.Until = day.AddDays(-1) },
		"unknown event": func(c *lending.CampaignTerms) { c.Referral = 3 },
		"below zero":    func(c *lending.CampaignTerms) { c.Fixed = -1 },
		"over the top":  func(c *lending.CampaignTerms) { c.PPM = lending.Million + 1 },
		"huge":          func(c *lending.CampaignTerms) { c.Cap = lending.MaxLoan + 1 },
		"for nothing":   func(c *lending.CampaignTerms) { c.Referral = lending.NoReferral },
		"no fee":        func(c *lending.CampaignTerms) { c.Fixed, c.PPM = 0, 0 },
	} {
		c := good
		spoil(&c)
		require.Error(t, c.Validate(), name)
	}
	rapid.Check(t, func(t *rapid.T) {
		c := lending.CampaignTerms{Fixed: rapid.Int64Range(0, lending.MaxLoan).Draw(t, "fixed"),
			PPM: rapid.Int64Range(0, lending.Million).Draw(t, "ppm"), Cap: rapid.Int64Range(0, lending.MaxLoan).Draw(t, "cap")}
		base := rapid.Int64().Draw(t, "base")
		fee := c.Fee(base)
		if fee < 0 || fee > lending.MaxLoan || c.Cap > 0 && fee > c.Cap {
			t.Fatalf("fee of %d", fee)
		}
		if base > 0 && base < 1<<40 && c.Cap == 0 && c.Fixed < 1<<40 && fee != c.Fixed+base*c.PPM/lending.Million {
			t.Fatalf("fee of %d", fee)
		}
	})
}

// What each channel brought and what it cost.
func ExampleReports_Channels() {
	w := acquired(panics{})
	w.lent(standard(), 120_000, 2, "12% per year", "bob")
	w.accrue()
	do(w, cashier, lending.PayReferral{Party: "bob"})
	do(w, officer, lending.ChargeCampaign{Campaign: "autumn", Amount: amt(250_000, cny)})
	text := lending.AppendChannelsCSV(nil, w.reports().Channels(cny))
	fmt.Printf("%s", bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	// Output:
	// channel,parties,loans,referred,currency,cost,accrued,paid,credited
	// press,1,0,1,CNY,2500.00,8.00,0.00,0.00
	// radio,1,0,1,CNY,0.00,17.00,17.00,0.00
	// street,1,0,0,CNY,0.00,0.00,0.00,0.00
}
