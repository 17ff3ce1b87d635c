package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
)

// maxProcesses bounds the processes that Start may have running in a lab.
const maxProcesses = 512

// procs has the processes that were started in hosts. As PID 1 the lab also
// waits for those that these left behind.
type procs struct {
	exited func(pid int, e Exit)

	mu      sync.Mutex // from before a process is made until it is in the table
	table   map[int]*host
	changed chan struct{} // closed when a process ends
}

// newProcs starts a goroutine that waits for children for as long as the
// process lives.
func newProcs(exited func(int, Exit)) *procs {
	p := &procs{exited: exited, table: map[int]*host{}, changed: make(chan struct{})}
	sigs := make(chan os.Signal, 1)
	signal.Notify(sigs, unix.SIGCHLD)
	go func() {
		for range sigs {
			for p.reap() {
			}
		}
	}()
	return p
}

// reap takes one ended child, and tells whether there was one.
func (p *procs) reap() bool {
	var ws unix.WaitStatus
	pid, err := unix.Wait4(-1, &ws, unix.WNOHANG, nil)
	if err == unix.EINTR {
		return true
	}
	if err != nil || pid <= 0 {
		return false
	}
	e := Exit{Code: ws.ExitStatus()}
	if ws.Signaled() {
		e = Exit{Signal: ws.Signal()}
	}
	p.mu.Lock()
	_, ours := p.table[pid]
	delete(p.table, pid)
	close(p.changed)
	p.changed = make(chan struct{})
	p.mu.Unlock()
	if ours {
		p.exited(pid, e)
	}
	return true
}

// in returns the pids of a host's processes.
func (p *procs) in(h *host) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pids []int
	for pid, x := range p.table {
		if x == h {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}

func (p *procs) signal(pid int, sig syscall.Signal) error {
	p.mu.Lock() // so that the pid is not another's by now
	defer p.mu.Unlock()
	if p.table[pid] == nil {
		return &Error{Msg: fmt.Sprintf("there is no process %d", pid), Err: unix.ESRCH}
	}
	return os.NewSyscallError("kill", unix.Kill(pid, sig))
}

// signalAll signals all processes of a host, also those that its processes
// started and that are known only by being in its network.
func (p *procs) signalAll(h *host, sig syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pid := range p.allLocked(h) {
		unix.Kill(pid, sig) // it may be gone already
	}
}

// allLocked returns the pids of the processes in a host's network.
func (p *procs) allLocked(h *host) []int {
	var pids []int
	for pid, x := range p.table {
		if x == h {
			pids = append(pids, pid)
		}
	}
	if h.net == nil || !ownProc() {
		return pids
	}
	want := fmt.Sprintf("net:[%d]", inode(h.net.Fd()))
	dirs, _ := filepath.Glob("/proc/[0-9]*/ns/net") // the pattern is right
	for _, d := range dirs {
		ns, err := os.Readlink(d)
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(d))))
		if err == nil && ns == want && pid > 1 && !slices.Contains(pids, pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// ownProc tells whether /proc shows the pids of the lab.
func ownProc() bool {
	self, err := os.Readlink("/proc/self")
	return err == nil && self == "1"
}

func inode(fd int) uint64 {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0
	}
	return st.Ino
}

// wait waits until no process of the host is left, and returns how many are if
// ctx ends first.
func (p *procs) wait(ctx context.Context, h *host) int {
	for {
		p.mu.Lock()
		n, changed := len(p.allLocked(h)), p.changed
		p.mu.Unlock()
		if n == 0 {
			return 0
		}
		select {
		case <-changed:
		case <-time.After(5 * time.Millisecond): // one that is not our child
		case <-ctx.Done():
			return n
		}
	}
}

// start starts a process in a host. It owns files.
func (w *world) start(a startArgs, files []*os.File) (any, []*os.File, error) {
	defer closeAll(files)
	h, err := w.host(a.Host)
	if err != nil {
		return nil, nil, err
	}
	if len(a.Argv) == 0 || len(a.Files) > maxFiles {
		return nil, nil, &Error{Msg: "start a process: no program, or too many files"}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.isOn(); err != nil {
		return nil, nil, err
	}
	null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("start %s: %w", a.Argv[0], err)
	}
	defer null.Close()
	attr, err := processAttr(a, files, null)
	if err != nil {
		return nil, nil, err
	}
	pid, pidfd, err := w.procs.fork(h, a.Argv, attr)
	if err != nil {
		return nil, nil, fmt.Errorf("start %s on %s: %w", a.Argv[0], a.Host, err)
	}
	if err := h.plugged(); err != nil {
		return nil, nil, errors.Join(err, w.procs.signal(pid, unix.SIGKILL), closeFd(pidfd))
	}
	if pidfd < 0 {
		return startResult{PID: pid}, nil, nil
	}
	return startResult{PID: pid}, []*os.File{os.NewFile(uintptr(pidfd), "pidfd")}, nil
}

// processAttr lays out the descriptors.
func processAttr(a startArgs, files []*os.File, null *os.File) (*syscall.ProcAttr, error) {
	attr := &syscall.ProcAttr{Dir: a.Dir, Env: a.Env, Sys: &syscall.SysProcAttr{Setsid: true}}
	if attr.Dir == "" {
		attr.Dir = "/"
	}
	if attr.Env == nil {
		attr.Env = []string{}
	}
	if i := a.Isolate; i != nil {
		if i.Clone&unix.CLONE_NEWNET != 0 {
			return nil, &Error{Msg: "a process with a network of its own would be in no host"}
		}
		attr.Sys.Cloneflags, attr.Sys.AmbientCaps = i.Clone, i.Ambient
		if i.Clone&unix.CLONE_NEWUSER != 0 {
			attr.Sys.UidMappings = []syscall.SysProcIDMap{{ContainerID: i.UID, HostID: 0, Size: 1}}
			attr.Sys.GidMappings = []syscall.SysProcIDMap{{ContainerID: i.GID, HostID: 0, Size: 1}}
		}
	}
	for i := range max(len(a.Files), 3) {
		f := null
		if i < len(a.Files) && a.Files[i] {
			if len(files) == 0 {
				return nil, errProtocol
			}
			f, files = files[0], files[1:]
		}
		fd, err := descriptor(f)
		if err != nil {
			return nil, err
		}
		attr.Files = append(attr.Files, uintptr(fd))
	}
	return attr, nil
}

// fork makes the process on a thread that is in the host.
func (p *procs) fork(h *host, argv []string, attr *syscall.ProcAttr) (pid, pidfd int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.table) >= maxProcesses {
		return 0, -1, &Error{Msg: fmt.Sprintf("more than %d processes", maxProcesses)}
	}
	pidfd = -1
	attr.Sys.PidFD = &pidfd
	err = netns.Do(func() (err error) {
		pid, err = syscall.ForkExec(argv[0], argv, attr)
		return err
	}, h.name, h.net)
	if err != nil {
		return 0, -1, errors.Join(err, closeFd(pidfd))
	}
	p.table[pid] = h
	return pid, pidfd, nil
}

func closeFd(fd int) error {
	if fd < 0 {
		return nil
	}
	return unix.Close(fd)
}
