package worker

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// Child is a child process that was launched.
type Child interface {
	// PID is its number in this process's /proc; 0 if it is not seen there.
	PID() int
	// Signal sends it a signal; an error if it has ended.
	Signal(sig syscall.Signal) error
	// Wait waits for its end. It is called once.
	Wait() (Exit, error)
}

// Exit is how a process ended: by a signal, or else with a status.
type Exit struct {
	Status int
	Signal syscall.Signal
}

// Launcher starts a child process whose descriptors 0, 1, 2 and 3 are the
// files; the program must call [Main]. It must end with this process.
type Launcher func(files []*os.File) (Child, error)

// Plain launches argv as a plain child in dir.
func Plain(argv, env []string, dir string) Launcher {
	return func(files []*os.File) (Child, error) {
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = files[0], files[1], files[2]
		cmd.ExtraFiles = files[3:]
		cmd.Env, cmd.Dir = env, dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
		done := make(chan error)
		forks() <- func() { done <- cmd.Start() }
		if err := <-done; err != nil {
			return nil, err
		}
		return plain{cmd}, nil
	}
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

type plain struct{ cmd *exec.Cmd }

func (c plain) PID() int                        { return c.cmd.Process.Pid }
func (c plain) Signal(sig syscall.Signal) error { return c.cmd.Process.Signal(sig) }

func (c plain) Wait() (Exit, error) {
	c.cmd.Wait() // its error is the status, which comes next
	status, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return Exit{Status: c.cmd.ProcessState.ExitCode()}, nil
	}
	return Exit{Signal: status.Signal()}, nil
}
