package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// visit is one that was made today. What is found on one that is failed is another thing.
func (w *world) visit(passed bool) lending.FieldVerification {
	v := lending.FieldVerification{Agent: "gus", Branch: "branch-7", Visited: w.day,
		Evidence: []event.Hash{hash(1), hash(2)}, Passed: passed}
	if !passed {
		v.Evidence = []event.Hash{hash(3), hash(4)}
	}
	return v
}

// Evidence on which a visit was failed passes no other one, however many there were between, whole or in part;
// what was passed may be failed when it turns out to be wrong, and is then no good again. Nothing is kept
// without end.
func TestFailedEvidencePassesNothing(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.vetted(offline())
	record := func(passed bool, evidence ...event.Hash) error {
		v := w.visit(passed)
		v.Evidence = evidence
		before := w.loan(id)
		err := try(w, officer, lending.RecordFieldVerification{Loan: id, Visit: v})
		if err != nil {
			require.Equal(t, before, w.loan(id))
		}
		return err
	}
	require.NoError(t, record(false, hash(1), hash(2)))
	require.ErrorIs(t, record(true, hash(1), hash(2)), lending.ErrFieldVerification, "the very same")
	require.ErrorIs(t, record(true, hash(2), hash(1)), lending.ErrFieldVerification)
	require.ErrorIs(t, record(true, hash(9), hash(2)), lending.ErrFieldVerification, "a part of it")
	require.NoError(t, record(false, hash(1), hash(2)), "the same once more")
	require.NoError(t, record(false, hash(5)))
	require.ErrorIs(t, record(true, hash(1)), lending.ErrFieldVerification, "from two visits ago")
	require.NoError(t, record(true, hash(6)))
	require.NoError(t, record(true, hash(6), hash(7)), "passed again")
	require.NoError(t, record(false, hash(6)), "a forgery")
	require.ErrorIs(t, record(true, hash(6)), lending.ErrFieldVerification)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), lending.ErrFieldVerification)
	many := func(n byte) (list []event.Hash) {
		for k := range byte(32) {
			list = append(list, event.Hash{100 + n, k})
		}
		return list
	}
	for n := range byte(9) {
		require.NoError(t, record(false, many(n)...))
	}
	require.ErrorIs(t, record(false, many(10)...), lending.ErrLimit)
	require.NoError(t, record(false, many(3)...), "nothing new")
}

// offline is a product whose borrowers are visited; a visit counts for 30 days.
func offline() lending.Product {
	p := standard()
	p.Channels.Checks, p.Channels.VisitDays = lending.Offline, 30
	return p
}

// vetted takes a loan of ann to its approval.
func (w *world) vetted(p lending.Product) lending.LoanID {
	id := w.asked(p, 5000)
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("8% per year")})
	return id
}

// No visit, a failed one, one that is too old, and one by who approved the loan or recorded by him: each
// keeps it back, and each refusal says what to do.
func TestPublicationWaitsForTheFieldVerification(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.vetted(offline())
	waits := func(why string) {
		t.Helper()
		err := try(w, officer, lending.Publish{Loan: id})
		require.ErrorIs(t, err, lending.ErrFieldVerification)
		require.ErrorContains(t, err, why)
		require.ErrorContains(t, err, "send RecordFieldVerification")
		require.Equal(t, lending.ClassRefused, lending.ClassOf(err))
		require.Equal(t, "field-verification", lending.CodeOf(err))
	}
	record := func(by lending.Actor, v lending.FieldVerification) {
		t.Helper()
		do(w, by, lending.RecordFieldVerification{Loan: id, Visit: v})
	}
	waits("its borrower has to be visited")
	record(officer, w.visit(false))
	waits("failed on the visit of " + w.day.String())
	own := w.visit(true)
	own.Agent = analyst.ID
	record(officer, own)
	waits("by who approved it")
	record(analyst, w.visit(true))
	waits("the visit recorded, by who approved it")
	record(officer, w.visit(true))
	w.day = w.day.AddDays(31)
	waits("counted until " + w.day.AddDays(-1).String())
	w.day = w.day.AddDays(-1)
	do(w, officer, lending.Publish{Loan: id})

	l := w.loan(id)
	require.Equal(t, []event.Hash{hash(1), hash(2)}, l.Dossier.Visit.Evidence)
	require.Equal(t, officer.ID, l.Dossier.Recorder)
	require.NoError(t, l.Check())
	require.True(t, w.reports().Listings(lending.StateOpen)[0].FieldVerified)
	refuse(w, officer, lending.RecordFieldVerification{Loan: id, Visit: w.visit(true)}, lending.ErrState)
	l.Dossier.Visit.Passed = false
	require.ErrorIs(t, l.Check(), lending.ErrInvariant)
}

// A visit that does not say who, where, when and what is refused, and so is one by the borrower.
func TestFieldVerificationRefusals(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.vetted(offline())
	for name, c := range map[string]struct {
		err   error
		spoil func(*lending.FieldVerification)
	}{
		"no agent":       {lending.ErrID, func(v *lending.FieldVerification) { v.Agent = "" }},
		"the borrower":   {lending.ErrActor, func(v *lending.FieldVerification) { v.Agent = "ann" }},
		"no branch":      {lending.ErrID, func(v *lending.FieldVerification) { v.Branch = "" }},
		"no day":         {lending.ErrDate, func(v *lending.FieldVerification) { v.Visited = civil.Date{} }},
		"tomorrow":       {lending.ErrDate, func(v *lending.FieldVerification) { v.Visited = w.day.AddDays(1) }},
		"no evidence":    {lending.ErrTerms, func(v *lending.FieldVerification) { v.Evidence = nil }},
		"an empty hash":  {lending.ErrTerms, func(v *lending.FieldVerification) { v.Evidence[1] = event.Hash{} }},
		"a piece twice":  {lending.ErrTerms, func(v *lending.FieldVerification) { v.Evidence[1] = v.Evidence[0] }},
		"too much of it": {lending.ErrTerms, func(v *lending.FieldVerification) { v.Evidence = make([]event.Hash, 33) }},
	} {
		t.Run(name, func(t *testing.T) {
			v := w.visit(true)
			c.spoil(&v)
			refuse(w, officer, lending.RecordFieldVerification{Loan: id, Visit: v}, c.err)
		})
	}
	asOfficer := lending.Actor{ID: "ann", Role: lending.RoleOfficer}
	refuse(w, asOfficer, lending.RecordFieldVerification{Loan: id, Visit: w.visit(true)}, lending.ErrActor)
	refuse(w, party("ann"), lending.RecordFieldVerification{Loan: id, Visit: w.visit(true)}, lending.ErrActor)
	refuse(w, officer, lending.RecordFieldVerification{Loan: "L-none", Visit: w.visit(true)}, lending.ErrUnknown)

	do(w, officer, lending.RecordFieldVerification{Loan: id, Visit: w.visit(false)})
	earlier := w.visit(true)
	earlier.Visited = w.day.AddDays(-1)
	refuse(w, officer, lending.RecordFieldVerification{Loan: id, Visit: earlier}, lending.ErrDate)

	online := w.vetted(standard())
	refuse(w, officer, lending.RecordFieldVerification{Loan: online, Visit: w.visit(true)}, lending.ErrState)
}

// The outcome keeps a list of its own, and takes effect once.
func TestFieldVerificationIsOwnAndOnce(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.vetted(offline())
	c := lending.RecordFieldVerification{Loan: id, Visit: w.visit(true)}
	m := w.meta(officer)
	first, err := lending.Do(t.Context(), w.desk, m, c)
	require.NoError(t, err)
	again, err := lending.Do(t.Context(), w.desk, m, c)
	require.NoError(t, err)
	require.Equal(t, first, again)
	first.Visit.Evidence[0] = hash(9)
	require.Equal(t, hash(1), c.Visit.Evidence[0])
	require.Equal(t, hash(1), w.loan(id).Dossier.Visit.Evidence[0])
}

// An application that came off line says through what before its loan is published.
func TestPublicationWaitsForTheSource(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := standard()
	p.Channels.Acquisition = lending.Offline
	id := w.vetted(p)
	source := lending.RecordSource{Party: "ann", Source: lending.Source{Channel: "branch-7"}}
	do(w, officer, source)
	err := try(w, officer, lending.Publish{Loan: id})
	require.ErrorIs(t, err, lending.ErrFileIncomplete, "how the party came is another matter")
	require.ErrorContains(t, err, "send RecordSource with the loan set")
	source.Loan = id
	do(w, officer, source)
	do(w, officer, lending.Publish{Loan: id})
}

// A contract that is signed at a branch: on paper, recorded by an officer, countersigned by another. The
// borrower's own signature on line does not do, nor a paper where it does.
func TestContractSignedAtABranch(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := standard()
	p.Channels.Signing, p.ContractRequired = lending.Offline, true
	id := w.funded(p, 5000, 1, "8% per year", "bob")
	paper := lending.RecordSignature{Loan: id, Branch: "branch-7", Paper: hash(3)}
	refuse(w, officer, paper, lending.ErrContract) // none is issued
	h := do(w, officer, lending.IssueContract{Loan: id}).Hash
	paper.Hash = h
	refuse(w, party("ann"), lending.SignContract{Loan: id, Hash: h}, lending.ErrContract)
	refuse(w, chief, lending.SignContract{Loan: id, Hash: h}, lending.ErrContract) // waits for the borrower
	for _, spoil := range []struct {
		err error
		by  lending.Actor
		as  func(*lending.RecordSignature)
	}{
		{lending.ErrID, chief, func(c *lending.RecordSignature) { c.Branch = "" }},
		{lending.ErrTerms, chief, func(c *lending.RecordSignature) { c.Paper = event.Hash{} }},
		{lending.ErrContract, chief, func(c *lending.RecordSignature) { c.Hash = hash(8) }},
		{lending.ErrActor, lending.Actor{ID: "ann", Role: lending.RoleOfficer}, func(*lending.RecordSignature) {}},
		{lending.ErrActor, party("ann"), func(*lending.RecordSignature) {}},
	} {
		c := paper
		spoil.as(&c)
		refuse(w, spoil.by, c, spoil.err)
	}
	do(w, chief, paper)
	refuse(w, chief, paper, lending.ErrState)
	refuse(w, officer, lending.SignContract{Loan: id, Hash: h}, lending.ErrSecond) // issued it
	refuse(w, chief, lending.SignContract{Loan: id, Hash: h}, lending.ErrSecond)   // recorded the paper
	third := lending.Actor{ID: "tess", Role: lending.RoleOfficer}
	do(w, third, lending.SignContract{Loan: id, Hash: h})
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	l := w.loan(id)
	require.NoError(t, l.Check())
	require.Equal(t, hash(3), l.Dossier.Contract.Paper)
	l.Dossier.Contract.Paper = event.Hash{}
	require.ErrorIs(t, l.Check(), lending.ErrInvariant)

	p.Channels.Signing = lending.Online
	online := w.funded(p, 5000, 1, "8% per year", "bob")
	paper.Loan, paper.Hash = online, do(w, officer, lending.IssueContract{Loan: online}).Hash
	refuse(w, chief, paper, lending.ErrContract)
}
