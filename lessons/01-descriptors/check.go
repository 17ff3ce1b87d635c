// Package check01 has the hidden checks of lesson 01. Call them through
// [Checks].
package check01

import (
	"fmt"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"1.1": readFull}

const setup = `
import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// given calls readFull for size bytes on a stream on which each piece comes when
// the one before has been read, and which then ends if it is to.
given := func(size int, end bool, pieces ...string) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	defer unix.Close(pair[0])
	written := make(chan bool)
	go func() {
		for i, p := range pieces {
			for waits := 0; i > 0 && waits < 2000; waits++ {
				if unread, err := unix.IoctlGetInt(pair[0], unix.TIOCINQ); err != nil || unread == 0 {
					break
				}
				time.Sleep(time.Millisecond)
			}
			unix.Write(pair[1], []byte(p))
		}
		if end {
			unix.Close(pair[1])
		}
		close(written)
	}()
	b := make([]byte, size)
	n, err := readFull(pair[0], b)
	<-written
	rest := make([]byte, 10)
	m, _, _ := unix.Recvfrom(pair[0], rest, unix.MSG_DONTWAIT)
	fmt.Printf("%d %v %q %q", n, err, b[:max(0, min(n, len(b)))], rest[:max(0, m)])
	if !end {
		unix.Close(pair[1])
	}
}
`

// readFull is func readFull(fd int, b []byte) (int, error).
func readFull(t *check.T) {
	t.Define("main")
	t.Run(setup)
	given := func(call string) string { return t.Run("given(" + call + ")").Stdout() }

	t.Limit(4*time.Second, "all 10 bytes were sent, in pieces of 4 and 6, and readFull still waits: it asks for more than is missing")
	switch got := given(`10, false, "hell", "o worl"`); got {
	case `10 <nil> "hello worl" ""`:
	case `4 <nil> "hell" "o worl"`:
		t.Failf("10 bytes were sent in pieces of 4 and 6; readFull came back with the first 4: one read is not the whole message")
	case `10 <nil> "hell\x00\x00\x00\x00\x00\x00" "o worl"`:
		t.Failf("4 bytes came, and readFull says that it has 10: the n that read returns says how many bytes of the buffer are new")
	default:
		if got == `10 <nil> "o worl\x00\x00\x00\x00" ""` {
			t.Failf("the second piece was written over the first: after 4 bytes, read goes on at b[4:]")
		}
		t.Failf("10 bytes were sent, \"hell\" and \"o worl\"; readFull returned n, err, bytes = %s", got)
	}
	if got := given(`5, false, "hello world"`); got != `5 <nil> "hello" " world"` {
		t.Failf("11 bytes came at once and 5 were asked for: the 6 others must stay in the queue for the next read; n, err, bytes, queue = %s", got)
	}

	t.Limit(4*time.Second, "the peer closed after 4 of 10 bytes, and readFull never came back: at the end of a stream read returns 0 at once, again and again")
	switch got := given(`10, true, "hell"`); got {
	case `4 unexpected EOF "hell" ""`:
	case `4 EOF "hell" ""`:
		t.Failf("the peer closed after 4 of 10 bytes: a message that was cut must be told from the clean end of the stream by io.ErrUnexpectedEOF, and readFull returned io.EOF")
	default:
		t.Failf("the peer closed after 4 of 10 bytes; want 4 and io.ErrUnexpectedEOF, and readFull returned n, err, bytes = %s", got)
	}
	if got := given(`10, true`); got != `0 EOF "" ""` {
		t.Failf("the peer closed and sent nothing: want 0 and io.EOF, and readFull returned n, err, bytes = %s", got)
	}

	t.Limit(4*time.Second, "readFull never came back from a descriptor that is closed")
	if got := t.Run(fmt.Sprintf("n, err := readFull(%d, make([]byte, 1))\nfmt.Print(n, err == unix.EBADF, err)", 1000)).Stdout(); got != "0 true bad file descriptor" {
		t.Failf("read fails with EBADF on a closed descriptor; readFull must return that error, and returned n, is EBADF, err = %s", got)
	}
}
