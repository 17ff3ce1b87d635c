package sandbox_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The deeds that a child may be asked for. The environment says where what is
// to be attacked is.
var deeds = map[string]func(sayer){
	"home": readHome, "write": writeOutside, "exec": execute, "parent": attackParent, "connect": connectOutside,
	"listen": listenEverywhere, "raw": rawPackets, "mount": changeMounts, "bpf": kernelInterfaces, "descriptors": manyDescriptors,
	"goroutines": manyGoroutines, "threads": manyThreads, "memory": allMemory, "mapped memory": mappedMemory, "disk": fillDisk, "spin": spin,
	"kernel": reachKernel, "proc": readProc, "wait": waitForEver, "blocked": waitInCalls, "signal": endItself, "sockets": useSockets, "files": useFiles, "nothing": func(sayer) {},
}

func call(number uintptr, args ...uintptr) error {
	var a [6]uintptr
	copy(a[:], args)
	if _, _, errno := syscall.RawSyscall6(number, a[0], a[1], a[2], a[3], a[4], a[5]); errno != 0 {
		return errno
	}
	return nil
}

func text(s string) uintptr {
	p, err := unix.BytePtrFromString(s)
	if err != nil {
		panic(err)
	}
	kept = append(kept, p)
	return uintptr(unsafe.Pointer(p))
}

// kept keeps what only a number points to.
var kept []*byte

func readHome(say sayer) {
	_, err := os.ReadFile(os.Getenv("VICTIM") + "/secret")
	say("read a file of the home directory", err)
	_, err = os.ReadDir(os.Getenv("VICTIM"))
	say("list the home directory", err)
	_, err = os.ReadDir("/root")
	say("list /root", err)
	b, err := os.ReadFile("/etc/passwd")
	if err == nil && strings.Contains(string(b), "root") {
		say("read the machine's /etc/passwd", nil)
	}
}

func writeOutside(say sayer) {
	home := os.Getenv("VICTIM")
	say("write a file at home", os.WriteFile(home+"/evil", []byte("x"), 0o644))
	say("change a file's mode", os.Chmod(home+"/secret", 0o777))
	say("change a file's time", os.Chtimes(home+"/secret", time.Now(), time.Now()))
	say("remove a file", os.Remove(home+"/secret"))
	say("rename a file", os.Rename(home+"/secret", home+"/other"))
	say("write to /dev/shm", os.WriteFile("/dev/shm/evil", []byte("x"), 0o644))
	say("write to /", os.WriteFile("/evil", []byte("x"), 0o644))
	say("write /etc/hosts", os.WriteFile("/etc/hosts", []byte("x"), 0o644))
	say("write a kernel setting", os.WriteFile("/proc/sys/kernel/core_pattern", []byte("x"), 0o644))
	say("write a process's setting", os.WriteFile("/proc/self/oom_score_adj", []byte("0"), 0o644))
	say("link out of the directory", func() error {
		if err := os.Symlink(home+"/secret", "link"); err != nil {
			return err
		}
		_, err := os.ReadFile("link")
		return err
	}())
	say("ok write to the temporary directory", os.WriteFile("mine", []byte("x"), 0o644))
}

func execute(say sayer) {
	_, err := exec.Command("/bin/true").CombinedOutput()
	say("run /bin/true", err)
	_, err = exec.Command("/proc/self/exe").CombinedOutput()
	say("run itself", err)
	argv := [2]uintptr{text("true"), 0}
	say("execve", call(unix.SYS_EXECVE, text("/bin/true"), uintptr(unsafe.Pointer(&argv)), 0))
	say("execveat", call(unix.SYS_EXECVEAT, 0, text("/bin/true"), uintptr(unsafe.Pointer(&argv)), 0, 0))
	say("clone a process", call(unix.SYS_CLONE, uintptr(unix.SIGCHLD)))
	say("clone a process that shares memory", call(unix.SYS_CLONE, uintptr(unix.CLONE_VM|unix.CLONE_VFORK|int(unix.SIGCHLD))))
	say("clone3", call(unix.SYS_CLONE3, 0, 0))
	say("memory that can be executed", call(unix.SYS_MMAP, 0, 4096, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC, unix.MAP_PRIVATE|unix.MAP_ANON, ^uintptr(0), 0))
}

func attackParent(say sayer) {
	parent, _ := strconv.Atoi(os.Getenv("PARENT"))
	for _, pid := range []int{parent, os.Getppid()} {
		say(fmt.Sprint("signal 0 to ", pid), syscall.Kill(pid, 0))
		say(fmt.Sprint("SIGKILL to ", pid), syscall.Kill(pid, unix.SIGKILL))
		say("tgkill", call(unix.SYS_TGKILL, uintptr(pid), uintptr(pid), 9))
		say("tkill", call(unix.SYS_TKILL, uintptr(pid), 9))
		say("ptrace", call(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(pid), 0, 0))
		say("pidfd_open", call(unix.SYS_PIDFD_OPEN, uintptr(pid), 0))
		say("process_vm_readv", call(unix.SYS_PROCESS_VM_READV, uintptr(pid), 0, 0, 0, 0, 0))
		if pid == 0 || pid == 1 && os.Getpid() == 1 {
			continue // itself
		}
		_, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		say("read its environment", err)
		_, err = os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)
		say("open its memory", err)
	}
	say("SIGKILL to all", syscall.Kill(-1, unix.SIGKILL))
	say("SIGKILL to the group", syscall.Kill(0, unix.SIGKILL))
	say("signals from a socket", func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			return nil
		}
		_, err = unix.FcntlInt(uintptr(fd), unix.F_SETSIG, int(unix.SIGKILL))
		return err
	}())
}

// The victim outside: 198.51.100.2, where TCP listens on 7000 and UDP on 7001,
// in a test of its own.
var outside = [4]byte{198, 51, 100, 2}

func connectOutside(say sayer) {
	d := net.Dialer{Timeout: 500 * time.Millisecond}
	_, err := d.Dial("tcp", "198.51.100.2:7000")
	say("TCP", err)
	udp, err := net.Dial("udp", "198.51.100.2:7001")
	if err == nil {
		_, err = udp.Write([]byte("connected"))
	}
	say("UDP, connected", err)
	packets, err := net.ListenPacket("udp4", "0.0.0.0:0")
	say("ok UDP socket", err)
	if err == nil {
		conn := packets.(*net.UDPConn)
		to := &net.UDPAddr{IP: outside[:], Port: 7001}
		_, err = conn.WriteTo([]byte("sendto"), to)
		say("UDP, sendto", err)
		_, _, err = conn.WriteMsgUDP([]byte("sendmsg"), nil, to)
		say("UDP, sendmsg", err)
		for device := range 5 {
			oob := unix.PktInfo4(&unix.Inet4Pktinfo{Ifindex: int32(device)})
			_, _, err = conn.WriteMsgUDP([]byte("by device"), oob, to)
			say(fmt.Sprint("may UDP, by device ", device), err) // its own loopback takes anything, and throws it away
		}
		say("UDP, sendmmsg", func() error {
			raw, err := conn.SyscallConn()
			if err != nil {
				return err
			}
			raw.Control(func(fd uintptr) { err = sendmmsg(fd) })
			return err
		}())
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	say("ok TCP socket", err)
	if unix.SetsockoptString(fd, unix.SOL_SOCKET, unix.SO_BINDTODEVICE, "outside0") == nil {
		say("TCP by device", unix.Connect(fd, &unix.SockaddrInet4{Port: 7000, Addr: outside}))
	}
	if fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_MPTCP); err == nil {
		err = unix.Connect(fd, &unix.SockaddrInet4{Port: 7000, Addr: outside})
	}
	say("MPTCP", err)
	if fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); err == nil {
		err = unix.Sendto(fd, []byte("fast"), unix.MSG_FASTOPEN, &unix.SockaddrInet4{Port: 7000, Addr: outside})
	}
	say("TCP fast open", err)
	_, err = net.LookupHost("example.com")
	say("resolve a name", err)
}

// sendmmsg sends one datagram outside.
func sendmmsg(fd uintptr) error {
	address := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: 7001>>8 | 7001&0xff<<8, Addr: outside}
	data := []byte("sendmmsg")
	iov := unix.Iovec{Base: &data[0]}
	iov.SetLen(len(data))
	message := struct {
		header unix.Msghdr
		sent   uint32
	}{header: unix.Msghdr{Name: (*byte)(unsafe.Pointer(&address)), Namelen: unix.SizeofSockaddrInet4, Iov: &iov}}
	message.header.SetIovlen(1)
	return call(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&message)), 1, 0)
}

// listenEverywhere listens on all addresses, tells, and tells of who comes.
func listenEverywhere(say sayer) {
	l, err := net.Listen("tcp4", "0.0.0.0:7777")
	say("ok listen", err)
	if err != nil {
		return
	}
	u, err := net.ListenPacket("udp4", "0.0.0.0:7778")
	say("ok listen UDP", err)
	if err != nil {
		return
	}
	go func() {
		b := make([]byte, 100)
		n, from, err := u.ReadFrom(b)
		if err == nil {
			say(fmt.Sprintf("be reached by UDP from %v: %q", from, b[:n]), nil)
		}
	}()
	l.(*net.TCPListener).SetDeadline(time.Now().Add(1500 * time.Millisecond))
	c, err := l.Accept()
	what := "be reached"
	if err == nil {
		what = fmt.Sprint("be reached from ", c.RemoteAddr())
	}
	say(what, err)
}

func rawPackets(say sayer) {
	const all = unix.ETH_P_ALL >> 8 & 0xff // in network order on this machine: any
	for _, s := range []struct {
		name                   string
		domain, kind, protocol uintptr
	}{
		{"packet socket", unix.AF_PACKET, unix.SOCK_RAW, all << 8}, {"packet datagrams", unix.AF_PACKET, unix.SOCK_DGRAM, all << 8},
		{"raw ICMP", unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP}, {"raw ICMPv6", unix.AF_INET6, unix.SOCK_RAW, unix.IPPROTO_ICMPV6},
		{"raw IP", unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_RAW}, {"netfilter", unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_NETFILTER},
		{"sock_diag", unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_SOCK_DIAG}, {"vsock", unix.AF_VSOCK, unix.SOCK_STREAM, 0},
		{"crypto", unix.AF_ALG, unix.SOCK_SEQPACKET, 0}, {"Bluetooth", unix.AF_BLUETOOTH, unix.SOCK_RAW, 0}, {"CAN", unix.AF_CAN, unix.SOCK_RAW, 1},
		{"SCTP", unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_SCTP}, {"SMC", unix.AF_SMC, unix.SOCK_STREAM, 0},
	} {
		say(s.name, call(unix.SYS_SOCKET, s.domain, s.kind, s.protocol))
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	say("ok UDP socket", err)
	// Number 26 is IPV6_V6ONLY at another level.
	say("attach a filter", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, 1))
	say("mark packets", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_MARK, 1))
	say("replace iptables", unix.SetsockoptInt(fd, unix.IPPROTO_IP, 64, 1))
}

func changeMounts(say sayer) {
	say("mount", unix.Mount("x", "/tmp", "tmpfs", 0, ""))
	say("unmount", unix.Unmount("/proc", unix.MNT_DETACH))
	say("pivot_root", unix.PivotRoot("/tmp", "/tmp"))
	say("chroot", unix.Chroot("/tmp"))
	say("unshare a user namespace", unix.Unshare(unix.CLONE_NEWUSER))
	say("unshare a network", unix.Unshare(unix.CLONE_NEWNET))
	say("setns", call(unix.SYS_SETNS, 0, 0))
	say("clone a user namespace", call(unix.SYS_CLONE, uintptr(unix.CLONE_NEWUSER|int(unix.SIGCHLD))))
	say("fsopen", call(unix.SYS_FSOPEN, text("tmpfs"), 0))
	say("open_tree", call(unix.SYS_OPEN_TREE, ^uintptr(99), text("/"), 0))
	say("set the host's name", unix.Sethostname([]byte("x")))
	say("become root", call(unix.SYS_SETUID, 0))
	say("take capabilities", call(unix.SYS_CAPSET, 0, 0))
}

func kernelInterfaces(say sayer) {
	var attr [128]byte
	attr[0], attr[4], attr[8], attr[12] = 2, 4, 4, 1
	p := uintptr(unsafe.Pointer(&attr[0]))
	say("make a bpf map", call(unix.SYS_BPF, 0, p, 72))
	say("io_uring", call(unix.SYS_IO_URING_SETUP, 1, uintptr(unsafe.Pointer(&attr[8]))))
	say("keyctl", call(unix.SYS_KEYCTL, 0, ^uintptr(2), 0))
	say("add_key", call(unix.SYS_ADD_KEY, text("user"), text("x"), text("x"), 1, ^uintptr(2)))
	say("userfaultfd", call(unix.SYS_USERFAULTFD, 1))
	say("perf_event_open", call(unix.SYS_PERF_EVENT_OPEN, p, 0, ^uintptr(0), ^uintptr(0), 0))
	say("memfd_create", call(unix.SYS_MEMFD_CREATE, text("x"), 0))
	say("shared memory", call(unix.SYS_MMAP, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANON, ^uintptr(0), 0))
	say("System V shared memory", call(unix.SYS_SHMGET, 0, 4096, 0o600|unix.IPC_CREAT))
	say("raise a limit", unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}))
	say("be less nice", unix.Setpriority(unix.PRIO_PROCESS, 0, -20))
	say("choose processors", call(unix.SYS_SCHED_SETAFFINITY, 0, 8, p))
	say("set the clock", call(unix.SYS_CLOCK_SETTIME, 0, uintptr(unsafe.Pointer(&attr[40]))))
	say("seccomp", call(unix.SYS_SECCOMP, 0, 0, 0))
	say("open_by_handle_at", call(unix.SYS_OPEN_BY_HANDLE_AT, 0, p, 0))
	say("load a module", call(unix.SYS_FINIT_MODULE, 0, p, 0))
	say("reboot", call(unix.SYS_REBOOT, 0, 0, 0, 0))
	say("syslog", call(unix.SYS_SYSLOG, 3, p, 100))
}

func manyDescriptors(say sayer) {
	var fds []int
	var err error
	for range 1_000_000 {
		var fd int
		if fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); err != nil {
			break
		}
		fds = append(fds, fd)
	}
	for _, fd := range fds {
		unix.Close(fd)
	}
	say("a million descriptors", err, len(fds))
}

func manyGoroutines(say sayer) {
	block := make(chan int)
	for range 1_000_000 {
		go func() { <-block }()
	}
	say("ok a million goroutines within the limit of memory", nil)
	var all [][]byte
	for {
		all = append(all, make([]byte, 1<<20))
		runtime.KeepAlive(all)
	}
}

func manyThreads(say sayer) {
	for range 2000 {
		go func() {
			runtime.LockOSThread()
			unix.Nanosleep(&unix.Timespec{Sec: 10}, nil)
		}()
	}
	time.Sleep(10 * time.Second)
	say("2,000 threads", nil)
}

func allMemory(say sayer) {
	var all [][]byte
	for range 4096 {
		b := make([]byte, 1<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		all = append(all, b)
	}
	say("4 GiB", nil, len(all))
}

func mappedMemory(say sayer) {
	for i := range 64 {
		_, err := unix.Mmap(-1, 0, 64<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_POPULATE)
		if err != nil {
			say("map 4 GiB", err, i)
			return
		}
	}
	say("map 4 GiB", nil)
}

func fillDisk(say sayer) {
	block := make([]byte, 1<<20)
	write := func(f *os.File, err error) error {
		for n := 0; err == nil && n < 128; n++ {
			_, err = f.Write(block)
		}
		return err
	}
	f, err := os.Create("big")
	say("ok create a file", err)
	say("a file of 128 MiB", write(f, err))
	if os.Getenv("DISK") == "" {
		return
	}
	for i := range 128 {
		if f, err = os.Create(fmt.Sprint("more", i)); err == nil {
			_, err = f.Write(block)
		}
		if err != nil {
			break
		}
	}
	say("128 files of 1 MiB", err)
	for i := range 20000 {
		if f, err = os.Create(fmt.Sprint("empty", i)); err != nil {
			break
		}
		f.Close()
	}
	say("20,000 files", err)
}

func spin(say sayer) {
	for range 16 {
		go func() {
			//lint:ignore SA5002 to spin is what it is for
			for {
			}
		}()
	}
	say("ok spin", nil)
	select {}
}

func reachKernel(say sayer) {
	for _, address := range []string{"127.0.0.1", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"} {
		_, err := net.DialTimeout("tcp", address+":"+os.Getenv("PORT"), 300*time.Millisecond)
		say("the kernel's socket at "+address, err)
	}
	c, err := net.Dial("udp", "127.0.0.1:"+os.Getenv("UDPPORT"))
	if err == nil { // where it is another network, nobody listens
		c.Write([]byte("x"))
		time.Sleep(10 * time.Millisecond)
		_, err = c.Write([]byte("x"))
	}
	say("a UDP service", err)
	victim := os.Getenv("VICTIM")
	_, err = net.Dial("unix", "@"+os.Getenv("ABSTRACT"))
	say("an abstract socket", err)
	_, err = net.Dial("unix", victim+"/socket")
	say("a socket with a path", err)
	if os.Symlink(victim+"/socket", "link") == nil {
		_, err = net.Dial("unix", "link")
		say("a socket through a link", err)
	}
	_, err = os.ReadFile(victim + "/connection.json")
	say("the connection file", err)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	say("ok socket pair", err)
	say("a descriptor of the parent's", unix.Sendmsg(fds[0], []byte("x"), unix.UnixRights(900), nil, 0))
}

func readProc(say sayer) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err == nil && pid != os.Getpid() {
			_, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			say("read what process "+e.Name()+" is", err)
		}
	}
	_, err := os.ReadFile("/proc/" + os.Getenv("PARENT") + "/cmdline")
	say("read what the parent is", err)
	_, err = os.OpenFile("/proc/self/mem", os.O_RDWR, 0)
	say("open its own memory for writing", err)
	_, err = os.ReadFile("/proc/kcore")
	say("read the kernel's memory", err)
	for fd := 3; fd < 50; fd++ {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			target, _ := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
			// Go's own: to wait, and to see a change of its limit of processors.
			if !strings.HasPrefix(target, "anon_inode:[event") && !strings.Contains(target, "/cpu.") {
				say("find an open descriptor", nil, fd, " ", target)
			}
		}
	}
}

func waitForEver(say sayer) {
	say("ok wait", nil, os.Getpid())
	select {}
}

func endItself(say sayer) {
	n, _ := strconv.Atoi(os.Getenv("SIGNAL"))
	say("ok signal", syscall.Kill(os.Getpid(), syscall.Signal(n)))
	time.Sleep(5 * time.Second)
}

// waitInCalls has calls that block, on a listener that nobody serves.
func waitInCalls(say sayer) {
	tcp, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	say("ok TCP socket", err)
	say("ok bind", unix.Bind(tcp, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	say("ok listen", unix.Listen(tcp, 0))
	at, err := unix.Getsockname(tcp)
	say("ok getsockname", err)
	path, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	say("ok unix socket", err)
	say("ok bind", unix.Bind(path, &unix.SockaddrUnix{Name: "full"}))
	say("ok listen", unix.Listen(path, 0))
	for range 3 {
		go func() {
			fd, _ := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
			unix.Connect(fd, at)
		}()
		go func() {
			fd, _ := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
			unix.Connect(fd, &unix.SockaddrUnix{Name: "full"})
		}()
	}
	time.Sleep(20 * time.Millisecond)
	say("ok wait", nil)
	select {}
}
