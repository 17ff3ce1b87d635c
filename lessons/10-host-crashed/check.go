// Package check10 has the hidden checks of lesson 10. Call them through
// [Checks].
package check10

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"10.1": giveUpAfter}

// server answers what it gets, after a while.
const server = `%%%%on %s &
import ("log"; "net"; "time")
l, err := net.Listen("tcp", ":7777")
if err != nil {
	log.Fatal(err)
}
for {
	c, err := l.Accept()
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		defer c.Close()
		b := make([]byte, 100)
		n, err := c.Read(b)
		for err == nil {
			time.Sleep(%d * time.Millisecond)
			c.Write(b[:n])
			n, err = c.Read(b)
		}
	}()
}`

// client asks the server and says how long that took. The raw socket has the
// options that giveUpAfter gives it, and no others.
const client = `%%on client
import ("errors"; "fmt"; "log"; "net"; "time"; "golang.org/x/sys/unix")

const patience = 1100 * time.Millisecond

func open(host string) int {
	addr, err := net.ResolveTCPAddr("tcp4", host+":7777")
	if err != nil {
		log.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		log.Fatal(err)
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Addr: [4]byte(addr.IP.To4()), Port: 7777}); err != nil {
		log.Fatal(err)
	}
	return fd
}

func ask(fd int) {
	began := time.Now()
	b := make([]byte, 100)
	n, err := unix.Write(fd, []byte("anyone there?"))
	if err == nil {
		n, err = unix.Read(fd, b)
	}
	what := "the answer"
	var errno unix.Errno
	switch {
	case errors.As(err, &errno):
		what = unix.ErrnoName(errno)
	case n == 0:
		what = "the end of the stream"
	}
	fmt.Printf("%d ms: %s", time.Since(began).Milliseconds(), what)
}`

// giveUpAfter is func giveUpAfter(fd int, d time.Duration) error.
func giveUpAfter(t *check.T) {
	t.NeedLab()
	t.Define("client")
	t.Run(fmt.Sprintf(server, "server", 0))
	t.Run(fmt.Sprintf(server, "slow", 2200))
	t.Run(client)
	set := t.Run("%%on client\nfd := open(\"server\")\nif err := giveUpAfter(fd, patience); err != nil {\n\tfmt.Print(err)\n}")
	if words := set.Stdout(); words != "" {
		t.Failf("giveUpAfter returned an error for a connected TCP socket: %s", words)
	}
	set = t.Run("%%on client\nms, err := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)\nfmt.Print(ms)")
	options := ""
	for _, s := range t.Connections("client", 7777) {
		options += strings.Join(s.Options, ", ")
	}
	notSet := "its TCP_USER_TIMEOUT is 0, not set: options of TCP are set at the level IPPROTO_TCP"
	t.Limit(3*time.Second, "the server lives and has answered, and the client's read still waits: "+notSet)
	alive := t.Run("%%on client\nask(fd)")
	if !strings.Contains(alive.Stdout(), "the answer") {
		t.Failf("the server lives and answers at once, and yet the client got, after %s", alive.Stdout())
	}
	t.Sleep(100 * time.Millisecond) // the last ACK may wait for 40 ms

	stuck := "the server's host has crashed, and three seconds later the client's read still waits: the kernel is as patient as tcp_retries2 says"
	switch {
	case strings.Contains(options, "SO_KEEPALIVE") && set.Stdout() == "0":
		stuck += ". Keepalive asks only when nothing is outstanding; here the question itself waits for its ACK"
	case set.Stdout() == "0":
		stuck += ": " + notSet
	}
	t.Limit(3*time.Second, stuck)
	t.Run("%crash server")
	dead := t.Run("%%on client\nask(fd)")
	var ms int
	var how string
	fmt.Sscanf(dead.Stdout(), "%d ms: %s", &ms, &how)
	switch {
	case how == "EAGAIN":
		t.Failf("the server's host has crashed, and read returned EAGAIN after %d ms: that is a limit for one read, and the kernel still believes in the connection; the next write would wait anew", ms)
	case how != "ETIMEDOUT":
		t.Failf("the server's host has crashed, and the client got, after %s; it should be ETIMEDOUT", dead.Stdout())
	case ms < 1050:
		t.Failf("the connection was given up after %d ms, it should have had 1100: TCP_USER_TIMEOUT is in milliseconds", ms)
	}

	t.Limit(4*time.Second, "")
	t.Run("%%on client\nslow := open(\"slow\")\nif err := giveUpAfter(slow, patience); err != nil {\n\tfmt.Print(err)\n}")
	late := t.Run("%%on client\nask(slow)")
	if !strings.Contains(late.Stdout(), "the answer") {
		t.Failf("a server took 2.2 s for its answer; its host was alive and had acknowledged the question. The client got, after %s", late.Stdout())
	}
}
