package lending_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// oldSystem writes the book of another platform with its own arithmetic: it shares payments by the rule
// and nothing else is of the engine. Most loans are running, some overdue, a few written off or paid back.
type oldSystem struct {
	rng     *rand.Rand
	book    *lending.LiveBook
	lenders []lending.LiveWallet
}

func newOldSystem(loans int) *oldSystem {
	o := &oldSystem{rng: rand.New(rand.NewPCG(7, 7)),
		book: &lending.LiveBook{On: civil.MustParse("2026-06-15")}}
	for i, method := range []schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal} {
		p := rich()
		p.ID, p.Method = lending.ProductID(fmt.Sprintf("old-%d", i)), method
		o.book.Products = append(o.book.Products, lending.LiveProduct{Product: p, Current: true})
	}
	borrowers := max(1, loans*2/3)
	for i := range borrowers {
		o.party(fmt.Sprintf("b-%06d", i))
	}
	for i := range max(10, loans/5) {
		o.party(fmt.Sprintf("l-%06d", i))
	}
	o.lenders = o.book.Wallets[borrowers:]
	for i := range loans {
		o.loan(lending.LoanID(fmt.Sprintf("old-%06d", i)), lending.PartyID(fmt.Sprintf("b-%06d", o.rng.IntN(borrowers))))
	}
	o.sum()
	return o
}

func (o *oldSystem) party(id string) {
	p := lending.Party{ID: lending.PartyID(id), Kind: lending.Person, Since: civil.MustParse("2024-01-01")}
	o.book.Parties = append(o.book.Parties, p)
	o.book.Wallets = append(o.book.Wallets, lending.LiveWallet{Party: p.ID, Currency: cny, Available: o.rng.Int64N(1_000_000)})
}

// loan writes a loan in the middle of its life.
func (o *oldSystem) loan(id lending.LoanID, borrower lending.PartyID) {
	n := o.rng.IntN(len(o.book.Products))
	p := &o.book.Products[n].Product
	periods := 6 + o.rng.IntN(19)
	start := o.book.On.AddDays(-1 - o.rng.IntN(min(28*periods, 700)))
	x := lending.LiveLoan{ID: id, Borrower: borrower, Product: n, State: lending.StateActive, Periods: periods,
		Amount: amt(100_000+o.rng.Int64N(20_000_000), cny), Rate: schedule.MustRate([]string{"8.4% per year", "15% per year"}[o.rng.IntN(2)]),
		Start: start, Looked: start}
	plan, err := p.Terms(x.Amount, periods, x.Rate, start).Plan()
	if err != nil {
		panic(err)
	}
	x.Rows, x.PaidOut = plan.Rows(), x.Amount.Minor()
	passed := 0
	for _, r := range x.Rows {
		d := lending.Due{Date: r.Due, Through: r.End}
		d.Owed[lending.Principal], d.Owed[lending.Interest] = r.Principal, r.Interest
		x.Dues = append(x.Dues, d)
		if r.Due.Before(o.book.On) {
			passed++
		}
	}
	o.lots(&x)
	paid := passed
	if o.rng.IntN(10) == 0 {
		paid = o.rng.IntN(passed + 1) // the others are overdue
	}
	for i := range paid {
		o.pay(&x, i)
	}
	if paid == passed && o.rng.IntN(8) == 0 {
		for i := paid; i < periods; i++ {
			o.pay(&x, i)
		}
		x.State, x.Closed = lending.StateClosed, o.book.On
	} else if passed-paid > 4 && o.rng.IntN(2) == 0 {
		x.State = lending.StateWrittenOff
	}
	for _, d := range x.Dues {
		x.Outstanding += d.Owed[lending.Principal] - d.Paid[lending.Principal]
	}
	o.late(&x, p, passed)
	o.book.Loans = append(o.book.Loans, x)
}

// lots divides a loan among a few lenders.
func (o *oldSystem) lots(x *lending.LiveLoan) {
	left := x.Amount.Minor()
	for i := range 1 + o.rng.IntN(8) {
		units := min(left, 1+o.rng.Int64N(x.Amount.Minor()/4))
		if i == 7 || left == units {
			units = left
		}
		x.Lots = append(x.Lots, lending.Lot{Units: units, Weight: 1, Since: x.Start})
		if left -= units; left == 0 {
			break
		}
	}
	x.Lots[0].Units += left
	first := o.rng.IntN(len(o.lenders))
	for i := range x.Lots {
		w := &o.lenders[(first+i)%len(o.lenders)]
		x.Lots[i].Holder = w.Party
		w.Past.Lent += x.Lots[i].Units
		w.Past.Loans++
	}
}

// pay has an instalment paid on its day.
func (o *oldSystem) pay(x *lending.LiveLoan, i int) {
	d := &x.Dues[i]
	d.Paid = d.Owed
	x.Past = append(x.Past, lending.PastPayment{On: x.Rows[i].Due, Kind: lending.PastRepaid, Total: d.Paid.Total(), Paid: d.Paid})
	if x.Past[len(x.Past)-1].On.After(o.book.On) {
		x.Past[len(x.Past)-1].On = o.book.On
	}
	x.Payments++
	units, paid := make([]int64, len(x.Lots)), make([]int64, len(x.Lots))
	for _, c := range []lending.Component{lending.Interest, lending.Principal} {
		total := d.Paid[c]
		for n := range x.Lots {
			units[n], paid[n] = x.Lots[n].Units, x.Lots[n].Paid[c]
			total += paid[n]
		}
		shares, err := money.Apportion(nil, paid, units, total)
		if err != nil {
			panic(err)
		}
		for n, v := range shares {
			x.Lots[n].Paid[c] += v
		}
	}
	for n := range x.Lots {
		x.Lots[n].Fees[0] = lending.Tally{Base: x.Lots[n].Paid.Total(), Charged: x.Lots[n].Paid.Total() / 100}
	}
}

// late books late charges on what is overdue.
func (o *oldSystem) late(x *lending.LiveLoan, p *lending.Product, passed int) {
	for i := range passed {
		d := &x.Dues[i]
		days := o.book.On.Sub(d.Date)
		if d.Paid == d.Owed || days <= p.Late.GraceDays {
			continue
		}
		base := d.Owed.Total()
		d.MinorDays, d.Through = base*int64(days), o.book.On
		d.Owed[lending.Penalty], _ = lending.PenaltyOn(d.MinorDays, p.Late)
		d.Owed[lending.Fees] = max(1500, base/20)
		x.Charges = append(x.Charges, lending.Charge{Fee: "late", Component: lending.Fees, Payee: lending.ToPlatform,
			Instalment: i, On: o.book.On, Owed: d.Owed[lending.Fees], Auto: true})
		x.Looked = o.book.On
	}
}

// sum states the totals, and the lifetime of each lender.
func (o *oldSystem) sum() {
	at := map[lending.PartyID]*lending.LiveWallet{}
	for i := range o.lenders {
		at[o.lenders[i].Party] = &o.lenders[i]
	}
	for i := range o.book.Loans {
		x := &o.book.Loans[i]
		for _, v := range x.Lots {
			past := &at[v.Holder].Past
			for c, n := range v.Paid {
				past.Received[c] += n
			}
			past.Fees += v.Fees[0].Charged
		}
	}
	o.book.Own = []lending.OwnBalance{
		{Kind: ledger.KindFeesDue, Currency: cny, Debit: -12_345},
		{Kind: ledger.KindFeesRcv, Currency: cny, Debit: 12_345},
		{Kind: ledger.KindIncome, Ref: "service", Currency: cny, Debit: -9_900_001},
		{Kind: ledger.KindExpense, Ref: "coupons", Currency: cny, Debit: 77},
	}
	restate(o.book)
}

// restate states the totals of a book that was changed, as its own records have them.
func restate(b *lending.LiveBook) {
	sums := map[ledger.Kind]int64{}
	add := func(debit, credit ledger.Kind, minor int64) {
		sums[debit] += minor
		sums[credit] -= minor
	}
	for i := range b.Wallets {
		add(ledger.KindBank, ledger.KindAvailable, b.Wallets[i].Available)
		add(ledger.KindClientRcv, ledger.KindOwnBank, b.Wallets[i].Owed)
	}
	for i := range b.Loans {
		for _, v := range b.Loans[i].Lots {
			switch left := v.Units - v.Paid[lending.Principal]; b.Loans[i].State {
			case lending.StateActive:
				add(ledger.KindClaim, ledger.KindDebt, left)
			case lending.StateWrittenOff:
				add(ledger.KindClaimWO, ledger.KindDebtWO, left)
			}
		}
	}
	for _, v := range b.Own {
		bank := ledger.KindOwnBank
		if v.Kind.Book() == ledger.Client {
			bank = ledger.KindBank
		}
		add(v.Kind, bank, v.Debit)
	}
	b.Totals = nil
	for k := ledger.KindBank; k.Book() != 0; k++ {
		if sums[k] != 0 {
			b.Totals = append(b.Totals, lending.StatedTotal{Kind: k, Currency: cny, Debit: sums[k]})
		}
	}
}
