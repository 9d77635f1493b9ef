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

	"github.com/loanweave/loanweave/examples/desk"
)

func main() { os.Exit(command(os.Args[1:], os.Stdout, os.Stderr)) }

// config is the command line.
type config struct {
	wave int // of a hundred savers want out
	bad  int // of a hundred borrowers stop paying
	seed uint64

	months int // that are run
}

const usage = `Debttransfer runs the desk of a fronting lender for a year, with a package of claims and a wave of
redemptions.

  go run ./examples/debttransfer             %d of a hundred savers want out in month %d
  go run ./examples/debttransfer -wave 0     nobody does
  go run ./examples/debttransfer -svg ""     without the picture

It ends with 1 when a command is refused or the books do not agree, with 2 on a bad flag.

`

// command is the program but for its process.
func command(args []string, stdout, stderr io.Writer) int {
	c := &config{wave: 80, bad: 4, months: 12}
	s := desk.Show{Name: "debttransfer", Usage: fmt.Sprintf(usage, c.wave, waveMonth+1), Flags: c.flags, Check: c.check, Run: c.run}
	return s.Main(args, stdout, stderr)
}

func (c *config) flags(fs *flag.FlagSet) {
	fs.IntVar(&c.wave, "wave", c.wave, "how many of a hundred savers want out, 0 to 100")
	fs.IntVar(&c.bad, "bad", c.bad, "how many of a hundred borrowers stop paying, 0 to 100")
	fs.Uint64Var(&c.seed, "seed", 1, "of loans and borrowers")
}

func (c *config) check() error {
	return errors.Join(desk.Within("wave", c.wave, 0, 100), desk.Within("bad", c.bad, 0, 100))
}

// run takes the desk through the year and reports.
func (c *config) run(g *desk.Stage) error {
	y := newYear(*c)
	for m := range c.months {
		fmt.Fprintf(g.Progress, "month %d of %d\n", m+1, c.months)
		y.month(m)
	}
	if y.finish(); y.Err != nil {
		return y.Err
	}
	g.Picture = y.chart()
	if err := y.report(g.Report); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
