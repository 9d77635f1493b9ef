package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/loanweave/loanweave/lending/ledger"
)

// printer writes to a terminal and keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) title(text string) { p.line("\n%s\n%s", text, strings.Repeat("-", len(text))) }

// print writes the report for people.
func (r *Report) print(w io.Writer) error {
	p := &printer{w: w}
	p.line("LOANWEAVE MARKETPLACE: %s", r.Source)
	p.line("%s to %s, %d days; %d lenders, seed %d", r.From, r.To, r.Days, r.Checks.Lenders, r.Seed)
	p.tapes(r.Tapes)
	p.funnel(r.Funnel)
	p.fills(r.Fill)
	p.returns(r.Returns)
	p.income(r.Income)
	p.books(r.Books)
	p.agreement(&r.Agree)
	p.tenders(r.Tenders)
	p.title("Proof")
	p.line("Money was conserved in all three books after each of %d commands.", r.Checks.Commands)
	p.line("The custodian's account and the client book agreed on each of %d evenings.", r.Checks.Days)
	p.line("At the end every wallet, claim and debt equals the ledger.")
	return p.err
}

func (p *printer) tapes(tapes []TapeLine) {
	for _, t := range tapes {
		if t.Bad > 0 || t.Cut || len(tapes) > 1 {
			p.line("  %s: %d loans of %d rows, %d bad", t.Name, t.Loans, t.Rows, t.Bad)
		}
		for _, e := range t.Errors {
			p.line("    left out: %s", e)
		}
		if t.Bad > len(t.Errors) {
			p.line("    and %d more", t.Bad-len(t.Errors))
		}
		if t.Cut {
			p.line("    the tape goes on: -rows raises the limit")
		}
	}
}

const funnelWidth = 40

func (p *printer) funnel(f Funnel) {
	p.title("Funnel")
	for _, stage := range []struct {
		name  string
		loans int
	}{
		{"applied", f.Applied}, {"approved", f.Approved}, {"published", f.Published},
		{"funded", f.Funded}, {"disbursed", f.Disbursed}, {"  closed", f.Closed},
		{"  charged off", f.ChargedOff}, {"  running", f.Running},
	} {
		bar := strings.Repeat("#", funnelWidth*stage.loans/max(f.Applied, 1))
		p.line("%-14s %7d  %s", stage.name, stage.loans, bar)
	}
}

func (p *printer) fills(fills []Fill) {
	p.title("Days until funded")
	p.line("grade   loans   bids    mean  median     p90")
	for _, f := range fills {
		p.line("%-5s %7d %6.1f %7.1f %7.1f %7.1f", f.Grade, f.Loans, f.Bids, f.Mean, f.Median, f.P90)
	}
}

func (p *printer) returns(rs []Returns) {
	p.title("What lenders earned: net annualised return after fees and losses, % a year")
	p.line("%-5s %6s %7s %15s %15s %15s %7s %7s %7s %7s %7s", "grade", "loans", "lenders",
		"lent", "income", "lost", "pooled", "mean", "p10", "median", "p90")
	for _, r := range rs {
		p.line("%-5s %6d %7d %15s %15s %15s %7.2f %7.2f %7.2f %7.2f %7.2f", r.Grade, r.Loans, r.Lenders,
			r.Lent, r.Net, r.Lost, r.Pooled, r.Mean, r.P10, r.Median, r.P90)
	}
	p.line("Mean and the rest are over lenders. Interest counts when received; an overdue loan is no")
	p.line("loss before it is charged off. Income less fees and losses is put over the dollar-days that a")
	p.line("lender had out: who was paid back within days still paid 1%% of it, a large part of a short year.")
}

func (p *printer) income(lines []Income) {
	p.title("What the platform earned")
	for _, l := range lines {
		p.line("%-14s %18s", l.Fee, l.Amount)
	}
	p.line("The origination fee is assumed, 5%% of each loan: no tape tells it.")
}

var bookTitles = map[ledger.Book]string{
	ledger.Client: "Client money at the custodian", ledger.Platform: "The platform's own money",
	ledger.Register: "Register of claims and debts",
}

func (p *printer) books(books []Book) {
	for _, b := range books {
		p.title(bookTitles[b.Book])
		p.line("%-20s %9s %18s %18s", "account", "number", "debit", "credit")
		for _, l := range b.Lines {
			p.line("%-20s %9d %18s %18s", l.Kind, l.Accounts, l.Debit, l.Credit)
		}
		p.line("%-20s %9s %18s %18s", "", "", b.Debit, b.Credit)
	}
}

func (p *printer) agreement(a *Agreement) {
	p.title("Agreement with the published figures")
	count := func(name string, c Count) {
		if c.Of > 0 {
			p.line("%-36s %6d of %6d  %6.2f%%", name, c.Equal, c.Of, c.Percent())
		}
	}
	count("instalments equal to the cent", a.Installments)
	count("late fees equal to the cent", a.LateFees)
	count("recoveries equal to the cent", a.Recoveries)
	count("collection fees equal to the cent", a.Collection)
	p.line("interest of all loans: published %s, replayed %s (%.2f%%)\n", a.Interest.Published,
		a.Interest.Replayed, 100*a.Interest.Ratio)
	p.line("%-20s %6s %19s %29s", "", "", "principal, % equal", "interest, % equal")
	p.line("%-20s %6s %9s %9s %9s %9s %9s %9s", "", "loans", "to 1c", "1c a row", "to 1c",
		"1st row", "to $1", "to 1%")
	for _, o := range a.Outcomes {
		share := func(n int) float64 { return Count{n, o.Loans}.Percent() }
		p.line("%-20s %6d %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f", o.Outcome, o.Loans, share(o.Principal),
			share(o.Near), share(o.Cent), share(o.FirstPeriod), share(o.Dollar), share(o.Hundredth))
	}
	p.line("%s", whyNot)
	p.fees(a.Fees)
}

func (p *printer) fees(rules []FeeRule) {
	p.title("Fees against the platforms' rules, by loan")
	for _, f := range rules {
		p.line("%-68s %6d of %6d  %6.2f%%", f.Rule, f.Equal, f.Of, f.Percent())
	}
	p.line("%s", howFees)
}

// tenders writes the comparison, if there is one.
func (p *printer) tenders(t *Tenders) {
	if t == nil {
		return
	}
	p.title("Tenders side by side")
	p.line("The same %d loans before the same %d lenders, tendered once by each mechanism. %d lenders have",
		t.Loans, t.Lenders, t.Standing)
	p.line("standing orders, which leave the last %.0f%% of a loan to those who bid by hand. Bids are taken", t.Manual)
	p.line("on the day of publication and %d days more. Rates are %% a year, weighted by amount.\n", t.OpenDays)
	p.line("%-16s %13s  %-17s %7s %14s  %-34s %7s", "", "loans", "days until funded", "orders,",
		"the borrower", "the lenders earn", "lenders")
	p.line("%-16s %6s %6s %5s %6s %5s %7s %8s %5s %7s %5s %7s %6s %5s %7s", "mechanism", "funded",
		"failed", "mean", "median", "p90", "% lent", "reserve", "pays", "lowest", "mean", "highest",
		"spread", "extra", "a loan")
	for _, r := range t.Trials {
		p.line("%-16s %6d %6d %5.1f %6.1f %5.1f %7.1f %8.2f %5.2f %7.2f %5.2f %7.2f %6.2f %5.2f %7.1f",
			r.Mechanism, r.Funded, r.Failed, r.Mean, r.Median, r.P90, r.Standing, r.Reserve, r.Pays,
			r.Lowest, r.Earn, r.Highest, r.Spread, r.Above, r.Lenders)
	}
	p.line("%s", howTendered)
	p.line("Money was conserved in all three books after each of %d commands.", t.Commands)
}

const howTendered = `
Lowest and highest are of the lenders of one loan, spread is the difference; extra is what lenders
earn beyond the least that they take. All but first come are cleared when their last day is over.
The lenders are made up. Each has a least rate for each grade, a part of the mean of the loans here,
and names it. Only in the open auction he who bids by hand sees what stands: he asks for all that
the loan bears while there is room, then for 0.1 below the worst rate that stands, down to his least.
The two uniform prices differ only where the last bid taken was not cut. Loans at a market rate are
filled from an order book, not by bids, and are left out.`

const howFees = `
No tape tells what LendingClub kept of each payment: the replay's own is checked. Prosper's service
fee accrues on the principal on which interest accrues, over the same days: it is to the interest
as its rate to the borrower's, whatever the days were. Prosper tells late fees with the interest;
they bear no service fee. Partly paid ones and other charges are no whole number; one difference in
ten would be one by chance. Its collectors took 17% of an instalment at a time; the file has the sum
of what several took, some at other rates.`

const whyNot = `
1c a row: within a cent for each instalment paid. 1st row: within 2c, once the first period may be
some days shorter or longer than a month.
Why not all is equal: LendingClub accrues interest unrounded, by the day when a payment comes early
or late, and from the day of issue to the first due date; a plan here has whole months and rounds
each instalment's interest to the cent. A tape tells sums and at most the month of the last payment,
not when each payment came: parts of the principal that were paid ahead are not in it, and they cost
less interest than the plan. Of a loan charged off it does not tell which payments were short.
Late fees that were paid in part, and collection fees other than 18% of the recoveries, differ too.`
