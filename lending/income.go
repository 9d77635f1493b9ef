package lending

import (
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// IncomeLine is what the platform earned by one fee.
type IncomeLine struct {
	Fee    Code
	Amount money.Amount
}

// Income lists the platform's income by fee, in one currency.
func (r *Reports) Income(c money.Currency) (out []IncomeLine) {
	for _, line := range r.ledger.Trial(ledger.Platform) {
		if line.Account.Kind == ledger.KindIncome && line.Currency == c {
			out = append(out, IncomeLine{Code(line.Account.Ref), amount(-line.Debit, c)})
		}
	}
	return out
}

// ExpenseLine is what the platform spent for one thing: a sales channel, goodwill, a promotion as
// "promotion-" and its id.
type ExpenseLine struct {
	What   Code
	Amount money.Amount
}

// Expenses lists what the platform spent out of its own book, in one currency.
func (r *Reports) Expenses(c money.Currency) (out []ExpenseLine) {
	for _, line := range r.ledger.Trial(ledger.Platform) {
		if line.Account.Kind == ledger.KindExpense && line.Currency == c {
			out = append(out, ExpenseLine{Code(line.Account.Ref), amount(line.Debit, c)})
		}
	}
	return out
}

// AppendIncomeCSV appends lines as CSV by RFC 4180: a header and one record a fee, each ended by CR LF.
// Amounts are plain digits with all decimals of the currency.
func AppendIncomeCSV(dst []byte, lines []IncomeLine) []byte {
	dst = append(dst, "fee,currency,amount\r\n"...)
	for _, l := range lines {
		dst = appendRecord(dst, string(l.Fee), l.Amount.Currency().Code(), l.Amount)
	}
	return dst
}

// AppendExpensesCSV appends lines as CSV by RFC 4180, as [AppendIncomeCSV] does.
func AppendExpensesCSV(dst []byte, lines []ExpenseLine) []byte {
	dst = append(dst, "expense,currency,amount\r\n"...)
	for _, l := range lines {
		dst = appendRecord(dst, string(l.What), l.Amount.Currency().Code(), l.Amount)
	}
	return dst
}
