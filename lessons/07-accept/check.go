// Package check07 has the hidden checks of lesson 07. Call them through
// [Checks].
package check07

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"7.1": serve}

// listen makes a listening socket; fill and free use up all descriptors and
// give them back.
const listen = `%%on server
import ("fmt"; "log"; "time"; "golang.org/x/sys/unix")
l, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
if err == nil {
	unix.SetsockoptInt(l, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	err = unix.Bind(l, &unix.SockaddrInet4{Port: 7777})
}
if err == nil {
	err = unix.Listen(l, 16)
}
if err != nil {
	log.Fatal(err)
}

var spare []int

func fill() {
	for {
		fd, err := unix.Dup(l)
		if err != nil {
			return
		}
		spare = append(spare, fd)
	}
}

func free() {
	for _, fd := range spare {
		unix.Close(fd)
	}
}

// cpu is how long this process has kept processors busy.
func cpu() time.Duration {
	var u unix.Rusage
	unix.Getrusage(unix.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}`

const client = `%%%%on client
import ("fmt"; "io"; "log"; "net"; "time")
server := %q
func dial() *net.TCPConn {
	c, err := net.Dial("tcp4", server)
	if err != nil {
		log.Fatal(err)
	}
	return c.(*net.TCPConn)
}
func echo(c net.Conn, text string, d time.Duration) {
	fmt.Fprint(c, text)
	c.SetReadDeadline(time.Now().Add(d))
	b := make([]byte, len(text))
	n, err := io.ReadFull(c, b)
	fmt.Printf("%%q %%v", b[:n], err)
}
// One that resets its connection, before anybody has accepted it.
ghost := dial()
ghost.SetLinger(0)
ghost.Close()`

// serve is func serve(l int) error.
func serve(t *check.T) {
	t.Define("server")
	t.Run(listen)
	t.Run(fmt.Sprintf(client, t.Addr("server", 7777)))
	t.Run("%%on server\nvar end = make(chan error, 1)\ngo func() { end <- serve(l) }()\ntime.Sleep(50 * time.Millisecond)")
	ended := func() string {
		return t.Run("%%on server\nselect {\ncase err := <-end:\n\tend <- err\n\tfmt.Print(\"serve returned: \", err)\ndefault:\n}").Stdout()
	}
	alive := func(after string) {
		if words := ended(); words != "" {
			t.Failf("%s %s", after, words)
		}
	}
	alive("A client had reset its connection before it was accepted;")

	got := t.Run("%%on client\nsilent, c := dial(), dial()\necho(c, \"one\", time.Second)").Stdout()
	alive("Two clients connected;")
	if got != `"one" <nil>` {
		t.Failf("a client is connected and silent, another one sends \"one\" and gets %s: serve looks after one client at a time", got)
	}
	if got = t.Run("%%on client\necho(c, \"two\", time.Second)").Stdout(); got != `"two" <nil>` {
		t.Failf("a client sent a second line on its connection, and got %s", got)
	}
	t.Run("%%on client\nr := dial()\nr.SetLinger(0)\necho(r, \"x\", time.Second)\nr.Close()\ntime.Sleep(50 * time.Millisecond)")
	alive("A client reset its connection while it was served;")

	t.Run("%%on server\nfill()")
	t.Run("%%on client\nlate := dial()\nfmt.Fprint(late, \"late\")")
	busy := t.Run("%%on server\nbefore := cpu()\ntime.Sleep(500 * time.Millisecond)\nfmt.Print((cpu() - before).Milliseconds())")
	alive("For a moment no descriptor was free (EMFILE);")
	var ms int
	fmt.Sscan(busy.Stdout(), &ms)
	t.Run("%%on server\nfree()")
	got = t.Run("%%on client\necho(late, \"\", time.Second)\nb := make([]byte, 4)\nlate.SetReadDeadline(time.Now().Add(2 * time.Second))\nn, err := io.ReadFull(late, b)\nfmt.Printf(\" %q %v\", b[:n], err)").Stdout()
	alive("Descriptors were free again;")
	if !strings.HasSuffix(got, `"late" <nil>`) {
		t.Failf("descriptors are free again, and the client that had waited in the queue is not served: it got %s", got)
	}
	if ms > 50 { // waiting takes next to nothing; on a busy machine who spins gets a part of a processor only
		t.Failf("while no descriptor was free, serve kept a whole processor busy (%d of 500 ms): accept fails at once, and it tried again at once", ms)
	}

	t.Run("%%on client\nsilent.Close()\nc.Close()\nlate.Close()")
	t.Eventually(time.Second, func() string {
		for _, s := range t.Connections("server", 7777) {
			if s.State == "CLOSE_WAIT" || s.State == "ESTABLISHED" {
				return "all clients have closed, and the server never closed its end: still in " + s.State
			}
		}
		return ""
	})
	t.Run("%%on server\nunix.Shutdown(l, unix.SHUT_RDWR)")
	t.Eventually(time.Second, func() string {
		if ended() != "" {
			return ""
		}
		return "the listening socket is no longer one (accept says EINVAL), and serve does not return"
	})
	if strings.Contains(ended(), "<nil>") {
		t.Failf("the listening socket is no longer one (accept says EINVAL), and serve returned no error")
	}
}
