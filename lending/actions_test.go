package lending_test

import (
	"context"
	"errors"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// actions are the machine's moves. Most of what they ask for fits the state of the loan that was
// drawn; one in eight is anything at all.
func actions(m *machine) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":         m.check,
		"deposit":  m.deposit,
		"withdraw": m.withdraw,
		"apply":    m.apply,
		"apply2":   m.applyStepwise,
		"turn":     m.turn,
		"turn2":    m.turn,
		"step":     m.step,
		"step2":    m.step,
		"pay":      m.pay,
		"pay2":     m.pay,
		"late":     m.late,
		"plan":     m.plan,
		"serve":    m.serve,
		"serve2":   m.serve,
		"exit":     m.exit,
		"office":   m.office,
		"office2":  m.office,
		"day":      m.nextDay,
		"odd":      m.odd,
		"again":    m.again,
		"receipt":  m.receipt,
		"standing": m.standing,
		"orders":   m.orders,
		"auto":     m.auto,
		"offer":    m.offer,
		"match":    m.match,
		"move":     m.move,
		"promote":  m.promote,
	}
}

func draw[T any](t *rapid.T, what string, of []T) T { return rapid.SampledFrom(of).Draw(t, what) }

func (m *machine) party(t *rapid.T) lending.PartyID { return draw(t, "party", m.parties) }

// minor draws an amount in minor units, biased to the smallest.
func minor(t *rapid.T, most int64) int64 {
	if rapid.IntRange(0, 3).Draw(t, "size") == 0 {
		return rapid.Int64Range(1, min(3, most)).Draw(t, "few")
	}
	return rapid.Int64Range(1, most).Draw(t, "minor")
}

func (m *machine) deposit(t *rapid.T) {
	m.fund(m.party(t), amt(minor(t, 1_000_000), draw(t, "currency", m.curs)))
}

func (m *machine) fund(p lending.PartyID, a money.Amount) {
	if run(m, bank, lending.Deposit{Party: p, Amount: a}) == nil {
		m.bank[a.Currency()] += a.Minor()
	}
}

func (m *machine) withdraw(t *rapid.T) {
	p, c := m.party(t), draw(t, "currency", m.curs)
	if has := m.desks[0].wallet(p, c).Available; has > 0 {
		run(m, party(p), lending.Withdraw{Amount: amt(minor(t, has), c)})
	}
}

func (m *machine) apply(t *rapid.T) {
	if len(m.desks[0].follow.Loans()) > 12 {
		return
	}
	i := rapid.IntRange(0, len(m.curs)-1).Draw(t, "currency")
	p := draw(t, "product", m.offered[i])
	who := m.party(t)
	run(m, party(who), lending.Apply{Product: p.ID, Amount: amt(minor(t, 200_000), m.curs[i]),
		Periods: rapid.IntRange(1, 6).Draw(t, "periods")})
}

// loan draws a loan in one of the states, nil when there is none.
func (m *machine) loan(t *rapid.T, states ...lending.State) *lending.Loan {
	var fit []*lending.Loan
	r := m.desks[0].follow
	for _, id := range r.Loans() {
		for _, s := range states {
			if l := r.Loan(id); l.State == s {
				fit = append(fit, l)
			}
		}
	}
	if len(fit) == 0 {
		return nil
	}
	return draw(t, "loan", fit)
}

// step takes a loan one step on its way.
func (m *machine) step(t *rapid.T) {
	l := m.loan(t, lending.StateApplied, lending.StateApproved, lending.StateOpen, lending.StateOffered,
		lending.StateFullyFunded, lending.StateReviewed)
	if l == nil || m.prepare(t, l) {
		return
	}
	switch l.State {
	case lending.StateApplied:
		rate := draw(t, "rate", []string{"0% per year", "7.2% per year", "35.9999999999% per year"})
		run(m, analyst, lending.Approve{Loan: l.ID, Rate: schedule.MustRate(rate), Grade: "A1"})
	case lending.StateApproved:
		run(m, officer, lending.Publish{Loan: l.ID})
	case lending.StateOpen:
		m.bids(t, l)
	case lending.StateOffered:
		m.answer(t, l)
	case lending.StateFullyFunded:
		m.useCoupon(t, l)
		run(m, officer, lending.ReviewFunding{Loan: l.ID})
	case lending.StateReviewed:
		if rapid.IntRange(0, 7).Draw(t, "give up") == 0 {
			run(m, officer, lending.CancelFunding{Loan: l.ID, Reason: "withdrawn"})
			return
		}
		run(m, cashier, lending.Disburse{Loan: l.ID})
	}
}

// pay repays what is due, a part of it, more than it, or everything.
func (m *machine) pay(t *rapid.T) {
	l := m.loan(t, lending.StateActive, lending.StateWrittenOff)
	if l == nil {
		return
	}
	all, err := l.DueOn(m.day.AddDays(400))
	if err != nil {
		t.Fatal(err)
	}
	if rapid.IntRange(0, 4).Draw(t, "early") == 0 && l.State == lending.StateActive {
		off, err := l.Payoff(m.day)
		if err != nil {
			t.Fatal(err)
		}
		m.fund(l.Borrower, off)
		run(m, party(l.Borrower), lending.PayOff{Loan: l.ID})
		return
	}
	a := amt(minor(t, max(1, all.Minor())), l.Currency())
	m.fund(l.Borrower, a)
	run(m, party(l.Borrower), lending.Repay{Loan: l.ID, Amount: a})
}

// late accelerates a loan, writes it off or books its payments anew.
func (m *machine) late(t *rapid.T) {
	l := m.loan(t, lending.StateActive, lending.StateWrittenOff, lending.StateClosed)
	if l == nil {
		return
	}
	if rapid.IntRange(0, 4).Draw(t, "accelerate") == 0 {
		run(m, officer, lending.Accelerate{Loan: l.ID, Reason: "breach"})
		return
	}
	if rapid.Bool().Draw(t, "write off") {
		run(m, officer, lending.WriteOff{Loan: l.ID, Reason: "overdue"})
		return
	}
	m.rebook(t, l)
}

// rebook has a payment of a loan found, or one taken back.
func (m *machine) rebook(t *rapid.T, l *lending.Loan) {
	if rapid.Bool().Draw(t, "spent") { // the holders have spent it
		for _, x := range l.Lots {
			if has := m.desks[0].wallet(x.Holder, l.Currency()).Available; has > 0 {
				run(m, party(x.Holder), lending.Withdraw{Amount: amt(has, l.Currency())})
			}
		}
	}
	if rapid.Bool().Draw(t, "as of") {
		run(m, officer, lending.RepayAsOf{Loan: l.ID, Amount: amt(rapid.Int64Range(1, l.Amount.Minor()).Draw(t, "found"), l.Currency()),
			Value: m.day.AddDays(-rapid.IntRange(0, 90).Draw(t, "back")), Reason: "found"})
		return
	}
	number := 0
	if n := len(l.History); n > 0 {
		number = l.History[rapid.IntRange(0, n-1).Draw(t, "which")].N
	}
	run(m, officer, lending.ReversePayment{Loan: l.ID, Payment: number, Reason: "bounced"})
}

// exit ends loans before their time and takes deposits back.
func (m *machine) exit(t *rapid.T) {
	switch rapid.IntRange(0, 4).Draw(t, "exit") {
	case 0:
		if l := m.loan(t, lending.StateApplied, lending.StateApproved); l != nil {
			run(m, analyst, lending.Decline{Loan: l.ID, Reason: "policy"})
		}
	case 1:
		if l := m.loan(t, lending.StateScheduled, lending.StateOpen, lending.StateOffered, lending.StateFullyFunded); l != nil {
			run(m, officer, lending.CancelTender{Loan: l.ID, Reason: "withdrawn"})
		}
	case 2:
		if l := m.loan(t, lending.StateReviewed); l != nil {
			run(m, officer, lending.CancelFunding{Loan: l.ID, Reason: "withdrawn"})
		}
	case 3:
		m.bounce(t)
	case 4:
		if l := m.loan(t, lending.StateActive); l != nil {
			run(m, officer, sell{l.ID, drawPart(t, l, rapid.IntRange(0, 3).Draw(t, "by term") == 0, m.party(t))})
		}
	}
}

// bounce deposits money and lets the bank take it back, and tops the client account up.
func (m *machine) bounce(t *rapid.T) {
	p, a := m.party(t), amt(minor(t, 5000), draw(t, "currency", m.curs))
	m.fund(p, a)
	w := m.desks[0]
	var id payment.ID
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if c.Stream.Kind == "payment" && c.Record.Type == "received" {
				id = payment.ID(c.Stream.ID)
			}
		}
		pos = next
	}
	if has := w.wallet(p, a.Currency()).Available; has > 0 && rapid.Bool().Draw(t, "spend first") {
		run(m, party(p), lending.Withdraw{Amount: amt(has, a.Currency())})
	}
	if run(m, bank, lending.ReverseDeposit{Payment: id}) == nil {
		m.bank[a.Currency()] -= a.Minor()
	}
	if run(m, bank, lending.TopUp{Amount: amt(1, a.Currency())}) == nil {
		m.bank[a.Currency()]++
	}
}

func (m *machine) nextDay(t *rapid.T) {
	m.day = m.day.AddDays(rapid.SampledFrom([]int{0, 1, 1, 4, 28, 31}).Draw(t, "days"))
	for _, w := range m.desks {
		if w.day = m.day; w.perUser {
			w.dayEnd()
		} else if _, err := w.desk.DayEnd(context.Background(), m.day); err != nil {
			t.Fatal(err)
		}
		w.advance(t)
	}
	m.settle()
	for _, w := range m.desks {
		if n, err := w.desk.DayEnd(context.Background(), m.day); err != nil || n != 0 {
			t.Fatalf("the day-end run again woke %d streams: %v", n, err)
		}
	}
}

// odd sends commands that make no sense: wrong states, actors, amounts, things that do not exist.
func (m *machine) odd(t *rapid.T) {
	id := lending.LoanID("L-nowhere")
	if l := m.loan(t, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13); l != nil && rapid.Bool().Draw(t, "known") {
		id = l.ID
	}
	a := amt(rapid.SampledFrom([]int64{-1, 0, 1, money.MaxMinor}).Draw(t, "amount"), draw(t, "currency", m.curs))
	who := draw(t, "actor", []lending.Actor{officer, analyst, cashier, bank, timer, party("ann"), party("zoe"),
		{ID: "bad id", Role: lending.RoleParty}, {}})
	switch rapid.IntRange(0, 20).Draw(t, "odd") {
	case 18:
		run(m, who, lending.SwitchOn{Market: "CNY", Mandate: lending.Mandate{Min: a.Minor(), Max: a.Minor()}})
	case 19:
		run(m, who, lending.SwitchOff{Market: "JPY", Mandate: "M-nobodys"})
	case 20:
		run(m, who, lending.FillLoan{Market: "nowhere", Loan: id})
	case 0:
		run(m, who, lending.PlaceBid{Loan: id, Amount: a})
	case 1:
		run(m, who, lending.Repay{Loan: id, Amount: a})
	case 2:
		run(m, who, lending.Disburse{Loan: id})
	case 3:
		run(m, who, lending.ReviewFunding{Loan: id})
	case 4:
		run(m, who, lending.Publish{Loan: id})
	case 5:
		run(m, who, lending.Approve{Loan: id})
	case 6:
		run(m, who, lending.PayOff{Loan: id})
	case 7:
		if a.Minor() != money.MaxMinor && run(m, who, lending.Deposit{Party: "ann", Amount: a}) == nil {
			m.bank[a.Currency()] += a.Minor()
		}
	case 8:
		run(m, who, lending.Withdraw{Amount: a})
	case 9:
		run(m, who, lending.EndDay{Loan: id})
	case 10:
		run(m, who, lending.Apply{Product: "plain-0", Amount: a, Periods: 700})
	case 11:
		run(m, who, lending.Observe{Report: payment.Report{Instruction: "W-x", Paid: a, Status: payment.Settled}})
	case 12:
		run(m, who, lending.ReversePayment{Loan: id, Reason: "no reason"})
	case 13:
		run(m, who, lending.CloseTender{Loan: id})
	case 14:
		run(m, who, lending.WithdrawBid{Loan: id, Bid: rapid.IntRange(-1, 3).Draw(t, "bid")})
	case 15:
		run(m, who, lending.ExtendTender{Loan: id, Until: m.day.AddDays(rapid.IntRange(-1, 9).Draw(t, "days"))})
	case 16:
		run(m, who, lending.AcceptFunding{Loan: id})
	case 17:
		run(m, who, lending.DeclineFunding{Loan: id})
	}
}

// again sends an earlier command with its old key, and another one with that key.
func (m *machine) again(t *rapid.T) {
	if len(m.done) == 0 {
		return
	}
	draw(t, "earlier", m.done)()
	meta := lending.Meta{Key: "m1", Actor: officer, On: m.day}
	for _, w := range m.desks {
		_, err := lending.Do(context.Background(), w.desk, meta, lending.Register{Party: "other", Kind: lending.Company})
		if !errors.Is(err, event.ErrKeyReused) {
			t.Fatalf("a key reused for other content: %v", err)
		}
	}
}

// call has a fee in readiness be charged.
type call struct {
	Loan  lending.LoanID
	Party lending.PartyID
	Off   bool
}

func (c call) Home(lending.Meta) event.Ref[market] { return markets.Ref(string(c.Loan)) }
func (call) Allowed() []lending.Role               { return []lending.Role{lending.RoleOfficer} }
func (c call) Decide(t *lending.Tx, _ *market) (sold, error) {
	return sold{}, t.CallFee(c.Loan, c.Party, c.Off)
}

// sell moves title without a price, as a transfer between friends would.
type sell struct {
	Loan lending.LoanID
	lending.Assignment
}

type sold struct{ Lot int }

func (sold) Type() string           { return "sold" }
func (sold) Apply(*market)          {}
func (e *sold) Code(c *event.Codec) { c.Count(&e.Lot) }

type market struct{}

var markets = event.NewKind[market]("market", nil, event.On[sold]())

func (c sell) Home(lending.Meta) event.Ref[market] { return markets.Ref(string(c.Loan)) }
func (sell) Allowed() []lending.Role               { return []lending.Role{lending.RoleOfficer} }
func (c sell) Decide(t *lending.Tx, _ *market) (sold, error) {
	return sold{c.Lot}, t.Assign(c.Loan, c.Assignment)
}
