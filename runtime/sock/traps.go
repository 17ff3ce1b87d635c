package sock

import (
	"fmt"
	"reflect"
	"syscall"

	"golang.org/x/sys/unix"
)

// System calls by their numbers, as with unix.Syscall.

// trap is such a call, as it is told.
type trap struct {
	says string
	kind Kind
	make bool // gives a descriptor
	noFD bool // the first argument is none
}

// toldTraps are the ones that are told, which may wait, too.
var toldTraps = map[uintptr]trap{
	unix.SYS_SOCKET: {says: "socket", make: true, noFD: true}, unix.SYS_BIND: {says: "bind"}, unix.SYS_LISTEN: {says: "listen"},
	unix.SYS_CONNECT: {says: "connect", kind: Connecting}, unix.SYS_ACCEPT: {says: "accept", kind: Accepting, make: true}, unix.SYS_ACCEPT4: {says: "accept4", kind: Accepting, make: true},
	unix.SYS_READ: {says: "read", kind: Receiving}, unix.SYS_RECVFROM: {says: "recvfrom", kind: Receiving}, unix.SYS_RECVMSG: {says: "recvmsg", kind: Receiving},
	unix.SYS_WRITE: {says: "write", kind: Sending}, unix.SYS_SENDTO: {says: "sendto", kind: Sending}, unix.SYS_SENDMSG: {says: "sendmsg", kind: Sending},
	unix.SYS_SHUTDOWN: {says: "shutdown", kind: ShuttingDown}, unix.SYS_CLOSE: {says: "close", kind: ClosingDown},
}

// trapFunc gives in the place of Syscall, Syscall6 and their raw forms one that
// can be ended and is written down.
func (c *Calls) trapFunc(f reflect.Value) (reflect.Value, bool) {
	switch g := f.Interface().(type) {
	case func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno):
		return reflect.ValueOf(func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno) {
			return c.trap(trap, a1, a2, a3, func() (uintptr, uintptr, syscall.Errno) { return g(trap, a1, a2, a3) })
		}), true
	case func(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno):
		return reflect.ValueOf(func(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno) {
			return c.trap(trap, a1, a2, a3, func() (uintptr, uintptr, syscall.Errno) { return g(trap, a1, a2, a3, a4, a5, a6) })
		}), true
	case func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr): // SyscallNoError
		return reflect.ValueOf(func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
			if trapOnOwn(trap, a1, a2, a3) {
				return ^uintptr(unix.EBADF) + 1, 0
			}
			return g(trap, a1, a2, a3)
		}), true
	}
	return f, false
}

// trap makes a system call by its number. The arguments are its first three.
func (c *Calls) trap(number, a1, a2, a3 uintptr, do func() (r1, r2 uintptr, err syscall.Errno)) (r1, r2 uintptr, errno syscall.Errno) {
	if trapOnOwn(number, a1, a2, a3) {
		return ^uintptr(0), 0, unix.EBADF
	}
	spec, told := toldTraps[number]
	if !told {
		return do()
	}
	fill := func(e *Entry) {
		e.Name, e.Kind = spec.says, spec.kind
		if !spec.noFD {
			e.Socket = lookAt(int(a1))
		}
		if number == unix.SYS_WRITE || number == unix.SYS_SENDTO {
			e.Bytes = int(a3)
			e.Args = sizeWord(e.Bytes)
		}
	}
	r := start(fill)
	if number == unix.SYS_READ && isInput(int(a1)) {
		r1, r2, errno = do()
	} else {
		c.waiting(func() error {
			if r1, r2, errno = do(); errno != 0 {
				return errno
			}
			return nil
		})
	}
	if r.wanted() {
		r.finish(fill, func(e *Entry) { spec.end(e, int(r1), errno) })
	}
	return r1, r2, errno
}

func (s trap) end(e *Entry, n int, errno syscall.Errno) {
	switch {
	case errno != 0:
		e.Bytes = 0
		e.fail(errno)
	case s.make:
		e.Socket = lookAt(n)
		e.Result = fmt.Sprintf("fd %d", n)
	case s.kind == Receiving:
		e.took(n, nil, e.Socket.Network == "tcp" || e.Socket.Network == "unix" || e.Socket.Network == "pipe")
	case s.kind == Sending:
		e.gave(n, max(e.Bytes, n), nil)
	case s.kind != ClosingDown:
		e.Socket = lookAt(e.Socket.FD)
	}
}
