package lending_test

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// millionths rounds a ratio, a tie to the even one.
func millionths(part, whole *big.Rat) int64 {
	if whole.Sign() <= 0 {
		return 0
	}
	q := new(big.Rat).Quo(part, whole)
	q.Mul(q, big.NewRat(lending.Million, 1))
	floor := new(big.Int)
	floor.Div(q.Num(), q.Denom())
	switch rest := q.Sub(q, new(big.Rat).SetInt(floor)).Cmp(big.NewRat(1, 2)); {
	case rest > 0, rest == 0 && floor.Bit(0) == 1:
		floor.Add(floor, big.NewInt(1))
	}
	return floor.Int64()
}

func of(a money.Amount) *big.Rat { return new(big.Rat).SetInt64(a.Minor()) }

func number(n int) *big.Rat { return big.NewRat(int64(n), 1) }

// bookSum adds up what a figure is over loans.
func bookSum(ls []*bookLife, c money.Currency, figure func(*bookLife) int64) money.Amount {
	var n int64
	for _, l := range ls {
		n += figure(l)
	}
	return amt(n, c)
}

// bookVolume counts the loans that are in and adds up their figure.
func bookVolume(ls []*bookLife, c money.Currency, in func(*bookLife) bool, figure func(*bookLife) int64) (v lending.Volume) {
	v.Amount = amt(0, c)
	for _, l := range ls {
		if in(l) {
			v.Loans++
			v.Amount = amt(v.Amount.Minor()+figure(l), c)
		}
	}
	return v
}

func (l *bookLife) left() int64 { return l.debt(doomsday) }

// paid is what borrowers paid of some components.
func (l *bookLife) paid(cs ...lending.Component) (sum int64) {
	for _, d := range l.moved().Dues {
		for _, c := range cs {
			sum += d.Paid[c] - d.Again[c]
		}
	}
	for _, e := range l.pays {
		for _, c := range cs {
			sum += e.Of(c)
		}
	}
	for _, e := range l.called {
		for _, c := range cs {
			sum -= partsOf(e.Parts, c)
		}
	}
	return sum
}

func (l *bookLife) arrears(on civil.Date) (sum int64) {
	for i := range l.Dues {
		if u := l.unpaid(i); l.Dues[i].Date.Before(on) || !l.off.IsZero() {
			sum += u[lending.Principal] + u[lending.Interest]
		}
	}
	return sum
}

func (l *bookLife) compensated() (sum int64) {
	for _, a := range l.moved().Advances {
		sum += a.Amount
	}
	for _, e := range l.covers {
		sum += e.Total()
	}
	return sum
}

// loans lists the loans of a currency by their ids, all or those of a group.
func (o *bookOracle) loans(r *lending.Reports, c money.Currency, by lending.Dimension, key string) (ls []*bookLife) {
	for id, l := range o.lives {
		if l.Loan = r.Loan(id); l.Currency() == c && (by == 0 || o.group(r, l, by) == key) {
			ls = append(ls, l)
		}
	}
	slices.SortFunc(ls, func(a, b *bookLife) int { return cmp.Compare(a.ID, b.ID) })
	return ls
}

func (o *bookOracle) keys(r *lending.Reports, c money.Currency, by lending.Dimension) (keys []string) {
	for _, l := range o.loans(r, c, 0, "") {
		keys = append(keys, o.group(r, l, by))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func bookStatistics(key string, ls []*bookLife, c money.Currency, on civil.Date) lending.StatisticsLine {
	all := func(*bookLife) bool { return true }
	late := func(l *bookLife) bool { return l.late(on) > 0 }
	out := lending.StatisticsLine{
		Key:         key,
		Lent:        bookVolume(ls, c, all, func(l *bookLife) int64 { return l.Amount.Minor() }),
		Active:      bookVolume(ls, c, func(l *bookLife) bool { return l.owes() && l.off.IsZero() }, (*bookLife).left),
		Closed:      bookVolume(ls, c, func(l *bookLife) bool { return !l.owes() }, func(l *bookLife) int64 { return l.Amount.Minor() }),
		WrittenOff:  bookVolume(ls, c, func(l *bookLife) bool { return l.owes() && !l.off.IsZero() }, (*bookLife).left),
		Overdue:     bookVolume(ls, c, late, (*bookLife).left),
		Overdue90:   bookVolume(ls, c, func(l *bookLife) bool { return l.late(on) > 90 }, (*bookLife).left),
		Compensated: bookVolume(ls, c, func(l *bookLife) bool { return l.compensated() > 0 }, (*bookLife).compensated),
		Repaid:      bookSum(ls, c, func(l *bookLife) int64 { return l.paid(lending.Principal) }),
		Waived:      bookSum(ls, c, (*bookLife).waived),
		Interest:    bookSum(ls, c, func(l *bookLife) int64 { return l.paid(lending.Interest) }),
		Charges:     bookSum(ls, c, func(l *bookLife) int64 { return l.paid(lending.Penalty, lending.Fees, lending.Costs) }),
		Arrears:     bookSum(ls, c, func(l *bookLife) int64 { return l.arrears(on) }),
		InterestBalance: bookSum(ls, c, func(l *bookLife) (n int64) {
			for i := range l.Dues {
				n += l.unpaid(i)[lending.Interest]
			}
			return n
		}),
	}
	yearly, weighted := new(big.Rat), new(big.Rat)
	for _, l := range ls {
		if l.Rate.Basis() == schedule.PerYear {
			yearly.Add(yearly, of(l.Amount))
			weighted.Add(weighted, new(big.Rat).Mul(of(l.Amount), l.Rate.Decimal().Rat()))
		}
	}
	out.RatePPM = millionths(weighted, yearly)
	out.OverduePPM = millionths(of(out.Overdue.Amount), new(big.Rat).Add(of(out.Active.Amount), of(out.WrittenOff.Amount)))
	return out
}

func bookOutcome(key string, ls []*bookLife, c money.Currency, days int, on civil.Date) lending.OutcomeLine {
	hopes := func(l *bookLife) (o lending.Outlook) {
		for _, g := range l.Product.Grades {
			if g.Grade == l.Grade {
				o = g.Outlook
			}
		}
		return o
	}
	out := lending.OutcomeLine{
		Key:  key,
		Lent: bookVolume(ls, c, func(*bookLife) bool { return true }, func(l *bookLife) int64 { return l.Amount.Minor() }),
		Defaulted: bookVolume(ls, c, func(l *bookLife) bool { _, ok := l.defaulted(days, on); return ok }, func(l *bookLife) int64 {
			first, _ := l.defaulted(days, on)
			return l.debt(first)
		}),
		Expected: bookVolume(ls, c, func(l *bookLife) bool { return hopes(l) != lending.Outlook{} }, func(l *bookLife) int64 { return l.Amount.Minor() }),
		Earned:   bookSum(ls, c, (*bookLife).earned),
		Lost: bookSum(ls, c, func(l *bookLife) int64 {
			if l.off.IsZero() || !l.owes() {
				return 0
			}
			return l.claims(doomsday)
		}),
	}
	defaults, returns, net := new(big.Rat), new(big.Rat), new(big.Rat).Sub(of(out.Earned), of(out.Lost))
	for _, l := range ls {
		defaults.Add(defaults, new(big.Rat).Mul(of(l.Amount), big.NewRat(hopes(l).DefaultPPM, lending.Million)))
		returns.Add(returns, new(big.Rat).Mul(of(l.Amount), big.NewRat(hopes(l).ReturnPPM, lending.Million)))
		for d := l.start; d.Before(on) && (l.off.IsZero() || d.Before(l.off)); d = d.AddDays(1) {
			out.MinorDays = out.MinorDays.Add(l.claims(d))
		}
	}
	out.DefaultPPM = millionths(of(out.Defaulted.Amount), of(out.Lent.Amount))
	out.ExpectedDefaultPPM = millionths(defaults, of(out.Expected.Amount))
	out.ReturnPPM = millionths(net.Mul(net, number(365)), new(big.Rat).SetInt(out.MinorDays.Big()))
	out.ExpectedReturnPPM = millionths(returns, of(out.Expected.Amount))
	return out
}

// waived is what the borrower was let off.
func (l *bookLife) waived() (sum int64) {
	for _, d := range l.moved().Dues {
		sum += d.Waived.Total()
	}
	for _, e := range l.waivers {
		sum += e.Waived.Minor
	}
	return sum + l.letOff
}

// earned is what lenders received besides principal, less what they paid for it.
func (l *bookLife) earned() (sum int64) {
	add := func(vs []lending.Vector, cuts []lending.Cut) {
		for _, v := range vs {
			for _, n := range v.Shares {
				if v.Component != lending.Principal {
					sum += n
				}
			}
		}
		for _, cut := range cuts {
			for _, n := range cut.Shares {
				sum -= n
			}
		}
	}
	for _, x := range l.moved().Lots {
		sum += x.Paid.Total() - x.Paid[lending.Principal] - x.FeesPaid()
	}
	for _, e := range l.pays {
		add(e.Vectors, e.Cuts)
	}
	for _, e := range l.covers {
		add(e.Vectors, e.Cuts)
	}
	sum = -sum // lenders give back, and get their fees back
	for _, e := range l.called {
		add(e.Vectors, e.Cuts)
	}
	return -sum
}

func (o *bookOracle) disclosure(r *lending.Reports, c money.Currency, on civil.Date) lending.Disclosure {
	ls := o.loans(r, c, 0, "")
	s := bookStatistics("", ls, c, on)
	d := lending.Disclosure{Currency: c, On: on, Cumulative: s.Lent, InterestBalance: s.InterestBalance,
		Outstanding: bookVolume(ls, c, (*bookLife).owes, (*bookLife).left),
		Related:     bookVolume(ls, c, func(l *bookLife) bool { return l.owes() && o.related[l.Borrower] }, (*bookLife).left),
		Overdue:     s.Overdue, Overdue90: s.Overdue90, Arrears: s.Arrears, Compensated: s.Compensated}
	lenders, current, borrowers, debts := map[lending.PartyID]bool{}, map[lending.PartyID]bool{}, map[lending.PartyID]bool{}, map[lending.PartyID]int64{}
	for _, l := range ls {
		borrowers[l.Borrower] = true
		for p := range l.held {
			lenders[p] = true
		}
		if !l.owes() {
			continue
		}
		debts[l.Borrower] += l.left()
		for _, x := range l.Lots {
			if x.Units-x.Paid[lending.Principal] > 0 {
				current[x.Holder] = true
			}
		}
	}
	d.Lenders, d.CurrentLenders, d.Borrowers, d.CurrentBorrowers = len(lenders), len(current), len(borrowers), len(debts)
	var all []int64
	for _, n := range debts {
		all = append(all, n)
	}
	slices.Sort(all)
	var ten, largest int64
	for i := 0; i < 10 && i < len(all); i++ {
		ten += all[len(all)-1-i]
	}
	if len(all) > 0 {
		largest = slices.Max(all)
	}
	d.TopTen, d.Largest = amt(ten, c), amt(largest, c)
	owed := of(d.Outstanding.Amount)
	d.TopTenPPM, d.LargestPPM = millionths(of(d.TopTen), owed), millionths(of(d.Largest), owed)
	d.AmountOverduePPM = millionths(of(d.Overdue.Amount), owed)
	d.LoansOverduePPM = millionths(number(d.Overdue.Loans), number(d.Outstanding.Loans))
	return d
}
