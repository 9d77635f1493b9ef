package loanweave_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strings"
	"testing"
)

const (
	maxFunctionLines = 70
	maxFileLines     = 500
)

// oversized returns the functions and core files that are too long, each with file and line.
func oversized(fset *token.FileSet, pkg string, file *ast.File) []string {
	var findings []string
	lines := func(node ast.Node) int {
		return fset.Position(node.End()).Line - fset.Position(node.Pos()).Line + 1
	}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && lines(fn) > maxFunctionLines {
			findings = append(findings, fmt.Sprintf("%s: function %s has %d lines, at most %d",
				fset.Position(fn.Pos()), fn.Name.Name, lines(fn), maxFunctionLines))
		}
	}
	if n := fset.File(file.FileStart).LineCount(); isCore(pkg) && n > maxFileLines {
		findings = append(findings, fmt.Sprintf("%s:1: the file has %d lines, at most %d",
			fset.Position(file.FileStart).Filename, n, maxFileLines))
	}
	return findings
}

// shipped groups the non-test files of the module by package.
func shipped(t *testing.T, fset *token.FileSet) map[string][]source {
	t.Helper()
	pkgs := map[string][]source{}
	for _, src := range sources(t, fset) {
		if !src.test {
			pkgs[src.pkg] = append(pkgs[src.pkg], src)
		}
	}
	return pkgs
}

// TestHouse checks doc.go, package comments and sizes of everything that ships.
func TestHouse(t *testing.T) {
	fset := token.NewFileSet()
	for pkg, srcs := range shipped(t, fset) {
		commented := ""
		for _, src := range srcs {
			if src.file.Doc != nil {
				commented = path.Base(src.name)
			}
			for _, finding := range oversized(fset, pkg, src.file) {
				t.Error(finding)
			}
		}
		switch {
		case commented == "":
			t.Errorf("%s:1: package %s has no package comment", srcs[0].name, pkg)
		case top(pkg) != "examples" && commented != "doc.go":
			t.Errorf("%s/%s:1: the package comment belongs in doc.go", pkg, commented)
		}
	}
}

func TestSizesCatch(t *testing.T) {
	for _, tc := range []struct{ functionLines, fileLines, findings int }{
		{maxFunctionLines, maxFileLines, 0},
		{maxFunctionLines + 1, maxFileLines, 1},
		{maxFunctionLines, maxFileLines + 1, 1},
		{maxFunctionLines + 1, maxFileLines + 1, 2},
	} {
		body := "func f() {" + strings.Repeat("\n", tc.functionLines-1) + "}"
		text := "package p\n" + body
		text += strings.Repeat("\n", tc.fileLines-strings.Count(text, "\n"))
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "lending/p.go", text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := oversized(fset, "lending", file); len(got) != tc.findings {
			t.Errorf("%+v: found %q", tc, got)
		}
	}
}
