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

	"github.com/loanweave/loanweave/examples/desk"
)

func main() { os.Exit(command(os.Args[1:], os.Stdout, os.Stderr)) }

// config is the command line.
type config struct {
	loans int
	bad   int // of a hundred borrowers stop paying
	seed  uint64
}

const usage = `Guaranteed lends to the same borrowers under every kind of protection, takes each through the same
bad year, and shows who lost what.

  go run ./examples/guaranteed                 %d loans, of which %d%% stop being paid
  go run ./examples/guaranteed -bad 5          a good year
  go run ./examples/guaranteed -svg ""         without the picture

It ends with 1 when a command is refused or money is not conserved, with 2 on a bad flag.

`

// command is the program but for its process.
func command(args []string, stdout, stderr io.Writer) int {
	c := &config{loans: 40, bad: 20}
	s := desk.Show{Name: "guaranteed", Usage: fmt.Sprintf(usage, c.loans, c.bad), Flags: c.flags, Check: c.check, Run: c.compare}
	return s.Main(args, stdout, stderr)
}

func (c *config) flags(fs *flag.FlagSet) {
	fs.IntVar(&c.loans, "loans", c.loans, "how many borrowers, 5 to 1000")
	fs.IntVar(&c.bad, "bad", c.bad, "how many of a hundred of them stop paying, 0 to 100")
	fs.Uint64Var(&c.seed, "seed", 1, "of who stops paying, and when")
}

func (c *config) check() error {
	return errors.Join(desk.Within("loans", c.loans, 5, 1000), desk.Within("bad", c.bad, 0, 100))
}

// compare runs every model over the same fates and reports.
func (c *config) compare(g *desk.Stage) error {
	fates := c.fates()
	var results []result
	for i, m := range models() {
		fmt.Fprintf(g.Progress, "%d of %d: %s\n", i+1, len(models()), m.name)
		good, err := run(m, config{loans: c.loans}.fates())
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
	g.Picture = chart(results)
	if err := report(g.Report, *c, fates, results); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
