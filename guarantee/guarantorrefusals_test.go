package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Where the guarantor controls the risk, its approval gates listing and payout.
func TestRiskByGuarantor(t *testing.T) {
	terms := guarantorTerms()
	terms.Control = guarantee.ByGuarantor
	w := guarantorWorld(t, terms)
	id := w.open("ann", product("covered", byGuarantor()), 1000, 1)
	plain := w.open("ann", product("plain"), 1000, 1)
	approve := guarantee.ApproveRisk{Guarantor: "gil", Loan: id}
	withdraw := guarantee.ApproveRisk{Guarantor: "gil", Loan: id, Withdraw: true}
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrNotApproved)
	require.NoError(t, try(w, officer, lending.Publish{Loan: plain}))
	require.ErrorIs(t, try(w, party("gil"), withdraw), lending.ErrState)
	require.ErrorIs(t, try(w, party("bob"), approve), lending.ErrActor)
	require.ErrorIs(t, try(w, officer, approve), lending.ErrActor)
	require.ErrorIs(t, try(w, party("gil"), guarantee.ApproveRisk{Guarantor: "gil", Loan: plain}), lending.ErrUnknown)
	require.ErrorIs(t, try(w, party("gil"), guarantee.ApproveRisk{Guarantor: "gil", Loan: "l"}), lending.ErrUnknown)
	do(w, party("gil"), approve)
	require.ErrorIs(t, try(w, party("gil"), approve), lending.ErrState)
	w.funded(id)
	do(w, party("gil"), withdraw)
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), guarantee.ErrNotApproved)
	do(w, party("gil"), approve)
	do(w, cashier, lending.Disburse{Loan: id})
	require.ErrorIs(t, try(w, party("gil"), withdraw), lending.ErrState, "covered already")
}

// A suspended guarantor takes on no loans and stands for those that it has.
func TestSuspendedGuarantor(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	waiting := w.funded(w.open("art", product("covered", byGuarantor()), 1000, 1))
	id, due := w.missed(byGuarantor())
	suspend := guarantee.SuspendGuarantor{Guarantor: "gil", Reason: "review"}
	lift := guarantee.SuspendGuarantor{Guarantor: "gil", Reason: "review", Lift: true}
	require.ErrorIs(t, try(w, officer, lift), guarantee.ErrGuarantorState)
	require.ErrorIs(t, try(w, officer, guarantee.SuspendGuarantor{Guarantor: "gil"}), lending.ErrID)
	do(w, officer, suspend)
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: waiting}), guarantee.ErrGuarantorState)
	w.deposit("gil", due)
	do(w, party("gil"), pay(id, 0))
	w.day = w.loan(id).Plan.At(1).Due
	w.dayEnd(1)
	require.Equal(t, 1, w.guarantor().Queue.Len())
	do(w, officer, lift)
	do(w, cashier, lending.Disburse{Loan: waiting})
}

// A related party of the platform is shown as the platform's own guarantee, and no other.
func TestRelatedGuarantor(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	own := byGuarantor()
	own.Kind = lending.CoverOwnGuarantee
	asOwn := w.open("ann", product("own", own), 1000, 1)
	asOther := w.funded(w.open("ann", product("other", byGuarantor()), 1000, 1))
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: asOwn}), guarantee.ErrTerms)
	do(w, officer, lending.MarkRelated{Party: "gil"})
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: asOther}), guarantee.ErrTerms)
	do(w, cashier, lending.Disburse{Loan: w.funded(asOwn)})
}

// Nobody guarantees his own loan.
func TestGuarantorDoesNotBorrow(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id := w.open("gil", product("covered", byGuarantor()), 1000, 1)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrTerms)
}

func TestGuarantorTermsRefused(t *testing.T) {
	good := guarantorTerms()
	require.NoError(t, good.Validate())
	for name, spoil := range map[string]func(*guarantee.GuarantorTerms){
		"currency":   func(g *guarantee.GuarantorTerms) { *g = guarantee.GuarantorTerms{} },
		"liability":  func(g *guarantee.GuarantorTerms) { g.Liability = 3 },
		"control":    func(g *guarantee.GuarantorTerms) { g.Control = 0 },
		"share":      func(g *guarantee.GuarantorTerms) { g.SharePPM = lending.Million + 1 },
		"deductible": func(g *guarantee.GuarantorTerms) { g.Deductible = -1 },
		"period":     func(g *guarantee.GuarantorTerms) { g.PeriodDays = 0 },
		"pay":        func(g *guarantee.GuarantorTerms) { g.PayDays = -1 },
		"leverage":   func(g *guarantee.GuarantorTerms) { g.Leverage = 101 },
		"single":     func(g *guarantee.GuarantorTerms) { g.SinglePPM = 0 },
		"margin":     func(g *guarantee.GuarantorTerms) { g.MarginPPM = -1 },
	} {
		terms := good
		spoil(&terms)
		require.ErrorIs(t, terms.Validate(), guarantee.ErrTerms, name)
	}
}

func TestUnknownGuarantor(t *testing.T) {
	w := newWorld(t, guarantee.Parties{Guarantors: []lending.PartyID{"gil"}})
	define := guarantee.DefineGuarantor{Guarantor: "gil", Terms: guarantorTerms()}
	require.ErrorIs(t, try(w, officer, define), lending.ErrUnknown)
	require.ErrorIs(t, try(w, officer, guarantee.DefineGuarantor{Guarantor: "gil"}), guarantee.ErrTerms)
	for _, err := range []error{
		try(w, officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(1), Evidence: event.Hash{1}}),
		try(w, officer, guarantee.SuspendGuarantor{Guarantor: "gil", Reason: "r"}),
		try(w, officer, guarantee.MeasureGuarantor{Guarantor: "gil"}),
		try(w, party("gil"), guarantee.ApproveRisk{Guarantor: "gil"}),
		try(w, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(1)}),
		try(w, officer, guarantee.ReturnMargin{Guarantor: "gil", Amount: amt(1)}),
		try(w, party("gil"), pay("l", 0)),
		try(w, party("gil"), guarantee.DisputeDemand{Guarantor: "gil"}),
		try(w, officer, guarantee.ResolveDispute{Guarantor: "gil"}),
		try(w, officer, guarantee.RecordEnforcement{Guarantor: "gil"}),
		try(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: "r"}),
		try(w, timer, guarantee.LapseDemands{Guarantor: "gil"}),
	} {
		require.ErrorIs(t, err, lending.ErrUnknown)
	}
	do(w, officer, lending.Register{Party: "gil", Kind: lending.Company})
	require.ErrorIs(t, try(w, lending.Actor{ID: "gil", Role: lending.RoleOfficer}, define), lending.ErrActor)
	do(w, officer, define)
	require.ErrorIs(t, try(w, officer, define), lending.ErrExists)
	require.ErrorIs(t, try(w, officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(-1), Evidence: event.Hash{1}}), lending.ErrAmount)
	require.ErrorIs(t, try(w, officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(1)}), guarantee.ErrTerms, "no accounts")
	require.ErrorIs(t, try(w, chief, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(1), Evidence: event.Hash{1}}), lending.ErrSecond)
}

// Who has others' money, or may take none out, stands behind no loan with it.
func TestBackersHaveTheirOwnMoney(t *testing.T) {
	for p, want := range map[lending.PartyID]error{"van": guarantee.ErrTerms, "fund": lending.ErrFenced, "gil": lending.ErrState,
		"ola": nil} {
		w := newWorld(t, guarantee.Parties{Funds: []lending.PartyID{"fund"}, Guarantors: []lending.PartyID{"van", "fund", "gil", "ola"},
			Originators: []lending.PartyID{"van", "fund", "gil", "ola"}})
		w.vehicle("van")
		for _, c := range []lending.PartyID{"fund", "gil", "ola"} {
			do(w, officer, lending.Register{Party: c, Kind: lending.Company})
		}
		do(w, officer, lending.Freeze{Party: "gil"})
		err := try(w, officer, guarantee.DefineGuarantor{Guarantor: p, Terms: guarantorTerms()})
		require.ErrorIs(t, err, want, p)
		err = try(w, officer, guarantee.DefineOriginator{Originator: p, Terms: originatorTerms()})
		require.ErrorIs(t, err, want, p)
	}
}
