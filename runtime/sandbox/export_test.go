package sandbox

import "golang.org/x/sys/unix"

// LikeDocker refuses this process, on all threads, what Docker's default
// profile refuses a container without CAP_SYS_ADMIN and CAP_SYS_PTRACE.
func LikeDocker() error {
	eperm := fail(unix.EPERM)
	rules := always(eperm, unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_BPF,
		unix.SYS_PERF_EVENT_OPEN, unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_PIDFD_GETFD, unix.SYS_PROCESS_VM_READV, unix.SYS_PTRACE)
	rules = append(rules, always(fail(unix.ENOSYS), unix.SYS_CLONE3)...)
	rules = append(rules, rule{call: unix.SYS_CLONE, any: [][]cond{{cond{arg: 0, mask: 0x7e020000, values: []uint32{0}}}}, then: allow, els: eperm})
	program, err := assemble(arch, rules, allow, kill)
	if err != nil {
		return err
	}
	if err := allThreads("set no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0); err != nil {
		return err
	}
	_, err = install(program, unix.SECCOMP_FILTER_FLAG_TSYNC)
	return err
}
