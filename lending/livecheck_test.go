package lending_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// smallBook is a book of a few loans; the first is active, of several lots and paid in part.
func smallBook(t require.TestingT) *lending.LiveBook {
	b := newOldSystem(40).book
	for i := range b.Loans {
		if x := &b.Loans[i]; x.State == lending.StateActive && len(x.Lots) > 2 && x.Payments > 1 && x.Payments < len(x.Rows)-1 {
			b.Loans[0], b.Loans[i] = b.Loans[i], b.Loans[0]
			require.NoError(t, b.Check())
			return b
		}
	}
	require.Fail(t, "no such loan")
	return nil
}

// Whatever is wrong with a book is found before anything is done, and named.
func TestBookThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	future := civil.MustParse("2030-01-01")
	for name, bad := range map[string]struct {
		want   error
		change func(*lending.LiveBook, *lending.LiveLoan)
	}{
		"no date":                {lending.ErrDate, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.On = civil.Date{} }},
		"party twice":            {lending.ErrExists, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Parties[1] = b.Parties[0] }},
		"party bad id":           {lending.ErrID, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Parties[1].ID = "Jane Doe" }},
		"party of no kind":       {lending.ErrTerms, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Parties[1].Kind = 9 }},
		"party from the future":  {lending.ErrDate, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Parties[1].Since = future }},
		"party missing":          {lending.ErrUnknown, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Parties = b.Parties[1:] }},
		"wallet twice":           {lending.ErrExists, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Wallets[1] = b.Wallets[0] }},
		"wallet below zero":      {lending.ErrAmount, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Wallets[1].Available = -1 }},
		"a cent more":            {lending.ErrAmount, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Wallets[1].Available++ }},
		"total wrong":            {lending.ErrAmount, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Totals[1].Debit++ }},
		"total missing":          {lending.ErrAmount, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Totals = b.Totals[1:] }},
		"total of nothing":       {lending.ErrTerms, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Totals[1].Kind = 0 }},
		"own account of a party": {lending.ErrTerms, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Own[0].Kind = ledger.KindAvailable }},
		"fees due alone":         {lending.ErrTerms, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Own = b.Own[1:] }},
		"left and not stated": {lending.ErrAmount, func(b *lending.LiveBook, _ *lending.LiveLoan) {
			b.Left = append(b.Left, ledger.Line{Account: ledger.Suspense("R1"), Currency: cny, Debit: -5})
		}},
		"left loan moves too": {lending.ErrExists, func(b *lending.LiveBook, x *lending.LiveLoan) {
			b.LeftLoans = append(b.LeftLoans, lending.LeftLoan{Loan: x.ID, Borrower: "ann", State: lending.StateOpen, Why: "not-paid-out"})
		}},
		"product missing":        {lending.ErrUnknown, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Product = 7 }},
		"product with a fault":   {lending.ErrTerms, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Products[0].Product.MinPeriods = 0 }},
		"two current":            {lending.ErrExists, func(b *lending.LiveBook, _ *lending.LiveLoan) { b.Products[1].Product.ID = b.Products[0].Product.ID }},
		"loan twice":             {lending.ErrExists, func(b *lending.LiveBook, x *lending.LiveLoan) { b.Loans[1].ID = x.ID }},
		"loan in tender":         {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.State = lending.StateOpen }},
		"outstanding a cent off": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Outstanding++ }},
		"closed and owing":       {lending.ErrTerms, func(b *lending.LiveBook, x *lending.LiveLoan) { x.State, x.Closed = lending.StateClosed, b.On }},
		"paid more than owed":    {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Dues[0].Paid[lending.Interest]++ }},
		"paid and not received":  {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Lots[0].Paid[lending.Interest]-- }},
		"lot off its share": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) {
			x.Lots[0].Paid[lending.Interest] -= 2
			x.Lots[1].Paid[lending.Interest] += 2
		}},
		"lots too small":      {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Lots[0].Units-- }},
		"lot of the borrower": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Lots[0].Holder = x.Borrower }},
		"no lots":             {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Lots = nil }},
		"huge weight":         {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Lots[0].Weight = 1 << 62 }},
		"huge figure":         {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Dues[0].Owed[lending.Interest] = 1 << 62 }},
		"no component":        {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Dues[0].Owed[0] = 1 }},
		"instalment missing":  {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Dues = x.Dues[1:] }},
		"plan out of balance": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Rows[0].Balance++ }},
		"promised by a cover": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Dues[0].Promised[2] = 1 }},
		"advance of nobody":   {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Advances = []lending.Advance{{Payer: "ann"}} }},
		"charge not in dues": {lending.ErrTerms, func(b *lending.LiveBook, x *lending.LiveLoan) {
			x.Charges = []lending.Charge{{Fee: "f", Component: lending.Fees, Payee: lending.ToPlatform, On: b.On, Owed: 1}}
		}},
		"charge of no instalment": {lending.ErrTerms, func(b *lending.LiveBook, x *lending.LiveLoan) {
			x.Charges = []lending.Charge{{Fee: "f", Component: lending.Fees, Payee: lending.ToPlatform, On: b.On, Instalment: -1}}
		}},
		"past payment missing": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Past = x.Past[1:] }},
		"past payment to come": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Past[0].On = future }},
		"begins later":         {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Start = future }},
		"no rate":              {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) { x.Rate = schedule.Rate{} }},
		"other currency": {lending.ErrTerms, func(_ *lending.LiveBook, x *lending.LiveLoan) {
			x.Amount = amt(x.Amount.Minor(), money.MustCurrency("JPY"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := smallBook(t)
			bad.change(b, &b.Loans[0])
			require.ErrorIs(t, b.Check(), bad.want)
			if raced {
				return // what comes next runs without the race detector too
			}
			w := newWorld(t, lending.Config{})
			w.day = civil.MustParse("2026-06-15")
			_, err := w.desk.Import(context.Background(), w.meta(officer), "old-system", b)
			require.ErrorIs(t, err, bad.want)
			require.Zero(t, w.feed(), "nothing half done")
			if name == "no component" {
				return // a text has no place for it
			}
			_, err = lending.ReadLiveBook(bytes.NewReader(bookText(t, b)))
			require.ErrorIs(t, err, bad.want)
		})
	}
}

// Everything that is wrong is reported at once, each record with its line.
func TestBookReportsEverything(t *testing.T) {
	b := smallBook(t)
	text := bookText(t, b)
	lines := strings.SplitAfter(string(text), "\n")
	lines[4] = `{"Party":{"ID":"x","ID":"y"}}` + "\n"
	lines[5] = strings.Replace(lines[5], `"Kind":1`, `"Kind":7`, 1)
	_, err := lending.ReadLiveBook(strings.NewReader(strings.Join(lines, "")))
	for _, line := range []int{5, 6} {
		require.ErrorContains(t, err, fmt.Sprintf("line %d:", line))
	}
	var bad *lending.BookError
	require.ErrorAs(t, err, &bad)
	require.ErrorIs(t, err, lending.ErrTerms)
}

// The text is read strictly.
func TestReadLiveBookIsStrict(t *testing.T) {
	text := string(bookText(t, smallBook(t)))
	first, rest, _ := strings.Cut(text, "\n")
	for name, bad := range map[string]string{
		"empty":            "",
		"no header":        rest,
		"header twice":     first + "\n" + text,
		"other version":    strings.Replace(text, `"Version":1`, `"Version":2`, 1),
		"cut":              text[:strings.LastIndex(text, `{"End"`)],
		"cut in a line":    text[:len(text)/2],
		"a record missing": first + "\n" + rest[strings.Index(rest, "\n")+1:],
		"after the end":    text + first + "\n",
		"empty line":       first + "\n\n" + rest,
		"unknown field":    strings.Replace(text, `"Tolerance"`, `"Slack"`, 1),
		"unknown kind":     strings.Replace(text, `{"Party"`, `{"Person"`, 1),
		"two kinds":        strings.Replace(text, `"Tolerance":0}`, `"Tolerance":0},"End":{"Records":0}`, 1),
		"no kind":          first + "\n{}\n" + rest,
		"two values":       first + "{}\n" + rest,
		"fraction":         strings.Replace(text, `"Available":`, `"Available":0.`, 1),
		"escaped name":     strings.Replace(text, `"Tolerance"`, `"\u0054olerance"`, 1),
		"twice":            strings.Replace(text, `"Tolerance":0`, `"Tolerance":0,"tolerance":0`, 1),
		"other state":      strings.Replace(text, `"State":"active"`, `"State":"alive"`, 1),
		"other component":  strings.Replace(text, `"interest":`, `"rent":`, 1),
		"wrong count":      strings.Replace(text, `{"End":{"Records":`, `{"End":{"Records":1`, 1),
		"line without end": first + "\n" + strings.Repeat(" ", lending.MaxBookLine+2),
		"out of order":     rest[:strings.Index(rest, "\n")+1] + first + "\n",
		"not json":         first + "\nhello\n",
		"deep":             first + "\n" + strings.Repeat("[", 100_000) + "\n",
		"null record":      first + "\nnull\n" + rest,
	} {
		b, err := lending.ReadLiveBook(strings.NewReader(bad))
		require.Error(t, err, name)
		require.Nil(t, b, name)
		require.NotEqual(t, lending.ClassUnknown, lending.ClassOf(err), "%s: %v", name, err)
	}
	_, err := lending.ReadLiveBook(iotest.ErrReader(errBroken))
	require.ErrorIs(t, err, errBroken)
	b, err := lending.ReadLiveBook(iotest.OneByteReader(strings.NewReader(text)))
	require.NoError(t, err)
	require.Equal(t, text, string(bookText(t, b)))
	_, err = b.WriteTo(&brokenWriter{100})
	require.ErrorIs(t, err, errBroken)
}

// What an import refuses besides a wrong book, and what each of its commands does by itself.
func TestImportRefuses(t *testing.T) {
	b := smallBook(t)
	w := newWorld(t, lending.Config{})
	w.day = b.On
	ctx, ok := context.Background(), w.meta(officer)
	imports := func(m lending.Meta, id lending.Code) error {
		_, err := w.desk.Import(ctx, m, id, b)
		return err
	}
	alone, early, cash := ok, ok, ok
	alone.Approver = officer
	early.On = b.On.AddDays(-1)
	cash.Actor = cashier
	require.ErrorIs(t, imports(alone, "c"), lending.ErrSecond)
	require.ErrorIs(t, imports(early, "c"), lending.ErrDate)
	require.ErrorIs(t, imports(cash, "c"), lending.ErrActor)
	require.ErrorIs(t, imports(ok, ""), lending.ErrID)
	require.ErrorIs(t, imports(ok, lending.Code(strings.Repeat("x", lending.MaxCutover+1))), lending.ErrID)
	require.Zero(t, w.feed())

	x := b.Loans[0]
	adopt := lending.AdoptLoan{Cutover: "c", Product: b.Products[x.Product].Product, Loan: x}
	require.ErrorIs(t, try(w, officer, adopt), lending.ErrUnknown, "no cut-over")
	do(w, officer, lending.BeginCutover{Cutover: "c"})
	require.ErrorIs(t, try(w, officer, lending.BeginCutover{Cutover: "c"}), lending.ErrExists)
	require.ErrorIs(t, try(w, officer, lending.BeginCutover{Cutover: "d", Left: 1}), lending.ErrWarned)
	require.ErrorIs(t, try(w, officer, adopt), lending.ErrUnknown, "parties are not known")
	require.ErrorIs(t, try(w, officer, lending.OpenWallet{Cutover: "c", Wallet: b.Wallets[0]}), lending.ErrUnknown)
	do(w, officer, lending.AdoptParty{Cutover: "c", Party: b.Parties[0]})
	require.ErrorIs(t, try(w, officer, lending.AdoptParty{Cutover: "c", Party: b.Parties[0]}), lending.ErrExists)
	do(w, officer, lending.OpenWallet{Cutover: "c", Wallet: b.Wallets[0]})
	require.ErrorIs(t, try(w, officer, lending.OpenWallet{Cutover: "c", Wallet: b.Wallets[0]}), lending.ErrExists)
	do(w, officer, lending.OpenAccounts{Cutover: "c", Own: b.Own})
	require.ErrorIs(t, try(w, officer, lending.OpenAccounts{Cutover: "c", Own: b.Own}), lending.ErrExists)
	w.day = w.day.AddDays(1)
	require.ErrorIs(t, try(w, officer, lending.AdoptParty{Cutover: "c", Party: b.Parties[1]}), lending.ErrDate)
	w.day = b.On
	do(w, officer, lending.EndCutover{Cutover: "c"})
	require.ErrorIs(t, try(w, officer, lending.AdoptParty{Cutover: "c", Party: b.Parties[1]}), lending.ErrState)

	require.ErrorIs(t, imports(ok, "other"), lending.ErrExists, "a party is known")
	_, err := w.desk.LiveBook(ctx, civil.Date{})
	require.ErrorIs(t, err, lending.ErrDate)
	blind, err := lending.Open(lending.Config{Store: struct{ event.Store }{w.store}})
	require.NoError(t, err)
	_, err = blind.LiveBook(ctx, b.On)
	require.ErrorIs(t, err, lending.ErrConfig)
	_, _, err = blind.Export(ctx, &bytes.Buffer{}, 0)
	require.ErrorIs(t, err, lending.ErrConfig)
}

// The ledger is held against what is stated: a book that was changed after its import differs, to the cent.
func TestCutoverDiffs(t *testing.T) {
	b := smallBook(t)
	w := newWorld(t, lending.Config{})
	require.NoError(t, w.imports(b))
	b.Loans[0].Outstanding += 3
	b.Wallets[2].Available--
	b.Totals[0].Debit += 7
	diffs, err := w.desk.CompareCutover(context.Background(), "old-system", b)
	require.NoError(t, err)
	require.Len(t, diffs, 3)
	require.Equal(t, ledger.KindBank, diffs[0].Account.Kind)
	require.Equal(t, int64(7), diffs[0].Stated-diffs[0].Found)
	require.Equal(t, lending.Avail(b.Wallets[2].Party), diffs[1].Account)
	require.Equal(t, int64(1), diffs[1].Stated-diffs[1].Found)
	require.Equal(t, ledger.Debt(ledger.Ref(b.Loans[0].ID)), diffs[2].Account)
	require.Equal(t, int64(-3), diffs[2].Stated-diffs[2].Found)
	bad := &lending.CutoverError{Cutover: "c", Diffs: diffs}
	require.ErrorIs(t, bad, lending.ErrAmount)
	require.Contains(t, bad.Error(), "bank")
}

// crashing is a store that fails after so many commits, once with and once without the commit.
type crashing struct {
	*memory.Store
	left int
	late bool
}

func (s *crashing) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	if s.left--; s.left >= 0 {
		return s.Store.Commit(ctx, c)
	}
	if s.late {
		if _, err := s.Store.Commit(ctx, c); err != nil {
			return event.Receipt{}, err
		}
	}
	return event.Receipt{}, errBroken
}

// An import that crashed anywhere is taken up where it stopped, on a later day too; the end is the same.
func TestImportResumes(t *testing.T) {
	t.Parallel()
	b := smallBook(t)
	whole := newWorld(t, lending.Config{Chunk: 2})
	require.NoError(t, whole.imports(b))
	for _, late := range []bool{false, true} {
		if raced && late {
			continue
		}
		store := &crashing{memory.NewStore(), 0, late}
		day, crashes := b.On, 0
		for ; ; crashes++ {
			desk, err := lending.Open(lending.Config{Store: store, Chunk: 2})
			require.NoError(t, err)
			m := whole.meta(officer)
			m.On = day
			_, err = desk.Import(context.Background(), m, "old-system", b)
			if err == nil {
				break
			}
			require.ErrorIs(t, err, event.ErrUnknown)
			require.Less(t, crashes, 500)
			store.left, day = crashes%7, day.AddDays(1)
		}
		require.Greater(t, crashes, 20)
		w := &world{t: t, store: store.Store}
		require.Equal(t, whole.dump(), w.dump(), "the same records")
		desk, err := lending.Open(lending.Config{Store: store, Chunk: 2})
		require.NoError(t, err)
		changed := *b
		changed.Tolerance = 1
		m := whole.meta(officer)
		m.On = day
		_, err = desk.Import(context.Background(), m, "old-system", &changed)
		require.True(t, errors.Is(err, event.ErrKeyReused), "another book under the same name: %v", err)
	}
}

// Under a custodian that keeps sub-accounts money comes in as it has it: nothing is moved.
func TestImportUnderSubAccounts(t *testing.T) {
	b := smallBook(t)
	w := newWorld(t, perUser())
	w.day = b.On
	_, err := w.desk.Import(context.Background(), w.meta(officer), "old-system", b)
	require.NoError(t, err)
	require.Empty(t, w.bank.Seen())
	w.reports()
	require.Equal(t, string(bookText(t, newOldSystem(40).book)), string(bookText(t, w.liveBook())))
}

// FuzzReadLiveBook: whatever text there is, reading it is an error or a book that is right.
func FuzzReadLiveBook(f *testing.F) {
	text := bookText(f, newOldSystem(3).book)
	f.Add(text)
	f.Add(bookText(f, &lending.LiveBook{On: civil.MustParse("2026-06-15")}))
	f.Add([]byte(`{"Book":{"Version":1,"On":"2026-06-15"}}` + "\n" + `{"End":{"Records":1}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := lending.ReadLiveBook(bytes.NewReader(text))
		if err != nil {
			if lending.ClassOf(err) == lending.ClassUnknown {
				t.Fatal(err)
			}
			return
		}
		if err := b.Check(); err != nil {
			t.Fatal(err)
		}
		again, err := lending.ReadLiveBook(bytes.NewReader(bookText(t, b)))
		if err != nil || !bytes.Equal(bookText(t, again), bookText(t, b)) {
			t.Fatal(err)
		}
	})
}
