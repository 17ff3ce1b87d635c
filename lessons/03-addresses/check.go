// Package check03 has the hidden checks of lesson 03. Call them through
// [Checks].
package check03

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"3.1": dialText}

// server accepts for ever.
const server = `
import (
	"log"
	"net"
)

l, err := net.Listen("tcp", ":7777")
if err != nil {
	log.Fatal(err)
}
var held []net.Conn
for {
	c, err := l.Accept()
	if err != nil {
		log.Fatal(err)
	}
	held = append(held, c)
}
`

const setup = `
import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// name is an error's short name, if it is one of the system's.
name := func(err error) string {
	var errno unix.Errno
	if errors.As(err, &errno) {
		return unix.ErrnoName(errno)
	}
	return fmt.Sprint(err)
}
// lowest is the lowest free descriptor.
lowest := func() int {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	unix.Close(fd)
	return fd
}
good := func(where string) {
	fd, err := dialText(where)
	if err != nil {
		fmt.Print("error ", name(err))
		return
	}
	to, err := unix.Getpeername(fd)
	if err != nil {
		fmt.Print("peer ", name(err))
		return
	}
	switch to := to.(type) {
	case *unix.SockaddrInet4:
		fmt.Print("port ", to.Port)
	case *unix.SockaddrInet6:
		fmt.Print("port ", to.Port)
	}
}
bad := func(where string) {
	before := lowest()
	fd, err := dialText(where)
	switch {
	case err == nil:
		fmt.Print("no error")
	case lowest() != before:
		fmt.Print("leak ", name(err))
	default:
		fmt.Print("error ", name(err))
	}
	_ = fd
}
`

// dialText is func dialText(where string) (int, error).
func dialText(t *check.T) {
	t.Run("%%on server &\n" + server)
	t.Define("client")
	t.Run("%%on client\n" + setup)
	t.Limit(6*time.Second, "dialText did not come back")
	do := func(call, where string) string {
		return t.Run(fmt.Sprintf("%%%%on client\n%s(%q)", call, where)).Stdout()
	}

	lab := t.Addr("server", 7777) == "server:7777"
	v4, v6 := "127.0.0.1", "[::1]"
	if lab {
		v4, v6 = "10.0.0.1", "[fd00::1]"
	}
	connects(t, v4+":7777", do("good", v4+":7777"))
	connects(t, v6+":7777", do("good", v6+":7777"))
	if lab { // the loopback has no link-local address
		where := "[fe80::1%eth0]:7777"
		got := do("good", where)
		if got == "error EINVAL" {
			t.Failf("%s: the kernel says EINVAL, since it was not told on which link fe80::1 is: the zone belongs in SockaddrInet6.ZoneId, as the interface's number", where)
		}
		connects(t, where, got)
	}

	for _, where := range []string{v4 + ":7778", v6 + ":7778"} {
		switch got := do("bad", where); {
		case strings.HasPrefix(got, "leak"):
			t.Failf("nobody listens at %s; dialText returned the error and left an open descriptor behind: a socket whose connect failed must be closed", where)
		case got != "error ECONNREFUSED":
			t.Failf("nobody listens at %s: connect fails with ECONNREFUSED, and dialText gave %s", where, got)
		}
	}
	for _, where := range []string{"localhost:7777", v4, "10.0.0.256:7777"} {
		switch got := do("bad", where); {
		case got == "no error":
			t.Failf("%q is no address with a port, and dialText returned no error", where)
		case strings.HasPrefix(got, "leak"):
			t.Failf("%q is no address with a port; dialText returned an error and left an open descriptor behind", where)
		}
	}
}

// connects ends the check if got does not tell of a connection to where.
func connects(t *check.T, where, got string) {
	switch got {
	case "port 7777":
	case "peer ENOTCONN":
		t.Failf("%s: dialText returned a descriptor, but the socket is not connected", where)
	case "error EAFNOSUPPORT":
		t.Failf("%s: EAFNOSUPPORT: the address is of one family and the socket of the other", where)
	default:
		t.Failf("somebody listens at %s, and dialText gave %s", where, got)
	}
}
