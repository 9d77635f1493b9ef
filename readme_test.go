package loanweave_test

import (
	"os"
	"strings"
	"testing"
	"unicode"
)

// The README's first program is the quickstart: every paragraph of it stands there, and the
// quickstart's Example checks what it prints.
func TestReadmeProgramIsTheQuickstart(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("examples/quickstart/main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(readme), "```go\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !found || !closed {
		t.Fatal("README.md has no Go program")
	}
	for _, p := range strings.Split(strings.TrimSpace(block), "\n\n") {
		if !strings.Contains(squeeze(string(program)), squeeze(p)) {
			t.Errorf("not in examples/quickstart/main.go:\n%s", p)
		}
	}
	if n := strings.Count(string(readme), "\n"); n > 150 {
		t.Errorf("README.md has %d lines, want at most 150", n)
	}
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
