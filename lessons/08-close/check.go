// Package check08 has the hidden checks of lesson 08. Call them through
// [Checks].
package check08

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"8.1": count}

// server hands connections to count, one after the other, and says how each
// ended and whether its descriptor is still there.
const server = `%%on server &
import ("fmt"; "log"; "golang.org/x/sys/unix")
l, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
if err == nil {
	unix.SetsockoptInt(l, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	err = unix.Bind(l, &unix.SockaddrInet4{Port: 7777})
}
if err == nil {
	err = unix.Listen(l, 5)
}
if err != nil {
	log.Fatal(err)
}
for i := range 3 {
	fd, _, err := unix.Accept(l)
	if err != nil {
		log.Fatal(err)
	}
	err = count(fd)
	_, open := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	fmt.Printf("%d error %t open %t %v\n", i, err != nil, open == nil, err)
}`

// client sends some pieces, says that this was all, and reads the answer.
const client = `%%%%on client
import ("fmt"; "io"; "log"; "net"; "time")
c, err := net.Dial("tcp4", %q)
if err != nil {
	log.Fatal(err)
}
for _, n := range []int{%s} {
	if _, err := c.Write(make([]byte, n)); err != nil {
		break // the answer tells
	}
	time.Sleep(20 * time.Millisecond)
}
c.(*net.TCPConn).CloseWrite()
c.SetReadDeadline(time.Now().Add(time.Second))
answer, err := io.ReadAll(c)
fmt.Printf("%%q %%v\n", answer, err)
c.Close()`

// count is func count(fd int) error.
func count(t *check.T) {
	t.Define("server")
	running := t.Run(server)
	addr := t.Addr("server", 7777)
	ended := func(i int) (line string) {
		t.Eventually(time.Second, func() string {
			for l := range strings.Lines(running.Stdout()) {
				if strings.HasPrefix(l, fmt.Sprint(i)) {
					line = strings.TrimSpace(l)
					return ""
				}
			}
			if f := running.Failure(); f != nil {
				return "count ended its process: " + f.Message
			}
			return "the client has sent its FIN, and count does not come back: read returns 0 at the end of the stream"
		})
		return line
	}
	for i, test := range []struct {
		pieces string
		total  int
	}{{"10, 20, 30", 60}, {"100000", 100000}} {
		want := fmt.Sprintf("%d\\n", test.total)
		got := strings.TrimSpace(t.Run(fmt.Sprintf(client, addr, test.pieces)).Stdout())
		if !strings.HasPrefix(got, `"`+want) {
			line := ended(i)
			if strings.Contains(line, "error true") {
				t.Failf("the client sent %d bytes and then its FIN; count returned an error: %s", test.total, words(line))
			}
			t.Failf("the client sent %d bytes in pieces (%s) and should have got %q; it got %s: one read is not one write, and it is over only at the end of the stream", test.total, test.pieces, fmt.Sprintln(test.total), got)
		}
		line := ended(i)
		switch {
		case strings.Contains(line, "error true"):
			t.Failf("all went well, and count returned an error: %s", words(line))
		case strings.Contains(line, "open true") || got != `"`+want+`" <nil>`:
			state := "ESTABLISHED"
			for _, s := range t.Connections("server", 7777) {
				state = s.State
			}
			t.Failf("the server never closed its end: it has answered and is still in %s; the client waits for the end of the stream", state)
		}
	}
	t.Run(fmt.Sprintf("%%%%on client\nc, err = net.Dial(\"tcp4\", %q)\nif err != nil {\n\tlog.Fatal(err)\n}\nc.Write([]byte(\"never mind\"))\nc.(*net.TCPConn).SetLinger(0)\nc.Close()", addr))
	line := ended(2)
	switch {
	case strings.Contains(line, "open true"):
		t.Failf("the client ended the connection by an RST, count returned, and the descriptor is still open: close it when something fails, too")
	case strings.Contains(line, "error false"):
		t.Failf("the client ended the connection by an RST; read said ECONNRESET, and count returned no error")
	}
}

// words are the error's in a line of the server's.
func words(line string) string { return strings.Join(strings.Fields(line)[5:], " ") }
