package lendingtest

import (
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// borrower is who gives a command about a loan for itself, or the system for "system".
func borrower(who string) lending.Actor {
	if who == "system" {
		return role(lending.RoleSystem)
	}
	return self(who)
}

func doRepay(w *World, args []string) ([]string, error) {
	a, err := w.loanAmount(args[1], args[2])
	if err != nil {
		return nil, err
	}
	got, err := give(w, borrower(args[0]), lending.Repay{Loan: w.loan(args[1]), Amount: a})
	if err != nil {
		return nil, err
	}
	return w.repaid(args[1], &got), nil
}

func doPayOff(w *World, args []string) ([]string, error) {
	got, err := give(w, borrower(args[0]), lending.PayOff{Loan: w.loan(args[1])})
	if err != nil {
		return nil, err
	}
	return w.repaid(args[1], &got), nil
}

func doReverse(w *World, args []string) ([]string, error) {
	c := lending.ReversePayment{Loan: w.loan(args[0]), Reason: lending.Code(args[1])}
	if len(args) > 2 {
		n, err := number(args[2])
		if err != nil {
			return nil, err
		}
		c.Payment = n
	}
	got, err := give(w, role(lending.RoleOfficer), c)
	return w.rebooked(args[0], &got), err
}

func doFound(w *World, args []string) ([]string, error) {
	a, err := w.loanAmount(args[0], args[1])
	if err != nil {
		return nil, err
	}
	value, err := date(args[2])
	if err != nil {
		return nil, err
	}
	got, err := give(w, role(lending.RoleOfficer),
		lending.RepayAsOf{Loan: w.loan(args[0]), Amount: a, Value: value, Reason: lending.Code(args[3])})
	return w.rebooked(args[0], &got), err
}

// rebooked prints which payments count anew, and how.
func (w *World) rebooked(name string, e *lending.Rebooked) (printed []string) {
	for i := range e.Again {
		again := &e.Again[i]
		printed = append(printed, fmt.Sprintf("payment %d of %s, anew:", again.N, again.On))
		printed = append(printed, w.repaid(name, again)...)
	}
	return printed
}

// repaid prints what a payment paid and who got what of it.
func (w *World) repaid(name string, e *lending.Repaid) []string {
	l := w.reports.Loan(w.loan(name)) // as before the payment, with the same lots
	c := l.Currency()
	var paid lending.Components
	for _, p := range e.Parts {
		paid[p.Component] += p.Minor
	}
	printed := []string{fmt.Sprintf("paid %s: %s", e.Total, components(paid, c))}
	for _, f := range e.Platform {
		printed = append(printed, levied([]lending.Levied{{Levy: f}}, c)...)
	}
	printed = append(printed, levied(e.Others, c)...)
	for i := range l.Lots {
		var got lending.Components
		for _, v := range e.Vectors {
			got[v.Component] += v.Shares[i]
		}
		if got.Total() == 0 {
			continue
		}
		line := fmt.Sprintf("%s gets %s", l.Lots[i].Holder, components(got, c))
		if fee := e.FeeOf(i); fee > 0 {
			line += ", less fee " + minor(fee, c).Text()
		}
		printed = append(printed, line)
	}
	if e.Closes {
		printed = append(printed, "nothing is owed any more")
	}
	return printed
}

func doWriteOff(w *World, args []string) ([]string, error) {
	c := lending.WriteOff{Loan: w.loan(args[0]), Reason: lending.Code(args[1])}
	got, err := give(w, role(lending.RoleOfficer), c)
	if err != nil {
		return nil, err
	}
	cur := w.reports.Loan(c.Loan).Currency()
	return []string{fmt.Sprintf("principal written off: %s", minor(got.Principal, cur))}, nil
}

// components prints the figures that are not zero.
func components(c lending.Components, cur money.Currency) string {
	var parts []string
	for x := lending.Interest; x <= lending.Costs; x++ {
		if c[x] != 0 {
			parts = append(parts, fmt.Sprintf("%s %s", x, minor(c[x], cur).Text()))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

func levied(fees []lending.Levied, c money.Currency) (printed []string) {
	for _, f := range fees {
		who := "platform"
		if f.Party != "" {
			who = string(f.Party)
		}
		printed = append(printed, fmt.Sprintf("%s gets %s %s", who, f.Fee, minor(f.Minor, c).Text()))
	}
	return printed
}

// minor makes an amount of figures that the library has recorded.
func minor(n int64, c money.Currency) money.Amount {
	a, err := money.New(n, c)
	if err != nil {
		return money.Amount{}
	}
	return a
}
