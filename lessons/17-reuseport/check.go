// Package check17 has the hidden checks of lesson 17. Call them through
// [Checks].
package check17

import (
	"fmt"
	"strings"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"17.1": listenAll}

const imports = `import ("errors"; "fmt"; "log"; "net"; "syscall")
`

// four asks for four listeners on a free port and says what they are.
const four = `
all, err := listenAll(4, "127.0.0.1:0")
addresses, same := map[string]bool{}, false
for i, l := range all {
	if l == nil {
		continue
	}
	addresses[l.Addr().String()] = true
	same = same || i > 0 && l == all[0]
}
inUse := errors.Is(err, syscall.EADDRINUSE)
fmt.Print(len(all), inUse, err != nil, len(addresses), same)
`

// clients connects a hundred times and counts what each listener was given.
const clients = `
for range 100 {
	c, err := net.Dial("tcp", all[0].Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	c.Close()
}
served := make([]int, len(all))
for i, l := range all {
	l.(*net.TCPListener).SetDeadline(time.Now().Add(50 * time.Millisecond))
	for {
		c, err := l.Accept()
		if err != nil {
			break
		}
		c.Close()
		served[i]++
	}
	l.Close()
}
fmt.Print(served)
`

// tooMany asks for more listeners than a process may have descriptors.
const tooMany = `
all, err = listenAll(5000, "127.0.0.1:0")
fmt.Print(err != nil, len(all))
`

// taken asks for a port that somebody has who does not share it.
const taken = `
other, err := net.Listen("tcp", "127.0.0.1:0")
if err != nil {
	log.Fatal(err)
}
all, err = listenAll(2, other.Addr().String())
fmt.Print(err != nil)
other.Close()
`

// listenAll is func listenAll(n int, address string) ([]net.Listener, error).
func listenAll(t *check.T) {
	t.Define("server")
	t.Run("%%on server\n" + imports)
	var n, ports int
	var inUse, failed, same bool
	out := t.Run("%%on server\n" + four).Stdout()
	if _, err := fmt.Sscan(out, &n, &inUse, &failed, &ports, &same); err != nil {
		t.Failf("four listeners on 127.0.0.1:0 were asked for; the answer says %q", out)
	}
	switch {
	case inUse:
		t.Failf("the second listener was refused: address already in use. %s", why(t))
	case failed:
		t.Failf("four listeners on 127.0.0.1:0 were asked for, and listenAll returned an error")
	case n != 4:
		t.Failf("four listeners were asked for, listenAll returned %d", n)
	case same:
		t.Failf("each of the four is one and the same socket: there is one queue, not four")
	case ports != 1:
		t.Failf("the four listen on %d ports: each asked for any free port anew; the others must ask for the one that the first got", ports)
	}
	served := t.Run("%%on server\nimport \"time\"\n" + clients).Stdout()
	total := 0
	for _, word := range strings.Fields(strings.Trim(served, "[]")) {
		var k int
		fmt.Sscan(word, &k)
		if total += k; k == 0 {
			t.Failf("of 100 connections one listener was given none: %s", served)
		}
	}
	if total != 100 {
		t.Failf("100 clients connected, the listeners accepted %d", total)
	}

	if out := t.Run("%%on server\n" + taken).Stdout(); out != "true" {
		t.Failf("the address was taken by a socket that does not share it, and listenAll returned no error")
	}
	if out := t.Run("%%on server\n" + tooMany).Stdout(); out != "true 0" {
		t.Failf("5,000 listeners are more than a process may have; listenAll must return the error and no listeners")
	}
	if said := t.Run("%%on server\nanother, err := net.Listen(\"tcp\", \"127.0.0.1:0\")\nfmt.Print(errors.Is(err, syscall.EMFILE))\n_ = another").Stdout(); said == "true" {
		t.Failf("listenAll failed at a later listener, and the earlier ones still listen: nobody can close them now, and the process has no descriptor left")
	}
}

// why looks at how the learner's first listener was made.
func why(t *check.T) string {
	out := t.Run(`%%on server
import "golang.org/x/sys/unix"
one, err := listenAll(1, "127.0.0.1:0")
if err != nil || len(one) != 1 {
	log.Fatal("listenAll(1, …) failed: ", err)
}
raw, err := one[0].(*net.TCPListener).SyscallConn()
if err != nil {
	log.Fatal(err)
}
raw.Control(func(fd uintptr) {
	port, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT)
	fmt.Print(port, err)
})
one[0].Close()
fixed, err := net.Listen("tcp", "127.0.0.1:0")
if err != nil {
	log.Fatal(err)
}
free := fixed.Addr().String()
fixed.Close()
two, err := listenAll(2, free)
fmt.Print(" ", err == nil)
for _, l := range two {
	l.Close()
}`).Stdout()
	switch out {
	case "0 <nil> true":
		return "With a port other than 0 it works: the first listener has SO_REUSEPORT switched off when the port is 0. The option's value is 1 or 0, not a port"
	case "0 <nil> false":
		return "No listener has SO_REUSEPORT when it is bound (and SO_REUSEADDR does not let two sockets listen on one port)"
	}
	return "Every listener must set SO_REUSEPORT before bind, the first one too"
}
