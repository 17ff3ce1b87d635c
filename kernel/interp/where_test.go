package interp

import (
	"fmt"
	"slices"
	"testing"

	"sockbook/runtime/sock"
)

// TestWhere: the calls that cells make are told with the cell and the line of
// the learner's call, whoever makes them in the end.
func TestWhere(t *testing.T) {
	if err := sock.Hook(); err != nil {
		t.Fatal(err)
	}
	m := New(Options{})
	log := sock.NewLog(func() (string, int) { f := m.Where(); return f.Cell, f.Line })
	run := func(name, text string) {
		t.Helper()
		if _, err := m.Run(name, text); err != nil {
			t.Fatal(err)
		}
	}
	run("[1]", `import ("bufio"; "fmt"; "io"; "net"; "net/http"; "golang.org/x/sys/unix")
func ask(w io.Writer, text string) {
	fmt.Fprintln(w, text)
}
var done = make(chan bool)`)
	sock.Record(log)
	run("[2]", `l, err := net.Listen("tcp", "127.0.0.1:0")
go func() {
	c, _ := l.Accept()
	io.Copy(c, c)
	c.Close()
	done <- true
}()
c, err := net.Dial("tcp", l.Addr().String())`)
	run("[3]", `ask(c, "hello")
r := bufio.NewReader(c)

line, err := r.ReadString('\n')
c.(*net.TCPConn).CloseWrite()
<-done
c.Close()
fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
defer unix.Close(fd)
unix.Write(fd, []byte("x"))`)
	run("[4]", `srv, _ := net.Listen("tcp", "127.0.0.1:0")

go http.Serve(srv, nil)
resp, err := http.Get("http://" + srv.Addr().String())
resp.Body.Close()
srv.Close()
http.DefaultClient.CloseIdleConnections()`)
	run("[5]", `import ("os"; "strings")
p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
f := os.NewFile(uintptr(p[0]), "one end")
f.WriteString("x")
f.ReadFrom(strings.NewReader("y"))
f.Close()`)
	sock.Record(nil)
	entries, _ := log.Take(true)
	slices.SortFunc(entries, func(a, b sock.Entry) int { return int(int64(a.ID) - int64(b.ID)) })
	var got []string
	at := map[string]string{}
	for _, e := range entries {
		place := fmt.Sprintf("%s:%d", e.Cell, e.Line)
		if e.Cell == "[4]" {
			at[e.Name] = place // the order is http's
			continue
		}
		got = append(got, fmt.Sprintf("%s %s", e.Name, place))
	}
	want := []string{"Listen [2]:1", "Accept [2]:3", "Dial [2]:8", "Read [2]:4", "Write [1]:3", "Read [3]:4", "Write [2]:4", "Read [2]:4", "CloseWrite [3]:5", "Close [2]:5",
		"Close [3]:7", "socket [3]:8", "write [3]:10", "close [3]:9",
		"socketpair [5]:2", "WriteString [5]:4", "ReadFrom [5]:5", "Close [5]:6"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q,\nwant %q", got, want)
	}
	if at["Accept"] != "[4]:3" || at["Listen"] != "[4]:1" || at["Dial"] != "[4]:0" || at["Read"] == "" || at["Write"] == "" {
		t.Errorf("%v", at)
	}
}
