package lending

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Reasons for which a loan does not move.
const (
	notPaidOut     Code = "not-paid-out"
	coverPromised  Code = "cover-promised"
	claimsByTerm   Code = "claims-by-term"
	claimsByRank   Code = "claims-by-rank"
	payoutDisputed Code = "payout-disputed"
	goodwillComing Code = "goodwill-coming"
	feeCalled      Code = "fee-called"
)

// LiveBook draws up the book of everything that can move to another system as it stands, dated on a day
// (存量数据导出). It costs one reading of the feed. Payouts have to be complete, see [Desk.Deliver]: else it
// is refused with an [*UnfinishedError]. A day on which some loan has not come to yet is refused with
// [ErrDate]. The book keeps the invariants of [LiveBook.Check]; two drawn up of the same are the same.
func (d *Desk) LiveBook(ctx context.Context, on civil.Date) (*LiveBook, error) {
	if d.feed == nil {
		return nil, &Error{ErrConfig, "desk", "its store has no feed"}
	}
	if err := dated("live book", on); err != nil {
		return nil, err
	}
	x := &bookExport{on: on, parties: map[PartyID]*Party{},
		past: map[LoanID][]PastPayment{}, number: map[string]int{}}
	if err := x.follow(ctx, d.feed); err != nil {
		return nil, err
	}
	if err := x.finished(); err != nil {
		return nil, err
	}
	b := &LiveBook{On: on}
	x.addParties(b)
	x.addWallets(b)
	if err := x.addLoans(b); err != nil {
		return nil, err
	}
	x.addLedger(b)
	return b, b.Check()
}

// bookExport folds a feed into what a live book needs.
type bookExport struct {
	on       civil.Date
	at       event.Position
	reports  Reports
	parties  map[PartyID]*Party
	products []ProductDefined // in the order of definition
	past     map[LoanID][]PastPayment
	number   map[string]int // of encoded product terms in the book
	moved    map[LoanID]bool
}

func (x *bookExport) follow(ctx context.Context, f event.Feed) error {
	for {
		changes, next, err := f.Read(ctx, x.at, 1000)
		if err != nil {
			return &event.UnknownError{Op: "read feed", Err: err}
		}
		if len(changes) == 0 {
			return nil
		}
		for _, c := range changes {
			if err := x.apply(c); err != nil {
				return fmt.Errorf("live book: %s at %d: %w", c.Stream, c.At, err)
			}
		}
		x.at = next
	}
}

func (x *bookExport) apply(c event.Change) error {
	switch {
	case c.Stream.Kind == partyKind.Name():
		return apply(partyKind, entry(x.parties, PartyID(c.Stream.ID)), c.Record)
	case c.Stream.Kind == productKind.Name():
		v, err := productKind.Decode(c.Record)
		if e, ok := v.(ProductDefined); ok {
			x.products = append(x.products, e)
		}
		return err
	case c.Stream.Kind == loanKind.Name():
		if err := x.history(c); err != nil {
			return err
		}
	}
	return x.reports.Apply(c)
}

// history notes the payment that an event of a loan is.
func (x *bookExport) history(c event.Change) error {
	v, err := loanKind.Decode(c.Record)
	if err != nil || v == nil {
		return err
	}
	id := LoanID(c.Stream.ID)
	if e, ok := v.(LoanAdopted); ok {
		x.past[id] = slices.Clone(e.Loan.Past)
		return nil
	}
	if l := x.reports.Loan(id); l != nil {
		x.past[id] = append(x.past[id], pastPayments(l, v)...)
	}
	return nil
}

// finished refuses while money is on its way between loans and wallets.
func (x *bookExport) finished() error {
	var open []Matter
	for _, id := range x.reports.order {
		if l := x.reports.loans[id]; x.reports.moving[id] > 0 {
			open = append(open, Matter{MatterPayout, ledger.Ref(l.Payout), amount(0, l.Currency())})
		}
	}
	if len(open) > 0 {
		return &UnfinishedError{x.on, open}
	}
	return nil
}

func (x *bookExport) addParties(b *LiveBook) {
	for _, id := range sortedKeys(x.parties) {
		p := *x.parties[id]
		p.Wallets = nil
		b.Parties = append(b.Parties, p)
	}
}

// addWallets adds wallets, and empty ones of parties who were given claims and never had money.
func (x *bookExport) addWallets(b *LiveBook) {
	claims := map[PartyID][]money.Currency{}
	for h := range x.reports.lenders {
		claims[h.party] = append(claims[h.party], h.cur)
	}
	for _, id := range sortedKeys(x.parties) {
		p := x.parties[id]
		wallets := slices.Clone(p.Wallets)
		for _, c := range claims[id] {
			if !slices.Contains(wallets, c) {
				wallets = append(wallets, c)
			}
		}
		slices.SortFunc(wallets, func(a, b money.Currency) int { return cmp.Compare(a.String(), b.String()) })
		for _, cur := range wallets {
			v := LiveWallet{Party: id, Currency: cur}
			if w := x.reports.wallets[WalletRef(id, cur).ID]; w != nil {
				v.Available, v.Owed, v.Active, v.Day = w.Available, w.Owed, w.Active, w.Day
			}
			if t := x.reports.lenders[holding{id, cur}]; t != nil {
				v.Past = t.lifetime()
			}
			b.Wallets = append(b.Wallets, v)
		}
	}
}

// lifetime and add turn what the reports count into what a book says, and back.
func (t *tally) lifetime() Lifetime {
	return Lifetime{t.lent, t.bought, t.sold, t.received, t.fees, t.advanced, t.recovered, t.promoted, t.loans}
}

func (t *tally) add(v *Lifetime) {
	t.lent, t.bought, t.sold = t.lent+v.Lent, t.bought+v.Bought, t.sold+v.Sold
	for c, n := range v.Received {
		t.received[c] += n
	}
	t.fees, t.advanced, t.recovered = t.fees+v.Fees, t.advanced+v.Advanced, t.recovered+v.Recovered
	t.promoted += v.Promotions
	t.loans += v.Loans
}

// addLoans adds the loans that move with their products, and those that do not.
func (x *bookExport) addLoans(b *LiveBook) error {
	x.addProducts(b)
	x.moved = map[LoanID]bool{}
	for _, id := range sortedKeys(x.reports.loans) {
		l := x.reports.loans[id]
		why := stays(l)
		switch {
		case why != "":
			b.LeftLoans = append(b.LeftLoans, LeftLoan{id, l.Borrower, l.State, l.Amount, why})
			continue
		case len(l.Dues) == 0:
			continue // never came about
		case l.Seen().After(x.on):
			return &Error{ErrDate, "live book", "loan " + string(id) + " has moved on to " + l.Seen().String()}
		}
		x.moved[id] = true
		v := l.live()
		v.Product, v.Past = x.number[string(event.Encode(nil, 1, &l.Product))], x.past[id]
		b.Loans = append(b.Loans, v)
		if _, _, most := l.drift(); most > b.Tolerance {
			b.Tolerance = most
		}
	}
	return nil
}

// stays says why a loan does not move, empty if it does or if there is nothing of it to move.
func stays(l *Loan) Code {
	switch {
	case len(l.Dues) == 0 && l.State.Ended():
		return ""
	case len(l.Dues) == 0:
		return notPaidOut
	case len(l.Disputed) > 0:
		return payoutDisputed
	case l.Divided():
		return claimsByTerm
	case l.Ranked():
		return claimsByRank
	case l.Goodwill != 0:
		return goodwillComing
	case len(l.Called) > 0:
		return feeCalled
	}
	for i := range l.Dues {
		if l.Dues[i].promised() != 0 {
			return coverPromised
		}
	}
	return ""
}

// live is the loan as a book has it, without its product and past payments.
func (l *Loan) live() LiveLoan {
	x := LiveLoan{ID: l.ID, Borrower: l.Borrower, State: l.State, Amount: l.Amount, Periods: l.Periods,
		Rate: l.Rate, Grade: l.Grade, Start: l.Started, FirstDue: l.FirstDue, Base: l.Base, Rows: l.Plan.Rows(),
		Dues: slices.Clone(l.Dues), Charges: slices.Clone(l.Charges), Caps: slices.Clone(l.Caps),
		Cost: l.Cost, Acceleration: l.Acceleration.clone(), Lots: slices.Clone(l.Lots), Advances: slices.Clone(l.Advances),
		Covers: slices.Clone(l.Covers), Upfront: slices.Clone(l.Upfront), PaidOut: l.PaidOut,
		Payments: l.Payments, Served: l.Served, Looked: l.Looked, Stale: l.Stale, Closed: l.Closed,
		Noticed: l.Noticed, Outstanding: l.Outstanding().Minor()}
	if t := l.Plan.Terms(); !t.Equal(l.terms(l.Started, l.FirstDue)) {
		x.Terms = termsOf(t)
	}
	return x
}

// addProducts adds what products are now and what they were for the loans that move, by id and bytes.
func (x *bookExport) addProducts(b *LiveBook) {
	current := map[ProductID]string{}
	all := map[string]Product{}
	for _, e := range x.products {
		text := string(event.Encode(nil, 1, &e.Product))
		current[e.Product.ID], all[text] = text, e.Product
	}
	used := map[string]bool{}
	for _, text := range current {
		used[text] = true
	}
	for _, l := range x.reports.loans {
		if len(l.Dues) > 0 && stays(l) == "" {
			text := string(event.Encode(nil, 1, &l.Product))
			used[text], all[text] = true, l.Product
		}
	}
	for _, text := range sortedKeys(used) {
		x.number[text] = len(b.Products)
		p := all[text]
		b.Products = append(b.Products, LiveProduct{p, current[p.ID] == text})
	}
}

// addLedger adds the platform's own accounts, what all books say in all, and the accounts that do not move.
func (x *bookExport) addLedger(b *LiveBook) {
	books := &x.reports.ledger
	for _, book := range []ledger.Book{ledger.Client, ledger.Platform, ledger.Register} {
		for _, line := range books.Trial(book) {
			switch k := line.Account.Kind; {
			case slices.Contains(ownKinds[:], k):
				b.Own = append(b.Own, OwnBalance{k, line.Account.Ref, line.Currency, line.Debit})
			case !x.moves(line.Account):
				b.Left = append(b.Left, line)
			}
		}
	}
	slices.SortFunc(b.Own, OwnBalance.compare)
	for _, cur := range books.Currencies() {
		b.leaveSweeps(cur, books.Debit(ledger.KindFeesTransit, cur).Minor())
		for k := ledger.KindBank; k.Book() != 0; k++ {
			if sum := books.Debit(k, cur); sum.Sign() != 0 {
				b.Totals = append(b.Totals, StatedTotal{k, cur, sum.Minor()})
			}
		}
		var client int64 // left on the clients' accounts, and so in the bank
		for _, line := range b.Left {
			if line.Currency == cur && line.Account.Kind.Book() == ledger.Client {
				client += line.Debit
			}
		}
		if client != 0 {
			b.Left = append(b.Left, ledger.Line{Account: ledger.Bank(), Currency: cur, Debit: -client})
		}
	}
}

// leaveSweeps leaves behind what is receivable by sweeps that are on their way: the old platform gets it.
func (b *LiveBook) leaveSweeps(cur money.Currency, transit int64) {
	for i, v := range b.Own {
		if v.Kind != ledger.KindFeesRcv || v.Currency != cur || transit == 0 {
			continue
		}
		b.Left = append(b.Left, ledger.Line{Account: v.account(), Currency: cur, Debit: -transit},
			ledger.Line{Account: ledger.OwnBank(), Currency: cur, Debit: transit})
		if b.Own[i].Debit += transit; b.Own[i].Debit == 0 {
			b.Own = slices.Delete(b.Own, i, i+1)
		}
		return
	}
}

// moves reports whether what stands on an account moves with a wallet or a loan, or balances what does.
func (x *bookExport) moves(a ledger.Account) bool {
	switch a.Kind {
	case ledger.KindBank, ledger.KindOwnBank, ledger.KindAvailable, ledger.KindClientRcv:
		return true
	case ledger.KindClaim, ledger.KindDebt, ledger.KindClaimWO, ledger.KindDebtWO:
		return x.moved[LoanID(a.Ref)]
	}
	return false
}
