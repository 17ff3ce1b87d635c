package sandbox

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// Guard answers the calls of a confined process that wait for its parent: each
// read(2) of descriptor 0; in mode Namespaces, signals by which it would end
// itself; in mode Loopback, what makes sockets and names their peers; and calls
// that are refused, so that it can be said why.
//
// Serve is one goroutine; calls that may block have one each, which end with
// the process.
type Guard struct {
	report   Report
	listener *os.File
	temp     *tempDir      // mode Loopback
	served   chan struct{} // closed when Serve has ended
	died     atomic.Int32
	loopback *loopback // mode Loopback
	mode     Mode

	refusing sync.Mutex
	refusals []Refusal // not yet taken
}

// maxRefusals is how many refusals are kept until somebody takes them.
const maxRefusals = 16

// Refusals takes what the process was refused since the last time, each call
// once. A refusal is there before the call returns.
func (g *Guard) Refusals() []Refusal {
	g.refusing.Lock()
	defer g.refusing.Unlock()
	taken := g.refusals
	g.refusals = nil
	return taken
}

func (g *Guard) remember(r Refusal) {
	g.refusing.Lock()
	defer g.refusing.Unlock()
	if len(g.refusals) < maxRefusals && !slices.Contains(g.refusals, r) {
		g.refusals = append(g.refusals, r)
	}
}

func newGuard(mode Mode, listener, pid int, temp *tempDir) *Guard {
	unix.SetNonblock(listener, true)
	g := &Guard{listener: os.NewFile(uintptr(listener), "seccomp"), temp: temp, served: make(chan struct{}), mode: mode}
	if mode == Loopback {
		g.loopback = newLoopback(g, pid, temp)
		if g.loopback.lack != "" {
			g.report.Lacks = append(g.report.Lacks, g.loopback.lack)
		}
	}
	return g
}

// close lets go of what the guard has.
func (g *Guard) close() {
	g.listener.Close()
	if g.loopback != nil {
		g.loopback.close()
	}
}

// Report says what is in force.
func (g *Guard) Report() Report { return g.report }

// Read is a read(2) of descriptor 0 that waits. One of its methods must be
// called, once.
type Read struct {
	g  *Guard
	id uint64
}

// Go lets the call go on: it reads what is there.
func (r Read) Go() {
	r.g.respond(response{ID: r.id, Flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
}

// EOF makes it return 0.
func (r Read) EOF() { r.g.respond(response{ID: r.id}) }

// Fail makes it return an error.
func (r Read) Fail(e syscall.Errno) { r.g.fail(r.id, e) }

// Serve answers calls until the process has ended, and hands reads of
// descriptor 0 to read, which must not block. It must be called, once.
func (g *Guard) Serve(read func(Read)) error {
	defer close(g.served)
	defer g.close()
	conn, err := g.listener.SyscallConn()
	if err != nil {
		return fmt.Errorf("wait for a process's calls: %w", err)
	}
	var gone bool
	for !gone {
		err := conn.Read(func(fd uintptr) bool {
			for {
				set := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
				if n, err := unix.Poll(set, 0); err != nil || n == 0 {
					return err != nil && err != unix.EINTR
				}
				if set[0].Revents&unix.POLLIN == 0 {
					gone = true
					return true
				}
				if n, ok := receive(fd); ok {
					g.handle(n, read)
				}
			}
		})
		if err != nil {
			return fmt.Errorf("wait for a process's calls: %w", err)
		}
	}
	return nil
}

func (g *Guard) handle(n notification, read func(Read)) {
	switch n.Data.Call {
	case unix.SYS_READ:
		read(Read{g, n.ID})
	case unix.SYS_KILL:
		g.signal(n, syscall.Signal(n.Data.Args[1]))
	case unix.SYS_TGKILL:
		g.signal(n, syscall.Signal(n.Data.Args[2]))
	case unix.SYS_SOCKET:
		if errno := socketRefusal(g.mode, n.Data.Args); errno != 0 || g.loopback == nil {
			g.refuse(n, max(errno, unix.EPERM))
			return
		}
		g.loopback.handle(n)
	case unix.SYS_CONNECT, unix.SYS_SENDTO, unix.SYS_SENDMSG:
		if g.loopback == nil {
			g.refuse(n, unix.EPERM)
			return
		}
		g.loopback.handle(n)
	default:
		g.refuse(n, unix.EPERM)
	}
}

func (g *Guard) fail(id uint64, e syscall.Errno) {
	g.respond(response{ID: id, Error: -int32(e)})
}

// signal does for the first process of a pid namespace what a signal to itself
// would do to another: the kernel keeps it from ending that way
// (pid_namespaces(7)).
func (g *Guard) signal(n notification, sig syscall.Signal) {
	pid, caught, err := disposition(n.PID, sig)
	if err != nil || caught || !g.valid(n.ID) {
		g.respond(response{ID: n.ID, Flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
		return
	}
	if sig == unix.SIGSTOP {
		g.respond(response{ID: n.ID})
		unix.Kill(pid, sig)
		return
	}
	g.died.Store(int32(sig))
	unix.Kill(pid, unix.SIGKILL)
}

// Died returns the signal by which the process ended itself, where the system
// tells of another one; 0: none.
func (g *Guard) Died() syscall.Signal { return syscall.Signal(g.died.Load()) }

// disposition returns the process of a thread, and whether it catches or
// ignores a signal (proc_pid_status(5)).
func disposition(thread uint32, sig syscall.Signal) (pid int, caught bool, err error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", thread))
	if err != nil {
		return 0, false, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimSpace(value)
		switch name {
		case "Tgid":
			pid, err = strconv.Atoi(value)
		case "SigCgt", "SigIgn":
			var mask uint64
			mask, err = strconv.ParseUint(value, 16, 64)
			caught = caught || mask&(1<<(sig-1)) != 0
		}
		if err != nil {
			return 0, false, err
		}
	}
	return pid, caught, lines.Err()
}

// Disk returns how many bytes the process has in its temporary directory, where
// that has no limit of its own: the caller is to end the process when it is
// more than MaxDisk.
func (g *Guard) Disk() int64 {
	if g.temp == nil {
		return 0
	}
	var sum int64
	filepath.WalkDir(g.temp.path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it is being removed
		}
		if info, err := d.Info(); err == nil {
			if st, ok := info.Sys().(*syscall.Stat_t); ok {
				sum += st.Blocks * 512
			}
		}
		return nil
	})
	return sum
}

// Clean waits for Serve's end and removes what the process left. It is called
// once, when the process has ended.
func (g *Guard) Clean() error {
	<-g.served
	if g.temp == nil {
		return nil
	}
	if err := g.temp.remove(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a temporary directory: %w", err)
	}
	return nil
}
