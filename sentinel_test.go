package loanweave_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// uncoded lists what is wrong with the sentinels of a package that builds on lending: each is made by
// lending.NewSentinel, with the code that the package and its own name make up, so that no two are alike.
func uncoded(fset *token.FileSet, pkg string, file *ast.File) (findings []string) {
	for _, decl := range file.Decls {
		vars, ok := decl.(*ast.GenDecl)
		if !ok || vars.Tok != token.VAR {
			continue
		}
		for _, spec := range vars.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				kind, found := strings.CutPrefix(name.Name, "Err")
				if want := path.Base(pkg) + kebab(kind); found && (i >= len(spec.Values) || coded(spec.Values[i]) != want) {
					findings = append(findings, fset.Position(name.Pos()).String()+": "+name.Name+
						" wants lending.NewSentinel and the code "+want)
				}
			}
		}
	}
	return findings
}

// coded is the code of a sentinel, or nothing.
func coded(value ast.Expr) string {
	call, ok := value.(*ast.CallExpr)
	if !ok || len(call.Args) != 3 {
		return ""
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "NewSentinel" {
		return ""
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return ""
	}
	code, _ := strconv.Unquote(lit.Value)
	return code
}

// kebab is a name in lower case with a dash before each word: "-not-holder" of NotHolder, "-ltv" of LTV.
func kebab(name string) string {
	var b strings.Builder
	last := rune('a')
	for _, r := range name {
		if unicode.IsUpper(r) && !unicode.IsUpper(last) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return b.String()
}

// TestSentinelsOfSatellitesHaveCodes holds every package above lending to it.
func TestSentinelsOfSatellitesHaveCodes(t *testing.T) {
	fset, seen := token.NewFileSet(), map[string]bool{}
	for pkg, srcs := range shipped(t, fset) {
		if storeys[top(pkg)] != storeys["lending"]+1 {
			continue
		}
		for _, src := range srcs {
			seen[pkg] = true
			for _, finding := range uncoded(fset, pkg, src.file) {
				t.Error(finding)
			}
		}
	}
	for _, pkg := range []string{"guarantee", "risk", "transfer"} {
		if !seen[pkg] {
			t.Errorf("package %s was not looked at", pkg)
		}
	}
}

func TestSentinelsCatch(t *testing.T) {
	text := `package p
var (
	ErrLTV       = lending.NewSentinel("p-ltv", "p: too high", lending.ErrLimit)
	ErrNotHolder = lending.NewSentinel("p-not-holder", "p: not the holder", lending.ErrActor)
	ErrPlain     = fmt.Errorf("p: plain: %w", lending.ErrState)
	ErrOther     = lending.NewSentinel("p-ltv", "p: other", lending.ErrLimit)
)`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"p.go:5:2: ErrPlain wants lending.NewSentinel and the code p-plain",
		"p.go:6:2: ErrOther wants lending.NewSentinel and the code p-other"}
	if got := uncoded(fset, "p", file); !slices.Equal(got, want) {
		t.Errorf("found %q", got)
	}
}
