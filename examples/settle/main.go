// Command settle answers questions of settlement as JSON lines, so that a program in any language
// has an oracle: what a payment pays of what is owed, what each holder of a claim is given of it,
// what a fee or penalty interest comes to, and whether figures of one's own keep the invariants.
//
//	go run ./examples/settle -sample | go run ./examples/settle
//	go run ./examples/settle < questions.jsonl > answers.jsonl
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
)

func main() {
	os.Exit(command(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitOK    = 0
	exitLine  = 1 // a line has no answer, or reading or writing failed
	exitUsage = 2 // the command line makes no sense
)

// command is the program but for its process.
func command(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("settle", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	asSchema := fs.Bool("schema", false, "write the JSON Schema of questions and answers")
	asSample := fs.Bool("sample", false, "write one question of each kind, as lines to ask")
	err := fs.Parse(args)
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("unexpected %q: questions come on stdin", fs.Arg(0))
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage())
		fs.SetOutput(stderr)
		fs.PrintDefaults()
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "settle: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	out := bufio.NewWriterSize(stdout, 64<<10)
	ok := true
	switch {
	case *asSchema:
		_, err = out.Write(schema())
	case *asSample:
		_, err = out.WriteString(sampleLines())
	case jsonlines.IsConsole(stdin):
		fmt.Fprintln(stderr, "settle: questions come on stdin; -h explains them")
		return exitUsage
	default:
		ok, err = jsonlines.Serve(jsonlines.NewReader(stdin), out, answerLine)
	}
	return ended(ok, errors.Join(err, out.Flush()), stderr)
}

// ended is the exit code of a run.
func ended(ok bool, err error, stderr io.Writer) int {
	switch {
	case errors.Is(err, syscall.EPIPE): // the reader has seen enough
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "settle: %v\n", err)
		return exitLine
	case !ok:
		return exitLine
	}
	return exitOK
}
