// Command schedule makes repayment plans, for a program in any language or for a person: it reads
// the terms of loans as JSON lines and answers each with its plan, or it takes the terms of one loan
// as flags and shows the plan as a table, CSV, Markdown, JSON or a picture.
//
//	go run ./examples/schedule -principal "CNY 250000.00" -rate "4.2% per year" -periods 360
//	go run ./examples/schedule < terms.jsonl > plans.jsonl
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/loanweave/loanweave/examples/jsonlines"
	"github.com/loanweave/loanweave/schedule"
)

func main() {
	os.Exit(command(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitOK    = 0
	exitLine  = 1 // a line, or the one loan, has no plan; or reading or writing failed
	exitUsage = 2 // the command line makes no sense
)

// command is the program but for its process.
func command(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	req, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "schedule: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	out := bufio.NewWriterSize(stdout, 64<<10)
	ok, err := req.serve(stdin, out, stderr)
	if err == nil {
		err = out.Flush()
	}
	switch {
	case errors.Is(err, syscall.EPIPE): // the reader has seen enough
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "schedule: %v\n", err)
		return exitLine
	case !ok:
		return exitLine
	}
	return exitOK
}

// serve does what is asked, and reports whether every loan has a plan.
func (req *request) serve(stdin io.Reader, out *bufio.Writer, stderr io.Writer) (bool, error) {
	if req.schema {
		_, err := out.Write(schedule.Schema())
		return true, err
	}
	if req.given {
		return req.one(out, stderr)
	}
	if req.format == "" || req.format == formatJSON {
		in := jsonlines.NewReader(stdin)
		if req.format == formatJSON || !jsonlines.IsConsole(stdin) && !jsonlines.IsEmpty(in) {
			return jsonlines.Serve(in, out, req.answerLine)
		}
	}
	fmt.Fprintln(stderr, "schedule: a sample loan; -h says how to ask for another")
	return req.one(out, stderr)
}
