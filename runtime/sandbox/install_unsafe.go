package sandbox

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/psx"
)

// allThreads makes a system call on every thread of the process.
func allThreads(what string, call, a, b, c uintptr) error {
	if _, _, errno := psx.Syscall6(call, a, b, c, 0, 0, 0); errno != 0 {
		return fmt.Errorf("%s: %w", what, errno)
	}
	return nil
}

// Capabilities are dropped with these; psx reads them on every thread.
var (
	capHeader = unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	capNone   [2]unix.CapUserData
)

// dropCapabilities gives up all rights beyond those of an ordinary user.
func dropCapabilities() error {
	return allThreads("drop capabilities", unix.SYS_CAPSET, uintptr(unsafe.Pointer(&capHeader)), uintptr(unsafe.Pointer(&capNone[0])), 0)
}

// filters installs the two seccomp filters on all threads. The first makes
// some calls wait for the parent, which is sent its listener; the second
// refuses what is not allowed.
//
// The first is on one thread until the listener is sent, by another: sending
// may itself be a call that waits. The second is then put on all threads,
// which brings the first along (seccomp(2), SECCOMP_FILTER_FLAG_TSYNC).
func (s setup) filters(landlock int) error {
	self := uint32(os.Getpid())
	foreign := kill
	if s.Mode == Open {
		foreign = allow
	}
	first, err := assemble(arch, questions(s.Mode, self), allow, foreign)
	if err != nil {
		return err
	}
	rules, rest := policy(s.Mode, self, s.Mode != Loopback || landlock > 0)
	second, err := assemble(arch, rules, rest, foreign)
	if err != nil {
		return err
	}
	send, sent := make(chan int), make(chan error)
	defer close(send)
	go func() {
		if fd, ok := <-send; ok {
			sent <- s.sendListener(fd)
		}
	}()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("set no_new_privs: %w", err)
	}
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER
	listener, err := install(first, flags|unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
	if err == unix.EINVAL { // before Linux 5.19: calls that wait are interrupted by Go's own signals, and come again
		listener, err = install(first, flags)
	}
	if err != nil {
		return fmt.Errorf("install a seccomp filter whose calls wait: %w", err)
	}
	send <- listener
	err = <-sent
	unix.Close(listener)
	if err != nil {
		return fmt.Errorf("send a seccomp listener: %w", err)
	}
	thread, err := install(second, unix.SECCOMP_FILTER_FLAG_TSYNC)
	if err == nil && thread != 0 {
		err = fmt.Errorf("thread %d has another filter", thread)
	}
	if err != nil {
		return fmt.Errorf("install a seccomp filter on all threads: %w", err)
	}
	return nil
}

// sendListener sends the parent the listener, and waits until it has it.
func (s setup) sendListener(fd int) error {
	if err := unix.Sendmsg(s.FD, []byte{0}, unix.UnixRights(fd), nil, 0); err != nil {
		return err
	}
	for {
		n, err := unix.Read(s.FD, make([]byte, 1))
		switch {
		case err == unix.EINTR:
		case err == nil && n == 0:
			return errors.New("the parent has ended")
		default:
			return err
		}
	}
}

func install(program []bpf.RawInstruction, flags uintptr) (int, error) {
	filter := make([]unix.SockFilter, len(program))
	for i, op := range program {
		filter[i] = unix.SockFilter{Code: op.Op, Jt: op.Jt, Jf: op.Jf, K: op.K}
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	n, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}
