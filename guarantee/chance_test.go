package guarantee_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Loans for a month at i. Each is not repaid with the likelihood q, and then the part R of it comes back.
const (
	chanceI = 0.01
	chanceQ = 0.5
	chanceR = 0.4

	chanceLoans = 500
	chanceDesk  = 100 // of them on one desk
	chanceLent  = 100_000
	chanceFloat = chanceDesk * chanceLent // what who stands in has to begin with
)

// luck is what a portfolio brought, in minor units.
type luck struct{ loans, earned, backer, fees int64 }

// off is by how many standard errors a sum over the loans is off what is expected of one, given what one brings
// that is repaid and one that is not, as parts of what is lent.
func (o *luck) off(sum int64, repaid, not float64) float64 {
	want, n := repaid*(1-chanceQ)+not*chanceQ, float64(o.loans)
	deviation := math.Abs(repaid-not) * math.Sqrt(chanceQ*(1-chanceQ))
	return math.Abs(float64(sum)/n/chanceLent-want) / (deviation / math.Sqrt(n))
}

// By chance, too, a guarantor of principal or a fund that is paid q(1-R) has nothing in the end, and investors
// earn i(1-q), within four standard errors; at 1.3 times the fee the gain is not chance any more.
func TestClosedFormsOfProtectionByChance(t *testing.T) {
	if raced {
		t.Skip("nothing runs at once, and a thousand loans take long under the race detector")
	}
	const fee = chanceQ * (1 - chanceR)
	for seed, cover := range []lending.CoverTerms{byGuarantor(), byFund("fund")} {
		cover.Recourse = lending.RecourseWithInstalment
		rng := rand.New(rand.NewPCG(uint64(seed), 6))
		var all luck
		for range chanceLoans / chanceDesk {
			o := chance(t, rng, cover, fee)
			all = luck{all.loans + o.loans, all.earned + o.earned, all.backer + o.backer, all.fees + o.fees}
		}
		require.EqualValues(t, chanceLoans, all.loans)
		require.Equal(t, int64(fee*chanceLoans*chanceLent), all.fees)
		backer := func(sum int64) float64 { return all.off(sum, fee, fee-(1-chanceR)) }
		require.Less(t, backer(all.backer), 4.0, "%s: q(1-R) of %+v", cover.Name, all)
		require.Greater(t, backer(all.backer+all.fees*3/10), 4.0, "%s at 1.3 times the fee: %+v", cover.Name, all)
		require.Less(t, all.off(all.earned, chanceI, 0), 4.0, "%s: i(1-q) of %+v", cover.Name, all)
		t.Logf("%s: %+v, off by %.2f and %.2f standard errors", cover.Name, all, backer(all.backer), all.off(all.earned, chanceI, 0))
	}
}

// chance lends on one desk and has a cover pay for those whom chance does not let repay.
func chance(t *testing.T, rng *rand.Rand, cover lending.CoverTerms, fee float64) luck {
	w, backer := chanceWorld(t), lending.PartyID(cover.Name)
	p := product("month", cover)
	p.Fees = []lending.Fee{{ID: "fee", Timing: lending.AtDisbursement, Base: lending.OnCovered, Payee: lending.ToParty,
		Party: backer, PPM: int64(math.Round(fee * lending.Million)), Round: money.HalfUp}}
	do(w, officer, lending.DefineProduct{Product: p})
	w.deposit(backer, chanceFloat)
	w.deposit("bob", chanceDesk*chanceLent)
	var ids, missed []lending.LoanID
	for range chanceDesk {
		id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(chanceLent), Periods: 1}).Loan
		do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
		do(w, officer, lending.Publish{Loan: id})
		do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(chanceLent)})
		do(w, officer, lending.ReviewFunding{Loan: id})
		do(w, cashier, lending.Disburse{Loan: id})
		ids = append(ids, id)
	}
	w.deliver()
	o := luck{loans: chanceDesk, fees: w.cash(backer) - chanceFloat}
	w.day = w.loan(ids[0]).Plan.At(0).Due
	for _, id := range ids {
		if rng.Float64() < chanceQ {
			missed = append(missed, id)
			continue
		}
		w.repay(id, chanceLent+chanceLent*chanceI)
	}
	w.dayEnd(1) // a fund pays
	for _, id := range missed {
		if cover.Kind == lending.CoverGuarantor {
			do(w, party("gil"), pay(id, 0))
		}
		do(w, officer, lending.WriteOff{Loan: id, Reason: "default"})
		w.repay(id, chanceLent*chanceR)
	}
	o.earned, o.backer = w.cash("bob")-chanceDesk*chanceLent, w.cash(backer)-chanceFloat
	return o
}

// chanceWorld has a guarantor and a fund that stand for principal alone.
func chanceWorld(t *testing.T) *world {
	w := newWorld(t, parties)
	w.vehicle("fund")
	reserve := fundTerms(guarantee.FIFO)
	reserve.InterestPPM = 0
	do(w, officer, guarantee.DefineFund{Fund: "fund", Terms: reserve})
	do(w, officer, lending.Register{Party: "gil", Kind: lending.Company})
	terms := guarantorTerms()
	terms.Interest, terms.SinglePPM = false, 10*lending.Million
	do(w, officer, guarantee.DefineGuarantor{Guarantor: "gil", Terms: terms})
	do(w, officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(chanceDesk * chanceLent), Evidence: event.Hash{1}})
	return w
}
