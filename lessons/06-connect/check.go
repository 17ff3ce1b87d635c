// Package check06 has the hidden checks of lesson 06. Call them through
// [Checks].
package check06

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"6.1": firstOf}

// full is silent on a loopback, where no cable can be cut: a listener whose
// accept queue is full answers no SYN (listen(2), lesson 5).
const full = `
import (
	"log"

	"golang.org/x/sys/unix"
)

socket := func() int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		log.Fatal(err)
	}
	return fd
}
l, first := socket(), socket()
here := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 2}, Port: 7777}
for _, err := range []error{unix.SetsockoptInt(l, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1), unix.Bind(l, here), unix.Listen(l, 0), unix.Connect(first, here)} {
	if err != nil {
		log.Fatal(err)
	}
}
`

// server greets each client, a little later.
const server = `
import (
	"fmt"
	"log"
	"net"
	"time"
)

l, err := net.Listen("tcp4", "%s:7777")
if err != nil {
	log.Fatal(err)
}
for {
	c, err := l.Accept()
	if err != nil {
		log.Fatal(err)
	}
	time.AfterFunc(150*time.Millisecond, func() { fmt.Fprint(c, "welcome") })
}
`

const setup = `
import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

name := func(err error) string {
	if errno, ok := err.(unix.Errno); ok {
		return unix.ErrnoName(errno)
	}
	return fmt.Sprint(err)
}
lowest := func() int {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	unix.Close(fd)
	return fd
}
// try calls firstOf and says whom the connection is with, what a read gives,
// and whether a descriptor was left open.
try := func(addrs ...[4]byte) {
	before := lowest()
	began := time.Now()
	fd, err := firstOf(addrs, 7777, 300*time.Millisecond)
	if took := time.Since(began); took > 2*time.Second {
		fmt.Print("slow ")
	}
	if err != nil {
		fmt.Print("error ", name(err))
	} else if peer, err := unix.Getpeername(fd); err != nil {
		fmt.Print("not connected: ", name(err))
		unix.Close(fd)
	} else {
		buf := make([]byte, 20)
		n, err := unix.Read(fd, buf)
		fmt.Printf("%d %q %s", peer.(*unix.SockaddrInet4).Addr[3], buf[:max(0, n)], name(err))
		unix.Close(fd)
	}
	if lowest() != before {
		fmt.Print(" left open")
	}
}
`

// firstOf is func firstOf(addrs [][4]byte, port int, limit time.Duration) (fd int, err error).
func firstOf(t *check.T) {
	good, silent, refusing := "[4]byte{127, 0, 0, 1}", "[4]byte{127, 0, 0, 2}", "[4]byte{127, 0, 0, 3}"
	if t.Lab() {
		good, silent, refusing = "[4]byte{10, 0, 0, 1}", "[4]byte{10, 0, 0, 2}", "[4]byte{10, 0, 0, 3}"
		t.Run("%%on server &\n" + fmt.Sprintf(server, ""))
		t.Run("%%on silent\nimport \"fmt\"")
		t.Run("%%on refusing\nimport \"fmt\"")
	} else {
		t.Run("%%on server &\n" + fmt.Sprintf(server, "127.0.0.1"))
		t.Run("%%on silent\n" + full)
	}
	t.Define("client")                         // 10.0.0.4
	t.Run("%%on client\n" + setup + "try()\n") // no address: an error, and warm
	if t.Lab() {
		t.Run("%cut client silent")
	}
	t.Limit(6*time.Second, "one address does not answer, the limit was 300 ms, and firstOf still waits after 6 s: a blocking connect has no limit")
	try := func(addrs ...string) string {
		return t.Run(fmt.Sprintf("%%%%on client\ntry(%s)", strings.Join(addrs, ", "))).Stdout()
	}

	const welcome = `1 "welcome" <nil>`
	switch got := try(good); got {
	case welcome:
	case `1 "" EAGAIN`:
		t.Failf("the connection is there, but it is still non-blocking: a read that should wait gives EAGAIN")
	default:
		t.Failf("the first address answers at once; firstOf gave: %s", got)
	}
	switch got := try(refusing, good); {
	case got == welcome:
	case strings.HasPrefix(got, "not connected"):
		t.Failf("the first address refused, poll said writable, and you took that for a connection: read SO_ERROR")
	case strings.HasSuffix(got, "left open"):
		t.Failf("the first address refused and the second one answered; the socket of the first try is left open")
	case got == "error ECONNREFUSED":
		t.Failf("the first address refused, and the second one would have answered: go on with the next address")
	default:
		t.Failf("the first address refused and the second one answered; firstOf gave: %s", got)
	}
	switch got := try(silent, good); {
	case got == welcome:
	case strings.HasPrefix(got, "slow"):
		t.Failf("the first address does not answer: after the limit of 300 ms it was the second one's turn, and it took far longer")
	case strings.HasSuffix(got, "left open"):
		t.Failf("the first address did not answer in time and the second one did; the socket of the first try is left open")
	default:
		t.Failf("the first address does not answer and the second one does; firstOf gave: %s", got)
	}
	if got := try(silent, refusing); got != "error ECONNREFUSED" {
		t.Failf("one address does not answer and one refuses; the last error is ECONNREFUSED, and firstOf gave: %s", got)
	}
	if got := try(refusing, silent); got != "error ETIMEDOUT" {
		t.Failf("one address refuses and the last one does not answer in time: that is ETIMEDOUT, and firstOf gave: %s", got)
	}
}
