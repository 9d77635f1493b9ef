package lending_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// awkward is a machine of one desk and one loan.
type awkward struct {
	*machine
	id lending.LoanID
}

// newAwkward lends out a loan of a product that nobody would offer, on a day that calendars have trouble
// with.
func newAwkward(t *rapid.T) *awkward {
	c := money.MustCurrency(draw(t, "currency", []string{"CNY", "JPY", "BHD"}))
	p := drawAwkwardProduct(t, c)
	m := &machine{t: t, counts: map[string]int{}, parties: []lending.PartyID{"ann", "bob", "cat", "dan", "eve"},
		curs: []money.Currency{c}, bank: map[money.Currency]int64{},
		day: civil.MustParse(draw(t, "day", []string{"2024-01-30", "2024-01-31", "2024-02-29", "2023-12-31", "2023-02-28"}))}
	w := newWorld(t, lending.Config{Chunk: 2, Rules: capping(drawAwkwardCaps(t))})
	w.day = m.day
	w.bank.Put(fees, amt(float, c))
	m.desks = []*twin{{world: w, follow: new(lending.Reports), oracle: newShareOracle(), book: newBookOracle()}}
	w.register(m.parties...)
	minor := draw(t, "amount", []int64{1, 2, 3, 577, 100_000, 123_457, 10_000_000_000})
	lenders := twinLenders[:rapid.Int64Range(1, min(3, minor)).Draw(t, "lenders")]
	rate := draw(t, "rate", []string{"0% per year", "12% per year", "35.9% per year", "100% per year"})
	id := w.lent(p, minor, rapid.IntRange(1, 13).Draw(t, "periods"), rate, lenders...)
	m.bank[c] += minor
	m.desks[0].advance(t)
	return &awkward{m, id}
}

// drawAwkwardCaps draws a cap on the cost of loans, or none.
func drawAwkwardCaps(t *rapid.T) []lending.CostCap {
	if rapid.Bool().Draw(t, "uncapped") {
		return nil
	}
	first := draw(t, "cap", []string{"36", "15.4", "0"})
	return []lending.CostCap{capFrom("2020-01-01", first), capFrom("2024-03-01", "24")}
}

// step is anything that can happen to the loan, in whatever state it is.
func (m *awkward) step(t *rapid.T) {
	moves := []func(*rapid.T){m.skip, m.serve, m.part, m.again, m.plan, m.bounced, m.nextDay, m.serve, m.part,
		m.late, m.skip, m.again, m.serve, m.plan, m.pay, m.move}
	moves[rapid.IntRange(0, len(moves)-1).Draw(t, "what")](t)
}

// part repays a part of what is owed in all.
func (m *awkward) part(t *rapid.T) {
	l := m.desks[0].follow.Loan(m.id)
	all, err := l.DueOn(m.day.AddDays(2000))
	require.NoError(t, err)
	n := all.Minor()
	a := amt(draw(t, "part", []int64{1, 2, n/30 + 1, n/10 + 1, n/3 + 1}), l.Currency())
	m.fund("ann", a)
	run(m.machine, party("ann"), lending.Repay{Loan: m.id, Amount: a})
}

// bounced has a payment called back, of a closed loan too.
func (m *awkward) bounced(t *rapid.T) { m.callBack(t, m.desks[0].follow.Loan(m.id)) }

// again books payments of the loan anew.
func (m *awkward) again(t *rapid.T) {
	l := m.desks[0].follow.Loan(m.id)
	m.fund("ann", l.Amount)
	m.rebook(t, l)
}

// skip lets days pass, often to a due date, on which nobody looks at the loan.
func (m *awkward) skip(t *rapid.T) {
	to := m.day.AddDays(draw(t, "unseen", []int{1, 2, 5, 17, 40}))
	if rapid.Bool().Draw(t, "to a due date") {
		for _, d := range m.desks[0].follow.Loan(m.id).Dues {
			if d.Date.After(m.day) {
				to = d.Date
				break
			}
		}
	}
	m.day, m.desks[0].day = to, to
}

// check holds the loan read back against the feed, and that what it takes can always be told.
func (m *awkward) check(t *rapid.T) {
	m.readBack(m.id)
	m.clientMoney()
	l := m.desks[0].follow.Loan(m.id)
	if l.State != lending.StateActive {
		return
	}
	due, err := l.DueOn(m.day)
	require.NoError(t, err)
	require.GreaterOrEqual(t, due.Minor(), int64(0))
	_, err = l.Payoff(m.day)
	require.NoError(t, err)
}

// end pays all that the loan owes, at once if its product lets it.
func (m *awkward) end(t *rapid.T) {
	w := m.desks[0].world
	l := w.loan(m.id)
	switch l.State {
	case lending.StateActive:
		off, err := l.Payoff(m.day)
		require.NoError(t, err)
		m.fund("ann", off)
		before := w.wallet("ann", l.Currency()).Available
		err = run(m.machine, party("ann"), lending.PayOff{Loan: m.id})
		if errors.Is(err, lending.ErrPrepayment) {
			w.closes(t, m.id)
			return
		}
		require.NoError(t, err)
		require.Equal(t, off.Minor(), before-w.wallet("ann", l.Currency()).Available)
	case lending.StateWrittenOff:
		m.fund("ann", amt(1<<50, l.Currency()))
		require.NoError(t, run(m.machine, party("ann"), lending.Repay{Loan: m.id, Amount: amt(1<<50, l.Currency())}))
	}
	l = w.loan(m.id)
	require.Equal(t, lending.StateClosed, l.State)
	for _, x := range l.Lots {
		require.Equal(t, x.Units, x.Paid[lending.Principal])
	}
}

// Whatever is paid, prepaid, called back, levied, waived, restructured, accelerated, written off, found or
// reversed, in whatever order and whether anybody looks in between, the books and every figure of the loan
// hold after each step, what is refused is refused with a reason and changes nothing, and paid to the end
// the loan is closed, with each lender's principal back.
func TestAwkwardLives(t *testing.T) {
	t.Parallel()
	total := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := newAwkward(t)
		for range draw(t, "steps", []int{3, 10, 25, 40}) {
			m.step(t)
			m.check(t)
		}
		m.end(t)
		for k, n := range m.counts {
			total[k] += n
		}
	})
	report(t, total)
}
