package lendingtest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ErrLine is what a malformed line of a story unwraps to.
var ErrLine = errors.New("lendingtest: bad line")

// World is a platform that a story drives, line by line, with names for what has ids.
type World struct {
	cfg      lending.Config
	desk     *lending.Desk
	store    FullStore
	bank     *memory.Bank
	reports  lending.Reports
	day      civil.Date
	cur      money.Currency
	keys     int
	records  int
	loans    map[string]lending.LoanID
	payments map[string]payment.ID
	counts   map[string]int // of payments, by the letter of their names
	ids      []string       // id, name, id, name, ...
	script   memory.Script  // of the next instruction that reaches the bank
	order    order
}

// order is what stands in front of a command.
type order struct {
	expect   string // code of the refusal, empty for none
	actor    lending.Actor
	approver lending.Actor
	key      string
	notAfter civil.Date
}

// NewWorld opens a platform on an empty store and a bank without a script. The day is 2026-01-31,
// the currency CNY.
func NewWorld(s FullStore, b *memory.Bank, cfg lending.Config) (*World, error) {
	w := &World{store: s, bank: b, day: civil.MustParse("2026-01-31"), cur: money.MustCurrency("CNY"),
		loans: map[string]lending.LoanID{}, payments: map[string]payment.ID{}, counts: map[string]int{}}
	b.Script(func(payment.Instruction) memory.Script {
		next := w.script
		w.script = memory.Script{}
		return next
	})
	return w, w.open(cfg)
}

func (w *World) open(cfg lending.Config) (err error) {
	w.cfg = cfg
	w.cfg.Store, w.cfg.Gateway = w.store, w.bank
	w.desk, err = lending.Open(w.cfg)
	return err
}

// Do carries out one line and returns what it prints. An empty line and a comment do nothing. The
// error is [ErrLine] for a line that cannot be read, and otherwise says that the command was
// refused or not against expectation, or wraps [lending.ErrInvariant].
//
// A command is a verb and its arguments; `verbs` in the source lists them with their usage. An
// amount is digits in the story's currency or, when it is about a loan, in the loan's;
// "JPY:500" names another. In front of a command may stand, in any order:
//
//	expect CODE:        it must be refused with that code
//	as WHO/ROLE:        somebody else gives it: party, analyst, officer, cashier, custodian, system
//	approver WHO/ROLE:  another second person than the officer "chief"; "nobody" for none
//	key KEY:            under this key, not a new one
//	until DATE:         not after the date
//
// Every command is first only tried, which must come to the same as doing it; one that took effect
// is sent again with its key, which must return the same and write nothing; one that was refused
// must have written nothing.
func (w *World) Do(line string) (printed []string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || strings.HasPrefix(line, "#") {
		return nil, nil
	}
	verb, args, err := w.parse(line)
	if err != nil {
		return nil, err
	}
	printed, refusal := verb.do(w, args)
	if errors.Is(refusal, ErrLine) || errors.Is(refusal, lending.ErrInvariant) {
		return nil, refusal
	}
	code := lending.CodeOf(refusal)
	if refusal != nil {
		printed = append(printed, fmt.Sprintf("refused %s: %v", code, refusal))
	}
	for i, p := range printed {
		printed[i] = w.named(p)
	}
	if err := w.follow(); err != nil {
		return printed, err
	}
	if code != w.order.expect {
		return printed, fmt.Errorf("%s: refusal %q, expected %q", line, code, w.order.expect)
	}
	return printed, nil
}

// named puts names in the place of ids.
func (w *World) named(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(w.ids...).Replace(s)), " ")
}

// follow takes in what was written and checks the books.
func (w *World) follow() error {
	if err := w.reports.Follow(context.Background(), w.store); err != nil {
		return broken("%w", err)
	}
	if err := w.reports.CheckBooks(); err != nil {
		return broken("%w", err)
	}
	n, err := w.count()
	w.records = n
	return err
}

// count is the number of records in the store.
func (w *World) count() (n int, err error) {
	for at := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), at, 1000)
		if err != nil {
			return 0, broken("%w", err)
		}
		if len(changes) == 0 {
			return n, nil
		}
		n, at = n+len(changes), next
	}
}

// Check verifies everything that must hold at any time: the invariants of every loan, the read
// models against the ledger, no payment made twice or beyond its instruction, and, when nothing is
// under way, the client money in the books against the account at the bank.
func (w *World) Check() error {
	if err := w.reports.Check(); err != nil {
		return broken("%w", err)
	}
	ctx := context.Background()
	for _, id := range w.bank.Seen() {
		p, _, err := lending.View(ctx, w.desk, lending.PaymentRef(id))
		if err != nil {
			return broken("%w", err)
		}
		if n, paid := w.bank.Payments(id), w.bank.Paid(id); n > 1 || paid > p.Instruction.Amount.Minor() {
			return broken("payment %s went out %d times, %d in all", id, n, paid)
		}
	}
	due, err := w.store.Due(ctx, farFuture, 1)
	if err != nil || len(due) > 0 {
		return err
	}
	for _, c := range w.reports.Ledger().Currencies() {
		books := w.reports.Ledger().Balance(ledger.Bank(), c)
		if has := w.bank.Balance(c); has != books {
			return broken("the bank has %d %s, the books %d", has, c, books)
		}
	}
	return nil
}

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %w", lending.ErrInvariant, fmt.Errorf(format, args...))
}

// give gives a command in the name of the actor or of whom the line names instead.
func give[S any, E event.Of[S]](w *World, who lending.Actor, c lending.Command[S, E]) (E, error) {
	var none E
	ctx, o := context.Background(), w.order
	w.keys++
	m := lending.Meta{Key: fmt.Sprintf("story-%d", w.keys), Actor: who, On: w.day, NotAfter: o.notAfter,
		Approver: lending.Actor{ID: "chief", Role: lending.RoleOfficer}}
	if o.actor.ID != "" {
		m.Actor = o.actor
	}
	if o.approver.Role != 0 {
		m.Approver = o.approver
	}
	if o.key != "" {
		m.Key = o.key
	}
	_, tried := lending.Try(ctx, w.desk, m, c)
	ev, err := lending.Do(ctx, w.desk, m, c)
	if o.key == "" && lending.CodeOf(tried) != lending.CodeOf(err) {
		return none, broken("%T: tried: %v, done: %v", c, tried, err)
	}
	n, cerr := w.count()
	if cerr != nil {
		return none, cerr
	}
	if err != nil {
		if n != w.records {
			return none, broken("%T was refused and wrote %d records", c, n-w.records)
		}
		return none, err
	}
	again, aerr := lending.Do(ctx, w.desk, m, c)
	after, cerr := w.count()
	if err := errors.Join(aerr, cerr); err != nil || after != n {
		return none, broken("%T sent again: %v, %d records more", c, err, after-n)
	}
	if fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", ev) {
		return none, broken("%T sent again: %+v, first %+v", c, again, ev)
	}
	return ev, nil
}

// role is somebody of the platform.
func role(r lending.Role) lending.Actor { return lending.Actor{ID: staff[r], Role: r} }

func self(p string) lending.Actor {
	return lending.Actor{ID: lending.ActorID(p), Role: lending.RoleParty}
}
