package worker

import (
	"os"
	"syscall"

	"sockbook/runtime/sandbox"
)

// Child is a child process that was launched.
type Child interface {
	// PID is its number in this process's /proc; 0 if it is not seen there.
	PID() int
	// Signal sends it a signal; an error if it has ended.
	Signal(sig syscall.Signal) error
	// Serve answers its calls that wait for this process, until it has ended.
	// Reads of descriptor 0 go to read.
	Serve(read func(sandbox.Read)) error
	// Wait waits for its end, and Serve's. It is called once.
	Wait() (Exit, error)
	// Refusals takes the system calls that it was refused since the last time.
	Refusals() []sandbox.Refusal
	// Report says how it is confined.
	Report() sandbox.Report
	// Disk returns how many bytes of the machine's files it has made.
	Disk() int64
}

// Exit is how a process ended: by a signal, or else with a status.
type Exit = sandbox.Exit

// Launcher starts a child process whose descriptors 0, 1, 2 and 3 are the
// files; the program must call [Main]. It must end with this process. It
// returns when the child is confined.
type Launcher func(files []*os.File) (Child, error)

// Plain launches argv as a child in dir that is not confined.
func Plain(argv, env []string, dir string) Launcher {
	return launcher(sandbox.Command{Argv: argv, Env: env, Dir: dir}, sandbox.Config{Modes: []sandbox.Mode{sandbox.Open}})
}

// Confined launches argv as a child that is confined.
func Confined(argv, env []string, c sandbox.Config) Launcher {
	return launcher(sandbox.Command{Argv: argv, Env: env}, c)
}

func launcher(command sandbox.Command, c sandbox.Config) Launcher {
	return func(files []*os.File) (Child, error) {
		command := command
		command.Files = files
		p, err := sandbox.Start(command, c)
		if err != nil {
			return nil, err
		}
		return p, nil
	}
}
