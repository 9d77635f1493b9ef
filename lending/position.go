package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// Stake is what a lender has in one loan, in minor units: what is on hold for his bids, then the
// principal of his claims that is not paid back. It ends when that is nothing, or when the loan is
// written off. What a cover is owed after a payout is no stake.
type Stake struct {
	Borrower PartyID
	Grade    Code
	Minor    int64
}

func (s *Stake) code(c *event.Codec) {
	event.Text(c, &s.Borrower)
	event.Text(c, &s.Grade)
	c.Int(&s.Minor)
}

// Liability is what a borrower owes or asks for on one loan, in minor units of principal.
type Liability struct {
	Minor int64
	Out   bool // the loan was paid out; else it is asked for
}

// positions are a wallet's stakes and liabilities with their sums.
type positions struct {
	lent     map[LoanID]Stake
	borrower map[PartyID]int64
	grade    map[Code]int64
	total    int64
	owes     map[LoanID]Liability
	debt     int64
}

// LentTotal returns what the lender has in all loans, in minor units.
func (w *Wallet) LentTotal() int64 { return w.positions.total }

// LentTo returns what the lender has in loans to a borrower.
func (w *Wallet) LentTo(borrower PartyID) int64 { return w.positions.borrower[borrower] }

// LentInGrade returns what the lender has in loans of a grade.
func (w *Wallet) LentInGrade(grade Code) int64 { return w.positions.grade[grade] }

// Stake returns what the lender has in one loan.
func (w *Wallet) Stake(loan LoanID) Stake { return w.positions.lent[loan] }

// Stakes lists the loans in which the lender has something, in the order of their ids.
func (w *Wallet) Stakes() []LoanID { return sortedKeys(w.positions.lent) }

// Debt returns the principal that the party owes or asks for on all its loans, in minor units.
func (w *Wallet) Debt() int64 { return w.positions.debt }

// Liability returns what the party owes or asks for on one loan.
func (w *Wallet) Liability(loan LoanID) Liability { return w.positions.owes[loan] }

// Liabilities lists the loans that the party asks for or owes on, in the order of their ids.
func (w *Wallet) Liabilities() []LoanID { return sortedKeys(w.positions.owes) }

// InDebt reports whether the party owes on a loan that was paid out.
func (w *Wallet) InDebt() bool {
	for _, v := range w.positions.owes {
		if v.Out {
			return true
		}
	}
	return false
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// stake changes what the lender has in a loan. Borrower and grade are those of the loan; a change
// downwards need not name them.
func (p *positions) stake(loan LoanID, change Stake) {
	s := p.lent[loan]
	if change.Minor > 0 {
		s.Borrower, s.Grade = change.Borrower, change.Grade
	}
	s.Minor += change.Minor
	put(&p.lent, loan, s, s.Minor == 0)
	add(&p.borrower, s.Borrower, change.Minor)
	add(&p.grade, s.Grade, change.Minor)
	p.total += change.Minor
}

// owe changes what the party owes on a loan.
func (p *positions) owe(loan LoanID, change Liability) {
	v := p.owes[loan]
	v.Minor += change.Minor
	v.Out = v.Out || change.Out
	put(&p.owes, loan, v, v.Minor == 0)
	p.debt += change.Minor
}

func put[K comparable, V any](m *map[K]V, k K, v V, gone bool) {
	if gone {
		delete(*m, k)
		return
	}
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[k] = v
}

func add[K comparable](m *map[K]int64, k K, minor int64) {
	sum := (*m)[k] + minor
	put(m, k, sum, sum == 0)
}

// code codes the positions for snapshots.
func (p *positions) code(c *event.Codec) {
	loans, debts := sortedKeys(p.lent), sortedKeys(p.owes)
	event.List(c, &loans, func(c *event.Codec, id *LoanID) {
		event.Text(c, id)
		s := p.lent[*id]
		s.code(c)
		if c.Reading() {
			p.stake(*id, s)
		}
	})
	event.List(c, &debts, func(c *event.Codec, id *LoanID) {
		event.Text(c, id)
		v := p.owes[*id]
		c.Int(&v.Minor)
		c.Bool(&v.Out)
		if c.Reading() {
			p.owe(*id, v)
		}
	})
}

// Borrows changes what a wallet's party owes or asks for on a loan.
type Borrows struct {
	Loan  LoanID
	Delta int64
	Out   bool // the loan has been paid out
}

// Type implements event.Of.
func (Borrows) Type() string { return "borrows" }

// Apply implements event.Of.
func (e Borrows) Apply(w *Wallet) { w.positions.owe(e.Loan, Liability{e.Delta, e.Out}) }

// Code implements event.Coder.
func (e *Borrows) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Int(&e.Delta)
	c.Bool(&e.Out)
}

// borrows changes what the borrower of a loan owes or asks for on it.
func (t *Tx) borrows(l *Loan, delta int64, out bool) error {
	if delta == 0 && !out {
		return nil
	}
	return t.change(l.Borrower, l.Currency(), Borrows{l.ID, delta, out})
}

// stakeChange is a change of what a party has in a loan.
type stakeChange struct {
	party PartyID
	loan  LoanID
	Stake
}

// stake is a change of what a party has in the loan, in minor units.
func (l *Loan) stake(p PartyID, minor int64) stakeChange {
	return stakeChange{p, l.ID, Stake{l.Borrower, l.Grade, minor}}
}

// stakes is what each lender has in the loan, by the loan's own account.
func (l *Loan) stakes() map[PartyID]int64 {
	has := map[PartyID]int64{}
	switch {
	case l.State == StateFailed || l.State == StateWrittenOff:
	case len(l.Lots) == 0:
		for _, b := range l.Bids {
			has[b.Lender] += b.Amount
		}
	default:
		for i := range l.Lots {
			has[l.Lots[i].Holder] += l.Lots[i].Units - l.Lots[i].Paid[Principal]
		}
	}
	return has
}

// asked is what the borrower asks for or owes, by the loan's own account.
func (l *Loan) asked() int64 {
	switch {
	case l.State.Ended():
		return 0
	case len(l.Dues) == 0:
		return l.Amount.Minor()
	}
	return l.Outstanding().Minor()
}
