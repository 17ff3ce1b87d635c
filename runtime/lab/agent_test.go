package lab

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The agent is a process in a host that makes the system calls that a test
// tells it to: this binary, started with the argument "agent". Each call is
// made in a goroutine of its own, so that one may wait while others are made.

type agentCall struct {
	ID   int
	Call string
	FD   int
	Addr netip.AddrPort
	Args []int
	Data []byte
}

type agentResult struct {
	ID    int
	N     int
	Data  []byte
	Addr  netip.AddrPort
	Errno syscall.Errno
}

func agentMain() int {
	f := os.NewFile(3, "agent")
	c, err := net.FileConn(f)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	f.Close()
	var pipes atomic.Int64
	sigs := make(chan os.Signal, 16)
	signal.Notify(sigs, unix.SIGPIPE)
	go func() {
		for range sigs {
			pipes.Add(1)
		}
	}()
	var mu sync.Mutex
	in, out := json.NewDecoder(bufio.NewReader(c)), json.NewEncoder(c)
	for {
		var q agentCall
		if err := in.Decode(&q); err != nil {
			return 0
		}
		go func() {
			r := agentResult{ID: q.ID}
			if q.Call == "sigpipes" {
				r.N = int(pipes.Load())
			} else if err := agentDo(q, &r); err != nil {
				r.Errno = err.(syscall.Errno)
			}
			mu.Lock()
			defer mu.Unlock()
			out.Encode(r)
		}()
	}
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port))
	}
	return netip.AddrPort{}
}

func agentDo(q agentCall, r *agentResult) error {
	arg := func(i int) int {
		if i < len(q.Args) {
			return q.Args[i]
		}
		return 0
	}
	again := func(f func() error) error { // Go's own signals interrupt system calls
		for {
			if err := f(); err != unix.EINTR {
				return err
			}
		}
	}
	switch q.Call {
	case "socket":
		return again(func() (err error) {
			r.N, err = unix.Socket(arg(0), arg(1)|unix.SOCK_CLOEXEC, 0)
			return err
		})
	case "bind":
		return unix.Bind(q.FD, sockaddr(q.Addr))
	case "listen":
		return unix.Listen(q.FD, arg(0))
	case "connect":
		err := unix.Connect(q.FD, sockaddr(q.Addr))
		if err == unix.EINTR { // it goes on: wait for its end
			p := []unix.PollFd{{Fd: int32(q.FD), Events: unix.POLLOUT}}
			again(func() error { _, err := unix.Poll(p, -1); return err })
			if n, _ := unix.GetsockoptInt(q.FD, unix.SOL_SOCKET, unix.SO_ERROR); n != 0 {
				return syscall.Errno(n)
			}
			return nil
		}
		return err
	case "accept":
		return again(func() error {
			fd, sa, err := unix.Accept4(q.FD, unix.SOCK_CLOEXEC|arg(0))
			r.N, r.Addr = fd, addrPort(sa)
			return err
		})
	case "read":
		b := make([]byte, arg(0))
		return again(func() (err error) {
			r.N, err = unix.Read(q.FD, b)
			r.Data = b[:max(r.N, 0)]
			return err
		})
	case "recvmsg":
		b := make([]byte, arg(0))
		return again(func() (err error) {
			var flags int
			var from unix.Sockaddr
			r.N, _, flags, from, err = unix.Recvmsg(q.FD, b, nil, arg(1))
			r.Data, r.Addr = b[:max(r.N, 0)], addrPort(from)
			if flags&unix.MSG_TRUNC != 0 {
				r.Data = append(r.Data, "<truncated>"...)
			}
			return err
		})
	case "write":
		return again(func() (err error) { r.N, err = unix.Write(q.FD, q.Data); return err })
	case "sendto":
		return again(func() error { return unix.Sendto(q.FD, q.Data, 0, sockaddr(q.Addr)) })
	case "join":
		return unix.SetsockoptIPMreq(q.FD, unix.IPPROTO_IP, unix.IP_ADD_MEMBERSHIP, &unix.IPMreq{Multiaddr: q.Addr.Addr().As4()})
	case "close":
		return unix.Close(q.FD)
	case "dup":
		return again(func() (err error) { r.N, err = unix.Dup(q.FD); return err })
	case "shutdown":
		return unix.Shutdown(q.FD, arg(0))
	case "set":
		return unix.SetsockoptInt(q.FD, arg(0), arg(1), arg(2))
	case "get":
		return again(func() (err error) { r.N, err = unix.GetsockoptInt(q.FD, arg(0), arg(1)); return err })
	case "linger":
		return unix.SetsockoptLinger(q.FD, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1, Linger: int32(arg(0))})
	case "nonblock":
		return unix.SetNonblock(q.FD, arg(0) != 0)
	case "poll":
		p := []unix.PollFd{{Fd: int32(q.FD), Events: int16(arg(0))}}
		err := again(func() error { _, err := unix.Poll(p, arg(1)); return err })
		r.N = int(p[0].Revents)
		return err
	case "name":
		sa, err := unix.Getsockname(q.FD)
		r.Addr = addrPort(sa)
		return err
	case "peer":
		sa, err := unix.Getpeername(q.FD)
		r.Addr = addrPort(sa)
		return err
	case "lookup":
		addrs, err := net.LookupHost(string(q.Data))
		if err != nil {
			return unix.ENOENT
		}
		r.Data, _ = json.Marshal(addrs)
		return nil
	case "echo": // back what comes, until the end
		b := make([]byte, 1<<16)
		for {
			n, err := unix.Read(q.FD, b)
			if err == unix.EINTR {
				continue
			}
			if n <= 0 || err != nil {
				return err
			}
			if _, err := unix.Write(q.FD, b[:n]); err != nil {
				return err
			}
		}
	case "ping": // a byte there and back, so many times
		b := make([]byte, 1)
		for range arg(0) {
			if err := again(func() error { _, err := unix.Write(q.FD, b); return err }); err != nil {
				return err
			}
			if err := again(func() error { _, err := unix.Read(q.FD, b); return err }); err != nil {
				return err
			}
		}
		return nil
	case "flood": // so many bytes
		b := make([]byte, 1<<16)
		for n := arg(0); n > 0; {
			m, err := unix.Write(q.FD, b[:min(n, len(b))])
			if err != nil && err != unix.EINTR {
				return err
			}
			n -= max(m, 0)
		}
		return nil
	case "sink":
		b := make([]byte, 1<<16)
		for n := arg(0); n > 0; {
			m, err := unix.Read(q.FD, b)
			if err != nil && err != unix.EINTR {
				return err
			}
			n -= max(m, 0)
		}
		return nil
	case "ignoreterm":
		signal.Ignore(unix.SIGTERM)
		return nil
	case "hostname":
		name, _ := os.Hostname()
		r.Data = []byte(name)
		return nil
	}
	return unix.ENOSYS
}

// agent is the test's end.
type agent struct {
	t    testing.TB
	host string
	proc *Process
	conn net.Conn

	mu      sync.Mutex
	last    int
	pending map[int]chan agentResult
	ended   bool
}

func (x *rig) agent(host string) *agent {
	x.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		x.t.Fatal(err)
	}
	own, theirs := os.NewFile(uintptr(fds[0]), "own"), os.NewFile(uintptr(fds[1]), "theirs")
	defer theirs.Close()
	defer own.Close()
	a := &agent{t: x.t, host: host, pending: map[int]chan agentResult{}}
	if a.conn, err = net.FileConn(own); err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { a.conn.Close() })
	a.proc, err = x.Start(x.ctx, Command{Host: host, Argv: []string{"/proc/self/exe", "agent"}, Env: []string{"GODEBUG=asyncpreemptoff=1"}, Files: []*os.File{nil, os.Stderr, os.Stderr, theirs}})
	if err != nil {
		x.t.Fatal(err)
	}
	a.proc.File.Close()
	go a.read()
	return a
}

func (a *agent) read() {
	in := json.NewDecoder(bufio.NewReader(a.conn))
	for {
		var r agentResult
		err := in.Decode(&r)
		a.mu.Lock()
		if err != nil {
			a.ended = true
			for _, c := range a.pending {
				close(c)
			}
			a.pending = nil
			a.mu.Unlock()
			return
		}
		a.pending[r.ID] <- r
		delete(a.pending, r.ID)
		a.mu.Unlock()
	}
}

// begin makes a call without waiting for its result.
func (a *agent) begin(q agentCall) chan agentResult {
	c := make(chan agentResult, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		close(c)
		return c
	}
	a.last++
	q.ID = a.last
	a.pending[q.ID] = c
	if err := json.NewEncoder(a.conn).Encode(q); err != nil {
		a.t.Errorf("agent on %s: %v", a.host, err)
	}
	return c
}

// callTime bounds a test's wait for one call, far above what any takes.
const callTime = 60 * time.Second

func (a *agent) end(call string, c chan agentResult) agentResult {
	a.t.Helper()
	select {
	case r, ok := <-c:
		if !ok {
			a.t.Fatalf("%s on %s: the agent has ended", call, a.host)
		}
		return r
	case <-time.After(callTime):
		a.t.Fatalf("%s on %s: no result", call, a.host)
	}
	panic("not reached")
}

func (a *agent) call(q agentCall) agentResult {
	a.t.Helper()
	return a.end(q.Call, a.begin(q))
}

// must makes a call that must succeed.
func (a *agent) must(q agentCall) agentResult {
	a.t.Helper()
	r := a.call(q)
	if r.Errno != 0 {
		a.t.Fatalf("%s on %s (fd %d, %v, %v): %s", q.Call, a.host, q.FD, q.Addr, q.Args, errno(r.Errno))
	}
	return r
}

// errno names an error, "ok" for none.
func errno(e syscall.Errno) string {
	if e == 0 {
		return "ok"
	}
	return unix.ErrnoName(e)
}

func (a *agent) socket() int {
	a.t.Helper()
	return a.must(agentCall{Call: "socket", Args: []int{unix.AF_INET, unix.SOCK_STREAM}}).N
}

func (a *agent) set(fd, level, opt, value int) {
	a.t.Helper()
	a.must(agentCall{Call: "set", FD: fd, Args: []int{level, opt, value}})
}

func (a *agent) get(fd, level, opt int) int {
	a.t.Helper()
	return a.must(agentCall{Call: "get", FD: fd, Args: []int{level, opt}}).N
}

func (a *agent) bind(fd int, addr string) string {
	return errno(a.call(agentCall{Call: "bind", FD: fd, Addr: netip.MustParseAddrPort(addr)}).Errno)
}

func (a *agent) listenOn(fd, backlog int) string {
	return errno(a.call(agentCall{Call: "listen", FD: fd, Args: []int{backlog}}).Errno)
}

// listen makes a listener on all addresses.
func (a *agent) listen(port, backlog int) int {
	a.t.Helper()
	fd := a.socket()
	a.set(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if e := a.bind(fd, fmt.Sprintf("0.0.0.0:%d", port)); e != "ok" {
		a.t.Fatalf("bind to %d: %s", port, e)
	}
	if e := a.listenOn(fd, backlog); e != "ok" {
		a.t.Fatalf("listen: %s", e)
	}
	return fd
}

func (a *agent) connect(fd int, addr string) string {
	a.t.Helper()
	return errno(a.call(agentCall{Call: "connect", FD: fd, Addr: netip.MustParseAddrPort(addr)}).Errno)
}

func (a *agent) beginConnect(fd int, addr string) chan agentResult {
	return a.begin(agentCall{Call: "connect", FD: fd, Addr: netip.MustParseAddrPort(addr)})
}

func (a *agent) accept(fd int) int {
	a.t.Helper()
	return a.must(agentCall{Call: "accept", FD: fd}).N
}

// read returns what was read, "EOF", or the error's name.
func (a *agent) read1(fd int) string {
	a.t.Helper()
	return a.result(a.begin(agentCall{Call: "read", FD: fd, Args: []int{1 << 16}}))
}

func (a *agent) beginRead(fd int) chan agentResult {
	return a.begin(agentCall{Call: "read", FD: fd, Args: []int{1 << 16}})
}

func (a *agent) result(c chan agentResult) string {
	a.t.Helper()
	r := a.end("read", c)
	switch {
	case r.Errno != 0:
		return errno(r.Errno)
	case r.N == 0:
		return "EOF"
	}
	return string(r.Data)
}

func (a *agent) write(fd int, s string) string {
	a.t.Helper()
	return errno(a.call(agentCall{Call: "write", FD: fd, Data: []byte(s)}).Errno)
}

func (a *agent) close(fd int) string {
	a.t.Helper()
	return errno(a.call(agentCall{Call: "close", FD: fd}).Errno)
}

func (a *agent) shutdown(fd, how int) string {
	a.t.Helper()
	return errno(a.call(agentCall{Call: "shutdown", FD: fd, Args: []int{how}}).Errno)
}

func (a *agent) soError(fd int) string {
	a.t.Helper()
	return errno(syscall.Errno(a.get(fd, unix.SOL_SOCKET, unix.SO_ERROR)))
}

func (a *agent) kill(ctx context.Context, sig syscall.Signal) {
	a.t.Helper()
	if err := a.proc.Signal(ctx, sig); err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.proc.Wait(ctx); err != nil {
		a.t.Fatal(err)
	}
}
