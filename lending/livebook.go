package lending

import (
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// LiveBook is a running book of loans as plain data, on the day on which it moves from one system to
// another (存量数据迁移). [Desk.LiveBook] draws it up from a desk, [Desk.Import] takes it in,
// [ReadLiveBook] and [LiveBook.WriteTo] are its text: one JSON record a line.
//
// It holds parties, their money, the loans that were paid out with what was owed, paid and shared
// until now, the platform's own accounts, and what the old books say in all. It holds ids, codes and
// hashes and nothing else about people; names and documents stay with the host.
//
// Loans that are not paid out cannot be moved, nor money that is on hold, on its way or of nobody:
// end tenders and deliver payments first. What there is of them is listed in Left and LeftLoans, so
// that the book still adds up. Applications that ended, orders for automatic bids, campaigns,
// promotions with their coupons, complaints and files are no part of a live book; [Desk.Export] has them.
//
// Invariants, verified by [LiveBook.Check], to the cent and for each kind of account and currency:
//
//	stated total  = what moves + what is left
//	outstanding   = principal owed - paid, for each loan
//	past payments = what instalments say was paid, by component
//	every loan keeps the invariants of [Loan.Check], the shares of its lots included
type LiveBook struct {
	On        civil.Date    // the cut-over (割接日): everything stands as on this day
	Tolerance int64         // most minor units by which a lot may be off its share, see [AdoptLoan]
	Products  []LiveProduct // loans name theirs by its place in the list
	Parties   []Party       // without Wallets
	Wallets   []LiveWallet
	Own       []OwnBalance // the platform's income, expense, fees due and receivable, top-up due
	Loans     []LiveLoan
	Totals    []StatedTotal // of the old books, by kind of account and currency
	Left      []ledger.Line // accounts of the old books that do not move, or as far as they do not
	LeftLoans []LeftLoan
}

// LiveProduct is a product as loans copied it. Of the versions of one product at most one is
// Current: under that one new loans may be applied for.
type LiveProduct struct {
	Product Product
	Current bool
}

// LiveWallet is a party's money in one currency, in minor units. What was owed on a loan is no part
// of it.
type LiveWallet struct {
	Party     PartyID
	Currency  money.Currency
	Available int64
	Owed      int64      // to the platform
	Active    civil.Date // latest day on which the party moved money itself; zero for never
	Day       WithdrawalDay
	Past      Lifetime
}

// Lifetime is what a party has had out of its claims, in minor units: the figures of its [Portfolio]
// that are not balances. Loans that were paid back before the cut-over need not move with it.
type Lifetime struct {
	Lent, Bought, Sold  int64
	Received            Components
	Fees                int64
	Advanced, Recovered int64 // as a cover
	Promotions          int64 // by coupons
	Loans               int
}

// StatedTotal is what all accounts of a kind have together in the old books, in minor units: debit
// above zero.
type StatedTotal struct {
	Kind     ledger.Kind
	Currency money.Currency
	Debit    int64
}

// OwnBalance is what stands on an account of the platform's own, in minor units: debit above zero. Kinds
// are income and expense, each with its reference, fees-due, fees-receivable and topup-due. The banks'
// balances follow from the others.
type OwnBalance struct {
	Kind     ledger.Kind
	Ref      ledger.Ref
	Currency money.Currency
	Debit    int64
}

// LeftLoan is a loan that does not move, and why.
type LeftLoan struct {
	Loan     LoanID
	Borrower PartyID
	State    State
	Amount   money.Amount
	Why      Code // "not-paid-out", "cover-promised", "payout-disputed", "claims-by-term", "claims-by-rank", "fee-called"
}

// LiveLoan is a loan in the middle of its life. Figures are minor units of its currency.
type LiveLoan struct {
	ID       LoanID
	Borrower PartyID
	Product  int // place in [LiveBook].Products
	State    State
	Amount   money.Amount
	Periods  int
	Rate     schedule.Rate `json:",omitzero"`
	Grade    Code
	Start    civil.Date     // interest runs from here
	FirstDue civil.Date     // if it was not one period later
	Base     int            // the instalment with which the plan begins; 0 unless it was made anew
	Terms    PlanTerms      // of a plan that was made anew; zero for one as the loan was lent
	Rows     []schedule.Row // of the plan
	Dues     []Due          // from Base on, one a row, then those that payments called back have added
	Charges  []Charge       // fees and costs; those of an instalment are in its figures too
	Caps     []CostCap      // what it may cost, by dates; none for no cap
	Cost     CostDays       // by which that is counted
	// Acceleration is by what everything fell due; the instalments that it names are due on its day.
	Acceleration Acceleration
	Lots         []Lot
	Advances     []Advance
	Covers       []CoverUse // one a layer of the product's covers
	Upfront      []Levied
	Served       civil.Date
	PaidOut      int64
	Payments     int // repayments recorded
	Looked       civil.Date
	Stale        bool
	Closed       civil.Date
	Noticed      civil.Date // when a prepayment was announced
	Outstanding  int64      // principal, as the old system states it
	Past         []PastPayment
}
