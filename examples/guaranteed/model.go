package main

import (
	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Who may stand in for borrowers.
const (
	guarantor  lending.PartyID = "guarantor"
	fund       lending.PartyID = "fund"
	originator lending.PartyID = "originator"
)

// What a borrower pays for a loan, withheld when it is paid out, in millionths of it. The price of
// protection is right for a year in which one borrower of fifteen stops paying.
const (
	service    = 20_000
	protection = 40_000
)

var cny = money.MustCurrency("CNY")

// model is who stands behind the loans.
type model struct {
	name, chinese string
	covers        []lending.CoverTerms
	payees        []lending.PartyID       // share the price of protection; none for the platform
	define        func(*desk.Desk, int64) // before so much is lent
	act           func(*state)            // at the end of each week
}

// models are those compared. Who is said to be rich has as much as all that is lent, who is not a sixteenth.
func models() []model {
	company := cover(guarantor, lending.CoverGuarantor)
	reserve := cover(fund, lending.CoverProvisionFund)
	own := cover(guarantor, lending.CoverOwnGuarantee)
	buyback := cover(originator, lending.CoverOriginator)
	return []model{
		{name: "no protection", chinese: "无担保"},
		{"guarantor, joint and several", "连带责任保证", company, by1(guarantor), engage(guarantee.JointSeveral, 1), pay},
		{"guarantor, ordinary", "一般保证", company, by1(guarantor), engage(guarantee.Ordinary, 1), pay},
		{"guarantor that is not rich", "担保公司违约", company, by1(guarantor), engage(guarantee.JointSeveral, 32), pay},
		{"the platform's own guarantee", "平台自身担保", own, nil, engageOwn, payOwn},
		{"provision fund", "风险备付金", reserve, by1(fund), openFund(0), nil},
		{"fund, then a rich guarantor", "备付金加担保", append(reserve, company...),
			[]lending.PartyID{fund, guarantor}, layers, pay},
		{"originator with buyback", "小贷公司回购", buyback, by1(originator), refer, buyBack},
	}
}

// own reports whether the platform itself stands in.
func (m *model) own() bool {
	return len(m.covers) == 1 && m.covers[0].Kind == lending.CoverOwnGuarantee
}

func by1(p lending.PartyID) []lending.PartyID { return []lending.PartyID{p} }

// cover asks a party for an instalment that is thirty days past due.
func cover(p lending.PartyID, k lending.CoverKind) []lending.CoverTerms {
	return []lending.CoverTerms{{Name: lending.Code(p), Kind: k, TriggerDays: 30}}
}

// parts plugs in all who may stand in; a model's product names those who do.
func parts() lending.Part {
	return guarantee.Parties{Funds: by1(fund), Guarantors: by1(guarantor), Originators: by1(originator)}.Part()
}

// product is the same under every model but for who stands behind it and who is paid for that.
func (m *model) product() lending.Product {
	p := lending.StandardProduct("loan", cny)
	p.Covers = m.covers
	p.Late.AccelerateDays, p.Late.WriteOffDays = 60, 180
	fee := lending.Fee{ID: "service", Timing: lending.AtDisbursement, Payee: lending.ToPlatform,
		Base: lending.OnAmount, PPM: service, Round: money.HalfUp}
	p.Fees = []lending.Fee{fee}
	if len(m.covers) == 0 {
		return p
	}
	fee.ID, fee.PPM = "protection", protection
	if len(m.payees) == 0 {
		p.Fees = append(p.Fees, fee)
	}
	for _, who := range m.payees {
		fee.ID, fee.Payee, fee.Party = lending.Code(who)+"-fee", lending.ToParty, who
		fee.PPM = protection / int64(len(m.payees))
		p.Fees = append(p.Fees, fee)
	}
	return p
}
