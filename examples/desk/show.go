package desk

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Exit codes of a show.
const (
	ExitOK    = 0
	ExitRun   = 1 // a command was refused, the books do not agree, or writing failed
	ExitUsage = 2 // the command line makes no sense
)

// Show is a program that simulates a platform, reports on it and draws a picture. Every show has the flags
// -svg and -quiet beside its own.
type Show struct {
	Name  string
	Usage string              // what -h says before the flags
	Flags func(*flag.FlagSet) // defines its own
	Check func() error        // of what they say
	Run   func(*Stage) error  // simulates, and fills the stage
}

// Stage is what a show fills.
type Stage struct {
	Report   io.Writer
	Progress io.Writer
	Picture  []byte // as SVG
}

// Main is the program but for its process: it returns the exit code.
func (s Show) Main(args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet(s.Name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	s.Flags(fs)
	svg := fs.String("svg", s.Name+".svg", "`file` for the picture; empty for none")
	quiet := fs.Bool("quiet", false, "no progress on standard error")
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stderr, s.Usage)
		fs.SetOutput(stderr)
		fs.PrintDefaults()
		return ExitOK
	}
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("unexpected %q", fs.Arg(0))
	}
	if err == nil {
		err = s.Check()
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\nRun with -h for help.\n", s.Name, err)
		return ExitUsage
	}
	g := &Stage{Report: stdout, Progress: stderr}
	if *quiet {
		g.Progress = io.Discard
	}
	if err := s.perform(g, *svg); err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", s.Name, err)
		return ExitRun
	}
	return ExitOK
}

// perform runs the show and writes its picture.
func (s Show) perform(g *Stage, svg string) error {
	if svg == "" {
		return s.Run(g)
	}
	if err := os.WriteFile(svg, nil, 0o644); err != nil { // before the work, so that a bad path costs none
		return fmt.Errorf("the picture: %w", err)
	}
	if err := s.Run(g); err != nil {
		return err
	}
	if err := os.WriteFile(svg, g.Picture, 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintf(g.Report, "\nThe picture is in %s.\n", svg)
	return err
}

// Within refuses a flag's number that is not within bounds.
func Within(flag string, n, least, most int) error {
	if n < least || n > most {
		return fmt.Errorf("-%s is %d, want %d to %d", flag, n, least, most)
	}
	return nil
}
