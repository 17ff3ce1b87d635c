// Package check05 has the hidden checks of lesson 05. Call them through
// [Checks].
package check05

import (
	"fmt"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"5.1": serve}

// server serves two at a time: each client is greeted, and let go when it sends
// a line.
const server = `
import (
	"bufio"
	"fmt"
	"log"
	"net"
	"time"
)

l, err := net.Listen("tcp4", ":7777")
if err != nil {
	log.Fatal(err)
}
go func() {
	time.Sleep(20 * time.Second)
	l.Close()
}()
err = serve(l, 2, func(c net.Conn) {
	fmt.Fprintln(c, "welcome")
	bufio.NewReader(c).ReadString('\n')
})
fmt.Print("serve returned ", err)
`

const client = `
import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

type guest struct {
	conn net.Conn
	in   *bufio.Reader
}

// come connects and returns what the server says within a second.
come := func(where string) (guest, string) {
	c, err := net.DialTimeout("tcp4", where, 2*time.Second)
	if err != nil {
		return guest{}, err.Error()
	}
	g := guest{c, bufio.NewReader(c)}
	c.SetReadDeadline(time.Now().Add(time.Second))
	line, err := g.in.ReadString('\n')
	if err != nil {
		return g, fmt.Sprintf("%q %t", line, os.IsTimeout(err))
	}
	return g, line[:len(line)-1]
}
// ends tells what follows within a second: the end, more, or nothing.
ends := func(g guest) string {
	g.conn.SetReadDeadline(time.Now().Add(time.Second))
	_, err := g.in.ReadByte()
	switch {
	case err == io.EOF:
		return "end"
	case os.IsTimeout(err):
		return "open"
	}
	return fmt.Sprint(err)
}
`

// serve is func serve(l net.Listener, limit int, handle func(net.Conn)) error.
func serve(t *check.T) {
	t.Define("server")
	running := t.Run("%%on server &\n" + server)
	t.Run("%%on client\n" + client)
	t.Limit(8*time.Second, "a client waited for more than 8 s")
	come := func(name string) string {
		return t.Run(fmt.Sprintf("%%%%on client\n%s, said := come(%q)\nfmt.Print(said)", name, t.Addr("server", 7777))).Stdout()
	}
	ends := func(name string) string {
		return t.Run(fmt.Sprintf("%%%%on client\nfmt.Print(ends(%s))", name)).Stdout()
	}
	alive := func() {
		if f := running.Failure(); f != nil {
			t.Failf("the server ended: %s", f.Message)
		}
	}

	if got := come("one"); got != "welcome" {
		alive()
		t.Failf("the first client was not served: it saw %s", got)
	}
	switch got := come("two"); got {
	case "welcome":
	case `"" true`:
		t.Failf("the limit is 2, and the second client gets no answer while the first is served: each handle needs a goroutine of its own")
	default:
		t.Failf("the limit is 2, and the second client was not served: it saw %s", got)
	}
	switch got := come("three"); got {
	case "busy":
	case `"" true`:
		t.Failf("two are being served, and the third client is connected and gets no answer: it waits in the accept queue. Accept it, and say busy")
	case "welcome":
		t.Failf("two are being served, and a third one is served as well: the limit is 2")
	default:
		t.Failf("two are being served: the third client should read the line busy, and saw %s", got)
	}
	if got := ends("three"); got != "end" {
		t.Failf("the third client was told busy, and its connection was never closed: it still waits (%s)", got)
	}

	t.Run("%%on client\nfmt.Fprintln(one.conn, \"bye\")")
	if got := ends("one"); got != "end" {
		t.Failf("handle has returned for the first client, and serve did not close its connection: the client waits for the end (%s)", got)
	}
	t.Sleep(50 * time.Millisecond)
	switch got := come("four"); got {
	case "welcome":
	case "busy":
		t.Failf("the first client was let go, so there is room again, and the next one is told busy: give its place back when handle returns")
	default:
		t.Failf("the first client was let go, so there is room again, and the next one saw %s", got)
	}
	if got := come("five"); got != "busy" {
		t.Failf("two are being served again: the next client should read the line busy, and saw %s", got)
	}
	alive()
}
