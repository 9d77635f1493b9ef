package lendingtest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
)

// RunStories plays every story in dir, the files *.txt, each on a platform of its own. A story is
// a text of lines:
//
//	# a comment, and an empty line, say nothing to the platform
//	day 2026-01-31
//	register person ann bob
//	deposit bob 6000.00
//	> D1
//	expect insufficient-funds: withdraw bob 6000.01
//	> refused insufficient-funds: lending: wallet of bob: ...
//
// A line that starts with ">" is what the line above prints; the story fails when it prints
// something else. With the flag -update, which the test binary has to define, what was printed is
// written into the file instead; review the difference. A command that is refused without
// "expect", not refused with it, or refused with another code fails the story all the same, and so
// does a platform that breaks an invariant: the books are checked after every line, the read models
// at the end. [World.Do] lists the commands.
func RunStories(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories in %s: %v", dir, err)
	}
	update := flag.Lookup("update")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			played, err := PlayStory(string(text))
			if err != nil {
				t.Errorf("%s:%v", file, err)
			}
			if played == string(text) {
				return
			}
			if update == nil || update.Value.String() != "true" {
				t.Errorf("%s prints something else (-told +played):\n%s", file,
					cmp.Diff(strings.Split(string(text), "\n"), strings.Split(played, "\n")))
				return
			}
			if err := os.WriteFile(file, []byte(played), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// PlayStory plays one story on a new platform and returns it with what it printed, which is the
// text itself when the story is true. The error joins everything that failed, each part with its
// line number in front.
func PlayStory(text string) (played string, err error) {
	w, err := NewWorld(memory.NewStore(), memory.NewBank(), lending.Config{})
	if err != nil {
		return text, err
	}
	var out strings.Builder
	var errs []error
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ">") {
			continue
		}
		fmt.Fprintln(&out, line)
		printed, err := w.Do(line)
		if err != nil {
			errs = append(errs, fmt.Errorf("%d: %w", i+1, err))
		}
		for _, p := range printed {
			fmt.Fprintln(&out, ">", p)
		}
		if errors.Is(err, lending.ErrInvariant) {
			break
		}
	}
	if err := w.Check(); err != nil {
		errs = append(errs, fmt.Errorf("%d: %w", len(lines), err))
	}
	return out.String(), errors.Join(errs...)
}
