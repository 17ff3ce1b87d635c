// Package check13 has the hidden checks of lesson 13. Call them through
// [Checks].
package check13

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"13.1": noticeWithin}

// within is what the check asks for, wait how long it looks: somewhat longer,
// as the last probe needs its interval.
const (
	within = 3 * time.Second
	wait   = within + 1500*time.Millisecond
)

// server takes three clients, which say who they are.
const server = `
import ("bufio"; "context"; "fmt"; "log"; "net"; "strings"; "time")

lc := net.ListenConfig{KeepAlive: -1} // nothing but what the answer sets
l, err := lc.Listen(context.Background(), "tcp4", ":7777")
if err != nil {
	log.Fatal(err)
}
conns := map[string]*net.TCPConn{}
readers := map[string]*bufio.Reader{}
for len(conns) < 3 {
	c, err := l.Accept()
	if err != nil {
		log.Fatal(err)
	}
	in := bufio.NewReader(c)
	name, err := in.ReadString('\n')
	if err != nil {
		log.Fatal(err)
	}
	name = strings.TrimSpace(name)
	conns[name], readers[name] = c.(*net.TCPConn), in
}
`

const client = `
import ("fmt"; "log"; "net")

dialer := net.Dialer{KeepAlive: -1}
c, err := dialer.Dial("tcp4", "server:7777")
if err != nil {
	log.Fatal(err)
}
fmt.Fprintln(c, %q)
`

const set = `
for _, c := range conns {
	if err := noticeWithin(c, %d); err != nil {
		fmt.Println(err)
		break
	}
}
`

// watch waits for the end of each connection, or for a line.
const watch = `
type end struct{ name, what string }
ends := make(chan end, 3)
if _, err := conns["busy"].Write([]byte("anyone there?\n")); err != nil {
	log.Fatal(err)
}
for name, in := range readers {
	go func() {
		line, err := in.ReadString('\n')
		ends <- end{name, fmt.Sprintf("%%q, %%v", line, err)}
	}()
}
time.Sleep(%d)
for range len(ends) {
	e := <-ends
	fmt.Printf("%%s=%%s\n", e.name, e.what)
}
`

// noticeWithin is func noticeWithin(c *net.TCPConn, d time.Duration) error.
func noticeWithin(t *check.T) {
	t.NeedLab()
	t.Define("server")
	accepting := t.Run("%%on server &" + server)
	t.Eventually(5*time.Second, func() string {
		if len(t.Listeners("server", 7777)) == 0 {
			return "the check's own server does not listen"
		}
		return ""
	})
	for _, name := range []string{"idle", "busy", "alive"} {
		t.Run("%%on " + name + fmt.Sprintf(client, name))
	}
	t.Wait(accepting, 5*time.Second, "the check's own clients did not arrive")

	if said := t.Run("%%on server" + fmt.Sprintf(set, within)).Stdout(); said != "" {
		t.Failf("noticeWithin returned an error: %s", strings.TrimSpace(said))
	}
	for _, s := range t.Connections("server", 7777) {
		if s.Timer == "keepalive" && s.Expires > within {
			t.Failf("nothing is being said, a dead peer is to be noticed within %v, and the first probe would be sent in %v (%s)", within, s.Expires.Round(time.Second), options(t))
		}
	}
	t.Run("%crash idle\n%crash busy")
	said := t.Run("%%on server" + fmt.Sprintf(watch, wait)).Stdout()

	if what, ended := result(said, "alive"); ended {
		t.Failf("a client that is alive and had nothing to say was given up: read returned %s", what)
	}
	switch what, ended := result(said, "idle"); {
	case !ended:
		t.Failf("nothing was being said, the client's host has been dead for %v, and the connection is still ESTABLISHED (%s)", wait, options(t))
	case !strings.Contains(what, "timed out"):
		t.Failf("the host of an idle client died, and read returned %s instead of ETIMEDOUT", what)
	}
	switch what, ended := result(said, "busy"); {
	case !ended:
		t.Failf("data has been without an ACK for %v, and the connection is still ESTABLISHED: keepalive does not work while data waits for its ACK", wait)
	case !strings.Contains(what, "timed out"):
		t.Failf("data was not acknowledged, and read returned %s instead of ETIMEDOUT", what)
	}

	t.Run("%%on alive\nfmt.Fprintln(c, \"here I am\")")
	said = t.Run("%%on server" + `
select {
case e := <-ends:
	fmt.Println(e.name, e.what)
case <-time.After(2 * time.Second):
}`).Stdout()
	if !strings.Contains(said, `alive "here I am\n", <nil>`) {
		t.Failf("a client that was silent for long spoke again, and its line did not arrive: %s", strings.TrimSpace(said))
	}
}

// result finds in what watch printed how a client's connection ended.
func result(said, name string) (what string, ended bool) {
	for line := range strings.Lines(said) {
		if what, ok := strings.CutPrefix(line, name+"="); ok {
			return strings.TrimSpace(what), true
		}
	}
	return "", false
}

// options are those of the first connection that is left.
func options(t *check.T) string {
	for _, s := range t.Connections("server", 7777) {
		for _, o := range s.Options {
			if strings.HasPrefix(o, "SO_KEEPALIVE") {
				return o
			}
		}
	}
	return "without SO_KEEPALIVE"
}
