// Command debttransfer runs the desk of a fronting lender for a year: he lends within his facility, his claims
// are split and sold many to many, a package with a promised yield buys some, and then the package's savers
// want their money back all at once, until he, who is its sponsor, makes good what the basket lacks. It shows the
// inventory, the matches, what was promised and earned, the gap of maturities with its warning, and how long the
// exit queue was.
//
//	go run ./examples/debttransfer
//	go run ./examples/debttransfer -wave 0 -svg calm.svg
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
	exitRun   = 1 // a command was refused, the books do not agree, or writing failed
	exitUsage = 2 // the command line makes no sense
)

// config is the command line.
type config struct {
	wave  int // of a hundred savers want out
	bad   int // of a hundred borrowers stop paying
	seed  uint64
	svg   string
	quiet bool

	months int // that are run
}

// command is the program but for its process.
func command(args []string, stdout, stderr io.Writer) int {
	cfg, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "debttransfer: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	if err := cfg.run(stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "debttransfer: %v\n", err)
		return exitRun
	}
	return exitOK
}

func (c config) run(stdout, stderr io.Writer) error {
	if c.svg != "" { // before the work, so that a bad path costs none
		if err := os.WriteFile(c.svg, nil, 0o644); err != nil {
			return fmt.Errorf("the picture: %w", err)
		}
	}
	y := newYear(c)
	for m := range c.months {
		if !c.quiet {
			fmt.Fprintf(stderr, "month %d of %d\n", m+1, c.months)
		}
		y.month(m)
	}
	if y.finish(); y.Err != nil {
		return y.Err
	}
	if err := y.report(stdout); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if c.svg == "" {
		return nil
	}
	if err := os.WriteFile(c.svg, y.chart(), 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "\nThe picture is in %s.\n", c.svg)
	return err
}

const usage = `Debttransfer runs the desk of a fronting lender for a year, with a package of claims and a wave of
redemptions.

  go run ./examples/debttransfer             %d of a hundred savers want out in month %d
  go run ./examples/debttransfer -wave 0     nobody does
  go run ./examples/debttransfer -svg ""     without the picture

It ends with 1 when a command is refused or the books do not agree, with 2 on a bad flag.

`

func parse(args []string, stderr io.Writer) (config, error) {
	cfg := config{wave: 80, bad: 4, months: 12}
	fs := flag.NewFlagSet("debttransfer", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.IntVar(&cfg.wave, "wave", cfg.wave, "how many of a hundred savers want out, 0 to 100")
	fs.IntVar(&cfg.bad, "bad", cfg.bad, "how many of a hundred borrowers stop paying, 0 to 100")
	fs.Uint64Var(&cfg.seed, "seed", 1, "of loans and borrowers")
	fs.StringVar(&cfg.svg, "svg", "debttransfer.svg", "`file` for the picture; empty for none")
	fs.BoolVar(&cfg.quiet, "quiet", false, "no progress on standard error")
	help := func() {
		fmt.Fprintf(stderr, usage, 80, waveMonth+1)
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
	case cfg.wave < 0 || cfg.wave > 100:
		return cfg, fmt.Errorf("-wave is %d, want 0 to 100", cfg.wave)
	case cfg.bad < 0 || cfg.bad > 100:
		return cfg, fmt.Errorf("-bad is %d, want 0 to 100", cfg.bad)
	}
	return cfg, nil
}
