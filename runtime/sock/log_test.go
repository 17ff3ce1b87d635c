package sock

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// recorded runs f while its calls are written down, and returns them in the
// order in which they began.
func recorded(t *testing.T, f func()) []Entry {
	t.Helper()
	if err := Hook(); err != nil {
		t.Fatal(err)
	}
	l := NewLog(func() (string, int) { return "[7]", 3 })
	Record(l)
	f()
	Record(nil)
	entries, lost := l.Take(true)
	if lost > 0 {
		t.Errorf("%d calls were too many", lost)
	}
	slices.SortFunc(entries, func(a, b Entry) int { return int(int64(a.ID) - int64(b.ID)) })
	return entries
}

// short writes entries in few words.
func short(entries []Entry) []string {
	var s []string
	for _, e := range entries {
		s = append(s, strings.TrimSpace(fmt.Sprintf("%s %s: %s", e.Name, e.Args, e.Result)))
	}
	return s
}

func has(t *testing.T, entries []Entry, want ...string) {
	t.Helper()
	got := short(entries)
	for _, w := range want {
		i := slices.Index(got, w)
		if i < 0 {
			t.Errorf("no %q among %q", w, short(entries))
			continue
		}
		got = got[i+1:] // and in this order
	}
}

// newPair returns the two ends of a TCP connection.
func newPair() (a, b *net.TCPConn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		panic(err)
	}
	d, err := l.Accept()
	if err != nil {
		panic(err)
	}
	return c.(*net.TCPConn), d.(*net.TCPConn)
}

func pairTCP(t *testing.T) (a, b *net.TCPConn) {
	a, b = newPair()
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

// TestCompiledCode: what fmt, bufio, io and net/http do with a connection is told.
func TestCompiledCode(t *testing.T) {
	a, b := pairTCP(t)
	var w io.Writer = a
	entries := recorded(t, func() {
		fmt.Fprintln(w, "anyone there?")
		line, err := bufio.NewReader(b).ReadString('\n')
		if line != "anyone there?\n" || err != nil {
			t.Errorf("%q, %v", line, err)
		}
		closeAny(b)
		if _, err := io.ReadAll(a); err != nil {
			t.Error(err)
		}
	})
	has(t, entries, "Write 14 B:", "Read : 14 B", "Close :", "Read : EOF")
	for _, e := range entries {
		if e.Cell != "[7]" || e.Line != 3 || e.Begin.IsZero() || e.End.Before(e.Begin) || e.Socket.Network != "tcp" || !e.Socket.Remote.IsValid() {
			t.Errorf("%+v", e)
		}
	}
	if entries := recorded(t, func() { fmt.Fprintln(io.Discard) }); len(entries) > 0 {
		t.Errorf("%q", short(entries))
	}
}

// TestEcho: bytes that io.Copy carries from one connection to another are seen.
func TestEcho(t *testing.T) {
	a, b := pairTCP(t)
	var wg sync.WaitGroup
	entries := recorded(t, func() {
		wg.Go(func() { io.Copy(b, b) })
		a.Write([]byte("hello")) // not by an interface: not told
		if _, err := io.ReadFull(a, make([]byte, 5)); err != nil {
			t.Error(err)
		}
		a.CloseWrite()
		wg.Wait()
	})
	has(t, entries, "Read : 5 B", "Write 5 B:", "Read : EOF")
}

// closeAny closes by an interface of which the compiler knows nothing more.
//
//go:noinline
func closeAny(c io.Closer) { c.Close() }

//go:noinline
func readFromAny(w io.ReaderFrom, r io.Reader) (int64, error) { return w.ReadFrom(r) }

//go:noinline
func readAny(r io.Reader) (int, error) { return r.Read(make([]byte, 9)) }

//go:noinline
func writeAny(w io.Writer, text string) (int, error) { return w.Write([]byte(text)) }

func TestHTTP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer s.Close()
	entries := recorded(t, func() {
		wg.Go(func() { s.Serve(l) })
		c := http.Client{Transport: &http.Transport{}}
		r, err := c.Get("http://" + l.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		text, _ := io.ReadAll(r.Body)
		r.Body.Close()
		c.CloseIdleConnections()
		if string(text) != "hi" {
			t.Errorf("%q", text)
		}
	})
	names := map[string]int{}
	for _, e := range entries {
		names[e.Name]++
	}
	if names["Accept"] < 1 || names["Read"] < 2 || names["Write"] < 2 || names["Close"] < 1 {
		t.Errorf("%v", names)
	}
}

// copies are uses of the methods behind io.Copy, that fail.
var copies = []struct {
	name string
	copy func(to func(*net.TCPConn, io.Writer) (int64, error), from func(*net.TCPConn, io.Reader) (int64, error)) error
}{
	{"echo of a reset connection", func(to writeTo, _ readFrom) error { a := reset(); return second(to(a, a)) }},
	{"from a reset connection", func(_ writeTo, from readFrom) error { c, _ := newPair(); return second(from(c, reset())) }},
	{"limited", func(_ writeTo, from readFrom) error {
		c, _ := newPair()
		return second(from(c, io.LimitReader(reset(), 10)))
	}},
	{"a text to a closed connection", func(_ writeTo, from readFrom) error { return second(from(shut(), strings.NewReader("x"))) }},
	{"a closed connection to memory", func(to writeTo, _ readFrom) error { return second(to(shut(), io.Discard)) }},
	{"a closed connection to another", func(to writeTo, _ readFrom) error { c, _ := newPair(); return second(to(shut(), c)) }},
	{"zero", func(to writeTo, _ readFrom) error { return second(to(&net.TCPConn{}, io.Discard)) }},
	{"a failing reader", func(_ writeTo, from readFrom) error { c, _ := newPair(); return second(from(c, failing{})) }},
}

type (
	writeTo  = func(*net.TCPConn, io.Writer) (int64, error)
	readFrom = func(*net.TCPConn, io.Reader) (int64, error)
)

func second(_ int64, err error) error { return err }

func reset() *net.TCPConn {
	a, b := newPair()
	b.SetLinger(0)
	b.Close()
	return a
}

func shut() *net.TCPConn {
	a, _ := newPair()
	a.Close()
	return a
}

// real are the errors before anything is hooked.
var real = map[string]error{}

func TestMain(m *testing.M) {
	for _, c := range copies {
		real[c.name] = c.copy((*net.TCPConn).WriteTo, (*net.TCPConn).ReadFrom)
	}
	os.Exit(m.Run())
}

// TestCopyErrors: the errors of io.Copy are those of the methods in whose place
// ours stand.
func TestCopyErrors(t *testing.T) {
	if err := Hook(); err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	text := func(err error) string { return address.ReplaceAllString(fmt.Sprint(err), "ADDR") }
	for _, c := range copies {
		t.Run(c.name, func(t *testing.T) {
			ours, real := c.copy(tcpWriteTo, tcpReadFrom), real[c.name]
			if text(ours) != text(real) || ours == nil {
				t.Errorf("%q, want %q", text(ours), text(real))
			}
			for _, is := range []error{syscall.ECONNRESET, syscall.EPIPE, net.ErrClosed, syscall.EINVAL} {
				if errors.Is(ours, is) != errors.Is(real, is) {
					t.Errorf("%v: %v is %v, %v is %v", is, ours, errors.Is(ours, is), real, errors.Is(real, is))
				}
			}
		})
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("no") }

// raw gives the function behind a name of package unix, as a cell gets it.
func raw[F any](c *Calls, name string) F {
	return c.Func("golang.org/x/sys/unix", name, Symbol("golang.org/x/sys/unix", name)).Interface().(F)
}

func TestRawCalls(t *testing.T) {
	c := &Calls{}
	socket := raw[func(int, int, int) (int, error)](c, "Socket")
	bind := raw[func(int, unix.Sockaddr) error](c, "Bind")
	listen := raw[func(int, int) error](c, "Listen")
	connect := raw[func(int, unix.Sockaddr) error](c, "Connect")
	accept := raw[func(int) (int, unix.Sockaddr, error)](c, "Accept")
	read, write := raw[func(int, []byte) (int, error)](c, "Read"), raw[func(int, []byte) (int, error)](c, "Write")
	shutdown, closeFD := raw[func(int, int) error](c, "Shutdown"), raw[func(int) error](c, "Close")
	entries := recorded(t, func() {
		l, _ := socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		raw[func(int, int, int, int) error](c, "SetsockoptInt")(l, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
		bind(l, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
		listen(l, 5)
		name, _ := unix.Getsockname(l)
		a, _ := socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		connect(a, name)
		b, _, _ := accept(l)
		write(a, []byte("hello"))
		read(b, make([]byte, 9))
		raw[func(int, int, int, *unix.Linger) error](c, "SetsockoptLinger")(b, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		shutdown(a, unix.SHUT_WR)
		read(b, make([]byte, 9))
		closeFD(b)
		read(a, make([]byte, 9))
		closeFD(a)
		closeFD(l)
		closeFD(l)
		write(1, nil)
	})
	var got []string
	for _, s := range short(entries) {
		if i := strings.Index(s, "fd "); i >= 0 {
			s = s[:i] + "fd"
		}
		got = append(got, s)
	}
	want := []string{"socket AF_INET SOCK_STREAM: fd", "setsockopt SO_REUSEADDR 1:", "bind 127.0.0.1:0:", "listen backlog 5:", "socket AF_INET SOCK_STREAM: fd",
		"connect " + entries[3].Socket.Local.String() + ":", "accept : fd", "write 5 B:", "read : 5 B", "setsockopt SO_LINGER 0 s:", "shutdown SHUT_WR:", "read : EOF",
		"close :", "read : ECONNRESET", "close :", "close :", "close : EBADF"}
	if !slices.Equal(got, want) {
		t.Errorf("%q,\nwant %q", got, want)
	}
	if w := entries[7]; w.Socket.Remote != entries[3].Socket.Local || w.Bytes != 5 || w.Kind != Sending || entries[13].Socket.Remote != w.Socket.Remote {
		t.Errorf("%+v", w)
	}
}

// TestTraps: calls by their numbers are told as those by name.
func TestTraps(t *testing.T) {
	c := &Calls{}
	call := raw[func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)](c, "Syscall")
	call6 := raw[func(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)](c, "Syscall6")
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	text, room := []byte("hello"), make([]byte, 9)
	at := func(b []byte) uintptr { return reflect.ValueOf(b).Pointer() }
	entries := recorded(t, func() {
		call(unix.SYS_WRITE, uintptr(pair[0]), at(text), 5)
		call6(unix.SYS_RECVFROM, uintptr(pair[1]), at(room), 9, 0, 0, 0)
		call(unix.SYS_CLOSE, uintptr(pair[0]), 0, 0)
		call(unix.SYS_READ, uintptr(pair[1]), at(room), 9)
		call(unix.SYS_CLOSE, uintptr(pair[1]), 0, 0)
		if n, _, errno := call(unix.SYS_WRITE, 9999, at(text), 5); n != ^uintptr(0) || errno != unix.EBADF {
			t.Error(n, errno)
		}
		call(unix.SYS_GETPID, 0, 0, 0)
	})
	want := []string{"write 5 B:", "recvfrom : 5 B", "close :", "read : EOF", "close :", "write 5 B: EBADF"}
	if got := short(entries); !slices.Equal(got, want) {
		t.Errorf("%q,\nwant %q", got, want)
	}
	runtime.KeepAlive(text)
	runtime.KeepAlive(room)
}

// TestPairs: the two ends of a socket pair and of a pipe know each other.
func TestPairs(t *testing.T) {
	c := &Calls{}
	entries := recorded(t, func() {
		p, err := raw[func(int, int, int) ([2]int, error)](c, "Socketpair")(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		raw[func(int, []byte) (int, error)](c, "Write")(p[0], []byte("x"))
		raw[func(int, []byte) (int, error)](c, "Read")(p[1], make([]byte, 1))
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, "abc")
		closeAny(w)
		io.ReadAll(r)
		r.Close()
		unix.Close(p[0])
		unix.Close(p[1])
	})
	has(t, entries, "write 1 B:", "read : 1 B", "Write 3 B:", "Close :", "Read : 3 B", "Read : EOF")
	if entries[0].Socket.Inode != entries[1].Socket.Inode || entries[0].Socket.Other != entries[2].Socket.Inode {
		t.Errorf("%+v", entries[:3])
	}
	if entries[3].Socket.Network != "pipe" || entries[3].Socket.Inode != entries[5].Socket.Inode {
		t.Errorf("%+v", entries[3:])
	}
}

// TestLateLog: a call that had begun is told when it ends; one that waits is
// told when asked for.
func TestLateLog(t *testing.T) {
	if err := Hook(); err != nil {
		t.Fatal(err)
	}
	a, b := pairTCP(t)
	var wg sync.WaitGroup
	begun := make(chan bool)
	wg.Go(func() { close(begun); readAny(b) })
	<-begun
	l := NewLog(nil)
	Record(l)
	fmt.Fprint(a, "hello")
	wg.Wait()
	Record(nil)
	entries, _ := l.Take(false)
	has(t, entries, "Write 5 B:")
	has(t, entries, "Read : 5 B")

	l = NewLog(nil)
	Record(l)
	wg.Go(func() { readAny(b) })
	for range 1_000_000 {
		if entries, _ = l.Take(true); len(entries) > 0 {
			break
		}
	}
	Record(nil)
	if len(entries) != 1 || !entries[0].End.IsZero() || entries[0].Begin.IsZero() {
		t.Errorf("%+v", entries)
	}
	a.Close()
	wg.Wait()
	if entries, _ = l.Take(true); len(entries) != 1 || entries[0].Result != "EOF" {
		t.Errorf("%+v", entries)
	}
}

func TestTooMany(t *testing.T) {
	a, b := pairTCP(t)
	l := NewLog(nil)
	if err := Hook(); err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, b)
	Record(l)
	for range MaxEntries + 10 {
		writeAny(a, "x")
	}
	Record(nil)
	entries, lost := l.Take(true)
	if len(entries) > MaxEntries || lost < 10 {
		t.Errorf("%d entries, %d lost", len(entries), lost)
	}
}

// TestHookTables: the functions in the tables are of the methods' own types.
func TestHookTables(t *testing.T) {
	for ty, methods := range hooks {
		for name, f := range methods {
			m, ok := ty.MethodByName(name)
			if !ok || m.Type != f.Type() {
				t.Errorf("%v.%s: %v", ty, name, f.Type())
			}
		}
	}
	if Hook() != nil || reflect.TypeFor[itab]().Size() != 32 {
		t.Error("the tables were not changed")
	}
}

// TestNobodyRecords: then a read and a write, of a connection or a descriptor,
// allocate nothing.
func TestNobodyRecords(t *testing.T) {
	c := &Calls{}
	read, write := raw[func(int, []byte) (int, error)](c, "Read"), raw[func(int, []byte) (int, error)](c, "Write")
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	a, b := pairTCP(t)
	p := []byte("x")
	for name, f := range map[string]func() error{
		"descriptor": func() error {
			_, err := write(pair[0], p)
			_, err2 := read(pair[1], p)
			return errors.Join(err, err2)
		},
		"connection": func() error {
			_, err, _ := Write(a, p)
			_, err2, _ := Read(b, p)
			return errors.Join(err, err2)
		},
	} {
		if n := testing.AllocsPerRun(100, func() {
			if err := f(); err != nil {
				t.Error(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestDials: connections that compiled code dials for a cell are told, too.
func TestDials(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })}
	var wg sync.WaitGroup
	wg.Go(func() { s.Serve(l) })
	defer wg.Wait()
	defer s.Close()
	clone := http.DefaultTransport.(*http.Transport).Clone()
	entries := recorded(t, func() {
		for _, c := range []*http.Client{http.DefaultClient, {Transport: http.DefaultTransport.(*http.Transport).Clone()}, {Transport: clone}} {
			if r, err := c.Get("http://" + l.Addr().String()); err != nil {
				t.Error(err)
			} else {
				r.Body.Close()
			}
			c.CloseIdleConnections()
		}
		client, err := fn[func(string, string) (*rpc.Client, error)](&Calls{}, "net/rpc", "Dial")("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		client.Close()
		l.Close()
		if _, err := http.Get("http://" + l.Addr().String()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Error(err)
		}
	})
	var got []string
	for _, e := range entries {
		if e.Name != "Dial" {
			continue
		}
		got = append(got, e.Args+" "+e.Result)
		if e.Kind != Connecting || !e.Failed && (e.Socket.Remote.String() != l.Addr().String() || !e.Socket.Local.IsValid()) {
			t.Errorf("%+v", e)
		}
	}
	a := l.Addr().String() + " "
	if want := []string{a, a, a, a, a + "ECONNREFUSED"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestFiles: what cells and compiled code do with a file that is a socket is
// told, whichever method they use; the same with a file on disk is not.
func TestFiles(t *testing.T) {
	file := func(c *net.TCPConn) *os.File {
		f, err := c.File()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	disk := func(text string) *os.File {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		return f
	}
	method := func(name string) reflect.Value {
		ty := reflect.TypeFor[*os.File]()
		m, _ := ty.MethodByName(name)
		return (&Calls{}).Method(ty, name, m.Func)
	}
	conn, peer := pairTCP(t)
	f, g := file(conn), file(peer)
	entries := recorded(t, func() {
		method("WriteString").Interface().(func(*os.File, string) (int, error))(f, "one")
		io.WriteString(f, "three")
		method("ReadFrom").Interface().(func(*os.File, io.Reader) (int64, error))(f, strings.NewReader("four"))
		io.Copy(f, strings.NewReader("sixsix")) // by io.WriterTo of the reader
		f.Close()
		readFromAny(conn, disk("sevennn")) // sendfile(2)
		conn.Close()
		if n, err := io.Copy(io.Discard, struct{ io.Reader }{io.LimitReader(g, 3)}); n != 3 || err != nil {
			t.Error(n, err)
		}
		if n, err := io.Copy(io.Discard, g); n != 22 || err != nil {
			t.Error(n, err)
		}
		io.Copy(disk(""), disk("ten"))
		io.WriteString(disk(""), "ten")
	})
	want := []string{"WriteString 3 B:", "WriteString 5 B:", "ReadFrom : 4 B", "WriteString 6 B:", "ReadFrom : 7 B", "Read : 3 B", "WriteTo : 22 B"}
	if got := short(entries); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for i, bytes := range []int{3, 5, 4, 6, 7, 3, 22} {
		if i < len(entries) && (entries[i].Bytes != bytes || entries[i].Socket.Network != "tcp" || !entries[i].Socket.Remote.IsValid()) {
			t.Errorf("%+v", entries[i])
		}
	}
}
