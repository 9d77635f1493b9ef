package regulator

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// check is what [Rule].Check is.
type check = func(*Case) (why string, err error)

// above says by how much a figure passes a limit, nothing when it does not. A limit binds amounts of
// its own currency alone.
func above(what string, minor int64, limit money.Amount) string {
	if minor <= limit.Minor() {
		return ""
	}
	sum, err := money.New(minor, limit.Currency())
	if err != nil {
		return fmt.Sprintf("%s would be more than an amount can be, the limit is %s", what, limit)
	}
	return fmt.Sprintf("%s would be %s, the limit is %s", what, sum, limit)
}

// debt returns the check of what a borrower of some kinds owes or asks for, the loan that is
// published or disbursed included; over all platforms, or here alone.
func (o Options) debt(limit money.Amount, all bool, kinds ...lending.PartyKind) check {
	return func(c *Case) (string, error) {
		l, f, err := c.borrower()
		if err != nil || l == nil {
			return "", err
		}
		if l.Currency() != limit.Currency() || !slices.Contains(kinds, f.party.Kind) {
			return "", nil
		}
		sum := f.wallet.Debt()
		if all {
			other, err := o.elsewhere(c.Tx, l.Borrower, Borrowed, l.Currency())
			if err != nil {
				return "", err
			}
			sum += other
		}
		return above("the debt of "+string(l.Borrower), sum, limit), nil
	}
}

// lent returns the check of what a lender has lent over all platforms, the bid included.
func (o Options) lent(limit money.Amount) check {
	return func(c *Case) (string, error) {
		b, err := c.bid()
		if err != nil || b.loan == nil || b.loan.Currency() != limit.Currency() {
			return "", err
		}
		other, err := o.elsewhere(c.Tx, b.lender, Lent, limit.Currency())
		sum := b.wallet.LentTotal() + b.minor + other
		return above("what "+string(b.lender)+" has lent", sum, limit), err
	}
}

// lentTo returns the check of what a lender has lent to one borrower, the bid included.
func lentTo(limit money.Amount) check {
	return func(c *Case) (string, error) {
		b, err := c.bid()
		if err != nil || b.loan == nil || b.loan.Currency() != limit.Currency() {
			return "", err
		}
		sum := b.wallet.LentTo(b.loan.Borrower) + b.minor
		what := fmt.Sprintf("what %s has lent to %s", b.lender, b.loan.Borrower)
		return above(what, sum, limit), nil
	}
}
