package lending

import (
	"context"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// Gate admits a loan, or refuses it with an error, at publication and again at disbursement. Like
// every slot it is pure over the Tx: it may read and write streams of its own kinds in the same
// commit.
type Gate interface {
	Admit(t *Tx, l *Loan) error
}

// Cover stands in for a borrower who does not pay. A loan has an ordered list of covers, the
// first layer first; the empty list is the model without a guarantee.
type Cover interface {
	// Attach takes on the loan at disbursement, or refuses it because of a limit. It is called again
	// for a closed loan whose last payment bounced: what it takes back then, it must not refuse, or
	// the bounced payment cannot be recorded.
	Attach(t *Tx, l *Loan) error
	// Demand asks, in the loan's day-end, for what the lenders miss of one instalment. It queues and
	// returns how much of it the cover takes on; the next layer is asked for the rest. Paying is
	// the cover's own command, by [Tx.Advance]; what it will never pay it gives back by [Tx.Lapse]. An acceleration that is undone takes its demands back:
	// drop one on an instalment of a running loan that is not due any more.
	Demand(t *Tx, l *Loan, d Demand) (money.Amount, error)
	// Release ends the cover when the loan has closed or never came about.
	Release(t *Tx, l *Loan) error
}

// toCovers calls the covers of a loan that have an optional power, in their order, up to the first error.
func toCovers[P any](t *Tx, l *Loan, call func(P) error) error {
	for _, v := range l.Product.Covers {
		if c, ok := t.cover(v.Name).(P); ok {
			if err := call(c); err != nil {
				return fmt.Errorf("cover %s of loan %s: %w", v.Name, l.ID, err)
			}
		}
	}
	return nil
}

// Selling is an optional power of a [Cover]: it may refuse the sale of a claim on a loan that it covers; what is
// Compelled it is not asked about. It writes nothing: the cover after it may refuse the sale. The loan that it
// gets is as it would be after it.
type Selling interface {
	MaySell(t *Tx, l *Loan, from PartyID, a Assignment) error
}

// maySell asks all covers of a loan whether a claim on it may be sold.
func (t *Tx) maySell(l *Loan, from PartyID, a Assignment) error {
	return toCovers(t, l, func(c Selling) error { return c.MaySell(t, l, from, a) })
}

// Titled is an optional power of a [Cover]: it is told of every change of title to a loan that it covers, by
// a sale or Compelled, and writes what it has to. It refuses none: see [Selling]. It is told before title moves;
// the loan that it gets is as it is after it.
type Titled interface {
	Assigned(t *Tx, l *Loan, from PartyID, a Assignment) error
}

// titled tells a loan's covers that title moves.
func (t *Tx) titled(l *Loan, from PartyID, a Assignment) error {
	return toCovers(t, l, func(c Titled) error { return c.Assigned(t, l, from, a) })
}

// Raised is an optional power of a [Cover]: it is told when a loan may owe its lenders more principal than
// before, because payments or recoveries were taken back, called back or booked anew. The loan is as it is
// after it. A loan that had closed is attached first.
type Raised interface {
	Raised(t *Tx, l *Loan) error
}

// raised tells a loan's covers that it may owe more.
func (t *Tx) raised(l *Loan) error {
	return toCovers(t, l, func(c Raised) error { return c.Raised(t, l) })
}

// Demand is what a cover is asked for.
type Demand struct {
	Layer      int // index in the loan's list of covers
	Instalment int // from 0
	Amount     money.Amount
}

// Warning is a rule that a named actor may override by listing it in [Meta].Accept.
type Warning struct {
	Rule Code
	Why  string
}

// Rules looks at every command before it is decided. An error refuses it; a warning refuses it
// unless the actor accepted it, which is then recorded.
type Rules interface {
	Check(t *Tx, command any) ([]Warning, error)
}

// Profiles is an optional power of Rules: regulatory profiles that products can name. A product that
// names one the rules do not know is refused.
type Profiles interface{ Knows(profile Code) bool }

// knowsProfile refuses a profile that the desk's rules do not know.
func (t *Tx) knowsProfile(profile Code) error {
	if profile == "" {
		return nil
	}
	if r, ok := t.desk.cfg.Rules.(Profiles); ok && r.Knows(profile) {
		return nil
	}
	return &Error{ErrUnknown, "profile " + string(profile), "the desk's rules do not know it: see Config.Rules"}
}

// Authorizer may refuse what the roles would allow: limits of authority, opening hours. It is
// asked for each automatic bid as for a manual one; a refusal by an [*Error] skips the lender.
type Authorizer interface {
	Authorize(t *Tx, command any) error
}

// Part is everything that a satellite plugs in.
type Part struct {
	// Kinds are the stream kinds that the part owns, in the order in which day-end takes them.
	Kinds []event.AnyKind
	// Wake handles a stream of a kind whose wake date has come. The stream must leave a later date
	// or none. Its meta carries a key of the desk's own, for one command; more go by [Meta.Step].
	Wake map[string]func(ctx context.Context, d *Desk, m Meta, id string) error
	// Covers by the name that products use.
	Covers map[Code]Cover
	Gates  []Gate
	Fences []Fence
	Lines  []Line
}

// accept weighs warnings against what the actor accepted.
func (t *Tx) accept(ws []Warning) error {
	for _, w := range ws {
		if !slices.Contains(t.Accept, w.Rule) {
			return &Error{ErrWarned, "rule " + string(w.Rule), w.Why}
		}
		if err := t.Memo(t.home, acceptedMemo, &Accepted{t.Actor.ID, w.Rule}); err != nil {
			return err
		}
	}
	return nil
}

// acceptedMemo is the memo name of accepted warnings.
const acceptedMemo = "accepted"

// Accepted is the memo that an actor overrode a warning.
type Accepted struct {
	Actor ActorID
	Rule  Code
}

// Code codes the memo.
func (a *Accepted) Code(c *event.Codec) {
	event.Text(c, &a.Actor)
	event.Text(c, &a.Rule)
}

// admit asks every gate.
func (t *Tx) admit(l *Loan) error {
	for _, p := range t.desk.cfg.Parts {
		for _, g := range p.Gates {
			if err := g.Admit(t, l); err != nil {
				return fmt.Errorf("admit loan %s: %w", l.ID, err)
			}
		}
	}
	return nil
}
