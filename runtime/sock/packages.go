// Package sock holds what cells may import, as tables for the interpreter.
//
// Packages names the importable packages, Symbol gives the value behind an
// exported name of one of them. Nothing is built before it is asked for: a
// package costs nothing until a cell imports it.
package sock

import (
	"reflect"

	"sockbook/runtime/sock/internal/importable"
)

//go:generate go run ./internal/gensym .

// Packages are the import paths a cell may use, sorted. Everything that is
// made for an importable package (symbol tables, export data, documentation)
// is made for exactly these.
var Packages = importable.Packages

// Symbol gives an exported name of an importable package as the interpreter
// wants it: a function's value, a variable's addressable value, or for a type
// T the nil pointer (*T)(nil). It is the zero Value for a name that is not
// there, is a constant, or is generic.
func Symbol(path, name string) reflect.Value {
	if f := table(path); f != nil {
		return f(name)
	}
	return reflect.Value{}
}
