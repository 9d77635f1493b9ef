// Command guaranteed lends to the same borrowers under every kind of protection, takes each through the
// same bad year, and shows side by side who lost what: the lenders, who stood in for the borrowers, or
// the platform.
//
//	go run ./examples/guaranteed
//	go run ./examples/guaranteed -loans 200 -bad 30 -svg losses.svg
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(command(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes.
const (
	exitOK    = 0
	exitRun   = 1 // a command was refused, money was not conserved, or writing failed
	exitUsage = 2 // the command line makes no sense
)

// config is the command line.
type config struct {
	loans int
	bad   int // of a hundred borrowers stop paying
	seed  uint64
	svg   string
	quiet bool
}

// command is the program but for its process.
func command(args []string, stdout, stderr io.Writer) int {
	cfg, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "guaranteed: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	if err := compare(cfg, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "guaranteed: %v\n", err)
		return exitRun
	}
	return exitOK
}

// compare runs every model over the same fates and reports.
func compare(cfg config, stdout, stderr io.Writer) error {
	if cfg.svg != "" { // before the work, so that a bad path costs none
		if err := os.WriteFile(cfg.svg, nil, 0o644); err != nil {
			return fmt.Errorf("the picture: %w", err)
		}
	}
	fates := cfg.fates()
	var results []result
	for i, m := range models() {
		if !cfg.quiet {
			fmt.Fprintf(stderr, "%d of %d: %s\n", i+1, len(models()), m.name)
		}
		good, err := run(m, config{loans: cfg.loans}.fates())
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		r, err := run(m, fates)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		r.loss = r.end.less(good.end)
		results = append(results, r)
	}
	if err := report(stdout, cfg, fates, results); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if cfg.svg == "" {
		return nil
	}
	if err := os.WriteFile(cfg.svg, chart(results), 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "\nThe picture is in %s.\n", cfg.svg)
	return err
}

const usage = `Guaranteed lends to the same borrowers under every kind of protection, takes each through the same
bad year, and shows who lost what.

  go run ./examples/guaranteed                 %d loans, of which %d%% stop being paid
  go run ./examples/guaranteed -bad 5          a good year
  go run ./examples/guaranteed -svg ""         without the picture

It ends with 1 when a command is refused or money is not conserved, with 2 on a bad flag.

`

func parse(args []string, stderr io.Writer) (config, error) {
	cfg := config{loans: 40, bad: 20}
	fs := flag.NewFlagSet("guaranteed", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.IntVar(&cfg.loans, "loans", cfg.loans, "how many borrowers, 5 to 1000")
	fs.IntVar(&cfg.bad, "bad", cfg.bad, "how many of a hundred of them stop paying, 0 to 100")
	fs.Uint64Var(&cfg.seed, "seed", 1, "of who stops paying, and when")
	fs.StringVar(&cfg.svg, "svg", "guaranteed.svg", "`file` for the picture; empty for none")
	fs.BoolVar(&cfg.quiet, "quiet", false, "no progress on standard error")
	help := func() {
		fmt.Fprintf(stderr, usage, 40, 20)
		fs.SetOutput(stderr)
		fs.PrintDefaults()
	}
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			help()
		}
		return cfg, err
	}
	switch {
	case fs.NArg() > 0:
		return cfg, fmt.Errorf("unexpected %q", fs.Arg(0))
	case cfg.loans < 5 || cfg.loans > 1000:
		return cfg, fmt.Errorf("-loans is %d, want 5 to 1000", cfg.loans)
	case cfg.bad < 0 || cfg.bad > 100:
		return cfg, fmt.Errorf("-bad is %d, want 0 to 100", cfg.bad)
	}
	return cfg, nil
}
