package main

import (
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// say writes a line.
func (o *office) say(format string, args ...any) {
	if o.err == nil {
		_, o.err = fmt.Fprintln(o.out, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
}

// amount is of minor units of the loan's currency.
func (o *office) amount(minor int64) money.Amount {
	a, err := money.New(minor, money.MustCurrency("CNY"))
	if o.err == nil {
		o.err = err
	}
	return a
}

// plain writes minor units without their currency, and nothing for zero.
func (o *office) plain(minor int64) string {
	if minor == 0 {
		return ""
	}
	_, digits, _ := strings.Cut(o.amount(minor).String(), " ")
	return digits
}

// plan writes what falls due from today on.
func (o *office) plan() {
	l := o.loan()
	out := l.Outstanding().Minor()
	o.say("  %-10s %10s %10s %10s %10s", "due", "principal", "interest", "in all", "still out")
	for _, d := range l.Dues {
		if u := d.Unpaid(); d.Date.After(o.today) {
			out -= u[lending.Principal]
			o.say("  %s %10s %10s %10s %10s", d.Date, o.plain(u[lending.Principal]), o.plain(u[lending.Interest]),
				o.plain(u.Total()), o.plain(out))
		}
	}
}

// owes writes what is past due, as of the last booking, and what is to be paid today.
func (o *office) owes() {
	for _, d := range o.loan().Dues {
		if u := d.Unpaid(); d.Date.Before(o.today) && u.Total() > 0 {
			o.say("  of %s: %s", d.Date, o.components(u))
		}
	}
	o.say("  to be paid today: %s", o.due())
}

// components lists what is not zero: "interest 120.00, principal 1950.58".
func (o *office) components(c lending.Components) string {
	var parts []string
	for i := lending.Interest; i <= lending.Costs; i++ {
		if c[i] != 0 {
			parts = append(parts, i.String()+" "+o.plain(c[i]))
		}
	}
	return strings.Join(parts, ", ")
}

// waterfall writes what a payment paid, in the order of payment, and what it left open.
func (o *office) waterfall(p paid) {
	l := o.loan()
	o.say("  %4s  %-10s %-20s %10s %10s %10s", "line", "due", "for", "owed", "paid", "left")
	line := func(n int, due civil.Date, what string, left, paid int64) {
		o.say("  %4d  %s %-20s %10s %10s %10s", n, due, what, o.plain(left+paid), o.plain(paid), o.plain(left))
	}
	type place struct{ instalment, charge, component int }
	at := func(instalment, charge int, c lending.Component) place { return place{instalment, charge, int(c)} }
	left, seen := map[place]int64{}, map[place]bool{}
	for _, d := range l.Debts(o.today) {
		left[at(d.Instalment, d.Charge, d.Component)] = d.Minor
	}
	n := 0
	for _, part := range p.Parts {
		n++
		where := at(part.Instalment, part.Charge, part.Component)
		seen[where] = true
		line(n, l.Dues[part.Instalment].Date, what(l, part.Component, part.Charge), left[where], part.Minor)
	}
	for _, d := range l.Debts(o.today) {
		if d.Age != lending.AgeInAdvance && !seen[at(d.Instalment, d.Charge, d.Component)] {
			n++
			line(n, l.Dues[d.Instalment].Date, what(l, d.Component, d.Charge), d.Minor, 0)
		}
	}
}

// what names a debt: a charge by its fee.
func what(l *lending.Loan, c lending.Component, charge int) string {
	if charge > 0 && charge <= len(l.Charges) {
		return string(l.Charges[charge-1].Fee)
	}
	return c.String()
}

// compare writes what was booked on overdue instalments, before and after something.
func (o *office) compare(act func()) {
	before := o.loan()
	act()
	after := o.loan()
	o.say("  %-10s %-10s %12s %12s %12s %12s", "due", "for", "owed before", "paid before", "owed after", "paid after")
	for i := range after.Dues {
		was, now := before.Dues[i], after.Dues[i]
		for c := lending.Interest; c <= lending.Costs; c++ {
			if was.Owed[c] != now.Owed[c] || was.Paid[c] != now.Paid[c] {
				o.say("  %s %-10s %12s %12s %12s %12s", now.Date, c, o.plain(was.Owed[c]), o.plain(was.Paid[c]),
					o.plain(now.Owed[c]), o.plain(now.Paid[c]))
			}
		}
	}
}

// calledBack writes what is owed again.
func (o *office) calledBack(e lending.CalledBack) {
	l := o.loan()
	var sum int64
	o.say("  %-10s %-20s %10s", "was due", "for", "again")
	for _, p := range e.Parts {
		o.say("  %s %-20s %10s", l.Dues[p.Instalment].Date, what(l, p.Component, p.Charge), o.plain(p.Minor))
		sum += p.Minor
	}
	if o.err == nil {
		o.say("  %s with the instalment of %s", o.amount(sum), l.Dues[e.Instalment].Date)
	}
}

// waived writes what is not asked for any more.
func (o *office) waived(e lending.DebtWaived) {
	o.say("  %s of fees, by %s and %s: %s", o.plain(e.Waived.Minor), e.By, e.Approver, e.Reason)
}

// proof writes that a restructuring keeps the value of the loan, but for what was waived.
func (o *office) proof(e lending.Restructured) {
	p := e.Proof
	if o.err == nil {
		o.err = p.Check()
	}
	o.say("  %-44s %14s", "settled the loan on the day, before", p.Before)
	o.say("  %-44s %14s", "+ charges that come due sooner", p.Repriced)
	o.say("  %-44s %14s", "- let off", p.Waived)
	o.say("  %-44s %14s", "= settles it on the day, after", p.After)
	o.say("  %-44s %14s", "the lenders' dues are worth, before", o.amount(e.Before.Total()))
	o.say("  %-44s %14s", "and after", o.amount(e.After.Total()))
}

// table writes a statement.
func (o *office) table(statements []lending.Statement) {
	for _, s := range statements {
		o.say("  %-10s %10s %10s %10s %10s %10s %10s", "due", "principal", "interest", "charges", "paid", "waived", "unpaid")
		var back int64
		for _, l := range s.Plan {
			o.say("  %s %10s %10s %10s %10s %10s %10s", l.Due, o.plain(l.Owed[lending.Principal]),
				o.plain(l.Owed[lending.Interest]), o.plain(l.Owed.Total()-l.Owed[lending.Principal]-l.Owed[lending.Interest]),
				o.plain(l.Paid.Total()), o.plain(l.Waived.Total()), o.plain(l.Owed.Total()-l.Paid.Total()-l.Waived.Total()))
			back += l.CalledBack.Total()
		}
		o.say("  Borrowed %s; paid for good: principal %s, interest %s, penalty %s, fees %s.", o.plain(s.Borrowed.Minor()),
			o.plain(s.Principal.Minor()), o.plain(s.Interest.Minor()), o.plain(s.Penalty.Minor()), o.plain(s.Fees.Minor()))
		o.say("  Payments of %s were called back.", o.plain(back))
	}
}

// close tells what the lenders have, and that the books agree.
func (o *office) close() {
	r := o.reports()
	if r == nil {
		return
	}
	for _, p := range []lending.PartyID{"bob", "eve"} {
		got := r.Portfolio(p, money.MustCurrency("CNY"))
		o.say("  %s lent %s, got %s back and %s interest.", p, got.Lent, got.Principal, got.Interest)
	}
	o.say("  The loan is %s, and all three books agree.", o.loan().State)
}
