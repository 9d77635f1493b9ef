package loanweave_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// who are the roles as the doc comment of a command names them.
var who = map[string]string{"RoleParty": "a party", "RoleAnalyst": "an analyst", "RoleOfficer": "an officer",
	"RoleCashier": "a cashier", "RoleCustodian": "the custodian", "RoleSystem": "the system"}

// commands are the types of a package with an Allowed method, their doc comments, and the functions
// that such a method may call.
type commands struct {
	docs    map[string]string
	allowed map[string]ast.Expr // by type: what is returned
	lists   map[string]ast.Expr // by function without parameters: what is returned
}

// The doc comment of every command says which roles may give it, as its Allowed does: "Given by a
// party or an officer."
func TestCommandsNameTheirRoles(t *testing.T) {
	found := 0
	for pkg, c := range commandsByPackage(t) {
		for name, roles := range c.allowed {
			if !ast.IsExported(name) {
				continue
			}
			found++
			if want := givenBy(c.roles(t, roles)); !strings.Contains(c.docs[name], want) {
				t.Errorf("%s: the comment of %s does not say: %s", pkg, name, want)
			}
		}
	}
	require.Greater(t, found, 80, "commands")
}

func TestGivenBy(t *testing.T) {
	require.Equal(t, "Given by a cashier.", givenBy([]string{"RoleCashier"}))
	require.Equal(t, "Given by a party, an officer or the system.",
		givenBy([]string{"RoleParty", "RoleOfficer", "RoleSystem"}))
}

func givenBy(roles []string) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = who[r]
	}
	last := len(words) - 1
	if last == 0 {
		return "Given by " + words[0] + "."
	}
	return "Given by " + strings.Join(words[:last], ", ") + " or " + words[last] + "."
}

// roles lists the roles of an expression: a literal, a function that returns one, or either with
// roles appended.
func (c *commands) roles(t *testing.T, e ast.Expr) (names []string) {
	switch e := e.(type) {
	case *ast.CompositeLit:
		for _, x := range e.Elts {
			names = append(names, c.roles(t, x)...)
		}
	case *ast.SelectorExpr:
		names = c.roles(t, e.Sel)
	case *ast.Ident:
		require.Contains(t, who, e.Name, "no such role")
		names = []string{e.Name}
	case *ast.CallExpr:
		f, ok := e.Fun.(*ast.Ident)
		require.True(t, ok, "roles come from a function of another package")
		if f.Name != "append" {
			require.Contains(t, c.lists, f.Name)
			return c.roles(t, c.lists[f.Name])
		}
		for _, x := range e.Args {
			names = append(names, c.roles(t, x)...)
		}
	default:
		require.Failf(t, "roles that this test cannot read", "%T", e)
	}
	return names
}

func commandsByPackage(t *testing.T) map[string]*commands {
	all := map[string]*commands{}
	for pkg, srcs := range shipped(t, token.NewFileSet()) {
		all[pkg] = &commands{map[string]string{}, map[string]ast.Expr{}, map[string]ast.Expr{}}
		for _, src := range srcs {
			all[pkg].read(src.file)
		}
	}
	return all
}

func (c *commands) read(file *ast.File) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if ts, ok := s.(*ast.TypeSpec); ok {
					c.docs[ts.Name.Name] = strings.Join(strings.Fields(d.Doc.Text()+" "+ts.Doc.Text()), " ")
				}
			}
		case *ast.FuncDecl:
			c.function(d)
		}
	}
}

// function notes what a function without parameters returns at once.
func (c *commands) function(f *ast.FuncDecl) {
	if f.Body == nil || len(f.Body.List) == 0 || len(f.Type.Params.List) > 0 {
		return
	}
	var result ast.Expr
	if ret, ok := f.Body.List[0].(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
		result = ret.Results[0]
	}
	if f.Recv == nil {
		c.lists[f.Name.Name] = result
		return
	}
	typ := f.Recv.List[0].Type
	if p, ok := typ.(*ast.StarExpr); ok {
		typ = p.X
	}
	if x, ok := typ.(*ast.Ident); ok && f.Name.Name == "Allowed" {
		c.allowed[x.Name] = result
	}
}
