// Package cell turns the text of notebook cells into checked Go.
//
// A cell is Go at package level and statement level mixed, or a whole program.
// Call [NewEnv] once for each Go process of a notebook, then [Env.Check] for
// each cell, and [Env.Define] when the cell is accepted for running. What a
// cell means is decided by go/types against everything that earlier cells
// defined; an error is the compiler's own, with its place in the cell.
//
// The top of a cell behaves as the body of a function of which every earlier
// cell is an outer block: `:=` and `var` make new variables, which may hide
// earlier ones of the same name and have another type; closures keep the
// variables that they saw. Declared functions, types and constants are not
// bound to the moment: they follow a redefinition of what they mention (see
// [Cell.Recheck]). `defer` runs when the cell ends, and a bare `return` ends
// the cell. Imports and variables at the top need not be used.
//
// The package does no input or output, and knows nothing of how cells run.
package cell

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A Cell is a checked cell. All positions are in Fset, in a file that has the
// cell's name and text.
type Cell struct {
	Name string
	Text string
	Fset *token.FileSet
	// Pkg is the package of everything that cells define. It is the same for
	// all cells of an Env; do not look names up in its scope, which holds them
	// only while a cell is checked.
	Pkg  *types.Package
	Info *types.Info // for everything below, what was checked again included

	// Program says that the cell is a whole program: Go's own rules hold, the
	// variables are initialized as Info.InitOrder says, then Inits run, then Main.
	Program bool
	Inits   []*Func
	Main    *Func

	// Decls is the cell at package level: its declarations as they are written,
	// those included that only say again what is defined already.
	Decls []ast.Decl

	Imports []Import
	Consts  []*Const // named constants
	Types   []*Type  // named types and aliases
	Funcs   []*Func  // functions and methods with names; not Inits, not Main

	// Stmts are what runs, in source order, `var` declarations at the top
	// included. Empty for a program.
	Stmts []ast.Stmt
	// Vars are the variables that Stmts define at the top, or that a program
	// has at package level, in source order. They outlive the cell.
	Vars []*types.Var
	// Unused are those of Vars that the cell's statements do not use. In a
	// function of Go that would be an error; here later cells may use them.
	Unused []*types.Var
	// Result is the expression of the last statement if the cell's value is to
	// be shown: nil if there is none, or if it is a call that returns nothing or
	// one of fmt's Print family.
	// Its type may be a tuple (a call that returns several values). The last of
	// Stmts is an ast.ExprStmt of it.
	Result ast.Expr

	// Recheck are declarations of earlier cells that were checked again, since
	// something that they mention is defined anew by this cell. Lower them
	// again, with this cell's Info.
	Recheck Recheck
	// Stale are functions of earlier cells that do not compile any more with
	// what this cell defines. A new cell that mentions one is refused. What
	// runs already, and values of types as they were, keep what they have.
	Stale []Stale

	delta *delta
}

// An Import is a package that a cell imports. It stays imported in later cells.
type Import struct {
	Path string
	Name string // what the cell calls it; "." and "_" are possible
	Spec *ast.ImportSpec
	Pkg  *types.Package
}

// A Const is a named constant.
type Const struct {
	Decl   *ast.GenDecl // the group that it is declared in
	Obj    *types.Const
	Origin string // the name of the cell it is written in
}

// A Type is a named type or an alias.
type Type struct {
	Spec   *ast.TypeSpec
	Obj    *types.TypeName
	Origin string
}

// A Func is a function or a method with a body.
type Func struct {
	Decl *ast.FuncDecl
	// Obj is what uses of the function refer to.
	Obj *types.Func
	// Sig is the signature whose parameters and type parameters the body's
	// idents refer to. It is identical to Obj's type, but its variables may be
	// other objects.
	Sig *types.Signature
	// Replaces is a function of an earlier cell with an identical signature.
	// Whoever calls that calls this one from now on. It is nil for a new
	// function, and may be Obj itself for a method.
	Replaces *types.Func
	Origin   string
}

// Recheck is what was checked again.
type Recheck struct {
	Consts []*Const
	Types  []*Type
	Funcs  []*Func
}

// Stale is a function that does not compile any more.
type Stale struct {
	Obj    *types.Func
	Origin string
	Reason string // for a person: which function, and the compiler's first words about it
}
