package loanweave_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
)

// auditor reads one package and collects what makes it impure.
type auditor struct {
	fset     *token.FileSet
	pkg      string
	info     *types.Info
	scope    *types.Scope
	findings []string
}

// unloaded stands for every import by an empty package: names still resolve to the right scope, and
// what cannot be known without the import is left unknown.
type unloaded struct{}

func (unloaded) Import(name string) (*types.Package, error) {
	base := path.Base(name)
	if base == "v2" || base == "v3" {
		base = path.Base(path.Dir(name))
	}
	empty := types.NewPackage(name, base)
	empty.MarkComplete()
	return empty, nil
}

// audit returns the impurities of the non-test files of one core package, each with file and line.
func audit(fset *token.FileSet, pkg string, files []*ast.File) []string {
	a := &auditor{fset: fset, pkg: pkg, info: &types.Info{
		Uses:       map[*ast.Ident]types.Object{},
		Types:      map[ast.Expr]types.TypeAndValue{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	config := types.Config{Importer: unloaded{}, Error: func(error) {}} // unknown types are expected
	checked, _ := config.Check(module+"/"+pkg, fset, files, a.info)
	a.scope = checked.Scope()
	for _, file := range files {
		a.imports(file)
		for _, decl := range file.Decls {
			a.declaration(decl)
		}
		ast.Inspect(file, a.visit)
	}
	slices.Sort(a.findings)
	return slices.Compact(a.findings)
}

func (a *auditor) report(pos token.Pos, format string, args ...any) {
	at := a.fset.Position(pos)
	what := fmt.Sprintf(format, args...)
	a.findings = append(a.findings, fmt.Sprintf("%s:%d: %s", at.Filename, at.Line, what))
}

func (a *auditor) imports(file *ast.File) {
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		impure := slices.ContainsFunc(impureImports, func(refused string) bool {
			return name == refused || strings.HasSuffix(refused, "/") && strings.HasPrefix(name, refused)
		})
		lock := name == "sync" || strings.HasPrefix(name, "sync/")
		switch {
		case impure:
			a.report(spec.Pos(), "import of %s", name)
		case lock && a.pkg != engine:
			a.report(spec.Pos(), "import of %s outside the engine", name)
		case spec.Name != nil && spec.Name.Name == ".":
			a.report(spec.Pos(), "dot import of %s", name)
		}
	}
}

// declaration holds package-level variables to constants in all but name, and refuses init.
func (a *auditor) declaration(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil && decl.Name.Name == "init" {
			a.report(decl.Pos(), "init function")
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			if vars, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR {
				a.variables(vars)
			}
		}
	}
}

func (a *auditor) variables(spec *ast.ValueSpec) {
	for i, name := range spec.Names {
		switch {
		case name.Name == "_":
		case i >= len(spec.Values):
			a.report(name.Pos(), "package variable %s is not set where it is declared", name.Name)
		case !a.fixed(spec.Values[i]):
			a.report(name.Pos(), "package variable %s is no sentinel, table or kind", name.Name)
		}
	}
}

// fixed reports whether value is a table, a sentinel or another value that cannot change.
func (a *auditor) fixed(value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.CompositeLit:
		from, _ := a.imported(value.Type)
		return from != "sync" && from != "sync/atomic"
	case *ast.CallExpr:
		return a.makesConstant(value.Fun)
	}
	return false
}

func (a *auditor) makesConstant(fun ast.Expr) bool {
	switch fun := fun.(type) {
	case *ast.IndexExpr: // a generic function with its type argument
		return a.makesConstant(fun.X)
	case *ast.IndexListExpr:
		return a.makesConstant(fun.X)
	case *ast.Ident:
		own := module + "/" + a.pkg
		return slices.Contains(constantMakers[own], fun.Name) || strings.HasPrefix(fun.Name, "Must")
	}
	from, name := a.imported(fun)
	if method, ok := fun.(*ast.SelectorExpr); ok && from == "" { // a method of an imported variable
		from, name = a.imported(method.X)
		name += "." + method.Sel.Name
	}
	ours := strings.HasPrefix(from, module+"/") && strings.HasPrefix(name, "Must")
	return ours || slices.Contains(constantMakers[from], name)
}

// imported returns the import path and the name when expr is a qualified name, else nothing.
func (a *auditor) imported(expr ast.Expr) (from, name string) {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	qualifier, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	pkg, ok := a.info.Uses[qualifier].(*types.PkgName)
	if !ok {
		return "", ""
	}
	return pkg.Imported().Path(), selector.Sel.Name
}

func (a *auditor) visit(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.GoStmt:
		a.report(node.Pos(), "goroutine")
	case *ast.AssignStmt:
		for _, target := range node.Lhs {
			a.written(target)
		}
	case *ast.RangeStmt:
		a.written(node.Key)
		a.written(node.Value)
	case *ast.IncDecStmt:
		a.written(node.X)
	case *ast.UnaryExpr:
		if node.Op == token.AND {
			a.written(node.X)
		}
	case *ast.CallExpr:
		a.called(node)
	case *ast.SelectorExpr:
		a.selected(node)
	}
	if expr, ok := node.(ast.Expr); ok && a.isFloat(expr) {
		a.floating(expr)
	}
	return true
}

// written refuses a write to, or an address of, anything rooted in a package-level variable.
func (a *auditor) written(target ast.Expr) {
	root := rootOf(target)
	if root == nil {
		return
	}
	variable, ok := a.info.Uses[root].(*types.Var)
	if ok && variable.Parent() == a.scope {
		a.report(target.Pos(), "package variable %s is written, or its address taken", root.Name)
	}
}

// rootOf returns the identifier that an expression is an element, field or pointee of, or nil.
func rootOf(expr ast.Expr) *ast.Ident {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr
	case *ast.IndexExpr:
		return rootOf(expr.X)
	case *ast.SliceExpr:
		return rootOf(expr.X)
	case *ast.SelectorExpr:
		return rootOf(expr.X)
	case *ast.StarExpr:
		return rootOf(expr.X)
	case *ast.ParenExpr:
		return rootOf(expr.X)
	}
	return nil
}

func (a *auditor) called(call *ast.CallExpr) {
	name, ok := call.Fun.(*ast.Ident)
	if !ok {
		return
	}
	if _, builtin := a.info.Uses[name].(*types.Builtin); !builtin {
		return
	}
	switch name.Name {
	case "print", "println":
		a.report(call.Pos(), "builtin %s", name.Name)
	case "delete", "clear", "copy":
		if len(call.Args) > 0 {
			a.written(call.Args[0])
		}
	}
}

func (a *auditor) selected(selector *ast.SelectorExpr) {
	if a.addresses(selector) {
		a.written(selector.X)
	}
	from, name := a.imported(selector)
	integer := strings.HasPrefix(name, "MaxInt") || strings.HasPrefix(name, "MinInt") ||
		strings.HasPrefix(name, "MaxUint")
	switch {
	case slices.Contains(impureNames[from], name):
		a.report(selector.Pos(), "%s.%s", from, name)
	case slices.Contains(impureMethods, selector.Sel.Name):
		a.report(selector.Pos(), "use of %s", selector.Sel.Name)
	case from == "math" && !integer:
		a.floating(selector)
	}
}

// addresses reports whether selector is a method that takes the address of what precedes the dot.
func (a *auditor) addresses(selector *ast.SelectorExpr) bool {
	selection, ok := a.info.Selections[selector]
	if !ok || selection.Kind() != types.MethodVal {
		return false
	}
	_, pointer := selection.Obj().Type().(*types.Signature).Recv().Type().(*types.Pointer)
	_, already := selection.Recv().(*types.Pointer)
	return pointer && !already
}

// isFloat reports whether expr has, or names, a floating-point or complex type. An untyped constant
// such as 1e6 is a float only if it has a fraction.
func (a *auditor) isFloat(expr ast.Expr) bool {
	value := a.info.Types[expr]
	basic, ok := value.Type.(*types.Basic)
	if !ok || basic.Info()&(types.IsFloat|types.IsComplex) == 0 {
		return false
	}
	whole := value.Value != nil && constant.ToInt(value.Value).Kind() == constant.Int
	return basic.Info()&types.IsUntyped == 0 || !whole
}

func (a *auditor) floating(node ast.Node) {
	file := a.fset.Position(node.Pos()).Filename
	if _, allowed := floats[file]; !allowed {
		a.report(node.Pos(), "floating point")
	}
}
