package main

import (
	"testing"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// TestReturnsEqualPortfolios: what the report says lenders earned and lost is what the library's
// own portfolios say, lender by lender.
func TestReturnsEqualPortfolios(t *testing.T) {
	m := runMarket(t, figuresLoans(t), 4)
	all := &pot{grade: gradeAll, stakes: map[lending.PartyID]stake{}}
	for _, d := range m.deals {
		all.take(d, m.store.reports.Loan(d.id))
	}
	var lent, lost, income int64
	for _, x := range m.lenders {
		p := m.store.reports.Portfolio(x.id, dollar)
		received := p.Interest.Minor() + p.Penalty.Minor() + p.Charges.Minor() - p.Fees.Minor()
		if got, want := all.stakes[x.id].net, received-p.WrittenOff.Minor(); got != want {
			t.Errorf("%s earned %d, portfolio %d", x.id, got, want)
		}
		lent += p.Lent.Minor()
		lost += p.WrittenOff.Minor()
		income += received
	}
	if all.lent != lent || all.lost != lost || all.income != income || lost == 0 || lent == 0 {
		t.Errorf("lent %d, lost %d, income %d; portfolios %d, %d, %d", all.lent, all.lost, all.income,
			lent, lost, income)
	}
}

// TestDollarDays: a loan that is paid on its due dates has each balance out for its period.
func TestDollarDays(t *testing.T) {
	p := Published{
		Amount: 5000_00, Months: 36, Rate: schedule.MustRate("9.99% per year"), Grade: "B",
		Issued: civil.MustParse("2017-05-01"), Status: FullyPaid,
		LastPayment: civil.MustParse("2020-05-01"),
	}
	plan, err := terms(&p, p.Issued).Plan()
	if err != nil {
		t.Fatal(err)
	}
	p.Installment = plan.At(0).Total.Minor()
	m := runMarket(t, []Published{p}, 1)
	d := m.deals[0]
	plan = m.store.reports.Loan(d.id).Plan
	var want int64
	for i := range plan.Len() {
		row := plan.At(i)
		want += (row.Balance.Minor() + row.Principal.Minor()) * int64(row.Due.Sub(row.From))
	}
	if d.dollarDays != want {
		t.Errorf("%d dollar-days, want %d", d.dollarDays, want)
	}
}
