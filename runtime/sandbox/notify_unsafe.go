package sandbox

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// notification and response are struct seccomp_notif and seccomp_notif_resp of
// seccomp_unotify(2).
type notification struct {
	ID    uint64
	PID   uint32 // of the thread, as this process sees it
	Flags uint32
	Data  struct {
		Call               int32
		Arch               uint32
		InstructionPointer uint64
		Args               [6]uint64
	}
}

type response struct {
	ID    uint64
	Value int64
	Error int32
	Flags uint32
}

// addition is struct seccomp_notif_addfd.
type addition struct {
	ID         uint64
	Flags      uint32
	Source     uint32
	Descriptor uint32
	FDFlags    uint32
}

// receive takes a call that waits. There may be none: it was interrupted.
func receive(listener uintptr) (n notification, ok bool) {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, listener, unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&n)))
	return n, errno == 0
}

// respond lets a call return. It fails if that does not wait any more, which is
// as well.
func (g *Guard) respond(r response) {
	g.control(unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&r))
}

// valid tells whether a call still waits.
func (g *Guard) valid(id uint64) bool {
	return g.control(unix.SECCOMP_IOCTL_NOTIF_ID_VALID, unsafe.Pointer(&id)) == 0
}

// giveDescriptor makes a call return a descriptor that is a copy of fd.
func (g *Guard) giveDescriptor(id uint64, fd int, closeOnExec bool) {
	a := addition{ID: id, Flags: unix.SECCOMP_ADDFD_FLAG_SEND, Source: uint32(fd)}
	if closeOnExec {
		a.FDFlags = unix.O_CLOEXEC
	}
	errno := g.control(unix.SECCOMP_IOCTL_NOTIF_ADDFD, unsafe.Pointer(&a))
	if errno == unix.EINVAL { // before Linux 5.14 this takes two steps
		a.Flags = 0
		var made uintptr
		if made, errno = g.controlValue(unix.SECCOMP_IOCTL_NOTIF_ADDFD, unsafe.Pointer(&a)); errno == 0 {
			g.respond(response{ID: id, Value: int64(made)})
		}
	}
	if errno != 0 {
		g.fail(id, errno)
	}
}

func (g *Guard) control(request uint, arg unsafe.Pointer) unix.Errno {
	_, errno := g.controlValue(request, arg)
	return errno
}

func (g *Guard) controlValue(request uint, arg unsafe.Pointer) (value uintptr, errno unix.Errno) {
	conn, err := g.listener.SyscallConn()
	if err != nil {
		return 0, unix.EBADF
	}
	err = conn.Control(func(fd uintptr) {
		value, _, errno = unix.Syscall(unix.SYS_IOCTL, fd, uintptr(request), uintptr(arg))
	})
	if err != nil {
		return 0, unix.EBADF
	}
	return value, errno
}

// connect and send are connect(2), sendto(2) and sendmsg(2) with addresses as
// the child wrote them. They block, unless the socket does not.
func connect(fd int, address []byte) unix.Errno {
	_, _, errno := unix.Syscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(address))), uintptr(len(address)))
	return errno
}

func send(fd int, data, address, control []byte, flags int) (int, unix.Errno) {
	iov := unix.Iovec{Base: unsafe.SliceData(data)}
	iov.SetLen(len(data))
	m := unix.Msghdr{Name: unsafe.SliceData(address), Namelen: uint32(len(address)), Iov: &iov, Control: unsafe.SliceData(control)}
	m.SetIovlen(1)
	m.SetControllen(len(control))
	n, _, errno := unix.Syscall(unix.SYS_SENDMSG, uintptr(fd), uintptr(unsafe.Pointer(&m)), uintptr(flags|unix.MSG_NOSIGNAL))
	return int(n), errno
}
