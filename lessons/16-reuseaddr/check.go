// Package check16 has the hidden checks of lesson 16. Call them through
// [Checks].
package check16

import (
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"16.1": listenAgain}

const helpers = `
import ("fmt"; "log"; "net"; "golang.org/x/sys/unix")

// free is the lowest descriptor that is free.
func free() int {
	fd, err := unix.Dup(0)
	if err != nil {
		log.Fatal(err)
	}
	unix.Close(fd)
	return fd
}

// freePort is a port that nobody has at this moment.
func freePort() int {
	l, err := net.Listen("tcp4", ":0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

var port = freePort()

// listensAt is the address at which a socket listens; empty if it does not.
func listensAt(fd int) string {
	name, err := unix.Getsockname(fd)
	if on, e := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); e != nil || err != nil || on == 0 {
		return ""
	}
	a, ok := name.(*unix.SockaddrInet4)
	if !ok || a.Port != port {
		return "another port"
	}
	return fmt.Sprintf("%d.%d.%d.%d", a.Addr[0], a.Addr[1], a.Addr[2], a.Addr[3])
}

// client connects to the port, and the listener accepts it.
func client(listener, port int) (child, c int) {
	c, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		log.Fatal(err)
	}
	if err := unix.Connect(c, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		log.Fatal("connect to 127.0.0.1: ", err)
	}
	child, _, err = unix.Accept(listener)
	if err != nil {
		log.Fatal("accept: ", err)
	}
	return child, c
}
`

// listenAgain is func listenAgain(port int) (int, error).
func listenAgain(t *check.T) {
	t.Define("server")
	t.Run("%%on server" + helpers)
	t.Limit(5*time.Second, "listenAgain did not come back: it must return the error at once, not wait until the port is free")
	on := func(text string) string { return t.Run("%%on server\n" + text).Stdout() }
	again := func() string { return on("fd, err := listenAgain(port)\nfmt.Print(err)") }

	if said := again(); said != "<nil>" {
		t.Failf("the port is free, and listenAgain failed: %s", said)
	}
	switch said := on("fmt.Print(listensAt(fd))"); said {
	case "0.0.0.0":
	case "":
		t.Failf("listenAgain returned no error, and its socket does not listen")
	default:
		t.Failf("the socket listens at %s only; it must listen on its port at all addresses of the host", said)
	}

	said := on("before := free()\nother, err := listenAgain(port)\nfmt.Print(err == nil, \" \", err != nil && free() == before, \" \", err == nil && listensAt(other) == \"0.0.0.0\")")
	switch {
	case strings.HasPrefix(said, "true") && strings.HasSuffix(said, "true"):
		t.Failf("a second server could start while the first one still listens: SO_REUSEPORT shares the port, SO_REUSEADDR does not")
	case strings.HasPrefix(said, "true"):
		t.Failf("somebody listens on the port already, and listenAgain returned no error")
	case said != "false true false":
		t.Failf("listenAgain failed, as it must, and its socket stayed open: close it before you return the error")
	}

	on("child, c := client(fd, port)\nunix.Close(fd)")
	if said := again(); said != "<nil>" {
		t.Failf("the old listener is closed, and a child of it still serves a client (ESTABLISHED): %s%s", said, missing)
	}
	on(`unix.Close(child)
unix.Close(c)
child, c = client(fd, port)
unix.Close(child) // first: TIME_WAIT
if n, err := unix.Read(c, make([]byte, 1)); n != 0 || err != nil {
	log.Fatal("read: ", n, err)
}
unix.Close(c)
unix.Close(fd)`)
	if said := again(); said != "<nil>" {
		t.Failf("connections in TIME_WAIT are all that is left of the old server: %s%s", said, missing)
	}
}

const missing = ". SO_REUSEADDR must be set on every socket, before bind: a socket in ESTABLISHED or TIME_WAIT that was bound without it keeps the port"
