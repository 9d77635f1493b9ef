package lending

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/schedule/money"
)

// ErrInvariant is what a broken invariant unwraps to. It is never a user's fault.
var ErrInvariant = errors.New("lending: invariant broken")

// Check verifies the invariants of a loan at rest:
//
//	offered      = sum of what bids hold; each holds from 0 to what it asked for
//	raised       = min(offered, amount); = offered = amount once full
//	rate        <= reserve
//	units        = sum over lots = amount
//	received[c]  = sum over lots of paid[c], for each component c
//	received[c]  = what the borrower paid lenders and was not called back + what covers advanced
//	|paid[c] - received[c] x weight / sum of weights| < 1 for each lot, among those of its span or rank
//	paid[c] of ranks behind another <= their share in received[c]; spans or ranks, not both
//	spans        = every instalment in one; units of a span = principal of its instalments
//	principal paid <= units, for each lot
//	paid + waived <= owed, recovered <= advanced, for each instalment and component; these = sums of advances
//	fees, costs  = sum over charges, for each instalment
//	instalments  = by their dates; from Base on, those of the plan first
//	closed       = nothing is owed
//	decided      = in no stage of the workflow
//	published    = conditions before publication are met
//	paid out     = all conditions are met, and the contract signed if the product wants one
func (l *Loan) Check() error {
	if l.ID == "" {
		return nil
	}
	return errors.Join(l.checkFile(), l.checkTender(), l.checkDues(), l.checkAdvances(), l.checkLots())
}

// checkAdvances verifies that advances, instalments and charges say the same.
func (l *Loan) checkAdvances() error {
	type debt struct {
		instalment int
		component  Component
	}
	advanced, recovered, charges := map[debt]int64{}, map[debt]int64{}, map[int]int64{}
	for i := range l.Advances {
		a := &l.Advances[i]
		x := l.chargeAt(a.Charge)
		if !a.within() || a.Charge > 0 && (x.Instalment != a.Instalment || x.Component != a.Component) {
			return l.broken("advance %d out of bounds: %+v", i, *a)
		}
		k := debt{a.Instalment, a.Component}
		advanced[k] += a.Amount
		recovered[k] += a.Recovered
		charges[a.Charge] += a.Amount - a.Recovered
	}
	for i := range l.Dues {
		for c := Interest; c <= Costs; c++ {
			d, k := &l.Dues[i], debt{i, c}
			if d.Advanced[c] != advanced[k] || d.Recovered[c] != recovered[k] {
				return l.broken("%s of instalment %d was advanced %d and recovered %d, advances say %d and %d", c, i,
					d.Advanced[c], d.Recovered[c], advanced[k], recovered[k])
			}
		}
	}
	for i := range l.Charges {
		if x := &l.Charges[i]; x.Advanced != charges[i+1] {
			return l.broken("of charge %d are %d owed to covers, advances say %d", i+1, x.Advanced, charges[i+1])
		}
	}
	return nil
}

func (l *Loan) broken(format string, args ...any) error {
	return fmt.Errorf("%w: loan %s: %s", ErrInvariant, l.ID, fmt.Sprintf(format, args...))
}

func (l *Loan) checkTender() error {
	var bids, units int64
	for i := range l.Bids {
		b := &l.Bids[i]
		if bids += b.Amount; b.Amount < 0 || b.Amount > b.Asked || (b.Amount > 0) != b.State.in() {
			return l.broken("bid %d of %d has %d and is %s", i+1, b.Asked, b.Amount, b.State)
		}
	}
	for i := range l.Lots {
		units += l.Lots[i].Units
	}
	if !l.Adopted.IsZero() {
		bids += l.Offered // the bids stayed with the system it came from
	}
	full := l.State == StateFullyFunded || len(l.Lots) > 0
	switch {
	case bids != l.Offered, l.State != StateFailed && l.Raised != min(bids, l.Amount.Minor()):
		return l.broken("bids of %d, offered %d, raised %d of %s", bids, l.Offered, l.Raised, l.Amount)
	case l.Raised > l.Amount.Minor():
		return l.broken("raised %d of %s", l.Raised, l.Amount)
	case full && (l.Raised != l.Amount.Minor() || l.Offered != l.Raised):
		return l.broken("full at %d, offered %d of %s", l.Raised, l.Offered, l.Amount)
	case len(l.Lots) > 0 && units != l.Amount.Minor():
		return l.broken("lots of %d units of %s", units, l.Amount)
	case l.Rate.Pico() > l.Reserve.Pico() && !l.Published.IsZero():
		return l.broken("bears %s, more than %s", text(l.Rate), text(l.Reserve))
	}
	return nil
}

func (l *Loan) checkDues() error {
	var principal int64
	var lenders Components
	for i := range l.Dues {
		d := &l.Dues[i]
		if principal += d.Owed[Principal] - d.Again[Principal]; i > 0 && d.Date.Before(l.Dues[i-1].Date) {
			return l.broken("instalment %d is due on %s, before the one in front of it", i, d.Date)
		}
		for c := Interest; c <= Costs; c++ {
			if d.Paid[c] < 0 || d.Waived[c] < 0 || d.Paid[c]+d.Waived[c] > d.Owed[c] ||
				d.Again[c] < 0 || d.Again[c] > d.Owed[c] || d.Recovered[c] < 0 || d.Recovered[c] > d.Advanced[c] || d.Missing()[c] < 0 {
				return l.broken("%s of instalment %d out of bounds: %+v", c, i, *d)
			}
			if !c.charged() {
				lenders[c] += d.Paid[c] - d.Again[c] - d.Recovered[c]
			}
			if c == Interest || c == Principal { // penalty interest is not advanced, but passes to who did
				lenders[c] += d.Advanced[c]
			}
		}
	}
	if err := l.checkCharges(&lenders); err != nil {
		return err
	}
	switch {
	case lenders != l.Received:
		return l.broken("lenders received %v, instalments say %v", l.Received, lenders)
	case len(l.Dues) > 0 && principal != l.Amount.Minor():
		return l.broken("instalments of %d principal for %s", principal, l.Amount)
	case l.Base < 0 || l.Base+l.Plan.Len() > len(l.Dues):
		return l.broken("%d instalments, a plan of %d from %d on", len(l.Dues), l.Plan.Len(), l.Base)
	case l.State == StateClosed && !l.settled(), l.State == StateActive && l.settled():
		return l.broken("%s, settled: %t", l.State, l.settled())
	}
	return nil
}

// checkCharges verifies that charges and instalments say the same, and adds what lenders received.
func (l *Loan) checkCharges(lenders *Components) error {
	sums := make([][4]Components, len(l.Dues)) // owed, paid, waived, owed again
	for i := range l.Charges {
		x := &l.Charges[i]
		if !x.Component.charged() || x.Paid < 0 || x.Waived < 0 || x.Advanced < 0 || x.Missing() < 0 ||
			x.Instalment >= len(l.Dues) {
			return l.broken("charge %d out of bounds: %+v", i+1, *x)
		}
		for k, n := range [...]int64{x.Owed, x.Paid, x.Waived} {
			sums[x.Instalment][k].add(x.Component, n)
		}
		if x.Payee == ToLenders {
			lenders.add(x.Component, x.Paid+x.Advanced)
		}
		if x.Again {
			sums[x.Instalment][3].add(x.Component, x.Owed)
		}
		if x.Payee == ToLenders && x.Again {
			lenders.add(x.Component, -x.Owed)
		}
	}
	for i := range l.Dues {
		for c := Fees; c <= Costs; c++ {
			d := &l.Dues[i]
			s, got := &sums[i], [...]int64{d.Owed[c], d.Paid[c], d.Waived[c], d.Again[c]}
			if got != [...]int64{s[0][c], s[1][c], s[2][c], s[3][c]} {
				return l.broken("%s of instalment %d are %v, its charges %v", c, i, got, sums[i])
			}
		}
	}
	return nil
}

func (l *Loan) checkLots() error {
	if len(l.Dues) == 0 {
		return nil
	}
	var received Components
	next := 0
	for k, p := range l.pools() {
		if k == 0 || p.From != 0 {
			if err := l.checkSpan(p.Span, next); err != nil {
				return err
			}
		}
		if err := l.checkPool(&p); err != nil {
			return err
		}
		for c := Interest; c <= Costs; c++ {
			_, sum := l.paid(&p, c)
			received[c] += sum
		}
		next = p.To
	}
	for c := Interest; c <= Costs; c++ {
		if l.Received[c] < 0 || l.Received[c] > money.MaxMinor {
			return l.broken("lenders received %d %s", l.Received[c], c)
		}
	}
	switch {
	case next != 0:
		return l.broken("nobody owns the instalments from %d on", next)
	case received != l.Received:
		return l.broken("lots were paid %v of %v", received, l.Received)
	}
	return l.checkRanks()
}

// checkSpan verifies that a span begins with an instalment, and that its units are the principal of its
// instalments.
func (l *Loan) checkSpan(s Span, first int) error {
	if s.From != first || first >= len(l.Dues) {
		return l.broken("claims from instalment %d on, the ones before end at %d", s.From, first)
	}
	var principal, units int64
	for i := range l.Dues {
		if d := &l.Dues[i]; s.Has(i) {
			principal += d.Owed[Principal] - d.Again[Principal]
		}
	}
	for i := range l.Lots {
		if x := &l.Lots[i]; x.Span == s {
			units += x.Units
		}
	}
	if units != principal {
		return l.broken("lots of %d units on %d principal from instalment %d on", units, principal, s.From)
	}
	return nil
}

// checkPool verifies that each lot of a pool has its share of what they were paid.
func (l *Loan) checkPool(p *pool) error {
	for _, i := range p.lots {
		if x := &l.Lots[i]; x.Paid[Principal] > x.Units {
			return l.broken("lot %d of %d units was paid %d principal", i, x.Units, x.Paid[Principal])
		}
	}
	for c := Interest; c <= Costs; c++ {
		ws, denominator := l.weights(p, c)
		paid, received := l.paid(p, c)
		for k, i := range p.lots {
			if ws[k] < 0 || ws[k] == 0 && (c != Principal || !l.Divided()) || denominator < 0 {
				return l.broken("lot %d has a weight of %d", i, ws[k])
			}
			if q, exact := share(received, ws[k], denominator); !l.fair(c, paid[k], q, exact) {
				return l.broken("lot %d was paid %d %s, its share is %d", i, paid[k], c, q)
			}
		}
	}
	return nil
}

// share returns total x weight / denominator rounded down and whether that is exact: nothing of nothing.
func share(total, weight, denominator int64) (int64, bool) {
	if denominator == 0 {
		return 0, true
	}
	hi, lo := bits.Mul64(uint64(total), uint64(weight))
	q, r := bits.Div64(hi, lo, uint64(denominator))
	return int64(q), r == 0
}

// walletOwner reads a wallet stream's id back.
func walletOwner(id string) (PartyID, money.Currency, error) {
	p, cur, ok := strings.Cut(id, ".")
	if !ok || len(cur) < 4 {
		return "", money.Currency{}, &Error{ErrID, "wallet " + id, "is not party.currency"}
	}
	digits, err := strconv.Atoi(cur[3:])
	if err != nil {
		return "", money.Currency{}, &Error{ErrID, "wallet " + id, "is not party.currency"}
	}
	c, err := money.NewCurrency(cur[:3], digits)
	return PartyID(p), c, err
}
