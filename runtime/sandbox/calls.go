package sandbox

import "golang.org/x/sys/unix"

// Calls that a Go program needs, or that a program with sockets and files may
// use without reaching anything but what it was given. The calls that loops
// use come first: a filter looks at one rule after the other.
var allowed = append([]uint32{
	unix.SYS_WRITE, unix.SYS_FUTEX, unix.SYS_EPOLL_PWAIT, unix.SYS_RECVFROM,
	unix.SYS_ACCEPT4, unix.SYS_ACCEPT, unix.SYS_CLOSE, unix.SYS_NANOSLEEP, unix.SYS_RECVMSG, unix.SYS_PPOLL,
	unix.SYS_READV, unix.SYS_WRITEV, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_PREADV, unix.SYS_PWRITEV,

	// Memory, threads and signals, as the runtime uses them.
	unix.SYS_MUNMAP, unix.SYS_MADVISE, unix.SYS_BRK, unix.SYS_MREMAP, unix.SYS_MINCORE, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
	unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_GETTID, unix.SYS_SIGALTSTACK, unix.SYS_RT_SIGACTION,
	unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_RT_SIGPENDING, unix.SYS_RT_SIGTIMEDWAIT, unix.SYS_RT_SIGSUSPEND,
	unix.SYS_RESTART_SYSCALL, unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_MEMBARRIER, unix.SYS_GETCPU, unix.SYS_SET_TID_ADDRESS,

	// Time and timers.
	unix.SYS_CLOCK_GETTIME, unix.SYS_CLOCK_GETRES, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_GETTIMEOFDAY, unix.SYS_TIMES,
	unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME, unix.SYS_TIMER_GETTIME, unix.SYS_TIMER_DELETE, unix.SYS_SETITIMER, unix.SYS_GETITIMER,
	unix.SYS_TIMERFD_CREATE, unix.SYS_TIMERFD_SETTIME, unix.SYS_TIMERFD_GETTIME,

	// What it is.
	unix.SYS_GETPID, unix.SYS_GETPPID, unix.SYS_GETUID, unix.SYS_GETEUID, unix.SYS_GETGID, unix.SYS_GETEGID, unix.SYS_GETGROUPS,
	unix.SYS_GETPGID, unix.SYS_GETSID, unix.SYS_UNAME, unix.SYS_SYSINFO, unix.SYS_GETRUSAGE, unix.SYS_GETPRIORITY,
	unix.SYS_GETRANDOM, unix.SYS_WAIT4, unix.SYS_CAPGET, unix.SYS_UMASK, unix.SYS_GETCWD,

	// Sockets that exist, and waiting.
	unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_SHUTDOWN, unix.SYS_GETSOCKNAME, unix.SYS_GETPEERNAME, unix.SYS_GETSOCKOPT,
	unix.SYS_RECVMMSG, unix.SYS_PSELECT6, unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT2,
	unix.SYS_PIPE2, unix.SYS_EVENTFD2, unix.SYS_SIGNALFD4, unix.SYS_DUP, unix.SYS_DUP3,
	unix.SYS_SENDFILE, unix.SYS_SPLICE, unix.SYS_TEE, unix.SYS_COPY_FILE_RANGE,

	// Descriptors of files. What can be opened is for the root directory and
	// Landlock to say.
	unix.SYS_FSTAT, unix.SYS_LSEEK, unix.SYS_FSYNC, unix.SYS_FDATASYNC, unix.SYS_FTRUNCATE, unix.SYS_FALLOCATE,
	unix.SYS_FLOCK, unix.SYS_GETDENTS64, unix.SYS_FADVISE64, unix.SYS_FSTATFS,
}, archAllowed...)

// Calls that name files, refused where nothing stands between them and the
// machine's files.
var fileCalls = append([]uint32{
	unix.SYS_OPENAT, unix.SYS_NEWFSTATAT, unix.SYS_STATX, unix.SYS_STATFS, unix.SYS_READLINKAT, unix.SYS_FACCESSAT, unix.SYS_FACCESSAT2,
	unix.SYS_MKDIRAT, unix.SYS_UNLINKAT, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_LINKAT, unix.SYS_SYMLINKAT,
	unix.SYS_TRUNCATE, unix.SYS_CHDIR, unix.SYS_FCHDIR,
}, archFileCalls...)

// Calls that a program has another way for, which it takes if it is told that
// the kernel has not got these.
var unheardOf = []uint32{unix.SYS_CLONE3, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER, unix.SYS_OPENAT2}

// Changes of files' modes and times are not for Landlock to refuse: they are
// refused where the machine's files can be named.
var modeCalls = append([]uint32{unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_UTIMENSAT}, archModeCalls...)

const protocolMPTCP = 262

// threads are the clones that make threads, not processes and not namespaces.
func threads() [][]cond {
	const threadFlags = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_SYSVSEM | unix.CLONE_THREAD |
		unix.CLONE_SETTLS | unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_CLEARTID | unix.CLONE_CHILD_SETTID
	return [][]cond{{
		{arg: 0, mask: ^uint32(threadFlags), values: []uint32{0}},
		{arg: 0, mask: unix.CLONE_VM | unix.CLONE_THREAD, values: []uint32{unix.CLONE_VM | unix.CLONE_THREAD}},
	}}
}

// sharedRules are for calls whose arguments decide, in every mode.
func sharedRules(mode Mode, self uint32) []rule {
	eperm := fail(unix.EPERM)
	one := func(c ...cond) [][]cond { return [][]cond{c} }
	prctls := where(0, unix.PR_SET_VMA, unix.PR_GET_NAME, unix.PR_SET_NAME, unix.PR_GET_DUMPABLE, unix.PR_GET_NO_NEW_PRIVS, unix.PR_GET_SECCOMP)
	fcntls := []uint32{unix.F_DUPFD, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_SETFL, unix.F_GETLK, unix.F_SETLK, unix.F_SETLKW,
		unix.F_DUPFD_CLOEXEC, unix.F_SETPIPE_SZ, unix.F_GETPIPE_SZ}
	if mode == Namespaces { // elsewhere its signals could reach others
		fcntls = append(fcntls, unix.F_SETOWN, unix.F_GETOWN)
	}
	return []rule{
		// No code but what there is; no memory that limits do not count.
		{call: unix.SYS_MMAP, any: one(cond{arg: 2, mask: unix.PROT_EXEC, values: []uint32{0}},
			cond{arg: 3, mask: unix.MAP_SHARED, values: []uint32{0}}), then: allow, els: eperm},
		{call: unix.SYS_MPROTECT, any: one(cond{arg: 2, mask: unix.PROT_EXEC, values: []uint32{0}}), then: allow, els: eperm},
		{call: unix.SYS_KILL, any: one(where(0, self)), then: allow, els: eperm},
		{call: unix.SYS_TGKILL, any: one(where(0, self)), then: allow, els: eperm},
		{call: unix.SYS_PRLIMIT64, any: one(where(2, 0), cond{arg: 2, high: true, values: []uint32{0}}), then: allow, els: eperm},
		{call: unix.SYS_PRCTL, any: one(prctls), then: allow, els: eperm},
		{call: unix.SYS_FCNTL, any: one(where(1, fcntls...)), then: allow, els: eperm},
		{call: unix.SYS_IOCTL, any: one(where(1, ioctls...)), then: allow, els: fail(unix.ENOTTY)},
		// Who asks for one that no Linux has hears so, as outside.
		{call: unix.SYS_SETSOCKOPT, any: above255(2), then: fail(unix.ENOPROTOOPT), els: next},
		{call: unix.SYS_SETSOCKOPT, any: sockopts(mode), then: allow, els: eperm},
		{call: unix.SYS_SOCKETPAIR, any: one(where(0, unix.AF_UNIX)), then: allow, els: fail(unix.EACCES)},
	}
}

// above255 is the conditions that an argument has one of the bits from 8 to 31.
func above255(arg int) (any [][]cond) {
	for bit := uint32(1 << 8); bit != 0; bit <<= 1 {
		any = append(any, []cond{{arg: arg, mask: bit, values: []uint32{bit}}})
	}
	return any
}

var ioctls = []uint32{unix.TCGETS, unix.TIOCGWINSZ, unix.TIOCINQ, unix.TIOCOUTQ, fionbio, fioclex, fionclex, siocatmark,
	unix.SIOCGIFINDEX, unix.SIOCGIFNAME, unix.SIOCGIFCONF, unix.SIOCGIFADDR, unix.SIOCGIFNETMASK, unix.SIOCGIFFLAGS, unix.SIOCGIFMTU, unix.SIOCGIFHWADDR}

// From asm-generic/ioctls.h and asm-generic/sockios.h; x/sys has no names.
const (
	fionbio    = 0x5421
	fionclex   = 0x5450
	fioclex    = 0x5451
	siocatmark = 0x8905
)

// sockets returns which sockets may be made. In mode Namespaces and in a lab's
// host routes may be asked for; net.Interfaces does.
func sockets(mode Mode) [][]cond {
	kind := cond{arg: 1, mask: 0xf, values: []uint32{unix.SOCK_STREAM, unix.SOCK_DGRAM}}
	any := [][]cond{
		{where(0, unix.AF_INET, unix.AF_INET6), kind, where(2, 0, unix.IPPROTO_TCP, unix.IPPROTO_UDP, unix.IPPROTO_ICMP, unix.IPPROTO_ICMPV6)},
		{where(0, unix.AF_UNIX), cond{arg: 1, mask: 0xf, values: []uint32{unix.SOCK_STREAM, unix.SOCK_DGRAM, unix.SOCK_SEQPACKET}}},
	}
	if mode != Loopback {
		any = append(any, []cond{where(0, unix.AF_NETLINK), where(2, unix.NETLINK_ROUTE)})
	}
	return any
}

// mptcp are the sockets that Go asks for first. Landlock does not see them; Go
// falls back.
func mptcp() [][]cond {
	return [][]cond{{where(2, protocolMPTCP), where(0, unix.AF_INET, unix.AF_INET6)}}
}

// Socket options from linux/tcp.h, linux/in6.h and asm-generic/socket.h which
// x/sys has no names for on every architecture.
const (
	tcpRTOMaxMS    = 44
	tcpRTOMinUS    = 45
	tcpDelackMaxUS = 46
)

// sockopts returns which socket options may be set: level by level, since
// IPV6_V6ONLY and SO_ATTACH_FILTER have the same number.
func sockopts(mode Mode) [][]cond {
	level := func(l uint32, options ...uint32) []cond { return []cond{where(1, l), where(2, options...)} }
	any := [][]cond{
		level(unix.SOL_SOCKET, unix.SO_REUSEADDR, unix.SO_REUSEPORT, unix.SO_KEEPALIVE, unix.SO_LINGER, unix.SO_SNDBUF, unix.SO_RCVBUF,
			unix.SO_BROADCAST, unix.SO_RCVTIMEO, unix.SO_SNDTIMEO, unix.SO_DONTROUTE, unix.SO_OOBINLINE, unix.SO_PRIORITY, unix.SO_PASSCRED,
			unix.SO_RCVLOWAT, unix.SO_SNDLOWAT, unix.SO_TIMESTAMP, unix.SO_TIMESTAMPNS, unix.SO_TIMESTAMPING, unix.SO_RXQ_OVFL,
			unix.SO_RCVTIMEO_NEW, unix.SO_SNDTIMEO_NEW),
		level(unix.IPPROTO_TCP, unix.TCP_NODELAY, unix.TCP_MAXSEG, unix.TCP_CORK, unix.TCP_KEEPIDLE, unix.TCP_KEEPINTVL, unix.TCP_KEEPCNT,
			unix.TCP_SYNCNT, unix.TCP_LINGER2, unix.TCP_DEFER_ACCEPT, unix.TCP_WINDOW_CLAMP, unix.TCP_QUICKACK, unix.TCP_CONGESTION,
			unix.TCP_USER_TIMEOUT, unix.TCP_FASTOPEN, unix.TCP_NOTSENT_LOWAT, tcpRTOMaxMS, tcpRTOMinUS, tcpDelackMaxUS),
		level(unix.IPPROTO_UDP, unix.UDP_CORK),
		level(unix.IPPROTO_IP, unix.IP_TOS, unix.IP_TTL, unix.IP_PKTINFO, unix.IP_MTU_DISCOVER, unix.IP_RECVERR, unix.IP_RECVTTL, unix.IP_RECVTOS,
			unix.IP_FREEBIND, unix.IP_MINTTL, unix.IP_BIND_ADDRESS_NO_PORT, unix.IP_MULTICAST_IF, unix.IP_MULTICAST_TTL, unix.IP_MULTICAST_LOOP,
			unix.IP_ADD_MEMBERSHIP, unix.IP_DROP_MEMBERSHIP, unix.IP_ADD_SOURCE_MEMBERSHIP, unix.IP_DROP_SOURCE_MEMBERSHIP),
		level(unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, unix.IPV6_UNICAST_HOPS, unix.IPV6_MULTICAST_IF, unix.IPV6_MULTICAST_HOPS, unix.IPV6_MULTICAST_LOOP,
			unix.IPV6_JOIN_GROUP, unix.IPV6_LEAVE_GROUP, unix.IPV6_MTU_DISCOVER, unix.IPV6_RECVERR, unix.IPV6_RECVPKTINFO, unix.IPV6_RECVHOPLIMIT,
			unix.IPV6_TCLASS, unix.IPV6_RECVTCLASS, unix.IPV6_MTU),
	}
	if mode != Loopback {
		any = append(any, level(unix.SOL_SOCKET, unix.SO_BINDTODEVICE), level(unix.IPPROTO_TCP, unix.TCP_FASTOPEN_CONNECT))
	}
	return any
}

// policy returns the rules of the filter that is installed last: what is not
// allowed is refused. What the first filter has wait for the parent must be
// allowed here, or its refusal is not explained: of two filters' verdicts the
// stricter counts, and an error is stricter than to wait (seccomp(2)). files
// tells whether something else confines files.
func policy(mode Mode, self uint32, files bool) (rules []rule, rest action) {
	if mode == Open {
		return nil, allow
	}
	rules = always(allow, unix.SYS_READ, unix.SYS_SENDTO, unix.SYS_CONNECT, unix.SYS_SENDMSG)
	rules = append(rules, always(allow, allowed...)...)
	rules = append(rules, rule{call: unix.SYS_SOCKET, any: mptcp(), then: fail(unix.EPROTONOSUPPORT), els: allow}, rule{call: unix.SYS_CLONE, then: allow})
	rules = append(rules, sharedRules(mode, self)...)
	rules = append(rules, always(allow, refusedCalls()...)...)
	if files {
		rules = append(rules, always(allow, fileCalls...)...)
	} else {
		rules = append(rules, always(fail(unix.EACCES), fileCalls...)...)
	}
	if mode != Loopback {
		rules = append(rules, always(allow, modeCalls...)...)
		rules = append(rules, always(allow, unix.SYS_SENDMMSG)...)
	}
	return append(rules, always(fail(unix.ENOSYS), unheardOf...)...), fail(unix.EPERM)
}

// fatal are the signals that end a process that does not catch them, and that
// Go raises anew to end by (signal(7)); and SIGSTOP.
var fatal = []uint32{uint32(unix.SIGHUP), uint32(unix.SIGINT), uint32(unix.SIGQUIT), uint32(unix.SIGILL), uint32(unix.SIGTRAP), uint32(unix.SIGABRT),
	uint32(unix.SIGBUS), uint32(unix.SIGFPE), uint32(unix.SIGKILL), uint32(unix.SIGUSR1), uint32(unix.SIGSEGV), uint32(unix.SIGUSR2),
	uint32(unix.SIGPIPE), uint32(unix.SIGALRM), uint32(unix.SIGTERM), uint32(unix.SIGSTOP)}

// questions returns the rules of the filter that is installed first, by which
// calls wait for the parent.
func questions(mode Mode, self uint32) []rule {
	one := func(c ...cond) [][]cond { return [][]cond{c} }
	rules := []rule{{call: unix.SYS_READ, any: one(where(0, 0)), then: notify, els: allow}}
	switch mode {
	case Namespaces:
		// The first process of a pid namespace cannot end itself by a signal.
		rules = append(rules,
			rule{call: unix.SYS_KILL, any: one(where(0, self), where(1, fatal...)), then: notify, els: allow},
			rule{call: unix.SYS_TGKILL, any: one(where(0, self), where(2, fatal...)), then: notify, els: allow})
	case Loopback:
		rules = append(rules,
			rule{call: unix.SYS_SOCKET, any: mptcp(), then: allow, els: next},
			rule{call: unix.SYS_SOCKET, any: one(where(0, unix.AF_INET, unix.AF_INET6)), then: notify, els: next},
			rule{call: unix.SYS_CONNECT, then: notify},
			rule{call: unix.SYS_SENDTO, any: one(where(4, 0), cond{arg: 4, high: true, values: []uint32{0}}), then: allow, els: notify},
			rule{call: unix.SYS_SENDMSG, then: notify})
	}
	if mode == Open {
		return rules
	}
	// What is refused with an explanation; last, since it is seldom asked for.
	rules = append(rules,
		rule{call: unix.SYS_SOCKET, any: append(mptcp(), sockets(mode)...), then: allow, els: notify},
		rule{call: unix.SYS_CLONE, any: threads(), then: allow, els: notify})
	return append(rules, always(notify, refusedCalls()...)...)
}
