package lending

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// CutoverDiff is a balance that is not what a book states, in minor units of its currency: debit above
// zero. An account without owner and reference stands for all of its kind together.
type CutoverDiff struct {
	Account       ledger.Account
	Currency      money.Currency
	Stated, Found int64
}

// CutoverError says that the ledger is not what a book states. It unwraps to [ErrAmount].
type CutoverError struct {
	Cutover Code
	Diffs   []CutoverDiff
}

// Error implements error.
func (e *CutoverError) Error() string {
	d := e.Diffs[0]
	return fmt.Sprintf("lending: cut-over %s: %v: %d balances are not what was stated, the first is %s: %d, not %d %s",
		e.Cutover, ErrAmount, len(e.Diffs), d.Account, d.Found, d.Stated, d.Currency)
}

// Unwrap returns ErrAmount.
func (e *CutoverError) Unwrap() error { return ErrAmount }

// CompareCutover holds what a cut-over has brought into the ledger against what the old system states
// (割接核对): every wallet, what is outstanding on every loan and to each of its lenders, the platform's own
// accounts, and the total of each kind of account less what is left behind. It lists what differs, by
// account and currency; nothing may. It costs one reading of the feed, and may be asked at any time: what
// came after the cut-over does not count.
func (d *Desk) CompareCutover(ctx context.Context, id Code, b *LiveBook) ([]CutoverDiff, error) {
	if d.feed == nil {
		return nil, &Error{ErrConfig, "desk", "its store has no feed"}
	}
	found, err := d.broughtIn(ctx, id)
	if err != nil {
		return nil, err
	}
	stated := b.balances()
	for k, n := range found {
		if _, ok := stated[k]; !ok && n != 0 {
			stated[k] = 0
		}
	}
	var out []CutoverDiff
	for k, n := range stated {
		if found[k] != n {
			out = append(out, CutoverDiff{k.account, k.cur, n, found[k]})
		}
	}
	slices.SortFunc(out, func(a, b CutoverDiff) int {
		return compareLines(ledger.Line{Account: a.Account, Currency: a.Currency}, ledger.Line{Account: b.Account, Currency: b.Currency})
	})
	return out, nil
}

// broughtIn sums the entries of a cut-over by account, and by kind.
func (d *Desk) broughtIn(ctx context.Context, id Code) (map[accountKey]int64, error) {
	sums, keys := map[accountKey]int64{}, cutoverKeys(id)
	for at := event.Position(0); ; {
		changes, next, err := d.feed.Read(ctx, at, 1000)
		if err != nil {
			return nil, &event.UnknownError{Op: "read feed", Err: err}
		}
		if len(changes) == 0 {
			return sums, nil
		}
		for _, c := range changes {
			if c.Record.Type != "~"+entryMemo || !strings.HasPrefix(c.Key, keys) {
				continue
			}
			var e ledger.Entry
			if err := event.Decode(c.Record.Data, 1, &e); err != nil {
				return nil, fmt.Errorf("cut-over %s: %s at %d: %w", id, c.Stream, c.At, err)
			}
			for _, l := range e.Legs {
				sums[accountKey{l.Account, e.Currency}] += l.Debit
				if l.Account.Owner != "" || l.Account.Ref != "" {
					sums[accountKey{ledger.Account{Kind: l.Account.Kind}, e.Currency}] += l.Debit
				}
			}
		}
		at = next
	}
}

// balances is what the book states: of each account that moves, and of each kind.
func (b *LiveBook) balances() map[accountKey]int64 {
	out := map[accountKey]int64{}
	for i := range b.Wallets {
		w := &b.Wallets[i]
		out[accountKey{Avail(w.Party), w.Currency}] -= w.Available
		out[accountKey{ledger.ClientRcv(ledger.Owner(w.Party)), w.Currency}] += w.Owed
	}
	for _, v := range b.Own {
		if v.Ref != "" {
			out[accountKey{v.account(), v.Currency}] += v.Debit
		}
	}
	for i := range b.Loans {
		b.Loans[i].balances(out)
	}
	for _, v := range b.Totals {
		out[accountKey{ledger.Account{Kind: v.Kind}, v.Currency}] += v.Debit
	}
	for _, l := range b.Left {
		out[accountKey{ledger.Account{Kind: l.Account.Kind}, l.Currency}] -= l.Debit
	}
	return out
}

// balances adds what is outstanding on a loan, as the old system states it, and to each of its lenders.
func (x *LiveLoan) balances(out map[accountKey]int64) {
	claim, debt, ref := ledger.Claim, ledger.Debt, ledger.Ref(x.ID)
	switch x.State {
	case StateClosed:
		return
	case StateWrittenOff:
		claim, debt = ledger.ClaimWO, ledger.DebtWO
	}
	cur := x.Amount.Currency()
	out[accountKey{debt(ref), cur}] -= x.Outstanding
	for i := range x.Lots {
		v := &x.Lots[i]
		out[accountKey{claim(ledger.Owner(v.Holder), ref), cur}] += v.Units - v.Paid[Principal]
	}
	for _, a := range x.Advances {
		if a.Component == Principal {
			out[accountKey{claim(ledger.Owner(a.Payer), ref), cur}] += a.Amount - a.Recovered
		}
	}
}
