// Package ledger keeps the three books of a platform: the client money at the custodian, the
// platform's own money, and the off-balance register of claims and debts.
//
// An [Entry] lives in exactly one book and one currency and balances: its debits equal its
// credits. A fact that touches two books is one entry in each. [Balances] folds entries into a
// trial balance; it needs nothing but entries, so every satellite's postings count in it.
//
//	e := ledger.Move(ledger.Client, "bid", ledger.Available("bob"), ledger.Held("bob", "L1"), amount)
//	var b ledger.Balances
//	err := b.Post(e)
//	lines := b.Trial(ledger.Client)
//
// # Accounts
//
// Client book: Bank and TopupDue are assets; Available, Held, Clearing, OutTransit, Suspense,
// FeesDue and FeesTransit are liabilities. Platform book: OwnBank, FeesRcv, ClientRcv are assets, Income and
// Expense are results. Register: Claim and ClaimWO stand against Debt and DebtWO.
//
// # Invariants
//
//   - an entry balances to zero; so do every book and currency at every moment
//   - no account of a book is used in another
//   - Claim = Debt and ClaimWO = DebtWO for each loan ([Balances.Check])
//   - client money owed to the platform, and on its way there (FeesDue + FeesTransit) = what the
//     platform books as receivable (FeesRcv)
//   - no liability of the client book is ever negative
package ledger
