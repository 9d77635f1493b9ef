package schedule

import "github.com/loanweave/loanweave/schedule/civil"

// payouts go along the days on which principal is paid out.
type payouts struct {
	first    int64
	started  bool
	tranches []Tranche
}

// payouts are those of a plan: on Start what the tranches leave, and the tranches.
func (p Plan) payouts() payouts {
	first := p.terms.Principal.Minor()
	for _, tranche := range p.terms.Tranches {
		first -= tranche.Amount.Minor()
	}
	return payouts{first: first, tranches: p.terms.Tranches}
}

// until is what is paid out up to and on a day, since the last call.
func (p *payouts) until(day civil.Date) int64 { return p.take(day.AddDays(1)) }

// before is what is paid out before a day, since the last call.
func (p *payouts) before(day civil.Date) int64 { return p.take(day) }

func (p *payouts) take(end civil.Date) (sum int64) {
	if !p.started {
		sum, p.started = p.first, true
	}
	for len(p.tranches) > 0 && p.tranches[0].On.Before(end) {
		sum += p.tranches[0].Amount.Minor()
		p.tranches = p.tranches[1:]
	}
	return sum
}
