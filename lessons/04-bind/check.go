// Package check04 has the hidden checks of lesson 04. Call them through
// [Checks].
package check04

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"4.1": listenInRange}

// taken occupies the ports 7000 and 7001.
const taken = `
import (
	"log"
	"net"
)

var kept []net.Listener // Go closes one that nobody has any more

for _, where := range []string{":7000", ":7001"} {
	l, err := net.Listen("tcp4", where)
	if err != nil {
		log.Fatal(err)
	}
	kept = append(kept, l)
}
`

// busy shares its port with whoever sets SO_REUSEPORT as well.
const setup = `
import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

busy := func(port int) int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: port}); err != nil {
		panic(err)
	}
	if err := unix.Listen(fd, 5); err != nil {
		panic(err)
	}
	return fd
}

lowest := func() int {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	unix.Close(fd)
	return fd
}

// ask calls listenInRange, says what it returned, whether the port is that of
// the descriptor, its state and how many descriptors it left open.
ask := func(first, last int) int {
	before := lowest()
	fd, port, err := listenInRange(first, last)
	if err != nil {
		var errno unix.Errno
		errors.As(err, &errno)
		left := ""
		if lowest() != before {
			left = " left open"
		}
		fmt.Printf("%s%s", unix.ErrnoName(errno), left)
		return -1
	}
	fmt.Print("port ", port)
	if name, err := unix.Getsockname(fd); err != nil {
		fmt.Print(", no socket: ", err)
	} else if in, ok := name.(*unix.SockaddrInet4); ok && in.Port != port {
		fmt.Print(", but the socket has port ", in.Port)
	} else if ok && in.Addr == [4]byte{127, 0, 0, 1} {
		fmt.Print(", 127.0.0.1")
	}
	if n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || n == 0 {
		fmt.Print(", not listening")
	}
	if fd != before && lowest() != before {
		fmt.Print(", left open")
	}
	return fd
}
`

// listenInRange is func listenInRange(first, last int) (fd, port int, err error).
func listenInRange(t *check.T) {
	t.Run("%%on other@server\n" + taken)
	t.Define("server")
	t.Run("%%on server\n" + setup)
	t.Limit(5*time.Second, "listenInRange did not come back: it must not wait for clients, and not try for ever")
	ask := func(first, last int) string {
		return t.Run(fmt.Sprintf("%%%%on server\nfd := ask(%d, %d)", first, last)).Stdout()
	}

	got := ask(7002, 7010)
	listening(t, got, 7002)
	if t.Addr("server", 1) == "server:1" {
		out := t.Run("%%on client\nimport (\"fmt\"; \"net\")\n_, err := net.Dial(\"tcp4\", \"server:7002\")\nfmt.Print(err)")
		if out.Stdout() != "<nil>" {
			t.Failf("your socket listens on port 7002, and a client from another host fails: %s", out.Stdout())
		}
	}
	t.Run("%%on server\nunix.Close(fd)")

	switch got := ask(7000, 7010); got {
	case "EADDRINUSE", "EADDRINUSE left open":
		t.Failf("port 7000 is taken, and the next one is free before 7010: EADDRINUSE means try another one")
	case "port 7002, left open":
		t.Failf("7000 and 7001 are taken, and you found 7002; but the sockets of the failed tries are left open")
	default:
		listening(t, got, 7002)
	}
	t.Run("%%on server\nunix.Close(fd)")

	switch got := ask(7000, 7001); got {
	case "EADDRINUSE":
	case "EADDRINUSE left open":
		t.Failf("all ports were taken: EADDRINUSE is right, but sockets are left open: close each one whose bind failed")
	default:
		t.Failf("7000 and 7001 are both taken: want EADDRINUSE, and listenInRange gave %s", got)
	}

	t.Run("%%on server\nshared := busy(7003)")
	if got := ask(7003, 7003); got != "EADDRINUSE" {
		t.Failf("port 7003 has a listener, and your socket shares the port with it, so each gets some of the clients: that is no free port (got %s)", got)
	}
	privileged(t, ask)
}

// listening ends the check if got does not tell of a listener on the port.
func listening(t *check.T, got string, port int) {
	want := fmt.Sprint("port ", port)
	switch {
	case got == want:
	case strings.HasSuffix(got, "not listening"):
		t.Failf("your socket is bound to port %d, but nobody listens: a client would be refused", port)
	case strings.HasSuffix(got, "127.0.0.1"):
		t.Failf("your socket is bound to 127.0.0.1: clients of other hosts cannot reach it; every address is 0.0.0.0")
	default:
		t.Failf("port %d is the first free one; listenInRange gave %s", port, got)
	}
}

// privileged looks for what becomes of errors that are not EADDRINUSE: EACCES
// where ports are privileged, EINVAL elsewhere.
func privileged(t *check.T, ask func(first, last int) string) {
	first, what, want := 1022, "port 1022 is privileged", "EACCES"
	if t.Addr("server", 1) != "server:1" {
		first, what, want = -1, "there is no port -1", "EINVAL"
	}
	switch got := ask(first, 1030); {
	case strings.HasPrefix(got, "port "):
		t.Failf("bind fails for port %d, not because it is taken: %s (%s). You went on to %s; an error that is not EADDRINUSE must end it", first, what, want, got)
	case got == want+" left open":
		t.Failf("bind failed with %s for port %d, and the socket is left open", want, first)
	case got != want:
		t.Failf("%s: want %s, and listenInRange gave %s", what, want, got)
	}
}
