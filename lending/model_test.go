package lending_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// models are the presets by the names of their flows, around one product.
var models = []struct {
	name string
	make func(lending.Product) lending.Product
}{
	{"intermediary", lending.InformationIntermediary},
	{"marketplace", func(p lending.Product) lending.Product { return p }},
	{"debt-transfer", func(p lending.Product) lending.Product { return lending.DebtTransfer(p, "fay") }},
}

// protections are what stands behind loans: nothing, each kind of cover alone, and layers.
var protections = []struct {
	name  string
	kinds []lending.CoverKind
}{
	{"none", nil},
	{"collateral", []lending.CoverKind{lending.CoverCollateral}},
	{"guarantor", []lending.CoverKind{lending.CoverGuarantor}},
	{"own-guarantee", []lending.CoverKind{lending.CoverOwnGuarantee}},
	{"provision-fund", []lending.CoverKind{lending.CoverProvisionFund}},
	{"originator", []lending.CoverKind{lending.CoverOriginator}},
	{"fund, originator", []lending.CoverKind{lending.CoverProvisionFund, lending.CoverOriginator}},
	{"own-guarantee, collateral", []lending.CoverKind{lending.CoverOwnGuarantee, lending.CoverCollateral}},
}

// channels are every way to do the four stages.
func channels() (list []lending.Channels) {
	for bits := range 16 {
		at := func(i int) lending.Channel { return lending.Channel(1 + bits>>i&1) }
		list = append(list, lending.Channels{Acquisition: at(0), Checks: at(1), Signing: at(2), Collection: at(3)})
	}
	return list
}

// combined is a product of one value of each axis. What an off-line signature needs is set.
func combined(model, protection int, ch lending.Channels) lending.Product {
	p := standard()
	p.ID = lending.ProductID(fmt.Sprintf("p-%d-%d-%d%d%d%d", model, protection, ch.Acquisition, ch.Checks, ch.Signing, ch.Collection))
	for i, k := range protections[protection].kinds {
		p.Covers = append(p.Covers, lending.CoverTerms{Name: []lending.Code{"pot-a", "pot-b"}[i], Kind: k, TriggerDays: 5})
	}
	p.Channels, p.ContractRequired = ch, ch.Signing == lending.Offline
	return models[model].make(p)
}

// The three axes, every combination: what each model makes of each protection, the same through every
// set of channels. An empty reason is a product that can be defined.
func TestEveryCombinationOfTheAxes(t *testing.T) {
	const covers = "has covers: nothing stands behind its loans but the borrower"
	refused := map[string]string{
		"intermediary/collateral":                covers,
		"intermediary/guarantor":                 covers,
		"intermediary/own-guarantee":             covers,
		"intermediary/provision-fund":            covers,
		"intermediary/originator":                covers,
		"intermediary/fund, originator":          covers,
		"intermediary/own-guarantee, collateral": covers,
	}
	accepted := 0
	for i, m := range models {
		for j, x := range protections {
			name := m.name + "/" + x.name
			for _, ch := range channels() {
				p := combined(i, j, ch)
				err := p.Validate()
				if why, no := refused[name]; no {
					require.ErrorIs(t, err, lending.ErrTerms, name)
					require.ErrorContains(t, err, why, name)
					require.Len(t, flat(err), 1, "%s: one reason", name)
				} else {
					require.NoError(t, err, "%s %v", name, ch)
					accepted++
				}
				if p.ContractRequired = false; ch.Signing == lending.Offline {
					require.ErrorContains(t, p.Validate(), "set ContractRequired", name)
				}
			}
		}
	}
	require.Equal(t, 16*(len(models)*len(protections)-len(refused)), accepted)
}

// flat lists the refusals in joined errors.
func flat(err error) (list []*lending.Error) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			list = append(list, flat(e)...)
		}
		return list
	}
	var one *lending.Error
	if errors.As(err, &one) {
		list = append(list, one)
	}
	return list
}

// Whatever is accepted works without anything else: a loan of every combination is lent, not paid for a
// while, until its covers are asked, and paid back.
func TestEveryAcceptedCombinationIsLentAndRepaid(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "fay", "pot-a", "pot-b")
	var ids []lending.LoanID
	for i, m := range models {
		lender := lending.PartyID("bob")
		if m.name == "debt-transfer" {
			lender = "fay"
		}
		for j := range protections {
			for _, ch := range channels() {
				if p := combined(i, j, ch); p.Validate() == nil {
					ids = append(ids, w.through(p, lender))
				}
			}
		}
	}
	w.day = w.loan(ids[0]).Dues[0].Date.AddDays(6)
	w.dayEnd()
	for _, id := range ids {
		l := w.loan(id)
		require.Equal(t, lending.StateActive, l.State)
		require.Equal(t, len(l.Product.Covers) > 0, l.Dues[0].Asked != 0, "%s", l.Product.ID)
		owed := l.Dues[0].Unpaid()
		w.repay(id, owed.Total())
		require.Equal(t, lending.StateClosed, w.loan(id).State, "%s", l.Product.ID)
	}
	require.Len(t, ids, 16*(1+2*len(protections)))
	require.NoError(t, w.reports().Check())
}

// through takes a loan of ann with one instalment to its plan, by whatever its channels ask for.
func (w *world) through(p lending.Product, lender lending.PartyID) lending.LoanID {
	do(w, officer, lending.DefineProduct{Product: p})
	a := amt(5000, p.Currency)
	id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: a, Periods: 1}).Loan
	if p.Channels.Acquisition == lending.Offline {
		do(w, officer, lending.RecordSource{Party: "ann", Loan: id, Source: lending.Source{Channel: "branch-7"}})
	}
	if p.Channels.Checks == lending.Offline {
		do(w, officer, lending.RecordFieldVerification{Loan: id, Visit: w.visit(true)})
	}
	do(w, analyst, lending.Approve{Loan: id, Rate: p.MaxRate})
	do(w, officer, lending.Publish{Loan: id})
	w.deposit(lender, a)
	do(w, party(lender), lending.PlaceBid{Loan: id, Amount: a})
	do(w, officer, lending.ReviewFunding{Loan: id})
	if p.Channels.Signing == lending.Offline {
		h := do(w, officer, lending.IssueContract{Loan: id}).Hash
		do(w, officer, lending.RecordSignature{Loan: id, Hash: h, Branch: "branch-7", Paper: hash(3)})
		do(w, chief, lending.SignContract{Loan: id, Hash: h})
	}
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	require.NoError(w.t, w.loan(id).Check())
	return id
}

// Contradictions of the model with the rest are named, each with what to do.
func TestModelNamesEveryContradiction(t *testing.T) {
	fronted := func(spoil func(*lending.Product)) lending.Product {
		p := lending.DebtTransfer(standard(), "fay")
		spoil(&p)
		return p
	}
	plain := func(spoil func(*lending.Product)) lending.Product {
		p := standard()
		spoil(&p)
		return p
	}
	for want, p := range map[string]lending.Product{
		"has no flow: set Product.Flow":    plain(func(p *lending.Product) { p.Flow = 0 }),
		"has no flow: set Product.Flow ":   plain(func(p *lending.Product) { p.Flow = 3 }),
		"names a fronting lender, and":     plain(func(p *lending.Product) { p.Fronting = "fay" }),
		"and names none: set Product":      fronted(func(p *lending.Product) { p.Fronting = "" }),
		"names none: set Product.Fronting": fronted(func(p *lending.Product) { p.Fronting = "a party.of nobody" }),
		"and a fronting lender lends":      fronted(func(p *lending.Product) { p.Intermediary = true }),
		"clear TransferRules.Closed":       fronted(func(p *lending.Product) { p.Transfers.Closed = true }),
		"set Tender.Mechanism to First":    fronted(func(p *lending.Product) { p.Tender.Mechanism = lending.ProRata }),
		"bounds what one may have":         fronted(func(p *lending.Product) { p.Tender.MaxBid = amt(5000, cny) }),
		"bounds what one may have: clear":  fronted(func(p *lending.Product) { p.Tender.MaxPerBid = 500_000 }),
		"clear MaxBid, MaxPerBid":          fronted(func(p *lending.Product) { p.Tender.MaxPerLender = p.MaxAmount }),
		"MaxPerLender and MaxShare of":     fronted(func(p *lending.Product) { p.Tender.MaxShare = 500_000 }),
		"say how claims are sold":          plain(func(p *lending.Product) { p.Transfers = lending.TransferRules{Closed: true, ByTerm: true} }),
		"count the days of field":          plain(func(p *lending.Product) { p.Channels.VisitDays = 30 }),
		"for too many days": plain(func(p *lending.Product) {
			p.Channels.Checks, p.Channels.VisitDays = lending.Offline, 3651
		}),
		"or too few": plain(func(p *lending.Product) { p.Channels.Checks, p.Channels.VisitDays = lending.Offline, -1 }),
		"is one layer, and stands twice": plain(func(p *lending.Product) {
			p.Covers = []lending.CoverTerms{{Name: "x", Kind: lending.CoverGuarantor}, {Name: "x", Kind: lending.CoverCollateral}}
		}),
		"asked after the loan is written off": plain(func(p *lending.Product) {
			p.Late.WriteOffDays = 60
			p.Covers = []lending.CoverTerms{{Name: "x", Kind: lending.CoverGuarantor, TriggerDays: 61}}
		}),
	} {
		err := p.Validate()
		require.ErrorIs(t, err, lending.ErrTerms, want)
		require.ErrorContains(t, err, want)
		require.Len(t, flat(err), 1, "%s: %v", want, err)
	}
	p := fronted(func(p *lending.Product) {
		p.Fronting, p.Intermediary, p.Transfers.Closed = "", true, true
		p.Covers = []lending.CoverTerms{{Name: "x", Kind: lending.CoverGuarantor}}
	})
	require.Len(t, flat(p.Validate()), 4, "all at once")
}

// A cover that is asked on the last day before the loan is written off is asked.
func TestCoverMayBeAskedOnTheLastDay(t *testing.T) {
	p := standard()
	p.Late.WriteOffDays = 60
	p.Covers = []lending.CoverTerms{{Name: "x", Kind: lending.CoverGuarantor, TriggerDays: 60}}
	require.NoError(t, p.Validate())
}

// The presets change nothing but the model, keep what they were given, and share nothing with it.
func TestPresets(t *testing.T) {
	was := standard()
	was.Covers = append(make([]lending.CoverTerms, 0, 8), lending.CoverTerms{Name: "gil", Kind: lending.CoverGuarantor, TriggerDays: 3})
	p := lending.MicroloanOnline(was, "ola")
	require.NoError(t, p.Validate())
	require.Equal(t, lending.AllOnline(), p.Channels)
	require.Equal(t, []lending.CoverTerms{was.Covers[0], {Name: "ola", Kind: lending.CoverOriginator, TriggerDays: 30}}, p.Covers)
	require.Equal(t, p, lending.MicroloanOnline(p, "ola"), "named already")
	p.Covers[0].TriggerDays = 9
	require.Equal(t, 3, was.Covers[0].TriggerDays)
	require.Empty(t, was.Covers[:2][1].Name, "the room behind the list is the caller's")

	require.ErrorContains(t, ptr(lending.InformationIntermediary(was)).Validate(), "has covers")
	require.ErrorIs(t, ptr(lending.MicroloanOnline(standard(), "")).Validate(), lending.ErrTerms)
	require.ErrorIs(t, ptr(lending.DebtTransfer(standard(), "")).Validate(), lending.ErrTerms)
	require.Equal(t, "debt-transfer", lending.FlowDebtTransfer.String())
}

func ptr(p lending.Product) *lending.Product { return &p }

// A private tender takes the bids of its fronting lender alone, whichever way they come.
func TestPrivateTender(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "fay")
	id := w.open(lending.DebtTransfer(standard(), "fay"), 5000, 1, "8% per year")
	w.deposit("bob", amt(5000, cny))
	w.deposit("fay", amt(5000, cny))
	err := try(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(5000, cny)})
	require.ErrorIs(t, err, lending.ErrBid)
	require.ErrorContains(t, err, "is lent by fay alone: buy claims on it once he sells them")

	do(w, officer, lending.DefineQueue{Market: "m", Rules: lending.QueueRules{Currency: cny, Turns: lending.EveryTurnCounts}})
	// No queue fills it, so that nobody's turn is spent.
	refuse(w, lending.Actor{ID: "timer", Role: lending.RoleSystem}, lending.FillLoan{Market: "m", Loan: id}, lending.ErrBid)

	v := w.reports().Listings(lending.StateOpen)
	require.Len(t, v, 1)
	require.Equal(t, lending.PartyID("fay"), v[0].Only)
	do(w, party("fay"), lending.PlaceBid{Loan: id, Amount: amt(2000, cny)})
	require.True(t, do(w, party("fay"), lending.PlaceBid{Loan: id, Amount: amt(3000, cny)}).Full)

	do(w, officer, lending.DefineProduct{Product: lending.DebtTransfer(standard(), "ann")})
	refuse(w, party("ann"), lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1}, lending.ErrActor)
}
