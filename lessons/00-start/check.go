// Package check00 has the hidden checks of lesson 00. Call them through
// [Checks].
package check00

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"0.1": ask}

// server answers one line by the same in capitals, and says what it saw.
const server = `
l, err := net.Listen("tcp", ":7777")
if err != nil {
	log.Fatal(err)
}
c, err := l.Accept()
if err != nil {
	log.Fatal(err)
}
fmt.Println("connected")
c.SetDeadline(time.Now().Add(3 * time.Second))
in := bufio.NewReader(c)
line, err := in.ReadString('\n')
fmt.Printf("line %q %v\n", line, err)
fmt.Fprint(c, strings.ToUpper(line))
rest, err := io.ReadAll(in)
fmt.Printf("then %q %v\n", rest, err)
`

const imports = "import (\"bufio\"; \"fmt\"; \"io\"; \"log\"; \"net\"; \"strings\"; \"time\")\n"

// ask is func ask(addr, question string) (string, error).
func ask(t *check.T) {
	t.Define("client")
	t.Run("%%on client\nimport \"fmt\"")
	t.Limit(5*time.Second, "ask did not come back: the server waits for a line that ends by a newline, and so does whoever reads its answer")

	running := t.Run("%%on server &\n" + imports + server)
	got := t.Run(fmt.Sprintf("%%%%on client\nanswer, err := ask(%q, \"anyone there?\")\nfmt.Printf(\"%%q %%v\", answer, err)", t.Addr("server", 7777)))
	saw := func(text string) bool { return strings.Contains(running.Stdout(), text) }
	t.Eventually(time.Second, func() string {
		if saw("connected") {
			return ""
		}
		return fmt.Sprintf("ask returned %s without connecting to %s", got.Stdout(), t.Addr("server", 7777))
	})
	t.Wait(running, 5*time.Second, "the server still waits: for the line that asks, or for the end of the connection")
	switch {
	case !saw("line \"anyone there?\\n\""):
		t.Failf("the server did not get the question as one line: it saw %s", strings.TrimSpace(running.Stdout()))
	case got.Stdout() == `"ANYONE THERE?\n" <nil>`:
		t.Failf("the answer still has its newline: ask returned %s", got.Stdout())
	case got.Stdout() != `"ANYONE THERE?" <nil>`:
		t.Failf("the server answered \"ANYONE THERE?\", and ask returned %s", got.Stdout())
	case saw("timeout"):
		t.Failf("ask never closed its connection: the server waited for the end of what the client says, and it did not come")
	}

	refused := t.Run(fmt.Sprintf("%%%%on client\n_, err = ask(%q, \"hello?\")\nfmt.Print(err)", t.Addr("server", 7778)))
	if !strings.Contains(refused.Stdout(), "connection refused") {
		t.Failf("nobody listens at port 7778: net.Dial says \"connection refused\", and ask says %s", refused.Stdout())
	}
}
