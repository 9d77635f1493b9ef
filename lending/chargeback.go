package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Chargeback has a payment called back by the borrower's bank owed anew from today on (拒付). Unlike
// [ReversePayment] it rewrites nothing: what was paid since stays as it is, and nothing becomes late
// that was not. What the payment paid last is called back first, and is owed with the next instalment
// that falls due after today; when there is none, at once. Until it is late it bears no interest: [LevyCharge]
// is for what the lenders are to have for the time. Late charges up to the day are booked before, and
// an acceleration by rule whose day has come. Holders and payees give back what they had of it; what a
// wallet no longer has becomes its debt to the platform, which stands in. Where claims are ranked, those behind
// give back first, but no rank what it would have of what is left and not called back: while nothing that is
// due is missing, all give back in proportion. The money is in the
// borrower's wallet afterwards: [ReverseDeposit], before or after, takes it out of the books. A payment
// from before claims were sold, a cover paid or the plan was made anew can no longer be called back. By an
// officer with an approver. Payments before a chargeback can no longer be reversed, but called back. Given
// by an officer.
type Chargeback struct {
	Loan    LoanID
	Payment int          // its number, counted from 1; zero for the latest
	Amount  money.Amount // zero for all of it that was not called back before
	Reason  Code
}

// CalledBack is the outcome of [Chargeback].
type CalledBack struct {
	On           civil.Date
	By, Approver ActorID
	Reason       Code
	Booking      // late charges up to the day
	Payment      int
	Parts        []Allocation // of the payment, called back
	Instalment   int          // with which they are owed anew
	Due          civil.Date   // of the instalment, where it begins with it
	Vectors      []Vector     // what lots give back
	Cuts         []Cut        // what lenders get back of their fees
	Platform     []Levy       // what the platform gives back
	Others       []Levied     // what other parties give back
	Payout       PayoutID     // stream that moves the money in chunks; empty if it was done at once
}

// Type implements event.Of.
func (CalledBack) Type() string { return "called-back" }

// Apply implements event.Of.
func (e CalledBack) Apply(l *Loan) {
	l.book(e.Booking)
	l.State, l.Closed, l.Payout = StateActive, civil.Date{}, e.Payout
	l.begin(e.Instalment, e.Due)
	d := l.due(e.Instalment)
	m := l.movement(e.Payment)
	for _, p := range e.Parts {
		m.called += p.Minor
		d.Again.add(p.Component, p.Minor)
		if p.Charge == 0 {
			d.Owed.add(p.Component, p.Minor)
			continue
		}
		x := *l.chargeAt(p.Charge)
		x.Instalment, x.On, x.Owed, x.Paid, x.Waived, x.Advanced = e.Instalment, e.On, p.Minor, 0, 0, 0
		x.Auto, x.Again = false, true
		l.charge(x)
	}
	l.credit(e.Vectors, e.Cuts, -1)
	l.fence(e.On)
}

// Code implements event.Coder.
func (e *CalledBack) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	e.Booking.code(c)
	c.Count(&e.Payment)
	codeAllocations(c, &e.Parts)
	c.Count(&e.Instalment)
	c.Date(&e.Due)
	codeVectors(c, &e.Vectors)
	codeCuts(c, &e.Cuts)
	codeLevies(c, &e.Platform)
	codeLevied(c, &e.Others)
	event.Text(c, &e.Payout)
}

// Total is what was called back, in minor units.
func (e *CalledBack) Total() (sum int64) {
	for _, p := range e.Parts {
		sum += p.Minor
	}
	return sum
}

// Home implements Command.
func (c Chargeback) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Chargeback) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a payment that is not known ([ErrUnknown]), or from before the
// claims were sold or a cover paid, or that paid a cover back ([ErrState]), and more than is left of it
// ([ErrAmount]).
func (c Chargeback) Decide(t *Tx, l *Loan) (CalledBack, error) {
	none := CalledBack{}
	if _, err := t.rebooking(l, c.Loan, c.Reason); err != nil {
		return none, err
	}
	if err := l.in(c.Loan, StateActive, StateClosed); err != nil {
		return none, err
	}
	m, err := c.payment(l)
	if err != nil {
		return none, err
	}
	ev := CalledBack{On: t.On, By: t.Actor.ID, Approver: t.Approver.ID, Reason: c.Reason, Payment: m.N}
	if ev.Booking, err = l.booking(t.On); err != nil {
		return none, err
	}
	if l.State == StateClosed { // nothing was out since: it opens with the days counted to today
		ev.Cost = l.countTo(t.On)
	}
	was := l
	l = l.preview(ev.Booking)
	if ev.Parts, err = c.parts(m); err != nil {
		return none, err
	}
	if len(l.Charges)+len(ev.Parts) > maxCharges {
		return none, &Error{ErrLimit, "charges of loan " + string(l.ID), "are too many"}
	}
	if ev.Instalment, ev.Due = l.fallsDue(t.On.AddDays(1)); !ev.Due.IsZero() {
		ev.Due = t.On
	}
	if err := l.oneSpan(&ev); err != nil {
		return none, err
	}
	after := was.working()
	ev.Apply(after) // what is owed then; who gives it back is figured by that
	if err := l.giveBack(&ev, m, after); err != nil {
		return none, err
	}
	after.credit(ev.Vectors, ev.Cuts, -1)
	return ev, t.callBack(l, after, &ev)
}

// oneSpan refuses to let what one span's holders give back be owed with another's instalment.
func (l *Loan) oneSpan(ev *CalledBack) error {
	for _, p := range ev.Parts {
		if l.span(p.Instalment) != l.span(ev.Instalment) {
			return &Error{ErrState, "loan " + string(l.ID),
				"its claims are divided by term, and others own what falls due next: reverse the payment instead"}
		}
	}
	return nil
}

// payment is the payment that is called back.
func (c Chargeback) payment(l *Loan) (*Movement, error) {
	m := l.latest()
	if c.Payment != 0 {
		m = l.movement(c.Payment)
	}
	switch {
	case m == nil || m.N == 0:
		return nil, l.noPayment(c.Payment)
	case m.Recovery() || len(m.Advances) > 0:
		return nil, &Error{ErrState, fmt.Sprintf("payment %d of loan %s", m.N, l.ID),
			"was a recovery or paid a cover back: reverse it"}
	}
	return m, nil
}

// movement gives the payment of a number, an empty one if it cannot be called back.
func (l *Loan) movement(n int) *Movement {
	for i := range l.History {
		if l.History[i].N == n {
			return &l.History[i]
		}
	}
	return new(Movement)
}

// parts are what the amount calls back, the last that was paid first.
func (c Chargeback) parts(m *Movement) (list []Allocation, err error) {
	left := m.Total.Minor() - m.called
	amt := left
	if !c.Amount.IsZero() {
		if err := positive("chargeback", c.Amount, m.Total.Currency()); err != nil {
			return nil, err
		}
		amt = c.Amount.Minor()
	}
	if amt > left || amt == 0 {
		return nil, &Error{ErrAmount, fmt.Sprintf("chargeback of payment %d", m.N),
			"only " + amount(left, m.Total.Currency()).String() + " are left of it"}
	}
	skip := m.called
	for i := len(m.Parts) - 1; i >= 0 && amt > 0; i-- {
		p := m.Parts[i]
		gone := min(skip, p.Minor)
		skip -= gone
		if p.Minor = min(p.Minor-gone, amt); p.Minor > 0 {
			amt -= p.Minor
			list = append(list, p)
		}
	}
	return list, nil
}

// giveBack figures who gives back what, by what is owed after. A lot's running total is again its share of what
// the lenders keep; of the fees that lenders paid out of the payment, what is not for the time comes back in
// proportion.
func (l *Loan) giveBack(ev *CalledBack, m *Movement, after *Loan) (err error) {
	in := inflow{on: ev.On}
	var back Repaid
	for _, p := range ev.Parts {
		x := l.chargeAt(p.Charge)
		switch {
		case p.Charge == 0 || x.Payee == ToLenders:
			l.inflow(&in, p.Instalment, p.Component, p.Minor)
		case x.Payee == ToPlatform:
			back.levy(Levied{Levy: l.Product.levy(x.Fee, p.Minor)})
		default:
			back.levy(Levied{Party: x.Party, Levy: Levy{Fee: x.Fee, Minor: p.Minor}})
		}
	}
	ev.Platform, ev.Others = back.Platform, back.Others
	if l.Ranked() {
		in.all = l.fromRanks(in.all, after, ev.On)
	}
	if ev.Vectors, err = l.vectors(in.all, l.unshare); err != nil {
		return err
	}
	if l.Ranked() {
		ev.Cuts, err = l.cutsOfLots(ev.Vectors)
		return err
	}
	ev.Cuts, err = l.cutsBack(m, ev.Total())
	return err
}

// unshare adds what each lot of a pool gives back of a component, so that what it keeps is its share. There may be
// no such shares in which nobody gains: rounding may move a minor unit to a lot, below zero here.
func (l *Loan) unshare(a *money.Apportioner, p *pool, c Component, minor int64, from []int64) error {
	paid, received := l.paid(p, c)
	weights, _ := l.weights(p, c)
	keep, err := a.Share(nil, make([]int64, len(paid)), weights, received-minor)
	for n, v := range keep {
		from[p.lots[n]] += paid[n] - v
	}
	return err
}

// lendersPart is what of the last minor units of a payment came to the lenders.
func (l *Loan) lendersPart(m *Movement, minor int64) (sum int64) {
	for i := len(m.Parts) - 1; i >= 0 && minor > 0; i-- {
		p := m.Parts[i]
		n := min(minor, p.Minor)
		if minor -= n; p.Charge == 0 || l.chargeAt(p.Charge).Payee == ToLenders {
			sum += n
		}
	}
	return sum
}

// cutsBack is what of a payment's cuts goes with a part of it that is called back, in proportion to what
// came to the lenders. Each figure is rounded up on the running total: nobody pays for what he gave back.
func (l *Loan) cutsBack(m *Movement, minor int64) (list []Cut, err error) {
	whole := l.lendersPart(m, m.Total.Minor())
	was, now := l.lendersPart(m, m.called), l.lendersPart(m, m.called+minor)
	if now == was {
		return nil, nil
	}
	part := func(n int64) int64 {
		upto, err1 := money.MulDiv(n, now, whole, money.Up)
		before, err2 := money.MulDiv(n, was, whole, money.Up)
		err = errors.Join(err, err1, err2)
		return upto - before
	}
	for _, f := range l.Product.feesAt(AtPayout) {
		for _, x := range m.Cuts {
			if x.Fee != f.ID || f.Per != Once {
				continue
			}
			x.Tax, x.Base, x.Shares = part(x.Tax), slices.Clone(x.Base), slices.Clone(x.Shares)
			for i := range x.Base {
				x.Base[i] = part(x.Base[i])
			}
			for i := range x.Shares {
				x.Shares[i] = part(x.Shares[i])
			}
			list = append(list, x)
		}
	}
	return list, err
}

// callBack moves the money and puts the claims back.
func (t *Tx) callBack(l, after *Loan, ev *CalledBack) error {
	was := Repaid{Parts: ev.Parts, Vectors: ev.Vectors, Cuts: ev.Cuts, Platform: ev.Platform, Others: ev.Others}
	m := Movement{Repaid: was, rows: l.paidBy(&was)}
	o := PayoutOrder{Kind: PayAdjust, Final: PayoutRow{Party: l.Borrower, Gross: ev.Total()}}
	net := netting{order: &o}
	net.add(&m, -1)
	back := net.finish()
	if err := t.wantPay(l, o, WalletRef(l.Borrower, l.Currency()).Stream()); err != nil {
		return err
	}
	for _, v := range back {
		taken := Levied{Levy: Levy{v.Fee, -v.Minor, -v.Tax}}
		if err := t.unearn(Clear(l.ID), taken, l.Currency()); err != nil {
			return err
		}
	}
	if err := t.rebookTitles(l, []Movement{m}, nil, was.Of(Principal)); err != nil {
		return err
	}
	if err := t.recover(l, after); err != nil {
		return err
	}
	var err error
	ev.Payout, err = t.pay(l, o)
	return err
}
