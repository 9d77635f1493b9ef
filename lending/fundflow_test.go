package lending_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// entries lists what was ever posted, as the feed has it.
func (w *world) entries() (all []ledger.Entry) {
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(w.t, err)
		if len(changes) == 0 {
			return all
		}
		for _, c := range changes {
			if c.Record.Type == "~entry" {
				var e ledger.Entry
				require.NoError(w.t, event.Decode(c.Record.Data, 1, &e))
				all = append(all, e)
			}
		}
		pos = next
	}
}

// flowsAgree holds a statement against the entries themselves and against the trial balance as of the
// days before its two ends.
func (w *world) flowsAgree(t require.TestingT, r *lending.Reports, c money.Currency, from, to civil.Date) {
	got, err := r.FundFlow(c, from, to)
	require.NoError(t, err)
	type key struct {
		kind ledger.Kind
		why  ledger.Why
	}
	in, out := map[key]int64{}, map[key]int64{}
	for _, e := range w.entries() {
		if e.Currency != c || e.On.Before(from) || !e.On.Before(to) {
			continue
		}
		for _, l := range e.Legs {
			k := key{l.Account.Kind, e.Why}
			if (l.Debit > 0) == l.Account.Kind.Debit() {
				in[k] += max(l.Debit, -l.Debit)
			} else {
				out[k] += max(l.Debit, -l.Debit)
			}
		}
	}
	opening, err := w.desk.Trial(context.Background(), from.AddDays(-1))
	require.NoError(t, err)
	closing, err := w.desk.Trial(context.Background(), to.AddDays(-1))
	require.NoError(t, err)
	seen := map[ledger.Kind]bool{}
	lines := 0
	for _, a := range got.Accounts {
		seen[a.Kind] = true
		require.Equal(t, opening.Ledger().Total(a.Kind, c), a.Opening.Minor(), "%s opens", a.Kind)
		require.Equal(t, closing.Ledger().Total(a.Kind, c), a.Closing.Minor(), "%s closes", a.Kind)
		sum := a.Opening.Minor()
		for _, l := range a.Lines {
			k := key{a.Kind, l.Why}
			require.Equal(t, [2]int64{in[k], out[k]}, [2]int64{l.In.Minor(), l.Out.Minor()}, "%v", k)
			sum += l.In.Minor() - l.Out.Minor()
			lines++
		}
		require.Equal(t, sum, a.Closing.Minor(), "opening + in - out of %s", a.Kind)
	}
	for k := range in {
		out[k] += 0
	}
	require.Equal(t, len(out), lines)
	for _, x := range closing.Totals() {
		require.True(t, seen[x.Kind] || x.Currency != c, "%s is missing", x.Kind)
	}
}

func TestFundFlowTiesToTheLedger(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	first := w.day
	life(w)
	r := w.reports()
	rapid.Check(t, func(t *rapid.T) {
		from := first.AddDays(rapid.IntRange(-3, 300).Draw(t, "from"))
		w.flowsAgree(t, r, cny, from, from.AddDays(rapid.IntRange(1, 200).Draw(t, "days")))
	})
	_, err := r.FundFlow(cny, first, first)
	require.ErrorIs(t, err, lending.ErrDate)
	_, err = r.FundFlow(cny, civil.Date{}, first)
	require.ErrorIs(t, err, lending.ErrDate)
	none, err := r.FundFlow(money.MustCurrency("JPY"), first, first.AddDays(1))
	require.NoError(t, err)
	require.Empty(t, none.Accounts)
}

func TestFundFlowCSV(t *testing.T) {
	w := newWorld(t, lending.Config{})
	first := w.day
	office(w.with("ann", "bob"))
	flow, err := w.reports().FundFlow(cny, first, w.day.AddDays(1))
	require.NoError(t, err)
	flow.Accounts[0].Lines[0].Why = `a "b", c`
	text := flow.AppendCSV(nil)
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, bytes.Count(text, []byte("\r\n")), len(records))
	require.Equal(t, `a "b", c`, records[2][2])
	require.Equal(t, []string{"client", "bank", "opening", "CNY", "", "", "0.00"}, records[1])
}

// with registers parties in a world.
func (w *world) with(ps ...lending.PartyID) *world {
	w.register(ps...)
	return w
}

// A month of a small platform.
func ExampleReports_FundFlow() {
	w := newWorld(panics{}, lending.Config{})
	w.register("ann", "bob")
	w.lent(rich(), 100_000, 2, "12% per year", "bob")
	r, _ := w.desk.Reports(context.Background())
	flow, _ := r.FundFlow(cny, civil.MustParse("2026-01-01"), civil.MustParse("2026-02-01"))
	fmt.Printf("%s", bytes.ReplaceAll(flow.AppendCSV(nil), []byte("\r\n"), []byte("\n")))
	// Output:
	// book,account,line,currency,in,out,balance
	// client,bank,opening,CNY,,,0.00
	// client,bank,deposit,CNY,1000.00,0.00,
	// client,bank,settled,CNY,0.00,970.00,
	// client,bank,closing,CNY,,,30.00
	// client,available,opening,CNY,,,0.00
	// client,available,bid,CNY,0.00,1000.00,
	// client,available,deposit,CNY,1000.00,0.00,
	// client,available,closing,CNY,,,0.00
	// client,held,opening,CNY,,,0.00
	// client,held,bid,CNY,1000.00,0.00,
	// client,held,capture,CNY,0.00,1000.00,
	// client,held,closing,CNY,,,0.00
	// client,clearing,opening,CNY,,,0.00
	// client,clearing,capture,CNY,1000.00,0.00,
	// client,clearing,disburse,CNY,0.00,970.00,
	// client,clearing,disbursement-fee,CNY,0.00,30.00,
	// client,clearing,closing,CNY,,,0.00
	// client,out-transit,opening,CNY,,,0.00
	// client,out-transit,disburse,CNY,970.00,0.00,
	// client,out-transit,settled,CNY,0.00,970.00,
	// client,out-transit,closing,CNY,,,0.00
	// client,fees-due,opening,CNY,,,0.00
	// client,fees-due,disbursement-fee,CNY,30.00,0.00,
	// client,fees-due,closing,CNY,,,30.00
	// platform,fees-receivable,opening,CNY,,,0.00
	// platform,fees-receivable,disbursement-fee,CNY,30.00,0.00,
	// platform,fees-receivable,closing,CNY,,,30.00
	// platform,income,opening,CNY,,,0.00
	// platform,income,disbursement-fee,CNY,30.00,0.00,
	// platform,income,closing,CNY,,,30.00
	// register,claim,opening,CNY,,,0.00
	// register,claim,disbursed,CNY,1000.00,0.00,
	// register,claim,closing,CNY,,,1000.00
	// register,debt,opening,CNY,,,0.00
	// register,debt,disbursed,CNY,1000.00,0.00,
	// register,debt,closing,CNY,,,1000.00
}

// A loan to be repaid, a tender that is open, a withdrawal on its way.
func ExampleReports_CashPlan() {
	w := newWorld(panics{}, lending.Config{})
	w.register("ann", "bob")
	w.lent(standard(), 100_000, 2, "12% per year", "bob")
	w.open(standard(), 50_000, 1, "12% per year")
	w.deposit("bob", amt(4200, cny))
	do(w, party("bob"), lending.Withdraw{Amount: amt(4200, cny)})
	r, _ := w.desk.Reports(context.Background())
	plan, _ := r.CashPlan(cny, civil.MustParse("2026-02-01"), civil.MustParse("2026-05-01"), schedule.Months(1))
	fmt.Printf("%s", bytes.ReplaceAll(plan.AppendCSV(nil), []byte("\r\n"), []byte("\n")))
	// Output:
	// from,to,currency,principal,interest,tenders,wanted,raised,committed,disbursing,withdrawing
	// ,,CNY,0.00,0.00,,,,0.00,0.00,42.00
	// 2026-02-01,2026-03-01,CNY,497.51,10.00,1,500.00,0.00,,,
	// 2026-03-01,2026-04-01,CNY,502.49,5.02,0,0.00,0.00,,,
	// 2026-04-01,2026-05-01,CNY,0.00,0.00,0,0.00,0.00,,,
}

// panics lets an example fail.
type panics struct{}

func (panics) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panics) FailNow()                          { panic("failed") }
