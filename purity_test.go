package loanweave_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// floats lists the core files that may use floating point, each with the reason. Where money or a
// Rate is decided it only proposes: exact arithmetic decides. A yield is a ratio, never money; it
// may be floating point by operations that give the same bits on every machine.
var floats = map[string]string{
	"schedule/annuity.go":         "proposes the level payment; integers decide on a thin margin",
	"schedule/money/apportion.go": "orders lots by due point; exact fractions decide among near ones",

	"schedule/portable.go":   "exponentials and logarithms of yields, the same on every machine",
	"schedule/course.go":     "values flows at a yield that is sought",
	"schedule/root.go":       "seeks yields",
	"schedule/yield.go":      "a yield is a ratio",
	"schedule/irr.go":        "a yield",
	"schedule/xirr.go":       "a yield",
	"schedule/apr.go":        "a yield",
	"schedule/aprc.go":       "a yield, and times in years",
	"schedule/unitperiod.go": "unit-periods in a year, which need not be whole",
	"schedule/duration.go":   "times in years",
	"schedule/holding.go":    "checks a yield",
	"schedule/price.go":      "proposes the price; long arithmetic decides on a thin margin",
	"schedule/effective.go":  "proposes the nominal rate; integers decide",
	"schedule/flat.go":       "proposes the nominal rate; exact fractions decide",
	"lending/cost.go":        "holds a yield against a cap",
}

// impureImports lists what gives a core package chance, I/O, a log or unsafe memory. An entry that
// ends in a slash stands for everything below it.
var impureImports = []string{
	"C", "crypto/rand", "log", "log/", "math/rand", "math/rand/", "net", "net/", "os", "os/",
	"plugin", "syscall", "unsafe",
}

// engine is the one core package that may import sync.
const engine = "lending/event"

// impureNames lists, by import path, the names that reach the clock, the console or decimal's
// process-wide settings.
var impureNames = map[string][]string{
	"time": {
		"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep", "Local",
	},
	"context": {"WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause"},
	"fmt":     {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"github.com/shopspring/decimal": {
		"Avg", "DivisionPrecision", "MarshalJSONWithoutQuotes", "PowPrecisionNegativeExponent",
		"TrimTrailingZeros", "UseScientificNotation", "ExpMaxIterations", "MaxDecodeExponent",
	},
}

// impureMethods lists names refused on any value: their result hangs on decimal's process-wide
// settings or on a float. Integers have Quo, decimals DivRound.
var impureMethods = []string{
	"Div", "Pow", "PowInt32", "PowBigInt",
	"NewFromFloat", "NewFromFloat32", "NewFromFloatWithExponent",
}

// constantMakers lists the calls whose result may be kept in a package-level variable: values that
// nobody can change afterwards.
var constantMakers = map[string][]string{
	"encoding/base32":               {"StdEncoding.WithPadding", "HexEncoding.WithPadding"},
	"errors":                        {"New"},
	"fmt":                           {"Errorf"},
	"reflect":                       {"TypeFor"},
	"github.com/shopspring/decimal": {"New", "NewFromInt"},
	module + "/lending/event":       {"NewKind"},
	module + "/lending":             {"NewSentinel"},
}

func TestPurity(t *testing.T) {
	fset := token.NewFileSet()
	for pkg, srcs := range shipped(t, fset) {
		if !isCore(pkg) {
			continue
		}
		var files []*ast.File
		for _, src := range srcs {
			files = append(files, src.file)
		}
		for _, finding := range audit(fset, pkg, files) {
			t.Error(finding)
		}
	}
}

// TestFloatsAreListed keeps the list of exceptions true: each file is there and does use a float.
func TestFloatsAreListed(t *testing.T) {
	fset := token.NewFileSet()
	used := map[string]bool{}
	for _, src := range sources(t, fset) {
		ast.Inspect(src.file, func(node ast.Node) bool {
			id, ok := node.(*ast.Ident)
			used[src.name] = used[src.name] || ok && (id.Name == "float64" || id.Name == "float32")
			return true
		})
	}
	for file := range floats {
		if !used[file] {
			t.Errorf("%s: listed as using floats, but is missing or uses none", file)
		}
	}
}

// impure holds declarations that the audit must refuse, each with a part of what it must say.
var impure = []struct{ name, imports, body, finding string }{
	{"clock", `"time"`, `func f() int64 { return time.Now().Unix() }`, "time.Now"},
	{"renamed clock", `t "time"`, `func f() any { return t.Since }`, "time.Since"},
	{"deadline", `"context"`, `var _ = context.WithTimeout`, "context.WithTimeout"},
	{"chance", `"math/rand/v2"`, `func f() int { return rand.Int() }`, "import of math/rand/v2"},
	{"secure chance", `_ "crypto/rand"`, ``, "import of crypto/rand"},
	{"files", `_ "os"`, ``, "import of os"},
	{"processes", `_ "os/exec"`, ``, "import of os/exec"},
	{"network", `_ "net/http"`, ``, "import of net/http"},
	{"log", `_ "log/slog"`, ``, "import of log/slog"},
	{"unsafe", `_ "unsafe"`, ``, "import of unsafe"},
	{"lock", `_ "sync"`, ``, "import of sync outside"},
	{"atomics", `_ "sync/atomic"`, ``, "import of sync/atomic outside"},
	{"hidden names", `. "time"`, ``, "dot import"},
	{"console", `"fmt"`, `func f() { fmt.Println() }`, "fmt.Println"},
	{"builtin console", ``, `func f() { println() }`, "builtin println"},
	{"goroutine", ``, `func f() { go f() }`, "goroutine"},
	{"init", ``, `func init() {}`, "init function"},

	{"unset variable", ``, `var cache map[string]int`, "cache is not set"},
	{"zero counter", ``, `var n = 0`, "n is no sentinel"},
	{"made map", ``, `var m = make(map[int]int)`, "m is no sentinel"},
	{"pointer", ``, `type s struct{}; var p = &s{}`, "p is no sentinel"},
	{"hook", ``, `var hook = func() {}`, "hook is no sentinel"},
	{"second of two", `"errors"`, `var errA, b = errors.New("a"), new(int)`, "b is no sentinel"},
	{"mutable number", `"math/big"`, `var one = big.NewInt(1)`, "one is no sentinel"},
	{"pattern", `"regexp"`, `var re = regexp.MustCompile("a")`, "re is no sentinel"},
	{"lock literal", `"sync"`, `var mu = sync.Mutex{}`, "mu is no sentinel"},
	{"assignment", `"errors"`, `var e = errors.New("a"); func f() { e = nil }`, "e is written"},
	{"element", ``, `var a = [...]int{1}; func f() { a[0] = 2 }`, "a is written"},
	{"field", ``, `type s struct{ n int }; var v = s{}; func f() { (v).n++ }`, "v is written"},
	{"map entry", ``, `var m = map[int]int{}; func f() { delete(m, 1) }`, "m is written"},
	{"copied into", ``, `var a = [2]int{}; func f() { copy(a[:], []int{1}) }`, "a is written"},
	{"address", ``, `var a = [2]int{}; func f() *int { return &a[0] }`, "a is written"},
	{"range", ``, `var a = [2]int{}; func f() { for a[0] = range 2 {} }`, "a is written"},
	{"method", ``, `type s struct{}; func (*s) set() {}; var v = s{}; func f() { v.set() }`, "v is w"},

	{"float type", ``, `func f(x float64) {}`, "floating point"},
	{"narrow float type", ``, `type x float32`, "floating point"},
	{"float literal", ``, `func f() any { return 0.5 }`, "floating point"},
	{"inferred float", ``, `func f() { x := -1e6; _ = x }`, "floating point"},
	{"inferred complex", ``, `func f() { x := 1i; _ = x }`, "floating point"},
	{"float function", `"math"`, `func f() any { return math.Sqrt(2) }`, "floating point"},
	{"division", ``, `func f(d interface{ Div(any) }) { d.Div(d) }`, "use of Div"},
	{"power", `"math"`, `func f() any { return math.Pow(2, 2) }`, "use of Pow"},
	{"from float", `d "github.com/shopspring/decimal"`, `func f() { d.NewFromFloat(1) }`, "NewFromFloat"},
	{
		"decimal's settings", `"github.com/shopspring/decimal"`,
		`func f() { decimal.DivisionPrecision = 2 }`, "DivisionPrecision",
	},
}

// pure holds declarations that the audit must let pass.
var pure = []struct{ name, imports, body string }{
	{"sentinels", `"errors"; "fmt"`, `var (errA = errors.New("a"); errB = fmt.Errorf("b: %w", errA))`},
	{"interface check", `"fmt"`, `type s struct{}; var _ fmt.Stringer = (*s)(nil)`},
	{"table", ``, `var names = [...]string{"a"}; func f(i int) string { return names[i] }`},
	{"table by value", ``, `type s struct{}; func (s) get() {}; var v = s{}; func f() { v.get() }`},
	{"shadow", ``, `var a = [...]int{1}; func f() { a := []int{1}; a[0] = 2; for a = range g() {} }`},
	{"kind", `"` + module + `/lending/event"`, `var kind = event.NewKind[int]("loan")`},
	{"constant", `"` + module + `/schedule/civil"`, `var start = civil.MustParse("2026-01-01")`},
	{"decimal", `"github.com/shopspring/decimal"`, `var one = decimal.NewFromInt(1)`},
	{"durations and dates", `"time"`, `func f(t time.Time) time.Duration { return time.Second }`},
	{"integer bounds", `"math"`, `const most = math.MaxInt64`},
	{"integer in float notation", ``, `func f(n int) bool { return n > 1e6 || n < -1e6 }`},
	{"integer division", `"math/big"`, `func f(a, b *big.Int) { a.Quo(a, b) }`},
	{"text", `"fmt"`, `func f() string { return fmt.Sprint("float64") }`},
}

func auditText(t *testing.T, pkg, imports, body string) []string {
	t.Helper()
	fset := token.NewFileSet()
	text := "package p\nimport (" + imports + ")\n" + body + "\n"
	file, err := parser.ParseFile(fset, pkg+"/p.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return audit(fset, pkg, []*ast.File{file})
}

func TestPurityCatches(t *testing.T) {
	for _, tc := range impure {
		t.Run(tc.name, func(t *testing.T) {
			findings := auditText(t, "lending", tc.imports, tc.body)
			named := slices.ContainsFunc(findings, func(finding string) bool {
				return strings.HasPrefix(finding, "lending/p.go:") && strings.Contains(finding, tc.finding)
			})
			if !named {
				t.Errorf("%s: found %q, want %q", tc.body, findings, tc.finding)
			}
		})
	}
	for _, tc := range pure {
		t.Run("pure "+tc.name, func(t *testing.T) {
			if findings := auditText(t, "lending", tc.imports, tc.body); len(findings) != 0 {
				t.Errorf("%s: found %q, want nothing", tc.body, findings)
			}
		})
	}
	if findings := auditText(t, engine, `_ "sync"`, ``); len(findings) != 0 {
		t.Errorf("the engine may lock, found %q", findings)
	}
}

// TestWritesAcrossFilesCatch shows that a variable of one file is guarded in the others as well.
func TestWritesAcrossFilesCatch(t *testing.T) {
	fset := token.NewFileSet()
	var files []*ast.File
	for name, text := range map[string]string{
		"lending/table.go": "package p\nvar table = [...]int{1}\n",
		"lending/write.go": "package p\nfunc f() { table[0]++ }\n",
	} {
		file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	findings := audit(fset, "lending", files)
	const want = "lending/write.go:2: package variable table"
	if len(findings) != 1 || !strings.HasPrefix(findings[0], want) {
		t.Errorf("found %q, want %q", findings, want)
	}
}
