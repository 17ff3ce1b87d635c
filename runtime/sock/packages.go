// Package sock holds what cells may import, as tables for the interpreter.
//
// Packages names the importable packages, Symbol gives the value behind an
// exported name of one of them. Nothing is built before it is asked for: a
// package costs nothing until a cell imports it.
//
// [Calls] gives the functions that cells call in the place of those of the
// tables: the end of a cell ends them, and a [Log] has them written down, with
// those that compiled code makes for a cell ([Hook]). Not written down is that
// a connection is made by an http.Transport of a cell's own that has no
// DialContext (http.DefaultTransport and its clones are told; an own one is with
// DialContext: new(net.Dialer).DialContext) and by rpc.DialHTTP: there package
// net's Dialer is called directly, without an interface between in which
// another function could stand. What is read and written there is told.
// (*os.File).ReadFrom and WriteTo, and sendfile(2) from a file, are told as one
// call.
//
// EINTR is as in compiled Go. Go's runtime preempts goroutines with SIGURG, whose
// handler has SA_RESTART. The calls that no handler restarts can thus fail with
// EINTR at any time, in a cell as in a compiled program (signal(7), "Interruption
// of system calls"): Poll, Ppoll, Select, Pselect, EpollWait, EpollPwait, Pause,
// Nanosleep, ClockNanosleep, and Accept, Connect and the calls that send and
// receive on a socket with SO_RCVTIMEO or SO_SNDTIMEO set. A cell calls them
// again, as any Go program must. The kernel restarts the others. Made again by
// this package, whatever they are, are calls that only the signal of [Call]
// brought back, if their goroutine was not to end after all: a cell never sees
// that signal. A timeout given to such a call begins anew. What package net
// and os wait for shows no EINTR.
//
// The tables are made for Linux on amd64 and arm64. What one of them lacks, such
// as syscall.Dup2 on arm64, the compiler's types lack there too, so that a cell
// which names it is refused as undefined; numbers and layouts are the
// compiler's for the architecture that this is built for.
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
