package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// payouts go along the days on which the balance changes without being paid: what is paid out,
// and what is waived.
type payouts struct {
	first   int64
	started bool
	rest    []Tranche
}

// payouts are those of a plan: on Start what the tranches leave, the tranches, less what is waived.
func (p Plan) payouts() payouts {
	first, rest := p.terms.Principal.Minor(), p.terms.Tranches
	for _, tranche := range rest {
		first -= tranche.Amount.Minor()
	}
	for _, c := range p.terms.Changes {
		if c.Kind == ChangeWaive {
			less := c.Amount.Neg()
			rest = insert(rest, Tranche{c.On, less}, Tranche.day)
		}
	}
	return payouts{first: first, rest: slices.Clip(rest)}
}

// until is what is paid out up to and on a day, since the last call.
func (p *payouts) until(day civil.Date) int64 { return p.before(day.AddDays(1)) }

// before is what is paid out before a day, since the last call.
func (p *payouts) before(end civil.Date) (sum int64) {
	if !p.started {
		sum, p.started = p.first, true
	}
	for len(p.rest) > 0 && p.rest[0].On.Before(end) {
		sum += p.next()
	}
	return sum
}

// has reports whether something is left on a day.
func (p *payouts) has(day civil.Date) bool { return len(p.rest) > 0 && p.rest[0].On == day }

// next is the next of what is left, one by one.
func (p *payouts) next() int64 {
	minor := p.rest[0].Amount.Minor()
	p.rest = p.rest[1:]
	return minor
}

// reach is what is paid out until a row, since the last call, when so much was out: everything before
// its day, and of its day as much as its balance says came before it.
func (p *payouts) reach(row *Row, balance int64) int64 {
	sum := p.before(row.End)
	for row.Balance != balance+sum+row.Capitalised-row.Principal && p.has(row.End) {
		sum += p.next()
	}
	return sum
}
