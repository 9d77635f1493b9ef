package lendingtest

import (
	"hash/fnv"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PerUserLife is [FullLife] with a custodian that keeps sub-accounts, and with bids that it refuses
// to hold or holds in part. It wants [PerUserLifeConfig] and [PerUserLifeScript].
func PerUserLife() []Step { return fullLife(true) }

// PerUserLifeConfig is [FullLifeConfig] with such a custodian.
func PerUserLifeConfig() lending.Config {
	cfg := FullLifeConfig()
	cfg.Custody = lending.PerUser
	return cfg
}

// PerUserLifeScript is [FullLifeScript] for a custodian that treats a part of all transfers so.
func PerUserLifeScript(in payment.Instruction) memory.Script {
	if in.Kind == payment.Payout {
		return FullLifeScript(in)
	}
	id := string(in.ID)
	if in.Kind == payment.Hold {
		return map[string]memory.Script{
			".h2": {Delay: 1, Reject: true}, ".h3": {Parts: []int64{1}, Fail: true}, ".h4": {LoseAck: true},
		}[id[len(id)-3:]]
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	half := in.Amount.Minor() / 2
	return []memory.Script{{}, {}, {Delay: 1}, {Parts: []int64{half}}, {Parts: []int64{half}, Fail: true},
		{Reject: true}, {LoseAck: true}, {Unknown: 1}}[h.Sum32()%8]
}

// CustodyLife is a life as short as one can be with such a custodian: one loan of two lenders,
// repaid at once. One hold is delayed and one refused, the bid comes again and the answer to its
// hold is lost; a capture is delayed; of what the first lender is to have, half is moved, until
// people ask for the rest; the custodian says twice what it has said. It wants [PerUserLifeConfig]
// and [CustodyLifeScript] and ends before 2026-07-01.
func CustodyLife() []Step {
	a := &author{day: civil.MustParse("2026-01-31")}
	p := lending.StandardProduct("personal", money.MustCurrency("CNY"))
	p.Fees = []lending.Fee{{ID: "upfront", Timing: lending.AtDisbursement, Base: lending.OnAmount, PPM: 30_000,
		Payee: lending.ToPlatform, Round: money.Down}}
	office(a, lending.RoleOfficer, "product", lending.DefineProduct{Product: p})
	for _, id := range []lending.PartyID{"ann", "bob", "cat"} {
		register := lending.Register{Party: id, Kind: lending.Person}
		office(a, lending.RoleOfficer, "register-"+string(id), register)
	}
	a.deposit("bob", "CNY 6000.00", "in-bob")
	a.deposit("cat", "CNY 4000.00", "in-cat")
	loan := a.open("only", "ann")
	party(a, "bob", "bid-bob", lending.PlaceBid{Loan: loan, Amount: cny(600_000)})
	party(a, "cat", "bid-cat", lending.PlaceBid{Loan: loan, Amount: cny(400_000)})
	party(a, "cat", "bid-again", lending.PlaceBid{Loan: loan, Amount: cny(400_000)})
	said := payment.Report{Instruction: payment.ID(loan) + ".h1", Paid: cny(600_000),
		Status: payment.Settled}
	office(a, lending.RoleCustodian, "said", lending.Observe{Report: said})
	office(a, lending.RoleOfficer, "review", lending.ReviewFunding{Loan: loan})
	office(a, lending.RoleCashier, "disburse", lending.Disburse{Loan: loan})
	a.deposit("ann", "CNY 12000.00", "in-ann")
	party(a, "ann", "payoff", lending.PayOff{Loan: loan})
	return a.steps
}

// CustodyLifeScript is the custodian of [CustodyLife].
func CustodyLifeScript(in payment.Instruction) memory.Script {
	id, half := string(in.ID), in.Amount.Minor()/2
	switch from, to := in.From, in.To; {
	case in.Kind == payment.Hold:
		return map[string]memory.Script{
			".h1": {Delay: 1}, ".h2": {Reject: true}, ".h3": {LoseAck: true},
		}[id[len(id)-3:]]
	case from.Kind == payment.Frozen && from.Party == "cat":
		return memory.Script{Delay: 1}
	case from.Kind == payment.Escrow && to.Party == "bob" && half > 200_000:
		return memory.Script{Parts: []int64{half}, Fail: true}
	}
	return memory.Script{}
}
