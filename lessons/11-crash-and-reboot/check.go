// Package check11 has the hidden checks of lesson 11. Call them through
// [Checks].
package check11

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"11.1": askAgain}

// server answers each line by the same in capitals. After "half" it says half
// a word and closes.
const server = `%%on server &
import ("bufio"; "fmt"; "log"; "net"; "strings")
l, err := net.Listen("tcp4", ":7777")
if err != nil {
	log.Fatal(err)
}
for {
	c, err := l.Accept()
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		defer c.Close()
		lines := bufio.NewScanner(c)
		for lines.Scan() {
			if lines.Text() == "half" {
				fmt.Fprint(c, "HA")
				return
			}
			fmt.Fprintln(c, strings.ToUpper(lines.Text()))
		}
	}()
}`

const client = `%%on client
import ("errors"; "fmt"; "log"; "net"; "time")

var dials int

func dial() (net.Conn, error) {
	dials++
	if dials > 20 {
		panic("dial was called more than 20 times")
	}
	return net.Dial("tcp4", "server:7777")
}

var conn net.Conn

// try asks, and says what came of it.
func try(question string) {
	before := conn
	dials = 0
	now, answer, err := askAgain(conn, dial, question)
	fmt.Printf("%q dials %d same %t closed %t failed %t\n", answer, dials, now == before,
		errors.Is(before.SetDeadline(time.Time{}), net.ErrClosed), err != nil)
	fmt.Print(err)
	conn = now
}

func open() {
	var err error
	if conn, err = net.Dial("tcp4", "server:7777"); err != nil {
		log.Fatal(err)
	}
}
open()`

// askAgain is func askAgain(conn net.Conn, dial func() (net.Conn, error), question string) (net.Conn, string, error).
func askAgain(t *check.T) {
	t.NeedLab()
	t.Limit(4*time.Second, "askAgain did not come back")
	t.Define("client")
	t.Run(server)
	t.Run(client)
	try := func(question string) (line, err string) {
		got := t.Try("%%on client\ntry(\"" + question + "\")")
		if f := got.Failure(); f != nil {
			if strings.Contains(f.Message, "more than 20 times") {
				t.Failf("nobody listens at the server any more, and askAgain dialled more than 20 times; it should give up after one")
			}
			t.Failf("askAgain panicked: %s", f.Message)
		}
		line, err, _ = strings.Cut(got.Stdout(), "\n")
		return line, err
	}

	line, err := try("one")
	if line != `"ONE" dials 0 same true closed false failed false` {
		const fine = "the connection was fine and the server answered \"ONE\\n\","
		o := outcomeOf(line)
		switch {
		case o.failed:
			t.Failf("%s and askAgain returned the error: %s", fine, err)
		case o.dials > 0:
			t.Failf("%s and askAgain dialled", fine)
		case o.answer != "ONE":
			t.Failf("%s and askAgain returned %q", fine, o.answer)
		case o.closed:
			t.Failf("%s and askAgain closed it", fine)
		}
		t.Failf("%s and askAgain returned another one", fine)
	}

	t.Run("%crash server\n%reboot server")
	t.Run(server)
	line, err = try("two")
	check := func(accident string) {
		o := outcomeOf(line)
		switch {
		case o.failed && o.dials == 0:
			t.Failf("%s and askAgain returned %s without a dial: the write succeeds, it is the read that fails", accident, err)
		case o.failed:
			t.Failf("%s askAgain dialled %d times and returned %s", accident, o.dials, err)
		case o.dials > 1:
			t.Failf("%s askAgain dialled %d times, once was enough", accident, o.dials)
		case o.answer != "TWO":
			t.Failf("%s the answer to the second try was \"TWO\\n\", and askAgain returned %q", accident, o.answer)
		case o.same:
			t.Failf("%s askAgain returned the dead connection, not the new one", accident)
		case !o.closed:
			t.Failf("%s askAgain never closed the dead connection: its descriptor is lost", accident)
		}
	}
	check("The server's host was restarted (ECONNRESET),")

	t.Run("%kill server SIGKILL")
	t.Run(server)
	line, err = try("two")
	check("The server's process was killed and started again (the end of the stream),")

	t.Run("%kill server SIGKILL")
	line, err = try("three")
	switch o := outcomeOf(line); {
	case !o.failed:
		t.Failf("the server is gone for good, and askAgain returned no error")
	case o.dials != 1:
		t.Failf("the server is gone for good, and askAgain dialled %d times, not once; it returned the error: %s", o.dials, err)
	case !strings.Contains(err, "refused"):
		t.Failf("the server is gone for good: the second dial was refused, and askAgain returned %s", err)
	}

	t.Run(server)
	t.Run("%%on client\nopen()")
	line, err = try("half")
	if o := outcomeOf(line); !o.failed {
		t.Failf("twice the connection ended after half an answer, and askAgain returned %q and no error", o.answer)
	}
}

// outcome is what came of a try.
type outcome struct {
	answer               string
	dials                int
	same, closed, failed bool // of the connection before: returned again, closed; an error came back
}

func outcomeOf(line string) (o outcome) {
	fmt.Sscanf(line, "%q dials %d same %t closed %t failed %t", &o.answer, &o.dials, &o.same, &o.closed, &o.failed)
	return o
}
