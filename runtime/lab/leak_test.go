package lab

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// left counts what a lab could leave behind on the machine.
type left struct {
	processes  int // with this binary
	descs      int // descriptors of this process
	namespaces int // network namespaces of processes with this binary
	links      int // in this process's network
}

func count(t *testing.T) (n left) {
	t.Helper()
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n.descs = len(fds)
	nets := map[string]bool{}
	exes, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, e := range exes {
		if exe, err := os.Readlink(e); err != nil || exe != self {
			continue
		}
		n.processes++
		threads, _ := filepath.Glob(filepath.Dir(e) + "/task/[0-9]*/ns/net")
		for _, p := range threads {
			if ns, err := os.Readlink(p); err == nil {
				nets[ns] = true
			}
		}
	}
	n.namespaces = len(nets)
	links, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	n.links = len(links)
	return n
}

// slab reads how many objects of a kind the kernel has, -1 if that cannot be
// seen (it takes root).
func slab(name string) int {
	b, err := os.ReadFile("/proc/slabinfo")
	if err != nil {
		return -1
	}
	for _, line := range strings.Split(string(b), "\n") {
		var got string
		var active int
		if n, _ := fmt.Sscan(line, &got, &active); n == 2 && got == name {
			return active
		}
	}
	return -1
}

// settle waits until as much is left as before, and fails if that does not come.
func settle(t *testing.T, before left) {
	t.Helper()
	var now left
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if now = count(t); now == before {
			return
		}
	}
	t.Errorf("left %+v, before %+v", now, before)
}

// once brings a lab up, uses it a little, and returns it.
func once(t *testing.T, ctx context.Context, c Config) (*Lab, error) {
	l, err := Up(ctx, c)
	skipIfNotAllowed(t, err)
	if err != nil {
		return nil, err
	}
	p, err := l.Start(ctx, Command{Host: c.Hosts[0].Name, Argv: []string{"/proc/self/exe", "idle"}})
	if err == nil {
		err = p.File.Close()
	}
	return l, err
}

func TestNothingIsLeft(t *testing.T) {
	labs := 200
	if testing.Short() {
		labs = 20
	}
	ctx := t.Context()
	l, err := once(t, ctx, hosts("server")) // so that what is made once is made
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Down(ctx); err != nil {
		t.Fatal(err)
	}
	before, nets := count(t), slab("net_namespace")
	for range labs {
		l, err := once(t, ctx, hosts("server", "client"))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Down(ctx); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, before)
	// The kernel takes namespaces apart later, and counts those of others too:
	// a namespace left by every lab would show all the same.
	if nets >= 0 {
		now := 0
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if now = slab("net_namespace"); now < nets+labs/2 {
				break
			}
		}
		if now >= nets+labs/2 {
			t.Errorf("network namespaces in the kernel: %d before %d labs, %d after", nets, labs, now)
		}
		t.Logf("network namespaces in the kernel: %d before, %d after", nets, now)
	}
	t.Logf("%d labs with 3 namespaces each; left as before: %+v", labs, before)
}

// Labs whose last host cannot be built.
func TestHalfBuilt(t *testing.T) {
	ctx := t.Context()
	c := Config{Hosts: []Host{{Name: "a"}, {Name: "b"}, {Name: "c", Sysctl: map[string]string{"tcp_retries2": "many"}}}}
	_, err := Up(ctx, c)
	skipIfNotAllowed(t, err)
	before := count(t)
	for range 20 {
		l, err := Up(ctx, c)
		if !errors.Is(err, unix.EINVAL) || l != nil {
			t.Fatalf("Up: %v", err)
		}
	}
	for i := range 20 { // given up at some moment
		ctx, cancel := context.WithTimeout(ctx, time.Duration(i)*2*time.Millisecond)
		if l, err := Up(ctx, hosts("a", "b", "c")); err == nil {
			err = l.Down(context.WithoutCancel(ctx))
			if err != nil {
				t.Error(err)
			}
		}
		cancel()
	}
	settle(t, before)
	// A host that cannot be built leaves the lab as it was.
	x := up(t, hosts("a"))
	if _, err := x.AddHost(ctx, c.Hosts[2]); err == nil {
		t.Error("a host with a bad setting")
	}
	h, err := x.AddHost(ctx, Host{Name: "c"})
	x.ok(err)
	is(t, "address of the next host", h.IPv4.String(), "10.0.0.2")
}

// The lab's parent dies by kill -9, at a random moment.
func TestParentKilled(t *testing.T) {
	_, err := once(t, t.Context(), Config{Hosts: []Host{{Name: "probe", Sysctl: map[string]string{"tcp_retries2": "many"}}}})
	if err == nil {
		t.Fatal("a bad setting was taken")
	}
	before := count(t)
	random := rand.New(rand.NewPCG(5, 5))
	for range 20 {
		cmd := exec.Command("/proc/self/exe", "parent")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if random.IntN(3) == 0 { // a whole lab, else what there is by then
			if _, err := out.Read(make([]byte, 3)); err != nil {
				t.Errorf("the parent said nothing: %v", err)
			}
		} else {
			time.Sleep(time.Duration(random.IntN(40_000)) * time.Microsecond)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // it was killed
	}
	settle(t, before)
}

// parentMain is what TestParentKilled starts and kills.
func parentMain() int {
	l, err := Up(context.Background(), hosts("a", "b", "c"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, h := range []string{"a", "b", "c"} {
		if _, err := l.Start(context.Background(), Command{Host: h, Argv: []string{"/proc/self/exe", "idle"}}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	fmt.Println("up")
	select {}
}

// TestUnprivileged runs the other tests again as nobody, where this is root.
func TestUnprivileged(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("this is not root: all tests are run unprivileged anyway")
		return
	}
	if testing.Short() {
		t.Skip("-short: not twice")
	}
	cmd := exec.Command("/proc/self/exe", "-test.run=.", "-test.skip=^TestUnprivileged$", "-test.timeout=10m", "-test.short")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}, Pdeathsig: unix.SIGKILL}
	cmd.Dir = "/"
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

func BenchmarkUp3(b *testing.B) {
	ctx := b.Context()
	for b.Loop() {
		l, err := Up(ctx, hosts("server", "client", "far"))
		skipIfNotAllowed(b, err)
		if err != nil {
			b.Fatal(err)
		}
		for _, h := range []string{"server", "client", "far"} {
			p, err := l.Start(ctx, Command{Host: h, Argv: []string{"/proc/self/exe", "idle"}})
			if err != nil {
				b.Fatal(err)
			}
			p.File.Close()
		}
		b.StopTimer()
		if err := l.Down(ctx); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
