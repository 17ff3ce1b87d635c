// Package stage is the Go processes of a notebook and the hosts they run on:
// which process a cell runs in, and the directives that kill processes, crash
// hosts and cut cables.
//
// Call [New]; [Stage.Process] gives the process of a name, made on first use,
// and [Stage.Directives] what cells may ask. Where namespaces are allowed,
// every process runs in a host of a lab (package lab), the main one in the
// host "local"; where not, all are plain children with the machine's loopback.
package stage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"sockbook/kernel/hint"
	"sockbook/kernel/worker"
	"sockbook/runtime/lab"
	"sockbook/runtime/netns"
	"sockbook/runtime/sandbox"
	"sockbook/runtime/trace"
	"sockbook/runtime/wire"
)

const (
	// Main is the process in which a cell runs that does not say where.
	Main = "main"
	// Local is the host of the main process. Its number leaves the low ones to
	// the hosts that learners name: the first is 10.0.0.1.
	Local       = "local"
	localNumber = 100
)

// Config says how processes are started. It is inert.
type Config struct {
	Program string   // this program; its "worker" command runs cells, its "netns" command a lab
	Env     []string // of processes
	Dir     string   // their working directory; empty: this process's
	Memory  int64    // bytes a process may use; 0: the worker's default
	NoLab   bool     // do without namespaces
	Log     *slog.Logger
}

// Stage is the processes and hosts of one notebook. Its methods may be called
// by several goroutines.
type Stage struct {
	config Config

	raise  sync.Once // brings the lab up
	lab    *lab.Lab  // nil if it cannot be; valid after raise
	labErr error     // why
	notice sync.Once // says so in the first cell

	mu        sync.Mutex // guards what is below
	processes map[string]*Process
	order     []string     // names of processes, in the order in which they were made
	marks     []trace.Mark // what was done to hosts and links
	settings  []setting    // what was set by %sysctl, for the notes under pictures
	last      *capture     // what the last %%wire saw

	calls callLog
}

// New returns a stage without processes.
func New(config Config) *Stage {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Stage{config: config, processes: map[string]*Process{}}
}

// Start brings up what the first cell needs.
func (s *Stage) Start() error {
	p, err := s.Process(Main)
	if err != nil {
		return err
	}
	return p.Start()
}

// ErrNoLab is wrapped by errors of what needs the lab where there is none.
var ErrNoLab = errors.New("there is no network of hosts here")

// Lab returns the lab, brought up on first use. The error wraps [ErrNoLab].
func (s *Stage) Lab() (*lab.Lab, error) { return s.network() }

// network returns the lab, brought up on first use, or the reason why there is
// none.
func (s *Stage) network() (*lab.Lab, error) {
	s.raise.Do(func() {
		if s.config.NoLab {
			s.labErr = errors.New("this kernel was started without a lab")
			return
		}
		sandbox.CloseOnExec()
		s.lab, s.labErr = lab.Up(context.Background(), lab.Config{
			Hosts:   []lab.Host{{Name: Local, Number: localNumber}},
			Isolate: true,
			Command: []string{s.config.Program, lab.Argument},
		})
		if s.labErr != nil {
			s.config.Log.Info("no lab: processes share the machine's loopback", "err", s.labErr)
		}
	})
	if s.labErr != nil {
		return nil, hint.Add(fmt.Errorf("%w: %w", ErrNoLab, s.labErr), `"sockbook doctor" says what this place lacks and what would give it.`)
	}
	return s.lab, nil
}

// Process is a Go process made of cells, on a host.
type Process struct {
	*worker.Worker
	Name, Host string

	notice func(worker.Sink) // says once what this place lacks

	mu   sync.Mutex      // guards what is below
	busy chan struct{}   // closed when the cell that runs has ended; nil: none runs
	cell string          // its name
	held []chan struct{} // closed when what belongs to a cell that ran, a picture, is there
}

// Process returns the process of that name, made on first use on a host of its
// own name.
func (s *Stage) Process(name string) (*Process, error) {
	return s.ProcessOn(name, "")
}

// Asked returns the process that questions about a cell for the process of that
// name go to: that one, or main while it is not there, for a question starts
// no process and no host.
func (s *Stage) Asked(name string) (*Process, error) {
	if p, err := s.known(name); err == nil {
		return p, nil
	}
	return s.Process(Main)
}

// ProcessOn returns the process of that name, made on first use on the host.
// An empty host is the one where it is, or one of its own name.
func (s *Stage) ProcessOn(name, host string) (*Process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.processes[name]; p != nil {
		if host != "" && host != p.Host {
			return nil, hint.Add(fmt.Errorf("the process %q runs on the host %q", name, p.Host), "%kill "+name+" first, or take another name.")
		}
		return p, nil
	}
	if host == "" {
		host = name
		if name == Main {
			host = Local
		}
	}
	for _, n := range []string{name, host} {
		if !wire.HostName(n) {
			return nil, hint.Add(fmt.Errorf("%q is no name for a process or host", n), "a name is a small letter, then small letters, digits and -; words that rules use are taken.")
		}
	}
	p := &Process{Name: name, Host: host, notice: s.tell}
	config := worker.Config{Name: name, Memory: s.config.Memory, Log: s.config.Log}
	config.Calls = func(_ int, c worker.Calls) { s.calls.take(name, host, c) }
	config.Launch = func(files []*os.File) (worker.Child, error) { return s.launch(host, files) }
	p.Worker = worker.New(config)
	if s.calls.recording() {
		p.SetRecording(true)
	}
	s.processes[name] = p
	s.order = append(s.order, name)
	return p, nil
}

// launch starts a process on a host, which is added if it is new.
func (s *Stage) launch(host string, files []*os.File) (worker.Child, error) {
	argv := []string{s.config.Program, "worker"}
	l, err := s.network()
	if err != nil {
		c := s.confinement()
		c.Modes = []sandbox.Mode{sandbox.Loopback, sandbox.Namespaces} // in the latter no process reaches another
		return worker.Confined(argv, s.config.Env, c)(files)
	}
	ctx := context.Background()
	hosts, err := l.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	known := false
	for _, h := range hosts {
		known = known || h.Name == host
		if h.Name == host && h.Power != lab.On {
			return nil, hint.Add(fmt.Errorf("the host %q is %s", host, h.Power), "%reboot "+host+" starts it again.")
		}
	}
	if !known {
		if _, err := l.AddHost(ctx, lab.Host{Name: host}); err != nil {
			return nil, err
		}
	}
	argv[0] = "/proc/self/exe"
	c, err := sandbox.Prepare(sandbox.LabHost, s.confinement(), len(files))
	if err != nil {
		return nil, err
	}
	defer c.Close()
	p, err := l.Start(ctx, lab.Command{
		Host: host, Argv: argv, Env: append(slices.Clone(s.config.Env), c.Env()), Files: append(slices.Clone(files), c.File()),
		Isolate: &lab.Isolate{Clone: sandbox.HostClone, UID: sandbox.UID, GID: sandbox.UID, Ambient: sandbox.HostAmbient},
	})
	if err != nil {
		return nil, err
	}
	child := labChild{p: p, pid: outerPID(p)}
	if child.Guard, err = c.Wait(child.PID()); err != nil {
		p.Signal(ctx, syscall.SIGKILL) // it may have ended
		p.File.Close()
		return nil, err
	}
	return child, nil
}

// confinement is that of every process.
func (s *Stage) confinement() sandbox.Config {
	memory := s.config.Memory
	if memory == 0 {
		memory = worker.DefaultMemory
	}
	return sandbox.Config{Memory: memory}
}

// Run runs a cell; see worker.Worker. A process runs one cell at a time.
func (p *Process) Run(name, text string, out worker.Sink) (worker.Outcome, error) {
	p.mu.Lock()
	if p.busy != nil {
		cell := p.cell
		p.mu.Unlock()
		return worker.Outcome{}, hint.Add(fmt.Errorf("the process %q is busy with cell %s", p.Name, cell), fmt.Sprintf("%%wait %s until it ends, %%interrupt %s or %%kill %s to end it.", p.Name, p.Name, p.Name))
	}
	p.busy, p.cell = make(chan struct{}), name
	p.mu.Unlock()
	p.notice(out)
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		close(p.busy)
		p.busy = nil
	}()
	return p.Worker.Run(name, text, out)
}

// Hold makes %wait wait until release is called.
func (p *Process) Hold() (release func()) {
	done := make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = append(p.held, done)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.held = slices.DeleteFunc(p.held, func(ch chan struct{}) bool { return ch == done })
		close(done)
	}
}

// holds returns what is closed at the end of all that is to be waited for.
func (p *Process) holds() []<-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []<-chan struct{}
	if p.busy != nil {
		list = append(list, p.busy)
	}
	for _, ch := range p.held {
		list = append(list, ch)
	}
	return list
}

// tell says in the first cell that this place allows no network of hosts, if
// that is so, and what would give it.
func (s *Stage) tell(out worker.Sink) {
	s.notice.Do(func() {
		var refused *netns.NotAllowedError
		if _, err := s.network(); err == nil || !errors.As(err, &refused) {
			return
		}
		out.Stream("stderr", fmt.Sprintf("Note: there is no network of hosts here, so cells have this machine's loopback. Cells that need hosts say so.\n"+
			"What stands in the way: %s.\nWhat would give it: %s.\n\"sockbook doctor\" tells more.\n", refused.Missing, refused.Hint))
	})
}

// running returns the cell that runs and what is closed at its end; nil: none.
func (p *Process) running() (string, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cell, p.busy
}

// all returns the processes in the order in which they were made.
func (s *Stage) all() []*Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*Process
	for _, name := range s.order {
		list = append(list, s.processes[name])
	}
	return list
}

// known returns a process that was made before.
func (s *Stage) known(name string) (*Process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.processes[name]; p != nil {
		return p, nil
	}
	return nil, hint.Add(fmt.Errorf("there is no process %q", name), "there are "+strings.Join(s.order, ", ")+"; %%on "+name+" makes it.")
}

// Reset ends all processes and takes the lab's faults back; the next cell runs
// in a fresh one.
func (s *Stage) Reset() {
	for _, p := range s.all() {
		p.Restart()
	}
}

// Close ends all processes and the lab.
func (s *Stage) Close() {
	for _, p := range s.all() {
		p.Close()
	}
	s.raise.Do(func() { s.labErr = errors.New("the kernel has ended") })
	if s.lab != nil {
		if err := s.lab.Down(context.Background()); err != nil {
			s.config.Log.Warn("take the lab down", "err", err)
		}
	}
}

// labChild is a process in a host of the lab.
type labChild struct {
	*sandbox.Guard
	p   *lab.Process
	pid int
}

// outerPID reads the process's number outside the lab from its pidfd
// (proc_pid_fdinfo(5)); 0 if it has ended.
func outerPID(p *lab.Process) int {
	text, err := os.ReadFile("/proc/self/fdinfo/" + strconv.Itoa(int(p.File.Fd())))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "Pid:"); ok {
			pid, _ := strconv.Atoi(strings.TrimSpace(value))
			return max(pid, 0)
		}
	}
	return 0
}

func (c labChild) PID() int { return c.pid }

func (c labChild) Signal(sig syscall.Signal) error { return c.p.Signal(context.Background(), sig) }

func (c labChild) Wait() (worker.Exit, error) {
	exit, err := c.p.Wait(context.Background())
	err = errors.Join(err, c.Clean())
	c.p.File.Close()
	if err != nil {
		return worker.Exit{Signal: syscall.SIGKILL}, err
	}
	return worker.Exit{Status: exit.Code, Signal: exit.Signal}, nil
}
