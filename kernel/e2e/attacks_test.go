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

	"golang.org/x/sys/unix"

	"sockbook/kernel/jupyterenv/envtest"
	"sockbook/runtime/netns"
	"sockbook/runtime/sandbox/sandboxtest"
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
				suiteBy(t, func(cmd *exec.Cmd) error { return netns.Do(cmd.Start, w.machine) }, "attacks",
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
		// what a stronger confinement needs, as Docker's default profile refuses it
		if err := sandboxtest.RefuseNamespaces(unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_PIVOT_ROOT, unix.SYS_PIDFD_GETFD); err != nil {
			return fail("refuse namespaces", err)
		}
	}
	return fail(argv[0], syscall.Exec(argv[0], argv, os.Environ()))
}

// world is the machine that is attacked from, and the world outside.
// Goroutines: two knock at the machine's ports; they end when the test does.
type world struct {
	*sandboxtest.World
	machine  *netns.Space
	entered  atomic.Int32 // how often a cell's port was reached from outside
	controls atomic.Int32 // how often the machine's own port was
}

func newWorld(t *testing.T) *world {
	t.Helper()
	machine, err := netns.New(netns.Net, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { machine.Close() })
	w := &world{World: sandboxtest.NewWorld(t, machine), machine: machine}
	var own net.Listener
	err = netns.Do(func() (err error) { own, err = net.Listen("tcp4", sandboxtest.Machine+":7779"); return err }, machine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { own.Close() })
	go w.knock(t, 7777, &w.entered)
	go w.knock(t, 7779, &w.controls)
	return w
}

// knock tries to reach a port of the machine from the world, over and over, by
// TCP, and by a datagram to the next port.
func (w *world) knock(t *testing.T, port int, count *atomic.Int32) {
	for t.Context().Err() == nil {
		netns.Do(func() error {
			d := net.Dialer{Timeout: time.Second}
			if u, err := d.Dial("udp4", net.JoinHostPort(sandboxtest.Machine, strconv.Itoa(port+1))); err == nil {
				u.Write([]byte("knock"))
				u.Close()
			}
			c, err := d.DialContext(t.Context(), "tcp4", net.JoinHostPort(sandboxtest.Machine, strconv.Itoa(port)))
			if err == nil {
				count.Add(1)
				c.Close()
			}
			return err
		}, w.Space)
		time.Sleep(50 * time.Millisecond)
	}
}

// judge checks that nobody went out or came in, and that both would have been
// noticed.
func (w *world) judge(t *testing.T) {
	t.Helper()
	if n := w.Reached.Load(); n != 0 {
		t.Errorf("the world outside was reached %d times", n)
	}
	if n := w.entered.Load(); n != 0 {
		t.Errorf("a cell's listener was reached from outside %d times", n)
	}
	if w.controls.Load() == 0 {
		t.Error("nobody knocked at the machine")
	}
	err := netns.Do(func() error {
		c, err := net.DialTimeout("tcp", sandboxtest.TCP, 10*time.Second)
		if err == nil {
			c.Close()
		}
		return err
	}, w.machine)
	if err != nil {
		t.Errorf("the machine does not reach the world: %v", err)
	}
}
