package lending

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// Reports are read models folded from a store's feed: listings, lenders' portfolios, borrowers'
// statements, the platform's income and the trial balance of each book. They are facts as of a
// position in the feed; [Reports.Check] verifies that they equal the ledger. The zero value is
// empty. It is not safe for concurrent use.
type Reports struct {
	at       event.Position
	broken   bool // a change failed in the middle
	ledger   ledger.Balances
	loans    map[LoanID]*Loan
	order    []LoanID // as applied for
	opened   []LoanID // as published
	wallets  map[string]*Wallet
	tills    map[string]*Till
	lenders  map[holding]*tally
	moving   map[LoanID]int // payouts of the loan that are not complete
	pasts    map[LoanID]*past
	receipts map[ReceiptID]*Receipt
	books    map[Code]*OfferBook // of standing offers
	records  records
}

type holding struct {
	party PartyID
	cur   money.Currency
}

// tally is what a party has had out of its claims, in minor units.
type tally struct {
	lent, bought, sold  int64
	received            Components
	fees                int64
	advanced, recovered int64 // as a cover
	promoted            int64 // by coupons
	loans               int
}

// Reports folds everything there is. Keep the value and call [Reports.Follow] to bring it up to
// date at the cost of what is new.
func (d *Desk) Reports(ctx context.Context) (*Reports, error) {
	if d.feed == nil {
		return nil, &Error{ErrConfig, "desk", "its store has no feed"}
	}
	r := new(Reports)
	return r, r.Follow(ctx, d.feed)
}

// Follow takes in what is new in a feed.
func (r *Reports) Follow(ctx context.Context, f event.Feed) error {
	if r.broken {
		return fmt.Errorf("%w: an earlier change could not be read; fold the feed anew", event.ErrDecode)
	}
	for {
		changes, next, err := f.Read(ctx, r.at, 1000)
		if err != nil {
			return fmt.Errorf("read feed: %w", err)
		}
		if len(changes) == 0 {
			return nil
		}
		for _, c := range changes {
			if err := r.Apply(c); err != nil {
				r.broken = true
				return fmt.Errorf("report on %s at %d: %w", c.Stream, c.At, err)
			}
		}
		r.at = next
	}
}

// Apply takes in one change. Changes of kinds that this package does not own count by their
// ledger entries alone.
func (r *Reports) Apply(c event.Change) error {
	if r.loans == nil {
		r.loans, r.wallets = map[LoanID]*Loan{}, map[string]*Wallet{}
		r.lenders, r.moving = map[holding]*tally{}, map[LoanID]int{}
		r.receipts, r.books = map[ReceiptID]*Receipt{}, map[Code]*OfferBook{}
		r.tills = map[string]*Till{}
		r.pasts = map[LoanID]*past{}
		r.records.promotions, r.records.coupons = map[Code]*Promotion{}, map[PartyID]*Coupons{}
	}
	if c.Record.Type == "~"+entryMemo {
		var e ledger.Entry
		if err := event.Decode(c.Record.Data, 1, &e); err != nil {
			return err
		}
		r.records.post(&e)
		return r.ledger.Post(&e)
	}
	switch c.Stream.Kind {
	case loanKind.Name():
		return r.loan(LoanID(c.Stream.ID), c.Record)
	case walletKind.Name():
		w := entry(r.wallets, c.Stream.ID)
		if c.Record.Type == (WalletOpened{}).Type() {
			return r.walletOpened(c.Stream.ID, w, c.Record)
		}
		return apply(walletKind, w, c.Record)
	case tillKind.Name():
		return apply(tillKind, entry(r.tills, c.Stream.ID), c.Record)
	case receiptKind.Name():
		return r.receipt(ReceiptID(c.Stream.ID), c.Record)
	case bookKind.Name():
		if r.books[Code(c.Stream.ID)] == nil {
			r.books[Code(c.Stream.ID)] = new(OfferBook)
		}
		return apply(bookKind, r.books[Code(c.Stream.ID)], c.Record)
	case couponKind.Name():
		return r.coupon(PartyID(c.Stream.ID), c.Record)
	case payoutKind.Name():
		return r.payout(c.Stream.ID, c.Record)
	}
	return r.records.apply(c)
}

func (r *Reports) payout(id string, rec event.Record) error {
	v, err := payoutKind.Decode(rec)
	loan, _, _ := strings.Cut(id, ".")
	switch e := v.(type) {
	case PayoutOpened:
		r.moving[LoanID(loan)]++
	case ChunkPaid:
		if e.Done {
			r.moving[LoanID(loan)]--
		}
	}
	return err
}

func apply[S any](k *event.Kind[S], s *S, rec event.Record) error {
	v, err := k.Decode(rec)
	if err != nil || v == nil {
		return err
	}
	v.(event.Of[S]).Apply(s)
	return nil
}

func (r *Reports) loan(id LoanID, rec event.Record) error {
	l := r.loans[id]
	if l == nil {
		l = new(Loan)
		r.loans[id], r.pasts[id] = l, new(past)
		r.order = append(r.order, id)
	}
	v, err := loanKind.Decode(rec)
	if err != nil || v == nil {
		return err
	}
	switch e := v.(type) {
	case ClaimAssigned:
		r.assigned(l, &e)
	case Rebooked:
		for i := range min(e.Undone, len(l.History)) {
			r.repaid(l, &l.History[len(l.History)-1-i].Repaid, -1)
		}
	}
	was := r.pasts[id].before(l, v)
	v.(event.Of[Loan]).Apply(l)
	r.pasts[id].see(l, v, was)
	switch e := v.(type) {
	case LoanPublished:
		r.opened = append(r.opened, id)
	case LoanActivated:
		for _, x := range l.Lots {
			t := r.tally(x.Holder, l)
			t.lent += x.Units
			t.loans++
		}
	case Repaid:
		r.repaid(l, &e, 1)
	case Rebooked:
		for i := range e.Again {
			r.repaid(l, &e.Again[i], 1)
		}
	case GoodwillCredited:
		r.repaid(l, &e.Repaid, 1)
	case Refunded:
		r.repaid(l, &e.Repaid, 1)
	case CollateralPaid:
		r.repaid(l, &e.Repaid, 1)
	case CalledBack:
		r.credited(l, e.Vectors, e.Cuts, -1)
	case CoverPaid:
		r.credited(l, e.Vectors, e.Cuts, 1)
		r.tally(e.Payer, l).advanced += e.Total()
	}
	return nil
}

func (r *Reports) tally(p PartyID, l *Loan) *tally {
	h := holding{p, l.Currency()}
	if r.lenders[h] == nil {
		r.lenders[h] = new(tally)
	}
	return r.lenders[h]
}

func (r *Reports) repaid(l *Loan, e *Repaid, sign int64) {
	r.credited(l, e.Vectors, e.Cuts, sign)
	for _, a := range e.Advances {
		v := l.advance(a.Index)
		if t := r.tally(v.Payer, l); v.Component == Penalty {
			t.received.add(Penalty, sign*a.Minor)
		} else {
			t.recovered += sign * a.Minor
		}
	}
}

func (r *Reports) credited(l *Loan, vs []Vector, cuts []Cut, sign int64) {
	for _, v := range vs {
		for i, n := range v.Shares {
			if n != 0 {
				r.tally(l.lot(i).Holder, l).received.add(v.Component, sign*n)
			}
		}
	}
	for i := range l.Lots {
		if n := cutsOf(cuts, i); n != 0 {
			r.tally(l.Lots[i].Holder, l).fees += sign * n
		}
	}
}

func (r *Reports) assigned(l *Loan, e *ClaimAssigned) {
	left := e.Units - e.Paid[Principal]
	r.tally(l.lot(e.Lot).Holder, l).sold += left
	t := r.tally(e.To, l)
	t.bought += left
	t.loans++
}

// TrialBalance lists the accounts of a book that do not stand at zero.
func (r *Reports) TrialBalance(b ledger.Book) []ledger.Line { return r.ledger.Trial(b) }

// Ledger gives the balances themselves, for reading.
func (r *Reports) Ledger() *ledger.Balances { return &r.ledger }

// CheckBooks verifies the identities of the books alone; it costs the same whatever their size.
func (r *Reports) CheckBooks() error { return r.ledger.Check() }

// Loan returns a loan as the reports have it, nil for one that they do not know.
func (r *Reports) Loan(id LoanID) *Loan { return r.loans[id] }

// Loans lists the ids of all loans in the order in which they were applied for.
func (r *Reports) Loans() []LoanID { return slices.Clone(r.order) }

// Check verifies that the books agree with each other, that every loan keeps its invariants, and
// that every read model equals the ledger: wallets their accounts, claims and debts the register.
func (r *Reports) Check() error {
	errs := []error{r.CheckBooks()}
	for _, id := range r.order {
		errs = append(errs, r.loans[id].Check(), r.pasts[id].check(r.loans[id]))
	}
	want := map[accountKey]int64{}
	for id, w := range r.wallets {
		p, cur, err := walletOwner(id)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		want[accountKey{Avail(p), cur}] += w.Available
		for ref, n := range w.Held {
			want[accountKey{ledger.Held(ledger.Owner(p), ref), cur}] += n
		}
		want[accountKey{ledger.ClientRcv(ledger.Owner(p)), cur}] += w.Owed
	}
	for id, s := range r.tills {
		_, cur, err := walletOwner(id)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if s.Due < 0 {
			errs = append(errs, fmt.Errorf("%w: till %s has %d", ErrInvariant, id, s.Due))
		}
		want[accountKey{ledger.FeesDue(), cur}] += s.Due
		want[accountKey{ledger.TopupDue(), cur}] += s.Topup
	}
	for _, id := range r.order {
		r.loans[id].register(want)
	}
	for id, v := range r.receipts {
		want[accountKey{suspense(id), v.Amount.Currency()}] += v.Left
	}
	return errors.Join(append(errs, r.compare(want), r.checkPositions(), r.checkOffers(), r.checkStatistics(),
		r.checkPromotions())...)
}

// stakeKey is what a party has in a loan, or owes on it.
type stakeKey struct {
	party PartyID
	loan  LoanID
}

// checkPositions holds lenders' stakes and borrowers' liabilities against the loans. A loan whose
// money is still on its way to its lenders is left out.
func (r *Reports) checkPositions() error {
	stakes, owes := map[stakeKey]int64{}, map[stakeKey]int64{}
	for id, w := range r.wallets {
		p, _, err := walletOwner(id)
		if err != nil {
			return err
		}
		for _, loan := range w.Stakes() {
			stakes[stakeKey{p, loan}] += w.Stake(loan).Minor
		}
		for _, loan := range w.Liabilities() {
			owes[stakeKey{p, loan}] += w.Liability(loan).Minor
		}
	}
	var errs []error
	for _, id := range r.order {
		l := r.loans[id]
		owes[stakeKey{l.Borrower, id}] -= l.asked()
		for p, n := range l.stakes() {
			stakes[stakeKey{p, id}] -= n
		}
	}
	for k, n := range stakes {
		if n != 0 && r.moving[k.loan] == 0 {
			errs = append(errs, fmt.Errorf("%w: party %s has %d too much in loan %s", ErrInvariant, k.party, n, k.loan))
		}
	}
	for k, n := range owes {
		if n != 0 {
			errs = append(errs, fmt.Errorf("%w: party %s owes %d too much on loan %s", ErrInvariant, k.party, n, k.loan))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

type accountKey struct {
	account ledger.Account
	cur     money.Currency
}

// register adds what a loan should have in the register.
func (l *Loan) register(want map[accountKey]int64) {
	if len(l.Dues) == 0 {
		return
	}
	claim, debt := ledger.Claim, ledger.Debt
	if l.State == StateWrittenOff {
		claim, debt = ledger.ClaimWO, ledger.DebtWO
	}
	cur, ref := l.Currency(), ledger.Ref(l.ID)
	want[accountKey{debt(ref), cur}] += l.Outstanding().Minor()
	for i := range l.Lots {
		x := &l.Lots[i]
		want[accountKey{claim(ledger.Owner(x.Holder), ref), cur}] += x.Units - x.Paid[Principal]
	}
	for _, a := range l.Advances {
		if a.Component == Principal {
			want[accountKey{claim(ledger.Owner(a.Payer), ref), cur}] += a.Amount - a.Recovered
		}
	}
}

// compare holds what the read models say against every account of those kinds in the ledger.
func (r *Reports) compare(want map[accountKey]int64) error {
	kinds := []ledger.Kind{ledger.KindAvailable, ledger.KindHeld, ledger.KindClientRcv, ledger.KindClaim,
		ledger.KindDebt, ledger.KindClaimWO, ledger.KindDebtWO, ledger.KindSuspense, ledger.KindFeesDue,
		ledger.KindTopupDue}
	var lines []ledger.Line
	for b := ledger.Client; b <= ledger.Register; b++ {
		lines = append(lines, r.ledger.Trial(b)...)
	}
	for _, line := range lines {
		if slices.Contains(kinds, line.Account.Kind) {
			k := accountKey{line.Account, line.Currency}
			want[k] -= r.ledger.Balance(line.Account, line.Currency)
		}
	}
	var errs []error
	for k, n := range want {
		if n != 0 {
			errs = append(errs, fmt.Errorf("%w: %s: read models and ledger differ by %d",
				ledger.ErrBooks, k.account, n))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}
