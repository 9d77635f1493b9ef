package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// Tx is a decision's view: the kernel's streams, who gives the command and when, and the doors
// through which money and title go. Money moves by [Tx.Post] alone, title by [Tx.Assign] alone.
type Tx struct {
	*event.Tx
	Meta
	home     event.Stream
	desk     *Desk
	advanced map[LoanID]bool     // by this command
	moves    []PaymentInstructed // between sub-accounts, by this command
}

// Entry is the memo name under which ledger entries stand on streams.
const entryMemo = "entry"

// Post records a ledger entry on the home stream, dated as the command is. Legs on wallets become
// events of those wallets in the same commit; an entry that a wallet cannot give is refused with a
// [*FundsError], one of a locked period with [ErrClosed]. A wallet that owes the platform pays its
// debt out of what it receives.
func (t *Tx) Post(e ledger.Entry) error { return t.post(e) }

// post is Post of an entry with which stakes in loans change. An entry without legs moves no money.
func (t *Tx) post(e ledger.Entry, stakes ...stakeChange) error {
	if err := e.Check(); err != nil && len(e.Legs) > 0 {
		return err
	}
	return t.write(t.mirror(e), stakes...)
}

// write is post without asking the custodian for anything.
func (t *Tx) write(e ledger.Entry, stakes ...stakeChange) error {
	e.On = t.On
	if len(e.Legs) == 0 && len(stakes) == 0 {
		return nil
	}
	moves := walletMoves(&e, stakes)
	rung := tillMove(&e)
	if err := t.wantWallets(moves, rung, e.Currency); err != nil {
		return err
	}
	if err := t.unlocked(); err != nil {
		return err
	}
	var owing []PartyID
	for i := range moves {
		m := &moves[i]
		w, err := event.Read(t.Tx, m.wallet)
		if err != nil {
			return err
		}
		if err := m.check(w, e.Currency); err != nil {
			return err
		}
		if w.Owed > 0 && m.Available > 0 {
			owing = append(owing, m.party)
		}
	}
	for i := range moves {
		m := &moves[i]
		if t.own(m.party, e.Why) {
			m.On = t.On
		}
		if err := t.note(m.wallet, m.party, e.Currency); err != nil {
			return err
		}
		if err := event.Write(t.Tx, m.wallet, m.Moved); err != nil {
			return err
		}
	}
	if len(e.Legs) == 0 {
		return nil
	}
	if err := t.ring(rung, e.Currency); err != nil {
		return err
	}
	if err := t.Memo(t.home, entryMemo, &e); err != nil {
		return err
	}
	return t.collect(owing, e.Currency)
}

// own reports whether an entry is a movement by a party itself: its command, or its deposit.
func (t *Tx) own(p PartyID, why ledger.Why) bool {
	return t.Actor.Role == RoleParty && PartyID(t.Actor.ID) == p || why == whyDeposit
}

type walletMove struct {
	party  PartyID
	wallet event.Ref[Wallet] // set when it is wanted
	Moved
}

// walletMoves gathers the legs of an entry by wallet and hold, in the order of first appearance.
// What changes a wallet's free balance stands in its first move alone.
func walletMoves(e *ledger.Entry, stakes []stakeChange) []walletMove {
	moves := make([]walletMove, 0, len(e.Legs))
	first := make(map[PartyID]int, min(len(e.Legs), 1024))
	at := func(p PartyID, ref ledger.Ref) *walletMove {
		i, ok := first[p]
		if !ok {
			i = len(moves)
			first[p] = i
			moves = append(moves, walletMove{party: p, Moved: Moved{Why: e.Why, Ref: ref}})
		}
		for ; i < len(moves); i++ {
			m := &moves[i]
			if m.party == p && (ref == "" || m.Ref == ref || m.Ref == "") {
				m.Ref = max(m.Ref, ref)
				return m
			}
		}
		moves = append(moves, walletMove{party: p, Moved: Moved{Why: e.Why, Ref: ref}})
		return &moves[len(moves)-1]
	}
	for _, l := range e.Legs {
		switch l.Account.Kind {
		case ledger.KindAvailable:
			at(PartyID(l.Account.Owner), "").Available -= l.Debit
		case ledger.KindHeld:
			at(PartyID(l.Account.Owner), l.Account.Ref).Held -= l.Debit
		}
	}
	for _, s := range stakes {
		if s.Minor == 0 {
			continue
		}
		m := at(s.party, "")
		if m.Loan != "" && m.Loan != s.loan {
			moves = append(moves, walletMove{party: s.party, Moved: Moved{Why: e.Why}})
			m = &moves[len(moves)-1]
		}
		minor := m.Stake.Minor + s.Minor
		m.Loan, m.Stake = s.loan, s.Stake
		m.Stake.Minor = minor
	}
	return moves
}

// check refuses a move that the wallet cannot give or hold.
func (m *walletMove) check(w *Wallet, c money.Currency) error {
	free, held := w.Available+m.Available, w.Held[m.Ref]+m.Held
	if free < 0 {
		return &FundsError{m.party, amount(-m.Available, c), amount(w.Available, c)}
	}
	if held < 0 {
		return &FundsError{m.party, amount(-m.Held, c), amount(w.Held[m.Ref], c)}
	}
	if free > money.MaxMinor || held > money.MaxMinor {
		return &Error{ErrLimit, "wallet of " + string(m.party), "would hold more than an amount can be"}
	}
	return nil
}

// resolved refuses what people decide on a loan without a second person or a reason, by its borrower, while
// it is in no state for it, or on a day before what it has seen.
func (t *Tx) resolved(l *Loan, id LoanID, reason Code, states ...State) error {
	if err := t.second(); err != nil {
		return err
	}
	if err := l.in(id, states...); err != nil {
		return err
	}
	if err := checkID("reason", reason); err != nil {
		return err
	}
	if err := errors.Join(t.disinterested(l), Meta{Actor: t.Approver}.disinterested(l)); err != nil {
		return err
	}
	return l.notBefore(t.On)
}

// has refuses more than is available to a party.
func (t *Tx) has(p PartyID, a money.Amount) error {
	ref := WalletRef(p, a.Currency())
	if err := t.Want(ref.Stream()); err != nil {
		return err
	}
	w, err := event.Read(t.Tx, ref)
	if err != nil || w.Available >= a.Minor() {
		return err
	}
	return &FundsError{p, a, amount(w.Available, a.Currency())}
}

func (t *Tx) wantWallets(moves []walletMove, rung TillMoved, c money.Currency) error {
	ss := make([]event.Stream, len(moves), len(moves)+2)
	for i := range moves {
		moves[i].wallet = WalletRef(moves[i].party, c)
		ss[i] = moves[i].wallet.Stream()
	}
	if rung != (TillMoved{}) {
		ss = append(ss, till(t.home, c).Stream())
	}
	return t.Want(append(ss, booksStream)...)
}

// collect takes what parties owe the platform out of what they have now.
func (t *Tx) collect(ps []PartyID, c money.Currency) error {
	for _, p := range ps {
		w, err := event.Read(t.Tx, WalletRef(p, c))
		if err != nil {
			return err
		}
		a := amount(min(w.Owed, w.Available), c)
		if a.IsZero() {
			continue
		}
		if err := t.change(p, c, Owes{-a.Minor()}); err != nil {
			return err
		}
		owner := ledger.Owner(p)
		err = t.postAll(ledger.Move(ledger.Client, "debt-collected", Avail(p), ledger.FeesDue(), a),
			ledger.Move(ledger.Platform, "debt-collected", ledger.FeesRcv(), ledger.ClientRcv(owner), a))
		if err != nil {
			return err
		}
	}
	return nil
}

// reclaim takes an amount back from a party into another client account. What its wallet cannot
// give becomes its debt to the platform, which stands in for it.
func (t *Tx) reclaim(
	why ledger.Why, p PartyID, to ledger.Account, a money.Amount, stakes ...stakeChange,
) error {
	cur := a.Currency()
	w, err := event.Read(t.Tx, WalletRef(p, cur))
	if err != nil {
		return err
	}
	has := min(w.Available, a.Minor())
	short := amount(a.Minor()-has, cur)
	e := ledger.Entry{Book: ledger.Client, Why: why, Currency: cur}
	e.Debit(Avail(p), has)
	e.Debit(ledger.TopupDue(), short.Minor())
	e.Credit(to, a.Minor())
	if err := t.post(e, stakes...); err != nil || short.IsZero() {
		return err
	}
	if err := t.change(p, cur, Owes{short.Minor()}); err != nil {
		return err
	}
	owner := ledger.Owner(p)
	return t.Post(ledger.Move(ledger.Platform, why, ledger.ClientRcv(owner), ledger.OwnBank(), short))
}

// postAll posts several entries, leaving out those that move nothing.
func (t *Tx) postAll(es ...ledger.Entry) error {
	for _, e := range es {
		if err := t.Post(e); err != nil {
			return err
		}
	}
	return nil
}

// amount makes an amount of minor units that are known to be in range: sums and differences of
// amounts that were checked when they came in. A report's sum beyond [money.MaxMinor] stops there.
func amount(minor int64, c money.Currency) money.Amount {
	a, err := money.New(max(-money.MaxMinor, min(minor, money.MaxMinor)), c)
	if err != nil {
		return money.Amount{} // no currency: nothing was ever posted
	}
	return a
}

// positive refuses an amount from outside that is not above zero in the currency.
func positive(what string, a money.Amount, c money.Currency) error {
	if a.Currency() != c {
		return &Error{ErrAmount, what, "is " + a.String() + ", want " + c.String()}
	}
	if a.Sign() <= 0 {
		return &Error{ErrAmount, what, "is " + a.String() + ", want more than zero"}
	}
	return nil
}
