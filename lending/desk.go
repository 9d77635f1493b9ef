package lending

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Config is what a desk is made of. Only Store is mandatory.
type Config struct {
	Store event.Store
	// Gateway to the custodian; without one nothing can be delivered.
	Gateway payment.Gateway
	// Clock gives audit times; nil leaves them zero. It never decides anything.
	Clock func() time.Time
	// Authorizer and Rules see every command first; nil allows what roles allow.
	Authorizer Authorizer
	Rules      Rules
	// Parts are the satellites, in the order of their day-end.
	Parts []Part
	// Identifier and Categorizer answer [Desk.Identify] and [Desk.Categorize]; nil for a host that
	// records the answers itself.
	Identifier  Identifier
	Categorizer Categorizer
	// Parties is what is asked of parties; zero asks nothing.
	Parties PartyRules
	// Withdrawals are the limits and fees by currency, one each; none for a currency that is not there.
	Withdrawals []WithdrawalRules
	// Custody says how the custodian keeps client money. A platform keeps the mode it began with.
	Custody Custody
	// Chunk is the number of parties whose wallets one commit of a payout moves; zero for 50. The end
	// state does not depend on it.
	Chunk int
	// Service says when complaints are to be acknowledged and answered; zero for [StandardService].
	Service ServiceTerms
	// States is how many folded streams are kept in memory; zero for 10,000, below zero for none.
	States int
}

// Desk is a platform at work: one door for commands ([Do]), and the two things a host calls from
// time to time, Deliver and DayEnd. It is safe for concurrent use and keeps nothing of its own but
// a cache of folded streams.
type Desk struct {
	cfg    Config
	engine *event.Engine
	outbox event.Outbox
	agenda event.Agenda
	feed   event.Feed
	covers map[Code]Cover
	wake   map[string]func(ctx context.Context, d *Desk, m Meta, id string) error
	order  []string
	kinds  map[string]event.AnyKind // known, of this package and of the parts
}

// Open returns a desk over a store, or an [*Error] that says what is wrong with the configuration.
func Open(cfg Config) (*Desk, error) {
	if cfg.Store == nil {
		return nil, &Error{ErrConfig, "desk", "has no store"}
	}
	if cfg.Custody > PerUser {
		return nil, &Error{ErrConfig, "desk", "has no such mode of custody"}
	}
	if cfg.Parties.DormantAfterDays < 0 {
		return nil, &Error{ErrConfig, "desk", "lets parties become dormant before they moved"}
	}
	if err := checkWithdrawals(cfg.Withdrawals); err != nil {
		return nil, err
	}
	if err := cfg.Service.check(); err != nil {
		return nil, err
	}
	if cfg.Chunk <= 0 {
		cfg.Chunk = 50
	}
	cfg.Chunk = min(cfg.Chunk, maxChunk)
	if cfg.States == 0 {
		cfg.States = 10_000
	}
	cfg.Withdrawals = slices.Clone(cfg.Withdrawals)
	d := &Desk{cfg: cfg, engine: event.NewEngine(cfg.Store, cfg.Clock, cfg.States), covers: map[Code]Cover{}}
	d.outbox, _ = cfg.Store.(event.Outbox)
	d.agenda, _ = cfg.Store.(event.Agenda)
	d.feed, _ = cfg.Store.(event.Feed)
	d.order = []string{payoutKind.Name(), loanKind.Name(), couponKind.Name(), complaintKind.Name()}
	d.wake = map[string]func(ctx context.Context, d *Desk, m Meta, id string) error{
		payoutKind.Name(): func(ctx context.Context, d *Desk, m Meta, id string) error {
			return d.CarryOut(ctx, m.On, PayoutID(id))
		},
		loanKind.Name(): func(ctx context.Context, d *Desk, m Meta, id string) error {
			_, err := Do(ctx, d, m, EndDay{LoanID(id)})
			return err
		},
		couponKind.Name(): func(ctx context.Context, d *Desk, m Meta, id string) error {
			_, err := Do(ctx, d, m, SettleCoupon{Party: PartyID(id)})
			return err
		},
		complaintKind.Name(): func(ctx context.Context, d *Desk, m Meta, id string) error {
			_, err := Do(ctx, d, m, EscalateComplaint{ComplaintID(id), "overdue"})
			return err
		},
	}
	d.kinds = map[string]event.AnyKind{}
	for _, k := range Kinds() {
		d.kinds[k.Name()] = k
	}
	for _, p := range cfg.Parts {
		if err := d.plug(p); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// maxChunk keeps a chunk well within one commit.
const maxChunk = 1000

func (d *Desk) plug(p Part) error {
	taken := map[string]bool{}
	for name := range d.kinds {
		taken[name] = true
	}
	for _, k := range p.Kinds {
		name := k.Name()
		if _, twice := d.kinds[name]; twice {
			return &Error{ErrConfig, "part", "brings stream kind " + name + ", which exists already"}
		}
		d.kinds[name] = k
		w, ok := p.Wake[name]
		if !ok {
			continue
		}
		d.wake[name] = w
		d.order = append(d.order, name)
	}
	for name := range p.Wake {
		if _, ok := d.wake[name]; !ok || taken[name] {
			return &Error{ErrConfig, "part", "wakes stream kind " + name + ", which is not its own"}
		}
	}
	for name, c := range p.Covers {
		if _, twice := d.covers[name]; twice || c == nil || checkID("cover", name) != nil {
			return &Error{ErrConfig, "part", "brings cover " + string(name) + " badly or twice"}
		}
		d.covers[name] = c
	}
	return nil
}

func (d *Desk) now() time.Time {
	if d.cfg.Clock == nil {
		return time.Time{}
	}
	return d.cfg.Clock()
}

// cover returns a cover by name. A product that names one which is no longer plugged in gets one
// that refuses everything.
func (t *Tx) cover(name Code) Cover {
	if c, ok := t.desk.covers[name]; ok {
		return c
	}
	return missingCover(name)
}

type missingCover Code

func (m missingCover) err() error {
	return &Error{ErrUnknown, "cover " + string(m), "no part has it"}
}
func (m missingCover) Attach(*Tx, *Loan) error  { return m.err() }
func (m missingCover) Release(*Tx, *Loan) error { return m.err() }
func (m missingCover) Demand(*Tx, *Loan, Demand) (money.Amount, error) {
	return money.Amount{}, m.err()
}

// Loan returns a loan as it stands.
func (d *Desk) Loan(ctx context.Context, id LoanID) (*Loan, error) {
	l, _, err := View(ctx, d, LoanRef(id))
	if err == nil && l.ID == "" {
		return nil, &Error{ErrUnknown, "loan " + string(id), ""}
	}
	return l, err
}

// Wallet returns a party's wallet in a currency as it stands. One that was never used is empty,
// whether or not the party is known.
func (d *Desk) Wallet(ctx context.Context, p PartyID, c money.Currency) (*Wallet, error) {
	if err := checkID("party", p); err != nil {
		return nil, err
	}
	w, _, err := View(ctx, d, WalletRef(p, c))
	return w, err
}

// Quote is what a loan costs on a date, as of a version of it.
type Quote struct {
	Loan    LoanID
	Version event.Version
	On      civil.Date
	Due     money.Amount // to be paid by then, late charges included
	Payoff  money.Amount // closes the loan
}

// Quote figures what a borrower has to pay on a date.
func (d *Desk) Quote(ctx context.Context, id LoanID, on civil.Date) (Quote, error) {
	if err := dated("quote of loan "+string(id), on); err != nil {
		return Quote{}, err
	}
	l, v, err := View(ctx, d, LoanRef(id))
	if err != nil {
		return Quote{}, err
	}
	if err := l.in(id, StateActive); err != nil {
		return Quote{}, err
	}
	q := Quote{Loan: id, Version: v, On: on}
	if q.Due, err = l.DueOn(on); err != nil {
		return Quote{}, fmt.Errorf("quote loan %s: %w", id, err)
	}
	if q.Payoff, err = l.Payoff(on); err != nil {
		return Quote{}, fmt.Errorf("quote loan %s: %w", id, err)
	}
	return q, nil
}
