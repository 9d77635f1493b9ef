package lending

// tray is what a listing still has to give while it is being filled, in minor units.
type tray struct {
	call   *Call
	amount int64
	rest   int64 // still wanted
	room   int64 // of it, for automatic bids
	most   int64 // in one automatic bid, by the rules of the market and the tender
	lots   int   // lenders for whom there is room
	own    int32 // slot of the borrower's own mandate, -1 for none
	day    int32
}

// tray sets out what the listing of a call has to give. What is kept for manual bidders is rounded
// up, the largest bid down.
func (q *Queue) tray(c *Call) tray {
	w := &c.Wanted
	t := tray{
		call: c, amount: w.Amount, rest: w.Amount - w.Raised, most: w.Amount,
		lots: MaxLots - w.Lenders, own: -1, day: c.On.Ordinal(),
	}
	automatic, _ := share(w.Amount, Million-q.rules.ManualPPM, Million)
	t.room = automatic - w.Raised
	if q.rules.BidPPM > 0 {
		t.most, _ = share(w.Amount, q.rules.BidPPM, Million)
	}
	if w.MaxBid > 0 {
		t.most = min(t.most, w.MaxBid)
	}
	if w.MaxPerLender > 0 { // whoever has a bid here already makes none
		t.most = min(t.most, w.MaxPerLender)
	}
	if slot, ok := q.lenders[w.Borrower]; ok {
		t.own = slot
	}
	return t
}

// open reports whether anybody at all could still bid.
func (t *tray) open() bool { return t.lots > 0 && t.steps(min(t.room, t.most)) > 0 }

// take takes a bid out; zero takes nothing.
func (t *tray) take(minor int64) {
	if minor > 0 {
		t.rest, t.room, t.lots = t.rest-minor, t.room-minor, t.lots-1
	}
}

// steps rounds an amount down to what the tender takes: all that is still wanted, or MinBid plus a
// multiple of Increment that leaves no tail, or nothing. In a stepped tender all that is wanted is
// such a multiple too.
func (t *tray) steps(minor int64) int64 {
	w := &t.call.Wanted
	if minor >= t.rest {
		if minor = t.rest; !w.Stepped || minor == w.step(minor) {
			return minor
		}
	}
	if w.NoTail {
		minor = min(minor, t.rest-w.MinBid)
	}
	return w.step(minor)
}

// step rounds an amount down to MinBid plus a multiple of Increment, or to nothing.
func (w *Wanted) step(minor int64) int64 {
	switch {
	case minor < max(w.MinBid, 1):
		return 0
	case w.Increment > 1:
		return minor - (minor-w.MinBid)%w.Increment
	}
	return minor
}

// admits says why a mandate cannot bid whatever its lender has, 0 if it might.
func (t *tray) admits(slot int32, s *stake) Skip {
	switch {
	case slot == t.own:
		return SkipOwn
	case t.day < s.from || t.day > s.until:
		return SkipDates
	}
	return 0
}

// offer is the most that a mandate bids whatever its lender has.
func (t *tray) offer(s *stake) limit {
	l := limit{s.max, SkipSize}
	l.cut(t.room, SkipRoom)
	l.cut(t.most, SkipShare)
	if s.ppm < Million {
		part, _ := share(t.amount, s.ppm, Million)
		l.cut(part, SkipShare)
	}
	return l
}

// fit is what is bid within a limit: nothing and the reason if that is too small.
func (t *tray) fit(s *stake, l limit) (int64, Skip) {
	minor := t.steps(l.minor)
	if minor <= 0 || minor < s.min {
		return 0, l.by
	}
	return minor, 0
}

// bid is what the mandate in a slot bids at its turn, or why it bids nothing.
func (q *Queue) bid(slot int32, t *tray) (int64, Skip, error) {
	s := &q.stakes[slot]
	if why := t.admits(slot, s); why != 0 {
		return 0, why, nil
	}
	l := t.offer(s)
	if _, why := t.fit(s, l); why != 0 {
		return 0, why, nil
	}
	purse, err := t.call.Purses(int(slot), q.tags[slot].lender)
	switch {
	case err != nil:
		return 0, 0, err
	case purse.Here > 0:
		return 0, SkipOnce, nil
	case purse.Barred:
		return 0, SkipBarred, nil
	case purse.Debtor:
		return 0, SkipDebtor, nil
	case purse.Borrowed > 0:
		return 0, SkipBorrowed, nil
	}
	gradeCap := int64(unlimited)
	if s.graded {
		gradeCap = q.rows[slot].gradeCap(t.call.Wanted.Grade)
	}
	minor, why := t.fit(s, s.capped(l, purse, gradeCap))
	return minor, why, nil
}
