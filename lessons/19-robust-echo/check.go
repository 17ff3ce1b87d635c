// Package check19 has the hidden checks of lesson 19, which play the faults of
// the whole course. Call them through [Checks].
package check19

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"19.1": serve, "19.2": ask}

// clientHelp is what the check's own clients of a server are made with.
const clientHelp = `
import ("bufio"; "fmt"; "io"; "log"; "net"; "os"; "strings"; "time")

dial := func(addr string) *net.TCPConn {
	d := net.Dialer{Timeout: 3 * time.Second, KeepAlive: -1}
	c, err := d.Dial("tcp4", addr)
	if err != nil {
		log.Fatal(err)
	}
	return c.(*net.TCPConn)
}
// echo sends text in pieces and reads as many bytes as it has.
echo := func(c *net.TCPConn, pieces ...string) string {
	text := strings.Join(pieces, "")
	c.SetDeadline(time.Now().Add(2 * time.Second))
	defer c.SetDeadline(time.Time{})
	for i, p := range pieces {
		if i > 0 {
			time.Sleep(100 * time.Millisecond)
		}
		if _, err := io.WriteString(c, p); err != nil {
			return fmt.Sprint("write: ", err)
		}
	}
	b := make([]byte, len(text))
	n, err := io.ReadFull(c, b)
	if string(b) == text {
		return "same"
	}
	return fmt.Sprintf("%q, then %v", b[:min(n, 50)], err)
}
var _ = bufio.NewReader
var _ = os.Args
`

// game is a check of a server while it runs.
type game struct {
	*check.T
	addr string
}

// on runs a cell in a process of clients and returns what it printed.
func (g game) on(process, text string) string {
	return g.Run("%%on " + process + "\n" + text).Stdout()
}

// ready makes the helpers known in a process.
func (g game) ready(process string) { g.Run("%%on " + process + clientHelp) }

// ended is empty as long as serve has not returned.
func (g game) ended() string {
	return g.on("server", "select {\ncase err := <-returned:\n\treturned <- err\n\tfmt.Print(\"serve returned: \", err)\ndefault:\n}")
}

// serve is func serve(l net.Listener, stop <-chan struct{}) error.
func serve(t *check.T) {
	t.Define("server")
	t.Run(`%%on server
import ("fmt"; "log"; "net"; "time"; "golang.org/x/sys/unix")
listener, err := net.Listen("tcp4", ":7777")
if err != nil {
	log.Fatal(err)
}
stopServing := make(chan struct{})
returned := make(chan error, 1)
go func() { returned <- serve(listener, stopServing) }()`)
	g := game{t, t.Addr("server", 7777)}
	g.ready("client")
	g.manners()
	if t.Lab() {
		g.vanished()
	}
	g.crowd()
	g.stop()
}

// manners plays clients that live: many at a time, pieces, half-close, RST.
func (g game) manners() {
	g.on("client", fmt.Sprintf("silent := dial(%q)\ntime.Sleep(50 * time.Millisecond)", g.addr))
	if said := g.on("client", fmt.Sprintf("c := dial(%q)\nfmt.Print(echo(c, \"anyone there?\\n\"))", g.addr)); said != "same" {
		g.Failf("one client is connected and silent, and a second one is not served: it got %s", said)
	}
	if said := g.on("client", `fmt.Print(echo(c, "he", "llo\nwor", "ld\nno newline"))`); said != "same" {
		g.Failf("a client sent bytes in three pieces, with half a line at the end, and got back %s: an echo knows bytes, not lines", said)
	}
	said := g.on("client", fmt.Sprintf(`
half := dial(%q)
text := strings.Repeat("0123456789", 10000)
go func() {
	io.WriteString(half, text)
	half.CloseWrite()
}()
half.SetDeadline(time.Now().Add(3 * time.Second))
back, err := io.ReadAll(half)
fmt.Print(len(back), " ", string(back) == text, " ", err)
half.Close()`, g.addr))
	if said != "100000 true <nil>" {
		g.Failf("a client sent 100,000 bytes, said \"that was all\" by half-close, and waited for all of them and the end; it got: %s", said)
	}
	g.on("client", fmt.Sprintf(`
for range 20 {
	c := dial(%q)
	c.SetLinger(0)
	c.Close()
}
c.SetLinger(0)
c.Close()
time.Sleep(50 * time.Millisecond)`, g.addr))
	if said := g.on("client", fmt.Sprintf("c = dial(%q)\nfmt.Print(echo(c, \"still there?\\n\"), \" \", c.Close())", g.addr)); said != "same <nil>" {
		g.Failf("twenty clients reset their connections, and the next one is not served: it got %s. %s", said, g.ended())
	}
}

// letGo is how long a dead client may be kept, and some more for slow timers.
const letGo = 5*time.Second + 1500*time.Millisecond

// vanished plays clients that die without a word, or never read.
func (g game) vanished() {
	port := map[string]string{}
	for _, name := range []string{"ghost", "lost"} {
		g.ready(name)
		port[name] = g.on(name, fmt.Sprintf("c := dial(%q)\nif said := echo(c, \"hello\\n\"); said != \"same\" {\n\tlog.Fatal(said)\n}\nfmt.Print(c.LocalAddr())", g.addr))
	}
	port["stuck"] = g.on("client", fmt.Sprintf(`
stuck := dial(%q)
go func() {
	for b := make([]byte, 100000); ; {
		if _, err := stuck.Write(b); err != nil {
			return
		}
	}
}()
fmt.Print(stuck.LocalAddr())`, g.addr))
	g.Run("%drop server lost every TCP from server")
	g.on("lost", "fmt.Fprintln(c, \"is there an answer?\")")
	g.Run("%crash ghost")
	g.Sleep(letGo)

	held := map[string]string{}
	for _, s := range g.Connections("server", 7777) {
		if s.Holders > 0 {
			held[s.Remote.String()] = s.State
		}
	}
	what := map[string]string{
		"ghost": "the host of an idle client has vanished",
		"lost":  "the server has answered a client whose host does not reply any more: data waits for its ACK",
		"stuck": "a client sends and never reads, so that both windows are closed",
	}
	for _, name := range []string{"ghost", "lost", "stuck"} {
		if state, ok := held[port[name]]; ok {
			g.Failf("%s, and after %v the server still holds the connection (%s)", what[name], letGo, state)
		}
	}
	if said := g.on("client", `fmt.Print(echo(silent, "I was silent\n"))`); said != "same" {
		g.Failf("a client that is alive was silent for %v, then spoke, and was not served: it got %s", letGo, said)
	}
	g.on("client", "stuck.SetLinger(0)\nstuck.Close()")
}

// crowd uses up the server's descriptors.
func (g game) crowd() {
	for _, name := range []string{"crowd", "mob"} {
		g.ready(name)
		g.on(name, fmt.Sprintf("many := []*net.TCPConn{}\nfor range 600 {\n\tmany = append(many, dial(%q))\n}", g.addr))
	}
	used := g.on("server", `
time.Sleep(500 * time.Millisecond) // the last of them are accepted
var before, after unix.Rusage
unix.Getrusage(unix.RUSAGE_SELF, &before)
time.Sleep(time.Second)
unix.Getrusage(unix.RUSAGE_SELF, &after)
fmt.Print(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano() > 250_000_000)`)
	if said := g.ended(); said != "" {
		g.Failf("1,200 clients came, no descriptor was left, and %s: that passes, when clients leave", said)
	}
	if used == "true" {
		g.Failf("1,200 clients came, no descriptor was left, and the server burns a whole processor by asking again and again: wait a moment after a failed Accept")
	}
	for _, name := range []string{"crowd", "mob"} {
		g.on(name, "for _, c := range many {\n\tc.Close()\n}")
	}
	if said := g.on("client", fmt.Sprintf("time.Sleep(500 * time.Millisecond)\nc = dial(%q)\nfmt.Print(echo(c, \"anyone there?\\n\"))", g.addr)); said != "same" {
		g.Failf("1,200 clients came and went, and the next one is not served: it got %s. %s", said, g.ended())
	}
}

// stop ends the server while clients are there.
func (g game) stop() {
	g.on("server", "close(stopServing)")
	said := g.on("client", `
time.Sleep(300 * time.Millisecond)
fmt.Print(echo(c, "my last line\n"), " ")
c.CloseWrite()
c.SetReadDeadline(time.Now().Add(2 * time.Second))
n, err := c.Read(make([]byte, 10))
fmt.Print(n, " ", err)
c.Close()`)
	if said != "same 0 EOF" {
		g.Failf("serve is to stop; a client that was there sent its last line 0.3 s later and half-closed, and got: %s (expected its line, and the end)", said)
	}
	g.Eventually(4*time.Second, func() string {
		if said := g.ended(); said == "" {
			return "stop is closed, a silent client is still there, and after 4 s serve has not returned"
		}
		return ""
	})
	if said := g.ended(); said != "serve returned: <nil>" {
		g.Failf("stop was closed, and %s instead of nil", said)
	}
	for _, s := range g.Sockets("server") {
		if s.Holders > 0 && s.Protocol == "tcp" && s.Local.Port() == 7777 {
			g.Failf("serve has returned, and the server still holds a socket in %s", s.State)
		}
	}
}

// servers are those of exercise 2, one fault each.
const servers = `
import ("bufio"; "fmt"; "io"; "log"; "net"; "os"; "strings"; "time")

listen := func(port int) *net.TCPListener {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{Port: port})
	if err != nil {
		log.Fatal(err)
	}
	return l
}
// script serves clients at a port, the i-th one by do, and answers it well if
// do returns true.
script := func(l *net.TCPListener, do func(i int, c *net.TCPConn, line string) bool) {
	for i := 0; ; i++ {
		c, err := l.AcceptTCP()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			in := bufio.NewReader(c)
			line, err := in.ReadString('\n')
			if err != nil || do(i, c, line) {
				io.WriteString(c, line)
				io.Copy(io.Discard, in)
			}
			c.Close()
		}()
	}
}
go script(listen(7771), func(i int, c *net.TCPConn, line string) bool { // in pieces
	for _, b := range []byte(line) {
		c.Write([]byte{b})
		time.Sleep(10 * time.Millisecond)
	}
	return false
})
go script(listen(7773), func(i int, c *net.TCPConn, line string) bool { // killed twice
	if i < 2 {
		c.SetLinger(0)
		return false
	}
	return true
})
go script(listen(7774), func(i int, c *net.TCPConn, line string) bool { // dies in the answer
	if i < 1 {
		io.WriteString(c, line[:len(line)/2])
		time.Sleep(50 * time.Millisecond)
		return false
	}
	return true
})
hangs := listen(7775) // never accepts
`

// ask is func ask(addr, line string, d time.Duration) (string, error).
func ask(t *check.T) {
	t.Define("client")
	t.Run("%%on client\nimport (\"fmt\"; \"errors\"; \"os\"; \"net\"; \"time\")\nvar _ net.Conn\nvar _ = errors.Is\nvar _ = os.Args")
	t.Run("%%on server" + servers)
	run := func(addr, d string) string {
		return t.Run(fmt.Sprintf(`%%%%on client
begin := time.Now()
answer, err := ask(%q, "anyone there?", %s)
took := time.Since(begin)
fmt.Printf("%%q", answer)
if err == nil {
	fmt.Print(" and no error")
} else {
	fmt.Print(" and the error: ", err)
}
if took > %s+time.Second {
	fmt.Printf(", too late: after %%.1f s", took.Seconds())
}`, addr, d, d)).Stdout()
	}
	good := func(said string) bool { return said == `"anyone there?" and no error` }
	gaveUp := func(said string) bool {
		return strings.Contains(said, " and the error: ") && !strings.Contains(said, ", too late: ")
	}

	t.Limit(6*time.Second, "ask never came back: it waits without an end")
	if said := run(t.Addr("server", 7771), "3*time.Second"); !good(said) {
		t.Failf("the answer came byte by byte; ask returned %s", said)
	}
	if said := run(t.Addr("server", 7773), "3*time.Second"); !good(said) {
		t.Failf("the server was killed twice (RST), and served the third connection; ask returned %s", said)
	}
	if said := run(t.Addr("server", 7774), "3*time.Second"); !good(said) {
		t.Failf("the server died in the middle of its answer, and was there again at once; half an answer is none, but ask returned %s", said)
	}

	t.Mark()
	t.Run("%%on server &\ntime.Sleep(time.Second)\ngo script(listen(7772), func(i int, c *net.TCPConn, line string) bool { return true })")
	if said := run(t.Addr("server", 7772), "4*time.Second"); !good(said) {
		t.Failf("the server was started one second later (ECONNREFUSED until then); ask had 4 s and returned %s", said)
	}
	if t.Lab() {
		tries := 0
		for _, p := range t.Packets() {
			if p.SYN && !p.ACK && !p.Retransmission && p.ToPort == 7772 {
				tries++
			}
		}
		if tries > 25 {
			t.Failf("while nobody listened, ask tried %d times in about a second: wait between two tries", tries)
		}
	}

	t.Limit(6*time.Second, "the server's program hangs: it is connected to by its system, and never answers. ask never came back, and d was one second: nothing may wait without a deadline")
	said := run(t.Addr("server", 7775), "time.Second")
	if !gaveUp(said) {
		t.Failf("the server hangs and never answers, d was one second; ask returned %s", said)
	}
	if t.Lab() {
		t.Run("%%on gone\n1")
		t.Run("%crash gone")
		t.Limit(6*time.Second, "the server's host has crashed: nobody answers the SYN. ask never came back, and d was one second")
		said := run(t.Addr("gone", 7777), "time.Second")
		if !gaveUp(said) {
			t.Failf("the server's host has crashed, d was one second; ask returned %s", said)
		}
	}
	for _, s := range t.Sockets("client") {
		if s.Holders > 0 && s.Protocol == "tcp" && s.Remote.Port() > 7770 && s.Remote.Port() < 7780 {
			t.Failf("ask has returned, and the client still holds a connection to port %d (%s): every path must close what it opened", s.Remote.Port(), s.State)
		}
	}
}
