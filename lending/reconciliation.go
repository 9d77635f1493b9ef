package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// SubAccountDiff is a sub-account that does not hold what the books say, in minor units.
type SubAccountDiff struct {
	Account payment.Account
	Books   int64
	Holds   int64
}

// SubAccounts returns what each sub-account of a custodian that keeps one for each party should
// hold, and what is on its way between them, in minor units. The sum on the way stands in no
// sub-account; some of it may still lie where it comes from.
func (r *Reports) SubAccounts(c money.Currency) (holds map[payment.Account]int64, onItsWay int64) {
	holds = map[payment.Account]int64{}
	for _, line := range r.ledger.Trial(ledger.Client) {
		if line.Currency != c {
			continue
		}
		a := SubAccount(line.Account)
		switch {
		case line.Account.Kind == ledger.KindOutTransit, line.Account.Kind == ledger.KindFeesTransit:
			onItsWay -= line.Debit
		case a.Kind == 0:
		default:
			if holds[a] -= line.Debit; holds[a] == 0 {
				delete(holds, a)
			}
		}
	}
	return holds, onItsWay
}

// CompareSubAccounts is the third identity of client money: available and held of every wallet are
// its sub-account. It lists where that is not so, by account; once nothing is on its way the list
// must be empty.
func (r *Reports) CompareSubAccounts(holds map[payment.Account]int64, c money.Currency) (out []SubAccountDiff) {
	books, _ := r.SubAccounts(c)
	for a, n := range books {
		if holds[a] != n {
			out = append(out, SubAccountDiff{a, n, holds[a]})
		}
	}
	for a, n := range holds {
		if _, ok := books[a]; !ok && n != 0 {
			out = append(out, SubAccountDiff{a, 0, n})
		}
	}
	slices.SortFunc(out, func(x, y SubAccountDiff) int {
		return cmp.Or(cmp.Compare(x.Account.Kind, y.Account.Kind), cmp.Compare(x.Account.Party, y.Account.Party),
			cmp.Compare(x.Account.Ref, y.Account.Ref))
	})
	return out
}
