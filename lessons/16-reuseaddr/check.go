// Package check16 has the hidden checks of lesson 16. Call them through
// [Checks].
package check16

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"16.1": listenAgain}

const helpers = `
import ("fmt"; "log"; "golang.org/x/sys/unix")

// free is the lowest descriptor that is free.
func free() int {
	fd, err := unix.Dup(0)
	if err != nil {
		log.Fatal(err)
	}
	unix.Close(fd)
	return fd
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
	again := func() string {
		return t.Run("%%on server\nfd, err := listenAgain(7777)\nfmt.Print(err)").Stdout()
	}

	if said := again(); said != "<nil>" {
		t.Failf("the port is free, and listenAgain failed: %s", said)
	}
	listeners := t.Listeners("server", 7777)
	if len(listeners) != 1 {
		t.Failf("listenAgain returned no error, and nobody listens on the port")
	}
	if a := listeners[0].Local.Addr(); !a.IsUnspecified() {
		t.Failf("the socket listens at %v only; it must listen at all addresses of the host", a)
	}

	said := t.Run("%%on server\nbefore := free()\nother, err := listenAgain(7777)\nfmt.Print(err == nil, \" \", free() == before)").Stdout()
	switch {
	case strings.HasPrefix(said, "true") && len(t.Listeners("server", 7777)) > 1:
		t.Failf("a second server could start while the first one still listens: SO_REUSEPORT shares the port, SO_REUSEADDR does not")
	case strings.HasPrefix(said, "true"):
		t.Failf("somebody listens on the port already, and listenAgain returned no error")
	case said != "false true":
		t.Failf("listenAgain failed, as it must, and its socket stayed open: close it before you return the error")
	}

	t.Run("%%on server\nchild, c := client(fd, 7777)\nunix.Close(fd)")
	if said := again(); said != "<nil>" {
		t.Failf("the old listener is closed, and a child of it still serves a client (ESTABLISHED): %s%s", said, missing)
	}
	t.Run("%%on server\nunix.Close(child)\nunix.Close(c)\nchild, c = client(fd, 7777)\nunix.Close(child)\nunix.Close(c)\nunix.Close(fd)")
	t.Eventually(3*time.Second, func() string {
		if states := t.States("server", 7777); len(states) == 0 || strings.Join(states, "") != strings.Repeat("TIME_WAIT", len(states)) {
			return fmt.Sprintf("the check's own connections are still in %v", states)
		}
		return ""
	})
	if said := again(); said != "<nil>" {
		t.Failf("connections in TIME_WAIT are all that is left of the old server: %s%s", said, missing)
	}
}

const missing = ". SO_REUSEADDR must be set on every socket, before bind: a socket in ESTABLISHED or TIME_WAIT that was bound without it keeps the port"
