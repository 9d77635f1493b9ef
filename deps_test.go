package loanweave_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/loanweave/loanweave"

// storeys ranks the top-level folders. A package imports only from lower ranks and from its own
// folder, so the satellites, which share a rank, never import each other.
var storeys = map[string]int{
	"schedule": 0, "lending": 1, "risk": 2, "transfer": 2, "guarantee": 2, "examples": 3,
}

// nouns lists the children that stand below their parent, each with the siblings it may import.
var nouns = map[string][]string{
	"schedule/money":    {},
	"schedule/civil":    {},
	"schedule/calendar": {"schedule/civil"},
	"schedule/daycount": {"schedule/civil", "schedule/calendar"},
	"lending/event":     {},
	"lending/ledger":    {"lending/event"},
	"lending/payment":   {"lending/event"},
}

// roles lists the children that stand above their parent, beside those whose name ends in "test".
var roles = []string{"memory", "sim", "file"}

// pureRoles lists the children that stand above their parent and are pure like it. Hosts import them,
// the core does not.
var pureRoles = []string{"lending/regulator"}

// isRole reports whether pkg, relative to the module, is named by a role and so outside the core.
func isRole(pkg string) bool {
	name := path.Base(pkg)
	return path.Dir(pkg) != "." && (slices.Contains(roles, name) || isSupport(pkg))
}

// isSupport reports whether pkg is a test package that production code never imports.
func isSupport(pkg string) bool { return strings.HasSuffix(path.Base(pkg), "test") }

// isCore reports whether pkg must be pure: every package but the roles and the examples.
func isCore(pkg string) bool { return !isRole(pkg) && top(pkg) != "examples" }

func top(pkg string) string {
	folder, _, _ := strings.Cut(pkg, "/")
	return folder
}

// misplaced says why pkg has no place in the storeys, or nothing.
func misplaced(pkg string) string {
	_, known := storeys[top(pkg)]
	_, noun := nouns[pkg]
	switch {
	case !known:
		return "is in no known top-level folder"
	case top(pkg) == pkg, top(pkg) == "examples", noun, isRole(pkg), slices.Contains(pureRoles, pkg):
		return ""
	}
	return "is neither a known noun, which stands below its parent, nor a role, which stands above"
}

// climbs says why one package of the module may not import another, or nothing. Both paths are
// relative to the module.
func climbs(from, to string) string {
	_, low := nouns[from]
	_, lowTarget := nouns[to]
	switch {
	case misplaced(to) != "":
		return "the imported package " + misplaced(to)
	case top(from) != top(to) && storeys[top(from)] <= storeys[top(to)]:
		return "folders import downwards only"
	case isCore(from) && (isRole(to) || slices.Contains(pureRoles, to)):
		return "the core imports no role"
	case isSupport(to) && !isSupport(from) && top(from) != "examples":
		return "production code imports no test package"
	case top(from) != top(to) || !low:
		return ""
	case !lowTarget:
		return "a noun imports nothing above it"
	case !slices.Contains(nouns[from], to):
		return "these siblings stand side by side"
	}
	return ""
}

// refusal says why a file of package from may not import the path to, or nothing. Tests may use the
// roles and any dependency, but their folder imports downwards as well.
func refusal(from, to string, test bool) string {
	within, ours := strings.CutPrefix(to, module+"/")
	host, _, _ := strings.Cut(to, "/")
	switch {
	case ours && test && top(from) != top(within) && storeys[top(from)] <= storeys[top(within)]:
		return "folders import downwards only, their tests too"
	case test:
		return ""
	case ours:
		return climbs(from, within)
	case to == "C":
		return "no cgo"
	case top(from) == "examples" || isSupport(from):
		return ""
	case to == "testing" || strings.HasPrefix(to, "testing/"):
		return "testing belongs to tests and test packages"
	case strings.Contains(host, ".") && to != "github.com/shopspring/decimal":
		return "the only shipped dependency is shopspring/decimal"
	}
	return ""
}

// source is one Go file of the module.
type source struct {
	pkg  string // folder relative to the module, with slashes
	name string // path relative to the module
	test bool   // ends in _test.go
	file *ast.File
}

// sources parses every Go file of the module below the root. Dot-folders, testdata and nested
// modules are not part of it.
func sources(t *testing.T, fset *token.FileSet) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && foreign(name, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(name))
		if filepath.Ext(name) != ".go" || pkg == "." {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{pkg, filepath.ToSlash(name), strings.HasSuffix(name, "_test.go"), file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no Go file found: the test does not run at the module root")
	}
	return all
}

func foreign(dir, base string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil || base == "testdata" || base[0] == '.' || base[0] == '_'
}

func TestStoreys(t *testing.T) {
	fset := token.NewFileSet()
	for _, src := range sources(t, fset) {
		if why := misplaced(src.pkg); why != "" {
			t.Errorf("%s: package %s %s", src.name, src.pkg, why)
			continue
		}
		for _, spec := range src.file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatalf("%s: %v", fset.Position(spec.Pos()), err)
			}
			if why := refusal(src.pkg, to, src.test); why != "" {
				t.Errorf("%s: %s imports %s: %s", fset.Position(spec.Pos()), src.pkg, to, why)
			}
		}
	}
}

// TestTopLevel holds the root to its fixed folders, and to no Go code but its tests.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		_, known := storeys[name]
		switch {
		case entry.IsDir() && !known && !strings.HasPrefix(name, "."):
			t.Errorf("%s/ is not a top-level folder of the design", name)
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			t.Errorf("%s: the root holds no package", name)
		}
	}
}

func TestTheOrderCatches(t *testing.T) {
	const own = module + "/"
	cases := []struct {
		name     string
		from, to string
		test     bool
		refused  bool
	}{
		{"downwards", "lending", own + "schedule", false, false},
		{"downwards past a storey", "transfer", own + "schedule/money", false, false},
		{"a satellite uses the kernel", "risk", own + "lending/event", false, false},
		{"a parent uses its noun", "lending", own + "lending/ledger", false, false},
		{"a role uses its parent", "lending/memory", own + "lending", false, false},
		{"a ledger entry is recorded", "lending/ledger", own + "lending/event", false, false},
		{"a suite uses its memory", "lending/lendingtest", own + "lending/memory", false, false},
		{"an example uses a role", "examples/marketplace", own + "lending/memory", false, false},
		{"a pure role uses its parent", "lending/regulator", own + "lending", false, false},
		{"an example uses a pure role", "examples/marketplace", own + "lending/regulator", false, false},
		{"decimal", "schedule", "github.com/shopspring/decimal", false, false},
		{"std", "lending/event", "crypto/sha256", false, false},
		{"rapid in a suite", "lending/lendingtest", "pgregory.net/rapid", false, false},
		{"testing in a suite", "schedule/scheduletest", "testing", false, false},
		{"rapid in a test", "schedule", "pgregory.net/rapid", true, false},
		{"a test uses a role", "lending", own + "lending/memory", true, false},
		{"an outside test of a noun", "lending/event", own + "lending/memory", true, false},

		{"upwards", "schedule", own + "lending", false, true},
		{"upwards from a noun", "schedule/money", own + "lending/event", false, true},
		{"upwards to a satellite", "lending", own + "guarantee", false, true},
		{"upwards to an example", "transfer", own + "examples/marketplace", false, true},
		{"satellite to satellite", "transfer", own + "guarantee", false, true},
		{"a simulation with a satellite", "lending/sim", own + "risk", false, true},
		{"a test upwards", "lending", own + "risk", true, true},
		{"a test across", "risk", own + "transfer", true, true},
		{"a noun uses its parent", "lending/event", own + "lending", false, true},
		{"a noun of schedule uses it", "schedule/money", own + "schedule", false, true},
		{"a noun uses a role", "lending/ledger", own + "lending/memory", false, true},
		{"a parent uses a role", "lending", own + "lending/memory", false, true},
		{"a satellite uses a role", "guarantee", own + "lending/memory", false, true},
		{"a parent uses a pure role", "lending", own + "lending/regulator", false, true},
		{"a noun uses a pure role", "lending/event", own + "lending/regulator", false, true},
		{"a satellite uses a pure role", "transfer", own + "lending/regulator", false, true},
		{"a pure role uses a role", "lending/regulator", own + "lending/memory", false, true},
		{"a pure role uses a satellite", "lending/regulator", own + "risk", false, true},
		{"the kernel knows the ledger", "lending/event", own + "lending/ledger", false, true},
		{"payment uses the ledger", "lending/payment", own + "lending/ledger", false, true},
		{"money uses civil", "schedule/money", own + "schedule/civil", false, true},
		{"civil uses money", "schedule/civil", own + "schedule/money", false, true},
		{"production uses a suite", "lending/memory", own + "lending/lendingtest", false, true},
		{"an unknown folder", "lending", own + "util", false, true},
		{"an unknown child", "lending", own + "lending/helper", false, true},
		{"testing in the core", "lending", "testing", false, true},
		{"testing/fstest in a role", "lending/file", "testing/fstest", false, true},
		{"rapid in the core", "schedule", "pgregory.net/rapid", false, true},
		{"testify in a role", "lending/sim", "github.com/stretchr/testify/require", false, true},
		{"cgo in an example", "examples/marketplace", "C", false, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			why := refusal(tc.from, tc.to, tc.test)
			if refused := why != ""; refused != tc.refused {
				t.Errorf("%s imports %s: refused %t (%s)", tc.from, tc.to, refused, why)
			}
		})
	}
	for pkg, fits := range map[string]bool{
		"schedule": true, "lending/sim": true, "lending/lendingtest": true, "lending/regulator": true,
		"risk/regulator": false, "schedule/daycount": true,
		"examples/marketplace": true, "util": false, "lending/manager": false, "memory": false,
	} {
		if got := misplaced(pkg) == ""; got != fits {
			t.Errorf("%s has a place: %t, want %t", pkg, got, fits)
		}
	}
}
