package rtype

import (
	"errors"
	"reflect"
	"unsafe"
)

// A method in a type's table is the address of machine code, so each method
// made at run time takes one of the stubs: it loads the function value of the
// same number and jumps to it.
const numStubs = 8192

var (
	stubFunc [numStubs]unsafe.Pointer // read by the stubs
	stubUsed int                      // under mu
)

// ErrStubs says that this process has no room for further methods.
var ErrStubs = errors.New("too many methods have been defined in this process; restart it to define more")

func stubBase() uintptr

// stub gives the code address that calls f.
func stub(f reflect.Value) (unsafe.Pointer, error) {
	if stubUsed == numStubs {
		return nil, ErrStubs
	}
	i := f.Interface()
	stubFunc[stubUsed] = (*[2]unsafe.Pointer)(unsafe.Pointer(&i))[1]
	base := stubBase()
	pc := *(*unsafe.Pointer)(unsafe.Pointer(&base))
	pc = unsafe.Add(pc, stubUsed*16)
	stubUsed++
	return pc, nil
}
