// Command servicing takes one loan through what can go wrong after the money is paid out: a missed
// instalment, a payment in part, one that is found late, one that the bank calls back, a waiver and
// a restructuring. It shows what each did, to the cent, and ends with the borrower's statement.
//
//	go run ./examples/servicing
//	go run ./examples/servicing -csv > statement.csv
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/loanweave/loanweave/lending"
)

func main() { os.Exit(command(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes.
const (
	exitOK    = 0
	exitRun   = 1 // a command was refused, the books do not agree, or writing failed
	exitUsage = 2 // the command line makes no sense
)

// command is the program but for its process.
func command(args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("servicing", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	asCSV := fs.Bool("csv", false, "write the statement alone, as CSV")
	err := fs.Parse(args)
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("unexpected %q", fs.Arg(0))
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage)
		fs.SetOutput(stderr)
		fs.PrintDefaults()
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "servicing: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	o := newOffice(stdout)
	if *asCSV {
		o.out = io.Discard
	}
	tell(o)
	if statement := o.statement(); *asCSV && o.err == nil {
		_, o.err = stdout.Write(lending.AppendStatementsCSV(nil, statement))
	}
	if o.err != nil {
		fmt.Fprintf(stderr, "servicing: %v\n", o.err)
		return exitRun
	}
	return exitOK
}

const usage = `Servicing takes one loan through what can go wrong, and shows what each step did.

  go run ./examples/servicing                        the story, with the statement at its end
  go run ./examples/servicing -csv > statement.csv   the statement alone

The story is story.go, one screen of commands; the rest lends the money and prints. It ends with 1
when a command is refused or the books do not agree, with 2 on a bad flag.

`
