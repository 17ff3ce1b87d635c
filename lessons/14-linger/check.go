// Package check14 has the hidden checks of lesson 14. Call them through
// [Checks].
package check14

import (
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"14.1": closeDelivered}

// server serves each client as the client's line says.
const server = `
import ("bufio"; "fmt"; "io"; "log"; "net"; "strings"; "time")

l, err := net.Listen("tcp4", ":7777")
if err != nil {
	log.Fatal(err)
}
hung := []net.Conn{}
got := make(chan string, 10)
serve := func(c net.Conn) {
	in := bufio.NewReader(c)
	kind, err := in.ReadString('\n')
	if err != nil {
		log.Fatal(err)
	}
	switch strings.TrimSpace(kind) {
	case "good": // reads slowly to the end, then closes
		time.Sleep(300 * time.Millisecond)
		data, err := io.ReadAll(in)
		got <- fmt.Sprint("good ", len(data), " ", err)
		c.Close()
	case "answer": // has much to say at the end
		data, err := io.ReadAll(in)
		for range 20 {
			if _, err = c.Write(make([]byte, 10000)); err != nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		got <- fmt.Sprint("answer ", len(data), " ", err)
		c.Close()
	case "hang": // never reads, never closes
		hung = append(hung, c)
	case "reset": // closes without reading what has come
		time.Sleep(300 * time.Millisecond)
		c.Close()
	}
}
go func() {
	for {
		c, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(c)
	}
}()
`

// client sends a line that says what is wanted, 50,000 bytes, and closes.
const client = `
import ("fmt"; "log"; "net"; "time")

// try returns what closeDelivered did, in a few words.
func try(addr, kind string) {
	c, err := net.Dial("tcp4", addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintln(c, kind)
	if _, err := c.Write(make([]byte, 50000)); err != nil {
		log.Fatal(err)
	}
	begin := time.Now()
	err = closeDelivered(c.(*net.TCPConn), time.Second)
	_, after := c.Write([]byte("x"))
	closed := after != nil && strings.Contains(after.Error(), "closed network connection")
	fmt.Printf("nil=%t early=%t closed=%t %v", err == nil, time.Since(begin) < 900*time.Millisecond, closed, err)
}
`

// closeDelivered is func closeDelivered(c *net.TCPConn, d time.Duration) error.
func closeDelivered(t *check.T) {
	t.Define("client")
	t.Run("%%on server" + server)
	t.Run("%%on client\nimport \"strings\"" + client)
	try := func(kind string) string {
		return t.Run("%%on client\ntry(\"" + t.Addr("server", 7777) + "\", \"" + kind + "\")").Stdout()
	}
	saw := func() string {
		return t.Run("%%on server\nselect {\ncase s := <-got:\n\tfmt.Print(s)\ncase <-time.After(2 * time.Second):\n}").Stdout()
	}
	holds := func(said, when string) {
		if !strings.Contains(said, "closed=true") {
			t.Failf("%s, and the client still holds the connection: it must be closed in every case", when)
		}
	}

	t.Limit(6*time.Second, "a server that neither reads nor closes: closeDelivered waited for ever, and d was one second")
	said := try("hang")
	switch {
	case strings.Contains(said, "nil=true"):
		t.Failf("closeDelivered returned nil, and the server had read nothing of 50,000 bytes: an ACK comes from the server's kernel, not from its program")
	case strings.Contains(said, "early=true"):
		t.Failf("a server that is slow was given up before d was over: %s", said)
	}
	holds(said, "the server hung, closeDelivered returned an error")

	t.Limit(6*time.Second, "")
	said = try("reset")
	if strings.Contains(said, "nil=true") {
		t.Failf("the server closed without reading what was sent, the connection was reset, and closeDelivered returned nil")
	}
	holds(said, "the connection was reset")

	said = try("good")
	switch {
	case strings.Contains(said, "i/o timeout"):
		t.Failf("the server reads to the end and waits for the client to say that it was all: no FIN came from the client, and closeDelivered timed out")
	case !strings.Contains(said, "nil=true"):
		t.Failf("the server read everything and closed, and closeDelivered returned an error: %s", said)
	}
	holds(said, "all went well")
	if end := saw(); end != "good 50000 <nil>" {
		t.Failf("of 50,000 bytes and a FIN the server got: %s", strings.TrimPrefix(end, "good "))
	}

	said = try("answer")
	if end := saw(); end != "answer 50000 <nil>" {
		t.Failf("the server sent an answer before it closed, and the client did not read it to its end: its connection was reset (%s)", strings.TrimPrefix(end, "answer "))
	}
	if !strings.Contains(said, "nil=true") {
		t.Failf("the server sent an answer before it closed; all of it is to be read and thrown away, but closeDelivered returned: %s", said)
	}
	holds(said, "the server sent an answer and closed")
}
