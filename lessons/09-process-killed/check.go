// Package check09 has the hidden checks of lesson 09. Call them through
// [Checks].
package check09

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"9.1": chat}

// server answers each line by the same in capitals, after 100 ms, and closes
// when the client has said that this was all.
const server = `%%on server &
import ("bufio"; "fmt"; "log"; "net"; "strings"; "time")
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
		lines := bufio.NewScanner(c)
		for lines.Scan() {
			time.Sleep(100 * time.Millisecond)
			fmt.Fprintln(c, strings.ToUpper(lines.Text()))
		}
		c.Close()
		fmt.Println("end")
	}()
}`

// client makes a connection and a keyboard.
const client = `%%%%on client
import ("bytes"; "fmt"; "io"; "log"; "net")
server := %q
func dial() *net.TCPConn {
	c, err := net.Dial("tcp4", server)
	if err != nil {
		log.Fatal(err)
	}
	return c.(*net.TCPConn)
}
var screen bytes.Buffer`

// chat is func chat(keyboard io.Reader, server *net.TCPConn, screen io.Writer) error.
func chat(t *check.T) {
	t.Define("client")
	serving := t.Run(server)
	t.Run(fmt.Sprintf(client, t.Addr("server", 7777)))
	t.Run("%%on client\nc := dial()\nkeyboard, fingers := io.Pipe()\ngo func() {\n\tfmt.Fprint(fingers, \"one\\ntwo\\n\")\n\tfingers.Close()\n}()")
	t.Limit(3*time.Second, "the keyboard has ended, and the server waits for more: nobody told it that this was all (CloseWrite), so neither side ends")
	got := t.Run("%%on client\nerr := chat(keyboard, c, &screen)\nfmt.Printf(\"%q %v\", screen.String(), err)").Stdout()
	shown, err, _ := strings.Cut(got, `" `)
	switch {
	case err != "<nil>" && shown == `"`:
		t.Failf("two lines were typed, the server answered both, and nothing was shown; chat returned the error: %s", err)
	case shown != `"ONE\nTWO\n`:
		t.Failf("the keyboard ended while answers were still to come: the server said \"ONE\" and \"TWO\", the screen shows %s\"", shown)
	case err != "<nil>":
		t.Failf("the keyboard ended, all answers were shown, and chat returned an error: %s", err)
	}
	t.Eventually(time.Second, func() string {
		if strings.Contains(serving.Stdout(), "end") {
			return ""
		}
		return "the server never saw the end of what was typed"
	})

	t.Run("%%on client\nc.Close()\nc = dial()\nkeyboard, fingers = io.Pipe()\nscreen.Reset()")
	waiting := t.Run("%%on client &\nerr = chat(keyboard, c, &screen)\nfmt.Print(err)")
	t.Sleep(100 * time.Millisecond)
	if f := waiting.Failure(); f != nil {
		t.Failf("nobody types, nobody answers, and chat ended: %s", f.Message)
	}
	t.Run("%kill server SIGKILL")
	for end := time.Now().Add(time.Second); time.Now().Before(end) && waiting.Stdout() == ""; {
		t.Sleep(20 * time.Millisecond)
	}
	switch waiting.Stdout() {
	case "":
		state := "CLOSE_WAIT"
		for _, s := range t.Connections("client", 7777) {
			if s.State != "TIME_WAIT" { // that is the first one's
				state = s.State
			}
		}
		t.Failf("the server was killed a second ago, its FIN has arrived (the client is in %s), and chat waits for the keyboard: nobody looks at the socket, or nobody draws the conclusion", state)
	case "<nil>":
		t.Failf("the server was killed in the middle of the chat, and chat returned no error")
	}
}
