package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/vishvananda/netlink"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"sockbook/kernel/jupyterenv/envtest"
	"sockbook/runtime/netns"
)

// elsewhere is the argument that makes this test binary a launcher: it becomes
// the user USER in a place that allows PLACE, and then the program.
const elsewhere = "elsewhere"

// TestAttacks has cells of the installed kernel try what they must not be able
// to do, in both ways to confine them, as root and as nobody. The machine is a
// network of the test's own, with a world outside it.
func TestAttacks(t *testing.T) {
	if os.Geteuid() != 0 {
		envtest.Skip(t, "this takes root: kernels are started as two users, in a network made for the test")
	}
	for _, user := range []int{0, 65534} {
		for _, allows := range []string{"namespaces", "loopback"} {
			t.Run(fmt.Sprintf("%s as %d", allows, user), func(t *testing.T) {
				w := newWorld(t)
				suiteBy(t, func(cmd *exec.Cmd) error { return netns.Do(cmd.Start, w.machine) }, "attacks", 5*time.Minute,
					attackers(t, user, allows)...)
				w.judge(t)
			})
		}
	}
}

// attackers installs a kernel that is started by the launcher, and makes the
// home of its user. It returns what the suite's environment has of that.
func attackers(t *testing.T, user int, allows string) []string {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for dir := home; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		must(os.Chmod(dir, 0o755))
	}
	must(os.Chmod(place, 0o755)) // so that the user can start the program again
	must(os.WriteFile(home+"/secret", []byte("secret"), 0o600))
	for _, path := range []string{home, home + "/secret"} {
		must(os.Chown(path, user, user))
	}
	must(os.Chmod(home, 0o700))
	self, err := os.Executable()
	must(err)
	spec, err := json.Marshal(map[string]any{
		"argv": []string{self, elsewhere, strconv.Itoa(user), allows,
			filepath.Join(place, "prefix", "share", "sockbook", "bin", "sockbook"), "kernel", "--memory=512", "{connection_file}"},
		"display_name": "attacked", "language": "go", "interrupt_mode": "message",
	})
	must(err)
	dir := filepath.Join(t.TempDir(), "kernels", "attacked")
	must(os.MkdirAll(dir, 0o755))
	must(os.WriteFile(filepath.Join(dir, "kernel.json"), spec, 0o644))
	return []string{"JUPYTER_PATH=" + filepath.Dir(filepath.Dir(dir)), "VICTIM=" + home, "ALLOWS=" + allows}
}

// enterPlace is the launcher: it becomes the program.
func enterPlace(args []string) int {
	runtime.LockOSThread()
	fail := func(what string, err error) int {
		fmt.Fprintf(os.Stderr, "%s: %s: %v\n", elsewhere, what, err)
		return 97
	}
	user, err := strconv.Atoi(args[0])
	if err != nil {
		return fail("user", err)
	}
	allows, argv := args[1], args[2:]
	os.Setenv("HOME", os.Getenv("VICTIM"))
	if err := os.Chown(argv[len(argv)-1], user, user); err != nil {
		return fail("hand over the connection file", err)
	}
	if err := os.Chdir("/"); err != nil {
		return fail("leave", err)
	}
	if user != 0 {
		for _, err := range []error{syscall.Setgroups(nil), syscall.Setgid(user), syscall.Setuid(user)} {
			if err != nil {
				return fail("become the user", err)
			}
		}
	}
	if allows == "loopback" {
		if err := refuseNamespaces(); err != nil {
			return fail("refuse namespaces", err)
		}
	}
	return fail(argv[0], syscall.Exec(argv[0], argv, os.Environ()))
}

// refuseNamespaces refuses this process what Docker's default profile refuses
// and a stronger confinement needs.
func refuseNamespaces() error {
	load := func(at uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: at, Size: 4} }
	refuse := bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	program := []bpf.Instruction{load(0)} // the call's number
	for _, call := range []uint32{unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_PIVOT_ROOT, unix.SYS_PIDFD_GETFD} {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: call, SkipTrue: 1}, refuse)
	}
	program = append(program,
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.SYS_CLONE, SkipTrue: 3},
		load(16), // the first argument
		bpf.JumpIf{Cond: bpf.JumpBitsNotSet, Val: unix.CLONE_NEWUSER, SkipTrue: 1},
		refuse,
		bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW})
	raw, err := bpf.Assemble(program)
	if err != nil {
		return err
	}
	var filter []unix.SockFilter
	for _, op := range raw {
		filter = append(filter, unix.SockFilter{Code: op.Op, Jt: op.Jt, Jf: op.Jf, K: op.K})
	}
	prog := &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(prog)))
	if errno != 0 {
		return errno
	}
	return nil
}

// world is the machine that is attacked from, 198.51.100.1, and the world
// outside, 198.51.100.2. Goroutines: two count who comes to the world, two knock
// at the machine's ports; all end when the test does.
type world struct {
	machine, outside *netns.Space
	reached          atomic.Int32 // how often the world was reached
	entered          atomic.Int32 // how often a cell's port was reached from it
	controls         atomic.Int32 // how often the machine's own port was
}

func newWorld(t *testing.T) *world {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w := &world{}
	var err error
	w.machine, err = netns.New(netns.Net, nil)
	must(err)
	t.Cleanup(func() { w.machine.Close() })
	w.outside, err = netns.New(netns.Net, nil)
	must(err)
	t.Cleanup(func() { w.outside.Close() })
	up := func(name, address string) error {
		for _, n := range []string{"lo", name} {
			link, err := netlink.LinkByName(n)
			if err != nil {
				return err
			}
			if err := netlink.LinkSetUp(link); err != nil {
				return err
			}
			if n == name {
				a, err := netlink.ParseAddr(address)
				if err != nil {
					return err
				}
				if err := netlink.AddrAdd(link, a); err != nil {
					return err
				}
			}
		}
		return nil
	}
	must(netns.Do(func() error {
		attrs := netlink.NewLinkAttrs()
		attrs.Name = "outside0"
		err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: "inside0", PeerNamespace: netlink.NsFd(w.outside.Fd())})
		if err != nil {
			return err
		}
		return up("outside0", "198.51.100.1/24")
	}, w.machine))
	must(netns.Do(func() error { return up("inside0", "198.51.100.2/24") }, w.outside))
	w.listen(t)
	go w.knock(t, 7777, &w.entered)
	go w.knock(t, 7779, &w.controls)
	return w
}

// listen has the world count who comes.
func (w *world) listen(t *testing.T) {
	t.Helper()
	var l, own net.Listener
	var p net.PacketConn
	err := netns.Do(func() (err error) {
		if l, err = net.Listen("tcp4", "198.51.100.2:7000"); err != nil {
			return err
		}
		p, err = net.ListenPacket("udp4", "198.51.100.2:7001")
		return err
	}, w.outside)
	if err == nil {
		err = netns.Do(func() (err error) { own, err = net.Listen("tcp4", "198.51.100.1:7779"); return err }, w.machine)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); p.Close(); own.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.reached.Add(1)
			c.Close()
		}
	}()
	go func() {
		for {
			if _, _, err := p.ReadFrom(make([]byte, 100)); err != nil {
				return
			}
			w.reached.Add(1)
		}
	}()
}

// knock tries to reach a port of the machine from the world, over and over, by
// TCP, and by a datagram to the next port.
func (w *world) knock(t *testing.T, port int, count *atomic.Int32) {
	for t.Context().Err() == nil {
		netns.Do(func() error {
			d := net.Dialer{Timeout: time.Second}
			if u, err := d.Dial("udp4", fmt.Sprintf("198.51.100.1:%d", port+1)); err == nil {
				u.Write([]byte("knock"))
				u.Close()
			}
			c, err := d.DialContext(t.Context(), "tcp4", fmt.Sprintf("198.51.100.1:%d", port))
			if err == nil {
				count.Add(1)
				c.Close()
			}
			return err
		}, w.outside)
		time.Sleep(50 * time.Millisecond)
	}
}

// judge checks that nobody went out or came in, and that both would have been
// noticed.
func (w *world) judge(t *testing.T) {
	t.Helper()
	if n := w.reached.Load(); n != 0 {
		t.Errorf("the world outside was reached %d times", n)
	}
	if n := w.entered.Load(); n != 0 {
		t.Errorf("a cell's listener was reached from outside %d times", n)
	}
	if w.controls.Load() == 0 {
		t.Error("nobody knocked at the machine")
	}
	err := netns.Do(func() error {
		c, err := net.DialTimeout("tcp", "198.51.100.2:7000", 10*time.Second)
		if err == nil {
			c.Close()
		}
		return err
	}, w.machine)
	if err != nil {
		t.Errorf("the machine does not reach the world: %v", err)
	}
}
