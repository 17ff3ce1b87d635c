package complete_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sockbook/kernel/cell"
	"sockbook/kernel/complete"
)

const session = `import (
	"fmt"
	"net"
	"golang.org/x/sys/unix"
)

// Server answers.
type Server struct {
	Name string // what it is called
	conn net.Conn
	Base
}

type Base struct{ ID int }

// Describe says what b is.
func (b *Base) Describe() string { return "" }

// Serve serves
// for ever.
func (s *Server) Serve(port int) error { return nil }

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(item T) {}

// limit is how many.
const limit = 3

func newServer(name string) *Server { return nil }

srv := newServer("a")
conn, err := net.Dial("tcp", "x")
count, žluť := 1, 2
ints := Stack[int]{}
var shape interface{ Area() float64 }
`

func env(tb testing.TB) *cell.Env {
	tb.Helper()
	e := cell.NewEnv()
	c, err := e.Check("cell [1]", session)
	if err != nil {
		tb.Fatal(err)
	}
	e.Define(c)
	return e
}

// at takes the mark ‸ out of a text and returns its place in code points.
func at(tb testing.TB, marked string) (text string, cursor int) {
	tb.Helper()
	before, after, ok := strings.Cut(marked, "‸")
	if !ok {
		tb.Fatalf("no ‸ in %q", marked)
	}
	return before + after, utf8.RuneCountInString(before)
}

// apply puts a match into the text.
func apply(text string, c complete.Completion, m complete.Match) string {
	r := []rune(text)
	return string(r[:c.Start]) + m.Text + string(r[c.End:])
}

func TestComplete(t *testing.T) {
	e := env(t)
	for _, c := range []struct {
		text string
		want string // the labels, or those it begins with if … follows
		not  string // labels that must not be there
	}{
		{"// fmt.‸", "", ""},
		{"/* a ‸ */", "", ""},
		{"s := \"fmt.‸\"", "", ""},
		{"s := `fmt.‸", "", ""},
		{"c := '‸'", "", ""},
		{"x := 12‸", "", ""},
		{"x := 1.‸", "", ""},
		{"%%on fm‸", "", ""},
		{"func new‸", "", ""},
		{"nothing.‸", "", ""},
		{"1 + ‸", "Base Server Stack …", "for break"},
		{"fmt.Pri‸", "Print Printf Println", ""},
		{"fmt.‸", "Append Appendf …", "pp newPrinter"},
		{"fmt.pri‸", "Print Printf Println", ""},
		{"fmt.lnf‸", "", ""},
		{"fmt.tln‸", "Fprintln Println Sprintln …", ""},
		{"srv.‸", "Base ID Name conn Describe Serve", ""},
		{"srv.Base.‸", "ID Describe", ""},
		{"srv.Na‸me", "Name", ""},
		{"(*srv).S‸", "Serve", ""},
		{"Server.‸", "", "Serve"},
		{"(*Server).‸", "Describe Serve", ""},
		{"conn.‸", "Close LocalAddr Read RemoteAddr SetDeadline SetReadDeadline SetWriteDeadline Write", ""},
		{"shape.‸", "Area", ""},
		{"ints.‸", "items Push", ""},
		{"err.‸", "Error", ""},
		{"net.Dial(\"tcp\", srv.‸)", "Base ID Name conn Describe Serve", ""},
		{"newServer(\"x\").Se‸", "Serve", ""},
		{"if conn.R‸", "Read RemoteAddr", ""},
		{"if n, err := conn.R‸; err != nil {\n}", "Read RemoteAddr", ""},
		{"for _, c := range []net.Conn{conn} {\n\tc.R‸\n}", "Read RemoteAddr", ""},
		{"for {\n\tconn.R‸", "Read RemoteAddr", ""},
		{"go srv.S‸", "Serve", ""},
		{"defer conn.Cl‸", "Close", ""},
		{"go func() {\n\tdefer conn.Cl‸", "Close", ""},
		{"switch c := conn.(type) {\ncase *net.TCPC‸", "TCPConn", ""},
		{"switch c := conn.(type) {\ncase *net.TCPConn:\n\tc.SetNo‸\n}", "SetNoDelay", ""},
		{"select {\ncase <-srv.N‸", "Name", ""},
		{"func f(c *net.UDPC‸", "UDPConn", ""},
		{"func (s *Server) Stop() {\n\ts.co‸\n}", "conn", ""},
		{"func (s *Server) Stop() { srv.Sto‸ }", "", ""},
		{"type T struct {\n\tl net.Lis‸", "ListenConfig ListenIP ListenMulticastUDP ListenPacket ListenTCP ListenUDP ListenUnix ListenUnixgram Listen Listener …", "Dial"},
		{"x := = 1\nfmt.Prin‸\ny := := 2", "Print Printf Println", ""},
		{"cou‸", "count", ""},
		{"žl‸", "žluť", ""},
		{"žluť; cou‸", "count", ""},
		{"ser‸", "Server", ""},
		{"lim‸", "limit", ""},
		{"fu‸", "func", ""},
		{"le‸", "len", ""},
		{"str‸", "string struct strconv strings", ""},
		{"unix.SO_REUSE‸", "SO_REUSEADDR SO_REUSEPORT …", ""},
		{"func g(argument int) {\n\targ‸\n}", "argument", ""},
		{"func g() {\n\tinner := 1\n\tif true {\n\t\tdeeper := inner\n\t\tde‸\n\t}\n}", "deeper delete default defer debug", ""},
		{"func g() {\n\tde‸\n\tdeeper := 1\n}", "delete default defer debug", "deeper"},
		{"later := laterFn‸\nfunc laterFn() {}", "laterFn", ""},
		{"y := 1\nif y {\n\tlaterF‸\nfunc laterF2() {}", "laterF2", ""},
		{"Server{‸}", "Name conn Base …", ""},
		{"Server{‸", "Name conn Base …", ""},
		{"Server{Na‸", "Name", ""},
		{"&Server{Name: \"a\", ‸}", "conn Base …", "Name"},
		{"[]Server{{Na‸", "Name", ""},
		{"net.KeepAliveConfig{Enable: true, I‸}", "Idle Interval", ""},
		{"Server{Name: cou‸}", "count", ""},
		{"import \"enc‸", "encoding encoding/base64 encoding/binary encoding/csv encoding/gob encoding/hex encoding/json", ""},
		{"import (\n\t\"fmt\"\n\t\"net/ht‸\"\n)", "net/http net/http/httptest net/http/httputil", ""},
		{"import str \"strc‸", "strconv", ""},
		{"import ‸", `"bufio" "bytes" …`, ""},
		{"import (\n\t‸\n)", `"bufio" "bytes" …`, ""},
		{"strings.HasP‸", "HasPrefix", ""},
		{"func g() {\n\tstrings.HasP‸\n}", "HasPrefix", ""},
		{"package main\nimport \"fmt\"\nfunc main() {\n\tfmt.Prin‸\n}", "Print Printf Println", ""},
		{"package main\nfunc helper() {}\nfunc main() {\n\thel‸\n}", "helper", ""},
		{"package main\nfunc main() {\n\tsr‸\n}", "", "srv"},
	} {
		text, cursor := at(t, c.text)
		got := complete.Complete(e, text, cursor)
		var labels []string
		for _, m := range got.Matches {
			labels = append(labels, m.Label)
		}
		want := strings.Fields(c.want)
		if len(want) > 0 && want[len(want)-1] == "…" {
			for _, w := range want[:len(want)-1] {
				if !slices.Contains(labels, w) {
					t.Errorf("%q: no %s in %q", c.text, w, labels)
				}
			}
		} else if !slices.Equal(labels, want) {
			t.Errorf("%q: %q, want %q", c.text, labels, want)
		}
		for _, n := range strings.Fields(c.not) {
			if slices.Contains(labels, n) {
				t.Errorf("%q: has %s", c.text, n)
			}
		}
	}
}

func TestCompleteText(t *testing.T) {
	e := env(t)
	for _, c := range []struct{ text, label, want string }{
		{"žluť; fmt.Pri‸", "Println", "žluť; fmt.Println"},
		{"fmt.Pri‸ntf(1)", "Println", "fmt.Println(1)"},
		{"x := Server{Na‸}", "Name", "x := Server{Name: }"},
		{"import \"net/ht‸\"", "net/http", "import \"net/http\""},
		{"import \"net/ht‸", "net/http", "import \"net/http"},
		{"import ‸", `"net"`, `import "net"`},
		{"count++\nx := strings.HasP‸(a)", "HasPrefix", "count++\nimport \"strings\"\nx := strings.HasPrefix(a)"},
		{"// first\nstrings.‸", "HasPrefix", "// first\nimport \"strings\"\nstrings.HasPrefix"},
		{"func f() {\n\tstrings.HasP‸\n}", "HasPrefix", "func f() {\n\tstrings.HasPrefix\n}"},
		{"%%on server\nstrings.HasP‸", "HasPrefix", "%%on server\nimport \"strings\"\nstrings.HasPrefix"},
	} {
		text, cursor := at(t, c.text)
		got := complete.Complete(e, text, cursor)
		i := slices.IndexFunc(got.Matches, func(m complete.Match) bool { return m.Label == c.label })
		if i < 0 {
			t.Errorf("%q: no %s", c.text, c.label)
			continue
		}
		if have := apply(text, got, got.Matches[i]); have != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, have, c.want)
		}
	}
}

// TestImportBrought runs what a match makes of a cell through the checker.
func TestImportBrought(t *testing.T) {
	text, cursor := at(t, "a := 1\nstrings.Repeat‸(\"a\", a)")
	got := complete.Complete(cell.NewEnv(), text, cursor)
	if len(got.Matches) != 1 || got.Matches[0].Import != "strings" {
		t.Fatalf("%+v", got)
	}
	if _, err := cell.NewEnv().Check("cell", apply(text, got, got.Matches[0])); err != nil {
		t.Error(err)
	}
}

func TestKinds(t *testing.T) {
	e := env(t)
	for _, c := range []struct {
		text, label string
		kind        complete.Kind
		signature   string
	}{
		{"fmt.‸", "Println", complete.Function, "(a ...any) (n int, err error)"},
		{"conn.‸", "Close", complete.Method, "() error"},
		{"srv.‸", "Name", complete.Field, "string"},
		{"‸", "srv", complete.Variable, "*Server"},
		{"‸", "limit", complete.Constant, "untyped int = 3"},
		{"‸", "Server", complete.Type, "struct"},
		{"‸", "net", complete.Module, "net"},
		{"‸", "newServer", complete.Function, "(name string) *Server"},
		{"fo‸", "for", complete.Keyword, ""},
		{"str‸", "strings", complete.Module, "not imported yet"},
		{"ints.‸", "Push", complete.Method, "(item int)"},
		{"net.‸", "Conn", complete.Type, "interface"},
		{"net.‸", "ErrClosed", complete.Variable, "error"},
	} {
		text, cursor := at(t, c.text)
		got := complete.Complete(e, text, cursor)
		i := slices.IndexFunc(got.Matches, func(m complete.Match) bool { return m.Label == c.label })
		if i < 0 {
			t.Errorf("%q: no %s", c.text, c.label)
			continue
		}
		if m := got.Matches[i]; m.Kind != c.kind || m.Signature != c.signature {
			t.Errorf("%q: %+v, want %s %s", c.text, m, c.kind, c.signature)
		}
	}
}

// TestNothingIsDefined checks a cell after completing in others.
func TestNothingIsDefined(t *testing.T) {
	e := env(t)
	text, cursor := at(t, "type Server int\nfunc (s *Server) More() {}\nsrv := \"x\"\nsrv.‸")
	complete.Complete(e, text, cursor)
	if _, err := e.Check("cell [2]", "srv.Name + srv.Describe()"); err != nil {
		t.Error(err)
	}
	if _, err := e.Check("cell [3]", "srv.More()"); err == nil {
		t.Error("a method of a cell that was only being written is there")
	}
}

func TestInspect(t *testing.T) {
	e := env(t)
	for _, c := range []struct {
		text string
		want []string // parts of the plain text; none: nothing is found
	}{
		{"// fmt.Println‸", nil},
		{"nothing‸", nil},
		{"‸", nil},
		{"1 + ‸", nil},
		{"%%on fmt‸", nil},
		{"fmt.Println‸", []string{"func fmt.Println(a ...any) (n int, err error)", "Println formats using", "https://pkg.go.dev/fmt#Println"}},
		{"fmt.Pri‸ntln(1)", []string{"func fmt.Println("}},
		{"‸fmt.Println(1)", []string{"package fmt // import \"fmt\"", "Package fmt implements"}},
		{"fmt.Println(1, ‸", []string{"func fmt.Println("}},
		{"fmt.Println(len(‸), 2)", []string{"func len(v Type) int", "The len built-in"}},
		{"strings.Repeat‸", []string{"func strings.Repeat(", "Repeat returns"}},
		{"strings‸", []string{"package strings"}},
		{"import \"net/http‸\"", []string{"package http // import \"net/http\"", "Package http provides"}},
		{"conn.Read‸", []string{"func (net.Conn) Read(b []byte) (n int, err error)", "Read reads data"}},
		{"conn‸", []string{"var conn net.Conn", "generic stream-oriented", "defined in cell [1]"}},
		{"srv.Serve‸", []string{"func (*Server) Serve(port int) error", "Serve serves for ever.", "defined in cell [1]"}},
		{"srv.Describe‸", []string{"func (*Base) Describe() string", "Describe says what b is."}},
		{"srv.Name‸", []string{"field Name string"}},
		{"Server‸", []string{"type Server struct {", "Server answers."}},
		{"limit‸", []string{"const limit = 3", "limit is how many."}},
		{"newServer(‸", []string{"func newServer(name string) *Server"}},
		{"ints.Push‸", []string{"Push(item int)"}},
		{"net.KeepAliveConfig{Idle‸: 1}", []string{"field Idle time.Duration", "Idle is the time"}},
		{"net.Listen‸", []string{"manual: socket(2), bind(2), listen(2)"}},
		{"unix.Socket(‸", []string{"func unix.Socket(domain int, typ int, proto int) (fd int, err error)", "creates an endpoint", "manual: socket(2)"}},
		{"unix.SO_REUSEPORT‸", []string{"const SO_REUSEPORT = 15", "manual: socket(7)"}},
		{"unix.TCP_WINDOW_CLAMP‸", []string{"manual: tcp(7)"}},
		{"unix.ECONNREFUSED‸", []string{"nobody listens there", "manual: connect(2), errno(3)"}},
		{"defer‸ f()", []string{"spec#Defer_statements"}},
		{"// Mine is mine.\nfunc Mine() {}\nMine‸", []string{"func Mine()", "Mine is mine.", "defined in this cell"}},
		{"error‸", []string{"type error interface", "conventional interface"}},
		{"žluť + count‸", []string{"var count int"}},
	} {
		text, cursor := at(t, c.text)
		got := complete.Inspect(e, text, cursor, 0)
		if got.Found() != (len(c.want) > 0) || (got.Markdown == "") != (got.Plain == "") {
			t.Errorf("%q: found %v:\n%s", c.text, got.Found(), got.Plain)
		}
		for _, part := range c.want {
			if !strings.Contains(got.Plain, part) {
				t.Errorf("%q: no %q in\n%s", c.text, part, got.Plain)
			}
		}
	}
	if got := complete.Inspect(e, "newServer", 3, 1).Plain; !strings.Contains(got, "return nil") {
		t.Errorf("no source with detail 1:\n%s", got)
	}
	if got := complete.Inspect(e, "unix.Bind", 9, 0).Markdown; !strings.Contains(got, "[bind(2)](https://man7.org/linux/man-pages/man2/bind.2.html)") || !strings.Contains(got, "```go\nfunc unix.Bind(") {
		t.Errorf("Markdown is\n%s", got)
	}
}

func FuzzComplete(f *testing.F) {
	for _, s := range []string{session, "fmt.", "Server{", "import \"", "go x.", "%%on a\nfmt.P", "func f() {\n\tx.", "žluť."} {
		for _, cursor := range []int{0, len(s) / 2, len(s)} {
			f.Add(s, cursor)
		}
	}
	e := env(f)
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		c := complete.Complete(e, text, cursor)
		n := utf8.RuneCountInString(text)
		if len(c.Matches) > 0 && (c.Start < 0 || c.End < c.Start || c.End > n) {
			t.Fatalf("%q, %d: %d to %d of %d", text, cursor, c.Start, c.End, n)
		}
		for _, m := range c.Matches {
			if m.Text == "" || m.Label == "" || m.Kind == "" {
				t.Fatalf("%q, %d: %+v", text, cursor, m)
			}
		}
		complete.Inspect(e, text, cursor, 1)
	})
}

// BenchmarkFirst is the first completion of a process that has run nothing.
func BenchmarkFirst(b *testing.B) {
	for _, text := range []string{"fmt.Pri", "net.Di", "unix.So", "co"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if c := complete.Complete(cell.NewEnv(), text, len(text)); len(c.Matches) == 0 {
					b.Fatal("no matches")
				}
			}
		})
	}
}

func BenchmarkNext(b *testing.B) {
	e := env(b)
	for b.Loop() {
		complete.Complete(e, "srv.", 4)
	}
}
