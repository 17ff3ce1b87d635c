package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
)

// Process is a child that Start started.
type Process struct {
	*Guard
	cmd *exec.Cmd
}

// Exit is how a process ended: by a signal, or else with a status.
type Exit struct {
	Status int
	Signal syscall.Signal
}

// A child ends when the thread that made it ends (PR_SET_PDEATHSIG follows the
// thread, prctl(2)), so all are made by one thread that never ends.
var forks = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// tried has the modes that are not possible here, and why.
var tried struct {
	sync.Mutex
	why map[Mode]error
}

// Start starts a command and waits until it is confined. It tries the modes of
// c in turn, and remembers which are not possible. The child ends when this
// process does. The caller must call Serve and Wait.
func Start(command Command, c Config) (*Process, error) {
	modes := c.Modes
	if modes == nil {
		modes = DefaultModes
	}
	var reasons []string
	failed := map[Mode]error{}
	var errs []error
	for _, mode := range modes {
		tried.Lock()
		err := tried.why[mode]
		tried.Unlock()
		if err == nil {
			var p *Process
			if p, err = startIn(mode, command, c); err == nil {
				p.report.Tried = reasons
				remember(failed)
				return p, nil
			}
			failed[mode] = err
		}
		errs = append(errs, fmt.Errorf("mode %s: %w", mode, err))
		reasons = append(reasons, errs[len(errs)-1].Error())
	}
	return nil, fmt.Errorf("start %s: %w", command.Argv[0], errors.Join(errs...))
}

// remember keeps why modes failed where another then did not: it was not the
// program's fault.
func remember(failed map[Mode]error) {
	tried.Lock()
	defer tried.Unlock()
	if tried.why == nil {
		tried.why = map[Mode]error{}
	}
	maps.Copy(tried.why, failed)
}

func startIn(mode Mode, command Command, c Config) (*Process, error) {
	confinement, err := Prepare(mode, c, len(command.Files))
	if err != nil {
		return nil, err
	}
	defer confinement.Close()
	cmd := &exec.Cmd{Path: command.Argv[0], Args: command.Argv, Dir: command.Dir}
	cmd.Env = append(slices.Clone(command.Env), confinement.Env())
	files := append(slices.Clone(command.Files), confinement.File())
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = files[0], files[1], files[2], files[3:]
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: !command.Terminal, Pdeathsig: syscall.SIGKILL}
	confine(mode, cmd.SysProcAttr)
	closeOnExec()
	done := make(chan error)
	forks() <- func() { done <- cmd.Start() }
	if err := <-done; err != nil {
		return nil, explain(mode, err)
	}
	guard, err := confinement.Wait(cmd.Process.Pid)
	if err != nil {
		cmd.Process.Kill()
		cmd.Wait()
		return nil, err
	}
	return &Process{Guard: guard, cmd: cmd}, nil
}

// explain says what stands in the way of namespaces, where an error may have
// come from that.
func explain(mode Mode, err error) error {
	for _, refusal := range []error{unix.EPERM, unix.ENOSPC, unix.EUSERS, unix.EINVAL, unix.ENOSYS} {
		if mode == Namespaces && errors.Is(err, refusal) {
			return netns.Explain("make namespaces", err)
		}
	}
	return err
}

// CloseOnExec keeps from children the descriptors that this process inherited;
// Go's own are kept from them anyway. Start calls it. It must be called before
// a process is started that starts confined ones in its turn, as a lab does.
func CloseOnExec() { closeOnExec() }

var closeOnExec = sync.OnceFunc(func() {
	if unix.CloseRange(3, 1<<30, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return
	}
	for fd := 3; fd < 1024; fd++ { // before Linux 5.11
		unix.CloseOnExec(fd)
	}
})

// PID is the process's number in this process's /proc.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Signal sends the process a signal.
func (p *Process) Signal(sig syscall.Signal) error { return p.cmd.Process.Signal(sig) }

// Wait waits for the process's end and for Serve's, and removes what the
// process left. It is called once.
func (p *Process) Wait() (Exit, error) {
	p.cmd.Wait() // its error is the status, which comes next
	err := p.Clean()
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return Exit{Status: p.cmd.ProcessState.ExitCode()}, err
	}
	if sig := p.Died(); sig != 0 {
		return Exit{Signal: sig}, err
	}
	return Exit{Signal: status.Signal()}, err
}

// What a process in mode [LabHost] is made with (clone(2), capabilities(7)), by
// a thread that is in the host's network. In its user namespace it is UID.
const (
	HostClone = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWCGROUP
	UID       = 1000
)

// HostAmbient are the capabilities that it is started with, and gives up in
// Enter: its program is not root, and builds its own place.
var HostAmbient = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_SETPCAP, unix.CAP_SYS_RESOURCE}

// confine adds to attr what a process in this mode is made with.
func confine(mode Mode, attr *syscall.SysProcAttr) {
	if mode != Namespaces {
		return
	}
	attr.Cloneflags |= HostClone | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWUTS
	attr.AmbientCaps = append([]uintptr{unix.CAP_NET_ADMIN}, HostAmbient...)
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: UID, HostID: os.Geteuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: UID, HostID: os.Getegid(), Size: 1}}
}

// Confinement is that of one process that is about to be started, by this
// process or, in mode LabHost, by another. The process gets its File and its
// Env; then Wait.
type Confinement struct {
	setup        setup
	ours, theirs *os.File
	temp         *tempDir // mode Loopback
}

// Prepare prepares to confine a process. fd is the descriptor that it finds
// File at. The caller must call Close.
func Prepare(mode Mode, c Config, fd int) (*Confinement, error) {
	x := &Confinement{setup: setup{Mode: mode, FD: fd, Memory: c.Memory, Hostname: c.Hostname}}
	if x.setup.Hostname == "" && mode == Namespaces {
		x.setup.Hostname = "lab"
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("make a socket pair: %w", err)
	}
	x.ours, x.theirs = os.NewFile(uintptr(pair[0]), "confinement"), os.NewFile(uintptr(pair[1]), "confinement")
	if mode == Loopback {
		if err := loopbackWorks(); err != nil {
			return nil, errors.Join(err, x.Close())
		}
		if x.temp, err = newTempDir(); err != nil {
			return nil, errors.Join(err, x.Close())
		}
		x.setup.Temp = x.temp.path
	}
	return x, nil
}

// File is for the child.
func (x *Confinement) File() *os.File { return x.theirs }

// Env is for the child's environment.
func (x *Confinement) Env() string {
	text, err := json.Marshal(x.setup)
	if err != nil {
		return setupEnv + "=" + err.Error() // cannot be; the child would refuse it
	}
	return setupEnv + "=" + string(text)
}

// Close lets go of what Wait did not hand over.
func (x *Confinement) Close() error {
	err := errors.Join(x.ours.Close(), x.closeTheirs())
	if x.temp != nil {
		err = errors.Join(err, x.temp.remove())
	}
	return err
}

func (x *Confinement) closeTheirs() error {
	if err := x.theirs.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

// Wait waits until the process is confined. It is called when the process was
// started; pid is its number here, or 0 if that is not known.
func (x *Confinement) Wait(pid int) (*Guard, error) {
	x.closeTheirs() // so that the process's end is seen
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { unix.Shutdown(int(x.ours.Fd()), unix.SHUT_RDWR) })
	defer stop()
	var g *Guard
	buf, oob := make([]byte, 16<<10), make([]byte, unix.CmsgSpace(4))
	for {
		n, oobn, _, _, err := unix.Recvmsg(int(x.ours.Fd()), buf, oob, unix.MSG_CMSG_CLOEXEC)
		switch {
		case err == unix.EINTR:
			continue
		case err == nil && oobn > 0 && g == nil:
			if listener := rights(oob[:oobn]); listener >= 0 {
				g = newGuard(x.setup.Mode, listener, pid, x.temp)
				_, err = unix.Write(int(x.ours.Fd()), []byte{0}) // it goes on
			}
			if err == nil {
				continue
			}
		case err == nil && n > 0:
			var note confined
			if err = json.Unmarshal(buf[:n], &note); err == nil && note.Error != "" {
				err = errors.New(note.Error)
			}
			if err == nil && g != nil {
				note.Report.Lacks = append(note.Report.Lacks, g.report.Lacks...)
				g.report = note.Report
				x.temp = nil
				return g, nil
			}
		}
		if g != nil {
			g.close()
		}
		switch {
		case ctx.Err() != nil:
			err = fmt.Errorf("it took more than %v", startWait)
		case err == nil:
			err = errors.New("it ended before")
		}
		return nil, fmt.Errorf("confine a process: %w", err)
	}
}

// rights returns the descriptor that came with a message, or -1.
func rights(oob []byte) int {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil || len(messages) == 0 {
		return -1
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) == 0 {
		return -1
	}
	return fds[0]
}

// tempDir is a directory for a process that has no file system of its own. A
// lock tells that it is in use: those whose user died are removed by the next.
type tempDir struct {
	path string
	dir  int // its descriptor
}

const tempPattern = "sockbook-cells-"

func newTempDir() (*tempDir, error) {
	removeStale()
	path, err := os.MkdirTemp("", tempPattern)
	if err != nil {
		return nil, fmt.Errorf("make a temporary directory: %w", err)
	}
	dir, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), os.Remove(path))
	}
	t := &tempDir{path, dir}
	if err := unix.Flock(dir, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), t.remove())
	}
	return t, nil
}

func (t *tempDir) remove() error { return errors.Join(os.RemoveAll(t.path), unix.Close(t.dir)) }

// removeStale removes the directories that nobody holds. It may fail, as when
// they are another user's.
func removeStale() {
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tempPattern) || !e.IsDir() {
			continue
		}
		path := os.TempDir() + "/" + e.Name()
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue // it may be about to be locked
		}
		dir, err := os.Open(path)
		if err != nil {
			continue
		}
		if unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			os.RemoveAll(path)
		}
		dir.Close()
	}
}
