// Package check18 has the hidden checks of lesson 18. Call them through
// [Checks].
package check18

import (
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"18.1": exchange}

// server listens at a port for each kind of server.
const server = `
import ("fmt"; "io"; "log"; "net"; "time")

listen := func(port int) *net.TCPListener {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{Port: port})
	if err != nil {
		log.Fatal(err)
	}
	return l
}
serve := func(l *net.TCPListener, do func(c *net.TCPConn)) {
	for {
		c, err := l.AcceptTCP()
		if err != nil {
			log.Fatal(err)
		}
		go do(c)
	}
}
// 7771 answers when it has read everything.
go serve(listen(7771), func(c *net.TCPConn) {
	data, err := io.ReadAll(c)
	if err != nil {
		return
	}
	time.Sleep(200 * time.Millisecond)
	fmt.Fprintln(c, len(data), "bytes")
	c.Close()
})
// 7772 answers while it reads, and has little room.
go serve(listen(7772), func(c *net.TCPConn) {
	c.SetReadBuffer(16384)
	c.SetWriteBuffer(16384)
	io.Copy(struct{ io.Writer }{c}, struct{ io.Reader }{c})
	c.Close()
})
// 7773 goes away in the middle.
go serve(listen(7773), func(c *net.TCPConn) {
	io.ReadFull(c, make([]byte, 1000))
	c.SetLinger(0)
	c.Close()
})
`

const client = `
import ("bytes"; "fmt"; "log"; "net"; "strings")

// run gives n bytes to exchange and says what it did.
func run(addr string, n int) {
	c, err := net.Dial("tcp4", addr)
	if err != nil {
		log.Fatal(err)
	}
	t := c.(*net.TCPConn)
	t.SetReadBuffer(16384)
	t.SetWriteBuffer(16384)
	var out bytes.Buffer
	in := bytes.Repeat([]byte("0123456789"), n/10)
	err = exchange(t, bytes.NewReader(in), &out)
	_, after := c.Write([]byte("x"))
	closed := after != nil && strings.Contains(after.Error(), "closed network connection")
	fmt.Printf("closed=%t nil=%t same=%t\n", closed, err == nil, bytes.Equal(in, out.Bytes()))
	if out.Len() < 100 {
		fmt.Printf("it wrote %q to out and returned ", out.String())
	} else {
		fmt.Printf("it wrote %d bytes to out and returned ", out.Len())
	}
	if err == nil {
		fmt.Print("nil")
	} else {
		fmt.Print("the error: ", err)
	}
}
`

// exchange is func exchange(c *net.TCPConn, in io.Reader, out io.Writer) error.
func exchange(t *check.T) {
	t.Define("client")
	t.Run("%%on server" + server)
	t.Run("%%on client" + client)
	run := func(port int, n string) (facts, words string) {
		facts, words, _ = strings.Cut(t.Run("%%on client\nrun(\""+t.Addr("server", port)+"\", "+n+")").Stdout(), "\n")
		return facts, words
	}

	t.Limit(5*time.Second, "a server that answers when it has read everything never learned that this was all: nobody sent a FIN, both sides wait for each other")
	facts, words := run(7771, "1000")
	if !strings.Contains(words, `it wrote "1000 bytes\n"`) {
		t.Failf("a server that answers when it has read everything: exchange lost the answer; %s", words)
	}
	if !strings.Contains(facts, "closed=true") {
		t.Failf("exchange returned and still holds the connection: after a half-close, close is still due")
	}
	if !strings.Contains(facts, "nil=true") {
		t.Failf("all went well, and exchange returned an error: %s", words)
	}

	t.Limit(6*time.Second, "a server that answers while it reads: both buffers are full, it cannot write before exchange reads, and exchange does not read before all is written")
	facts, words = run(7772, "1000000")
	if !strings.Contains(facts, "same=true") || !strings.Contains(facts, "nil=true") {
		t.Failf("1,000,000 bytes to a server that sends back what it gets; not all came back: %s", words)
	}

	t.Limit(5*time.Second, "the server reset the connection in the middle, and exchange did not come back")
	facts, _ = run(7773, "1000000")
	switch {
	case strings.Contains(facts, "nil=true"):
		t.Failf("the server reset the connection in the middle, and exchange returned no error")
	case !strings.Contains(facts, "closed=true"):
		t.Failf("the server reset the connection, and exchange returned and still holds it: close it on the way out of an error, too")
	}
}
