package lending

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
)

// Import takes a live book in (存量数据迁入) under the name of a cut-over, and holds the ledger against
// what the book states, to the cent. The officer and the approver in Meta are two people; what they do is
// dated on the day of the book.
//
// Nothing is done before everything was looked at: the book as [LiveBook.Check] does, and that no party,
// wallet or loan of it is known and no product has other terms here. A book that leaves something behind
// needs [LeftBehind] in [Meta].Accept. Then each party, wallet and loan is a command of its own, with a key
// that follows from the cut-over and its id. After a crash or an unknown outcome call Import again with the
// same book: what was done is not done twice, and the rest follows. When the ledger is not what the book
// states it returns a [*CutoverError] and leaves the cut-over open; otherwise the cut-over ends, and
// nothing more comes in under its name.
//
// It needs a store that is an [event.Feed]. Covers of the products have to be plugged in; they take the
// loans on as at disbursement.
func (d *Desk) Import(ctx context.Context, m Meta, id Code, b *LiveBook) (CutoverEnded, error) {
	none := CutoverEnded{}
	if err := errors.Join(m.check(), m.second(), checkCutover(id)); err != nil {
		return none, err
	}
	if m.On.Before(b.On) {
		return none, &Error{ErrDate, "cut-over " + string(id), "is of " + b.On.String() + ", which has not come on " + m.On.String()}
	}
	if err := b.Check(); err != nil {
		return none, err
	}
	sum := sha256.New()
	if _, err := b.WriteTo(sum); err != nil {
		return none, err
	}
	x := &bookImport{d: d, m: m, id: id, b: b}
	x.m.On, x.m.NotAfter = b.On, m.NotAfter
	begun, _, err := View(ctx, d, CutoverRef(id))
	if err != nil {
		return none, err
	}
	if begun.ID == "" {
		if err := x.fresh(ctx); err != nil {
			return none, err
		}
	}
	begin := BeginCutover{id, event.Hash(sum.Sum(nil)), len(b.Left) + len(b.LeftLoans)}
	if _, err := Do(ctx, d, x.key("begin"), begin); err != nil {
		return none, err
	}
	if err := x.bring(ctx); err != nil {
		return none, err
	}
	diffs, err := d.CompareCutover(ctx, id, b)
	if err != nil {
		return none, err
	}
	if len(diffs) > 0 {
		return none, &CutoverError{id, diffs}
	}
	return Do(ctx, d, x.key("end"), EndCutover{id})
}

// bookImport is an import under way.
type bookImport struct {
	d  *Desk
	m  Meta
	id Code
	b  *LiveBook
}

// cutoverKeys begins the keys of a cut-over's commands.
func cutoverKeys(id Code) string { return ":cutover/" + string(id) + "/" }

// key is the meta of a command of the import: the same for the same thing, for ever.
func (x *bookImport) key(format string, args ...any) Meta {
	m := x.m.mint("cutover", string(x.id)+"/"+fmt.Sprintf(format, args...))
	return m
}

// fresh refuses a book of which something is here already.
func (x *bookImport) fresh(ctx context.Context) error {
	var errs []error
	known := func(r interface{ Stream() event.Stream }, v event.Version, err error) {
		if err == nil && v > 0 {
			err = &Error{ErrExists, r.Stream().String(), ""}
		}
		errs = append(errs, err)
	}
	for i := range x.b.Parties {
		r := PartyRef(x.b.Parties[i].ID)
		_, v, err := View(ctx, x.d, r)
		known(r, v, err)
	}
	for i := range x.b.Loans {
		r := LoanRef(x.b.Loans[i].ID)
		_, v, err := View(ctx, x.d, r)
		known(r, v, err)
	}
	for i := range x.b.Products {
		errs = append(errs, x.definable(ctx, &x.b.Products[i]))
	}
	return errors.Join(errs...)
}

// definable refuses a product that has other terms here, or that cannot be defined.
func (x *bookImport) definable(ctx context.Context, v *LiveProduct) error {
	if !v.Current {
		return nil
	}
	is, version, err := View(ctx, x.d, ProductRef(v.Product.ID))
	if err != nil {
		return err
	}
	if version > 0 {
		if !bytes.Equal(event.Encode(nil, 1, is), event.Encode(nil, 1, &v.Product)) {
			return &Error{ErrExists, "product " + string(v.Product.ID), "has other terms here"}
		}
		return nil
	}
	_, err = Try(ctx, x.d, x.key("product/%s", v.Product.ID), DefineProduct{v.Product})
	return err
}

// bring takes everything in, in an order in which what is named comes first.
func (x *bookImport) bring(ctx context.Context) error {
	for i := range x.b.Products {
		if p := &x.b.Products[i]; p.Current {
			if _, err := Do(ctx, x.d, x.key("product/%s", p.Product.ID), DefineProduct{p.Product}); err != nil {
				return err
			}
		}
	}
	for i := range x.b.Parties {
		p := &x.b.Parties[i]
		if _, err := Do(ctx, x.d, x.key("party/%s", p.ID), AdoptParty{x.id, *p}); err != nil {
			return err
		}
	}
	for i := range x.b.Wallets {
		w := &x.b.Wallets[i]
		m := x.key("w/%s", WalletRef(w.Party, w.Currency).ID)
		if _, err := Do(ctx, x.d, m, OpenWallet{x.id, *w}); err != nil {
			return err
		}
	}
	if _, err := Do(ctx, x.d, x.key("own"), OpenAccounts{x.id, x.b.Own}); err != nil {
		return err
	}
	for i := range x.b.Loans {
		if err := x.loan(ctx, &x.b.Loans[i]); err != nil {
			return err
		}
	}
	return nil
}

func (x *bookImport) loan(ctx context.Context, v *LiveLoan) error {
	c := AdoptLoan{x.id, x.b.Products[v.Product].Product, *v, x.b.Tolerance}
	e, err := Do(ctx, x.d, x.key("loan/%s", v.ID), c)
	if err != nil || e.Payout == "" {
		return err
	}
	return x.d.CarryOut(ctx, x.b.On, e.Payout)
}
