// Package lab builds a network in miniature: hosts with real Linux TCP, each a
// network namespace, joined by a hub in user space; processes in them; and the
// faults that can befall them.
//
// Describe it by a Config, bring it up with Up, and use the Lab: Start
// processes in hosts, Crash, Reboot and Shutdown hosts, Cut links and add
// rules, list Sockets, read the captured frames. Down removes everything; so
// does the end of the calling process. No privilege is needed where user
// namespaces are allowed; where not, Up's error is a *netns.NotAllowedError.
//
// Everything lives in one process, the lab, which is PID 1 of its own
// namespaces. It is a program that calls Main: by default the running one,
// started with the single argument "netns".
//
// The package does not confine the processes (they have all rights inside the
// lab), does not draw, and runs no code of the hosts' itself.
package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
	"sockbook/runtime/wire"
)

// Argument is the argument that the own binary is started with to be a lab.
const Argument = "netns"

// MaxHosts is the number of hosts that a lab can have.
const MaxHosts = 200

// Config describes a lab. It is inert; Up builds the live lab from it.
type Config struct {
	// Hosts are made in this order.
	Hosts []Host
	// Sysctl has settings for every host, by the names that Sysctls lists or
	// their full ones.
	Sysctl map[string]string
	// Rules are the faults to begin with.
	Rules []wire.Rule
	// Isolate says that processes will be started with Command.Isolate, so that
	// Up fails where that cannot be: it takes a /proc of the lab's own.
	Isolate bool
	// Command is the program that calls Main, with its arguments. Nil means
	// the running binary with Argument.
	Command []string
}

// Host describes a host.
type Host struct {
	// Name is a name that wire.HostName allows.
	Name string
	// Number makes the host's addresses: 10.0.0.Number, fd00::Number, MAC
	// 02:00:00:00:00:Number. Zero means the lowest that is free; the first
	// host is 1. At most MaxHosts.
	Number int
	// Sysctl has settings for this host, after those of the Config.
	Sysctl map[string]string
}

// HostInfo is what a lab says about a host.
type HostInfo struct {
	Name       string
	IPv4, IPv6 netip.Addr
	LinkLocal  netip.Addr // fe80::Number
	MAC        string
	Power      Power
	Boots      int               // how often it was started, 1 for the first time
	Sysctl     map[string]string // what was set, by full name
	Processes  []int             // the pids of those that Start started and that run
}

// Power is whether a host runs.
type Power string

// What can be with a host.
const (
	On      Power = "up"
	Crashed Power = "crashed"
	Off     Power = "shut down"
)

// Error is a mistake in the use of a lab: what is wrong, and what would be
// right.
type Error struct {
	Msg  string
	Hint string // may be empty
	Err  error  // what the system said, if it did
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

func (e *Error) Unwrap() error { return e.Err }

// ErrDown is the error of everything that is asked of a lab that has ended.
var ErrDown = errors.New("the lab has ended")

// Lab is a live lab. Its methods may be called by several goroutines.
//
// Goroutines, from Up on: one reads what the lab process sends, one keeps the
// last of what it writes to standard error, one holds the thread that started
// it (see netns.Start). All end with the lab process.
type Lab struct {
	conn  *conn
	child *netns.Child
	diary *tail
	done  chan struct{} // closed when the lab has ended and why is set
	why   error

	mu      sync.Mutex
	last    uint64
	pending map[uint64]chan<- message
	procs   map[int]*Process
	early   map[int]Exit // ends that came before Start's answer was seen
	lacks   []string
}

// maskedHint is what to do about a /proc of which a container hides parts.
const maskedHint = "start the container with a whole /proc: docker run --security-opt systempaths=unconfined; podman run --security-opt unmask=ALL"

// Up builds the lab. If it fails, or if ctx ends before it is built, nothing
// of it is left. The error is a *netns.NotAllowedError where namespaces are not
// allowed.
func Up(ctx context.Context, c Config) (*Lab, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	l, err := start(c.Command)
	if err != nil {
		return nil, err
	}
	if err := l.build(ctx, c); err != nil {
		// The description is refused or the system refuses: either way, the
		// rest goes, and with the caller's error.
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		return nil, errors.Join(err, l.Down(closing))
	}
	return l, nil
}

func (l *Lab) build(ctx context.Context, c Config) error {
	var hello helloResult
	if err := l.call(ctx, opHello, nil, &hello); err != nil {
		return err
	}
	l.lacks = hello.Lacks
	if c.Isolate && !hello.OwnProc {
		return &netns.NotAllowedError{Op: "give the lab a /proc of its own", Err: unix.EPERM,
			Missing: "parts of this place's /proc are hidden, as in a container, and then no other may be mounted", Hint: maskedHint}
	}
	for _, h := range c.Hosts {
		all := map[string]string{}
		for _, m := range []map[string]string{c.Sysctl, h.Sysctl} {
			for k, v := range m {
				all[k] = v
			}
		}
		h.Sysctl = all
		if _, err := l.AddHost(ctx, h); err != nil {
			return err
		}
	}
	for _, r := range c.Rules {
		if err := l.AddRule(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// check finds what can be found wrong without a lab.
func (c Config) check() error {
	seen := map[string]bool{}
	for _, h := range c.Hosts {
		if seen[h.Name] {
			return &Error{Msg: fmt.Sprintf("host %q is described twice", h.Name)}
		}
		seen[h.Name] = true
		if err := h.check(); err != nil {
			return err
		}
	}
	return nil
}

func (h Host) check() error {
	if !wire.HostName(h.Name) {
		return &Error{Msg: fmt.Sprintf("%q cannot be the name of a host", h.Name),
			Hint: "small letters, digits and -, at most 32, a letter first, and no word of the rules such as \"next\""}
	}
	if h.Number < 0 || h.Number > MaxHosts {
		return &Error{Msg: fmt.Sprintf("host %s: number %d", h.Name, h.Number), Hint: fmt.Sprintf("from 1 to %d", MaxHosts)}
	}
	for name := range h.Sysctl {
		if _, err := sysctlPath(name); err != nil {
			return err
		}
	}
	return nil
}

// start starts the lab process, without hosts.
func start(command []string) (*Lab, error) {
	if command == nil {
		command = []string{"/proc/self/exe", Argument}
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("make the lab's socket: %w", os.NewSyscallError("socketpair", err))
	}
	theirs := os.NewFile(uintptr(fds[1]), "lab")
	defer theirs.Close()
	own, err := newConn(os.NewFile(uintptr(fds[0]), "lab"))
	if err != nil {
		return nil, err
	}
	l := &Lab{conn: own, diary: &tail{}, done: make(chan struct{}),
		pending: map[uint64]chan<- message{}, procs: map[int]*Process{}, early: map[int]Exit{}}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.Stderr = l.diary
	cmd.Dir = "/"
	// A terminal's ^C is for the parent.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if l.child, err = netns.Start(cmd); err != nil {
		return nil, errors.Join(err, own.Close())
	}
	go l.read()
	return l, nil
}

// Down ends the lab: processes are killed, hosts and links removed, last made
// first. It is no error if the lab has ended before. If ctx ends first, the lab
// process is killed, which has the same effect.
func (l *Lab) Down(ctx context.Context) error {
	err := l.call(ctx, opDown, nil, nil)
	if errors.Is(err, ErrDown) {
		err = nil
	}
	errs := []error{err}
	if err := l.conn.CloseWrite(); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, unix.ENOTCONN) {
		errs = append(errs, err)
	}
	select {
	case <-l.child.Done:
	case <-ctx.Done():
		errs = append(errs, ctx.Err(), unix.Kill(l.child.Pid, unix.SIGKILL))
		<-l.child.Done
	}
	<-l.done
	return errors.Join(errs...)
}

// Done is closed when the lab has ended, by Down or by itself; Err says how.
func (l *Lab) Done() <-chan struct{} { return l.done }

// Err returns nil while the lab runs, then ErrDown, wrapped if it did not end by
// Down.
func (l *Lab) Err() error {
	select {
	case <-l.done:
		return l.why
	default:
		return nil
	}
}

// Pid is the id of the lab process.
func (l *Lab) Pid() int { return l.child.Pid }

// Lacks says, in words, what this place does not allow in a lab that works
// otherwise; for example, that sysctls cannot be set.
func (l *Lab) Lacks() []string { return l.lacks }

// read takes answers and events from the lab process until it ends.
func (l *Lab) read() {
	for {
		m, err := l.conn.receive()
		if err != nil {
			l.end()
			return
		}
		l.take(m)
	}
}

func (l *Lab) take(m message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.Exited != nil {
		if p := l.procs[m.Exited.PID]; p != nil {
			delete(l.procs, p.PID)
			p.ended(m.Exited.Exit)
		} else {
			l.early[m.Exited.PID] = m.Exited.Exit
		}
		return
	}
	if answer := l.pending[m.ID]; answer != nil {
		delete(l.pending, m.ID)
		answer <- m
		return
	}
	closeAll(m.files) // nobody waits any more
}

// end tells everybody that waits that the lab is no more.
func (l *Lab) end() {
	l.conn.Close()
	<-l.child.Done
	l.mu.Lock()
	defer l.mu.Unlock()
	l.why = ErrDown
	if l.child.Err != nil {
		l.why = fmt.Errorf("%w: %w%s", ErrDown, l.child.Err, l.diary.lastLines())
	}
	for _, p := range l.procs {
		p.ended(Exit{Signal: unix.SIGKILL})
	}
	l.procs = nil
	close(l.done)
}

// call asks the lab process for something and waits for the answer. result may
// be nil; files are sent along, and those of the answer returned through it.
func (l *Lab) call(ctx context.Context, o op, args, result any, files ...*os.File) error {
	_, err := l.callMessage(ctx, o, args, result, files)
	return err
}

// callMessage is call for who needs what came beside the result.
func (l *Lab) callMessage(ctx context.Context, o op, args, result any, files []*os.File) (message, error) {
	answer := make(chan message, 1)
	l.mu.Lock()
	l.last++
	id := l.last
	l.pending[id] = answer
	l.mu.Unlock()
	m := message{ID: id, Op: o, files: files}
	if err := m.encode(args); err != nil {
		return m, fmt.Errorf("lab %s: %w", o, err)
	}
	if err := l.conn.send(m); err != nil {
		return m, l.broken(o, err)
	}
	select {
	case m := <-answer:
		if m.Error != nil {
			closeAll(m.files)
			return m, m.Error.decode()
		}
		return m, m.decode(result)
	case <-ctx.Done():
		l.mu.Lock()
		delete(l.pending, id)
		l.mu.Unlock()
		l.conn.send(message{ID: id, Op: opCancel}) // if this fails, the lab has ended
		return m, ctx.Err()
	case <-l.done:
		return m, l.why
	}
}

// broken makes an error of a failed send: mostly, the lab has just ended.
func (l *Lab) broken(o op, err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET) {
		<-l.done
		return l.why
	}
	return fmt.Errorf("lab %s: %w", o, err)
}

// tail keeps the end of what is written to it.
type tail struct {
	mu  sync.Mutex
	end []byte
}

const tailSize = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, b...)
	if n := len(t.end) - tailSize; n > 0 {
		t.end = bytes.Clone(t.end[n:])
	}
	return len(b), nil
}

// lastLines returns it, to follow an error.
func (t *tail) lastLines() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.end) == 0 {
		return ""
	}
	return "\n" + string(bytes.TrimSpace(t.end))
}
