package lending

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Statistics are the figures of all loans that were paid out in one currency, by groups (平台数据统计).
//
// Invariants: the lines partition the loans, so that every figure of Total but the rates is the sum of
// the lines'. Lent = Repaid + Active + WrittenOff. Total.Active is the ledger's Debt,
// Total.WrittenOff its DebtWO.
type Statistics struct {
	Currency money.Currency
	By       Dimension
	On       civil.Date
	Lines    []StatisticsLine // by their keys; cohorts so in the order of time
	Total    StatisticsLine
}

// StatisticsLine has the figures of a group. Rates are in millionths, rounded once, a tie to the even
// one; zero where there is nothing to divide by.
type StatisticsLine struct {
	Key string // such as "2026-03", "2026-Q1", a grade; see [Dimension]

	Lent       Volume // paid out; every loan is Active, Closed or WrittenOff
	Active     Volume // principal that is owed
	Closed     Volume // amounts that were lent
	WrittenOff Volume // principal that is still owed
	// Overdue is of active and written-off loans that are past due on the day; Overdue90 of those that
	// are so for more than 90 days. The amount is the principal that they owe in all.
	Overdue, Overdue90 Volume
	Compensated        Volume // loans on which covers paid lenders; all that was paid, repaid since or not (代偿)

	Repaid          money.Amount // principal that borrowers paid; called back payments count nowhere
	Interest        money.Amount // that borrowers paid
	Charges         money.Amount // that borrowers paid besides, when late
	Waived          money.Amount // interest and charges that they were let off
	Arrears         money.Amount // principal and interest due before the day and unpaid; of loans written off, all of it
	InterestBalance money.Amount // interest that borrowers owe, due or not (利息余额)

	RatePPM    int64 // interest a year, by amounts lent, over the loans whose rate is per year
	OverduePPM int64 // amount of Overdue of what is owed on active and written-off loans
}

// statistics sums up a line.
type statistics struct {
	lent, active, closed, off, overdue, overdue90, compensated volume
	repaid, waived, interest, charges, arrears, balance        ledger.Sum
	yearly, weighted                                           ledger.Sum
}

// Statistics groups the loans as the reports have folded them; what is past due is judged on a day, which
// is not before the last that the loans have seen. An unknown dimension is an [ErrTerms], a zero date an
// [ErrDate], a figure beyond [money.MaxMinor] a [money.ErrOverflow].
func (r *Reports) Statistics(c money.Currency, by Dimension, on civil.Date) (Statistics, error) {
	out := Statistics{Currency: c, By: by, On: on}
	if err := by.check(on); err != nil {
		return out, err
	}
	groups, total := map[string]*statistics{}, new(statistics)
	for l := range r.lent(c) {
		entry(groups, r.group(l, by)).add(l, on)
		total.add(l, on)
	}
	f := &figures{cur: c}
	for key, s := range groups {
		out.Lines = append(out.Lines, s.line(f, key))
	}
	out.Total = total.line(f, "")
	slices.SortFunc(out.Lines, func(a, b StatisticsLine) int { return cmp.Compare(a.Key, b.Key) })
	return out, f.err()
}

func (s *statistics) add(l *Loan, on civil.Date) {
	amount, left := l.Amount.Minor(), l.Outstanding().Minor()
	s.lent.add(amount)
	switch l.State {
	case StateActive:
		s.active.add(left)
	case StateWrittenOff:
		s.off.add(left)
	default:
		s.closed.add(amount)
	}
	if days := l.overdue(on); days > 0 {
		s.overdue.add(left)
		if days > 90 {
			s.overdue90.add(left)
		}
	}
	var compensated int64
	for i := range l.Advances {
		if a := &l.Advances[i]; a.Component != Penalty {
			compensated += a.Amount
		}
	}
	if compensated > 0 {
		s.compensated.add(compensated)
	}
	s.arrears = s.arrears.Add(l.arrears(on))
	s.dues(l)
	if l.Rate.Basis() == schedule.PerYear {
		s.yearly = s.yearly.Add(amount)
		s.weighted = s.weighted.AddTimes(amount, l.Rate.Pico())
	}
}

// dues adds what the instalments owe and were paid.
func (s *statistics) dues(l *Loan) {
	for i := range l.Dues {
		d := &l.Dues[i]
		s.repaid = s.repaid.Add(d.kept(Principal))
		s.interest = s.interest.Add(d.kept(Interest))
		s.charges = s.charges.Add(d.kept(Penalty) + d.kept(Fees) + d.kept(Costs))
		s.waived = s.waived.Add(d.Waived.Total())
		s.balance = s.balance.Add(d.Unpaid()[Interest])
	}
}

// pico is the unit of a rate's figure.
const pico = 1_000_000_000_000

func (s *statistics) line(f *figures, key string) StatisticsLine {
	yearly := s.yearly.Big()
	return StatisticsLine{
		Key: key, Lent: f.volume(s.lent), Active: f.volume(s.active), Closed: f.volume(s.closed),
		WrittenOff: f.volume(s.off), Overdue: f.volume(s.overdue), Overdue90: f.volume(s.overdue90),
		Compensated: f.volume(s.compensated), Repaid: f.amount(s.repaid), Waived: f.amount(s.waived), Interest: f.amount(s.interest),
		Charges: f.amount(s.charges), Arrears: f.amount(s.arrears), InterestBalance: f.amount(s.balance),
		RatePPM:    ratio(s.weighted.Big(), yearly.Mul(yearly, big.NewInt(pico))),
		OverduePPM: ppm(s.overdue.minor, s.active.minor.Plus(s.off.minor)),
	}
}

// lent walks over the loans of a currency that were paid out, in the order in which they were applied for.
func (r *Reports) lent(c money.Currency) iter.Seq[*Loan] {
	return func(yield func(*Loan) bool) {
		for _, id := range r.order {
			if l := r.loans[id]; l.Currency() == c && len(l.Dues) > 0 && !yield(l) {
				return
			}
		}
	}
}

// owes reports whether the loan was paid out and is not paid back.
func (l *Loan) outstanding() bool { return l.State == StateActive || l.State == StateWrittenOff }

// AppendCSV appends the statistics as CSV by RFC 4180: a header, one record a group, and one of the total
// whose dimension is "total", each ended by CR LF. Amounts are plain digits with all decimals of the
// currency.
func (s Statistics) AppendCSV(dst []byte) []byte {
	dst = append(dst, "by,key,currency,loans,lent,active-loans,active,closed-loans,closed,written-off-loans,"+
		"written-off,overdue-loans,overdue,overdue-90-loans,overdue-90,compensated-loans,compensated,repaid,"+
		"interest,charges,waived,arrears,interest-balance,rate-ppm,overdue-ppm\r\n"...)
	line := func(by string, l *StatisticsLine) {
		fields := []any{by, l.Key, s.Currency.Code()}
		for _, v := range []Volume{l.Lent, l.Active, l.Closed, l.WrittenOff, l.Overdue, l.Overdue90, l.Compensated} {
			fields = append(fields, v.Loans, v.Amount)
		}
		dst = appendRecord(dst, append(fields, l.Repaid, l.Interest, l.Charges, l.Waived, l.Arrears, l.InterestBalance,
			l.RatePPM, l.OverduePPM)...)
	}
	for i := range s.Lines {
		line(s.By.String(), &s.Lines[i])
	}
	line("total", &s.Total)
	return dst
}

// checkStatistics holds the sums over the loans against the debts in the register.
func (r *Reports) checkStatistics() error {
	var errs []error
	for _, c := range r.ledger.Currencies() {
		s := new(statistics)
		for l := range r.lent(c) {
			s.add(l, civil.Date{})
		}
		for k, sum := range map[ledger.Kind]ledger.Sum{ledger.KindDebt: s.active.minor, ledger.KindDebtWO: s.off.minor} {
			if sum != r.ledger.Debit(k, c).Neg() {
				errs = append(errs, fmt.Errorf("%w: statistics have %s %s of %s", ledger.ErrBooks, sum, c, k))
			}
		}
	}
	return errors.Join(errs...)
}
