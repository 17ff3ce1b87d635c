package sandbox

import (
	"fmt"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// landlockABI returns the version of Landlock that this kernel has; 0: none.
func landlockABI() int {
	const version = 1 // LANDLOCK_CREATE_RULESET_VERSION
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, version)
	if errno != 0 {
		return 0
	}
	return int(abi)
}

// landlock leaves the process only the files that it needs, and keeps its
// signals and abstract sockets to itself; but in a lab's host, which has a
// network and so abstract sockets of its own (unix(7)), its processes may meet
// at them, to hand descriptors over. It returns Landlock's version.
func (s setup) landlock() (abi int, err error) {
	if abi = landlockABI(); abi == 0 {
		return 0, nil
	}
	config := landlock.V11
	config.HandledAccessNet = 0 // namespaces or the parent see to that
	rules := []landlock.Rule{
		landlock.RODirs("/"),
		landlock.RWDirs("/tmp"),
		landlock.RWFiles("/dev/null", "/dev/zero"),
	}
	if s.Mode == LabHost {
		config.Scoped = landlock.ScopedSet(ll.ScopeSignal)
	}
	if s.Mode == Loopback {
		rules = []landlock.Rule{
			landlock.RWDirs(s.Temp),
			landlock.RODirs("/usr/share/zoneinfo").IgnoreIfMissing(),
			landlock.ROFiles("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/localtime", "/etc/services", "/etc/protocols",
				"/dev/urandom", "/proc/sys/net/core/somaxconn").IgnoreIfMissing(),
			landlock.RWFiles("/dev/null", "/dev/zero").IgnoreIfMissing(),
		}
	}
	if err := config.BestEffort().Restrict(rules...); err != nil {
		return abi, fmt.Errorf("confine by Landlock: %w", err)
	}
	return abi, nil
}
