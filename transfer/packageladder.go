package transfer

import (
	"context"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// PackageLadder sets what the claims of a package pay, and when, against what its investors may ask for, in
// rungs of a width: requests on the first day on which they may be paid; of the rest, the share RunPPM as soon
// as lock-up and settlement allow, and what stays after the last rung. Each comes with the yield that is promised
// until then. [Ladder.Warning] tells the first rung that ends below the cushion of the terms: before the run.
// What is written down counts for as little here as in [ValueOf].
func PackageLadder(
	ctx context.Context, d *lending.Desk, vehicle lending.PartyID, on civil.Date, width schedule.Frequency, rungs int,
) (Ladder, error) {
	p, v, basket, err := view(ctx, d, vehicle, on)
	if err != nil {
		return Ladder{}, err
	}
	return p.ladder(v, basket, width, rungs)
}

func (p *Package) ladder(v Valuation, basket []Claim, width schedule.Frequency, rungs int) (Ladder, error) {
	t := LadderTerms{On: v.On, Currency: p.Terms.Currency, Width: width, Count: rungs, Cash: v.Cash,
		Cushion: p.Terms.Cushion}
	after := width.After(v.On, max(0, min(rungs, MaxRungs)))
	if after.IsZero() {
		return Ladder{}, refuse(ErrLadder, "its last rung ends beyond the calendar")
	}
	var promises []Promise
	if v.Debt > 0 {
		promises = append(promises, Promise{v.On, v.Debt, v.Debt})
	}
	for i := range p.Holdings {
		promises = append(promises, p.promises(&p.Holdings[i], v.On, after)...)
	}
	l, err := DrawLadder(t, basket, promises)
	if err != nil {
		return Ladder{}, err
	}
	l.Value = v.Value
	return l, nil
}

// promises are what an investor may ask for, and from when; what stays is due after the ladder.
func (p *Package) promises(h *PackageHolding, on, after civil.Date) (list []Promise) {
	rate, interest, free := p.Terms.RatePPM, h.interest(p.Terms.RatePPM, on), h.Principal
	owe := func(minor, has int64, from civil.Date) {
		if from.Before(on) {
			from = on
		}
		if minor+has > 0 {
			later := promised(minor*int64(from.Sub(on)), rate)
			list = append(list, Promise{from, minor + has + later, minor + has})
		}
	}
	if x := p.exit(h.Investor); x != nil {
		part := p.interestOf(x, on)
		owe(x.Units, part, x.From)
		interest, free = interest-part, free-x.Units
	}
	may := func(minor int64, from civil.Date) {
		runs := int64(product(minor, p.Terms.RunPPM).over(lending.Million))
		has := int64(0)
		if free > 0 { // of what is left, the part that goes with this
			has = int64(product(interest, minor).over(free))
		}
		interest, free = interest-has, free-minor
		going := int64(0)
		if minor > 0 {
			going = int64(product(has, runs).over(minor))
		}
		owe(runs, going, from)
		stays := after
		if stays.Before(from) {
			stays = from
		}
		owe(minor-runs, has-going, stays)
	}
	locked := h.locked(on)
	may(free-locked, on.AddDays(p.Terms.SettleDays))
	for _, l := range h.Locks {
		if on.Before(l.Until) {
			may(l.Minor, l.Until.AddDays(p.Terms.SettleDays))
		}
	}
	return list
}
