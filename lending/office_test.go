package lending_test

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

// office lives through what the platform's office does: a campaign whose referral fee is earned,
// paid and credited, a complaint followed to its end, a flag, and a period closed and reopened.
func office(w *world) {
	w.bank.Dedup(true)
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{} })
	do(w, officer, lending.DefineCampaign{Terms: spring(w.day)})
	do(w, officer, lending.ChargeCampaign{Campaign: "spring", Amount: amt(70_000, cny)})
	w.register("fay")
	source := lending.Source{Campaign: "spring", Referrer: "bob"}
	do(w, party("fay"), lending.RecordSource{Party: "fay", Source: source})
	w.lent(standard(), 100_000, 2, "12% per year", "fay")
	n, err := w.desk.AccrueReferrals(context.Background(), w.meta(timer), w.reports())
	require.NoError(w.t, err)
	require.Equal(w.t, 1, n)
	do(w, cashier, lending.PayReferral{Party: "fay"})
	do(w, bank, lending.CreditReferral{Party: "fay", Amount: amt(1500, cny)})

	id := do(w, party("fay"), lending.OpenComplaint{Kind: lending.Complaint, From: "fay",
		Subject: lending.Subject{Person: "carl"}, Text: event.Hash{1}}).ID
	do(w, officer, lending.AssignComplaint{Complaint: id, To: "amir"})
	w.day = w.day.AddDays(2)
	w.dayEnd()
	do(w, analyst, lending.AcknowledgeComplaint{Complaint: id})
	do(w, analyst, lending.AnswerComplaint{Complaint: id, Text: event.Hash{2}})
	do(w, analyst, lending.RaiseFlag{Party: "fay", Flag: "complained", Complaint: id})
	do(w, analyst, lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeUpheld})
	do(w, officer, lending.LiftFlag{Party: "fay", Flag: "complained"})

	through := w.day.AddDays(-1)
	_, err = w.desk.ClosePeriod(context.Background(), w.meta(officer), through, lending.MatterTopup, lending.MatterTransit)
	require.NoError(w.t, err)
	require.NoError(w.t, w.desk.VerifyClose(context.Background(), through))
	do(w, officer, lending.ReopenPeriod{Locked: through.AddDays(-1), Reason: "late-invoice"})
}

// spring is a campaign that pays the referrer of a lender 5 yuan and 1% of what the lender first lent.
func spring(from civil.Date) lending.CampaignTerms {
	return lending.CampaignTerms{ID: "spring", Channel: "radio", Currency: cny, From: from,
		Referral: lending.FirstInvested, Fixed: 500, PPM: 10_000, Cap: 2000}
}
