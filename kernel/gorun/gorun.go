// Package gorun runs a Go program as "go run" does, but in a process that is
// confined as those of cells are.
//
// The command fills in a [Program] and calls [Program.Run]; the process that it
// starts calls [Main]. Between them is nothing but the program's text: its
// standard input, output and error are those of the caller.
package gorun

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/sandbox"
)

// Program is a program to run. It is inert.
type Program struct {
	Command []string // what starts the process that calls Main
	Env     []string
	Name    string   // its path, as errors name it
	Text    string   // what is in it
	Args    []string // os.Args[1:]
	Memory  int64    // bytes that it may use

	Stdin, Stdout, Stderr *os.File
}

// Refused is the error of a program that is no Go, or that cannot be run here:
// nothing of it ran.
type Refused struct{ Text string }

func (e *Refused) Error() string { return e.Text }

// request is what the process is told.
type request struct {
	Name, Text string
	Args       []string
	Color      bool
}

// requestFD is the descriptor at which the process finds its request, and takes
// its refusal to.
const requestFD = 3

// quiet keeps the runtime from following its own last words ("all goroutines are
// asleep") with the calls that run the program, of which its author knows
// nothing.
const quiet = "GOTRACEBACK=none"

// Ending is how a program ended, and what the sandbox refused it.
type Ending struct {
	sandbox.Exit
	Refusals []sandbox.Refusal
}

// Run runs the program to its end and says how it ended. Signals that ask this
// process to end go to the program meanwhile. The error is a *[Refused], or
// says why nothing can be run here.
func (p Program) Run(color bool) (Ending, error) {
	none := Ending{}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return none, fmt.Errorf("make a socket pair: %w", err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "request"), os.NewFile(uintptr(pair[1]), "request")
	defer ours.Close()
	signals := make(chan os.Signal, 16) // from now on, so that none is lost
	signal.Notify(signals, forwarded...)
	defer signal.Stop(signals)
	child, err := sandbox.Start(sandbox.Command{
		Argv: p.Command, Env: append(slices.Clone(p.Env), quiet), Files: []*os.File{p.Stdin, p.Stdout, p.Stderr, theirs}, Terminal: true,
	}, sandbox.Config{Memory: p.Memory})
	theirs.Close()
	if err != nil {
		return none, err
	}
	served := make(chan error, 1)
	go func() { served <- child.Serve(func(r sandbox.Read) { r.Go() }) }()
	done := make(chan struct{})
	tooMuch := make(chan error, 1)
	go forward(child, signals, done, tooMuch)
	refusal := p.tell(ours, color)
	exit, err := child.Wait()
	close(done)
	select {
	case err := <-tooMuch:
		return none, err
	default:
	}
	if err := <-served; err != nil {
		return none, err
	}
	if text := <-refusal; text != "" {
		return none, &Refused{text}
	}
	return Ending{exit, child.Refusals()}, err
}

// tell sends the request, and returns what the process answers: nothing, if the
// program runs.
func (p Program) tell(conn *os.File, color bool) <-chan string {
	refusal := make(chan string, 1)
	go func() {
		// A process that has ended is seen by who waits for it.
		json.NewEncoder(conn).Encode(request{p.Name, p.Text, p.Args, color})
		unix.Shutdown(int(conn.Fd()), unix.SHUT_WR)
		text, _ := io.ReadAll(io.LimitReader(conn, maxRefusal))
		refusal <- string(text)
	}()
	return refusal
}

const maxRefusal = 1 << 20

// forwarded are the signals that are for the program.
var forwarded = []os.Signal{unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGHUP, unix.SIGUSR1, unix.SIGUSR2, unix.SIGTSTP}

// forward passes signals on until done is closed, and ends a program that writes
// more than it may. What a terminal's keys send reaches the program by itself.
func forward(child *sandbox.Process, signals <-chan os.Signal, done <-chan struct{}, tooMuch chan<- error) {
	disk := time.NewTicker(time.Second)
	defer disk.Stop()
	for {
		select {
		case <-done:
			return
		case <-disk.C:
			if child.Disk() > sandbox.MaxDisk {
				tooMuch <- fmt.Errorf("the program wrote files of more than %d MiB", sandbox.MaxDisk>>20)
				child.Signal(unix.SIGKILL)
				return
			}
		case s := <-signals:
			sig := s.(unix.Signal)
			switch {
			case sig == unix.SIGTSTP: // which the first process of a pid namespace does not feel
				child.Signal(unix.SIGSTOP)
				unix.Kill(os.Getpid(), unix.SIGSTOP)
				child.Signal(unix.SIGCONT)
			case (sig == unix.SIGINT || sig == unix.SIGQUIT) && onTerminal():
			default:
				child.Signal(sig)
			}
		}
	}
}

// onTerminal tells whether this process is in the group to which a terminal
// sends the signals of its keys.
func onTerminal() bool {
	tty, err := unix.Open("/dev/tty", unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return false
	}
	defer unix.Close(tty)
	group, err := unix.IoctlGetInt(tty, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// Main is the process: it confines itself and runs the program by run, which
// returns its status, or an error if nothing of it ran. Main returns the error
// for which it could not start; else it does not return.
func Main(run func(name, text string, color bool) (status int, err error)) error {
	// Out of the way: the first descriptor that a program makes is 3.
	fd, err := unix.FcntlInt(requestFD, unix.F_DUPFD_CLOEXEC, 100)
	if err != nil {
		return fmt.Errorf("take the request from descriptor %d: %w", requestFD, err)
	}
	unix.Close(requestFD)
	os.Unsetenv("GOTRACEBACK")
	if _, err := sandbox.Enter(); err != nil {
		return err
	}
	conn := blocking(fd)
	var r request
	if err := json.NewDecoder(conn).Decode(&r); err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	os.Args = append([]string{strings.TrimSuffix(r.Name, ".go")}, r.Args...)
	flag.CommandLine.Init(os.Args[0], flag.ExitOnError)
	status, err := run(r.Name, r.Text, r.Color)
	if err != nil {
		io.WriteString(conn, err.Error())
		status = 1
	}
	os.Exit(status)
	return nil
}

// blocking is a descriptor that is read and written without the runtime's
// poller, which would make descriptors of its own.
type blocking int

func (fd blocking) Read(b []byte) (int, error) {
	for {
		n, err := unix.Read(int(fd), b)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return 0, err
		case n == 0 && len(b) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (fd blocking) Write(b []byte) (sent int, err error) {
	for sent < len(b) {
		n, err := unix.Write(int(fd), b[sent:])
		if err != nil && err != unix.EINTR {
			return sent, err
		}
		sent += max(n, 0)
	}
	return sent, nil
}
