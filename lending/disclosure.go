package lending

import (
	"cmp"
	"maps"
	"slices"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Disclosure has the figures that a platform publishes each month (信息披露), in one currency: those of
// rule CN-6, drawn up within the first 5 working days. Where the rule gives a name and no formula, the
// formula is said here. A write-off hides nothing: what it has given up is still owed, overdue and
// counted.
//
// Invariant: Outstanding is the ledger's Debt and DebtWO.
type Disclosure struct {
	Currency money.Currency
	On       civil.Date

	Cumulative      Volume       // paid out ever (累计借贷金额, 笔数)
	Outstanding     Volume       // principal owed on loans that are not paid back (借贷余额, 余额笔数)
	InterestBalance money.Amount // interest owed on them, due or not (利息余额)

	Lenders          int // that ever held a part of a loan (累计出借人)
	CurrentLenders   int // that hold principal of an outstanding loan (当前出借人)
	Borrowers        int // to whom a loan was ever paid out (累计借款人)
	CurrentBorrowers int // of outstanding loans (当前借款人)

	TopTen     money.Amount // outstanding of the ten borrowers who owe most (前十大借款人待还金额)
	Largest    money.Amount // outstanding of the one who owes most (最大单一借款人待还金额)
	TopTenPPM  int64        // of Outstanding, as are all rates but LoansOverduePPM
	LargestPPM int64

	Related Volume // of Outstanding, borrowers who are related parties on the day of the report (关联关系借款)

	Overdue     Volume       // of Outstanding, past due; the amount is all their principal (逾期)
	Overdue90   Volume       // of Overdue, for more than 90 days (逾期90天以上)
	Arrears     money.Amount // principal and interest due and unpaid; of loans written off, all of it (到期未还本息)
	Compensated Volume       // loans on which covers ever paid lenders, and all that they paid (累计代偿)

	AmountOverduePPM int64 // Overdue by Outstanding amount (金额逾期率)
	LoansOverduePPM  int64 // Overdue by Outstanding loans (项目逾期率)
}

// Disclosure draws up the figures of the loans as the reports have folded them, past due as of a day: fold
// the feed to the end of the month, then ask. Rates are in millionths, rounded once, a tie to the even
// one; zero where there is nothing to divide by. A zero date is an [ErrDate], a figure beyond
// [money.MaxMinor] a [money.ErrOverflow].
func (r *Reports) Disclosure(c money.Currency, on civil.Date) (Disclosure, error) {
	out := Disclosure{Currency: c, On: on}
	if on.IsZero() {
		return out, &Error{ErrDate, "disclosure", "wants the day for which it is drawn up"}
	}
	var sum statistics
	var owed, related volume
	lenders, debts := map[PartyID]bool{}, map[PartyID]int64{}
	borrowers, ever := map[PartyID]bool{}, map[PartyID]bool{}
	for l := range r.lent(c) {
		sum.add(l, on)
		for i := range l.Lots {
			ever[l.Lots[i].Holder] = true
		}
		if borrowers[l.Borrower] = true; !l.outstanding() {
			continue
		}
		left := l.Outstanding().Minor()
		owed.add(left)
		debts[l.Borrower] += left
		if r.records.related[l.Borrower] {
			related.add(left)
		}
		for i := range l.Lots {
			if x := &l.Lots[i]; x.Units > x.Paid[Principal] {
				lenders[x.Holder] = true
			}
		}
	}
	f := &figures{cur: c}
	out.Cumulative, out.Outstanding, out.Related = f.volume(sum.lent), f.volume(owed), f.volume(related)
	out.InterestBalance, out.Arrears = f.amount(sum.balance), f.amount(sum.arrears)
	out.Overdue, out.Overdue90 = f.volume(sum.overdue), f.volume(sum.overdue90)
	out.Compensated = f.volume(sum.compensated)
	out.Borrowers, out.CurrentBorrowers, out.CurrentLenders = len(borrowers), len(debts), len(lenders)
	for h, t := range r.lenders {
		if h.cur == c && t.loans > 0 {
			ever[h.party] = true
		}
	}
	out.Lenders = len(ever)
	largest, ten := top(debts)
	out.Largest, out.TopTen = f.amount(largest), f.amount(ten)
	out.LargestPPM, out.TopTenPPM = ppm(largest, owed.minor), ppm(ten, owed.minor)
	out.AmountOverduePPM = ppm(sum.overdue.minor, owed.minor)
	out.LoansOverduePPM = ppm(ledger.Sum{}.Add(int64(sum.overdue.loans)), ledger.Sum{}.Add(int64(owed.loans)))
	return out, f.err()
}

// top is the largest debt, and the sum of the ten largest.
func top(debts map[PartyID]int64) (largest, ten ledger.Sum) {
	all := slices.SortedFunc(maps.Values(debts), func(a, b int64) int { return cmp.Compare(b, a) })
	for i, n := range all[:min(10, len(all))] {
		if ten = ten.Add(n); i == 0 {
			largest = ten
		}
	}
	return largest, ten
}

// AppendCSV appends the figures as CSV by RFC 4180: a header and one record a figure, each ended by
// CR LF; a column that a figure does not have is empty. Amounts are plain digits with all decimals of
// the currency.
func (d Disclosure) AppendCSV(dst []byte) []byte {
	dst = append(dst, "figure,on,currency,count,amount,ppm\r\n"...)
	line := func(figure string, count, amount, ppm any) {
		dst = appendRecord(dst, figure, d.On, d.Currency.Code(), count, amount, ppm)
	}
	volume := func(figure string, v Volume) { line(figure, v.Loans, v.Amount, "") }
	volume("cumulative", d.Cumulative)
	volume("outstanding", d.Outstanding)
	line("interest-balance", "", d.InterestBalance, "")
	line("lenders", d.Lenders, "", "")
	line("current-lenders", d.CurrentLenders, "", "")
	line("borrowers", d.Borrowers, "", "")
	line("current-borrowers", d.CurrentBorrowers, "", "")
	line("top-ten-borrowers", "", d.TopTen, d.TopTenPPM)
	line("largest-borrower", "", d.Largest, d.LargestPPM)
	volume("related", d.Related)
	volume("overdue", d.Overdue)
	volume("overdue-90", d.Overdue90)
	line("arrears", "", d.Arrears, "")
	volume("compensated", d.Compensated)
	line("amount-overdue-rate", "", "", d.AmountOverduePPM)
	line("loans-overdue-rate", "", "", d.LoansOverduePPM)
	return dst
}
