package lending

import (
	"context"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
)

// FillLoan lets the next mandates of a market's queue have their turn on an open loan, as many as one
// commit takes; [Desk.Fill] repeats it until all had theirs. Each bid goes through the door of
// manual bids and is held to the same rules. Given by the system.
type FillLoan struct {
	Market Code
	Loan   LoanID
}

// QueueFilled is the outcome of [FillLoan].
type QueueFilled struct {
	Loan  LoanID
	Bids  []AutoBid   // in the order of the turns
	Turns int         // mandates whose turn came
	Last  MandateID   // the last of them; empty if there was none
	More  bool        // others have their turn on this loan yet
	Off   []MandateID // switched off: their lenders received a loan
}

// Type implements event.Of.
func (QueueFilled) Type() string { return "filled" }

// Apply implements event.Of.
func (e QueueFilled) Apply(m *Market) {
	if m.Queue == nil {
		return
	}
	_ = m.Queue.Turn(&Round{Loan: e.Loan, Bids: e.Bids, Turns: e.Turns, Last: e.Last, More: e.More})
	for _, id := range e.Off {
		m.off(id)
	}
}

// Code implements event.Coder.
func (e *QueueFilled) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	event.List(c, &e.Bids, func(c *event.Codec, b *AutoBid) {
		event.Text(c, &b.Mandate)
		event.Text(c, &b.Lender)
		c.Int(&b.Minor)
	})
	c.Count(&e.Turns)
	event.Text(c, &e.Last)
	c.Bool(&e.More)
	event.List(c, &e.Off, event.Text[MandateID])
}

// Home implements Command.
func (c FillLoan) Home(Meta) event.Ref[Market] { return QueueRef(c.Market) }

// Allowed implements Command.
func (FillLoan) Allowed() []Role { return []Role{RoleSystem} }

// Decide implements Command. It refuses what [Queue.Fill] refuses and a loan that is not open; on
// its first day a scheduled one is, also before the day-end. A round that had begun before ends then without refusal.
func (c FillLoan) Decide(t *Tx, m *Market) (QueueFilled, error) {
	if err := m.known(c.Market); err != nil {
		return QueueFilled{}, err
	}
	if err := checkID("loan", c.Loan); err != nil {
		return QueueFilled{}, err
	}
	l, err := event.Read(t.Tx, LoanRef(c.Loan))
	if err != nil {
		return QueueFilled{}, err
	}
	f := filler{t: t, l: l, q: m.Queue}
	if err = l.in(c.Loan, StateOpen, StateScheduled); err == nil {
		err = errors.Join(l.Product.open(l.ID, ""), l.booked())
	}
	if err == nil {
		err = f.fill()
	}
	if ClassOf(err) == ClassRefused && m.Queue.begun.loan == c.Loan {
		return QueueFilled{Loan: c.Loan}, nil
	}
	if err != nil {
		return QueueFilled{}, err
	}
	r := &f.round
	return QueueFilled{c.Loan, r.Bids, r.Turns, r.Last, r.More, f.off}, nil
}

// filler fills one loan in one commit.
type filler struct {
	t     *Tx
	l     *Loan
	q     *Queue
	round Round
	off   []MandateID // who owes on a loan
	waits bool        // the authorizer or a rule wants streams that are not loaded
}

func (f *filler) fill() error {
	c := Call{
		Wanted: f.l.wanted(), On: f.t.On, Most: f.t.desk.cfg.Chunk,
		Purses: f.purse, Place: f.place,
	}
	ss, bids := []event.Stream{booksStream}, 0
	for _, lender := range f.q.Takers(c.Wanted, c.On) {
		ss = append(ss, PartyRef(lender).Stream(), WalletRef(lender, f.l.Currency()).Stream())
		if bids++; bids == c.Most {
			break
		}
	}
	if err := f.t.wantHolds(f.l, bids, ss...); err != nil {
		return err
	}
	err := f.q.FillInto(&f.round, &c)
	if err == nil && f.waits {
		return event.ErrWanted
	}
	return err
}

// purse is what a lender has now, and notes who owes on a loan.
func (f *filler) purse(slot int, lender PartyID) (Purse, error) {
	w, err := event.Read(f.t.Tx, WalletRef(lender, f.l.Currency()))
	if err != nil {
		return Purse{}, err
	}
	p := Purse{
		Free: w.Available, Debtor: w.InDebt(), Here: w.Stake(f.l.ID).Minor,
		Borrower: w.LentTo(f.l.Borrower), Grade: w.LentInGrade(f.l.Grade), Total: w.LentTotal(),
	}
	if p.Debtor {
		f.off = append(f.off, f.q.tags[slot].mandate)
	}
	p.Barred, err = refusal(f.t.May(lender, ActBid))
	return p, err
}

// place places a bid as its lender would, if the desk's authorizer and rules let him. The rules for
// bids have no one to accept their warnings.
func (f *filler) place(b AutoBid) (taken bool, err error) {
	as, rate := *f.t, f.rate(b.Mandate)
	as.Actor, as.Accept = Actor{ID: ActorID(b.Lender), Role: RoleParty}, nil
	err = f.t.Vet(b.Lender, PlaceBid{f.l.ID, amount(b.Minor, f.l.Currency()), rate})
	if err == nil {
		err = as.bears(b.Lender, f.l, b.Minor)
	}
	if f.waits = f.waits || errors.Is(err, event.ErrWanted); f.waits {
		return false, nil // and the others say what they want too
	}
	if refused, err := refusal(err); refused || err != nil {
		return false, err
	}
	ev, err := as.bid(f.l, b.Lender, b.Minor, rate)
	if err == nil {
		err = event.Write(f.t.Tx, LoanRef(f.l.ID), ev)
	}
	refused, err := refusal(err)
	return !refused && err == nil, err
}

// rate is what an automatic bid names where bids name rates: the least that its mandate takes, rounded
// up to the tender's step, or the most that the loan bears if the mandate has no least.
func (f *filler) rate(id MandateID) schedule.Rate {
	t := &f.l.Product.Tender
	if t.Mechanism.FixedRate() {
		return schedule.Rate{}
	}
	step := max(t.RateStep.Pico(), 1)
	pico := f.l.Rate.Pico() / step * step
	if m, _ := f.q.Mandate(id); !m.Takes.MinRate.IsZero() {
		least := max(m.Takes.MinRate.Pico(), f.l.Product.MinRate.Pico())
		pico = (least + step - 1) / step * step
	}
	r, err := schedule.RateFromPico(pico, f.l.Rate.Basis())
	if err != nil {
		return f.l.Rate
	}
	return r
}

// refusal tells a no to the lender from an error. A closed period is no lender's.
func refusal(err error) (refused bool, _ error) {
	c := ClassOf(err)
	if (c == ClassRefused || c == ClassDenied) && !errors.Is(err, ErrClosed) {
		return true, nil
	}
	return false, err
}

// wanted is an open loan as a row for a queue. Its term is counted from the day of publication.
func (l *Loan) wanted() Wanted {
	t := &l.Product.Tender
	w := Wanted{
		Loan: l.ID, Borrower: l.Borrower, Product: l.Product.ID, Grade: l.Grade,
		Currency: l.Currency(), Amount: l.Amount.Minor(), Lenders: len(l.stands),
		Raised: min(l.Raised, l.Amount.Minor()), // more may be offered than is wanted
		Rate:   l.Rate, Months: l.months(), MinBid: t.MinBid.Minor(), Increment: t.Increment.Minor(),
		MaxBid: l.maxBid(), MaxPerLender: l.perLender(), Stepped: t.Mechanism != FirstCome,
		NoTail: t.Mechanism == FirstCome && t.Tail == RefuseTail, Opened: l.Opens, Deadline: l.Deadline,
	}
	for _, v := range l.Product.Covers {
		w.Covers = append(w.Covers, v.Name)
	}
	return w
}

// months is the term, a part of a month counted as a month, to maxMonths.
func (l *Loan) months() int {
	end := l.Product.Every.After(l.Published, l.Periods)
	n := max(1, end.Sub(l.Published)/31)
	for n < maxMonths && l.Published.AddMonths(n).Before(end) {
		n++
	}
	return min(n, maxMonths)
}

// Fill lets a market's queue have its turns on a loan, in steps of Config.Chunk mandates; what comes
// of it does not depend on their number. The same key resumes after a crash and, once done, returns
// what was done. The actor is a system.
func (d *Desk) Fill(ctx context.Context, m Meta, market Code, loan LoanID) (QueueFilled, error) {
	all := QueueFilled{Loan: loan}
	if err := m.check(); err != nil {
		return all, err
	}
	for step := 0; ; step++ {
		f, err := Do(ctx, d, m.mint("fill", fmt.Sprintf("%s/%d", m.Key, step)), FillLoan{market, loan})
		if err != nil {
			return all, err
		}
		all.Bids, all.Off = append(all.Bids, f.Bids...), append(all.Off, f.Off...)
		if all.Turns += f.Turns; f.Turns > 0 {
			all.Last = f.Last
		}
		if !f.More {
			return all, nil
		}
	}
}

// Filling is what a market's queue made of one loan.
type Filling struct {
	QueueFilled
	Refused error // why the loan was not filled; nil if it was
}

// AutoBid fills loans one after another in the order given, which decides who bids on which:
// [Reports.Open] gives that of their publication. A loan that is refused, because automatic bidding
// on it starts later for one, does not hold up the others. It stops at any other error; the same key
// resumes.
func (d *Desk) AutoBid(
	ctx context.Context, m Meta, market Code, loans ...LoanID,
) ([]Filling, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	fillings := make([]Filling, 0, len(loans))
	for _, id := range loans {
		f, err := d.Fill(ctx, m.mint("auto", m.Key+"/"+string(id)), market, id)
		if c := ClassOf(err); c != 0 && c != ClassRefused && c != ClassInvalid {
			return fillings, fmt.Errorf("fill loan %s: %w", id, err)
		}
		fillings = append(fillings, Filling{f, err})
	}
	return fillings, nil
}
