package sandbox

import (
	"encoding/binary"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// decide runs a filter on a call. The virtual machine loads words in network
// order, and the kernel in the machine's: so they are stored that way here.
func decide(t *testing.T, program []bpf.RawInstruction, arch, call uint32, args ...uint64) action {
	t.Helper()
	instructions, all := bpf.Disassemble(program)
	if !all {
		t.Fatal("an instruction that cannot be read")
	}
	vm, err := bpf.NewVM(instructions)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 64)
	binary.BigEndian.PutUint32(data[offsetCall:], call)
	binary.BigEndian.PutUint32(data[offsetArch:], arch)
	for i, a := range args {
		binary.BigEndian.PutUint32(data[offsetArgs+8*i:], uint32(a))
		binary.BigEndian.PutUint32(data[offsetArgs+8*i+4:], uint32(a>>32))
	}
	got, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return action(uint32(got))
}

// both returns what the two filters do together: the stricter verdict, which is
// the lower number (seccomp(2)).
func both(t *testing.T, mode Mode, arch, self, call uint32, args ...uint64) action {
	t.Helper()
	first, err := assemble(arch, questions(mode, self), allow, kill)
	if err != nil {
		t.Fatal(err)
	}
	rules, rest := policy(mode, self, true)
	second, err := assemble(arch, rules, rest, kill)
	if err != nil {
		t.Fatal(err)
	}
	a, b := decide(t, first, arch, call, args...), decide(t, second, arch, call, args...)
	return action(uint32(min(int32(a), int32(b))))
}

// What a confined process must not do waits for the parent, which refuses it, or
// is refused at once; nothing that the parent is asked for is lost by an error
// of the other filter.
func TestPolicy(t *testing.T) {
	const self = 7
	eperm := fail(unix.EPERM)
	goThread := uint64(unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_SYSVSEM | unix.CLONE_THREAD)
	tests := []struct {
		name string
		mode Mode
		call uint32
		args []uint64
		want action
	}{
		{"unknown call", Namespaces, 9999, nil, eperm},
		{"execve", Namespaces, unix.SYS_EXECVE, nil, notify},
		{"execve in a lab", LabHost, unix.SYS_EXECVE, nil, notify},
		{"execve on the loopback", Loopback, unix.SYS_EXECVE, nil, notify},
		{"mount", LabHost, unix.SYS_MOUNT, nil, notify},
		{"clone3", Namespaces, unix.SYS_CLONE3, nil, fail(unix.ENOSYS)},
		{"a thread of Go's", Namespaces, unix.SYS_CLONE, []uint64{goThread}, allow},
		{"a thread of Go's with TLS", Namespaces, unix.SYS_CLONE, []uint64{goThread | unix.CLONE_SETTLS}, allow},
		{"fork", Namespaces, unix.SYS_CLONE, []uint64{uint64(unix.SIGCHLD)}, notify},
		{"a thread in a user namespace", Namespaces, unix.SYS_CLONE, []uint64{goThread | unix.CLONE_NEWUSER}, notify},
		{"kill itself", Namespaces, unix.SYS_KILL, []uint64{self, 9}, notify},
		{"kill another", Namespaces, unix.SYS_KILL, []uint64{1, 9}, eperm},
		{"kill all", Namespaces, unix.SYS_KILL, []uint64{1<<64 - 1, 9}, eperm},
		{"read a limit", Namespaces, unix.SYS_PRLIMIT64, []uint64{0, 7, 0}, allow},
		{"set a limit", Namespaces, unix.SYS_PRLIMIT64, []uint64{0, 7, 1 << 32}, eperm},
		{"memory to execute", Namespaces, unix.SYS_MMAP, []uint64{0, 4096, unix.PROT_EXEC, unix.MAP_PRIVATE}, eperm},
		{"TCP", Namespaces, unix.SYS_SOCKET, []uint64{unix.AF_INET, unix.SOCK_STREAM | unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK, 0}, allow},
		{"MPTCP", Namespaces, unix.SYS_SOCKET, []uint64{unix.AF_INET, unix.SOCK_STREAM, protocolMPTCP}, fail(unix.EPROTONOSUPPORT)},
		{"raw", Namespaces, unix.SYS_SOCKET, []uint64{unix.AF_INET6, unix.SOCK_RAW, 58}, notify},
		{"raw on the loopback", Loopback, unix.SYS_SOCKET, []uint64{unix.AF_INET, unix.SOCK_RAW, 1}, notify},
		{"MPTCP on the loopback", Loopback, unix.SYS_SOCKET, []uint64{unix.AF_INET, unix.SOCK_STREAM, protocolMPTCP}, fail(unix.EPROTONOSUPPORT)},
		{"vsock", Namespaces, unix.SYS_SOCKET, []uint64{unix.AF_VSOCK, unix.SOCK_STREAM, 0}, notify},
		{"routes", Namespaces, unix.SYS_SOCKET, []uint64{unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE}, allow},
		{"routes on the loopback", Loopback, unix.SYS_SOCKET, []uint64{unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE}, notify},
		{"IPV6_V6ONLY", Loopback, unix.SYS_SETSOCKOPT, []uint64{3, unix.IPPROTO_IPV6, 26}, allow},
		{"SO_ATTACH_FILTER", Loopback, unix.SYS_SETSOCKOPT, []uint64{3, unix.SOL_SOCKET, 26}, eperm},
		{"no option of Linux's", Loopback, unix.SYS_SETSOCKOPT, []uint64{3, unix.SOL_SOCKET, 9999}, fail(unix.ENOPROTOOPT)},
		{"another device", Loopback, unix.SYS_SETSOCKOPT, []uint64{3, unix.SOL_SOCKET, unix.SO_BINDTODEVICE}, eperm},
		{"a file's mode", Loopback, unix.SYS_FCHMODAT, nil, eperm},
		{"sendmmsg", Loopback, unix.SYS_SENDMMSG, nil, eperm},
		{"no rules", Open, unix.SYS_EXECVE, nil, allow},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := both(t, test.mode, arch, self, test.call, test.args...); got != test.want {
				t.Errorf("%#x, want %#x", uint32(got), uint32(test.want))
			}
			rules, rest := policy(test.mode, self, true)
			program, err := assemble(arch, rules, rest, kill)
			if err != nil {
				t.Fatal(err)
			}
			if got := decide(t, program, arch^1, test.call, test.args...); got != kill {
				t.Errorf("of another architecture: %#x", uint32(got))
			}
		})
	}
}

// The parent decides as the filter does on what sockets may be made.
func TestSocketRefusal(t *testing.T) {
	for _, mode := range []Mode{Namespaces, LabHost, Loopback} {
		for domain := range uint64(50) {
			for kind := range uint64(8) {
				for _, protocol := range []uint64{0, unix.IPPROTO_TCP, unix.IPPROTO_UDP, unix.IPPROTO_ICMP, unix.IPPROTO_RAW, protocolMPTCP} {
					got := both(t, mode, arch, 7, unix.SYS_SOCKET, domain, kind, protocol)
					errno := socketRefusal(mode, [6]uint64{domain, kind, protocol})
					made := got == allow || got == notify && errno == 0 && mode == Loopback
					may := (domain == unix.AF_INET || domain == unix.AF_INET6) && (kind == unix.SOCK_STREAM || kind == unix.SOCK_DGRAM) && protocol != unix.IPPROTO_RAW && protocol != protocolMPTCP ||
						domain == unix.AF_UNIX && (kind == unix.SOCK_STREAM || kind == unix.SOCK_DGRAM || kind == unix.SOCK_SEQPACKET) ||
						domain == unix.AF_NETLINK && protocol == unix.NETLINK_ROUTE && mode != Loopback
					if made != may {
						t.Errorf("%s: socket(%d, %d, %d) is made: %v (%#x, %v)", mode, domain, kind, protocol, made, uint32(got), errno)
					}
				}
			}
		}
	}
}

func TestQuestions(t *testing.T) {
	tests := []struct {
		name string
		mode Mode
		call uint32
		args []uint64
		want action
	}{
		{"read 0", Open, unix.SYS_READ, []uint64{0}, notify},
		{"read 3", Open, unix.SYS_READ, []uint64{3}, allow},
		{"end itself", Namespaces, unix.SYS_KILL, []uint64{1, 15}, notify},
		{"Go's own signal", Namespaces, unix.SYS_TGKILL, []uint64{1, 5, uint64(unix.SIGURG)}, allow},
		{"no namespaces", Loopback, unix.SYS_KILL, []uint64{1, 15}, allow},
		{"socket", Loopback, unix.SYS_SOCKET, []uint64{unix.AF_INET6}, notify},
		{"unix socket", Loopback, unix.SYS_SOCKET, []uint64{unix.AF_UNIX, unix.SOCK_STREAM}, allow},
		{"connect", Loopback, unix.SYS_CONNECT, nil, notify},
		{"send", Loopback, unix.SYS_SENDTO, []uint64{3, 1, 1, 0, 0, 0}, allow},
		{"send to an address", Loopback, unix.SYS_SENDTO, []uint64{3, 1, 1, 0, 1 << 32, 16}, notify},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			program, err := assemble(arch, questions(test.mode, 1), allow, kill)
			if err != nil {
				t.Fatal(err)
			}
			if got := decide(t, program, arch, test.call, test.args...); got != test.want {
				t.Errorf("%#x, want %#x", uint32(got), uint32(test.want))
			}
		})
	}
}

func TestTables(t *testing.T) {
	for _, test := range []struct {
		text, want string
		bad        bool
	}{
		{"0100007F:1F90", "127.0.0.1:8080", false},
		{"00000000000000000000000001000000:0016", "[::1]:22", false},
		{"0000000000000000FFFF00000100007F:0016", "127.0.0.1:22", false},
		{"", "", true},
		{"0100007F", "", true},
		{"0100:1F90", "", true},
		{"0100007F:1F901", "", true},
		{"ZZ00007F:1F90", "", true},
	} {
		got, err := parseAddress(test.text)
		if test.bad != (err != nil) || err == nil && got.String() != test.want {
			t.Errorf("%q: %v, %v; want %s", test.text, got, err, test.want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"0100007F:1F90", "00000000000000000000000001000000:0016", "", ":", "00:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := parseAddress(text); err == nil && !a.IsValid() {
			t.Errorf("%q is %v", text, a)
		}
	})
}
