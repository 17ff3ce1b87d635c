package sock

import (
	"os"
	"reflect"

	"golang.org/x/sys/unix"
)

// A process that runs cells has descriptors of its own, on which its kernel
// talks to it. For cells they are not there.

// own are the descriptors of the process's own.
var own [256]bool

// OwnDescriptors makes all descriptors that are open from first on the process's
// own: calls of cells on them fail with EBADF, and os.NewFile gives nil. It is
// called before the first cell runs.
func OwnDescriptors(first int) {
	for fd := first; fd < len(own); fd++ {
		_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		own[fd] = err == nil
	}
}

func isOwn(fd int) bool { return fd >= 0 && fd < len(own) && own[fd] }

// ownArgs tells which calls of a raw function are about the process's own
// descriptors; nil: none can be.
func ownArgs(path, name string) func(in []reflect.Value) bool {
	params, ok := descriptorParams[path+"."+name]
	if !ok {
		return nil
	}
	return func(in []reflect.Value) bool {
		for _, i := range params {
			if isOwn(descriptor(in[i])) {
				return true
			}
		}
		return sendsOwn(name, in)
	}
}

// guarded is f, a function of type t, which fails with EBADF where own says so.
func guarded(t reflect.Type, f func([]reflect.Value) []reflect.Value, own func(in []reflect.Value) bool) func([]reflect.Value) []reflect.Value {
	return func(in []reflect.Value) []reflect.Value {
		if own(in) {
			return refused(t, unix.EBADF)
		}
		return f(in)
	}
}

// descriptor is an argument that is one; -1 for what cannot be.
func descriptor(v reflect.Value) int {
	switch {
	case v.CanInt():
		return int(v.Int())
	case v.CanUint() && v.Uint() < uint64(len(own)):
		return int(v.Uint())
	}
	return -1
}

// sendsOwn tells whether one of sendmsg's functions would hand over a descriptor
// of the process's own (unix(7), SCM_RIGHTS).
func sendsOwn(name string, in []reflect.Value) bool {
	switch name {
	case "Sendmsg", "SendmsgN", "SendmsgBuffers":
	default:
		return false
	}
	messages, err := unix.ParseSocketControlMessage(in[2].Bytes())
	if err != nil {
		return false // sendmsg says so, too
	}
	for _, m := range messages {
		fds, err := unix.ParseUnixRights(&m)
		for _, fd := range fds {
			if err == nil && isOwn(fd) {
				return true
			}
		}
	}
	return false
}

// trapOnOwn tells whether a system call by its number is one on a descriptor of
// the process's own.
func trapOnOwn(trap uintptr, args ...uintptr) bool {
	for _, i := range descriptorTraps[trap] {
		if args[i] < uintptr(len(own)) && own[args[i]] {
			return true
		}
	}
	return false
}

// descriptorTraps are the system calls on descriptors that cells are allowed,
// with the arguments that are descriptors.
var descriptorTraps = map[uintptr][]int{
	unix.SYS_READ: {0}, unix.SYS_WRITE: {0}, unix.SYS_CLOSE: {0}, unix.SYS_PREAD64: {0}, unix.SYS_PWRITE64: {0}, unix.SYS_READV: {0}, unix.SYS_WRITEV: {0},
	unix.SYS_DUP: {0}, unix.SYS_DUP3: {0, 1}, unix.SYS_FCNTL: {0}, unix.SYS_IOCTL: {0}, unix.SYS_FSTAT: {0},
	unix.SYS_SENDTO: {0}, unix.SYS_RECVFROM: {0}, unix.SYS_SENDMSG: {0}, unix.SYS_RECVMSG: {0}, unix.SYS_SENDMMSG: {0}, unix.SYS_RECVMMSG: {0},
	unix.SYS_BIND: {0}, unix.SYS_CONNECT: {0}, unix.SYS_LISTEN: {0}, unix.SYS_ACCEPT: {0}, unix.SYS_ACCEPT4: {0}, unix.SYS_SHUTDOWN: {0},
	unix.SYS_GETSOCKNAME: {0}, unix.SYS_GETPEERNAME: {0}, unix.SYS_GETSOCKOPT: {0}, unix.SYS_SETSOCKOPT: {0},
	unix.SYS_EPOLL_CTL: {0, 2}, unix.SYS_EPOLL_PWAIT: {0}, unix.SYS_SPLICE: {0, 2}, unix.SYS_TEE: {0, 1}, unix.SYS_SENDFILE: {0, 1}, unix.SYS_VMSPLICE: {0},
}

// newFile is os.NewFile.
func newFile(fd uintptr, name string) *os.File {
	if fd < uintptr(len(own)) && own[fd] {
		return nil
	}
	return os.NewFile(fd, name)
}
