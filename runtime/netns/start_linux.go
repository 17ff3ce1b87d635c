package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// all is what Start makes.
const all = unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC

// Child is a process that Start started.
type Child struct {
	// Pid is its id as this process sees it.
	Pid int
	// Done is closed when it has ended; Err is set before.
	Done chan struct{}
	// Err is how it ended: nil, or an *exec.ExitError.
	Err error
}

// Start starts cmd as the first process (PID 1) of fresh user, network, pid,
// mount, UTS and IPC namespaces, with the caller's user and group as root
// inside. It needs no privilege, but the system must allow it: if it does not,
// the error is a *NotAllowedError. The child is killed when this process ends,
// and with it all processes that it started.
//
// A goroutine holds the thread that the child was made by, since its end would
// kill the child too (prctl(2), PR_SET_PDEATHSIG); it ends with the child.
func Start(cmd *exec.Cmd) (*Child, error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	a := cmd.SysProcAttr
	a.Cloneflags |= all
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	a.Pdeathsig = syscall.SIGKILL
	started := make(chan error, 1)
	c := &Child{Done: make(chan struct{})}
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			c.Pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			c.Err = cmd.Wait()
			close(c.Done)
		}
	}()
	if err := <-started; err != nil {
		var path *fs.PathError
		if errors.As(err, &path) && path.Op == "fork/exec" {
			return nil, Explain("start a process in namespaces of its own", err)
		}
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return c, nil
}

// NotAllowedError says that this place does not allow namespaces, or not what
// must be done in them.
type NotAllowedError struct {
	Op      string // what was being done
	Missing string // what stands in the way, as far as can be seen
	Hint    string // what would allow it
	Err     error  // what the system said
}

func (e *NotAllowedError) Error() string {
	return fmt.Sprintf("%s: %v: %s", e.Op, e.Err, e.Missing)
}

func (e *NotAllowedError) Unwrap() error { return e.Err }

// Explain makes a *NotAllowedError of an error that may have come from a lack of
// permission, with the reason that it finds by looking at this system.
// An error that cannot have come from that is returned wrapped, no more.
func Explain(op string, err error) error {
	var errno unix.Errno
	if !errors.As(err, &errno) {
		return fmt.Errorf("%s: %w", op, err)
	}
	e := &NotAllowedError{Op: op, Err: errno}
	switch errno {
	case unix.ENOSPC, unix.EUSERS:
		e.Missing, e.Hint = limit()
	case unix.ENOSYS, unix.EINVAL, unix.EOPNOTSUPP, unix.EPROTONOSUPPORT:
		e.Missing = "this kernel has not all that is needed (user and network namespaces, veth, packet sockets)"
		e.Hint = "another kernel, or load the modules veth and af_packet"
	case unix.EPERM, unix.EACCES:
		e.Missing, e.Hint = refusal(errno)
	default:
		return fmt.Errorf("%s: %w", op, err)
	}
	return e
}

// limit finds the limit on namespaces that was reached (namespaces(7)).
func limit() (missing, hint string) {
	for _, kind := range []string{"user", "net", "pid", "mnt", "uts", "ipc"} {
		if setting("user/max_"+kind+"_namespaces") == "0" {
			name := "user.max_" + kind + "_namespaces"
			return name + " is 0: no such namespace may be made", "sysctl -w " + name + "=1000"
		}
	}
	return "a limit on namespaces is reached (user.max_*_namespaces, or 32 nested ones)", "raise user.max_user_namespaces, or end what uses them"
}

// What to do about a container's own filters.
const (
	seccompHint  = "start the container with a profile that allows namespaces: \"sockbook doctor --seccomp-profile > sockbook.json\", then docker run --security-opt seccomp=sockbook.json --security-opt systempaths=unconfined"
	appArmorHint = "start the container without that profile: docker run --security-opt apparmor=unconfined"
)

// refusal finds what refused a permission. A security module mostly answers
// EACCES, a missing capability and Docker's seccomp filter EPERM.
func refusal(errno unix.Errno) (missing, hint string) {
	const filter = "a seccomp filter, as Docker's default, refuses namespaces or what is done in them"
	profile := appArmorProfile()
	switch {
	case unix.Unshare(0) == unix.EPERM: // which does nothing, and is refused by nothing else
		return filter, seccompHint
	case setting("kernel/unprivileged_userns_clone") == "0" && os.Geteuid() != 0:
		return "kernel.unprivileged_userns_clone is 0: only root may make namespaces", "sysctl -w kernel.unprivileged_userns_clone=1"
	case setting("kernel/apparmor_restrict_unprivileged_userns") == "1" && os.Geteuid() != 0:
		return "AppArmor gives unprivileged namespaces no rights here (kernel.apparmor_restrict_unprivileged_userns is 1)",
			"sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile with \"userns,\" for this program"
	case errno == unix.EACCES && profile != "":
		return fmt.Sprintf("the AppArmor profile %q, which this process is confined by, refuses it", profile), appArmorHint
	case seccomped():
		return filter, seccompHint
	}
	return "the system refuses it (a security module, or a root directory that was changed)", "ask who runs this system to allow user namespaces"
}

// appArmorProfile returns the AppArmor profile that confines this process, as
// docker-default; "" if there is none.
func appArmorProfile() string {
	for _, file := range []string{"/proc/self/attr/apparmor/current", "/proc/self/attr/current"} {
		b, err := os.ReadFile(file)
		name, mode, found := strings.Cut(strings.TrimRight(string(b), "\x00\n"), " (")
		if err == nil && found && strings.HasPrefix(mode, "enforce") {
			return name
		}
	}
	return ""
}

func setting(name string) string {
	b, err := os.ReadFile("/proc/sys/" + name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func seccomped() bool {
	b, err := os.ReadFile("/proc/self/status")
	return err == nil && strings.Contains(string(b), "\nSeccomp:\t2")
}
