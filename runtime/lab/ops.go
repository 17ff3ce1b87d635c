package lab

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"

	"sockbook/runtime/wire"
)

// AddHost adds a host and starts it.
func (l *Lab) AddHost(ctx context.Context, h Host) (HostInfo, error) {
	var info HostInfo
	if err := h.check(); err != nil {
		return info, err
	}
	return info, l.call(ctx, opAddHost, h, &info)
}

// Hosts returns the hosts in the order in which they were made.
func (l *Lab) Hosts(ctx context.Context) ([]HostInfo, error) {
	var hosts []HostInfo
	return hosts, l.call(ctx, opHosts, nil, &hosts)
}

// Command is a process to start in a host.
type Command struct {
	Host string
	// Argv is the program's path and arguments. The program is looked up in
	// the lab process, which has this process's files: "/proc/self/exe" is its
	// own binary.
	Argv []string
	Env  []string
	Dir  string // empty means /
	// Isolate, if not nil, makes more namespaces for the process when it is
	// made. Whatever else confines it, it does itself or the program in Argv
	// does before it.
	Isolate *Isolate
	// Files become the process's descriptors 0, 1, 2 and so on, at most 16.
	// One that is nil, and those of the first three that are missing, are
	// /dev/null.
	Files []*os.File
}

// Isolate says what a process has for its own, beside its host's network.
type Isolate struct {
	// Clone are further namespaces (CLONE_NEWUSER, CLONE_NEWPID … of clone(2)).
	// CLONE_NEWNET is refused: the process would be in no host.
	Clone uintptr
	// UID and GID are what the caller's user is called in a new user namespace.
	UID, GID int
	// Ambient are capabilities that the process keeps (capabilities(7)).
	Ambient []uintptr
}

// Exit is how a process ended: by a signal, or else with a code.
type Exit struct {
	Code   int
	Signal syscall.Signal
}

// String says it as a shell does.
func (e Exit) String() string {
	if e.Signal != 0 {
		return e.Signal.String()
	}
	return fmt.Sprintf("exit status %d", e.Code)
}

// Process is a process that Start started.
type Process struct {
	// PID is its id inside the lab, as the process itself and those that list
	// it see it.
	PID int
	// Host is where it runs.
	Host string
	// File is its pidfd (pidfd_open(2)), which also this process can use: poll
	// it, or read its fdinfo for the process's id outside. The caller may
	// close it.
	File *os.File

	lab  *Lab
	done chan struct{}
	exit Exit
}

// Start starts a process in a host. It has root's rights inside the lab.
func (l *Lab) Start(ctx context.Context, c Command) (*Process, error) {
	args := startArgs{Host: c.Host, Argv: c.Argv, Env: c.Env, Dir: c.Dir, Isolate: c.Isolate, Files: make([]bool, len(c.Files))}
	var files []*os.File
	for i, f := range c.Files {
		if args.Files[i] = f != nil; f != nil {
			files = append(files, f)
		}
	}
	var r startResult
	m, err := l.callMessage(ctx, opStart, args, &r, files)
	if err != nil {
		return nil, err
	}
	p := &Process{PID: r.PID, Host: c.Host, lab: l, done: make(chan struct{})}
	if len(m.files) > 0 {
		p.File = m.files[0]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if exit, ok := l.early[p.PID]; ok {
		delete(l.early, p.PID)
		p.ended(exit)
	} else if l.procs == nil {
		p.ended(Exit{Signal: syscall.SIGKILL})
	} else {
		l.procs[p.PID] = p
	}
	return p, nil
}

// ended is called once, with the lab's mu held.
func (p *Process) ended(e Exit) {
	p.exit = e
	close(p.done)
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait waits for the end of the process.
func (p *Process) Wait(ctx context.Context) (Exit, error) {
	select {
	case <-p.done:
		return p.exit, nil
	case <-ctx.Done():
		return Exit{}, ctx.Err()
	}
}

// Signal sends it a signal. It is an error if the process has ended.
func (p *Process) Signal(ctx context.Context, sig syscall.Signal) error {
	return p.lab.call(ctx, opSignal, signalArgs{p.PID, sig}, nil)
}

// Crash takes a host's power away: from now on it sends nothing, its processes
// are gone without a word, and what is sent to it is lost.
func (l *Lab) Crash(ctx context.Context, host string) error {
	return l.call(ctx, opPower, powerArgs{Host: host, Power: Crashed}, nil)
}

// Reboot starts a host again, after a crash if it is still up. It has the same
// addresses and settings and knows nothing of its old connections: packets for
// them are answered by RST.
func (l *Lab) Reboot(ctx context.Context, host string) error {
	return l.call(ctx, opPower, powerArgs{Host: host, Power: On}, nil)
}

// Shutdown ends a host as init does: SIGTERM to all processes, SIGKILL to those
// that run on after grace, and when their last FINs were acknowledged (or after
// half a second) the host goes silent.
func (l *Lab) Shutdown(ctx context.Context, host string, grace time.Duration) error {
	return l.call(ctx, opPower, powerArgs{Host: host, Power: Off, Grace: grace}, nil)
}

// AddRule adds a rule after those in force.
func (l *Lab) AddRule(ctx context.Context, r wire.Rule) error {
	return l.call(ctx, opAddRule, r, nil)
}

// DeleteRule removes the rules equal to r and returns how many they were.
func (l *Lab) DeleteRule(ctx context.Context, r wire.Rule) (n int, err error) {
	return n, l.call(ctx, opDelRules, delRulesArgs{Rule: &r}, &n)
}

// Rules returns the rules in force, in the order in which they are asked.
func (l *Lab) Rules(ctx context.Context) ([]wire.Rule, error) {
	var rules []wire.Rule
	return rules, l.call(ctx, opRules, nil, &rules)
}

// Cut cuts the cable between two hosts: all frames are lost, also those under way.
func (l *Lab) Cut(ctx context.Context, a, b string) error {
	return l.AddRule(ctx, wire.Rule{Action: wire.Cut, A: a, B: b})
}

// Delay holds every frame between two hosts for d, in both directions. It
// takes the place of a delay set before; zero removes that.
func (l *Lab) Delay(ctx context.Context, a, b string, d time.Duration) error {
	rules, err := l.Rules(ctx)
	if err != nil {
		return err
	}
	for _, r := range rules {
		if r == (wire.Rule{Action: wire.Delay, A: a, B: b, Delay: r.Delay}) || r == (wire.Rule{Action: wire.Delay, A: b, B: a, Delay: r.Delay}) {
			if _, err := l.DeleteRule(ctx, r); err != nil {
				return err
			}
		}
	}
	if d == 0 {
		return nil
	}
	return l.AddRule(ctx, wire.Rule{Action: wire.Delay, A: a, B: b, Delay: d})
}

// Unreachable makes a router answer by ICMP whatever a and b send to each
// other.
func (l *Lab) Unreachable(ctx context.Context, a, b string, code wire.Code) error {
	return l.AddRule(ctx, wire.Rule{Action: wire.Unreachable, A: a, B: b, Code: code})
}

// NoARP makes two hosts lose each other's Ethernet address and drops the frames
// by which they would find it again (ARP and, for IPv6, neighbour discovery).
func (l *Lab) NoARP(ctx context.Context, a, b string) error {
	if err := l.AddRule(ctx, wire.Rule{Action: wire.Drop, A: a, B: b, Kind: wire.ARP}); err != nil {
		return err
	}
	return l.call(ctx, opForget, forgetArgs{a, b}, nil)
}

// Heal removes all rules for the link between two hosts and returns how many
// they were.
func (l *Lab) Heal(ctx context.Context, a, b string) (n int, err error) {
	return n, l.call(ctx, opDelRules, delRulesArgs{Between: [2]string{a, b}}, &n)
}

// HealAll removes all rules.
func (l *Lab) HealAll(ctx context.Context) (n int, err error) {
	return n, l.call(ctx, opDelRules, delRulesArgs{All: true}, &n)
}

// SetSysctl sets a setting of a host's network and returns its value as the
// kernel then has it. It stays set when the host reboots. The name may be short
// (tcp_retries2) or whole (net.ipv4.tcp_retries2).
func (l *Lab) SetSysctl(ctx context.Context, host, name, value string) (now string, err error) {
	return now, l.call(ctx, opSysctl, sysctlArgs{host, name, &value}, &now)
}

// Sysctl returns the value of a setting.
func (l *Lab) Sysctl(ctx context.Context, host, name string) (value string, err error) {
	return value, l.call(ctx, opSysctl, sysctlArgs{host, name, nil}, &value)
}

// Sockets returns the TCP and UDP sockets of a host, or of all with "".
func (l *Lab) Sockets(ctx context.Context, host string) ([]Socket, error) {
	var sockets []Socket
	return sockets, l.call(ctx, opSockets, host, &sockets)
}

// Read implements wire.Source: the frames of all links.
func (l *Lab) Read(ctx context.Context, since wire.Mark) ([]wire.Frame, wire.Mark, error) {
	var r readResult
	m, err := l.callMessage(ctx, opRead, since, &r, nil)
	if err != nil {
		return nil, since, err
	}
	frames, err := wire.DecodeFrames(m.raw)
	if err != nil {
		return nil, since, fmt.Errorf("lab %s: %w", opRead, err)
	}
	return frames, r.Mark, nil
}

// Mark implements wire.Source.
func (l *Lab) Mark(ctx context.Context) (m wire.Mark, err error) {
	return m, l.call(ctx, opMark, nil, &m)
}

var _ wire.Source = (*Lab)(nil)
