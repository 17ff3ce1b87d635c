// Package check02 has the hidden checks of lesson 02. Call them through
// [Checks].
package check02

import (
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"2.1": messages}

const setup = `
import (
	"bytes"
	"fmt"
	"io"
)

// pieces is a stream on which its strings arrive one by one, and then the end.
type pieces []string

func (p *pieces) Read(b []byte) (int, error) {
	if len(*p) == 0 {
		return 0, io.EOF
	}
	n := copy(b, (*p)[0])
	if (*p)[0] = (*p)[0][n:]; (*p)[0] == "" {
		*p = (*p)[1:]
	}
	return n, nil
}

written := func(messages ...string) string {
	var wire bytes.Buffer
	for _, m := range messages {
		if err := writeMessage(&wire, []byte(m)); err != nil {
			return err.Error()
		}
	}
	return fmt.Sprintf("% x", wire.Bytes())
}

read := func(count, limit int, arriving ...string) {
	stream := pieces(arriving)
	for range count {
		m, err := readMessage(&stream, limit)
		fmt.Printf("%q %t\n", m, err == nil)
	}
}
`

// messages is func writeMessage(w io.Writer, message []byte) error and
// func readMessage(r io.Reader, limit int) ([]byte, error).
func messages(t *check.T) {
	t.Define("main")
	t.Run(setup)
	t.Limit(4*time.Second, "readMessage never came back")

	switch got := t.Run(`fmt.Print(written("hello"))`).Stdout(); got {
	case "00 00 00 05 68 65 6c 6c 6f":
	case "68 65 6c 6c 6f":
		t.Failf("on the wire there is only the message: its length must go before it, in four bytes")
	case "05 00 00 00 68 65 6c 6c 6f":
		t.Failf("the length goes out as 05 00 00 00: that is little-endian; network order is 00 00 00 05")
	case "00 00 00 09 68 65 6c 6c 6f":
		t.Failf("the length goes out as 9 for 5 bytes: it counts its own four bytes, and the other side waits for 4 more")
	default:
		t.Failf("for hello the wire must carry 00 00 00 05 68 65 6c 6c 6f, and writeMessage wrote %s", got)
	}

	read := func(call string) string { return strings.TrimSuffix(t.Run("read("+call+")").Stdout(), "\n") }
	if got := read(`1, 100, "\x00\x00\x00\x05hello"`); got != `"hello" true` {
		t.Failf("00 00 00 05 and hello arrived; readMessage returned message, no error = %s", got)
	}
	if got := read(`1, 100, "\x00\x00", "\x00\x05he", "llo"`); got != `"hello" true` {
		t.Failf("the same message arrived cut in two pieces and more; a read returns what is there, and io.ReadFull goes on; readMessage returned message, no error = %s", got)
	}
	if got := read(`2, 100, "\x00\x00\x00\x05hello\x00\x00\x00\x02yo"`); got != "\"hello\" true\n\"yo\" true" {
		t.Failf("two messages arrived at once, and the second message must be there for the next readMessage; two calls returned %s", strings.ReplaceAll(got, "\n", " and "))
	}
	if got := read(`1, 10, "\x00\x00\x00\x14twenty bytes, I said"`); strings.HasSuffix(got, "true") {
		t.Failf("the limit was 10, the announced length 20, and readMessage took the message: a length above the limit must be an error")
	}
	if got := read(`1, 5, "\x00\x00\x00\x05hello"`); got != `"hello" true` {
		t.Failf("a message of exactly the limit, 5 bytes, is allowed; readMessage returned message, no error = %s", got)
	}
	if got := read(`1, 1000, "\xff\xff\xff\xffx"`); strings.HasSuffix(got, "true") {
		t.Failf("the announced length was 4,294,967,295, the limit 1,000, and readMessage returned no error")
	}
	if got := read(`1, 100, "\x00\x00\x00\x05hel"`); strings.HasSuffix(got, "true") {
		t.Failf("the stream ended after 3 of 5 bytes: that is an error, and readMessage returned message, no error = %s", got)
	}
	if got := read(`1, 100, "\x00\x00\x00\x00"`); got != `"" true` {
		t.Failf("a message may be empty; readMessage returned message, no error = %s", got)
	}
}
