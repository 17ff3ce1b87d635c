// Package check12 has the hidden checks of lesson 12. Call them through
// [Checks].
package check12

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"12.1": serve}

// server runs serve until SIGTERM, and ends when it returns, as a program
// would. An answer to "slow" takes a second and a half, and
// says that it is being worked on.
const server = `%%on server &
import ("context"; "fmt"; "log"; "net"; "os"; "os/signal"; "strings"; "syscall"; "time")
l, err := net.Listen("tcp4", ":7777")
if err != nil {
	log.Fatal(err)
}
ctx, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
err = serve(ctx, l, func(line string) string {
	if line == "slow" {
		fmt.Println("working")
		time.Sleep(1500 * time.Millisecond)
	}
	return strings.ToUpper(line)
})
fmt.Println("serve returned:", err)
os.Exit(0)`

const client = `%%%%on %s
import ("bufio"; "fmt"; "log"; "net"; "time")
server := %q
func dial() net.Conn {
	c, err := net.Dial("tcp4", server)
	if err != nil {
		log.Fatal(err)
	}
	return c
}
func read(c net.Conn, d time.Duration) {
	c.SetReadDeadline(time.Now().Add(d))
	line, err := bufio.NewReader(c).ReadString('\n')
	fmt.Printf("%%q %%v\n", line, err)
}`

// serve is func serve(ctx context.Context, l net.Listener, answer func(line string) string) error.
func serve(t *check.T) {
	addr := t.Addr("server", 7777)
	t.Define("server")
	serving := t.Try(server)
	returned := func() string {
		_, words, _ := strings.Cut(serving.Stdout(), "serve returned: ")
		return strings.TrimSpace(words)
	}
	if words := returned(); words != "" {
		t.Failf("nobody has asked serve to end, and it returned: %s", words)
	}
	if f := serving.Failure(); f != nil {
		t.Failf("your answer ended before anybody asked: %s", f.Message)
	}
	t.Run(fmt.Sprintf(client, "client", addr))
	t.Run(fmt.Sprintf(client, "asker@client", addr))

	got := t.Run("%%on client\nidle := dial()\ntime.Sleep(50 * time.Millisecond)\nc := dial()\nfmt.Fprintln(c, \"one\")\nread(c, time.Second)").Stdout()
	if got != "\"ONE\\n\" <nil>\n" {
		t.Failf("a client is connected and silent, another one asks \"one\"; it got %s: serve looks after one client at a time", strings.TrimSpace(got))
	}
	got = t.Run("%%on client\nfmt.Fprintln(c, \"two\")\nread(c, time.Second)").Stdout()
	if got != "\"TWO\\n\" <nil>\n" {
		t.Failf("a client asked twice on one connection; the second time it got %s", strings.TrimSpace(got))
	}

	asking := t.Run("%%on asker &\nc := dial()\nfmt.Fprintln(c, \"slow\")\nread(c, 4*time.Second)\nread(c, 2*time.Second)")
	t.Eventually(3*time.Second, func() string {
		if !strings.Contains(serving.Stdout(), "working") {
			return "a client asked on a new connection, and within three seconds nobody began to work on the answer"
		}
		return ""
	})
	t.Run("%kill server SIGTERM")
	t.Sleep(100 * time.Millisecond)
	if words := returned(); words != "" && words != "<nil>" && !strings.Contains(words, "closed") {
		t.Failf("ctx ended, and serve returned: %s", words)
	} else if words != "" || serving.Failure() != nil {
		t.Failf("serve returned while it was working on an answer: whoever waits for it never gets it")
	}
	t.Eventually(700*time.Millisecond, func() string {
		if len(t.Listeners("server", 7777)) > 0 {
			return "SIGTERM came a while ago, and the server still listens: new clients come, and are lost when it ends"
		}
		return ""
	})
	t.Wait(asking, 8*time.Second, "the client that had asked something waits for the answer, or for the end of the connection, and neither comes")
	answer, rest, _ := strings.Cut(asking.Stdout(), "\n")
	switch {
	case answer != `"SLOW\n" <nil>`:
		t.Failf("a client asked before SIGTERM came, and never got the answer that the server was working on: it got %s", answer)
	case !strings.Contains(rest, "EOF"):
		t.Failf("a client got its answer, and then not the end of the stream: %s", strings.TrimSpace(rest))
	}
	got = t.Run("%%on client\nread(idle, time.Second)").Stdout()
	if !strings.Contains(got, "EOF") {
		t.Failf("a connection on which nobody asks anything keeps the server from ending: serve waits for its next line until SIGKILL comes")
	}
	t.Eventually(time.Second, func() string {
		if returned() == "" {
			return "all is answered and closed, and serve does not return"
		}
		return ""
	})
	if words := returned(); words != "<nil>" {
		t.Failf("all went in good order, and serve returned an error: %s", words)
	}
}
