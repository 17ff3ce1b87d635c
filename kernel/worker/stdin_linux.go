package worker

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// A cell reads standard input when it likes: with fmt.Scan, a bufio.Reader or
// read(2) itself. The kernel must know just then, to ask the user. So the
// child installs a seccomp filter that lets every call pass but read(2) of
// descriptor 0: that one waits until the kernel, which listens, has written
// the user's line into the pipe (seccomp_unotify(2)).

// seccompData is struct seccomp_data of seccomp(2).
type seccompData struct {
	Nr                 int32
	Arch               uint32
	InstructionPointer uint64
	Args               [6]uint64
}

// seccompNotif and seccompResponse are of seccomp_unotify(2).
type seccompNotif struct {
	ID    uint64
	PID   uint32
	Flags uint32
	Data  seccompData
}

type seccompResponse struct {
	ID    uint64
	Value int64
	Error int32
	Flags uint32
}

// auditArch has the system call architectures this filter is written for.
var auditArch = map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}

// watchStdin makes reads of descriptor 0 by any thread of this process wait
// for whoever listens on the descriptor it returns.
func watchStdin() (listener int, err error) {
	arch, ok := auditArch[runtime.GOARCH]
	if !ok {
		return -1, fmt.Errorf("no filter is written for %s", runtime.GOARCH)
	}
	const argLow, argHigh = 16, 20 // offsets of args[0] in seccomp_data, little-endian
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 4, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: arch, SkipTrue: 7},
		bpf.LoadAbsolute{Off: 0, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.SYS_READ, SkipTrue: 5},
		bpf.LoadAbsolute{Off: argLow, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipTrue: 3},
		bpf.LoadAbsolute{Off: argHigh, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipTrue: 1},
		bpf.RetConstant{Val: unix.SECCOMP_RET_USER_NOTIF},
		bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW},
	})
	if err != nil {
		return -1, err
	}
	filter := make([]unix.SockFilter, len(program))
	for i, op := range program {
		filter[i] = unix.SockFilter{Code: op.Op, Jt: op.Jt, Jf: op.Jf, K: op.K}
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return -1, fmt.Errorf("set no_new_privs: %w", err)
	}
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_TSYNC | unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return -1, fmt.Errorf("install a seccomp filter: %w", errno)
	}
	return int(fd), nil
}

// listen takes the listener that came with a frame.
func (p *process) listen(oob []byte) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return
	}
	for _, m := range messages {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			continue
		}
		for _, fd := range fds {
			if p.listener < 0 {
				p.listener = fd
			} else {
				unix.Close(fd)
			}
		}
	}
}

// readsStdin handles one read of standard input. It asks the user, unless the
// pipe still holds what the user gave before.
func (p *process) readsStdin() {
	var n seccompNotif
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(p.listener), unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&n)))
	if errno != 0 {
		return // ENOENT: the reader was interrupted by a signal and comes again
	}
	listener := p.listener
	if p.unread() > 0 {
		respond(listener, seccompResponse{ID: n.ID, Flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
		return
	}
	c := p.current()
	if c == nil {
		respond(listener, seccompResponse{ID: n.ID})
		return
	}
	go func() { respond(listener, p.ask(c, n.ID)) }()
}

// ask asks the user for a line and says how the read goes on: it finds the
// line in the pipe, or it fails with ECANCELED, or it sees the end of the file.
func (p *process) ask(c *cell, id uint64) seccompResponse {
	line, err := c.out.Input(c.ctx)
	if errors.Is(err, ErrNoInput) {
		return seccompResponse{ID: id}
	}
	if err == nil {
		_, err = p.stdin.WriteString(line + "\n")
	}
	if err != nil {
		return seccompResponse{ID: id, Error: -int32(unix.ECANCELED)}
	}
	return seccompResponse{ID: id, Flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
}

// unread returns how many bytes of input the child has not read yet.
func (p *process) unread() int {
	n, err := unix.IoctlGetInt(int(p.stdin.Fd()), unix.TIOCINQ)
	if err != nil {
		return 0
	}
	return n
}

func respond(listener int, r seccompResponse) {
	unix.Syscall(unix.SYS_IOCTL, uintptr(listener), unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(&r))) // ENOENT: the reader is gone
}
