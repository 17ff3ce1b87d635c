package sandbox

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// Refusal is a system call that a confined process was refused, so that it can
// be told why: an error's number alone does not say.
type Refusal struct {
	Call  string // e.g. "mount"
	Errno unix.Errno
	Why   string // what confined processes cannot do, in plain words
}

// Why calls are refused, in plain words.
const (
	whyPrograms   = "cells cannot start other programs or processes"
	whyProcesses  = "cells cannot look into other processes or signal them"
	whyPlace      = "cells cannot change mounts, namespaces or names of the place they run in"
	whyRights     = "cells cannot change their rights, limits or priority"
	whyKernel     = "cells cannot change or extend the system's kernel"
	whyRawSockets = "cells cannot make raw packets; %%wire shows those that there are"
	whySockets    = "cells have TCP, UDP and Unix sockets, and no others"
	whyLoopback   = "here cells reach only sockets that cells made, on this machine's loopback"
)

type refusedCall struct {
	call      uint32
	name, why string
}

// refused are the calls that are always refused and explained. They wait for
// the parent, which answers with EPERM. Those that Go's packages try in passing,
// as pidfd_open, are not among them.
var refused = append([]refusedCall{
	{unix.SYS_EXECVE, "execve", whyPrograms}, {unix.SYS_EXECVEAT, "execveat", whyPrograms},
	{unix.SYS_PTRACE, "ptrace", whyProcesses}, {unix.SYS_PROCESS_VM_READV, "process_vm_readv", whyProcesses},
	{unix.SYS_PROCESS_VM_WRITEV, "process_vm_writev", whyProcesses},
	{unix.SYS_PIDFD_GETFD, "pidfd_getfd", whyProcesses}, {unix.SYS_PIDFD_SEND_SIGNAL, "pidfd_send_signal", whyProcesses},
	{unix.SYS_TKILL, "tkill", whyProcesses}, {unix.SYS_RT_SIGQUEUEINFO, "rt_sigqueueinfo", whyProcesses},
	{unix.SYS_MOUNT, "mount", whyPlace}, {unix.SYS_UMOUNT2, "umount2", whyPlace}, {unix.SYS_PIVOT_ROOT, "pivot_root", whyPlace},
	{unix.SYS_CHROOT, "chroot", whyPlace}, {unix.SYS_UNSHARE, "unshare", whyPlace}, {unix.SYS_SETNS, "setns", whyPlace},
	{unix.SYS_FSOPEN, "fsopen", whyPlace}, {unix.SYS_OPEN_TREE, "open_tree", whyPlace}, {unix.SYS_MOVE_MOUNT, "move_mount", whyPlace},
	{unix.SYS_SETHOSTNAME, "sethostname", whyPlace}, {unix.SYS_SETDOMAINNAME, "setdomainname", whyPlace},
	{unix.SYS_SETUID, "setuid", whyRights}, {unix.SYS_SETGID, "setgid", whyRights}, {unix.SYS_SETRESUID, "setresuid", whyRights},
	{unix.SYS_CAPSET, "capset", whyRights}, {unix.SYS_SETPRIORITY, "setpriority", whyRights},
	{unix.SYS_SCHED_SETAFFINITY, "sched_setaffinity", whyRights}, {unix.SYS_SCHED_SETSCHEDULER, "sched_setscheduler", whyRights},
	{unix.SYS_BPF, "bpf", whyKernel}, {unix.SYS_PERF_EVENT_OPEN, "perf_event_open", whyKernel}, {unix.SYS_KEYCTL, "keyctl", whyKernel},
	{unix.SYS_ADD_KEY, "add_key", whyKernel}, {unix.SYS_USERFAULTFD, "userfaultfd", whyKernel}, {unix.SYS_INIT_MODULE, "init_module", whyKernel},
	{unix.SYS_FINIT_MODULE, "finit_module", whyKernel}, {unix.SYS_DELETE_MODULE, "delete_module", whyKernel},
	{unix.SYS_KEXEC_LOAD, "kexec_load", whyKernel}, {unix.SYS_REBOOT, "reboot", whyKernel}, {unix.SYS_SWAPON, "swapon", whyKernel},
	{unix.SYS_CLOCK_SETTIME, "clock_settime", whyKernel}, {unix.SYS_SETTIMEOFDAY, "settimeofday", whyKernel},
}, archRefused...)

// refusedCalls returns their numbers.
func refusedCalls() []uint32 {
	var calls []uint32
	for _, r := range refused {
		calls = append(calls, r.call)
	}
	return calls
}

// refuse lets a call fail, and tells of it if there is something to explain.
func (g *Guard) refuse(n notification, errno unix.Errno) {
	if r, ok := explainCall(n, errno); ok {
		g.remember(r)
	}
	g.fail(n.ID, errno)
}

// explainCall says why a call is refused with this error.
func explainCall(n notification, errno unix.Errno) (Refusal, bool) {
	call := uint32(n.Data.Call)
	for _, r := range refused {
		if r.call == call {
			return Refusal{r.name, errno, r.why}, true
		}
	}
	switch call {
	case unix.SYS_CLONE:
		return Refusal{"clone", errno, whyPrograms}, true
	case unix.SYS_SOCKET:
		if errno == unix.EPERM {
			return Refusal{"socket", errno, whyRawSockets}, true
		}
		return Refusal{"socket", errno, whySockets}, errno == unix.EACCES
	case unix.SYS_CONNECT:
		return Refusal{"connect", errno, whyLoopback}, errno == unix.EACCES
	case unix.SYS_SENDTO:
		return Refusal{"sendto", errno, whyLoopback}, errno == unix.EACCES
	case unix.SYS_SENDMSG:
		return Refusal{"sendmsg", errno, whyLoopback}, errno == unix.EACCES
	}
	return Refusal{}, false
}

// socketRefusal returns the error for a socket that may not be made in a mode:
// the one that Linux has for it where CAP_NET_RAW is missing, or EACCES. It is 0
// for those that may.
func socketRefusal(mode Mode, args [6]uint64) unix.Errno {
	kind := args[1] & 0xf
	switch {
	case matches(sockets(mode), args):
		return 0
	case uint32(args[0]) == unix.AF_PACKET, kind == unix.SOCK_RAW && (uint32(args[0]) == unix.AF_INET || uint32(args[0]) == unix.AF_INET6):
		return unix.EPERM
	}
	return unix.EACCES
}

// matches evaluates the conditions of a rule as the filter does.
func matches(any [][]cond, args [6]uint64) bool {
	for _, alternative := range any {
		all := true
		for _, c := range alternative {
			all = all && c.holds(args)
		}
		if all {
			return true
		}
	}
	return false
}

func (c cond) holds(args [6]uint64) bool {
	value := uint32(args[c.arg])
	if c.high {
		value = uint32(args[c.arg] >> 32)
	}
	if c.mask != 0 {
		value &= c.mask
	}
	for _, v := range c.values {
		if v == value {
			return true
		}
	}
	return false
}

// Explain says in sentences what was refused, and why: the error's number alone
// does not.
func Explain(refusals []Refusal) []string {
	calls := map[string][]string{}
	var order []string
	for _, r := range refusals {
		if calls[r.Why] == nil {
			order = append(order, r.Why)
		}
		calls[r.Why] = append(calls[r.Why], fmt.Sprintf("%s (%s)", r.Call, unix.ErrnoName(r.Errno)))
	}
	var said []string
	for _, why := range order {
		said = append(said, fmt.Sprintf("The sandbox refused %s: %s.", strings.Join(calls[why], ", "), why))
	}
	return said
}
