package lending_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
)

// order is a command of any kind, sent by any actor.
type order struct {
	name string
	own  lending.PartyID // the only party that may send it; empty when no party may
	send func(w *world, m lending.Meta) error
}

func asOrder[S any, E event.Of[S]](own lending.PartyID, c lending.Command[S, E]) order {
	return order{fmt.Sprintf("%T", c), own, func(w *world, m lending.Meta) error {
		_, err := lending.Do(context.Background(), w.desk, m, c)
		return err
	}}
}

// orders are all commands, each as it would succeed or at least be allowed.
func orders(loan, applied, returned, reviewed lending.LoanID) []order {
	return []order{
		asOrder("", lending.Register{Party: "new", Kind: lending.Person}),
		asOrder("", lending.Freeze{Party: "bob"}),
		asOrder("", lending.DefineProduct{Product: standard()}),
		asOrder("", lending.Deposit{Party: "bob", Amount: amt(1, cny)}),
		asOrder("", lending.TopUp{Amount: amt(1, cny)}),
		asOrder("", lending.ReverseDeposit{Payment: "D-x"}),
		asOrder("", lending.Observe{Report: payment.Report{Instruction: "W-x"}}),
		asOrder("", lending.ReleasePayment{Payment: "W-x"}),
		asOrder("", lending.ResolveDispute{Report: payment.Report{Instruction: "W-x"}}),
		asOrder("any", lending.Withdraw{Amount: amt(1, cny)}),
		asOrder("any", lending.Apply{Product: "std", Amount: amt(1000, cny), Periods: 1}),
		asOrder("", lending.Approve{Loan: loan, Rate: schedule.MustRate("1% per year")}),
		asOrder("", lending.Decline{Loan: loan, Reason: "r"}),
		asOrder("", lending.Publish{Loan: loan}),
		asOrder("any", lending.PlaceBid{Loan: loan, Amount: amt(1, cny)}),
		asOrder("", lending.CancelTender{Loan: loan, Reason: "r"}),
		asOrder("", lending.ReviewFunding{Loan: loan}),
		asOrder("", lending.CancelFunding{Loan: loan, Reason: "r"}),
		asOrder("", lending.Disburse{Loan: loan}),
		asOrder("", lending.CreditRest{Loan: loan}),
		asOrder("ann", lending.Repay{Loan: loan, Amount: amt(1, cny)}),
		asOrder("ann", lending.PayOff{Loan: loan}),
		asOrder("", lending.WriteOff{Loan: loan, Reason: "r"}),
		asOrder("", lending.ReversePayment{Loan: loan, Reason: "r"}),
		asOrder("", lending.EndDay{Loan: loan}),
		asOrder("", lending.PayChunk{Payout: "L-x.1"}),
		asOrder("", lending.MarkRelated{Party: "bob"}),
		asOrder("", lending.RecordIdentity{Party: "bob"}),
		asOrder("", lending.RecordCategory{Party: "bob"}),
		asOrder("", lending.RecordAppropriateness{Party: "bob"}),
		asOrder("any", lending.Exclude{}),
		asOrder("", lending.MarkDormant{Party: "bob"}),
		asOrder("ann", lending.Reactivate{Party: "ann"}),
		asOrder("ann", lending.CloseParty{Party: "ann"}),
		asOrder("", lending.Receive{Amount: amt(1, cny)}),
		asOrder("", lending.AssignReceipt{Receipt: "U-x", Party: "bob"}),
		asOrder("", lending.ReturnReceipt{Receipt: "U-x"}),
		asOrder("ann", lending.SubmitDocument{Loan: applied, Document: "id-card", Hash: hash(1)}),
		asOrder("", lending.WaiveDocument{Loan: applied, Document: "id-card", Reason: "r"}),
		asOrder("", lending.SatisfyCondition{Loan: loan, Condition: "c", Evidence: hash(1)}),
		asOrder("", lending.WaiveCondition{Loan: loan, Condition: "c", Reason: "r"}),
		asOrder("", lending.CompleteStage{Loan: applied, Stage: "desk", Outcome: "pass"}),
		asOrder("", lending.ReferBack{Loan: applied, Reason: "r"}),
		asOrder("ann", lending.Resubmit{Loan: returned}),
		asOrder("ann", lending.WithdrawApplication{Loan: applied, Reason: "r"}),
		asOrder("", lending.AmendListing{Loan: loan}),
		asOrder("", lending.IssueContract{Loan: loan}),
		asOrder("ann", lending.SignContract{Loan: reviewed, Hash: hash(1)}),
		asOrder("", lending.RecordSignature{Loan: reviewed, Hash: hash(1)}),
		asOrder("", lending.RecordFieldVerification{Loan: applied}),
	}
}

// Every command names who may send it; everyone else is refused with the code "wrong-actor" before
// anything is looked at, and nothing is written (P20). The table is the promise.
func TestEveryCommandDeniesEveryOtherActor(t *testing.T) {
	allowed := map[string]string{
		"lending.Register": "officer system", "lending.Freeze": "officer", "lending.DefineProduct": "officer",
		"lending.Deposit": "custodian", "lending.TopUp": "custodian", "lending.ReverseDeposit": "custodian",
		"lending.Observe": "custodian system", "lending.ReleasePayment": "cashier",
		"lending.ResolveDispute": "cashier", "lending.CreditRest": "cashier",
		"lending.Withdraw": "party", "lending.Apply": "party", "lending.PlaceBid": "party",
		"lending.Approve": "analyst", "lending.Decline": "analyst", "lending.Publish": "officer",
		"lending.CancelTender": "officer", "lending.ReviewFunding": "officer", "lending.CancelFunding": "officer",
		"lending.Disburse": "cashier", "lending.Repay": "party system", "lending.PayOff": "party system",
		"lending.WriteOff": "officer", "lending.ReversePayment": "officer", "lending.EndDay": "system",
		"lending.PayChunk":    "system",
		"lending.MarkRelated": "officer", "lending.RecordIdentity": "officer system",
		"lending.RecordCategory": "officer system", "lending.RecordAppropriateness": "officer system",
		"lending.Exclude": "party", "lending.MarkDormant": "officer system",
		"lending.Reactivate": "party officer", "lending.CloseParty": "party officer",
		"lending.Receive": "custodian", "lending.AssignReceipt": "cashier", "lending.ReturnReceipt": "cashier",
		"lending.SubmitDocument": "party analyst officer system",
		"lending.WaiveDocument":  "analyst officer", "lending.SatisfyCondition": "analyst officer",
		"lending.WaiveCondition": "analyst officer", "lending.CompleteStage": "analyst officer system",
		"lending.ReferBack": "analyst", "lending.Resubmit": "party", "lending.WithdrawApplication": "party",
		"lending.AmendListing": "analyst", "lending.IssueContract": "officer", "lending.SignContract": "party officer",
		"lending.RecordSignature": "officer", "lending.RecordFieldVerification": "analyst officer",
	}
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	loan := w.lent(standard(), 10_000, 2, "12% per year", "bob")
	reviewed := w.funded(standard(), 10_000, 2, "12% per year", "bob")
	ask := lending.Apply{Product: "std", Amount: amt(1000, cny), Periods: 1}
	applied, returned := do(w, party("ann"), ask).Loan, do(w, party("ann"), ask).Loan
	do(w, analyst, lending.ReferBack{Loan: returned, Reason: "papers"})
	list := orders(loan, applied, returned, reviewed)
	require.Len(t, allowed, len(list), "every command is in the table")
	for _, o := range list {
		for role := lending.Role(0); role <= lending.RoleSystem+1; role++ {
			may := false
			for _, r := range lending.FieldsOf(allowed[o.name]) {
				may = may || r == role.String()
			}
			if may {
				continue
			}
			before := w.feed()
			err := o.send(w, w.meta(lending.Actor{ID: "ann", Role: role}))
			require.ErrorIs(t, err, lending.ErrActor, "%s as %s", o.name, role)
			require.Equal(t, lending.ClassDenied, lending.ClassOf(err))
			require.Equal(t, before, w.feed(), "%s as %s wrote something", o.name, role)
		}
		if o.own == "ann" {
			err := o.send(w, w.meta(party("bob")))
			require.ErrorIs(t, err, lending.ErrActor, "%s by another party", o.name)
		}
	}
}

// Steps that need two people are refused when one person takes both.
func TestSecondPerson(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	w.deposit("bob", amt(10_000, cny))
	do(w, officer, lending.DefineProduct{Product: standard()})
	id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(10_000, cny), Periods: 2}).Loan
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	require.ErrorIs(t, try(w, lending.Actor{ID: analyst.ID, Role: lending.RoleOfficer}, lending.Publish{Loan: id}), lending.ErrSecond)
	do(w, officer, lending.Publish{Loan: id})
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(10_000, cny)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	require.ErrorIs(t, try(w, lending.Actor{ID: officer.ID, Role: lending.RoleCashier}, lending.Disburse{Loan: id}), lending.ErrSecond)
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	w.repay(id, 100)
	w.day = w.day.AddDays(100)
	for name, approver := range map[string]lending.Actor{
		"nobody": {}, "himself": officer, "a cashier": cashier, "a malformed one": {ID: "a b", Role: lending.RoleOfficer},
	} {
		m := w.meta(officer)
		m.Approver = approver
		_, err := lending.Do(context.Background(), w.desk, m, lending.WriteOff{Loan: id, Reason: "r"})
		require.ErrorIs(t, err, lending.ErrSecond, "write-off approved by %s", name)
		m = w.meta(officer)
		m.Approver = approver
		_, err = lending.Do(context.Background(), w.desk, m, lending.ReversePayment{Loan: id, Reason: "r"})
		require.ErrorIs(t, err, lending.ErrSecond, "reversal approved by %s", name)
	}
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "r"})
	do(w, officer, lending.WriteOff{Loan: id, Reason: "r"})
}

// A command may carry a date after which it must not take effect (P6); a retry of one that did is
// answered all the same.
func TestNotAfter(t *testing.T) {
	w := newWorld(t, lending.Config{})
	m := w.meta(officer)
	m.NotAfter = w.day
	c := lending.Register{Party: "ann", Kind: lending.Person}
	first, err := lending.Do(context.Background(), w.desk, m, c)
	require.NoError(t, err)

	late := w.meta(officer)
	late.NotAfter, late.On = w.day, w.day.AddDays(1)
	_, err = lending.Do(context.Background(), w.desk, late, lending.Register{Party: "bob", Kind: lending.Person})
	require.ErrorIs(t, err, lending.ErrExpired)

	m.On = w.day.AddDays(1)
	again, err := lending.Do(context.Background(), w.desk, m, c)
	require.NoError(t, err)
	require.Equal(t, first, again)
}

// No event carries a bare string: only ids and codes of named types, so that nothing about a
// person can slip in (P22).
func TestEventsCarryNoText(t *testing.T) {
	for _, e := range lending.AllEvents() {
		noText(t, reflect.TypeOf(e), fmt.Sprintf("%T", e), map[reflect.Type]bool{})
	}
}

func noText(t *testing.T, typ reflect.Type, path string, seen map[reflect.Type]bool) {
	if seen[typ] {
		return
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.String:
		require.NotEqual(t, reflect.TypeFor[string](), typ, "%s is a bare string", path)
	case reflect.Slice, reflect.Array, reflect.Pointer:
		noText(t, typ.Elem(), path+"[]", seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			noText(t, typ.Field(i).Type, path+"."+typ.Field(i).Name, seen)
		}
	}
}
