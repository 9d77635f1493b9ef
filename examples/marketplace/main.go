// Command marketplace replays a marketplace of real loans through the engine, business day by
// business day: each loan is applied for, approved, published, bid for by a few hundred synthetic
// lenders, funded, disbursed, and then repaid, paid off early, paid late or charged off as its
// platform published it. After every command all three books must conserve money. It ends with a
// report: funnel, fill times, lender returns, platform income, trial balances, how far the computed
// figures agree with the published ones, and what each way to tender does to the same loans.
//
//	go run ./examples/marketplace
//	go run ./examples/marketplace -tape LoanStats.csv.gz
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitOK    = 0
	exitRun   = 1 // the run failed, or money was not conserved
	exitUsage = 2 // the command line makes no sense
)

// command is the program but for its process.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cfg, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "marketplace: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	r, err := replayAll(ctx, cfg, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "marketplace: %v\n", err)
		return exitRun
	}
	if cfg.json {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		err = out.Encode(r)
	} else {
		err = r.print(stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "marketplace: write report: %v\n", err)
		return exitRun
	}
	if !cfg.quiet {
		fmt.Fprintf(stderr, "%.2f s: %.0f loans/s, %.0f commands/s\n", r.Timing.Seconds,
			r.Timing.LoansPerSecond, r.Timing.CommandsPerSecond)
	}
	return exitOK
}

// replayAll reads the tapes, runs the market, compares tenders if asked to, and reports.
func replayAll(ctx context.Context, cfg config, stderr io.Writer) (*Report, error) {
	start := time.Now()
	tapes, loans, err := cfg.read()
	if err != nil {
		return nil, err
	}
	bar := &progress{}
	if cfg.progress || !cfg.quiet && isTerminal(stderr) {
		bar.w = stderr
	}
	m, err := newMarket(ctx, loans, cfg, bar)
	if err == nil {
		err = m.run()
	}
	if err != nil {
		bar.end()
		return nil, err
	}
	r := m.report(cfg, tapes)
	r.Timing = m.timing(time.Since(start))
	if cfg.tenders {
		r.Tenders, err = compare(ctx, loans, cfg)
	}
	return r, err
}

// config is the command line.
type config struct {
	tapes    []string
	limits   Limits
	seed     uint64
	lenders  int
	tenders  bool
	json     bool
	quiet    bool
	progress bool
}

const maxLenders = 100_000

func parse(args []string, stderr io.Writer) (config, error) {
	cfg := config{limits: Limits{LineBytes: 64 << 10, Bytes: 4 << 30}}
	fs := flag.NewFlagSet("marketplace", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("tape", "replay a LendingClub or Prosper CSV `file`, plain or gzip; may be\ngiven again",
		func(s string) error {
			cfg.tapes = append(cfg.tapes, s)
			return nil
		})
	fs.IntVar(&cfg.limits.Rows, "rows", 100_000, "read at most `n` rows of each tape")
	fs.BoolVar(&cfg.limits.Strict, "strict", false, "stop at the first bad row, leave none out")
	fs.Uint64Var(&cfg.seed, "seed", 1, "`number` from which lenders, bids and dates follow")
	fs.IntVar(&cfg.lenders, "lenders", 300, "`number` of synthetic lenders")
	fs.BoolVar(&cfg.tenders, "tenders", true, fmt.Sprintf("tender the first loans, %d at most, under "+
		"each mechanism and compare;\n-tenders=false leaves it out", maxCompared))
	fs.BoolVar(&cfg.json, "json", false, "write one JSON document instead of the report")
	fs.BoolVar(&cfg.quiet, "quiet", false, "write nothing but the report and errors")
	fs.BoolVar(&cfg.progress, "progress", false, "draw the progress bar even if stderr is no terminal")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stderr, usage)
			fs.SetOutput(stderr)
			fs.PrintDefaults()
		}
		return cfg, err
	}
	if len(cfg.tapes) > 0 {
		cfg.tapes = append(cfg.tapes, fs.Args()...)
	} else if fs.NArg() > 0 {
		return cfg, fmt.Errorf("unexpected %q: name a file with -tape %s", fs.Arg(0), fs.Arg(0))
	}
	if cfg.limits.Rows < 1 {
		return cfg, errors.New("-rows must be at least 1")
	}
	if cfg.lenders < 1 || cfg.lenders > maxLenders {
		return cfg, fmt.Errorf("-lenders must be from 1 to %d", maxLenders)
	}
	return cfg, nil
}

const usage = `Marketplace replays real loans through the engine and reports.

  go run ./examples/marketplace                             two dozen loans typed in
  go run ./examples/marketplace -tape LoanStats.csv.gz      a file as LendingClub published it
  go run ./examples/marketplace -tape prosperLoanData.csv   a file as Prosper published it
  go run ./examples/marketplace -tape a.csv b.csv.gz        several files in one market
  go run ./examples/marketplace -json -seed 7 > run.json    for machines, other lenders

A tape's first line names its columns, in any order, and so tells whose it is. LendingClub's:
  funded_amnt or loan_amount, term, int_rate or interest_rate, installment, grade,
  issue_d or issue_month, loan_status, total_rec_prncp or paid_principal,
  total_rec_int or paid_interest, total_rec_late_fee or paid_late_fees;
  and if it has them recoveries, collection_recovery_fee, last_pymnt_d.
Prosper's: LoanOriginalAmount, Term, BorrowerRate, LenderYield, MonthlyLoanPayment,
  ProsperRating (Alpha), CreditGrade, LoanOriginationDate, LoanStatus,
  LP_CustomerPrincipalPayments, LP_InterestandFees, LP_ServiceFees; and if it has them
  LP_NonPrincipalRecoverypayments, LP_CollectionFees, ClosedDate.
Other columns are ignored. Bad rows are counted and left out. Tenders are compared on the first
loans alone and before fewer lenders. The report goes to stdout, progress and speed to stderr. It
ends with 1 when a run fails or money is not conserved, 2 on a bad flag.

`

// read reads what is to be replayed.
func (cfg config) read() (tapes []Tape, loans []Published, err error) {
	if len(cfg.tapes) == 0 {
		t, err := figures(cfg.limits)
		return nil, t.Loans, err
	}
	for _, name := range cfg.tapes {
		t, err := OpenTape(name, cfg.limits)
		if err != nil {
			return nil, nil, err
		}
		tapes = append(tapes, t)
		loans = append(loans, t.Loans...)
	}
	if len(loans) > 0 {
		return tapes, loans, nil
	}
	why := "it holds no loan below its header"
	if first := tapes[0].First; len(first) > 0 {
		why = "every row is bad, the first: " + first[0].Error()
	}
	return nil, nil, &TapeError{File: strings.Join(cfg.tapes, ", "), Why: why, Err: ErrTape}
}

// source says where the loans come from.
func (cfg config) source() string {
	if len(cfg.tapes) == 0 {
		return figuresSource
	}
	return strings.Join(cfg.tapes, ", ")
}

// isTerminal reports whether someone is looking.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
