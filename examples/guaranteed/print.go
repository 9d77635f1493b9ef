package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/loanweave/loanweave/schedule/money"
)

// plain writes minor units without their currency.
func plain(minor int64) string {
	a, err := money.New(minor, cny)
	if err != nil {
		return "too much"
	}
	return a.Text()
}

// report writes the tables.
func report(w io.Writer, cfg config, fates []fate, list []result) error {
	var b bytes.Buffer
	defaults := 0
	for _, f := range fates {
		if f.defaults() {
			defaults++
		}
	}
	fmt.Fprintf(&b, "%d loans of CNY %s over %d months at %s; %d stop being paid.\n", cfg.loans,
		plain(principal), periods, rate, defaults)
	fmt.Fprintln(&b, "\nWho lost what, against a year in which all pay (CNY). Borrowers leave the same unpaid under each.")
	fmt.Fprintf(&b, "\n%-32s %12s %12s %12s %12s\n", "", "lenders", "backer", "platform", "in all")
	for _, r := range list {
		fmt.Fprintf(&b, "%-32s %12s %12s %12s %12s\n", r.model.name, plain(r.loss.Lenders), plain(r.loss.Backers),
			plain(r.loss.Platform), plain(-r.loss.Borrowers))
	}
	fmt.Fprintf(&b, "\nBackers cover an instalment that is 30 days late, principal and interest; lenders who are paid have no\n"+
		"interest any more, which is what they lose behind the rich ones. Protection costs borrowers %d%%, at disbursement.\n",
		protection/10_000)
	fmt.Fprintln(&b, "\nWhat everybody has in the end more than he put in (CNY). Each line sums to zero.")
	fmt.Fprintf(&b, "\n%-32s %12s %12s %12s %12s\n", "", "lenders", "backer", "platform", "borrowers")
	for _, r := range list {
		fmt.Fprintf(&b, "%-32s %12s %12s %12s %12s\n", r.model.name, plain(r.end.Lenders), plain(r.end.Backers),
			plain(r.end.Platform), plain(r.end.Borrowers))
	}
	fmt.Fprintln(&b, "\nHow it went: what the unluckiest lender has more than he lent, and what lenders missed of")
	fmt.Fprintln(&b, "what was due to them at the end of the worst week (CNY).")
	fmt.Fprintf(&b, "\n%-32s %12s %12s  %s\n", "", "unluckiest", "missed", "who stood in")
	for _, r := range list {
		fmt.Fprintf(&b, "%-32s %12s %12s  %s\n", r.model.name, plain(r.worst), plain(r.missed), r.outcome)
	}
	_, err := w.Write(b.Bytes())
	return err
}
