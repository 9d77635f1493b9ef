package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// give moves title and no money.
type give struct {
	Loan lending.LoanID
	lending.Assignment
}

type given struct{ Lot int }

func (given) Type() string           { return "given" }
func (given) Apply(*gift)            {}
func (e *given) Code(c *event.Codec) { c.Count(&e.Lot) }

type gift struct{}

var gifts = event.NewKind[gift]("gift", nil, event.On[given]())

func (c give) Home(m lending.Meta) event.Ref[gift] { return gifts.Ref(m.Key) }
func (give) Allowed() []lending.Role               { return []lending.Role{lending.RoleOfficer} }
func (c give) Decide(t *lending.Tx, _ *gift) (given, error) {
	return given{c.Lot}, t.Assign(c.Loan, c.Assignment)
}

// sells asks whether the covers of a loan suspend sales.
type sells struct{ Loan lending.LoanID }

func (sells) Home(m lending.Meta) event.Ref[gift] { return gifts.Ref(m.Key) }
func (sells) Allowed() []lending.Role             { return []lending.Role{lending.RoleOfficer} }
func (c sells) Decide(t *lending.Tx, _ *gift) (given, error) {
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return given{}, err
	}
	_, err = t.Suspended(l)
	return given{}, err
}

// prefunded is a loan that its originator has lent alone.
func (w *world) prefunded(minor int64) lending.LoanID {
	id := w.open("ann", product("referred", byOriginator()), minor, 12)
	do(w, officer, lending.Publish{Loan: id})
	w.deposit("ola", minor)
	do(w, party("ola"), lending.PlaceBid{Loan: id, Amount: amt(minor)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	return id
}

// An originator that has lent first sells on within its retained share, its line and its deposit; what others
// hold is counted with each sale, theirs among each other is not; and it buys them back as any.
func TestPrefundedThenSold(t *testing.T) {
	terms := originatorTerms()
	terms.RetainedPPM, terms.Line = 100_000, 1_000_000
	w := originatorWorld(t, terms)
	id := w.prefunded(1_200_000)
	require.Zero(t, w.originator().Referred)
	sell := func(lot int, units int64, to lending.PartyID) error {
		return try(w, officer, give{id, lending.Assignment{Lot: lot, Units: units, To: to}})
	}
	require.ErrorIs(t, sell(0, 1_100_000, "bob"), guarantee.ErrRetained)
	require.ErrorIs(t, sell(0, 1_000_001, "bob"), guarantee.ErrOriginatorLine)
	require.Zero(t, w.originator().Referred)
	require.NoError(t, sell(0, 700_000, "bob"))
	require.NoError(t, sell(0, 300_000, "eve"))
	require.Equal(t, int64(1_000_000), w.originator().Referred)
	require.NoError(t, sell(1, 100_000, "eve"), "between lenders")
	require.NoError(t, sell(1, 100_000, "ola"), "it may buy")
	require.Equal(t, int64(900_000), w.originator().Referred)

	do(w, officer, guarantee.SuspendOriginator{Originator: "ola", Reason: "r"})
	require.ErrorIs(t, sell(1, 1, "eve"), guarantee.ErrOriginatorState, "nobody sells while it is suspended")
	do(w, officer, guarantee.SuspendOriginator{Originator: "ola", Lift: true, Reason: "r"})

	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(30)
	w.deposit("ola", 1_000_000)
	do(w, party("ola"), buyBack(id))
	require.Zero(t, w.originator().Referred)
	for _, x := range w.loan(id).Lots {
		require.Equal(t, lending.PartyID("ola"), x.Holder)
	}
	w.reports()
}

func TestPrefundedNeedsItsDeposit(t *testing.T) {
	terms := originatorTerms()
	terms.DepositPPM = 100_000
	w := originatorWorld(t, terms)
	id := w.prefunded(1_200_000)
	sell := give{id, lending.Assignment{Lot: 0, Units: 500_000, To: "bob"}}
	require.ErrorIs(t, try(w, officer, sell), guarantee.ErrOriginatorDeposit)
	w.deposit("ola", 50_000)
	do(w, party("ola"), guarantee.PutDeposit{Originator: "ola", Amount: amt(50_000)})
	do(w, officer, sell)
	require.Equal(t, int64(500_000), w.originator().Referred)
}

// What a borrower pays to the originator reaches the lenders when it is passed on, and counts from the day on
// which he paid. While it is overdue the originator refers nothing.
func TestCollectionsArePassedOn(t *testing.T) {
	terms := originatorTerms()
	terms.RemitDays = 7
	w := originatorWorld(t, terms)
	w.day = civil.MustParse("2026-01-15")
	id := w.lent("ann", product("referred", byOriginator()), 1_200_000, 12)
	first := w.loan(id).Plan.At(0)
	collect := func(minor int64, on civil.Date) guarantee.RecordCollection {
		return guarantee.RecordCollection{Originator: "ola", Loan: id, Amount: amt(minor), On: on}
	}
	remit := guarantee.RemitCollection{Originator: "ola", Collection: 1}
	w.day = first.Due.AddDays(1)
	require.ErrorIs(t, try(w, party("ola"), collect(0, first.Due)), lending.ErrAmount)
	require.ErrorIs(t, try(w, party("ola"), collect(1, w.day.AddDays(1))), lending.ErrDate)
	require.ErrorIs(t, try(w, party("ola"), collect(1, civil.Date{})), lending.ErrDate)
	require.ErrorIs(t, try(w, party("bob"), collect(1, first.Due)), lending.ErrActor)
	other := collect(1, first.Due)
	other.Loan = "L-none"
	require.ErrorIs(t, try(w, party("ola"), other), lending.ErrUnknown)
	require.ErrorIs(t, try(w, party("ola"), remit), lending.ErrUnknown)

	due := first.Total.Minor()
	ev := do(w, party("ola"), collect(due, first.Due))
	require.Equal(t, guarantee.Collection{Number: 1, Loan: id, Minor: due, On: first.Due, Due: first.Due.AddDays(7)}, ev.Collection)
	require.Equal(t, int64(0), w.cash("bob"), "no money is paid out that has not come")
	require.ErrorIs(t, try(w, party("ola"), remit), lending.ErrFunds)

	next := w.funded(w.open("art", product("referred", byOriginator()), 100_000, 12))
	w.day = first.Due.AddDays(7)
	require.Empty(t, w.originator().Unremitted(w.day))
	w.dayEnd(1)
	require.Len(t, w.originator().Unremitted(w.day), 1)
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: next}), guarantee.ErrUnremitted)
	unlisted := w.open("cal", product("referred", byOriginator()), 100_000, 12)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: unlisted}), guarantee.ErrUnremitted)

	w.deposit("ola", due)
	require.ErrorIs(t, try(w, party("bob"), remit), lending.ErrActor)
	do(w, party("ola"), remit)
	require.ErrorIs(t, try(w, party("ola"), remit), lending.ErrUnknown)
	do(w, officer, lending.RepayAsOf{Loan: id, Amount: amt(due), Value: first.Due, Reason: "remitted"})
	require.Zero(t, w.loan(id).DaysPastDue(w.day))
	require.Equal(t, due, w.cash("bob")+w.cash("eve"))
	do(w, officer, lending.Publish{Loan: unlisted})
	do(w, cashier, lending.Disburse{Loan: next})
	terms.RemitDays = -1
	require.ErrorIs(t, terms.Validate(), guarantee.ErrTerms)
	w.reports()
}

// What an originator took on while it held the whole loan it is asked for when others hold claims again: sold, or
// passed by law. Once it has defaulted, the layers behind it are.
func TestSoldAgainAfterBuyback(t *testing.T) {
	for _, compelled := range []bool{false, true} {
		w := originatorWorld(t, originatorTerms())
		later := byFund("fund")
		later.TriggerDays = 40
		p := product("referred", byOriginator(), later)
		p.Transfers.Overdue = true
		id := w.lent("ann", p, 1_200_000, 12)
		w.day = w.loan(id).Plan.At(0).Due
		w.dayEnd(30)
		w.deposit("ola", 2_000_000)
		do(w, party("ola"), buyBack(id))
		require.Zero(t, w.originator().Referred)
		w.dayEnd(35) // the second instalment is 30 days past due as well
		require.NotZero(t, w.loan(id).Dues[1].Promised[0], "taken on without a demand")
		require.Zero(t, w.originator().Pending.Len())
		for i, x := range w.loan(id).Lots {
			do(w, officer, give{id, lending.Assignment{Lot: i, Units: x.Units, To: "cal", Compelled: compelled}})
		}
		o := w.originator()
		require.Equal(t, 2, o.Pending.Len())
		require.Equal(t, w.loan(id).Dues[0].Promised[0]+w.loan(id).Dues[1].Promised[0], o.Pending.Total())
		require.NotZero(t, o.Referred)
		w.deposit("fund", 5_000_000)
		w.dayEnd(40)
		do(w, officer, guarantee.DeclareOriginatorDefault{Originator: "ola", Reason: guarantee.Insolvent})
		w.dayEnd(1)
		w.dayEnd(1)
		for i := range 3 {
			require.Zero(t, w.loan(id).Dues[i].Missing().Total(), "instalment %d", i)
		}
	}
}

// An originator that may take no money out sends none to a borrower either, but by an officer's hand; and none is
// collected beyond the debt.
func TestFrozenOriginatorRemits(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	id := w.lent("ann", product("referred", byOriginator()), 1_200_000, 12)
	w.deposit("ola", 50_000_000)
	var owed int64
	for _, d := range w.loan(id).Dues {
		owed += d.Owed.Total()
	}
	collect := func(minor int64) guarantee.RecordCollection {
		return guarantee.RecordCollection{Originator: "ola", Loan: id, Amount: amt(minor), On: w.day}
	}
	require.ErrorIs(t, try(w, party("ola"), collect(owed+1)), lending.ErrLimit)
	remit := guarantee.RemitCollection{Originator: "ola", Collection: do(w, party("ola"), collect(owed-5)).Number}
	require.ErrorIs(t, try(w, party("ola"), collect(6)), lending.ErrLimit, "beside what it has not passed on")
	do(w, officer, lending.Freeze{Party: "ola"})
	require.Error(t, try(w, party("ola"), lending.Withdraw{Amount: amt(1)}))
	before := w.cash("ann")
	require.ErrorIs(t, try(w, party("ola"), remit), lending.ErrState)
	require.Equal(t, before, w.cash("ann"))
	do(w, officer, remit)
	require.Equal(t, before+owed-5, w.cash("ann"))
}
