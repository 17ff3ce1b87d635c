package sock

import (
	"context"
	"errors"
	"net"
	"reflect"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// fake is an engine of a few lines: descriptors from 1000 on, whose bytes go
// through channels; names are looked up in a map.
type fake struct {
	Raw // what it has not
	mu  sync.Mutex
	fds map[int]chan byte
	to  map[int]int
}

// fakeNet is its half of package net.
type fakeNet struct{}

func newFake() *fake { return &fake{fds: map[int]chan byte{}, to: map[int]int{}} }

func (f *fake) Socketpair(int, int, int) ([2]int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, b := 1000+len(f.fds), 1001+len(f.fds)
	f.fds[a], f.fds[b], f.to[a], f.to[b] = make(chan byte, 100), make(chan byte, 100), b, a
	return [2]int{a, b}, nil
}

func (f *fake) Read(fd int, p []byte) (int, error) {
	c := f.fds[fd]
	if c == nil {
		return -1, unix.EBADF
	}
	p[0] = <-c
	return 1, nil
}

func (f *fake) Write(fd int, p []byte) (int, error) {
	c := f.fds[f.to[fd]]
	if c == nil {
		return -1, unix.EBADF
	}
	for _, b := range p {
		c <- b
	}
	return len(p), nil
}

func (f *fake) Getsockname(int) (unix.Sockaddr, error) {
	return &unix.SockaddrInet4{Port: 7, Addr: [4]byte{10, 9, 8, 7}}, nil
}

func (f *fake) Bind(_ int, sa unix.Sockaddr) error {
	if a, ok := sa.(*unix.SockaddrInet4); !ok || a.Port != 80 {
		return unix.EACCES
	}
	return nil
}

func (fakeNet) Dial(_ context.Context, network, address string) (net.Conn, error) {
	if address != "fake:80" {
		return nil, &net.OpError{Op: "dial", Net: network, Err: unix.ECONNREFUSED}
	}
	a, b := net.Pipe()
	go func() { b.Write([]byte("hi")); b.Close() }()
	return a, nil
}
func (fakeNet) Listen(context.Context, string, string) (net.Listener, error) {
	return nil, unix.EOPNOTSUPP
}
func (fakeNet) ListenPacket(context.Context, string, string) (net.PacketConn, error) {
	return nil, unix.EOPNOTSUPP
}
func (fakeNet) LookupHost(context.Context, string) ([]string, error) {
	return []string{"10.9.8.7"}, nil
}

func fn[F any](c *Calls, path, name string) F {
	return c.Func(path, name, Symbol(path, name)).Interface().(F)
}

// TestAnotherEngine: another engine takes the place of Linux's, for packages
// unix, syscall and net, and its calls can be ended and are told like Linux's.
func TestAnotherEngine(t *testing.T) {
	f := newFake()
	ended := errors.New("ended")
	interrupt := make(chan bool)
	c := &Calls{Engine: Engine{f, fakeNet{}}, Apart: func(do func()) {
		done := make(chan bool)
		go func() { do(); close(done) }()
		select {
		case <-done:
		case <-interrupt:
			panic(ended)
		}
	}}
	const u = "golang.org/x/sys/unix"
	entries := recorded(t, func() {
		p, err := fn[func(int, int, int) ([2]int, error)](c, u, "Socketpair")(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil || p[0] < 1000 {
			t.Fatal(p, err)
		}
		buf := make([]byte, 1)
		fn[func(int, []byte) (int, error)](c, u, "Write")(p[0], []byte("x"))
		if n, err := fn[func(int, []byte) (int, error)](c, "syscall", "Read")(p[1], buf); n != 1 || err != nil || buf[0] != 'x' {
			t.Errorf("read gives %d, %v, %q", n, err, buf)
		}
		go close(interrupt)
		func() {
			defer func() {
				if r := recover(); r != ended {
					t.Errorf("the read that waits ends by %v", r)
				}
			}()
			fn[func(int, []byte) (int, error)](c, u, "Read")(p[1], buf)
		}()
	})
	interrupt = nil
	if got := short(entries); len(got) != 4 || got[1] != "write 1 B:" || got[3] != "read :" || !entries[3].End.IsZero() {
		t.Errorf("told: %q", got)
	}
	sa, err := fn[func(int) (syscall.Sockaddr, error)](c, "syscall", "Getsockname")(1000)
	if a, ok := sa.(*syscall.SockaddrInet4); !ok || a.Port != 7 || err != nil {
		t.Errorf("getsockname gives %v, %v", sa, err)
	}
	bind := fn[func(int, syscall.Sockaddr) error](c, "syscall", "Bind")
	if err := bind(1000, &syscall.SockaddrInet4{Port: 80}); err != nil {
		t.Error(err)
	}
	if err := bind(1000, nil); err != syscall.EACCES {
		t.Error(err)
	}
	if err := fn[func(int, int, int, *unix.Linger) error](c, u, "SetsockoptLinger")(1000, 0, 0, nil); err != unix.ENOSYS {
		t.Errorf("what the engine has not: %v", err)
	}
	conn, err := fn[func(string, string) (net.Conn, error)](c, "net", "Dial")("tcp", "fake:80")
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 9)
	if n, err := conn.Read(buf); n != 2 || err != nil {
		t.Error(n, err)
	}
	if _, err := fn[func(string, string, time.Duration) (net.Conn, error)](c, "net", "DialTimeout")("tcp", "x:1", time.Second); !errors.Is(err, unix.ECONNREFUSED) {
		t.Error(err)
	}
	if a, err := fn[func(string) ([]string, error)](c, "net", "LookupHost")("x"); len(a) != 1 || err != nil {
		t.Error(a, err)
	}
	if _, err := fn[func(string, *net.TCPAddr) (*net.TCPListener, error)](c, "net", "ListenTCP")("tcp", nil); !errors.Is(err, unix.EOPNOTSUPP) {
		t.Errorf("what the engine has not: %v", err)
	}
	for _, name := range []string{"Getpid", "Getppid"} { // nothing of sockets
		if f := Symbol(u, name); c.Func(u, name, f) != f {
			t.Errorf("%s is not what it was", name)
		}
	}
	if f := Symbol("net", "ParseIP"); (&Calls{}).Func("net", "ParseIP", f) != f {
		t.Error("ParseIP is not what it was")
	}
	if reflect.TypeFor[Raw]().NumMethod() > 20 || reflect.TypeFor[Net]().NumMethod() > 5 {
		t.Error("an engine is to be small")
	}
}
