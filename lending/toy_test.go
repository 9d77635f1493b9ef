package lending_test

import (
	"context"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A toy satellite: pots of money that stand behind loans, in layers. A pot queues what it is asked
// for and pays the oldest demand as far as its wallet goes, in a command of its own.

type pot struct {
	Loans int
	Queue []potAsked
	Tried civil.Date
}

type potAsked struct {
	Loan       lending.LoanID
	Layer      int
	Instalment int
	Amount     money.Amount
	On         civil.Date
}

func (potAsked) Type() string   { return "asked" }
func (e potAsked) Apply(p *pot) { p.Queue = append(p.Queue, e) }
func (e *potAsked) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Count(&e.Layer)
	c.Count(&e.Instalment)
	c.Amount(&e.Amount)
	c.Date(&e.On)
}

type potLoans struct{ Delta int64 }

func (potLoans) Type() string           { return "loans" }
func (e potLoans) Apply(p *pot)         { p.Loans += int(e.Delta) }
func (e *potLoans) Code(c *event.Codec) { c.Int(&e.Delta) }

type potPaid struct {
	On   civil.Date
	Paid money.Amount
	Drop bool // the demand leaves the queue
}

func (potPaid) Type() string { return "paid" }
func (e potPaid) Apply(p *pot) {
	switch {
	case !e.Drop && e.Paid.IsZero():
		p.Tried = e.On // no money: not again today
	case e.Drop:
		p.Queue = p.Queue[1:]
	case !e.Paid.IsZero():
		p.Queue[0].Amount, _ = p.Queue[0].Amount.Sub(e.Paid)
	}
}
func (e *potPaid) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Amount(&e.Paid)
	c.Bool(&e.Drop)
}

var pots = event.NewKind("pot", func(p *pot) civil.Date {
	if len(p.Queue) == 0 {
		return civil.Date{}
	}
	if next := p.Tried.AddDays(1); !p.Tried.IsZero() && next.After(p.Queue[0].On) {
		return next
	}
	return p.Queue[0].On
}, event.On[potAsked](), event.On[potLoans](), event.On[potPaid]())

// potCover fills lending's slot. Share is how much of a demand it takes on, in parts per million.
type potCover struct {
	name  string
	share int64
}

func (v potCover) Attach(t *lending.Tx, _ *lending.Loan) error {
	return event.Write(t.Tx, pots.Ref(v.name), potLoans{1})
}

func (v potCover) Release(t *lending.Tx, _ *lending.Loan) error {
	return event.Write(t.Tx, pots.Ref(v.name), potLoans{-1})
}

func (v potCover) Demand(t *lending.Tx, l *lending.Loan, d lending.Demand) (money.Amount, error) {
	n, err := money.MulDiv(d.Amount.Minor(), v.share, lending.Million, money.Up)
	if err != nil {
		return money.Amount{}, err
	}
	took, err := money.New(n, d.Amount.Currency())
	if err != nil || took.IsZero() {
		return money.Amount{}, err
	}
	return took, event.Write(t.Tx, pots.Ref(v.name), potAsked{l.ID, d.Layer, d.Instalment, took, t.On})
}

// payPot pays the oldest demand.
type payPot struct{ Pot string }

func (c payPot) Home(lending.Meta) event.Ref[pot] { return pots.Ref(c.Pot) }
func (payPot) Allowed() []lending.Role            { return []lending.Role{lending.RoleSystem} }
func (c payPot) Decide(t *lending.Tx, p *pot) (potPaid, error) {
	if len(p.Queue) == 0 {
		return potPaid{On: t.On, Paid: money.Amount{}}, nil
	}
	d := p.Queue[0]
	cur, id := d.Amount.Currency(), lending.PartyID(c.Pot)
	l, err := event.Read(t.Tx, lending.LoanRef(d.Loan))
	if err != nil {
		return potPaid{}, err
	}
	w, err := event.Read(t.Tx, lending.WalletRef(id, cur))
	if err != nil {
		return potPaid{}, err
	}
	want := min(d.Amount.Minor(), l.Covered(d.Layer, d.Instalment), l.Dues[d.Instalment].Promised[d.Layer])
	undone := l.State == lending.StateActive && l.Dues[d.Instalment].Date.After(t.On)
	if want == 0 || l.State == lending.StateClosed || undone {
		return potPaid{On: t.On, Drop: true}, nil
	}
	if w.Available == 0 {
		return potPaid{On: t.On}, nil // waits until there is money
	}
	pay, err := money.New(min(want, w.Available), cur)
	if err != nil {
		return potPaid{}, err
	}
	ask := lending.Demand{Layer: d.Layer, Instalment: d.Instalment, Amount: pay}
	if _, err := t.Advance(d.Loan, ask, id); err != nil {
		return potPaid{}, err
	}
	return potPaid{t.On, pay, pay.Minor() == want}, nil
}

// giveUp has a pot never pay its oldest demand.
type giveUp struct{ Pot string }

func (c giveUp) Home(lending.Meta) event.Ref[pot] { return pots.Ref(c.Pot) }
func (giveUp) Allowed() []lending.Role            { return []lending.Role{lending.RoleOfficer} }
func (c giveUp) Decide(t *lending.Tx, p *pot) (potPaid, error) {
	if len(p.Queue) == 0 {
		return potPaid{}, &lending.Error{Err: lending.ErrState, Thing: "pot " + c.Pot}
	}
	d := p.Queue[0]
	_, err := t.Lapse(d.Loan, d.Layer, d.Instalment, 0)
	return potPaid{On: t.On, Drop: true}, err
}

// toyPart plugs two pots in: the first takes on 60% of what it is asked, the second the rest.
func toyPart() lending.Part {
	return lending.Part{
		Kinds: []event.AnyKind{pots},
		Covers: map[lending.Code]lending.Cover{
			"pot-a": potCover{"pot-a", 600_000}, "pot-b": potCover{"pot-b", lending.Million},
		},
		Wake: map[string]func(context.Context, *lending.Desk, lending.Meta, string) error{
			"pot": func(ctx context.Context, d *lending.Desk, m lending.Meta, id string) error {
				_, err := lending.Do(ctx, d, m, payPot{id})
				return err
			},
		},
	}
}
