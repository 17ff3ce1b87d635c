package cell

import (
	"fmt"
	"strings"
	"testing"
)

func mustCheck(tb testing.TB, e *Env, text string) *Cell {
	tb.Helper()
	c, err := e.Check("cell", text)
	if err != nil {
		tb.Fatalf("%s\n%v", text, err)
	}
	return c
}

func BenchmarkNewEnv(b *testing.B) {
	for b.Loop() {
		NewEnv()
	}
}

// BenchmarkFirstImport is the first cell of a process.
func BenchmarkFirstImport(b *testing.B) {
	for _, path := range []string{"fmt", "net", "net/http", "golang.org/x/sys/unix"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				mustCheck(b, NewEnv(), fmt.Sprintf("import _ %q", path))
			}
		})
	}
}

func BenchmarkSmallCell(b *testing.B) {
	e := NewEnv()
	e.Define(mustCheck(b, e, "import \"fmt\"\nx := 1"))
	b.ReportAllocs()
	for b.Loop() {
		mustCheck(b, e, "y := x + 1\nfmt.Println(y)")
	}
}

// fiftyLines is a server and a client as a learner writes them.
const fiftyLines = `import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

type server struct {
	l     net.Listener
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func (s *server) serve() error {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		go s.echo(c)
	}
}

func (s *server) echo(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		fmt.Fprint(c, strings.ToUpper(line))
	}
}

l, err := net.Listen("tcp", "127.0.0.1:0")
s := &server{l: l, conns: map[net.Conn]bool{}}
go s.serve()
c, err := net.Dial("tcp", l.Addr().String())
c.SetDeadline(time.Now().Add(time.Second))
fmt.Fprintln(c, "hello")
answer, err := bufio.NewReader(c).ReadString('\n')
fmt.Println(answer, err)
`

func BenchmarkFiftyLines(b *testing.B) {
	if n := strings.Count(fiftyLines, "\n"); n != 50 {
		b.Fatalf("%d lines", n)
	}
	e := NewEnv()
	e.Define(mustCheck(b, e, fiftyLines))
	b.ReportAllocs()
	for b.Loop() {
		mustCheck(b, e, fiftyLines)
	}
}

// BenchmarkRedefinition has 20 functions follow a variable.
func BenchmarkRedefinition(b *testing.B) {
	e := NewEnv()
	e.Define(mustCheck(b, e, "x := 1"))
	for i := range 20 {
		e.Define(mustCheck(b, e, fmt.Sprintf("func f%d() int { return x + %d }", i, i)))
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Define(mustCheck(b, e, "x := 1"))
	}
}

// BenchmarkLongSession is a small cell after 1,000 others.
func BenchmarkLongSession(b *testing.B) {
	e := NewEnv()
	for i := range 1000 {
		e.Define(mustCheck(b, e, fmt.Sprintf("type T%d struct{ a int }\nfunc f%d(t T%d) int { return t.a }\nv%d := f%d(T%d{})", i, i, i, i, i, i)))
	}
	b.ReportAllocs()
	for b.Loop() {
		mustCheck(b, e, "v3 + f4(T4{})")
	}
}
