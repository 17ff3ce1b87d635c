// Package sandbox confines a process that runs a learner's code, by what the
// place allows, strongest first.
//
// The parent calls [Start]; the child calls [Enter] before it does anything
// else. Start returns when the child is confined, with a [Guard]: [Guard.Serve]
// answers the system calls of the child that wait for the parent. [Probe] tries
// every [Mode] and says in plain words what this place allows.
//
// The package does not watch memory, does not read what the child prints, and
// makes no network other than a loopback: that of a lab is given to it.
package sandbox

import (
	"fmt"
	"os"
	"time"
)

// Mode is a way to confine a process.
type Mode string

// The modes.
const (
	// Namespaces: fresh user, network, pid, mount, UTS, IPC and cgroup
	// namespaces, with a root directory of its own and a loopback that nobody
	// else is on; seccomp, Landlock, limits.
	Namespaces Mode = "namespaces"
	// LabHost: as Namespaces, but the network, the host's name and the pids are
	// those of the process that makes it, with [HostClone] and [HostAmbient],
	// for a [Confinement].
	LabHost Mode = "lab host"
	// Loopback: without namespaces. Every socket is made by the parent, tied to
	// the loopback, and can reach only sockets that confined processes made;
	// Landlock keeps files out of reach; seccomp, limits.
	Loopback Mode = "loopback"
	// Open confines nothing.
	Open Mode = "open"
)

// Config says how to confine. It is inert; its zero values mean the defaults.
type Config struct {
	// Modes are tried in this order; nil: DefaultModes.
	Modes []Mode
	// Memory is how many bytes of memory the child may have. The backstop is
	// a little higher: the parent watches. 0: no limit.
	Memory int64
	// Hostname is the host's name in mode Namespaces; empty: "lab".
	Hostname string
}

// DefaultModes are what is tried if a Config does not say: whoever wants a
// process that is not confined must say so.
var DefaultModes = []Mode{Namespaces, Loopback}

// Limits of a confined process, in every mode but Open.
const (
	MaxThreads     = 512       // OS threads; one more ends the process (debug.SetMaxThreads)
	MaxDescriptors = 1024      // EMFILE (RLIMIT_NOFILE)
	MaxFile        = 64 << 20  // bytes in a file: EFBIG (RLIMIT_FSIZE)
	MaxDisk        = 64 << 20  // bytes in the temporary directory: ENOSPC
	MaxStack       = 512 << 20 // bytes of a goroutine's stack; more ends the process. Interpreted calls take a lot
	maxInodes      = 4096
	memorySlack    = 192 << 20 // RLIMIT_DATA above Config.Memory: what Go reserves but does not use
	niceness       = 5         // so that the parent stays quick beside a cell that spins
)

// startWait is how long a child may take to be confined.
const startWait = 10 * time.Second

// Command is the program to start. It must call [Enter].
type Command struct {
	Argv  []string
	Env   []string
	Dir   string     // its working directory where it has one of its own: mode Open
	Files []*os.File // its descriptors 0, 1, …
	// Terminal leaves it in this process's group, so that the terminal's input
	// and signals are for it as well. Else it has a group of its own.
	Terminal bool
}

// Report says what is in force.
type Report struct {
	Mode     Mode
	Landlock int      // its version (ABI); 0: none
	Lacks    []string // what this place did not allow, in plain words
	Tried    []string // why stronger modes were not possible
}

func (r Report) String() string {
	s := fmt.Sprintf("mode %s, Landlock %d", r.Mode, r.Landlock)
	for _, l := range r.Lacks {
		s += "; " + l
	}
	return s
}

// setup is what the parent tells the child, in the environment.
type setup struct {
	Mode     Mode
	FD       int // of the handshake
	Memory   int64
	Hostname string
	Temp     string // mode Loopback: the directory it may write to
}

const setupEnv = "SOCKBOOK_SANDBOX"

// confined is what the child tells the parent, last of all.
type confined struct {
	Report Report
	Error  string // why it could not be confined
}
