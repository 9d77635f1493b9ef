package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/transfer"
)

const (
	waveMonth = 7  // from 0: in this month savers begin to ask
	rescue    = 10 // in this month the sponsor makes good what the basket lacks
	asked     = 5  // borrowers a month
	periods   = 12
)

// year is the desk and what is noted of it.
type year struct {
	*desk.Desk
	cfg    config
	rng    *rand.Rand
	loans  []*fronted
	served map[lending.PartyID]int64 // the step in which an investor was last served
	step   int64
	lines  []line
	ladder transfer.Ladder // before the wave
	now    line            // of the month that runs
}

// fronted is a loan of the fronting lender.
type fronted struct {
	id       lending.LoanID
	borrower lending.PartyID
	dues     []civil.Date
	pays     int // instalments, then no more
}

// line is what a month brought, in minor units.
type line struct {
	on                      civil.Date
	lent, sold, slices      int64
	refused                 int // borrowers for whom the facility had no room
	inventory, free, oldest int64
	subscribed, left        int64 // in the package
	value                   transfer.Valuation
	queued                  int64 // at the most
	waits                   int   // days, at the most
	promised, earned        int64
	topped                  int64 // by the sponsor, so far
	warned                  bool
	warning                 transfer.Warning
}

func newYear(c config) *year {
	return &year{Desk: open(), cfg: c, rng: rand.New(rand.NewPCG(c.seed, 0)), served: map[lending.PartyID]int64{}}
}

// month goes day by day: borrowers pay, and every week the desk trades.
func (y *year) month(m int) {
	first := schedule.Months(1).After(civil.MustParse("2026-01-01"), m)
	end := schedule.Months(1).After(civil.MustParse("2026-01-01"), m+1)
	y.now = line{}
	for y.Day = first; y.Day.Before(end) && y.Err == nil; y.Day = y.Day.AddDays(1) {
		y.repay()
		if y.Day == first {
			y.begin()
		}
		if y.Day.Sub(first)%7 != 0 {
			continue
		}
		if m >= waveMonth {
			y.wave(m)
		}
		y.End()
		y.trade()
		y.End()
		y.watch()
	}
	y.Day = end.AddDays(-1)
	y.note()
	if m == waveMonth-1 && y.Err == nil {
		y.ladder, y.Err = transfer.PackageLadder(context.Background(), y.Desk.Desk, steady, y.Day, schedule.Months(1), 6)
	}
}

// begin is the first of a month: investors have earned money, savers subscribe, borrowers come.
func (y *year) begin() {
	for i := range investors {
		y.Deposit(investor(i), salary)
	}
	for i := range savers {
		if n := len(y.lines); n < waveMonth && i%4 == n%4 {
			y.Deposit(saver(i), savings/2)
			_, err := desk.Try(y.Desk, desk.By(saver(i)), transfer.Subscribe{Package: steady, Amount: y.Amount(savings / 2)})
			y.meant(err, transfer.ErrUnderCollateralised)
			y.now.subscribed += savings / 2
		}
	}
	if len(y.lines) == rescue {
		y.topUp()
	}
	for range asked {
		y.front(int64(20_000+1_000*y.rng.IntN(20)) * 100)
	}
}

// topUp has the sponsor pay in what the basket lacks, so that the queue is served again.
func (y *year) topUp() {
	v, err := transfer.ValueOf(context.Background(), y.Desk.Desk, steady, y.Day)
	y.fail(err)
	if gap := v.Deficit(); gap > 0 && gap <= y.Free(fronting) {
		desk.Do(y.Desk, desk.By(fronting), transfer.TopUpPackage{Package: steady, Amount: y.Amount(gap + smallest)})
	}
}

// front lends to a borrower as far as the facility and the lender's money go.
func (y *year) front(minor int64) {
	v := y.inventory()
	who := lending.PartyID(fmt.Sprintf("borrower-%03d", len(y.loans)+y.now.refused+1+100*len(y.lines)))
	pays := periods
	if y.rng.IntN(100) < y.cfg.bad {
		pays = 1 + y.rng.IntN(6)
	}
	if minor > min(v.Free, y.Free(fronting)) {
		y.now.refused++
		return
	}
	y.Register(who, lending.Person)
	id := y.Tender("fronted", who, minor, periods, "12% per year")
	y.Bid(fronting, id, minor)
	y.PayOut(id)
	x := &fronted{id: id, borrower: who, pays: pays}
	for _, due := range y.Loan(id).Dues {
		x.dues = append(x.dues, due.Date)
	}
	y.loans = append(y.loans, x)
	y.now.lent += minor
}

func (y *year) inventory() transfer.Inventory {
	if y.Err != nil {
		return transfer.Inventory{}
	}
	v, err := transfer.InventoryOf(context.Background(), y.Desk.Desk, fronting, cny, y.Day)
	y.fail(err)
	return v
}

func (y *year) fail(err error) {
	if y.Err == nil {
		y.Err = err
	}
}

// repay has borrowers pay what falls due today.
func (y *year) repay() {
	for _, x := range y.loans {
		for k, due := range x.dues {
			if due != y.Day || k >= x.pays {
				continue
			}
			if owed := y.Loan(x.id).Dues[k].Unpaid(); owed.Total() > 0 {
				y.Repay(x.id, x.borrower, owed.Total())
			}
		}
	}
}

// wave has savers ask for all that they have, a few more each week of the first month.
func (y *year) wave(m int) {
	week := y.Day.Sub(schedule.Months(1).After(civil.MustParse("2026-01-01"), waveMonth))/7 + 1
	for i := range min(savers*y.cfg.wave/100, 3*week) {
		p := see(y, transfer.PackageRef(steady))
		if held(p, saver(i)) == 0 || queued(p, saver(i)) {
			continue
		}
		_, err := desk.Try(y.Desk, desk.By(saver(i)), transfer.RequestExit{Package: steady, All: true})
		y.meant(err, transfer.ErrHeld)
	}
}

// watch notes the exit queue where it was longest in the month.
func (y *year) watch() {
	var sum int64
	for _, x := range see(y, transfer.PackageRef(steady)).Queue {
		sum += x.Units
		y.now.waits = max(y.now.waits, y.Day.Sub(x.Asked))
	}
	y.now.queued = max(y.now.queued, sum)
}

// note writes the month down.
func (y *year) note() {
	if y.Err != nil {
		return
	}
	l, v := &y.now, y.inventory()
	l.on, l.inventory, l.free = y.Day, v.Out, v.Free
	for _, x := range v.Lines {
		l.oldest = max(l.oldest, int64(x.DaysHeld))
	}
	var err error
	l.value, err = transfer.ValueOf(context.Background(), y.Desk.Desk, steady, y.Day)
	y.fail(err)
	p := see(y, transfer.PackageRef(steady))
	l.promised, l.earned, l.left, l.topped = p.Promised, p.Earned, p.Paid, p.ToppedUp
	ladder, err := transfer.PackageLadder(context.Background(), y.Desk.Desk, steady, y.Day, schedule.Months(1), 6)
	y.fail(err)
	l.warning, l.warned = ladder.Warning()
	y.lines = append(y.lines, *l)
}

// finish holds the books against each other.
func (y *year) finish() {
	_, err := y.Books()
	y.fail(err)
}
